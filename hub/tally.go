package hub

import (
	"slices"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
)

// tally is the sums of today's rows of one side: of whole sessions and what
// belongs to none, or of agents (**A**). Everything in it can be taken back.
type tally struct {
	counts    metric.Counts
	parts     map[partKey]*partSum
	responses metric.Histogram // of first responses

	customers  census // of sessions
	friends    friends
	consulting census // of chats
	converted  census
	served     census
	upgraded   census

	revenue metric.Money // of whole sessions
	aiSales metric.Money
	credits metric.Money // charged
}

// partKey is where a part stands. Money and counts of one place are two parts.
type partKey struct {
	by      metric.Dimension
	value   string
	counter metric.Counter
	money   bool
}

type partSum struct {
	n     int64
	money metric.Money
}

// row adds a row of a customer's, or takes it back.
func (t *tally) row(r *fold.Row, customer event.CustomerID, isFriend func(event.CustomerID) bool, sign int64) {
	t.counts.AddFew(&r.Counts, sign)
	if r.Counts.At(metric.FirstResponses) == 1 {
		t.responses.Add(r.Counts.At(metric.FirstResponseMillis), sign)
	}
	parts := r.Parts()
	for i := range parts {
		t.part(&parts[i], sign)
	}
	addMoney(&t.aiSales, r.AISales(), sign)
	n := int(sign)
	if r.Counts.At(metric.Sessions) != 0 {
		t.customers.add(customer, n)
		t.friends.add(customer, n, isFriend)
	}
	if r.Counts.At(metric.Chats) != 0 {
		t.consulting.add(customer, n)
	}
	if r.Counts.At(metric.Converted) != 0 {
		t.converted.add(customer, n)
	}
	if r.Counts.At(metric.AssignEvents) != 0 {
		t.served.add(customer, n)
	}
	if r.Counts.At(metric.SpecialistsAdded) != 0 || r.Counts.At(metric.GroupsJoined) != 0 {
		t.upgraded.add(customer, n)
	}
}

// part adds a part, or takes it back.
func (t *tally) part(p *metric.Part, sign int64) {
	key := partKey{p.Dimension, p.Value, p.Counter, p.Money != nil}
	sum, ok := t.parts[key]
	if !ok {
		sum = &partSum{}
		if t.parts == nil {
			t.parts = map[partKey]*partSum{}
		}
		t.parts[key] = sum
	}
	sum.n += sign * p.N
	addMoney(&sum.money, p.Money, sign)
	if sum.n == 0 && len(sum.money) == 0 {
		delete(t.parts, key)
	}
}

// sums is what the catalogue is evaluated over.
func (t *tally) sums(perAgent bool) metric.Sums {
	s := metric.Sums{
		PerAgent: perAgent, Counts: t.counts, Revenue: t.revenue, AISales: t.aiSales, CreditsUsed: t.credits,
		Customers: int64(len(t.customers)), ConsultingCustomers: int64(len(t.consulting)), ConvertedCustomers: int64(len(t.converted)),
		FriendCustomers: t.friends.n, ServedCustomers: int64(len(t.served)), UpgradedCustomers: int64(len(t.upgraded)),
		FirstResponses: t.responses,
	}
	for key := range t.parts {
		if key.by == metric.ByFlow && key.counter == metric.FlowTriggers {
			s.FlowsTriggered++
		}
	}
	return s
}

func addMoney(to *metric.Money, from metric.Money, sign int64) {
	if len(from) == 0 {
		return
	}
	if *to == nil {
		*to = metric.Money{}
	}
	if sign > 0 {
		to.AddAll(from)
	} else {
		to.SubAll(from)
	}
}

// census counts how many rows or sessions each customer has, so that the
// distinct can be taken back.
type census map[event.CustomerID]int

func (c *census) add(id event.CustomerID, n int) {
	if id == "" {
		return
	}
	if *c == nil {
		*c = census{}
	}
	if (*c)[id] += n; (*c)[id] == 0 {
		delete(*c, id)
	}
}

// friends counts which customers of sessions are friends now. What was once
// known of a customer stays: he may rest meanwhile.
type friends struct {
	of map[event.CustomerID]friend
	n  int64 // of them, those who are friends and have sessions
}

type friend struct {
	sessions int
	is       bool
}

func (f *friends) add(id event.CustomerID, n int, isFriend func(event.CustomerID) bool) {
	if id == "" {
		return
	}
	one, known := f.of[id]
	if !known {
		one.is = isFriend(id)
	}
	f.put(id, one, friend{one.sessions + n, one.is})
}

// changed takes what an event says of a customer.
func (f *friends) changed(id event.CustomerID, is bool) (moved bool) {
	one, known := f.of[id]
	if !known || one.is == is {
		return false
	}
	f.put(id, one, friend{one.sessions, is})
	return true
}

func (f *friends) put(id event.CustomerID, was, now friend) {
	if was.is && was.sessions > 0 {
		f.n--
	}
	if now.is && now.sessions > 0 {
		f.n++
	}
	if f.of == nil {
		f.of = map[event.CustomerID]friend{}
	}
	f.of[id] = now
}

// silent are customers with active sessions in which they have not written, and
// whether they are contacts all the same. What was once known of one stays: he may
// rest meanwhile.
type silent map[event.CustomerID]*quiet

type quiet struct {
	sessions int
	wrote    bool // in another session
	in       []event.ChannelID
}

func (s silent) add(id event.CustomerID, n int, st *fold.State) {
	if id == "" {
		return
	}
	one, known := s[id]
	if !known {
		one = &quiet{}
		s[id] = one
		if c, ok := st.Customer(id); ok {
			one.wrote, one.in = c.Wrote, c.Channels()
		}
	}
	one.sessions += n
}

// learn takes what an event says of a customer.
func (s silent) learn(c *fold.Customer) {
	if one, known := s[c.ID]; known {
		one.wrote, one.in = c.Wrote, c.Channels()
	}
}

// byParts puts a metric's parts into its object, by dimension:
// {"by_category":{"abuse":3}}. A count is a number, money is by currency, and
// what has a numerator is an object as the metric's own.
func (t *tally) byParts(m *metric.Metric, p *metric.Settings, into Object) {
	sums := map[partKey]*metric.Sums{}
	for key, part := range t.parts {
		if !slices.Contains(m.Parts, key.by) || key.money != (m.Unit == metric.UnitMoney) {
			continue
		}
		value := partKey{by: key.by, value: key.value}
		s, ok := sums[value]
		if !ok {
			s = &metric.Sums{}
			sums[value] = s
		}
		if key.money {
			s.CreditsUsed = part.money
			continue
		}
		s.Counts[key.counter] = part.n
		if key.by == metric.ByFlow {
			s.FlowsTriggered = 1
		}
	}
	for key, s := range sums {
		v := m.Eval(s, p)
		if v.Value == nil || v.Value == int64(0) {
			continue // a part of another metric's
		}
		name := "by_" + string(key.by)
		by, ok := into[name].(Object)
		if !ok {
			by = Object{}
			into[name] = by
		}
		if o := v.Object(); v.Num != nil {
			by[key.value] = o
		} else {
			by[key.value] = o["value"]
		}
	}
}
