package fold

import (
	"fmt"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// Loose is what belongs to no conversation, in one hour of one local day, under
// one channel and, where that bears on a number, of one customer: broadcasts,
// flows, what templates cost and what was added to the balance, joinings
// without a conversation.
type Loose struct {
	Row      Row              `json:"r"` // Agent and Team are empty
	Customer event.CustomerID `json:"cu,omitzero"`
	Used     metric.Money     `json:"us,omitzero"` // credits charged; never changed in place
	Added    metric.Money     `json:"ad,omitzero"` // credits added; never changed in place

	touched   uint64
	touchedAt minute
}

// Ref names the row's entity. Its id begins with the day.
func (l *Loose) Ref() Ref { return looseRef(l.Row.Slot(), l.Row.Channel, l.Customer) }

// Ids may have any character, so the channel's length tells where it ends.
func looseRef(at metric.Slot, channel event.ChannelID, customer event.CustomerID) Ref {
	return Ref{Kind: KindLoose, ID: fmt.Sprintf("%s/%02d/%d/%s/%s", at.Day, at.Hour, len(channel), channel, customer)}
}

// LooseChange is a loose row that was touched. Before is zero if it is new.
type LooseChange struct {
	Now    *Loose
	Before Loose
}

// loose finds or makes a loose row, and marks it as touched.
func (st *State) loose(at int64, channel event.ChannelID, customer event.CustomerID) *Loose {
	st.named(channel)
	slot := st.calendar.Slot(at)
	r := looseRef(slot, channel, customer)
	l, ok := st.looseRows[r]
	if !ok {
		l = &Loose{Row: Row{Place: &Place{Channel: channel}, Day: slot.Day, Hour: slot.Hour}, Customer: customer}
		st.looseRows[r] = l
		st.created(r)
	}
	l.touched, l.touchedAt = st.seq, st.minute()
	for i := range st.change.Loose {
		if st.change.Loose[i].Now == l {
			return l
		}
	}
	c := LooseChange{Now: l, Before: Loose{Row: Row{Place: whole}}}
	if ok {
		c.Before = *l
		c.Before.Row.Counts, st.numbers = l.Row.Counts.Copy(st.numbers)
	}
	st.change.Loose = append(st.change.Loose, c)
	l.Row.Dirty = true
	return l
}

func (l *Loose) add(c metric.Counter, n int64) { l.Row.Counts.Add(c, n) }

func (st *State) broadcast(at int64, channel event.ChannelID) {
	st.loose(at, channel, "").add(metric.MessagesBroadcast, 1)
}

func (st *State) templateCharged(at int64, d *event.TemplateCharged) {
	amount, err := metric.ParseAmount(d.Amount)
	if err != nil {
		return // validated when it was decoded
	}
	l := st.loose(at, d.Channel, "")
	l.Used = with(l.Used, metric.Money{d.Currency: amount})
	l.Row.addParts(metric.Part{Dimension: metric.ByCategory, Value: d.Category, Money: metric.Money{d.Currency: amount}})
	st.balance(d.Channel, metric.Money{d.Currency: amount.Neg()})
}

func (st *State) creditAdded(at int64, d *event.CreditAdded) {
	amount, err := metric.ParseAmount(d.Amount)
	if err != nil {
		return // validated when it was decoded
	}
	l := st.loose(at, d.Channel, "")
	l.Added = with(l.Added, metric.Money{d.Currency: amount})
	st.balance(d.Channel, metric.Money{d.Currency: amount})
}

// with is a sum of its own; what was given stays as it was.
func with(m, more metric.Money) metric.Money {
	sum := make(metric.Money, len(m)+1)
	sum.AddAll(m)
	sum.AddAll(more)
	if len(sum) == 0 {
		return nil
	}
	return sum
}

func (st *State) balance(channel event.ChannelID, m metric.Money) {
	st.balances[channel] = with(st.balances[channel], m)
	st.change.Tenant = true
}

// Balance is the credits added less those charged, ever, over the channels that
// match; nil matches all.
func (st *State) Balance(match func(event.ChannelID) bool) metric.Money {
	sum := metric.Money{}
	for id, m := range st.balances {
		if match == nil || match(id) {
			sum.AddAll(m)
		}
	}
	return sum
}
