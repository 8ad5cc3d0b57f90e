package fold

import (
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

// recentIDs are the ids of the events of the last hour.
type recentIDs struct {
	seen  map[idKey]int64 // time in microseconds
	queue []recentID      // in the order in which they came
	head  int
	buf   []byte
}

type recentID struct {
	key    idKey
	micros int64
	seq    uint64
}

func (r *recentIDs) key(source, id string) idKey {
	r.buf = append(append(append(r.buf[:0], source...), 0), id...)
	a := xxhash.Sum64(r.buf)
	r.buf = append(r.buf, 0xff)
	return idKey{a, xxhash.Sum64(r.buf)}
}

func (r *recentIDs) add(k idKey, micros int64, seq uint64) {
	r.seen[k] = micros
	r.queue = append(r.queue, recentID{k, micros, seq})
}

// prune lets go of ids that are old or too many, of committed events alone: the
// others cannot be looked up yet.
func (r *recentIDs) prune(latestMillis int64, committed uint64) {
	horizon := latestMillis*1000 - recentSpan.Microseconds()
	for r.head < len(r.queue) {
		q := &r.queue[r.head]
		if q.seq > committed || q.micros >= horizon && len(r.seen) <= recentMost {
			break
		}
		delete(r.seen, q.key)
		r.head++
	}
	if r.head > 4096 && 2*r.head > len(r.queue) {
		r.queue = append(r.queue[:0], r.queue[r.head:]...)
		r.head = 0
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
