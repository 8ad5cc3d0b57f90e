package hub

import (
	"slices"
	"time"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
)

// queued is a conversation in the queue.
type queued struct {
	since    int64 // milliseconds
	session  *fold.Session
	customer event.CustomerID
}

// agentTally is what one agent has in a view.
type agentTally struct {
	today   metric.Counts // the agent's rows of today (**A**)
	active  int64         // open conversations assigned
	pending int64         // open human turns among them
}

// view is what one filter lets through: the sums of today's rows, the gauges,
// and the topics made from them. The owner's goroutine keeps it exact by taking
// back what a session contributed before an event and adding what it does now.
type view struct {
	filter Filter
	today  metric.Day

	// Today's rows.
	counts     metric.Counts // of whole sessions
	perAgent   metric.Counts // of agents
	customers  census
	consulting census
	converted  census
	revenue    metric.Money

	// Now.
	agents     map[event.AgentID]*agentTally
	queue      map[event.ConversationID]queued
	bots       int64
	pending    int64
	assigned   int64
	unassigned int64

	// What the topics have not been told.
	dirty       bool
	dirtyQueue  bool
	dirtyAgents map[event.AgentID]struct{}
	allAgents   bool

	topics    map[TopicName]*Topic
	divisions map[TopicName]*division // by the topics that somebody has asked for
	open      *openList               // nil until somebody has asked for the topic
	clock     *clock                  // the tenant's
	fresh     bool                    // a part that was counted after the event at hand
	lastRead  time.Time               // when it last had a reader
	asked     map[TopicName]time.Time // when somebody last asked for, or read, a topic
	series    series
}

// readers is how many subscribers its topics have.
func (v *view) readers() int {
	n := 0
	for _, topic := range v.topics {
		n += topic.Readers()
	}
	return n
}

// census counts how many sessions each customer has, so that the distinct can
// be taken back.
type census map[event.CustomerID]int

func (c census) add(id event.CustomerID, n int) {
	if id == "" {
		return
	}
	if c[id] += n; c[id] == 0 {
		delete(c, id)
	}
}

func newView(f Filter, minutes int, c *clock) *view {
	return &view{
		filter: f, topics: make(map[TopicName]*Topic), divisions: make(map[TopicName]*division), asked: make(map[TopicName]time.Time), series: series{most: minutes}, clock: c,
	}
}

// empty forgets what was counted, for a day.
func (v *view) empty(today metric.Day) {
	v.today = today
	v.counts, v.perAgent = metric.Counts{}, metric.Counts{}
	v.customers, v.consulting, v.converted, v.revenue = census{}, census{}, census{}, metric.Money{}
	v.agents, v.queue = map[event.AgentID]*agentTally{}, map[event.ConversationID]queued{}
	v.bots, v.pending, v.assigned, v.unassigned = 0, 0, 0, 0
	v.dirty, v.dirtyQueue, v.allAgents = true, true, true
	v.dirtyAgents = map[event.AgentID]struct{}{}
}

// rebuild counts everything anew from the state, for a day.
func (v *view) rebuild(st *fold.State, today metric.Day) {
	v.empty(today)
	if v.open != nil {
		v.open.reset()
	}
	for c := range st.Conversations() {
		for _, s := range c.Sessions {
			v.count(s, s, 1)
		}
	}
	v.rebuildLoose(st)
	for _, d := range v.divisions {
		d.rebuild(v, st)
	}
}

// rebuildLoose counts what belongs to no conversation.
func (v *view) rebuildLoose(st *fold.State) {
	for l := range st.Loose() {
		v.loose(l, 1)
	}
}

// applyLoose brings what belongs to no conversation up to an event.
func (v *view) applyLoose(c *fold.Change) {
	for i := range c.Loose {
		v.loose(&c.Loose[i].Before, -1)
		v.loose(c.Loose[i].Now, 1)
	}
}

// settled says that the topics have been told.
func (v *view) settled() {
	v.dirty, v.dirtyQueue, v.allAgents = false, false, false
	clear(v.dirtyAgents)
}

// bring counts a session that has become resident.
func (v *view) bring(s *fold.Session) {
	v.count(s, s, 1)
	for _, d := range v.divisions {
		d.bring(s)
	}
}

// renames are those whose names an event may have changed.
type renames struct {
	customers []*fold.Customer
	agents    bool
}

// apply brings the view up to what one event changed.
func (v *view) apply(st *fold.State, c *fold.Change, named renames) {
	for i := range c.Sessions {
		s := &c.Sessions[i]
		if !s.Created {
			v.count(&s.Before, s.Now, -1)
		}
		v.count(s.Now, s.Now, 1)
	}
	for i := range c.Agents {
		v.dirty = true
		v.dirtyAgents[c.Agents[i].Now.ID] = struct{}{}
	}
	if !v.dirtyQueue && len(named.customers) > 0 {
		for _, q := range v.queue { // which shows who waits by name
			v.dirtyQueue = v.dirtyQueue || slices.ContainsFunc(named.customers, func(u *fold.Customer) bool { return u.ID == q.customer })
		}
	}
	v.applyLoose(c)
	v.open.named(named.customers)
	if c.Directory || named.agents {
		v.open.renamed()
	}
	if c.Directory {
		v.dirty, v.dirtyQueue, v.allAgents = true, true, true
	}
	for _, d := range v.divisions {
		d.apply(v, st, c)
	}
}

// loose adds what belongs to no conversation, or takes it back.
func (v *view) loose(l *fold.Loose, sign int64) {
	if l.Row.Day == v.today && v.filter.counts(l.Row.Channel, "", "") {
		addCounts(&v.counts, &l.Row.Counts, sign)
		v.dirty = true
	}
}

// count adds what a session contributes, or takes it back. What now names is
// the session as it goes on, for the queue to refer to.
func (v *view) count(s, now *fold.Session, sign int64) {
	whole := v.filter.counts(s.Channel, s.Team, s.Agent)
	for i := range s.Rows {
		r := &s.Rows[i]
		if r.Day != v.today {
			continue
		}
		if r.Agent == "" {
			if whole {
				v.countRow(s, r, sign)
			}
		} else if v.filter.counts(r.Channel, r.Team, r.Agent) {
			addCounts(&v.perAgent, &r.Counts, sign)
			addCounts(&v.agent(r.Agent).today, &r.Counts, sign)
			v.dirty = true
			v.dirtyAgents[r.Agent] = struct{}{}
		}
	}
	if !s.Closed {
		v.countNow(s, now, sign)
	}
}

func (v *view) countRow(s *fold.Session, r *fold.Row, sign int64) {
	v.dirty = true
	addCounts(&v.counts, &r.Counts, sign)
	if r.Counts[metric.Sessions] != 0 {
		v.customers.add(s.Customer, int(sign))
	}
	if r.Counts[metric.Chats] != 0 {
		v.consulting.add(s.Customer, int(sign))
	}
	if r.Counts[metric.Converted] != 0 {
		v.converted.add(s.Customer, int(sign))
	}
	if r.Slot == s.Start() && s.Revenue != nil {
		if sign > 0 {
			v.revenue.AddAll(s.Revenue)
		} else {
			v.revenue.SubAll(s.Revenue)
		}
	}
}

func addCounts(to, from *metric.Counts, sign int64) {
	if sign > 0 {
		to.Add(from)
	} else {
		to.Sub(from)
	}
}

// countNow counts what an open session is at this moment. Its team is the one
// that it stands under now.
func (v *view) countNow(s, now *fold.Session, sign int64) {
	handler := event.AgentID("")
	if s.Handler.Kind == event.Agent {
		handler = event.AgentID(s.Handler.ID)
	}
	if !v.filter.counts(s.Channel, s.MomentTeam(), handler) {
		return
	}
	v.dirty = true
	v.open.count(s, now, sign)
	if s.Queued {
		v.dirtyQueue = true
		if sign > 0 {
			v.queue[s.Conversation] = queued{since: s.QueuedSince, session: now, customer: s.Customer}
		} else {
			delete(v.queue, s.Conversation)
		}
	}
	switch {
	case handler != "":
		v.agent(handler).active += sign
		v.dirtyAgents[handler] = struct{}{}
		v.assigned += sign
	case s.Handler.Kind == event.Bot:
		v.bots += sign
		v.assigned += sign
	default:
		v.unassigned += sign
	}
	if s.TurnOpen {
		v.pending += sign
		if handler != "" {
			v.agent(handler).pending += sign
		}
	}
}

func (v *view) agent(id event.AgentID) *agentTally {
	a, ok := v.agents[id]
	if !ok {
		a = &agentTally{}
		v.agents[id] = a
	}
	return a
}

// sums is what the catalogue is evaluated over, for whole sessions or for agents.
func (v *view) sums(perAgent bool, p presence) metric.Sums {
	s := metric.Sums{
		PerAgent: perAgent, Counts: v.counts, Revenue: v.revenue,
		Customers: int64(len(v.customers)), ConsultingCustomers: int64(len(v.consulting)), ConvertedCustomers: int64(len(v.converted)),
		OnlineMillis: p.online, FirstOnline: p.first,
	}
	if perAgent {
		s.Counts = v.perAgent
	}
	return s
}

// presence is what the agents of a view are and have been today.
type presence struct {
	online, first       int64 // spells that have ended, and the running ones up to asOf; milliseconds
	running             int64 // agents whose time counts on
	asOf                int64
	total, on, paused   int64
	capacity, limitless int64
}

// presence looks at the agents of the view. asOf is the last moment at which
// one of them changed, so that it follows from the events alone.
func (v *view) presence(st *fold.State) presence {
	p := presence{asOf: st.Calendar().Start(v.today)}
	for a := range st.Agents() {
		if v.filter.has(a) {
			p.asOf = max(p.asOf, a.StatusSince)
		}
	}
	for a := range st.Agents() {
		if !v.filter.has(a) {
			continue
		}
		online, first := onlineToday(a, st, v.today, p.asOf)
		p.online += online
		if first != 0 && (p.first == 0 || first < p.first) {
			p.first = first
		}
		if a.Disabled {
			continue
		}
		p.total++
		switch a.Status {
		case event.Online:
			p.on++
			p.running++
			if limit, ok := capacity(a, st); ok {
				p.capacity += limit
			} else {
				p.limitless++
			}
		case event.Paused:
			p.paused++
		case event.Offline:
		}
	}
	return p
}

// onlineToday is an agent's time online today and his first moment of it, the
// running spell up to a moment included.
func onlineToday(a *fold.Agent, st *fold.State, today metric.Day, upTo int64) (online, first int64) {
	if d, ok := a.Days[today]; ok {
		online, first = d.Online, d.First
	}
	if a.OnlineSince != 0 {
		start := max(a.OnlineSince, st.Calendar().Start(today))
		end := min(upTo, st.Calendar().Start(today+1))
		if start < st.Calendar().Start(today+1) {
			online += max(0, end-start)
			if first == 0 || start < first {
				first = start
			}
		}
	}
	return online, first
}

// capacity is how many chats an agent takes at once: his own limit, or the
// largest of his teams'.
func capacity(a *fold.Agent, st *fold.State) (limit int64, ok bool) {
	if a.Capacity != nil {
		return *a.Capacity, true
	}
	for _, id := range a.Teams {
		if t, found := st.Team(id); found && t.Capacity != nil {
			limit, ok = max(limit, *t.Capacity), true
		}
	}
	return limit, ok
}
