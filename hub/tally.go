package hub

import (
	"slices"

	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
)

// tally is the sums of today's rows of one side: of whole sessions and what
// belongs to none, or of agents (**A**). Everything in it can be taken back.
type tally struct {
	counts    metric.Counts
	parts     map[partKey]*partSum
	responses metric.Histogram // of first responses

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

// row adds a row, or takes it back. Its customer is counted by people.
func (t *tally) row(r *fold.Row, sign int64) {
	t.counts.AddFew(&r.Counts, sign)
	t.response(r, sign)
	t.aside(r, sign)
}

// rerow counts a row anew that an event has changed. Its numbers have moved and
// nearly never what else stands there.
func (t *tally) rerow(before, now *fold.Row) {
	t.counts.AddFew(&before.Counts, -1)
	t.counts.AddFew(&now.Counts, 1)
	t.response(before, -1)
	t.response(now, 1)
	if !now.SameAside(before) {
		t.aside(before, -1)
		t.aside(now, 1)
	}
}

func (t *tally) response(r *fold.Row, sign int64) {
	if r.Counts.At(metric.FirstResponses) == 1 {
		t.responses.Add(r.Counts.At(metric.FirstResponseMillis), sign)
	}
}

func (t *tally) aside(r *fold.Row, sign int64) {
	parts := r.Parts()
	for i := range parts {
		t.part(&parts[i], sign)
	}
	addMoney(&t.aiSales, r.AISales(), sign)
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

// sums is what the catalogue is evaluated over, customers excepted.
func (t *tally) sums(perAgent bool) metric.Sums {
	s := metric.Sums{
		PerAgent: perAgent, Counts: t.counts, Revenue: t.revenue, AISales: t.aiSales, CreditsUsed: t.credits,
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
