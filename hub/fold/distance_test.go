package fold

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/agnivade/levenshtein"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestDistance(t *testing.T) {
	t.Parallel()
	var e edge
	for _, tc := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"", "abc", 3},
		{"kitten", "sitting", 3},
		{"flaw", "lawn", 2},
		{"您好，请稍等", "您好，请等😀", 2},
		{strings.Repeat("a", 64), strings.Repeat("b", 64), 64},
		{strings.Repeat("ab", 100), strings.Repeat("ba", 100), 2},
		{strings.Repeat("x", 1000), "", 1000},
	} {
		require.Equal(t, tc.want, e.distance(tc.a, tc.b), "%q %q", tc.a, tc.b)
		require.Equal(t, tc.want, e.distance(tc.b, tc.a))
	}
}

// TestDistanceAgrees compares with the textbook's table over a few letters, so
// that texts of several blocks have much in common.
func TestDistanceAgrees(t *testing.T) {
	t.Parallel()
	var e edge
	rapid.Check(t, func(t *rapid.T) {
		letters := rapid.SampledFrom([]rune("abé您😀\uFFFD"))
		a := rapid.StringOfN(letters, 0, 300, -1).Draw(t, "a")
		b := rapid.OneOf(rapid.StringOfN(letters, 0, 300, -1), rapid.Just(a+"b"+a), rapid.Just(strings.ReplaceAll(a, "ab", ""))).Draw(t, "b")
		require.Equal(t, levenshtein.ComputeDistance(a, b), e.distance(a, b))
	})
}

func FuzzDistance(f *testing.F) {
	f.Add("kitten", "sitting")
	f.Add(strings.Repeat("ab", 70), strings.Repeat("ba", 40))
	f.Add("\xff\xfe", "a\xff")
	f.Fuzz(func(t *testing.T, a, b string) {
		var e edge
		if len(a)*len(b) > 1<<20 {
			return // the table would take too long
		}
		require.Equal(t, levenshtein.ComputeDistance(a, b), e.distance(a, b))
	})
}

// BenchmarkDistance has a reply that was edited a little, as they are, and the
// longest two texts that an event can hold, with nothing in common but letters.
func BenchmarkDistance(b *testing.B) {
	var e edge
	rnd := rand.New(rand.NewPCG(1, 2))
	long := func(alphabet string, bytes int) string {
		letters := []rune(alphabet)
		var s strings.Builder
		for s.Len() < bytes {
			s.WriteRune(letters[rnd.IntN(len(letters))])
		}
		return s.String()
	}
	for _, bc := range []struct{ name, a, b string }{
		{"reply", "Your appointment is on Tuesday at 10:30, is there anything else I can do for you?", "Ok, your appointment is at 10:30 on Tuesday. Is there anything else that I can do?"},
		{"short", "How can I help?", "Hello, how can I help?"},
		{"32KiB", long("abcdefghijklmnopqrstuvwxyz ", 32<<10), long("abcdefghijklmnopqrstuvwxyz ", 32<<10)},
		{"32KiB Han", long("的一是不了人我在有他这中大来上国个到说们", 32<<10), long("的一是不了人我在有他这中大来上国个到说们", 32<<10)},
	} {
		b.Run(bc.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				e.distance(bc.a, bc.b)
			}
		})
		b.Run(bc.name+"/table", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				levenshtein.ComputeDistance(bc.a, bc.b)
			}
		})
	}
}
