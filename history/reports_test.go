package history_test

import (
	"cmp"
	"context"
	"encoding/json"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/metric"
)

// afterStar is a moment after the shared conversations.
var afterStar = time.Date(2020, 5, 25, 12, 0, 0, 0, time.UTC)

type starNumbers map[string]float64

// starID says which metric of the catalogue a known number is, and how to read it.
func starNumber(tb testing.TB, row metric.AnswerRow, name string) float64 {
	tb.Helper()
	id, part := name, func(v metric.ComparedValue) any { return v.Value.Value }
	switch name {
	case "revenue_cents":
		id, part = "revenue_after_inquiry", func(v metric.ComparedValue) any {
			m, ok := v.Value.Value.(map[string]string)
			require.True(tb, ok)
			if m["USD"] == "" {
				return int64(0)
			}
			return decimal.RequireFromString(m["USD"]).Shift(2).IntPart()
		}
	case "assist_accuracy_sum":
		id, part = "assist_accuracy", func(v metric.ComparedValue) any { return v.Num }
	case "assist_accuracy_n":
		id, part = "assist_accuracy", func(v metric.ComparedValue) any { return v.Den }
	case "handled_or_risky":
		id, part = "violation_rate", func(v metric.ComparedValue) any { return v.Den }
	}
	v, ok := row.Values[id]
	require.True(tb, ok, "metric %s", id)
	switch n := part(v).(type) {
	case int64:
		return float64(n)
	case float64:
		return n
	}
	require.Fail(tb, "not a number", "%s: %v", name, v)
	return 0
}

// TestMetricsOfRealConversations compares every number that is given for the
// shared conversations, by day and by agent and day.
func TestMetricsOfRealConversations(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	f := foldStar(t)
	db.store(t, f)
	b, err := os.ReadFile(sharedFile(t, "data/star.expected.json"))
	require.NoError(t, err)
	var expected struct {
		Total map[string]starNumbers            `json:"total"`
		Agent map[string]map[string]starNumbers `json:"agent"`
	}
	require.NoError(t, json.Unmarshal(b, &expected))
	var all string
	for _, m := range metric.Catalogue() {
		if !m.Live && len(m.Dimensions()) >= len(metric.Dimensions) {
			all += m.ID + ","
		}
	}
	ctx := context.Background()
	a, err := db.Metrics(ctx, "star", params("metric", all, "from", "2020-05-18", "to", "2020-05-24", "by", "day"), afterStar)
	require.NoError(t, err)
	require.Equal(t, "America/New_York", a.Timezone)
	require.Equal(t, "tiktok_shop@1", a.Profile)
	require.Equal(t, f.Seq(), a.AsOfSeq)
	require.Len(t, a.Rows, 7)
	n := 0
	compare := func(row metric.AnswerRow, numbers starNumbers, where string) {
		for name, want := range numbers {
			got := starNumber(t, row, name)
			require.InDelta(t, want, got, 1e-6, "%s %s", where, name)
			n++
		}
	}
	for i, row := range a.Rows {
		day := row.Dimensions[metric.ByDay]
		require.Equal(t, (a.From + metric.Day(i)).String(), day)
		numbers := expected.Total[day]
		compare(row, numbers, day)
		for _, name := range []string{"sessions", "chats", "messages_received", "rated", "segments"} {
			require.InDelta(t, numbers[name], starNumber(t, row, name), 0, "an absent number is 0")
		}
	}
	require.Greater(t, n, 60)

	n = 0
	a, err = db.Metrics(ctx, "star", params("metric", all+"online_seconds", "from", "2020-05-18", "to", "2020-05-24", "by", "agent,day"), afterStar)
	require.NoError(t, err)
	found := map[string]bool{}
	for _, row := range a.Rows {
		agent, day := row.Dimensions[metric.ByAgent], row.Dimensions[metric.ByDay]
		found[agent] = true
		compare(row, expected.Agent[agent][day], agent+" "+day)
		if numbers := expected.Agent[agent][day]; len(numbers) == 0 && agent != "" {
			require.Zero(t, starNumber(t, row, "messages_agent"))
			require.Zero(t, starNumber(t, row, "online_seconds"))
		}
	}
	for agent, days := range expected.Agent {
		require.True(t, found[agent])
		for _, numbers := range days {
			n -= len(numbers)
		}
	}
	require.Zero(t, n, "every number was compared once")
	require.True(t, slices.IsSortedFunc(a.Rows, func(x, y metric.AnswerRow) int {
		return cmp.Or(cmp.Compare(x.Dimensions[metric.ByAgent], y.Dimensions[metric.ByAgent]), cmp.Compare(x.Dimensions[metric.ByDay], y.Dimensions[metric.ByDay]))
	}))
	require.Zero(t, len(a.Rows)%7, "every agent has every day of the range")
}
