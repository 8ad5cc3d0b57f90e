package risk_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/risk"
)

// find is what the standard library finds, with the first group at most.
func find(pattern, text string) []int {
	m := regexp.MustCompile(pattern).FindStringSubmatchIndex(text)
	return m[:min(len(m), 4)]
}

func TestTheMachineFindsWhatTheLibraryFinds(t *testing.T) {
	t.Parallel()

	var patterns []string
	for _, r := range builtin(t) {
		if !strings.HasSuffix(r.ID, "_from_customer") {
			patterns = append(patterns, r.Patterns...)
		}
	}
	texts := []string{"", "a"}
	for _, s := range some(t, 120) {
		texts = append(texts, risk.Normalised(s.text))
	}
	hits := 0
	for _, p := range patterns {
		for _, text := range texts {
			want := find(p, text)
			require.Equal(t, want, risk.Find(p, text), "%q in %q", p, text)
			if want != nil {
				hits++
			}
		}
	}
	require.Greater(t, hits, 10)
}

func TestTheMachineIsTheLibraryOnAnyPattern(t *testing.T) {
	t.Parallel()

	atoms := []string{"a", "b", "ab", "中", "é", ".", `\d`, `\w`, `\s`, "[ab]", "[^a]", "[a-c中-外]", `\b`, `\B`, "^", "$", "(?i)k", "(?m)^", "(?m)$"}
	rapid.Check(t, func(t *rapid.T) {
		var build func(depth int) string
		build = func(depth int) string {
			p := rapid.SampledFrom(atoms).Draw(t, "atom")
			for range rapid.IntRange(0, 3).Draw(t, "parts") {
				q := rapid.SampledFrom(atoms).Draw(t, "atom")
				if depth < 2 && rapid.Bool().Draw(t, "nested") {
					q = "(?:" + build(depth+1) + ")"
				}
				switch rapid.IntRange(0, 7).Draw(t, "how") {
				case 0:
					p += "|" + q
				case 1:
					p = "(?:" + p + ")*" + q
				case 2:
					p = p + "(?:" + q + ")+?"
				case 3:
					p = p + "(?:" + q + "){0,3}"
				case 4:
					p = "(" + p + ")" + q
				default:
					p += q
				}
			}
			return p
		}
		p := build(0)
		text := rapid.StringOfN(rapid.SampledFrom([]rune("aabbk1 \n中é_K")), 1, 12, -1).Draw(t, "text")
		want := find(p, text)
		if len(want) >= 2 && want[0] == want[1] || strings.HasPrefix(p, "$") {
			return // no rule may match the empty text, and none is looked for
		}
		got := risk.Find(p, text)
		if want == nil && got != nil && got[0] == got[1] {
			return
		}
		if want != nil && got != nil && got[0] == got[1] {
			return
		}
		require.Equal(t, want, got, "%q in %q", p, text)
	})
}

// TestPatternsMatchNearTheirLiterals holds what the documentation says about long
// matches.
func TestPatternsMatchNearTheirLiterals(t *testing.T) {
	t.Parallel()

	e, err := risk.Compile([]risk.Rule{pattern("a", `start[a-z ]*finish`)})
	require.NoError(t, err)
	text := func(n int) string { return "start" + strings.Repeat(" xy", n) + " finish" }
	require.Equal(t, event.Block, e.Check(text(60), agent).Verdict)
	require.Equal(t, event.Allow, e.Check(text(2000), agent).Verdict)
}
