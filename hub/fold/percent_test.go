package fold_test

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/metric"
)

// percent is a ratio as the documents show it: rounded half up to so many decimals
// of a percent, exactly from its parts; – where it is undefined. The server gives
// the parts; the browser and a spreadsheet's formats do the rounding.
func percent(v metric.Value, decimals int64) string {
	num, ok1 := rational(v.Num)
	den, ok2 := rational(v.Den)
	if v.Value == nil || !ok1 || !ok2 || den.Sign() == 0 {
		return "–"
	}
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(decimals), nil)
	share := num.Mul(num.Quo(num, den), new(big.Rat).SetInt(new(big.Int).Mul(unit, big.NewInt(100))))
	share.Add(share, big.NewRat(1, 2))
	whole := new(big.Int).Div(share.Num(), share.Denom())
	return new(big.Rat).SetFrac(whole, unit).FloatString(int(decimals)) + "%"
}

func rational(v any) (*big.Rat, bool) {
	switch n := v.(type) {
	case int64:
		return new(big.Rat).SetInt64(n), true
	case float64:
		r := new(big.Rat).SetFloat64(n)
		return r, r != nil
	}
	return nil, false
}

// TestPercent: 0 decimals round half up to whole percents (W22: 33.33 % shows 33 %).
func TestPercent(t *testing.T) {
	t.Parallel()
	rate, ok := metric.Lookup("reply_rate")
	require.True(t, ok)
	for _, tc := range []struct {
		num, den, decimals int64
		want               string
	}{
		{1, 3, 0, "33%"},
		{2, 3, 0, "67%"},
		{1, 200, 0, "1%"},
		{1, 201, 0, "0%"},
		{3, 3, 0, "100%"},
		{199, 200, 0, "100%"},
		{1, 3, 1, "33.3%"},
		{2, 3, 1, "66.7%"},
		{1, 2000, 1, "0.1%"},
		{1, 1, 1, "100.0%"},
		{0, 0, 0, "–"},
		{1, 3, 4, "33.3333%"},
	} {
		s := &metric.Sums{}
		s.Counts[metric.HumanReplied], s.Counts[metric.HumanInbound] = tc.num, tc.den
		require.Equal(t, tc.want, percent(rate.Eval(s, &metric.Settings{}), tc.decimals))
	}
}
