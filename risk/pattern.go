package risk

import (
	"errors"
	"fmt"
	"math"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What a pattern may cost at most. Go's expressions run in time linear in text
// times program, so that bounding the program bounds the check.
const (
	maxWords    = 512 // how many words may stand for one pattern
	maxLiterals = 64  // how many texts of one part are spelled out
	maxClass    = 16  // the largest class of characters that is spelled out
	minLiteral  = 2
)

// compilePattern compiles a rule's pattern, and finds the literals of which
// every match contains at least one. offset is where a fault of its syntax stands,
// or -1.
func compilePattern(pattern string) (p *program, words []string, offset int, err error) {
	fail := func(offset int, format string, args ...any) (*program, []string, int, error) {
		return nil, nil, offset, fmt.Errorf(format, args...)
	}
	if pattern == "" {
		return fail(-1, "is empty")
	}
	if len(pattern) > MaxPattern {
		return fail(MaxPattern, "is %d bytes long, at most %d are allowed", len(pattern), MaxPattern)
	}
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		if fault, ok := errors.AsType[*syntax.Error](err); ok {
			return fail(patternOffset(pattern, err), "%s: %q", fault.Code, fault.Expr)
		}
		return fail(-1, "%w", err)
	}
	if c := capital(tree); c != 0 {
		return fail(strings.IndexRune(pattern, c), "has the capital letter %q, which the normalised text never has", c)
	}
	if n := repeats(tree); n > MaxRepeat {
		return fail(max(strings.Index(pattern, strconv.Itoa(n)), -1), "repeats %d times, at most %d are allowed", n, MaxRepeat)
	}
	prog, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return fail(-1, "%w", err)
	}
	if len(prog.Inst) > MaxProgram {
		return fail(-1, "compiles to %d instructions, at most %d are allowed", len(prog.Inst), MaxProgram)
	}
	if matchesEmpty(tree) {
		return fail(-1, "matches the empty text")
	}
	if words = required(tree); words == nil {
		return fail(-1, "has no literal of %d bytes or more that every match contains", minLiteral)
	}
	return newProgram(tree, prog), words, -1, nil
}

// matchesEmpty reports whether some match of t has no characters.
func matchesEmpty(t *syntax.Regexp) bool {
	switch t.Op {
	case syntax.OpLiteral:
		return len(t.Rune) == 0
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL, syntax.OpNoMatch:
		return false
	case syntax.OpCapture, syntax.OpPlus:
		return matchesEmpty(t.Sub[0])
	case syntax.OpRepeat:
		return t.Min == 0 || matchesEmpty(t.Sub[0])
	case syntax.OpConcat:
		return !slices.ContainsFunc(t.Sub, func(s *syntax.Regexp) bool { return !matchesEmpty(s) })
	case syntax.OpAlternate:
		return slices.ContainsFunc(t.Sub, matchesEmpty)
	default:
		return true
	}
}

// capital is a letter of the pattern's literal text that no normalised text
// has, or 0.
func capital(t *syntax.Regexp) rune {
	for _, r := range literalText(t) {
		if unicode.ToLower(r) != r {
			return r
		}
	}
	return 0
}

// repeats is the largest bound of a repetition in t.
func repeats(t *syntax.Regexp) int {
	n := 0
	if t.Op == syntax.OpRepeat {
		n = max(t.Min, t.Max)
	}
	for _, s := range t.Sub {
		n = max(n, repeats(s))
	}
	return n
}

// literalText is all literal text of a pattern that does not ignore case.
func literalText(t *syntax.Regexp) string {
	var b strings.Builder
	if t.Op == syntax.OpLiteral && t.Flags&syntax.FoldCase == 0 {
		b.WriteString(string(t.Rune))
	}
	for _, s := range t.Sub {
		b.WriteString(literalText(s))
	}
	return b.String()
}

// required returns words of which every match of t contains one, or nil if
// there are none that are long enough. Of the parts of a sequence it takes the
// one whose words are rarest.
func required(t *syntax.Regexp) []string {
	if words := exact(t); words != nil && shortest(words) >= minLiteral {
		return words
	}
	switch t.Op {
	case syntax.OpCapture, syntax.OpPlus:
		return required(t.Sub[0])
	case syntax.OpRepeat:
		if t.Min > 0 {
			return required(t.Sub[0])
		}
		return nil
	case syntax.OpConcat:
		var best []string
		for i, s := range t.Sub {
			best = rarer(best, required(s))
			// Parts that stand side by side make longer words. The parser
			// splits common beginnings off, so that this matters.
			run := []string{""}
			for _, s := range t.Sub[i:] {
				if run = crossed(run, exact(s)); run == nil {
					break
				}
				best = rarer(best, run)
			}
		}
		return best
	case syntax.OpAlternate:
		var all []string
		for _, s := range t.Sub {
			words := required(s)
			if words == nil || len(all)+len(words) > maxWords {
				return nil
			}
			all = append(all, words...)
		}
		return all
	default:
		return nil
	}
}

// exact returns all texts that t matches, or nil if they are many.
func exact(t *syntax.Regexp) []string {
	switch t.Op {
	case syntax.OpLiteral:
		if t.Flags&syntax.FoldCase != 0 {
			for _, r := range t.Rune {
				// Beyond ASCII a letter can have several lower cases.
				if r >= utf8.RuneSelf && unicode.SimpleFold(r) != r {
					return nil
				}
			}
		}
		return []string{strings.ToLower(string(t.Rune))}
	case syntax.OpCharClass:
		var words []string
		for i := 0; i+1 < len(t.Rune); i += 2 {
			if int(t.Rune[i+1]-t.Rune[i])+len(words) >= maxClass {
				return nil
			}
			for r := t.Rune[i]; r <= t.Rune[i+1]; r++ {
				words = append(words, string(r))
			}
		}
		return words
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return []string{""}
	case syntax.OpCapture:
		return exact(t.Sub[0])
	case syntax.OpQuest:
		if words := exact(t.Sub[0]); words != nil {
			return append([]string{""}, words...)
		}
		return nil
	case syntax.OpConcat:
		all := []string{""}
		for _, s := range t.Sub {
			if all = crossed(all, exact(s)); all == nil {
				return nil
			}
		}
		return all
	case syntax.OpAlternate:
		var all []string
		for _, s := range t.Sub {
			words := exact(s)
			if words == nil || len(all)+len(words) > maxLiterals {
				return nil
			}
			all = append(all, words...)
		}
		return all
	default:
		return nil
	}
}

// crossed is every text of a followed by every text of b, or nil if those are
// too many or b is nil.
func crossed(a, b []string) []string {
	if b == nil || len(a)*len(b) > maxLiterals {
		return nil
	}
	all := make([]string, 0, len(a)*len(b))
	for _, x := range a {
		for _, y := range b {
			all = append(all, x+y)
		}
	}
	return all
}

// rarer is the one of two lists of words that is likely to be in fewer texts.
// Lists with a word that is too short are none.
func rarer(a, b []string) []string {
	switch {
	case b == nil || shortest(b) < minLiteral:
		return a
	case a == nil || frequency(b) < frequency(a):
		return b
	}
	return a
}

// frequency is about how often one of the words stands in 100,000 bytes of talk.
// It only has to tell a rare list from a common one.
func frequency(words []string) int {
	n := 0
	for _, w := range words {
		switch {
		case slices.Contains(commonWords, strings.Trim(w, " ")):
			n += 500
		case w[0] >= utf8.RuneSelf:
			n += []int{100, 100, 100, 60, 30, 30, 4}[min(len(w), 6)]
		default:
			n += []int{1000, 1000, 400, 60, 15, 5, 2}[min(len(w), 6)]
		}
	}
	return n
}

// commonWords are in nearly every message.
var commonWords = []string{
	"you", "your", "the", "and", "for", "are", "can", "have", "with", "that", "this", "will", "would", "please", "order", "send", "pay", "not", "get", "from", "our", "was", "has", "at", "on", "in", "is", "it", "to", "me", "my", "of", "or", "do", "off", "ok", "hi", "thank", "thanks", "help", "account", "review", "here", "just",
	"ur", "u r", "r you", "are you", "u are", "we will", "i will", "at the", "on the", "in the", "may i have", "can i have", "could i have", "can i get", "tell me", "give me", "send me", "day", "days", "in a", ", please", "success", "successful", "app", "cell", "let me", "want to", "would like", "i'd like", "i can", "we can", "what is", "what's", "time", "number", "name", "need", "today", "tomorrow",
	"您", "你", "我", "的", "是", "了", "好", "可以", "请", "订单", "我们", "这个",
}

func shortest(words []string) int {
	n := math.MaxInt
	for _, w := range words {
		n = min(n, len(w))
	}
	return n
}
