package hub

import (
	"context"
	"maps"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// Standing is how a desk stood after one event: what its wallboard without a
// filter evaluates. Whoever compares it with history asks both as of one sequence.
type Standing struct {
	Seq     uint64 // the event's
	Day     metric.Day
	Profile *metric.Profile
	Whole   metric.Sums // of whole sessions
	Agents  metric.Sums // of agents

	online, running, asOf int64
}

// At gives the sums as of a moment, in milliseconds: spells online that still run
// count up to it.
func (s *Standing) At(millis int64) (whole, agents metric.Sums) {
	whole, agents = s.Whole, s.Agents
	whole.OnlineMillis = s.online + s.running*max(0, millis-s.asOf)
	agents.OnlineMillis = whole.OnlineMillis
	return whole, agents
}

// mostStandings is how many a desk notes while it is tracked.
const mostStandings = 4096

// tracking is the standings after the last events, the oldest first.
type tracking struct {
	standings []Standing
}

// Track begins to note how a desk stands after each event, and says of which
// sequence the first note is. Standing ends it.
func (h *Hub) Track(ctx context.Context, id event.TenantID) (from uint64, err error) {
	err = h.on(ctx, id, func(t *tenant) {
		t.tracking = &tracking{}
		t.note()
		from = t.seq()
		t.tracking.standings[0].Seq = from
	})
	return from, err
}

// Standing is how a tracked desk stood after the events up to a sequence. It is
// not found if that is before the tracking began, or too many events ago, or if
// the day or the profile has changed meanwhile. The tracking ends.
func (h *Hub) Standing(ctx context.Context, id event.TenantID, seq uint64) (s Standing, found bool, err error) {
	err = h.on(ctx, id, func(t *tenant) {
		if t.tracking == nil {
			return
		}
		for _, one := range t.tracking.standings {
			if one.Seq > seq {
				break
			}
			s, found = one, true
		}
		t.tracking = nil
	})
	return s, found, err
}

// note adds how the desk stands now.
func (t *tenant) note() {
	v := t.base
	p := v.presence()
	s := Standing{
		Seq: t.state.Seq(), Day: t.today, Profile: t.state.Profile(), Whole: v.sums(false, &p), Agents: v.sums(true, &p),
		online: p.online, running: p.running, asOf: p.asOf,
	}
	list := t.tracking.standings
	var last *Standing
	if len(list) > 0 {
		last = &list[len(list)-1]
	} else {
		last = &Standing{}
	}
	settle(&s.Whole, &last.Whole)
	settle(&s.Agents, &last.Agents)
	if len(list) >= mostStandings {
		list = append(list[:0], list[len(list)/2:]...)
	}
	t.tracking.standings = append(list, s)
}

// settle makes what sums share with their view their own. Response times that
// have not changed since the last note are its.
func settle(s, last *metric.Sums) {
	s.Revenue, s.AISales, s.CreditsUsed = maps.Clone(s.Revenue), maps.Clone(s.AISales), maps.Clone(s.CreditsUsed)
	const n, sum = metric.FirstResponses, metric.FirstResponseMillis
	if s.Counts[n] == last.Counts[n] && s.Counts[sum] == last.Counts[sum] {
		s.FirstResponses = last.FirstResponses
		return
	}
	responses := metric.Histogram{}
	responses.AddAll(&s.FirstResponses)
	s.FirstResponses = responses
}
