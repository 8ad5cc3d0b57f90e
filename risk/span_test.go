package risk_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/floorlight/floorlight/risk"
)

// disguises write one character of a word so that it still reads as it.
var disguises = []func(t *rapid.T, r rune) string{
	func(_ *rapid.T, r rune) string { return string(r) },
	func(_ *rapid.T, r rune) string { return strings.ToUpper(string(r)) },
	func(_ *rapid.T, r rune) string { return string(r) + "\u200b" },
	func(_ *rapid.T, r rune) string { return string(r) + "\u0301" },
	func(_ *rapid.T, r rune) string {
		if r < 0x80 {
			return string(r - '!' + 0xff01)
		}
		return string(r)
	},
	func(_ *rapid.T, r rune) string {
		if r >= 'a' && r <= 'z' {
			return string(r - 'a' + 0x24d0)
		}
		return string(r)
	},
	func(_ *rapid.T, r rune) string {
		if c, ok := map[rune]string{'a': "а", 'e': "е", 'o': "о", 'i': "і", 'x': "х"}[r]; ok {
			return c
		}
		return string(r)
	},
}

// TestASpanHoldsItsHit: what is marked is the disguised words and nothing else,
// whatever stands around them. The marked part alone gives the same hit, from its
// first byte to its last.
func TestASpanHoldsItsHit(t *testing.T) {
	t.Parallel()

	words := []string{"blacklisted", "weixinpay", "禁止词语", "dropbox"}
	e, err := risk.Compile([]risk.Rule{phrase("a", words...)})
	require.NoError(t, err)
	around := []rune("zqk 好吧😀\u200b\u202aé。\n١ﬃ\u3000Ж!")
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom(words).Draw(t, "word")
		separator := rapid.SampledFrom([]string{"", "", ".", "-", "*", " "}).Draw(t, "separator")
		var hidden strings.Builder
		for i, r := range word {
			if i > 0 {
				hidden.WriteString(separator)
			}
			hidden.WriteString(rapid.SampledFrom(disguises).Draw(t, "disguise")(t, r))
		}
		before := rapid.StringOfN(rapid.SampledFrom(around), 0, 20, -1).Draw(t, "before")
		after := rapid.StringOfN(rapid.SampledFrom(around), 0, 20, -1).Draw(t, "after")
		text := before + "\n" + hidden.String() + "\n" + after
		got := e.Check(text, agent)
		require.Len(t, got.Violations, 1, "%q", text)
		v := got.Violations[0]
		// Marks that cannot be seen belong to what is before them, or to nothing.
		span := text[v.Start:v.End]
		require.Contains(t, hidden.String(), span, "%q", text)
		require.GreaterOrEqual(t, v.Start, len(before)+1)
		require.Empty(t, strings.Trim(strings.Replace(hidden.String(), span, "", 1), "\u200b\u0301"), "%q", text)
		alone := e.Check(span, agent)
		require.Len(t, alone.Violations, 1, "%q", span)
		require.Equal(t, [2]int{0, len(span)}, [2]int{alone.Violations[0].Start, alone.Violations[0].End}, "%q", span)
	})
}

// TestSpansOfTheCorporaAreSound holds for every sample what a caller relies on.
func TestSpansOfTheCorporaAreSound(t *testing.T) {
	t.Parallel()

	for _, s := range slices.Concat(corpus(t, "bad"), corpus(t, "good")) {
		got := risk.Default().Check(s.text, agent)
		require.NoError(t, got.Fault)
		sound(t, s.text, got)
	}
}
