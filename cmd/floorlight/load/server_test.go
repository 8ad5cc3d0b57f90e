package load

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestUsageFromMetrics(t *testing.T) {
	t.Parallel()

	var u Usage
	require.NoError(t, u.readMetrics(strings.NewReader(`# HELP process_cpu_seconds_total x
process_cpu_seconds_total 12.5
process_resident_memory_bytes 1.048576e+06
go_memstats_heap_inuse_bytes 100
go_memstats_stack_inuse_bytes 20
floorlight_tick_seconds 0.4
floorlight_history_lag_events 7
floorlight_readers_total{reason="forward"} 3
floorlight_readers_total{reason="fresh"} 1
floorlight_readers_total{reason="stalled"} 2
floorlight_other{reason="a b"} NaN
broken
`)))
	require.Equal(t, Usage{CPU: 12.5, RSS: 1 << 20, Heap: 120, Tick: 0.4, HistoryLag: 7, Skipped: 4, Dropped: 2}, u)
}

func TestUsageOfAProcessAndThoseBelowIt(t *testing.T) {
	t.Parallel()

	root := t.TempDir()
	write := func(pid, stat, statm string) {
		dir := filepath.Join(root, pid)
		require.NoError(t, os.Mkdir(dir, 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(dir, "stat"), []byte(stat), 0o600))
		require.NoError(t, os.WriteFile(filepath.Join(dir, "statm"), []byte(statm), 0o600))
	}
	write("10", "10 (a) b) S 1 10 10 0 -1 0 0 0 0 0 200 50 0 0 20 0", "1000 10 1")
	write("11", "11 (postgres: x (y)) S 10 10 10 0 -1 0 0 0 0 0 100 0 0 0 20 0", "1000 3 1")
	write("12", "12 (postgres) S 11 10 10 0 -1 0 0 0 0 0 0 100 0 0 20 0", "1000 4 1")
	write("13", "13 (other) S 1 10 10 0 -1 0 0 0 0 0 900 900 0 0 20 0", "1000 500 1")
	var u Usage
	require.NoError(t, u.process(root, 10))
	page := float64(os.Getpagesize())
	require.Equal(t, Usage{CPU: 2.5, RSS: 10 * page, ChildCPU: 2, ChildRSS: 7 * page}, u)
	require.ErrorContains(t, u.process(root, 99), "process 99")
}
