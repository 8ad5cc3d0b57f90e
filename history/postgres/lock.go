package postgres

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// takeLock makes this process the only one that manages the data directory.
// The kernel lets go of the lock when the process ends, however it ends; the
// postmaster does not inherit it.
func takeLock(dataDir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dataDir, "lock"), os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600) //nolint:gosec // The data directory is the operator's choice.
	if err != nil {
		return nil, fmt.Errorf("postgres: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		defer func() { _ = f.Close() }()
		b := make([]byte, 32)
		n, _ := f.ReadAt(b, 0)
		// The holder may not have written its id yet; 0 says so.
		pid, _ := strconv.Atoi(strings.TrimSpace(string(b[:n])))
		return nil, &InUseError{Dir: dataDir, Pid: pid}
	}
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("postgres: lock %s: %w", f.Name(), err)
	}
	err = f.Truncate(0)
	if err == nil {
		_, err = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("postgres: %w", err)
	}
	return f, nil
}

// letGo ends the lock. Closing alone would not: a child that is being started
// elsewhere in this process has the file open until it runs its program.
func letGo(lock *os.File) error {
	return errors.Join(syscall.Flock(int(lock.Fd()), syscall.LOCK_UN), lock.Close())
}
