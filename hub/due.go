package hub

import (
	"container/heap"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/floorlight/floorlight/hub/event"
)

// What time alone has made due is decided once, as an event of the server's own:
// conversations in which nobody has written for long are closed, and agents
// whose presence nobody has confirmed are offline. The hub knows what is due; who
// publishes it is the partition's owner, once it has caught up. An event's id is
// made from its cause, so that whoever decides the same decides it once, and the
// fold ignores one whose cause is no longer the last.

const (
	// mostDue is how many of a desk's events are given at once.
	mostDue = 1000
	// dueAgain is when an event that was given and has not come is given again.
	dueAgain = 30 * time.Second
)

// reasonInactivity is why the server closes a conversation.
const reasonInactivity = "inactivity"

// deadlines is what time will make due at a desk.
type deadlines struct {
	hours    int64 // of automatic closing, as the heap was built; 0: none
	closings closings
	waiting  map[event.ConversationID]struct{} // those in the heap
	leases   int64                             // presence counts as confirmed at this moment, milliseconds; 0: not set
	given    map[event.AgentID]lapse           // offline events that were given
}

type lapse struct {
	confirmed uint64
	at        time.Time
}

// closing is when a conversation is looked at again. It may have been written in
// since: then it is put back.
type closing struct {
	at           int64
	conversation event.ConversationID
}

// closings is a heap with the next one on top.
type closings []closing

func (c closings) Len() int           { return len(c) }
func (c closings) Less(i, j int) bool { return c[i].at < c[j].at }
func (c closings) Swap(i, j int)      { c[i], c[j] = c[j], c[i] }

// Push is the heap's.
func (c *closings) Push(x any) {
	if one, ok := x.(closing); ok {
		*c = append(*c, one)
	}
}

// Pop is the heap's.
func (c *closings) Pop() any {
	last := (*c)[len(*c)-1]
	*c = (*c)[:len(*c)-1]
	return last
}

// Due lists what time has made due at a desk, at most a thousand events. It is
// asked again and again by who publishes them; what has not come back after half
// a minute is given again. Presence of before the first time that it is asked is
// taken as confirmed then: after a restart everyone gets one full lease.
//
// While a past comes in, its own clock says what is due: a conversation that was
// silent for two days of that past was closed there, and not because the past
// is long ago.
func (h *Hub) Due(ctx context.Context, id event.TenantID) (due []event.Event, err error) {
	err = h.on(ctx, id, func(t *tenant) { due = t.due(h.cfg.Now()) })
	return due, err
}

// RenewLeases takes every agent's presence as confirmed now. It is for whoever
// could not be told of confirmations for a while.
func (h *Hub) RenewLeases(ctx context.Context, id event.TenantID) error {
	return h.on(ctx, id, func(t *tenant) { t.deadlines.leases = h.cfg.Now().UnixMilli() })
}

func (t *tenant) due(now time.Time) []event.Event {
	d := &t.deadlines
	millis := now.UnixMilli()
	if d.leases == 0 {
		d.leases = millis
	}
	if t.waiting || len(t.batch) > 0 || len(t.inbox) > 0 {
		return nil // what has come may change it
	}
	if t.inThePast(now) {
		millis = min(millis, t.pastUpTo)
	}
	return t.lapses(t.dueClosings(nil, millis), millis, now)
}

// dueClosings appends the conversations to close.
func (t *tenant) dueClosings(due []event.Event, clock int64) []event.Event {
	d := &t.deadlines
	if hours := t.state.Profile().AutoCloseHours; d.hours != hours {
		d.hours, d.closings, d.waiting = hours, nil, map[event.ConversationID]struct{}{}
		for c := range t.state.Conversations() {
			t.noteClosing(c.ID, 0)
		}
	}
	limit := d.hours * 60 * 60 * 1000
	for len(d.closings) > 0 && d.closings[0].at <= clock && len(due) < mostDue {
		one, _ := heap.Pop(&d.closings).(closing)
		delete(d.waiting, one.conversation)
		c, ok := t.state.Conversation(one.conversation)
		if !ok || !c.Open() {
			continue
		}
		s := c.Current()
		at := s.CauseAt + limit
		if at > clock {
			t.noteClosing(c.ID, at)
			continue
		}
		t.noteClosing(c.ID, clock+dueAgain.Milliseconds())
		reason := reasonInactivity
		due = append(due, event.New(t.id, event.ServerSource, dueID("close", string(c.ID), s.Cause), time.UnixMilli(at), &event.ConversationClosed{
			Conversation: c.ID, By: event.Actor{Kind: event.System}, Reason: &reason, After: s.Cause,
		}))
	}
	return due
}

// noteClosing makes sure that a conversation is looked at when its time comes.
func (t *tenant) noteClosing(c event.ConversationID, at int64) {
	d := &t.deadlines
	if d.hours == 0 {
		return
	}
	if _, waits := d.waiting[c]; waits {
		return
	}
	d.waiting[c] = struct{}{}
	heap.Push(&d.closings, closing{at, c})
}

// lapses appends the agents whose lease has ended.
func (t *tenant) lapses(due []event.Event, clock int64, now time.Time) []event.Event {
	d := &t.deadlines
	ttl := t.state.Profile().PresenceTTLSeconds * 1000
	if ttl == 0 {
		return due
	}
	for a := range t.state.Agents() {
		at := max(a.LastPresence, d.leases) + ttl
		if a.Status == event.Offline || a.Disabled || at > clock || len(due) >= mostDue {
			continue
		}
		if g, given := d.given[a.ID]; given && g.confirmed == a.ConfirmedSeq && now.Sub(g.at) < dueAgain {
			continue
		}
		if d.given == nil {
			d.given = map[event.AgentID]lapse{}
		}
		d.given[a.ID] = lapse{a.ConfirmedSeq, now}
		due = append(due, event.New(t.id, event.ServerSource, dueID("offline", string(a.ID), a.ConfirmedSeq), time.UnixMilli(at), &event.AgentPresence{
			Agent: a.ID, Status: event.Offline, After: a.ConfirmedSeq,
		}))
	}
	return due
}

// idToken keeps an id and what stands behind it apart.
var idToken = strings.NewReplacer("%", "%25", "/", "%2F")

// dueID names an event by its cause.
func dueID(what, of string, cause uint64) string {
	id := what + "/" + idToken.Replace(of) + "/" + strconv.FormatUint(cause, 10)
	if len(id) <= event.MaxEnvID {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return what + "//" + hex.EncodeToString(sum[:])
}
