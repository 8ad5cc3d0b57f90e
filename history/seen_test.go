package history

import (
	"encoding/binary"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
)

// TestPackedEventsAreKnown packs the ids of most events, as is done while a server
// runs, and loads a state: it knows the packed ones, which are not read event by
// event any more, and those behind them.
func TestPackedEventsAreKnown(t *testing.T) {
	t.Parallel()
	events := star(t)[:3500]
	d := newDesk(t)
	d.publish(events[:3300]...)
	d.publish(says("desk", 0, 20)...)
	d.write()
	packing := seen
	packing.window = 1000
	require.NoError(t, d.db.follow(t.Context(), &packing))
	require.NoError(t, d.db.follow(t.Context(), &packing), "there is nothing more to pack")
	d.publish(events[3300:]...)
	d.write()

	var packed []byte
	require.NoError(t, d.db.pool.QueryRow(t.Context(), `SELECT string_agg(hashes, '' ORDER BY seq) FROM seen WHERE tenant = $1`, starTenant).Scan(&packed))
	var got, want []uint64
	for rest := packed; len(rest) > 0; rest = rest[8:] {
		got = append(got, binary.LittleEndian.Uint64(rest))
	}
	for i := range events[:3000] {
		want = append(want, fold.EventHash(events[i].Source, events[i].ID))
	}
	slices.Sort(got)
	slices.Sort(want)
	require.Equal(t, want, got, "whole windows only")

	seq, states, err := d.db.Load(t.Context(), 0, time.Hour)
	require.NoError(t, err)
	st := states[starTenant]
	for i := 0; i < len(events); i += 61 {
		apply(t, d.db, st, seq, &events[i], true)
	}
	strange := events[0]
	strange.ID = "never seen"
	apply(t, d.db, st, seq+1, &strange, false)
	other := says("desk", 0, 20)[7]
	apply(t, d.db, states["desk"], seq, &other, true)
}

// TestPackedEventsOfAnotherSpreading packs the same events twice, in windows that
// end at the same sequence, and one of an earlier epoch.
func TestPackedEventsOfAnotherSpreading(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	events := says("desk", 0, 30)
	d.publish(events...)
	d.write()
	packing := seen
	packing.window, packing.whole = 20, false
	require.NoError(t, d.db.follow(t.Context(), &packing))
	_, err := d.db.pool.Exec(t.Context(), `UPDATE seen_cursors SET seq = 25`)
	require.NoError(t, err)
	require.NoError(t, d.db.follow(t.Context(), &packing))
	_, err = d.db.pool.Exec(t.Context(), `UPDATE cursors SET epoch = 2`)
	require.NoError(t, err)
	require.NoError(t, d.db.follow(t.Context(), &packing))

	_, states, err := d.db.Load(t.Context(), 0, time.Hour)
	require.NoError(t, err)
	known := 0
	for i := range events {
		refs := states["desk"].Missing(&events[i], nil)
		if slices.ContainsFunc(refs, func(r fold.Ref) bool { return r.Kind == fold.KindEvent }) || states["desk"].Apply(uint64(100+i), &events[i]).Duplicate {
			known++
		}
	}
	require.Equal(t, len(events), known)
	require.Equal(t, event.TenantID("desk"), states["desk"].Tenant())
}
