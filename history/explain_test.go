package history_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history"
	"github.com/floorlight/floorlight/hub/metric"
)

// starNow is after the shared conversations.
var starNow = time.Date(2020, 5, 25, 12, 0, 0, 0, time.UTC)

// explained reads all pages of one side.
func explained(t *testing.T, db *history.Database, tenant, id string, limit int, pairs ...string) (*history.Explanation, []history.ExplainItem) {
	t.Helper()
	var all []history.ExplainItem
	var first *history.Explanation
	cursor := ""
	for {
		values := params(append(pairs, "limit", itoa(limit))...)
		if cursor != "" {
			values["cursor"] = []string{cursor}
		}
		x, err := db.Explain(context.Background(), tenant, id, history.Scope{}, values, starNow)
		require.NoError(t, err, "%s %v", id, pairs)
		if first == nil {
			first = x
		}
		require.LessOrEqual(t, len(x.Items), limit)
		require.Equal(t, first.Count, x.Count)
		all = append(all, x.Items...)
		if cursor = x.Next; cursor == "" {
			return first, all
		}
	}
}

// summed adds up what items count, in the unit of their total.
func summed(t *testing.T, items []history.ExplainItem) decimal.Decimal {
	t.Helper()
	sum := decimal.Zero
	for i := range items {
		switch n := items[i].N.(type) {
		case int64:
			sum = sum.Add(decimal.NewFromInt(n))
		case float64:
			sum = sum.Add(decimal.NewFromFloat(n))
		}
	}
	return sum
}

func requireSum(t *testing.T, want any, items []history.ExplainItem, says string) {
	t.Helper()
	sum := summed(t, items)
	switch want := want.(type) {
	case int64:
		require.True(t, sum.Equal(decimal.NewFromInt(want)), "%s: items add up to %s, the total is %d", says, sum, want)
	case float64:
		require.InDelta(t, want, sum.InexactFloat64(), 1e-6, says)
	default:
		require.True(t, sum.IsZero(), says)
	}
}

// TestExplanationsAddUp explains every metric of the catalogue, whole, for one
// channel and for one agent, and compares with what the report answers.
func TestExplanationsAddUp(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	db.store(t, foldStar(t))
	ctx := context.Background()
	agents, err := db.Metrics(ctx, "star", params("metric", "messages_agent", "by", "agent", "from", "2020-05-20", "to", "2020-05-22"), starNow)
	require.NoError(t, err)
	agent := agents.Rows[len(agents.Rows)/2].Dimensions[metric.ByAgent]
	counted := 0
	for _, m := range metric.Catalogue() {
		if m.Live {
			continue
		}
		for _, pairs := range [][]string{
			{"from", "2020-05-20", "to", "2020-05-22"},
			{"from", "2020-05-20", "to", "2020-05-22", "agent", agent},
			{"from", "2020-05-21", "to", "2020-05-21", "channel", "web", "handling", "human"},
		} {
			a, err := db.Metrics(ctx, "star", params(append(pairs, "metric", m.ID)...), starNow)
			require.NoError(t, err)
			v := a.Rows[0].Values[m.ID].Value
			sides := []string{"num"}
			if v.Num != nil {
				sides = append(sides, "den")
			}
			for _, side := range sides {
				says := fmt.Sprintf("%s %s %v", m.ID, side, pairs)
				x, items := explained(t, db.Database, "star", m.ID, 137, append(pairs, "side", side)...)
				require.Equal(t, v, x.Value, says)
				require.Equal(t, a.AsOfSeq, x.AsOfSeq)
				require.Len(t, items, x.Count, says)
				requireParts(t, db, m, x, items, v, side, pairs)
				seen := map[string]bool{}
				for i := range items {
					it := &items[i]
					key := fmt.Sprint(it.Conversation, it.Session, it.Day, it.Hour, it.Agent, it.Team, it.Channel, it.Customer, it.Flow)
					require.False(t, seen[key], "%s: %s stands twice", says, key)
					seen[key] = true
					if it.Conversation != "" {
						require.NotEmpty(t, it.Events, "%s: no event made %s", says, key)
						counted++
					}
				}
			}
		}
	}
	require.Greater(t, counted, 5000)
}

// requireParts compares the items' sum with the report's number for that side.
func requireParts(t *testing.T, db *reading, m *metric.Metric, x *history.Explanation, items []history.ExplainItem, v metric.Value, side string, pairs []string) {
	t.Helper()
	says := fmt.Sprintf("%s %s %v", m.ID, side, pairs)
	if len(x.Parts) > 0 { // the value's own parts are products, or there are none
		sum := decimal.Zero
		for _, part := range x.Parts {
			a, err := db.Metrics(context.Background(), "star", params(append(pairs, "metric", part)...), starNow)
			require.NoError(t, err)
			switch n := a.Rows[0].Values[part].Value.Value.(type) {
			case int64:
				sum = sum.Add(decimal.NewFromInt(n))
			case float64:
				sum = sum.Add(decimal.NewFromFloat(n))
			}
		}
		require.InDelta(t, sum.InexactFloat64(), summed(t, items).InexactFloat64(), 1e-6, says)
		return
	}
	want := v.Value
	if v.Num != nil {
		want = v.Num
	}
	if side == "den" {
		want = v.Den
	}
	switch want := want.(type) {
	case map[string]string:
		sum := metric.Money{}
		for i := range items {
			for currency, amount := range items[i].Amounts {
				d, err := decimal.NewFromString(amount)
				require.NoError(t, err)
				sum.Add(currency, d)
			}
		}
		require.Equal(t, want, sum.Strings(), says)
	case string:
		for i := range items {
			require.GreaterOrEqual(t, items[i].At, want, says)
		}
	default:
		require.Equal(t, want, x.Total, says)
		requireSum(t, want, items, says)
	}
}

func TestExplainOneRating(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	db.store(t, foldDesk(t))
	x, err := db.Explain(context.Background(), "desk", "reply_rate", history.Scope{}, params("side", "den", "team", "t1"), deskNow)
	require.NoError(t, err)
	require.Equal(t, "wecom@1", x.Profile)
	require.EqualValues(t, 1, x.Total)
	require.Equal(t, 1, x.Count)
	require.Len(t, x.Items, 1)
	require.Equal(t, "c1", x.Items[0].Conversation)
	require.Len(t, x.Items[0].Events, 1)
	require.Equal(t, uint64(11), x.Items[0].Events[0].Seq)
	require.EqualValues(t, "message.sent", x.Items[0].Events[0].Type)

	x, err = db.Explain(context.Background(), "desk", "revenue_after_inquiry", history.Scope{}, params(), deskNow)
	require.NoError(t, err)
	require.Len(t, x.Items, 1)
	require.Equal(t, map[string]string{"USD": "10.10"}, x.Items[0].Amounts)
	require.EqualValues(t, "order.paid", x.Items[0].Events[0].Type)

	x, err = db.Explain(context.Background(), "desk", "messages_broadcast", history.Scope{}, params(), deskNow)
	require.NoError(t, err)
	require.Len(t, x.Items, 1)
	require.Empty(t, x.Items[0].Conversation)
	require.Len(t, x.Items[0].Events, 1)

	x, err = db.Explain(context.Background(), "desk", "chats", history.Scope{Teams: []string{"t2"}}, params("team", "t1"), deskNow)
	require.NoError(t, err)
	require.Empty(t, x.Items)
	require.EqualValues(t, 0, x.Total)
}

func TestExplainFaults(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	db.store(t, foldDesk(t))
	ctx := context.Background()
	for _, c := range []struct{ id, field, value, says string }{
		{"chats", "side", "both", "num or den"},
		{"chats", "side", "den", "no denominator"},
		{"chats", "by", "day", "is not for an explanation"},
		{"chats", "limit", "501", "from 1 to 500"},
		{"chats", "cursor", "x", "is not a cursor"},
		{"chats", "cursor", "WyJudW0iLCJhIl0", "is not a cursor"},
		{"chats", "colour", "red", "unknown parameter"},
		{"chats", "from", "2026-03-99", "is not a day"},
		{"queue_length", "metric", "", "live gauge"},
		{"nonsense", "metric", "", "GET /v1/catalog lists them"},
	} {
		values := params(c.field, c.value)
		if c.value == "" {
			values = params()
		}
		_, err := db.Explain(ctx, "desk", c.id, history.Scope{}, values, deskNow)
		var field *metric.FieldError
		require.ErrorAs(t, err, &field, "%v", c)
		require.Equal(t, c.field, field.Field)
		require.Contains(t, field.Message, c.says)
	}
}
