package hub

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
)

// TestWhatACrashMayTakeBackStays lets go of a closed conversation once history has it
// on disk, and not as long as a crash of PostgreSQL could take it from there: what is
// fetched then would be older than what was let go of.
func TestWhatACrashMayTakeBackStays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := New(Config{Restorer: newGate(), Now: time.Now, Tick: ShortestTick, Epoch: "t", Logger: zerolog.Nop()})
		t.Cleanup(h.Stop)
		noon := time.Now()
		say := func(seq uint64, at time.Time, data event.Data) {
			e := event.New("a", "s", at.String(), at, data)
			require.NoError(t, h.Deliver(t.Context(), []Delivery{{Seq: seq, Arrived: at, Event: &e}}))
		}
		say(1, noon, &event.ConversationStarted{Conversation: "c1", Channel: "web", Customer: event.Profile{ID: "u1"}})
		say(2, noon.Add(time.Second), &event.ConversationClosed{Conversation: "c1"})
		say(3, noon.Add(7*24*time.Hour), &event.ConversationStarted{Conversation: "c2", Channel: "web", Customer: event.Profile{ID: "u2"}})
		resident := func() bool {
			more := event.New("a", "s", "more", noon, &event.ConversationViewed{Conversation: "c1"})
			var missing int
			require.NoError(t, h.on(t.Context(), "a", func(t *tenant) { missing = len(t.state.Missing(&more, nil)) }))
			return missing == 0
		}
		h.Committed(3, 1)
		pass(3 * sweepEvery)
		require.True(t, resident())
		h.Committed(3, 3)
		pass(3 * sweepEvery)
		require.False(t, resident())
	})
}
