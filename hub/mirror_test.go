package hub

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// mirrored is a topic, one that mirrors it, and a reader of each.
type mirrored struct {
	topic  *Topic
	mirror *Mirror
	relay  *Outbox // what goes over
	now    time.Time
}

func newMirrored() *mirrored {
	m := &mirrored{
		topic: NewTopic(TopicWallboard, "e-1", StateLimits, nil), mirror: NewMirror(Request{Topic: TopicWallboard}, nil),
		relay: NewOutbox(1<<20, nil), now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
	}
	m.topic.Subscribe(NewSubscriber(1, m.relay), nil, m.now)
	return m
}

func whole(f Frame) []byte { return append(append([]byte(nil), f.Head()...), f.Body()...) }

// carry takes what waits over to the mirror; some deltas are lost.
func (m *mirrored) carry(t *testing.T, lose func() bool) {
	t.Helper()
	for {
		f, ok, err := m.relay.Take()
		require.NoError(t, err)
		if !ok {
			return
		}
		switch {
		case f.Op == OpSnapshot:
			require.NoError(t, m.mirror.Adopt(whole(f), nil, m.now))
		case f.Op == OpDelta && !lose():
			if err := m.mirror.Take(f.Body(), m.now); err != nil {
				require.ErrorIs(t, err, ErrMirror)
				require.NoError(t, m.mirror.Adopt(whole(m.topic.Snapshot(m.now)), nil, m.now))
			}
		}
	}
}

// client is what a reader's frames make of the state.
type client struct {
	out     *Outbox
	state   any
	epoch   string
	version uint64
	ops     []Op
	sum     string
}

func (c *client) read(t *testing.T, most int) {
	t.Helper()
	for range most {
		f, ok, err := c.out.Take()
		require.NoError(t, err)
		if !ok {
			return
		}
		var got struct {
			Epoch         string
			Version, From uint64
			State, Patch  any
			Sum           string
		}
		require.NoError(t, json.Unmarshal(whole(f), &got))
		c.ops = append(c.ops, f.Op)
		switch f.Op {
		case OpSnapshot:
			c.state = got.State
		case OpDelta:
			require.Equal(t, c.version, got.From)
			require.Equal(t, c.epoch, got.Epoch)
			c.state = merge(c.state, got.Patch)
		case OpSum:
			require.Equal(t, c.version, got.Version)
			c.sum = got.Sum
			continue
		case OpBeat:
		}
		c.epoch, c.version = got.Epoch, got.Version
	}
}

// merge is RFC 7396.
func merge(target, patch any) any {
	members, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	was, ok := target.(map[string]any)
	if !ok {
		was = map[string]any{}
	}
	for k, v := range members {
		if v == nil {
			delete(was, k)
		} else {
			was[k] = merge(was[k], v)
		}
	}
	return was
}

// change edits the topic at random.
func (m *mirrored) change(r *rand.Rand) {
	path := func() []string {
		p := []string{fmt.Sprint("a", r.IntN(4))}
		for r.IntN(2) == 0 && len(p) < 4 {
			p = append(p, fmt.Sprint("b", r.IntN(3)))
		}
		return p
	}
	for range 1 + r.IntN(4) {
		switch r.IntN(6) {
		case 0:
			m.topic.Delete(path()...)
		case 1:
			m.topic.Set(Object{}, path()...)
		case 2:
			m.topic.Set(Object{"x": int64(r.IntN(9)), "y": Object{}, "z": []any{"text", 1.5, true}}, path()...)
		case 3:
			m.topic.Set(0.1*float64(r.IntN(1000)), path()...)
		case 4:
			m.topic.Set(int64(1)<<60+int64(r.IntN(1000)), path()...)
		default:
			m.topic.Set(fmt.Sprint("text <&> é\u2028", r.IntN(9)), path()...)
		}
	}
	m.now = m.now.Add(100 * time.Millisecond)
	m.topic.Flush(m.now, uint64(r.IntN(1000)))
}

// TestMirrorIsTheTopic edits a topic at random, loses one delta in ten on the way
// and lets one of the mirror's readers be slow: the mirror has the topic's
// checksum whenever it is at its version, and so has what its readers made of
// their frames.
func TestMirrorIsTheTopic(t *testing.T) {
	t.Parallel()

	r := rand.New(rand.NewPCG(7, 7))
	m := newMirrored()
	quick, slow := &client{out: NewOutbox(1<<16, nil)}, &client{out: NewOutbox(2000, nil)}
	quickReader, slowReader := NewSubscriber(1, quick.out), NewSubscriber(2, slow.out)
	m.mirror.Subscribe(quickReader, nil, m.now) // before there is a state
	m.mirror.Subscribe(slowReader, nil, m.now)
	lost := 0
	for n := range 3000 {
		m.change(r)
		m.carry(t, func() bool {
			if r.IntN(10) == 0 {
				lost++
				return true
			}
			return false
		})
		m.mirror.Flush(m.now)
		quick.read(t, 1000)
		if n%40 == 0 {
			slow.read(t, 1000)
		}
		if m.mirror.Position() != m.topic.Position() {
			continue
		}
		version, sum := m.topic.Sum()
		require.Equal(t, version, quick.version)
		require.True(t, m.mirror.Check(quickReader, 1))
		quick.read(t, 10)
		require.Equal(t, sum, quick.sum)
	}
	require.Greater(t, lost, 100)
	slow.read(t, 1000)
	for range 3 { // what it was skipped, and what came since
		m.carry(t, func() bool { return false })
		m.mirror.Flush(m.now)
		slow.read(t, 1000)
	}
	require.Equal(t, Position{Epoch(slow.epoch), slow.version}, m.topic.Position())
	require.True(t, m.mirror.Check(slowReader, 2))
	slow.read(t, 10)
	_, sum := m.topic.Sum()
	require.Equal(t, sum, slow.sum)
	require.Contains(t, slow.ops[1:], OpSnapshot)
}

// TestMirrorResumes: who was at another server has the deltas that he lacks if
// the backlog has them, and otherwise a snapshot.
func TestMirrorResumes(t *testing.T) {
	t.Parallel()

	m := newMirrored()
	var deltas [][]byte
	for n := range 5 {
		m.topic.Set(int64(n+1), "n")
		m.topic.Flush(m.now, 1)
	}
	for {
		f, ok, err := m.relay.Take()
		require.NoError(t, err)
		if !ok {
			break
		}
		if f.Op == OpDelta {
			deltas = append(deltas, f.Body())
		}
	}
	one := func(since Position) []Op {
		c := &client{out: NewOutbox(1<<16, nil), epoch: string(since.Epoch), version: since.Version}
		mirror := NewMirror(Request{Topic: TopicWallboard}, nil)
		mirror.Subscribe(NewSubscriber(1, c.out), &since, m.now)
		require.NoError(t, mirror.Adopt(whole(m.topic.Snapshot(m.now)), deltas[2:], m.now))
		c.read(t, 100)
		require.Equal(t, Position{Epoch(c.epoch), max(c.version, since.Version)}, m.topic.Position())
		return c.ops
	}
	require.Equal(t, []Op{OpDelta, OpDelta, OpDelta}, one(Position{"e-1", 2}))
	require.Equal(t, []Op{OpDelta}, one(Position{"e-1", 4}))
	require.Empty(t, one(Position{"e-1", 5}))
	require.Equal(t, []Op{OpSnapshot}, one(Position{"e-1", 1}), "the backlog begins behind it")
	require.Equal(t, []Op{OpSnapshot}, one(Position{"e-0", 4}), "another epoch")
	require.ErrorIs(t, m.mirror.Adopt([]byte(`{"epoch":"e","version":1}`), nil, m.now), ErrMirror)
	require.ErrorIs(t, m.mirror.Adopt([]byte(`{`), nil, m.now), ErrMirror)
	require.ErrorIs(t, m.mirror.Take(deltas[0], m.now), ErrMirror)
	require.ErrorIs(t, m.mirror.Take([]byte(`"x`), m.now), ErrMirror)
}
