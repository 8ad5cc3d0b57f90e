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
	require.Eventually(t, func() bool { return told(t, c, months) == 8 }, 30*time.Second, 10*time.Millisecond, "from the end of June to the first of January")
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
	require.Eventually(t, func() bool { return told(t, small, months) >= 3 && told(t, small, loaded) > told(t, c, loaded)/3 }, 30*time.Second, 10*time.Millisecond)
	cancel()
	<-done
	require.Zero(t, told(t, small, evicted))
	require.Less(t, told(t, small, months), 8.0)
}
