package stream_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/stream"
)

// TestRestarts kills the server three times under a publisher, which retries
// what was not acknowledged, and a reader. The stream then has every event
// once, and the reader got each sequence once and in order.
func TestRestarts(t *testing.T) {
	t.Parallel()

	const n = 3000
	d := newDesk(t, stream.Config{AckWait: 2 * time.Second})
	reader := d.open(stream.Config{AckWait: 2 * time.Second})
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	ctx, fail := context.WithCancelCause(ctx)

	marks := make(chan struct{}) // one as each quarter was read
	published := make(chan error, 1)
	go func() {
		err := publishAll(ctx, d.Stream, n)
		if err != nil {
			fail(err)
		}
		published <- err
	}()
	var got []stream.Message
	consumed := make(chan error, 1)
	go func() {
		quarters := 0
		consumed <- reader.Consume(ctx, 1, func(batch []stream.Message) error {
			got = append(got, batch...)
			if quarters < 3 && len(got) > (quarters+1)*n/4 {
				quarters++
				marks <- struct{}{}
			}
			if len(got) >= n {
				return errEnough
			}
			return nil
		})
	}()
	for range 3 {
		select {
		case <-marks:
		case <-ctx.Done():
			t.Fatal("the reader stands still:", context.Cause(ctx))
		}
		d.stop()
		d.start()
	}
	require.NoError(t, <-published)
	require.ErrorIs(t, <-consumed, errEnough)

	ids := map[string]bool{}
	for i, m := range got {
		require.Equal(t, uint64(i+1), m.Seq)
		require.False(t, ids[m.MsgID], m.MsgID)
		ids[m.MsgID] = true
	}
	for i := range n {
		e := say("star", i)
		require.True(t, ids[e.MsgID()], i)
	}
	last, err := d.Last(t.Context())
	require.NoError(t, err)
	require.Equal(t, uint64(n), last)
}

// publishAll publishes n events in batches and each that got no answer again.
func publishAll(ctx context.Context, s *stream.Stream, n int) error {
	for at := 0; at < n; {
		events := says("star", at, min(100, n-at))
		for len(events) > 0 {
			unanswered := events[:0]
			for i, r := range s.PublishBatch(ctx, events) {
				switch {
				case ctx.Err() != nil:
					return ctx.Err()
				case errors.Is(r.Err, stream.ErrUnavailable):
					unanswered = append(unanswered, events[i])
				case r.Err != nil:
					return r.Err
				}
			}
			events = unanswered
		}
		at += 100
	}
	return nil
}

// TestBackpressure lets the reader stand still while far more comes than any
// buffer holds; nothing is dropped.
func TestBackpressure(t *testing.T) {
	t.Parallel()

	const n = 16000 // more than batches, buffers and requests hold together
	d := newDesk(t, stream.Config{}, quick)
	blocked, goOn := make(chan struct{}), make(chan struct{})
	next := uint64(1)
	done := make(chan error, 1)
	go func() {
		done <- d.Consume(t.Context(), 1, func(batch []stream.Message) error {
			if next == 1 {
				close(blocked)
				<-goOn
			}
			for _, m := range batch {
				if m.Seq != next {
					return errors.New("out of order")
				}
				next++
			}
			if next > n {
				return errEnough
			}
			return nil
		})
	}()
	d.fill(0, 10)
	<-blocked
	d.fill(10, n-10)
	close(goOn)
	require.ErrorIs(t, <-done, errEnough)
	require.Equal(t, uint64(n+1), next)
}

// TestLargeMessages reads more bytes than one request asks for, a message at a
// time larger than any event.
func TestLargeMessages(t *testing.T) {
	t.Parallel()

	const n, size = 100, 500 << 10
	d := newDesk(t, stream.Config{}, quick)
	for i := range n {
		_, err := d.PublishRaw(t.Context(), "floor.star.message.sent.c1", bytes.Repeat([]byte{byte(i)}, size), "")
		require.NoError(t, err)
	}
	next := 0
	require.ErrorIs(t, d.Consume(t.Context(), 1, func(batch []stream.Message) error {
		for _, m := range batch {
			require.Equal(t, uint64(next+1), m.Seq)
			require.Len(t, m.Raw, size)
			require.Equal(t, byte(next), m.Raw[size-1])
			next++
		}
		if next == n {
			return errEnough
		}
		return nil
	}), errEnough)
}

// TestGaps asks for what was purged, before and while reading, and passes over
// a message that was erased.
func TestGaps(t *testing.T) {
	t.Parallel()

	d := newDesk(t, stream.Config{}, quick)
	d.fill(0, 200)
	js := d.jetstream()
	floor, err := js.Stream(t.Context(), stream.Name)
	require.NoError(t, err)
	require.NoError(t, floor.DeleteMsg(t.Context(), 150))
	require.NoError(t, d.Purge(t.Context(), 101))

	var gap *stream.GapError
	_, err = collect(t.Context(), d.Stream, 1, 1)
	require.ErrorAs(t, err, &gap)
	require.Equal(t, stream.GapError{Want: 1, First: 101}, *gap)
	_, err = d.At(t.Context(), 100)
	require.ErrorIs(t, err, stream.ErrNotFound)

	got, err := collect(t.Context(), d.Stream, 101, 99)
	require.ErrorIs(t, err, errEnough, "an erased message is no gap")
	require.Len(t, got, 99)
	require.Equal(t, uint64(151), got[49].Seq)

	// Purged past a reader that reads: it gets no message from behind the gap.
	started, purged := make(chan struct{}), make(chan struct{})
	var seqs []uint64
	done := make(chan error, 1)
	go func() {
		done <- d.Consume(t.Context(), 200, func(batch []stream.Message) error {
			for _, m := range batch {
				seqs = append(seqs, m.Seq)
			}
			if seqs[0] == 200 && len(seqs) == len(batch) {
				close(started)
				<-purged
			}
			return nil
		})
	}()
	<-started
	const far = 16000 // more than waits in the reader's memory
	d.fill(200, far)
	require.NoError(t, d.Purge(t.Context(), far))
	close(purged)
	require.ErrorAs(t, <-done, &gap)
	require.Equal(t, gap.Want, seqs[len(seqs)-1]+1)
	require.GreaterOrEqual(t, gap.First, uint64(far))
	for i, seq := range seqs {
		require.Equal(t, uint64(200+i), seq)
	}
}

// TestLostTail sets a server back to an older copy of its disk: with fewer
// messages than were read, and with as many, but others.
func TestLostTail(t *testing.T) {
	t.Parallel()

	for name, others := range map[string]int{"shorter": 0, "overwritten": 40} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			d := newDesk(t, stream.Config{AckWait: 2 * time.Second})
			d.fill(0, 100)
			d.stop()
			older := filepath.Join(t.TempDir(), "older")
			require.NoError(t, os.CopyFS(older, os.DirFS(d.opts.StoreDir)))
			d.start()
			d.fill(100, 20)

			read, lost := make(chan struct{}), make(chan error, 1)
			go func() {
				n := 0
				lost <- d.Consume(t.Context(), 1, func(batch []stream.Message) error {
					if n += len(batch); n == 120 {
						close(read)
					}
					return nil
				})
			}()
			<-read
			d.stop()

			// Another server writes on the older copy before the reader sees it.
			elsewhere := newDesk(t, stream.Config{}, withStore(older))
			if others > 0 {
				elsewhere.fill(5000, others)
			}
			elsewhere.Close()
			elsewhere.nc.Close()
			elsewhere.stop()
			d.opts.StoreDir = older
			d.start()

			var tail *stream.LostTailError
			require.ErrorAs(t, <-lost, &tail)
			require.Equal(t, stream.LostTailError{Position: 120, Last: uint64(100 + others)}, *tail)
		})
	}
	t.Run("at the start", func(t *testing.T) {
		t.Parallel()

		d := newDesk(t, stream.Config{})
		d.fill(0, 3)
		var tail *stream.LostTailError
		require.ErrorAs(t, d.Consume(t.Context(), 5, nil), &tail)
		require.Equal(t, stream.LostTailError{Position: 4, Last: 3}, *tail)

		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		require.ErrorIs(t, d.Consume(ctx, 4, nil), context.Canceled, "one behind the last is where a reader stands")
	})
}

// TestIdentity holds over a restart, and ends with the stream.
func TestIdentity(t *testing.T) {
	t.Parallel()

	d := newDesk(t, stream.Config{AckWait: lostWait})
	first, err := d.Identity(t.Context())
	require.NoError(t, err)
	require.NotEmpty(t, first)
	d.stop()
	d.start()
	require.Eventually(t, func() bool {
		again, err := d.Identity(t.Context())
		return err == nil && again == first
	}, 2*patience, 10*time.Millisecond)

	d.fill(0, 5)
	read, lost := make(chan struct{}), make(chan error, 1)
	go func() {
		lost <- d.Consume(t.Context(), 1, func(batch []stream.Message) error {
			if batch[len(batch)-1].Seq == 5 {
				close(read)
			}
			return nil
		})
	}()
	<-read
	js := d.jetstream()
	require.NoError(t, js.DeleteStream(t.Context(), stream.Name))
	anew := d.open(stream.Config{})
	for _, r := range anew.PublishBatch(t.Context(), says("star", 0, 5)) {
		require.NoError(t, r.Err)
	}
	var tail *stream.LostTailError
	require.ErrorAs(t, <-lost, &tail)
	require.Equal(t, uint64(5), tail.Position)
	other, err := d.Identity(t.Context())
	require.NoError(t, err)
	require.NotEqual(t, first, other)
}
