package history

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/metric"
)

// performanceMetrics are what the table of agents shows if nothing else is asked for.
var performanceMetrics = []string{
	"satisfaction_rate", "avg_response", "response_rate", "handled_chats",
	"online_seconds", "assigned_sessions", "served_customers", "messages_received", "reply_rate", "avg_first_response",
	"surveys_sent", "survey_response_rate", "neutral_rate", "dissatisfaction_rate",
	"assign_events", "messages_agent",
}

// Performance is the table of agents over a range of days.
type Performance struct {
	metric.Answer `json:"-"` // without rows

	Metrics []*metric.Metric
	// Average is the mean of the agents' values, each agent counting once,
	// whatever his number of chats: of those who have the value, and for counters
	// of those who have any data in the range. Agents is how many of them there are.
	Average map[string]AgentMean
	Agents  int
	// Weighted are rates and means over all agents together, which is what a busy
	// agent weighs more in, and a percentile over all of their responses.
	Weighted map[string]metric.Value
	Rows     []AgentRow

	// Compared are the tables of all profiles that were asked for by name, this one
	// first; nil if none was.
	Compared []*Performance
}

// AgentMean is the mean of a value over some agents.
type AgentMean struct {
	Value  any // an int64, a float64, or nil where no agent has a value
	Agents int
}

// AgentRow is an agent, as he is now, and his values in the range.
type AgentRow struct {
	Agent, Name, Department string
	Teams                   []string
	Status                  string // online, paused, offline
	Disabled                bool
	PendingReplies          int64          // open human turns that wait for him now
	Data                    bool           // whether he has any in the range
	Values                  []metric.Value // in the order of Metrics
	elsewhere               bool           // the filter no longer lets him through
}

// AgentPerformance answers the table of agents. values are the parameters of GET
// /v1/agents/performance: a range and filters as of Metrics, metric, q (within a
// name or an id), sort (name, agent, pending_replies or a metric's id; - before it turns it
// round; what has no value stands last), profile, as_of_seq. Every agent whom the filter
// lets through has a row who is not disabled or has data in the range. q narrows the
// rows, not the averages. Each profile that is named has a table of its own; how an
// agent is now is the same in all. Errors: as of Metrics.
func (d *Database) AgentPerformance(ctx context.Context, tenant string, scope Scope, values map[string][]string, now time.Time) (*Performance, error) {
	if err := checkText(values); err != nil {
		return nil, err
	}
	if err := checkNames(values, []string{"by", "compare"}, "q", "sort"); err != nil {
		return nil, err
	}
	values, least, err := takeSeq(values)
	if err != nil {
		return nil, err
	}
	values, search, order, err := takeTable(values)
	if err != nil {
		return nil, err
	}
	values, labels := takeProfiles(values)
	tables := map[*report]*Performance{}
	var first *Performance
	err = d.underProfiles(ctx, tenant, values, labels, least, now, func(ctx context.Context, r *report) error {
		p, err := r.performance(ctx, r.query, scope)
		if err != nil {
			return err
		}
		tables[r] = p
		return p.arrange(search, order)
	}, func(all []*report) error {
		first = tables[all[0]]
		if all[0].label == "" {
			return nil
		}
		first.Answer = headOf(all)
		for _, r := range all {
			first.Compared = append(first.Compared, tables[r])
		}
		return nil
	})
	return first, reportError(err)
}

// takeTable takes what is about the table, and not its numbers, out of the parameters.
func takeTable(values map[string][]string) (rest map[string][]string, search, order string, err error) {
	rest = maps.Clone(values)
	if rest == nil {
		rest = map[string][]string{}
	}
	for _, name := range []string{"by", "compare"} {
		if _, given := rest[name]; given {
			return nil, "", "", &metric.FieldError{Field: name, Message: "unknown parameter; the table has a row for each agent"}
		}
	}
	search, order = strings.TrimSpace(one(rest, "q")), one(rest, "sort")
	if len(search) > mostSearch {
		return nil, "", "", &metric.FieldError{Field: "q", Message: fmt.Sprintf("must have at most %d bytes", mostSearch)}
	}
	delete(rest, "q")
	delete(rest, "sort")
	if len(commaList(rest["metric"])) == 0 {
		rest["metric"] = performanceMetrics
	}
	return rest, search, order, nil
}

// performance makes the table, sorted by name.
func (r *report) performance(ctx context.Context, q metric.Query, scope Scope) (*Performance, error) {
	for _, m := range q.Metrics {
		if !slices.Contains(m.Dimensions(), metric.ByAgent) {
			return nil, &metric.FieldError{Field: "metric", Message: fmt.Sprintf("%q does not belong to agents", m.ID)}
		}
	}
	q.By = []metric.Dimension{metric.ByAgent}
	if err := r.ask(ctx, q, scope); err != nil {
		return nil, err
	}
	agents, err := r.agentRows(ctx)
	if err != nil {
		return nil, err
	}
	if err := r.pending(ctx, agents); err != nil {
		return nil, err
	}
	p := &Performance{Answer: r.head(), Metrics: q.Metrics}
	names := r.table.Values(0)
	var team metric.Sums
	team.PerAgent = true
	for cell := range r.table.Len() {
		id := names[r.table.Numbers(cell)[0]]
		if id == "" || !r.hasData(cell) { // hasData fills the cell
			continue
		}
		row := agents[id]
		if row == nil {
			row = &AgentRow{Agent: id, Teams: []string{}, Status: "offline"}
			agents[id] = row
		}
		row.Data, row.Values = true, r.evalAll()
		together(&team, &r.agents)
		p.Agents++
	}
	r.fill(-1, false)
	nothing := r.evalAll()
	for _, id := range slices.Sorted(maps.Keys(agents)) {
		row := agents[id]
		if (row.Disabled || row.elsewhere) && !row.Data {
			continue
		}
		if !row.Data {
			row.Values = nothing
		}
		p.Rows = append(p.Rows, *row)
	}
	p.average()
	p.weigh(&team, &r.profile.Settings)
	return p, nil
}

func (r *report) evalAll() []metric.Value {
	values := make([]metric.Value, len(r.query.Metrics))
	for i, m := range r.query.Metrics {
		values[i] = r.eval(m)
	}
	return values
}

// together adds what is additive of an agent's sums to the team's.
func together(team, agent *metric.Sums) {
	team.Counts.Add(&agent.Counts)
	team.FirstResponses.AddAll(&agent.FirstResponses)
	team.OnlineMillis += agent.OnlineMillis
}

// agentRows are the agents whom the filter lets through, by id.
func (r *report) agentRows(ctx context.Context) (map[string]*AgentRow, error) {
	all := map[string]*AgentRow{}
	if r.nothing {
		return all, nil
	}
	w := &condition{}
	w.and("tenant = ?", r.desk.rows)
	w.in("agent", r.query.Filter.Agent)
	w.overlaps("teams", r.query.Filter.Team)
	w.overlaps("channels", r.query.Filter.Channel)
	rows, err := rowsOf(ctx, r.session.Tx, "SELECT agent, name, department, teams, disabled, status FROM agents WHERE "+w.sql(), w.args,
		func(rows pgx.Rows, a *AgentRow) error {
			return rows.Scan(&a.Agent, &a.Name, &a.Department, &a.Teams, &a.Disabled, &a.Status)
		})
	for i := range rows {
		all[rows[i].Agent] = &rows[i]
	}
	if err != nil {
		return nil, err
	}
	// Who moved to another team meanwhile has his numbers in the range, and a name.
	var missing []string
	for cell := range r.table.Len() {
		if id := r.table.Values(0)[r.table.Numbers(cell)[0]]; id != "" && all[id] == nil {
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return all, nil
	}
	rows, err = rowsOf(ctx, r.session.Tx, "SELECT agent, name, department, teams, disabled, status FROM agents WHERE tenant = $1 AND agent = ANY($2)", []any{r.desk.rows, missing},
		func(rows pgx.Rows, a *AgentRow) error {
			return rows.Scan(&a.Agent, &a.Name, &a.Department, &a.Teams, &a.Disabled, &a.Status)
		})
	for i := range rows {
		rows[i].elsewhere = true
		all[rows[i].Agent] = &rows[i]
	}
	return all, err
}

// pending counts the open human turns that wait for each agent now.
func (r *report) pending(ctx context.Context, agents map[string]*AgentRow) error {
	rows, err := r.session.Tx.Query(ctx, "SELECT awaits, count(*) FROM conversations WHERE tenant = $1 AND awaits IS NOT NULL GROUP BY awaits", r.desk.rows)
	if err != nil {
		return err
	}
	var id string
	var n int64
	_, err = pgx.ForEachRow(rows, []any{&id, &n}, func() error {
		if row := agents[id]; row != nil {
			row.PendingReplies = n
		}
		return nil
	})
	return err
}

// average makes the unweighted means.
func (p *Performance) average() {
	p.Average = make(map[string]AgentMean, len(p.Metrics))
	for i, m := range p.Metrics {
		if m.Unit == metric.UnitMoney || m.Unit == metric.UnitTime {
			continue
		}
		mean := AgentMean{}
		var sum float64
		for j := range p.Rows {
			row := &p.Rows[j]
			n, ok := row.Values[i].Value.(float64)
			if whole, is := row.Values[i].Value.(int64); is {
				n, ok = float64(whole), true
			}
			if row.Data && ok {
				sum += n
				mean.Agents++
			}
		}
		if mean.Agents > 0 {
			mean.Value = integral(sum / float64(mean.Agents))
		}
		p.Average[m.ID] = mean
	}
}

// integral gives an integral double as an integer, so that both write alike.
func integral(f float64) any {
	if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return int64(f)
	}
	return f
}

// weigh evaluates what is a quotient, or a percentile, over all agents together.
func (p *Performance) weigh(team *metric.Sums, s *metric.Settings) {
	p.Weighted = map[string]metric.Value{}
	for _, m := range p.Metrics {
		if v := m.Eval(team, s); v.Num != nil || m.Needs&metric.NeedHistogram != 0 {
			p.Weighted[m.ID] = v
		}
	}
}

// arrange narrows the rows to a search and sorts them.
func (p *Performance) arrange(search, order string) error {
	if search = strings.ToLower(search); search != "" {
		p.Rows = slices.DeleteFunc(p.Rows, func(r AgentRow) bool {
			return !strings.Contains(strings.ToLower(r.Name), search) && !strings.Contains(strings.ToLower(r.Agent), search)
		})
	}
	name, down := strings.CutPrefix(order, "-")
	turn := 1
	if down {
		turn = -1
	}
	byName := func(a, b *AgentRow) int {
		return cmp.Or(cmp.Compare(strings.ToLower(cmp.Or(a.Name, a.Agent)), strings.ToLower(cmp.Or(b.Name, b.Agent))), cmp.Compare(a.Agent, b.Agent))
	}
	var compare func(a, b *AgentRow) int
	switch name {
	case "", "name":
		compare = func(a, b *AgentRow) int { return turn * byName(a, b) }
	case "agent":
		compare = func(a, b *AgentRow) int { return turn * cmp.Compare(a.Agent, b.Agent) }
	case "pending_replies":
		compare = func(a, b *AgentRow) int {
			return cmp.Or(turn*cmp.Compare(a.PendingReplies, b.PendingReplies), byName(a, b))
		}
	default:
		i := slices.IndexFunc(p.Metrics, func(m *metric.Metric) bool { return m.ID == name })
		if i < 0 {
			return &metric.FieldError{Field: "sort", Message: "must be name, agent, pending_replies or a metric of the table, with - before it for the other direction"}
		}
		compare = func(a, b *AgentRow) int {
			return cmp.Or(compareValues(a.Values[i].Value, b.Values[i].Value, turn), byName(a, b))
		}
	}
	slices.SortStableFunc(p.Rows, func(a, b AgentRow) int { return compare(&a, &b) })
	return nil
}

// compareValues orders values; what is undefined stands last either way.
func compareValues(a, b any, turn int) int {
	x, okX := sortable(a)
	y, okY := sortable(b)
	switch {
	case okX && okY:
		return turn * cmp.Compare(x, y)
	case okX:
		return -1
	case okY:
		return 1
	}
	return 0
}

func sortable(v any) (float64, bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	case string: // a moment
		if at, err := time.Parse(time.RFC3339Nano, v); err == nil {
			return float64(at.UnixMilli()), true
		}
	case map[string]string: // the sum over currencies orders those of one currency rightly
		var sum float64
		for _, amount := range v {
			f, err := strconv.ParseFloat(amount, 64)
			if err != nil {
				return 0, false
			}
			sum += f
		}
		return sum, true
	}
	return 0, false
}
