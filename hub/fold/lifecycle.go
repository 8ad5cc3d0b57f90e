package fold

import (
	"slices"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// unknownChannel is the channel of a conversation that nobody announced.
const unknownChannel event.ChannelID = "unknown"

// conversation finds the conversation that an event names and marks its current
// session as touched; an unknown one starts at the event's time.
func (st *State) conversation(id event.ConversationID, at int64, customer event.CustomerID) *Conversation {
	c, ok := st.conversations.Get(string(id))
	if !ok {
		c = &Conversation{ID: id}
		st.conversations.Put(c)
		st.created(Ref{Kind: KindConversation, ID: string(id)})
		s := st.begin(c, at, unknownChannel, customer)
		s.Unannounced = true
		return c
	}
	s := c.Current()
	st.touch(c, s)
	s.Updated = max(s.Updated, at)
	return c
}

// begin starts a session.
func (st *State) begin(c *Conversation, at int64, channel event.ChannelID, customer event.CustomerID) *Session {
	slot := st.calendar.Slot(at)
	s := &Session{
		Conversation: c.ID, Number: len(c.Sessions) + 1, Customer: customer,
		Under: &Under{Channel: channel, Handling: metric.HandlingNone}, Hands: inNoHands,
		Started: at, StartDay: slot.Day, StartHour: slot.Hour, Updated: at,
		Cause: st.seq, CauseAt: at,
		Rows: make([]Row, 0, 2), // most have one of their own and one of an agent
	}
	st.channel(channel)
	if customer != "" {
		st.customer(customer)
	}
	if c.Sessions == nil {
		c.Sessions = c.room[:0]
	}
	c.Sessions = append(c.Sessions, s)
	st.touchNew(c, s)
	s.add(slot, metric.Sessions, 1)
	return s
}

func (st *State) conversationStarted(at int64, d *event.ConversationStarted) {
	c, known := st.conversations.Get(string(d.Conversation))
	if !known {
		st.introduce(&d.Customer)
		c = &Conversation{ID: d.Conversation}
		st.conversations.Put(c)
		st.created(Ref{Kind: KindConversation, ID: string(d.Conversation)})
		st.begin(c, at, d.Channel, d.Customer.ID)
		return
	}
	s := c.Current()
	st.touch(c, s)
	switch {
	case s.Unannounced && (!s.Closed || at < s.ClosedAt):
		st.introduce(&d.Customer)
		s.Unannounced = false
		st.announce(s, d)
	case s.Closed:
		st.introduce(&d.Customer)
		st.begin(c, at, d.Channel, d.Customer.ID)
	}
}

// announce gives a session that began without one its channel and customer, and
// moves what was counted.
func (st *State) announce(s *Session, d *event.ConversationStarted) {
	if s.Channel != d.Channel {
		st.channel(d.Channel)
		for i := range s.Rows {
			if r := &s.Rows[i]; r.Agent != "" && r.Channel == s.Channel {
				r.Place = &Place{r.Agent, d.Channel, r.Team}
			}
		}
		if x := s.Extra; x != nil {
			if p := x.FirstTurn.Place; p != nil && p.Channel == s.Channel {
				x.FirstTurn.Place = &Place{p.Agent, d.Channel, p.Team}
			}
			for i := range x.Surveys {
				x.Surveys[i].rechannel(s.Channel, d.Channel)
			}
		}
		s.under().Channel = d.Channel
		st.rechannelChat(s)
		s.remark()
	}
	before := s.Customer
	st.setCustomer(s, d.Customer.ID)
	st.announceTouches(s, before)
}

func (st *State) setCustomer(s *Session, id event.CustomerID) {
	if s.Customer == id {
		return
	}
	if s.Wrote {
		st.dropChat(s)
	}
	nobody := s.Customer == ""
	st.moveInvites(s, id)
	s.Customer = id
	st.customer(id)
	if s.Wrote {
		st.addChat(s)
		if nobody { // a message without an author's id turns out to be his
			st.contact(s, s.FirstCustomer, id)
		}
	}
	s.remark()
}

func (st *State) reopen(s *Session, at int64) {
	s.Closed = false
	h := s.hands()
	h.ClosedBy, h.Outcome = "", ""
	s.Cause, s.CauseAt = st.seq, max(s.CauseAt, at)
	s.add(st.calendar.Slot(at), metric.Reopened, 1)
}

func (st *State) conversationQueued(at int64, d *event.ConversationQueued) {
	c := st.conversation(d.Conversation, at, "")
	s := c.Current()
	if d.Team != "" {
		st.team(d.Team)
	}
	if s.ClosedAt != 0 && at < s.ClosedAt || at < s.More().InForce {
		return
	}
	if s.Closed {
		st.reopen(s, at)
	}
	if d.Team != "" {
		s.hands().QueuedTeam = d.Team
		if s.Agent == "" && s.Team != d.Team {
			s.under().Team = d.Team
			s.remark()
		}
	}
	x := s.more()
	x.InForce, s.Queued = at, true
	if x.QueuedSince == 0 {
		x.QueuedSince = at
	}
	s.hand(event.Actor{}, "")
	st.ownFirstTurn(s)
	st.humanResponsible(s, at)
}

// hand gives the session into somebody's hands, or takes it out of them.
func (s *Session) hand(to event.Actor, team event.TeamID) {
	if s.Handler != to || s.HandlerTeam != team {
		h := s.hands()
		h.Handler, h.HandlerTeam = to, team
	}
}

// humanResponsible begins the time in which a human owes an answer.
func (st *State) humanResponsible(s *Session, at int64) {
	if s.Responsible {
		return
	}
	s.Responsible, s.more().ResponsibleSince = true, at
	if s.Unanswered && !s.TurnOpen {
		st.openTurn(s, max(s.UnansweredSince, at))
	}
}

func (st *State) conversationAssigned(at int64, d *event.ConversationAssigned) {
	c := st.conversation(d.Conversation, at, "")
	s := c.Current()
	behind := s.ClosedAt != 0 && at < s.ClosedAt
	if s.Closed && !behind {
		st.reopen(s, at)
	}
	if d.Team != "" {
		st.team(d.Team)
	}
	human := d.To.Kind == event.Agent
	agent := event.AgentID(d.To.ID)
	team := d.Team
	if human {
		st.agent(agent)
		if team == "" {
			team = s.QueuedTeam
		}
		if team == "" {
			team = st.onlyTeam(agent)
		}
	}
	st.countAssignment(s, at, d.To, human, team, d.Team)
	if behind || at < s.More().InForce {
		return
	}
	x := s.more()
	x.InForce = at
	s.Queued, x.QueuedSince = false, 0
	h := s.hands()
	h.Handler, h.HandlerTeam, h.LastHandler = d.To, team, d.To
	if !human {
		s.Responsible = false
		s.endTurn()
		return
	}
	h.LastAgent = agent
	st.ownFirstTurn(s)
	st.humanResponsible(s, at)
}

func (st *State) countAssignment(s *Session, at int64, to event.Actor, human bool, team, named event.TeamID) {
	slot := st.calendar.Slot(at)
	if !s.Assigned {
		s.Assigned = true
		if s.Wrote {
			s.add(s.Start(), metric.Consultations, 1)
		}
	}
	if to != s.LastHandler {
		s.SegmentCount++
		if s.Wrote {
			s.add(s.Start(), metric.Segments, 1)
		}
		if human {
			s.HumanSegments++
			if s.Wrote {
				s.add(s.Start(), metric.HumanSegments, 1)
			}
		}
	}
	if !human {
		s.AssignedBot = true
		return
	}
	agent := event.AgentID(to.ID)
	if !s.AssignedAgent {
		s.AssignedAgent = true
		s.add(slot, metric.HumanSessions, 1)
		first := named
		if first == "" {
			first = s.QueuedTeam
		}
		st.firstHuman(s, agent, first, true)
	}
	st.voice(s, agent).Assigned = true
	s.add(slot, metric.AssignEvents, 1)
	s.addAgent(slot, agent, team, metric.AssignEvents, 1)
	s.once(slot, agent, team, metric.AssignedSessions)
}

// firstHuman settles the agent and team that the session counts under: the
// first agent assigned, or who wrote if none was.
func (st *State) firstHuman(s *Session, agent event.AgentID, team event.TeamID, assigned bool) {
	if !assigned && (s.AssignedAgent || s.Agent != "") {
		return
	}
	if team == "" {
		team = st.onlyTeam(agent)
	}
	if s.Agent != agent || s.Team != team {
		u := s.under()
		u.Agent, u.Team = agent, team
		s.remark()
	}
}

func (st *State) onlyTeam(agent event.AgentID) event.TeamID {
	if a, ok := st.agents[agent]; ok && len(a.Teams) == 1 {
		return a.Teams[0]
	}
	return ""
}

func (st *State) conversationClassified(at int64, d *event.ConversationClassified) {
	s := st.conversation(d.Conversation, at, "").Current()
	if d.Intent != "" && d.Intent != s.Intent {
		s.under().Intent = d.Intent
		s.remark()
	}
	if tags := each(d.Tags); d.Tags != nil && !slices.Equal(tags, s.More().Tags) {
		s.rare().Tags = tags
		s.remark()
	}
}

func (st *State) conversationClosed(at int64, d *event.ConversationClosed) {
	s := st.conversation(d.Conversation, at, "").Current()
	if s.Closed || d.After != 0 && d.After != s.Cause {
		return
	}
	if s.TurnOpen && s.FromAgent == 0 && !s.EverAbandoned {
		s.Abandoned, s.EverAbandoned = true, true
		s.add(s.More().FirstTurn.slot(), metric.AbandonedChats, 1)
	}
	s.endTurn()
	s.Closed, s.ClosedAt = true, at
	h := s.hands()
	h.Handler, h.HandlerTeam = event.Actor{}, ""
	h.ClosedBy, h.Outcome = d.By.Kind, event.OutcomeResolved
	if d.Outcome != "" {
		h.Outcome = d.Outcome
	}
	s.Queued = false
	if x := s.Extra; x != nil {
		x.InForce, x.QueuedSince = 0, 0
	}
	s.Responsible, s.Unanswered = false, false
}
