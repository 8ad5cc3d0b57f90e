package fold_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/fold"
)

// BenchmarkApply folds the shared conversations; one operation is one event.
func BenchmarkApply(b *testing.B) {
	events := starEvents(b)
	profile := starProfile()
	b.ReportAllocs()
	b.ResetTimer()
	var refs []fold.Ref
	for i := 0; i < b.N; {
		st := fold.New(starTenant)
		st.Apply(1, &profile)
		for j := 0; j < len(events) && i < b.N; j++ {
			refs = st.Missing(&events[j], refs[:0])
			for _, r := range refs {
				require.NoError(b, st.Bring(r, nil))
			}
			st.Apply(uint64(j+2), &events[j])
			i++
		}
	}
}
