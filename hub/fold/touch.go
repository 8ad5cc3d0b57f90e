package fold

import (
	"slices"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// Touch is what an AI sale can be attributed to: a bot's message to the
// session's customer, or a click on a product card.
type Touch struct {
	At int64            `json:"t"`          // milliseconds
	By event.CustomerID `json:"c,omitzero"` // who clicked; empty: a bot's message
}

// TouchRef names a session with touches that concern a customer.
type TouchRef struct {
	Conversation event.ConversationID `json:"c"`
	Number       int                  `json:"n"`
	Channel      event.ChannelID      `json:"h"`
	First        int64                `json:"f"` // times of these touches
	Last         int64                `json:"l"`
}

// Sale is the touch that an order is attributed to.
type Sale struct {
	Conversation event.ConversationID `json:"c"`
	Number       int                  `json:"n"`
	At           int64                `json:"t"`
}

// The touches of attribution, as a channel names them.
const (
	touchClick   = "product_click"
	touchMessage = "message"
)

// attribution is how a channel's AI sales are attributed: as the channel says,
// else as the profile says of its kind; nil: not at all.
func (st *State) attribution(id event.ChannelID) *event.Attribution {
	c, ok := st.channels[id]
	if !ok {
		return nil
	}
	if c.Attribution != nil {
		return c.Attribution
	}
	if a, ok := st.profile.Attribution[c.Kind]; ok {
		return &a
	}
	return nil
}

// within reports whether an order paid then can be attributed to a touch.
func within(a *event.Attribution, paid, touch int64) bool {
	d := paid - touch
	return d >= 0 && d <= a.Hours*60*60*1000
}

// counts reports whether a touch is of the kind that the channel attributes by.
// A click counts in a conversation with a bot alone.
func (t *Touch) counts(s *Session, a *event.Attribution) bool {
	if t.By == "" {
		return a.Touch == touchMessage
	}
	return a.Touch == touchClick && s.isAI()
}

func (st *State) productClicked(at int64, d *event.ProductClicked) {
	st.customer(d.Customer)
	if d.Conversation == "" {
		return // in no channel
	}
	s := st.conversation(d.Conversation, at, "").Current()
	t := Touch{At: at, By: d.Customer}
	x := s.rare()
	x.Touches = append(x.Touches, t)
	st.noteTouch(d.Customer, s, at)
	st.touched(s, &t)
}

// botTouched notes a bot's message where that may attribute a sale: in other
// channels nothing would come of them but weight.
func (st *State) botTouched(s *Session, at int64) {
	if a := st.attribution(s.Channel); !s.Unannounced && (a == nil || a.Touch != touchMessage) {
		return
	}
	t := Touch{At: at}
	x := s.rare()
	x.Touches = append(x.Touches, t)
	if s.Customer != "" {
		st.noteTouch(s.Customer, s, at)
		st.touched(s, &t)
	}
}

// noteTouch tells a customer of a session with a touch of his.
func (st *State) noteTouch(id event.CustomerID, s *Session, at int64) {
	c := st.customer(id)
	for i := range c.More().Touched {
		if r := &c.More().Touched[i]; r.Conversation == s.Conversation && r.Number == s.Number {
			r.First, r.Last = min(r.First, at), max(r.Last, at)
			return
		}
	}
	c.more().Touched = append(c.More().Touched, TouchRef{Conversation: s.Conversation, Number: s.Number, Channel: s.Channel, First: at, Last: at})
}

// touched attributes the orders to which a touch is the latest.
func (st *State) touched(s *Session, t *Touch) {
	a := st.attribution(s.Channel)
	if a == nil || !t.counts(s, a) {
		return
	}
	id := t.By
	if id == "" {
		id = s.Customer
	}
	c := st.customer(id)
	for i := range c.More().Orders {
		if o := &c.More().Orders[i]; within(a, o.Paid, t.At) && (o.Sale == nil || t.At >= o.Sale.At) {
			st.attribute(o, &Sale{Conversation: s.Conversation, Number: s.Number, At: t.At})
		}
	}
}

// clicksCount attributes by the clicks of a session that has become a
// conversation with a bot.
func (st *State) clicksCount(s *Session) {
	for i := range s.More().Touches {
		if t := &s.More().Touches[i]; t.By != "" {
			st.touched(s, t)
		}
	}
}

// latestTouch is the latest touch of a customer, in whatever channel, to which
// an order paid then can be attributed; of two at one time the one that came later.
func (st *State) latestTouch(c *Customer, paid int64) *Sale {
	var latest *Sale
	for i := range c.More().Touched {
		r := &c.More().Touched[i]
		a := st.attribution(r.Channel)
		if a == nil || !r.mayAttribute(a, paid) {
			continue
		}
		s := st.find(r.Conversation, r.Number)
		if s == nil {
			continue
		}
		for j := range s.More().Touches {
			t := &s.More().Touches[j]
			if (t.By == c.ID || t.By == "" && s.Customer == c.ID) && t.counts(s, a) && within(a, paid, t.At) && (latest == nil || t.At >= latest.At) {
				latest = &Sale{Conversation: s.Conversation, Number: s.Number, At: t.At}
			}
		}
	}
	return latest
}

func (r *TouchRef) mayAttribute(a *event.Attribution, paid int64) bool {
	return r.First <= paid && within(a, max(paid, r.Last), r.Last)
}

// attribute moves an order's sale to another touch, or to none. It stands on the
// day and hour of the order.
func (st *State) attribute(o *Order, to *Sale) {
	if o.Sale != nil && to != nil && o.Sale.Conversation == to.Conversation && o.Sale.Number == to.Number {
		o.Sale = to
		return
	}
	at := st.calendar.Slot(o.Paid)
	if o.Sale != nil {
		if s := st.session(o.Sale.Conversation, o.Sale.Number); s != nil {
			s.sell(at, metric.Money{o.Currency: o.Amount.Neg()})
		}
	}
	o.Sale = to
	if to != nil {
		if s := st.session(to.Conversation, to.Number); s != nil {
			s.sell(at, metric.Money{o.Currency: o.Amount})
		}
	}
}

func (s *Session) sell(at metric.Slot, m metric.Money) {
	r := s.row(at, "", "", "")
	r.put(r.Parts(), with(r.AISales(), m))
	r.Dirty = true
}

// find finds a session without marking it as touched.
func (st *State) find(id event.ConversationID, number int) *Session {
	if c, ok := st.conversations.Get(string(id)); ok {
		for _, s := range c.Sessions {
			if s.Number == number {
				return s
			}
		}
	}
	return nil
}

// announceTouches places anew the sales of those whose touches stand in a
// session that turns out to be of another channel or customer.
func (st *State) announceTouches(s *Session, before event.CustomerID) {
	if len(s.More().Touches) == 0 {
		return
	}
	for _, id := range touching(s, before, s.Customer) {
		c := st.customer(id)
		c.more().Touched = slices.DeleteFunc(c.More().Touched, func(r TouchRef) bool {
			return r.Conversation == s.Conversation && r.Number == s.Number
		})
		for i := range s.More().Touches {
			if t := &s.More().Touches[i]; t.By == id || t.By == "" && s.Customer == id {
				st.noteTouch(id, s, t.At)
			}
		}
		for i := range c.More().Orders {
			st.attribute(&c.More().Orders[i], st.latestTouch(c, c.More().Orders[i].Paid))
		}
	}
}

// touching lists the customers that a session's touches concern, and more.
func touching(s *Session, more ...event.CustomerID) []event.CustomerID {
	var ids []event.CustomerID
	for i := range s.More().Touches {
		more = append(more, s.More().Touches[i].By)
	}
	for _, id := range more {
		if id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}
