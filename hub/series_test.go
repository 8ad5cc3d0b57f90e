package hub_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
)

// TestLinesOfAPastThatComesInFast asks for the minutes of a desk whose last
// half hour arrives at once.
func TestLinesOfAPastThatComesInFast(t *testing.T) {
	t.Parallel()

	now := time.Date(2026, 3, 1, 12, 0, 30, 0, time.UTC)
	h := newHub(t, now)
	request := hub.Request{Tenant: "a", Topic: hub.TopicWallboard}
	state(t, h, request)
	var all []hub.Delivery
	for i := range 30 {
		e := event.New("a", "s", fmt.Sprint(i), now.Add(time.Duration(i-30)*time.Minute), &event.ConversationStarted{
			Conversation: event.ConversationID(fmt.Sprint("c", i)), Channel: "web", Customer: event.Profile{ID: "u1"},
		})
		all = append(all, hub.Delivery{Seq: uint64(i + 1), Event: &e})
	}
	deliver(t, h, all)
	s, err := h.Series(t.Context(), request, []string{"sessions", "longest_wait_seconds"}, 60)
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(s.Times), 28)
	require.IsIncreasing(t, s.Times)
	for i, v := range s.Series["sessions"][:28] {
		require.NotNil(t, v)
		require.InDelta(t, i, *v, 0, s.Times[i]) // as it stood when that minute began
		require.Nil(t, s.Series["longest_wait_seconds"][i])
	}
}

// TestLinesSurviveARestart takes the minutes of one hub to another.
func TestLinesSurviveARestart(t *testing.T) {
	t.Parallel()

	now := time.Date(2026, 3, 1, 12, 0, 30, 0, time.UTC)
	h := newHub(t, now)
	request := hub.Request{Tenant: "a", Topic: hub.TopicWallboard}
	var all []hub.Delivery
	for i := range 30 {
		e := event.New("a", "s", fmt.Sprint(i), now.Add(time.Duration(i-30)*time.Minute), &event.ConversationStarted{
			Conversation: event.ConversationID(fmt.Sprint("c", i)), Channel: "web", Customer: event.Profile{ID: "u1"},
		})
		all = append(all, hub.Delivery{Seq: uint64(i + 1), Event: &e})
	}
	deliver(t, h, all[:20])
	first, n, err := samples(t, h, 0)
	require.NoError(t, err)
	require.Len(t, first, int(n))
	deliver(t, h, all[20:])
	second, last, err := samples(t, h, n)
	require.NoError(t, err)
	require.NotEmpty(t, second)
	require.True(t, second[0].At.After(first[len(first)-1].At))
	none, _, err := samples(t, h, last)
	require.NoError(t, err)
	require.Empty(t, none)

	again := newHub(t, now.Add(time.Hour))
	require.NoError(t, again.Recall(t.Context(), "a", hub.Filter{}, second))
	require.NoError(t, again.Recall(t.Context(), "a", hub.Filter{}, first))
	want, err := h.Series(t.Context(), request, []string{"sessions"}, 60)
	require.NoError(t, err)
	got, err := again.Series(t.Context(), request, []string{"sessions"}, 120)
	require.NoError(t, err)
	require.Equal(t, want.Times, got.Times)
	require.Equal(t, want.Series, got.Series)
	stored, _, err := samples(t, again, 0)
	require.NoError(t, err)
	require.Empty(t, stored, "what was recalled is stored already")
}

// samples are the minutes of the wallboard without a filter.
func samples(t *testing.T, h *hub.Hub, n uint64) ([]hub.Sample, uint64, error) {
	t.Helper()
	lines, err := h.Lines(t.Context(), "a", func(hub.Filter) uint64 { return n })
	if err != nil || len(lines) == 0 {
		return nil, n, err
	}
	require.Len(t, lines, 1)
	return lines[0].Samples, lines[0].Taken, nil
}
