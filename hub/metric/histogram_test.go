package metric_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/floorlight/floorlight/hub/metric"
)

// TestQuantiles compares with the sorted durations: within 5 %, and the same
// whether they were added at once, in two parts, or taken back in between.
func TestQuantiles(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		durations := rapid.SliceOfN(rapid.OneOf(rapid.Int64Range(0, 40), rapid.Int64Range(0, 100_000), rapid.Int64Range(0, 1<<42)), 1, 60).Draw(t, "durations")
		var all, left, right metric.Histogram
		for i, d := range durations {
			all.Add(d, 1)
			if i%2 == 0 {
				left.Add(d, 1)
			} else {
				right.Add(d, 1)
			}
			other := rapid.Int64Range(0, 1<<42).Draw(t, "other")
			left.Add(other, 2)
			left.Add(other, -2)
		}
		left.AddAll(&right)
		require.EqualValues(t, len(durations), left.Total())
		slices.Sort(durations)
		for _, percent := range []int64{1, 50, 90, 99, 100} {
			got, ok := all.Quantile(percent)
			require.True(t, ok)
			want := durations[int(math.Ceil(float64(len(durations))*float64(percent)/100))-1]
			require.InDelta(t, want, got, 0.05*float64(want), "p%d", percent)
			if want < 32 {
				require.Equal(t, want, got)
			}
			summed, ok := left.Quantile(percent)
			require.True(t, ok)
			require.Equal(t, got, summed)
		}
	})
	var none metric.Histogram
	_, ok := none.Quantile(50)
	require.False(t, ok)
	none.Add(5, 1)
	none.Add(5, -1)
	_, ok = none.Quantile(50)
	require.False(t, ok)
}

func TestPercentilesOfFirstResponses(t *testing.T) {
	t.Parallel()
	s := &metric.Sums{}
	for millis := range int64(100) {
		s.FirstResponses.Add(1000*(millis+1), 1)
	}
	p := settings(t, "", "")
	for id, want := range map[string]float64{"first_response_p50": 50, "first_response_p90": 90} {
		require.InDelta(t, want, number(t, eval(t, id, s, p).Value), 0.05*want)
	}
}
