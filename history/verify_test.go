package history

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/metric"
)

const (
	firstDay = metric.Day(0)
	lastDay  = metric.Day(100_000)
)

// requireVerified recomputes every tenant and finds no difference.
func requireVerified(t *testing.T, d *desk) {
	t.Helper()
	tenants, _, err := d.db.Tenants(t.Context())
	require.NoError(t, err)
	require.NotEmpty(t, tenants)
	for _, tenant := range tenants {
		r, err := d.db.Verify(t.Context(), tenant, firstDay, lastDay, func(VerifyProgress) {})
		require.NoError(t, err)
		require.Empty(t, r.Differences)
		require.Positive(t, r.Rows)
		d.db.restsEvery, d.db.firstLook = 1, 50 // little stays in memory
		often, err := d.db.Verify(t.Context(), tenant, firstDay, lastDay, func(VerifyProgress) {})
		d.db.restsEvery, d.db.firstLook = restsEvery, firstWindow
		require.NoError(t, err)
		require.Equal(t, r, often)
	}
}

// oddMembers are values of a member that nobody knows.
func oddMembers() []string {
	var list []string
	for _, depth := range []int{1, 100, 1000, 5000, 9000, 9990} {
		list = append(list, strings.Repeat("[", depth)+strings.Repeat("]", depth), strings.Repeat(`{"a":`, depth)+"1"+strings.Repeat("}", depth))
	}
	return append(list, `1e400`, `-0.0e-999`, `"\ud83d\ude00"`, `"\ud800"`, `"\ue000"`, `123456789012345678901234567890`, `""`, `"\\u0000"`, `{"":{"":[]}}`)
}
