package hub

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
)

// Bounds of a tenant.
const (
	inboxBatches   = 16              // batches that wait before the consumer does
	mostFilters    = 200             // filtered views at once
	filterOutlives = 2 * time.Minute // its last reader
	emptyOutlives  = time.Minute     // the last question about a tenant without a state
	restMillis     = 48 * 60 * 60 * 1000
	sweepEvery     = time.Minute
	seriesMinutes  = 24 * 60
	// filteredMinutes is how long a filtered view remembers: 200 of them must
	// not weigh more than the desk itself.
	filteredMinutes = 2 * 60
	// pastAge is how old an event is that belongs to a past that comes in now.
	pastAge = 2 * time.Minute
	// pastPause is how long such a past may stop coming in and go on.
	pastPause = 15 * time.Second
	// mostPast is how many events of the present show that it is over.
	mostPast = 50
	// outboxEvery is how often connections are looked at for beats.
	outboxEvery = 200 * time.Millisecond
	// restTick is how often a tenant without readers looks at the clock.
	restTick = time.Second
)

// tenant is the goroutine that owns one tenant's state, topics and subscribers.
// It does no I/O and never waits for a subscriber.
type tenant struct {
	// Immutable.
	id    event.TenantID
	hub   *Hub
	inbox chan []Delivery
	calls chan func(*tenant)
	ended chan struct{} // closed when an empty tenant has been let go of

	restored bool // from history; set before anybody else knows the tenant

	// Read by others.
	queuedSeq  atomic.Uint64 // of the last delivery put into the inbox
	appliedSeq atomic.Uint64 // of the last delivery applied
	tick       atomic.Int64  // the length of the present tick
	drain      *drain

	// Owned by run.
	state     *fold.State
	today     metric.Day
	base      *view // without a filter; it is always there
	views     map[string]*view
	rested    map[string]*restedLine // lines of views that have ended, or were an earlier process's, by their filter's key
	notices   map[event.AgentID]*Topic
	noticed   map[event.AgentID]time.Time // when they last had a reader
	inboxes   map[event.AgentID]*agentInbox
	threads   map[event.ConversationID]*thread
	clock     *clock
	deadlines deadlines
	tracking  *tracking        // nil: nobody compares
	warned    map[string]Alert // of this desk alone, by id
	outboxes  map[*Outbox]struct{}
	alerted   *map[string]event.Text
	lastSeq   uint64
	changed   bool // something may have to be published

	batch   []Delivery // being applied
	fetched chan fetched
	waiting bool // for what was asked of the restorer
	refs    []fold.Ref

	pace       *Pace
	handedAt   time.Time // when the tick began whose frames are being handed out
	flushed    time.Time
	used       time.Time // when somebody last asked
	sweptAt    time.Time
	lookedAt   time.Time
	lagArrived time.Time
	lived      bool      // a conversation has changed
	pastAt     time.Time // when an event of the past was applied
	past       int       // how many more of them than of the present there were of late
	pastUpTo   int64     // the latest time of that past, milliseconds
}

func newTenant(h *Hub, st *fold.State) *tenant {
	now := h.cfg.Now()
	t := &tenant{
		id: st.Tenant(), hub: h, inbox: make(chan []Delivery, inboxBatches), calls: make(chan func(*tenant)), ended: make(chan struct{}),
		state: st, views: map[string]*view{}, rested: map[string]*restedLine{}, threads: map[event.ConversationID]*thread{}, clock: &clock{},
		notices: map[event.AgentID]*Topic{}, noticed: map[event.AgentID]time.Time{}, inboxes: map[event.AgentID]*agentInbox{}, outboxes: map[*Outbox]struct{}{},
		fetched: make(chan fetched, 1), pace: NewPace(h.cfg.Tick, LongestTick), drain: newDrain(), sweptAt: now, used: now,
	}
	t.lived = st.Latest() != 0
	t.base = newView(st, Filter{}, seriesMinutes, t.clock)
	t.clock.begin(st, now.UnixMilli())
	t.today = st.Calendar().Day(now.UnixMilli())
	t.base.rebuild(t.today)
	t.appliedSeq.Store(st.Seq())
	return t
}

// run is the tenant's goroutine.
func (t *tenant) run() {
	timer := time.NewTimer(t.pace.Tick())
	defer timer.Stop()
	resting := false // the timer stands further off than a tick
	for {
		inbox := t.inbox
		if t.waiting {
			inbox = nil // order stays stream order
		}
		due := false
		select {
		case <-t.hub.ctx.Done():
			return
		case batch := <-inbox:
			t.batch = batch
			t.work()
		case f := <-t.fetched:
			t.bring(f)
			t.work()
		case call := <-t.calls:
			call(t)
			t.used = t.hub.cfg.Now()
		case <-t.drain.done:
			t.pace.Handed(t.hub.cfg.Now().Sub(t.handedAt))
			continue
		case <-timer.C:
			due = true
		}
		// The first change after a quiet time goes out at once, the next with the
		// tick: while there is something to tell or somebody to tell it to, the
		// timer is never further off than that.
		now := t.hub.cfg.Now()
		if due || t.changed && now.Sub(t.flushed) >= t.pace.Tick() {
			changed := t.changed
			if changed {
				t.flushed = now
			}
			t.flush(now)
			if t.empty(now) && t.hub.retire(t) {
				return
			}
			if resting = !changed && !t.followed(); resting {
				timer.Reset(max(t.pace.Tick(), restTick))
			} else {
				timer.Reset(t.pace.Tick())
			}
		} else if resting && (t.changed || t.followed()) {
			resting = false
			timer.Reset(t.pace.Tick())
		}
	}
}

// followed reports whether anybody has to be told of changes, or that there are none.
func (t *tenant) followed() bool {
	if len(t.outboxes) > 0 || t.base.readers() > 0 {
		return true
	}
	for _, v := range t.views {
		if v.readers() > 0 {
			return true
		}
	}
	for _, topic := range t.notices {
		if topic.Readers() > 0 {
			return true
		}
	}
	for _, in := range t.inboxes {
		if in.topic.Readers() > 0 {
			return true
		}
	}
	for _, th := range t.threads {
		if th.topic.Readers() > 0 {
			return true
		}
	}
	return false
}

// empty reports whether nothing is lost if the tenant ends: it has no state and
// no readers, and nobody has asked for a while.
func (t *tenant) empty(now time.Time) bool {
	return !t.restored && t.queuedSeq.Load() == 0 && now.Sub(t.used) > emptyOutlives && !t.followed()
}

// do runs a call in the tenant's goroutine and waits for it. The error is
// errRetired if the tenant has ended.
func (t *tenant) do(ctx context.Context, call func(*tenant)) error {
	done := make(chan struct{})
	select {
	case t.calls <- func(t *tenant) { call(t); close(done) }:
	case <-t.ended:
		return errRetired
	case <-ctx.Done():
		return ctx.Err()
	case <-t.hub.ctx.Done():
		return ErrStopped
	}
	<-done
	return nil
}

// seq is how far the tenant's partition has been read and applied.
func (t *tenant) seq() uint64 {
	read := t.hub.position.Load()
	if len(t.inbox) == 0 && len(t.batch) == 0 {
		t.lastSeq = max(t.lastSeq, read, t.state.Seq())
	} else {
		t.lastSeq = max(t.lastSeq, t.state.Seq())
	}
	return t.lastSeq
}

// view finds or makes the view of a filter.
func (t *tenant) view(f Filter) (*view, error) {
	f = f.normal()
	if f.empty() {
		return t.base, nil
	}
	key := f.key()
	if v, ok := t.views[key]; ok {
		v.lastRead = t.hub.cfg.Now()
		return v, nil
	}
	if len(t.views) >= mostFilters {
		return nil, ErrTooManyFilters
	}
	v := newView(t.state, f, filteredMinutes, t.clock)
	v.lastRead = t.hub.cfg.Now()
	v.rebuild(t.today)
	if r, ok := t.rested[key]; ok {
		v.series = r.series
		delete(t.rested, key)
	}
	t.views[key] = v
	return v, nil
}

// topic finds or makes a topic, up to date with the state.
func (t *tenant) topic(r Request) (*Topic, error) {
	name, err := ParseTopic(string(r.Topic))
	if err != nil {
		return nil, err
	}
	now := t.hub.cfg.Now()
	if name.conversation() != "" {
		return t.thread(r, now)
	}
	if name == TopicNotifications {
		topic, ok := t.notices[r.Agent]
		if !ok {
			topic = NewTopic(name, t.hub.newEpoch(), KeptLimits, t.hub.cfg.Tally)
			if a, known := t.state.Agent(r.Agent); known {
				publishNotices(a, topic)
			} else {
				topic.Set(Object{}, "items")
			}
			topic.Flush(now, t.seq())
			t.notices[r.Agent] = topic
		}
		t.noticed[r.Agent] = now
		return topic, nil
	}
	if name == TopicInbox {
		return t.inboxOf(r.Agent, now), nil
	}
	v, err := t.view(r.Filter)
	if err != nil {
		return nil, err
	}
	v.asked[name] = now
	topic, ok := v.topics[name]
	if !ok {
		limits := StateLimits
		if !v.filter.empty() {
			limits = FilteredLimits
		}
		topic = NewTopic(name, t.hub.newEpoch(), limits, t.hub.cfg.Tally)
		t.fill(v, name, topic)
		topic.Flush(now, t.seq())
		v.topics[name] = topic
	}
	return topic, nil
}
