package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/live"
)

// follow compares wallboard and reports until it is interrupted, a line for each
// comparison. It fails at the end if any number ever differed. A server that does
// not answer is asked again.
func (c *verifyCommand) follow(ctx context.Context, env *environment, server *client) error {
	switch {
	case c.From != "" || c.To != "":
		return wrongUsage("--continuous looks at today; it takes no --from and no --to")
	case c.Every < time.Second:
		return wrongUsage("--every %s: at least a second", c.Every)
	}
	differed := 0
	for ctx.Err() == nil {
		n, err := c.compareOnce(ctx, env, server)
		var refused *problem
		switch {
		case ctx.Err() != nil:
		case errors.As(err, &refused) && !refused.temporary():
			return unknownDesk(err, c.Tenant)
		case err != nil:
			if _, err := fmt.Fprintf(env.stderr, "no comparison: %v\n", err); err != nil {
				return err
			}
		}
		differed += n
		if wait(ctx, c.Every) != nil {
			break
		}
	}
	if differed > 0 {
		return fmt.Errorf("%s between wallboard and reports", counted(differed, "number differed", "numbers differed"))
	}
	return nil
}

// compareOnce prints one comparison, and says in how many numbers the sides differ.
func (c *verifyCommand) compareOnce(ctx context.Context, env *environment, server *client) (int, error) {
	var raw jsontext.Value
	err := server.callJSON(ctx, request{method: http.MethodPost, path: "/v1/verify", tenant: event.TenantID(c.Tenant), role: live.RoleAdmin},
		map[string]bool{"live": true}, &raw)
	if err != nil {
		return 0, err
	}
	var found comparison
	if err := json.Unmarshal(raw, &found); err != nil {
		return 0, fmt.Errorf("the comparison is not what was expected: %w", err)
	}
	if c.JSON {
		return len(found.Differences), printJSON(env, raw)
	}
	if !found.Compared {
		_, err := fmt.Fprintf(env.stdout, "not compared: %s\n", orDash(found.Why))
		return 0, err
	}
	if _, err := fmt.Fprintf(env.stdout, "%s  sequence %s: %s compared, %s\n", found.At.Format(time.RFC3339), grouped(int64(found.Seq)), //nolint:gosec // A sequence is far below 2^63.
		counted(found.Numbers, "number", "numbers"), counted(len(found.Differences), "difference", "differences")); err != nil {
		return 0, err
	}
	if len(found.Busy) > 0 {
		if _, err := fmt.Fprintf(env.stdout, "  not compared by %s: events came in between each time\n", strings.Join(found.Busy, ", ")); err != nil {
			return len(found.Differences), err
		}
	}
	for _, d := range found.Differences {
		if _, err := fmt.Fprintf(env.stdout, "  %s %s: reports %s, wallboard %s\n", d.Key, d.Column, shortened(d.Stored), shortened(d.Computed)); err != nil {
			return len(found.Differences), err
		}
	}
	return len(found.Differences), nil
}
