package main

import (
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
)

// message is what the stream holds of an event.
func message(t *testing.T, seq uint64, e event.Event) stream.Message {
	t.Helper()
	raw, err := e.Encode()
	require.NoError(t, err)
	return stream.Message{Seq: seq, Subject: e.Subject(), Raw: raw, Arrived: e.Time}
}

// TestFeedGoesOnBehindWhatIsRefused moves the position behind messages that are
// no events, and counts those around them.
func TestFeedGoesOnBehindWhatIsRefused(t *testing.T) {
	t.Parallel()

	h := hub.New(hub.Config{Restorer: nowhere{}, Now: time.Now, Tick: 10 * time.Millisecond, Epoch: "t", Logger: zerolog.Nop()})
	t.Cleanup(h.Stop)
	f := &feed{hub: h}
	now := time.Now().UTC()
	first := event.New("a", "s", "1", now, &event.ConversationStarted{Conversation: "c1", Channel: "web", Customer: event.Profile{ID: "u1"}})
	second := event.New("a", "s", "2", now, &event.ConversationStarted{Conversation: "c2", Channel: "app", Customer: event.Profile{ID: "u2"}})
	elsewhere := message(t, 4, second)
	elsewhere.Subject = "floor.b.conversation.started.c2" // another tenant's subject
	require.NoError(t, f.deliver(t.Context(), []stream.Message{
		{Seq: 1, Subject: "floor.a.nonsense", Raw: []byte("{"), Arrived: now},
		message(t, 2, first),
		{Seq: 3, Subject: first.Subject(), Raw: []byte(`{"specversion":"0.1"}`), Arrived: now},
		elsewhere,
	}))
	require.NoError(t, h.WaitApplied(t.Context(), 4))
	require.Equal(t, uint64(4), h.Position())
	require.Equal(t, []event.TenantID{"a"}, h.Tenants())
	place, err := h.Place(t.Context(), "a", "c2")
	require.NoError(t, err)
	require.Empty(t, place.Channel)

	arrived := now.Add(time.Minute).Truncate(time.Millisecond)
	require.NoError(t, f.deliver(t.Context(), []stream.Message{message(t, 5, second), {Seq: 6, Subject: "floor.a.x", Raw: []byte("no"), Arrived: arrived}}))
	require.NoError(t, h.WaitApplied(t.Context(), 6))
	require.Equal(t, arrived, h.Arrived())
	place, err = h.Place(t.Context(), "a", "c2")
	require.NoError(t, err)
	require.EqualValues(t, "app", place.Channel)
	require.NoError(t, f.deliver(t.Context(), nil))
	require.Equal(t, uint64(6), h.Position())
}
