package hub

import (
	"context"
	"fmt"
	"maps"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
)

// Cells are the sums of a whole desk's today under each value of one dimension.
// Whoever compares them with history asks it as of Seq, and then whether the desk
// has applied another event since Last; see Today.
type Cells struct {
	Seq     uint64 // up to which the desk has read the stream
	Last    uint64 // the desk's own last event
	Day     metric.Day
	Profile *metric.Profile
	Whole   map[string]metric.Sums // of whole sessions, and what belongs to none
	Agents  map[string]metric.Sums // of agents (**A**); by agent alone
}

// Cells counts today's rows by a dimension, days excepted. What is not made of rows,
// presence, balances and who is affected, is not in the sums.
func (h *Hub) Cells(ctx context.Context, id event.TenantID, by metric.Dimension) (c Cells, err error) {
	err = h.on(ctx, id, func(t *tenant) {
		c = Cells{Seq: t.seq(), Last: t.state.Seq(), Day: t.today, Profile: t.state.Profile()}
		if by.IsPart() {
			c.Whole = t.base.whole.under(by)
			return
		}
		n := newCellCount(t.base, by)
		for conversation := range t.state.Conversations() {
			for _, s := range conversation.Sessions {
				n.session(s)
			}
		}
		for l := range t.state.Loose() {
			n.loose(l)
		}
		c.Whole, c.Agents = sumsOf(n.whole, false), sumsOf(n.agents, true)
	})
	return c, err
}

// under are the sums of what stands under each value of a part dimension.
func (t *tally) under(by metric.Dimension) map[string]metric.Sums {
	out := map[string]metric.Sums{}
	for key, part := range t.parts {
		if key.by != by {
			continue
		}
		s := out[key.value]
		switch {
		case key.money:
			s.CreditsUsed = maps.Clone(part.money)
		default:
			s.Counts[key.counter] = part.n
			if by == metric.ByFlow && key.counter == metric.FlowTriggers {
				s.FlowsTriggered = 1
			}
		}
		out[key.value] = s
	}
	return out
}

// cellCount counts the rows of a view's day by a dimension that every row has.
type cellCount struct {
	view          *view
	by            metric.Dimension
	whole, agents map[string]*cell
}

// cell is what stands under one value.
type cell struct {
	tally
	people people
}

// count adds a row of a customer's.
func (c *cell) count(r *fold.Row, customer event.CustomerID, isFriend func(event.CustomerID) bool) {
	c.row(r, 1)
	c.people.add(customer, groupsOf(r), 1, isFriend)
}

func newCellCount(v *view, by metric.Dimension) *cellCount {
	return &cellCount{view: v, by: by, whole: map[string]*cell{}, agents: map[string]*cell{}}
}

func (n *cellCount) session(s *fold.Session) {
	for i := range s.Rows {
		r := &s.Rows[i]
		switch {
		case r.Day != n.view.today:
		case r.Agent == "":
			for _, value := range n.values(s, r) {
				t := cellOf(n.whole, value)
				t.count(r, s.Customer, n.view.isFriend)
				if r.Slot() == s.Start() {
					addMoney(&t.revenue, s.More().Revenue, 1)
				}
			}
		case n.by == metric.ByAgent:
			cellOf(n.agents, string(r.Agent)).count(r, s.Customer, n.view.isFriend)
		}
	}
}

// loose counts what belongs to no conversation.
func (n *cellCount) loose(l *fold.Loose) {
	if l.Row.Day != n.view.today {
		return
	}
	value := ""
	switch n.by { //nolint:exhaustive // it has no more dimensions than these.
	case metric.ByChannel:
		value = string(l.Row.Channel)
	case metric.ByHour:
		value = hourName(l.Row.Hour)
	}
	t := cellOf(n.whole, value)
	t.count(&l.Row, l.Customer, n.view.isFriend)
	addMoney(&t.credits, l.Used, 1)
}

// values are those under which a row of a whole session stands.
func (n *cellCount) values(s *fold.Session, r *fold.Row) []string {
	switch n.by { //nolint:exhaustive // parts have no rows, and the day is today.
	case metric.ByHour:
		return []string{hourName(r.Hour)}
	case metric.ByChannel:
		return []string{string(s.Channel)}
	case metric.ByTeam:
		return []string{string(s.Team)}
	case metric.ByAgent:
		return []string{string(s.Agent)}
	case metric.ByIntent:
		return []string{string(s.IntentOrOther())}
	case metric.ByHandling:
		return []string{string(s.Handling)}
	case metric.ByAIStatus:
		return []string{string(s.AIStatus)}
	case metric.ByTag:
		if tags := s.More().Tags; len(tags) > 0 {
			return tags
		}
	}
	return []string{""}
}

func hourName(hour int8) string { return fmt.Sprintf("%02d", hour) }

func cellOf(of map[string]*cell, value string) *cell {
	t, ok := of[value]
	if !ok {
		t = &cell{}
		of[value] = t
	}
	return t
}

func sumsOf(cells map[string]*cell, perAgent bool) map[string]metric.Sums {
	out := make(map[string]metric.Sums, len(cells))
	for value, c := range cells {
		s := c.sums(perAgent)
		c.people.sums(&s)
		out[value] = s
	}
	return out
}
