package postgres

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

func try(t *testing.T, url, sql string) error {
	t.Helper()
	conn, err := pgx.Connect(limit(t), url)
	require.NoError(t, err)
	_, err = conn.Exec(limit(t), sql)
	require.NoError(t, conn.Close(limit(t)))
	return err
}

// Another major version is refused, and not one byte or mode changes.
func TestRefusesAnotherMajorVersion(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(reachableDir(t), "data")
	s := startServer(t, testConfig(dir))
	exec1(t, s.URL(), `CREATE TABLE kept AS SELECT 1 AS n`)
	require.NoError(t, s.Stop(limit(t)))
	file := filepath.Join(s.Dir(), "PG_VERSION")
	was, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, []byte("12\n"), 0o600))
	before := tree(t, dir)

	_, err = Start(limit(t), testConfig(dir))
	var version *VersionError
	require.ErrorAs(t, err, &version)
	require.Equal(t, "12", version.Cluster)
	require.Equal(t, s.bin.major, version.Binaries)
	require.Equal(t, before, tree(t, dir))

	require.NoError(t, os.WriteFile(file, was, 0o600))
	require.Equal(t, "1", query1(t, startServer(t, testConfig(dir)).URL(), `SELECT n::text FROM kept`))
}

func TestLeavesUnknownDirectoriesAlone(t *testing.T) {
	t.Parallel()
	bin, err := findBinaries(limit(t), "", "")
	require.NoError(t, err)
	for name, c := range map[string]struct {
		make func(t *testing.T, dir string)
		want any
	}{
		"files without a version": {func(t *testing.T, dir string) {
			t.Helper()
			require.NoError(t, os.MkdirAll(filepath.Join(dir, "cluster"), 0o700))
			require.NoError(t, os.WriteFile(filepath.Join(dir, "cluster", "letter"), []byte("dear"), 0o600))
		}, new(*NotOursError)},
		"a version without sense": {func(t *testing.T, dir string) {
			t.Helper()
			require.NoError(t, os.MkdirAll(filepath.Join(dir, "cluster"), 0o700))
			require.NoError(t, os.WriteFile(filepath.Join(dir, "cluster", "PG_VERSION"), nil, 0o600))
		}, new(*NotOursError)},
		"a link to nowhere": {func(t *testing.T, dir string) {
			t.Helper()
			require.NoError(t, os.MkdirAll(dir, 0o700))
			require.NoError(t, os.Symlink("/nowhere/at/all", filepath.Join(dir, "cluster")))
		}, new(*NotOursError)},
		"a bare cluster": {func(t *testing.T, dir string) {
			t.Helper()
			require.NoError(t, os.MkdirAll(dir, 0o700))
			require.NoError(t, os.WriteFile(filepath.Join(dir, "PG_VERSION"), []byte(bin.major+"\n"), 0o600))
		}, new(*NotOursError)},
		"a bare cluster of another version": {func(t *testing.T, dir string) {
			t.Helper()
			require.NoError(t, os.MkdirAll(dir, 0o700))
			require.NoError(t, os.WriteFile(filepath.Join(dir, "PG_VERSION"), []byte("9.6\n"), 0o600))
		}, new(*VersionError)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(reachableDir(t), "data")
			c.make(t, dir)
			before := tree(t, dir)
			_, err := Start(limit(t), testConfig(dir))
			require.ErrorAs(t, err, c.want)
			require.Equal(t, before, tree(t, dir))
		})
	}
}

func TestNoDataDir(t *testing.T) {
	t.Parallel()
	_, err := Start(limit(t), testConfig(""))
	require.ErrorContains(t, err, "data directory")
}

func TestMissingBinaries(t *testing.T) {
	t.Parallel()
	cfg := testConfig(filepath.Join(reachableDir(t), "data"))
	cfg.Bin = t.TempDir()
	_, err := Start(limit(t), cfg)
	var missing *MissingError
	require.ErrorAs(t, err, &missing)
	require.Equal(t, []string{cfg.Bin}, missing.Looked)
}

// postmaster.pid is left behind by a crash: the number is free, or another
// program has it by now. PostgreSQL itself gives up in the second case.
func TestStalePidFile(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(reachableDir(t), "data")
	s := startServer(t, testConfig(dir))
	require.NoError(t, s.Stop(limit(t)))
	pidFile := filepath.Join(s.Dir(), "postmaster.pid")
	write := func(pid int) {
		t.Helper()
		text := fmt.Sprintf("%d\n%s\n1700000000\n5432\n%s\n\n   0 0\nready   \n", pid, s.Dir(), s.socketDir)
		require.NoError(t, os.WriteFile(pidFile, []byte(text), 0o600))
		require.NoError(t, os.Chown(pidFile, int(s.account.uid), int(s.account.gid)))
	}

	dead := s.account.command(limit(t), "/", "/bin/true")
	require.NoError(t, dead.Run())
	write(dead.Process.Pid)
	s = startServer(t, testConfig(dir))
	require.NoError(t, s.Stop(limit(t)))
	require.NoFileExists(t, pidFile+".stale")

	other := s.account.command(limit(t), "/", "/bin/cat")
	stdin, err := other.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, other.Start())
	write(other.Process.Pid)
	s = startServer(t, testConfig(dir))
	require.NotEqual(t, other.Process.Pid, s.Pid())
	require.NoError(t, s.Stop(limit(t)))
	require.FileExists(t, pidFile+".stale")
	require.NoError(t, stdin.Close())
	require.NoError(t, other.Wait(), "the other program must not be touched")

	for _, torn := range []string{"", "no number\n"} {
		require.NoError(t, os.WriteFile(pidFile, []byte(torn), 0o600))
		f, err := readPidFile(s.Dir())
		require.NoError(t, err)
		require.Nil(t, f)
	}
}

// A postmaster that somebody started by hand, open to others, is not adopted.
func TestForeignPostmasterIsNotAdopted(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(reachableDir(t), "data")
	s := startServer(t, testConfig(dir))
	require.NoError(t, s.Stop(limit(t)))
	open := filepath.Join(filepath.Dir(dir), "open")
	require.NoError(t, os.Mkdir(open, 0o700))
	require.NoError(t, os.Chown(open, int(s.account.uid), int(s.account.gid)))
	require.NoError(t, os.Chmod(open, 0o755))
	cmd := s.account.command(limit(t), s.Dir(), s.bin.path("postgres"), "-D", s.Dir(), "-c", "listen_addresses=", "-c", "unix_socket_directories="+open)
	require.NoError(t, cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	require.Eventually(t, func() bool {
		f, err := readPidFile(s.Dir())
		return err == nil && f != nil && f.socketDir != ""
	}, waitLong, waitShort)

	_, err := Start(limit(t), testConfig(dir))
	var foreign *ForeignError
	require.ErrorAs(t, err, &foreign)
	require.Equal(t, cmd.Process.Pid, foreign.Pid)
	require.NoError(t, cmd.Process.Signal(syscall.SIGINT))
	require.NoError(t, <-ended)
	startServer(t, testConfig(dir))
}

// A data directory made for nobody in particular by a temporary file's rules.
func TestFallbackBase(t *testing.T) {
	t.Parallel()
	require.Equal(t, os.TempDir(), fallbackBase(Config{}, filepath.Join(os.TempDir(), "x", "data")))
	require.Equal(t, fallbackHome, fallbackBase(Config{}, "/home/ada/floorlight/data"))
}
