package main

import (
	"context"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// The collector's pace. Go collects when the heap has doubled, which a small one
// does several times a second while a past comes in: a tenth of the hub's time.
// So it may grow by spareHeap first, however small it is. A large heap is
// collected as ever: that it doubles is all that it may.
const (
	spareHeap      = 128 << 20
	usualPercent   = 100
	mostPercent    = 400
	paceEvery      = time.Second
	leastDeviation = 20 // of the percent, before it is set anew
)

// paceCollector keeps the collector's pace until ctx ends, unless whoever started
// the server has chosen it: by GOGC, or by GOMEMLIMIT.
func paceCollector(ctx context.Context, getenv func(string) string) {
	if getenv("GOGC") != "" || getenv("GOMEMLIMIT") != "" {
		return
	}
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	percent := usualPercent
	defer func() { debug.SetGCPercent(usualPercent) }()
	tick := time.NewTicker(paceEvery)
	defer tick.Stop()
	for {
		metrics.Read(sample)
		now := collectorPercent(sample[0].Value.Uint64())
		if d := now - percent; d >= leastDeviation || d <= -leastDeviation || d != 0 && now == usualPercent {
			debug.SetGCPercent(now)
			percent = now
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// collectorPercent is by how much of what is in use the heap may grow.
func collectorPercent(live uint64) int {
	return min(mostPercent, max(usualPercent, int(spareHeap*100/max(live, 1)))) //nolint:gosec // at most 100 times spareHeap.
}
