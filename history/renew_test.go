package history

import (
	"context"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
)

// age makes what is stored an older program's, with numbers of its own.
func (d *desk) age() {
	d.t.Helper()
	for _, sql := range []string{
		`UPDATE contributions SET chats = chats + 1 WHERE chats > 0`, `UPDATE entities SET state = '{}' WHERE kind = 3`,
		`UPDATE cursors SET fold_version = 0, refolds = refolds + 1`,
	} {
		_, err := d.db.pool.Exec(d.t.Context(), sql)
		require.NoError(d.t, err)
	}
}

// chats are the chats of all days, and the version of the fold that counted them.
func (d *desk) chats(tenant event.TenantID) (n int64, version int32) {
	d.t.Helper()
	answer, err := d.db.Metrics(d.t.Context(), string(tenant), url.Values{"metric": {"chats"}, "from": {"2020-01-01"}, "to": {"2026-12-31"}}, noon)
	require.NoError(d.t, err)
	n, counted := answer.Rows[0].Values["chats"].Value.Value.(int64)
	require.True(d.t, counted)
	return n, answer.FoldVersion
}

// TestRenewalIsCutOffAnywhere cuts the computation for a newer fold off at one place
// after the other: the old numbers are answered, and named, until all the new ones
// are in force, and each attempt goes on from where the last one was.
func TestRenewalIsCutOffAnywhere(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ctx := t.Context()
	d.publish(some(t)...)
	d.publish(says("other", 0, 300)...)
	e := event.New("silent", "test", "e0", noon, &event.TenantConfigured{Profile: "wecom"})
	d.publish(e) // a desk of which nothing else is stored
	d.write()
	require.NoError(t, d.db.Refold(ctx, starTenant)) // so that one has a base
	want := d.dump()
	tenants := []event.TenantID{starTenant, "other"}
	renewed := map[event.TenantID]int64{}
	for _, tenant := range tenants {
		renewed[tenant], _ = d.chats(tenant)
	}
	d.age()
	old := map[event.TenantID]int64{}
	for _, tenant := range tenants {
		n, version := d.chats(tenant)
		require.Zero(t, version)
		require.Greater(t, n, renewed[tenant])
		old[tenant] = n
	}
	_, err := d.db.Explain(ctx, string(starTenant), "chats", Scope{}, url.Values{"from": {"2020-01-01"}, "to": {"2026-12-31"}}, noon)
	require.ErrorIs(t, err, ErrOldFold)
	require.ErrorIs(t, err, ErrUnavailable)
	_, err = d.db.Metrics(ctx, string(starTenant), url.Values{"metric": {"chats"}, "profile": {"klaviyo"}}, noon)
	require.ErrorIs(t, err, ErrOldFold, "no numbers of two folds beside each other")

	verified := func() {
		t.Helper()
		for _, tenant := range tenants {
			report, err := d.db.Verify(ctx, tenant, firstDay, lastDay, func(VerifyProgress) {})
			require.NoError(t, err)
			require.Positive(t, report.Rows)
			require.Empty(t, report.Differences)
		}
	}
	r := d.db.NewRecomputing(RecomputingConfig{Logger: testLogger(t)})
	cuts, switched := 0, false
	all, percent := int64(d.count(`SELECT count(*) FROM events`)), 0.0
	for {
		n := 0
		err := d.db.renew(ctx, pace{window: 400, stepped: func() error {
			if n++; n == 1+cuts%2 { // with the first, nothing is gained
				return errCut
			}
			return nil
		}})
		if err == nil {
			break
		}
		require.ErrorIs(t, err, errCut)
		cuts++
		switched = d.count(`SELECT fold_version FROM cursors`) == fold.Version
		for _, tenant := range tenants {
			n, version := d.chats(tenant)
			if switched {
				require.Equal(t, renewed[tenant], n)
				require.EqualValues(t, fold.Version, version)
				continue
			}
			require.Equal(t, old[tenant], n)
			require.Zero(t, version)
		}
		if !switched {
			_, _, err = d.db.Load(ctx, 0, 0)
			require.ErrorIs(t, err, ErrOldFold)
			p, err := r.Progress(ctx, "other") // the first in the row
			require.NoError(t, err)
			require.Equal(t, stateRunning, p.State)
			require.Equal(t, "fold", p.For)
			require.Equal(t, fold.Version, p.FoldVersion)
			sums, err := d.db.Recomputing(ctx)
			require.NoError(t, err)
			require.Len(t, sums, 1)
			require.Equal(t, "fold", sums[0].For)
			require.Equal(t, 3, sums[0].Tenants, "how much there is is known from the beginning")
			require.GreaterOrEqual(t, sums[0].Total, all)
			require.LessOrEqual(t, sums[0].Events, sums[0].Total)
			require.GreaterOrEqual(t, sums[0].Percent, percent, "it does not go back")
			percent = sums[0].Percent
		}
	}
	require.True(t, switched, "the last cut is behind the switch")
	require.Positive(t, percent)
	sums, err := d.db.Recomputing(ctx)
	require.NoError(t, err)
	require.Empty(t, sums)
	require.Greater(t, cuts, 6)
	p, err := r.Progress(ctx, starTenant)
	require.NoError(t, err)
	require.Equal(t, stateDone, p.State)
	require.Positive(t, p.Resumed)
	require.InDelta(t, 100, p.Percent, 0)
	require.NoError(t, d.db.sweepAbandoned(ctx))
	d.requireDump(want)
	verified()
	require.NoError(t, d.db.Renew(ctx), "once")
	d.publish(says("other", 300, 10)...)
	d.write()
	verified()
}

// TestRenewalFollowsAnOlderProgram lets events come in, and a new desk, while the
// numbers are computed anew, as an older program beside would store them; and a
// profile change that such a program has computed.
func TestRenewalFollowsAnOlderProgram(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ctx := t.Context()
	d.publish(some(t)...)
	d.publish(says("late", 0, 200)...)
	d.write()
	want := d.dump()
	exec := func(sql string, args ...any) {
		_, err := d.db.pool.Exec(ctx, sql, args...)
		require.NoError(t, err)
	}
	seq := d.count(`SELECT seq FROM cursors`)
	exec(`CREATE TABLE held AS SELECT * FROM events WHERE seq > $1`, seq-400)
	exec(`DELETE FROM events WHERE seq > $1`, seq-400)
	exec(`CREATE TABLE desks AS SELECT * FROM tenants WHERE tenant = 'late'`)
	exec(`DELETE FROM tenants WHERE tenant = 'late'`)
	d.age()
	exec(`UPDATE cursors SET seq = $1`, seq-400)
	steps := 0
	require.NoError(t, d.db.renew(ctx, pace{window: 400, stepped: func() error {
		switch steps++; steps {
		case 2:
			exec(`INSERT INTO events SELECT * FROM held WHERE seq <= $1`, seq-100)
			exec(`UPDATE cursors SET seq = $1`, seq-100)
			exec(`UPDATE tenants SET base = NULL, base_epoch = 1 WHERE tenant = 'star'`)
		case 4:
			exec(`INSERT INTO events SELECT * FROM held WHERE seq > $1`, seq-100)
			exec(`INSERT INTO tenants SELECT * FROM desks`)
			exec(`UPDATE cursors SET seq = $1`, seq)
		}
		return nil
	}}))
	require.Greater(t, steps, 5)
	require.NoError(t, d.db.sweepAbandoned(ctx))
	d.requireDump(want)
	requireVerified(t, d)
	require.Equal(t, fold.Version, d.count(`SELECT fold_version FROM cursors`))
}

// TestRenewalsOfSeveralPrograms: one does the work, and a change of a profile that
// was noted by the older program comes after it.
func TestRenewalsOfSeveralPrograms(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ctx := t.Context()
	events := some(t)
	d.publish(events...)
	d.write()
	r := d.db.NewRecomputing(RecomputingConfig{Publish: func(ctx context.Context, e *event.Event) (uint64, error) {
		ack, err := d.Publish(ctx, e)
		return ack.Seq, err
	}, Logger: testLogger(t)})
	now, _, err := d.db.profileOf(ctx, starTenant)
	require.NoError(t, err)
	o, err := r.orderOf(starTenant, now, &Change{Preset: "wecom", Settings: []byte(`{"timezone":"Asia/Shanghai"}`), By: "test", At: noon})
	require.NoError(t, err)
	require.NoError(t, d.db.beginRecompute(ctx, o))
	d.age()
	_, err = d.db.pool.Exec(ctx, `UPDATE refolds SET fold_version = 0, seq = 10, events = 10`)
	require.NoError(t, err)
	errs := make(chan error)
	for range 3 {
		go func() { errs <- d.db.Renew(ctx) }()
	}
	require.NoError(t, r.Start(ctx)) // goes on with the change
	for range 3 {
		require.NoError(t, <-errs)
	}
	require.Equal(t, 1, d.count(`SELECT count(*) FROM refolds WHERE purpose = 'fold' AND state = 'done'`))
	r.Wait(ctx, starTenant)
	r.Stop()
	p, err := r.Progress(ctx, starTenant)
	require.NoError(t, err)
	require.Equal(t, stateDone, p.State, p.Error)
	require.Equal(t, "profile", p.For)
	require.Equal(t, "wecom@2", p.Profile)
	d.write()
	requireVerified(t, d)
	require.NoError(t, d.db.sweepAbandoned(ctx))
	want, got := underWecom(t, events), d.dump()
	for _, table := range foldedTables {
		require.Equal(t, want[table], got[table], table)
	}
}
