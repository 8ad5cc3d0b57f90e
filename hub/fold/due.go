package fold

import (
	"math"
	"strconv"
	"time"

	"github.com/floorlight/floorlight/hub/event"
)

// Dues are the events that the server itself has to publish, as of now, because
// nothing happened: conversations in which nobody has written for
// auto_close_hours, and agents whom nobody has confirmed for
// presence_ttl_seconds. Their time is the moment at which they were due, their
// id is made from their cause, so that two servers make the same. since is when
// whoever asks came up: every lease is one full lease from then on at least.
// Times are milliseconds. The fold ignores one whose cause is no longer the
// last when it comes.
//
// Nothing is looked at before the next moment at which something can be due.
func (st *State) Dues(now, since int64) []event.Event {
	if now < st.nextDue && since == st.dueSince {
		return nil
	}
	st.dueSince, st.nextDue = since, math.MaxInt64
	var dues []event.Event
	take := func(at int64, id string, d event.Data) {
		if at > now {
			st.nextDue = min(st.nextDue, at)
			return
		}
		st.nextDue = now // until it has come
		dues = append(dues, event.New(st.tenant, event.ServerSource, id, time.UnixMilli(at), d))
	}
	if hours := st.profile.AutoCloseHours; hours > 0 {
		reason := "inactivity"
		for _, c := range st.conversations {
			if s := c.Current(); !s.Closed {
				take(s.CauseAt+hours*60*60*1000, "close/"+string(c.ID)+"/"+strconv.FormatUint(s.Cause, 10),
					&event.ConversationClosed{Conversation: c.ID, By: event.Actor{Kind: event.System}, Reason: &reason, After: s.Cause})
			}
		}
	}
	if ttl := st.profile.PresenceTTLSeconds; ttl > 0 {
		for _, a := range st.agents {
			if !a.Disabled && a.Status != event.Offline {
				take(max(a.LastPresence, since)+ttl*1000, "offline/"+string(a.ID)+"/"+strconv.FormatUint(a.ConfirmedSeq, 10),
					&event.AgentPresence{Agent: a.ID, Status: event.Offline, After: a.ConfirmedSeq})
			}
		}
	}
	return dues
}

// mayClose notes the earliest moment at which a session that has begun or was
// reopened can be due. A message puts it off, which needs no note.
func (st *State) mayClose(s *Session) {
	if hours := st.profile.AutoCloseHours; hours > 0 {
		st.nextDue = min(st.nextDue, s.CauseAt+hours*60*60*1000)
	}
}

// mayLapse is mayClose for an agent's lease.
func (st *State) mayLapse(a *Agent) {
	if ttl := st.profile.PresenceTTLSeconds; ttl > 0 {
		st.nextDue = min(st.nextDue, a.LastPresence+ttl*1000)
	}
}
