package proof

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAccountFindsWhatIsMissingOrTwice gives sets of equal size that are not equal.
func TestAccountFindsWhatIsMissingOrTwice(t *testing.T) {
	t.Parallel()
	var acked Acked
	for _, id := range []string{"a", "b", "c", "a"} {
		acked.Add("shop", "test", id)
	}
	acked.Add("other", "test", "d")
	require.Equal(t, 4, acked.Len(), "twice is once")
	var d Desk
	d.account(acked.of("shop"), map[string]int{"test/a": 1, "test/b": 1, "test/c": 1})
	require.Empty(t, d.Missing)
	require.Empty(t, d.Twice)
	require.Equal(t, 3, d.Stored)

	d.account(acked.of("shop"), map[string]int{"test/a": 2, "elsewhere/b": 1, "floorlight/own": 1})
	require.Equal(t, 4, d.Stored)
	require.Equal(t, []string{"test/b", "test/c"}, d.Missing, "an id of another source is another")
	require.Equal(t, []string{"test/a"}, d.Twice)
	acked.Remove("shop", "test", "b")
	d.account(acked.of("shop"), map[string]int{"test/a": 1})
	require.Equal(t, []string{"test/c"}, d.Missing)
	require.Empty(t, d.Twice, "of this look alone")
}

// TestStatesThatDiffer changes one member, deep in one topic.
func TestStatesThatDiffer(t *testing.T) {
	t.Parallel()
	states := func(waiting, online int) map[string]followed {
		return map[string]followed{
			"wallboard": {value: map[string]any{"metrics": map[string]any{"queue_length": map[string]any{"value": waiting}, "online_seconds": online}, "alerts": online}},
			"queue":     {value: map[string]any{"total": 1}},
		}
	}
	sum := func(s map[string]followed) string {
		text, err := checksum(s)
		require.NoError(t, err)
		return text
	}
	require.Equal(t, sum(states(3, 1)), sum(states(3, 2)), "what counts on with the clock is not compared")
	require.Empty(t, differs(states(3, 1), states(3, 2)))
	require.NotEqual(t, sum(states(3, 1)), sum(states(4, 1)))
	require.Equal(t, "wallboard.metrics.queue_length.value: 3 and 4", differs(states(3, 1), states(4, 1)))
	gone := states(3, 1)
	delete(gone, "queue")
	require.NotEqual(t, sum(states(3, 1)), sum(gone))
	require.Contains(t, differs(states(3, 1), gone), "queue")
}
