package fold

import (
	"slices"
	"strconv"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// noticeDays is how long a notification waits for its acknowledgement.
const noticeDays = 30

// Old reports whether the notification is no longer kept, at a moment in milliseconds.
func (n *Notice) Old(at int64) bool { return n.At < at-noticeDays*24*60*60*1000 }

func (st *State) messageBlocked(at int64, d *event.MessageBlocked) {
	c := st.conversation(d.Conversation, at, author(d.From))
	s := c.Current()
	m := c.Marks.at(d.Message)
	if m.has(markBlocked) {
		return
	}
	m.set(markBlocked)
	m.came(st.seq)
	st.risk(s, st.calendar.Slot(at), d.From, metric.BlockedMessages, d.Violations)
	if d.From.Kind != event.Agent || d.From.ID == "" {
		return
	}
	a := st.touchAgent(event.AgentID(d.From.ID))
	st.notify(a, &Notice{
		At: at, Kind: "message_blocked", Conversation: d.Conversation, Message: d.Message, Text: d.Text, Violations: d.Violations,
	})
}

// notify gives an agent a notification, named after the event that it is of.
func (st *State) notify(a *Agent, n *Notice) {
	if a.Notices == nil {
		a.Notices = make(map[string]*Notice)
	}
	a.Notices["n"+strconv.FormatUint(st.seq, 10)] = n
	st.change.Notices = true
}

func (st *State) messageFlagged(at int64, d *event.MessageFlagged) {
	c := st.conversation(d.Conversation, at, author(d.From))
	s := c.Current()
	m := c.Marks.at(d.Message)
	if m.has(markFlagged) {
		return
	}
	m.set(markFlagged)
	from := d.From
	if m.has(markAutomatic) {
		from.Kind = event.Bot
	}
	st.risk(s, st.calendar.Slot(at), from, metric.FlaggedMessages, d.Violations)
}

// risk counts a blocked or flagged message: once, and once under each distinct
// category and rule. It makes a chat risky only if the customer wrote in that
// session.
func (st *State) risk(s *Session, at metric.Slot, from event.Actor, c metric.Counter, violations []event.Violation) {
	parts := violationParts(c, violations)
	s.add(at, c, 1)
	for _, p := range parts {
		s.addPart(at, p)
	}
	if from.Kind == event.Agent && from.ID != "" {
		agent, team := event.AgentID(from.ID), s.MomentTeam()
		st.agent(agent)
		s.addAgent(at, agent, team, c, 1)
		for _, p := range parts {
			s.row(at, agent, s.Channel, team).addParts(p)
		}
		s.onceAgent(at, agent, team, metric.HandledOrRisky)
		s.beside(at.Day, agent, metric.HandledOrRisky, metric.RiskyChats)
	}
	if s.Risky {
		return
	}
	s.Risky = true
	if s.Wrote {
		s.add(s.Start(), metric.RiskyChats, 1)
	}
}

// found lists what a check found: its violations, and the rules that it names
// without saying where.
func found(c *event.Check) []event.Violation {
	list := c.Violations
	for _, rule := range c.Rules {
		if !slices.ContainsFunc(c.Violations, func(v event.Violation) bool { return v.Rule == rule }) {
			list = append(slices.Clip(list), event.Violation{Rule: rule})
		}
	}
	return list
}

// violationParts are one of the counter under each distinct category and rule.
func violationParts(c metric.Counter, violations []event.Violation) []metric.Part {
	var parts []metric.Part
	add := func(d metric.Dimension, value string) {
		p := metric.Part{Dimension: d, Value: value, Counter: c, N: 1}
		if value != "" && !slices.ContainsFunc(parts, func(o metric.Part) bool { return o.Dimension == d && o.Value == value }) {
			parts = append(parts, p)
		}
	}
	for i := range violations {
		add(metric.ByCategory, violations[i].Category)
		add(metric.ByRule, violations[i].Rule)
	}
	return parts
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
