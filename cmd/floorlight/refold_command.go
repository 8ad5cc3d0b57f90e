package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/live"
)

type refoldCommand struct {
	serverFlag `embed:""`

	Tenant string `placeholder:"TENANT" help:"The desk; needed unless FLOORLIGHT_TOKEN names it."`
}

// Run asks the server to compute a desk's numbers anew from its stored events,
// under the profile that is in force. The old numbers stay up until then.
func (c *refoldCommand) Run(ctx context.Context, env *environment) error {
	server, err := c.client(env)
	if err != nil {
		return err
	}
	if err := tenantFor(server, c.Tenant); err != nil {
		return err
	}
	began := time.Now()
	told := make(chan struct{})
	stop := make(chan struct{})
	go func() {
		defer close(told)
		tellTime(env, began, stop)
	}()
	var answer struct {
		Events  int64  `json:"events"`
		Profile string `json:"profile"`
	}
	err = server.callJSON(ctx, request{method: http.MethodPost, path: "/v1/refold", tenant: event.TenantID(c.Tenant), role: live.RoleAdmin}, struct{}{}, &answer)
	close(stop)
	<-told
	if err != nil {
		return unknownDesk(err, c.Tenant)
	}
	line := "the numbers are new"
	if answer.Events > 0 {
		line = grouped(answer.Events) + " events folded anew"
	}
	if answer.Profile != "" {
		line += " under " + answer.Profile
	}
	_, err = fmt.Fprintf(env.stdout, "%s, in %s\n", line, time.Since(began).Round(10*time.Millisecond))
	return err
}

// tellTime says how long it has been, until stop.
func tellTime(env *environment, began time.Time, stop <-chan struct{}) {
	every, first, last := plainEvery, "", "\n"
	if isTerminal(env.stderr) {
		every, first, last = time.Second, "\r", "\x1b[K"
		defer func() { _, _ = fmt.Fprint(env.stderr, "\r\x1b[K") }()
	}
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-stop:
			return
		case <-ticker.C:
			_, _ = fmt.Fprintf(env.stderr, "%sfolding the stored events, %s so far; the old numbers stay up%s", first, time.Since(began).Round(time.Second), last)
		}
	}
}
