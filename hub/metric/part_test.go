package metric_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/metric"
)

func TestPartsAddUpAndAreTakenBack(t *testing.T) {
	t.Parallel()
	slow := metric.Part{Dimension: metric.ByReason, Value: "slow", Counter: metric.NegativeRatings, N: 1}
	rude := metric.Part{Dimension: metric.ByReason, Value: "rude", Counter: metric.NegativeRatings, N: 1}
	one := metric.WithParts(nil, slow, rude)
	two := metric.WithParts(one, slow)
	require.Equal(t, []metric.Part{slow, rude}, one, "what was given stays as it was")
	require.EqualValues(t, 2, two[0].N)
	slow.N = -1
	require.Equal(t, []metric.Part{rude}, metric.WithParts(two, slow, slow))

	dollars := func(s string) metric.Part {
		return metric.Part{Dimension: metric.ByCategory, Value: "utility", Money: metric.Money{"USD": decimal.RequireFromString(s)}}
	}
	spent := metric.WithParts(nil, dollars("1.20"))
	more := metric.WithParts(spent, dollars("0.30"))
	require.Equal(t, map[string]string{"USD": "1.20"}, spent[0].Money.Strings())
	require.Equal(t, map[string]string{"USD": "1.50"}, more[0].Money.Strings())
	require.Empty(t, metric.WithParts(more, dollars("-1.5")))
}

// TestPercent: 0 decimals round half up to whole percents (W22: 33.33 % shows 33 %).
func TestPercent(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		num, den, decimals int64
		want               string
	}{
		{1, 3, 0, "33%"},
		{2, 3, 0, "67%"},
		{1, 200, 0, "1%"},
		{1, 201, 0, "0%"},
		{3, 3, 0, "100%"},
		{0, 5, 0, "0%"},
		{199, 200, 0, "100%"},
		{1, 3, 1, "33.3%"},
		{2, 3, 1, "66.7%"},
		{1, 8, 1, "12.5%"},
		{1, 2000, 1, "0.1%"},
		{1, 1, 1, "100.0%"},
		{0, 0, 0, "–"},
		{1, 3, 4, "33.3333%"},
	} {
		s := &metric.Sums{}
		s.Counts[metric.HumanReplied], s.Counts[metric.HumanInbound] = tc.num, tc.den
		require.Equal(t, tc.want, eval(t, "reply_rate", s, settings(t, "", "")).Percent(tc.decimals))
	}
	s := &metric.Sums{}
	s.Counts[metric.AssistAccuracy], s.Counts[metric.AssistAccuracyUses] = 1_800_000_000_000, 2
	require.Equal(t, "90%", eval(t, "assist_accuracy", s, settings(t, "", "")).Percent(0))
}
