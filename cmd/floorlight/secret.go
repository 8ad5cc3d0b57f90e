package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// minSecret is the shortest secret that is accepted, in bytes of text.
const minSecret = 32

// secret is what signs tokens: the setting, or the text that was made once and
// is kept in the data directory.
func secret(s settings) ([]byte, error) {
	if s.Secret != "" {
		return []byte(s.Secret), nil
	}
	return keptSecret(filepath.Join(s.DataDir, "secret"))
}

// keptSecret reads the secret in a file, and makes both when there is none. Of
// several processes that make it at once one wins, and all return the same.
func keptSecret(path string) ([]byte, error) {
	text, err := readSecret(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return text, err
	}
	if err := makeDataDir(filepath.Dir(path)); err != nil {
		return nil, err
	}
	random := make([]byte, 32)
	if _, err := rand.Read(random); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".secret-*") // mode 0600
	if err != nil {
		return nil, err
	}
	_, werr := f.WriteString(hex.EncodeToString(random) + "\n")
	err = errors.Join(werr, f.Sync(), f.Close())
	if err == nil {
		// Link, unlike Rename, leaves a file alone that is already there.
		if err = os.Link(f.Name(), path); errors.Is(err, fs.ErrExist) {
			err = nil
		}
	}
	if err = errors.Join(err, os.Remove(f.Name())); err != nil {
		return nil, fmt.Errorf("keep a secret in %s: %w", path, err)
	}
	return readSecret(path)
}

func readSecret(path string) ([]byte, error) {
	stat, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if mode := stat.Mode().Perm(); mode&0o077 != 0 {
		return nil, fmt.Errorf("%s can be read by others (mode %04o): chmod 600 it, and make a new one if others had access", path, mode)
	}
	text, err := os.ReadFile(path) //nolint:gosec // The data directory is the operator's to choose.
	if err != nil {
		return nil, err
	}
	for len(text) > 0 && (text[len(text)-1] == '\n' || text[len(text)-1] == '\r') {
		text = text[:len(text)-1]
	}
	if len(text) < minSecret {
		return nil, fmt.Errorf("%s holds %d bytes, a secret has at least %d", path, len(text), minSecret)
	}
	return text, nil
}

// makeDataDir creates the data directory. Others may pass through it, because
// PostgreSQL's part belongs to another user when the server runs as root; each
// part keeps its own content closed.
func makeDataDir(dir string) error {
	return os.MkdirAll(dir, 0o711) //nolint:gosec // Passing through is not reading; see above.
}
