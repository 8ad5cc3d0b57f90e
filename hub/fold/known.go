package fold

import (
	"math/bits"
	"math/rand/v2"

	"github.com/cespare/xxhash/v2"

	"github.com/floorlight/floorlight/hub/table"
)

// Known answers, from memory, whether an id was ever seen that is not resident: no
// is certain, yes is nearly so (64 bits of hash) and has to be looked up. An id takes
// about 14 bytes, which what is resident spares: it is added when it is let go of.
type Known struct {
	parts []hashes // one; many once there are many ids, by the hash's upper bits
	n     int
	key   []byte
}

// Add remembers an id. That of an event is remembered by its own hash.
func (k *Known) Add(r Ref) { k.add(k.hash(r)) }

// Maybe reports whether the id may have been seen.
func (k *Known) Maybe(r Ref) bool { return k.maybe(k.hash(r)) }

func (k *Known) addEvent(id idKey) { k.add(id[0]) }

func (k *Known) maybeEvent(id idKey) bool { return k.maybe(id[0]) }

// A table is made anew when it is full. Were there one for a hundred million ids,
// its desk would stand still for seconds.
const (
	partsFrom = 1 << 16
	partBits  = 8
)

func (k *Known) add(id uint64) {
	if len(k.parts) <= 1 && k.n >= partsFrom {
		whole := k.parts[0]
		k.parts = make([]hashes, 1<<partBits)
		for _, id := range whole.slots {
			if id != 0 {
				k.part(id).add(id)
			}
		}
	}
	if k.parts == nil {
		k.parts = make([]hashes, 1)
	}
	if k.part(id).add(max(id, 1)) {
		k.n++
	}
}

func (k *Known) maybe(id uint64) bool { return k.parts != nil && k.part(id).has(max(id, 1)) }

func (k *Known) part(id uint64) *hashes {
	if len(k.parts) == 1 {
		return &k.parts[0]
	}
	return &k.parts[id>>(64-partBits)]
}

// hash tells the kinds of entities apart; events have the hash of ids.key.
func (k *Known) hash(r Ref) uint64 {
	k.key = append(append(k.key[:0], byte(r.Kind)), r.ID...)
	return xxhash.Sum64(k.key)
}

// hashes is a set of hashes other than 0, an open table at most three quarters
// full. A map takes twice the memory.
type hashes struct {
	slots []uint64 // 0 for none
	n     int
}

func (h *hashes) has(id uint64) bool {
	if h.n == 0 {
		return false
	}
	return h.slots[h.find(id)] == id
}

// scattering is odd, and another one in each process: who chooses the ids cannot
// have them fall into the same slots.
var scattering = rand.Uint64() | 1 //nolint:gosec // no secret, and no number follows from it.

func scatter(hash uint64) uint64 {
	hash *= scattering
	return hash ^ hash>>32
}

// find is the slot that holds id, or would.
func (h *hashes) find(id uint64) int {
	home, _ := bits.Mul64(scatter(id), uint64(len(h.slots)))
	at := int(home) //nolint:gosec // less than the slots.
	for h.slots[at] != 0 && h.slots[at] != id {
		if at++; at == len(h.slots) {
			at = 0
		}
	}
	return at
}

// add reports whether id was not there.
func (h *hashes) add(id uint64) bool {
	if 4*(h.n+1) > 3*len(h.slots) {
		before := h.slots
		h.slots = make([]uint64, table.Grown(len(before)))
		for _, id := range before {
			if id != 0 {
				h.slots[h.find(id)] = id
			}
		}
	}
	at := h.find(id)
	if h.slots[at] == id {
		return false
	}
	h.slots[at] = id
	h.n++
	return true
}
