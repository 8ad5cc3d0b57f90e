package cube

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// meters tell how the replicas do.
type meters struct {
	bytes, segments prometheus.GaugeFunc
	rows, changed   prometheus.Counter
	evictions       prometheus.Counter
	loadSeconds     prometheus.Counter
}

func newMeters(c *Cube) meters {
	const space, part = "floorlight", "reports"
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Namespace: space, Subsystem: part, Name: name, Help: help})
	}
	gauge := func(name, help string, f func() int64) prometheus.GaugeFunc {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: space, Subsystem: part, Name: name, Help: help}, func() float64 { return float64(f()) })
	}
	return meters{
		bytes:       gauge("memory_bytes", "Memory of the reports' rows.", func() int64 { bytes, _ := c.size(); return bytes }),
		segments:    gauge("months", "Months of desks in memory.", func() int64 { _, n := c.size(); return n }),
		rows:        counter("loaded_rows_total", "Rows read because their month was not in memory."),
		changed:     counter("changed_rows_total", "Rows read because they had changed."),
		evictions:   counter("evictions_total", "Months that made room for others."),
		loadSeconds: counter("load_seconds_total", "Time spent reading months."),
	}
}

func (m *meters) loaded(rows int, took time.Duration) {
	m.rows.Add(float64(rows))
	m.loadSeconds.Add(took.Seconds())
}

// size is the memory of all replicas, in bytes, and how many months they have.
func (c *Cube) size() (bytes, months int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	bytes = c.bytes
	for _, t := range c.tenants {
		if t.replica != nil {
			months += int64(len(t.replica.months))
			bytes += t.replica.names.bytes()
		}
	}
	return bytes, months
}

func (m *meters) all() []prometheus.Collector {
	return []prometheus.Collector{m.bytes, m.segments, m.rows, m.changed, m.evictions, m.loadSeconds}
}

// Describe is prometheus.Collector's.
func (c *Cube) Describe(to chan<- *prometheus.Desc) {
	for _, m := range c.meters.all() {
		m.Describe(to)
	}
}

// Collect is prometheus.Collector's.
func (c *Cube) Collect(to chan<- prometheus.Metric) {
	for _, m := range c.meters.all() {
		m.Collect(to)
	}
}
