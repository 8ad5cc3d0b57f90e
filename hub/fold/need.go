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
	if d.From.Kind == event.Bot || d.Automatic != "" {
		n.botTouch(at, d.Conversation)
		return
	}
	if d.From.Kind != event.Customer {
		return
	}
	author := event.CustomerID(d.From.ID)
	n.customer(author)
	c, ok := n.st.conversations.Get(string(d.Conversation))
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
	c, ok := n.st.customers.Get(string(id))
	if !ok {
		return
	}
	for i := range c.More().Orders {
		if o := &c.More().Orders[i]; o.Chat != nil && n.st.inWindow(o.Paid, started) {
			n.conversation(o.Chat.Conversation)
		}
	}
}

// announcement needs all chats with orders of both customers, when a
// conversation that nobody announced turns out to be somebody else's.
func (n *need) announcement(d *event.ConversationStarted) {
	c, ok := n.st.conversations.Get(string(d.Conversation))
	if !ok {
		return
	}
	s := c.Current()
	if !s.Unannounced {
		return
	}
	n.announcedTouches(s, d.Customer.ID)
	if len(s.More().Invited) > 0 {
		n.customer(s.Customer)
	}
	if !s.Wrote {
		return
	}
	n.customer(s.Customer) // whose chat may stand in another channel than it seemed
	if s.Customer == d.Customer.ID {
		return
	}
	n.customer(s.Customer)
	for _, id := range []event.CustomerID{s.Customer, d.Customer.ID} {
		if c, ok := n.st.customers.Get(string(id)); ok {
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
	c, ok := n.st.customers.Get(string(id))
	if !ok {
		return
	}
	for i := range c.More().Orders {
		o := &c.More().Orders[i]
		if o.ID != d.Order {
			continue
		}
		if o.Chat != nil {
			n.conversation(o.Chat.Conversation)
		}
		if o.Sale != nil {
			n.conversation(o.Sale.Conversation)
		}
	}
	n.touches(c, at)
	for i := range c.Chats {
		if n.st.inWindow(at, c.Chats[i].Started) {
			n.conversation(c.Chats[i].Conversation)
		}
	}
}

func (n *need) loose(at int64, channel event.ChannelID, customer event.CustomerID) {
	n.ref(looseRef(n.st.calendar.Slot(at), channel, customer))
}

// becomesAI needs what may be attributed when a bot comes into a conversation:
// the orders of those who clicked in it, and where they are attributed now.
func (n *need) becomesAI(id event.ConversationID) {
	c, ok := n.st.conversations.Get(string(id))
	if !ok || c.Current().isAI() {
		return
	}
	s := c.Current()
	for i := range s.More().Touches {
		if t := &s.More().Touches[i]; t.By != "" {
			n.sales(t.By, s.Channel, t.At)
		}
	}
}

// botTouch needs, for a bot's message, the customer whose order it may have led to.
func (n *need) botTouch(at int64, id event.ConversationID) {
	n.becomesAI(id)
	c, ok := n.st.conversations.Get(string(id))
	if !ok {
		return
	}
	s := c.Current()
	if a := n.st.attribution(s.Channel); s.Unannounced || a != nil && a.Touch == touchMessage {
		n.sales(s.Customer, s.Channel, at)
	}
}

func (n *need) click(d *event.ProductClicked) {
	n.customer(d.Customer)
	if c, ok := n.st.customers.Get(string(d.Customer)); ok && d.Conversation != "" {
		for i := range c.More().Orders {
			if o := &c.More().Orders[i]; o.Sale != nil {
				n.conversation(o.Sale.Conversation)
			}
		}
	}
}

// sales needs the sessions to which the orders are attributed that a touch could
// take over.
func (n *need) sales(id event.CustomerID, channel event.ChannelID, at int64) {
	n.customer(id)
	c, ok := n.st.customers.Get(string(id))
	a := n.st.attribution(channel)
	if !ok || a == nil {
		return
	}
	for i := range c.More().Orders {
		if o := &c.More().Orders[i]; o.Sale != nil && within(a, o.Paid, at) {
			n.conversation(o.Sale.Conversation)
		}
	}
}

// touches needs the sessions in which an order's latest touch may be.
func (n *need) touches(c *Customer, paid int64) {
	for i := range c.More().Touched {
		r := &c.More().Touched[i]
		if a := n.st.attribution(r.Channel); a != nil && r.mayAttribute(a, paid) {
			n.conversation(r.Conversation)
		}
	}
}

// announcedTouches needs all touches and sales of those whose touches stand in a
// session that nobody had announced.
func (n *need) announcedTouches(s *Session, customer event.CustomerID) {
	if len(s.More().Touches) == 0 {
		return
	}
	for _, id := range touching(s, s.Customer, customer) {
		n.customer(id)
		c, ok := n.st.customers.Get(string(id))
		if !ok {
			continue
		}
		for i := range c.More().Touched {
			n.conversation(c.More().Touched[i].Conversation)
		}
		for i := range c.More().Orders {
			if o := &c.More().Orders[i]; o.Sale != nil {
				n.conversation(o.Sale.Conversation)
			}
		}
	}
}

func (n *need) invitation(d *event.ServiceInvited) {
	if c, ok := n.st.conversations.Get(string(d.Conversation)); ok {
		n.customer(c.Current().Customer)
	}
}

func (n *need) joining(at int64, d *event.ServiceJoined) {
	n.customer(d.Customer)
	channel := event.ChannelID("")
	if id := d.Conversation; id != "" {
		channel = unknownChannel
		if c, ok := n.st.conversations.Get(string(id)); ok {
			channel = c.Current().Channel
		}
	} else if c, ok := n.st.customers.Get(string(d.Customer)); ok {
		if v := c.invitation(d.Kind, d.Target); v != nil {
			n.conversation(v.Conversation)
			if s := n.st.find(v.Conversation, v.Number); s != nil {
				channel = s.Channel
			}
		}
	}
	n.loose(at, channel, d.Customer)
}
