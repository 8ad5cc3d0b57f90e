package main

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

const (
	// driftEvery is how often hub and history are compared.
	driftEvery = time.Minute
	// driftWait bounds one desk's comparison: history has to come up to the hub.
	driftWait = 15 * time.Second
)

// drift compares, at equal sequence and equal time, every number that the
// wallboards show of today with the reports' answer, and what stands under each
// value of each dimension.
type drift struct {
	hub     *hub.Hub
	reports answering
	now     func() time.Time
	log     zerolog.Logger
	// How long one desk's comparison may take, and one try at a dimension.
	wait, cellWait time.Duration

	numbers  prometheus.Gauge       // of all desks: anybody may read it, and no desk is to be known by it
	outcomes *prometheus.CounterVec // outcome

	comparing sync.Mutex // one comparison at a time

	mu    sync.Mutex
	found map[event.TenantID]int // guarded by mu
}

// answering answers reports; *history.Database does.
type answering interface {
	Metrics(ctx context.Context, tenant string, values map[string][]string, now time.Time) (metric.Answer, error)
}

// comparison is what was found of one desk.
type comparison struct {
	Tenant      event.TenantID `json:"tenant"`
	Day         metric.Day     `json:"day"`
	At          time.Time      `json:"at"`
	Seq         uint64         `json:"seq"`
	Compared    bool           `json:"compared"`
	Why         string         `json:"why,omitzero"` // if it could not be
	Numbers     int            `json:"numbers"`      // that were compared
	Differences []difference   `json:"differences"`
	// Busy are the dimensions whose cells were to be compared and could not: the
	// desk never stood still between the two looks.
	Busy []string `json:"busy,omitzero"`
}

func newDrift(h *hub.Hub, reports answering, now func() time.Time, log zerolog.Logger, registry prometheus.Registerer) *drift {
	d := &drift{
		hub: h, reports: reports, now: now, log: log, wait: driftWait, cellWait: cellWait, found: map[event.TenantID]int{},
		numbers: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "floorlight_drift", Help: "Numbers of today in which wallboard and reports differ at equal sequence, over all desks; must be 0. The log says which.",
		}),
		outcomes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "floorlight_drift_comparisons_total", Help: "Comparisons of wallboard and reports, by outcome.",
		}, []string{"outcome"}),
	}
	for _, outcome := range []string{"equal", "different", "skipped"} {
		d.outcomes.WithLabelValues(outcome)
	}
	registry.MustRegister(d.numbers, d.outcomes)
	return d
}

// run compares all desks every minute until ctx ends: each as a whole, and in the
// cells of one dimension, of another each time.
func (d *drift) run(ctx context.Context) {
	tick := time.NewTicker(driftEvery)
	defer tick.Stop()
	for turn := 0; ; turn++ {
		by := compared[turn%len(compared)]
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for _, id := range d.hub.Tenants() {
			if _, err := d.compare(ctx, id, by); err != nil && ctx.Err() == nil {
				d.log.Debug().Err(err).Str("tenant", string(id)).Msg("wallboard and reports are compared later")
			}
		}
	}
}

// differing is in how many numbers a desk differed when it was last compared.
func (d *drift) differing(id event.TenantID) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.found[id]
}

// compare compares one desk now, as a whole and in the cells of some dimensions.
func (d *drift) compare(ctx context.Context, id event.TenantID, dimensions ...metric.Dimension) (comparison, error) {
	d.comparing.Lock()
	defer d.comparing.Unlock()
	c := comparison{Tenant: id, Differences: []difference{}}
	bounded, cancel := context.WithTimeout(ctx, d.wait)
	defer cancel()
	err := d.atEqualSeq(bounded, &c, dimensions)
	switch {
	case err != nil:
		d.outcomes.WithLabelValues("skipped").Inc()
		return c, err
	case !c.Compared:
		d.outcomes.WithLabelValues("skipped").Inc()
		return c, nil
	}
	n := len(c.Differences)
	if n == 0 {
		d.outcomes.WithLabelValues("equal").Inc()
	} else {
		d.outcomes.WithLabelValues("different").Inc()
		d.log.Error().Str("tenant", string(id)).Uint64("seq", c.Seq).Int("numbers", n).Str("first", c.Differences[0].Column).
			Msg("wallboard and reports differ; floorlight verify says where")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.found[id] = n
	all := 0
	for _, n := range d.found {
		all += n
	}
	d.numbers.Set(float64(all))
	return c, nil
}

func (d *drift) atEqualSeq(ctx context.Context, c *comparison, dimensions []metric.Dimension) error {
	from, err := d.hub.Track(ctx, c.Tenant)
	if err != nil {
		return err
	}
	if err := d.hub.WaitCommitted(ctx, from); err != nil {
		return fmt.Errorf("wait until history has stored sequence %d: %w", from, err)
	}
	_, profile, err := d.hub.Desk(ctx, c.Tenant)
	if err != nil {
		return err
	}
	now := d.now().Truncate(time.Millisecond)
	day := metric.NewCalendar(profile.Location()).Day(now.UnixMilli())
	ask := func(metrics []string, more ...string) (metric.Answer, error) {
		params := url.Values{
			"metric": {strings.Join(metrics, ",")}, "from": {day.String()}, "to": {day.String()}, "as_of_seq": {strconv.FormatUint(from, 10)},
		}
		for i := 0; i+1 < len(more); i += 2 {
			params.Set(more[i], more[i+1])
		}
		return d.reports.Metrics(ctx, string(c.Tenant), params, now)
	}
	whole, byAgent := comparable()
	answer, err := ask(whole)
	if err != nil {
		return err
	}
	agents, err := ask(byAgent, "by", "agent")
	if err != nil {
		return err
	}
	standing, found, err := d.hub.Standing(ctx, c.Tenant, answer.AsOfSeq)
	if err != nil {
		return err
	}
	c.Day, c.At, c.Seq = day, now.UTC(), answer.AsOfSeq
	switch {
	case !found, standing.Day != day:
		c.Why = "too much has happened since, or the day has changed"
		return nil
	case answer.Profile != standing.Profile.Label():
		c.Why = "the stored numbers are those of " + answer.Profile + ", the wallboard's those of " + standing.Profile.Label()
		return nil
	}
	c.Compared = true
	sums, own := standing.At(now.UnixMilli())
	settings := &standing.Profile.Settings
	c.against(&sums, settings, whole, &answer)
	// The agents' rows are of another view of the database, which may be later.
	if agents.AsOfSeq == answer.AsOfSeq {
		c.agents(&own, byAgent, &agents)
	}
	return d.cells(ctx, c, dimensions, now)
}

// comparable are the metrics that a wallboard shows of today: of whole sessions,
// and the counters of agents, whose rows add up.
func comparable() (whole, byAgent []string) {
	for _, m := range metric.Catalogue() {
		if m.Live {
			continue
		}
		whole = append(whole, m.ID)
		if _, counter := metric.CounterNamed(m.ID); counter && m.PerAgent && !m.AgentsOnly {
			byAgent = append(byAgent, m.ID)
		}
	}
	return whole, byAgent
}

// against compares a report without dimensions.
func (c *comparison) against(sums *metric.Sums, settings *metric.Settings, metrics []string, answer *metric.Answer) {
	for _, id := range metrics {
		m, _ := metric.Lookup(id)
		shown := m.Eval(sums, settings)
		var stored metric.Value
		if len(answer.Rows) > 0 {
			stored = answer.Rows[0].Values[id].Value
		} else {
			stored = m.Eval(&metric.Sums{}, settings)
		}
		c.Numbers++
		c.differ(id, shown, stored)
	}
}

// agents compares a report by agent with what the wallboard sums of agents.
func (c *comparison) agents(own *metric.Sums, metrics []string, answer *metric.Answer) {
	for _, id := range metrics {
		counter, _ := metric.CounterNamed(id)
		var sum int64
		for i := range answer.Rows {
			if n, ok := answer.Rows[i].Values[id].Value.Value.(int64); ok {
				sum += n
			}
		}
		c.Numbers++
		c.differ(id+" of agents", metric.Value{Value: own.Counts[counter]}, metric.Value{Value: sum})
	}
}

// differ notes a number that is not the same on both sides.
func (c *comparison) differ(column string, shown, stored metric.Value) {
	a, errA := json.Marshal(shown)
	b, errB := json.Marshal(stored)
	if errA == nil && errB == nil && bytes.Equal(a, b) {
		return
	}
	c.Differences = append(c.Differences, difference{Table: "wallboard", Key: c.Day.String(), Column: column, Stored: string(b), Computed: string(a)})
}
