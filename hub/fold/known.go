package fold

import "github.com/cespare/xxhash/v2"

// Known answers, from memory, whether an id was ever seen: no is certain, yes
// is nearly so (64 bits of hash) and has to be looked up. An id takes about 16
// bytes.
type Known struct {
	ids map[uint64]struct{}
	key []byte
}

// Add remembers an id. That of an event is remembered by its own hash.
func (k *Known) Add(r Ref) { k.add(k.hash(r)) }

// Maybe reports whether the id may have been seen.
func (k *Known) Maybe(r Ref) bool { return k.maybe(k.hash(r)) }

func (k *Known) addEvent(id idKey) { k.add(id[0]) }

func (k *Known) maybeEvent(id idKey) bool { return k.maybe(id[0]) }

func (k *Known) add(id uint64) {
	if k.ids == nil {
		k.ids = make(map[uint64]struct{})
	}
	k.ids[id] = struct{}{}
}

func (k *Known) maybe(id uint64) bool {
	_, ok := k.ids[id]
	return ok
}

// hash tells the kinds of entities apart; events have the hash of ids.key.
func (k *Known) hash(r Ref) uint64 {
	k.key = append(append(k.key[:0], byte(r.Kind)), r.ID...)
	return xxhash.Sum64(k.key)
}
