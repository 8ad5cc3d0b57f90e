//go:build vectorscan

package risk_test

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/risk/vectorscan"
)

// BenchmarkLargeVectorscan has the phrases and patterns of BenchmarkLarge found by
// Vectorscan, and the engine in the same run. The library only says which of them
// occur: no normalisation, no detectors, no offsets of starts, no whole words.
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
	var engine int64
	b.Run("engine", func(b *testing.B) {
		engine = distribution(b, texts, func(text string) { e.Check(text, agent) })
	})
	b.Run("vectorscan", func(b *testing.B) {
		took := distribution(b, texts, func(text string) {
			_, err := v.Count(text)
			require.NoError(b, err)
		})
		b.ReportMetric(float64(took)/float64(max(engine, 1)), "×engine")
	})
}
