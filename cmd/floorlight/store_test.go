package main

import (
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// A child that another goroutine is starting has every open file until it runs its
// program; it must not keep a directory that was let go from the next one.
func TestLockIsLetGoWhateverElseHasItOpen(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	lock, err := lockDir(dir)
	require.NoError(t, err)
	_, err = lockDir(dir)
	require.ErrorContains(t, err, "another process is using it")
	child, err := syscall.Dup(int(lock.Fd()))
	require.NoError(t, err)
	defer func() { require.NoError(t, syscall.Close(child)) }()
	require.NoError(t, letGo(lock))
	again, err := lockDir(dir)
	require.NoError(t, err)
	require.NoError(t, letGo(again))
}
