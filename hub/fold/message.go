package fold

import (
	"strings"
	"unicode/utf8"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// questionBytes is how much of a customer's first message is kept beside the session.
const questionBytes = 240

func (st *State) messageSent(at int64, d *event.MessageSent) {
	if d.From.Kind == event.Broadcast {
		st.broadcast(at, d.Channel)
		return
	}
	c := st.conversation(d.Conversation, at, customerOf(d))
	s := c.Current()
	if d.From.Kind == event.System || d.To == "agent" {
		return
	}
	from := d.From
	if d.Automatic != "" {
		from.Kind = event.Bot // whoever's name it bears
	}
	m := c.Marks.at(d.Message)
	flagged := d.Check != nil && d.Check.Verdict == event.Flag && !m.has(markFlagged)
	if flagged {
		m.set(markFlagged)
	}
	if m.has(markSent) { // once sent; the first flag counts all the same
		if flagged {
			st.risk(s, st.calendar.Slot(at), from, metric.FlaggedMessages, found(d.Check))
		}
		return
	}
	m.set(markSent)
	if d.Automatic != "" {
		m.set(markAutomatic)
	}
	m.came(st.seq)
	switch from.Kind {
	case event.Customer:
		s = st.customerWrote(c, at, d)
	case event.Agent:
		s = st.agentWrote(c, at, event.AgentID(d.From.ID))
	case event.Bot, event.Broadcast, event.System:
		st.botWrote(s, at)
		st.botTouched(s, at)
	}
	s.LastMessageBy, s.LastMessageAt = authorOf(from.Kind), max(s.LastMessageAt, at)
	s.Cause, s.CauseAt = st.seq, max(s.CauseAt, at)
	if flagged {
		st.risk(s, st.calendar.Slot(at), from, metric.FlaggedMessages, found(d.Check))
	}
}

// customerOf is the customer that an unannounced conversation gets from its message.
func customerOf(d *event.MessageSent) event.CustomerID {
	if d.Automatic == "" {
		return author(d.From)
	}
	return ""
}

// author is the customer who wrote something, if a customer did.
func author(from event.Actor) event.CustomerID {
	if from.Kind == event.Customer {
		return event.CustomerID(from.ID)
	}
	return ""
}

func (st *State) customerWrote(c *Conversation, at int64, d *event.MessageSent) *Session {
	s := c.Current()
	behind := s.ClosedAt != 0 && at < s.ClosedAt
	if s.Closed && !behind {
		if st.profile.MessageAfterClose == "new_session" {
			s.Updated = st.beforeOf(s).Updated // the message belongs to the new one
			s = st.begin(c, at, s.Channel, s.Customer)
		} else {
			st.reopen(s, at)
		}
	}
	slot := st.calendar.Slot(at)
	s.FromCustomer++
	s.add(slot, metric.MessagesReceived, 1)
	if s.Handler.Kind == event.Agent {
		s.addAgent(slot, event.AgentID(s.Handler.ID), s.MomentTeam(), metric.MessagesReceived, 1)
	}
	st.contact(s, at, event.CustomerID(d.From.ID))
	if !s.Wrote {
		s.FirstCustomer, s.FirstQuestion = at, clip(d.Text, questionBytes)
		st.becomeChat(s)
	}
	if s.Responsible {
		st.inbound(s, slot, at)
	}
	if behind || at < s.LastReply || s.Unanswered {
		return s
	}
	s.Unanswered, s.UnansweredSince = true, at
	if s.Responsible && !s.TurnOpen {
		st.openTurn(s, max(at, s.More().ResponsibleSince))
	}
	return s
}

// becomeChat counts a session as a chat, now that its customer has written.
func (st *State) becomeChat(s *Session) {
	s.Wrote = true
	s.add(s.Start(), metric.Chats, 1)
	s.rehandle()
	s.add(s.Start(), metric.Segments, int64(s.SegmentCount))
	s.add(s.Start(), metric.HumanSegments, int64(s.HumanSegments))
	if s.Assigned {
		s.add(s.Start(), metric.Consultations, 1)
	}
	if s.Risky {
		s.add(s.Start(), metric.RiskyChats, 1)
	}
	st.addChat(s)
}

// inbound counts the pairs of reply_rate. A message that arrives behind its
// reply is replied to already.
func (st *State) inbound(s *Session, slot metric.Slot, at int64) {
	day := slot.Day
	if !s.counted(day, "", metric.HumanInbound) {
		s.add(slot, metric.HumanInbound, 1)
		for v := range s.More().Voices.All() {
			if v.Last > at && st.calendar.Day(v.Last) == day {
				s.add(slot, metric.HumanReplied, 1)
				break
			}
		}
	}
	if s.Handler.Kind != event.Agent {
		return
	}
	agent := event.AgentID(s.Handler.ID)
	if s.counted(day, agent, metric.HumanInbound) {
		return
	}
	s.addAgent(slot, agent, s.MomentTeam(), metric.HumanInbound, 1)
	if v := st.voice(s, agent); v.Last > at && st.calendar.Day(v.Last) == day {
		s.beside(day, agent, metric.HumanInbound, metric.HumanReplied)
	}
}

func (st *State) agentWrote(c *Conversation, at int64, author event.AgentID) *Session {
	s := c.Current()
	behind := s.ClosedAt != 0 && at < s.ClosedAt
	if s.Closed && !behind {
		st.reopen(s, at)
	}
	if author == "" && s.Handler.Kind == event.Agent {
		author = event.AgentID(s.Handler.ID)
	}
	slot, team := st.calendar.Slot(at), s.MomentTeam()
	first := s.FromAgent == 0
	s.FromAgent++
	s.add(slot, metric.MessagesAgent, 1)
	s.once(slot, author, team, metric.HandledChats)
	if author != "" {
		st.agent(author)
		s.addAgent(slot, author, team, metric.MessagesAgent, 1)
		s.onceAgent(slot, author, team, metric.HandledOrRisky)
		st.firstHuman(s, author, s.QueuedTeam, false)
	}
	if !s.HumanInvolved {
		s.HumanInvolved = true
		s.rehandle()
	}
	if s.Abandoned && !behind {
		s.add(s.More().FirstTurn.slot(), metric.AbandonedChats, -1)
		s.Abandoned = false
	}
	s.beside(slot.Day, "", metric.HumanInbound, metric.HumanReplied)
	if author != "" {
		s.beside(slot.Day, author, metric.HumanInbound, metric.HumanReplied)
	}
	if st.profile.FirstResponseFrom == "customer" && first && s.More().FirstTurn.Opened {
		st.firstResponse(s, slot, max(0, at-s.FirstCustomer))
	}
	if author != "" {
		v := st.voice(s, author)
		v.Last = max(v.Last, at)
	}
	if behind {
		return s
	}
	s.LastReply = max(s.LastReply, at)
	s.Unanswered = false
	if s.TurnOpen {
		st.answerTurn(s, slot, at, author, team)
	}
	return s
}

func (st *State) botWrote(s *Session, at int64) {
	s.FromBot++
	s.add(st.calendar.Slot(at), metric.MessagesBot, 1)
	if !s.BotInvolved {
		s.BotInvolved = true
		s.rehandle()
	}
	if s.ClosedAt != 0 && at < s.ClosedAt {
		return // from before the last closing: it answers nothing written since
	}
	s.LastReply = max(s.LastReply, at)
	s.Unanswered = false
}

// openTurn begins a human turn.
func (st *State) openTurn(s *Session, since int64) {
	s.TurnOpen, s.more().TurnSince = true, since
	if !s.HumanInvolved {
		s.HumanInvolved = true
		s.rehandle()
	}
	if s.More().FirstTurn.Opened {
		return
	}
	slot := st.calendar.Slot(since)
	s.more().FirstTurn = FirstTurn{Opened: true, Open: true, Day: slot.Day, Hour: slot.Hour}
	s.add(slot, metric.ResponseRequired, 1)
	st.ownFirstTurn(s)
}

// ownFirstTurn gives the open first turn to the agent who has the conversation
// now, and takes it from who had it before.
func (st *State) ownFirstTurn(s *Session) {
	if !s.More().FirstTurn.Open {
		return
	}
	var agent event.AgentID
	if s.Handler.Kind == event.Agent {
		agent = event.AgentID(s.Handler.ID)
	}
	s.moveFirstTurn(agent, s.MomentTeam())
}

func (s *Session) moveFirstTurn(to event.AgentID, team event.TeamID) {
	f := &s.more().FirstTurn
	was := f.whose()
	if was.Agent == to {
		return
	}
	if was.Agent != "" {
		r := s.row(f.slot(), was.Agent, was.Channel, was.Team)
		r.Counts.Add(metric.ResponseRequired, -1)
		r.Dirty = true
	}
	f.Place = &Place{to, s.Channel, team}
	s.addAgent(f.slot(), to, team, metric.ResponseRequired, 1)
}

// answerTurn closes the open turn with an agent's reply.
func (st *State) answerTurn(s *Session, slot metric.Slot, at int64, author event.AgentID, team event.TeamID) {
	response := max(0, at-s.More().TurnSince)
	s.TurnOpen = false
	if f := &s.More().FirstTurn; f.Open {
		s.moveFirstTurn(author, team)
		f.Open = false
		if response <= st.profile.ResponseWindowHours*60*60*1000 {
			s.add(f.slot(), metric.RespondedInWindow, 1)
			s.addAgent(f.slot(), author, f.whose().Team, metric.RespondedInWindow, 1)
		}
		if response <= st.profile.ServiceLevelSeconds*1000 {
			s.add(f.slot(), metric.RespondedInServiceLevel, 1)
		}
	}
	switch {
	case s.Responded:
		s.add(slot, metric.TurnResponses, 1)
		s.add(slot, metric.TurnResponseMillis, response)
	case st.profile.FirstResponseFrom == "customer":
		s.Responded = true
	default:
		s.Responded = true
		st.firstResponse(s, slot, response)
	}
	if author == "" {
		return
	}
	if v := st.voice(s, author); !v.Answered {
		v.Answered = true
		s.addAgent(slot, author, team, metric.FirstResponses, 1)
		s.addAgent(slot, author, team, metric.FirstResponseMillis, response)
	} else {
		s.addAgent(slot, author, team, metric.TurnResponses, 1)
		s.addAgent(slot, author, team, metric.TurnResponseMillis, response)
	}
}

func (st *State) firstResponse(s *Session, slot metric.Slot, response int64) {
	s.more().FirstResponse, s.HasFirst = response, true
	s.add(slot, metric.FirstResponses, 1)
	s.add(slot, metric.FirstResponseMillis, response)
}

// endTurn closes the open turn unanswered.
func (s *Session) endTurn() {
	s.TurnOpen = false
	if s.Extra != nil {
		s.Extra.FirstTurn.Open = false
	}
}

func clip(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return strings.Clone(text[:most]) // and not all of it
}
