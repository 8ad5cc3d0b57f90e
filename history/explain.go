package history

import (
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/floorlight/floorlight/history/cube"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
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
	Parts []string `json:"parts,omitzero"`
	// Profiles are those that were asked for by name. A page is of one of them, which
	// is Profile; behind the last page of one comes the first of the next.
	Profiles []string      `json:"profiles,omitzero"`
	Items    []ExplainItem `json:"items"`
	Next     string        `json:"next,omitzero"`

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
	of       string   // the label of the profile that the page is of; "" is the first
	after    []string // the key of the last item of the page before
	perAgent bool
	out      *Explanation
}

// Explain answers GET /v1/metrics/{id}/explain. values are the parameters of a
// report of that metric without by and compare, side (num, den), cursor and
// limit. Errors: *metric.FieldError, *BehindError, ErrBusy, ErrUnavailable.
func (d *Database) Explain(ctx context.Context, tenant, id string, scope Scope, values map[string][]string, now time.Time) (*Explanation, error) {
	if err := checkText(values); err != nil {
		return nil, err
	}
	m, ok := metric.Lookup(id)
	if !ok {
		return nil, &metric.FieldError{Field: "metric", Message: fmt.Sprintf("unknown metric %q; GET /v1/catalog lists them", id)}
	}
	rest := maps.Clone(values)
	if rest == nil {
		rest = map[string][]string{}
	}
	x := &explaining{metric: m}
	if err := x.take(rest); err != nil {
		return nil, err
	}
	rest["metric"] = []string{id}
	if err := checkNames(rest, []string{"metric", "by", "compare"}, "side", "cursor", "limit"); err != nil {
		return nil, err
	}
	rest, least, err := takeSeq(rest)
	if err != nil {
		return nil, err
	}
	rest, labels := takeProfiles(rest)
	err = d.asOf(ctx, tenant, least, func(ctx context.Context, s *cube.Session) error {
		x.out = &Explanation{Metric: m.ID, Name: m.Name, Formula: m.Formula, Unit: m.Unit, Items: []ExplainItem{}}
		next, err := x.open(ctx, d, s, tenant, rest, labels, now)
		if err != nil {
			return err
		}
		if foldVersion(s) != fold.Version { // their events are found by folding
			return ErrOldFold
		}
		if err := x.ask(ctx, x.query, scope); err != nil {
			return err
		}
		if err := x.answer(ctx); err != nil {
			return err
		}
		if x.out.Next == "" && next != "" {
			x.out.Next = x.mark(next, nil)
		}
		return nil
	})
	if err != nil {
		return nil, reportError(err)
	}
	return x.out, nil
}

// open makes the report with its question, under the profile that the page is of.
// next is the label of the one behind it.
func (x *explaining) open(ctx context.Context, d *Database, s *cube.Session, tenant string, values map[string][]string, labels []string, now time.Time) (next string, err error) {
	if len(labels) == 0 {
		if x.of != "" {
			return "", wrongMark()
		}
		if x.report, err = newReport(ctx, s, tenant, now); err == nil {
			x.query, err = metric.ParseQuery(values, x.today(), &x.profile.Settings)
		}
		return "", err
	}
	desk, err := openDesk(ctx, s.Tx, tenant)
	if err != nil {
		return "", err
	}
	all, others, err := d.underEach(ctx, s, desk, values, labels, now)
	if err != nil {
		return "", err
	}
	at := 0
	if x.of != "" {
		if at = slices.IndexFunc(all, func(r *report) bool { return r.label == x.of }); at < 0 {
			return "", wrongMark()
		}
	}
	for i, r := range all {
		x.out.Profiles = append(x.out.Profiles, r.label)
		if i == at+1 {
			next = r.label
		}
	}
	x.report = all[at]
	if slices.Contains(others, x.report) {
		err = d.others.fold(ctx, d, s, []*report{x.report}, true)
	}
	return next, err
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
		if err := x.parseMark(s); err != nil {
			return err
		}
	}
	for _, name := range []string{"side", "limit", "cursor"} {
		delete(values, name)
	}
	return nil
}

// mark is the cursor of the page behind an item, or without one of the first page
// under a profile.
func (x *explaining) mark(label string, key []string) string {
	b, err := json.Marshal(append([]string{x.side, label}, key...))
	if err != nil {
		return "" // cannot be: ids are valid UTF-8
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func (x *explaining) parseMark(text string) error {
	broken := &metric.FieldError{Field: "cursor", Message: "is not a cursor of this side; take next from the page before, or leave it out"}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return broken
	}
	var key []string
	if err := json.Unmarshal(b, &key); err != nil || len(key) < 2 || len(key) > 6 || key[0] != x.side {
		return broken
	}
	for _, k := range key {
		if strings.IndexByte(k, 0) >= 0 {
			return broken
		}
	}
	x.of, x.after = key[1], key[2:]
	return nil
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
		{&sums.ServedCustomers, metric.NeedServed, &customerSet{counters: []metric.Counter{metric.AssignEvents}}},
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
