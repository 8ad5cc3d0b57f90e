package history

import (
	"cmp"
	"context"
	"io"
	"strconv"
	"strings"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// agentColumns are what an exported table of agents says of each besides its metrics.
var agentColumns = []struct {
	id    metric.Dimension
	name  event.Text
	kind  cellKind
	width int
}{
	{"agent", event.Text{EN: "Agent", ZH: "员工"}, textCell, 16},
	{"name", event.Text{EN: "Agent name", ZH: "员工名称"}, textCell, 24},
	{"department", event.Text{EN: "Department", ZH: "部门"}, textCell, 16},
	{"teams", event.Text{EN: "Teams", ZH: "接待组"}, textCell, 20},
	{"status", event.Text{EN: "Status", ZH: "接待状态"}, textCell, 12},
	{"pending", event.Text{EN: "Pending replies", ZH: "待回复会话数"}, numberCell, 12},
}

var (
	teamAverage  = event.Text{EN: "Team average", ZH: "团队平均"}
	teamWeighted = event.Text{EN: "All agents together", ZH: "全员合计"}
)

// ExportAgents writes the answer of AgentPerformance to a file; the team's
// average and what all agents have together come first. Errors: as of
// AgentPerformance, and the writer's.
func (d *Database) ExportAgents(ctx context.Context, w io.Writer, tenant string, values map[string][]string, e Export) error {
	values, err := e.takeLanguage(values)
	if err != nil {
		return err
	}
	t, err := e.table(w)
	if err != nil {
		return err
	}
	p, err := d.AgentPerformance(ctx, tenant, e.Scope, values, e.Now)
	if err != nil {
		return err
	}
	names, err := d.Directory(ctx, tenant)
	if err != nil {
		return err
	}
	labels := names.labels()
	a := p.Answer
	for i, t := range p.tables() {
		label := ""
		if len(p.Compared) > 0 {
			label = p.Profiles[i].Profile
		}
		rows := t.answerRows(&e, labels[metric.ByTeam])
		for j := range rows {
			rows[j].Profile = label
		}
		a.Rows = append(a.Rows, rows...)
	}
	s := answerSheet{answer: &a, export: &e}
	if err := s.manners(); err != nil {
		return err
	}
	s.profile()
	for _, c := range agentColumns {
		s.column(exportColumn{header: e.phrase(c.name), kind: c.kind, width: c.width}, func(r *metric.AnswerRow) field {
			if text := r.Dimensions[c.id]; c.kind == textCell || text == "" {
				return textField(text)
			}
			return numberField(r.Dimensions[c.id])
		})
	}
	for _, m := range p.Metrics {
		s.metric(m, "", func(r *metric.AnswerRow) metric.Value { return r.Values[m.ID].Value })
	}
	return s.write(t)
}

// answerRows are the table's rows, behind the team's average and what all agents
// have together.
func (p *Performance) answerRows(e *Export, teamNames map[string]string) []metric.AnswerRow {
	rows := make([]metric.AnswerRow, 0, len(p.Rows)+2)
	average, weighted := map[string]metric.Value{}, map[string]metric.Value{}
	for _, m := range p.Metrics {
		average[m.ID], weighted[m.ID] = metric.Value{Value: p.Average[m.ID].Value}, p.Weighted[m.ID]
	}
	rows = append(rows,
		agentAnswer(map[metric.Dimension]string{"name": e.phrase(teamAverage)}, average),   //nolint:exhaustive // columns, by their names.
		agentAnswer(map[metric.Dimension]string{"name": e.phrase(teamWeighted)}, weighted)) //nolint:exhaustive // columns, by their names.
	for i := range p.Rows {
		r := &p.Rows[i]
		teams := make([]string, len(r.Teams))
		for j, id := range r.Teams {
			teams[j] = cmp.Or(teamNames[id], id)
		}
		of := map[string]metric.Value{}
		for j, m := range p.Metrics {
			of[m.ID] = r.Values[j]
		}
		rows = append(rows, agentAnswer(map[metric.Dimension]string{ //nolint:exhaustive // columns, by their names.
			"agent": r.Agent, "name": r.Name, "department": r.Department, "teams": strings.Join(teams, "; "),
			"status": r.Status, "pending": strconv.FormatInt(r.PendingReplies, 10),
		}, of))
	}
	return rows
}

func agentAnswer(who map[metric.Dimension]string, values map[string]metric.Value) metric.AnswerRow {
	row := metric.AnswerRow{Dimensions: who, Values: make(map[string]metric.ComparedValue, len(values))}
	for id, v := range values {
		row.Values[id] = metric.ComparedValue{Value: v}
	}
	return row
}
