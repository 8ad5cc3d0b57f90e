package fold

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestRecentIDsAreAMap adds, looks and prunes at random and compares with a map.
// The keys may fall into few slots, so that searches run into each other.
func TestRecentIDsAreAMap(t *testing.T) {
	t.Parallel()

	rapid.Check(t, func(t *rapid.T) {
		var ids recentIDs
		crowd := rapid.SampledFrom([]int{0, 36, 40}).Draw(t, "crowd")
		key := func(n uint64) idKey { return idKey{n, n << crowd} }
		seq, kept := uint64(0), uint64(1) // the first that is at hand
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			for range rapid.IntRange(0, 1000).Draw(t, "new") {
				seq++
				ids.add(key(seq), int64(seq), seq)
			}
			if rapid.Bool().Draw(t, "look") {
				n := rapid.Uint64Range(1, seq+1).Draw(t, "for")
				_, found := ids.seen(key(n))
				require.Equal(t, kept <= n && n <= seq, found)
			}
			if rapid.Bool().Draw(t, "prune") {
				committed := rapid.Uint64Range(0, seq).Draw(t, "committed")
				old := rapid.Uint64Range(0, seq).Draw(t, "old") // before this
				ids.prune(int64(old)/1000+recentSpan.Milliseconds(), committed)
				for last := kept + piece - 1; last <= min(seq, committed) && last < old/1000*1000; last += piece {
					kept = last + 1
				}
			}
		}
		for n := uint64(1); n <= seq+1; n++ {
			micros, found := ids.seen(key(n))
			require.Equal(t, kept <= n && n <= seq, found, n)
			if found {
				require.EqualValues(t, n, micros)
			}
		}
		if len(ids.queue) > 0 {
			require.LessOrEqual(t, 2*ids.gone, len(ids.queue))
		}
	})
}

// TestRecentIDsAreBounded adds more ids than are kept, all of the last hour.
func TestRecentIDsAreBounded(t *testing.T) {
	t.Parallel()

	const n = recentMost + 5*piece
	var ids recentIDs
	for seq := range uint64(n) {
		ids.add(idKey{seq, seq}, 0, seq)
	}
	ids.prune(0, n)
	require.Equal(t, recentMost, ids.end-piece*ids.gone)
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
