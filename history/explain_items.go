package history

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
)

// wrongMark says that a cursor is another metric's.
func wrongMark() error {
	return &metric.FieldError{Field: "cursor", Message: "is not a cursor of this metric; take next from the page before, or leave it out"}
}

// customers lists who is in a set, once in the range or once on each day.
func (x *explaining) customers(ctx context.Context, set *customerSet) error {
	w := x.conditions(x.perAgent)
	w.and("k.customer <> ''")
	either := make([]string, len(set.counters))
	for i, c := range set.counters {
		either[i] = "k." + c.String() + " <> 0"
	}
	w.and("(" + strings.Join(either, " OR ") + ")")
	if set.friends {
		w.and("EXISTS (SELECT FROM customers u WHERE u.tenant = k.tenant AND u.customer = k.customer AND u.friend)")
	}
	daily := x.profile.Unique == "sum_daily"
	key, marks := "k.customer", 1
	if daily {
		key, marks = "k.day, k.customer", 2
	}
	tx := x.session.Tx
	if err := tx.QueryRow(ctx, "SELECT count(*) FROM (SELECT DISTINCT "+key+" FROM contributions k WHERE "+w.sql()+") s", w.args...).Scan(&x.out.Count); err != nil {
		return err
	}
	if len(x.after) > 0 {
		if len(x.after) != marks {
			return wrongMark()
		}
		if daily {
			day, err := metric.ParseDay(x.after[0])
			if err != nil {
				return wrongMark()
			}
			w.and("(k.day, k.customer) > (?, ?)", day.Time(), x.after[1])
		} else {
			w.and("k.customer > ?", x.after[0])
		}
	}
	sql := "SELECT min(k.day - DATE '1970-01-01'), k.customer, array_agg(DISTINCT k.conversation) FILTER (WHERE k.session <> -1) FROM contributions k WHERE " +
		w.sql() + " GROUP BY " + key + " ORDER BY " + key + fmt.Sprintf(" LIMIT %d", x.limit+1)
	rows, err := tx.Query(ctx, sql, w.args...)
	if err != nil {
		return err
	}
	var day int32
	var customer string
	var conversations []string
	_, err = pgx.ForEachRow(rows, []any{&day, &customer, &conversations}, func() error {
		if len(x.out.Items) == x.limit {
			last := &x.out.Items[x.limit-1]
			mark := []string{last.Customer}
			if daily {
				mark = []string{last.Day.String(), last.Customer}
			}
			x.out.Next = itemMark(x.side, mark)
			return nil
		}
		it := ExplainItem{Customer: customer, N: int64(1), Conversations: slices.Clone(conversations[:min(len(conversations), mostItemEvents)])}
		if daily {
			d := metric.Day(day)
			it.Day = &d
		}
		x.out.Items = append(x.out.Items, it)
		return nil
	})
	return err
}

// brokenDown lists what a report of the metric has by a dimension, and by day
// where days are summed.
func (x *explaining) brokenDown(ctx context.Context, by metric.Dimension) error {
	r := &report{session: x.session, desk: x.desk, profile: x.profile, calendar: x.calendar, at: x.at, agents: metric.Sums{PerAgent: true}}
	q := x.query
	q.By = []metric.Dimension{by}
	if x.metric.Needs&metric.NeedPresence != 0 || x.metric.Needs&metric.NeedBalance == 0 && x.profile.Unique == "sum_daily" {
		q.By = []metric.Dimension{metric.ByDay, by}
	}
	if err := r.ask(ctx, q, Scope{}); err != nil { // the scope is in the filter already
		return err
	}
	a, err := answerOf([]*report{r})
	if err != nil {
		return err
	}
	var all []ExplainItem
	for i := range a.Rows {
		row := &a.Rows[i]
		v := row.Values[x.metric.ID].Value
		if !something(v.Value) {
			continue
		}
		all = append(all, x.itemOf(row, by, v.Value))
	}
	x.out.Count = len(all)
	from := 0
	if len(x.after) > 0 {
		if len(x.after) != len(q.By) {
			return wrongMark()
		}
		from, _ = slices.BinarySearchFunc(all, x.after, func(it ExplainItem, after []string) int {
			if c := slices.Compare(it.mark(by), after); c > 0 {
				return 1
			}
			return -1
		})
	}
	x.out.Items = append(x.out.Items, all[from:min(len(all), from+x.limit)]...)
	if from+x.limit < len(all) {
		x.out.Next = itemMark(x.side, x.out.Items[len(x.out.Items)-1].mark(by))
	}
	return nil
}

func (x *explaining) itemOf(row *metric.AnswerRow, by metric.Dimension, value any) ExplainItem {
	it := ExplainItem{}
	if text, ok := row.Dimensions[metric.ByDay]; ok {
		if day, err := metric.ParseDay(text); err == nil {
			it.Day = &day
		}
	}
	switch name := row.Dimensions[by]; by { //nolint:exhaustive // an item is broken down by no other.
	case metric.ByAgent:
		it.Agent = name
	case metric.ByFlow:
		it.Flow = name
	default:
		it.Channel = name
	}
	switch v := value.(type) {
	case map[string]string:
		it.Amounts = v
	case string:
		it.At = v
	default:
		it.N = v
	}
	return it
}

// mark is the item's key in the order of brokenDown.
func (it *ExplainItem) mark(by metric.Dimension) []string {
	var key []string
	if it.Day != nil {
		key = append(key, it.Day.String())
	}
	switch by { //nolint:exhaustive // an item is broken down by no other.
	case metric.ByAgent:
		return append(key, it.Agent)
	case metric.ByFlow:
		return append(key, it.Flow)
	default:
		return append(key, it.Channel)
	}
}

// money lists the rows on which an amount stands.
func (x *explaining) money(ctx context.Context, need metric.Need) error {
	w := x.conditions(false)
	var column string
	switch {
	case need&metric.NeedRevenue != 0:
		column = "jsonb_build_array(k.revenue)"
		w.and("k.revenue IS NOT NULL")
	case need&metric.NeedAISales != 0:
		column = "jsonb_build_array(k.ai_sales)"
		w.and("k.ai_sales IS NOT NULL")
	default:
		column = "jsonb_build_array(k.credits->'used')"
		w.and("k.credits->'used' IS NOT NULL")
		if d, values := x.part(); d != "" {
			column = "(SELECT jsonb_agg(p->'m') FROM jsonb_array_elements(k.parts) p WHERE p->>'d' = " + w.arg(string(d)) + " AND p->>'v' = ANY(" + w.arg(values) + ") AND p ? 'm')"
			w.parts = append(w.parts, column+" IS NOT NULL")
		}
	}
	tx := x.session.Tx
	if err := tx.QueryRow(ctx, "SELECT count(*) FROM contributions k WHERE "+w.sql(), w.args...).Scan(&x.out.Count); err != nil {
		return err
	}
	if err := x.continueRows(w); err != nil {
		return err
	}
	sql := "SELECT k.conversation, k.session, k.position, (k.day - DATE '1970-01-01'), k.hour, k.agent, k.team, k.channel, k.customer, " + column +
		" FROM contributions k WHERE " + w.sql() + fmt.Sprintf(" ORDER BY k.day, k.conversation, k.session, k.position LIMIT %d", x.limit+1)
	rows, err := tx.Query(ctx, sql, w.args...)
	if err != nil {
		return err
	}
	var it ExplainItem
	var day int32
	var hour int16
	var amounts []byte
	_, err = pgx.ForEachRow(rows, []any{&it.Conversation, &it.Session, &it.position, &day, &hour, &it.Agent, &it.Team, &it.Channel, &it.Customer, &amounts}, func() error {
		if x.full() {
			return nil
		}
		x.place(&it, day, hour)
		var list []metric.Money
		if err := json.Unmarshal(amounts, &list); err != nil {
			return err
		}
		sum := metric.Money{}
		for _, m := range list {
			sum.AddAll(m)
		}
		it.Amounts = sum.Strings()
		x.out.Items = append(x.out.Items, it)
		return nil
	})
	if err != nil {
		return err
	}
	return x.eventsOf(ctx, nil)
}

// rowKey is where a row stands, whatever it is counted under.
type rowKey struct {
	conversation string
	session      int
	slot         metric.Slot
	agent        string
}

// rerunItems is how many items' conversations are folded together.
const rerunItems = 25

// eventsOf finds the events that made the items of the page, by folding what is
// stored of their conversations again. Without counters it is money that is
// looked for.
func (x *explaining) eventsOf(ctx context.Context, counters []metric.Counter) error {
	var few []int
	for i := range x.out.Items {
		if x.out.Items[i].used != "" {
			if err := x.looseEvents(ctx, &x.out.Items[i], counters); err != nil {
				return err
			}
			continue
		}
		if few = append(few, i); len(few) == rerunItems {
			if err := x.rerunOf(ctx, few, counters); err != nil {
				return err
			}
			few = few[:0]
		}
	}
	return x.rerunOf(ctx, few, counters)
}

// rerunOf is eventsOf for some of the items.
func (x *explaining) rerunOf(ctx context.Context, few []int, counters []metric.Counter) error {
	if len(few) == 0 {
		return nil
	}
	var conversations, agents, customers []string
	items := map[rowKey][]int{}
	for _, i := range few {
		it := &x.out.Items[i]
		k := rowKey{it.Conversation, it.Session, metric.Slot{Day: *it.Day, Hour: int8(*it.Hour)}, ""} //nolint:gosec // an hour of a day
		if x.perAgent {
			k.agent = it.Agent
		}
		items[k] = append(items[k], i)
		conversations, agents = append(conversations, it.Conversation), append(agents, it.Agent)
		if it.Customer != "" {
			customers = append(customers, it.Customer)
		}
	}
	tx := x.session.Tx
	orders := counters == nil || slices.Contains(counters, metric.OrdersAfterInquiry) || slices.Contains(counters, metric.Converted)
	if orders { // an order may belong to another chat of the customer's
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
	r, err := newRerun(ctx, tx, x.desk, agents)
	if err != nil {
		return err
	}
	list, err := r.events(ctx, slices.Compact(conversations), customers)
	if err != nil {
		return err
	}
	return r.fold(list, func(s *storedEvent, c *fold.Change) {
		for i := range c.Sessions {
			x.attribute(s, &c.Sessions[i], counters, items)
		}
	})
}

// attribute notes an event with the items that it changed.
func (x *explaining) attribute(s *storedEvent, c *fold.SessionChange, counters []metric.Counter, items map[rowKey][]int) {
	for i := range c.Now.Rows {
		now := &c.Now.Rows[i]
		if (now.Agent != "") != x.perAgent {
			continue
		}
		var before fold.Row
		if !c.Created && i < len(c.Before.Rows) {
			before = c.Before.Rows[i]
		}
		changed := false
		for _, n := range counters {
			changed = changed || now.Counts[n] != before.Counts[n]
		}
		if counters == nil {
			changed = !sameMoney(now.AISales, before.AISales) && x.metric.Needs&metric.NeedAISales != 0 ||
				now.Slot == c.Now.Start() && x.metric.Needs&metric.NeedRevenue != 0 && !sameMoney(c.Now.Revenue, c.Before.Revenue)
		}
		if !changed {
			continue
		}
		for _, at := range items[rowKey{string(c.Now.Conversation), c.Now.Number, now.Slot, string(now.Agent)}] {
			it := &x.out.Items[at]
			if len(it.Events) < mostItemEvents {
				it.Events = append(it.Events, ExplainEvent{Seq: s.seq, ID: s.id, Type: s.kind, At: s.at})
			}
		}
	}
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

// looseTypes are the events that count on rows which belong to no conversation.
var looseTypes = map[metric.Counter]event.Type{ //nolint:exhaustive // the others belong to conversations.
	metric.MessagesBroadcast: event.TypeMessageSent, metric.FlowTriggers: event.TypeFlowTriggered,
	metric.SpecialistsAdded: event.TypeServiceJoined, metric.GroupsJoined: event.TypeServiceJoined,
}

// looseEvents finds the events of an item that belongs to no conversation: those
// of its kind in its hour and channel.
func (x *explaining) looseEvents(ctx context.Context, it *ExplainItem, counters []metric.Counter) error {
	kinds := []string{string(event.TypeTemplateCharged)}
	for i, c := range counters {
		if i == 0 {
			kinds = nil
		}
		if kind, ok := looseTypes[c]; ok {
			kinds = append(kinds, string(kind))
		}
	}
	rows, err := x.session.Tx.Query(ctx, `SELECT seq, id, type, time FROM events WHERE tenant = $1 AND conversation IS NULL AND time >= $2 AND time < $3
		AND type = ANY($4) AND ($5 = '' OR body->'data'->>'channel' = $5) AND ($6 = '' OR body->'data'->>'customer' = $6) ORDER BY epoch, seq LIMIT 2000`,
		x.desk.tenant, time.UnixMilli(x.calendar.Start(*it.Day)), time.UnixMilli(x.calendar.Start(*it.Day+1)), kinds, it.Channel, it.Customer)
	if err != nil {
		return err
	}
	var e ExplainEvent
	_, err = pgx.ForEachRow(rows, []any{&e.Seq, &e.ID, &e.Type, &e.At}, func() error {
		if int(x.calendar.Slot(e.At.UnixMilli()).Hour) == *it.Hour && len(it.Events) < mostItemEvents {
			e.At = e.At.UTC()
			it.Events = append(it.Events, e)
		}
		return nil
	})
	return err
}
