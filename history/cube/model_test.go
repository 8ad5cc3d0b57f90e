package cube_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history/cube"
	"github.com/floorlight/floorlight/history/migrations"
	"github.com/floorlight/floorlight/history/postgres/postgrestest"
	"github.com/floorlight/floorlight/hub/metric"
)

// modelRow is a row of contributions as it is stored.
type modelRow struct {
	conversation                                     string
	session, position                                int
	day                                              metric.Day
	hour                                             int
	perAgent                                         bool
	channel, team, agent, intent, handling, aiStatus string
	tags                                             []string
	customer                                         string
	revenue, aiSales, used                           metric.Money
	parts                                            []metric.Part
	counts                                           metric.Counts
}

type modelKey struct {
	conversation      string
	session, position int
}

// model is a desk's rows, as the test knows them, beside a database that has the same.
type model struct {
	t       testing.TB
	rand    *rand.Rand
	pool    *pgxpool.Pool
	desk    string // under which the rows stand
	rows    map[modelKey]*modelRow
	friends map[string]bool
	seq     int64
	refolds int
}

var firstDay = metric.DayOf(2026, 1, 20)

func newModel(t *testing.T, seed uint64) *model {
	t.Helper()
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, postgrestest.New(t))
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	steps, err := migrations.FS.ReadDir(".")
	require.NoError(t, err)
	for _, step := range steps {
		sql, err := migrations.FS.ReadFile(step.Name())
		require.NoError(t, err)
		_, err = pool.Exec(ctx, string(sql))
		require.NoError(t, err)
	}
	m := &model{t: t, rand: rand.New(rand.NewPCG(seed, 7)), pool: pool, desk: "desk", rows: map[modelKey]*modelRow{}, friends: map[string]bool{}}
	m.exec("INSERT INTO cursors (partition, seq, stream, fold_version) VALUES (0, 0, 's', 1)")
	m.exec("INSERT INTO tenants (tenant, name, profile, version, settings, latest) VALUES ('desk', '', 'default', 0, '{}', '2026-04-01')")
	return m
}

func (m *model) exec(sql string, args ...any) {
	m.t.Helper()
	_, err := m.pool.Exec(context.Background(), sql, args...)
	require.NoError(m.t, err)
}

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

// draw makes up the values of a row that may change.
func (m *model) draw(r *modelRow) {
	r.channel, r.team = pick(m.rand, "wa", "web", "mail"), pick(m.rand, "", "t1", "t2")
	r.agent = pick(m.rand, "", "a1", "a2", "a3")
	if r.perAgent && r.agent == "" {
		r.agent = "a4"
	}
	r.intent, r.handling = pick(m.rand, "other", "logistics"), pick(m.rand, "none", "bot_only", "human_only")
	r.aiStatus = pick(m.rand, "", "open", "resolved")
	r.tags = nil
	for _, tag := range []string{"vip", "slow", "new"} {
		if m.rand.IntN(3) == 0 {
			r.tags = append(r.tags, tag)
		}
	}
	r.customer = pick(m.rand, "", "u1", "u2", "u3", "u4", "u5", "u6")
	r.counts = metric.Counts{}
	for c := range r.counts {
		switch m.rand.IntN(6) {
		case 0:
			r.counts[c] = int64(m.rand.IntN(5)) - 1
		case 1:
			r.counts[c] = int64(m.rand.IntN(1000)) * int64(1+m.rand.IntN(1000))
		}
	}
	r.counts[metric.FirstResponses] = int64(m.rand.IntN(2))
	r.counts[metric.AssistAccuracy] = int64(m.rand.IntN(5)) * 1_000_000_000_000
	r.revenue, r.aiSales, r.used, r.parts = m.money(), m.money(), m.money(), nil
	for _, p := range []struct {
		by      metric.Dimension
		counter metric.Counter
	}{{metric.ByReason, metric.NegativeRatings}, {metric.ByRule, metric.BlockedMessages}, {metric.ByTool, metric.AssistUses}, {metric.ByFlow, metric.FlowTriggers}} {
		for _, value := range []string{"x", "y"} {
			if m.rand.IntN(3) == 0 {
				r.parts = append(r.parts, metric.Part{Dimension: p.by, Value: value, Counter: p.counter, N: int64(1 + m.rand.IntN(3))})
			}
		}
	}
	if len(r.used) > 0 {
		r.parts = append(r.parts, metric.Part{Dimension: metric.ByCategory, Value: pick(m.rand, "marketing", "utility"), Money: r.used})
	}
}

func (m *model) money() metric.Money {
	if m.rand.IntN(4) > 0 {
		return nil
	}
	sum := metric.Money{}
	sum.Add(pick(m.rand, "USD", "CNY"), decimal.New(int64(1+m.rand.IntN(100_000)), -int32(m.rand.IntN(4))))
	if m.rand.IntN(10) == 0 {
		sum.Add("IDR", decimal.RequireFromString("123456789012345678901234.5"))
	}
	return sum
}

// change lets n rows appear or change, under the next sequence.
func (m *model) change(n int) {
	m.seq += int64(1 + m.rand.IntN(3))
	b := &pgx.Batch{}
	for range n {
		key := modelKey{fmt.Sprint("c", m.rand.IntN(150)), pick(m.rand, -1, 0, 1), m.rand.IntN(3)}
		r, ok := m.rows[key]
		if !ok {
			r = &modelRow{conversation: key.conversation, session: key.session, position: key.position, day: firstDay + metric.Day(m.rand.IntN(60)), hour: m.rand.IntN(24), perAgent: m.rand.IntN(2) == 0}
			m.rows[key] = r
		} else if m.rand.IntN(20) == 0 {
			r.day = firstDay + metric.Day(m.rand.IntN(60))
		}
		m.draw(r)
		m.store(b, r)
	}
	for _, customer := range []string{"u1", "u2", "u3", "u4"} {
		if m.rand.IntN(4) == 0 {
			m.friends[customer] = m.rand.IntN(2) == 0
			b.Queue(`INSERT INTO customers (tenant, customer, name, email, phone, anonymous, friend, seq) VALUES ($1, $2, '', '', '', false, $3, $4)
				ON CONFLICT (tenant, customer) DO UPDATE SET friend = excluded.friend, seq = excluded.seq`, m.desk, customer, m.friends[customer], m.seq)
		}
	}
	b.Queue("UPDATE cursors SET seq = $1", m.seq)
	require.NoError(m.t, m.pool.SendBatch(context.Background(), b).Close())
}

func amounts(m metric.Money) map[string]string {
	out := map[string]string{}
	for c, d := range m {
		out[c] = d.String()
	}
	return out
}

func document(m metric.Money) any {
	if len(m) == 0 {
		return nil
	}
	return amounts(m)
}

func (m *model) store(b *pgx.Batch, r *modelRow) {
	type storedPart struct {
		D metric.Dimension  `json:"d"`
		V string            `json:"v"`
		C string            `json:"c,omitzero"`
		N int64             `json:"n,omitzero"`
		M map[string]string `json:"m,omitempty"`
	}
	var credits, parts any
	if len(r.used) > 0 {
		credits = map[string]any{"used": amounts(r.used)}
	}
	if len(r.parts) > 0 {
		var list []storedPart
		for _, p := range r.parts {
			if p.Money != nil {
				list = append(list, storedPart{D: p.Dimension, V: p.Value, M: amounts(p.Money)})
			} else {
				list = append(list, storedPart{D: p.Dimension, V: p.Value, C: p.Counter.String(), N: p.N})
			}
		}
		text, err := json.Marshal(list)
		require.NoError(m.t, err)
		parts = text
	}
	columns := []string{
		"tenant", "conversation", "session", "position", "seq", "day", "hour", "per_agent", "channel", "team", "agent", "intent", "handling", "ai_status", "tags", "customer",
		"revenue", "ai_sales", "credits", "parts",
	}
	tags := r.tags
	if tags == nil {
		tags = []string{}
	}
	args := []any{
		m.desk, r.conversation, r.session, r.position, m.seq, r.day.Time(), r.hour, r.perAgent, r.channel, r.team, r.agent, r.intent, r.handling, r.aiStatus, tags, r.customer,
		document(r.revenue), document(r.aiSales), credits, parts,
	}
	for _, c := range metric.Counters() {
		columns, args = append(columns, c.String()), append(args, r.counts[c])
	}
	places, set := make([]string, len(columns)), make([]string, len(columns))
	for i, c := range columns {
		places[i], set[i] = fmt.Sprint("$", i+1), c+" = excluded."+c
	}
	b.Queue("INSERT INTO contributions ("+strings.Join(columns, ", ")+") VALUES ("+strings.Join(places, ", ")+
		") ON CONFLICT (tenant, conversation, session, position) DO UPDATE SET "+strings.Join(set, ", "), args...)
}

// refold deletes some rows and writes the others anew, as a recomputation does.
func (m *model) refold(beside bool) {
	old := m.desk
	if beside {
		m.refolds++ // a name is never given twice
		m.desk = fmt.Sprint("desk#", m.refolds)
	}
	b := &pgx.Batch{}
	b.Queue("DELETE FROM contributions WHERE tenant = $1", old)
	b.Queue("DELETE FROM customers WHERE tenant = $1", old)
	for key, r := range m.rows {
		if m.rand.IntN(3) == 0 {
			delete(m.rows, key)
			continue
		}
		m.draw(r)
		m.store(b, r)
	}
	clear(m.friends)
	if beside {
		b.Queue("UPDATE tenants SET stored_as = $1 WHERE tenant = 'desk'", m.desk)
	} else {
		b.Queue("UPDATE cursors SET refolds = refolds + 1")
	}
	require.NoError(m.t, m.pool.SendBatch(context.Background(), b).Close())
}

// expected is what a cell has, from the model.
type expected struct {
	counts    metric.Counts
	money     [3]metric.Money // revenue, AI sales, credits used
	distinct  map[string]map[string]bool
	responses metric.Histogram
}

// answer computes a question from the model's rows, row by row, by the words of
// the documentation alone. Keys are values by comma.
func (m *model) answer(q *cube.Question, from, to metric.Day, perAgent bool) map[string]*expected {
	cells := map[string]*expected{}
	parts := q.Filter.Parts()
	partBy := metric.Dimension("")
	for _, d := range q.By {
		if d.IsPart() {
			partBy = d
		}
	}
	for d := range parts {
		partBy = d
	}
	grouped := slices.ContainsFunc(q.By, metric.Dimension.IsPart)
	for _, r := range m.rows {
		if r.perAgent != perAgent || r.day < from || r.day > to || !m.passes(r, &q.Filter) {
			continue
		}
		tags := []string{""}
		if slices.Contains(q.By, metric.ByTag) {
			tags = nil
			for _, t := range r.tags {
				if len(q.Filter.Tag) == 0 || slices.Contains(q.Filter.Tag, t) {
					tags = append(tags, t)
				}
			}
			if len(r.tags) == 0 {
				tags = []string{""}
			}
		}
		for _, tag := range tags {
			if partBy == "" {
				m.add(cells, r, m.cellKey(q, r, from, tag, ""), q, from)
				continue
			}
			m.addParts(cells, r, q, from, tag, partBy, parts[partBy], grouped)
		}
	}
	return cells
}

func (m *model) addParts(cells map[string]*expected, r *modelRow, q *cube.Question, from metric.Day, tag string, by metric.Dimension, wanted []string, grouped bool) {
	totals := map[metric.Counter]int64{} //nolint:exhaustive // of those that have parts.
	for _, p := range r.parts {
		if p.Dimension != by || len(wanted) > 0 && !slices.Contains(wanted, p.Value) || p.Money != nil && r.perAgent { // nobody asks for agents' credits
			continue
		}
		value := ""
		if grouped {
			value = p.Value
		}
		e := cellOf(cells, m.cellKey(q, r, from, tag, value))
		switch {
		case p.Money != nil:
			e.money[2].AddAll(p.Money)
		case grouped:
			e.counts[p.Counter] += p.N
		default:
			totals[p.Counter] += p.N
		}
		if p.Counter == metric.FlowTriggers && p.Dimension == metric.ByFlow && p.Money == nil {
			e.mark("flows", m.once(q, r, p.Value))
		}
	}
	for c, n := range totals {
		if total := r.counts[c]; total > 0 {
			n = min(n, total)
		}
		cellOf(cells, m.cellKey(q, r, from, tag, "")).counts[c] += n
	}
}

func cellOf(cells map[string]*expected, key string) *expected {
	e := cells[key]
	if e == nil {
		e = &expected{money: [3]metric.Money{{}, {}, {}}, distinct: map[string]map[string]bool{}}
		cells[key] = e
	}
	return e
}

func (e *expected) mark(set, who string) {
	if e.distinct[set] == nil {
		e.distinct[set] = map[string]bool{}
	}
	e.distinct[set][who] = true
}

func (m *model) once(q *cube.Question, r *modelRow, who string) string {
	if q.Daily {
		return who + "/" + r.day.String()
	}
	return who
}

func (m *model) add(cells map[string]*expected, r *modelRow, key string, q *cube.Question, _ metric.Day) {
	e := cellOf(cells, key)
	e.counts.Add(&r.counts)
	e.money[0].AddAll(r.revenue)
	e.money[1].AddAll(r.aiSales)
	e.money[2].AddAll(r.used)
	if r.counts[metric.FirstResponses] == 1 {
		e.responses.Add(r.counts[metric.FirstResponseMillis], 1)
	}
	c := &r.counts
	for set, in := range map[string]bool{
		"customers": c[metric.Sessions] != 0, "consulting": c[metric.Chats] != 0, "converted": c[metric.Converted] != 0,
		"friends": c[metric.Sessions] != 0 && m.friends[r.customer], "served": c[metric.AssignEvents] != 0,
		"upgraded": c[metric.SpecialistsAdded] != 0 || c[metric.GroupsJoined] != 0,
	} {
		if in && r.customer != "" {
			e.mark(set, m.once(q, r, r.customer))
		}
	}
	if r.agent != "" && (c[metric.BlockedMessages] != 0 || c[metric.FlaggedMessages] != 0) {
		e.mark("affected", m.once(q, r, r.agent))
	}
	for _, p := range r.parts {
		if p.Dimension == metric.ByFlow && p.Counter == metric.FlowTriggers && p.Money == nil {
			e.mark("flows", m.once(q, r, p.Value))
		}
	}
}

func (m *model) passes(r *modelRow, f *metric.Filter) bool {
	for _, p := range []struct {
		wanted []string
		value  string
	}{{f.Channel, r.channel}, {f.Team, r.team}, {f.Agent, r.agent}, {f.Intent, r.intent}, {f.Handling, r.handling}, {f.AIStatus, r.aiStatus}} {
		if len(p.wanted) > 0 && !slices.Contains(p.wanted, p.value) {
			return false
		}
	}
	if len(f.Hour) > 0 && !slices.Contains(f.Hour, fmt.Sprintf("%02d", r.hour)) {
		return false
	}
	return len(f.Tag) == 0 || len(r.tags) == 0 && slices.Contains(f.Tag, "") || slices.ContainsFunc(r.tags, func(t string) bool { return slices.Contains(f.Tag, t) })
}

func (m *model) cellKey(q *cube.Question, r *modelRow, from metric.Day, tag, part string) string {
	key := make([]string, len(q.By))
	for i, d := range q.By {
		switch d { //nolint:exhaustive // the rest are of parts.
		case metric.ByDay:
			key[i] = (q.From + r.day - from).String()
		case metric.ByHour:
			key[i] = fmt.Sprintf("%02d", r.hour)
		case metric.ByChannel:
			key[i] = r.channel
		case metric.ByTeam:
			key[i] = r.team
		case metric.ByAgent:
			key[i] = r.agent
		case metric.ByIntent:
			key[i] = r.intent
		case metric.ByHandling:
			key[i] = r.handling
		case metric.ByAIStatus:
			key[i] = r.aiStatus
		case metric.ByTag:
			key[i] = tag
		default:
			key[i] = part
		}
	}
	return strings.Join(key, ",")
}

// question makes one up.
func (m *model) question() *cube.Question {
	q := &cube.Question{From: firstDay + metric.Day(m.rand.IntN(40)), Previous: m.rand.IntN(2) == 0, Daily: m.rand.IntN(2) == 0}
	q.To = q.From + metric.Day(m.rand.IntN(30))
	for _, i := range m.rand.Perm(len(metric.Dimensions))[:m.rand.IntN(4)] {
		q.By = append(q.By, metric.Dimensions[i])
	}
	if m.rand.IntN(12) == 0 {
		q.By = slices.Clone(metric.Dimensions)
	}
	some := func(values ...string) []string {
		if m.rand.IntN(4) > 0 {
			return nil
		}
		return values[:1+m.rand.IntN(len(values))]
	}
	q.Filter = metric.Filter{
		Hour: some("07", "08", "23"), Channel: some("wa", "web", "nowhere"), Team: some("t1", "", "t2"), Agent: some("a1", "a2", ""), Intent: some("other", ""), Handling: some("none", "", "bot_only"),
		Tag: some("", "vip", "slow"), AIStatus: some("open", ""),
	}
	switch m.rand.IntN(5) {
	case 0:
		q.By = append(q.By, pick(m.rand, metric.PartDimensions...))
	case 1:
		q.Filter.Reason = []string{"x", "y"}[:1+m.rand.IntN(2)]
	case 2:
		q.Filter.Flow = []string{"y"}
		if m.rand.IntN(2) == 0 {
			q.By = append(q.By, metric.ByFlow)
		}
	}
	const all = cube.Customers | cube.Consulting | cube.Converted | cube.Friends | cube.Served | cube.Upgraded | cube.Flows
	q.Sessions = cube.Wanted{Counters: metric.Counters(), Distinct: all, Revenue: true, AISales: true, Credits: true, Responses: true}
	q.Agents = cube.Wanted{Counters: metric.Counters(), Distinct: cube.Served | cube.Affected, Responses: true}
	return q
}

// check compares a table with the model.
func (m *model) check(q *cube.Question, t *cube.Table) {
	m.t.Helper()
	n := q.To - q.From + 1
	for _, previous := range []bool{false, true} {
		from, to := q.From, q.To
		if previous {
			if !q.Previous {
				continue
			}
			from, to = q.From-n, q.From-1
		}
		sessions, agents := m.answer(q, from, to, false), m.answer(q, from, to, true)
		narrowed := len(q.Filter.Parts()) > 0 || slices.ContainsFunc(q.By, metric.Dimension.IsPart)
		seen := 0
		for cell := range t.Len() {
			key := make([]string, len(q.By))
			for i, number := range t.Numbers(cell) {
				key[i] = t.Values(i)[number]
			}
			name := strings.Join(key, ",")
			var s, a metric.Sums
			t.Fill(cell, previous, &s, &a)
			if sessions[name] != nil || agents[name] != nil {
				seen++
			}
			want := cmp.Or(sessions[name], &expected{})
			require.Equal(m.t, want.counts, s.Counts, "%s of %+v", name, q)
			for i, got := range []metric.Money{s.Revenue, s.AISales, s.CreditsUsed} {
				if narrowed && i < 2 {
					continue
				}
				require.Equal(m.t, want.money[i].Strings(), got.Strings(), "%s of %+v", name, q)
			}
			require.Equal(m.t, int64(len(want.distinct["flows"])), s.FlowsTriggered, "%s of %+v", name, q)
			ofAgents := cmp.Or(agents[name], &expected{})
			require.Equal(m.t, ofAgents.counts, a.Counts, "%s of %+v", name, q)
			if narrowed {
				continue
			}
			for _, d := range []struct {
				set  string
				want *expected
				got  int64
			}{
				{"customers", want, s.Customers},
				{"consulting", want, s.ConsultingCustomers},
				{"converted", want, s.ConvertedCustomers},
				{"friends", want, s.FriendCustomers},
				{"served", want, s.ServedCustomers},
				{"upgraded", want, s.UpgradedCustomers},
				{"served", ofAgents, a.ServedCustomers},
				{"affected", ofAgents, s.AffectedAgents},
			} {
				require.Equal(m.t, int64(len(d.want.distinct[d.set])), d.got, "%s: %s of %+v", d.set, name, q)
			}
			require.Equal(m.t, want.responses.Total(), s.FirstResponses.Total(), name)
			p, _ := want.responses.Quantile(90)
			got, _ := s.FirstResponses.Quantile(90)
			require.Equal(m.t, p, got, name)
		}
		all := map[string]bool{}
		for name := range sessions {
			all[name] = true
		}
		for name := range agents {
			all[name] = true
		}
		require.Equal(m.t, len(all), seen, "every cell was compared: %+v", q)
	}
}
