package main

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
	"github.com/floorlight/floorlight/live"
)

// tenantCommand is tenant list and tenant set.
type tenantCommand struct {
	List tenantListCommand `cmd:"" help:"List the desks and their profiles."`
	Set  tenantSetCommand  `cmd:"" help:"Put a profile in force."`
}

// tenantAnswer is a desk as the server shows it.
type tenantAnswer struct {
	Tenant   string         `json:"tenant"`
	Name     string         `json:"name"`
	Profile  string         `json:"profile"`
	Label    string         `json:"label"`
	Settings jsontext.Value `json:"settings"`
	Changes  jsontext.Value `json:"changes"`
}

type tenantListCommand struct {
	serverFlag `embed:""`

	JSON bool `name:"json" help:"As JSON."`
}

// Run prints a line for each desk.
func (c *tenantListCommand) Run(ctx context.Context, env *environment) error {
	server, err := c.client(env)
	if err != nil {
		return err
	}
	var answer struct {
		Tenants []tenantAnswer `json:"tenants"`
	}
	if err := server.call(ctx, request{method: http.MethodGet, path: "/v1/tenants", role: live.RoleOperator}, &answer); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(env, answer.Tenants)
	}
	w := tabwriter.NewWriter(env.stdout, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "TENANT\tNAME\tPROFILE\tTIMEZONE\tCHANGES") // its error comes with Flush
	for i := range answer.Tenants {
		t := &answer.Tenants[i]
		var settings struct {
			Timezone string `json:"timezone"`
		}
		if len(t.Settings) > 0 {
			if err := json.Unmarshal(t.Settings, &settings); err != nil {
				return fmt.Errorf("the settings of %s are not what was expected: %w", t.Tenant, err)
			}
		}
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", t.Tenant, t.Name, orDash(t.Label), orDash(settings.Timezone), changed(t.Changes))
	}
	return w.Flush()
}

// changed writes what differs from the preset as it was set.
func changed(changes jsontext.Value) string {
	var members map[string]jsontext.Value
	if len(changes) == 0 || json.Unmarshal(changes, &members) != nil || len(members) == 0 {
		return "–"
	}
	var parts []string
	for _, key := range sortedKeys(members) {
		value := string(members[key])
		var text string
		if json.Unmarshal(members[key], &text) == nil {
			value = text
		}
		parts = append(parts, key+"="+value)
	}
	return strings.Join(parts, " ")
}

type tenantSetCommand struct {
	serverFlag `embed:""`

	Tenant  string   `arg:"" placeholder:"TENANT"`
	Profile string   `placeholder:"PRESET" help:"default, tiktok_shop, wecom, klaviyo or inbox; what is in force by default."`
	Name    string   `placeholder:"NAME" help:"What the desk is called."`
	NoWait  bool     `name:"no-wait" help:"Return while the past is still being computed anew; refold --status shows how far it is."`
	Set     []string `sep:"none" placeholder:"KEY=VALUE" help:"A key that differs from the preset, such as timezone=Asia/Shanghai; KEY= takes it back."`
}

// Run puts the profile in force and prints what is in force then. Keys that
// were set before stay, unless the preset changes. The past is computed anew
// first, and the old numbers stay up meanwhile; the command shows how far it is.
func (c *tenantSetCommand) Run(ctx context.Context, env *environment) error {
	if !event.ValidTenant(c.Tenant) {
		return wrongUsage("%q: a tenant is 1 to 64 of a-z 0-9 - _", c.Tenant)
	}
	server, err := c.client(env)
	if err != nil {
		return err
	}
	tenant := event.TenantID(c.Tenant)
	var before tenantAnswer
	if err := server.call(ctx, request{method: http.MethodGet, path: "/v1/tenant", tenant: tenant, role: live.RoleAdmin}, &before); err != nil {
		return err
	}
	profile, settings, err := c.wanted(before)
	if err != nil {
		return err
	}
	after, err := metric.NewProfile(profile, 0, settings)
	if err != nil {
		return wrongUsage("%w", err)
	}
	var done struct {
		Refold *refoldProgress `json:"refold"`
	}
	if err := server.callJSON(ctx, request{method: http.MethodPut, path: "/v1/tenant", tenant: tenant, role: live.RoleAdmin}, struct {
		Name     string         `json:"name,omitzero"`
		Profile  string         `json:"profile"`
		Settings jsontext.Value `json:"settings"`
	}{c.Name, profile, settings}, &done); err != nil {
		return err
	}
	if done.Refold != nil && !c.NoWait {
		r := &refolding{env: env, server: server, tenant: tenant}
		if err := r.follow(ctx, *done.Refold); err != nil {
			return err
		}
	}
	name := c.Name
	if name == "" {
		name = before.Name
	}
	return printProfile(env, c.Tenant, name, after)
}

// wanted is the preset and the keys that differ from it.
func (c *tenantSetCommand) wanted(before tenantAnswer) (profile string, settings jsontext.Value, err error) {
	members := map[string]jsontext.Value{}
	profile = before.Profile
	if c.Profile != "" && c.Profile != profile {
		profile = c.Profile
	} else if len(before.Changes) > 0 {
		if err := json.Unmarshal(before.Changes, &members); err != nil {
			return "", nil, fmt.Errorf("the settings in force are not what was expected: %w", err)
		}
	}
	if profile == "" {
		profile = metric.DefaultProfile
	}
	for _, pair := range c.Set {
		key, value, ok := strings.Cut(pair, "=")
		if !ok || key == "" {
			return "", nil, wrongUsage("--set %q: write KEY=VALUE", pair)
		}
		if value == "" {
			delete(members, key)
			continue
		}
		if members[key], err = settingValue(value); err != nil {
			return "", nil, wrongUsage("--set %s: %w", key, err)
		}
	}
	settings, err = json.Marshal(members, json.Deterministic(true))
	return profile, settings, err
}

// settingValue takes numbers, true, false and objects for what they are, and
// all else for text.
func settingValue(text string) (jsontext.Value, error) {
	v := jsontext.Value(text)
	if v.IsValid() && v.Kind() != '"' && v.Kind() != 'n' {
		return v, nil
	}
	quoted, err := jsontext.AppendQuote(nil, text)
	return quoted, err
}

// printProfile lists every setting that is in force now, those that differ from
// the preset marked.
func printProfile(env *environment, tenant, name string, p *metric.Profile) error {
	raw, err := json.Marshal(p.Settings, json.Deterministic(true))
	if err != nil {
		return err
	}
	var all, changes map[string]jsontext.Value
	if err := json.Unmarshal(raw, &all); err != nil {
		return err
	}
	if err := json.Unmarshal(p.Changes, &changes); err != nil {
		return err
	}
	w := tabwriter.NewWriter(env.stdout, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintf(w, "tenant\t%s\t%s\n", tenant, name) // its error comes with Flush
	_, _ = fmt.Fprintf(w, "profile\t%s\t\n", p.Name)
	for _, key := range sortedKeys(all) {
		value, mark := string(all[key]), ""
		if text, err := strconv.Unquote(value); err == nil {
			value = text
		}
		if _, ok := changes[key]; ok {
			mark = "set"
		}
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\n", key, value, mark)
	}
	return w.Flush()
}
