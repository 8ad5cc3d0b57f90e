//go:build asroot

package postgres

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// What is here changes users, which only root can: make test sets the tag when it
// is root.

// Root's data directory lies in a closed home: the cluster goes where its user
// can enter, the home stays closed, and the next start finds it again.
func TestClosedHomeFallsBack(t *testing.T) {
	t.Parallel()
	home := filepath.Join(reachableDir(t), "root")
	require.NoError(t, os.Mkdir(home, 0o700))
	cfg := testConfig(filepath.Join(home, "floorlight", "data"))
	cfg.fallback = filepath.Join(reachableDir(t), "lib")
	s := startServer(t, cfg)
	exec1(t, s.URL(), `CREATE TABLE kept AS SELECT 1 AS n`)
	require.Equal(t, cfg.fallback, filepath.Dir(filepath.Dir(s.Dir())))
	st, err := os.Stat(home)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), st.Mode().Perm())
	require.Zero(t, ownerOf(st))
	require.NoError(t, s.Stop(limit(t)))

	again := startServer(t, cfg)
	require.Equal(t, s.Dir(), again.Dir())
	require.Equal(t, "1", query1(t, again.URL(), `SELECT n::text FROM kept`))
}

func TestNowhereToGo(t *testing.T) {
	t.Parallel()
	home := filepath.Join(reachableDir(t), "root")
	require.NoError(t, os.Mkdir(home, 0o700))
	cfg := testConfig(filepath.Join(home, "data"))
	cfg.fallback = filepath.Join(home, "lib")
	_, err := Start(limit(t), cfg)
	var unreachable *UnreachableError
	require.ErrorAs(t, err, &unreachable)
	require.Contains(t, []string{"postgres", "nobody"}, unreachable.User)
	left, err := filepath.Glob(filepath.Join(home, "*", "*cluster*"))
	require.NoError(t, err)
	require.Empty(t, left)
}

// A backup that root unpacked belongs to root.
func TestClusterOfRootIsTakenOver(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(reachableDir(t), "data")
	s := startServer(t, testConfig(dir))
	require.NoError(t, s.Stop(limit(t)))
	require.NoError(t, exec.Command("chown", "-R", "0:0", s.Dir()).Run())
	again := startServer(t, testConfig(dir))
	st, err := os.Stat(again.Dir())
	require.NoError(t, err)
	require.Equal(t, int(s.account.uid), ownerOf(st))
}

// An ordinary user's whole way: the test binary itself runs as nobody. After
// it, root serves the same directory as its owner.
func TestOrdinaryUser(t *testing.T) {
	t.Parallel()
	base := reachableDir(t)
	self, err := os.Executable()
	require.NoError(t, err)
	program, err := os.ReadFile(self)
	require.NoError(t, err)
	binary := filepath.Join(base, "binary")
	require.NoError(t, os.WriteFile(binary, program, 0o755))
	home := filepath.Join(base, "home")
	require.NoError(t, os.Mkdir(home, 0o700))
	require.NoError(t, os.Chown(home, 65534, 65534))

	dir := filepath.Join(home, "data")
	h := startHolder(t, binary, dir, &syscall.Credential{Uid: 65534, Gid: 65534})
	require.Empty(t, h.Err)
	require.Equal(t, 65534, h.UID)
	exec1(t, h.URL, `CREATE TABLE kept AS SELECT 1 AS n`)
	require.NoError(t, h.stdin.Close())
	require.NoError(t, h.cmd.Wait())
	requireGone(t, h.Pid)

	s := startServer(t, testConfig(dir))
	require.Equal(t, uint32(65534), s.account.uid)
	require.Equal(t, "1", query1(t, s.URL(), `SELECT n::text FROM kept`))
}
