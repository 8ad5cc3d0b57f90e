package history

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/floorlight/floorlight/hub/metric"
)

// mostRows bounds an answer; one row takes about 1 KB.
const mostRows = 100_000

// Metrics answers a report. values are the parameters of GET /v1/metrics, now is
// the answer's time: it says which day is today, and up to when spells online
// that still run count. Everything comes from one view of the database.
//
// A combination of the dimensions without data for any of the asked metrics has
// no row; with day among the dimensions, each combination of the others that has
// data in the range has a row for every day of it. What belongs to nobody stands
// under the empty id, so that additive metrics add up to the total. Rows are
// sorted by the dimensions as they were asked for.
//
// Errors: *metric.FieldError for a faulty question, ErrUnavailable.
func (d *Database) Metrics(ctx context.Context, tenant string, values map[string][]string, now time.Time) (metric.Answer, error) {
	return d.MetricsWithin(ctx, tenant, Scope{}, values, now)
}

// MetricsWithin is Metrics for a caller who may see a part of the tenant. An
// agent's scope answers as his filter does: with his own numbers.
func (d *Database) MetricsWithin(ctx context.Context, tenant string, scope Scope, values map[string][]string, now time.Time) (metric.Answer, error) {
	var a metric.Answer
	if err := checkText(values); err != nil {
		return a, err
	}
	err := d.snapshot(ctx, func(tx pgx.Tx) error {
		var err error
		a, err = answer(ctx, tx, tenant, scope, values, now)
		return err
	})
	if err != nil {
		return metric.Answer{}, reportError(err)
	}
	return a, nil
}

// codeOutOfRange is PostgreSQL's numeric_value_out_of_range.
const codeOutOfRange = "22003"

// reportError tells a sum that an answer cannot hold from other errors: accuracy
// is summed in 10⁻¹², and more than nine million uses pass 63 bits.
func reportError(err error) error {
	if field, ok := errors.AsType[*metric.FieldError](err); ok {
		return field
	}
	if refusal, ok := errors.AsType[*pgconn.PgError](err); ok && refusal.Code == codeOutOfRange {
		return &metric.FieldError{Field: "from", Message: "a sum over this range is too large to be held exactly; ask for a shorter range"}
	}
	return fmt.Errorf("report: %w", err)
}

func answer(ctx context.Context, tx pgx.Tx, tenant string, scope Scope, values map[string][]string, now time.Time) (metric.Answer, error) {
	var a metric.Answer
	p, err := profile(ctx, tx, tenant)
	if err != nil {
		return a, err
	}
	at := time.UnixMilli(now.UnixMilli()).UTC()
	calendar := metric.NewCalendar(p.Location())
	q, err := metric.ParseQuery(values, calendar.Day(at.UnixMilli()), &p.Settings)
	if err != nil {
		return a, err
	}
	r := report{tx: tx, tenant: tenant, profile: p, calendar: calendar, query: q, now: at.UnixMilli()}
	r.query.Filter, r.nothing = scope.apply(q.Filter)
	r.plan()
	a = metric.Answer{From: q.From, To: q.To, Timezone: p.Timezone, Profile: p.Label(), Unique: p.Unique, At: at}
	if a.AsOfSeq, err = asOf(ctx, tx); err != nil {
		return a, err
	}
	// Compiling an expression of forty sums takes longer than computing it, and
	// the customers of a quarter fit into 64 MB.
	if _, err := tx.Exec(ctx, "SET LOCAL jit = off; SET LOCAL work_mem = '64MB'"); err != nil {
		return a, err
	}
	current, err := r.cells(ctx, q.From, q.To, 0)
	if err != nil {
		return a, err
	}
	previous := map[string]*cell{}
	if q.Compare {
		n := q.To - q.From + 1
		if previous, err = r.cells(ctx, q.From-n, q.From-1, n); err != nil {
			return a, err
		}
	}
	a.Rows, err = r.rows(current, previous)
	return a, err
}

// profile reads the tenant's profile in force; an unknown tenant has the default one.
func profile(ctx context.Context, tx pgx.Tx, tenant string) (*metric.Profile, error) {
	name, version, settings := metric.DefaultProfile, int64(0), []byte("{}")
	err := tx.QueryRow(ctx, "SELECT profile, version, settings FROM tenants WHERE tenant = $1", tenant).Scan(&name, &version, &settings)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return nil, err
	}
	p, err := metric.NewProfile(name, version, nil)
	if err != nil {
		return nil, fmt.Errorf("stored profile: %w", err)
	}
	if err := json.Unmarshal(settings, &p.Settings); err != nil {
		return nil, fmt.Errorf("stored profile: %w", err)
	}
	return p, nil
}

// asOf is how far the stream has been read.
func asOf(ctx context.Context, tx pgx.Tx) (uint64, error) {
	var seq int64
	if err := tx.QueryRow(ctx, "SELECT coalesce(min(seq), 0) FROM cursors").Scan(&seq); err != nil {
		return 0, err
	}
	return uint64(max(0, seq)), nil
}

// cell is what one row of an answer is evaluated over.
type cell struct {
	key    []string // the value of each dimension, in the order asked; a day as YYYY-MM-DD
	whole  metric.Sums
	agents metric.Sums // of agents (**A**)
}

// report is one question while it is being answered.
type report struct {
	tx       pgx.Tx
	tenant   string
	profile  *metric.Profile
	calendar *metric.Calendar
	query    metric.Query
	nothing  bool // the scope lets nothing through
	now      int64

	// The parts that the metrics are made from.
	whole, agents               []metric.Counter
	distinct, revenue, presence bool
}

// plan finds out which parts the metrics need.
func (r *report) plan() {
	var whole, agents [metric.NumCounters]bool
	for _, m := range r.query.Metrics {
		r.distinct = r.distinct || m.Needs&metric.NeedDistinct != 0
		r.revenue = r.revenue || m.Needs&metric.NeedRevenue != 0
		r.presence = r.presence || m.Needs&metric.NeedPresence != 0
		if m.Needs&metric.NeedCounts == 0 {
			continue
		}
		marks := &whole
		if r.byAgent(m) {
			marks = &agents
		}
		for _, c := range countersOf(m, &r.profile.Settings, r.byAgent(m)) {
			marks[c] = true
		}
	}
	for _, c := range metric.Counters() {
		if whole[c] {
			r.whole = append(r.whole, c)
		}
		if agents[c] {
			r.agents = append(r.agents, c)
		}
	}
}

// byAgent says whether the metric answers by its form per agent.
func (r *report) byAgent(m *metric.Metric) bool { return m.PerAgent && r.query.PerAgent() }

// countersOf finds the counters that a metric reads by asking it: those whose
// change changes the value or its parts. So a report sums no column that nobody
// looks at, and the catalogue remains the only place that knows a formula.
func countersOf(m *metric.Metric, p *metric.Settings, perAgent bool) []metric.Counter {
	sums := metric.Sums{PerAgent: perAgent}
	for i := range sums.Counts {
		sums.Counts[i] = 1
	}
	before := m.Eval(&sums, p)
	var reads []metric.Counter
	for _, c := range metric.Counters() {
		sums.Counts[c] = 1001
		if m.Eval(&sums, p) != before { // of counters: scalars, which compare
			reads = append(reads, c)
		}
		sums.Counts[c] = 1
	}
	return reads
}

// cells sums a range of days. offset is added to each day, so that the rows of
// the range before lie under those that they are compared with.
func (r *report) cells(ctx context.Context, from, to, offset metric.Day) (map[string]*cell, error) {
	s := summing{report: r, from: from, to: to, offset: offset, cells: map[string]*cell{}}
	if r.nothing {
		return s.cells, nil
	}
	steps := []struct {
		needed bool
		run    func(context.Context) error
	}{
		{len(r.whole) > 0, s.wholeCounts},
		{len(r.agents) > 0, s.agentCounts},
		{r.distinct, s.distinct},
		{r.revenue, s.revenue},
		{r.presence, s.presence},
	}
	for _, step := range steps {
		if !step.needed {
			continue
		}
		if err := step.run(ctx); err != nil {
			return nil, err
		}
	}
	return s.cells, nil
}

// rows evaluates the metrics over the cells.
func (r *report) rows(current, previous map[string]*cell) ([]metric.AnswerRow, error) {
	by := r.query.By
	day := slices.Index(by, metric.ByDay)
	keys := map[string][]string{}
	for id, c := range current {
		if len(by) > 0 && !r.hasData(c) {
			continue
		}
		keys[id] = c.key
	}
	if len(by) == 0 {
		keys = map[string][]string{"": {}}
	}
	if day >= 0 {
		var err error
		if keys, err = r.everyDay(keys, day); err != nil {
			return nil, err
		}
	}
	if len(keys) > mostRows {
		return nil, tooManyRows(len(keys))
	}
	list := make([][]string, 0, len(keys))
	for _, key := range keys {
		list = append(list, key)
	}
	slices.SortFunc(list, slices.Compare[[]string])
	empty := &cell{agents: metric.Sums{PerAgent: true}}
	rows := make([]metric.AnswerRow, 0, len(list))
	for _, key := range list {
		row := metric.AnswerRow{Dimensions: make(map[metric.Dimension]string, len(by)), Values: make(map[string]metric.ComparedValue, len(r.query.Metrics))}
		for i, d := range by {
			row.Dimensions[d] = key[i]
		}
		id := cellID(key)
		now, before := cmp.Or(current[id], empty), cmp.Or(previous[id], empty)
		for _, m := range r.query.Metrics {
			v := metric.ComparedValue{Value: r.eval(m, now)}
			if r.query.Compare {
				p := r.eval(m, before)
				v.Previous = &p
			}
			row.Values[m.ID] = v
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// everyDay gives every combination of the other dimensions a key for each day of the range.
func (r *report) everyDay(keys map[string][]string, day int) (map[string][]string, error) {
	others := map[string][]string{}
	for _, key := range keys {
		key = slices.Clone(key)
		key[day] = ""
		others[cellID(key)] = key
	}
	if len(r.query.By) == 1 {
		others = map[string][]string{"": {""}}
	}
	days := int(r.query.To-r.query.From) + 1
	if len(others)*days > mostRows {
		return nil, tooManyRows(len(others) * days)
	}
	all := make(map[string][]string, len(others)*days)
	for d := r.query.From; d <= r.query.To; d++ {
		text := d.String()
		for _, key := range others {
			key = slices.Clone(key)
			key[day] = text
			all[cellID(key)] = key
		}
	}
	return all, nil
}

func tooManyRows(n int) error {
	return &metric.FieldError{Field: "by", Message: fmt.Sprintf("the answer would have %d rows; at most %d: ask for fewer days or dimensions", n, mostRows)}
}

func (r *report) eval(m *metric.Metric, c *cell) metric.Value {
	if r.byAgent(m) {
		return m.Eval(&c.agents, &r.profile.Settings)
	}
	return m.Eval(&c.whole, &r.profile.Settings)
}

// hasData says whether any of the metrics has something in the cell.
func (r *report) hasData(c *cell) bool {
	for _, m := range r.query.Metrics {
		v := r.eval(m, c)
		if something(v.Value) || something(v.Num) || something(v.Den) {
			return true
		}
	}
	return false
}

func something(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case int64:
		return v != 0
	case float64:
		return v != 0
	case map[string]string:
		return len(v) > 0
	}
	return true
}

// cellID tells keys apart; no id of the contract holds a NUL.
func cellID(key []string) string { return strings.Join(key, "\x00") }
