package history_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

func TestMetricsCSV(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	f := foldDesk(t)
	f.say(t, time.Date(2026, 3, 10, 4, 0, 0, 0, time.UTC), &event.AgentPresence{Agent: "a1", Status: event.Online})
	db.store(t, f)
	var b bytes.Buffer
	err := db.MetricsCSV(context.Background(), &b, "desk", history.Scope{}, params(
		"metric", "chats,reply_rate,avg_response,revenue_after_inquiry,first_online_at", "by", "team,day", "from", "2026-03-10", "compare", "previous"), deskNow)
	require.NoError(t, err)
	require.Equal(t, "\ufeff"+strings.Join([]string{
		"Team,Team name,Day,Chats,Chats (previous),Reply rate,Reply rate (numerator),Reply rate (denominator)," +
			"Reply rate (previous),Reply rate (numerator) (previous),Reply rate (denominator) (previous)," +
			"Average response time,Average response time (numerator),Average response time (denominator)," +
			"Average response time (previous),Average response time (numerator) (previous),Average response time (denominator) (previous)," +
			"Revenue after inquiry USD,First online,First online (previous)",
		",,2026-03-10,1,0,,0,0,,0,0,,0,0,,0,0,,,",
		"t1,First,2026-03-10,1,0,1,1,1,,0,0,10,10,1,,0,0,10.10,2026-03-10 12:00:00,",
		"t2,Second,2026-03-10,2,0,0.5,1,2,,0,0,20,20,1,,0,0,,,",
		"",
	}, "\n"), b.String())

	b.Reset()
	require.NoError(t, db.MetricsCSV(context.Background(), &b, "desk", history.Scope{}, params("metric", "messages_agent", "by", "agent", "lang", "zh"), deskNow))
	require.Equal(t, "\ufeff员工,员工名称,员工消息数\na1,'=Ann,2\n", b.String())

	b.Reset()
	var field *metric.FieldError
	err = db.MetricsCSV(context.Background(), &b, "desk", history.Scope{}, params("metric", "chats", "lang", "fr"), deskNow)
	require.ErrorAs(t, err, &field)
	require.Equal(t, "lang", field.Field)
	err = db.MetricsCSV(context.Background(), &b, "desk", history.Scope{}, params("metric", "nonsense"), deskNow)
	require.ErrorAs(t, err, &field)
	require.Empty(t, b.String(), "nothing is written before the answer is there")
}

func TestConversationsCSV(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	f := foldDesk(t)
	db.store(t, f)
	ctx := context.Background()
	var b bytes.Buffer
	require.NoError(t, db.ConversationsCSV(ctx, &b, "desk", history.Scope{}, params(), deskNow))
	text, marked := strings.CutPrefix(b.String(), "\ufeff")
	require.True(t, marked)
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 5)
	require.Equal(t, []string{
		"c1", "1", "2026-03-10 09:01:20", "2026-03-10 09:02:50", "WhatsApp", "u1", "李雷", "lei@example.com", "", "'=Ann", "First", "logistics", "vip; late",
		"human_only", "closed", "3", "slow", "true", "1", "1", "0", "请问什么时候发货？100%_确定", "10",
	}, rows[4])
	require.Equal(t, "'=cmd|' /C calc'!A0", rows[3][21], "somebody's words are no formula")
	require.Equal(t, []string{"", ""}, []string{rows[3][3], rows[3][22]})

	b.Reset()
	require.NoError(t, db.ConversationsCSV(ctx, &b, "desk", history.Scope{Teams: []string{"t1"}}, params("lang", "zh", "team", "t2"), deskNow))
	require.Equal(t, 1, strings.Count(b.String(), "\n"), "a header alone")
	require.Contains(t, b.String(), "首个问题")

	var field *metric.FieldError
	b.Reset()
	for _, name := range []string{"cursor", "limit", "colour", "lang"} {
		require.ErrorAs(t, db.ConversationsCSV(ctx, &b, "desk", history.Scope{}, params(name, "1"), deskNow), &field)
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

// TestConversationsCSVOfManyPages exports more than any page holds, and ends
// when its reader has gone.
func TestConversationsCSVOfManyPages(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	const n = 12_345
	db.exec(t, `INSERT INTO conversations SELECT 'desk', 'c' || i, 1, '2026-03-10', TIMESTAMPTZ '2026-03-10 00:00Z' + i * INTERVAL '1 s', NULL, now(), '-wa', NULL, NULL, '{}',
		NULL, 'other', '{}', 'none', 'open', NULL, '{}', false, 0, 0, 0, '+1', NULL FROM generate_series(1, $1::int) i`, n)
	var b bytes.Buffer
	require.NoError(t, db.ConversationsCSV(context.Background(), &b, "desk", history.Scope{}, params(), deskNow))
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\ufeff"))).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, n+1)
	seen := map[string]bool{}
	for _, r := range rows[1:] {
		seen[r[0]] = true
		require.Equal(t, "'-wa", r[4])
		require.Equal(t, "'+1", r[21])
	}
	require.Len(t, seen, n)
	require.ErrorIs(t, db.ConversationsCSV(context.Background(), &failing{left: 20_000}, "desk", history.Scope{}, params(), deskNow), errFull)

	p, err := db.Conversations(context.Background(), "desk", history.Scope{}, params("limit", "500"), deskNow)
	require.NoError(t, err)
	require.Len(t, p.Rows, 500)
	require.Equal(t, 10_000, p.Total)
	require.True(t, p.TotalMore)
}
