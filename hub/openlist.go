package hub

import (
	"cmp"
	"container/heap"
	"slices"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
)

// TopicConversations is the topic of the conversations that are open.
const TopicConversations TopicName = "conversations"

// longestOpen is how many of them it names.
const longestOpen = 500

// openList is what a view shows of the open conversations: those open for
// longest. It is kept once somebody has asked for the topic.
type openList struct {
	all   map[event.ConversationID]*fold.Session
	shown map[event.ConversationID]struct{}
	last  *openPlace // the shown one that began last, when as many are shown as may be
	dirty map[event.ConversationID]struct{}
}

// openPlace is a conversation's place in the order of the open ones.
type openPlace struct {
	since   int64
	session *fold.Session
}

func (p openPlace) compare(other openPlace) int {
	return cmp.Or(cmp.Compare(p.since, other.since), cmp.Compare(p.session.Conversation, other.session.Conversation))
}

func newOpenList() *openList {
	return &openList{
		all: map[event.ConversationID]*fold.Session{}, shown: map[event.ConversationID]struct{}{},
		dirty: map[event.ConversationID]struct{}{},
	}
}

// count adds an open session, or takes it away.
func (l *openList) count(s, now *fold.Session, sign int64) {
	if l == nil {
		return
	}
	if sign > 0 {
		l.all[s.Conversation] = now
	} else {
		delete(l.all, s.Conversation)
	}
	l.dirty[s.Conversation] = struct{}{}
}

// openHeap has the conversation on top that began last.
type openHeap []openPlace

func (h openHeap) Len() int           { return len(h) }
func (h openHeap) Less(i, j int) bool { return h[i].compare(h[j]) > 0 }
func (h openHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }

// Push is the heap's.
func (h *openHeap) Push(x any) {
	if p, ok := x.(openPlace); ok {
		*h = append(*h, p)
	}
}

// Pop is the heap's.
func (h *openHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

// longest are the conversations that began first, in one pass.
func (l *openList) longest() openHeap {
	chosen := make(openHeap, 0, min(longestOpen, len(l.all))+1)
	for _, s := range l.all {
		p := openPlace{s.Started, s}
		switch {
		case len(chosen) < longestOpen:
			heap.Push(&chosen, p)
		case p.compare(chosen[0]) < 0:
			chosen[0] = p
			heap.Fix(&chosen, 0)
		}
	}
	return chosen
}

// moved reports whether other conversations are to be shown than are.
func (l *openList) moved() bool {
	for id := range l.dirty {
		s, open := l.all[id]
		_, shown := l.shown[id]
		switch {
		case open != shown && shown:
			return true
		case open && !shown && (l.last == nil || openPlace{s.Started, s}.compare(*l.last) < 0):
			return true
		case open && shown && l.last != nil && l.last.session.Conversation == id && l.last.since != s.Started:
			return true // another session under its id
		}
	}
	return false
}

// publishOpen tells a topic of open conversations what has changed.
func (t *tenant) publishOpen(l *openList, topic *Topic) {
	if len(l.dirty) == 0 {
		return
	}
	topic.Set(int64(len(l.all)), "total")
	if l.moved() {
		chosen := l.longest()
		l.last = nil
		if len(chosen) == longestOpen {
			l.last = &openPlace{chosen[0].since, chosen[0].session}
		}
		shown := make(map[event.ConversationID]struct{}, len(chosen))
		for _, p := range chosen {
			id := p.session.Conversation
			shown[id] = struct{}{}
			if _, was := l.shown[id]; !was {
				l.dirty[id] = struct{}{}
			}
		}
		for id := range l.shown {
			if _, still := shown[id]; !still {
				topic.Delete("conversations", string(id))
			}
		}
		l.shown = shown
	}
	for id := range l.dirty {
		if _, shown := l.shown[id]; shown {
			topic.Set(t.openConversation(l.all[id]), "conversations", string(id))
		}
	}
	clear(l.dirty)
}

// fillOpen begins a view's list.
func (t *tenant) fillOpen(v *view, topic *Topic) {
	v.open = newOpenList()
	for c := range t.state.Conversations() {
		if s := c.Current(); !s.Closed && v.standsIn(s) {
			v.open.count(s, s, 1)
		}
	}
	topic.Set(int64(0), "total")
	topic.Set(Object{}, "conversations")
	t.publishOpen(v.open, topic)
}

// reset takes all away, before they are counted anew.
func (l *openList) reset() {
	for id := range l.all {
		l.dirty[id] = struct{}{}
	}
	clear(l.all)
}

// standsIn reports whether what an open session is now belongs to the view.
func (v *view) standsIn(s *fold.Session) bool {
	return v.filter.counts(s.Channel, s.MomentTeam(), s.HandlingAgent())
}

// openConversation is how a conversation stands.
func (t *tenant) openConversation(s *fold.Session) Object {
	o := Object{
		"started_at": metric.FormatTime(s.Started), "status": sessionStatus(s), "risky": s.Risky,
		"channel": string(s.Channel), "channel_name": t.channelName(s.Channel), "intent": string(s.IntentOrOther()),
		"session": int64(s.Number),
	}
	if s.Handler.Kind != "" {
		handler := actor(s.Handler)
		if s.Handler.Kind == event.Agent {
			handler["name"] = t.agentName(event.AgentID(s.Handler.ID))
		}
		o["handler"] = handler
	}
	if team := s.MomentTeam(); team != "" {
		o["team"], o["team_name"] = string(team), t.teamName(team)
	}
	t.nameCustomer(o, s.Customer)
	if s.FirstQuestion != "" {
		o["first_question"] = s.FirstQuestion
	}
	for name, at := range map[string]int64{
		"last_message_at": s.LastMessageAt, "queued_since": s.More().QueuedSince, "closed_at": closedAt(s),
	} {
		if at != 0 {
			o[name] = metric.FormatTime(at)
		}
	}
	if s.TurnOpen {
		o["turn_since"] = metric.FormatTime(s.More().TurnSince)
	}
	if by := s.LastMessageBy.Kind(); by != "" {
		o["last_message_by"] = string(by)
	}
	return o
}

// nameCustomer says who writes. One whom the platform knows by nothing but an id
// of its own is anonymous.
func (t *tenant) nameCustomer(o Object, id event.CustomerID) {
	if id == "" {
		return
	}
	o["customer"] = string(id)
	if c, ok := t.state.Customer(id); ok {
		o["customer_name"] = c.Name
		if c.Anonymous {
			o["customer_anonymous"] = true
		}
	}
}

func closedAt(s *fold.Session) int64 {
	if s.Closed {
		return s.ClosedAt
	}
	return 0
}

// sessionStatus is the state filter of the contract: queued, bot, human, open, closed.
func sessionStatus(s *fold.Session) string {
	switch {
	case s.Closed:
		return "closed"
	case s.Queued:
		return "queued"
	case s.Handler.Kind == event.Bot:
		return "bot"
	case s.Handler.Kind == event.Agent:
		return "human"
	}
	return "open"
}

// named tells the list that names of what it shows have changed.
func (l *openList) named(customers []*fold.Customer) {
	if l == nil || len(customers) == 0 {
		return
	}
	for id := range l.shown {
		if s, open := l.all[id]; open && slices.ContainsFunc(customers, func(c *fold.Customer) bool { return c.ID == s.Customer }) {
			l.dirty[id] = struct{}{}
		}
	}
}

// renamed tells the list that any name may have changed.
func (l *openList) renamed() {
	if l == nil {
		return
	}
	for id := range l.shown {
		l.dirty[id] = struct{}{}
	}
}
