package postgres

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// pidFile is what a postmaster writes about itself into its cluster.
type pidFile struct {
	pid       int
	dataDir   string
	port      string
	socketDir string // empty while it starts, or when it has no socket
}

// readPidFile returns nil when there is none, or when it is not complete
// enough to name a process (PostgreSQL then decides by itself).
func readPidFile(cluster string) (*pidFile, error) {
	b, err := os.ReadFile(filepath.Join(cluster, "postmaster.pid")) //nolint:gosec // A fixed name in our cluster.
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("postgres: %w", err)
	}
	lines := strings.Split(string(b), "\n")
	line := func(i int) string {
		if i < len(lines) {
			return strings.TrimSpace(lines[i])
		}
		return ""
	}
	pid, err := strconv.Atoi(line(0))
	if err != nil {
		return nil, nil //nolint:nilerr // A torn file names nobody; PostgreSQL reports it itself.
	}
	// A single-user backend writes its id as a negative number.
	if pid < 0 {
		pid = -pid
	}
	if pid <= 1 {
		return nil, nil
	}
	f := &pidFile{pid: pid, dataDir: line(1), port: line(3), socketDir: line(4)}
	return f, nil
}

// alive says whether the process exists and has not ended (a zombie has).
func alive(p *os.Process) bool {
	if err := p.Signal(syscall.Signal(0)); err != nil && !errors.Is(err, syscall.EPERM) {
		return false
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(p.Pid) + "/stat")
	if err != nil {
		// No /proc here, or gone this moment: the signal has said enough, and
		// the next look will agree.
		return true
	}
	end := bytes.LastIndexByte(stat, ')')
	return end < 0 || end+2 >= len(stat) || (stat[end+2] != 'Z' && stat[end+2] != 'X')
}

// elsewhere says whether the process is certainly not a postmaster of the
// cluster: a postmaster works inside its data directory. Where that cannot be
// seen the answer is no.
func elsewhere(pid int, cluster string) bool {
	cwd, err := os.Readlink("/proc/" + strconv.Itoa(pid) + "/cwd")
	return err == nil && cwd != cluster
}
