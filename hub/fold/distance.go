package fold

import (
	"slices"
	"unicode/utf8"
)

// distance is the Levenshtein distance of two texts, in code points. Myers'
// bit-parallel recurrence works on 64 rows of the table at once (G. Myers 1999,
// in Hyyrö's form of 2003), so that two texts of 32 KiB, the longest that an
// event can hold, take 50 ms and not the table's 1.8 s: BenchmarkDistance.
//
// The table's rows are a's characters. A block of rows is carried along the
// whole of b before the next begins, and hands down only the differences along
// its lower edge: memory is that of the texts.
func (e *edge) distance(a, b string) int {
	// A character of ASCII is one byte, whatever stands beside it.
	for a != "" && b != "" && a[0] == b[0] && a[0] < utf8.RuneSelf {
		a, b = a[1:], b[1:]
	}
	for a != "" && b != "" && a[len(a)-1] == b[len(b)-1] && a[len(a)-1] < utf8.RuneSelf {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if max(cap(e.a), cap(e.b)) > mostKept {
		*e = edge{}
	}
	e.a, e.b = runes(e.a[:0], a), runes(e.b[:0], b)
	s, t := e.a, e.b
	for len(s) > 0 && len(t) > 0 && s[0] == t[0] {
		s, t = s[1:], t[1:]
	}
	for len(s) > 0 && len(t) > 0 && s[len(s)-1] == t[len(t)-1] {
		s, t = s[:len(s)-1], t[:len(t)-1]
	}
	if len(s) > len(t) {
		s, t = t, s
	}
	if len(s) == 0 {
		return len(t)
	}
	e.number(s, t)
	e.down = slices.Grow(e.down[:0], len(t))[:len(t)]
	for i := range e.down {
		e.down[i] = 1
	}
	for from := 0; from < len(s); from += 64 {
		e.block(s[from:min(from+64, len(s))], t)
	}
	total := len(s)
	for _, d := range e.down {
		total += int(d)
	}
	return total
}

func runes(to []rune, s string) []rune {
	for _, r := range s {
		to = append(to, r)
	}
	return to
}

// mostKept is the number of characters above which a text's memory is let go of.
const mostKept = 4 << 10

// edge is the lower edge of the blocks so far, and the memory for it, which is
// used again.
type edge struct {
	a, b  []rune   // the texts; as numbers once they have been numbered
	down  []int8   // difference to the column before, -1 to 1
	match []uint64 // by character, the rows of the block that have it
}

// number puts a small number in the place of each of a's characters, in both
// texts, so that match is an array: from 1, and 0 for one that a does not have.
func (e *edge) number(s, t []rune) {
	var ascii [128]int32
	var others map[rune]int32
	last := int32(0)
	for i, r := range s {
		switch {
		case r < 128:
			if ascii[r] == 0 {
				last++
				ascii[r] = last
			}
			s[i] = ascii[r]
		default:
			if others == nil {
				others = make(map[rune]int32)
			}
			if others[r] == 0 {
				last++
				others[r] = last
			}
			s[i] = others[r]
		}
	}
	for i, r := range t {
		if r < 128 {
			t[i] = ascii[r]
		} else {
			t[i] = others[r]
		}
	}
	e.match = slices.Grow(e.match[:0], int(last)+1)[:last+1]
	clear(e.match)
}

// block carries up to 64 rows along b. Bit i of rise and fall says that row i
// is one more, or one less, than the row above it in the same column.
func (e *edge) block(rows, columns []int32) {
	for i, c := range rows {
		e.match[c] |= 1 << i
	}
	rise, fall := ^uint64(0), uint64(0)
	last, lower := (len(rows)-1)&63, e.down[:len(columns)]
	for j, c := range columns {
		above := lower[j]
		up, down := uint64(above+1)>>1, uint64(uint8(above)>>7) //nolint:gosec // 1 for 1, and 1 for -1.
		same := e.match[c]
		vertical := same | fall
		same |= down
		diagonal := ((same & rise) + rise ^ rise) | same
		right, left := fall|^(diagonal|rise), rise&diagonal
		lower[j] = int8(right>>last&1) - int8(left>>last&1)
		right, left = right<<1|up, left<<1|down
		rise, fall = left|^(vertical|right), right&vertical
	}
	for _, c := range rows {
		e.match[c] = 0
	}
}
