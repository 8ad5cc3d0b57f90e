package simulator

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/risk"
)

const (
	// most is how many actions are handed over at a time.
	most = 1000
	// sideBySide is how many checks wait for their answers at a time.
	sideBySide = 64
	// tick is how long the driver gathers before it hands over.
	tick = 25 * time.Millisecond
	// liveWithin is how late an agent's message may be and still be checked. An
	// older one is history, and the check would give it the time of now.
	liveWithin = 15 * time.Second
	// leaveLimit is how long the end of a run may take.
	leaveLimit = 3 * time.Second

	firstPause   = 200 * time.Millisecond
	longestPause = 5 * time.Second
	checkTries   = 3
)

// Stats is what has been done so far.
type Stats struct {
	Events   uint64        // published
	Messages uint64        // published or checked
	Checks   uint64        // answered
	Blocked  uint64        // of them
	Flagged  uint64        // of them
	Failed   uint64        // checks that were given up
	Behind   time.Duration // how much later than due the last actions were
}

// Simulator is the traffic of some desks. See [New].
type Simulator struct {
	log    zerolog.Logger
	desks  []*desk
	before time.Duration // how much of the time before the start is made up

	events, messages, checks, blocked, flagged, failed atomic.Uint64
	behind                                             atomic.Int64
}

// New makes a run. Nothing happens before Run.
func New(c Config) *Simulator {
	c.setDefaults()
	s := &Simulator{log: c.Logger, before: c.Past + time.Duration(c.Days)*24*time.Hour}
	s.behind.Store(int64(s.before))
	for i, spec := range c.Tenants {
		s.desks = append(s.desks, newDesk(c, i, spec))
	}
	return s
}

// Stats may be called from any goroutine.
func (s *Simulator) Stats() Stats {
	return Stats{
		Events: s.events.Load(), Messages: s.messages.Load(), Checks: s.checks.Load(), Blocked: s.blocked.Load(),
		Flagged: s.flagged.Load(), Failed: s.failed.Load(), Behind: time.Duration(s.behind.Load()),
	}
}

// caughtUp is how far behind the present the past counts as made.
const caughtUp = 10 * time.Second

// Made is how much of the time before the start has been handed over, 0 to 1.
// It may be called from any goroutine.
func (s *Simulator) Made() float64 {
	behind := time.Duration(s.behind.Load())
	if behind <= caughtUp || s.before <= 0 {
		return 1
	}
	return max(0, 1-float64(behind)/float64(s.before))
}

// Until takes the next actions that are due at that moment, about limit at
// most, in their order.
func (s *Simulator) Until(at time.Time, limit int) []Action {
	var all []Action
	for len(all) < limit {
		d := s.first()
		if d.next().After(at) {
			break
		}
		d.advance()
		all = append(all, d.out...)
		d.out = d.out[:0]
	}
	return all
}

// first is the desk that does something next.
func (s *Simulator) first() *desk {
	return slices.MinFunc(s.desks, func(a, b *desk) int { return a.next().Compare(b.next()) })
}

// Run hands over what is due until ctx ends, the past as fast as p takes it. A
// p that fails is asked again until it does not. Run returns nil at the end of
// ctx, or why the desks could not be closed.
func (s *Simulator) Run(ctx context.Context, p Publisher) error {
	for ctx.Err() == nil {
		now := time.Now()
		actions := s.Until(now, most)
		if len(actions) == 0 {
			pause(ctx, max(tick, min(s.first().next().Sub(now), time.Second)))
			continue
		}
		s.behind.Store(int64(now.Sub(actions[0].Due)))
		s.perform(ctx, p, actions, now)
	}
	return s.leave(ctx, p)
}

// leave closes what is open, so that no desk stays full of customers whom
// nobody simulates any more.
func (s *Simulator) leave(ctx context.Context, p Publisher) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveLimit)
	defer cancel()
	var errs []error
	for _, d := range s.desks {
		var events []event.Event
		for _, a := range d.leave(time.Now()) {
			events = append(events, a.Event)
		}
		if err := p.Publish(ctx, events); err != nil {
			errs = append(errs, err)
			continue
		}
		s.events.Add(uint64(len(events)))
	}
	return errors.Join(errs...)
}

// stage is what may be handed over at once: events, and checks of other
// conversations.
type stage struct {
	events []event.Event
	checks []Action
}

// perform hands over the actions, those of one conversation in their order.
func (s *Simulator) perform(ctx context.Context, p Publisher, actions []Action, now time.Time) {
	for _, st := range stages(actions, now) {
		if len(st.events) > 0 {
			s.publish(ctx, p, st.events)
		}
		if len(st.checks) > 0 {
			s.checkAll(ctx, p, st.checks)
		}
	}
}

// stages divides the actions: an action stands behind the other kind's of the
// same conversation. The order of the events is kept wherever that allows it.
func stages(actions []Action, now time.Time) []stage {
	type key struct {
		tenant event.TenantID
		about  string
	}
	var all []stage
	behind := map[key]int{} // the least 2*stage, +1 behind a check
	for _, a := range actions {
		k := key{a.Event.Tenant, a.Event.Key}
		at := behind[k]
		check := a.Check && now.Sub(a.Due) <= liveWithin
		if at%2 == 1 { // the last one was a check, and is alone in its stage
			at++
		}
		for len(all) <= at/2 {
			all = append(all, stage{})
		}
		st := &all[at/2]
		if check {
			st.checks = append(st.checks, a)
			at++
		} else {
			st.events = append(st.events, a.history())
		}
		behind[k] = at
	}
	return all
}

// history is the action as a platform tells it that has its own check: what is
// risky was blocked or flagged, and who disputes that knows for what.
func (a *Action) history() event.Event {
	if d, ok := a.Event.Data.(*event.DisputeOpened); ok {
		disputed := *d
		disputed.Violations = risk.Default().Check(d.Text, risk.Context{Tenant: string(a.Event.Tenant), From: string(event.Agent)}).Violations
		return event.New(a.Event.Tenant, a.Event.Source, a.Event.ID, a.Event.Time, &disputed)
	}
	sent, ok := a.Event.Data.(*event.MessageSent)
	if !a.Risky || !ok {
		return a.Event
	}
	result := risk.Default().Check(sent.Text, risk.Context{Tenant: string(a.Event.Tenant), From: string(sent.From.Kind)})
	e := a.Event
	switch result.Verdict {
	case event.Allow:
		return e
	case event.Flag:
		flagged := *sent
		flagged.Check = &event.Check{Verdict: event.Flag, Rules: result.Rules, Violations: result.Violations}
		return event.New(e.Tenant, e.Source, e.ID, e.Time, &flagged)
	case event.Block:
	}
	return event.New(e.Tenant, e.Source, e.ID, e.Time, &event.MessageBlocked{
		Conversation: sent.Conversation, Message: sent.Message, From: sent.From, Text: sent.Text, Violations: result.Violations,
	})
}

// publish tries until the stream has all of them, or ctx ends.
func (s *Simulator) publish(ctx context.Context, p Publisher, events []event.Event) {
	for wait := firstPause; ctx.Err() == nil; wait = min(2*wait, longestPause) {
		err := p.Publish(ctx, events)
		if err == nil {
			s.events.Add(uint64(len(events)))
			for i := range events {
				if events[i].Type == event.TypeMessageSent {
					s.messages.Add(1)
				}
			}
			return
		}
		if ctx.Err() == nil {
			s.log.Warn().Err(err).Int("events", len(events)).Dur("pause", wait).Msg("simulated events not stored yet")
			pause(ctx, wait)
		}
	}
}

func (s *Simulator) checkAll(ctx context.Context, p Publisher, checks []Action) {
	var wg sync.WaitGroup
	places := make(chan struct{}, sideBySide)
	for _, a := range checks {
		places <- struct{}{}
		wg.Go(func() {
			s.check(ctx, p, a)
			<-places
		})
	}
	wg.Wait()
}

// check gives up after some tries, and the customer never sees the message.
func (s *Simulator) check(ctx context.Context, p Publisher, a Action) {
	sent, ok := a.Event.Data.(*event.MessageSent)
	if !ok {
		return
	}
	request := CheckRequest{Conversation: sent.Conversation, Message: sent.Message, From: sent.From, Text: sent.Text}
	var err error
	for try := range checkTries {
		if try > 0 {
			pause(ctx, firstPause<<try)
		}
		if ctx.Err() != nil {
			return
		}
		var reply CheckReply
		if reply, err = p.Check(ctx, a.Event.Tenant, request); err == nil {
			s.answered(reply)
			return
		}
	}
	if ctx.Err() == nil {
		s.failed.Add(1)
		s.log.Warn().Err(err).Str("tenant", string(a.Event.Tenant)).Msg("simulated message not checked")
	}
}

func (s *Simulator) answered(r CheckReply) {
	s.checks.Add(1)
	switch r.Verdict {
	case event.Block:
		s.blocked.Add(1)
	case event.Flag:
		s.flagged.Add(1)
		s.messages.Add(1)
	case event.Allow:
		s.messages.Add(1)
	}
}

// pause waits, or less if ctx ends.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
