package history

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
)

// rowKey is where a row stands, whatever it is counted under. Rows of sessions
// have no agent, no channel and no team here: there is one in each hour.
type rowKey struct {
	conversation         string
	session              int
	slot                 metric.Slot
	agent, channel, team string
}

// countedRow is a row that one of the page's items is made of.
type countedRow struct {
	rowKey

	item     int
	customer string
}

const (
	// rerunRows is how many rows' conversations are folded together.
	rerunRows = 25
	// mostCountedRows bounds the rows whose events are looked for on a page of what
	// is distinct; the items behind them have fewer events, or none.
	mostCountedRows = 2000
)

// eventsOfRows finds the events of items that are rows. Without counters it is
// money that is looked for.
func (x *explaining) eventsOfRows(ctx context.Context, counters []metric.Counter) error {
	rows := make([]countedRow, 0, len(x.out.Items))
	for i := range x.out.Items {
		it := &x.out.Items[i]
		r := countedRow{item: i, customer: it.Customer, rowKey: rowKey{
			conversation: it.id(), session: it.sessionOrLoose(), slot: metric.Slot{Day: *it.Day, Hour: int8(*it.Hour)}, //nolint:gosec // an hour of a day
			agent: it.Agent, channel: it.Channel, team: it.Team,
		}}
		rows = append(rows, r)
	}
	d, values := x.part()
	return x.eventsOf(ctx, rows, sought{counters: counters, part: d, values: values})
}

// eventsOfCustomers finds what made each customer of the page one of a set.
func (x *explaining) eventsOfCustomers(ctx context.Context, set *customerSet, daily bool) error {
	place := map[string]int{}
	var ids []string
	for i := range x.out.Items {
		it := &x.out.Items[i]
		place[dailyKey(daily, it.Day, it.Customer)] = i
		ids = append(ids, it.Customer)
	}
	rows, err := x.rowsOf(ctx, x.perAgent, set.counters, "k.customer", ids, func(r *countedRow) bool {
		i, ok := place[dailyKey(daily, &r.slot.Day, r.customer)]
		r.item = i
		return ok
	})
	if err != nil {
		return err
	}
	return x.eventsOf(ctx, rows, sought{counters: set.counters})
}

func dailyKey(daily bool, day *metric.Day, id string) string {
	if !daily || day == nil {
		return id
	}
	return day.String() + "/" + id
}

// eventsOfValues finds the events of items that a breakdown has given.
func (x *explaining) eventsOfValues(ctx context.Context, by metric.Dimension) error {
	switch {
	case len(x.out.Items) == 0:
		return nil
	case x.metric.Needs&metric.NeedAffected != 0:
		return x.eventsOfAgents(ctx)
	case x.metric.Needs&metric.NeedFlows != 0:
		for i := range x.out.Items { // each has its own value of the part
			if err := x.eventsOfFlow(ctx, i); err != nil {
				return err
			}
		}
		return nil
	case by == metric.ByAgent:
		return x.plainEvents(ctx, []event.Type{event.TypeAgentPresence}, "agent", func(it *ExplainItem) string { return it.Agent })
	}
	return x.plainEvents(ctx, []event.Type{event.TypeCreditAdded, event.TypeTemplateCharged}, "channel", func(it *ExplainItem) string { return it.Channel })
}

// eventsOfAgents finds what was blocked and flagged of each agent of the page.
func (x *explaining) eventsOfAgents(ctx context.Context) error {
	counters := []metric.Counter{metric.BlockedMessages, metric.FlaggedMessages}
	place := map[string]int{}
	var ids []string
	daily := false
	for i := range x.out.Items {
		it := &x.out.Items[i]
		daily = daily || it.Day != nil
		place[dailyKey(daily, it.Day, it.Agent)] = i
		ids = append(ids, it.Agent)
	}
	perAgent := x.perAgent
	x.perAgent = true // who wrote is told by the rows of agents
	defer func() { x.perAgent = perAgent }()
	rows, err := x.rowsOf(ctx, true, counters, "k.agent", ids, func(r *countedRow) bool {
		i, ok := place[dailyKey(daily, &r.slot.Day, r.agent)]
		r.item = i
		return ok
	})
	if err != nil {
		return err
	}
	return x.eventsOf(ctx, rows, sought{counters: counters})
}

// eventsOfFlow finds when one flow of the page ran.
func (x *explaining) eventsOfFlow(ctx context.Context, item int) error {
	it := &x.out.Items[item]
	counters := []metric.Counter{metric.FlowTriggers}
	rows, err := x.rowsOf(ctx, false, counters, "", nil, func(r *countedRow) bool {
		r.item = item
		return it.Day == nil || r.slot.Day == *it.Day
	}, `EXISTS (SELECT FROM jsonb_array_elements(k.parts) p WHERE p->>'d' = 'flow' AND p->>'v' = ?)`, it.Flow)
	if err != nil {
		return err
	}
	return x.eventsOf(ctx, rows, sought{counters: counters, part: metric.ByFlow, values: []string{it.Flow}})
}

// rowsOf reads the rows that have any of some counters and one of ids in a column.
// item finds whose each of them is. more is a further condition with its arguments.
func (x *explaining) rowsOf(
	ctx context.Context, perAgent bool, counters []metric.Counter, column string, ids []string, item func(*countedRow) bool, more ...any,
) ([]countedRow, error) {
	w, err := x.conditions(perAgent, columnsOf(counters)...)
	if err != nil {
		return nil, err
	}
	w.any(counters)
	w.in(column, ids)
	if len(more) > 0 {
		w.and(more[0].(string), more[1:]...) //nolint:forcetypeassert // it is one
	}
	sql := "SELECT k.conversation, k.session, (k.day - DATE '1970-01-01'), k.hour, k.agent, k.channel, k.team, k.customer" + w.from + w.sql() +
		fmt.Sprintf(" ORDER BY k.day, k.conversation, k.session, k.position LIMIT %d", mostCountedRows)
	rows, err := x.session.Tx.Query(ctx, sql, w.args...)
	if err != nil {
		return nil, err
	}
	var all []countedRow
	var r countedRow
	var day int32
	var hour int16
	_, err = pgx.ForEachRow(rows, []any{&r.conversation, &r.session, &day, &hour, &r.agent, &r.channel, &r.team, &r.customer}, func() error {
		r.slot = metric.Slot{Day: metric.Day(day), Hour: int8(hour)} //nolint:gosec // an hour of a day
		if item(&r) {
			all = append(all, r)
		}
		return nil
	})
	return all, err
}

// sought says which changes of a row an event is looked for by: of counters, under
// some values of a part dimension if one is named; of money without counters.
type sought struct {
	counters []metric.Counter
	part     metric.Dimension
	values   []string
}

// eventsOf finds the events that made rows, by folding what is stored of their
// conversations again.
func (x *explaining) eventsOf(ctx context.Context, rows []countedRow, by sought) error {
	few := make([]countedRow, 0, rerunRows)
	for i := range rows {
		r := &rows[i]
		if len(x.out.Items[r.item].Events) >= mostItemEvents {
			continue
		}
		if r.session == looseSession {
			if err := x.looseEvents(ctx, r, &by); err != nil {
				return err
			}
			continue
		}
		if few = append(few, *r); len(few) == rerunRows {
			if err := x.rerunOf(ctx, few, &by); err != nil {
				return err
			}
			few = few[:0]
		}
	}
	if err := x.rerunOf(ctx, few, &by); err != nil {
		return err
	}
	for i := range x.out.Items {
		list := x.out.Items[i].Events
		slices.SortStableFunc(list, func(a, b ExplainEvent) int { return cmp.Compare(a.Seq, b.Seq) })
		x.out.Items[i].Events = slices.CompactFunc(list, func(a, b ExplainEvent) bool { return a.Seq == b.Seq && a.ID == b.ID })
	}
	return nil
}

// rerunOf is eventsOf for some rows of conversations.
func (x *explaining) rerunOf(ctx context.Context, few []countedRow, by *sought) error {
	if len(few) == 0 {
		return nil
	}
	var conversations, agents, customers []string
	items := map[rowKey][]int{}
	for i := range few {
		r := &few[i]
		k := r.rowKey
		conversations, agents = append(conversations, k.conversation), append(agents, k.agent)
		if !x.perAgent {
			k.agent, k.channel, k.team = "", "", ""
		}
		items[k] = append(items[k], r.item)
		if r.customer != "" {
			customers = append(customers, r.customer)
		}
	}
	tx := x.session.Tx
	if by.counters == nil || slices.ContainsFunc(by.counters, ofCustomers) { // an order may belong to another chat of the customer's
		rows, err := tx.Query(ctx, `SELECT DISTINCT conversation FROM conversations WHERE tenant = $1 AND customer = ANY($2)`, x.desk.rows, customers)
		if err != nil {
			return err
		}
		more, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return err
		}
		conversations = append(conversations, more...)
	} else {
		customers = nil
	}
	slices.Sort(conversations)
	var other *metric.Profile // than the one in force
	if x.folded != nil {
		other = x.profile
	}
	r, err := newRerun(ctx, tx, x.desk, agents, other)
	if err != nil {
		return err
	}
	list, err := r.events(ctx, slices.Compact(conversations), customers)
	if err != nil {
		return err
	}
	return r.fold(list, func(s *storedEvent, c *fold.Change) {
		for i := range c.Sessions {
			x.attribute(s, &c.Sessions[i], by, items)
		}
	})
}

// ofCustomers tells the counters that events without a conversation can change.
func ofCustomers(c metric.Counter) bool {
	return c == metric.OrdersAfterInquiry || c == metric.Converted || c == metric.SpecialistsAdded || c == metric.GroupsJoined
}

// attribute notes an event with the items whose rows it changed.
func (x *explaining) attribute(s *storedEvent, c *fold.SessionChange, by *sought, items map[rowKey][]int) {
	for i := range c.Now.Rows {
		now := &c.Now.Rows[i]
		if (now.Agent != "") != x.perAgent {
			continue
		}
		var before fold.Row
		if !c.Created && i < len(c.Before.Rows) {
			before = c.Before.Rows[i]
		}
		changed := by.changed(&before, now)
		if by.counters == nil {
			changed = !sameMoney(now.AISales(), before.AISales()) && x.metric.Needs&metric.NeedAISales != 0 ||
				now.Slot() == c.Now.Start() && x.metric.Needs&metric.NeedRevenue != 0 && !sameMoney(c.Now.More().Revenue, c.Before.More().Revenue)
		}
		if !changed {
			continue
		}
		k := rowKey{conversation: string(c.Now.Conversation), session: c.Now.Number, slot: now.Slot()}
		if x.perAgent {
			k.agent, k.channel, k.team = string(now.Agent), string(now.Channel), string(now.Team)
		}
		for _, at := range items[k] {
			it := &x.out.Items[at]
			if len(it.Events) < mostItemEvents {
				it.Events = append(it.Events, ExplainEvent{Seq: s.seq, ID: s.id, Type: s.kind, At: s.at})
			}
		}
	}
}

// changed says whether a row counts something else than before.
func (by *sought) changed(before, now *fold.Row) bool {
	for _, c := range by.counters {
		if by.part == "" && now.Counts.At(c) != before.Counts.At(c) || by.part != "" && by.under(now.Parts(), c) != by.under(before.Parts(), c) {
			return true
		}
	}
	return false
}

// under is how much of a counter stands under the values of the part dimension.
func (by *sought) under(parts []metric.Part, c metric.Counter) (n int64) {
	for i := range parts {
		if p := &parts[i]; p.Dimension == by.part && p.Counter == c && slices.Contains(by.values, p.Value) {
			n += p.N
		}
	}
	return n
}

func sameMoney(a, b metric.Money) bool {
	if len(a) != len(b) {
		return false
	}
	for currency, amount := range a {
		if !amount.Equal(b[currency]) {
			return false
		}
	}
	return true
}
