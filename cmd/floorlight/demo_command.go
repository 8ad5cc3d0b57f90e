package main

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/rs/zerolog"

	"github.com/floorlight/floorlight/cmd/floorlight/simulator"
	"github.com/floorlight/floorlight/history"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/live"
)

const (
	demoDataDir     = "./demo-data"
	demoLongestPast = 24 * time.Hour
	// demoPastEvents is what a small machine's stream takes within a minute.
	demoPastEvents = 18_000
	// demoDayEvents is what an earlier day has: half of what a day at the default
	// rate comes to, so that today, left running, is a busy day and no other desk's.
	// Five weeks are some 250,000 events.
	demoDayEvents   = 8000
	demoLongestDays = 366
	// demoOthersShare is what each further desk has beside the first, which visitors
	// see first: so that one is lively, for as few events.
	demoOthersShare = 0.4
	demoTokens      = 12 * time.Hour
	// deskLook is how often it is looked whether a desk's hub knows what it is.
	deskLook = 50 * time.Millisecond
)

type demoCommand struct {
	Desks  int     `default:"4" help:"How many desks; the first four have a profile preset each."`
	Agents int     `default:"8" help:"Agents of each desk."`
	Rate   float64 `default:"0.12" help:"Messages a second at all desks together, in a busy hour; the first desk has the most. By default a whole day is twice one of the days before; the higher it is, the more today outgrows them."`
	Seed   uint64  `default:"1" help:"The same seed makes the same desks."`

	Past time.Duration `default:"8h" help:"How much of the day lies behind the desks when a demo begins on an empty data directory; 0s to 24h."`
	Days int           `default:"35" help:"How many days lie before that; 0 to 366."`
}

// Run serves simulated desks that never stop, and lets visitors in as any role.
func (c *demoCommand) Run(ctx context.Context, env *environment) error {
	if c.Desks < 1 || c.Desks > 64 || c.Agents < 2 || c.Agents > 500 || c.Rate <= 0 || c.Rate > 1000 {
		return wrongUsage("--desks is 1 to 64, --agents 2 to 500, --rate up to 1000")
	}
	if c.Past < 0 || c.Past > demoLongestPast {
		return wrongUsage("--past is 0s to 24h")
	}
	if c.Days < 0 || c.Days > demoLongestDays {
		return wrongUsage("--days is 0 to %d", demoLongestDays)
	}
	if env.from("data_dir") == fromDefault {
		env.settings.DataDir = demoDataDir
	}
	return serve(ctx, env, c.populate)
}

// populate lets the desks in by NATS, as any platform comes in.
func (c *demoCommand) populate(ctx context.Context, n *node) error {
	desks := simulator.Desks(c.Desks)
	for i := range desks[1:] {
		desks[i+1].Share = demoOthersShare
	}
	fresh, err := n.untouched(ctx)
	if err != nil {
		return err
	}
	if !fresh {
		if err := n.reopen(ctx, desks); err != nil {
			return err
		}
	}
	n.demo.desks.Store(&desks)
	conn, err := n.connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	publisher, err := simulator.NewNATS(conn)
	if err != nil {
		return err
	}
	defer publisher.Close()
	config := simulator.Config{Seed: c.Seed, Tenants: desks, Agents: c.Agents, Rate: c.Rate, Logger: n.log}
	if fresh {
		config.Past, config.PastEvents = c.Past, demoPastEvents
		config.Days, config.DayEvents = c.Days, demoDayEvents
	} else if err := n.closeLeft(ctx, desks, publisher); err != nil {
		return err
	}
	n.log.Info().Int("desks", len(desks)).Dur("past", config.Past).Int("days", config.Days).Str("url", n.url).Msg("the desks open")
	run := simulator.New(config)
	n.demo.run.Store(run)
	if err := run.Run(ctx, publisher); err != nil {
		return fmt.Errorf("the simulated desks: %w", err)
	}
	return nil
}

// reopen leaves the desks that are there as they are: where their day begins, and
// whatever their visitors have set since.
func (n *node) reopen(ctx context.Context, desks []simulator.Desk) error {
	for i := range desks {
		name, profile, err := n.router.Desk(ctx, desks[i].Tenant)
		for errors.Is(err, live.ErrNoOwner) || err == nil && !n.router.CaughtUp(desks[i].Tenant) {
			if err := wait(ctx, deskLook); err != nil {
				return err
			}
			name, profile, err = n.router.Desk(ctx, desks[i].Tenant)
		}
		if err != nil {
			return fmt.Errorf("look how the desk %s stands: %w", desks[i].Tenant, err)
		}
		if profile.Version == 0 {
			continue // more desks are wanted than there were
		}
		desks[i].Opened, desks[i].Timezone = true, profile.Timezone
		if name != "" {
			desks[i].Name = name
		}
	}
	return nil
}

// closeLeft closes the conversations that an earlier run left open when it was
// cut off: their customers and agents are not there any more.
func (n *node) closeLeft(ctx context.Context, desks []simulator.Desk, publisher *simulator.NATS) error {
	now := time.Now()
	var left []event.Event
	for _, desk := range desks {
		params := map[string][]string{
			"state": {"queued", "bot", "human", "open"}, "limit": {"500"},
			"from": {now.AddDate(0, -1, 0).Format(time.DateOnly)},
		}
		for {
			page, err := n.database.Conversations(ctx, string(desk.Tenant), history.Scope{}, params, now)
			if err != nil {
				return fmt.Errorf("look for conversations that were left open: %w", err)
			}
			for _, row := range page.Rows {
				closed := &event.ConversationClosed{Conversation: event.ConversationID(row.ID), By: event.Actor{Kind: event.System}}
				left = append(left, event.New(desk.Tenant, "demo", "left/"+row.ID+"/"+now.Format(time.RFC3339Nano), now, closed))
			}
			if page.Next == "" {
				break
			}
			params["cursor"] = []string{page.Next}
		}
	}
	return publisher.Publish(ctx, left)
}

// untouched reports whether nothing has come into the stream yet.
func (n *node) untouched(ctx context.Context) (bool, error) {
	last, err := n.floor.Last(ctx)
	return last == 0, err
}

// connect opens a connection of its own.
func (n *node) connect(ctx context.Context) (*nats.Conn, error) {
	if n.natsInside != nil {
		return n.natsInside.Connect(ctx)
	}
	return connectExternalNATS(ctx, n.settings, n.log)
}

// demoRoles are what visitors may come in as.
type demoRoles struct {
	secret []byte
	log    zerolog.Logger
	desks  atomic.Pointer[[]simulator.Desk]
	run    atomic.Pointer[simulator.Simulator]
}

// made is how much of the past there is, 0 to 1.
func (d *demoRoles) made() float64 {
	if run := d.run.Load(); run != nil {
		return run.Made()
	}
	return 0
}

// demoAgent is one who forgets the rules more often than others.
const demoAgent event.AgentID = "a3"

// list is what the role page shows, with new tokens each time. Before the desks
// are open there is none.
func (d *demoRoles) list() []live.DemoTenant {
	desks := d.desks.Load()
	if desks == nil {
		return nil
	}
	all := make([]live.DemoTenant, 0, len(*desks))
	for _, desk := range *desks {
		t := live.DemoTenant{Tenant: desk.Tenant, Name: desk.Name, Profile: desk.Preset}
		for _, role := range []live.Role{live.RoleSupervisor, live.RoleWallboard, live.RoleAgent, live.RoleOwner} {
			claims := live.Claims{Tenant: desk.Tenant, User: "visitor", Role: role, Expires: time.Now().Add(demoTokens)}
			if role == live.RoleAgent {
				claims.Agent = demoAgent
			}
			token, err := live.Issue(d.secret, claims)
			if err != nil {
				d.log.Error().Err(err).Str("tenant", string(desk.Tenant)).Msg("a visitor's token cannot be made")
				continue
			}
			t.Roles = append(t.Roles, live.DemoRole{Role: role, Token: token, Agent: claims.Agent})
		}
		all = append(all, t)
	}
	return all
}
