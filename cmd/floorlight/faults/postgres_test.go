package faults

import (
	"context"
	"net/http"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history/postgres"
	"github.com/floorlight/floorlight/history/postgres/postgrestest"
)

// database is a PostgreSQL outside, which can be taken away.
type database struct {
	t      *testing.T
	config postgres.Config
	server *postgres.Server // nil while it is stopped
	url    string
}

// onDatabase makes a server, which is not started yet, on a PostgreSQL outside.
func onDatabase(t *testing.T, args ...string) (*database, *server) {
	t.Helper()
	b := newDatabase(t, postgrestest.Dir(t))
	s := newServer(t, append(args, "--database-url", b.url)...)
	s.database = b.url
	return b, s
}

// newDatabase starts one in a directory; it is ended with the test.
func newDatabase(t *testing.T, dir string) *database {
	t.Helper()
	b := &database{t: t, config: postgres.Config{DataDir: filepath.Join(dir, "postgres"), Logger: zerolog.Nop()}}
	b.start()
	b.url = b.server.URL()
	t.Cleanup(func() {
		if b.server != nil {
			b.resume()
			b.stop()
		}
	})
	return b
}

func (b *database) start() {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(b.t.Context()), time.Minute)
	defer cancel()
	var err error
	b.server, err = postgres.Start(ctx, b.config)
	require.NoError(b.t, err)
}

func (b *database) stop() {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(b.t.Context()), 20*time.Second)
	defer cancel()
	err := b.server.Stop(ctx)
	b.server = nil
	require.NoError(b.t, err)
}

// signal goes to the postmaster, and with all to every process below it.
func (b *database) signal(sig syscall.Signal, all bool) {
	pid := b.server.Pid()
	if pid == 0 {
		return
	}
	require.NoError(b.t, syscall.Kill(pid, sig))
	if all {
		for _, child := range children(pid) {
			_ = syscall.Kill(child, sig) // it may have ended.
		}
	}
}

func (b *database) hang()   { b.signal(syscall.SIGSTOP, true) }
func (b *database) resume() { b.signal(syscall.SIGCONT, true) }

// TestFaultPostgresAway takes PostgreSQL away in every way that it can go. Reports
// say so and do not hang, the floor goes on, and the history catches up.
func TestFaultPostgresAway(t *testing.T) {
	t.Parallel()

	b, s := onDatabase(t)
	s.start()
	d := open(s, 40, "")
	d.more(50)
	for _, way := range []struct {
		name string
		go_  func()
		come func()
		away time.Duration
	}{
		{"stopped", b.stop, b.start, long(time.Minute, 3*time.Second)},
		{"stopped at once", func() { b.signal(syscall.SIGQUIT, false); b.stop() }, b.start, long(20*time.Second, time.Second)},
		{"hung", b.hang, b.resume, long(time.Minute, 8*time.Second)},
		{"killed", func() { b.signal(syscall.SIGKILL, true) }, func() {}, 0},
	} {
		began := time.Now()
		way.go_()
		if way.away > 0 {
			requireAway(t, s, d, way.name)
		}
		d.more(20)
		if rest := way.away - time.Since(began); rest > 0 {
			<-time.After(rest)
		}
		way.come()
		require.Eventually(t, func() bool {
			status, _, _ := s.ask(http.MethodGet, "/v1/metrics?metric=chats", "lumen", "", 10*time.Second)
			return status == http.StatusOK
		}, time.Minute, 50*time.Millisecond, way.name)
		require.Eventually(t, func() bool { return len(s.alerts("lumen")) == 0 }, time.Minute, 100*time.Millisecond, "%s: %v", way.name, s.alerts("lumen"))
		t.Logf("%s: over after %s", way.name, time.Since(began).Round(time.Millisecond))
	}
	s.prove(d)
}

// requireAway holds that reports are refused in time and in order, while the
// wallboard moves.
func requireAway(t *testing.T, s *server, d *desks, name string) {
	t.Helper()
	for _, path := range []string{
		"/v1/metrics?metric=chats", "/v1/conversations", "/v1/agents/performance", "/v1/metrics/chats/explain", "/v1/conversations.csv", "/v1/violations", "/v1/boards", "/v1/refold",
	} {
		began := time.Now()
		status, header, answer := s.ask(http.MethodGet, path, "lumen", "", 30*time.Second)
		require.Equal(t, http.StatusServiceUnavailable, status, "%s: %s: %s after %s", name, path, answer, time.Since(began))
		seconds, err := strconv.Atoi(header.Get("Retry-After"))
		require.NoError(t, err, "%s: %s", name, path)
		require.Positive(t, seconds)
		t.Logf("%s: %s answers %d after %s", name, path, status, time.Since(began).Round(time.Millisecond))
	}
	client := d.clients["lumen"]
	at, lives := client.Seq(), client.Lives()
	require.Eventually(t, func() bool { return client.Seq() > at+5 }, 30*time.Second, 10*time.Millisecond, "%s: the wallboard stands still", name)
	require.Equal(t, lives, client.Lives(), "%s: the socket was lost", name)
	require.Eventually(t, func() bool { return s.alerts("lumen")["history_down"] != "" }, 30*time.Second, 100*time.Millisecond, "%s: the wallboard does not say it", name)
}
