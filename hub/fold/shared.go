package fold

import (
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// A desk has as many open conversations as it likes and few channels, teams and
// agents. What a session says in these words alone stands once for all sessions
// that say the same, and takes a pointer of each: half of a session's memory was
// such words (BenchmarkOpenConversations). What is shared is never changed in
// place; under and hands give a copy to write to, and share puts it back.

// Under is what a session's rows are counted under, besides its customer.
type Under struct {
	Channel  event.ChannelID `json:"ch"`
	Agent    event.AgentID   `json:"ag,omitzero"` // the first human
	Team     event.TeamID    `json:"te,omitzero"` // the first human's, until there is one the queue's
	Intent   event.Intent    `json:"in,omitzero"` // empty counts as other
	Handling metric.Handling `json:"ha"`
}

// Hands are in whose a session is, was last, and what became of it in them.
type Hands struct {
	Handler     event.Actor  `json:"hd,omitzero"`
	HandlerTeam event.TeamID `json:"ht,omitzero"`
	QueuedTeam  event.TeamID `json:"qt,omitzero"` // the latest queueing's

	LastHandler event.Actor   `json:"lh,omitzero"` // of the last assignment
	LastAgent   event.AgentID `json:"la,omitzero"` // the agent last assigned
	ClosedBy    event.Kind    `json:"cb,omitzero"`
	Outcome     event.Outcome `json:"oc,omitzero"`

	AIStatus metric.AIStatus `json:"ai,omitzero"` // empty: no bot took part
}

// Place is what an agent's row is counted under; empty for a whole session's.
type Place struct {
	Agent   event.AgentID   `json:"a,omitzero"`
	Channel event.ChannelID `json:"c,omitzero"`
	Team    event.TeamID    `json:"t,omitzero"`
}

// What stands where nothing is said yet, for it to be read.
var (
	underNothing = &Under{}
	inNoHands    = &Hands{}
	whole        = &Place{}
)

// under is for writing.
func (s *Session) under() *Under {
	own := *s.Under
	s.Under = &own
	return &own
}

// hands is for writing.
func (s *Session) hands() *Hands {
	own := *s.Hands
	s.Hands = &own
	return &own
}

// shared holds each value once.
type shared[T comparable] map[T]*T

func (m shared[T]) one(p *T) *T {
	if p == nil {
		p = new(T)
	}
	if one, ok := m[*p]; ok {
		return one
	}
	m[*p] = p
	return p
}

// words are what a state's sessions and customers share.
type words struct {
	unders shared[Under]
	hands  shared[Hands]
	places shared[Place]
	sets   map[string]*[]event.ChannelID // by contactKey
}

func newWords() words {
	return words{unders: shared[Under]{}, hands: shared[Hands]{}, places: shared[Place]{}, sets: map[string]*[]event.ChannelID{}}
}

// share shares what an event has changed of a session.
func (w *words) share(now, before *Session) {
	if now.Under == nil || now.Under != before.Under {
		now.Under = w.unders.one(now.Under)
	}
	if now.Hands == nil || now.Hands != before.Hands {
		now.Hands = w.hands.one(now.Hands)
	}
	for i := range now.Rows {
		if r := &now.Rows[i]; i >= len(before.Rows) || r.Place != before.Rows[i].Place {
			r.Place = w.places.one(r.Place)
		}
	}
	if x := now.Extra; x != nil && x.FirstTurn.Place != nil && x.FirstTurn.Place != before.More().FirstTurn.Place {
		x.FirstTurn.Place = w.places.one(x.FirstTurn.Place)
	}
}

// channels is the one set of these channels, nil if there are none.
func (w *words) channels(in []event.ChannelID) *[]event.ChannelID {
	if len(in) == 0 {
		return nil
	}
	key := contactKey(in)
	one, ok := w.sets[key]
	if !ok {
		own := in
		one = &own
		w.sets[key] = one
	}
	return one
}

// sharedSlack is how many values that no session has any more may stand there.
const sharedSlack = 1024

// trim forgets what is shared when most of it may be in no session any more. What
// the sessions have stays theirs.
func (w *words) trim(sessions, customers int) {
	if len(w.unders) > sessions+sharedSlack {
		clear(w.unders)
	}
	if len(w.hands) > sessions+sharedSlack {
		clear(w.hands)
	}
	if len(w.places) > sessions+sharedSlack {
		clear(w.places)
	}
	if len(w.sets) > customers+sharedSlack {
		clear(w.sets)
	}
}
