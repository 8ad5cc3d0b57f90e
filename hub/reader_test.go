package hub

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var start = time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)

func newTopic(tb testing.TB) *Topic {
	tb.Helper()
	return NewTopic("agents", "e7", StateLimits, nil)
}

// stateOf returns the published state as the topic encodes it.
func stateOf(t *Topic) string {
	body := t.Snapshot(start).Body()
	return string(body[:len(body)-1])
}

// message is a frame as a foreign client parses it.
type message struct {
	Op      string          `json:"op"`
	ID      *int64          `json:"id"`
	Sub     int64           `json:"sub"`
	Topic   string          `json:"topic"`
	Epoch   string          `json:"epoch"`
	Version uint64          `json:"version"`
	From    uint64          `json:"from"`
	Seq     uint64          `json:"seq"`
	At      string          `json:"at"`
	Now     string          `json:"now"`
	Sum     string          `json:"sum"`
	State   map[string]any  `json:"state"`
	Patch   json.RawMessage `json:"patch"`
}

// reader is a client that knows only the contract: it rebuilds the state from what it reads.
type reader struct {
	t       require.TestingT
	outbox  *Outbox
	s       *Subscriber
	state   any
	epoch   Epoch
	version uint64
	// onState is called after each snapshot and delta.
	onState func(version uint64, canonical string)
}

func newReader(t require.TestingT, bound int) *reader {
	o := NewOutbox(bound, nil)
	return &reader{t: t, outbox: o, s: NewSubscriber(7, o)}
}

// read takes one frame, and returns nil when none waits or the outbox is closed.
func (r *reader) read() *message {
	frame, ok, err := r.outbox.Take()
	if err != nil || !ok {
		return nil
	}
	var whole bytes.Buffer
	n, err := frame.WriteTo(&whole)
	require.NoError(r.t, err)
	require.EqualValues(r.t, frame.Len(), n)
	decoder := json.NewDecoder(&whole)
	decoder.DisallowUnknownFields()
	var m message
	require.NoError(r.t, decoder.Decode(&m))
	require.Equal(r.t, string(frame.Op), m.Op)
	switch frame.Op {
	case OpSnapshot:
		require.NotNil(r.t, m.State)
		r.state, r.epoch, r.version = any(m.State), Epoch(m.Epoch), m.Version
	case OpDelta:
		require.Equal(r.t, r.version, m.From)
		require.Equal(r.t, string(r.epoch), m.Epoch)
		require.Greater(r.t, m.Version, m.From)
		var patch any
		require.NoError(r.t, json.Unmarshal(m.Patch, &patch))
		r.state, r.version = mergePatch(r.state, patch), m.Version
	case OpBeat:
	case OpSum:
		require.Equal(r.t, r.version, m.Version)
		digest := sha256.Sum256([]byte(reference(r.state)))
		require.Equal(r.t, hex.EncodeToString(digest[:]), m.Sum)
	}
	if r.onState != nil && (frame.Op == OpSnapshot || frame.Op == OpDelta) {
		r.onState(r.version, reference(r.state))
	}
	return &m
}

func (r *reader) readAll() []*message {
	var all []*message
	for m := r.read(); m != nil; m = r.read() {
		all = append(all, m)
	}
	return all
}
