package history

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/metric"
)

// rowsWhere are the conditions on rows k, and where they are read from.
type rowsWhere struct {
	condition

	from string
}

// conditions is where on the rows that count, after the filters and the scope.
// Rows that have nothing of columns may be left out.
func (x *explaining) conditions(perAgent bool, columns ...string) (*rowsWhere, error) {
	w := &rowsWhere{from: " FROM contributions k WHERE "}
	if x.folded != nil {
		var err error
		if w.from, err = x.folded.source(&w.condition, x.desk.rows, x.query.From, x.query.To, perAgent, columns); err != nil {
			return nil, err
		}
	}
	f := &x.query.Filter
	w.and("k.tenant = ?", x.desk.rows)
	w.and("k.day BETWEEN ? AND ?", x.query.From.Time(), x.query.To.Time())
	if perAgent {
		w.and("k.per_agent")
	} else {
		w.and("NOT k.per_agent")
	}
	if len(f.Hour) > 0 {
		hours := make([]int, len(f.Hour))
		for i, hour := range f.Hour {
			hours[i], _ = strconv.Atoi(hour) // ParseFilter has read it
		}
		w.and("k.hour = ANY(?)", hours)
	}
	w.in("k.channel", f.Channel)
	w.in("k.team", f.Team)
	w.in("k.agent", f.Agent)
	w.in("k.intent", f.Intent)
	w.in("k.handling", f.Handling)
	w.in("k.ai_status", f.AIStatus)
	w.overlaps("k.tags", f.Tag)
	return w, nil
}

// part is the part dimension that the filter has a word on, "" if none.
func (x *explaining) part() (metric.Dimension, []string) {
	for d, values := range x.query.Filter.Parts() {
		return d, values // a number stands under one of them at a time
	}
	return "", nil
}

// amount is the expression for what a row has of some counters, under the part
// that the filter wants. Under several values of it a counter stands once, so that
// they are never more than the row's own.
func (x *explaining) amount(w *rowsWhere, counters []metric.Counter) string {
	names := columnsOf(counters)
	d, values := x.part()
	for i, name := range names {
		if names[i] = "k." + name; d != "" {
			parts := `(SELECT coalesce(sum((p->>'n')::bigint), 0)::bigint FROM jsonb_array_elements(k.parts) p
				WHERE p->>'d' = ` + w.arg(string(d)) + ` AND p->>'v' = ANY(` + w.arg(values) + `) AND p->>'c' = ` + w.arg(name) + `)`
			names[i] = "least(" + parts + ", CASE WHEN k." + name + " > 0 THEN k." + name + " END)"
		}
	}
	return "(" + strings.Join(names, " + ") + ")::bigint"
}

func columnsOf(counters []metric.Counter) []string {
	names := make([]string, len(counters))
	for i, c := range counters {
		names[i] = c.String()
	}
	return names
}

// scaleOf is by what a counter is divided to be in its metric's unit.
func scaleOf(c metric.Counter) int64 {
	switch c { //nolint:exhaustive // the others are counts.
	case metric.FirstResponseMillis, metric.TurnResponseMillis:
		return 1000
	case metric.AssistAccuracy:
		return 1_000_000_000_000
	default:
		return 1
	}
}

func scaled(n, scale int64) any {
	if n%scale == 0 {
		return n / scale
	}
	return float64(n) / float64(scale)
}

// counted lists the rows that have any of some counters.
func (x *explaining) counted(ctx context.Context, counters []metric.Counter) error {
	w, err := x.conditions(x.perAgent, columnsOf(counters)...)
	if err != nil {
		return err
	}
	n := x.amount(w, counters)
	millis := "0::bigint"
	if slices.Contains(counters, metric.FirstResponses) {
		millis = "k.first_response_millis"
	} else if slices.Contains(counters, metric.TurnResponses) {
		millis = "k.turn_response_millis"
	}
	w.and(n + " <> 0")
	scale := scaleOf(counters[0])
	var sum int64
	tx := x.session.Tx
	sql := "SELECT coalesce(sum(" + n + "), 0)::bigint, count(*)" + w.from + w.sql()
	if err := tx.QueryRow(ctx, sql, w.args...).Scan(&sum, &x.out.Count); err != nil {
		return err
	}
	if total := scaled(sum, scale); total != x.out.Total {
		// The value's own parts are products, or there are none.
		x.out.Total = total
		for _, c := range counters {
			x.out.Parts = append(x.out.Parts, partName(c))
		}
	}
	if err := x.continueRows(w); err != nil {
		return err
	}
	sql = "SELECT k.conversation, k.session, k.position, (k.day - DATE '1970-01-01'), k.hour, k.agent, k.team, k.channel, k.customer, " + n + ", " + millis +
		w.from + w.sql() + fmt.Sprintf(" ORDER BY k.day, k.conversation, k.session, k.position LIMIT %d", x.limit+1)
	rows, err := tx.Query(ctx, sql, w.args...)
	if err != nil {
		return err
	}
	var it ExplainItem
	var day int32
	var hour int16
	var amount, ms int64
	_, err = pgx.ForEachRow(rows, []any{&it.Conversation, &it.Session, &it.position, &day, &hour, &it.Agent, &it.Team, &it.Channel, &it.Customer, &amount, &ms}, func() error {
		if x.full() {
			return nil
		}
		x.place(&it, day, hour)
		it.N = scaled(amount, scale)
		it.Millis = nil
		if ms != 0 && scale == 1 || scale == 1000 {
			millis := ms
			if scale == 1000 {
				millis = amount
			}
			it.Millis = &millis
		}
		x.out.Items = append(x.out.Items, it)
		return nil
	})
	if err != nil {
		return err
	}
	return x.eventsOfRows(ctx, counters)
}

// continueRows narrows to the rows behind the page before.
func (x *explaining) continueRows(w *rowsWhere) error {
	if len(x.after) == 0 {
		return nil
	}
	if len(x.after) != 4 {
		return wrongMark()
	}
	day, err := metric.ParseDay(x.after[0])
	session, err2 := strconv.Atoi(x.after[2])
	position, err3 := strconv.Atoi(x.after[3])
	if err := errors.Join(err, err2, err3); err != nil || session > 1<<30 || position > 1<<30 || session < looseSession || position < 0 {
		return wrongMark()
	}
	w.and("(k.day, k.conversation, k.session, k.position) > (?, ?, ?, ?)", day.Time(), x.after[1], session, position)
	return nil
}

// full says whether the page is, and then where the next one begins.
func (x *explaining) full() bool {
	if len(x.out.Items) < x.limit {
		return false
	}
	last := &x.out.Items[x.limit-1]
	x.out.Next = x.mark(x.label, []string{last.Day.String(), last.id(), strconv.Itoa(last.sessionOrLoose()), strconv.Itoa(last.position)})
	return true
}

// place puts the row's place into an item.
func (x *explaining) place(it *ExplainItem, day int32, hour int16) {
	d, h := metric.Day(day), int(hour)
	it.Day, it.Hour, it.used = &d, &h, ""
	if it.Session == looseSession {
		it.used, it.Conversation, it.Session = it.Conversation, "", 0
	}
}

func (it *ExplainItem) id() string {
	if it.used != "" {
		return it.used
	}
	return it.Conversation
}

func (it *ExplainItem) sessionOrLoose() int {
	if it.used != "" {
		return looseSession
	}
	return it.Session
}

// partName is the metric by which a counter alone can be asked for.
func partName(c metric.Counter) string {
	switch c { //nolint:exhaustive // the others are called alike.
	case metric.FirstResponseMillis:
		return "first_response_seconds"
	case metric.TurnResponseMillis:
		return "turn_response_seconds"
	default:
		return c.String()
	}
}
