package risk

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	ahocorasick "github.com/BobuSumisu/aho-corasick"
	"github.com/stretchr/testify/require"
)

type hit struct {
	word string
	end  int
}

func walked(words []string, text string) []hit {
	var b literalsBuilder
	for _, w := range words {
		b.add(w, use{})
	}
	l := b.build()
	var out []hit
	l.walk([]byte(text), func(word int32, end int) bool {
		out = append(out, hit{l.words[word], end})
		return true
	})
	return out
}

func TestLiteralsFindEveryWord(t *testing.T) {
	t.Parallel()

	for _, tt := range []struct {
		name  string
		words []string
		text  string
		want  []hit
	}{
		{"none", nil, "abc", nil},
		{"the textbook's", []string{"he", "she", "his", "hers"}, "ushers", []hit{{"she", 4}, {"he", 4}, {"hers", 6}}},
		{"one inside another", []string{"a", "ab", "bab", "bc", "bca", "c", "caa"}, "abccab", []hit{{"a", 1}, {"ab", 2}, {"bc", 3}, {"c", 3}, {"c", 4}, {"a", 5}, {"ab", 6}}},
		{"overlapping itself", []string{"aa"}, "aaaa", []hit{{"aa", 2}, {"aa", 3}, {"aa", 4}}},
		{"twice the same", []string{"ab", "ab"}, "ab", []hit{{"ab", 2}}},
		{"Chinese", []string{"微信", "信号"}, "加微信号", []hit{{"微信", 9}, {"信号", 12}}},
		{"every byte", []string{"\x00\xff", "\xff\x00"}, "\x00\xff\x00", []hit{{"\x00\xff", 2}, {"\xff\x00", 3}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			require.Equal(t, tt.want, walked(tt.words, tt.text))
		})
	}
}

// TestLiteralsAgreeWithAnotherAutomaton runs random words, over few letters so
// that they share prefixes and suffixes, against an independent implementation.
func TestLiteralsAgreeWithAnotherAutomaton(t *testing.T) {
	t.Parallel()

	random := rand.New(rand.NewPCG(1, 2))
	letters := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteByte("abcd"[random.IntN(2+random.IntN(3))])
		}
		return b.String()
	}
	total := 0
	for round := range 300 {
		words := make([]string, 1+random.IntN(40))
		for i := range words {
			words[i] = letters(1 + random.IntN(7))
		}
		text := letters(random.IntN(200))
		got := walked(words, text)

		slices.Sort(words)
		words = slices.Compact(words)
		var want []hit
		ahocorasick.NewTrieBuilder().AddStrings(words).Build().Walk([]byte(text), func(end, _, pattern int64) bool {
			want = append(want, hit{words[pattern], int(end) + 1})
			return true
		})
		total += len(want)
		order := func(x, y hit) int { return cmp.Or(cmp.Compare(x.end, y.end), -cmp.Compare(len(x.word), len(y.word))) }
		require.True(t, slices.IsSortedFunc(got, order), "longest first")
		slices.SortFunc(want, order)
		require.Equal(t, want, got, "round %d: %q in %q", round, words, text)
	}
	require.Greater(t, total, 1000)
}

// BenchmarkLiterals reports what 10,000 phrases cost to hold and to look for.
func BenchmarkLiterals(b *testing.B) {
	var own literalsBuilder
	var words []string
	for i := range 10_000 {
		w := fmt.Sprintf("phrase %d of many %x", i, i*7919)
		own.add(w, use{})
		words = append(words, w)
	}
	text := []byte(strings.Repeat("thank you for waiting, this phrase 77 of many is about your order. ", 3))
	b.Run("own", func(b *testing.B) {
		l := own.build()
		n := 0
		for b.Loop() {
			l.walk(text, func(int32, int) bool {
				n++
				return true
			})
		}
		b.ReportMetric(float64(len(l.dense)*1024+len(l.labels)+24*len(l.states)), "bytes-held")
	})
	b.Run("table", func(b *testing.B) {
		trie := ahocorasick.NewTrieBuilder().AddStrings(words).Build()
		n := 0
		for b.Loop() {
			trie.Walk(text, func(_, _, _ int64) bool { n++; return true })
		}
	})
}
