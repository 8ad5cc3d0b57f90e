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
