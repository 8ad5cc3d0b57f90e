package fold

// Sweep lets go of what has rested for keep milliseconds of event time and is
// stored as of committed. With keepOpen, conversations stay that are open or were
// closed less than the grace ago, and their customers. It returns how many entities went.
func (st *State) Sweep(committed uint64, keep int64, keepOpen bool) int {
	horizon := st.latest - keep
	st.sweeps++
	gone := st.conversations.DeleteFunc(func(c *Conversation) bool {
		active := keepOpen && (c.Open() || st.inGrace(c.Current().ClosedAt))
		if c.touched <= committed && c.touchedAt < horizon && !active {
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
		return c.busy != st.sweeps && c.touched <= committed && c.touchedAt < horizon
	})
	for id, o := range st.orders {
		if o.touched <= committed && o.touchedAt < horizon {
			delete(st.orders, id)
			gone++
		}
	}
	for r, l := range st.looseRows {
		if l.touched <= committed && l.touchedAt < horizon {
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
