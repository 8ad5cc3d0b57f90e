package hub

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
)

// duty is a desk whose due events a test publishes itself.
type duty struct {
	t   *testing.T
	hub *Hub
	seq uint64
}

func newDuty(t *testing.T, settings string) *duty {
	t.Helper()
	d := &duty{t: t, hub: archivedHub(t, &archive{})}
	d.say(time.Now(), &event.TenantConfigured{Settings: []byte(settings)})
	return d
}

func (d *duty) say(at time.Time, data event.Data) uint64 {
	d.t.Helper()
	d.seq++
	e := event.New("a", "s", fmt.Sprint("e", d.seq), at, data)
	return d.deliver(&e)
}

func (d *duty) deliver(e *event.Event) uint64 {
	d.t.Helper()
	require.NoError(d.t, d.hub.Deliver(d.t.Context(), []Delivery{{Seq: d.seq, Arrived: time.Now(), Event: e}}))
	require.NoError(d.t, d.hub.WaitApplied(d.t.Context(), d.seq))
	return d.seq
}

// publish delivers what is due, and gives its ids.
func (d *duty) publish() (ids []string) {
	d.t.Helper()
	due, err := d.hub.Due(d.t.Context(), "a")
	require.NoError(d.t, err)
	for i := range due {
		raw, err := due[i].Encode()
		require.NoError(d.t, err)
		e, err := event.Decode(raw)
		require.NoError(d.t, err, "it is an event as any other")
		require.Equal(d.t, event.ServerSource, e.Source)
		d.seq++
		d.deliver(&e)
		ids = append(ids, e.ID)
	}
	return ids
}

func (d *duty) session(c event.ConversationID) (s fold.Session) {
	d.t.Helper()
	require.NoError(d.t, d.hub.on(d.t.Context(), "a", func(owner *tenant) {
		found, ok := owner.state.Conversation(c)
		require.True(d.t, ok)
		s = *found.Current()
	}))
	return s
}

func TestSilentConversationsAreClosed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDuty(t, `{"auto_close_hours":2}`)
		begun := time.Now()
		wrote := d.say(begun, says("m1", event.Customer, "u1", "hello"))
		opened := d.say(begun, &event.ConversationStarted{Conversation: "c/2", Channel: "web", Customer: event.Profile{ID: "u2"}})
		require.Empty(t, d.publish())
		pass(110 * time.Minute)
		again := d.say(time.Now(), says("m2", event.Customer, "u1", "anybody?"))
		require.NotEqual(t, wrote, again)
		pass(10*time.Minute + time.Second)
		require.Equal(t, []string{fmt.Sprint("close/c%2F2/", opened)}, d.publish(), "nobody ever wrote in it")
		s := d.session("c/2")
		require.True(t, s.Closed)
		require.Equal(t, event.System, s.ClosedBy)
		require.Equal(t, begun.Add(2*time.Hour).UnixMilli(), s.ClosedAt, "at the moment when it was due")
		require.Empty(t, d.publish())
		pass(110 * time.Minute)
		require.Equal(t, []string{fmt.Sprint("close/c1/", again)}, d.publish())
		require.True(t, d.session("c1").Closed)

		// A conversation that is opened again is closed again, under another id.
		reopened := d.say(time.Now(), &event.ConversationQueued{Conversation: "c1"})
		pass(2*time.Hour + time.Second)
		require.Equal(t, []string{fmt.Sprint("close/c1/", reopened)}, d.publish())
		require.True(t, d.session("c1").Closed)

		// Under another profile other times hold.
		d.say(time.Now(), says("m3", event.Customer, "u1", "me again"))
		d.say(time.Now(), &event.TenantConfigured{Settings: []byte(`{}`)})
		pass(10 * time.Hour)
		require.Empty(t, d.publish())
		d.say(time.Now(), &event.TenantConfigured{Settings: []byte(`{"auto_close_hours":1}`)})
		require.Len(t, d.publish(), 1)
	})
}

// TestAMessageOvertakesItsClosing writes between the decision and its event.
func TestAMessageOvertakesItsClosing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDuty(t, `{"auto_close_hours":1}`)
		d.say(time.Now(), says("m1", event.Customer, "u1", "hello"))
		pass(time.Hour + time.Second)
		due, err := d.hub.Due(t.Context(), "a")
		require.NoError(t, err)
		require.Len(t, due, 1)
		more, err := d.hub.Due(t.Context(), "a")
		require.NoError(t, err)
		require.Empty(t, more, "it is on its way")
		d.say(time.Now(), says("m2", event.Customer, "u1", "wait"))
		d.seq++
		d.deliver(&due[0])
		require.False(t, d.session("c1").Closed)

		// One that is lost is given again, as the same event.
		pass(time.Hour)
		first, err := d.hub.Due(t.Context(), "a")
		require.NoError(t, err)
		require.Len(t, first, 1)
		pass(dueAgain + time.Second)
		second, err := d.hub.Due(t.Context(), "a")
		require.NoError(t, err)
		require.Equal(t, first, second)
	})
}

// TestAPastIsClosedByItsOwnClock lets a past come in, in which a conversation
// pauses for less than the limit.
func TestAPastIsClosedByItsOwnClock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		old := time.Now()
		pass(24 * time.Hour)
		d := newDuty(t, `{"auto_close_hours":2}`)
		d.say(old, says("m1", event.Customer, "u1", "hello"))
		require.Empty(t, d.publish())
		d.say(old.Add(100*time.Minute), says("m2", event.Customer, "u1", "still there?"))
		require.Empty(t, d.publish())
		d.say(old.Add(225*time.Minute), &event.ConversationStarted{Conversation: "c2", Channel: "web", Customer: event.Profile{ID: "u2"}})
		require.Len(t, d.publish(), 1, "in that past two hours have gone by")
		require.Equal(t, old.Add(220*time.Minute).UnixMilli(), d.session("c1").ClosedAt)
		pass(pastPause + time.Second)
		require.Len(t, d.publish(), 1, "the past is over")
		require.Equal(t, old.Add(345*time.Minute).UnixMilli(), d.session("c2").ClosedAt)
	})
}

func TestPresenceIsALease(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDuty(t, `{"presence_ttl_seconds":60}`)
		status := func(a event.AgentID) (status event.Presence) {
			require.NoError(t, d.hub.on(t.Context(), "a", func(owner *tenant) {
				found, ok := owner.state.Agent(a)
				require.True(t, ok)
				status = found.Status
			}))
			return status
		}
		require.Empty(t, d.publish()) // the server has caught up
		pass(time.Minute)
		begun := time.Now()
		first := d.say(begun, &event.AgentPresence{Agent: "a/1", Status: event.Online})
		d.say(begun, &event.AgentPresence{Agent: "a2", Status: event.Paused})
		d.say(begun, &event.AgentPresence{Agent: "a3", Status: event.Offline})
		pass(50 * time.Second)
		d.say(time.Now(), &event.AgentPresence{Agent: "a2", Status: event.Paused})
		require.Empty(t, d.publish())
		pass(10 * time.Second)
		require.Equal(t, []string{fmt.Sprint("offline/a%2F1/", first)}, d.publish())
		require.Equal(t, event.Offline, status("a/1"))
		require.Equal(t, event.Paused, status("a2"), "he has confirmed")
		require.NoError(t, d.hub.on(t.Context(), "a", func(owner *tenant) {
			a, _ := owner.state.Agent("a/1")
			require.Equal(t, begun.Add(time.Minute).UnixMilli(), a.StatusSince, "at the moment when it was due")
		}))

		// A confirmation that comes before the lapse's event holds.
		pass(50 * time.Second)
		due, err := d.hub.Due(t.Context(), "a")
		require.NoError(t, err)
		require.Len(t, due, 1)
		d.say(time.Now(), &event.AgentPresence{Agent: "a2", Status: event.Paused})
		d.seq++
		d.deliver(&due[0])
		require.Equal(t, event.Paused, status("a2"))

		// Whoever could not be heard has a full lease.
		pass(59 * time.Second)
		require.NoError(t, d.hub.RenewLeases(t.Context(), "a"))
		pass(59 * time.Second)
		require.Empty(t, d.publish())
		pass(time.Second)
		require.Len(t, d.publish(), 1)
	})
}

// TestARestartRenewsLeases: the state comes from storage, with a presence of
// long ago.
func TestARestartRenewsLeases(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st := fold.New("a")
		long := time.Now()
		for i, data := range []event.Data{
			&event.TenantConfigured{Settings: []byte(`{"presence_ttl_seconds":60}`)},
			&event.AgentPresence{Agent: "a1", Status: event.Online},
		} {
			e := event.New("a", "s", fmt.Sprint(i), long, data)
			st.Apply(uint64(i+1), &e)
		}
		pass(time.Hour)
		d := &duty{t: t, hub: archivedHub(t, &archive{}), seq: 2}
		d.hub.Restore(st, 2)
		started := time.Now()
		require.Empty(t, d.publish())
		pass(59 * time.Second)
		require.Empty(t, d.publish())
		pass(time.Second)
		require.Equal(t, []string{"offline/a1/2"}, d.publish())
		require.NoError(t, d.hub.on(t.Context(), "a", func(owner *tenant) {
			a, _ := owner.state.Agent("a1")
			require.Equal(t, started.Add(time.Minute).UnixMilli(), a.StatusSince)
		}))
	})
}

func TestLongIdsOfCauses(t *testing.T) {
	t.Parallel()

	require.Equal(t, "close/c%2F1%25/7", dueID("close", "c/1%", 7))
	long := strings.Repeat("/", event.MaxEnvID)
	require.LessOrEqual(t, len(dueID("close", long, 7)), event.MaxEnvID)
	require.NotEqual(t, dueID("close", long, 7), dueID("close", long, 8))
}
