package fold

import (
	"github.com/floorlight/floorlight/hub/event"
)

// Change is what one event did to a state. It is valid until the next Apply.
type Change struct {
	// Refused says why the event counts nowhere; nothing else is set then.
	Refused *event.Refusal
	// Duplicate says that the event was applied before; nothing changed.
	Duplicate bool
	// Late says that an event of a later time was applied before.
	Late bool

	Sessions  []SessionChange
	Agents    []AgentChange
	Customers []*Customer
	Orders    []event.OrderID // new ones
	Loose     []LooseChange
	Tenant    bool // contacts, balances or flows, which the tenant's entity holds
	Directory bool // channels, teams or the profile
	Profile   bool
	Notices   bool // of an agent in Agents
	Disputes  bool // of an agent in Agents
}

// SessionChange is a session that was touched. Before's rows are its own; what
// else it refers to may have changed with Now.
type SessionChange struct {
	Conversation *Conversation
	Now          *Session
	Before       Session
	Created      bool

	extra Extra // Before's
	rare  Rare
}

// AgentChange is an agent that was touched.
type AgentChange struct {
	Now     *Agent
	Before  Agent
	Created bool
}

// reset empties the change and keeps what it allocated.
func (c *Change) reset() {
	*c = Change{Sessions: c.Sessions[:0], Agents: c.Agents[:0], Customers: c.Customers[:0], Orders: c.Orders[:0], Loose: c.Loose[:0]}
}

// touch notes what stood before, the first time that an event comes to a session.
func (st *State) touch(c *Conversation, s *Session) {
	for i := range st.change.Sessions {
		if st.change.Sessions[i].Now == s {
			return
		}
	}
	st.rest(c)
	list := st.change.Sessions
	if n := len(list); n < cap(list) {
		list = list[:n+1] // a session is large, so it is copied once
	} else {
		list = append(list, SessionChange{})
	}
	st.change.Sessions = list
	x := &list[len(list)-1]
	x.Conversation, x.Now, x.Created, x.Before = c, s, false, *s
	before := &x.Before
	at := len(st.rows)
	st.rows = append(st.rows, s.Rows...)
	before.Rows = st.rows[at:len(st.rows):len(st.rows)]
	for i := range before.Rows {
		r := &before.Rows[i]
		r.Counts, st.numbers = r.Counts.Copy(st.numbers)
	}
	if s.Extra != nil {
		x.extra = *s.Extra
		before.Extra = &x.extra
		if s.Extra.Rare != &nothingRare {
			x.rare = *s.Extra.Rare
			x.extra.Rare = &x.rare
		}
	}
}

// beforeOf is what stood before of a session that the event has touched.
func (st *State) beforeOf(s *Session) *Session {
	for i := range st.change.Sessions {
		if x := &st.change.Sessions[i]; x.Now == s && !x.Created {
			return &x.Before
		}
	}
	return s
}

// touchNew notes a session that did not exist before.
func (st *State) touchNew(c *Conversation, s *Session) {
	st.rest(c)
	st.change.Sessions = append(st.change.Sessions, SessionChange{Conversation: c, Now: s, Before: Session{Under: underNothing, Hands: inNoHands}, Created: true})
}

// rest notes when an entity was last of use.
func (st *State) rest(c *Conversation) { c.touched, c.touchedAt = st.seq, st.minute() }
