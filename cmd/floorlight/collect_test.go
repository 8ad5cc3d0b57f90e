package main

import (
	"context"
	"runtime/debug"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

// TestSmallHeapsGrowFurther also holds the bound: no heap grows by more than
// spareHeap, unless it would anyway.
func TestSmallHeapsGrowFurther(t *testing.T) {
	t.Parallel()
	for live, want := range map[uint64]int{0: 400, 1 << 20: 400, 32 << 20: 400, 64 << 20: 200, 128 << 20: 100, 8 << 30: 100} {
		got := collectorPercent(live)
		require.Equal(t, want, got)
		require.LessOrEqual(t, live*uint64(got)/100, max(spareHeap, live))
	}
}

// TestPaceIsTheOwnersToChoose changes what holds for the whole process, so it does
// not run beside others.
func TestPaceIsTheOwnersToChoose(t *testing.T) {
	was := debug.SetGCPercent(usualPercent)
	defer debug.SetGCPercent(was)
	during := func(env map[string]string) (percent int) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan struct{})
			go func() { defer close(done); paceCollector(ctx, func(name string) string { return env[name] }) }()
			synctest.Wait()
			percent = debug.SetGCPercent(usualPercent)
			debug.SetGCPercent(percent)
			cancel()
			<-done
		})
		return percent
	}
	require.Equal(t, usualPercent, during(map[string]string{"GOGC": "100"}))
	require.Equal(t, usualPercent, during(map[string]string{"GOMEMLIMIT": "1GiB"}))
	require.GreaterOrEqual(t, during(nil), usualPercent)
	require.Equal(t, usualPercent, debug.SetGCPercent(usualPercent), "as before")
}
