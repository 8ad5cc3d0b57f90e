package history_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/floorlight/floorlight/history"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

func TestExportMetrics(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	f := foldDesk(t)
	f.say(t, time.Date(2026, 3, 10, 4, 0, 0, 0, time.UTC), &event.AgentPresence{Agent: "a1", Status: event.Online})
	db.store(t, f)
	var b bytes.Buffer
	err := db.ExportMetrics(context.Background(), &b, "desk", params(
		"metric", "chats,reply_rate,avg_response,revenue_after_inquiry,first_online_at", "by", "team,day", "from", "2026-03-10", "compare", "previous"), history.Export{Format: history.CSV, Now: deskNow})
	require.NoError(t, err)
	require.Equal(t, "\ufeff"+strings.Join([]string{
		"Team,Team name,Day,Chats,Chats (previous),Reply rate,Reply rate (numerator),Reply rate (denominator)," +
			"Reply rate (previous),Reply rate (numerator) (previous),Reply rate (denominator) (previous)," +
			"Average response time (s),Average response time (numerator),Average response time (denominator)," +
			"Average response time (s) (previous),Average response time (numerator) (previous),Average response time (denominator) (previous)," +
			"Revenue after inquiry USD,First online,First online (previous)",
		",,2026-03-10,1,0,,0,0,,0,0,,0,0,,0,0,,,",
		"t1,First,2026-03-10,1,0,1,1,1,,0,0,10,10,1,,0,0,10.10,2026-03-10 12:00:00,",
		"t2,Second,2026-03-10,2,0,0.5,1,2,,0,0,20,20,1,,0,0,,,",
		"",
	}, "\n"), b.String())

	b.Reset()
	require.NoError(t, db.ExportMetrics(context.Background(), &b, "desk", params("metric", "messages_agent", "by", "agent", "lang", "zh"), history.Export{Format: history.CSV, Now: deskNow}))
	require.Equal(t, "\ufeff员工,员工名称,员工消息数\na1,'=Ann,2\n", b.String())

	b.Reset()
	var field *metric.FieldError
	err = db.ExportMetrics(context.Background(), &b, "desk", params("metric", "chats", "lang", "fr"), history.Export{Format: history.CSV, Now: deskNow})
	require.ErrorAs(t, err, &field)
	require.Equal(t, "lang", field.Field)
	err = db.ExportMetrics(context.Background(), &b, "desk", params("metric", "nonsense"), history.Export{Format: history.CSV, Now: deskNow})
	require.ErrorAs(t, err, &field)
	require.Empty(t, b.String(), "nothing is written before the answer is there")
}

func TestExportConversations(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	f := foldDesk(t)
	db.store(t, f)
	ctx := context.Background()
	var b bytes.Buffer
	require.NoError(t, db.ExportConversations(ctx, &b, "desk", params(), history.Export{Format: history.CSV, Now: deskNow}))
	text, marked := strings.CutPrefix(b.String(), "\ufeff")
	require.True(t, marked)
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 5)
	require.Equal(t, []string{
		"c1", "1", "2026-03-10 09:01:20", "2026-03-10 09:02:50", "2026-03-10 09:02:50", "WhatsApp", "u1", "李雷", "lei@example.com", "", "false", "'=Ann", "First",
		"logistics", "vip; late", "human_only", "closed", "", "3", "slow", "true", "1", "1", "0", "请问什么时候发货？100%_确定", "10",
	}, rows[4])
	require.Equal(t, "'=cmd|' /C calc'!A0", rows[3][24], "somebody's words are no formula")
	require.Equal(t, []string{"", ""}, []string{rows[3][3], rows[3][25]})

	b.Reset()
	require.NoError(t, db.ExportConversations(ctx, &b, "desk", params("lang", "zh", "team", "t2"), history.Export{Format: history.CSV, Scope: history.Scope{Teams: []string{"t1"}}, Now: deskNow}))
	require.Equal(t, 1, strings.Count(b.String(), "\n"), "a header alone")
	require.Contains(t, b.String(), "首个问题")

	var field *metric.FieldError
	b.Reset()
	for _, name := range []string{"cursor", "limit", "colour", "lang"} {
		require.ErrorAs(t, db.ExportConversations(ctx, &b, "desk", params(name, "1"), history.Export{Format: history.CSV, Now: deskNow}), &field)
		require.Equal(t, name, field.Field)
	}
	require.Empty(t, b.String())
}

// failing refuses after some bytes.
type failing struct{ left int }

var errFull = errors.New("full")

func (w *failing) Write(b []byte) (int, error) {
	if w.left -= len(b); w.left < 0 {
		return 0, errFull
	}
	return len(b), nil
}

// TestExportOfManyConversations exports more than any page holds, and ends
// when its reader has gone.
func TestExportOfManyConversations(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	const n = 12_345
	db.exec(t, `INSERT INTO conversations (tenant, conversation, session, start_day, started_at, updated_at, channel, agents, intent, tags, handling, state, ai_status,
			reasons, risky, messages_customer, messages_agent, messages_bot, first_question)
		SELECT 'desk', 'c' || i, 1, '2026-03-10', TIMESTAMPTZ '2026-03-10 00:00Z' + i * INTERVAL '1 s', now(), '-wa', '{}', 'other', '{}', 'none', 'open', '',
			'{}', false, 0, 0, 0, '+1' FROM generate_series(1, $1::int) i`, n)
	var b bytes.Buffer
	require.NoError(t, db.ExportConversations(context.Background(), &b, "desk", params(), history.Export{Format: history.CSV, Now: deskNow}))
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\ufeff"))).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, n+1)
	seen := map[string]bool{}
	for _, r := range rows[1:] {
		seen[r[0]] = true
		require.Equal(t, "'-wa", r[5])
		require.Equal(t, "'+1", r[24])
	}
	require.Len(t, seen, n)
	require.ErrorIs(t, db.ExportConversations(context.Background(), &failing{left: 20_000}, "desk", params(), history.Export{Format: history.CSV, Now: deskNow}), errFull)

	p, err := db.Conversations(context.Background(), "desk", history.Scope{}, params("limit", "500"), deskNow)
	require.NoError(t, err)
	require.Len(t, p.Rows, 500)
	require.Equal(t, n, p.Total)
	require.False(t, p.TotalMore)
}

// TestNoTextIsAFormula has its cases in a file: the browser's side takes tables along by the same rule.
func TestNoTextIsAFormula(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("testdata/formulas.json")
	require.NoError(t, err)
	var cases map[string]string
	require.NoError(t, json.Unmarshal(file, &cases))
	require.Greater(t, len(cases), 10)
	for text, want := range cases {
		require.Equal(t, want, history.SafeText(text), "%q", text)
	}
}

// TestSpreadsheets opens exported workbooks with a library of somebody else's.
func TestSpreadsheets(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	f := foldDesk(t)
	f.say(t, time.Date(2026, 3, 10, 4, 0, 0, 0, time.UTC), &event.MessageSent{
		Conversation: "c5", Message: "m1", From: event.Actor{Kind: event.Customer, ID: "u5"}, Text: "+1 <&> \x01\r\n=2",
	})
	db.store(t, f)
	var b bytes.Buffer
	ctx := context.Background()
	require.NoError(t, db.ExportConversations(ctx, &b, "desk", params(), history.Export{Format: history.XLSX, Chinese: true, Now: deskNow}))
	book, err := excelize.OpenReader(&b)
	require.NoError(t, err)
	rows, err := book.GetRows("Sheet1", excelize.Options{RawCellValue: true})
	require.NoError(t, err)
	require.Len(t, rows, 6)
	require.Equal(t, []string{"会话", "会话次序", "开始时间"}, rows[0][:3])
	require.Equal(t, []string{"c1", "1", "46091.3759259259"}, rows[5][:3], "2026-03-10 09:01:20 as a number of days")
	require.Equal(t, "'+1 <&> \ufffd\r\n'=2", rows[1][24])
	shown, err := book.GetCellValue("Sheet1", "C6")
	require.NoError(t, err)
	require.Equal(t, "2026-03-10 09:01:20", shown)
	for _, cell := range []string{"B6", "C6", "Z6"} {
		kind, err := book.GetCellType("Sheet1", cell)
		require.NoError(t, err)
		require.Contains(t, []excelize.CellType{excelize.CellTypeNumber, excelize.CellTypeUnset}, kind, cell)
	}
	kind, err := book.GetCellType("Sheet1", "Y2")
	require.NoError(t, err)
	require.Equal(t, excelize.CellTypeInlineString, kind)

	b.Reset()
	require.NoError(t, db.ExportMetrics(ctx, &b, "desk", params("metric", "chats,reply_rate,revenue_after_inquiry", "by", "day", "from", "2026-03-10"), history.Export{Format: history.XLSX, Now: deskNow}))
	book, err = excelize.OpenReader(&b)
	require.NoError(t, err)
	rows, err = book.GetRows("Sheet1")
	require.NoError(t, err)
	require.Equal(t, [][]string{
		{"Day", "Chats", "Reply rate", "Reply rate (numerator)", "Reply rate (denominator)", "Revenue after inquiry USD"},
		{"2026-03-10", "5", "67%", "2", "3", "10.1"},
	}, rows)
}

// TestLongSpreadsheetsGoOn fills sheets to their end.
func TestLongSpreadsheetsGoOn(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	require.NoError(t, history.Numbered(&b, 10, 25))
	book, err := excelize.OpenReader(&b)
	require.NoError(t, err)
	require.Equal(t, []string{"Sheet1", "Sheet2", "Sheet3"}, book.GetSheetList())
	next := 1
	for _, sheet := range book.GetSheetList() {
		rows, err := book.GetRows(sheet)
		require.NoError(t, err)
		require.Equal(t, []string{"n"}, rows[0])
		for _, row := range rows[1:] {
			require.Equal(t, []string{strconv.Itoa(next)}, row)
			next++
		}
	}
	require.Equal(t, 26, next)
}

// TestExportsTakeNoMemory writes two tables, one twenty times as long, and
// compares what they hold at their peak.
func TestExportsTakeNoMemory(t *testing.T) { //nolint:paralleltest // it measures the heap
	peak := func(rows int) uint64 {
		w := &heapWatch{}
		require.NoError(t, history.Numbered(w, 1<<20, rows))
		return w.peak
	}
	short := peak(5_000)
	require.Less(t, peak(100_000), short+8<<20)
}

// heapWatch looks at the heap now and then while it is written to.
type heapWatch struct {
	written, next int
	peak          uint64
}

func (w *heapWatch) Write(b []byte) (int, error) {
	if w.written += len(b); w.written >= w.next {
		w.next += 64 << 10
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		w.peak = max(w.peak, m.HeapAlloc)
	}
	return len(b), nil
}

func TestExportAgentsAndExplanation(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	db.store(t, foldDesk(t))
	ctx := context.Background()
	var b bytes.Buffer
	require.NoError(t, db.ExportAgents(ctx, &b, "desk", params("metric", "messages_agent,reply_rate", "lang", "zh"), history.Export{Format: history.CSV, Now: deskNow}))
	require.Equal(t, "\ufeff"+strings.Join([]string{
		"员工,员工名称,部门,接待组,接待状态,待回复会话数,员工消息数,人工回复率,人工回复率（分子）,人工回复率（分母）",
		",团队平均,,,,,1,0.5,,",
		",全员合计,,,,,,0.5,1,2",
		"a1,'=Ann,,First,offline,0,2,1,1,1",
		"a2,Bo,,Second,offline,0,0,0,0,1",
		"",
	}, "\n"), b.String())

	b.Reset()
	require.NoError(t, db.ExportExplanation(ctx, &b, "desk", "messages_agent", params("agent", "a1"), history.Export{Format: history.CSV, Now: deskNow}))
	require.Equal(t, "\ufeff"+strings.Join([]string{
		"Conversation,Session,Day,Hour,Agent,Team,Channel,Customer,Flow,Adds,Amounts,At,Events",
		"c1,1,2026-03-10,9,a1,t1,wa,u1,,1,,,12 message.sent",
		"c4,1,2026-03-10,9,a1,t1,web,u3,,1,,,30 message.sent",
		"",
	}, "\n"), b.String())
	b.Reset()
	require.NoError(t, db.ExportExplanation(ctx, &b, "desk", "messages_agent", params(), history.Export{Format: history.XLSX, Now: deskNow}))
	book, err := excelize.OpenReader(&b)
	require.NoError(t, err)
	rows, err := book.GetRows("Sheet1")
	require.NoError(t, err)
	require.Len(t, rows, 3)
}
