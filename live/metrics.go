package live

import (
	"errors"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
)

// metrics are what the edge counts. No label holds a tenant's or a customer's data.
type metrics struct {
	sockets       *prometheus.GaugeVec   // role, kind
	subscriptions *prometheus.GaugeVec   // topic
	frames        *prometheus.CounterVec // op
	bytes         *prometheus.CounterVec // op
	received      prometheus.Counter
	closes        *prometheus.CounterVec // code
	checks        *prometheus.CounterVec // verdict
	checkSeconds  prometheus.Histogram
	flagged       prometheus.Counter
	unjudged      *prometheus.CounterVec // policy, reason
	rules         prometheus.Counter
	rulesFaulty   prometheus.Counter
	ingested      *prometheus.CounterVec // result
	refused       *prometheus.CounterVec // reason
	requests      *prometheus.CounterVec // route, method, status
	limited       *prometheus.CounterVec // reason
	delayed       prometheus.Counter
	unanswerable  prometheus.Counter

	byOp map[hub.Op]opCounters
}

type opCounters struct{ frames, bytes prometheus.Counter }

func newMetrics(registry prometheus.Registerer, tally *hub.Tally) (*metrics, error) {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: "floorlight_" + name, Help: help}, labels)
	}
	gauge := func(name, help string, labels ...string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "floorlight_" + name, Help: help}, labels)
	}
	one := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: "floorlight_" + name, Help: help})
	}
	m := &metrics{
		sockets:       gauge("sockets", "Open connections that follow topics.", "role", "kind"),
		subscriptions: gauge("subscriptions", "Subscriptions by topic.", "topic"),
		frames:        counter("frames_sent_total", "Frames written to connections.", "op"),
		bytes:         counter("frames_sent_bytes_total", "Bytes of frames written to connections.", "op"),
		received:      one("frames_received_total", "Frames that clients sent."),
		closes:        counter("sockets_refused_total", "Sockets closed for what their client sent.", "code"),
		checks:        counter("checks_total", "Inline checks by verdict; error is none.", "verdict"),
		checkSeconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "floorlight_check_seconds", Help: "Time from request to verdict, storing included.",
			Buckets: []float64{.0005, .001, .002, .003, .005, .0075, .01, .02, .05, .1, .25, 1, 5},
		}),
		unjudged:     counter("checks_unjudged_total", "Categories of messages that the rules could not judge, by what the policy did.", "policy", "reason"),
		rules:        one("rules_loaded_total", "Rule sets put in force on this server."),
		rulesFaulty:  one("rules_faulty_total", "Rule sets that could not be put in force; those before stayed."),
		flagged:      one("scan_flagged_total", "Messages without a check that the scan flagged."),
		ingested:     counter("ingest_events_total", "Events over HTTP by result.", "result"),
		refused:      counter("ingest_refused_total", "Events over HTTP refused, by reason.", "reason"),
		requests:     counter("http_requests_total", "HTTP requests.", "route", "method", "status"),
		limited:      counter("limited_total", "Requests, frames and connections that were too much, by the limit that they met.", "reason"),
		unanswerable: one("checks_unanswerable_total", "Checks over NATS whose answer was to go where no answer may."),
		delayed:      one("frames_delayed_total", "Frames that waited for their token's turn."),
		byOp:         make(map[hub.Op]opCounters, 6),
	}
	for _, op := range []hub.Op{hub.OpSnapshot, hub.OpDelta, hub.OpSum, hub.OpBeat, opReply, opChanged} {
		m.byOp[op] = opCounters{m.frames.WithLabelValues(string(op)), m.bytes.WithLabelValues(string(op))}
	}
	for _, verdict := range []string{string(event.Allow), string(event.Flag), string(event.Block), "error"} {
		m.checks.WithLabelValues(verdict)
	}
	for reason := range limitTexts {
		m.limited.WithLabelValues(string(reason))
	}
	for _, reason := range event.Reasons {
		m.refused.WithLabelValues(string(reason))
	}
	for _, result := range []string{resultAccepted, resultDuplicate, resultRefused, resultNotStored} {
		m.ingested.WithLabelValues(result)
	}
	var errs []error
	for _, c := range []prometheus.Collector{
		m.sockets, m.subscriptions, m.frames, m.bytes, m.received, m.closes, m.checks, m.checkSeconds, m.flagged, m.unjudged, m.rules, m.rulesFaulty,
		m.ingested, m.refused, m.requests, m.limited, m.delayed, m.unanswerable,
		tallyCollector{tally},
	} {
		errs = append(errs, registry.Register(c))
	}
	return m, errors.Join(errs...)
}

func (m *metrics) sent(op hub.Op, bytes int) {
	c, ok := m.byOp[op]
	if !ok {
		c = m.byOp[opReply]
	}
	c.frames.Inc()
	c.bytes.Add(float64(bytes))
}

func (m *metrics) checked(verdict string, took time.Duration) {
	m.checks.WithLabelValues(verdict).Inc()
	m.checkSeconds.Observe(took.Seconds())
}

func (m *metrics) answered(route, method string, status int) {
	m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Inc()
}

// tallyCollector shows what readers suffered, by reason.
type tallyCollector struct{ tally *hub.Tally }

var tallyDesc = prometheus.NewDesc("floorlight_readers_total", "Frames skipped, resumes answered with a snapshot, and connections closed, by reason.", []string{"reason"}, nil)

func (c tallyCollector) Describe(ch chan<- *prometheus.Desc) { ch <- tallyDesc }

func (c tallyCollector) Collect(ch chan<- prometheus.Metric) {
	c.tally.Each(func(r hub.Reason, count uint64) {
		ch <- prometheus.MustNewConstMetric(tallyDesc, prometheus.CounterValue, float64(count), r.String())
	})
}
