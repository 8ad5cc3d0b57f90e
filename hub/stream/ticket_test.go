package stream_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/floorlight/floorlight/hub/stream"
)

// TestClaim lets twenty claims of one ticket meet on two servers' connections:
// one is the first, and after its time the id is free again.
func TestClaim(t *testing.T) {
	t.Parallel()

	d := newDesk(t, stream.Config{})
	second := d.open(stream.Config{})
	for i := range 10 {
		ticket := fmt.Sprintf("ticket %d 客服/*.>", i)
		var firsts atomic.Int32
		var g errgroup.Group
		for j := range 20 {
			g.Go(func() error {
				s := []*stream.Stream{d.Stream, second}[j%2]
				first, err := s.Claim(t.Context(), ticket, time.Minute)
				if first {
					firsts.Add(1)
				}
				return err
			})
		}
		require.NoError(t, g.Wait())
		require.Equal(t, int32(1), firsts.Load(), ticket)
	}

	began := time.Now()
	first, err := d.Claim(t.Context(), "short", time.Millisecond)
	require.NoError(t, err)
	require.True(t, first)
	first, err = d.Claim(t.Context(), "short", time.Millisecond)
	require.NoError(t, err)
	if time.Since(began) < time.Second { // else its time may be over already
		require.False(t, first)
	}
	require.Eventually(t, func() bool {
		first, err := d.Claim(t.Context(), "short", time.Minute)
		return err == nil && first
	}, 2*patience, 50*time.Millisecond)
}

// TestRevoked watches the list of what is revoked from another connection, over
// a restart of the server.
func TestRevoked(t *testing.T) {
	t.Parallel()

	d := newDesk(t, stream.Config{AckWait: lostWait})
	require.NoError(t, d.Revoke(t.Context(), "tok-1", 0))
	require.NoError(t, d.Revoke(t.Context(), "tok-2", time.Hour))
	require.NoError(t, d.Revoke(t.Context(), "tok-2", time.Hour), "twice is once")

	ctx, cancel := context.WithCancel(t.Context())
	ids, ended := make(chan string, 100), make(chan error, 1)
	watcher := d.open(stream.Config{AckWait: lostWait})
	go func() {
		ended <- watcher.WatchRevoked(ctx, func() { ids <- "loaded" }, func(id string) { ids <- id })
	}()
	require.ElementsMatch(t, []string{"tok-1", "tok-2"}, []string{<-ids, <-ids})
	require.Equal(t, "loaded", <-ids)
	require.NoError(t, d.Revoke(t.Context(), "tok-3", time.Hour))
	require.Equal(t, "tok-3", <-ids)

	d.stop()
	d.start()
	require.Eventually(t, func() bool { return d.Revoke(t.Context(), "tok-4", time.Hour) == nil }, 2*patience, 10*time.Millisecond)
	for id := <-ids; id != "tok-4"; id = <-ids {
		require.NotEqual(t, "loaded", id, "once")
	}
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
}

// TestOpen ensures what is there already, brings a changed size to the server,
// and does not touch a stream that cannot be FLOOR.
func TestOpen(t *testing.T) {
	t.Parallel()

	d := newDesk(t, stream.Config{MaxBytes: 1 << 20})
	d.fill(0, 3)
	js := d.jetstream()
	floor, err := js.Stream(t.Context(), stream.Name)
	require.NoError(t, err)
	c := floor.CachedInfo().Config
	require.Equal(t, []string{"floor.>"}, c.Subjects)
	require.Equal(t, jetstream.FileStorage, c.Storage)
	require.Equal(t, jetstream.DiscardNew, c.Discard)
	require.Equal(t, 2*time.Minute, c.Duplicates)
	require.True(t, c.AllowDirect)
	refused, err := js.Stream(t.Context(), stream.RefusedName)
	require.NoError(t, err)
	c = refused.CachedInfo().Config
	require.Equal(t, []string{"refused.>"}, c.Subjects)
	require.Equal(t, jetstream.DiscardOld, c.Discard)
	require.Equal(t, 30*24*time.Hour, c.MaxAge)

	again := d.open(stream.Config{MaxBytes: 2 << 20, DuplicateWindow: time.Hour})
	st, err := again.State(t.Context())
	require.NoError(t, err)
	require.Equal(t, uint64(2<<20), st.MaxBytes)
	require.Equal(t, uint64(3), st.Last, "what is stored stays")
	floor, err = js.Stream(t.Context(), stream.Name)
	require.NoError(t, err)
	require.Equal(t, time.Hour, floor.CachedInfo().Config.Duplicates)

	require.NoError(t, js.DeleteStream(t.Context(), stream.Name))
	_, err = js.CreateStream(t.Context(), jetstream.StreamConfig{Name: stream.Name, Subjects: []string{"floor.>"}, Storage: jetstream.MemoryStorage})
	require.NoError(t, err)
	_, err = stream.Open(t.Context(), d.nc, stream.Config{})
	require.ErrorContains(t, err, "file storage")

	small := newDesk(t, stream.Config{MaxBytes: 1 << 20}, func(o *server.Options) { o.JetStreamMaxStore = 16 << 20 })
	_, err = stream.Open(t.Context(), small.nc, stream.Config{MaxBytes: 1 << 30})
	require.ErrorIs(t, err, stream.ErrFull, "more than the server has")
}
