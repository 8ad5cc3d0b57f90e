package history

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/history/cube"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// Explanation says what a number of the reports is made of: its formula, and one
// page of what stands in its numerator or denominator.
type Explanation struct {
	Metric  string       `json:"metric"`
	Name    event.Text   `json:"name"`
	Formula event.Text   `json:"formula"`
	Unit    metric.Unit  `json:"unit"`
	Profile string       `json:"profile"`
	From    metric.Day   `json:"from"`
	To      metric.Day   `json:"to"`
	Unique  string       `json:"unique"`
	AsOfSeq uint64       `json:"as_of_seq"`
	Value   metric.Value `json:"value"`
	Side    string       `json:"side"` // num, den
	// Total is what the items of all pages add up to: the value's num or den, or
	// the value of a metric that has none. Count is how many items there are.
	Total any `json:"total"`
	Count int `json:"count"`
	// Parts are the metrics whose items these are, where the value's own parts do
	// not add up: of a sum of two means, or a percentile.
	Parts []string      `json:"parts,omitzero"`
	Items []ExplainItem `json:"items"`
	Next  string        `json:"next,omitzero"`

	timezone string
}

// ExplainItem is one thing that counted. What does not apply is absent: an item
// of a distinct metric is a customer, an agent or a flow; one of the time online
// is an agent's day.
type ExplainItem struct {
	Conversation string      `json:"conversation,omitzero"`
	Session      int         `json:"session,omitzero"`
	Day          *metric.Day `json:"day,omitzero"`
	Hour         *int        `json:"hour,omitzero"`
	Agent        string      `json:"agent,omitzero"`
	Team         string      `json:"team,omitzero"`
	Channel      string      `json:"channel,omitzero"`
	Customer     string      `json:"customer,omitzero"`
	Flow         string      `json:"flow,omitzero"`
	// N is what it adds to the total, in the total's unit; Amounts are that of money.
	N             any               `json:"n,omitzero"`
	Amounts       map[string]string `json:"amounts,omitzero"`
	At            string            `json:"at,omitzero"`     // a moment
	Millis        *int64            `json:"millis,omitzero"` // of a time
	Conversations []string          `json:"conversations,omitzero"`
	Events        []ExplainEvent    `json:"events,omitzero"`

	position int
	used     string // the id of rows that belong to no conversation
}

// ExplainEvent is an event that changed what an item counts.
type ExplainEvent struct {
	Seq  uint64     `json:"seq"`
	ID   string     `json:"id"`
	Type event.Type `json:"type"`
	At   time.Time  `json:"at"`
}

// The sides of a value.
const (
	numSide = "num"
	denSide = "den"
)

const (
	defaultItems = 50
	mostItems    = 500
	// mostItemEvents bounds the events of one item.
	mostItemEvents = 50
)

// explaining is a question for an explanation while it is answered.
type explaining struct {
	*report

	metric   *metric.Metric
	side     string
	limit    int
	after    []string // the key of the last item of the page before
	perAgent bool
	out      *Explanation
}

// Explain answers GET /v1/metrics/{id}/explain. values are the parameters of a
// report of that metric without by and compare, side (num, den), cursor and
// limit. Errors: *metric.FieldError, *BehindError, ErrUnavailable.
func (d *Database) Explain(ctx context.Context, tenant, id string, scope Scope, values map[string][]string, now time.Time) (*Explanation, error) {
	if err := checkText(values); err != nil {
		return nil, err
	}
	m, ok := metric.Lookup(id)
	if !ok {
		return nil, &metric.FieldError{Field: "metric", Message: fmt.Sprintf("unknown metric %q; GET /v1/catalog lists them", id)}
	}
	rest := maps.Clone(values)
	x := &explaining{metric: m, out: &Explanation{Metric: m.ID, Name: m.Name, Formula: m.Formula, Unit: m.Unit, Items: []ExplainItem{}}}
	if err := x.take(rest); err != nil {
		return nil, err
	}
	rest["metric"] = []string{id}
	rest, least, err := takeSeq(rest)
	if err != nil {
		return nil, err
	}
	err = d.asOf(ctx, tenant, least, func(ctx context.Context, s *cube.Session) error {
		r, err := newReport(ctx, s, tenant, now)
		if err != nil {
			return err
		}
		q, err := metric.ParseQuery(rest, r.today(), &r.profile.Settings)
		if err != nil {
			return err
		}
		if err := r.ask(ctx, q, scope); err != nil {
			return err
		}
		x.report = r
		return x.answer(ctx)
	})
	if err != nil {
		return nil, reportError(err)
	}
	return x.out, nil
}

// take reads the parameters that a report does not have.
func (x *explaining) take(values map[string][]string) error {
	for _, name := range []string{"by", "compare", "metric"} {
		if len(values[name]) > 0 {
			return &metric.FieldError{Field: name, Message: "is not for an explanation; put what a row stands for into the filters"}
		}
	}
	x.side, x.limit = numSide, defaultItems
	switch s := one(values, "side"); s {
	case "":
	case numSide, denSide:
		x.side = s
	default:
		return &metric.FieldError{Field: "side", Message: "must be num or den"}
	}
	if s := one(values, "limit"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > mostItems {
			return &metric.FieldError{Field: "limit", Message: fmt.Sprintf("must be a number from 1 to %d", mostItems)}
		}
		x.limit = n
	}
	if s := one(values, "cursor"); s != "" {
		after, err := parseItemMark(s, x.side)
		if err != nil {
			return err
		}
		x.after = after
	}
	for _, name := range []string{"side", "limit", "cursor"} {
		delete(values, name)
	}
	return nil
}

// itemMark is the last item of a page, after which the next one begins.
func itemMark(side string, key []string) string {
	b, err := json.Marshal(append([]string{side}, key...))
	if err != nil {
		return "" // cannot be: ids are valid UTF-8
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func parseItemMark(text, side string) ([]string, error) {
	broken := &metric.FieldError{Field: "cursor", Message: "is not a cursor of this side; take next from the page before, or leave it out"}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return nil, broken
	}
	var key []string
	if err := json.Unmarshal(b, &key); err != nil || len(key) < 2 || len(key) > 6 || key[0] != side {
		return nil, broken
	}
	for _, k := range key {
		if strings.IndexByte(k, 0) >= 0 {
			return nil, broken
		}
	}
	return key[1:], nil
}

// ingredients are what one side of a value is made from.
type ingredients struct {
	counters []metric.Counter
	needs    metric.Need // of what is no counter
	set      *customerSet
}

// customerSet is a set of customers: those of rows that have any of the counters.
type customerSet struct {
	counters []metric.Counter
	friends  bool // alone
}

// ingredientsOf asks the catalogue's own formula: what changes a side, when it is
// changed, is a part of that side. So no formula stands in two places.
func ingredientsOf(m *metric.Metric, p *metric.Settings, perAgent bool, side string) ingredients {
	sums := metric.Sums{PerAgent: perAgent}
	for i := range sums.Counts {
		sums.Counts[i] = 1
	}
	sets := []struct {
		n    *int64
		need metric.Need
		set  *customerSet
	}{
		{&sums.Customers, metric.NeedDistinct, &customerSet{counters: []metric.Counter{metric.Sessions}}},
		{&sums.ConsultingCustomers, metric.NeedDistinct, &customerSet{counters: []metric.Counter{metric.Chats}}},
		{&sums.ConvertedCustomers, metric.NeedDistinct, &customerSet{counters: []metric.Counter{metric.Converted}}},
		{&sums.ServedCustomers, metric.NeedServed, &customerSet{counters: []metric.Counter{metric.AssignedSessions}}},
		{&sums.FriendCustomers, metric.NeedFriends, &customerSet{counters: []metric.Counter{metric.Sessions}, friends: true}},
		{&sums.UpgradedCustomers, metric.NeedUpgraded, &customerSet{counters: []metric.Counter{metric.SpecialistsAdded, metric.GroupsJoined}}},
		{&sums.AffectedAgents, metric.NeedAffected, nil},
		{&sums.FlowsTriggered, metric.NeedFlows, nil},
	}
	for _, s := range sets {
		*s.n = 1
	}
	of := func() any {
		v := m.Eval(&sums, p)
		switch {
		case side == denSide:
			return v.Den
		case v.Num != nil:
			return v.Num
		}
		if _, money := v.Value.(map[string]string); money {
			return nil
		}
		return v.Value
	}
	before := of()
	var in ingredients
	for _, c := range metric.Counters() {
		sums.Counts[c] = 1001
		if of() != before {
			in.counters = append(in.counters, c)
		}
		sums.Counts[c] = 1
	}
	if times := slices.DeleteFunc(slices.Clone(in.counters), func(c metric.Counter) bool { return scaleOf(c) == 1 }); len(times) > 0 {
		in.counters = times // of a sum of means, whose numerator is made of counts as well
	}
	for _, s := range sets {
		*s.n = 1001
		if of() != before {
			in.needs |= s.need
			in.set = s.set
		}
		*s.n = 1
	}
	if side == numSide {
		in.needs |= m.Needs & (metric.NeedRevenue | metric.NeedAISales | metric.NeedCredits | metric.NeedBalance | metric.NeedPresence)
		if m.Needs&metric.NeedHistogram != 0 {
			in.counters = []metric.Counter{metric.FirstResponses}
		}
	}
	return in
}

func (x *explaining) answer(ctx context.Context) error {
	x.perAgent = x.byAgent(x.metric)
	o := x.out
	o.Profile, o.Unique, o.From, o.To = x.profile.Label(), x.profile.Unique, x.query.From, x.query.To
	o.AsOfSeq, o.Side, o.timezone = x.session.Seq, x.side, x.profile.Timezone
	lines, err := x.lines()
	if err != nil {
		return err
	}
	x.fill(lines[0].cell, false) // without dimensions there is one
	o.Value = x.eval(x.metric)
	switch {
	case x.side == denSide && o.Value.Num == nil:
		return &metric.FieldError{Field: "side", Message: fmt.Sprintf("%q is no rate and no mean: it has no denominator", x.metric.ID)}
	case x.side == denSide:
		o.Total = o.Value.Den
	case o.Value.Num != nil:
		o.Total = o.Value.Num
	default:
		o.Total = o.Value.Value
	}
	if x.nothing {
		return nil
	}
	in := ingredientsOf(x.metric, &x.profile.Settings, x.perAgent, x.side)
	switch {
	case len(in.counters) > 0:
		return x.counted(ctx, in.counters)
	case in.needs&(metric.NeedRevenue|metric.NeedAISales|metric.NeedCredits) != 0:
		return x.money(ctx, in.needs)
	case in.set != nil:
		return x.customers(ctx, in.set)
	case in.needs&metric.NeedAffected != 0:
		return x.brokenDown(ctx, metric.ByAgent)
	case in.needs&metric.NeedFlows != 0:
		return x.brokenDown(ctx, metric.ByFlow)
	case in.needs&metric.NeedPresence != 0:
		return x.brokenDown(ctx, metric.ByAgent)
	case in.needs&metric.NeedBalance != 0:
		return x.brokenDown(ctx, metric.ByChannel)
	}
	return fmt.Errorf("no explanation of %s", x.metric.ID)
}

// conditions is where on the rows that count, after the filters and the scope.
func (x *explaining) conditions(perAgent bool) *condition {
	w := &condition{}
	f := &x.query.Filter
	w.and("k.tenant = ?", x.desk.rows)
	w.and("k.day BETWEEN ? AND ?", x.query.From.Time(), x.query.To.Time())
	if perAgent {
		w.and("k.per_agent")
	} else {
		w.and("NOT k.per_agent")
	}
	w.in("k.channel", f.Channel)
	w.in("k.team", f.Team)
	w.in("k.agent", f.Agent)
	w.in("k.intent", f.Intent)
	w.in("k.handling", f.Handling)
	w.in("k.ai_status", f.AIStatus)
	if len(f.Tag) > 0 {
		w.and("k.tags && ?", f.Tag)
	}
	return w
}

// part is the part dimension that the filter has a word on, "" if none.
func (x *explaining) part() (metric.Dimension, []string) {
	for d, values := range x.query.Filter.Parts() {
		return d, values // a number stands under one of them at a time
	}
	return "", nil
}

// amount is the expression for what a row has of some counters, under the part
// that the filter wants.
func (x *explaining) amount(w *condition, counters []metric.Counter) string {
	names := make([]string, len(counters))
	for i, c := range counters {
		names[i] = c.String()
	}
	d, values := x.part()
	if d == "" {
		for i := range names {
			names[i] = "k." + names[i]
		}
		return "(" + strings.Join(names, " + ") + ")::bigint"
	}
	return `(SELECT coalesce(sum((p->>'n')::bigint), 0)::bigint FROM jsonb_array_elements(k.parts) p
		WHERE p->>'d' = ` + w.arg(string(d)) + ` AND p->>'v' = ANY(` + w.arg(values) + `) AND p->>'c' = ANY(` + w.arg(names) + `))`
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
	w := x.conditions(x.perAgent)
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
	sql := "SELECT coalesce(sum(" + n + "), 0)::bigint, count(*) FROM contributions k WHERE " + w.sql()
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
		" FROM contributions k WHERE " + w.sql() + fmt.Sprintf(" ORDER BY k.day, k.conversation, k.session, k.position LIMIT %d", x.limit+1)
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
	return x.eventsOf(ctx, counters)
}

// continueRows narrows to the rows behind the page before.
func (x *explaining) continueRows(w *condition) error {
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
	x.out.Next = itemMark(x.side, []string{last.Day.String(), last.id(), strconv.Itoa(last.sessionOrLoose()), strconv.Itoa(last.position)})
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
