package cube

import "math/bits"

// set keeps which of up to eight marks each of many keys has. Keys are never 0.
type set struct {
	keys  []uint64
	marks []uint8
	n     int
}

func newSet() *set { return &set{keys: make([]uint64, 1<<10), marks: make([]uint8, 1<<10)} }

// add puts marks on a key, and gives those that it did not have.
func (s *set) add(key uint64, marks uint8) uint8 {
	mask := uint64(len(s.keys) - 1) //nolint:gosec // a length.
	i := mix(key) & mask
	for s.keys[i] != 0 {
		if s.keys[i] == key {
			fresh := marks &^ s.marks[i]
			s.marks[i] |= marks
			return fresh
		}
		i = (i + 1) & mask
	}
	s.keys[i], s.marks[i] = key, marks
	s.n++
	if s.n*2 > len(s.keys) {
		s.grow()
	}
	return marks
}

func (s *set) grow() {
	old := *s
	s.keys, s.marks = make([]uint64, 4*len(old.keys)), make([]uint8, 4*len(old.keys))
	mask := uint64(len(s.keys) - 1) //nolint:gosec // a length.
	for j, key := range old.keys {
		if key == 0 {
			continue
		}
		i := mix(key) & mask
		for s.keys[i] != 0 {
			i = (i + 1) & mask
		}
		s.keys[i], s.marks[i] = key, old.marks[j]
	}
}

// mix spreads a key over all bits.
func mix(key uint64) uint64 {
	high, low := bits.Mul64(key, 0x9e3779b97f4a7c15)
	return high ^ low
}
