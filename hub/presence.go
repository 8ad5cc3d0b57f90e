package hub

import (
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
)

// presence is what the agents of a view are and have been today.
type presence struct {
	online, first       int64 // spells that have ended, and the running ones up to asOf; milliseconds
	running             int64 // agents whose time counts on
	asOf                int64
	total, on, paused   int64
	capacity, limitless int64
	busy                int64 // chats of those with a limit, each up to his limit
}

// presence looks at the agents of the view. asOf is the last moment at which
// one of them changed, so that it follows from the events alone.
func (v *view) presence() presence {
	st := v.st
	p := presence{asOf: st.Calendar().Start(v.today)}
	for a := range st.Agents() {
		if v.filter.has(a) {
			p.asOf = max(p.asOf, a.StatusSince)
		}
	}
	for a := range st.Agents() {
		if !v.filter.has(a) {
			continue
		}
		online, first := onlineToday(a, st, v.today, p.asOf)
		p.online += online
		if first != 0 && (p.first == 0 || first < p.first) {
			p.first = first
		}
		if a.Disabled {
			continue
		}
		p.total++
		switch a.Status {
		case event.Online:
			p.on++
			p.running++
			if limit, ok := capacity(a, st); ok {
				p.capacity += limit
				if has, ok := v.agents[a.ID]; ok {
					p.busy += min(has.active, limit)
				}
			} else {
				p.limitless++
			}
		case event.Paused:
			p.paused++
		case event.Offline:
		}
	}
	return p
}

// onlineToday is an agent's time online today and his first moment of it, the
// running spell up to a moment included.
func onlineToday(a *fold.Agent, st *fold.State, today metric.Day, upTo int64) (online, first int64) {
	if d, ok := a.Days[today]; ok {
		online, first = d.Online, d.First
	}
	if a.OnlineSince != 0 {
		start := max(a.OnlineSince, st.Calendar().Start(today))
		end := min(upTo, st.Calendar().Start(today+1))
		if start < st.Calendar().Start(today+1) {
			online += max(0, end-start)
			if first == 0 || start < first {
				first = start
			}
		}
	}
	return online, first
}

// capacity is how many chats an agent takes at once: his own limit, or the
// largest of his teams'.
func capacity(a *fold.Agent, st *fold.State) (limit int64, ok bool) {
	if a.Capacity != nil {
		return *a.Capacity, true
	}
	for _, id := range a.Teams {
		if t, found := st.Team(id); found && t.Capacity != nil {
			limit, ok = max(limit, *t.Capacity), true
		}
	}
	return limit, ok
}
