package fold

import (
	"strconv"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// noticeDays is how long a notification waits for its acknowledgement.
const noticeDays = 30

func (st *State) messageBlocked(at int64, d *event.MessageBlocked) {
	c := st.conversation(d.Conversation, at, author(d.From))
	s := c.Current()
	m := c.Marks.at(d.Message)
	if m.bits&markBlocked != 0 {
		return
	}
	m.bits |= markBlocked
	if m.seq == 0 {
		m.seq = st.seq
	}
	st.risk(s, st.calendar.Day(at), d.From, metric.BlockedMessages)
	if d.From.Kind != event.Agent || d.From.ID == "" {
		return
	}
	a := st.touchAgent(event.AgentID(d.From.ID))
	if a.Notices == nil {
		a.Notices = make(map[string]*Notice)
	}
	a.Notices["n"+strconv.FormatUint(st.seq, 10)] = &Notice{
		At: at, Kind: "message_blocked", Conversation: d.Conversation, Message: d.Message, Text: d.Text, Violations: d.Violations,
	}
	st.change.Notices = true
}

func (st *State) messageFlagged(at int64, d *event.MessageFlagged) {
	c := st.conversation(d.Conversation, at, author(d.From))
	s := c.Current()
	m := c.Marks.at(d.Message)
	if m.bits&markFlagged != 0 {
		return
	}
	m.bits |= markFlagged
	from := d.From
	if m.bits&markAutomatic != 0 {
		from.Kind = event.Bot
	}
	st.risk(s, st.calendar.Day(at), from, metric.FlaggedMessages)
}

// risk counts a blocked or flagged message. It makes a chat risky only if the
// customer wrote in that session.
func (st *State) risk(s *Session, day metric.Day, from event.Actor, c metric.Counter) {
	s.add(day, c, 1)
	if from.Kind == event.Agent && from.ID != "" {
		agent, team := event.AgentID(from.ID), s.MomentTeam()
		st.agent(agent)
		s.addAgent(day, agent, team, c, 1)
		s.onceAgent(day, agent, team, metric.HandledOrRisky)
		s.beside(day, agent, metric.HandledOrRisky, metric.RiskyChats)
	}
	if s.Risky {
		return
	}
	s.Risky = true
	if s.Wrote {
		s.add(s.StartDay, metric.RiskyChats, 1)
	}
}

func (st *State) notificationAcknowledged(d *event.NotificationAcknowledged) {
	a := st.touchAgent(d.Agent)
	for _, id := range d.Items {
		if _, ok := a.Notices[id]; ok {
			delete(a.Notices, id)
			st.change.Notices = true
		}
	}
}
