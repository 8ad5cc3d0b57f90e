package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

// holdEnv makes the test binary a process that starts a server on the
// directory it names, prints what it has and waits for the end of its input.
const holdEnv = "FLOORLIGHT_TEST_HOLD"

// endings is how long what was ended may take to be gone.
const endings = 30 * time.Second

func TestMain(m *testing.M) {
	if dir := os.Getenv(holdEnv); dir != "" {
		os.Exit(hold(dir))
	}
	code := m.Run()
	// Every server has been stopped, so nothing of them may be running.
	left := goleak.Find()
	for began := time.Now(); left != nil && time.Since(began) < endings; { // a busy machine takes its time
		left = goleak.Find()
	}
	if left != nil {
		fmt.Fprintln(os.Stderr, left)
		code = max(code, 1)
	}
	os.Exit(code)
}

// held is what a holding process prints.
type held struct {
	Pid int
	UID int
	URL string
	Err string
}

func hold(dir string) int {
	s, err := Start(context.Background(), Config{DataDir: dir, Logger: zerolog.New(os.Stderr), NoFsync: true})
	h := held{UID: os.Getuid()}
	if err != nil {
		h.Err = err.Error()
	} else {
		h.Pid, h.URL = s.Pid(), s.URL()
	}
	if err := json.NewEncoder(os.Stdout).Encode(h); err != nil || h.Err != "" {
		return 1
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
	if s.Stop(context.Background()) != nil {
		return 1
	}
	return 0
}

// holder is a process of the test binary that holds a server.
type holder struct {
	held
	cmd   *exec.Cmd
	stdin io.Closer
}

func startHolder(t *testing.T, binary, dir string, cred *syscall.Credential) *holder {
	t.Helper()
	cmd := exec.Command(binary)
	cmd.Dir = "/"
	cmd.Env = append(os.Environ(), holdEnv+"="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: cred}
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	h := &holder{cmd: cmd, stdin: stdin}
	require.NoError(t, json.NewDecoder(stdout).Decode(&h.held))
	return h
}

// reachableDir is a temporary directory that PostgreSQL's user can enter,
// unlike t.TempDir under root.
func reachableDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "fl-pg-") //nolint:usetesting // TempDir is closed to PostgreSQL's user.
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	require.NoError(t, os.Chmod(dir, 0o711))
	dir, err = filepath.EvalSymlinks(dir)
	require.NoError(t, err)
	return dir
}

func testConfig(dir string) Config {
	return Config{DataDir: dir, Logger: zerolog.Nop(), NoFsync: true, Settings: map[string]string{"shared_buffers": "16MB"}}
}

// startServer starts one that is stopped at the test's end if it still runs.
func startServer(t *testing.T, cfg Config) *Server {
	t.Helper()
	s, err := Start(limit(t), cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Stop(limit(t))) })
	return s
}

// limit is long enough for a slow machine and ends a hanging test.
func limit(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func exec1(t *testing.T, url, sql string) {
	t.Helper()
	conn, err := pgx.Connect(limit(t), url)
	require.NoError(t, err)
	_, err = conn.Exec(limit(t), sql)
	require.NoError(t, err)
	require.NoError(t, conn.Close(limit(t)))
}

func query1(t *testing.T, url, sql string) string {
	t.Helper()
	conn, err := pgx.Connect(limit(t), url)
	require.NoError(t, err)
	var text string
	require.NoError(t, conn.QueryRow(limit(t), sql).Scan(&text))
	require.NoError(t, conn.Close(limit(t)))
	return text
}

func requireGone(t *testing.T, pid int) {
	t.Helper()
	p, err := os.FindProcess(pid)
	require.NoError(t, err)
	require.Eventually(t, func() bool { return !alive(p) }, waitLong, waitShort, "process %d", pid)
}

// tree describes every file below dir by name, owner, mode and content, but for
// the lock, which every start writes.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Base(path) == "lock" {
			return err
		}
		st, err := os.Lstat(path)
		if err != nil {
			return err
		}
		what := fmt.Sprint(st.Mode(), ownerOf(st))
		if d.Type().IsRegular() {
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			what += fmt.Sprintf(" %x", sha256.Sum256(b))
		}
		files[path] = what
		return nil
	}))
	return files
}

func ownerOf(st fs.FileInfo) int {
	return int(st.Sys().(*syscall.Stat_t).Uid)
}

// logLines collects a log and tells what has been logged so far.
type logLines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logLines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logLines) contains(s string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.text.String(), s)
}
