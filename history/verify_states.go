package history

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"reflect"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
)

// same reports whether two values of a column say the same though their texts differ.
func (r *Report) same(t *table, row map[string]jsontext.Value, column string, computed, stored jsontext.Value) (bool, error) {
	switch {
	case t == &derived[inEntities]:
		return r.sameState(row, computed, stored)
	case t == &derived[inTenants] && column == "settings":
		return sameSettings(row, computed, stored)
	}
	return false, nil
}

// sameSettings reports whether two settings of a tenant are read as the same: an
// earlier program wrote fewer.
func sameSettings(row map[string]jsontext.Value, computed, stored jsontext.Value) (bool, error) {
	var preset string
	if err := json.Unmarshal(row["profile"], &preset); err != nil {
		return false, fmt.Errorf("read a tenant's profile: %w", err)
	}
	a, err := storedProfile(preset, 0, computed)
	if err != nil {
		return false, err
	}
	b, err := storedProfile(preset, 0, stored)
	return err == nil && reflect.DeepEqual(a.Settings, b.Settings), nil // what cannot be read is not the same
}

// sameState reports whether two states of an entity say the same. How one was
// written bears on its bytes: an earlier program wrote what has come back to nothing,
// and the writer drops an agent's old days and notices after a batch, a replay when it
// ends.
func (r *Report) sameState(row map[string]jsontext.Value, computed, stored jsontext.Value) (bool, error) {
	var ref fold.Ref
	if err := json.Unmarshal(row["kind"], &ref.Kind); err != nil {
		return false, fmt.Errorf("read an entity's kind: %w", err)
	}
	if err := json.Unmarshal(row["id"], &ref.ID); err != nil {
		return false, fmt.Errorf("read an entity's id: %w", err)
	}
	states := make([][]byte, 2)
	for i, raw := range []jsontext.Value{computed, stored} {
		var text string // as PostgreSQL writes bytes: \x and digits
		if err := json.Unmarshal(raw, &text); err != nil {
			return false, fmt.Errorf("read a state: %w", err)
		}
		state, err := hex.DecodeString(strings.TrimPrefix(text, `\x`))
		if err != nil {
			return false, fmt.Errorf("read a state: %w", err)
		}
		states[i] = state
	}
	return r.sameStates(ref, states[0], states[1])
}

func (r *Report) sameStates(ref fold.Ref, computed, stored []byte) (bool, error) {
	a, err := r.canonical(ref, computed)
	if err != nil {
		return false, err
	}
	b, err := r.canonical(ref, stored)
	return bytes.Equal(a, b), err
}

// canonical is a state as the fold writes it, without what may be dropped: the days
// of agents, which have a table of their own, and their notices of long ago.
func (r *Report) canonical(ref fold.Ref, state []byte) ([]byte, error) {
	st := fold.New(r.Tenant)
	if err := st.Bring(ref, state); err != nil {
		return nil, err
	}
	if a, ok := st.Agent(event.AgentID(ref.ID)); ok {
		a.Days = nil
		for id, n := range a.Notices {
			if n.Old(r.latest) {
				delete(a.Notices, id)
			}
		}
	}
	return st.Encode(ref)
}
