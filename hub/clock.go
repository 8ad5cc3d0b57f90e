package hub

import (
	"container/heap"

	"github.com/floorlight/floorlight/hub/fold"
)

// clock is the moment up to which a tenant's views have counted what changes
// with time alone: a session that was closed is active for a while after. Only
// the tenant moves it, and takes back meanwhile what ends, so that what a view
// takes back of a session is what it had added.
type clock struct {
	at    int64 // milliseconds
	grace int64 // how long a closed session is active, milliseconds
	ends  endings
}

// ending is when a closed session will not be active any more, unless it is
// opened or closed again.
type ending struct {
	at      int64
	session *fold.Session
}

// endings is a heap with the next one on top.
type endings []ending

func (e endings) Len() int           { return len(e) }
func (e endings) Less(i, j int) bool { return e[i].at < e[j].at }
func (e endings) Swap(i, j int)      { e[i], e[j] = e[j], e[i] }

// Push is the heap's.
func (e *endings) Push(x any) {
	if one, ok := x.(ending); ok {
		*e = append(*e, one)
	}
}

// Pop is the heap's.
func (e *endings) Pop() any {
	last := (*e)[len(*e)-1]
	(*e)[len(*e)-1] = ending{}
	*e = (*e)[:len(*e)-1]
	return last
}

// begin sets the clock before views are counted from scratch.
func (c *clock) begin(st *fold.State, now int64) {
	c.at, c.grace, c.ends = max(c.at, now), st.Profile().ActiveGraceHours*60*60*1000, nil
	for conversation := range st.Conversations() {
		for _, s := range conversation.Sessions {
			c.note(s)
		}
	}
}

// active reports whether a closed session counts as active.
func (c *clock) active(s *fold.Session) bool { return s.Closed && s.ClosedAt+c.grace > c.at }

// note remembers when a session will end to be active.
func (c *clock) note(s *fold.Session) {
	if c.active(s) {
		heap.Push(&c.ends, ending{s.ClosedAt + c.grace, s})
	}
}

// advance moves the clock. The sessions that it gives were active and are not
// from then on; whoever has counted them takes them back.
func (c *clock) advance(now int64) []*fold.Session {
	if now <= c.at {
		return nil
	}
	var over []*fold.Session
	seen := map[*fold.Session]struct{}{} // a session that was closed twice may stand there twice
	for len(c.ends) > 0 && c.ends[0].at <= now {
		one, _ := heap.Pop(&c.ends).(ending)
		s := one.session
		if _, again := seen[s]; again || !c.active(s) || s.ClosedAt+c.grace > now {
			continue
		}
		seen[s] = struct{}{}
		over = append(over, s)
	}
	c.at = now
	return over
}
