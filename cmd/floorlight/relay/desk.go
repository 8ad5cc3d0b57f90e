package relay

import (
	"context"
	"errors"
	"hash/fnv"
	"maps"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/live"
)

const (
	deskTick  = 100 * time.Millisecond
	beatEvery = 200 * time.Millisecond
	// askAgain is how soon after one that failed the owner is asked again.
	askAgain = 200 * time.Millisecond
	// renewEvery is how often the owner hears that a topic is followed; he lets go
	// of one that nobody has asked for in followedFor.
	renewEvery  = 10 * time.Second
	followedFor = 35 * time.Second
	// silence is how long an owner may say nothing, who speaks once a second.
	silence = 2500 * time.Millisecond
	// mirrorOutlives is how long a mirror, and its ring, stay after the last reader.
	mirrorOutlives = time.Minute
	// mostHeld bounds the messages that wait for the snapshot before them, and those
	// that wait for the desk. More are dropped, and asked for.
	mostHeld = 4096
)

// desk mirrors what is followed here of a tenant of another server's.
type desk struct {
	// Immutable.
	r         *Router
	partition int
	tenant    event.TenantID
	ctx       context.Context //nolint:containedctx // the desk's life.
	cancel    context.CancelFunc
	done      chan struct{}
	calls     chan func()
	told      chan *nats.Msg
	unused    atomic.Bool // it has no connection and no mirror

	// Owned by run.
	outs     map[*hub.Outbox]struct{}
	mirrors  map[string]*mirrored // by the subject's last token
	standing *nats.Subscription
	heard    time.Time // when the owner said something
	seq      uint64    // how far he had read the stream
	lag      time.Duration
	beatAt   time.Time
}

// mirrored is one topic.
type mirrored struct {
	id       string
	r        hub.Request
	mirror   *hub.Mirror
	sub      *nats.Subscription
	wants    bool // the state is to be asked for
	asking   bool
	askedAt  time.Time
	heldBack [][]byte       // came while it was being asked
	since    *hub.Position  // of the first reader who waits
	verdicts []chan<- error // who waits to hear whether he may
	readers  map[*reader]struct{}
	usedAt   time.Time
}

// reader is a subscription to a mirror.
type reader struct {
	d *desk
	m *mirrored
	s *hub.Subscriber
}

func newDesk(r *Router, partition int, tenant event.TenantID) *desk {
	d := &desk{
		r: r, partition: partition, tenant: tenant, done: make(chan struct{}), calls: make(chan func()), told: make(chan *nats.Msg, mostHeld),
		outs: map[*hub.Outbox]struct{}{}, mirrors: map[string]*mirrored{}, heard: r.c.Now(),
	}
	d.ctx, d.cancel = context.WithCancel(context.Background())
	go d.run()
	return d
}

// stop ends the desk and waits for it: no frame comes from it any more.
func (d *desk) stop() {
	d.cancel()
	<-d.done
}

func (d *desk) idle() bool { return d.unused.Load() }

// do runs a call in the desk's goroutine. It reports false if that has ended.
func (d *desk) do(call func()) bool {
	done := make(chan struct{})
	select {
	case d.calls <- func() { call(); close(done) }:
		<-done
		return true
	case <-d.done:
		return false
	}
}

func (d *desk) attach(out *hub.Outbox) { d.do(func() { d.outs[out] = struct{}{} }) }

func (d *desk) detach(out *hub.Outbox) { d.do(func() { delete(d.outs, out) }) }

// topicID is the last token of the subject that a topic is told on.
func topicID(r *hub.Request) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(r.Key())) // it never fails
	return strconv.FormatUint(h.Sum64(), 36)
}

// subscribe registers a reader of a topic. The verdict comes at once where the
// mirror has a state.
func (d *desk) subscribe(r hub.Request, id hub.Sub, out *hub.Outbox, since *hub.Position) (hub.Subscription, <-chan error) {
	verdict := make(chan error, 1)
	rd := &reader{d: d, s: hub.NewSubscriber(id, out)}
	if !d.do(func() {
		m := d.mirrorOf(r)
		rd.m = m
		m.readers[rd] = struct{}{}
		m.usedAt = d.r.c.Now()
		m.mirror.Subscribe(rd.s, since, m.usedAt)
		if m.mirror.Position().Epoch != "" {
			verdict <- nil
			return
		}
		if m.since == nil {
			m.since = since
		}
		m.verdicts = append(m.verdicts, verdict)
		d.ask(m)
	}) {
		verdict <- live.ErrNoOwner
	}
	return rd, verdict
}

// Close ends the subscription.
func (rd *reader) Close() {
	rd.d.do(func() {
		if rd.m != nil {
			rd.m.mirror.Unsubscribe(rd.s)
			delete(rd.m.readers, rd)
			rd.m.usedAt = rd.d.r.c.Now()
		}
	})
}

// Check puts the state's checksum into the outbox.
func (rd *reader) Check(_ context.Context, id hub.RequestID) error {
	var err error
	if !rd.d.do(func() {
		switch {
		case rd.s.Topic() == nil:
			err = hub.ErrUnsubscribed
		case !rd.m.mirror.Check(rd.s, id):
			err = hub.ErrTooManyChecks
		}
	}) {
		return hub.ErrUnsubscribed
	}
	return err
}

// mirrorOf finds or begins a topic's mirror.
func (d *desk) mirrorOf(r hub.Request) *mirrored {
	id := topicID(&r)
	if m, ok := d.mirrors[id]; ok {
		return m
	}
	m := &mirrored{id: id, r: r, mirror: hub.NewMirror(r, d.r.c.Tally), wants: true, readers: map[*reader]struct{}{}}
	m.sub = d.listen(id)
	d.mirrors[id] = m
	if d.standing == nil {
		d.standing = d.listen(nobody)
	}
	return m
}

func (d *desk) listen(last string) *nats.Subscription {
	sub, err := d.r.c.Conn.ChanSubscribe(subjectOf(toldSubject, d.partition, string(d.tenant), last), d.told)
	if err != nil {
		d.r.c.Logger.Debug().Err(err).Msg("another server's topics are not listened to") // it is asked for again and again
		return nil
	}
	return sub
}

// run is the desk's goroutine.
func (d *desk) run() {
	tick := time.NewTicker(deskTick)
	defer tick.Stop()
	defer close(d.done)
	defer func() {
		for _, m := range d.mirrors {
			d.forget(m, nil) // whoever waits goes over to the hub
		}
		unlisten(d.standing)
	}()
	for {
		select {
		case <-d.ctx.Done():
			return
		case call := <-d.calls:
			call()
		case m := <-d.told:
			d.hear(m)
		case <-tick.C:
			d.tick()
		}
	}
}

func unlisten(sub *nats.Subscription) {
	if sub != nil {
		_ = sub.Unsubscribe() // the connection may be gone.
	}
}

// forget lets a mirror go. Who waits hears why.
func (d *desk) forget(m *mirrored, why error) {
	unlisten(m.sub)
	delete(d.mirrors, m.id)
	for _, v := range m.verdicts {
		v <- why
	}
	m.verdicts = nil
	for rd := range m.readers {
		m.mirror.Unsubscribe(rd.s)
	}
}

// hear takes what the owner has told.
func (d *desk) hear(msg *nats.Msg) {
	now := d.r.c.Now()
	d.heard = now
	last := msg.Subject[strings.LastIndexByte(msg.Subject, '.')+1:]
	if last == nobody {
		d.compare(msg.Data)
		return
	}
	m, ok := d.mirrors[last]
	switch {
	case !ok || len(msg.Data) == 0:
	case m.asking:
		if len(m.heldBack) < mostHeld {
			m.heldBack = append(m.heldBack, msg.Data)
		}
	default:
		d.take(m, msg.Data, now)
	}
}

func (d *desk) take(m *mirrored, frame []byte, now time.Time) {
	var err error
	if frame[0] == '{' {
		err = m.mirror.Adopt(frame, nil, now)
	} else {
		err = m.mirror.Take(frame, now)
	}
	if err != nil {
		m.wants = true
		d.ask(m)
	}
}

// compare looks whether something was missed.
func (d *desk) compare(raw []byte) {
	var s standing
	if json.Unmarshal(raw, &s) != nil {
		return
	}
	d.seq, d.lag = s.Seq, time.Duration(s.LagMS)*time.Millisecond
	for id, m := range d.mirrors {
		text, told := s.Topics[id]
		if !told {
			m.wants = true // the owner does not know that it is followed
			continue
		}
		at, err := hub.ParsePosition(text)
		have := m.mirror.Position()
		m.wants = m.wants || err != nil || at.Epoch != have.Epoch || at.Version > have.Version
	}
}

// tick does what time makes due.
func (d *desk) tick() {
	now := d.r.c.Now()
	silent := now.Sub(d.heard) > silence
	for _, m := range maps.Clone(d.mirrors) {
		m.mirror.Flush(now)
		if len(m.readers) > 0 {
			m.usedAt = now
		} else if now.Sub(m.usedAt) > mirrorOutlives {
			d.forget(m, nil)
			continue
		}
		again := now.Sub(m.askedAt)
		if (m.wants || silent) && again >= askAgain || again >= renewEvery {
			d.ask(m)
		}
	}
	d.unused.Store(len(d.outs) == 0 && len(d.mirrors) == 0)
	if now.Sub(d.beatAt) < beatEvery {
		return
	}
	d.beatAt = now
	lag := d.lag
	if quiet := now.Sub(d.heard); quiet > silence {
		lag += quiet
	}
	beat := hub.NewBeat(now, d.seq, lag)
	for out := range d.outs {
		if out.Tick(now, beat) != hub.ReasonNone {
			delete(d.outs, out)
		}
	}
}

// ask asks the owner, in another goroutine, to be told of a topic from what the
// mirror has.
func (d *desk) ask(m *mirrored) {
	now := d.r.c.Now()
	if m.asking || m.mirror.Position().Epoch == "" && now.Sub(m.askedAt) < askAgain {
		return
	}
	m.asking, m.askedAt = true, now
	q := aboutTopic{Request: m.r, Since: m.since}
	if have := m.mirror.Position(); have.Epoch != "" {
		q.Since = &have
		if !m.wants {
			q.Have = have
		}
	}
	go func() {
		f, err := question[following](d.ctx, d.r, d.partition, d.tenant, askFollow, q)
		d.do(func() { d.answered(m, &f, err) })
	}()
}

// answered takes the owner's answer.
func (d *desk) answered(m *mirrored, f *following, err error) {
	now := d.r.c.Now()
	m.asking = false
	held := m.heldBack
	m.heldBack = nil
	if d.mirrors[m.id] != m {
		return
	}
	if err == nil {
		d.heard = now
		if len(f.Snapshot) > 0 {
			err = m.mirror.Adopt(f.Snapshot, f.Backlog, now)
		}
	}
	var fault *live.Fault
	switch {
	case err == nil:
		m.wants, m.since = false, nil
		for _, v := range m.verdicts {
			v <- nil
		}
		m.verdicts = nil
	case errors.As(err, &fault) && lasting(fault.Code):
		// The readers that there are come back, and hear it.
		for rd := range m.readers {
			if len(m.verdicts) == 0 {
				rd.s.Outbox().Close(hub.ReasonRestart)
			}
		}
		d.forget(m, err)
		return
	default:
		m.wants = true
	}
	for _, frame := range held {
		d.take(m, frame, now)
	}
}

// lasting reports whether asking again would not help.
func lasting(c live.Code) bool {
	return c == live.CodeUnknownTopic || c == live.CodeForbidden || c == live.CodeNotFound || c == live.CodeTooManyFilters
}
