package cube_test

import (
	"context"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history/cube"
	"github.com/floorlight/floorlight/hub/metric"
)

// told is one of the cube's own metrics.
func told(t *testing.T, c *cube.Cube, name string) float64 {
	t.Helper()
	registry := prometheus.NewRegistry()
	registry.MustRegister(c)
	families, err := registry.Gather()
	require.NoError(t, err)
	for _, f := range families {
		if f.GetName() == name {
			m := f.GetMetric()[0]
			return m.GetGauge().GetValue() + m.GetCounter().GetValue()
		}
	}
	require.Fail(t, "no such metric", name)
	return 0
}

// TestWarmBeforeAnybodyAsks reads two quarters ahead, so that the last one beside the
// one before finds everything there; with little room nothing gives way to the older.
func TestWarmBeforeAnybodyAsks(t *testing.T) {
	t.Parallel()
	m := newModel(t, 7)
	m.exec(`INSERT INTO contributions (tenant, conversation, session, position, seq, day, hour, per_agent, channel, team, agent, intent, handling, ai_status, tags, customer, sessions)
		SELECT 'desk', 'c' || i, 1, 0, 1, DATE '2026-01-01' + (i % 365), 0, false, 'ch', '', '', 'other', 'none', '', '{}', 'u' || i, 1 FROM generate_series(1, 20000) i`)
	m.exec(`INSERT INTO tenants (tenant, name, profile, version, settings, latest) VALUES ('desk', '', 'default', 0, '{}', '2026-12-31T12:00:00Z')
		ON CONFLICT (tenant) DO UPDATE SET latest = excluded.latest`)
	m.exec("UPDATE cursors SET seq = 1")
	last := metric.DayOf(2026, 12, 31)
	compared := []*cube.Question{
		{From: last - 89, To: last, Sessions: cube.Wanted{Counters: []metric.Counter{metric.Sessions}}},
		{From: last - 179, To: last - 90, Sessions: cube.Wanted{Counters: []metric.Counter{metric.Sessions}}},
	}
	const loaded, months, evicted = "floorlight_reports_loaded_rows_total", "floorlight_reports_months", "floorlight_reports_evictions_total"

	c := cube.New(cube.Config{Logger: zerolog.Nop()})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); c.Warm(ctx, m.pool) }()
	require.Eventually(t, func() bool { return told(t, c, months) == 8 }, 2*time.Minute, 10*time.Millisecond, "from the end of June to the first of January")
	cancel()
	<-done
	before := told(t, c, loaded)
	for _, q := range compared {
		m.ask(c, q)
	}
	require.InDelta(t, before, told(t, c, loaded), 0, "nothing was left to read")

	small := cube.New(cube.Config{Bytes: int64(told(t, c, "floorlight_reports_memory_bytes") / 2), Logger: zerolog.Nop()})
	ctx, cancel = context.WithCancel(t.Context())
	done = make(chan struct{})
	go func() { defer close(done); small.Warm(ctx, m.pool) }()
	require.Eventually(t, func() bool { return told(t, small, months) >= 3 && told(t, small, loaded) > told(t, c, loaded)/3 }, 2*time.Minute, 10*time.Millisecond)
	cancel()
	<-done
	require.Zero(t, told(t, small, evicted))
	require.Less(t, told(t, small, months), 8.0)
}

// TestSwitchLeavesNothingToRead puts other rows in force under what is held: who has
// prepared them finds everything there, with what was written since, and who has not
// reads them again by himself. What is not put in force is let go of.
func TestSwitchLeavesNothingToRead(t *testing.T) {
	t.Parallel()
	m := newModel(t, 8)
	const rows = `INSERT INTO contributions (tenant, conversation, session, position, seq, day, hour, per_agent, channel, team, agent, intent, handling, ai_status, tags, customer, sessions)
		SELECT $1, 'c' || i, 1, 0, 1, DATE '2026-10-01' + (i % 92), 0, false, 'ch', '', '', 'other', 'none', '', '{}', 'u' || i, $2 FROM generate_series(1, 2000) i`
	m.exec(rows, "desk", 1)
	m.exec(rows, "desk@2", 2)
	m.exec(rows, "desk@3", 3)
	m.exec("UPDATE tenants SET latest = '2026-12-31T12:00:00Z'")
	m.exec("UPDATE cursors SET seq = 1")
	last := metric.DayOf(2026, 12, 31)
	q := &cube.Question{From: last - 89, To: last, Sessions: cube.Wanted{Counters: []metric.Counter{metric.Sessions}}}
	const loaded, months, memory = "floorlight_reports_loaded_rows_total", "floorlight_reports_months", "floorlight_reports_memory_bytes"
	var epoch int64
	require.NoError(t, m.pool.QueryRow(t.Context(), "SELECT epoch FROM cursors").Scan(&epoch))
	warm := func() *cube.Cube {
		c := cube.New(cube.Config{Logger: zerolog.Nop()})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); c.Warm(ctx, m.pool) }()
		t.Cleanup(func() { cancel(); <-done })
		require.Eventually(t, func() bool { return told(t, c, months) == 8 }, 2*time.Minute, 10*time.Millisecond)
		return c
	}
	sessions := func(c *cube.Cube) int64 {
		table, _ := m.ask(c, q)
		var sum int64
		for cell := range table.Len() {
			var of, agents metric.Sums
			table.Fill(cell, false, &of, &agents)
			sum += of.Counts[metric.Sessions]
		}
		return sum
	}
	here, elsewhere := warm(), warm()
	old := sessions(here)
	require.Positive(t, old)

	held := told(t, here, memory)
	require.NoError(t, here.Prepare(t.Context(), m.pool, "desk", "desk@3", epoch, 1))
	require.Greater(t, told(t, here, memory), held)
	require.Equal(t, old, sessions(here), "they are not in force")
	require.NoError(t, here.Switch(t.Context(), m.pool, "desk"))
	require.InDelta(t, held, told(t, here, memory), 0)

	require.NoError(t, here.Prepare(t.Context(), m.pool, "desk", "desk@2", epoch, 1))
	read := told(t, here, loaded)
	m.exec("UPDATE contributions SET sessions = 1002, seq = 2 WHERE tenant = 'desk@2' AND conversation = 'c91'")
	m.exec("UPDATE cursors SET seq = 2, refolds = refolds + 1")
	m.exec("UPDATE tenants SET stored_as = 'desk@2'")
	require.NoError(t, here.Switch(t.Context(), m.pool, "desk"))
	require.Equal(t, 2*old+1000, sessions(here))
	require.InDelta(t, read, told(t, here, loaded), 0, "nothing was left to read")

	require.Eventually(t, func() bool { return told(t, elsewhere, loaded) == 2*told(t, here, loaded)/3 }, 2*time.Minute, 10*time.Millisecond)
	read = told(t, elsewhere, loaded)
	require.Equal(t, 2*old+1000, sessions(elsewhere))
	require.InDelta(t, read, told(t, elsewhere, loaded), 0)
}
