package hub

import "github.com/floorlight/floorlight/hub/fold"

// recount takes back what a session contributed before an event, and adds what it
// does now. Most events change one row of an open session and nothing by which it
// is counted: then that row alone is counted anew.
func (v *view) recount(c *fold.SessionChange) {
	switch {
	case c.Created:
		v.count(c.Now, c.Now, 1)
	case !standsAsBefore(c):
		v.count(&c.Before, c.Now, -1)
		v.count(c.Now, c.Now, 1)
	default:
		v.recountRows(c)
		v.tellNow(c.Now)
	}
}

// standsAsBefore reports whether an open session is counted under the same as
// before, at this moment too.
func standsAsBefore(c *fold.SessionChange) bool {
	a, b := &c.Before, c.Now
	return !a.Closed && !b.Closed &&
		a.Channel == b.Channel && a.Team == b.Team && a.Agent == b.Agent && a.Customer == b.Customer &&
		a.StartDay == b.StartDay && a.StartHour == b.StartHour && len(a.More().Revenue) == 0 && len(b.More().Revenue) == 0 &&
		a.Handler == b.Handler && a.HandlerTeam == b.HandlerTeam && a.QueuedTeam == b.QueuedTeam &&
		a.Queued == b.Queued && a.More().QueuedSince == b.More().QueuedSince && a.TurnOpen == b.TurnOpen && a.Wrote == b.Wrote
}

// recountRows counts those rows anew that have changed. Rows are never reordered.
func (v *view) recountRows(c *fold.SessionChange) {
	s := c.Now
	whole := v.filter.counts(s.Channel, s.Team, s.Agent)
	for i := range s.Rows {
		r := &s.Rows[i]
		if i < len(c.Before.Rows) {
			before := &c.Before.Rows[i]
			switch {
			case r.Same(before):
				continue
			case r.Place == before.Place:
				v.recountOne(s, before, r, whole)
				continue
			}
			v.countOne(s, before, whole, -1)
		}
		v.countOne(s, r, whole, 1)
	}
}

// recountOne counts a row anew that stands under what it did. The session has no
// revenue.
func (v *view) recountOne(s *fold.Session, before, r *fold.Row, whole bool) {
	switch {
	case r.Day != v.today:
	case r.Agent == "":
		if whole {
			v.dirty = true
			v.whole.rerow(before, r)
			if was, is := groupsOf(before), groupsOf(r); was != is { // seldom, and to look him up costs more than all the rest
				v.people.add(s.Customer, was&^is, -1, v.isFriend)
				v.people.add(s.Customer, is&^was, 1, v.isFriend)
			}
		}
	case v.filter.counts(r.Channel, r.Team, r.Agent):
		v.dirty = true
		v.dirtyAgents[r.Agent] = struct{}{}
		a := v.agent(r.Agent)
		v.own.rerow(before, r)
		a.today.rerow(before, r)
		if moved := turned(serves(before), serves(r)); moved != 0 {
			a.served += v.people.serve(s.Customer, a.as, int32(moved)) //nolint:gosec // 1 or -1.
		}
		if moved := turned(isRisky(before), isRisky(r)); moved != 0 {
			v.countRisky(a, moved)
		}
	}
}

// tellNow marks what shows an open session at this moment.
func (v *view) tellNow(s *fold.Session) {
	handler := s.HandlingAgent()
	if !v.filter.counts(s.Channel, s.MomentTeam(), handler) {
		return
	}
	v.dirty = true
	v.open.count(s, s, 1)
	v.dirtyQueue = v.dirtyQueue || s.Queued
	if handler != "" {
		v.dirtyAgents[handler] = struct{}{}
	}
}
