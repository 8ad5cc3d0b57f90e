package history

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/history/cube"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

const (
	// mostRows bounds an answer; one row takes about 100 bytes for each metric.
	mostRows = 100_000
	// seqWait is how long a question waits for the sequence that it asks for.
	seqWait = 5 * time.Second
	// seqEvery is how often it looks.
	seqEvery = 20 * time.Millisecond
)

// BehindError says that history has not come to the sequence that was asked for.
type BehindError struct{ Seq, Wanted uint64 }

func (e *BehindError) Error() string {
	return fmt.Sprintf("history has come to sequence %d, and %d was asked for; ask again", e.Seq, e.Wanted)
}

// Unwrap makes it an ErrUnavailable: the same question will be answered later.
func (e *BehindError) Unwrap() error { return ErrUnavailable }

// Metrics answers a report. values are the parameters of GET /v1/metrics, now is
// the answer's time: it says which day is today, and up to when spells online
// that still run count. Everything comes from one view of the database, which
// holds what the events up to AsOfSeq have made. With as_of_seq among the
// parameters, the question waits for up to five seconds until that is reached.
//
// A combination of the dimensions without data for any of the asked metrics has
// no row; with day among the dimensions, each combination of the others that has
// data in the range has a row for every day of it. What belongs to nobody stands
// under the empty id, so that additive metrics add up to the total. Rows are
// sorted by the dimensions as they were asked for.
//
// With profile among the parameters, each of the profiles that it names answers
// with rows of its own, over the same events and the same days; see profilesOf.
//
// Errors: *metric.FieldError for a faulty question, *BehindError, ErrBusy,
// ErrUnavailable.
func (d *Database) Metrics(ctx context.Context, tenant string, values map[string][]string, now time.Time) (metric.Answer, error) {
	return d.MetricsWithin(ctx, tenant, Scope{}, values, now)
}

// MetricsWithin is Metrics for a caller who may see a part of the tenant. An
// agent's scope answers as his filter does: with his own numbers.
func (d *Database) MetricsWithin(ctx context.Context, tenant string, scope Scope, values map[string][]string, now time.Time) (metric.Answer, error) {
	var a metric.Answer
	err := d.report(ctx, tenant, scope, values, now, func(all []*report) error {
		var err error
		a, err = answerOf(all)
		return err
	})
	return a, err
}

// MetricsJSON is MetricsWithin as the JSON document of GET /v1/metrics. It is
// written row by row: an answer of 45,000 rows (agents by days of a quarter)
// takes a tenth of the time that it takes by way of maps.
func (d *Database) MetricsJSON(ctx context.Context, tenant string, scope Scope, values map[string][]string, now time.Time) ([]byte, error) {
	var document []byte
	err := d.report(ctx, tenant, scope, values, now, func(all []*report) error {
		var err error
		document, err = reportsJSON(all)
		return err
	})
	return document, err
}

// report makes a question of the parameters and runs f over its answers: one, or
// one for each profile that was asked for.
func (d *Database) report(ctx context.Context, tenant string, scope Scope, values map[string][]string, now time.Time, f func([]*report) error) error {
	if err := checkText(values); err != nil {
		return err
	}
	if err := checkNames(values, nil); err != nil {
		return err
	}
	values, least, err := takeSeq(values)
	if err != nil {
		return err
	}
	values, labels := takeProfiles(values)
	return reportError(d.underProfiles(ctx, tenant, values, labels, least, now, func(ctx context.Context, r *report) error {
		return r.ask(ctx, r.query, scope)
	}, f))
}

// underProfiles answers a question under the profile in force, or under each of
// those that are named.
func (d *Database) underProfiles(
	ctx context.Context, tenant string, values map[string][]string, labels []string, least uint64, now time.Time,
	answer func(context.Context, *report) error, f func([]*report) error,
) error {
	if len(labels) > 0 {
		return d.compareProfiles(ctx, tenant, values, labels, least, now, answer, f)
	}
	return d.asOf(ctx, tenant, least, func(ctx context.Context, s *cube.Session) error {
		r, err := newReport(ctx, s, tenant, now)
		if err != nil {
			return err
		}
		if r.query, err = metric.ParseQuery(values, r.today(), &r.profile.Settings); err != nil {
			return err
		}
		if err := answer(ctx, r); err != nil {
			return err
		}
		return f([]*report{r})
	})
}

// checkNames refuses parameters that nobody reads, and tells which there are: those of
// every report but some, and a route's own.
func checkNames(values map[string][]string, but []string, own ...string) error {
	read := append(metric.Parameters(), append([]string{"as_of_seq", "profile"}, own...)...)
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if !slices.Contains(read, name) { // what is left out is refused where it is known why
			there := slices.DeleteFunc(read, func(name string) bool { return slices.Contains(but, name) })
			return &metric.FieldError{Field: name, Message: "unknown parameter; there are " + strings.Join(there, ", ")}
		}
	}
	return nil
}

// takeSeq takes as_of_seq out of the parameters.
func takeSeq(values map[string][]string) (rest map[string][]string, least uint64, err error) {
	given, ok := values["as_of_seq"]
	if !ok {
		return values, 0, nil
	}
	rest = maps.Clone(values)
	delete(rest, "as_of_seq")
	if text := one(values, "as_of_seq"); text != "" {
		if least, err = strconv.ParseUint(text, 10, 63); err != nil || len(given) > 1 {
			return nil, 0, &metric.FieldError{Field: "as_of_seq", Message: "must be one sequence of the stream, such as an answer's as_of_seq"}
		}
	}
	return rest, least, nil
}

// asOf runs f over a view of the tenant that holds at least the events up to a
// sequence. It waits until there is one.
func (d *Database) asOf(ctx context.Context, tenant string, least uint64, f func(context.Context, *cube.Session) error) error {
	deadline := time.NewTimer(seqWait)
	defer deadline.Stop()
	ticker := time.NewTicker(seqEvery)
	defer ticker.Stop()
	for {
		err := d.cube.Within(ctx, d.pool, tenant, func(ctx context.Context, s *cube.Session) error {
			if s.Seq < least {
				return &BehindError{Seq: s.Seq, Wanted: least}
			}
			return f(ctx, s)
		})
		if _, behind := errors.AsType[*BehindError](err); !behind {
			return err
		}
		select {
		case <-deadline.C:
			return err
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
	}
}

// reportError tells what a caller can mend from other errors.
func reportError(err error) error {
	if err == nil {
		return nil
	}
	if field, ok := errors.AsType[*metric.FieldError](err); ok {
		return field
	}
	if behind, ok := errors.AsType[*BehindError](err); ok {
		return behind
	}
	switch {
	case errors.Is(err, cube.ErrTooLarge):
		return &metric.FieldError{Field: "from", Message: "a sum over this range is too large to be held exactly; ask for a shorter range"}
	case errors.Is(err, cube.ErrTooMany):
		return &metric.FieldError{Field: "by", Message: fmt.Sprintf("the answer would have more than %d rows; ask for fewer days or dimensions", mostRows)}
	}
	return fmt.Errorf("report: %w", interpret(err))
}

// asOfSeq is how far a tenant's part of the stream has been read.
func (d *Database) asOfSeq(ctx context.Context, tx pgx.Tx, tenant string) (uint64, error) {
	c, _, err := readCursor(ctx, tx, d.partitionOf(event.TenantID(tenant)), "")
	return c.seq, err
}

// report is one question while it is being answered.
type report struct {
	label    string      // of the profile, where rows say it
	folded   *foldedDesk // instead of what is stored; nil for the profile in force
	session  *cube.Session
	desk     *openedDesk
	profile  *metric.Profile
	calendar *metric.Calendar
	at       time.Time
	query    metric.Query
	nothing  bool // the scope lets nothing through
	needs    metric.Need

	table    *cube.Table
	presence presence
	balances map[string]metric.Money // by channel
	balance  map[int]metric.Money    // by cell

	// What a cell is evaluated over; of the cell that fill was called for last.
	whole, agents metric.Sums
}

func newReport(ctx context.Context, s *cube.Session, tenant string, now time.Time) (*report, error) {
	desk, err := openDesk(ctx, s.Tx, tenant)
	if err != nil {
		return nil, err
	}
	return reportOf(s, desk, now), nil
}

func reportOf(s *cube.Session, desk *openedDesk, now time.Time) *report {
	return &report{
		session: s, desk: desk, profile: desk.profile, calendar: metric.NewCalendar(desk.profile.Location()),
		at: time.UnixMilli(now.UnixMilli()).UTC(), agents: metric.Sums{PerAgent: true},
	}
}

func (r *report) today() metric.Day { return r.calendar.Day(r.at.UnixMilli()) }

// ask sums everything up that the metrics need.
func (r *report) ask(ctx context.Context, q metric.Query, scope Scope) error {
	r.query = q
	r.query.Filter, r.nothing = scope.apply(q.Filter)
	question := r.plan()
	if r.needs&metric.NeedPresence != 0 && !r.nothing {
		if err := r.readPresence(ctx); err != nil {
			return err
		}
	}
	if r.needs&metric.NeedBalance != 0 && !r.nothing {
		if err := r.readBalances(ctx); err != nil {
			return err
		}
	}
	var err error
	r.table, err = r.session.Ask(ctx, question, r.enter)
	return err
}

// enter puts what does not come from rows of conversations into the table.
func (r *report) enter(t *cube.Table) {
	r.presence.enter(t, r)
	r.enterBalances(t)
}

// distincts are the sets that metrics are made from.
var distincts = []struct {
	need     metric.Need
	distinct cube.Distinct
}{
	{metric.NeedDistinct, cube.Customers | cube.Consulting | cube.Converted},
	{metric.NeedServed, cube.Served},
	{metric.NeedFriends, cube.Friends},
	{metric.NeedUpgraded, cube.Upgraded},
	{metric.NeedFlows, cube.Flows},
}

// plan finds out which sums the metrics need.
func (r *report) plan() *cube.Question {
	q := &cube.Question{
		From: r.query.From, To: r.query.To, Previous: r.query.Compare, By: r.query.By, Filter: r.query.Filter,
		Daily: r.profile.Unique == "sum_daily",
	}
	var counters [2][metric.NumCounters]bool
	for _, m := range r.query.Metrics {
		r.needs |= m.Needs
		side, of := &q.Sessions, 0
		if r.byAgent(m) {
			side, of = &q.Agents, 1
		}
		if m.Needs&metric.NeedCounts != 0 {
			for _, c := range countersOf(m, &r.profile.Settings, r.byAgent(m)) {
				counters[of][c] = true
			}
		}
		for _, d := range distincts {
			if m.Needs&d.need != 0 {
				side.Distinct |= d.distinct
			}
		}
		if m.Needs&metric.NeedAffected != 0 {
			q.Agents.Distinct |= cube.Affected // who wrote is told by the rows of agents
		}
		side.Revenue = side.Revenue || m.Needs&metric.NeedRevenue != 0
		side.AISales = side.AISales || m.Needs&metric.NeedAISales != 0
		side.Credits = side.Credits || m.Needs&metric.NeedCredits != 0
		side.Responses = side.Responses || m.Needs&metric.NeedHistogram != 0
	}
	for _, c := range metric.Counters() {
		if counters[0][c] {
			q.Sessions.Counters = append(q.Sessions.Counters, c)
		}
		if counters[1][c] {
			q.Agents.Counters = append(q.Agents.Counters, c)
		}
	}
	if r.nothing {
		q.Sessions, q.Agents = cube.Wanted{}, cube.Wanted{}
	}
	return q
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
