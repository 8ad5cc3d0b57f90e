package fold_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
)

// dues are the events that the server publishes because nothing happened: the
// hub keeps them in a heap, this looks at everything.
func dues(st *fold.State, now int64) []event.Event {
	var all []event.Event
	add := func(at int64, id string, cause uint64, d event.Data) {
		if at <= now {
			all = append(all, event.New(st.Tenant(), event.ServerSource, id+strconv.FormatUint(cause, 10), time.UnixMilli(at), d))
		}
	}
	p, reason := st.Profile(), "inactivity"
	for c := range st.Conversations() {
		if s := c.Current(); c.Open() && p.AutoCloseHours > 0 {
			add(s.CauseAt+p.AutoCloseHours*3_600_000, "close/"+string(c.ID)+"/", s.Cause,
				&event.ConversationClosed{Conversation: c.ID, By: event.Actor{Kind: event.System}, Reason: &reason, After: s.Cause})
		}
	}
	for a := range st.Agents() {
		if a.Status != event.Offline && p.PresenceTTLSeconds > 0 {
			add(a.LastPresence+p.PresenceTTLSeconds*1000, "offline/"+string(a.ID)+"/", a.ConfirmedSeq, &event.AgentPresence{Agent: a.ID, Status: event.Offline, After: a.ConfirmedSeq})
		}
	}
	return all
}

func TestWhatTimeMakesDue(t *testing.T) {
	t.Parallel()
	const closing = `{"auto_close_hours":2}`
	prove(t, []scenario{
		{
			sentence: "the server itself publishes conversation.closed when nobody has written for that long",
			profile:  closing,
			script: `09:00 start c1 u1
				09:00 says c1 u1
				09:00 start c2 u2
				10:00 says c1 b1
				11:59 due`,
			want: "c1.open=true c2.open=false",
		},
		{
			sentence: "Their time is the moment they were due",
			profile:  closing,
			script: `09:00 start c1 u1
				09:00 says c1 u1
				10:00 says c1 b1
				15:00 due
				12:30 says c1 u1`,
			want: "c1.open=true reopened@0h12=1",
		},
		{
			sentence: "A reopening without a message gives the conversation as long again",
			profile:  closing,
			script: `09:00 start c1 u1
				09:00 says c1 u1
				11:00 due
				12:00 queue c1
				13:59 due`,
			want: "c1.open=true reopened=1",
		},
		{
			sentence: "and then it is closed again",
			profile:  closing,
			script: `09:00 start c1 u1
				09:00 says c1 u1
				11:00 due
				12:00 queue c1
				14:00 due`,
			want: "c1.open=false reopened=1",
		},
		{
			sentence: "none: nothing is due, however long nobody writes",
			script: `09:00 start c1 u1
				09:00 online a1
				+300 09:00 due`,
			want: "c1.open=true",
		},
		{
			sentence: "presence is a lease",
			profile:  `{"presence_ttl_seconds":60}`,
			script: `09:00 online a1
				09:00 paused a2
				09:00:30 online a1
				09:01:29 due
				09:01:30 due
				09:05 online a1
				09:05:30 offline a1
				09:07 due`,
			want: "a1:online@0=2m0s a1:first@0=09:00",
		},
	})
}

// TestDueIsIgnoredOnceItsCauseIsNotTheLast: the fold ignores one whose cause is
// no longer the last.
func TestDueIsIgnoredOnceItsCauseIsNotTheLast(t *testing.T) {
	t.Parallel()
	d := newDesk(t, `{"auto_close_hours":2,"presence_ttl_seconds":60}`, "", false)
	d.run(`09:00 start c1 u1
		09:00 says c1 u1
		09:00 online a1`)
	at := time.Date(2026, 3, 2, 11, 0, 0, 0, time.UTC).UnixMilli()
	all := dues(d.st, at)
	require.Len(t, all, 2)
	for _, e := range all {
		switch data := e.Data.(type) {
		case *event.ConversationClosed:
			require.Equal(t, "close/c1/3", e.ID)
			require.EqualValues(t, 3, data.After)
			require.Equal(t, "inactivity", *data.Reason)
			require.Equal(t, event.System, data.By.Kind)
			require.Equal(t, at, e.Millis())
		case *event.AgentPresence:
			require.Equal(t, "offline/a1/4", e.ID)
			require.EqualValues(t, 4, data.After)
			require.Equal(t, event.Offline, data.Status)
			require.Equal(t, "09:01:00", e.Time.Format(time.TimeOnly))
		default:
			require.Fail(t, "nothing else is due")
		}
	}
	d.run(`10:59 says c1 u1
		10:59 online a1`)
	for _, e := range all {
		d.send(e)
	}
	d.expect("c1.open=true a1:online@0=0s")
	a, ok := d.st.Agent("a1")
	require.True(t, ok)
	require.Equal(t, event.Online, a.Status)
	require.Empty(t, dues(d.st, at-1))
}

// TestWhoIsActiveStaysResident: sessions closed less than the grace ago, and
// their customers, are not let go of.
func TestWhoIsActiveStaysResident(t *testing.T) {
	t.Parallel()
	d := newDesk(t, `inbox {}`, "", false)
	d.run(`09:00 start c1 u1
		09:00 says c1 u1
		10:00 close c1
		12:00 start c2 u2
		12:00 close c2
		12:30 start c3 u3
		+1 10:30 start c4 u4`)
	require.Equal(t, 4, residents(d.st))
	d.st.Sweep(d.seq, 0, true)
	for id, stays := range map[event.CustomerID]bool{"u1": false, "u2": true, "u3": true, "u4": true} {
		_, ok := d.st.Customer(id)
		require.Equal(t, stays, ok, id)
	}
	require.Equal(t, 3, residents(d.st))
	d.st.Sweep(d.seq, -1, false)
	require.Equal(t, 0, residents(d.st))
}

func residents(st *fold.State) int {
	n := 0
	for range st.Conversations() {
		n++
	}
	return n
}
