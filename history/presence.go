package history

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/history/cube"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
)

// onFloor is what an agent is while a report looks at his time online.
type onFloor struct {
	id              string
	teams, channels []string
	since           *time.Time // of the spell that runs
}

// online is time of an agent on a day of the range, or on all of them.
type online struct {
	agent    *onFloor
	previous bool // of the range before
	day      metric.Day
	millis   int64
	first    int64
}

// timeOnline is what stands in a cell.
type timeOnline struct{ millis, first int64 }

// presence is the time online that a report counts: spells that have ended, and
// those that run up to the answer's time. Time online has no intent and no
// handling: filters by them do not apply. An agent of two teams is in the row of
// each; a total has him once.
type presence struct {
	times []online
	cells [2]map[int]timeOnline // of the range, of the one before
}

func (p *presence) of(cell int, previous bool) (millis, first int64) {
	i := 0
	if previous {
		i = 1
	}
	t := p.cells[i][cell]
	return t.millis, t.first
}

// readPresence reads the agents whom the filter lets through, and their time.
func (r *report) readPresence(ctx context.Context) error {
	agents, err := r.onFloor(ctx)
	if err != nil {
		return err
	}
	byID := make(map[string]*onFloor, len(agents))
	for i := range agents {
		byID[agents[i].id] = &agents[i]
	}
	if err := r.readOnline(ctx, byID, r.query.From, r.query.To, false); err != nil || !r.query.Compare {
		return err
	}
	n := r.query.To - r.query.From + 1
	return r.readOnline(ctx, byID, r.query.From-n, r.query.From-1, true)
}

// onFloor are the agents whom the filter lets through.
func (r *report) onFloor(ctx context.Context) ([]onFloor, error) {
	if r.folded != nil {
		return r.folded.onFloor(r.query.Filter.Agent), nil
	}
	w := &condition{}
	w.and("tenant = ?", r.desk.rows)
	w.in("agent", r.query.Filter.Agent)
	return rowsOf(ctx, r.session.Tx, "SELECT agent, teams, channels, online_since FROM agents WHERE "+w.sql(), w.args,
		func(rows pgx.Rows, a *onFloor) error { return rows.Scan(&a.id, &a.teams, &a.channels, &a.since) })
}

// readOnline reads one range.
func (r *report) readOnline(ctx context.Context, byID map[string]*onFloor, from, to metric.Day, previous bool) error {
	now, begin, end := r.at.UnixMilli(), r.calendar.Start(from), r.calendar.Start(to+1)
	for _, a := range byID {
		if a.since == nil || !r.hasAgent(a) {
			continue
		}
		since := a.since.UnixMilli()
		if since >= end || now < begin && since < begin {
			continue
		}
		fold.SplitSpell(r.calendar, max(since, begin), min(now, end), func(day metric.Day, at, until int64) {
			r.presence.times = append(r.presence.times, online{a, previous, day - from, until - at, at})
		})
	}
	return r.daysOnline(ctx, from, to, func(id string, offset metric.Day, millis, first int64) {
		a := byID[id]
		if a == nil {
			a = &onFloor{id: id}
			byID[id] = a
		}
		if r.hasAgent(a) {
			r.presence.times = append(r.presence.times, online{agent: a, previous: previous, day: offset, millis: millis, first: first})
		}
	})
}

// daysOnline gives f the spells that have ended in a range, by agent and by day,
// as an offset from the first.
func (r *report) daysOnline(ctx context.Context, from, to metric.Day, f func(agent string, offset metric.Day, millis, first int64)) error {
	if r.folded != nil {
		r.folded.daysOnline(r.query.Filter.Agent, from, to, f)
		return nil
	}
	// Without days in the answer, an agent's days are added up where they are.
	day, group := "day - $2", ""
	if !slices.Contains(r.query.By, metric.ByDay) {
		day, group = "0", " GROUP BY agent"
	}
	w := &condition{}
	w.and("tenant = ?", r.desk.rows)
	w.and("day >= ?::date", from.Time())
	w.and("day <= ?::date", to.Time())
	w.in("agent", r.query.Filter.Agent)
	columns := "online_millis, first_online"
	if group != "" {
		columns = "sum(online_millis)::bigint, min(first_online)"
	}
	rows, err := r.session.Tx.Query(ctx, "SELECT agent, "+day+", "+columns+" FROM agent_days WHERE "+w.sql()+group, w.args...)
	if err != nil {
		return err
	}
	var id string
	var offset int32
	var millis int64
	var first *time.Time
	_, err = pgx.ForEachRow(rows, []any{&id, &offset, &millis, &first}, func() error {
		var at int64
		if first != nil {
			at = first.UnixMilli()
		}
		f(id, metric.Day(offset), millis, at)
		return nil
	})
	return err
}

// hasAgent says whether the filter lets the agent through, by his own channels and teams.
func (r *report) hasAgent(a *onFloor) bool {
	return meets(r.query.Filter.Channel, a.channels) && meets(r.query.Filter.Team, a.teams)
}

func meets(wanted, has []string) bool {
	return len(wanted) == 0 || len(has) == 0 && slices.Contains(wanted, "") || slices.ContainsFunc(has, func(s string) bool { return slices.Contains(wanted, s) })
}

// enter adds the times to each cell that their agents are in.
func (p *presence) enter(t *cube.Table, r *report) {
	p.cells = [2]map[int]timeOnline{{}, {}}
	combinations := make([][][]uint32, len(p.times))
	for i := range p.times { // all numbers before the first cell
		combinations[i] = r.combinations(t, &p.times[i])
	}
	for i := range p.times {
		o := &p.times[i]
		side := 0
		if o.previous {
			side = 1
		}
		for _, numbers := range combinations[i] {
			cell := t.Cell(numbers)
			sum := p.cells[side][cell]
			sum.millis += o.millis
			if o.first != 0 && (sum.first == 0 || o.first < sum.first) {
				sum.first = o.first
			}
			p.cells[side][cell] = sum
		}
	}
}

// combinations are the numbers under which a time stands.
func (r *report) combinations(t *cube.Table, o *online) [][]uint32 {
	keys := [][]uint32{make([]uint32, len(r.query.By))}
	for i, d := range r.query.By {
		values := []string{""}
		switch d { //nolint:exhaustive // ParseQuery refuses the others
		case metric.ByDay:
			for _, key := range keys {
				key[i] = uint32(o.day) //nolint:gosec // within the range
			}
			continue
		case metric.ByAgent:
			values[0] = o.agent.id
		case metric.ByTeam:
			values = rowsFor(o.agent.teams, r.query.Filter.Team)
		case metric.ByChannel:
			values = rowsFor(o.agent.channels, r.query.Filter.Channel)
		}
		numbers := make([]uint32, len(values))
		for j, v := range values {
			numbers[j] = t.Number(i, v)
		}
		keys = product(keys, i, numbers)
	}
	return keys
}

// rowsFor are the values under which an agent stands, none as the empty one.
func rowsFor(has, wanted []string) []string {
	var values []string
	for _, v := range has {
		if (len(wanted) == 0 || slices.Contains(wanted, v)) && !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	if len(values) == 0 {
		return []string{""}
	}
	return values
}

// product puts each of numbers at place i of each key.
func product(keys [][]uint32, i int, numbers []uint32) [][]uint32 {
	if len(numbers) == 1 {
		for _, key := range keys {
			key[i] = numbers[0]
		}
		return keys
	}
	all := make([][]uint32, 0, len(keys)*len(numbers))
	for _, key := range keys {
		for _, n := range numbers {
			key := slices.Clone(key)
			key[i] = n
			all = append(all, key)
		}
	}
	return all
}
