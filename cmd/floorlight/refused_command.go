package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/alecthomas/kong"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
	"github.com/floorlight/floorlight/live"
)

type refusedCommand struct {
	serverFlag `embed:""`

	Tenant string `placeholder:"TENANT" help:"The desk; all of them by default, or the one that FLOORLIGHT_TOKEN names. unknown: events that name no desk."`
	Again  again  `placeholder:"SEQ|all" help:"Publish this one, or all that are listed, anew; all if it says none."`
	JSON   bool   `name:"json" help:"As JSON, with the events as they came."`
}

// again says which refused events are to be published anew: one by its seq, or all.
type again string

const againAll again = "all"

// Decode reads the flag's value, which may be left out.
func (a *again) Decode(ctx *kong.DecodeContext) error {
	*a = againAll
	if !ctx.Scan.Peek().IsValue() {
		return nil
	}
	return ctx.Scan.PopValueInto("seq", (*string)(a))
}

// refusedEvent is one as the server lists it.
type refusedEvent struct {
	Seq     uint64    `json:"seq"`
	At      time.Time `json:"at"`
	Reason  string    `json:"reason"`
	Field   string    `json:"field,omitzero"`
	Detail  string    `json:"detail,omitzero"`
	Subject string    `json:"subject"`
	Event   string    `json:"event"`

	tenant event.TenantID // under which it is kept
}

const refusedPage = 500

// Run lists what was refused, the oldest first, or publishes it anew.
func (c *refusedCommand) Run(ctx context.Context, env *environment) error {
	server, err := c.client(env)
	if err != nil {
		return err
	}
	if c.Tenant != "" && !event.ValidTenant(c.Tenant) {
		return wrongUsage("--tenant %q: a tenant is 1 to 64 of a-z 0-9 - _", c.Tenant)
	}
	if c.Again != "" && c.Again != againAll {
		seq, err := strconv.ParseUint(string(c.Again), 10, 64)
		if err != nil || seq == 0 {
			return wrongUsage("--again %q: it is a seq of the list, or all", c.Again)
		}
		tenant, err := c.desk(ctx, server, seq)
		if err != nil {
			return err
		}
		return c.publish(ctx, env, server, []refusedEvent{{Seq: seq, tenant: tenant}})
	}
	all, err := c.all(ctx, server)
	if err != nil {
		return err
	}
	switch {
	case c.Again == againAll:
		return c.publish(ctx, env, server, all)
	case c.JSON:
		return printJSON(env, all)
	case len(all) == 0:
		_, err = fmt.Fprintln(env.stdout, "nothing was refused")
		return err
	}
	w := tabwriter.NewWriter(env.stdout, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "SEQ\tTIME\tTENANT\tSUBJECT\tREASON\tDETAIL") // its error comes with Flush
	for i := range all {
		e := &all[i]
		detail := strings.Trim(e.Field+": "+e.Detail, ": ")
		_, _ = fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\n", e.Seq, e.At.UTC().Format("2006-01-02 15:04:05Z"), orDash(string(event.SubjectTenant(e.Subject))),
			shortened(e.Subject), e.Reason, orDash(shortened(detail)))
	}
	return w.Flush()
}

// shortened keeps a cell on its line, and control characters off the terminal.
func shortened(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '�'
		}
		return r
	}, text)
	const most = 80
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

// all lists what was refused of the desk, or of every desk.
func (c *refusedCommand) all(ctx context.Context, server *client) ([]refusedEvent, error) {
	tenants := []event.TenantID{event.TenantID(c.Tenant)}
	if c.Tenant == "" && server.token == "" {
		overview, err := list(ctx, server, "", live.RoleOperator)
		if err != nil {
			return nil, err
		}
		tenants = tenants[:0]
		for i := range overview {
			if t := keptUnder(overview[i].Subject); !slices.Contains(tenants, t) {
				tenants = append(tenants, t)
			}
		}
	}
	all := []refusedEvent{}
	for _, t := range tenants {
		some, err := list(ctx, server, t, live.RoleAdmin)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b refusedEvent) int { return cmp.Compare(a.Seq, b.Seq) })
	return all, nil
}

// desk is whose a refused event is. What cannot be found is the server's to refuse.
func (c *refusedCommand) desk(ctx context.Context, server *client, seq uint64) (event.TenantID, error) {
	if c.Tenant != "" || server.token != "" {
		return event.TenantID(c.Tenant), nil
	}
	overview, err := list(ctx, server, "", live.RoleOperator)
	if err != nil {
		return "", err
	}
	for i := range overview {
		if overview[i].Seq == seq {
			return keptUnder(overview[i].Subject), nil
		}
	}
	return stream.UnknownTenant, nil
}

// keptUnder is the tenant under which what came on a subject is kept.
func keptUnder(subject string) event.TenantID {
	return cmp.Or(event.SubjectTenant(subject), stream.UnknownTenant)
}

func list(ctx context.Context, server *client, tenant event.TenantID, role live.Role) ([]refusedEvent, error) {
	var all []refusedEvent
	for after := uint64(0); ; {
		var page struct {
			Items []refusedEvent `json:"items"`
			Next  uint64         `json:"next"`
		}
		err := server.call(ctx, request{
			method: http.MethodGet, path: fmt.Sprintf("/v1/refused?after=%d&limit=%d", after, refusedPage), tenant: tenant, role: role,
		}, &page)
		if err != nil {
			return nil, err
		}
		for i := range page.Items {
			page.Items[i].tenant = tenant
		}
		all = append(all, page.Items...)
		if page.Next <= after {
			return all, nil
		}
		after = page.Next
	}
}

// publish goes on behind one that fails, and says how many were taken.
func (c *refusedCommand) publish(ctx context.Context, env *environment, server *client, list []refusedEvent) error {
	taken, duplicate := 0, 0
	var failed []error
	for _, e := range list {
		var stored struct {
			Seq       uint64 `json:"seq"`
			Duplicate bool   `json:"duplicate"`
		}
		err := server.call(ctx, request{
			method: http.MethodPost, path: fmt.Sprintf("/v1/refused/%d/again", e.Seq), tenant: e.tenant, role: live.RoleAdmin,
		}, &stored)
		var away *unreachableError
		switch {
		case ctx.Err() != nil, errors.As(err, &away):
			return err
		case err != nil:
			failed = append(failed, fmt.Errorf("%d: %w", e.Seq, err))
		case stored.Duplicate:
			duplicate++
		default:
			taken++
		}
	}
	_, err := fmt.Fprintf(env.stdout, "published anew %d, again already %d, failed %d\n", taken, duplicate, len(failed))
	return errors.Join(append(failed, err)...)
}
