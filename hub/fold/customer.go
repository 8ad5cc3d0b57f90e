package fold

import (
	"github.com/shopspring/decimal"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// Customer is a customer: who he is, his chats and his orders.
type Customer struct {
	ID        event.CustomerID   `json:"id"`
	Name      string             `json:"name,omitzero"`
	Addresses *Addresses         `json:",embed"` // nil: none; read by Reached
	Anonymous bool               `json:"anonymous,omitzero"`
	Friend    bool               `json:"friend,omitzero"`
	Wrote     bool               `json:"wrote,omitzero"` // ever
	busy      uint8              // the sweep that found him in an active session, who counts active and idle
	touchedAt minute             // of the latest event when one last changed him
	WroteAt   int64              `json:"wrote_at,omitzero"` // when he first did, in stream order
	Chats     []ChatRef          `json:"chats,omitzero"`
	In        *[]event.ChannelID `json:"in,omitzero"` // shared; nil: none; read by Channels
	Dealings  *Dealings          `json:",embed"`      // nil: none; read by More

	touched uint64
	room    [1]ChatRef // of Chats; most have one
}

// Key is the customer's id.
func (c *Customer) Key() string { return string(c.ID) }

// Addresses are where a customer is reached, if that was said.
type Addresses struct {
	Email string `json:"email,omitzero"`
	Phone string `json:"phone,omitzero"`
	URL   string `json:"url,omitzero"`
}

// Reached is where he is reached.
func (c *Customer) Reached() Addresses {
	if c.Addresses == nil {
		return Addresses{}
	}
	return *c.Addresses
}

// reach takes what an event says of where he is reached.
func (c *Customer) reach(email, phone, url *string) {
	at := c.Reached()
	set(&at.Email, email)
	set(&at.Phone, phone)
	set(&at.URL, url)
	if at != c.Reached() {
		own := at
		c.Addresses = &own
	}
}

// Channels are those of his chats, sorted.
func (c *Customer) Channels() []event.ChannelID {
	if c.In == nil {
		return nil
	}
	return *c.In
}

// Dealings are what many a customer has none of.
type Dealings struct {
	Touched []TouchRef  `json:"touched,omitzero"` // sessions with something that a sale can be attributed to
	Invites []InviteRef `json:"invites,omitzero"` // the latest to each target
	Joins   []Join      `json:"joins,omitzero"`
	Orders  []Order     `json:"orders,omitzero"`
}

var noDealings Dealings

// More is for reading: what stands there is the customer's or empty.
func (c *Customer) More() *Dealings {
	if c.Dealings == nil {
		return &noDealings
	}
	return c.Dealings
}

// more is for writing.
func (c *Customer) more() *Dealings {
	if c.Dealings == nil {
		c.Dealings = &Dealings{}
	}
	return c.Dealings
}

// ChatRef names a session of the customer in which he wrote.
type ChatRef struct {
	Conversation event.ConversationID `json:"c"`
	Number       int                  `json:"n"`
	Started      int64                `json:"s"`
	Channel      *event.ChannelID     `json:"h"` // that of the directory, which stands once
}

// same reports whether both name one session.
func (c *ChatRef) same(o *ChatRef) bool {
	return c.Conversation == o.Conversation && c.Number == o.Number
}

// Order is a paid order. Time stays the first event's, amount and currency are
// the last's.
type Order struct {
	ID       event.OrderID   `json:"id"`
	Paid     int64           `json:"p"`
	Amount   decimal.Decimal `json:"a"`
	Currency string          `json:"u"`
	Chat     *ChatRef        `json:"c,omitzero"` // the chat that it counts on
	Sale     *Sale           `json:"s,omitzero"` // the touch that it is attributed to
}

// orderOwner says whose order an id is; orders stand with their customers.
type orderOwner struct {
	Customer event.CustomerID `json:"customer"`

	touched   uint64
	touchedAt minute
}

func (st *State) customer(id event.CustomerID) *Customer {
	c, ok := st.customers.Get(string(id))
	if !ok {
		c = &Customer{ID: id, Name: string(id)}
		st.customers.Put(c)
		st.created(Ref{Kind: KindCustomer, ID: string(id)})
	}
	if c.touched != st.seq {
		c.touched, c.touchedAt = st.seq, st.minute()
		st.change.Customers = append(st.change.Customers, c)
	}
	return c
}

func (st *State) customerUpdated(d *event.CustomerUpdated) {
	c := st.customer(d.Customer)
	set(&c.Name, d.Name)
	c.reach(d.Email, d.Phone, d.URL)
	set(&c.Anonymous, d.Anonymous)
	set(&c.Friend, d.Friend)
}

func (st *State) introduce(p *event.Profile) {
	c := st.customer(p.ID)
	set(&c.Name, p.Name)
	c.reach(p.Email, p.Phone, nil)
	set(&c.Anonymous, p.Anonymous)
}

// windowMillis is how long after a chat's start an order still counts for it.
func (st *State) windowMillis() int64 { return st.profile.ConversionWindowDays * 24 * 60 * 60 * 1000 }

func (st *State) inWindow(paid, started int64) bool {
	d := paid - started
	return d >= 0 && d <= st.windowMillis()
}

func (st *State) orderPaid(at int64, d *event.OrderPaid) {
	amount, err := metric.ParseAmount(d.Amount)
	if err != nil {
		return // validated when it was decoded
	}
	if owner, known := st.orders[d.Order]; known {
		owner.touched, owner.touchedAt = st.seq, st.minute()
		c := st.customer(owner.Customer)
		for i := range c.More().Orders {
			if o := &c.More().Orders[i]; o.ID == d.Order {
				chat, sale := o.Chat, o.Sale
				st.place(o, nil)
				st.attribute(o, nil)
				o.Amount, o.Currency = amount, d.Currency
				st.place(o, chat)
				st.attribute(o, sale)
			}
		}
		return
	}
	st.orders[d.Order] = &orderOwner{Customer: d.Customer, touched: st.seq, touchedAt: st.minute()}
	st.created(Ref{Kind: KindOrder, ID: string(d.Order)})
	st.change.Orders = append(st.change.Orders, d.Order)
	c := st.customer(d.Customer)
	c.more().Orders = append(c.More().Orders, Order{ID: d.Order, Paid: at, Amount: amount, Currency: d.Currency})
	o := &c.More().Orders[len(c.More().Orders)-1]
	st.place(o, st.lastChatBefore(c, at))
	st.attribute(o, st.latestTouch(c, at))
	for i := range c.Chats {
		if st.inWindow(at, c.Chats[i].Started) {
			st.convert(c, &c.Chats[i])
		}
	}
}

// lastChatBefore is the customer's chat in the window before a payment that
// started last; of two that started together the one that came later.
func (st *State) lastChatBefore(c *Customer, paid int64) *ChatRef {
	var last *ChatRef
	for i := range c.Chats {
		if chat := &c.Chats[i]; st.inWindow(paid, chat.Started) && (last == nil || chat.Started >= last.Started) {
			last = chat
		}
	}
	return last
}

// place moves what an order counts to another chat, or to none.
func (st *State) place(o *Order, chat *ChatRef) {
	if o.Chat != nil && chat != nil && o.Chat.same(chat) {
		return
	}
	if o.Chat != nil {
		if s := st.sessionOf(o.Chat); s != nil {
			s.add(s.Start(), metric.OrdersAfterInquiry, -1)
			x := s.rare()
			x.Revenue = with(x.Revenue, metric.Money{o.Currency: o.Amount.Neg()})
		}
		o.Chat = nil
	}
	if chat != nil {
		ref := *chat
		o.Chat = &ref
		if s := st.sessionOf(o.Chat); s != nil {
			s.add(s.Start(), metric.OrdersAfterInquiry, 1)
			x := s.rare()
			x.Revenue = with(x.Revenue, metric.Money{o.Currency: o.Amount})
		}
	}
}

// convert brings a chat's mark for conversion up to the customer's orders.
func (st *State) convert(c *Customer, chat *ChatRef) {
	s := st.find(chat.Conversation, chat.Number)
	if s == nil {
		return
	}
	var n int64
	for i := range c.More().Orders {
		if st.inWindow(c.More().Orders[i].Paid, chat.Started) {
			n = 1
			break
		}
	}
	if was := s.row(s.Start(), "", "", "").Counts.At(metric.Converted); was != n {
		st.sessionOf(chat) // is touched
		s.add(s.Start(), metric.Converted, n-was)
	}
}

// addChat tells a customer of a session in which he wrote, and places his orders anew.
func (st *State) addChat(s *Session) {
	if s.Customer == "" {
		return
	}
	c := st.customer(s.Customer)
	if c.Chats == nil {
		c.Chats = c.room[:0]
	}
	c.Chats = append(c.Chats, ChatRef{Conversation: s.Conversation, Number: s.Number, Started: s.Started, Channel: st.channelsName(s.Channel)})
	st.placeContact(c)
	chat := &c.Chats[len(c.Chats)-1]
	for i := range c.More().Orders {
		if o := &c.More().Orders[i]; st.inWindow(o.Paid, chat.Started) && (o.Chat == nil || chat.Started >= o.Chat.Started) {
			st.place(o, chat)
		}
	}
	st.convert(c, chat)
}

// rechannelChat tells the customer of the channel that his chat turns out to be in.
func (st *State) rechannelChat(s *Session) {
	if s.Customer == "" || !s.Wrote {
		return
	}
	c := st.customer(s.Customer)
	for i := range c.Chats {
		if c.Chats[i].Conversation == s.Conversation && c.Chats[i].Number == s.Number {
			c.Chats[i].Channel = st.channelsName(s.Channel)
		}
	}
	st.placeContact(c)
}

// dropChat takes a session from a customer to whom it did not belong.
func (st *State) dropChat(s *Session) {
	if s.Customer == "" {
		return
	}
	c := st.customer(s.Customer)
	for i := range c.Chats {
		if c.Chats[i].Conversation == s.Conversation && c.Chats[i].Number == s.Number {
			gone := c.Chats[i]
			c.Chats = append(c.Chats[:i:i], c.Chats[i+1:]...)
			st.placeContact(c)
			for j := range c.More().Orders {
				if o := &c.More().Orders[j]; o.Chat != nil && o.Chat.same(&gone) {
					st.place(o, st.lastChatBefore(c, o.Paid))
				}
			}
			if was := s.row(s.Start(), "", "", "").Counts.At(metric.Converted); was != 0 {
				s.add(s.Start(), metric.Converted, -was)
			}
			return
		}
	}
}

// sessionOf finds a chat's session and marks it as touched.
func (st *State) sessionOf(chat *ChatRef) *Session {
	return st.session(chat.Conversation, chat.Number)
}

// session finds a session and marks it as touched.
func (st *State) session(id event.ConversationID, number int) *Session {
	c, ok := st.conversations.Get(string(id))
	if !ok {
		return nil
	}
	for _, s := range c.Sessions {
		if s.Number == number {
			st.touch(c, s)
			return s
		}
	}
	return nil
}
