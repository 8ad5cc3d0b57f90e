package load

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"time"

	"github.com/floorlight/floorlight/hub/event"
)

const (
	// dials is how many connections are opened at the same time.
	dials = 64
	// joinEvery is how often frames are joined with events.
	joinEvery = 250 * time.Millisecond
	// lateness is how long after the end what was due in time is still sent.
	lateness = 10 * time.Second
	// tailPatience is how long answers may take after the last event.
	tailPatience = time.Minute
	// comparePatience is how long all clients may take to compare.
	comparePatience = 2 * time.Minute
)

// Run puts the server under load. Moments come once each interval, and may be
// nil. What went wrong with the server stands in the summary; the error says why
// there is none.
func Run(ctx context.Context, c Config, interval time.Duration, moment func(Moment)) (*Summary, error) {
	c.setDefaults()
	if err := c.Check(); err != nil {
		return nil, err
	}
	r := newRun(&c)
	return r.whole(ctx, interval, moment)
}

// run is one run.
type run struct {
	cfg     *Config
	start   time.Time
	ledgers map[event.TenantID]*ledger
	frames  *latencies
	crowd   *crowd
	traffic *traffic
	watch   *watcher
	clients []*client
	summary *Summary
}

func newRun(c *Config) *run {
	r := &run{
		cfg: c, start: time.Now(), ledgers: map[event.TenantID]*ledger{}, frames: newLatencies(), summary: newSummary(c),
		watch: &watcher{url: c.URL, http: c.HTTP, pid: c.PID},
	}
	for _, tenant := range c.Tenants {
		r.ledgers[tenant] = &ledger{took: r.frames}
	}
	r.crowd = &crowd{
		url: c.URL, token: cached(c.Token), ledgers: r.ledgers, slow: c.SlowPause, stay: c.StayFor, catchUp: newLatencies(),
		finish: make(chan struct{}), dialed: make(chan struct{}, dials), closes: map[string]int{},
	}
	c.Token = r.crowd.token
	r.traffic = newTraffic(c, r.start, r.ledgers, r.crowd.fail)
	r.clients = newClients(c, r.crowd)
	return r
}

// cached asks for each token once in some minutes.
func cached(token func(event.TenantID, Role) (string, error)) func(event.TenantID, Role) (string, error) {
	type key struct {
		tenant event.TenantID
		role   Role
	}
	type entry struct {
		text string
		made time.Time
	}
	const good = 5 * time.Minute
	var mu sync.Mutex
	kept := map[key]entry{}
	return func(tenant event.TenantID, role Role) (string, error) {
		mu.Lock()
		defer mu.Unlock()
		k := key{tenant, role}
		if e, ok := kept[k]; ok && time.Since(e.made) < good {
			return e.text, nil
		}
		text, err := token(tenant, role)
		if err == nil {
			kept[k] = entry{text, time.Now()}
		}
		return text, err
	}
}

// teams are what filters name; the simulator's desks have at least these.
var teams = [...]string{"team-1", "team-2", "team-3"}

// newClients deals tenants, topics, filters and manners out, the same for the
// same seed.
func newClients(c *Config, crowd *crowd) []*client {
	rng := rand.New(rand.NewPCG(c.Seed, 3)) //nolint:gosec // the same seed gives the same run.
	groups := map[string]*group{}
	all := make([]*client, c.Sockets)
	for i := range all {
		m := steady
		switch p := rng.Float64(); {
		case p < c.Slow:
			m = slow
		case p < c.Slow+c.Silent:
			m = silent
		case p < c.Slow+c.Silent+c.Reconnecting:
			m = reconnecting
		}
		tenant := c.Tenants[i%len(c.Tenants)]
		topic := c.Topics[i/len(c.Tenants)%len(c.Topics)]
		filter := ""
		if rng.Float64() < c.Filtered {
			filter = `{"team":["` + teams[rng.IntN(len(teams))] + `"]}`
		}
		key := string(tenant) + " " + topic + " " + filter
		if groups[key] == nil {
			groups[key] = newGroup()
		}
		all[i] = &client{
			crowd: crowd, manner: m, tenant: tenant, topic: topic, filter: filter, group: groups[key], ledger: crowd.ledgers[tenant],
			rng: rand.New(rand.NewPCG(c.Seed, uint64(i)+100)), //nolint:gosec // as above.
		}
	}
	return all
}

func (r *run) whole(ctx context.Context, interval time.Duration, moment func(Moment)) (*Summary, error) {
	ctx, cancel := context.WithCancel(ctx)
	var background, following sync.WaitGroup
	defer background.Wait()
	defer following.Wait()
	defer cancel()

	r.traffic.furnish(ctx)
	if err := r.tail(ctx); err != nil {
		return nil, fmt.Errorf("the desks cannot be made: %w", err)
	}
	idle := &r.summary.Server
	before := r.watch.look(ctx)
	if r.watch.err != nil {
		return nil, fmt.Errorf("the server cannot be watched: %w", r.watch.err)
	}
	idle.RSSBefore = before.RSS
	told := r.tell(ctx, &background, interval, moment)
	if err := r.connect(ctx, &following); err != nil {
		return nil, err
	}
	if len(r.clients) > 0 {
		pause(ctx, r.cfg.Settle)
		with := r.watch.look(ctx)
		idle.RSSIdle, idle.HeapIdle = with.RSS, with.Heap
		idle.PerSocket = (with.RSS - before.RSS) / float64(len(r.clients))
		idle.HeapPerSocket = (with.Heap - before.Heap) / float64(len(r.clients))
	}
	background.Go(func() { r.watch.run(ctx) })
	background.Go(func() {
		for pause(ctx, joinEvery) {
			for _, l := range r.ledgers {
				l.join(false)
			}
		}
	})
	told("load")
	r.load(ctx)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	told("compare")
	if err := r.tail(ctx); err != nil {
		r.crowd.fail("not every event was answered: %v", err)
	}
	err := r.compare(ctx, &following)
	cancel()
	return r.sum(), err
}

// connect opens the sockets and waits for each one's first frame.
func (r *run) connect(ctx context.Context, following *sync.WaitGroup) error {
	var first sync.WaitGroup
	for _, c := range r.clients {
		first.Add(1)
		c.ready = sync.OnceFunc(first.Done)
		ready := c.ready
		following.Go(func() {
			defer ready() // whoever never came in is told of as a failure
			c.run(ctx)
		})
	}
	done := make(chan struct{})
	go func() { first.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// load is the time that is measured.
func (r *run) load(ctx context.Context) {
	r.watch.forget()
	began := time.Now()
	before := r.watch.look(ctx)
	frames := r.crowd.frames.Load()
	sent := r.traffic.stored.Load()
	measured := began.Add(r.cfg.Warmup)
	end := began.Add(r.cfg.Duration)
	late := end.Add(lateness)
	var all sync.WaitGroup
	all.Go(func() {
		r.traffic.publishAll(ctx, &schedule{start: began, end: end, late: late, rate: r.cfg.Rate}, measured)
	})
	all.Go(func() {
		name := "load" + strconv.FormatInt(r.start.UnixMilli(), 36)
		r.traffic.checkAll(ctx, &schedule{start: began, end: end, late: late, rate: r.cfg.Checks}, measured, r.cfg.Tenants, name, r.cfg.Seed)
	})
	until(ctx, end)
	all.Wait()
	after := r.watch.look(ctx)
	took := time.Since(began).Seconds()
	s := r.summary
	s.Duration = took
	s.Open = int(r.crowd.open.Load())
	s.Events.Rate = float64(r.traffic.stored.Load()-sent) / took
	s.Frames.Rate = float64(r.crowd.frames.Load()-frames) / took
	s.Server.CPU = (after.CPU - before.CPU) / took
	s.Server.ChildCPU = (after.ChildCPU - before.ChildCPU) / took
	if n := r.crowd.frames.Load() - frames; n > 0 {
		s.Server.PerFrame = (after.CPU - before.CPU) / float64(n) * 1e6
	}
}

// tail waits for the answers to what was sent.
func (r *run) tail(ctx context.Context) error {
	deadline := time.Now().Add(tailPatience)
	for {
		waiting := 0
		for _, l := range r.ledgers {
			waiting += l.waiting()
		}
		switch {
		case waiting == 0:
			return nil
		case time.Now().After(deadline):
			return fmt.Errorf("%d events have no answer after %s", waiting, tailPatience)
		case !pause(ctx, 10*time.Millisecond):
			return ctx.Err()
		}
	}
}

// compare proves what can be.
func (r *run) compare(ctx context.Context, following *sync.WaitGroup) error {
	proof := &Proof{Clients: len(r.clients), Tenants: len(r.cfg.Tenants)}
	close(r.crowd.finish)
	compared := make(chan struct{})
	go func() { following.Wait(); close(compared) }()
	patience := time.NewTimer(comparePatience)
	defer patience.Stop()
	select {
	case <-compared:
	case <-patience.C:
		r.crowd.fail("not every client has compared its state within %s", comparePatience)
		return r.prove(ctx, proof, false)
	case <-ctx.Done():
		return ctx.Err()
	}
	return r.prove(ctx, proof, true)
}

func (r *run) prove(ctx context.Context, proof *Proof, ended bool) error {
	for _, l := range r.ledgers {
		l.join(true)
	}
	r.summary.Proof = proof
	proof.Checksums = r.crowd.sums.Load()
	if ended { // else the clients still own what they hold
		for _, c := range r.clients {
			if c.equal {
				proof.ClientsEqual++
			}
		}
		if n := proof.Clients - proof.ClientsEqual; n > 0 {
			r.crowd.fail("%d of %d clients did not come to the server's state", n, proof.Clients)
		}
	}
	if !r.cfg.Prove {
		return nil
	}
	p := &prover{cfg: r.cfg, fail: r.crowd.fail, proof: proof}
	if err := p.level(ctx, r.ledgers); err != nil {
		return err
	}
	if err := p.ids(ctx, r.traffic, r.start.Add(-time.Minute)); err != nil {
		return err
	}
	for _, tenant := range r.cfg.Tenants {
		if err := errors.Join(p.verify(ctx, tenant), p.wallboard(ctx, tenant)); err != nil {
			return err
		}
	}
	return nil
}

// sum is the summary, when everything has ended.
func (r *run) sum() *Summary {
	s := r.summary
	s.Events.Sent, s.Events.Stored, s.Events.Ack = r.traffic.sent.Load(), r.traffic.stored.Load(), r.traffic.acks.sum()
	s.Checks.Asked, s.Checks.Answered, s.Checks.Failed = r.traffic.asked.Load(), r.traffic.answered.Load(), r.traffic.refused.Load()
	s.Checks.Latency = r.traffic.checks.sum()
	r.traffic.mu.Lock()
	s.Checks.Refusal = r.traffic.refusal
	r.traffic.mu.Unlock()
	s.Frames.Received, s.Frames.Bytes, s.Frames.Beats = r.crowd.frames.Load(), r.crowd.bytes.Load(), r.crowd.beats.Load()
	s.Frames.Forward, s.Frames.Latency = r.crowd.skipped.Load(), r.frames.sum()
	s.CatchUp = r.crowd.catchUp.sum()
	last, most := r.watch.seen()
	s.Server.RSSMost, s.Server.RSSEnd, s.Server.HeapEnd = most.RSS, last.RSS, last.Heap
	s.Server.TickMost, s.Server.TickEnd = most.Tick, last.Tick
	s.Server.HubLagMost, s.Server.HistoryLagMost, s.Server.HistoryAgeMost = most.HubLag, most.HistoryLag, most.HistoryAge
	r.crowd.mu.Lock()
	defer r.crowd.mu.Unlock()
	s.Closes = r.crowd.closes
	s.Failures = append(s.Failures, r.crowd.failures...)
	s.Failed = r.crowd.failed
	s.OK = s.Failed == 0
	return s
}

// tell gives moment how it goes, and returns what names the phase.
func (r *run) tell(ctx context.Context, background *sync.WaitGroup, interval time.Duration, moment func(Moment)) func(phase string) {
	if moment == nil {
		return func(string) {}
	}
	var mu sync.Mutex
	phase, began := "connect", time.Now()
	background.Go(func() {
		var events, frames uint64
		var cpu float64
		last := time.Now()
		for pause(ctx, interval) {
			now := time.Now()
			took := now.Sub(last).Seconds()
			last = now
			usage, _ := r.watch.seen()
			mu.Lock()
			m := Moment{Phase: phase, Elapsed: now.Sub(began), Server: usage, Sockets: r.crowd.open.Load()}
			mu.Unlock()
			m.Events = float64(r.traffic.stored.Load()-events) / took
			m.Frames = float64(r.crowd.frames.Load()-frames) / took
			m.Late = time.Duration(r.traffic.late.Load())
			m.CPU = (usage.CPU - cpu) / took
			events, frames, cpu = r.traffic.stored.Load(), r.crowd.frames.Load(), usage.CPU
			m.Ack, m.Frame, m.Check = r.traffic.acks.take(), r.frames.take(), r.traffic.checks.take()
			r.crowd.mu.Lock()
			m.Failed = r.crowd.failed
			r.crowd.mu.Unlock()
			moment(m)
		}
	})
	return func(p string) {
		mu.Lock()
		defer mu.Unlock()
		phase, began = p, time.Now()
	}
}
