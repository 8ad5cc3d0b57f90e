package history

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
)

var errCut = errors.New("cut off")

// underWecom is what the desk holds if it had that profile from the beginning.
func underWecom(t *testing.T, events []event.Event) map[string][]string {
	t.Helper()
	d := newDesk(t)
	d.publish(append([]event.Event{configure("profile/9", "wecom", `{"timezone":"Asia/Shanghai"}`)}, events[1:]...)...)
	d.write()
	return d.dump()
}

var foldedTables = []string{"contributions", "conversations", "agent_days", "customers", "agents", "channels", "teams"}

// TestRecomputationGoesOn cuts a recomputation off after some steps, while the
// writer goes on writing: what is in force stays, and the next attempt goes on
// from the last step.
func TestRecomputationGoesOn(t *testing.T) {
	t.Parallel()
	events := some(t)
	want := underWecom(t, events)
	d := newDesk(t)
	ctx := t.Context()
	d.publish(events[:len(events)-600]...)
	w := d.small()
	end := d.run(w)
	d.await(w)
	old := d.dump()
	change := &Change{Preset: "wecom", Settings: []byte(`{"timezone":"Asia/Shanghai"}`), By: "test", At: noon}
	r := d.db.NewRecomputing(RecomputingConfig{Publish: func(ctx context.Context, e *event.Event) (uint64, error) {
		ack, err := d.Publish(ctx, e)
		return ack.Seq, err
	}, Logger: testLogger(t)})
	now, stored, err := d.db.profileOf(ctx, starTenant)
	require.NoError(t, err)
	require.True(t, stored)
	o, err := r.orderOf(starTenant, now, change)
	require.NoError(t, err)
	require.NoError(t, d.db.beginRecompute(ctx, o))

	conn, err := d.db.connect(ctx)
	require.NoError(t, err)
	first, err := d.db.resumeRecompute(ctx, conn, starTenant, forProfile)
	require.NoError(t, err)
	steps := 0
	first.window, first.near = 100, 50
	first.stepped = func() error {
		if steps++; steps == 1 {
			d.publish(events[len(events)-600 : len(events)-300]...)
			d.await(w) // nobody holds the writer up
		}
		if steps == 3 {
			return errCut
		}
		return nil
	}
	require.ErrorIs(t, first.run(ctx), errCut)
	hangUp(ctx, conn)
	p, err := r.Progress(ctx, starTenant)
	require.NoError(t, err)
	require.Equal(t, stateRunning, p.State)
	require.Equal(t, "wecom@2", p.Profile)
	require.Positive(t, p.Events)
	require.Less(t, p.Events, p.Total)
	require.InDelta(t, 100*float64(p.Events)/float64(p.Total), p.Percent, 0.1)
	require.Equal(t, len(old["agents"]), d.count(`SELECT count(*) FROM agents WHERE tenant = 'star'`), "the old rows are where they were")

	require.NoError(t, r.Start(ctx)) // as the next server does
	r.Wait(ctx, starTenant)
	p, err = r.Progress(ctx, starTenant)
	require.NoError(t, err)
	require.Equal(t, stateDone, p.State, p.Error)
	require.Equal(t, 1, p.Resumed)
	require.InDelta(t, 100, p.Percent, 0)
	d.publish(events[len(events)-300:]...)
	d.await(w)
	r.Stop()
	require.NoError(t, end())
	requireVerified(t, d)
	got := d.dump()
	for _, table := range foldedTables {
		require.Equal(t, want[table], got[table], table)
	}
	require.Equal(t, 1, d.count(`SELECT count(*) FROM events WHERE type = 'tenant.configured' AND id = 'configured/test' AND seq > $1`, p.Events/2))
	require.Zero(t, d.count(`SELECT count(*) FROM contributions WHERE tenant = 'star'`), "rows that nobody reads are deleted")
	require.Zero(t, d.count(`SELECT count(*) FROM abandoned_rows`))
}

// TestLatestProfileWins changes the profile twice; one that bears on nothing that
// is stored is in force at once.
func TestLatestProfileWins(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ctx := t.Context()
	switched := 0
	r := d.db.NewRecomputing(RecomputingConfig{
		Publish: func(ctx context.Context, e *event.Event) (uint64, error) {
			ack, err := d.Publish(ctx, e)
			return ack.Seq, err
		},
		Switched: func(context.Context, event.TenantID) error { switched++; return nil }, Logger: testLogger(t),
	})
	require.NoError(t, r.Start(ctx))
	defer r.Stop()
	seq, progress, err := r.Configure(ctx, starTenant, &Change{Preset: "wecom", By: "1", At: noon})
	require.NoError(t, err)
	require.Positive(t, seq, "nothing is stored that could be computed anew")
	require.Nil(t, progress)
	_, err = r.Progress(ctx, starTenant)
	require.ErrorIs(t, err, ErrNotFound)
	_, err = r.Refold(ctx, "nobody")
	require.ErrorIs(t, err, ErrUnknownTenant)

	d.publish(says(starTenant, 0, 500)...)
	w := d.small()
	end := d.run(w)
	d.await(w)
	for i, zone := range []string{"America/New_York", "Asia/Kathmandu"} {
		seq, progress, err = r.Configure(ctx, starTenant, &Change{Preset: "wecom", Settings: []byte(`{"timezone":"` + zone + `"}`), By: zone, At: noon.Add(time.Duration(i) * time.Second)})
		require.NoError(t, err)
		require.Zero(t, seq)
		require.NotNil(t, progress)
	}
	r.Wait(ctx, starTenant)
	p, err := r.Progress(ctx, starTenant)
	require.NoError(t, err)
	require.Equal(t, stateDone, p.State, p.Error)
	require.GreaterOrEqual(t, switched, 1)
	d.await(w)
	seq, progress, err = r.Configure(ctx, starTenant, &Change{Preset: "wecom", Settings: []byte(`{"timezone":"Asia/Kathmandu","percent_decimals":2}`), By: "3", At: noon})
	require.NoError(t, err)
	require.Positive(t, seq)
	require.Nil(t, progress)
	d.await(w)
	now, _, err := d.db.profileOf(ctx, starTenant)
	require.NoError(t, err)
	require.Equal(t, "Asia/Kathmandu", now.Timezone)
	require.EqualValues(t, 2, now.PercentDecimals)
	require.NoError(t, end())
	requireVerified(t, d)
}
