package history

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/floorlight/floorlight/hub/event"
)

// meters are a writer's metrics.
type meters struct {
	events, duplicates, commits, failures, gaps, lostTails prometheus.Counter
	refused                                                *prometheus.CounterVec
	seconds, size                                          prometheus.Histogram
}

func newMeters(w *Writer, r prometheus.Registerer) *meters {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: "floorlight_history_" + name, Help: help})
	}
	m := &meters{
		events:     counter("events_total", "Events stored."),
		duplicates: counter("duplicates_total", "Events that were stored before and came again."),
		commits:    counter("commits_total", "Batches committed."),
		failures:   counter("failures_total", "Times that the writer started again from its cursor after an error."),
		gaps:       counter("gaps_total", "Times that messages were purged before they were stored. Any is a loss."),
		lostTails:  counter("lost_tails_total", "Times that the stream did not hold what had been read from it."),
		refused:    prometheus.NewCounterVec(prometheus.CounterOpts{Name: "floorlight_history_refused_total", Help: "Events refused, by reason."}, []string{"reason"}),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "floorlight_history_commit_seconds", Help: "How long a batch takes from the fold to its commit.",
			Buckets: prometheus.ExponentialBuckets(0.002, 2, 12),
		}),
		size: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "floorlight_history_batch_events", Help: "Events of a batch.", Buckets: prometheus.ExponentialBuckets(1, 4, 8),
		}),
	}
	for _, reason := range event.Reasons {
		m.refused.WithLabelValues(string(reason))
	}
	if r == nil {
		return m
	}
	gauge := func(name, help string, read func(Status) float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "floorlight_history_" + name, Help: help}, func() float64 { return read(w.Status()) })
	}
	for _, c := range []prometheus.Collector{
		m.events, m.duplicates, m.commits, m.failures, m.gaps, m.lostTails, m.refused, m.seconds, m.size,
		gauge("cursor", "The last sequence committed.", func(s Status) float64 { return float64(s.Cursor) }),
		gauge("epoch", "Raised each time that the stream lost its tail.", func(s Status) float64 { return float64(s.Epoch) }),
		gauge("lag_events", "Messages in the stream that are not committed.", func(s Status) float64 { return float64(s.Lag()) }),
		gauge("lag_seconds", "Age of the last committed message while others wait.", func(s Status) float64 {
			if s.Lag() == 0 || s.Arrived.IsZero() {
				return 0
			}
			return time.Since(s.Arrived).Seconds()
		}),
	} {
		r.MustRegister(c)
	}
	return m
}

func (m *meters) committed(b *batch, took time.Duration) {
	m.events.Add(float64(b.events.rows))
	m.duplicates.Add(float64(b.duplicates))
	m.commits.Inc()
	m.seconds.Observe(took.Seconds())
	m.size.Observe(float64(b.events.rows))
	for _, r := range b.refused {
		m.refused.WithLabelValues(string(r.refusal.Reason)).Inc()
	}
}
