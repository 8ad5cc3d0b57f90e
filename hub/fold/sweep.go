package fold

import "math"

// minute is a time in minutes since 1970, rounded down: what rests is let go of by
// them, and many have one.
type minute uint32

const minuteMillis = 60 * 1000

func minuteOf(millis int64) minute { return minute(max(0, millis) / minuteMillis) } //nolint:gosec // the year 9999 is 4.2·10⁹.

// minute is that of the latest event.
func (st *State) minute() minute { return minuteOf(st.latest) }

// Sweep lets go of what has rested for keep milliseconds of event time and is
// stored as of committed. With keepOpen, conversations stay that are open or were
// closed less than the grace ago, and their customers. It returns how many entities went.
func (st *State) Sweep(committed uint64, keep int64, keepOpen bool) int {
	horizon := minuteOf(st.latest - keep + minuteMillis - 1)
	st.sweeps = st.sweeps%math.MaxUint8 + 1 // never 0, which is none
	gone := st.conversations.DeleteFunc(func(c *Conversation) bool {
		active := keepOpen && (c.Open() || st.inGrace(c.Current().ClosedAt))
		if c.touched <= committed && c.touchedAt < horizon && !active {
			st.known.Add(Ref{Kind: KindConversation, ID: string(c.ID)})
			return true
		}
		for _, s := range c.Sessions {
			if u, ok := st.customers.Get(string(s.Customer)); ok && active {
				u.busy = st.sweeps
			}
		}
		return false
	})
	gone += st.customers.DeleteFunc(func(c *Customer) bool {
		if c.busy == st.sweeps || c.touched > committed || c.touchedAt >= horizon {
			return false
		}
		st.known.Add(Ref{Kind: KindCustomer, ID: string(c.ID)})
		return true
	})
	for id, o := range st.orders {
		if o.touched <= committed && o.touchedAt < horizon {
			st.known.Add(Ref{Kind: KindOrder, ID: string(id)})
			delete(st.orders, id)
			gone++
		}
	}
	for r, l := range st.looseRows {
		if l.touched <= committed && l.touchedAt < horizon {
			st.known.Add(r)
			delete(st.looseRows, r)
			gone++
		}
	}
	for _, a := range st.agents {
		st.sweepAgent(a, committed)
	}
	clear(st.absent)
	clear(st.events)
	st.words.trim(st.conversations.Len(), st.customers.Len())
	return gone
}

// inGrace reports whether what was closed then still counts as active, or would
// by a clock that is a little behind.
func (st *State) inGrace(closedAt int64) bool {
	const slack = 10 * 60 * 1000
	grace := st.profile.ActiveGraceHours * 60 * 60 * 1000
	return grace > 0 && closedAt+grace+slack > st.latest
}

// sweepAgent drops days that can no longer change, and old notifications.
func (st *State) sweepAgent(a *Agent, committed uint64) {
	if a.touched > committed {
		return
	}
	oldest := st.calendar.Day(st.latest) - 2
	if a.OnlineSince != 0 {
		oldest = min(oldest, st.calendar.Day(a.OnlineSince))
	}
	oldest = min(oldest, st.calendar.Day(a.LastPresence))
	for d := range a.Days {
		if d < oldest {
			delete(a.Days, d)
		}
	}
	for id, n := range a.Notices {
		if n.Old(st.latest) {
			delete(a.Notices, id)
		}
	}
}
