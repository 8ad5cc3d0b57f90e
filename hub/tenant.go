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

type fetched struct {
	refs   []fold.Ref
	stored map[fold.Ref][]byte
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

// work applies the open batch until it is done or something is missing.
func (t *tenant) work() {
	now := t.hub.cfg.Now() // for the whole batch, which takes milliseconds
	for len(t.batch) > 0 {
		d := &t.batch[0]
		if d.Seq <= t.state.Seq() {
			t.batch = t.batch[1:]
			continue
		}
		if t.refs = t.state.Missing(d.Event, t.refs[:0]); len(t.refs) > 0 {
			t.fetch()
			return
		}
		t.apply(d, now)
		t.batch = t.batch[1:]
	}
	t.batch = nil
	t.state.Forget(t.hub.committed.Load())
	t.hub.wake()
}

func (t *tenant) apply(d *Delivery, now time.Time) {
	t.sampleThePast(d.Event.Time, now)
	c := t.state.Apply(d.Seq, d.Event)
	t.appliedSeq.Store(d.Seq)
	t.lagArrived = d.Arrived
	if c.Refused != nil || c.Duplicate {
		return
	}
	t.changed = true
	if c.Profile {
		t.renew(t.state.Calendar().Day(now.UnixMilli()))
		return
	}
	t.lived = t.lived || len(c.Sessions) > 0
	named := renamed(d.Event, c)
	t.base.apply(c, named)
	for _, v := range t.views {
		v.apply(c, named)
	}
	for i := range c.Sessions {
		if s := &c.Sessions[i]; s.Now.Closed && (!s.Before.Closed || s.Before.ClosedAt != s.Now.ClosedAt) {
			t.clock.note(s.Now)
		}
		t.noteClosing(c.Sessions[i].Conversation.ID, 0)
	}
	t.tellThreads(d, c, named)
	t.tellInboxes(c, named)
	if t.tracking != nil {
		t.note()
	}
	if c.Notices {
		for i := range c.Agents {
			if topic, ok := t.notices[c.Agents[i].Now.ID]; ok {
				publishNotices(c.Agents[i].Now, topic)
			}
		}
	}
}

// renamed is whose names an event may have changed.
func renamed(e *event.Event, c *fold.Change) renames {
	switch e.Data.(type) {
	case *event.CustomerUpdated, *event.ConversationStarted:
		return renames{customers: c.Customers}
	case *event.AgentUpdated:
		return renames{agents: true}
	}
	return renames{}
}

// fetch asks the restorer, in another goroutine, for what the rest of the batch
// lacks. Until it has come the tenant applies nothing.
func (t *tenant) fetch() {
	refs := append([]fold.Ref(nil), t.refs...)
	for i := 1; i < len(t.batch); i++ {
		refs = t.state.Missing(t.batch[i].Event, refs)
	}
	t.waiting = true
	t.hub.wake() // what stands before it in the batch is applied
	t.hub.wg.Go(func() {
		backoff := 50 * time.Millisecond
		for {
			stored, err := t.hub.cfg.Restorer.Fetch(t.hub.ctx, t.id, refs)
			if err == nil {
				t.fetched <- fetched{refs: refs, stored: stored}
				return
			}
			if t.hub.ctx.Err() != nil {
				return
			}
			t.hub.cfg.Logger.Warn().Err(err).Str("tenant", string(t.id)).Dur("again_in", backoff).Msg("what an event refers to cannot be fetched; the tenant waits")
			select {
			case <-t.hub.ctx.Done():
				return
			case <-time.After(backoff):
			}
			backoff = min(2*backoff, 5*time.Second)
		}
	})
}

func (t *tenant) bring(f fetched) {
	t.waiting = false
	for _, r := range f.refs {
		if err := t.bringOne(r, f.stored[r]); err != nil {
			t.hub.cfg.Logger.Error().Err(err).Str("tenant", string(t.id)).Msg("a stored entity cannot be read; it is taken as absent")
			_ = t.state.Bring(r, nil) // nil is always taken
		}
	}
}

// bringOne makes an entity resident. The views count what is resident.
func (t *tenant) bringOne(r fold.Ref, stored []byte) error {
	if r.Kind != fold.KindConversation || stored == nil {
		return t.state.Bring(r, stored)
	}
	if _, ok := t.state.Conversation(event.ConversationID(r.ID)); ok {
		return nil
	}
	if err := t.state.Bring(r, stored); err != nil {
		return err
	}
	c, _ := t.state.Conversation(event.ConversationID(r.ID))
	for _, s := range c.Sessions {
		t.clock.note(s)
		if !s.Closed {
			t.tellInbox(s, s, 1)
		}
		t.base.bring(s)
		for _, v := range t.views {
			v.bring(s)
		}
	}
	return nil
}

// renew counts every view anew: the day or the profile has changed.
func (t *tenant) renew(today metric.Day) {
	t.today, t.tracking = today, nil
	t.clock.begin(t.state, t.hub.cfg.Now().UnixMilli())
	t.base.rebuild(today)
	for _, v := range t.views {
		v.rebuild(today)
	}
	t.changed = true
}

// putBack reports whether the clock, which shows an earlier day than the views, was
// really put back. One that is corrected by seconds around midnight, as clocks are,
// must not empty the boards twice.
func (t *tenant) putBack(now time.Time) bool {
	return t.state.Calendar().Start(t.today)-now.UnixMilli() > event.MaxAhead.Milliseconds()
}

// flush is one tick: what has changed goes out, and what is due is done.
func (t *tenant) flush(now time.Time) {
	started := now
	if t.drain.busy() {
		t.pace.Handed(now.Sub(t.handedAt))
	} else {
		t.handedAt = now
	}
	t.drain.begin()
	defer func() {
		t.drain.end()
		t.tick.Store(int64(t.pace.Tick()))
	}()
	if today := t.state.Calendar().Day(now.UnixMilli()); today > t.today || today < t.today && t.putBack(now) {
		t.renew(today)
	}
	for _, s := range t.clock.advance(now.UnixMilli()) {
		t.base.over(s)
		for _, v := range t.views {
			v.over(s)
		}
	}
	if a := t.hub.warnings.Load(); a != t.alerted {
		t.alerted = a
		t.base.dirty = true
		for _, v := range t.views {
			v.dirty = true
		}
	}
	seq := t.seq()
	t.sample(t.base, now)
	t.publish(t.base, now, seq)
	for key, v := range t.views {
		t.sample(v, now)
		t.publish(v, now, seq)
		if t.read(v, now) {
			continue
		}
		t.rest(key, v)
		delete(t.views, key)
	}
	for agent, topic := range t.notices {
		topic.Flush(now, seq)
		if topic.Readers() > 0 {
			t.noticed[agent] = now
		} else if now.Sub(t.noticed[agent]) > filterOutlives {
			delete(t.notices, agent)
			delete(t.noticed, agent)
		}
	}
	t.publishInboxes(now, seq)
	t.letGo(t.base, now)
	t.publishThreads(now, seq)
	t.changed = false
	t.beatOutboxes()
	if now.Sub(t.sweptAt) >= sweepEvery {
		t.sweptAt = now
		t.forgetRested(now)
		t.state.Sweep(t.hub.committed.Load(), max(restMillis, t.clock.grace+restMillis/2), true)
	}
	t.pace.Next(t.hub.cfg.Now().Sub(started))
}

// letGo ends the topics of the view without a filter that cost something and
// that nobody has read for a while; those of filtered views end with their view.
func (t *tenant) letGo(v *view, now time.Time) {
	for name, topic := range v.topics {
		if name != TopicTeams && name != TopicChannels && name != TopicConversations {
			continue
		}
		if topic.Readers() > 0 {
			v.asked[name] = now
		} else if now.Sub(v.asked[name]) > filterOutlives {
			delete(v.topics, name)
			delete(v.divisions, name)
			if name == TopicConversations {
				v.open = nil
			}
		}
	}
}

// read reports whether a filtered view has a reader, or had one just now.
func (t *tenant) read(v *view, now time.Time) bool {
	if v.readers() > 0 {
		v.lastRead = now
	}
	return now.Sub(v.lastRead) <= filterOutlives
}

// beatOutboxes gives each connection its beat where nothing else has come for a second.
func (t *tenant) beatOutboxes() {
	now := t.hub.cfg.Now()
	if now.Sub(t.lookedAt) < outboxEvery || len(t.outboxes) == 0 {
		return
	}
	t.lookedAt = now
	lag := time.Duration(0)
	if len(t.inbox) > 0 || len(t.batch) > 0 {
		lag = max(0, now.Sub(t.lagArrived))
	}
	beat := NewBeat(now, t.seq(), lag)
	for out := range t.outboxes {
		if out.Tick(now, beat) != ReasonNone {
			delete(t.outboxes, out)
		}
	}
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
