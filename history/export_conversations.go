package history

import (
	"context"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// exportedConversation are the columns of an exported list.
var exportedConversation = []namedColumn{
	{event.Text{EN: "Conversation", ZH: "会话"}, textCell, 20},
	{event.Text{EN: "Session", ZH: "会话次序"}, numberCell, 12},
	{event.Text{EN: "Started", ZH: "开始时间"}, timeCell, 20},
	{event.Text{EN: "Closed", ZH: "结束时间"}, timeCell, 20},
	{event.Text{EN: "Last updated", ZH: "最近更新"}, timeCell, 20},
	{event.Text{EN: "Channel", ZH: "渠道"}, textCell, 16},
	{event.Text{EN: "Customer", ZH: "客户"}, textCell, 20},
	{event.Text{EN: "Customer name", ZH: "客户名称"}, textCell, 20},
	{event.Text{EN: "Email", ZH: "邮箱"}, textCell, 24},
	{event.Text{EN: "Phone", ZH: "电话"}, textCell, 16},
	{event.Text{EN: "Friend", ZH: "企业好友"}, textCell, 12},
	{event.Text{EN: "Agents", ZH: "员工"}, textCell, 20},
	{event.Text{EN: "Team", ZH: "接待组"}, textCell, 16},
	{event.Text{EN: "Intent", ZH: "咨询意图"}, textCell, 14},
	{event.Text{EN: "Tags", ZH: "标签"}, textCell, 20},
	{event.Text{EN: "Handling", ZH: "接待方式"}, textCell, 14},
	{event.Text{EN: "State", ZH: "状态"}, textCell, 12},
	{event.Text{EN: "AI status", ZH: "智能接待状态"}, textCell, 12},
	{event.Text{EN: "Stars", ZH: "评分"}, numberCell, 12},
	{event.Text{EN: "Reasons", ZH: "评价原因"}, textCell, 20},
	{event.Text{EN: "Risky", ZH: "存在风险"}, textCell, 12},
	{event.Text{EN: "Customer messages", ZH: "客户消息数"}, numberCell, 12},
	{event.Text{EN: "Agent messages", ZH: "员工消息数"}, numberCell, 12},
	{event.Text{EN: "Bot messages", ZH: "机器人消息数"}, numberCell, 12},
	{event.Text{EN: "First question", ZH: "首个问题"}, textCell, 40},
	{event.Text{EN: "First response (s)", ZH: "首次响应时长（秒）"}, numberCell, 12},
}

// ExportConversations writes the whole list of Conversations to a file. Rows go
// out as they come in: a list of any length takes the same memory. cursor and
// limit are refused. Once the first byte is written, an error can only end the
// file. Errors: as of Conversations, and the writer's.
func (d *Database) ExportConversations(ctx context.Context, w io.Writer, tenant string, values map[string][]string, e Export) error {
	values, err := e.takeLanguage(values)
	if err != nil {
		return err
	}
	if err := checkText(values); err != nil {
		return err
	}
	if err := wholeLists(values); err != nil {
		return err
	}
	return d.exportList(ctx, w, tenant, &e, "conversations", func(tx pgx.Tx, desk *openedDesk) (string, []any, error) {
		l, err := parseList(desk, e.Scope, values, e.Now)
		if err != nil {
			return "", nil, err
		}
		if err := l.search(ctx, tx); err != nil {
			return "", nil, err
		}
		if l.nothing {
			l.where.and("false")
		}
		return l.sql(&l.where), l.where.args, nil
	})
}

// exportList writes the conversations that a query finds. What asks for it is called
// in the one view of the database that is written.
func (d *Database) exportList(ctx context.Context, w io.Writer, tenant string, e *Export, list string, query func(pgx.Tx, *openedDesk) (sql string, args []any, err error)) error {
	t, err := e.table(w)
	if err != nil {
		return err
	}
	names, err := d.Directory(ctx, tenant)
	if err != nil {
		return err
	}
	err = d.snapshot(ctx, func(tx pgx.Tx) error {
		desk, err := openDesk(ctx, tx, tenant)
		if err != nil {
			return err
		}
		sql, args, err := query(tx, desk)
		if err != nil {
			return err
		}
		rows, err := tx.Query(ctx, sql, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		sheet := conversationSheet{export: e, labels: names.labels(), zone: desk.profile.Location(), cells: make([]field, len(exportedConversation))}
		return sheet.write(rows, t)
	})
	if err != nil {
		return listError(list, err)
	}
	return nil
}

// conversationSheet turns the rows of a list into cells.
type conversationSheet struct {
	export *Export
	labels map[metric.Dimension]map[string]string
	zone   *time.Location
	cells  []field
}

func (s *conversationSheet) write(rows pgx.Rows, t tableWriter) error {
	next := rows.Next() // the query has been answered, or has failed
	if err := rows.Err(); err != nil {
		return err
	}
	if err := t.begin(s.export.columns(exportedConversation)); err != nil {
		return err
	}
	for ; next; next = rows.Next() {
		var r ConversationRow
		if err := scanConversation(rows, &r); err != nil {
			return err
		}
		s.fill(&r)
		if err := t.row(s.cells); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return t.end()
}

func (s *conversationSheet) name(d metric.Dimension, id string) string {
	if n, ok := s.labels[d][id]; ok && n != "" {
		return n
	}
	return id
}

// fill puts a row's values into the cells, in the order of exportedConversation.
func (s *conversationSheet) fill(r *ConversationRow) {
	count := func(n int) field { return numberField(strconv.Itoa(n)) }
	mark := func(v bool) field { return field{kind: textCell, text: strconv.FormatBool(v)} }
	var u CustomerShort
	if r.Customer != nil {
		u = *r.Customer
	}
	var closed, team, stars, response field
	if r.ClosedAt != nil {
		closed = momentField(*r.ClosedAt, s.zone)
	}
	if r.Team != nil {
		team = textField(s.name(metric.ByTeam, *r.Team))
	}
	if r.Stars != nil {
		stars = count(*r.Stars)
	}
	if r.FirstResponseSeconds != nil {
		response = valueField(*r.FirstResponseSeconds, numberCell)
	}
	agents := make([]string, len(r.Agents))
	for i, a := range r.Agents {
		agents[i] = s.name(metric.ByAgent, a)
	}
	copy(s.cells, []field{
		textField(r.ID), count(r.Session), momentField(r.StartedAt, s.zone), closed, momentField(r.UpdatedAt, s.zone),
		textField(s.name(metric.ByChannel, r.Channel)), textField(u.ID), textField(u.Name), textField(u.Email), textField(u.Phone), mark(u.Friend),
		textField(strings.Join(agents, "; ")), team, textField(r.Intent), textField(strings.Join(r.Tags, "; ")), textField(r.Handling),
		textField(r.State), textField(r.AIStatus), stars, textField(strings.Join(r.Reasons, "; ")), mark(r.Risky),
		count(r.Messages.Customer), count(r.Messages.Agent), count(r.Messages.Bot), textField(r.FirstQuestion), response,
	})
}
