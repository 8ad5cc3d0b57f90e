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
	raw, err := c.recompute(ctx, env, server, map[string]string{"from": from, "to": to})
	if ctx.Err() != nil {
		return errors.New("interrupted: nothing was changed, and the server has stopped, too")
	}
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

// recompute has the server do it, shows how far that is, and returns the report.
func (c *verifyCommand) recompute(ctx context.Context, env *environment, server *client, span map[string]string) (report jsontext.Value, err error) {
	var bar *progress
	phase := ""
	defer func() {
		if bar != nil {
			bar.end()
		}
	}()
	r := request{
		method: http.MethodPost, path: "/v1/verify", tenant: event.TenantID(c.Tenant), role: live.RoleAdmin, accept: live.VerifyLines,
		line: func(text jsontext.Value) error {
			var l struct {
				Progress *live.VerifyProgress `json:"progress"`
				Report   jsontext.Value       `json:"report"`
				Problem  *problem             `json:"problem"`
			}
			if err := json.Unmarshal(text, &l); err != nil {
				return fmt.Errorf("the answer of %s/v1/verify is not what was expected: %w", server.base, err)
			}
			switch {
			case l.Problem != nil:
				return l.Problem
			case l.Report != nil:
				report = l.Report.Clone()
			case l.Progress != nil:
				if l.Progress.Phase != phase {
					if bar != nil {
						bar.end()
					}
					phase, bar = l.Progress.Phase, newProgress(env.stderr, l.Progress.Total, verifyNouns[l.Progress.Phase])
				}
				bar.at(l.Progress.Done, int(l.Progress.Done))
			}
			return nil
		},
	}
	var whole jsontext.Value // of a server that sends no lines
	if err := server.callJSON(ctx, r, span, &whole); err != nil {
		return nil, err
	}
	if whole != nil {
		return whole, nil
	}
	if report == nil {
		return nil, fmt.Errorf("the answer of %s ended before the report", server.base)
	}
	return report, nil
}

// verifyNouns are what is counted in each phase.
var verifyNouns = map[string]string{
	"waiting":   "events folded: another desk is verified first",
	"folding":   "events folded anew",
	"comparing": "rows compared",
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
