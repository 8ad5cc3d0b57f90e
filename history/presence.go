package history

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
)

// onFloor is what an agent is while a report looks at his time online.
type onFloor struct {
	id              string
	teams, channels []string
	since           *time.Time // of the spell that runs
}

// presence adds the time online of the agents whom the filter lets through: the
// spells that have ended, and those that run up to the answer's time. Time online
// has no intent and no handling: filters by them do not apply. An agent of two
// teams is in the row of each; a total has him once.
func (s *summing) presence(ctx context.Context) error {
	w := &condition{}
	w.and("tenant = ?", s.tenant)
	w.in("agent", s.query.Filter.Agent)
	agents, err := rowsOf(ctx, s.tx, "SELECT agent, teams, channels, online_since FROM agents WHERE "+w.sql(), w.args,
		func(rows pgx.Rows, a *onFloor) error { return rows.Scan(&a.id, &a.teams, &a.channels, &a.since) })
	if err != nil {
		return err
	}
	byID := make(map[string]*onFloor, len(agents))
	begin, end := s.calendar.Start(s.from), s.calendar.Start(s.to+1)
	for i := range agents {
		a := &agents[i]
		byID[a.id] = a
		if a.since == nil || !s.has(a) {
			continue
		}
		since := a.since.UnixMilli()
		start := max(since, begin)
		if since >= end || s.now < begin && since < begin {
			continue
		}
		fold.SplitSpell(s.calendar, start, min(s.now, end), func(day metric.Day, from, to int64) { s.online(a, day, to-from, from) })
	}
	w = s.where()
	w.in("agent", s.query.Filter.Agent)
	rows, err := s.tx.Query(ctx, "SELECT agent, "+dayNumber+", online_millis, first_online FROM agent_days WHERE "+w.sql(), w.args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var day int32
		var millis int64
		var first *time.Time
		if err := rows.Scan(&id, &day, &millis, &first); err != nil {
			return err
		}
		a := byID[id]
		if a == nil {
			a = &onFloor{id: id}
			byID[id] = a
		}
		if !s.has(a) {
			continue
		}
		var at int64
		if first != nil {
			at = first.UnixMilli()
		}
		s.online(a, metric.Day(day), millis, at)
	}
	return rows.Err()
}

// has says whether the filter lets the agent through, by his own channels and teams.
func (s *summing) has(a *onFloor) bool {
	return meets(s.query.Filter.Channel, a.channels) && meets(s.query.Filter.Team, a.teams)
}

func meets(wanted, has []string) bool {
	return len(wanted) == 0 || slices.ContainsFunc(has, func(s string) bool { return slices.Contains(wanted, s) })
}

// online adds time to each row that the agent is in.
func (s *summing) online(a *onFloor, day metric.Day, millis, first int64) {
	keys := [][]string{make([]string, len(s.query.By))}
	for i, d := range s.query.By {
		values := []string{""}
		switch d {
		case metric.ByDay:
			values[0] = (day + s.offset).String()
		case metric.ByAgent:
			values[0] = a.id
		case metric.ByTeam:
			values = rowsFor(a.teams, s.query.Filter.Team)
		case metric.ByChannel:
			values = rowsFor(a.channels, s.query.Filter.Channel)
		case metric.ByIntent, metric.ByHandling: // ParseQuery refuses them
		}
		keys = product(keys, i, values)
	}
	for _, key := range keys {
		c := s.cell(key)
		for _, sums := range []*metric.Sums{&c.whole, &c.agents} {
			sums.OnlineMillis += millis
			if first != 0 && (sums.FirstOnline == 0 || first < sums.FirstOnline) {
				sums.FirstOnline = first
			}
		}
	}
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

// product puts each of values at place i of each key.
func product(keys [][]string, i int, values []string) [][]string {
	if len(values) == 1 {
		for _, key := range keys {
			key[i] = values[0]
		}
		return keys
	}
	all := make([][]string, 0, len(keys)*len(values))
	for _, key := range keys {
		for _, v := range values {
			key := slices.Clone(key)
			key[i] = v
			all = append(all, key)
		}
	}
	return all
}
