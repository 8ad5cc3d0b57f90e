package main

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestKeptSecretIsMadeOnce(t *testing.T) {
	t.Parallel()

	dir := t.TempDir()
	path := dir + "/deep/secret"
	const makers = 8
	made := make(chan string, makers)
	for range makers {
		go func() {
			text, err := keptSecret(path)
			made <- fmt.Sprint(string(text), err)
		}()
	}
	first := <-made
	require.Len(t, first, 64+len("<nil>"))
	for range makers - 1 {
		require.Equal(t, first, <-made)
	}
	files, err := os.ReadDir(dir + "/deep")
	require.NoError(t, err)
	require.Len(t, files, 1, "no temporary file stays")

	require.NoError(t, os.WriteFile(path, []byte("short\n"), 0o600))
	_, err = keptSecret(path)
	require.ErrorContains(t, err, "at least 32")
}

func TestSecretThatIsSetIsNotKept(t *testing.T) {
	t.Parallel()

	s := settings{DataDir: t.TempDir(), Secret: "0123456789abcdef0123456789abcdef"}
	got, err := secret(s)
	require.NoError(t, err)
	require.Equal(t, s.Secret, string(got))
	files, err := os.ReadDir(s.DataDir)
	require.NoError(t, err)
	require.Empty(t, files)
}
