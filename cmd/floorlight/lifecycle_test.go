package main

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"
)

func TestLifecycleStopsLastInFirstOut(t *testing.T) {
	t.Parallel()

	l := lifecycle{log: zerolog.Nop()}
	var order []string
	broken := errors.New("broken")
	for _, name := range []string{"disk", "server", "socket"} {
		l.onStop(name, time.Second, func(context.Context) error {
			order = append(order, name)
			if name == "server" {
				return broken
			}
			return nil
		})
	}
	err := l.stop()
	require.ErrorIs(t, err, broken)
	require.ErrorContains(t, err, "stop server")
	require.Equal(t, []string{"socket", "server", "disk"}, order, "a part that fails keeps none from stopping")
	require.NoError(t, l.stop(), "twice is fine")
	require.Len(t, order, 3)
}

func TestLifecycleLeavesBehindWhatHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := lifecycle{log: zerolog.Nop()}
		stopped := false
		l.onStop("first", time.Second, func(context.Context) error { stopped = true; return nil })
		release := make(chan struct{})
		l.onStop("deaf", 3*time.Second, func(context.Context) error { <-release; return nil })
		l.onStop("slow", 2*time.Second, func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
		began := time.Now()
		err := l.stop()
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorContains(t, err, "stop deaf")
		require.ErrorContains(t, err, "stop slow")
		require.Equal(t, 5*time.Second, time.Since(began))
		require.True(t, stopped)
		close(release)
	})
}

// TestStoppedWhileStarting: who was asked to stop has done so, however far the start
// had come, and what it was about to do is no failure.
func TestStoppedWhileStarting(t *testing.T) {
	t.Parallel()

	s := beginCommand(t, "serve", t.TempDir())
	s.stop() // holds the exit code
	require.NotContains(t, s.log.String(), "floorlight: ")
}
