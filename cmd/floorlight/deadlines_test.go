package main

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
)

// decided is a stream that keeps what is published and gives it to the hub.
type decided struct {
	t      *testing.T
	hub    *hub.Hub
	seq    uint64
	events []event.Event
	err    error
}

func (d *decided) PublishBatch(ctx context.Context, events []event.Event) []stream.Result {
	results := make([]stream.Result, len(events))
	for i := range events {
		if d.err != nil {
			results[i].Err = d.err
			continue
		}
		d.events = append(d.events, events[i])
		results[i].Seq = d.say(ctx, &events[i])
	}
	return results
}

func (d *decided) say(ctx context.Context, e *event.Event) uint64 {
	d.t.Helper()
	d.seq++
	require.NoError(d.t, d.hub.Deliver(ctx, []hub.Delivery{{Seq: d.seq, Arrived: time.Now(), Event: e}}))
	require.NoError(d.t, d.hub.WaitApplied(ctx, d.seq))
	return d.seq
}

func TestWhatIsDueIsPublishedByWhoHasCaughtUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := hub.New(hub.Config{Restorer: nowhere{}, Now: time.Now, Tick: time.Second, Epoch: "t", Logger: zerolog.Nop()})
		t.Cleanup(h.Stop)
		store := &decided{t: t, hub: h}
		answers, level := true, false
		d := &deadlines{hub: h, store: store, standing: func() (bool, bool) { return answers, level }, log: zerolog.Nop()}
		for i, data := range []event.Data{
			&event.TenantConfigured{Settings: []byte(`{"auto_close_hours":1,"presence_ttl_seconds":60}`)},
			&event.ConversationStarted{Conversation: "c1", Channel: "web", Customer: event.Profile{ID: "u1"}},
			&event.AgentPresence{Agent: "a1", Status: event.Online},
		} {
			e := event.New("a", "s", string(rune('a'+i)), time.Now(), data)
			store.say(t.Context(), &e)
		}
		wait := func(d time.Duration) { <-time.After(d) }
		wait(2 * time.Minute)
		d.look(t.Context())
		require.Empty(t, store.events, "it has not caught up")
		level = true
		d.look(t.Context())
		wait(59 * time.Second)
		d.look(t.Context())
		require.Empty(t, store.events, "everyone has one full lease")

		// The stream is away for a while: nobody could confirm.
		answers = false
		d.look(t.Context())
		wait(time.Minute)
		answers = true
		d.look(t.Context())
		wait(59 * time.Second)
		d.look(t.Context())
		require.Empty(t, store.events)
		store.err = errors.New("full")
		wait(2 * time.Second)
		d.look(t.Context())
		require.Empty(t, store.events)
		store.err = nil
		wait(31 * time.Second)
		d.look(t.Context())
		require.Len(t, store.events, 1)
		require.Equal(t, "offline/a1/3", store.events[0].ID)
		wait(time.Hour)
		d.look(t.Context())
		require.Len(t, store.events, 2)
		closed, ok := store.events[1].Data.(*event.ConversationClosed)
		require.True(t, ok)
		require.Equal(t, event.ServerSource, store.events[1].Source)
		require.Equal(t, "inactivity", *closed.Reason)
		require.Equal(t, event.System, closed.By.Kind)
		require.Equal(t, uint64(2), closed.After)
		d.look(t.Context())
		require.Len(t, store.events, 2, "decided once")
	})
}
