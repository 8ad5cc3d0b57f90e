package load

import (
	"context"
	"time"
)

// schedule says when the n-th thing of a run is due, at a constant rate. It
// depends on nothing that happens.
type schedule struct {
	start time.Time
	end   time.Time
	late  time.Time // when is given up what was due and could not be handed over
	rate  float64   // a second; 0: nothing is ever due
}

// due is the moment of the n-th thing, and whether it is before the end.
func (s *schedule) due(n int) (time.Time, bool) {
	if s.rate <= 0 {
		return s.end, false
	}
	at := s.start.Add(time.Duration(float64(n) / s.rate * float64(time.Second)))
	return at, at.Before(s.end)
}

// gather is how long is waited at least, so that a rate of thousands does not
// wake the machine for each.
const gather = 2 * time.Millisecond

// each calls do for each thing in its order, as soon as it is due, until the end
// or that of ctx, or until it is too late for the rest. A do that takes long makes
// those after it late, and their due moments stay. It returns how many there were.
func (s *schedule) each(ctx context.Context, do func(n int, due time.Time)) int {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for n := 0; ; n++ {
		due, before := s.due(n)
		if !before || ctx.Err() != nil || !s.late.IsZero() && time.Now().After(s.late) {
			return n
		}
		if ahead := time.Until(due); ahead > 0 {
			timer.Reset(max(ahead, gather))
			select {
			case <-ctx.Done():
				return n
			case <-timer.C:
			}
		}
		do(n, due)
	}
}

// until waits for a moment and reports whether ctx lived so long.
func until(ctx context.Context, at time.Time) bool { return pause(ctx, time.Until(at)) }

// pause waits and reports whether ctx lived so long.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// all is how many things are due before the end.
func (s *schedule) all() int {
	if s.rate <= 0 || !s.start.Before(s.end) {
		return 0
	}
	n := int(s.end.Sub(s.start).Seconds() * s.rate)
	for _, before := s.due(n); before; _, before = s.due(n) {
		n++
	}
	return n
}
