package fold

import (
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestKnownIsASet goes past the number of ids at which one table becomes many,
// with hashes that crowd, and those that stand for none.
func TestKnownIsASet(t *testing.T) {
	t.Parallel()

	rnd := rand.New(rand.NewPCG(1, 2))
	for name, hash := range map[string]func(n uint64) uint64{
		"spread":  func(uint64) uint64 { return rnd.Uint64() },
		"crowded": func(n uint64) uint64 { return n << 40 },
		"low":     func(n uint64) uint64 { return n },
	} {
		t.Run(name, func(t *testing.T) {
			var k Known
			require.False(t, k.maybe(0))
			want := map[uint64]struct{}{}
			for n := range uint64(80_000) {
				if name == "crowded" && n > 3000 {
					n = rnd.Uint64() >> 24
				}
				id := hash(n)
				k.add(id)
				k.add(id)
				want[max(id, 1)] = struct{}{}
			}
			for id := range want {
				require.True(t, k.maybe(id))
			}
			require.Equal(t, len(want), k.n)
			require.Equal(t, len(want) >= partsFrom, len(k.parts) > 1)
			missed := 0
			for range 10_000 {
				id := rnd.Uint64()
				if _, there := want[id]; !there && k.maybe(id) {
					missed++
				}
			}
			require.Zero(t, missed)
		})
	}
}

// TestKnownTellsKindsApart asks for an id of one kind under another.
func TestKnownTellsKindsApart(t *testing.T) {
	t.Parallel()

	var k Known
	for n := range 100 {
		k.Add(Ref{Kind: KindConversation, ID: strconv.Itoa(n)})
	}
	for n := range 100 {
		require.True(t, k.Maybe(Ref{Kind: KindConversation, ID: strconv.Itoa(n)}))
		require.False(t, k.Maybe(Ref{Kind: KindCustomer, ID: strconv.Itoa(n)}))
	}
}
