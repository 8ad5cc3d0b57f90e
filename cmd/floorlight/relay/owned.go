package relay

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/live"
)

const (
	// mostQuestions is how many are worked on at a time.
	mostQuestions = 256
	standingEvery = time.Second
	// outletBytes is what may wait to be told of one tenant. Beyond it deltas are
	// skipped, as for any slow reader.
	outletBytes = 8 << 20
	backlogWait = 200 * time.Millisecond
	flushWait   = 500 * time.Millisecond
)

// Answer answers a question about a tenant.
type Answer func(ctx context.Context, tenant event.TenantID) ([]byte, error)

// Owned is a partition that this server owns: it answers other servers, and tells
// them what their readers follow.
type Owned struct {
	// Immutable.
	r         *Router
	partition int
	hub       *hub.Hub
	level     func() bool
	more      map[string]Answer
	ctx       context.Context //nolint:containedctx // as long as it is owned.
	cancel    context.CancelFunc
	telling   sync.WaitGroup
	answering sync.WaitGroup
	places    chan struct{}
	sub       *nats.Subscription

	mu      sync.Mutex
	ended   bool // no question is taken any more; guarded by mu
	outlets map[event.TenantID]*outlet
}

func newOwned(r *Router, partition int, h *hub.Hub, level func() bool, more map[string]Answer) *Owned {
	o := &Owned{r: r, partition: partition, hub: h, level: level, more: more, places: make(chan struct{}, mostQuestions), outlets: map[event.TenantID]*outlet{}}
	o.ctx, o.cancel = context.WithCancel(context.Background())
	return o
}

// serve begins to answer other servers.
func (o *Owned) serve() error {
	var err error
	o.sub, err = o.r.c.Conn.Subscribe(subjectOf(ownSubject, o.partition, "*", "*"), func(m *nats.Msg) {
		select {
		case o.places <- struct{}{}:
			if o.begin(m) {
				return
			}
		case <-o.ctx.Done():
		}
		_ = reply(o.r.c.Conn, m.Reply, nil, live.ErrNoOwner) // who does not get it waits a while.
	})
	if err != nil {
		return fmt.Errorf("answer other servers: %w", err)
	}
	// Whoever asks after this finds that there is an owner; on a slow connection later.
	if err := o.r.c.Conn.FlushTimeout(flushWait); err != nil {
		o.r.c.Logger.Debug().Err(err).Msg("other servers learn later who owns the partition")
	}
	return nil
}

// begin answers a question, unless the end has come, which waits for those that have
// begun: the connection may still hand one out then.
func (o *Owned) begin(m *nats.Msg) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ended {
		return false
	}
	o.answering.Go(func() {
		defer func() { <-o.places }()
		o.answer(m)
	})
	return true
}

// end stops answering and telling.
func (o *Owned) end() {
	if o.sub != nil {
		_ = o.sub.Unsubscribe() // the connection may be gone.
	}
	o.mu.Lock()
	o.ended = true
	o.mu.Unlock()
	o.cancel()
	o.answering.Wait()
	o.telling.Wait()
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, t := range o.outlets {
		t.close()
	}
}

// inherit lets an owner here end that this one follows: what it was asked it still
// answers, and what it told other servers this one tells.
func (o *Owned) inherit(before *Owned) {
	answered := make(chan struct{})
	before.sub.SetClosedHandler(func(string) {
		before.answering.Wait()
		close(answered)
	})
	if before.sub.Drain() == nil {
		timer := time.NewTimer(askWait)
		defer timer.Stop()
		select {
		case <-answered:
		case <-timer.C:
		}
	}
	before.end()
	for id, followed := range before.followed() {
		t := o.outlet(id)
		for _, r := range followed {
			if _, err := t.follow(o.ctx, r, true); err != nil {
				o.r.c.Logger.Debug().Err(err).Msg("other servers were not told, and will ask")
			}
		}
	}
}

// followed are the topics that other servers follow.
func (o *Owned) followed() map[event.TenantID][]hub.Request {
	o.mu.Lock()
	defer o.mu.Unlock()
	all := map[event.TenantID][]hub.Request{}
	for id, t := range o.outlets {
		all[id] = t.followed()
	}
	return all
}

func (o *Owned) answer(m *nats.Msg) {
	tokens := strings.Split(m.Subject, ".")
	ctx, cancel := context.WithTimeout(o.ctx, askWait)
	defer cancel()
	raw, err := o.find(ctx, event.TenantID(tokens[2]), tokens[3], m.Data)
	if errors.Is(err, hub.ErrStopped) || o.ctx.Err() != nil {
		err = live.ErrNoOwner
	}
	if err != nil {
		if f := live.FaultOf(err); f.Code == live.CodeInternal {
			o.r.c.Logger.Error().Err(err).Str("question", tokens[3]).Msg("another server's question was not answered")
		}
	}
	if err := reply(o.r.c.Conn, m.Reply, raw, err); err != nil {
		o.r.c.Logger.Debug().Err(err).Msg("another server did not get its answer")
	}
}

// errQuestion says that another server asks what this one does not know.
var errQuestion = errors.New("relay: no such question")

// find answers one question.
func (o *Owned) find(ctx context.Context, id event.TenantID, what string, raw []byte) ([]byte, error) {
	h := o.hub
	switch what {
	case askSnapshot:
		return with(raw, func(q hub.Request) (any, error) {
			f, err := h.Snapshot(ctx, q)
			return document(f), err
		})
	case askSeries:
		return with(raw, func(q aboutSeries) (any, error) { return h.Series(ctx, q.Request, q.Metrics, q.Minutes) })
	case askSeen:
		return with(raw, func(q aboutMessage) (any, error) {
			seq, found, err := h.Seen(ctx, id, q.Conversation, q.Message)
			return seen{seq, found}, err
		})
	case askAgents:
		return with(raw, func(q aboutMessage) (any, error) { return h.Agents(ctx, id, q.Conversation) })
	case askPlace:
		return with(raw, func(q aboutMessage) (any, error) { return h.Place(ctx, id, q.Conversation) })
	case askDirectory:
		return with(nil, func(struct{}) (any, error) { return h.Directory(ctx, id) })
	case askContested:
		return with(raw, func(q aboutMessage) (any, error) { return h.Contested(ctx, id, q.Conversation, q.Message) })
	case askDesk:
		return with(nil, func(struct{}) (any, error) {
			name, p, err := h.Desk(ctx, id)
			if err != nil {
				return nil, err
			}
			return newDeskOf(id, name, p), nil
		})
	case askDesks:
		return with(nil, func(struct{}) (any, error) { return desks(ctx, h) })
	case askToday:
		return with(nil, func(struct{}) (any, error) {
			day, counts, seq, err := h.Today(ctx, id)
			return today{day, counts, seq}, err
		})
	case askCheck:
		return with(raw, func(q aboutCheck) (any, error) { return o.decide(ctx, id, &q) })
	case askFollow:
		return with(raw, func(q aboutTopic) (any, error) { return o.follow(ctx, id, &q) })
	}
	if more, ok := o.more[what]; ok {
		return more(ctx, id)
	}
	return nil, fmt.Errorf("%w: %s", errQuestion, what)
}

// document is an answer that is JSON already.
type document hub.Frame

// with reads a question and encodes its answer.
func with[Q any](raw []byte, answer func(Q) (any, error)) ([]byte, error) {
	var q Q
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &q); err != nil {
			return nil, fmt.Errorf("read another server's question: %w", err)
		}
	}
	a, err := answer(q)
	if err != nil {
		return nil, err
	}
	if d, ok := a.(document); ok {
		return whole(hub.Frame(d)), nil
	}
	return json.Marshal(a)
}

func whole(f hub.Frame) []byte {
	return append(append(make([]byte, 0, f.Len()), f.Head()...), f.Body()...)
}

func (o *Owned) decide(ctx context.Context, id event.TenantID, q *aboutCheck) (live.CheckReply, error) {
	d := o.r.decider.Load()
	switch {
	case d == nil:
		return live.CheckReply{}, live.ErrNoOwner
	case q.Agent != "":
		return (*d).Send(ctx, id, q.Agent, q.Request)
	}
	return (*d).Check(ctx, id, q.Request)
}

// follow begins or goes on telling of a topic, and gives its state unless the
// asker has what can be gone on from.
func (o *Owned) follow(ctx context.Context, id event.TenantID, q *aboutTopic) (following, error) {
	q.Request.Tenant = id
	at, err := o.outlet(id).follow(ctx, q.Request, false)
	if err != nil {
		return following{}, err
	}
	if q.Have.Epoch != "" && q.Have == at {
		return following{}, nil
	}
	// Who reads what he lacks, and the snapshot behind it, has everything between.
	var f following
	var own *hub.Outbox
	if q.Since != nil {
		own = hub.NewOutbox(outletBytes, nil)
		defer own.Close(hub.ReasonGone)
		s, err := o.hub.Subscribe(ctx, q.Request, 1, own, q.Since)
		if err != nil {
			return following{}, err
		}
		defer s.Close()
	}
	snapshot, err := o.hub.Snapshot(ctx, q.Request)
	if err != nil {
		return following{}, err
	}
	f.Snapshot = whole(snapshot)
	if own == nil || q.Since.Epoch != snapshot.Epoch {
		return f, nil
	}
	wait, cancel := context.WithTimeout(ctx, backlogWait)
	defer cancel()
	for at := q.Since.Version; at < snapshot.Version; {
		frame, err := own.Next(wait)
		if err != nil || frame.Op == hub.OpSnapshot {
			f.Backlog = nil
			break // it lacks more than the ring has
		}
		if frame.Op == hub.OpDelta {
			at = frame.Version
			f.Backlog = append(f.Backlog, frame.Body())
		}
	}
	return f, nil
}

func (o *Owned) outlet(id event.TenantID) *outlet {
	o.mu.Lock()
	defer o.mu.Unlock()
	t, ok := o.outlets[id]
	if !ok {
		t = &outlet{o: o, tenant: id, out: hub.NewOutbox(outletBytes, nil), told: map[string]*told{}, by: map[hub.Sub]*told{}}
		o.outlets[id] = t
		o.telling.Go(t.run)
	}
	return t
}
