package fold

import (
	"encoding/binary"

	"github.com/bits-and-blooms/bloom/v3"
)

// Known answers, from memory, whether an id was ever seen: no is certain, yes
// is nearly so and has to be looked up. It takes two bytes an id.
type Known struct {
	filters []*bloom.BloomFilter
	room    uint // of the last filter
	key     []byte
}

const (
	firstRoom   = 1 << 14
	falseChance = 0.0005
)

// Add remembers an id. That of an event is remembered by its hash.
func (k *Known) Add(r Ref) { k.add(k.bytes(r)) }

// Maybe reports whether the id may have been seen.
func (k *Known) Maybe(r Ref) bool { return k.maybe(k.bytes(r)) }

func (k *Known) addEvent(id idKey) { k.add(k.eventBytes(id)) }

func (k *Known) maybeEvent(id idKey) bool { return k.maybe(k.eventBytes(id)) }

func (k *Known) add(id []byte) {
	if k.room == 0 {
		size := uint(firstRoom)
		if n := len(k.filters); n > 0 {
			size = firstRoom << min(2*n, 12)
		}
		k.filters, k.room = append(k.filters, bloom.NewWithEstimates(size, falseChance)), size
	}
	k.room--
	k.filters[len(k.filters)-1].Add(id)
}

func (k *Known) maybe(id []byte) bool {
	for _, f := range k.filters {
		if f.Test(id) {
			return true
		}
	}
	return false
}

func (k *Known) bytes(r Ref) []byte {
	k.key = append(append(k.key[:0], byte(r.Kind)), r.ID...)
	return k.key
}

func (k *Known) eventBytes(id idKey) []byte {
	k.key = append(k.key[:0], byte(KindEvent))
	k.key = binary.LittleEndian.AppendUint64(k.key, id[0])
	k.key = binary.LittleEndian.AppendUint64(k.key, id[1])
	return k.key
}
