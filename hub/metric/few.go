package metric

import (
	"iter"
	"math/bits"
	"slices"
)

// Few holds a number for each counter, as Counts does, for where most are zero:
// a session's row has 5 to 15 of them, and takes a fifth of the memory. A copy
// shares what it points to; Copy makes one that does not.
type Few struct {
	has uint64  // a bit for each counter that is not zero
	n   []int64 // those, in the counters' order; nil if there are none
}

const _ = uint(64 - NumCounters) // a counter has a bit

// At is a counter's number.
func (f *Few) At(c Counter) int64 {
	if f.has>>c&1 == 0 {
		return 0
	}
	return f.n[f.place(c)]
}

func (f *Few) place(c Counter) int { return bits.OnesCount64(f.has & (1<<c - 1)) }

// Add adds to a counter.
func (f *Few) Add(c Counter, n int64) {
	if n == 0 {
		return
	}
	at := f.place(c)
	if f.has>>c&1 == 0 {
		if len(f.n) == cap(f.n) {
			f.n = append(make([]int64, 0, len(f.n)+2), f.n...)
		}
		f.n, f.has = slices.Insert(f.n, at, n), f.has|1<<c
		return
	}
	if f.n[at] += n; f.n[at] != 0 {
		return
	}
	if f.has &^= 1 << c; f.has == 0 {
		f.n = nil // equal counts are equal to whoever compares
		return
	}
	f.n = slices.Delete(f.n, at, at+1)
}

// All ranges over the counters that are not zero, in their order.
func (f *Few) All() iter.Seq2[Counter, int64] {
	return func(yield func(Counter, int64) bool) {
		has := f.has
		for _, n := range f.n {
			if !yield(Counter(bits.TrailingZeros64(has)), n) { //nolint:gosec // less than 64.
				return
			}
			has &= has - 1
		}
	}
}

// Equal reports whether all counters are equal.
func (f *Few) Equal(other *Few) bool { return f.has == other.has && slices.Equal(f.n, other.n) }

// Copy makes one that shares nothing with f, in memory that it takes from the
// end of room and returns with it.
func (f *Few) Copy(room []int64) (Few, []int64) {
	if f.has == 0 {
		return Few{}, room
	}
	at := len(room)
	room = append(room, f.n...)
	return Few{has: f.has, n: room[at:len(room):len(room)]}, room
}

// AddFew adds other, times sign.
func (c *Counts) AddFew(other *Few, sign int64) {
	has := other.has
	for _, n := range other.n {
		c[bits.TrailingZeros64(has)] += sign * n
		has &= has - 1
	}
}
