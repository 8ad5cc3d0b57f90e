package load

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
)

func TestCompareIDsIsOfSets(t *testing.T) {
	t.Parallel()

	sent := map[string]bool{"stored": true, "lost": true, "twice": true, "unanswered": false, "unanswered-stored": false, "unanswered-twice": false}
	missing, twice := compareIDs(sent, map[string]int{"stored": 1, "twice": 2, "unanswered-stored": 1, "unanswered-twice": 3, "another run's": 2})
	require.Equal(t, []string{"lost"}, missing)
	require.ElementsMatch(t, []string{"twice", "unanswered-twice"}, twice)
	require.Equal(t, 3, acknowledged(sent))
}

func TestConfigSaysEverythingThatIsWrong(t *testing.T) {
	t.Parallel()

	good := Config{Tenants: []event.TenantID{"t"}, Agents: 2, Topics: []string{"queue"}, Slow: 0.5, Silent: 0.5, Duration: time.Second}
	require.NoError(t, good.Check())
	bad := Config{
		Agents: 1, Rate: -1, Duration: time.Second, Warmup: time.Minute, Sockets: 1e6, Filtered: 2, Slow: 0.6, Silent: 0.6, Topics: []string{"inbox"},
	}
	err := bad.Check()
	for _, part := range []string{"tenants", "agents", "rate", "warmup", "sockets", "share", "together", `"inbox"`} {
		require.ErrorContains(t, err, part)
	}
}

func TestEqualNumbers(t *testing.T) {
	t.Parallel()

	require.True(t, equalNumbers(map[string]any{"num": 0.0, "den": 0.0}, map[string]any{"value": nil, "num": 0.0, "den": 0.0}), "undefined is left out or null")
	require.True(t, equalNumbers(map[string]any{"value": 1.0}, map[string]any{"value": 1.0, "previous": 2.0}))
	require.False(t, equalNumbers(map[string]any{"value": 1.0}, map[string]any{"value": 2.0}))
	require.False(t, equalNumbers(map[string]any{"value": 1.0}, nil))
}
