package history

import (
	"context"
	"encoding/csv"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// byteOrderMark tells Excel that the file is UTF-8; without it Chinese is garbled.
const byteOrderMark = "\ufeff"

// csvTime is how exports write a moment, in the tenant's zone.
const csvTime = "2006-01-02 15:04:05"

// phrase is a header in one language.
func phrase(t event.Text, chinese bool) string {
	if chinese {
		return t.ZH
	}
	return t.EN
}

// takeLanguage takes lang out of the parameters: en (default) or zh.
func takeLanguage(values map[string][]string) (rest map[string][]string, chinese bool, err error) {
	lang := one(values, "lang")
	switch lang {
	case "", "en":
	case "zh":
		chinese = true
	default:
		return nil, false, &metric.FieldError{Field: "lang", Message: "must be en or zh"}
	}
	rest = maps.Clone(values)
	delete(rest, "lang")
	return rest, chinese, nil
}

// safeText keeps a spreadsheet from taking somebody's words for a formula. The
// wide forms are formulas too where the keyboard has them.
func safeText(s string) string {
	switch r, _ := utf8.DecodeRuneInString(s); r {
	case '=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠':
		return "'" + s
	}
	return s
}

// number writes a value as a spreadsheet reads it; what is undefined is empty.
func number(v any) string {
	switch v := v.(type) {
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case string:
		return v
	}
	return ""
}

// csvTable writes rows as CSV; its first error stays.
type csvTable struct {
	w   *csv.Writer
	out io.Writer
	err error
}

func newCSV(w io.Writer) *csvTable { return &csvTable{w: csv.NewWriter(w), out: w} }

func (t *csvTable) mark() {
	if t.err == nil {
		_, t.err = io.WriteString(t.out, byteOrderMark)
	}
}

func (t *csvTable) row(cells []string) {
	if t.err == nil {
		t.err = t.w.Write(cells)
	}
}

func (t *csvTable) end() error {
	t.w.Flush()
	if t.err == nil {
		t.err = t.w.Error()
	}
	return t.err
}

// MetricsCSV writes the answer of Metrics as CSV: UTF-8 with a byte order mark, a
// header in the language that lang names (en, zh), ids of channels, teams and
// agents beside their names, rates as fractions beside their parts, one column
// for each currency, moments in the tenant's zone. Nothing is written before the
// answer is there, so that an error can still be answered as one. Errors: as of
// Metrics, and the writer's.
func (d *Database) MetricsCSV(ctx context.Context, w io.Writer, tenant string, scope Scope, values map[string][]string, now time.Time) error {
	values, chinese, err := takeLanguage(values)
	if err != nil {
		return err
	}
	a, err := d.MetricsWithin(ctx, tenant, scope, values, now)
	if err != nil {
		return err
	}
	names, err := d.Directory(ctx, tenant)
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(a.Timezone)
	if err != nil {
		return err
	}
	s := sheet{answer: &a, chinese: chinese, names: names.labels(), zone: zone}
	s.columns(values)
	t := newCSV(w)
	t.mark()
	t.row(s.header)
	for i := range a.Rows {
		t.row(s.row(&a.Rows[i]))
	}
	return t.end()
}

// labels are the names by dimension and id.
func (d *Directory) labels() map[metric.Dimension]map[string]string {
	all := make(map[metric.Dimension]map[string]string, 3)
	for _, d := range []metric.Dimension{metric.ByChannel, metric.ByTeam, metric.ByAgent} {
		all[d] = map[string]string{}
	}
	for _, c := range d.Channels {
		all[metric.ByChannel][c.ID] = c.Name
	}
	for _, t := range d.Teams {
		all[metric.ByTeam][t.ID] = t.Name
	}
	for _, a := range d.Agents {
		all[metric.ByAgent][a.ID] = a.Name
	}
	return all
}

// sheet turns the rows of an answer into cells.
type sheet struct {
	answer  *metric.Answer
	chinese bool
	names   map[metric.Dimension]map[string]string
	zone    *time.Location
	header  []string
	cells   []func(*metric.AnswerRow) string
}

func (s *sheet) column(header string, cell func(*metric.AnswerRow) string) {
	s.header, s.cells = append(s.header, header), append(s.cells, cell)
}

func (s *sheet) row(r *metric.AnswerRow) []string {
	cells := make([]string, len(s.cells))
	for i, cell := range s.cells {
		cells[i] = cell(r)
	}
	return cells
}

var dimensionNames = map[metric.Dimension]event.Text{
	metric.ByDay:      {EN: "Day", ZH: "日期"},
	metric.ByChannel:  {EN: "Channel", ZH: "渠道"},
	metric.ByTeam:     {EN: "Team", ZH: "接待组"},
	metric.ByAgent:    {EN: "Agent", ZH: "员工"},
	metric.ByIntent:   {EN: "Intent", ZH: "咨询意图"},
	metric.ByHandling: {EN: "Handling", ZH: "接待方式"},
}

var (
	nameSuffix     = event.Text{EN: " name", ZH: "名称"}
	previousSuffix = event.Text{EN: " (previous)", ZH: "（上期）"}
	numSuffix      = event.Text{EN: " (numerator)", ZH: "（分子）"}
	denSuffix      = event.Text{EN: " (denominator)", ZH: "（分母）"}
)

// columns lays out what was asked for, in the order in which it was.
func (s *sheet) columns(values map[string][]string) {
	for _, by := range commaList(values["by"]) {
		d := metric.Dimension(by)
		name := phrase(dimensionNames[d], s.chinese)
		s.column(name, func(r *metric.AnswerRow) string { return safeText(r.Dimensions[d]) })
		if names, ok := s.names[d]; ok {
			s.column(name+phrase(nameSuffix, s.chinese), func(r *metric.AnswerRow) string { return safeText(names[r.Dimensions[d]]) })
		}
	}
	previous := one(values, "compare") != ""
	for _, id := range commaList(values["metric"]) {
		m, ok := metric.Lookup(id)
		if !ok {
			continue // cannot be: it was answered
		}
		s.metric(m, "", func(r *metric.AnswerRow) metric.Value { return r.Values[id].Value })
		if previous {
			s.metric(m, phrase(previousSuffix, s.chinese), func(r *metric.AnswerRow) metric.Value {
				if p := r.Values[id].Previous; p != nil {
					return *p
				}
				return metric.Value{}
			})
		}
	}
}

// metric lays out the columns of one metric, of the range or of the one before.
func (s *sheet) metric(m *metric.Metric, suffix string, value func(*metric.AnswerRow) metric.Value) {
	name := phrase(m.Name, s.chinese)
	if m.Unit == metric.UnitMoney {
		for _, currency := range s.currencies(value) {
			s.column(name+" "+currency+suffix, func(r *metric.AnswerRow) string {
				if amounts, ok := value(r).Value.(map[string]string); ok {
					return amounts[currency]
				}
				return ""
			})
		}
		return
	}
	s.column(name+suffix, func(r *metric.AnswerRow) string {
		v := value(r).Value
		if text, ok := v.(string); ok && m.Unit == metric.UnitTime {
			if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
				return at.In(s.zone).Format(csvTime)
			}
		}
		return number(v)
	})
	if !slices.ContainsFunc(s.answer.Rows, func(r metric.AnswerRow) bool { return value(&r).Num != nil }) {
		return
	}
	s.column(name+phrase(numSuffix, s.chinese)+suffix, func(r *metric.AnswerRow) string { return number(value(r).Num) })
	s.column(name+phrase(denSuffix, s.chinese)+suffix, func(r *metric.AnswerRow) string { return number(value(r).Den) })
}

// currencies are all that a metric has in the answer, sorted.
func (s *sheet) currencies(value func(*metric.AnswerRow) metric.Value) []string {
	all := map[string]struct{}{}
	for i := range s.answer.Rows {
		if amounts, ok := value(&s.answer.Rows[i]).Value.(map[string]string); ok {
			for currency := range amounts {
				all[currency] = struct{}{}
			}
		}
	}
	return slices.Sorted(maps.Keys(all))
}

var conversationHeaders = []event.Text{
	{EN: "Conversation", ZH: "会话"},
	{EN: "Session", ZH: "会话次序"},
	{EN: "Started", ZH: "开始时间"},
	{EN: "Closed", ZH: "结束时间"},
	{EN: "Channel", ZH: "渠道"},
	{EN: "Customer", ZH: "客户"},
	{EN: "Customer name", ZH: "客户名称"},
	{EN: "Email", ZH: "邮箱"},
	{EN: "Phone", ZH: "电话"},
	{EN: "Agents", ZH: "员工"},
	{EN: "Team", ZH: "接待组"},
	{EN: "Intent", ZH: "咨询意图"},
	{EN: "Tags", ZH: "标签"},
	{EN: "Handling", ZH: "接待方式"},
	{EN: "State", ZH: "状态"},
	{EN: "Stars", ZH: "评分"},
	{EN: "Reasons", ZH: "评价原因"},
	{EN: "Risky", ZH: "存在风险"},
	{EN: "Customer messages", ZH: "客户消息数"},
	{EN: "Agent messages", ZH: "员工消息数"},
	{EN: "Bot messages", ZH: "机器人消息数"},
	{EN: "First question", ZH: "首个问题"},
	{EN: "First response (s)", ZH: "首次响应时长（秒）"},
}

// ConversationsCSV writes the whole list of Conversations as CSV, as MetricsCSV
// does. Rows go out as they come in: a list of any length takes the same memory.
// cursor and limit are refused. Once the first byte is written, an error can only
// end the file. Errors: as of Conversations, and the writer's.
func (d *Database) ConversationsCSV(ctx context.Context, w io.Writer, tenant string, scope Scope, values map[string][]string, now time.Time) error {
	values, chinese, err := takeLanguage(values)
	if err != nil {
		return err
	}
	if err := checkText(values); err != nil {
		return err
	}
	for _, name := range []string{"cursor", "limit"} {
		if _, given := values[name]; given {
			return &metric.FieldError{Field: name, Message: "is not for exports: they hold the whole list"}
		}
	}
	names, err := d.Directory(ctx, tenant)
	if err != nil {
		return err
	}
	t := newCSV(w)
	err = d.snapshot(ctx, func(tx pgx.Tx) error {
		p, err := profile(ctx, tx, tenant)
		if err != nil {
			return err
		}
		l, err := parseList(tenant, scope, values, now, p)
		if err != nil {
			return err
		}
		if l.nothing {
			l.where.and("false")
		}
		rows, err := tx.Query(ctx, l.sql(), l.where.args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		header := make([]string, len(conversationHeaders))
		for i, h := range conversationHeaders {
			header[i] = phrase(h, chinese)
		}
		labels, zone := names.labels(), p.Location()
		for first := true; ; first = false {
			next := rows.Next()
			if !next && rows.Err() != nil {
				return rows.Err()
			}
			if first { // the query has been answered
				t.mark()
				t.row(header)
			}
			if !next {
				return nil
			}
			var r ConversationRow
			if err := scanConversation(rows, &r); err != nil {
				return err
			}
			if t.row(r.cells(labels, zone)); t.err != nil {
				return t.err
			}
		}
	})
	if err != nil {
		return listError(err)
	}
	return t.end()
}

// cells are the row's values in the order of conversationHeaders.
func (r *ConversationRow) cells(labels map[metric.Dimension]map[string]string, zone *time.Location) []string {
	name := func(d metric.Dimension, id string) string {
		if n, ok := labels[d][id]; ok {
			return n
		}
		return id
	}
	var u CustomerShort
	if r.Customer != nil {
		u = *r.Customer
	}
	var closed, team, stars, response string
	if r.ClosedAt != nil {
		closed = r.ClosedAt.In(zone).Format(csvTime)
	}
	if r.Team != nil {
		team = name(metric.ByTeam, *r.Team)
	}
	if r.Stars != nil {
		stars = strconv.Itoa(*r.Stars)
	}
	if r.FirstResponseSeconds != nil {
		response = number(*r.FirstResponseSeconds)
	}
	agents := make([]string, len(r.Agents))
	for i, a := range r.Agents {
		agents[i] = name(metric.ByAgent, a)
	}
	return []string{
		safeText(r.ID), strconv.Itoa(r.Session), r.StartedAt.In(zone).Format(csvTime), closed, safeText(name(metric.ByChannel, r.Channel)),
		safeText(u.ID), safeText(u.Name), safeText(u.Email), safeText(u.Phone), safeText(strings.Join(agents, "; ")), safeText(team),
		r.Intent, safeText(strings.Join(r.Tags, "; ")), r.Handling, r.State, stars, safeText(strings.Join(r.Reasons, "; ")), strconv.FormatBool(r.Risky),
		strconv.Itoa(r.Messages.Customer), strconv.Itoa(r.Messages.Agent), strconv.Itoa(r.Messages.Bot), safeText(r.FirstQuestion), response,
	}
}
