package metric_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/floorlight/floorlight/hub/metric"
)

// TestFewAreCounts adds at random and compares with an array. A copy stays what
// it was.
func TestFewAreCounts(t *testing.T) {
	t.Parallel()

	rapid.Check(t, func(t *rapid.T) {
		var few, before metric.Few
		var want, then metric.Counts
		room := make([]int64, 0, 4)
		for range rapid.IntRange(0, 100).Draw(t, "steps") {
			c := metric.Counter(rapid.IntRange(0, metric.NumCounters-1).Draw(t, "counter"))
			n := rapid.Int64Range(-2, 2).Draw(t, "n")
			few.Add(c, n)
			want[c] += n
			if rapid.IntRange(0, 9).Draw(t, "copy") == 0 {
				before, room = few.Copy(room)
				then = want
				require.True(t, before.Equal(&few))
			}
		}
		for _, c := range metric.Counters() {
			require.Equal(t, want[c], few.At(c))
		}
		last := -1
		for c, n := range few.All() {
			require.Greater(t, int(c), last)
			require.NotZero(t, n)
			require.Equal(t, want[c], n)
			last = int(c)
		}
		require.Equal(t, then == want, before.Equal(&few))
		var sum metric.Counts
		sum.AddFew(&before, 1)
		require.Equal(t, then, sum)
		sum.AddFew(&few, -1)
		sum.AddFew(&few, 1)
		sum.AddFew(&before, -1)
		require.True(t, sum.IsZero())
		one, room := few.Copy(room)
		other, _ := few.Copy(room)
		for _, c := range metric.Counters() { // and a copy has room of its own to grow in
			one.Add(c, 3)
			require.Equal(t, want[c]+3, one.At(c))
		}
		require.True(t, other.Equal(&few))
		for _, c := range metric.Counters() {
			few.Add(c, -want[c])
		}
		require.Equal(t, metric.Few{}, few)
	})
}
