package hub

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestFramesOfTheContract(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 21, 18, 0, 0, 123456789, time.FixedZone("", 8*3600))
	topic := NewTopic("wallboard", "e7", StateLimits, nil)
	topic.Set(Object{"value": 47.0 / 50, "num": 47, "den": 50}, "metrics", "reply_rate")
	topic.Flush(at, 998877)
	o := NewOutbox(OutboxBytes, nil)
	s := NewSubscriber(7, o)
	topic.Subscribe(s, nil, at)
	topic.Delete("metrics", "reply_rate", "value")
	topic.Flush(at, 998901)
	require.True(t, topic.Check(s, 5))
	require.True(t, o.Send(NewFrame("pong", []byte(`{"op":"pong","id":6}`))))
	_, sum := topic.Sum()
	for _, want := range []string{
		`{"op":"snapshot","sub":7,"topic":"wallboard","epoch":"e7","version":1,"seq":998877,"at":"2026-11-21T10:00:00.123Z","state":{"metrics":{"reply_rate":{"den":50,"num":47,"value":0.94}}}}`,
		`{"op":"delta","sub":7,"topic":"wallboard","epoch":"e7","version":2,"from":1,"seq":998901,"at":"2026-11-21T10:00:00.123Z","patch":{"metrics":{"reply_rate":{"value":null}}}}`,
		`{"op":"sum","id":5,"sub":7,"version":2,"sum":"` + sum + `"}`,
		`{"op":"pong","id":6}`,
	} {
		frame, ok, err := o.Take()
		require.NoError(t, err)
		require.True(t, ok)
		require.Equal(t, want, string(frame.Head())+string(frame.Body()))
	}
	topic.Set("edited since", "name") // it is not in the state yet, so the snapshot does not claim its seq
	plain := topic.Snapshot(at)
	require.Equal(t, `{"topic":"wallboard","epoch":"e7","version":2,"seq":998901,"at":"2026-11-21T10:00:00.123Z","state":{"metrics":{"reply_rate":{"den":50,"num":47}}}}`,
		string(plain.Head())+string(plain.Body()))
	require.Equal(t, `{"op":"beat","now":"2026-11-21T10:00:00.123Z","seq":998950,"lag_ms":3}`,
		string(NewBeat(at, 998950, 3*time.Millisecond).Body()))
}

// Deltas, snapshots, sums and what the skipped get are encoded once: readers share the very bytes.
func TestBodiesAreShared(t *testing.T) {
	t.Parallel()
	topic := newTopic(t)
	topic.Set(strings.Repeat("x", 500), "text")
	topic.version = sumEvery - 2
	topic.Flush(start, 1)
	var outboxes []*Outbox
	var subscribers []*Subscriber
	for i := range 3 {
		o := NewOutbox(400, nil)
		s := NewSubscriber(Sub(i), o)
		topic.Subscribe(s, nil, start)
		outboxes, subscribers = append(outboxes, o), append(subscribers, s)
	}
	sameBody := func(op Op) {
		t.Helper()
		var first *byte
		for _, o := range outboxes {
			frame, ok, err := o.Take()
			require.NoError(t, err)
			require.True(t, ok)
			require.Equal(t, op, frame.Op)
			if first == nil {
				first = &frame.Body()[0]
			}
			require.Same(t, first, &frame.Body()[0])
		}
	}
	sameBody(OpSnapshot)
	topic.Set(1, "n")
	topic.Flush(start, 2)
	sameBody(OpDelta)
	sameBody(OpSum) // unasked at the 1,000th version
	for _, s := range subscribers {
		topic.Check(s, 1)
	}
	sameBody(OpSum)
	for i := 2; topic.behind == 0; i++ {
		topic.Set(i, "n")
		topic.Flush(start, 3)
	}
	require.Equal(t, 3, topic.behind)
	require.Len(t, topic.lags, 1)
	topic.Set(-1, "n")
	topic.Flush(start, 3)
	for outboxes[0].bytes > 0 {
		sameBody(OpDelta)
	}
	topic.Flush(start, 4)
	sameBody(OpDelta)
	require.Empty(t, topic.lags)
}

func TestResume(t *testing.T) {
	t.Parallel()
	tally := &Tally{}
	topic := NewTopic("queue", "e7", Limits{Age: 2 * time.Minute, Bytes: 10_000}, tally)
	now := start
	for i := range 10 {
		topic.Set(i, "n")
		require.True(t, topic.Flush(now, uint64(i)))
		now = now.Add(20 * time.Second)
	}
	now = now.Add(-20 * time.Second) // of version 10; version 4 is two minutes old
	for _, c := range []struct {
		since  Position
		reason Reason
		ops    []string
	}{
		{since: Position{"e7", 10}, ops: nil},
		{since: Position{"e7", 8}, ops: []string{"delta", "delta"}},
		{since: Position{"e7", 3}, ops: []string{"delta", "delta", "delta", "delta", "delta", "delta", "delta"}},
		{since: Position{"e7", 2}, reason: ReasonBeyondRing, ops: []string{"snapshot"}},
		{since: Position{"e7", 11}, reason: ReasonBeyondRing, ops: []string{"snapshot"}},
		{since: Position{"e6", 8}, reason: ReasonOtherEpoch, ops: []string{"snapshot"}},
	} {
		r := newReader(t, 100)
		r.epoch, r.version, r.state = c.since.Epoch, c.since.Version, map[string]any{}
		require.Equal(t, c.reason, topic.Subscribe(r.s, &c.since, now))
		var ops []string
		for _, m := range r.readAll() {
			ops = append(ops, m.Op)
		}
		require.Equal(t, c.ops, ops, "%+v", c.since)
		require.EqualValues(t, 10, r.version)
		topic.Unsubscribe(r.s)
	}
	require.Equal(t, 0, topic.Readers())
	require.EqualValues(t, 2, tally.Count(ReasonBeyondRing))
	require.EqualValues(t, 1, tally.Count(ReasonOtherEpoch))

	// With nothing new the ring still grows old.
	topic.Flush(now.Add(time.Hour), 11)
	require.Equal(t, ReasonBeyondRing, topic.Subscribe(newReader(t, 100).s, &Position{"e7", 9}, now.Add(time.Hour)))
}

func TestRingBounds(t *testing.T) {
	t.Parallel()
	r := ring{age: 2 * time.Minute, most: 1000}
	for v := uint64(1); v <= 500; v++ {
		r.push(entry{version: v, at: start, body: make([]byte, 90), sum: make([]byte, 10)})
		require.LessOrEqual(t, r.bytes, 1000)
		require.LessOrEqual(t, cap(r.entries), 64)
	}
	got, ok := r.after(490)
	require.True(t, ok)
	require.Len(t, got, 10)
	require.EqualValues(t, 491, got[0].version)
	_, ok = r.after(489)
	require.False(t, ok)
	_, ok = r.after(501)
	require.False(t, ok)

	r.push(entry{version: 501, at: start.Add(2*time.Minute + 1), body: make([]byte, 1)})
	got, ok = r.after(500)
	require.True(t, ok)
	require.Len(t, got, 1)
	require.Equal(t, 1, r.bytes)

	r.push(entry{version: 502, at: start, body: make([]byte, 1001)})
	_, ok = r.after(501)
	require.False(t, ok, "larger than the ring")
	require.Equal(t, 0, r.bytes)
}

// However much passes by readers who read nothing, the outbox, the ring and the lags hold a bounded amount, and a
// reader who comes and goes without reading is not given one beginning after the other.
func TestReadersWhoReadNothing(t *testing.T) {
	t.Parallel()
	tally := &Tally{}
	topic := NewTopic("agents", "e7", FilteredLimits, tally)
	text := strings.Repeat("x", 1000)
	readers := make([]*reader, 20)
	for i := range 9_999 {
		if i < len(readers)*3 && i%3 == 0 { // who comes later stops at another version
			readers[i/3] = newReader(t, 10_000)
			topic.Subscribe(readers[i/3].s, nil, start)
		}
		topic.Set(text+string(rune('a'+i%20)), "agents", string(rune('a'+i%10)))
		require.True(t, topic.Flush(start, 1))
		require.LessOrEqual(t, len(topic.lags), mostLags)
	}
	require.LessOrEqual(t, topic.ring.bytes, FilteredLimits.Bytes)
	require.Equal(t, len(readers), topic.behind)
	for _, l := range topic.lags {
		require.Len(t, l.way.members, 1)
		require.LessOrEqual(t, len(l.way.members["agents"].members), 10)
	}
	for _, r := range readers {
		require.LessOrEqual(t, r.outbox.bytes, 10_000+len(stateOf(topic))+200+frameCost)
	}
	held := readers[0].outbox.bytes
	for range 1000 {
		topic.Unsubscribe(readers[0].s)
		require.Equal(t, ReasonQueueFull, topic.Subscribe(readers[0].s, nil, start))
	}
	require.Equal(t, held, readers[0].outbox.bytes)

	// They read on, and each gets one frame that brings it forward.
	for i, r := range readers {
		r.readAll()
		topic.Flush(start, 1)
		require.Len(t, r.readAll(), 1, "%d", i)
		require.Equal(t, stateOf(topic), reference(r.state))
	}
	require.Empty(t, topic.lags)
	require.EqualValues(t, len(readers), tally.Count(ReasonForward)+tally.Count(ReasonFresh))
	require.Positive(t, tally.Count(ReasonForward))
}

// A kept topic skips nothing: the connection is closed, and with since it gets all that it missed.
func TestKeptTopic(t *testing.T) {
	t.Parallel()
	tally := &Tally{}
	topic := NewTopic("notifications", "e7", KeptLimits, tally)
	o := NewOutbox(2000, tally)
	r := &reader{t: t, outbox: o, s: NewSubscriber(1, o)}
	topic.Subscribe(r.s, nil, start)
	n := 0
	for topic.Readers() == 1 {
		if n == 3 {
			r.readAll()
		}
		n++
		topic.Set(Object{"kind": "message_blocked", "n": n}, "items", "n"+string(rune('a'+n)))
		topic.Flush(start, uint64(n))
	}
	require.Equal(t, ReasonBacklog, o.Closed())
	require.Equal(t, 1013, o.Closed().CloseCode())
	require.EqualValues(t, 1, tally.Count(ReasonBacklog))
	require.Zero(t, tally.Count(ReasonQueueFull))
	require.EqualValues(t, 3, r.version)

	o = NewOutbox(2000, tally)
	r.outbox, r.s = o, NewSubscriber(1, o)
	require.Equal(t, ReasonNone, topic.Subscribe(r.s, &Position{r.epoch, r.version}, start))
	require.Len(t, r.readAll(), n-3)
	require.Equal(t, stateOf(topic), reference(r.state))
	topic.Delete("items", "nb")
	topic.Flush(start, uint64(n))
	r.readAll()
	require.Equal(t, stateOf(topic), reference(r.state))
}

func TestSubscribeElsewhere(t *testing.T) {
	t.Parallel()
	one, other := newTopic(t), newTopic(t)
	r := newReader(t, OutboxBytes)
	one.Subscribe(r.s, nil, start)
	other.Subscribe(r.s, nil, start)
	require.Equal(t, 0, one.Readers())
	require.Same(t, other, r.s.Topic())
	require.False(t, one.Check(r.s, 1))
	one.Unsubscribe(r.s)
	require.Equal(t, 1, other.Readers())
}

func TestTooManyChecks(t *testing.T) {
	t.Parallel()
	topic := newTopic(t)
	r := newReader(t, 10)
	topic.Subscribe(r.s, nil, start)
	topic.Set(1, "a")
	topic.Flush(start, 1)
	for i := range mostChecks {
		require.True(t, topic.Check(r.s, RequestID(i)))
	}
	require.False(t, topic.Check(r.s, 99))
}

func TestPositionText(t *testing.T) {
	t.Parallel()
	topic := newTopic(t)
	topic.Set(1, "a")
	topic.Flush(start, 1)
	require.Equal(t, "e7:1", topic.Snapshot(start).Position().String())
	for text, want := range map[string]Position{"e7:120": {"e7", 120}, "a:b:0": {"a:b", 0}} {
		got, err := ParsePosition(text)
		require.NoError(t, err)
		require.Equal(t, want, got)
		require.Equal(t, text, got.String())
	}
	for _, text := range []string{"", "e7", ":7", "e7:", "e7:-1", "e7:1.5", "e7:18446744073709551616"} {
		_, err := ParsePosition(text)
		require.ErrorIs(t, err, ErrPosition, "%q", text)
	}
}
