package history

import (
	"fmt"
	"strconv"

	"github.com/floorlight/floorlight/hub/metric"
)

// JSON is the document of GET /v1/agents/performance.
func (p *Performance) JSON() []byte {
	size := 1024
	for _, t := range p.tables() {
		size += len(t.Rows) * (160 + 64*len(t.Metrics))
	}
	b := make([]byte, 0, size)
	b = appendHead(b, &p.Answer)
	b = p.appendTeam(append(b, ','))
	if len(p.Compared) > 0 {
		b = append(b, `,"profiles":[`...)
		for i, t := range p.Compared {
			b = appendProfile(comma(b, i), &p.Profiles[i])
			b = append(t.appendTeam(append(b, ',')), '}')
		}
		b = append(b, ']')
	}
	b = append(b, `,"rows":[`...)
	n := 0
	for i, t := range p.tables() {
		label := ""
		if len(p.Compared) > 0 {
			label = p.Profiles[i].Profile
		}
		for j := range t.Rows {
			b = t.Rows[j].append(comma(b, n), label, t.Metrics)
			n++
		}
	}
	return append(b, "]}"...)
}

// tables are the answer's: its own, or one for each profile.
func (p *Performance) tables() []*Performance {
	if len(p.Compared) > 0 {
		return p.Compared
	}
	return []*Performance{p}
}

// appendTeam appends what all agents have on average and together.
func (p *Performance) appendTeam(b []byte) []byte {
	b = fmt.Appendf(b, `"team_average":{"agents":%d,"values":{`, p.Agents)
	n := 0
	next := func(id string) {
		b = append(quoted(comma(b, n), id), ':')
		n++
	}
	for _, m := range p.Metrics {
		if mean, ok := p.Average[m.ID]; ok {
			next(m.ID)
			b = appendScalar(append(b, `{"value":`...), mean.Value)
			b = fmt.Appendf(b, `,"agents":%d}`, mean.Agents)
		}
	}
	b, n = append(b, `}},"weighted":{"values":{`...), 0
	for _, m := range p.Metrics {
		if v, ok := p.Weighted[m.ID]; ok {
			next(m.ID)
			b = append(appendValue(append(b, '{'), v), '}')
		}
	}
	return append(b, "}}"...)
}

// comma separates the members of a list, of which there are n already.
func comma(b []byte, n int) []byte {
	if n > 0 {
		b = append(b, ',')
	}
	return b
}

func (r *AgentRow) append(b []byte, profile string, metrics []*metric.Metric) []byte {
	b = append(b, '{')
	if profile != "" {
		b = append(quoted(append(b, `"profile":`...), profile), ',')
	}
	b = quoted(append(b, `"agent":`...), r.Agent)
	b = quoted(append(b, `,"name":`...), r.Name)
	b = quoted(append(b, `,"department":`...), r.Department)
	b = append(b, `,"teams":[`...)
	for i, t := range r.Teams {
		b = quoted(comma(b, i), t)
	}
	b = quoted(append(b, `],"status":`...), r.Status)
	b = strconv.AppendBool(append(b, `,"disabled":`...), r.Disabled)
	b = strconv.AppendInt(append(b, `,"pending_replies":`...), r.PendingReplies, 10)
	b = append(b, `,"values":{`...)
	for i, m := range metrics {
		b = append(quoted(comma(b, i), m.ID), `:{`...)
		b = append(appendValue(b, r.Values[i]), '}')
	}
	return append(b, "}}"...)
}
