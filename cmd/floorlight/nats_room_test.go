package main

import (
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/stream"
)

// TestStreamTakesNoMoreThanTheDiskHas walks a disk through being tight and having
// room again, and a JetStream that has given up.
func TestStreamTakesNoMoreThanTheDiskHas(t *testing.T) {
	t.Parallel()

	n := startTestNATS(t, natsSettings(t))
	nc := connectInside(t, n)
	floor, err := stream.Open(t.Context(), nc, stream.Config{MaxBytes: floorLimit(n.MaxStore(), 0), AckWait: time.Minute, Logger: zerolog.Nop()})
	require.NoError(t, err)
	js, err := jetstream.New(nc, jetstream.WithDefaultTimeout(time.Minute))
	require.NoError(t, err)
	publish := func() error {
		_, err := js.Publish(t.Context(), "floor.star.message.sent.c1", []byte("kept"))
		return err
	}
	require.NoError(t, publish())
	k := &roomKeeper{nats: n, floor: floor, log: zerolog.Nop()}
	const reserve = 1 << 20
	k.look(t.Context(), reserve, reserve)
	require.NoError(t, publish())
	k.look(t.Context(), reserve-1, reserve)
	require.ErrorContains(t, publish(), "maximum bytes exceeded")
	require.NoError(t, floor.Purge(t.Context(), 2))
	k.look(t.Context(), reserve-1, reserve)
	require.ErrorContains(t, publish(), "maximum bytes exceeded", "what history lets go is no room on the disk")
	k.look(t.Context(), 2*reserve, reserve)
	require.Error(t, publish(), "a little room is none: it would come and go")
	k.look(t.Context(), 2*reserve+1, reserve)
	require.NoError(t, publish())

	n.mu.Lock()
	before := n.current
	n.said.Errorf("JetStream failed to store a msg on stream '%s'", "FLOOR")
	n.mu.Unlock()
	require.True(t, n.broken())
	k.look(t.Context(), reserve, reserve)
	require.True(t, n.broken(), "not before there is room")
	k.look(t.Context(), reserve+1, reserve)
	require.False(t, n.broken())
	n.mu.Lock()
	require.NotSame(t, before, n.current)
	n.mu.Unlock()
	require.Eventually(t, func() bool { return publish() == nil }, time.Minute, 20*time.Millisecond)
	st, err := floor.State(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 3, st.Messages)
}
