//go:build vectorscan

package risk_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/risk"
	"github.com/floorlight/floorlight/risk/vectorscan"
)

// BenchmarkLargeVectorscan has the phrases and patterns of BenchmarkLarge, those of
// the built-in rules among them, found by Vectorscan in the same texts, and the
// engine in the same run. The library only says which of them occur: no detectors,
// no offsets of starts, no whole words, no disguises. library is what it takes, all
// has those besides that it refuses, one by one (looped), and normalised reads the
// text that the engine's plain view has, made anew each time. Of filtered patterns
// the library only says that they may occur.
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
	v, err := vectorscan.New(phrases, patterns)
	require.NoError(b, err)
	defer v.Close()
	var engine int64
	b.Run("engine", func(b *testing.B) {
		engine = distribution(b, texts, func(text string) { e.Check(text, agent) })
	})
	for _, way := range []struct {
		name  string
		count func(string) (int, error)
	}{
		{"library", v.CountTaken},
		{"all", v.Count},
		{"normalised", func(text string) (int, error) { return v.Count(risk.Normalised(text)) }},
	} {
		b.Run(way.name, func(b *testing.B) {
			took := distribution(b, texts, func(text string) {
				_, err := way.count(text)
				require.NoError(b, err)
			})
			b.ReportMetric(float64(took)/float64(max(engine, 1)), "×engine")
			b.ReportMetric(float64(v.Loose), "filtered")
			b.ReportMetric(float64(v.Looped), "looped")
		})
	}
}
