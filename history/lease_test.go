package history

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/stream"
)

func (d *desk) leases(owner string, life time.Duration) *Leases {
	d.t.Helper()
	l, err := d.db.Leases(d.t.Context(), owner, life)
	require.NoError(d.t, err)
	d.t.Cleanup(l.Close)
	return l
}

// TestLeases: a partition has one owner, who keeps it for as long as he speaks, and
// hands it on when he is asked.
func TestLeases(t *testing.T) {
	t.Parallel()

	d := newDesk(t)
	ctx := t.Context()
	a, b, c := d.leases("a", time.Minute), d.leases("b", time.Minute), d.leases("c", time.Minute)
	take := func(l *Leases, p int16) bool {
		got, err := l.Take(ctx, p)
		require.NoError(t, err)
		return got
	}
	require.True(t, take(a, 0))
	require.True(t, take(a, 0), "who comes back has it")
	require.True(t, take(a, 1))
	require.False(t, take(b, 0))
	held, err := b.All(ctx)
	require.NoError(t, err)
	require.Equal(t, []Held{{0, "a", false}, {1, "a", false}}, held)

	require.NoError(t, b.Want(ctx, 1))
	require.NoError(t, c.Want(ctx, 1), "the first who asks is served")
	kept, err := a.Keep(ctx, []int16{0, 1})
	require.NoError(t, err)
	require.Equal(t, map[int16]Kept{0: {}, 1: {Wanted: "b"}}, kept)
	require.NoError(t, a.Give(ctx, 1, "b"))
	kept, err = a.Keep(ctx, []int16{0, 1})
	require.NoError(t, err)
	require.Equal(t, map[int16]Kept{0: {}}, kept, "it is another's")
	kept, err = b.Keep(ctx, []int16{0, 1})
	require.NoError(t, err)
	require.Equal(t, map[int16]Kept{1: {}}, kept)

	require.NoError(t, a.Give(ctx, 0, ""))
	require.True(t, take(b, 0), "at once")
	require.False(t, take(a, 0))
	_, err = d.db.pool.Exec(ctx, `UPDATE leases SET beat = beat - interval '61 seconds' WHERE partition = 0`)
	require.NoError(t, err)
	require.True(t, take(a, 0), "b was silent")
	kept, err = b.Keep(ctx, []int16{0})
	require.NoError(t, err)
	require.Empty(t, kept)
}

// spreadOver writes what stands in the stream with a writer for each partition.
func (d *desk) spreadOver(n int) {
	d.t.Helper()
	require.NoError(d.t, d.db.Spread(d.t.Context(), n))
	last, err := d.Last(d.t.Context())
	require.NoError(d.t, err)
	if n > 1 {
		last, err = d.Mark(d.t.Context(), last)
		require.NoError(d.t, err)
	}
	ctx, cancel := context.WithCancel(d.t.Context())
	defer cancel()
	done := make(chan error, n)
	for p := range n {
		w := d.db.NewWriter(d.Partition(p), WriterConfig{Partition: int16(p), Logger: testLogger(d.t)})
		w.sweeps = sweeping{events: 1, every: time.Hour, rest: 60_000}
		go func() { done <- w.Run(ctx) }()
		d.awaitUpTo(w, last)
	}
	cancel()
	for range n {
		require.NoError(d.t, <-done)
	}
}

// TestPartitionsMakeTheSameHistory stores the same events of several tenants by one
// writer and by three, whose number changes in between: the tables are the same,
// and each partition loads its own tenants.
func TestPartitionsMakeTheSameHistory(t *testing.T) {
	t.Parallel()

	tenants := []event.TenantID{"star", "moon", "sun", "mars"}
	var events []event.Event
	for i, e := range some(t)[:1600] {
		e.Tenant = tenants[(i/40)%len(tenants)]
		events = append(events, e)
	}
	one := newDesk(t)
	one.publish(events[:1200]...)
	_, err := one.Mark(t.Context(), 1200) // what is stored names sequences, and marks have some
	require.NoError(t, err)
	one.publish(events[1200:]...)
	one.write()
	want := one.dump()

	d := newDesk(t)
	d.publish(events[:600]...)
	d.spreadOver(1)
	last, err := d.Last(t.Context())
	require.NoError(t, err)
	require.NoError(t, d.db.Respreadable(t.Context(), last))
	require.NoError(t, d.Repartition(t.Context(), 3))
	d.publish(events[600:1200]...)
	d.spreadOver(3)
	require.NoError(t, d.Repartition(t.Context(), 2))
	d.publish(events[1200:]...)
	d.spreadOver(2)

	d.requireDump(want)
	for _, id := range tenants {
		report, err := d.db.Verify(t.Context(), id, 0, 1<<20, func(VerifyProgress) {})
		require.NoError(t, err)
		require.Empty(t, report.Differences)
		require.Positive(t, report.Events)
	}
	found := map[event.TenantID]*fold.State{}
	for p := range 2 {
		_, states, err := d.db.Load(t.Context(), int16(p), time.Hour)
		require.NoError(t, err)
		for id, st := range states {
			require.Equal(t, p, stream.PartitionOf(id, 2))
			require.NotContains(t, found, id)
			found[id] = st
		}
	}
	require.Len(t, found, len(tenants))
}

// TestPartitionsAreNotChangedTooSoon: not while a server works on them, and not
// while one has stored less than another.
func TestPartitionsAreNotChangedTooSoon(t *testing.T) {
	t.Parallel()

	d := newDesk(t)
	ctx := t.Context()
	require.NoError(t, d.Repartition(ctx, 2))
	d.publish(some(t)[:100]...)
	d.spreadOver(2)
	last, err := d.Last(ctx)
	require.NoError(t, err)
	require.NoError(t, d.db.Respreadable(ctx, last))
	owner := d.leases("a", 0)
	got, err := owner.Take(ctx, 0)
	require.NoError(t, err)
	require.True(t, got)
	require.ErrorIs(t, d.db.Respreadable(ctx, last), ErrSpread)
	require.NoError(t, owner.Give(ctx, 0, ""))
	d.publish(some(t)[100:110]...)
	last, err = d.Last(ctx)
	require.NoError(t, err)
	require.ErrorIs(t, d.db.Respreadable(ctx, last), ErrSpread)
	_, err = d.db.pool.Exec(ctx, `UPDATE cursors SET seq = seq - 1 WHERE partition = 1`)
	require.NoError(t, err)
	require.ErrorIs(t, d.db.Spread(ctx, 3), ErrSpread)
	require.NoError(t, d.db.Spread(ctx, 2))
}

// TestCursorsAreMadeTogether spreads the tenants over eight partitions and lets one of
// them store something: a server that stopped before the others' writers began is no
// reason to take the number for a new one.
func TestCursorsAreMadeTogether(t *testing.T) {
	ctx := t.Context()
	d := newDesk(t)
	require.NoError(t, d.db.Spread(ctx, 8))
	_, err := d.db.pool.Exec(ctx, `UPDATE cursors SET seq = 5 WHERE partition = 3`)
	require.NoError(t, err)
	require.NoError(t, d.db.Spread(ctx, 8))
	require.ErrorIs(t, d.db.Spread(ctx, 4), ErrSpread)
	require.Len(t, d.db.every(), 8)
}
