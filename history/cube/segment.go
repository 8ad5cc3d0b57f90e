package cube

import (
	"fmt"
	"time"

	"github.com/floorlight/floorlight/hub/metric"
)

// month is a calendar month, counted from January 1970.
type month int32

func monthOf(d metric.Day) month {
	t := d.Time()
	return month((t.Year()-1970)*12 + int(t.Month()) - 1) //nolint:gosec // years 0 to 9999.
}

func (m month) first() metric.Day {
	return metric.DayOf(1970, time.Month(int(m)+1), 1)
}

// segment is a month of a desk's rows, those of sessions and those of agents
// apart. It is never written once it is published.
type segment struct {
	month    month
	sessions []*chunk
	agents   []*chunk
	bytes    int64
}

// place is where a row stands in its segment.
type place uint64

func newPlace(perAgent bool, chunk, row int) place {
	p := place(chunk)<<13 | place(row)<<1 //nolint:gosec // positions in slices.
	if perAgent {
		p |= 1
	}
	return p
}

func (p place) perAgent() bool { return p&1 != 0 }
func (p place) row() int       { return int(p>>1) & (chunkRows - 1) }
func (p place) chunk() int     { return int(p >> 13) }

// edit is a change of a segment that has not been published. Chunks are copied
// when they are first touched.
type edit struct {
	month  month
	first  metric.Day
	places map[uint64]place
	lists  [2][]*chunk // sessions, agents
	own    [2]map[int]bool
}

// newEdit continues a segment, or begins one if old is nil. places is the
// segment's, and is written: nobody but the editor looks at it.
func newEdit(m month, old *segment, places map[uint64]place) *edit {
	e := &edit{month: m, first: m.first(), places: places, own: [2]map[int]bool{{}, {}}}
	if old != nil {
		e.lists = [2][]*chunk{append([]*chunk(nil), old.sessions...), append([]*chunk(nil), old.agents...)}
	}
	return e
}

func side(perAgent bool) int {
	if perAgent {
		return 1
	}
	return 0
}

// writable is a chunk that may be written.
func (e *edit) writable(which, i int) *chunk {
	if !e.own[which][i] {
		e.lists[which][i] = e.lists[which][i].clone()
		e.own[which][i] = true
	}
	return e.lists[which][i]
}

// put adds a row or replaces it.
func (e *edit) put(r *row) error {
	day := r.day - e.first
	if day < 0 || day > 30 {
		return fmt.Errorf("a row of %s among those of the month from %s", r.day, e.first)
	}
	if at, ok := e.places[r.key]; ok {
		if at.perAgent() == r.perAgent {
			e.writable(side(r.perAgent), at.chunk()).put(at.row(), r, uint8(day))
			return nil
		}
		e.remove(r.key)
	}
	which := side(r.perAgent)
	list := e.lists[which]
	if len(list) == 0 || list[len(list)-1].rows() == chunkRows {
		if n := len(list) - 1; n >= 0 && e.own[which][n] {
			list[n] = list[n].clone() // it is full: its spare room goes
		}
		e.lists[which] = append(list, &chunk{})
		e.own[which][len(list)] = true
	}
	last := len(e.lists[which]) - 1
	c := e.writable(which, last)
	e.places[r.key] = newPlace(r.perAgent, last, c.rows())
	c.put(c.rows(), r, uint8(day))
	return nil
}

// remove takes a row out, if it is there.
func (e *edit) remove(key uint64) {
	at, ok := e.places[key]
	if !ok {
		return
	}
	delete(e.places, key)
	e.writable(side(at.perAgent()), at.chunk()).gone(at.row())
}

// publish ends the edit. The places' memory counts with the segment.
func (e *edit) publish() *segment {
	const perPlace = 24
	s := &segment{month: e.month, sessions: e.lists[0], agents: e.lists[1], bytes: 512 + perPlace*int64(len(e.places))}
	for _, list := range e.lists {
		for _, c := range list {
			s.bytes += c.bytes()
		}
	}
	return s
}
