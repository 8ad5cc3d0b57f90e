//go:build vectorscan

package risk_test

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/risk"
	"github.com/floorlight/floorlight/risk/vectorscan"
)

// BenchmarkLargeVectorscan has the phrases and patterns of BenchmarkLarge, those of
// the built-in rules among them, found by Vectorscan in the same texts, and the
// engine in the same run. The library only says which of them occur: no detectors,
// no offsets of starts, no whole words, no disguises. vectorscan reads the text as it
// was sent, normalised the one that the engine's plain view has, made anew each time.
func BenchmarkLargeVectorscan(b *testing.B) {
	texts := starTexts(b, "agent")
	s := largeSet(b)
	e, err := s.Compile()
	require.NoError(b, err)
	phrases, patterns := largeLists()
	for _, r := range builtin(b) {
		patterns = append(patterns, r.Patterns...)
		phrases = append(phrases, r.Phrases...)
	}
	for _, p := range phrases {
		patterns = append(patterns, regexp.QuoteMeta(p))
	}
	v, err := vectorscan.New(patterns)
	require.NoError(b, err)
	defer v.Close()
	b.Logf("%d of %d expressions are too large for the library, which only filters by them", v.Loose, len(patterns))
	var engine int64
	b.Run("engine", func(b *testing.B) {
		engine = distribution(b, texts, func(text string) { e.Check(text, agent) })
	})
	for name, read := range map[string]func(string) string{"vectorscan": func(text string) string { return text }, "normalised": risk.Normalised} {
		b.Run(name, func(b *testing.B) {
			took := distribution(b, texts, func(text string) {
				_, err := v.Count(read(text))
				require.NoError(b, err)
			})
			b.ReportMetric(float64(took)/float64(max(engine, 1)), "×engine")
		})
	}
}
