package history

import (
	"context"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

var exportedViolation = []namedColumn{
	{event.Text{EN: "At", ZH: "时间"}, timeCell, 20},
	{event.Text{EN: "Conversation", ZH: "会话"}, textCell, 20},
	{event.Text{EN: "Session", ZH: "会话次序"}, numberCell, 12},
	{event.Text{EN: "Message", ZH: "消息"}, textCell, 16},
	{event.Text{EN: "Verdict", ZH: "处置"}, textCell, 12},
	{event.Text{EN: "Author", ZH: "发送者类型"}, textCell, 12},
	{event.Text{EN: "Agent", ZH: "员工"}, textCell, 20},
	{event.Text{EN: "Customer", ZH: "客户"}, textCell, 20},
	{event.Text{EN: "Channel", ZH: "渠道"}, textCell, 16},
	{event.Text{EN: "Team", ZH: "接待组"}, textCell, 16},
	{event.Text{EN: "Intent", ZH: "咨询意图"}, textCell, 14},
	{event.Text{EN: "Text", ZH: "内容"}, textCell, 60},
	{event.Text{EN: "Categories", ZH: "类别"}, textCell, 20},
	{event.Text{EN: "Rules", ZH: "规则"}, textCell, 24},
	{event.Text{EN: "Marked text", ZH: "命中文字"}, textCell, 30},
	{event.Text{EN: "Released", ZH: "已放行"}, textCell, 12},
	{event.Text{EN: "Dispute", ZH: "申诉"}, textCell, 12},
}

// ExportViolations writes the whole list of Violations to a file. cursor and limit are
// refused. Errors: as of Violations, and the writer's.
func (d *Database) ExportViolations(ctx context.Context, w io.Writer, tenant string, values map[string][]string, e Export) error {
	var names map[metric.Dimension]map[string]string
	return e.pages(w, values, mostPage, func(values map[string][]string) (p exportedPage, err error) {
		if names == nil {
			directory, err := d.Directory(ctx, tenant)
			if err != nil {
				return p, err
			}
			names = directory.labels()
		}
		page, err := d.Violations(ctx, tenant, e.Scope, values, e.Now)
		if err != nil {
			return p, err
		}
		zone, err := time.LoadLocation(page.Timezone)
		if err != nil {
			return p, err
		}
		p.next, p.columns = page.Next, e.columns(exportedViolation)
		for i := range page.Rows {
			p.rows = append(p.rows, page.Rows[i].cells(zone, names))
		}
		return p, nil
	})
}

// cells are the message's values, in the order of exportedViolation.
func (m *ViolatingMessage) cells(zone *time.Location, names map[metric.Dimension]map[string]string) []field {
	name := func(d metric.Dimension, id string) field {
		if n := names[d][id]; n != "" {
			return textField(n)
		}
		return textField(id)
	}
	var agent, customer field
	if m.From.Kind == event.Agent {
		agent = name(metric.ByAgent, m.From.ID)
	}
	if m.Customer != nil {
		customer = textField(m.Customer.Name)
		if m.Customer.Name == "" {
			customer = textField(m.Customer.ID)
		}
	}
	var categories, rules, marked []string
	add := func(to *[]string, s string) {
		if !slices.Contains(*to, s) {
			*to = append(*to, s)
		}
	}
	for _, v := range m.Violations {
		add(&categories, v.Category)
		add(&rules, v.Rule)
		if 0 <= v.Start && v.Start < v.End && v.End <= len(m.Text) {
			add(&marked, m.Text[v.Start:v.End])
		}
	}
	return []field{
		momentField(m.At, zone), textField(string(m.Conversation)), numberField(strconv.Itoa(m.Session)), textField(string(m.Message)),
		textField(string(m.Severity)), textField(string(m.From.Kind)), agent, customer, name(metric.ByChannel, m.Channel), name(metric.ByTeam, m.Team),
		textField(m.Intent), textField(m.Text), textField(strings.Join(categories, "; ")), textField(strings.Join(rules, "; ")),
		textField(strings.Join(marked, "; ")),
		{kind: textCell, text: strconv.FormatBool(m.Released)},
		textField(m.Dispute),
	}
}
