package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// lockDir keeps a second process out of a directory; JetStream has no lock of
// its own, and two servers on the same files ruin them. The lock ends with the
// file or the process, also with one that is killed.
func lockDir(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // The data directory is the operator's to choose.
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = errors.New("another process is using it")
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", dir, err), f.Close())
	}
	return f, nil
}

// letGo ends a lock. Closing alone would not: a child that is being started
// elsewhere in this process has the file open until it runs its program.
func letGo(lock *os.File) error {
	return errors.Join(syscall.Flock(int(lock.Fd()), syscall.LOCK_UN), lock.Close())
}

// storeRoom is how many bytes JetStream may have below dir: what is there, and
// three quarters of the free space, so that a full stream refuses cleanly before
// the disk is full. What is there counts, or a stream that fitted yesterday
// would be too large for today's limit.
func storeRoom(dir string) (int64, error) {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(dir, &disk); err != nil {
		return 0, err
	}
	free := int64(disk.Bavail) * int64(disk.Bsize) //nolint:gosec,unconvert // Far from 2^63; the types differ between systems.
	var used int64
	err := filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		stat, err := entry.Info()
		if err != nil {
			return err
		}
		used += stat.Size()
		return nil
	})
	return used + free/4*3, err
}
