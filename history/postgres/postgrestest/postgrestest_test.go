package postgrestest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history/postgres/postgrestest"
)

// victimEnv makes the test binary a test process that is killed in its middle.
const victimEnv = "FLOORLIGHT_TEST_VICTIM"

func TestMain(m *testing.M) {
	os.Exit(postgrestest.Main(m))
}

// victim is what the process to be killed prints.
type victim struct{ Pid, Dir string }

// A test process that is killed, and so runs no cleanup, leaves neither a server
// nor a directory behind.
func TestKilledTestProcessLeavesNothing(t *testing.T) {
	t.Parallel()
	if os.Getenv(victimEnv) != "" {
		conn := connect(t, postgrestest.New(t))
		var dir string
		require.NoError(t, conn.QueryRow(context.Background(), `SHOW data_directory`).Scan(&dir))
		b, err := os.ReadFile(filepath.Join(dir, "postmaster.pid"))
		require.NoError(t, err)
		var pid string
		_, err = fmt.Sscan(string(b), &pid)
		require.NoError(t, err)
		require.NoError(t, json.NewEncoder(os.Stdout).Encode(victim{pid, dir}))
		select {} // until it is killed
	}
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(self, "-test.run=^TestKilledTestProcessLeavesNothing$")
	cmd.Env = append(os.Environ(), victimEnv+"=1")
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	var v victim
	require.NoError(t, json.NewDecoder(out).Decode(&v))
	require.DirExists(t, v.Dir)
	require.NoError(t, cmd.Process.Kill())
	require.Error(t, cmd.Wait())
	require.Eventually(t, func() bool {
		_, err := os.Stat(filepath.Dir(v.Dir))
		return os.IsNotExist(err)
	}, 2*time.Minute, 20*time.Millisecond)
	stat, err := os.ReadFile("/proc/" + v.Pid + "/stat")
	if err == nil {
		require.Contains(t, string(stat), ") Z ", "only a zombie that init has yet to collect")
	}
}

// Dir can be entered by PostgreSQL's user and is gone afterwards.
func TestDir(t *testing.T) {
	t.Parallel()
	var dir string
	t.Run("inner", func(t *testing.T) {
		dir = postgrestest.Dir(t)
		st, err := os.Stat(dir)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o711), st.Mode().Perm())
	})
	require.NoDirExists(t, dir)
}

// Each test has a database of its own on the same server.
func TestNewGivesFreshDatabases(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	first, second := postgrestest.New(t), postgrestest.New(t)
	require.NotEqual(t, first, second)
	a := connect(t, first)
	b := connect(t, second)
	_, err := a.Exec(ctx, `CREATE TABLE one (n int)`)
	require.NoError(t, err)
	var n int
	require.NoError(t, b.QueryRow(ctx, `SELECT count(*) FROM pg_tables WHERE tablename = 'one'`).Scan(&n))
	require.Zero(t, n)
}

// The database is dropped at the end, connections or not.
func TestDatabaseIsDropped(t *testing.T) {
	t.Parallel()
	var gone string
	t.Run("inner", func(t *testing.T) {
		gone = postgrestest.New(t)
		conn, err := pgx.Connect(context.Background(), gone)
		require.NoError(t, err)
		t.Cleanup(func() { _ = conn.Close(context.Background()) })
	})
	_, err := pgx.Connect(context.Background(), gone)
	require.ErrorContains(t, err, "does not exist")
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), url)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}
