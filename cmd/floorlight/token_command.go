package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/live"
)

// tokenCommand is token, token list and token revoke.
type tokenCommand struct {
	Issue  tokenIssueCommand  `cmd:"" default:"withargs" help:"Print a bearer token."`
	List   tokenListCommand   `cmd:"" help:"List the tokens that were made on this data directory."`
	Revoke tokenRevokeCommand `cmd:"" help:"End a token; its sockets close within seconds."`
}

type tokenIssueCommand struct {
	Tenant  string         `placeholder:"TENANT" help:"The desk that the token is for."`
	Role    string         `placeholder:"ROLE" help:"owner, admin, supervisor, agent, wallboard, service or operator."`
	User    string         `placeholder:"NAME" help:"Who bears it."`
	Agent   string         `placeholder:"AGENT" help:"Which agent that is; required for the role agent."`
	Team    []string       `placeholder:"TEAM" help:"Only these teams."`
	Channel []string       `placeholder:"CHANNEL" help:"Only these channels."`
	TTL     *time.Duration `name:"ttl" placeholder:"12h" help:"How long it is good for; 12h by default, for the role wallboard until it is revoked."`
}

const tokenTTL = 12 * time.Hour

// Run prints the token and nothing else, so that it can stand in $(…). It asks
// no server: the secret is enough.
func (c *tokenIssueCommand) Run(env *environment) error {
	now := time.Now()
	claims := live.Claims{
		ID: live.NewTokenID(event.TenantID(c.Tenant)), Tenant: event.TenantID(c.Tenant), User: c.User,
		Role: live.Role(c.Role), Agent: event.AgentID(c.Agent), Teams: ids[event.TeamID](c.Team), Channels: ids[event.ChannelID](c.Channel),
	}
	if err := c.check(); err != nil {
		return err
	}
	switch {
	case c.TTL != nil:
		claims.Expires = now.Add(*c.TTL)
	case claims.Role != live.RoleWallboard:
		claims.Expires = now.Add(tokenTTL)
	}
	key, err := secret(env.settings)
	if err != nil {
		return err
	}
	token, err := live.Issue(key, claims)
	if err != nil {
		return wrongUsage("%w", err)
	}
	if err := issuedTokens(env.settings).add(issuedToken{
		ID: claims.ID, Tenant: claims.Tenant, Role: claims.Role, User: c.User, Agent: claims.Agent, Made: now.UTC(), Expires: claims.Expires.UTC(),
	}); err != nil {
		return fmt.Errorf("the token is not kept in the list, and was not made: %w", err)
	}
	_, err = fmt.Fprintln(env.stdout, token)
	return err
}

func (c *tokenIssueCommand) check() error {
	switch {
	case c.Role == "":
		return wrongUsage("--role is missing: %s", roleNames())
	case !knownRole(c.Role):
		return wrongUsage("--role %q: there are %s", c.Role, roleNames())
	case c.Tenant == "" && c.Role != string(live.RoleOperator):
		return wrongUsage("--tenant is missing: a token is for one desk")
	case c.Tenant != "" && !event.ValidTenant(c.Tenant):
		return wrongUsage("--tenant %q: a tenant is 1 to 64 of a-z 0-9 - _", c.Tenant)
	case c.Role == string(live.RoleAgent) && c.Agent == "":
		return wrongUsage("--agent is missing: the role agent is one agent's")
	case c.TTL != nil && *c.TTL < time.Second:
		return wrongUsage("--ttl %s: it is a second or more", *c.TTL)
	}
	return nil
}

func knownRole(name string) bool {
	for _, r := range live.Roles {
		if string(r) == name {
			return true
		}
	}
	return false
}

func roleNames() string {
	var names []string
	for _, r := range live.Roles {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}

func ids[S ~string](names []string) []S {
	var list []S
	for _, n := range names {
		list = append(list, S(n))
	}
	return list
}

type tokenListCommand struct {
	Tenant string `placeholder:"TENANT" help:"Only this desk's."`
}

// Run prints the tokens, the oldest first; never the tokens themselves, which
// are not kept.
func (c *tokenListCommand) Run(env *environment) error {
	all, err := issuedTokens(env.settings).read()
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(env.stdout, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "ID\tTENANT\tROLE\tUSER\tAGENT\tMADE\tENDS") // its error comes with Flush
	now := time.Now()
	for i := range all {
		t := &all[i]
		if c.Tenant != "" && string(t.Tenant) != c.Tenant {
			continue
		}
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", t.ID, orDash(string(t.Tenant)), t.Role, orDash(t.User), orDash(string(t.Agent)), minute(t.Made), t.ends(now))
	}
	return w.Flush()
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// minute is a time for people.
func minute(t time.Time) string { return t.UTC().Format("2006-01-02 15:04Z") }

type tokenRevokeCommand struct {
	serverFlag `embed:""`

	ID string `arg:"" placeholder:"ID" help:"As token list shows it."`
}

// Run ends the token on the server, and says so in the list.
func (c *tokenRevokeCommand) Run(ctx context.Context, env *environment) error {
	tenant, _, named := strings.Cut(c.ID, ".")
	if !named || !event.ValidTenant(tenant) {
		return wrongUsage("%q is no token's id; `floorlight token list` shows them", c.ID)
	}
	server, err := c.client(env)
	if err != nil {
		return err
	}
	err = server.call(ctx, request{
		method: http.MethodDelete, path: "/v1/tokens/" + url.PathEscape(c.ID), tenant: event.TenantID(tenant), role: live.RoleAdmin,
	}, nil)
	if err != nil {
		return err
	}
	err = issuedTokens(env.settings).revoke(live.TokenID(c.ID), time.Now())
	_, printErr := fmt.Fprintln(env.stdout, "revoked", c.ID)
	return errors.Join(err, printErr)
}
