package table

import (
	"hash/maphash"
	"iter"
)

// Entry is a pointer to what knows its own id. The id does not change.
type Entry interface {
	comparable
	Key() string
}

// Table holds entries by their ids. The zero table is empty.
type Table[T Entry] struct {
	hashes  []uint32 // 0 for an empty slot
	entries []T      // side by side with the hashes
	n       int
	last    T // found last: whoever works on one thing asks for it several times
}

const (
	fewest  = 8    // slots
	doubled = 1024 // so many slots are doubled, more grow by a quarter
)

// Grown is to how many slots a full table of so many grows. A large one that doubled
// would stand empty by half on average, which costs more than to move its slots
// three times as often.
func Grown(slots int) int {
	if slots < doubled {
		return max(fewest, 2*slots)
	}
	return slots + slots/4
}

var seed = maphash.MakeSeed()

// hash is never 0. Its lowest bit says that a slot is taken.
func hash(id string) uint32 { return uint32(maphash.String(seed, id)) | 1 } //nolint:gosec // its lower half.

// Len is how many entries there are.
func (t *Table[T]) Len() int { return t.n }

// Get finds an entry.
func (t *Table[T]) Get(id string) (one T, ok bool) {
	if t.n == 0 {
		return one, false
	}
	if t.last != one && t.last.Key() == id {
		return t.last, true
	}
	h := hash(id)
	for at := t.home(h); t.hashes[at] != 0; at = t.after(at) {
		if t.hashes[at] == h && t.entries[at].Key() == id {
			t.last = t.entries[at]
			return t.last, true
		}
	}
	return one, false
}

// Put adds an entry, or puts it in the place of the one with its id.
func (t *Table[T]) Put(one T) {
	if 4*(t.n+1) > 3*len(t.hashes) {
		t.resize(Grown(len(t.hashes)))
	}
	id := one.Key()
	t.last = one
	h := hash(id)
	at := t.home(h)
	for t.hashes[at] != 0 {
		if t.hashes[at] == h && t.entries[at].Key() == id {
			t.entries[at] = one
			return
		}
		at = t.after(at)
	}
	t.hashes[at], t.entries[at] = h, one
	t.n++
}

// All ranges over the entries in no order. What is put meanwhile may be missed.
func (t *Table[T]) All() iter.Seq[T] {
	return func(yield func(T) bool) {
		entries := t.entries
		for at, h := range t.hashes {
			if h != 0 && !yield(entries[at]) {
				return
			}
		}
	}
}

// DeleteFunc lets go of the entries of which gone says so, and says how many.
func (t *Table[T]) DeleteFunc(gone func(T) bool) int {
	var none T
	before := t.n
	t.last = none
	for at, h := range t.hashes {
		if h != 0 && gone(t.entries[at]) {
			t.hashes[at], t.entries[at] = 0, none
			t.n--
		}
	}
	if t.n < before { // no search may end at a gap
		slots := fewest
		for 3*slots < 4*t.n {
			slots = Grown(slots)
		}
		t.resize(slots)
	}
	return before - t.n
}

// home is the slot at which the search for a hash begins: as far into the slots as the
// hash is among all.
func (t *Table[T]) home(h uint32) int { return int(uint64(h) * uint64(len(t.hashes)) >> 32) }

func (t *Table[T]) after(at int) int {
	if at++; at == len(t.hashes) {
		return 0
	}
	return at
}

func (t *Table[T]) resize(slots int) {
	hashes, entries := t.hashes, t.entries
	t.hashes, t.entries = make([]uint32, slots), make([]T, slots)
	for was, h := range hashes {
		if h == 0 {
			continue
		}
		at := t.home(h)
		for t.hashes[at] != 0 {
			at = t.after(at)
		}
		t.hashes[at], t.entries[at] = h, entries[was]
	}
}
