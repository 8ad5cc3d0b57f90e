package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/live"
)

type refoldCommand struct {
	serverFlag `embed:""`

	Tenant string `placeholder:"TENANT" help:"The desk; needed unless FLOORLIGHT_TOKEN names it."`
	NoWait bool   `name:"no-wait" help:"Begin it and return; asking again shows how far it is."`
	Status bool   `help:"Say how far it is, and begin nothing."`
}

// Run asks the server to compute a desk's numbers anew from its stored events,
// under the profile that is in force, and shows how far that is. The old numbers
// stay up until the new ones are whole. Ending the command does not end it.
func (c *refoldCommand) Run(ctx context.Context, env *environment) error {
	server, err := c.client(env)
	if err != nil {
		return err
	}
	if err := tenantFor(server, c.Tenant); err != nil {
		return err
	}
	r := &refolding{env: env, server: server, tenant: event.TenantID(c.Tenant)}
	var p refoldProgress
	method := http.MethodPost
	if c.Status {
		method = http.MethodGet
	}
	err = server.callJSON(ctx, request{method: method, path: "/v1/refold", tenant: r.tenant, role: live.RoleAdmin}, struct{}{}, &p)
	if err != nil {
		return unknownDesk(err, c.Tenant)
	}
	if c.NoWait || c.Status {
		_, err := fmt.Fprintln(env.stdout, p.String())
		return err
	}
	return r.follow(ctx, p)
}

// refoldProgress is how far a recomputation is, as the server says it.
type refoldProgress struct {
	State           string    `json:"state"`
	Profile         string    `json:"profile"`
	For             string    `json:"for"`
	FoldVersion     int       `json:"fold_version"`
	Events          int64     `json:"events"`
	Total           int64     `json:"total"`
	Percent         float64   `json:"percent"`
	EventsPerSecond float64   `json:"events_per_second"`
	SecondsLeft     *float64  `json:"seconds_left"`
	Resumed         int       `json:"resumed"`
	StartedAt       time.Time `json:"started_at"`
	UpdatedAt       time.Time `json:"updated_at"`
	Error           string    `json:"error"`
}

// String is the progress in one line.
func (p *refoldProgress) String() string {
	line := fmt.Sprintf("%s: %s of %s events, %.0f %%, %s/s, under %s", p.State, grouped(p.Events), grouped(p.Total), p.Percent, grouped(int64(p.EventsPerSecond+0.5)), p.Profile)
	if p.For == "fold" {
		line += fmt.Sprintf(", for version %d of the fold", p.FoldVersion)
	}
	if p.SecondsLeft != nil {
		line += ", " + time.Duration(*p.SecondsLeft*float64(time.Second)).Round(time.Second).String() + " left"
	}
	if p.Resumed > 0 {
		line += fmt.Sprintf(", resumed %d times", p.Resumed)
	}
	if p.Error != "" {
		line += ": " + p.Error
	}
	return line
}

// refolding follows a recomputation that runs in the server.
type refolding struct {
	env    *environment
	server *client
	tenant event.TenantID
}

const (
	refoldLook = 300 * time.Millisecond
	// refoldPatience is how long no server may answer, as while one is started anew.
	// One that starts, or puts the new numbers in force, says so.
	refoldPatience = time.Minute
)

var errRefoldLeft = errors.New("interrupted: the server goes on with it, and refold --status says how far it is")

// follow shows how far it is until it has ended.
func (r *refolding) follow(ctx context.Context, p refoldProgress) error {
	bar := newProgress(r.env.stderr, p.Total, "events folded anew")
	defer bar.end()
	seen := time.Now()
	for p.State == "running" || p.State == "switched" {
		bar.at(p.Events, int(p.Events))
		if wait(ctx, refoldLook) != nil {
			return errRefoldLeft
		}
		var next refoldProgress
		err := r.server.call(ctx, request{method: http.MethodGet, path: "/v1/refold", tenant: r.tenant, role: live.RoleAdmin}, &next)
		var away *unreachableError
		var busy *problem
		switch {
		case err == nil:
			p, seen = next, time.Now()
		case ctx.Err() != nil:
			return errRefoldLeft
		case errors.As(err, &busy) && busy.Code == string(live.CodeNotReady):
			seen = time.Now()
		case (errors.As(err, &away) || errors.As(err, &busy) && busy.temporary()) && time.Since(seen) < refoldPatience:
		case errors.As(err, &away):
			return fmt.Errorf("a server goes on with it once one runs, and refold --status says how far it is: %w", err)
		default:
			return err
		}
	}
	bar.end()
	if p.State == "failed" {
		return fmt.Errorf("the numbers were not computed anew: %s", p.Error)
	}
	_, err := fmt.Fprintf(r.env.stdout, "%s events folded anew under %s, in %s\n", grouped(p.Events), p.Profile, p.UpdatedAt.Sub(p.StartedAt).Round(10*time.Millisecond))
	return err
}
