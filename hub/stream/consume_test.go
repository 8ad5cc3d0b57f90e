package stream_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
)

var errEnough = errors.New("enough")

// TestPublishAndConsume reads back, byte by byte and in order, what was published.
func TestPublishAndConsume(t *testing.T) {
	t.Parallel()

	d := newDesk(t, stream.Config{})
	first := say("star", 0)
	ack, err := d.Publish(t.Context(), &first)
	require.NoError(t, err)
	require.Equal(t, stream.Ack{Seq: 1}, ack)
	for i, r := range d.PublishBatch(t.Context(), says("star", 1, 1999)) {
		require.NoError(t, r.Err)
		require.Equal(t, stream.Ack{Seq: uint64(i + 2)}, r.Ack)
	}

	got, err := collect(t.Context(), d.Stream, 1, 2000)
	require.ErrorIs(t, err, errEnough)
	require.Len(t, got, 2000)
	for i, m := range got {
		want := say("star", i)
		require.Equal(t, uint64(i+1), m.Seq)
		require.Equal(t, want.Subject(), m.Subject)
		require.Equal(t, want.MsgID(), m.MsgID)
		e, err := event.DecodeMessage(m.Subject, m.Raw, m.Arrived)
		require.NoError(t, err)
		require.Equal(t, want, e)
	}

	got, err = collect(t.Context(), d.Stream, 1995, 6)
	require.ErrorIs(t, err, errEnough)
	require.Equal(t, uint64(1995), got[0].Seq)
	require.Len(t, got, 6)
}
