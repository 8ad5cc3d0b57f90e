package history

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/metric"
)

// TestUnknownParametersTellWhatThereIs asks each route of reports for something that
// nobody reads: the answer names it, and lists what that very route takes.
func TestUnknownParametersTellWhatThereIs(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ask := map[string]func(map[string][]string) error{
		"metrics": func(v map[string][]string) error {
			_, err := d.db.Metrics(t.Context(), "desk", v, noon)
			return err
		},
		"performance": func(v map[string][]string) error {
			_, err := d.db.AgentPerformance(t.Context(), "desk", Scope{}, v, noon)
			return err
		},
		"explain": func(v map[string][]string) error {
			_, err := d.db.Explain(t.Context(), "desk", "chats", Scope{}, v, noon)
			return err
		},
	}
	for route, tt := range map[string]struct{ there, not []string }{
		"metrics":     {[]string{"metric", "from", "by", "compare", "tag", "as_of_seq", "profile"}, []string{"sort", "cursor"}},
		"performance": {[]string{"metric", "from", "tag", "as_of_seq", "profile", "q", "sort"}, []string{"by", "compare", "cursor"}},
		"explain":     {[]string{"from", "tag", "as_of_seq", "profile", "side", "cursor", "limit"}, []string{"metric", "by", "compare", "sort"}},
	} {
		err := ask[route](map[string][]string{"color": {"red"}})
		var fault *metric.FieldError
		require.ErrorAs(t, err, &fault, route)
		require.Equal(t, "color", fault.Field)
		_, list, ok := strings.Cut(fault.Message, "unknown parameter; there are ")
		require.True(t, ok, fault.Message)
		there := strings.Split(list, ", ")
		require.Subset(t, there, tt.there, route)
		for _, name := range tt.not {
			require.NotContains(t, there, name, route)
		}
	}
}
