package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/floorlight/floorlight/cmd/floorlight/simulator"
)

type simulateCommand struct {
	Seed     uint64        `default:"1" help:"The same seed makes the same desks."`
	Tenants  int           `default:"1" placeholder:"N" help:"How many desks."`
	Agents   int           `default:"16" help:"Agents of each desk."`
	Rate     float64       `default:"6" help:"Messages a second at all desks together, in a busy hour."`
	Past     time.Duration `placeholder:"8h" help:"Make up this much of the time before, too."`
	Duration time.Duration `placeholder:"10m" help:"How long; until interrupted by default."`

	fillFlags `embed:""`
}

// Run simulates desks against the server that the settings name (--nats-url), or
// that runs on the data directory.
func (c *simulateCommand) Run(ctx context.Context, env *environment) error {
	if c.Fill {
		return c.fill(ctx, env)
	}
	switch {
	case c.Tenants < 1 || c.Tenants > 10_000:
		return wrongUsage("--tenants %d: 1 to 10000", c.Tenants)
	case c.Agents < 2 || c.Agents > 10_000:
		return wrongUsage("--agents %d: 2 to 10000", c.Agents)
	case c.Rate <= 0 || c.Rate > 1_000_000:
		return wrongUsage("--rate %v: more than 0, at most 1000000", c.Rate)
	case c.Duration < 0 || c.Past < 0 || c.Past > 7*24*time.Hour:
		return wrongUsage("--duration and --past are not negative, and --past is at most 168h")
	}
	nc, err := connectRunning(ctx, env)
	if err != nil {
		return err
	}
	defer nc.Close()
	publisher, err := simulator.NewNATS(nc)
	if err != nil {
		return err
	}
	defer publisher.Close()
	if c.Duration > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.Duration)
		defer cancel()
	}
	s := simulator.New(simulator.Config{
		Seed: c.Seed, Tenants: simulator.Desks(c.Tenants), Agents: c.Agents, Rate: c.Rate, Past: c.Past, Logger: env.log,
	})
	ended := make(chan error, 1)
	began := time.Now()
	go func() { ended <- s.Run(ctx, publisher) }()
	err = watch(env, s, ended)
	st := s.Stats()
	_, printErr := fmt.Fprintf(env.stdout, "%s events and %s checks in %s, %s messages, %s blocked, %s checks failed\n", grouped(int64(st.Events)), grouped(int64(st.Checks)), //nolint:gosec // Counts of one run.
		time.Since(began).Round(time.Second), grouped(int64(st.Messages)), grouped(int64(st.Blocked)), grouped(int64(st.Failed))) //nolint:gosec // As above.
	return errors.Join(err, printErr)
}

// watch tells how it goes until the run has ended.
func watch(env *environment, s *simulator.Simulator, ended <-chan error) error {
	every, first, last := plainEvery, "", "\n"
	if isTerminal(env.stderr) {
		every, first, last = time.Second, "\r", "\x1b[K"
		defer func() { _, _ = fmt.Fprintln(env.stderr) }()
	}
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	before := s.Stats()
	for {
		select {
		case err := <-ended:
			return err
		case <-ticker.C:
			now := s.Stats()
			line := fmt.Sprintf("%.1f events/s, %.1f checks/s, %d blocked, %d failed", float64(now.Events-before.Events)/every.Seconds(),
				float64(now.Checks-before.Checks)/every.Seconds(), now.Blocked, now.Failed)
			if now.Behind > 2*time.Second {
				line += ", behind by " + now.Behind.Round(time.Second).String()
			}
			before = now
			_, _ = fmt.Fprint(env.stderr, first, line, last)
		}
	}
}

// connectRunning is a connection to the NATS of a server that runs already.
func connectRunning(ctx context.Context, env *environment) (*nats.Conn, error) {
	if env.settings.NATSURL != "" {
		return connectExternalNATS(ctx, env.settings, env.log)
	}
	if _, err := os.Stat(natsAddressFile(env.settings)); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("no server runs on %s, or it has no NATS port: start it with `floorlight serve`, or name a NATS with --nats-url", env.settings.DataDir)
	}
	address, err := natsAddress(env.settings)
	if err != nil {
		return nil, err
	}
	auth, err := newNATSAuth(env.settings)
	if err != nil {
		return nil, err
	}
	nc, err := nats.Connect(auth.url(address, ""), natsOptions(env.log)...)
	if err != nil {
		return nil, fmt.Errorf("no server answers at %s, where the one on %s was: %w", address, env.settings.DataDir, err)
	}
	return nc, nil
}
