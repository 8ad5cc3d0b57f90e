// Package postgrestest gives tests a real PostgreSQL: one cluster for each test
// process, one fresh database for each test.
//
// The cluster starts with the first call of New, without fsync, in a temporary
// directory. It ends with Main, when the package has a TestMain, and otherwise
// with the test process, however that ends: a small shell process holds the
// other end of a pipe, and when the pipe closes it stops the cluster and removes
// the directory. So a failed, panicking or killed test run leaves nothing behind.
//
// The package imports history/postgres, pgx and testify; only tests import it.
//
// # Decisions
//
// The end of the process is seen by a pipe and not by a count of the tests that
// run: between two tests in a row the count is zero, and every one of them would
// pay for a start (about a second). A parent-death signal would follow a thread.
package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history/postgres"
)

// cluster is the test process's one server.
type cluster struct {
	server   *postgres.Server
	watchdog *exec.Cmd
	pipe     io.Closer // open while the process lives
}

var (
	mu      sync.Mutex
	shared  *cluster
	failure error // a start that failed is not tried again by every test
	ended   bool  // Main has stopped it
	counter atomic.Int64
)

// New returns the URL of an empty database, dropped at the test's end together
// with the connections that are still open. The role is a superuser. It fails
// the test when PostgreSQL cannot be started, and never skips it.
func New(tb testing.TB) string {
	tb.Helper()
	c, err := get()
	require.NoError(tb, err, "a PostgreSQL for the tests")

	name := fmt.Sprintf("test_%d", counter.Add(1))
	quoted := pgx.Identifier{name}.Sanitize()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	require.NoError(tb, execute(ctx, c.server.URL(), "CREATE DATABASE "+quoted))
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		require.NoError(tb, execute(ctx, c.server.URL(), "DROP DATABASE "+quoted+" WITH (FORCE)"))
	})
	u, err := url.Parse(c.server.URL())
	require.NoError(tb, err)
	u.Path = "/" + name
	return u.String()
}

// Main runs the tests and then stops the cluster in order. It is for packages
// that count goroutines at the end; others need no TestMain.
func Main(m *testing.M) int {
	code := m.Run()
	if err := stop(); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "postgrestest:", err)
		return max(code, 1)
	}
	return code
}

// Dir returns an empty directory for a test that starts a managed PostgreSQL of
// its own (serve, demo); it is removed at the end. Unlike TempDir's it can be
// entered by the user that PostgreSQL runs as under root.
func Dir(tb testing.TB) string {
	tb.Helper()
	dir, err := os.MkdirTemp("", "floorlight-test-") //nolint:usetesting // TempDir is closed to PostgreSQL's user.
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, os.RemoveAll(dir)) })
	require.NoError(tb, os.Chmod(dir, 0o711)) //nolint:gosec // Passing through is meant.
	real, err := filepath.EvalSymlinks(dir)
	require.NoError(tb, err)
	return real
}

func execute(ctx context.Context, dsn, sql string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, sql)
	return err
}

func get() (*cluster, error) {
	mu.Lock()
	defer mu.Unlock()
	if shared == nil && failure == nil && !ended {
		shared, failure = begin()
	}
	if ended {
		return nil, errors.New("the cluster of this test process has ended")
	}
	return shared, failure
}

// script waits for the end of its input, which is the end of the test process,
// stops the postmaster ($1 is the cluster) and removes the directory ($2). The
// postmaster takes its pid file away when it is gone.
const script = `cat >/dev/null
pid=$(head -n 1 "$1/postmaster.pid" 2>/dev/null)
[ -n "$pid" ] || { rm -rf "$2"; exit; }
kill -QUIT "$pid" 2>/dev/null
i=0
while [ $i -lt 100 ] && [ -e "$1/postmaster.pid" ] && kill -0 "$pid" 2>/dev/null; do sleep 0.1; i=$((i+1)); done
rm -rf "$2" 2>/dev/null || { sleep 1; rm -rf "$2"; }`

func begin() (*cluster, error) {
	dir, err := os.MkdirTemp("", "floorlight-pgtest-")
	if err != nil {
		return nil, err
	}
	if os.Geteuid() == 0 {
		// MkdirTemp closes it to PostgreSQL's user, who has to pass through.
		if err := os.Chmod(dir, 0o711); err != nil { //nolint:gosec // Passing through is meant.
			return nil, err
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(context.WithoutCancel(ctx), "/bin/sh", "-c", script, "sh", dir+"/cluster", dir) //nolint:gosec // Our own script.
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	// Before the server: a test process killed in between leaves nothing either.
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	server, err := postgres.Start(ctx, postgres.Config{
		DataDir: dir, Logger: zerolog.Nop(), NoFsync: true,
		Settings: map[string]string{"shared_buffers": "64MB", "max_connections": "200"},
	})
	c := &cluster{server: server, watchdog: cmd, pipe: pipe}
	if err != nil {
		return nil, c.dismiss(err)
	}
	return c, nil
}

// stop ends the cluster; without one it does nothing.
func stop() error {
	mu.Lock()
	defer mu.Unlock()
	ended = true
	if shared == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	err := shared.server.Stop(ctx)
	err = shared.dismiss(err)
	shared = nil
	return err
}

// dismiss lets the watchdog clean up and returns err.
func (c *cluster) dismiss(err error) error {
	_ = c.pipe.Close()
	if waitErr := c.watchdog.Wait(); err == nil && waitErr != nil {
		return fmt.Errorf("watchdog: %w", waitErr)
	}
	return err
}
