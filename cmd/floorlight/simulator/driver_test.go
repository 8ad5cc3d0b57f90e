package simulator

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/risk"
)

// platform keeps what it is given, in order.
type platform struct {
	publish func([]event.Event) error
	check   func(CheckRequest) error

	mu       sync.Mutex
	events   []event.Event
	checked  []CheckRequest
	stored   []time.Time
	sequence []string // conversation and message or event, as they came
}

func (p *platform) Publish(_ context.Context, events []event.Event) error {
	p.mu.Lock()
	defer p.mu.Unlock()

	if p.publish != nil {
		if err := p.publish(events); err != nil {
			return err
		}
	}
	p.events = append(p.events, events...)
	for i := range events {
		p.stored = append(p.stored, time.Now())
		if m, ok := events[i].Data.(*event.MessageSent); ok {
			p.sequence = append(p.sequence, string(m.Message))
		}
	}
	return nil
}

func (p *platform) Check(_ context.Context, tenant event.TenantID, r CheckRequest) (CheckReply, error) {
	p.mu.Lock()
	defer p.mu.Unlock()

	if p.check != nil {
		if err := p.check(r); err != nil {
			return CheckReply{}, err
		}
	}
	p.checked = append(p.checked, r)
	p.sequence = append(p.sequence, string(r.Message))
	return CheckReply{Verdict: risk.Default().Check(r.Text, risk.Context{Tenant: string(tenant), From: string(r.From.Kind)}).Verdict, Seq: 1}, nil
}

// run drives a simulator for that long, by the bubble's clock.
func run(t *testing.T, c Config, p Publisher, live time.Duration) *Simulator {
	t.Helper()

	c.Start, c.Logger = time.Now(), zerolog.Nop()
	s := New(c)
	ctx, cancel := context.WithTimeout(t.Context(), live)
	defer cancel()
	require.NoError(t, s.Run(ctx, p))
	return s
}

func TestRunPacesByTheClock(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		p := &platform{}
		s := run(t, Config{Seed: 1, Rate: 10, Tenants: Desks(2)}, p, 20*time.Minute)

		st := s.Stats()
		require.Equal(t, uint64(len(p.events)), st.Events)
		require.Equal(t, uint64(len(p.checked)), st.Checks)
		require.NotZero(t, st.Blocked)
		require.Zero(t, st.Failed)
		require.Less(t, st.Behind, time.Second)
		for i, e := range p.events {
			require.Less(t, p.stored[i].Sub(e.Time), time.Second)
			require.False(t, e.Time.After(p.stored[i]), "before it happened")
			if m, ok := e.Data.(*event.MessageSent); ok {
				require.NotEqual(t, event.Agent, m.From.Kind, "an agent's message went past the check")
			}
		}
	})
}

// TestRunKeepsAConversationsOrder at a rate at which a conversation does several
// things between two looks at the clock.
func TestRunKeepsAConversationsOrder(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		c := Config{Seed: 2, Rate: 2000, Agents: 8, Tenants: Desks(1)}
		p := &platform{}
		run(t, c, p, 8*time.Second)

		require.Greater(t, len(p.sequence), 5000)
		c.Start = p.events[0].Time.Add(-time.Millisecond)
		place := map[string]int{}
		for i, id := range p.sequence {
			place[id] = i
		}
		last := map[string]int{}
		for _, a := range New(c).Until(c.Start.Add(8*time.Second), 1<<30) {
			m, ok := a.Event.Data.(*event.MessageSent)
			if !ok || place[string(m.Message)] == 0 {
				continue
			}
			at := place[string(m.Message)]
			require.Greater(t, at+1, last[a.Event.Key], "%s came before what stands before it", m.Message)
			last[a.Event.Key] = at
		}
	})
}

func TestThePastGoesStraightToTheStream(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		p := &platform{}
		s := run(t, Config{Seed: 3, Rate: 10, Tenants: Desks(2), Past: 4 * time.Hour, PastEvents: 20_000}, p, time.Second)

		blocked, flagged, agents := 0, 0, 0
		for _, e := range p.events {
			switch d := e.Data.(type) {
			case *event.MessageBlocked:
				blocked++
				require.NotEmpty(t, d.Violations)
			case *event.MessageSent:
				if d.From.Kind == event.Agent {
					agents++
					verdict := risk.Default().Check(d.Text, risk.Context{From: "agent"}).Verdict
					require.Equal(t, verdict == event.Flag, d.Check != nil && d.Check.Verdict == event.Flag, "%s: %s", verdict, d.Text)
					require.NotEqual(t, event.Block, verdict, d.Text)
					if verdict == event.Flag {
						flagged++
						require.NotEmpty(t, d.Check.Violations)
					}
				}
			}
		}
		require.NotZero(t, blocked)
		require.NotZero(t, flagged)
		require.Greater(t, agents, 1000)
		require.WithinDuration(t, began.Add(-4*time.Hour), p.events[0].Time, time.Second)
		require.WithinDuration(t, began, p.events[len(p.events)-1].Time, 2*time.Second)
		require.Zero(t, New(Config{Past: time.Hour, Days: 3}).Made(), "nothing yet")
		require.InDelta(t, 1, s.Made(), 0)
		require.Less(t, s.Stats().Checks, uint64(100))
	})
}

// TestRunOutlivesAServer: what could not be stored is stored later, once and in
// its order, and a check that fails is given up.
func TestRunOutlivesAServer(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		down := errors.New("down")
		from, until := time.Now().Add(time.Minute), time.Now().Add(2*time.Minute)
		away := func() bool { return time.Now().After(from) && time.Now().Before(until) }
		refused := 0
		p := &platform{
			publish: func([]event.Event) error {
				if away() {
					refused++
					return down
				}
				return nil
			},
			check: func(CheckRequest) error {
				if away() {
					return down
				}
				return nil
			},
		}
		s := run(t, Config{Seed: 4, Rate: 10, Tenants: Desks(1)}, p, 5*time.Minute)

		require.NotZero(t, refused)
		require.Less(t, refused, 40, "it waits between the tries")
		seen := map[string]bool{}
		for _, e := range p.events {
			require.False(t, seen[e.ID])
			seen[e.ID] = true
		}
		require.Equal(t, uint64(len(p.events)), s.Stats().Events)
		require.Less(t, s.Stats().Behind, time.Second, "it has caught up")
	})
}

// TestRunEndsCleanly: whatever is open when the run ends is closed in it.
func TestRunEndsCleanly(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		p := &platform{}
		run(t, Config{Seed: 5, Rate: 20, Tenants: Desks(3)}, p, 3*time.Minute)

		open := map[string]bool{}
		status := map[string]event.Presence{}
		for _, e := range p.events {
			key := string(e.Tenant) + "/" + e.Key
			switch d := e.Data.(type) {
			case *event.ConversationStarted:
				open[key] = true
			case *event.ConversationClosed:
				delete(open, key)
			case *event.AgentPresence:
				status[key] = d.Status
			}
		}
		require.Empty(t, open)
		for who, is := range status {
			require.Equal(t, event.Offline, is, who)
		}
	})
}

func TestRunSaysThatItCouldNotLeave(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		gone := errors.New("gone")
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		p := &platform{publish: func([]event.Event) error {
			if ctx.Err() != nil {
				return gone
			}
			return nil
		}}
		s := New(Config{Seed: 6, Start: time.Now(), Rate: 20, Logger: zerolog.Nop()})
		require.ErrorIs(t, s.Run(ctx, p), gone)
	})
}
