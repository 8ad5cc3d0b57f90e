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
	today    tally // the agent's rows of today (**A**)
	as       role  // of the customers whom the agent served
	served   int64 // how many they are
	active   int64 // open conversations assigned
	resolved int64 // those that were his last and are closed, and active
	pending  int64 // open human turns among them
	risky    int64 // rows of today with a blocked or flagged message
}

// view is what one filter lets through: the sums of today's rows, the gauges,
// and the topics made from them. The owner's goroutine keeps it exact by taking
// back what a session contributed before an event and adding what it does now.
type view struct {
	filter Filter
	today  metric.Day

	st *fold.State

	// Today's rows.
	whole  tally // of whole sessions, and what belongs to none
	own    tally // of agents
	people people
	risky  int64 // agents with a blocked or flagged message

	// Now.
	agents     map[event.AgentID]*agentTally
	queue      map[event.ConversationID]queued
	bots       int64
	pending    int64
	assigned   int64
	unassigned int64
	resolved   int64  // closed, and within the grace
	silent     silent // customers who have not written in some of their active sessions

	// What the topics have not been told.
	dirty         bool
	dirtyQueue    bool
	dirtyAgents   map[event.AgentID]struct{}
	allAgents     bool
	dirtyDisputes bool

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

func newView(st *fold.State, f Filter, minutes int, c *clock) *view {
	return &view{
		st: st, filter: f, topics: make(map[TopicName]*Topic), divisions: make(map[TopicName]*division), asked: make(map[TopicName]time.Time), series: series{most: minutes}, clock: c,
	}
}

// empty forgets what was counted, for a day.
func (v *view) empty(today metric.Day) {
	v.today = today
	v.whole, v.own, v.people, v.risky = tally{}, tally{}, people{}, 0
	v.agents, v.queue = map[event.AgentID]*agentTally{}, map[event.ConversationID]queued{}
	v.bots, v.pending, v.assigned, v.unassigned, v.resolved = 0, 0, 0, 0, 0
	v.silent = silent{}
	v.dirty, v.dirtyQueue, v.allAgents, v.dirtyDisputes = true, true, true, true
	v.dirtyAgents = map[event.AgentID]struct{}{}
}

// rebuild counts everything anew from the state, for a day.
func (v *view) rebuild(today metric.Day) {
	v.empty(today)
	if v.open != nil {
		v.open.reset()
	}
	for c := range v.st.Conversations() {
		for _, s := range c.Sessions {
			v.count(s, s, 1)
		}
	}
	v.rebuildLoose()
	for _, d := range v.divisions {
		d.rebuild(v)
	}
}

// rebuildLoose counts what belongs to no conversation.
func (v *view) rebuildLoose() {
	for l := range v.st.Loose() {
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
	v.dirty, v.dirtyQueue, v.allAgents, v.dirtyDisputes = false, false, false, false
	clear(v.dirtyAgents)
}

// bring counts a session that has become resident.
func (v *view) bring(s *fold.Session) {
	v.count(s, s, 1)
	for _, d := range v.divisions {
		d.bring(s)
	}
}

// over takes back a session whose time to be active has ended. The clock stands
// behind it already.
func (v *view) over(s *fold.Session) {
	v.countResolved(s, -1)
	for _, d := range v.divisions {
		d.keys = d.of(s, d.keys[:0])
		for _, key := range d.keys {
			if p, ok := d.parts[key]; ok {
				p.countResolved(s, -1)
			}
		}
	}
}

// renames are those whose names an event may have changed.
type renames struct {
	customers []*fold.Customer
	agents    bool
}

// apply brings the view up to what one event changed.
func (v *view) apply(c *fold.Change, named renames) {
	for i := range c.Sessions {
		v.recount(&c.Sessions[i])
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
	v.dirtyDisputes = v.dirtyDisputes || c.Disputes || named.agents
	v.applyLoose(c)
	v.applyCustomers(c)
	v.dirty = v.dirty || c.Tenant
	v.open.named(named.customers)
	if c.Directory || named.agents {
		v.open.renamed()
	}
	if c.Directory {
		v.dirty, v.dirtyQueue, v.allAgents, v.dirtyDisputes = true, true, true, true
	}
	for _, d := range v.divisions {
		d.apply(v, c)
	}
}

// loose adds what belongs to no conversation, or takes it back.
func (v *view) loose(l *fold.Loose, sign int64) {
	if l.Row.Day == v.today && v.filter.counts(l.Row.Channel, "", "") {
		v.whole.row(&l.Row, sign)
		v.people.add(l.Customer, groupsOf(&l.Row), int32(sign), v.isFriend) //nolint:gosec // 1 or -1.
		addMoney(&v.whole.credits, l.Used, sign)
		v.dirty = true
	}
}

func (v *view) isFriend(id event.CustomerID) bool {
	c, ok := v.st.Customer(id)
	return ok && c.Friend
}

// applyCustomers takes what an event says of its customers.
func (v *view) applyCustomers(c *fold.Change) {
	for _, u := range c.Customers {
		if v.people.befriend(u.ID, u.Friend) {
			v.dirty = true
		}
		v.silent.learn(u)
	}
}

// count adds what a session contributes, or takes it back. What now names is
// the session as it goes on, for the queue to refer to.
func (v *view) count(s, now *fold.Session, sign int64) {
	whole := v.filter.counts(s.Channel, s.Team, s.Agent)
	for i := range s.Rows {
		v.countOne(s, &s.Rows[i], whole, sign)
	}
	switch {
	case !s.Closed:
		v.countNow(s, now, sign)
	case v.clock.active(s):
		v.countResolved(s, sign)
	}
}

// countOne adds a row, or takes it back; whole says whether the filter lets the
// whole session through.
func (v *view) countOne(s *fold.Session, r *fold.Row, whole bool, sign int64) {
	switch {
	case r.Day != v.today:
	case r.Agent == "":
		if whole {
			v.countRow(s, r, sign)
		}
	case v.filter.counts(r.Channel, r.Team, r.Agent):
		v.countOwn(s, r, sign)
	}
}

func (v *view) countRow(s *fold.Session, r *fold.Row, sign int64) {
	v.dirty = true
	v.whole.row(r, sign)
	v.people.add(s.Customer, groupsOf(r), int32(sign), v.isFriend) //nolint:gosec // 1 or -1.
	if r.Slot() == s.Start() {
		addMoney(&v.whole.revenue, s.More().Revenue, sign)
	}
}

// countOwn adds an agent's row, or takes it back.
func (v *view) countOwn(s *fold.Session, r *fold.Row, sign int64) {
	v.dirty = true
	v.dirtyAgents[r.Agent] = struct{}{}
	a := v.agent(r.Agent)
	v.own.row(r, sign)
	a.today.row(r, sign)
	if serves(r) {
		a.served += v.people.serve(s.Customer, a.as, int32(sign)) //nolint:gosec // 1 or -1.
	}
	if isRisky(r) {
		v.countRisky(a, sign)
	}
}

// isRisky reports whether a message was blocked or flagged.
func isRisky(r *fold.Row) bool {
	return r.Counts.At(metric.BlockedMessages) != 0 || r.Counts.At(metric.FlaggedMessages) != 0
}

func (v *view) countRisky(a *agentTally, sign int64) {
	was := a.risky
	a.risky += sign
	v.risky += turned(was != 0, a.risky != 0)
}

// countActive counts the customer of an active session.
func (v *view) countActive(s *fold.Session, sign int64) {
	v.people.add(s.Customer, 1<<withActive, int32(sign), v.isFriend) //nolint:gosec // 1 or -1.
	if !s.Wrote {
		v.silent.add(s.Customer, int(sign), v.st)
	}
}

// countResolved counts a session that is closed and active: under the agent who
// had it last, and the team under which it was counted.
func (v *view) countResolved(s *fold.Session, sign int64) {
	agent := event.AgentID("")
	if s.LastHandler.Kind == event.Agent {
		agent = event.AgentID(s.LastHandler.ID)
	}
	if !v.filter.counts(s.Channel, s.MomentTeam(), agent) {
		return
	}
	v.dirty = true
	v.resolved += sign
	v.countActive(s, sign)
	if agent != "" {
		v.agent(agent).resolved += sign
		v.dirtyAgents[agent] = struct{}{}
	}
}

// countNow counts what an open session is at this moment. Its team is the one
// that it stands under now.
func (v *view) countNow(s, now *fold.Session, sign int64) {
	handler := s.HandlingAgent()
	if !v.filter.counts(s.Channel, s.MomentTeam(), handler) {
		return
	}
	v.dirty = true
	v.open.count(s, now, sign)
	v.countActive(s, sign)
	if s.Queued {
		v.dirtyQueue = true
		if sign > 0 {
			v.queue[s.Conversation] = queued{since: s.More().QueuedSince, session: now, customer: s.Customer}
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

// sums is what the catalogue is evaluated over for an agent.
func (a *agentTally) sums() metric.Sums {
	s := a.today.sums(true)
	s.ServedCustomers = a.served
	return s
}

func (v *view) agent(id event.AgentID) *agentTally {
	a, ok := v.agents[id]
	if !ok {
		a = &agentTally{as: agentsRole(len(v.agents))}
		v.agents[id] = a
	}
	return a
}

// sums is what the catalogue is evaluated over, for whole sessions or for agents.
func (v *view) sums(perAgent bool, p *presence) metric.Sums {
	var s metric.Sums
	if perAgent {
		s = v.own.sums(true)
		s.ServedCustomers = v.people.n[ofAgents]
	} else {
		s = v.whole.sums(false)
		v.people.sums(&s)
	}
	// These have one form, whoever asks.
	s.AffectedAgents, s.OnlineMillis, s.FirstOnline = v.risky, p.online, p.first
	s.CreditBalance = v.balance()
	return s
}

// balance is the credits that are left. They belong to channels: whoever looks at teams
// or agents alone sees none, as in the reports.
func (v *view) balance() metric.Money {
	if len(v.filter.Team) > 0 || len(v.filter.Agent) > 0 {
		return nil
	}
	return v.st.Balance(v.channels())
}

// channels tells which channels the filter lets through, nil for all.
func (v *view) channels() func(event.ChannelID) bool {
	if len(v.filter.Channel) == 0 {
		return nil
	}
	return func(id event.ChannelID) bool { return within(v.filter.Channel, id) }
}

// contacts is how many customers ever wrote, and how many of them have no active
// session. Of teams and agents nobody keeps that.
func (v *view) contacts() (ever, idle int64, known bool) {
	if len(v.filter.Team) > 0 || len(v.filter.Agent) > 0 {
		return 0, 0, false
	}
	match := v.channels()
	ever = v.st.Contacts(match)
	here := v.people.n[withActive]
	for id, one := range v.silent {
		switch {
		case v.people.sessions(id) > one.sessions: // he has written in another
		case !one.wrote || match != nil && !slices.ContainsFunc(one.in, match):
			here--
		}
	}
	return ever, ever - here, true
}
