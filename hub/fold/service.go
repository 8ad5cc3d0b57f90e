package fold

import (
	"slices"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// Invite is an invitation to a specialist or a group, sent in a session.
type Invite struct {
	Kind   string        `json:"k"` // specialist, group
	Target string        `json:"t"`
	Agent  event.AgentID `json:"a"`
}

// InviteRef is the latest invitation of a customer to a target, and where it stands.
type InviteRef struct {
	Invite

	Conversation event.ConversationID `json:"c"`
	Number       int                  `json:"n"`
}

// Join says that a customer added a specialist, or joined a group, on a day.
type Join struct {
	Kind   string     `json:"k"`
	Target string     `json:"t"`
	Day    metric.Day `json:"d"`
}

const specialist = "specialist"

func (st *State) serviceInvited(at int64, d *event.ServiceInvited) {
	st.agent(d.Agent)
	s := st.conversation(d.Conversation, at, "").Current()
	c := metric.GroupInvites
	if d.Kind == specialist {
		c = metric.SpecialistInvites
	}
	s.add(st.calendar.Slot(at), c, 1)
	v := Invite{Kind: d.Kind, Target: d.Target, Agent: d.Agent}
	x := s.rare()
	x.Invited = append(slices.DeleteFunc(x.Invited, v.sameTarget), v)
	st.noteInvite(s.Customer, InviteRef{Invite: v, Conversation: s.Conversation, Number: s.Number})
}

func (v *Invite) sameTarget(o Invite) bool { return o.Kind == v.Kind && o.Target == v.Target }

func (st *State) noteInvite(id event.CustomerID, v InviteRef) {
	if id == "" {
		return
	}
	c := st.customer(id)
	c.more().Invites = append(slices.DeleteFunc(c.More().Invites, func(o InviteRef) bool { return v.sameTarget(o.Invite) }), v)
}

// moveInvites gives the invitations of a session to the customer whose it turns
// out to be.
func (st *State) moveInvites(s *Session, to event.CustomerID) {
	if len(s.More().Invited) == 0 {
		return
	}
	if s.Customer != "" {
		c := st.customer(s.Customer)
		c.more().Invites = slices.DeleteFunc(c.More().Invites, func(o InviteRef) bool { return o.Conversation == s.Conversation && o.Number == s.Number })
	}
	for _, v := range s.More().Invited {
		st.noteInvite(to, InviteRef{Invite: v, Conversation: s.Conversation, Number: s.Number})
	}
}

// invitation is the latest one of a customer to a target, if there was one.
func (c *Customer) invitation(kind, target string) *InviteRef {
	for i := range c.More().Invites {
		if v := &c.More().Invites[i]; v.Kind == kind && v.Target == target {
			return v
		}
	}
	return nil
}

// serviceJoined counts a pair of customer and target once a day: on the session
// that the event names, else on that of the latest invitation, if it is the
// customer's own; else on no conversation.
func (st *State) serviceJoined(at int64, d *event.ServiceJoined) {
	c := st.customer(d.Customer)
	invite := c.invitation(d.Kind, d.Target)
	if d.Agent != "" {
		st.agent(d.Agent)
	}
	var s *Session
	switch {
	case d.Conversation != "":
		s = st.conversation(d.Conversation, at, "").Current()
	case invite != nil:
		s = st.session(invite.Conversation, invite.Number)
	}
	slot := st.calendar.Slot(at)
	join := Join{Kind: d.Kind, Target: d.Target, Day: slot.Day}
	if slices.Contains(c.More().Joins, join) {
		return
	}
	c.more().Joins = append(c.More().Joins, join)
	n := metric.GroupsJoined
	if d.Kind == specialist {
		n = metric.SpecialistsAdded
	}
	switch {
	case s == nil:
		st.loose(at, "", d.Customer).add(n, 1)
	case s.Customer != d.Customer:
		st.loose(at, s.Channel, d.Customer).add(n, 1)
	default:
		s.add(slot, n, 1)
	}
}

func (st *State) flowTriggered(at int64, d *event.FlowTriggered) {
	st.named(d.Channel)
	if st.flows[d.Flow] != d.Name {
		st.flows[d.Flow] = d.Name
		st.change.Tenant = true
	}
	p := metric.Part{Dimension: metric.ByFlow, Value: d.Flow, Counter: metric.FlowTriggers, N: 1}
	if d.Conversation == "" {
		l := st.loose(at, d.Channel, "")
		l.add(metric.FlowTriggers, 1)
		l.Row.addParts(p)
		return
	}
	s := st.conversation(d.Conversation, at, "").Current()
	slot := st.calendar.Slot(at)
	s.add(slot, metric.FlowTriggers, 1)
	s.addPart(slot, p)
}
