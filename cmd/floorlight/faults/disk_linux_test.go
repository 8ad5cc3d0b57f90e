package faults

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history/postgres/postgrestest"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
)

// disk mounts a small file system on a directory, so that it can be full.
func disk(t *testing.T, dir string, megabytes int) {
	t.Helper()
	require.NoError(t, os.MkdirAll(dir, 0o711))
	err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dm,mode=711", megabytes))
	require.NoError(t, err, "a full disk is tried out on a tmpfs: mounting one needs root, or CAP_SYS_ADMIN in a container")
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(dir, syscall.MNT_DETACH)) })
}

// readyz is what /readyz answers.
func (s *server) readyz() string {
	_, _, answer := s.ask(http.MethodGet, "/readyz", "", "", 10*time.Second)
	return answer
}

// fill publishes long messages until FLOOR is full to that share, or refuses.
func (d *desks) fill(share float64) {
	d.t.Helper()
	floor, err := d.js.Stream(d.t.Context(), stream.Name)
	require.NoError(d.t, err)
	for {
		info, err := floor.Info(d.t.Context())
		require.NoError(d.t, err)
		if float64(info.State.Bytes) >= share*float64(info.Config.MaxBytes) {
			return
		}
		e := d.oneMore(&event.MessageSent{From: event.Actor{Kind: event.Customer, ID: "u"}, Text: strings.Repeat("long ", 10_000)})
		if d.publish(d.t.Context(), &e) != nil {
			return
		}
	}
}

// TestFaultStreamFull fills FLOOR while PostgreSQL is away: people are told before
// it is full, publishers get a refusal with its name, nothing that was acknowledged
// is lost, and once PostgreSQL is back there is room again.
func TestFaultStreamFull(t *testing.T) {
	t.Parallel()

	b := newDatabase(t, postgrestest.Dir(t))
	s := newServer(t, "--database-url", b.url)
	s.database = b.url
	disk(t, filepath.Join(s.dir, "nats"), 12)
	s.start()
	d := open(s, 150, "")
	d.more(50)
	for range long(3, 1) {
		b.stop()
		d.fill(0.82)
		require.Eventually(t, func() bool { return strings.Contains(s.alerts("lumen")["stream_full"], "% full") }, time.Minute, 50*time.Millisecond, "%s", s.readyz())
		require.Contains(t, s.readyz(), "% full")
		require.False(t, d.said("stream_full"), "told before it is full")
		d.fill(1)
		require.Eventually(t, func() bool { return d.said("503 stream_full, Retry-After 30") }, 2*time.Minute, 10*time.Millisecond, "%v", d.refused())
		require.Eventually(t, func() bool { return d.said("maximum bytes exceeded") }, time.Minute, 10*time.Millisecond, "%v", d.refused())
		b.start()
		d.more(200)
		require.Eventually(t, func() bool { return len(s.alerts("lumen")) == 0 }, time.Minute, 100*time.Millisecond, "%v", s.alerts("lumen"))
	}
	s.prove(d)
}
