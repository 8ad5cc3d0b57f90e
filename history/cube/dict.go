package cube

import (
	"encoding/binary"
	"hash/maphash"
	"slices"
	"sync"
)

// dict numbers the values of one dimension; "" is always 0. Numbers are given in
// the order of appearance and never change, so a copy of values taken earlier
// stays true.
type dict struct {
	numbers map[string]uint32
	values  []string
}

func newDict() dict {
	return dict{numbers: map[string]uint32{"": 0}, values: []string{""}}
}

func (d *dict) number(value []byte) uint32 {
	if n, ok := d.numbers[string(value)]; ok { // does not allocate
		return n
	}
	n := uint32(len(d.values)) //nolint:gosec // ids are far fewer than 2^32.
	s := string(value)
	d.numbers[s] = n
	d.values = append(d.values, s)
	return n
}

// names are a replica's dictionaries. Whoever numbers values holds mu; readers
// take a copy of the slices with known.
type names struct {
	mu                                                          sync.Mutex
	channels, teams, agents, intents, handlings, statuses, tags dict
	parts                                                       dict // values of all part dimensions
	currencies                                                  dict
	tagSets                                                     map[string]uint32 // by the numbers of the tags, 4 bytes each
	sets                                                        [][]uint32        // tags by number of the set; 0 has none
	customers                                                   map[uint64]uint32 // by keyed hash; 0 is nobody
	seed                                                        maphash.Seed
}

func newNames() *names {
	return &names{
		channels: newDict(), teams: newDict(), agents: newDict(), intents: newDict(), handlings: newDict(), statuses: newDict(),
		tags: newDict(), parts: newDict(), currencies: newDict(),
		tagSets: map[string]uint32{"": 0}, sets: [][]uint32{nil}, customers: map[uint64]uint32{}, seed: maphash.MakeSeed(),
	}
}

// tagSet numbers a set of tags given by their numbers, which it sorts.
func (n *names) tagSet(tags []uint32) uint32 {
	if len(tags) == 0 {
		return 0
	}
	slices.Sort(tags)
	tags = slices.Compact(tags)
	key := make([]byte, 0, 64)
	for _, t := range tags {
		key = binary.BigEndian.AppendUint32(key, t)
	}
	if set, ok := n.tagSets[string(key)]; ok {
		return set
	}
	set := uint32(len(n.sets)) //nolint:gosec // as numbers are.
	n.tagSets[string(key)] = set
	n.sets = append(n.sets, slices.Clone(tags))
	return set
}

// customer numbers a customer; nobody is 0.
func (n *names) customer(id []byte) uint32 {
	if len(id) == 0 {
		return 0
	}
	h := maphash.Bytes(n.seed, id)
	number, ok := n.customers[h]
	if !ok {
		number = uint32(len(n.customers)) + 1 //nolint:gosec // customers are far fewer than 2^32.
		n.customers[h] = number
	}
	return number
}

// vocabulary is what a reader sees of the dictionaries.
type vocabulary struct {
	channels, teams, agents, intents, handlings, statuses, tags, parts, currencies []string
	sets                                                                           [][]uint32
}

func (n *names) known() vocabulary {
	n.mu.Lock()
	defer n.mu.Unlock()
	return vocabulary{
		channels: n.channels.values, teams: n.teams.values, agents: n.agents.values, intents: n.intents.values,
		handlings: n.handlings.values, statuses: n.statuses.values, tags: n.tags.values, parts: n.parts.values,
		currencies: n.currencies.values, sets: n.sets,
	}
}

// bytes estimates the memory of what grows with the desk.
func (n *names) bytes() int64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	const perCustomer, perName = 24, 80
	named := len(n.channels.values) + len(n.teams.values) + len(n.agents.values) + len(n.tags.values) + len(n.parts.values) + 2*len(n.sets)
	return int64(len(n.customers))*perCustomer + int64(named)*perName
}
