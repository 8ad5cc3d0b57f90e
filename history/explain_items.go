package history

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/metric"
)

// wrongMark says that a cursor is another metric's.
func wrongMark() error {
	return &metric.FieldError{Field: "cursor", Message: "is not a cursor of this metric; take next from the page before, or leave it out"}
}

// customers lists who is in a set, once in the range or once on each day.
func (x *explaining) customers(ctx context.Context, set *customerSet) error {
	w, err := x.conditions(x.perAgent, columnsOf(set.counters)...)
	if err != nil {
		return err
	}
	w.and("k.customer <> ''")
	w.any(set.counters)
	if set.friends {
		w.and("EXISTS (SELECT FROM customers u WHERE u.tenant = k.tenant AND u.customer = k.customer AND u.friend)")
	}
	daily := x.profile.Unique == "sum_daily"
	key, marks := "k.customer", 1
	if daily {
		key, marks = "k.day, k.customer", 2
	}
	tx := x.session.Tx
	if err := tx.QueryRow(ctx, "SELECT count(*) FROM (SELECT DISTINCT "+key+w.from+w.sql()+") s", w.args...).Scan(&x.out.Count); err != nil {
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
	sql := "SELECT min(k.day - DATE '1970-01-01'), k.customer, array_agg(DISTINCT k.conversation) FILTER (WHERE k.session <> -1)" +
		w.from + w.sql() + " GROUP BY " + key + " ORDER BY " + key + fmt.Sprintf(" LIMIT %d", x.limit+1)
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
			x.out.Next = x.mark(x.label, mark)
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
	if err != nil {
		return err
	}
	return x.eventsOfCustomers(ctx, set, daily)
}

// any narrows to the rows that have some of counters.
func (w *rowsWhere) any(counters []metric.Counter) {
	either := columnsOf(counters)
	for i, name := range either {
		either[i] = "k." + name + " <> 0"
	}
	w.and("(" + strings.Join(either, " OR ") + ")")
}

// brokenDown lists what a report of the metric has by a dimension, and by day
// where days are summed.
func (x *explaining) brokenDown(ctx context.Context, by metric.Dimension) error {
	r := &report{session: x.session, desk: x.desk, folded: x.folded, profile: x.profile, calendar: x.calendar, at: x.at, agents: metric.Sums{PerAgent: true}}
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
		x.out.Next = x.mark(x.label, x.out.Items[len(x.out.Items)-1].mark(by))
	}
	return x.eventsOfValues(ctx, by)
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
	w, err := x.conditions(false, "revenue", "ai_sales", "credits")
	if err != nil {
		return err
	}
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
	if err := tx.QueryRow(ctx, "SELECT count(*)"+w.from+w.sql(), w.args...).Scan(&x.out.Count); err != nil {
		return err
	}
	if err := x.continueRows(w); err != nil {
		return err
	}
	sql := "SELECT k.conversation, k.session, k.position, (k.day - DATE '1970-01-01'), k.hour, k.agent, k.team, k.channel, k.customer, " + column +
		w.from + w.sql() + fmt.Sprintf(" ORDER BY k.day, k.conversation, k.session, k.position LIMIT %d", x.limit+1)
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
	return x.eventsOfRows(ctx, nil)
}
