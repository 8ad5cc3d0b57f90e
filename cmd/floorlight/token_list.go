package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/live"
)

// issuedToken is what is kept of a token: who bears it, never itself.
type issuedToken struct {
	ID      live.TokenID   `json:"id"`
	Tenant  event.TenantID `json:"tenant,omitzero"`
	Role    live.Role      `json:"role,omitzero"`
	User    string         `json:"user,omitzero"`
	Agent   event.AgentID  `json:"agent,omitzero"`
	Made    time.Time      `json:"made,omitzero"`
	Expires time.Time      `json:"expires,omitzero"` // zero: when it is revoked
	Revoked time.Time      `json:"revoked,omitzero"`
}

// ends says when the token ends, or that it has.
func (t *issuedToken) ends(now time.Time) string {
	switch {
	case !t.Revoked.IsZero():
		return "revoked " + minute(t.Revoked)
	case t.Expires.IsZero():
		return "when revoked"
	case t.Expires.Before(now):
		return "ended " + minute(t.Expires)
	}
	return minute(t.Expires)
}

// tokenFile is the list, a line for each token and for each revocation.
type tokenFile string

func issuedTokens(s settings) tokenFile { return tokenFile(filepath.Join(s.DataDir, "tokens.ndjson")) }

func (f tokenFile) add(t issuedToken) error {
	line, err := json.Marshal(t)
	if err != nil {
		return err
	}
	if err := makeDataDir(filepath.Dir(string(f))); err != nil {
		return err
	}
	file, err := os.OpenFile(string(f), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(append(line, '\n')) // one write: several may append at once
	return errors.Join(err, file.Close())
}

func (f tokenFile) revoke(id live.TokenID, at time.Time) error {
	return f.add(issuedToken{ID: id, Revoked: at.UTC()})
}

// read is every token with what became of it.
func (f tokenFile) read() ([]issuedToken, error) {
	text, err := os.ReadFile(string(f))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []issuedToken
	place := map[live.TokenID]int{}
	number := 0
	for line := range bytes.Lines(text) {
		number++
		var t issuedToken
		if err := json.Unmarshal(line, &t); err != nil {
			return nil, fmt.Errorf("%s:%d cannot be read: %w", f, number, err)
		}
		at, known := place[t.ID]
		switch {
		case !known:
			place[t.ID] = len(all)
			all = append(all, t)
		case !t.Revoked.IsZero():
			all[at].Revoked = t.Revoked
		}
	}
	return all, nil
}
