package fold

import (
	"slices"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/floorlight/floorlight/hub/event"
)

// How long, in event time, and how many event ids are kept at hand; older ones
// are looked up.
const (
	recentSpan = time.Hour
	recentMost = 4_000_000
)

// idKey is the hash of an event's source and id.
type idKey [2]uint64

// recentIDs are the ids of the events of the last hour. They stand once, in the
// queue, which is in pieces: one slice would be copied again and again as it grows.
// The index is an open table of places in it, four bytes each and at most
// half full, so that an id costs half of what it does in a map. Known tells nearly
// every event that it is new, so an id is put into the table when next one is
// looked for, and where no event comes twice there is no table.
type recentIDs struct {
	queue   [][]recentID // in the order in which they came; each but the last is full
	head    int
	end     int      // behind the last one's place
	slots   []uint32 // 1 + place in the queue, 0 for none; a power of two of them
	indexed int      // those before this place stand in the table
	buf     []byte

	// The key that was asked for last: Missing is asked before Apply.
	source, id string
	last       idKey
}

type recentID struct {
	key    idKey
	micros int64
	seq    uint64
}

func (r *recentIDs) key(source, id string) idKey {
	if r.id == id && r.source == source && id != "" {
		return r.last
	}
	r.buf = appendEventKey(r.buf[:0], source, id)
	a := xxhash.Sum64(r.buf)
	r.buf = append(r.buf, 0xff)
	r.source, r.id, r.last = source, id, idKey{a, xxhash.Sum64(r.buf)}
	return r.last
}

// appendEventKey appends what tells an event from every other of its tenant.
func appendEventKey(b []byte, source, id string) []byte {
	return append(append(append(b, source...), 0), id...)
}

// EventHash is what a state knows an older event by. Storage keeps it: it may not change.
func EventHash(source, id string) uint64 {
	var room [256]byte
	return xxhash.Sum64(appendEventKey(room[:0], source, id))
}

// seen is the time in microseconds of the event with that key.
func (r *recentIDs) seen(k idKey) (micros int64, ok bool) {
	r.index()
	for at := r.slot(k); r.slots[at] != 0; at = r.after(at) {
		if q := r.at(int(r.slots[at] - 1)); q.key == k {
			return q.micros, true
		}
	}
	return 0, false
}

func (r *recentIDs) slot(k idKey) int   { return int(scatter(k[0]) & uint64(len(r.slots)-1)) } //nolint:gosec // less than the slots.
func (r *recentIDs) after(slot int) int { return (slot + 1) & (len(r.slots) - 1) }

// piece is how many ids stand in one piece of the queue.
const piece = 4096

func (r *recentIDs) at(place int) *recentID { return &r.queue[place/piece][place%piece] }

func (r *recentIDs) add(k idKey, micros int64, seq uint64) {
	if r.end == piece*len(r.queue) {
		r.queue = append(r.queue, nil)
	}
	last := &r.queue[len(r.queue)-1]
	if n := len(*last); n == cap(*last) { // a desk's first is small
		most := piece
		if len(r.queue) == 1 {
			most = min(max(2*n, 16), piece)
		}
		*last = append(make([]recentID, 0, most), *last...)
	}
	*last = append(*last, recentID{k, micros, seq})
	r.end++
}

func (r *recentIDs) put(place int) {
	at := r.slot(r.at(place).key)
	for r.slots[at] != 0 {
		at = r.after(at)
	}
	r.slots[at] = uint32(place) + 1 //nolint:gosec // recentMost is far below.
}

// index puts those into the table that are not there yet.
func (r *recentIDs) index() {
	if most := 2 * (r.end - r.head); most > len(r.slots) || len(r.slots) == 0 {
		slots := max(len(r.slots), 64)
		for slots < most {
			slots *= 2
		}
		r.slots, r.indexed = make([]uint32, slots), r.head
	}
	for ; r.indexed < r.end; r.indexed++ {
		r.put(r.indexed)
	}
}

// remove lets go of the oldest id. What stood behind it in the table closes up, so
// that no search ends at the gap.
func (r *recentIDs) remove() {
	if r.head == r.indexed {
		r.head++
		r.indexed++
		return
	}
	gap := r.slot(r.at(r.head).key)
	for r.slots[gap] != uint32(r.head)+1 { //nolint:gosec // recentMost is far below.
		gap = r.after(gap)
	}
	for at := r.after(gap); r.slots[at] != 0; at = r.after(at) {
		home := r.slot(r.at(int(r.slots[at] - 1)).key)
		if (at-home)&(len(r.slots)-1) >= (at-gap)&(len(r.slots)-1) {
			r.slots[gap], gap = r.slots[at], at
		}
	}
	r.slots[gap] = 0
	r.head++
}

// prune lets go of ids that are old or too many, of committed events alone: the
// others cannot be looked up yet.
func (r *recentIDs) prune(latestMillis int64, committed uint64) {
	horizon := latestMillis*1000 - recentSpan.Microseconds()
	for r.head < r.end {
		q := r.at(r.head)
		if q.seq > committed || q.micros >= horizon && r.end-r.head <= recentMost {
			break
		}
		r.remove()
	}
	if r.head >= piece && 2*r.head > r.end {
		gone := r.head / piece
		r.queue = slices.Delete(r.queue, 0, gone)
		r.head, r.end = r.head-piece*gone, r.end-piece*gone
		r.indexed = r.head
		if 8*(r.end-r.head) < len(r.slots) {
			r.slots = nil
		}
		clear(r.slots)
	}
}

// eventRef names an event by source and id.
func eventRef(source, id string) Ref { return Ref{Kind: KindEvent, ID: source + "\x00" + id} }

// duplicate decides about an event whose id was seen before.
func duplicate(e *event.Event, micros int64, c *Change) {
	if e.Time.UnixMicro() == micros {
		c.Duplicate = true
		return
	}
	c.Refused = &event.Refusal{Reason: event.IDReused, Field: "id", Detail: "the same id stands in the stream with another time"}
}
