package risk

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What a pattern may cost at most. Go's expressions run in time linear in text
// times program, so that bounding the program bounds the check.
const (
	maxPattern  = 1000
	maxProgram  = 2000
	maxLiterals = 64
	minLiteral  = 2
)

// compilePattern compiles a rule's pattern, and finds the literals of which
// every match contains at least one.
func compilePattern(pattern string) (*regexp.Regexp, []string, error) {
	if pattern == "" {
		return nil, nil, errors.New("is empty")
	}
	if len(pattern) > maxPattern {
		return nil, nil, fmt.Errorf("is %d bytes long, at most %d are allowed", len(pattern), maxPattern)
	}
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil, nil, err
	}
	if strings.ToLower(literalText(tree)) != literalText(tree) {
		return nil, nil, errors.New("has capital letters, which the normalised text never has")
	}
	prog, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return nil, nil, err
	}
	if len(prog.Inst) > maxProgram {
		return nil, nil, fmt.Errorf("compiles to %d instructions, at most %d are allowed", len(prog.Inst), maxProgram)
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, nil, err
	}
	if re.MatchString("") {
		return nil, nil, errors.New("matches the empty text")
	}
	words := required(tree)
	if words == nil {
		return nil, nil, fmt.Errorf("has no literal of %d bytes or more that every match contains", minLiteral)
	}
	return re, words, nil
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
		return long(strings.ToLower(string(t.Rune)))
	case syntax.OpCharClass:
		// A few Chinese characters are as good as words; letters are not.
		var words []string
		for i := 0; i+1 < len(t.Rune); i += 2 {
			if t.Rune[i] < utf8.RuneSelf || t.Rune[i+1]-t.Rune[i] > maxLiterals {
				return nil
			}
			for r := t.Rune[i]; r <= t.Rune[i+1]; r++ {
				words = append(words, string(r))
			}
		}
		if len(words) > maxLiterals {
			return nil
		}
		return words
	case syntax.OpCapture, syntax.OpPlus:
		return required(t.Sub[0])
	case syntax.OpRepeat:
		if t.Min > 0 {
			return required(t.Sub[0])
		}
		return nil
	case syntax.OpConcat:
		var best []string
		for _, s := range t.Sub {
			if words := required(s); words != nil && (best == nil || rarer(words, best)) {
				best = words
			}
		}
		return best
	case syntax.OpAlternate:
		var all []string
		for _, s := range t.Sub {
			words := required(s)
			if words == nil {
				return nil
			}
			all = append(all, words...)
		}
		if len(all) > maxLiterals {
			return nil
		}
		return all
	default:
		return nil
	}
}

// rarer reports whether the words a are likely to be in fewer texts than b.
func rarer(a, b []string) bool {
	if x, y := shortest(a), shortest(b); x != y {
		return x > y
	}
	return len(a) < len(b)
}

func long(word string) []string {
	if len(word) < minLiteral {
		return nil
	}
	return []string{word}
}

func shortest(words []string) int {
	n := len(words[0])
	for _, w := range words[1:] {
		n = min(n, len(w))
	}
	return n
}
