package history

import (
	"context"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history/postgres"
	"github.com/floorlight/floorlight/history/postgres/postgrestest"
	"github.com/floorlight/floorlight/hub/event"
)

// TestCommitsTakenBack has PostgreSQL crash with commits that it has not written to
// disk: the cursor goes back with them, never behind what was said to be there, and
// what follows stores them again, once.
func TestCommitsTakenBack(t *testing.T) {
	t.Parallel()
	events := some(t)
	want := uninterrupted(t, events)
	server, err := postgres.Start(t.Context(), postgres.Config{
		DataDir: postgrestest.Dir(t), Logger: zerolog.Nop(),
		Settings: map[string]string{"wal_writer_delay": "10s", "wal_writer_flush_after": "1GB"}, // it writes late what nobody waits for
	})
	require.NoError(t, err)
	t.Cleanup(func() { _ = server.Stop(context.WithoutCancel(t.Context())) })
	d := newDesk(t)
	d.url = server.URL()
	d.db = d.database()
	require.NoError(t, d.db.Migrate(t.Context()))
	var flushed atomic.Uint64
	write := func(later ...event.Event) uint64 {
		w := d.small()
		w.log, w.flush = zerolog.Nop(), time.Hour
		w.c.OnCommit = func(_, on uint64) { flushed.Store(on) }
		end := d.run(w)
		d.await(w) // the first commit waits for the disk
		d.publish(later...)
		d.await(w)
		require.NoError(t, end())
		return w.Cursor()
	}
	taken, rest := uint64(0), events
	for from := 0; taken == 0 && from < len(events)-500; from += 500 { // the ten seconds may end just now
		d.publish(events[from : from+250]...)
		cursor := write(events[from+250 : from+500]...)
		pid := server.Pid()
		require.NoError(t, syscall.Kill(pid, syscall.SIGQUIT)) // at once, as after a crash
		var left uint64
		require.Eventually(t, func() bool {
			if now := server.Pid(); now == 0 || now == pid { // the one before may still answer
				return false
			}
			c, _, err := readCursor(t.Context(), d.db.pool, 0, "")
			left = c.seq
			return err == nil
		}, 2*patience, 5*time.Millisecond)
		require.GreaterOrEqual(t, left, flushed.Load())
		taken = cursor - left
		rest = events[from+500:]
	}
	require.NotZero(t, taken, "nothing was taken back")
	d.publish(rest...)
	write()
	d.requireDump(want)
}
