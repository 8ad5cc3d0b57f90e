package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
)

// position is how far a file has been replayed, and by how much its times were
// moved. It is kept in the data directory under what the replay depends on, so
// that a copy of the file is the same file.
type position struct {
	path string

	Lines int64     `json:"lines"`          // that were dealt with; 0 when it is through
	Shift int64     `json:"shift_seconds"`  // of every time, with --rebase
	Made  time.Time `json:"made,omitzero"`  // when the shift was
	Ended time.Time `json:"ended,omitzero"` // when it was through the last time
}

// openPosition reads what an earlier replay of the same left.
func openPosition(s settings, sum, url, tenant, rebase string) (*position, error) {
	key := sha256.Sum256([]byte(strings.Join([]string{sum, url, tenant, rebase}, "\x00")))
	p := &position{path: filepath.Join(s.DataDir, "replay", hex.EncodeToString(key[:16])+".json")}
	text, err := os.ReadFile(p.path)
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, p); err != nil || p.Lines < 0 {
		return nil, fmt.Errorf("%s, where the position of this replay is kept, cannot be read; remove it to start over", p.path)
	}
	return p, nil
}

// keep replaces the file as a whole.
func (p *position) keep() error {
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	dir := filepath.Dir(p.path)
	if err := makeDataDir(filepath.Dir(dir)); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	fresh := p.path + ".new"
	if err := os.WriteFile(fresh, text, 0o600); err != nil {
		return err
	}
	return os.Rename(fresh, p.path)
}
