package hub

import "time"

// entry is one published version.
type entry struct {
	version uint64
	at      time.Time
	body    []byte // the delta's
	sum     []byte // the checksum's that follows it, at every 1,000th version
}

func (e *entry) size() int { return len(e.body) + len(e.sum) }

// ring holds a topic's last deltas, one after the other without a gap, bounded by age and bytes.
type ring struct {
	age     time.Duration
	most    int // bytes
	entries []entry
	first   int // entries before it are gone
	bytes   int
}

func (r *ring) push(e entry) {
	if r.first > 0 && len(r.entries) == cap(r.entries) && r.first >= len(r.entries)/2 {
		n := copy(r.entries, r.entries[r.first:])
		clear(r.entries[n:])
		r.entries, r.first = r.entries[:n], 0
	}
	r.entries = append(r.entries, e)
	r.bytes += e.size()
	r.trim(e.at)
}

// trim drops what is too old at now, or too much.
func (r *ring) trim(now time.Time) {
	for r.first < len(r.entries) {
		oldest := &r.entries[r.first]
		if r.bytes <= r.most && now.Sub(oldest.at) <= r.age {
			return
		}
		r.bytes -= oldest.size()
		*oldest = entry{}
		r.first++
	}
	r.entries, r.first = r.entries[:0], 0
}

// after returns the deltas that follow version, and whether none of them is gone. The newest entry is the topic's
// version; an empty ring has none to give.
func (r *ring) after(version uint64) ([]entry, bool) {
	held := r.entries[r.first:]
	if len(held) == 0 || version+1 < held[0].version {
		return nil, false
	}
	newest := held[len(held)-1].version
	if version > newest {
		return nil, false
	}
	return held[version+1-held[0].version:], true
}
