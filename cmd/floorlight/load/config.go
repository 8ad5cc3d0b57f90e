package load

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/rs/zerolog"

	"github.com/floorlight/floorlight/hub/event"
)

// Role is what a token is asked for, one of the server's.
type Role string

// The roles that a run needs.
const (
	Owner   Role = "owner"   // follows every topic, asks for reports and verify
	Service Role = "service" // publishes and checks over HTTP
)

// Topics are those that a client can follow without being an agent.
var Topics = []string{"wallboard", "floor", "agents", "queue", "teams", "channels", "conversations"}

// Config says what a run does. Shares are from 0 to 1.
type Config struct {
	URL       string // of the server, without a path
	Token     func(event.TenantID, Role) (string, error)
	Publisher Publisher
	HTTP      *http.Client // for reports; nil: http.DefaultClient

	Tenants  []event.TenantID
	Agents   int     // of each tenant
	Rate     float64 // events a second, of all tenants together
	Checks   float64 // inline checks a second
	Duration time.Duration
	Warmup   time.Duration // at the beginning of Duration, measured by nobody
	Settle   time.Duration // how long open sockets are left alone before memory is measured; 3 s by default
	Seed     uint64

	Sockets      int
	Topics       []string // one after the other; wallboard by default
	Filtered     float64  // share of sockets with a filter by team
	Slow         float64  // share of sockets that read a frame in SlowPause
	Silent       float64  // share that reads nothing until the end
	Reconnecting float64  // share that goes away and comes back
	SlowPause    time.Duration
	StayFor      time.Duration // how long a reconnecting client stays, on average

	PID      int  // of the server on this machine; 0: unknown
	Database IDs  // nil: stored ids are not compared
	Prove    bool // compare everything at the end
	Logger   zerolog.Logger
}

// mostSockets keeps a run below the ports of one address.
const mostSockets = 25_000

func (c *Config) setDefaults() {
	if c.HTTP == nil {
		c.HTTP = http.DefaultClient
	}
	if len(c.Topics) == 0 {
		c.Topics = Topics[:1]
	}
	if c.Agents == 0 {
		c.Agents = 16
	}
	if c.Settle <= 0 {
		c.Settle = 3 * time.Second
	}
	if c.SlowPause <= 0 {
		c.SlowPause = time.Second
	}
	if c.StayFor <= 0 {
		c.StayFor = 10 * time.Second
	}
}

// Check says everything that is wrong with the numbers.
func (c *Config) Check() error {
	var errs []error
	wrong := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if len(c.Tenants) < 1 || len(c.Tenants) > 10_000 {
		wrong("tenants %d: 1 to 10000", len(c.Tenants))
	}
	if c.Agents < 2 || c.Agents > 10_000 {
		wrong("agents %d: 2 to 10000", c.Agents)
	}
	if !(c.Rate >= 0 && c.Rate <= 1e6) || !(c.Checks >= 0 && c.Checks <= 1e6) {
		wrong("rate and checks: from 0 to 1000000 a second")
	}
	if c.Duration < 0 || c.Warmup < 0 || c.Warmup > c.Duration {
		wrong("duration %s, warmup %s: not negative, and the warm-up is part of the duration", c.Duration, c.Warmup)
	}
	if c.Sockets < 0 || c.Sockets > mostSockets {
		wrong("sockets %d: 0 to %d", c.Sockets, mostSockets)
	}
	shares := 0.0
	for _, s := range []float64{c.Filtered, c.Slow, c.Silent, c.Reconnecting} {
		if !(s >= 0 && s <= 1) {
			wrong("a share is from 0 to 1, not %v", s)
		}
	}
	if shares = c.Slow + c.Silent + c.Reconnecting; shares > 1 {
		wrong("slow, silent and reconnecting are together %v, more than all", shares)
	}
	for _, t := range c.Topics {
		if !slices.Contains(Topics, t) {
			wrong("topic %q: there are %v", t, Topics)
		}
	}
	return errors.Join(errs...)
}
