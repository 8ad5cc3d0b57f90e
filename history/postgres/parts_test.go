package postgres

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

const (
	waitLong  = 2 * time.Minute
	waitShort = 20 * time.Millisecond
)

func TestMajorOf(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n": "15",
		"postgres (PostgreSQL) 18beta1\n":                        "18",
		"postgres (PostgreSQL) 9.6.24\n":                         "9.6",
		"postgres (PostgreSQL) 17.2 (Homebrew)":                  "17",
		"psql, perhaps":                                          "",
		"":                                                       "",
		"postgres (PostgreSQL) new":                              "",
	} {
		got, ok := majorOf(text)
		require.Equal(t, want, got, text)
		require.Equal(t, want != "", ok, text)
	}
}

func TestCompareMajor(t *testing.T) {
	t.Parallel()
	require.Positive(t, compareMajor("15", "9.6"))
	require.Positive(t, compareMajor("100", "15"))
	require.Negative(t, compareMajor("9.5", "9.6"))
	require.Zero(t, compareMajor("15", "15"))
}

// PATH comes first, but the version that made the cluster comes before it.
func TestFindBinaries(t *testing.T) {
	installed, err := findBinaries(t.Context(), "", "")
	require.NoError(t, err)
	fake, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	for _, program := range []string{"postgres", "initdb"} {
		script := "#!/bin/sh\necho '" + program + " (PostgreSQL) 99.1'\n"
		require.NoError(t, os.WriteFile(filepath.Join(fake, program), []byte(script), 0o755))
	}
	t.Setenv("PATH", fake+string(os.PathListSeparator)+os.Getenv("PATH"))
	for want, major := range map[string]string{"": "99", "99": "99", "12.no": "99", installed.major: installed.major} {
		bin, err := findBinaries(t.Context(), "", want)
		require.NoError(t, err)
		require.Equal(t, major, bin.major, "want %q", want)
		require.Equal(t, major == "99", bin.dir == fake)
	}
	bin, err := findBinaries(t.Context(), installed.dir, "99")
	require.NoError(t, err)
	require.Equal(t, installed, bin, "an explicit directory is taken, whatever made the cluster")
}

func TestConnectionURL(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{"/tmp/x", "/tmp/a b&c=d%e+f?g#h", "/tmp/客服"} {
		cfg, err := pgx.ParseConfig(connectionURL(dir, "5432", "some_db"))
		require.NoError(t, err)
		require.Equal(t, dir, cfg.Host)
		require.Equal(t, uint16(5432), cfg.Port)
		require.Equal(t, "some_db", cfg.Database)
		require.Equal(t, superuser, cfg.User)
		require.Nil(t, cfg.TLSConfig)
		require.Empty(t, cfg.Fallbacks)
	}
}

func TestUsableSocketDir(t *testing.T) {
	t.Parallel()
	require.True(t, usableSocketDir("/tmp/a b"))
	for _, bad := range []string{"/tmp/" + strings.Repeat("x", 100), "/tmp/a,b", `/tmp/a"b`, `/tmp/a'b`, `/tmp/a\b`} {
		require.False(t, usableSocketDir(bad), bad)
	}
}

// A directory that somebody else prepared is not trusted with the socket.
func TestOwnDir(t *testing.T) {
	t.Parallel()
	self := account{name: "self", uid: uint32(os.Geteuid()), gid: uint32(os.Getegid())}
	base := t.TempDir()
	dir := filepath.Join(base, "run")
	require.NoError(t, self.ownDir(dir))
	require.NoError(t, self.ownDir(dir))

	var notOurs *NotOursError
	other := account{name: "other", uid: self.uid + 1}
	require.ErrorAs(t, other.ownDir(dir), &notOurs)
	link := filepath.Join(base, "link")
	require.NoError(t, os.Symlink(dir, link))
	require.ErrorAs(t, self.ownDir(link), &notOurs)
	require.NoError(t, os.Chmod(dir, 0o755))
	require.ErrorAs(t, self.ownDir(dir), &notOurs)
}

// The programs run without our secrets and without what would lead them astray.
func TestEnvironment(t *testing.T) {
	t.Setenv("PGDATA", "/elsewhere")
	t.Setenv("FLOORLIGHT_SECRET", "hush")
	t.Setenv("LC_MESSAGES", "de_DE.UTF-8")
	env := strings.Join(environment(), "\n")
	require.NotContains(t, env, "PGDATA")
	require.NotContains(t, env, "hush")
	require.NotContains(t, env, "LC_MESSAGES")
	require.Contains(t, env, "LC_ALL=C")
	require.Contains(t, env, "PATH=")
}
