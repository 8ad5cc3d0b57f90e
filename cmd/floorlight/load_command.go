package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/nats-io/nats.go"

	"github.com/floorlight/floorlight/cmd/floorlight/load"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/live"
)

type loadCommand struct {
	serverFlag `embed:""`

	Tenants      int           `default:"4" placeholder:"N" help:"How many desks; they are made."`
	Prefix       string        `default:"load" help:"Their names begin so: load-1, load-2 …"`
	Agents       int           `default:"16" help:"Agents of each desk."`
	Rate         float64       `default:"100" help:"Events a second, of all desks together."`
	Checks       float64       `default:"10" help:"Inline checks a second."`
	Sockets      int           `default:"100" help:"Clients, each with a socket and a subscription."`
	Topics       []string      `default:"wallboard" help:"What they follow, one after the other: wallboard, floor, agents, queue, teams, channels, conversations."`
	Filtered     float64       `default:"0" help:"Share of clients with a filter by team, 0 to 1."`
	Slow         float64       `default:"0" help:"Share that reads a frame a second."`
	Silent       float64       `default:"0" help:"Share that reads nothing until the end."`
	Reconnecting float64       `default:"0" help:"Share that goes away and comes back."`
	Stay         time.Duration `default:"10s" help:"How long a reconnecting client stays, on average."`
	Duration     time.Duration `default:"1m" help:"How long the load lasts."`
	Warmup       time.Duration `default:"5s" help:"The part of it that is not measured."`
	Seed         uint64        `default:"1" help:"The same seed makes the same desks and clients."`
	Via          string        `default:"nats" enum:"nats,http" help:"How events and checks go in: nats or http."`
	PID          int           `name:"pid" placeholder:"PID" help:"The server's process on this machine, for CPU and memory; by default what /metrics says."`
	JSON         string        `name:"json" placeholder:"FILE" help:"Write the summary as JSON; - for stdout, without the text."`
	NoProof      bool          `help:"Compare only the clients' states at the end, not ids and numbers."`
}

// loadTold is how often a row is told.
const loadTold = 5 * time.Second

// Run loads a server and fails if anything was lost, counted twice or different.
func (c *loadCommand) Run(ctx context.Context, env *environment) error {
	server, err := c.client(env)
	if err != nil {
		return err
	}
	config, err := c.config(ctx, server)
	if err != nil {
		return err
	}
	config.Logger = env.log
	if err := config.Check(); err != nil {
		return wrongUsage("%w", err)
	}
	if config.Publisher, err = c.publisher(ctx, env, &config); err != nil {
		return err
	}
	defer config.Publisher.Close()
	if address := c.database(env); address != "" && !c.NoProof {
		database, err := load.OpenDatabase(ctx, address)
		if err != nil {
			return err
		}
		defer func() { _ = database.Close(context.WithoutCancel(ctx)) }() // it has only read.
		config.Database = database
	}
	bar := isTerminal(env.stderr)
	table := &load.Table{Out: env.stderr, Bar: bar, Duration: c.Duration, Every: loadTold}
	every := loadTold
	if bar {
		every = time.Second
	}
	summary, err := load.Run(ctx, config, every, table.Moment)
	table.End()
	if summary == nil {
		return err
	}
	if tellErr := c.tell(env, summary); tellErr != nil || err != nil {
		return errors.Join(err, tellErr)
	}
	if !summary.OK {
		return fmt.Errorf("%s, as the summary says", counted(summary.Failed, "failure", "failures"))
	}
	return nil
}

// config is the run that the flags ask for.
func (c *loadCommand) config(ctx context.Context, server *client) (load.Config, error) {
	config := load.Config{
		URL: server.base, Agents: c.Agents, Rate: c.Rate, Checks: c.Checks, Duration: c.Duration, Warmup: min(c.Warmup, c.Duration), Seed: c.Seed,
		Sockets: c.Sockets, Topics: c.Topics, Filtered: c.Filtered, Slow: c.Slow, Silent: c.Silent, Reconnecting: c.Reconnecting, StayFor: c.Stay,
		PID: c.PID, Prove: !c.NoProof,
		Token: func(t event.TenantID, r load.Role) (string, error) { return server.bearer(t, live.Role(r)) },
	}
	transport, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return config, errors.New("the default HTTP transport is not the library's")
	}
	transport = transport.Clone()
	transport.MaxIdleConnsPerHost = 64
	config.HTTP = &http.Client{Transport: transport}
	if server.token != "" { // it is for one desk, which is loaded then
		var me struct {
			Tenant event.TenantID `json:"tenant"`
		}
		if err := server.call(ctx, request{method: http.MethodGet, path: "/v1/me"}, &me); err != nil {
			return config, err
		}
		if c.Tenants != 1 || me.Tenant == "" {
			return config, wrongUsage("the token in %s is for one desk: give --tenants 1, or let the command make tokens from --data-dir or --secret", tokenVariable)
		}
		config.Tenants = []event.TenantID{me.Tenant}
		return config, nil
	}
	for i := range max(c.Tenants, 0) {
		tenant := fmt.Sprintf("%s-%d", c.Prefix, i+1)
		if !event.ValidTenant(tenant) {
			return config, wrongUsage("--prefix %q: a tenant is 1 to 64 of a-z 0-9 - _", c.Prefix)
		}
		config.Tenants = append(config.Tenants, event.TenantID(tenant))
	}
	return config, nil
}

// publisher is the way in.
func (c *loadCommand) publisher(ctx context.Context, env *environment, config *load.Config) (load.Publisher, error) {
	if c.Via == "http" {
		return load.NewHTTP(config.URL, config.HTTP, config.Token), nil
	}
	nc, err := connectRunning(ctx, env)
	if err != nil {
		return nil, fmt.Errorf("%w; or load it with --via http", err)
	}
	publisher, err := load.NewNATS(nc)
	if err != nil {
		nc.Close()
		return nil, err
	}
	return &ownNATS{NATS: publisher, nc: nc}, nil
}

// ownNATS closes its connection, too.
type ownNATS struct {
	*load.NATS

	nc *nats.Conn
}

func (n *ownNATS) Close() {
	n.NATS.Close()
	n.nc.Close()
}

// database is where stored ids can be read: the setting, or the PostgreSQL that
// the server on the data directory runs. Empty where neither is known.
func (c *loadCommand) database(env *environment) string {
	if env.settings.DatabaseURL != "" || c.URL != "" {
		return env.settings.DatabaseURL
	}
	return load.DatabaseIn(env.settings.DataDir)
}

// tell writes the summary.
func (c *loadCommand) tell(env *environment, s *load.Summary) error {
	raw, err := json.Marshal(s, jsontext.WithIndent("  "), json.Deterministic(true))
	if err != nil {
		return err
	}
	raw = append(raw, '\n')
	if c.JSON == "-" {
		_, err = env.stdout.Write(raw)
		return err
	}
	if c.JSON != "" {
		if err := os.WriteFile(c.JSON, raw, 0o600); err != nil {
			return err
		}
	}
	return s.Print(env.stdout)
}
