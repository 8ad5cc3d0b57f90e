package risk_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BenchmarkLarge checks the real agents' messages against the built-in rules,
// 10,000 phrases and 200 patterns, each message by itself with the clock around
// it, and reports the distribution. loop is the plain way to do the same: the
// lower-case text against every pattern and every phrase, without normalisation,
// detectors or offsets. ×loop is how many times the engine's median it takes.
func BenchmarkLarge(b *testing.B) {
	texts := starTexts(b, "agent")
	s := largeSet(b)
	e, err := s.Compile()
	require.NoError(b, err)
	var engine int64
	b.Run("engine", func(b *testing.B) {
		b.ReportAllocs()
		engine = distribution(b, texts, func(text string) { e.Check(text, agent) })
	})
	phrases, patterns := largeLists()
	for _, r := range builtin(b) {
		patterns = append(patterns, r.Patterns...)
		for _, p := range r.Phrases {
			phrases = append(phrases, strings.ToLower(p))
		}
	}
	var compiled []*regexp.Regexp
	for _, p := range patterns {
		compiled = append(compiled, regexp.MustCompile(p))
	}
	b.Run("loop", func(b *testing.B) {
		// It takes milliseconds a message: a sample is enough.
		loop := distribution(b, texts[:200], func(text string) {
			text = strings.ToLower(text)
			for _, re := range compiled {
				re.MatchString(text)
			}
			for _, p := range phrases {
				_ = strings.Contains(text, p)
			}
		})
		b.ReportMetric(float64(loop)/float64(max(engine, 1)), "×engine")
	})
}

// BenchmarkCompile compiles the large set after a rule of it was changed, which is
// what every server does before the change is in force.
func BenchmarkCompile(b *testing.B) {
	s := largeSet(b)
	b.ReportAllocs()
	changes := 0
	for b.Loop() {
		changes++
		s.Rules[0].Phrases[0] = fmt.Sprintf("a phrase of change %d", changes)
		s.Rules[len(s.Rules)-1].Patterns[0] = fmt.Sprintf(`\bchange number %d\b`, changes)
		_, err := s.Compile()
		require.NoError(b, err)
	}
}

// distribution checks every text in each round and reports the percentiles over
// all of them; p99-fastest is over each message's fastest round, which a busy
// machine does not disturb. It returns the median in nanoseconds.
func distribution(b *testing.B, texts []string, check func(string)) int64 {
	b.Helper()
	for _, text := range texts {
		check(text) // the pool is warm
	}
	var took []int64
	fastest := make([]int64, len(texts))
	for b.Loop() {
		for i, text := range texts {
			began := time.Now()
			check(text)
			d := time.Since(began).Nanoseconds()
			took = append(took, d)
			if fastest[i] == 0 || d < fastest[i] {
				fastest[i] = d
			}
		}
	}
	slices.Sort(took)
	slices.Sort(fastest)
	at := func(list []int64, p float64) int64 { return list[int(p*float64(len(list)-1))] }
	b.ReportMetric(float64(at(took, 0.5)), "p50-ns")
	b.ReportMetric(float64(at(took, 0.99)), "p99-ns")
	b.ReportMetric(float64(at(fastest, 0.99)), "p99-fastest-ns")
	b.ReportMetric(float64(took[len(took)-1]), "max-ns")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(len(took)), "ns/message")
	return at(took, 0.5)
}
