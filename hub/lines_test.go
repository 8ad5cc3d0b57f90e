package hub

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
)

// TestLinesOfFilteredWallboards: a part of the desk has a line of its own, which
// outlives its readers and the process, for as long as it is remembered.
func TestLinesOfFilteredWallboards(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, _ := gatedHub(t)
		require.NoError(t, h.Deliver(t.Context(), []Delivery{started(1, "a", "c1")}))
		require.NoError(t, h.WaitApplied(t.Context(), 1))
		web := Filter{Channel: []event.ChannelID{"web"}}
		line := func(h *Hub, f Filter) Series {
			s, err := h.Series(t.Context(), Request{Tenant: "a", Topic: TopicWallboard, Filter: f}, []string{"sessions"}, 240)
			require.NoError(t, err)
			return s
		}
		for range 3 {
			line(h, web)
			pass(time.Minute)
		}
		before := line(h, web)
		require.GreaterOrEqual(t, len(before.Times), 3)
		pass(filterOutlives + 5*time.Second) // nobody looks, and the view ends
		stored := map[string]Line{}
		all, err := h.Lines(t.Context(), "a", func(Filter) uint64 { return 0 })
		require.NoError(t, err)
		for _, l := range all {
			stored[l.Filter.key()] = l
		}
		require.Len(t, stored, 2, "of the whole, and of the view that has ended")
		after := line(h, Filter{Channel: []event.ChannelID{"web", "web"}})
		require.Equal(t, before.Times, after.Times[:len(before.Times)])
		pass(time.Minute + time.Second)
		more, err := h.Lines(t.Context(), "a", func(f Filter) uint64 { return stored[f.key()].Taken })
		require.NoError(t, err)
		for _, l := range more {
			require.NotEmpty(t, l.Samples)
			last := stored[l.Filter.key()].Samples
			require.True(t, l.Samples[0].At.After(last[len(last)-1].At), "what is stored is not told again")
		}

		again, _ := gatedHub(t)
		require.NoError(t, again.Recall(t.Context(), "a", web, stored[web.key()].Samples))
		require.NoError(t, again.Recall(t.Context(), "a", Filter{}, stored[Filter{}.key()].Samples))
		require.Equal(t, before.Times, line(again, web).Times[:len(before.Times)])
		require.Empty(t, line(again, Filter{Channel: []event.ChannelID{"wa"}}).Times, "another part has no line yet")
		told, err := again.Lines(t.Context(), "a", func(Filter) uint64 { return 0 })
		require.NoError(t, err)
		require.Empty(t, told, "what was recalled is stored already")

		for i := range mostFilters + 50 {
			f := Filter{Agent: []event.AgentID{event.AgentID(fmt.Sprint("a", i))}}
			require.NoError(t, again.Recall(t.Context(), "a", f, stored[web.key()].Samples))
		}
		held := func() (n int) {
			require.NoError(t, again.on(t.Context(), "a", func(t *tenant) { n = len(t.rested) }))
			return n
		}
		require.Equal(t, mostFilters, held())
		pass(filteredMinutes*time.Minute + 2*sweepEvery)
		require.Zero(t, held(), "older lines are let go of")
	})
}
