package load

import (
	"slices"
	"sync"
	"time"
)

// ledger joins what one tenant's clients have seen with what was published. A
// frame of sequence s covers every event up to s; which events those are is
// known once everything that was due before the frame has its sequence.
type ledger struct {
	took *latencies

	mu       sync.Mutex
	sent     []sending // in the order of their due moments
	first    int       // those before it have been answered
	marks    []mark    // events whose frames are measured, by sequence
	last     uint64    // the highest sequence that was answered
	arrivals []arrival // not joined yet
}

type sending struct {
	due      time.Time
	answered bool
}

type mark struct {
	seq uint64
	due time.Time
}

// arrival is a frame that took so many clients from one sequence to another.
type arrival struct {
	at       time.Time
	from, to uint64
}

// begin notes that an event is about to be sent. The place is for answer.
func (l *ledger) begin(due time.Time) (place int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent = append(l.sent, sending{due: due})
	return l.first + len(l.sent) - 1
}

// answer notes where the stream has the event; 0 if it has refused it. The
// latency of a marked one is measured.
func (l *ledger) answer(place int, seq uint64, marked bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := &l.sent[place-l.first]
	s.answered = true
	if seq > 0 {
		l.last = max(l.last, seq)
		if marked {
			at, _ := slices.BinarySearchFunc(l.marks, seq, func(m mark, seq uint64) int { return compare(m.seq, seq) })
			l.marks = slices.Insert(l.marks, at, mark{seq: seq, due: s.due})
		}
	}
	done := 0
	for done < len(l.sent) && l.sent[done].answered {
		done++
	}
	l.sent = l.sent[done:]
	l.first += done
}

func compare(a, b uint64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// saw notes a frame.
func (l *ledger) saw(at time.Time, from, to uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.arrivals = append(l.arrivals, arrival{at: at, from: from, to: to})
}

// join measures what can be known by now. With all, what was never answered is
// taken as never stored.
func (l *ledger) join(all bool) {
	l.mu.Lock()
	open, known := time.Time{}, len(l.sent) == 0 || all
	if !known {
		open = l.sent[0].due
	}
	var ready, later []arrival
	for _, a := range l.arrivals {
		if known || a.at.Before(open) {
			ready = append(ready, a)
		} else {
			later = append(later, a)
		}
	}
	l.arrivals = later
	var marks []mark
	if len(ready) > 0 {
		marks = slices.Clone(marksWithin(l.marks, ready))
	}
	l.mu.Unlock()
	for _, a := range ready {
		for _, m := range marksWithin(marks, []arrival{a}) {
			l.took.record(a.at.Sub(m.due))
		}
	}
}

// marksWithin are the marks that any of the frames covers, with those between them.
func marksWithin(marks []mark, frames []arrival) []mark {
	from, to := frames[0].from, frames[0].to
	for _, a := range frames[1:] {
		from, to = min(from, a.from), max(to, a.to)
	}
	begin, _ := slices.BinarySearchFunc(marks, from+1, func(m mark, seq uint64) int { return compare(m.seq, seq) })
	end, _ := slices.BinarySearchFunc(marks, to+1, func(m mark, seq uint64) int { return compare(m.seq, seq) })
	return marks[begin:max(begin, end)]
}

// highest is the last sequence of the tenant that was answered.
func (l *ledger) highest() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

// waiting is how many were not answered.
func (l *ledger) waiting() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for i := range l.sent {
		if !l.sent[i].answered {
			n++
		}
	}
	return n
}

// reached notes a sequence that the stream has given to something of the tenant
// that is not measured here.
func (l *ledger) reached(seq uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last = max(l.last, seq)
}
