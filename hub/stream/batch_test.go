package stream_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
)

// TestBatches publishes more than one batch of small and of large events over several
// partitions and looks for each where its ack says that it stands. What is published
// next reads on from there.
func TestBatches(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct{ stars, padding int }{"small": {300, 0}, "large": {80, 60 << 10}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			d := newDesk(t, stream.Config{Partitions: 4})
			events := slices.Concat(says("star", 0, c.stars), says("moon", 0, 17), says("sun", 0, 5))
			for i := range events {
				events[i].Data.(*event.MessageSent).Text += strings.Repeat("x", c.padding)
			}
			for i, r := range d.PublishBatch(t.Context(), events) {
				require.NoError(t, r.Err)
				require.Equal(t, stream.Ack{Seq: uint64(i + 1)}, r.Ack)
				m, err := d.At(t.Context(), r.Seq)
				require.NoError(t, err)
				require.Equal(t, events[i].Subject(), m.Subject)
				require.Equal(t, events[i].MsgID(), m.MsgID)
			}
			got, err := collect(t.Context(), d.Stream, 1, len(events))
			require.ErrorIs(t, err, errEnough)
			require.Len(t, got, len(events))
		})
	}
}

// TestBatchesThatTheStreamRefuses is a stream whose batches somebody has turned off.
func TestBatchesThatTheStreamRefuses(t *testing.T) {
	t.Parallel()

	d := newDesk(t, stream.Config{})
	js := d.jetstream()
	floor, err := js.Stream(t.Context(), stream.Name)
	require.NoError(t, err)
	c := floor.CachedInfo().Config
	require.True(t, c.AllowAtomicPublish)
	c.AllowAtomicPublish = false
	_, err = js.UpdateStream(t.Context(), c)
	require.NoError(t, err)
	for i, r := range d.PublishBatch(t.Context(), says("star", 0, 300)) {
		require.NoError(t, r.Err)
		require.Equal(t, stream.Ack{Seq: uint64(i + 1)}, r.Ack)
	}
	d.open(stream.Config{})
	floor, err = js.Stream(t.Context(), stream.Name)
	require.NoError(t, err)
	require.True(t, floor.CachedInfo().Config.AllowAtomicPublish, "the next one that opens it turns them on")
}

// TestTogether publishes from many goroutines at once, each event by two of them: each
// is stored once, at the sequence that both are told.
func TestTogether(t *testing.T) {
	t.Parallel()

	const n = 400
	d := newDesk(t, stream.Config{})
	var all sync.WaitGroup
	acks, errs := make([]stream.Ack, 2*n), make([]error, 2*n)
	for i := range 2 * n {
		e := say("star", i/2)
		all.Go(func() { acks[i], errs[i] = d.Publish(t.Context(), &e) })
	}
	all.Wait()
	for i := range n {
		one, other := acks[2*i], acks[2*i+1]
		require.NoError(t, errs[2*i])
		require.NoError(t, errs[2*i+1])
		require.Equal(t, one.Seq, other.Seq)
		require.NotEqual(t, one.Duplicate, other.Duplicate)
		m, err := d.At(t.Context(), one.Seq)
		require.NoError(t, err)
		e := say("star", i)
		require.Equal(t, e.MsgID(), m.MsgID)
	}
	last, err := d.Last(t.Context())
	require.NoError(t, err)
	require.Equal(t, uint64(n), last)
}

// TestNobodyWaits gives up on events that wait behind others: none of them is stored
// later, when whoever asked has been told that it was not.
func TestNobodyWaits(t *testing.T) {
	t.Parallel()

	d := newDesk(t, stream.Config{})
	js := d.jetstream()
	require.NoError(t, js.DeleteStream(t.Context(), stream.Name))
	came := make(chan *nats.Msg, 100)
	elsewhere := d.connect()
	_, err := elsewhere.ChanSubscribe("floor.>", came)
	require.NoError(t, err)
	require.NoError(t, elsewhere.FlushTimeout(patience)) // the server knows of it
	answer := func(m *nats.Msg) { require.NoError(t, m.Respond([]byte(`{"stream":"FLOOR","seq":1}`))) }

	var all sync.WaitGroup
	for i := range 8 {
		e := say("star", i+1)
		all.Go(func() {
			_, err := d.Publish(t.Context(), &e)
			assert(t, err)
		})
	}
	var under []*nats.Msg
	for range 8 {
		under = append(under, <-came)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	var gone sync.WaitGroup
	for i := range 20 {
		e := say("star", 100+i)
		gone.Go(func() {
			_, err := d.Publish(ctx, &e)
			if !errors.Is(err, stream.ErrUnavailable) {
				t.Errorf("a publish that was given up: %v", err)
			}
		})
	}
	gone.Wait() // each has been told
	for _, m := range under {
		answer(m)
	}
	all.Wait()
	last := say("star", 200)
	all.Go(func() {
		_, err := d.Publish(t.Context(), &last)
		assert(t, err)
	})
	m := <-came
	require.Equal(t, last.MsgID(), m.Header.Get(jetstream.MsgIDHeader), "nothing came between")
	answer(m)
	all.Wait()
}

// assert is for other goroutines than the test's.
func assert(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}
