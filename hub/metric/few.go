package metric

import (
	"iter"
	"math/bits"
	"slices"
	"unsafe"
)

// Few holds a number for each counter, as Counts does, for where most are zero:
// a session's row has 5 to 15 of them, nearly all of them one, and takes a tenth
// of the memory. A copy shares what it points to; Copy makes one that does not.
type Few struct {
	ones uint64 // a bit for each counter that is one
	more uint64 // a bit for each that is neither that nor zero
	// The first of those, in the counters' order; nil if there are none. They are as
	// many as more has bits, in room for an even number of them, so that a slice's
	// length and capacity would say nothing new: they were a quarter of a row.
	n *int64
}

const _ = uint(64 - NumCounters) // a counter has a bit

// numbers are those that are neither one nor zero.
func (f *Few) numbers() []int64 { return f.first(bits.OnesCount64(f.more)) }

func (f *Few) first(n int) []int64 {
	return unsafe.Slice(f.n, n) //nolint:gosec // n is at most the room, as Few says; nil is none.
}

// At is a counter's number.
func (f *Few) At(c Counter) int64 {
	if f.more>>c&1 != 0 {
		return f.numbers()[f.place(c)]
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
		f.numbers()[f.place(c)] = now
	default:
		f.insert(c, now)
	}
}

// insert puts what is neither one nor zero from now on among the numbers.
func (f *Few) insert(c Counter, now int64) {
	had, at := f.numbers(), f.place(c)
	var has []int64
	if len(had)%2 == 0 {
		has = make([]int64, len(had)+2)
		copy(has, had[:at])
		f.n = &has[0]
	} else {
		has = f.first(len(had) + 1)
	}
	copy(has[at+1:], had[at:])
	has[at] = now
	f.ones, f.more = f.ones&^(1<<c), f.more|1<<c
}

// drop takes out of the numbers what is one or zero from now on.
func (f *Few) drop(c Counter) {
	if f.more>>c&1 == 0 {
		return
	}
	has, at := f.numbers(), f.place(c)
	copy(has[at:], has[at+1:])
	if f.more &^= 1 << c; f.more == 0 {
		f.n = nil // equal counts are equal to whoever compares
	}
}

// All ranges over the counters that are not zero, in their order.
func (f *Few) All() iter.Seq2[Counter, int64] {
	return func(yield func(Counter, int64) bool) {
		at, numbers := 0, f.numbers()
		for has := f.ones | f.more; has != 0; has &= has - 1 {
			c, n := Counter(bits.TrailingZeros64(has)), int64(1) //nolint:gosec // less than 64.
			if f.more>>c&1 != 0 {
				n = numbers[at]
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
	return f.ones == other.ones && f.more == other.more && slices.Equal(f.numbers(), other.numbers())
}

// Copy makes one that shares nothing with f, in memory that it takes from the
// end of room and returns with it.
func (f *Few) Copy(room []int64) (Few, []int64) {
	if f.more == 0 {
		return Few{ones: f.ones}, room
	}
	at := len(room)
	room = append(room, f.numbers()...)
	if len(room)%2 != at%2 {
		room = append(room, 0)
	}
	return Few{ones: f.ones, more: f.more, n: &room[at]}, room
}

// AddFew adds other, times sign.
func (c *Counts) AddFew(other *Few, sign int64) {
	for ones := other.ones; ones != 0; ones &= ones - 1 {
		c[bits.TrailingZeros64(ones)] += sign
	}
	more := other.more
	for _, n := range other.numbers() {
		c[bits.TrailingZeros64(more)] += sign * n
		more &= more - 1
	}
}
