package history

import (
	"cmp"
	"context"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

var exportedEvent = []namedColumn{
	{event.Text{EN: "Sequence", ZH: "序号"}, numberCell, 12},
	{event.Text{EN: "At", ZH: "时间"}, timeCell, 20},
	{event.Text{EN: "Event", ZH: "事件"}, textCell, 24},
	{event.Text{EN: "Author", ZH: "发送者类型"}, textCell, 12},
	{event.Text{EN: "Author name", ZH: "发送者"}, textCell, 20},
	{event.Text{EN: "Message", ZH: "消息"}, textCell, 16},
	{event.Text{EN: "Text", ZH: "内容"}, textCell, 60},
	{event.Text{EN: "Verdict", ZH: "处置"}, textCell, 12},
	{event.Text{EN: "Rules", ZH: "规则"}, textCell, 24},
	{event.Text{EN: "Automatic", ZH: "自动发送"}, textCell, 20},
}

// ExportThread writes all that happened in a conversation to a file, in the order
// of the stream: its messages, and whatever else there was. Errors: as of
// Conversation, and the writer's.
func (d *Database) ExportThread(ctx context.Context, w io.Writer, tenant, id string, values map[string][]string, e Export) error {
	if err := e.onlyLanguage(values); err != nil {
		return err
	}
	t, err := e.table(w)
	if err != nil {
		return err
	}
	thread, err := d.thread(ctx, tenant, id, e.Scope, 0)
	if err != nil {
		return err
	}
	names, err := d.Directory(ctx, tenant)
	if err != nil {
		return err
	}
	if err := t.begin(e.columns(exportedEvent)); err != nil {
		return err
	}
	for _, cells := range thread.cells(names.labels()[metric.ByAgent]) {
		if err := t.row(cells); err != nil {
			return err
		}
	}
	return t.end()
}

// cells are a row for each message and event, in the order of exportedEvent.
func (t *Thread) cells(agents map[string]string) [][]field {
	type at struct {
		seq   uint64
		cells []field
	}
	sequence := func(seq uint64) field { return numberField(strconv.FormatUint(seq, 10)) }
	all := make([]at, 0, len(t.Messages)+len(t.Events))
	for i := range t.Messages {
		m := &t.Messages[i]
		author := m.From.ID
		if m.From.Kind == event.Agent {
			author = cmp.Or(agents[author], author)
		}
		what := event.TypeMessageSent
		if m.Blocked {
			what = event.TypeMessageBlocked
		}
		all = append(all, at{m.Seq, []field{
			sequence(m.Seq), momentField(m.At, t.zone), textField(string(what)), textField(string(m.From.Kind)), textField(author),
			textField(string(m.Message)), textField(m.Text), textField(m.verdict()), textField(strings.Join(rulesOf(m.Violations), "; ")), textField(m.Automatic),
		}})
	}
	for i := range t.Events {
		e := &t.Events[i]
		cells := make([]field, len(exportedEvent))
		cells[0], cells[1], cells[2] = sequence(e.Seq), momentField(e.At, t.zone), textField(string(e.Type))
		all = append(all, at{e.Seq, cells})
	}
	slices.SortStableFunc(all, func(a, b at) int { return cmp.Compare(a.seq, b.seq) })
	rows := make([][]field, len(all))
	for i := range all {
		rows[i] = all[i].cells
	}
	return rows
}

// verdict is what the rules made of a message, empty if they had nothing against it.
func (m *ThreadMessage) verdict() string {
	switch {
	case m.Blocked:
		return "blocked"
	case m.Flagged:
		return "flagged"
	case m.Released:
		return "released"
	}
	return ""
}

// rulesOf are the rules of some violations, each once.
func rulesOf(violations []event.Violation) []string {
	var rules []string
	for i := range violations {
		if !slices.Contains(rules, violations[i].Rule) {
			rules = append(rules, violations[i].Rule)
		}
	}
	return rules
}
