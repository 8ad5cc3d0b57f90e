package postgres

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"
)

func TestRestartKeepsData(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(reachableDir(t), "data")
	s := startServer(t, testConfig(dir))
	pid := s.Pid()
	exec1(t, s.URL(), `CREATE TABLE kept AS SELECT 'ünïcode 客服' AS word`)
	require.Equal(t, "UTF8", query1(t, s.URL(), `SHOW server_encoding`))
	require.Equal(t, "on", query1(t, s.URL(), `SHOW data_checksums`))
	require.Empty(t, query1(t, s.URL(), `SHOW listen_addresses`))
	require.Equal(t, "ÜÑ", query1(t, s.URL(), `SELECT upper('üñ')`))
	require.NoError(t, s.Stop(limit(t)))
	require.NoError(t, s.Stop(limit(t)))
	require.Zero(t, s.Pid())
	requireGone(t, pid)

	again := startServer(t, testConfig(dir))
	require.NotEqual(t, pid, again.Pid())
	require.Equal(t, s.URL(), again.URL())
	require.Equal(t, "ünïcode 客服", query1(t, again.URL(), `SELECT word FROM kept`))
}

// What is not asked for durability in tests is there by default.
func TestDurableByDefault(t *testing.T) {
	t.Parallel()
	cfg := testConfig(filepath.Join(reachableDir(t), "data"))
	cfg.NoFsync, cfg.Settings = false, map[string]string{"listen_addresses": "127.0.0.1"}
	s := startServer(t, cfg)
	for setting, want := range map[string]string{
		"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on",
		"shared_buffers": "256MB", "max_connections": "100", "jit": "off", "listen_addresses": "", "TimeZone": "UTC",
	} {
		require.Equal(t, want, query1(t, s.URL(), `SHOW `+setting), setting)
	}
	st, err := os.Lstat(s.Dir())
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), st.Mode().Perm())
	st, err = os.Lstat(s.socketDir)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), st.Mode().Perm())
}

// A killed parent leaves its postmaster; the next start takes it over, and
// stops it.
func TestAdoptsWhatAKilledParentLeft(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(reachableDir(t), "data")
	self, err := os.Executable()
	require.NoError(t, err)
	h := startHolder(t, self, dir, nil)
	require.Empty(t, h.Err)
	exec1(t, h.URL, `CREATE TABLE kept AS SELECT 1 AS n`)

	_, err = Start(limit(t), testConfig(dir))
	var inUse *InUseError
	require.ErrorAs(t, err, &inUse)
	require.Equal(t, h.cmd.Process.Pid, inUse.Pid)

	require.NoError(t, h.cmd.Process.Kill())
	require.Error(t, h.cmd.Wait())
	s := startServer(t, testConfig(dir))
	require.Equal(t, h.Pid, s.Pid())
	require.Equal(t, h.URL, s.URL())
	require.Equal(t, "1", query1(t, s.URL(), `SELECT n::text FROM kept`))
	require.NoError(t, s.Stop(limit(t)))
	requireGone(t, h.Pid)
}

// An adopted postmaster is nobody's child, and its death is seen all the same.
func TestHealsAnAdoptedPostmaster(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(reachableDir(t), "data")
	self, err := os.Executable()
	require.NoError(t, err)
	h := startHolder(t, self, dir, nil)
	require.Empty(t, h.Err)
	require.NoError(t, h.cmd.Process.Kill())
	require.Error(t, h.cmd.Wait())
	s := startServer(t, testConfig(dir))
	require.Equal(t, h.Pid, s.Pid())
	require.NoError(t, syscall.Kill(h.Pid, syscall.SIGKILL))
	requireHealed(t, s, h.Pid)
}

func TestHealsAKilledPostmaster(t *testing.T) {
	t.Parallel()
	var logged logLines
	cfg := testConfig(filepath.Join(reachableDir(t), "data"))
	cfg.Logger = zerolog.New(&logged)
	s := startServer(t, cfg)
	exec1(t, s.URL(), `CREATE TABLE kept AS SELECT 1 AS n`)
	for range 2 {
		pid, url := s.Pid(), s.URL()
		require.NoError(t, syscall.Kill(pid, syscall.SIGKILL))
		requireHealed(t, s, pid)
		require.Equal(t, url, s.URL())
		require.Equal(t, "1", query1(t, s.URL(), `SELECT n::text FROM kept`))
	}
	require.True(t, logged.contains("PostgreSQL died"))
	require.True(t, logged.contains("takes connections again"))
}

func requireHealed(t *testing.T, s *Server, dead int) {
	t.Helper()
	require.Eventually(t, func() bool { return s.Pid() != 0 && s.Pid() != dead }, waitLong, waitShort)
	require.Equal(t, "1", query1(t, s.URL(), `SELECT 1::text`))
}

func TestStopWhileItCannotRestart(t *testing.T) {
	t.Parallel()
	var logged logLines
	dir := filepath.Join(reachableDir(t), "data")
	cfg := testConfig(dir)
	cfg.Logger = zerolog.New(&logged)
	s := startServer(t, cfg)
	conf := filepath.Join(s.Dir(), "postgresql.conf")
	require.NoError(t, os.Rename(conf, conf+".aside"))
	require.NoError(t, syscall.Kill(s.Pid(), syscall.SIGKILL))
	require.Eventually(t, func() bool { return logged.contains("PostgreSQL did not start") }, waitLong, waitShort)
	require.Zero(t, s.Pid())
	require.NoError(t, s.Stop(limit(t)))

	// The lock is free again, and the error says what PostgreSQL said.
	_, err := Start(limit(t), testConfig(dir))
	var failed *StartError
	require.ErrorAs(t, err, &failed)
	require.Contains(t, failed.Tail, "postgresql.conf")
	require.NoError(t, os.Rename(conf+".aside", conf))
	startServer(t, testConfig(dir))
}

// Stop with no time left ends the server at once, and nothing committed is lost.
func TestStopInAHurry(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(reachableDir(t), "data")
	s := startServer(t, testConfig(dir))
	exec1(t, s.URL(), `CREATE TABLE kept AS SELECT 1 AS n`)
	pid := s.Pid()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	require.NoError(t, s.Stop(ctx))
	requireGone(t, pid)
	require.Equal(t, "1", query1(t, startServer(t, testConfig(dir)).URL(), `SELECT n::text FROM kept`))
}

func TestStartGivenUp(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(reachableDir(t), "data")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Start(ctx, testConfig(dir))
	require.ErrorIs(t, err, context.Canceled)
	startServer(t, testConfig(dir))
}

func TestConcurrentStarts(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(reachableDir(t), "data")
	var wg sync.WaitGroup
	servers, errs := make([]*Server, 4), make([]error, 4)
	for i := range servers {
		wg.Go(func() { servers[i], errs[i] = Start(limit(t), testConfig(dir)) })
	}
	wg.Wait()
	won := 0
	for i, err := range errs {
		if err == nil {
			won++
			t.Cleanup(func() { require.NoError(t, servers[i].Stop(limit(t))) })
			continue
		}
		var inUse *InUseError
		require.ErrorAs(t, err, &inUse)
	}
	require.Equal(t, 1, won)
	clusters, err := filepath.Glob(filepath.Join(dir, "cluster*"))
	require.NoError(t, err)
	require.Equal(t, []string{filepath.Join(dir, "cluster")}, clusters)
}

func TestLongPath(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(reachableDir(t), strings.Repeat("long and spacious ", 8), "data")
	s := startServer(t, testConfig(dir))
	require.LessOrEqual(t, len(s.socketDir)+len("/.s.PGSQL.5432"), maxSocketPath)
	require.NotContains(t, s.socketDir, dir)
	require.Equal(t, filepath.Join(dir, "cluster"), query1(t, s.URL(), `SHOW data_directory`))
	require.NoError(t, s.Stop(limit(t)))
	require.NoDirExists(t, s.socketDir)
}

// Customers' words must not reach PostgreSQL's log by way of its errors.
func TestLogHoldsNoData(t *testing.T) {
	t.Parallel()
	s := startServer(t, testConfig(filepath.Join(reachableDir(t), "data")))
	exec1(t, s.URL(), `CREATE TABLE said (body text UNIQUE CHECK (body <> 'forbidden secret'))`)
	exec1(t, s.URL(), `INSERT INTO said VALUES ('my secret')`)
	exec1(t, s.URL(), `DO $$ BEGIN RAISE WARNING 'a line to find'; END $$`)
	for _, sql := range []string{`INSERT INTO said VALUES ('my secret')`, `INSERT INTO said VALUES ('forbidden secret')`} {
		require.Error(t, try(t, s.URL(), sql))
	}
	require.Eventually(t, func() bool { return strings.Contains(s.tail(), "violates check constraint") }, waitLong, waitShort)
	require.Contains(t, s.tail(), "duplicate key value")
	require.NotContains(t, s.tail(), "secret")
}

func TestErrorsNameTheRemedy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want []string
	}{
		{&MissingError{Looked: []string{"PATH", "/usr/x"}}, []string{"PATH, /usr/x", "apt-get install postgresql", "--database-url"}},
		{&VersionError{Dir: "/d", Cluster: "12", Binaries: "15", Bin: "/b"}, []string{"/d", "PostgreSQL 12", "PostgreSQL 15", "/b", "pg_upgrade"}},
		{&InUseError{Dir: "/d", Pid: 7}, []string{"/d", "process 7"}},
		{&InUseError{Dir: "/d"}, []string{"another process"}},
		{&UnreachableError{Dir: "/closed/d", User: "postgres", Err: errors.New("why")}, []string{"/closed/d", "postgres", "why", "/var/lib"}},
		{&ForeignError{Dir: "/d", Pid: 7, Reason: "because"}, []string{"/d", "7", "because", "stop it"}},
	} {
		for _, want := range c.want {
			require.ErrorContains(t, c.err, want)
		}
	}
}

// A child that another goroutine is starting has every open file until it runs its
// program; it must not keep a server that has stopped from starting again.
func TestStopLetsGoWhateverElseHasTheLockOpen(t *testing.T) {
	t.Parallel()
	cfg := testConfig(filepath.Join(reachableDir(t), "data"))
	s := startServer(t, cfg)
	child, err := syscall.Dup(int(s.lock.Fd()))
	require.NoError(t, err)
	defer func() { require.NoError(t, syscall.Close(child)) }()
	require.NoError(t, s.Stop(limit(t)))
	startServer(t, cfg)
}
