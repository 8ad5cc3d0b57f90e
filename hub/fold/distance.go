package fold

// distance is the Levenshtein distance of two texts, in code points. Myers'
// bit-parallel recurrence works on 64 rows of the table at once (G. Myers 1999,
// in Hyyrö's form of 2003), so that two texts of 32 KiB, the longest that an
// event can hold, take 50 ms and not the table's 1.8 s: BenchmarkDistance.
//
// The table's rows are a's characters. A block of rows is carried along the
// whole of b before the next begins, and hands down only the differences along
// its lower edge: memory is that of the texts.
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
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
	e := edge{down: make([]int8, len(t))}
	for i := range e.down {
		e.down[i] = 1
	}
	e.number(s, t)
	for from := 0; from < len(s); from += 64 {
		e.block(e.rows[from:min(from+64, len(s))])
	}
	total := len(s)
	for _, d := range e.down {
		total += int(d)
	}
	return total
}

// edge is the lower edge of the blocks so far.
type edge struct {
	down    []int8   // difference to the column before, -1 to 1
	rows    []int32  // a's characters, numbered from 1
	columns []int32  // b's; 0 is one that a does not have
	match   []uint64 // by character, the rows of the block that have it
}

// number gives each character of a a small number, so that match is an array.
func (e *edge) number(s, t []rune) {
	e.rows, e.columns = make([]int32, len(s)), make([]int32, len(t))
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
			e.rows[i] = ascii[r]
		default:
			if others == nil {
				others = make(map[rune]int32)
			}
			if others[r] == 0 {
				last++
				others[r] = last
			}
			e.rows[i] = others[r]
		}
	}
	for i, r := range t {
		if r < 128 {
			e.columns[i] = ascii[r]
		} else {
			e.columns[i] = others[r]
		}
	}
	e.match = make([]uint64, last+1)
}

// block carries up to 64 rows along b. Bit i of rise and fall says that row i
// is one more, or one less, than the row above it in the same column.
func (e *edge) block(rows []int32) {
	for i, c := range rows {
		e.match[c] |= 1 << i
	}
	rise, fall := ^uint64(0), uint64(0)
	last, lower := (len(rows)-1)&63, e.down[:len(e.columns)]
	for j, c := range e.columns {
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
