package fold

import (
	"slices"

	"github.com/floorlight/floorlight/hub/event"
)

// need collects what an event touches and is not resident.
type need struct {
	st   *State
	refs []Ref
}

func (n *need) ref(r Ref) {
	if r.ID == "" || n.st.resident(r) || !n.st.known.Maybe(r) {
		return
	}
	n.unresolved(r)
}

// unresolved adds what is known, unless it was looked up already.
func (n *need) unresolved(r Ref) {
	if _, absent := n.st.absent[r]; absent || n.st.resident(r) {
		return
	}
	if !slices.Contains(n.refs, r) {
		n.refs = append(n.refs, r)
	}
}

func (n *need) conversation(id event.ConversationID) {
	n.ref(Ref{Kind: KindConversation, ID: string(id)})
}

func (n *need) customer(id event.CustomerID) { n.ref(Ref{Kind: KindCustomer, ID: string(id)}) }

// message needs, for a message that makes a chat, the chats on which the
// customer's orders count until now.
func (n *need) message(at int64, d *event.MessageSent) {
	if d.From.Kind == event.Broadcast {
		n.loose(at, d.Channel, "")
		return
	}
	if d.From.Kind != event.Customer {
		return
	}
	author := event.CustomerID(d.From.ID)
	n.customer(author)
	c, ok := n.st.conversations[d.Conversation]
	if !ok {
		n.placed(author, at)
		return
	}
	s := c.Current()
	n.customer(s.Customer)
	if s.Closed && n.st.profile.MessageAfterClose == "new_session" {
		n.placed(s.Customer, at)
	}
	if !s.Wrote { // also then: a message from before the closing makes the old session a chat
		n.placed(s.Customer, s.Started)
	}
}

// placed needs the chats of the orders that a chat started then could take over.
func (n *need) placed(id event.CustomerID, started int64) {
	c, ok := n.st.customers[id]
	if !ok {
		return
	}
	for i := range c.Orders {
		if o := &c.Orders[i]; o.Chat != nil && n.st.inWindow(o.Paid, started) {
			n.conversation(o.Chat.Conversation)
		}
	}
}

// announcement needs all chats with orders of both customers, when a
// conversation that nobody announced turns out to be somebody else's.
func (n *need) announcement(d *event.ConversationStarted) {
	c, ok := n.st.conversations[d.Conversation]
	if !ok {
		return
	}
	s := c.Current()
	if !s.Unannounced || !s.Wrote || s.Customer == d.Customer.ID {
		return
	}
	n.customer(s.Customer)
	for _, id := range []event.CustomerID{s.Customer, d.Customer.ID} {
		if c, ok := n.st.customers[id]; ok {
			for i := range c.Chats {
				n.conversation(c.Chats[i].Conversation)
			}
		}
	}
}

// order needs the customer whose order it is and the chats that it converts.
func (n *need) order(at int64, d *event.OrderPaid) {
	n.ref(Ref{Kind: KindOrder, ID: string(d.Order)})
	id := d.Customer
	if owner, ok := n.st.orders[d.Order]; ok {
		id = owner.Customer
	}
	n.customer(id)
	c, ok := n.st.customers[id]
	if !ok {
		return
	}
	for i := range c.Orders {
		if o := &c.Orders[i]; o.ID == d.Order && o.Chat != nil {
			n.conversation(o.Chat.Conversation)
		}
	}
	for i := range c.Chats {
		if n.st.inWindow(at, c.Chats[i].Started) {
			n.conversation(c.Chats[i].Conversation)
		}
	}
}

func (n *need) loose(at int64, channel event.ChannelID, customer event.CustomerID) {
	n.ref(looseRef(n.st.calendar.Slot(at), channel, customer))
}
