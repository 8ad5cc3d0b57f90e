package risk

import (
	"bytes"
	"cmp"
	"slices"
	"unicode/utf8"
)

// source is where a normalised byte came from: a range of bytes of the text as
// it was sent.
type source struct{ start, end int32 }

// view is one reading of a text: what the rules compare, and where it came from.
type view struct {
	buf []byte
	// at has one entry per byte of buf, or none while every byte stands where
	// it stood in the text, which is so for plain ASCII.
	at []source
	// What the detectors ask before they look closer.
	digits  int
	hasAt   bool
	hasDot  bool
	hosts   bool // a host name can be in it; read sets it
	hasMark bool // ! or $, which stand for letters
	spelled bool
	// foreign says that there are letters neither ASCII nor Chinese, or
	// symbols that could stand for letters.
	foreign bool
	// override says that an invisible character turns the reading direction.
	override bool
	// backwards says that the bytes stand in the opposite order of the text.
	backwards bool
	kind      viewKind
	classes   *[planes]runeClass
	// fancy is how many digits are written in circles and the like.
	fancy int
	// romans is how many Roman numerals the text has, once they were counted.
	romans int
}

// viewKind is what a view reads a text as.
type viewKind uint16

// The kinds of view. Detectors say which of them they read.
const (
	plainView    viewKind = 1 << iota // as written
	joinedView                        // without separators inside words
	foldedView                        // with letters that look Latin as Latin
	leetView                          // with digits and signs that stand for letters as letters
	numbersView                       // with digits that are spelled out as digits
	dotsView                          // with dots and ats that are spelled out as marks
	reversedView                      // from the end to the beginning
	mirroredView                      // with names that stand backwards turned around
	splitView                         // after what the sender wrote in the last minute
	soundView                         // with Chinese words that are hidden as they are read aloud
)

// origin maps the half-open range [a,b) of buf to the text as it was sent. It
// must not be empty.
func (v *view) origin(a, b int) (start, end int) {
	if len(v.at) == 0 {
		return a, b
	}
	if v.backwards {
		return int(v.at[b-1].start), int(v.at[a].end)
	}
	return int(v.at[a].start), int(v.at[b-1].end)
}

// isFancy reports whether the digit at i was written as no ordinary one, nor as a wide
// one, which Chinese keyboards write.
func (v *view) isFancy(i int) bool {
	if len(v.at) == 0 || v.at[i].start < 0 {
		return false
	}
	n := v.at[i].end - v.at[i].start
	return n == 2 || n > 3 || n == 3 && v.fancy > 0
}

// holds reports whether [from,to) of w, which comes from the same text, stands in v,
// with nothing around it where nothing is around it there.
func (v *view) holds(w *view, from, to int) bool {
	for from > 0 && !utf8.RuneStart(w.buf[from]) {
		from--
	}
	a := v.starting(w.at[from].start)
	b := a + to - from
	return b <= len(v.buf) && (a == 0) == (from == 0) && (b == len(v.buf)) == (to == len(w.buf)) && bytes.Equal(v.buf[a:b], w.buf[from:to])
}

// starting is where in buf the first byte stands that comes from start on.
func (v *view) starting(start int32) int {
	if len(v.at) == 0 {
		return int(start)
	}
	k, _ := slices.BinarySearchFunc(v.at, start, func(at source, start int32) int { return cmp.Compare(at.start, start) })
	return k
}

// firstHere is where, in the text as it was sent, the part of [a,b) begins that
// does not come from a message before.
func (v *view) firstHere(a, b int) int {
	for k := range b - a {
		at := a + k
		if v.backwards {
			at = b - 1 - k
		}
		if start := v.at[at].start; start >= 0 {
			return int(start)
		}
	}
	return 0
}

func (v *view) reset() {
	v.buf, v.at = v.buf[:0], v.at[:0]
	v.digits, v.hasAt, v.hasDot, v.hasMark, v.spelled, v.foreign, v.override, v.backwards, v.fancy, v.romans = 0, false, false, false, false, false, false, false, 0, 0
}

// identity writes the map for the first n bytes, which stand where they stood.
func (v *view) identity(n int) {
	if cap(v.at) < n {
		v.at = make([]source, 0, 2*n+64)
	}
	for k := range int32(n) { //nolint:gosec // a text is far below 2 GiB
		v.at = append(v.at, source{k, k + 1})
	}
}

func (v *view) feature(c byte) {
	switch {
	case c > '@':
	case c >= '0' && c <= '9':
		v.digits++
	case c == '@':
		v.hasAt = true
	case c == '.':
		v.hasDot = true
	case c == '!', c == '$':
		v.hasMark = true
	}
}

func (v *view) put(c byte, start, end int) {
	v.feature(c)
	v.buf = append(v.buf, c)
	v.at = append(v.at, source{int32(start), int32(end)}) //nolint:gosec // a text is far below 2 GiB
}

func (v *view) putRune(r rune, start, end int) {
	if r < utf8.RuneSelf {
		if f := asciiFold[r]; f != 0 {
			v.put(f, start, end)
		}
		return
	}
	var b [utf8.UTFMax]byte
	for _, c := range b[:utf8.EncodeRune(b[:], r)] {
		v.put(c, start, end)
	}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' }

// isWord reports whether a normalised byte is a Latin letter or a digit.
func isWord(c byte) bool { return isLetter(c) || isDigit(c) }
