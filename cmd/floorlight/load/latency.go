package load

import (
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// longest is what a latency is cut to, far above what a run waits for.
const longest = 10 * time.Minute

// latencies is a histogram of a whole run and of the time since the last look at
// it. It may be used from any goroutine.
type latencies struct {
	mu    sync.Mutex
	whole *hdrhistogram.Histogram // µs
	part  *hdrhistogram.Histogram
}

func newLatencies() *latencies {
	return &latencies{whole: newHistogram(), part: newHistogram()}
}

func newHistogram() *hdrhistogram.Histogram {
	return hdrhistogram.New(1, longest.Microseconds(), 3)
}

func (l *latencies) record(d time.Duration) { l.recordMany(d, 1) }

func (l *latencies) recordMany(d time.Duration, n int64) {
	us := min(max(d, 0), longest).Microseconds()
	l.mu.Lock()
	defer l.mu.Unlock()
	_ = l.whole.RecordValues(us, n) // within the histogram's bounds.
	_ = l.part.RecordValues(us, n)  // as above.
}

// Latency is a distribution in milliseconds.
type Latency struct {
	Count int64   `json:"count"`
	Mean  float64 `json:"mean_ms"`
	P50   float64 `json:"p50_ms"`
	P90   float64 `json:"p90_ms"`
	P99   float64 `json:"p99_ms"`
	P999  float64 `json:"p999_ms"`
	Max   float64 `json:"max_ms"`
}

// sum is the whole run's.
func (l *latencies) sum() Latency {
	l.mu.Lock()
	defer l.mu.Unlock()
	return latencyOf(l.whole)
}

// take is what has come since the last take.
func (l *latencies) take() Latency {
	l.mu.Lock()
	defer l.mu.Unlock()
	sum := latencyOf(l.part)
	l.part.Reset()
	return sum
}

func latencyOf(h *hdrhistogram.Histogram) Latency {
	if h.TotalCount() == 0 {
		return Latency{}
	}
	at := func(q float64) float64 { return float64(h.ValueAtPercentile(q)) / 1000 }
	return Latency{
		Count: h.TotalCount(), Mean: h.Mean() / 1000, P50: at(50), P90: at(90), P99: at(99), P999: at(99.9), Max: float64(h.Max()) / 1000,
	}
}
