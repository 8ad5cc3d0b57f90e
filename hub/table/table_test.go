package table_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/floorlight/floorlight/hub/table"
)

type thing struct {
	id string
	n  int
}

func (t *thing) Key() string { return t.id }

// TestTableIsAMap does at random what may be done, and compares with a map.
func TestTableIsAMap(t *testing.T) {
	t.Parallel()

	rapid.Check(t, func(t *rapid.T) {
		var got table.Table[*thing]
		want := map[string]*thing{}
		ids := rapid.SampledFrom([]int{3, 30, 3000}).Draw(t, "ids")
		for step := range rapid.IntRange(0, 400).Draw(t, "steps") {
			switch id := fmt.Sprint(rapid.IntRange(0, ids).Draw(t, "id")); rapid.IntRange(0, 19).Draw(t, "what") {
			case 0:
				keep := rapid.IntRange(0, 3).Draw(t, "keep")
				gone := func(one *thing) bool { return one.n%4 >= keep }
				was := len(want)
				maps.DeleteFunc(want, func(_ string, one *thing) bool { return gone(one) })
				require.Equal(t, was-len(want), got.DeleteFunc(gone))
			case 1, 2, 3:
				one, ok := got.Get(id)
				expected, there := want[id]
				require.Equal(t, there, ok)
				require.Same(t, expected, one)
			default:
				one := &thing{id, step}
				got.Put(one)
				want[id] = one
			}
			require.Equal(t, len(want), got.Len())
		}
		all := map[string]*thing{}
		for one := range got.All() {
			require.NotContains(t, all, one.id)
			all[one.id] = one
		}
		require.Equal(t, want, all)
		for range got.All() {
			break // a range that ends early
		}
	})
}

// TestTableGrowsAndShrinks puts far more than one table holds and lets nearly all go.
func TestTableGrowsAndShrinks(t *testing.T) {
	t.Parallel()

	const many = 100_000
	var all table.Table[*thing]
	for n := range many {
		all.Put(&thing{fmt.Sprint("thing-", n), n})
	}
	require.Equal(t, many, all.Len())
	for n := range many {
		one, ok := all.Get(fmt.Sprint("thing-", n))
		require.True(t, ok)
		require.Equal(t, n, one.n)
	}
	require.Equal(t, many-2, all.DeleteFunc(func(one *thing) bool { return one.n > 1 }))
	left := slices.SortedFunc(all.All(), func(a, b *thing) int { return a.n - b.n })
	require.Equal(t, []*thing{{"thing-0", 0}, {"thing-1", 1}}, left)
	require.Zero(t, all.DeleteFunc(func(*thing) bool { return false }))
	_, ok := all.Get("thing-2")
	require.False(t, ok)
	require.Equal(t, 2, all.DeleteFunc(func(*thing) bool { return true }))
	_, ok = all.Get("thing-0")
	require.False(t, ok)
}
