package risk

import (
	"errors"
	"fmt"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// What a pattern may cost at most. Go's expressions run in time linear in text
// times program, so that bounding the program bounds the check.
const (
	maxWords    = 512 // how many words may stand for one pattern
	maxLiterals = 64  // how many texts of one part are spelled out
	maxClass    = 16  // the largest class of characters that is spelled out
	minLiteral  = 2
)

// part is one of the alternatives that a pattern is made of, and the literals of
// which each of its matches contains at least one.
type part struct {
	program  *program
	literals []literal
}

// compilePattern compiles a rule's pattern. offset is where a fault of its syntax
// stands, or -1.
func compilePattern(pattern string) (parts []part, offset int, err error) {
	fail := func(offset int, format string, args ...any) ([]part, int, error) {
		return nil, offset, fmt.Errorf(format, args...)
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
	trees, literals := alternatives(tree)
	if parts, err = compileParts(trees); err == nil && len(trees) > 1 && size(parts) > MaxProgram {
		parts, err = compileParts([]*syntax.Regexp{tree}) // what they share counts once
		literals = [][]literal{factsOf(tree).literals}
	}
	switch {
	case err != nil:
		return fail(-1, "%w", err)
	case size(parts) > MaxProgram:
		return fail(-1, "compiles to %d instructions, at most %d are allowed", size(parts), MaxProgram)
	case matchesEmpty(tree):
		return fail(-1, "matches the empty text")
	}
	words := 0
	for k := range parts {
		p := &parts[k]
		p.literals = literals[k]
		if words += len(p.literals); p.literals == nil || words > maxWords {
			return fail(-1, "has no literal of %d bytes or more that every match contains", minLiteral)
		}
		p.program.before, p.program.after = reachOf(p.literals)
	}
	return parts, -1, nil
}

// size is how many instructions parts have together.
func size(parts []part) (n int) {
	for _, p := range parts {
		n += len(p.program.insts)
	}
	return n
}

func compileParts(trees []*syntax.Regexp) ([]part, error) {
	parts := make([]part, len(trees))
	for k, t := range trees {
		prog, err := syntax.Compile(t.Simplify())
		if err != nil {
			return nil, err
		}
		parts[k].program = newProgram(prog)
	}
	return parts, nil
}

const (
	// minParted is how long a match of a pattern must be able to be for its
	// alternatives to be looked for one by one.
	minParted = 24
	// maxParts is how many alternatives are at most.
	maxParts = 24
)

// alternatives are the parts of a pattern of which each has its own literals, so
// that the word of one does not make all of them run where it stands.
func alternatives(t *syntax.Regexp) ([]*syntax.Regexp, [][]literal) {
	if parts := parted(t); 1 < len(parts) && len(parts) <= maxParts {
		longest := 0
		literals := make([][]literal, len(parts))
		for k, p := range parts {
			f := factsOf(p)
			longest, literals[k] = max(longest, f.longest), f.literals
		}
		if longest >= minParted {
			return parts, literals
		}
	}
	return []*syntax.Regexp{t}, [][]literal{factsOf(t).literals}
}

func parted(t *syntax.Regexp) (parts []*syntax.Regexp) {
	switch t.Op {
	case syntax.OpAlternate:
		for _, s := range t.Sub {
			parts = append(parts, parted(s)...)
		}
		return parts
	case syntax.OpConcat:
		// The parser takes the edge of a word out of all alternatives.
		k := slices.IndexFunc(t.Sub, func(s *syntax.Regexp) bool { return s.Op != syntax.OpWordBoundary })
		if k < 0 || t.Sub[k].Op != syntax.OpAlternate || slices.ContainsFunc(t.Sub[k+1:], func(s *syntax.Regexp) bool { return s.Op != syntax.OpWordBoundary }) {
			break
		}
		for _, s := range t.Sub[k].Sub {
			p := *t
			p.Sub = slices.Clone(t.Sub)
			p.Sub[k] = s
			parts = append(parts, flat(&p, k))
		}
		return parts
	}
	return []*syntax.Regexp{t}
}

// flat is a sequence whose part k is a sequence in it, if it is one.
func flat(t *syntax.Regexp, k int) *syntax.Regexp {
	if s := t.Sub[k]; s.Op == syntax.OpConcat {
		t.Sub = slices.Concat(t.Sub[:k], s.Sub, t.Sub[k+1:])
	}
	return t
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
