package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"text/tabwriter"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
	"github.com/floorlight/floorlight/live"
)

type verifyCommand struct {
	serverFlag `embed:""`

	Tenant string `placeholder:"TENANT" help:"The desk; needed unless FLOORLIGHT_TOKEN names it."`
	From   string `placeholder:"DAY" help:"First local day, such as 2026-11-01; everything by default."`
	To     string `placeholder:"DAY" help:"Last local day; today by default."`
	JSON   bool   `name:"json" help:"As JSON."`

	Continuous bool          `help:"Instead, compare the wallboard with the reports at equal sequence, again and again, until interrupted."`
	Every      time.Duration `default:"1m" placeholder:"TIME" help:"With --continuous: how often."`
}

// verifyReport is what the server found.
type verifyReport struct {
	Seq         uint64             `json:"seq"`
	Events      int64              `json:"events"`
	Rows        int64              `json:"rows"`
	Profile     string             `json:"profile"`
	Wallboard   verifyWallboard    `json:"wallboard"`
	Differences []verifyDifference `json:"differences"`
	Truncated   bool               `json:"truncated"`
}

type verifyWallboard struct {
	Day      string `json:"day"`
	Compared bool   `json:"compared"`
	Why      string `json:"why"`
}

type verifyDifference struct {
	Table    string `json:"table"`
	Key      string `json:"key"`
	Missing  bool   `json:"missing"`
	Surplus  bool   `json:"surplus"`
	Column   string `json:"column"`
	Stored   string `json:"stored"`
	Computed string `json:"computed"`
}

// firstDay is before anything that can be stored.
const firstDay = "2000-01-01"

// Run prints each difference, and fails if there is one.
func (c *verifyCommand) Run(ctx context.Context, env *environment) error {
	server, err := c.client(env)
	if err != nil {
		return err
	}
	if err := tenantFor(server, c.Tenant); err != nil {
		return err
	}
	if c.Continuous {
		return c.follow(ctx, env, server)
	}
	from, to := c.From, c.To
	if from == "" {
		from = firstDay
	}
	if to == "" {
		to = time.Now().Add(24 * time.Hour).UTC().Format(time.DateOnly) // in any zone, today is not later
	}
	for _, day := range []string{from, to} {
		if _, err := metric.ParseDay(day); err != nil {
			return wrongUsage("%q is not a day like 2026-11-01", day)
		}
	}
	var raw jsontext.Value
	err = server.callJSON(ctx, request{method: http.MethodPost, path: "/v1/verify", tenant: event.TenantID(c.Tenant), role: live.RoleAdmin},
		map[string]string{"from": from, "to": to}, &raw)
	if err != nil {
		return unknownDesk(err, c.Tenant)
	}
	var report verifyReport
	if err := json.Unmarshal(raw, &report, json.MatchCaseInsensitiveNames(true)); err != nil {
		return fmt.Errorf("the report is not what was expected: %w", err)
	}
	if c.JSON {
		err = printJSON(env, raw)
	} else {
		err = report.print(env)
	}
	if n := len(report.Differences); n > 0 {
		return errors.Join(err, fmt.Errorf("%s from what the events say", counted(n, "number differs", "numbers differ")))
	}
	return err
}

func (r *verifyReport) print(env *environment) error {
	w := tabwriter.NewWriter(env.stdout, 0, 0, 2, ' ', 0)
	if len(r.Differences) > 0 {
		_, _ = fmt.Fprintln(w, "TABLE\tROW\tCOLUMN\tSTORED\tRECOMPUTED") // its error comes with Flush
	}
	for _, d := range r.Differences {
		switch {
		case d.Missing:
			_, _ = fmt.Fprintf(w, "%s\t%s\t(row)\tmissing\t\n", d.Table, shortened(d.Key))
		case d.Surplus:
			_, _ = fmt.Fprintf(w, "%s\t%s\t(row)\tstored\tshould not be\n", d.Table, shortened(d.Key))
		default:
			_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", d.Table, shortened(d.Key), d.Column, shortened(d.Stored), shortened(d.Computed))
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	more := ""
	if r.Truncated {
		more = ", and there are more"
	}
	_, err := fmt.Fprintf(env.stdout, "compared %s rows with %s events, up to sequence %s, under %s: %s%s\n",
		grouped(r.Rows), grouped(r.Events), grouped(int64(r.Seq)), orDash(r.Profile), counted(len(r.Differences), "difference", "differences"), more) //nolint:gosec // A sequence is far below 2^63.
	if err != nil {
		return err
	}
	if r.Wallboard.Compared {
		_, err = fmt.Fprintf(env.stdout, "the wallboard's counters of %s were compared, too\n", r.Wallboard.Day)
	} else {
		_, err = fmt.Fprintf(env.stdout, "the wallboard's counters were not compared: %s\n", orDash(r.Wallboard.Why))
	}
	return err
}

func counted(n int, one, many string) string {
	switch n {
	case 0:
		return "no " + many
	case 1:
		return "1 " + one
	}
	return grouped(int64(n)) + " " + many
}

// tenantFor refuses what no token can be made for.
func tenantFor(server *client, tenant string) error {
	switch {
	case tenant != "" && !event.ValidTenant(tenant):
		return wrongUsage("--tenant %q: a tenant is 1 to 64 of a-z 0-9 - _", tenant)
	case tenant == "" && server.token == "":
		return wrongUsage("--tenant is missing: which desk?")
	}
	return nil
}

// unknownDesk says of which desk nothing is stored.
func unknownDesk(err error, tenant string) error {
	var p *problem
	if errors.As(err, &p) && p.Status == http.StatusNotFound {
		return fmt.Errorf("nothing is stored of the desk %s: %w", orDash(tenant), err)
	}
	return err
}
