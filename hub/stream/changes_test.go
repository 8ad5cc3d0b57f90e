package stream_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/stream"
)

// TestChanges hears on one server's connection what another announces, over a
// restart of the NATS server, which is said, for something may have been missed.
func TestChanges(t *testing.T) {
	t.Parallel()

	d := newDesk(t, stream.Config{AckWait: lostWait})
	watcher := d.open(stream.Config{AckWait: lostWait})
	ctx, cancel := context.WithCancel(t.Context())
	heard, missed, ended := make(chan stream.Change, 1000), make(chan struct{}, 100), make(chan error, 1)
	go func() {
		ended <- watcher.WatchChanges(ctx, func() { missed <- struct{}{} }, func(c stream.Change) { heard <- c })
	}()
	want := stream.Change{Tenant: "star", Kind: "board", ID: "hall", Version: 7}
	comes := func() bool {
		if d.AnnounceChange(want) != nil {
			return false
		}
		late := time.After(50 * time.Millisecond)
		for {
			select {
			case got := <-heard:
				if got == want { // else one of before, which has come late
					return true
				}
			case <-late:
				return false
			}
		}
	}
	require.Eventually(t, comes, 2*patience, 10*time.Millisecond)
	d.stop()
	d.start()
	<-missed
	want.Version = 8
	require.Eventually(t, func() bool {
		for {
			select {
			case <-heard: // of before
				continue
			default:
				return comes()
			}
		}
	}, 2*patience, 10*time.Millisecond)
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
}
