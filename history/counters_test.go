package history

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/floorlight/floorlight/hub/metric"
)

// TestCountersThatAMetricReads: over the columns that a report sums, every
// metric of the catalogue evaluates as it does over all columns.
func TestCountersThatAMetricReads(t *testing.T) {
	t.Parallel()
	settings := make([]metric.Settings, 0, 2)
	for _, preset := range []string{"tiktok_shop", "wecom"} {
		p, err := metric.NewProfile(preset, 1, nil)
		require.NoError(t, err)
		settings = append(settings, p.Settings)
	}
	rapid.Check(t, func(t *rapid.T) {
		var all metric.Sums
		for i := range all.Counts {
			all.Counts[i] = rapid.Int64Range(0, 1<<40).Draw(t, "count")
			if rapid.Bool().Draw(t, "none") {
				all.Counts[i] = 0
			}
		}
		for _, perAgent := range []bool{false, true} {
			all.PerAgent = perAgent
			for i := range settings {
				for _, m := range metric.Catalogue() {
					if m.Live || m.Needs&metric.NeedCounts == 0 {
						continue
					}
					some := metric.Sums{PerAgent: perAgent}
					for _, c := range countersOf(m, &settings[i], perAgent) {
						some.Counts[c] = all.Counts[c]
					}
					require.Equal(t, m.Eval(&all, &settings[i]), m.Eval(&some, &settings[i]), m.ID)
				}
			}
		}
	})
	chats, ok := metric.Lookup("reply_rate")
	require.True(t, ok)
	require.Equal(t, []metric.Counter{metric.HumanInbound, metric.HumanReplied}, countersOf(chats, &settings[0], true))
}
