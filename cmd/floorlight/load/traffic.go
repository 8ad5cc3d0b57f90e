package load

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/floorlight/floorlight/cmd/floorlight/simulator"
	"github.com/floorlight/floorlight/hub/event"
)

const (
	// eventsEach is how many events the simulator makes of a message.
	eventsEach = 15.0 / 7
	// checksOnWay bounds the checks that wait for their answers.
	checksOnWay = 2048
	// checkConversations is how many conversations of a tenant the checks are about.
	checkConversations = 20
)

// traffic is what a run publishes and asks.
type traffic struct {
	publisher Publisher
	ledgers   map[event.TenantID]*ledger
	acks      *latencies
	checks    *latencies
	fail      func(format string, args ...any)

	// Owned by the publishing goroutine.
	model   *simulator.Simulator
	at      time.Time // how far the model was taken
	actions []simulator.Action

	sent, stored, asked, answered, refused atomic.Uint64
	late                                   atomic.Int64 // how late the last event was sent

	mu       sync.Mutex
	ids      map[event.TenantID]map[string]bool // events, by whether the stream has them
	messages map[event.TenantID]map[string]bool // checked messages, by whether they were answered
	source   string
	refusal  string // the last of a check
}

func newTraffic(c *Config, start time.Time, ledgers map[event.TenantID]*ledger, fail func(string, ...any)) *traffic {
	desks := simulator.Desks(len(c.Tenants))
	for i := range desks {
		desks[i].Tenant = c.Tenants[i]
	}
	t := &traffic{
		publisher: c.Publisher, ledgers: ledgers, acks: newLatencies(), checks: newLatencies(), fail: fail,
		model: simulator.New(simulator.Config{
			Seed: c.Seed, Tenants: desks, Agents: c.Agents, Rate: max(c.Rate, 1) / eventsEach, Start: start, Logger: c.Logger,
		}),
		at: start, ids: map[event.TenantID]map[string]bool{}, messages: map[event.TenantID]map[string]bool{},
	}
	for _, tenant := range c.Tenants {
		t.ids[tenant], t.messages[tenant] = map[string]bool{}, map[string]bool{}
	}
	return t
}

// furnish publishes what the desks begin with: their profiles, channels, teams
// and agents, and the agents who come in at once.
func (t *traffic) furnish(ctx context.Context) {
	t.at = t.at.Add(time.Millisecond)
	for _, a := range t.model.Until(t.at, 1<<30) {
		t.publish(ctx, a.Event, time.Now(), false)
	}
}

// next is what happens next at the desks. What would be blocked is left out: a
// platform with a check of its own does not send it.
func (t *traffic) next() event.Event {
	for {
		for len(t.actions) == 0 {
			t.at = t.at.Add(10 * time.Millisecond)
			t.actions = t.model.Until(t.at, 1<<30)
		}
		a := t.actions[0]
		t.actions = t.actions[1:]
		if !a.Check || !a.Risky {
			return a.Event
		}
	}
}

// publishAll publishes by the schedule.
func (t *traffic) publishAll(ctx context.Context, s *schedule, measured time.Time) {
	n := s.each(ctx, func(_ int, due time.Time) {
		t.late.Store(int64(time.Since(due)))
		t.publish(ctx, t.next(), due, !due.Before(measured))
	})
	t.unsent(ctx, "events", s.all()-n)
}

// publish sends one event that is due at that moment. Measured ones count.
func (t *traffic) publish(ctx context.Context, e event.Event, due time.Time, measured bool) {
	e.Time = due.UTC().Truncate(time.Millisecond)
	l := t.ledgers[e.Tenant]
	marked := false
	if m, ok := e.Data.(*event.MessageSent); ok {
		marked = measured && m.From.Kind == event.Customer
	}
	t.mu.Lock()
	t.ids[e.Tenant][e.ID] = false
	t.source = e.Source
	t.mu.Unlock()
	t.sent.Add(1)
	place := l.begin(due)
	t.publisher.Publish(ctx, &e, func(seq uint64, err error) {
		l.answer(place, seq, marked)
		if err != nil {
			if ctx.Err() == nil {
				t.fail("%s: an event was not stored: %v", e.Tenant, err)
			}
			return
		}
		t.stored.Add(1)
		if measured {
			t.acks.record(time.Since(due))
		}
		t.mu.Lock()
		t.ids[e.Tenant][e.ID] = true
		t.mu.Unlock()
	})
}

// unsent says that the server did not keep up: what it was never offered has no
// latency, and a run without it would look better than it was.
func (t *traffic) unsent(ctx context.Context, what string, n int) {
	if n > 0 && ctx.Err() == nil {
		t.fail("%d %s were due and could not be handed over: the server, or this machine, is too slow for this rate", n, what)
	}
}

// replies are what agents write to be checked; the rules let them pass.
var replies = [...]string{
	"Your parcel has left our warehouse and arrives on Friday.",
	"Thank you for waiting. I have changed the size for you.",
	"The refund is on its way and takes three working days.",
	"您好，您的包裹已发出，预计周五送达。",
}

// checkAll asks for verdicts by the schedule.
func (t *traffic) checkAll(ctx context.Context, s *schedule, measured time.Time, tenants []event.TenantID, run string, seed uint64) {
	rng := rand.New(rand.NewPCG(seed, 7)) //nolint:gosec // the same seed gives the same run.
	places := make(chan struct{}, checksOnWay)
	var wg sync.WaitGroup
	defer wg.Wait()
	n := s.each(ctx, func(n int, due time.Time) {
		tenant := tenants[n%len(tenants)]
		message := fmt.Sprintf("%s-m%d", run, n)
		request, err := json.Marshal(simulator.CheckRequest{
			Conversation: event.ConversationID(fmt.Sprintf("%s-c%d", run, rng.IntN(checkConversations))), Message: event.MessageID(message),
			From: event.Actor{Kind: event.Agent, ID: "a1"}, Text: replies[rng.IntN(len(replies))],
		})
		if err != nil {
			t.fail("a check cannot be encoded: %v", err)
			return
		}
		t.mu.Lock()
		t.messages[tenant][message] = false
		t.mu.Unlock()
		t.asked.Add(1)
		select {
		case places <- struct{}{}:
		case <-ctx.Done():
			return
		}
		wg.Go(func() {
			defer func() { <-places }()
			seq, err := t.publisher.Check(ctx, tenant, request)
			if err != nil {
				// Refused in time is what a check may be; that nothing is lost is proven all the same.
				t.refused.Add(1)
				t.mu.Lock()
				t.refusal = err.Error()
				t.mu.Unlock()
				return
			}
			t.answered.Add(1)
			if !due.Before(measured) {
				t.checks.record(time.Since(due))
			}
			t.ledgers[tenant].reached(seq)
			t.mu.Lock()
			t.messages[tenant][message] = true
			t.mu.Unlock()
		})
	})
	t.unsent(ctx, "checks", s.all()-n)
}
