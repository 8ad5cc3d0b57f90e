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

// idKey is the hash of an event's source and id: Known is asked by the first half,
// and those at hand are found by the second.
type idKey [2]uint64

// recentIDs are the ids of the events of the last hour. They stand once, in the
// queue, which is in pieces: one slice would be copied again and again as it grows,
// and a piece is let go of as a whole.
// The index is an open table of places in the queue, four bytes each and at most
// half full, so that an id costs half of what it does in a map. Known tells nearly
// every event that it is new, so an id is put into the table when next one is
// looked for, and where no event comes twice there is no table.
type recentIDs struct {
	queue   []idPiece // in the order in which they came; each but the last is full
	gone    int       // the first pieces, which were let go of
	end     int       // behind the last one's place
	slots   []uint32  // 1 + place in the queue, 0 for none; a power of two of them
	indexed int       // those before this place stand in the table
	buf     []byte

	// The key that was asked for last: Missing is asked before Apply.
	source, id string
	last       idKey
}

type recentID struct {
	hash   uint64 // the second half of its key
	micros int64
}

// idPiece holds ids that came one after the other.
type idPiece struct {
	ids    []recentID
	micros int64  // the latest of theirs
	seq    uint64 // the latest of theirs
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
	for at := r.slot(k[1]); r.slots[at] != 0; at = r.after(at) {
		if q := r.at(int(r.slots[at] - 1)); q != nil && q.hash == k[1] {
			return q.micros, true
		}
	}
	return 0, false
}

func (r *recentIDs) slot(hash uint64) int { return int(scatter(hash) & uint64(len(r.slots)-1)) } //nolint:gosec // less than the slots.
func (r *recentIDs) after(slot int) int   { return (slot + 1) & (len(r.slots) - 1) }

// piece is how many ids stand in one piece of the queue.
const piece = 4096

// at is the id at a place, nil if it was let go of.
func (r *recentIDs) at(place int) *recentID {
	if place < piece*r.gone {
		return nil
	}
	return &r.queue[place/piece].ids[place%piece]
}

func (r *recentIDs) add(k idKey, micros int64, seq uint64) {
	if r.end == piece*len(r.queue) {
		r.queue = append(r.queue, idPiece{})
	}
	last := &r.queue[len(r.queue)-1]
	if n := len(last.ids); n == cap(last.ids) { // a desk's first is small
		most := piece
		if len(r.queue) == 1 {
			most = min(max(2*n, 16), piece)
		}
		last.ids = append(make([]recentID, 0, most), last.ids...)
	}
	last.ids = append(last.ids, recentID{k[1], micros})
	last.micros, last.seq = max(last.micros, micros), max(last.seq, seq)
	r.end++
}

// index puts those into the table that are not there yet. It holds those that were
// let go of, too, until it is made anew.
func (r *recentIDs) index() {
	if most := 2 * r.end; most > len(r.slots) || len(r.slots) == 0 {
		slots := 64
		for slots < most {
			slots *= 2
		}
		r.slots, r.indexed = make([]uint32, slots), 0
	}
	for r.indexed = max(r.indexed, piece*r.gone); r.indexed < r.end; r.indexed++ {
		at := r.slot(r.at(r.indexed).hash)
		for r.slots[at] != 0 {
			at = r.after(at)
		}
		r.slots[at] = uint32(r.indexed) + 1 //nolint:gosec // recentMost is far below.
	}
}

// prune lets go of full pieces whose ids are all old or too many, of committed
// events alone: the others cannot be looked up yet.
func (r *recentIDs) prune(latestMillis int64, committed uint64) {
	horizon := latestMillis*1000 - recentSpan.Microseconds()
	for (r.gone+1)*piece <= r.end {
		p := &r.queue[r.gone]
		if p.seq > committed || p.micros >= horizon && r.end-piece*r.gone <= recentMost {
			break
		}
		p.ids = nil
		r.gone++
	}
	if 2*r.gone > len(r.queue) { // the others move up, and are put into a table again when one is looked for
		r.queue = slices.Delete(r.queue, 0, r.gone)
		r.end -= piece * r.gone
		r.gone, r.slots = 0, nil
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
