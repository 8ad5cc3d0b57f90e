package history

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
)

// chopped is a stream that gives small batches, so that there are many commits.
type chopped struct {
	Stream
	most int
}

func (c chopped) Consume(ctx context.Context, from uint64, batch func([]stream.Message) error) error {
	r := rand.New(rand.NewPCG(from, 1))
	return c.Stream.Consume(ctx, from, func(got []stream.Message) error {
		for len(got) > 0 {
			n := min(len(got), 1+r.IntN(c.most))
			if err := batch(got[:n]); err != nil {
				return err
			}
			got = got[n:]
		}
		return nil
	})
}

// some is a part of the shared conversations that is long enough to meet everything.
func some(t *testing.T) []event.Event {
	t.Helper()
	return star(t)[:3000]
}

// uninterrupted is what the tables hold after one writer has stored the events.
func uninterrupted(t *testing.T, events []event.Event) map[string][]string {
	t.Helper()
	d := newDesk(t)
	d.publish(events...)
	d.write()
	return d.dump()
}

// small makes a writer of many small commits.
func (d *desk) small() *Writer {
	w := d.writer()
	w.s = chopped{d.Stream, 400}
	w.enough, w.pause = 200, time.Millisecond
	return w
}

func TestWriterKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	events := some(t)
	want := uninterrupted(t, events)
	d := newDesk(t)
	d.publish(events...)
	for target := uint64(100); target < uint64(len(events)); target += 100 + rand.Uint64N(700) {
		w := d.small()
		w.c.StopTimeout = 1 // nothing is finished
		end := d.run(w)
		d.awaitUpTo(w, target)
		require.NoError(t, end())
	}
	d.write()
	d.requireDump(want)
	requireVerified(t, d)
}

// TestWriterEndsAtItsBeginning tells a writer to end at the moment at which its states
// are loaded, and a little later: nobody may look at what is being made then.
func TestWriterEndsAtItsBeginning(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.publish(says("desk", 0, 3)...)
	d.write()
	for i := range 60 {
		w := d.writer()
		ctx, cancel := context.WithCancel(t.Context())
		w.c.OnCommit = func(uint64, uint64) { time.AfterFunc(time.Duration(i)*20*time.Microsecond, cancel) }
		require.NoError(t, w.Run(ctx))
	}
}

var errBroken = errors.New("broken for the test")

// TestAnswerToTheLastCommitIsLost tells whoever waits for the commit all the same.
func TestAnswerToTheLastCommitIsLost(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.publish(says("desk", 0, 3)...)
	var told atomic.Uint64
	w := d.writer()
	w.log, w.pause = zerolog.Nop(), time.Millisecond
	w.c.OnCommit = func(seq, _ uint64) { told.Store(seq) }
	w.hooks.afterCommit = func(*batch) error { return errBroken }
	end := d.run(w)
	require.Eventually(t, func() bool { return told.Load() == 3 }, 2*patience, time.Millisecond)
	require.NoError(t, end())
}

func TestCommitFailsAtItsWorstMoments(t *testing.T) {
	t.Parallel()
	events := some(t)
	want := uninterrupted(t, events)
	d := newDesk(t)
	d.publish(events...)
	var before, after atomic.Int64
	w := d.small()
	w.log = zerolog.Nop()
	w.hooks.beforeCommit = func(*batch) error {
		if before.Add(1)%5 == 0 {
			return errBroken
		}
		return nil
	}
	w.hooks.afterCommit = func(*batch) error { // as if the answer to COMMIT never came
		if after.Add(1)%7 == 0 {
			return errBroken
		}
		return nil
	}
	end := d.run(w)
	d.await(w)
	require.NoError(t, end())
	require.Greater(t, before.Load(), int64(7))
	d.requireDump(want)
}

func TestOneOfTwoWritersIsFenced(t *testing.T) {
	t.Parallel()
	events := some(t)
	want := uninterrupted(t, events)
	d := newDesk(t)
	d.publish(events...)
	errs := make(chan error, 2)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var holding atomic.Int32
	met := make(chan struct{}) // both have a batch before one of them stores his: else one might be done before the other begins
	writers := []*Writer{d.small(), d.small()}
	for _, w := range writers {
		w.c.Hold = func(ctx context.Context, _ uint64) error {
			if holding.Add(1) == 2 {
				close(met)
			}
			select {
			case <-met:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		go func() { errs <- w.Run(ctx) }()
	}
	require.ErrorIs(t, <-errs, ErrFenced)
	left := writers[0]
	if errors.Is(left.Status().Err, ErrFenced) {
		left = writers[1]
	}
	d.await(left)
	cancel()
	require.NoError(t, <-errs)
	d.requireDump(want)
}

// TestStreamLostItsTail puts an older copy of the stream back under a writer
// that had read more, and lets other events have the lost ones' sequences.
func TestStreamLostItsTail(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.publish(says("desk", 0, 50)...)
	d.stop()
	older := t.TempDir()
	require.NoError(t, os.CopyFS(older, os.DirFS(d.opts.StoreDir)))
	d.start()
	require.Eventually(t, func() bool { _, err := d.Last(t.Context()); return err == nil }, 2*patience, 5*time.Millisecond)
	d.publish(says("desk", 50, 30)...)
	d.write()
	require.Equal(t, 80, d.count(`SELECT count(*) FROM events`))

	d.stop()
	d.opts.StoreDir = older
	d.start()
	require.Eventually(t, func() bool {
		last, err := d.Last(t.Context())
		return err == nil && last == 50
	}, 2*patience, 5*time.Millisecond)
	// Half of what was lost comes again, in another order, and new events.
	d.publish(append(says("desk", 100, 40), says("desk", 60, 20)...)...)
	w := d.writer()
	end := d.run(w)
	d.await(w)
	require.EqualValues(t, 2, w.Status().Epoch)
	require.EqualValues(t, 1, w.Status().LostTails)
	require.NoError(t, end())
	require.Equal(t, 120, d.count(`SELECT count(*) FROM events`))
	require.Equal(t, 120, d.count(`SELECT sum(messages_received) FROM contributions WHERE NOT per_agent`))
	require.Equal(t, 110, d.count(`SELECT seq FROM cursors`))
	requireVerified(t, d)

	// Once settled, it is the same stream.
	d.publish(says("desk", 200, 5)...)
	w = d.writer()
	end = d.run(w)
	d.await(w)
	require.EqualValues(t, 2, w.Status().Epoch)
	require.NoError(t, end())
	require.Equal(t, 125, d.count(`SELECT count(*) FROM events`))
}

// TestStreamShorterThanCursor loses the tail and gets nothing in its place.
func TestStreamShorterThanCursor(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.publish(says("desk", 0, 20)...)
	d.write()
	d.stop()
	d.opts.StoreDir = t.TempDir() // a stream made anew
	d.start()
	d.open()
	w := d.writer()
	end := d.run(w)
	require.Eventually(t, func() bool { return w.Status().Epoch == 2 && w.Status().Running }, 2*patience, time.Millisecond)
	d.publish(says("desk", 10, 20)...)
	d.await(w)
	require.NoError(t, end())
	require.Equal(t, 30, d.count(`SELECT count(*) FROM events`))
	require.Equal(t, 30, d.count(`SELECT sum(messages_received) FROM contributions WHERE NOT per_agent`))
}

func TestGapIsSaidAndPassed(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.publish(says("desk", 0, 10)...)
	d.write()
	d.publish(says("desk", 10, 10)...)
	require.NoError(t, d.Purge(t.Context(), 16))
	registry := prometheus.NewRegistry()
	w := d.db.NewWriter(d.Stream, WriterConfig{Registerer: registry})
	end := d.run(w)
	d.await(w)
	require.EqualValues(t, 1, w.Status().Gaps)
	require.InDelta(t, 1, counted(t, w.meters.gaps), 0)
	require.InDelta(t, 5, counted(t, w.meters.events), 0)
	require.NoError(t, end())
	require.Equal(t, 15, d.count(`SELECT count(*) FROM events`))
	gathered, err := registry.Gather()
	require.NoError(t, err)
	require.Greater(t, len(gathered), 10)
}

// TestSameEventAgain publishes events again that were stored long ago in event
// time, within the hour, in the same batch, and with another time.
func TestSameEventAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	raw := func(e event.Event) stream.Message {
		b, err := e.Encode()
		require.NoError(t, err)
		return stream.Message{Subject: e.Subject(), Raw: b} // without an id for the stream
	}
	publish := func(list ...stream.Message) {
		for _, r := range d.PublishMessages(t.Context(), list) {
			require.NoError(t, r.Err)
		}
	}
	long := 3 * 60 * 60
	publish(raw(say("desk", 0)), raw(say("desk", 1)), raw(say("desk", 1)), raw(say("desk", long)))
	d.write()
	moved := say("desk", 0)
	moved.Time = moved.Time.Add(time.Microsecond)
	publish(raw(say("desk", 0)), raw(say("desk", long)), raw(moved), raw(say("desk", long+1)))
	d.write()
	require.Equal(t, 4, d.count(`SELECT count(*) FROM events`))
	require.Equal(t, 4, d.count(`SELECT sum(messages_received) FROM contributions WHERE NOT per_agent`))
	refused, err := d.Refused(t.Context(), "desk", 0, 10)
	require.NoError(t, err)
	require.Len(t, refused, 1)
	require.Equal(t, event.IDReused, refused[0].Refusal.Reason)
	require.Equal(t, 8, d.count(`SELECT seq FROM cursors`))
	requireVerified(t, d)
}

// TestEventStoredBehindTheWritersBack is what UNIQUE is for: the state does not
// know an event that the table holds.
func TestEventStoredBehindTheWritersBack(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.publish(says("desk", 0, 5)...)
	w := d.writer()
	end := d.run(w)
	d.await(w)
	b := newBatch()
	e := say("desk", 7)
	raw, err := e.Encode()
	require.NoError(t, err)
	b.event(1, &stream.Message{Seq: 3, Arrived: noon, Raw: raw}, &e)
	conn, err := d.db.connect(t.Context())
	require.NoError(t, err)
	defer hangUp(t.Context(), conn)
	require.NoError(t, b.events.send(t.Context(), conn, copyEvents))
	d.publish(says("desk", 5, 5)...)
	d.await(w)
	require.NoError(t, end())
	require.Equal(t, 10, d.count(`SELECT count(*) FROM events`))
	// It was not folded, and it is stored: that is for verify to say.
	require.Equal(t, 9, d.count(`SELECT sum(messages_received) FROM contributions WHERE NOT per_agent`))
	require.InDelta(t, 1, counted(t, w.meters.failures), 0)
}

func TestRefusedEventsAreKeptOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	bad := []stream.Message{
		{Subject: "floor.desk.message.sent.c1", Raw: []byte("{")},
		{Subject: "floor.desk.message.sent.c1", Raw: []byte(`{"specversion":"1.0"}`)},
		{Subject: "floor.desk.message.sent.c1", Raw: []byte("\xff\x00")},
	}
	e := say("desk", 1)
	raw, err := e.Encode()
	require.NoError(t, err)
	bad = append(bad, stream.Message{Subject: "floor.other.message.sent.c1", Raw: raw})
	for _, r := range d.PublishMessages(t.Context(), bad) {
		require.NoError(t, r.Err)
	}
	wrong := event.New("desk", event.ServerSource, "p1", noon, &event.TenantConfigured{Profile: "no such preset"})
	d.publish(wrong, say("desk", 1))
	var failures atomic.Int64
	w := d.writer()
	w.hooks.beforeCommit = func(*batch) error {
		if failures.Add(1) <= 2 {
			return errBroken
		}
		return nil
	}
	end := d.run(w)
	d.await(w)
	require.NoError(t, end())
	refused, err := d.Refused(t.Context(), "", 0, 100)
	require.NoError(t, err)
	reasons := map[string]int{}
	for _, r := range refused {
		reasons[string(r.Refusal.Reason)]++
	}
	require.Equal(t, map[string]int{"not_json": 2, "missing_field": 1, "subject_mismatch": 1, "invalid_field": 1}, reasons)
	require.Equal(t, 1, d.count(`SELECT count(*) FROM events`))

	// A message that cannot be read stands at the cursor.
	for _, r := range d.PublishMessages(t.Context(), bad[:1]) {
		require.NoError(t, r.Err)
	}
	d.write()
	d.publish(say("desk", 2))
	w = d.writer()
	end = d.run(w)
	d.await(w)
	require.EqualValues(t, 1, w.Status().Epoch)
	require.NoError(t, end())
	require.Equal(t, 2, d.count(`SELECT count(*) FROM events`))
}

func TestEventsOfAnyMonthHaveAPartition(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var events []event.Event
	for i, at := range []time.Time{
		time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(2001, 12, 31, 23, 59, 59, 999_999_000, time.UTC),
		time.Date(2002, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC),
		time.Now(),
	} {
		e := say("desk", i)
		e.Time = at.UTC().Truncate(time.Microsecond)
		events = append(events, e)
	}
	d.publish(events...)
	d.write()
	require.Equal(t, 5, d.count(`SELECT count(*) FROM events`))
	require.Equal(t, 1, d.count(`SELECT count(*) FROM events_2001_12`))
	require.Equal(t, 1, d.count(`SELECT count(*) FROM events_2002_01`))
	require.Equal(t, 0, d.count(`SELECT count(*) FROM events_2024_03`))
}

// TestDeepAndOddEvents stores whatever the decoder takes: an event that
// PostgreSQL alone refused would stop a writer for ever.
func TestDeepAndOddEvents(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for i, extra := range oddMembers() {
		e := say("desk", i)
		raw, err := e.Encode()
		require.NoError(t, err)
		raw = append(append(raw[:len(raw)-1], `,"extra":`...), extra+"}"...)
		if _, err := event.Decode(raw); err != nil {
			continue
		}
		for _, r := range d.PublishMessages(t.Context(), []stream.Message{{Subject: e.Subject(), Raw: raw}}) {
			require.NoError(t, r.Err)
		}
	}
	last, err := d.Last(t.Context())
	require.NoError(t, err)
	require.NotZero(t, last)
	d.write()
	require.EqualValues(t, last, d.count(`SELECT count(*) FROM events`))
}

func TestHoldKeepsTheWriterBehindTheHub(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.publish(says("desk", 0, 10)...)
	applied := make(chan uint64)
	var committed atomic.Uint64
	w := d.db.NewWriter(d.Stream, WriterConfig{
		Hold: func(ctx context.Context, seq uint64) error {
			select {
			case applied <- seq:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		},
		OnCommit: func(seq, _ uint64) { committed.Store(seq) },
	})
	end := d.run(w)
	require.Eventually(t, func() bool { return w.Status().Running }, 2*patience, time.Millisecond)
	require.Zero(t, w.Cursor())
	for last := uint64(0); last < 10; { // in one batch, or on a busy machine in several
		last = <-applied
		require.LessOrEqual(t, last, uint64(10))
	}
	d.await(w)
	require.Eventually(t, func() bool { return committed.Load() == 10 }, 2*patience, time.Millisecond)
	require.True(t, w.Status().CaughtUp)
	d.publish(says("desk", 10, 1)...)
	require.NoError(t, end()) // while it is held
	require.Equal(t, 10, d.count(`SELECT seq FROM cursors`))
}

func TestPurgeKeepsTheMarginAndTheCursor(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.publish(says("desk", 0, 100)...)
	w := d.writer()
	end := d.run(w)
	d.await(w)
	d.publish(says("desk", 100, 1)...)
	d.await(w)
	require.NoError(t, end())
	first := func() uint64 {
		st, err := d.State(t.Context())
		require.NoError(t, err)
		return st.First
	}
	purge := func(now time.Time, change func(*stream.State)) {
		st, err := d.State(t.Context())
		require.NoError(t, err)
		change(&st)
		require.NoError(t, w.purge(t.Context(), st, now))
	}
	same := func(*stream.State) {}
	purge(time.Now(), same)
	require.EqualValues(t, 1, first(), "all came in lately")
	purge(time.Now(), func(st *stream.State) { st.MaxBytes = st.Bytes })
	require.InDelta(t, 50, first(), 2, "no more than half of the room")
	m, err := d.At(t.Context(), 70)
	require.NoError(t, err)
	purge(m.Arrived.Add(w.c.StreamKeep), same)
	require.EqualValues(t, 70, first(), "what came in since")
	d.publish(says("desk", 101, 10)...)
	purge(time.Now().Add(48*time.Hour), same)
	require.EqualValues(t, 101, first(), "the message at the cursor stays")
	d.write()
	require.Equal(t, 111, d.count(`SELECT count(*) FROM events`))
	require.Equal(t, 1, d.count(`SELECT epoch FROM cursors`))
}

func counted(t *testing.T, c prometheus.Counter) float64 {
	t.Helper()
	var m dto.Metric
	require.NoError(t, c.Write(&m))
	return m.GetCounter().GetValue()
}
