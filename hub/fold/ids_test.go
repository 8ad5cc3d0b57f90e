package fold

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestRecentIDsAreAMap adds, looks and prunes at random and compares with a map.
// The keys fall into few slots, so that searches run into each other.
func TestRecentIDsAreAMap(t *testing.T) {
	t.Parallel()

	rapid.Check(t, func(t *rapid.T) {
		var ids recentIDs
		want := map[idKey]int64{}
		var order []idKey
		seq, committed := uint64(0), uint64(0)
		crowd := rapid.SampledFrom([]uint64{3, 61, 1 << 20}).Draw(t, "crowd")
		for range rapid.IntRange(1, 300).Draw(t, "steps") {
			for range rapid.IntRange(0, 200).Draw(t, "new") {
				seq++
				k := idKey{seq * 0x9E3779B97F4A7C15 % crowd, seq}
				ids.add(k, int64(seq), seq)
				want[k], order = int64(seq), append(order, k)
			}
			if rapid.Bool().Draw(t, "look") {
				n := rapid.Uint64Range(0, seq+1).Draw(t, "for")
				k := idKey{n * 0x9E3779B97F4A7C15 % crowd, n}
				_, ok := want[k]
				_, found := ids.seen(k)
				require.Equal(t, ok, found)
			}
			if rapid.Bool().Draw(t, "prune") {
				committed = rapid.Uint64Range(committed, seq).Draw(t, "committed")
				ids.prune(recentSpan.Milliseconds()*2, committed)
				for len(order) > 0 && order[0][1] <= committed {
					delete(want, order[0])
					order = order[1:]
				}
			}
		}
		for n := uint64(1); n <= seq+1; n++ {
			k := idKey{n * 0x9E3779B97F4A7C15 % crowd, n}
			micros, ok := want[k]
			got, found := ids.seen(k)
			require.Equal(t, ok, found)
			require.Equal(t, micros, got)
		}
	})
}

// TestKeyRemembersTheLast asks for one key again and for others that share a part
// with it.
func TestKeyRemembersTheLast(t *testing.T) {
	t.Parallel()

	var ids recentIDs
	seen := map[idKey][2]string{}
	for range 2 {
		for a := range 5 {
			for b := range 5 {
				for range 2 {
					source, id := strconv.Itoa(a), strconv.Itoa(b)
					k := ids.key(source, id)
					if was, ok := seen[k]; ok {
						require.Equal(t, [2]string{source, id}, was)
					}
					seen[k] = [2]string{source, id}
				}
			}
		}
	}
	require.Len(t, seen, 25)
}
