package fold_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
)

// TestSessionsShareTheirWords: conversations under the same channel, team and
// agent have one pointer to them, also those that were stored, and what one of
// them comes under later is not the others'.
func TestSessionsShareTheirWords(t *testing.T) {
	t.Parallel()
	st, db := fold.New("desk"), newStorage()
	seq := uint64(0)
	apply := func(data event.Data) {
		seq++
		e := event.New("desk", "test", fmt.Sprint(seq), time.UnixMilli(1_700_000_000_000), data)
		db.apply(t, st, seq, &e)
	}
	session := func(id event.ConversationID) *fold.Session {
		c, ok := st.Conversation(id)
		require.True(t, ok)
		return c.Current()
	}
	both := []event.ConversationID{"c1", "c2"}
	for _, id := range both {
		apply(&event.ConversationStarted{Conversation: id, Channel: "web", Customer: event.Profile{ID: event.CustomerID(id)}})
		apply(&event.ConversationAssigned{Conversation: id, To: event.Actor{Kind: event.Agent, ID: "a1"}, Team: "g1"})
		apply(&event.MessageSent{Conversation: id, Message: "m1", From: event.Actor{Kind: event.Agent, ID: "a1"}})
	}
	same := func() {
		one, other := session("c1"), session("c2")
		require.Same(t, one.Under, other.Under)
		require.Same(t, one.Hands, other.Hands)
		require.Len(t, one.Rows, 2)
		for i := range one.Rows {
			require.Same(t, one.Rows[i].Place, other.Rows[i].Place)
		}
	}
	same()
	st = db.restart(t, "desk", seq, false)
	for _, id := range both {
		apply(&event.ConversationViewed{Conversation: id, Agent: "a1"})
	}
	same()

	apply(&event.ConversationClassified{Conversation: "c1", Intent: event.IntentLogistics})
	apply(&event.ConversationAssigned{Conversation: "c1", To: event.Actor{Kind: event.Agent, ID: "a2"}, Team: "g2"})
	require.Equal(t, fold.Under{Channel: "web", Agent: "a1", Team: "g1", Intent: event.IntentLogistics, Handling: "none"}, *session("c1").Under)
	require.Equal(t, fold.Under{Channel: "web", Agent: "a1", Team: "g1", Handling: "none"}, *session("c2").Under)
	require.Equal(t, event.TeamID("g2"), session("c1").HandlerTeam)
	require.Equal(t, event.TeamID("g1"), session("c2").HandlerTeam)
	require.True(t, st.SharedStands())
}

// TestWhatIsSharedIsNeverWritten applies whatever may happen, with restarts and
// with the shared words forgotten now and then.
func TestWhatIsSharedIsNeverWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		events := newDrawer(t, "").events(rapid.SampledFrom(profiles).Draw(t, "profile"))
		_, want := folded(t, events)
		st, db := fold.New("desk"), newStorage()
		for i := range events {
			switch rapid.IntRange(0, 15).Draw(t, "meanwhile") {
			case 0:
				require.True(t, st.SharedStands())
				st = db.restart(t, "desk", uint64(i), rapid.Bool().Draw(t, "all"))
			case 1:
				require.True(t, st.SharedStands())
				st.TrimShared()
			}
			db.apply(t, st, uint64(i+1), &events[i])
		}
		require.True(t, st.SharedStands())
		require.Equal(t, want.text(t), db.text(t))
	})
}
