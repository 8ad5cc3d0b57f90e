package history

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestReadersReadWhatTheWriterWrote asks every reader about the real
// conversations as the writer stored them.
func TestReadersReadWhatTheWriterWrote(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.publish(star(t)...)
	d.write()
	ctx, now := t.Context(), time.Date(2020, 5, 25, 12, 0, 0, 0, time.UTC)
	dir, err := shared()
	require.NoError(t, err)
	b, err := os.ReadFile(filepath.Join(dir, "data", "star.expected.json"))
	require.NoError(t, err)
	var expected struct {
		Total map[string]map[string]float64 `json:"total"`
	}
	require.NoError(t, json.Unmarshal(b, &expected))

	span := map[string][]string{"from": {"2020-05-18"}, "to": {"2020-05-24"}}
	with := func(pairs ...string) map[string][]string {
		v := map[string][]string{"from": span["from"], "to": span["to"]}
		for i := 0; i < len(pairs); i += 2 {
			v[pairs[i]] = []string{pairs[i+1]}
		}
		return v
	}
	a, err := d.db.Metrics(ctx, string(starTenant), with("metric", "chats,customers,messages_received,first_responses,satisfied,orders_after_inquiry", "by", "day"), now)
	require.NoError(t, err)
	require.Equal(t, uint64(len(star(t))), a.AsOfSeq)
	require.Len(t, a.Rows, 7)
	days := 0
	for _, row := range a.Rows {
		numbers := expected.Total[row.Dimensions["day"]]
		if len(numbers) > 0 {
			days++
		}
		for id, v := range row.Values {
			n, ok := v.Value.Value.(int64)
			require.True(t, ok, id)
			require.InDelta(t, numbers[id], float64(n), 0, id)
		}
	}
	require.Equal(t, len(expected.Total), days)

	page, err := d.db.Conversations(ctx, string(starTenant), Scope{}, with("limit", "500"), now)
	require.NoError(t, err)
	require.Equal(t, 762, page.Total)
	thread, err := d.db.Conversation(ctx, string(starTenant), page.Rows[0].ID, Scope{})
	require.NoError(t, err)
	written := map[string]int{}
	for i := range thread.Messages {
		written[string(thread.Messages[i].From.Kind)]++
	}
	require.Equal(t, page.Rows[0].Messages.Customer, written["customer"])
	require.Equal(t, page.Rows[0].Messages.Agent, written["agent"])
	directory, err := d.db.Directory(ctx, string(starTenant))
	require.NoError(t, err)
	require.NotEmpty(t, directory.Agents)
	var sheet bytes.Buffer
	require.NoError(t, d.db.ExportConversations(ctx, &sheet, string(starTenant), with(), Export{Format: CSV, Now: now}))
	require.GreaterOrEqual(t, bytes.Count(sheet.Bytes(), []byte("\n")), 763)
}
