package metric

import (
	"iter"
	"math/bits"
	"slices"
)

// Few holds a number for each counter, as Counts does, for where most are zero:
// a session's row has 5 to 15 of them, nearly all of them one, and takes a tenth
// of the memory. A copy shares what it points to; Copy makes one that does not.
type Few struct {
	ones uint64  // a bit for each counter that is one
	more uint64  // a bit for each that is neither that nor zero
	n    []int64 // those, in the counters' order; nil if there are none
}

const _ = uint(64 - NumCounters) // a counter has a bit

// At is a counter's number.
func (f *Few) At(c Counter) int64 {
	if f.more>>c&1 != 0 {
		return f.n[f.place(c)]
	}
	return int64(f.ones >> c & 1)
}

func (f *Few) place(c Counter) int { return bits.OnesCount64(f.more & (1<<c - 1)) }

// Add adds to a counter.
func (f *Few) Add(c Counter, n int64) {
	was := f.At(c)
	switch now := was + n; {
	case now == was:
	case now == 0 || now == 1:
		f.drop(c)
		f.ones = f.ones&^(1<<c) | uint64(now)<<c
	case f.more>>c&1 != 0:
		f.n[f.place(c)] = now
	default:
		if len(f.n) == cap(f.n) {
			f.n = append(make([]int64, 0, len(f.n)+2), f.n...)
		}
		f.n = slices.Insert(f.n, f.place(c), now)
		f.ones, f.more = f.ones&^(1<<c), f.more|1<<c
	}
}

// drop takes out of n what is one or zero from now on.
func (f *Few) drop(c Counter) {
	if f.more>>c&1 == 0 {
		return
	}
	at := f.place(c)
	if f.more &^= 1 << c; f.more == 0 {
		f.n = nil // equal counts are equal to whoever compares
		return
	}
	f.n = slices.Delete(f.n, at, at+1)
}

// All ranges over the counters that are not zero, in their order.
func (f *Few) All() iter.Seq2[Counter, int64] {
	return func(yield func(Counter, int64) bool) {
		at := 0
		for has := f.ones | f.more; has != 0; has &= has - 1 {
			c, n := Counter(bits.TrailingZeros64(has)), int64(1) //nolint:gosec // less than 64.
			if f.more>>c&1 != 0 {
				n = f.n[at]
				at++
			}
			if !yield(c, n) {
				return
			}
		}
	}
}

// Equal reports whether all counters are equal.
func (f *Few) Equal(other *Few) bool {
	return f.ones == other.ones && f.more == other.more && slices.Equal(f.n, other.n)
}

// Copy makes one that shares nothing with f, in memory that it takes from the
// end of room and returns with it.
func (f *Few) Copy(room []int64) (Few, []int64) {
	if f.more == 0 {
		return Few{ones: f.ones}, room
	}
	at := len(room)
	room = append(room, f.n...)
	return Few{ones: f.ones, more: f.more, n: room[at:len(room):len(room)]}, room
}

// AddFew adds other, times sign.
func (c *Counts) AddFew(other *Few, sign int64) {
	for ones := other.ones; ones != 0; ones &= ones - 1 {
		c[bits.TrailingZeros64(ones)] += sign
	}
	more := other.more
	for _, n := range other.n {
		c[bits.TrailingZeros64(more)] += sign * n
		more &= more - 1
	}
}
