package history_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history"
	"github.com/floorlight/floorlight/hub/metric"
)

// read takes an exported file apart.
func read(t *testing.T, b *bytes.Buffer) [][]string {
	t.Helper()
	text, marked := strings.CutPrefix(b.String(), "\ufeff")
	require.True(t, marked)
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	require.NoError(t, err)
	b.Reset()
	return rows
}

func TestExportThread(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	db.store(t, foldDesk(t))
	ctx, to := context.Background(), history.Export{Format: history.CSV, Now: deskNow}
	var b bytes.Buffer
	require.NoError(t, db.ExportThread(ctx, &b, "desk", "c1", params(), to))
	rows := read(t, &b)
	require.Equal(t, []string{"Sequence", "At", "Event", "Author", "Author name", "Message", "Text", "Verdict", "Rules", "Automatic"}, rows[0])
	require.Equal(t, []string{"8", "2026-03-10 09:01:20", "conversation.started", "", "", "", "", "", "", ""}, rows[1])
	require.Equal(t, []string{"11", "2026-03-10 09:01:50", "message.sent", "customer", "u1", "m1", "请问什么时候发货？100%_确定", "", "", ""}, rows[4])
	require.Equal(t, []string{"12", "2026-03-10 09:02:00", "message.sent", "agent", "'=Ann", "m2", "Tomorrow MORNING", "", "", ""}, rows[5])
	require.Equal(t, []string{"13", "2026-03-10 09:02:10", "message.blocked", "agent", "'=Ann", "m3", "Call me privately", "blocked", "r1", ""}, rows[6])
	require.Equal(t, "conversation.closed", rows[len(rows)-1][2])

	require.NoError(t, db.ExportThread(ctx, &b, "desk", "c2", params("lang", "zh"), to))
	rows = read(t, &b)
	require.Equal(t, "发送者", rows[0][4])
	require.Equal(t, "chat_bot", rows[len(rows)-1][9])

	to.Scope = history.Scope{Teams: []string{"t2"}}
	require.ErrorIs(t, db.ExportThread(ctx, &b, "desk", "c1", params(), to), history.ErrNotFound)
	require.ErrorIs(t, db.ExportThread(ctx, &b, "desk", "c9", params(), to), history.ErrNotFound)
	var field *metric.FieldError
	require.ErrorAs(t, db.ExportThread(ctx, &b, "desk", "c1", params("from", "2026-03-10"), to), &field)
	require.Equal(t, "from", field.Field)
	require.Empty(t, b.String())
}

func TestExportCustomer(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	db.store(t, foldDesk(t))
	ctx, to := context.Background(), history.Export{Format: history.CSV, Now: deskNow}
	var b bytes.Buffer
	require.NoError(t, db.ExportCustomer(ctx, &b, "desk", "u1", params(), to))
	rows := read(t, &b)
	require.Len(t, rows, 3)
	require.Equal(t, []string{"Conversation", "c3", "c1"}, []string{rows[0][0], rows[1][0], rows[2][0]})
	require.Equal(t, "请问什么时候发货？100%_确定", rows[2][24])

	to.Scope = history.Scope{Teams: []string{"t1"}}
	require.NoError(t, db.ExportCustomer(ctx, &b, "desk", "u1", params("lang", "zh"), to))
	rows = read(t, &b)
	require.Len(t, rows, 2, "what is outside the scope is not there")
	require.Equal(t, []string{"会话", "c1"}, []string{rows[0][0], rows[1][0]})
	require.ErrorIs(t, db.ExportCustomer(ctx, &b, "desk", "u2", params(), to), history.ErrNotFound)
	require.ErrorIs(t, db.ExportCustomer(ctx, &b, "desk", "nobody", params(), to), history.ErrNotFound)
	require.Error(t, db.ExportCustomer(ctx, &b, "desk", "u1", params("colour", "red"), to))
	require.Empty(t, b.String())
}

func TestExportCatalogue(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	require.NoError(t, history.ExportCatalogue(&b, params(), history.Export{Format: history.CSV}))
	rows := read(t, &b)
	require.Len(t, rows, 1+len(metric.Catalogue()))
	require.Equal(t, []string{"queue_length", "Waiting"}, rows[1][:2])
	require.NoError(t, history.ExportCatalogue(&b, params("lang", "zh"), history.Export{Format: history.CSV}))
	require.Equal(t, []string{"queue_length", "排队人数"}, read(t, &b)[1][:2])
	require.Error(t, history.ExportCatalogue(&b, params("by", "day"), history.Export{Format: history.CSV}))
	require.Error(t, history.ExportCatalogue(&b, params(), history.Export{Format: "pdf"}))
	require.Empty(t, b.String())
}
