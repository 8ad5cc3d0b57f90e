package faults

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
)

// disk mounts a small file system on a directory, so that it can be full of bytes
// or of files.
func disk(t *testing.T, dir string, megabytes, files int) {
	t.Helper()
	require.NoError(t, os.MkdirAll(dir, 0o711))
	err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dm,nr_inodes=%d,mode=711", megabytes, files))
	require.NoError(t, err, "a full disk is tried out on a tmpfs: mounting one needs root, or CAP_SYS_ADMIN in a container")
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(dir, syscall.MNT_DETACH)) })
}

// ballast is a file that takes what is free of a disk, but for so many bytes, and
// returns what takes it away.
func ballast(t *testing.T, dir string, but int64) (remove func()) {
	t.Helper()
	name := filepath.Join(dir, "ballast")
	f, err := os.Create(name)
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	var st syscall.Statfs_t
	require.NoError(t, syscall.Statfs(dir, &st))
	_, err = io.CopyN(f, zeros{}, max(int64(st.Bavail)*st.Bsize-but, 0))
	if but > 0 {
		require.NoError(t, err)
	}
	return func() { require.NoError(t, os.Remove(name)) }
}

// litter makes so many empty files that a disk has room for none but so many more,
// and returns what takes them away.
func litter(t *testing.T, dir string, but uint64) (remove func()) {
	t.Helper()
	under := filepath.Join(dir, "litter")
	require.NoError(t, os.Mkdir(under, 0o700))
	var st syscall.Statfs_t
	for n := 0; ; n++ {
		require.NoError(t, syscall.Statfs(dir, &st))
		if st.Ffree <= but {
			return func() { require.NoError(t, os.RemoveAll(under)) }
		}
		f, err := os.Create(filepath.Join(under, fmt.Sprint(n)))
		require.NoError(t, err)
		require.NoError(t, f.Close())
	}
}

// manyFiles is more than any disk of these tests needs.
const manyFiles = 100_000

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// readyz is what /readyz answers.
func (s *server) readyz() string {
	_, _, answer := s.ask(http.MethodGet, "/readyz", "", "", 10*time.Second)
	return answer
}

// fill publishes long messages until FLOOR is full to that share, or refuses.
func (d *desks) fill(share float64) {
	d.t.Helper()
	for {
		floor, err := d.js.Stream(d.t.Context(), stream.Name)
		if err != nil {
			return
		}
		at := floor.CachedInfo()
		if float64(at.State.Bytes) >= share*float64(at.Config.MaxBytes) || !d.fillSome(1) {
			return
		}
	}
}

// fillSome publishes n long messages, and reports whether all were taken.
func (d *desks) fillSome(n int) bool {
	for range n {
		e := d.oneMore(&event.MessageSent{From: event.Actor{Kind: event.Customer, ID: "u"}, Text: strings.Repeat("long ", 10_000)})
		if d.publish(d.t.Context(), &e) != nil {
			return false
		}
	}
	return true
}

// TestFaultStreamFull fills FLOOR while PostgreSQL is away: people are told before
// it is full, publishers get a refusal with its name, nothing that was acknowledged
// is lost, and once PostgreSQL is back there is room again.
func TestFaultStreamFull(t *testing.T) {
	t.Parallel()

	b, s := onDatabase(t)
	disk(t, filepath.Join(s.dir, "nats"), 12, manyFiles)
	s.start()
	d := open(s, 150, "")
	d.more(50)
	for range long(3, 1) {
		before := d.times("stream_full")
		b.stop()
		d.fill(0.82)
		require.Eventually(t, func() bool { return strings.Contains(s.alerts("lumen")["stream_full"], "% full: history") }, time.Minute, 50*time.Millisecond, "%s", s.readyz())
		require.Contains(t, s.readyz(), "% full")
		require.Equal(t, before, d.times("stream_full"), "told before it is full")
		d.fill(1)
		require.Eventually(t, func() bool { return d.times("503 stream_full, Retry-After 30") > before }, 2*time.Minute, 10*time.Millisecond, "%v", d.refused())
		require.Eventually(t, func() bool { return d.said("maximum bytes exceeded") }, time.Minute, 10*time.Millisecond, "%v", d.refused())
		b.start()
		d.more(200)
		require.Eventually(t, func() bool { return len(s.alerts("lumen")) == 0 }, time.Minute, 100*time.Millisecond, "%v", s.alerts("lumen"))
	}
	s.prove(d)
}

// TestFaultDiskFullUnderNATS takes the room away from under the NATS inside: first
// so that little is left, and publishers are refused before the disk is full; then
// all at once, so that writes fail. When there is room it mends itself.
func TestFaultDiskFullUnderNATS(t *testing.T) {
	t.Parallel()

	s := newServer(t)
	store := filepath.Join(s.dir, "nats")
	disk(t, store, 64, manyFiles)
	s.start()
	d := open(s, 60, "")
	d.more(50)
	for range long(5, 1) {
		n := strings.Count(s.log.String(), "no space left on device")
		remove := ballast(t, store, 2<<20)
		require.Eventually(t, func() bool { return d.said("503 stream_full, Retry-After 30") && d.said("maximum bytes exceeded") }, time.Minute, 10*time.Millisecond, "%v", d.refused())
		require.Eventually(t, func() bool { return strings.Contains(s.alerts("lumen")["stream_full"], "100 % full: its disk") }, time.Minute, 50*time.Millisecond, "%s", s.readyz())
		require.Equal(t, n, strings.Count(s.log.String(), "no space left on device"))
		remove()
		d.more(50)

		remove = ballast(t, store, 0)
		require.Eventually(t, func() bool { d.fillSome(1); return strings.Count(s.log.String(), "no space left on device") > n }, time.Minute, time.Millisecond)
		<-time.After(long(20*time.Second, time.Second))
		remove()
		d.more(50)
		require.Eventually(t, func() bool { return len(s.alerts("lumen")) == 0 }, time.Minute, 100*time.Millisecond, "%v", s.alerts("lumen"))
	}
	require.Contains(t, s.log.String(), "NATS is started anew")
	s.prove(d)
}

// TestFaultDiskFullUnderPostgres fills PostgreSQL's disk: its log of changes cannot
// be written, it dies and does not start. What is published stays in the stream,
// and is stored when there is room.
func TestFaultDiskFullUnderPostgres(t *testing.T) {
	t.Parallel()

	s := newServer(t)
	store := filepath.Join(s.dir, "postgres")
	disk(t, store, long(400, 200), manyFiles)
	s.start()
	d := open(s, 60, "")
	d.more(50)
	for range long(5, 1) {
		remove := ballast(t, store, 0)
		require.Eventually(t, func() bool {
			d.fillSome(20)
			return s.alerts("lumen")["history_down"] != ""
		}, 2*time.Minute, 50*time.Millisecond)
		status, header, answer := s.ask(http.MethodGet, "/v1/metrics?metric=chats", "lumen", "", 30*time.Second)
		if status != http.StatusOK { // PostgreSQL may still read
			require.Equal(t, http.StatusServiceUnavailable, status, answer)
			require.NotEmpty(t, header.Get("Retry-After"))
		}
		d.more(50)
		remove()
		require.Eventually(t, func() bool { return len(s.alerts("lumen")) == 0 }, 2*time.Minute, 100*time.Millisecond, "%v", s.alerts("lumen"))
	}
	s.prove(d)
}

// TestFaultNoFilesLeft uses up the files that a disk can have, under NATS and under
// PostgreSQL, with room for bytes enough: publishers are refused before NATS needs
// one more, what PostgreSQL cannot store waits in the stream, and both go on when
// there are files again.
func TestFaultNoFilesLeft(t *testing.T) {
	t.Parallel()

	s := newServer(t)
	nats, database := filepath.Join(s.dir, "nats"), filepath.Join(s.dir, "postgres")
	disk(t, nats, 64, 2000)
	disk(t, database, 400, 6000)
	s.start()
	d := open(s, 60, "")
	d.more(50)
	for range long(5, 1) {
		before := d.times("503 stream_full, Retry-After 30")
		remove := litter(t, nats, 20)
		require.Eventually(t, func() bool { return d.times("503 stream_full, Retry-After 30") > before }, time.Minute, 10*time.Millisecond, "%v", d.refused())
		require.Eventually(t, func() bool { return strings.Contains(s.alerts("lumen")["stream_full"], "100 % full: its disk") }, time.Minute, 50*time.Millisecond, "%s", s.readyz())
		require.NotContains(t, s.log.String(), "no space left on device")
		remove()
		d.more(50)

		remove = litter(t, database, 0)
		d.more(50)
		require.Eventually(t, func() bool { d.fillSome(20); return s.alerts("lumen")["history_down"] != "" }, 2*time.Minute, 50*time.Millisecond)
		remove()
		require.Eventually(t, func() bool { return len(s.alerts("lumen")) == 0 }, 2*time.Minute, 100*time.Millisecond, "%v", s.alerts("lumen"))
	}
	s.prove(d)
}
