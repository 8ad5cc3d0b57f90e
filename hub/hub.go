package hub

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
)

// What a request to the hub can be refused with.
var (
	ErrUnknownTopic   = errors.New("hub: no such topic")
	ErrTooManyFilters = errors.New("hub: too many filtered topics")
	ErrTooManyChecks  = errors.New("hub: too many checks wait for this reader to be brought forward")
	ErrUnsubscribed   = errors.New("hub: the subscription has ended")
	ErrStopped        = errors.New("hub: stopped")
)

// Restorer fetches entities that the hub has let go of. What does not exist is
// absent from the result.
type Restorer interface {
	Fetch(ctx context.Context, tenant event.TenantID, refs []fold.Ref) (map[fold.Ref][]byte, error)
}

// Config says how the hub works. Now is its only clock.
type Config struct {
	Restorer Restorer
	Threads  Threads // may be nil: followed conversations then begin with what comes
	Now      func() time.Time
	Tick     time.Duration // the shortest time between two changes of a topic
	Epoch    string        // distinguishes this process from every other
	Logger   zerolog.Logger
	Tally    *Tally // may be nil
}

// Delivery is one message of the stream, in its order. Event is nil for what
// was refused: it moves the position on and changes nothing.
type Delivery struct {
	Seq     uint64
	Arrived time.Time
	Event   *event.Event
}

// Hub holds what is true now for every tenant.
type Hub struct {
	cfg    Config
	ctx    context.Context //nolint:containedctx // the life of the tenants' goroutines, which Stop ends.
	cancel context.CancelFunc
	wg     sync.WaitGroup

	position  atomic.Uint64 // every message up to it stands in an inbox
	arrived   atomic.Int64  // when the last message had come into the stream, milliseconds
	committed atomic.Uint64 // history has everything up to it
	flushed   atomic.Uint64 // and will have it, whatever befalls PostgreSQL
	epochs    atomic.Uint64
	warnings  atomic.Pointer[map[string]event.Text]
	unheard   atomic.Int64 // since when nobody knows what the stream has, milliseconds; 0 while that is known

	sorting sorting // owned by Deliver

	mu      sync.RWMutex
	tenants map[event.TenantID]*tenant
	applied *sync.Cond // signalled when a tenant has emptied its inbox
}

// New makes a hub without tenants.
func New(cfg Config) *Hub {
	ctx, cancel := context.WithCancel(context.Background())
	return &Hub{cfg: cfg, ctx: ctx, cancel: cancel, tenants: map[event.TenantID]*tenant{}, applied: sync.NewCond(&sync.Mutex{})}
}

// Restore starts a tenant from a state that history has committed. It comes
// before the first Deliver; seq is where the states end.
func (h *Hub) Restore(st *fold.State, seq uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	t := newTenant(h, st)
	t.restored = true
	h.start(t)
	h.position.Store(max(h.position.Load(), seq))
	h.Committed(seq, seq)
}

// Resume says where the stream goes on, for a hub without tenants to restore.
func (h *Hub) Resume(seq uint64) {
	h.position.Store(seq)
	h.committed.Store(seq)
	h.flushed.Store(seq)
}

// Stop ends the tenants' goroutines and waits for them. Stopping twice is fine.
func (h *Hub) Stop() {
	h.mu.Lock() // no tenant starts while the last ones end
	h.cancel()
	h.mu.Unlock()
	h.wake()
	h.wg.Wait()
}

// wake tells those who wait for the tenants to look again. The lock makes sure
// that nobody is between looking and waiting.
func (h *Hub) wake() {
	h.applied.L.Lock()
	defer h.applied.L.Unlock()
	h.applied.Broadcast()
}

// Position is how far FLOOR has been read.
func (h *Hub) Position() uint64 { return h.position.Load() }

// Arrived is when the last message read had come into the stream.
func (h *Hub) Arrived() time.Time { return time.UnixMilli(h.arrived.Load()).UTC() }

// Committed tells the hub how far history has stored the stream, and how far so
// that no crash takes it back: what rests before that can be let go of.
func (h *Hub) Committed(seq, flushed uint64) {
	raise(&h.flushed, flushed)
	if raise(&h.committed, seq) {
		h.wake()
	}
}

// raise reports whether the number was lower.
func raise(n *atomic.Uint64, to uint64) bool {
	for {
		old := n.Load()
		if to <= old {
			return false
		}
		if n.CompareAndSwap(old, to) {
			return true
		}
	}
}

// WaitApplied waits until every tenant has applied the stream up to seq. The
// history writer commits only then, so that an entity that the hub fetches is
// never ahead of the hub.
func (h *Hub) WaitApplied(ctx context.Context, seq uint64) error {
	stop := context.AfterFunc(ctx, h.wake)
	defer stop()
	h.applied.L.Lock()
	defer h.applied.L.Unlock()
	for !h.hasApplied(seq) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if h.ctx.Err() != nil {
			return ErrStopped
		}
		h.applied.Wait()
	}
	return nil
}

func (h *Hub) hasApplied(seq uint64) bool {
	if h.position.Load() < seq {
		return false
	}
	h.mu.RLock()
	defer h.mu.RUnlock()
	for _, t := range h.tenants {
		done := t.appliedSeq.Load()
		if done < seq && done < t.queuedSeq.Load() {
			return false
		}
	}
	return true
}

func (h *Hub) newEpoch() Epoch {
	return Epoch(fmt.Sprintf("%s-%d", h.cfg.Epoch, h.epochs.Add(1)))
}

// Request names a topic. Agent is whose notifications or inbox are meant. A topic
// conversation/{id} is refused, with ErrOutsideScope, unless the filter holds
// for that conversation.
type Request struct {
	Tenant event.TenantID
	Topic  TopicName
	Filter Filter
	Agent  event.AgentID
}

// Subscription is one reader of a topic.
type Subscription interface {
	// Close ends it.
	Close()
	// Check puts the state's checksum into the outbox, as the answer to a request.
	// ErrTooManyChecks and ErrUnsubscribed say that there will be no such answer.
	Check(ctx context.Context, id RequestID) error
}

// subscription is one of a topic of the hub's own.
type subscription struct {
	tenant *tenant
	sub    *Subscriber
}

// Attach tells a tenant of a connection, which from then on has its beats, until
// Detach. It is done by whoever opened the connection.
func (h *Hub) Attach(ctx context.Context, id event.TenantID, out *Outbox) error {
	return h.on(ctx, id, func(t *tenant) {
		t.outboxes[out] = struct{}{}
		out.follow(t.drain)
	})
}

// Detach takes a connection's beats away.
func (h *Hub) Detach(id event.TenantID, out *Outbox) {
	out.follow(nil)
	if t := h.find(id); t != nil {
		_ = t.do(h.ctx, func(t *tenant) { delete(t.outboxes, out) }) // one that has ended has no beats
	}
}

// Subscribe registers a reader. In the same turn its snapshot, or the deltas
// that it lacks since a position, are put into its outbox.
func (h *Hub) Subscribe(ctx context.Context, r Request, sub Sub, out *Outbox, since *Position) (Subscription, error) {
	if err := h.open(ctx, r); err != nil {
		return nil, err
	}
	s := NewSubscriber(sub, out)
	var owner *tenant
	var err error
	if doErr := h.on(ctx, r.Tenant, func(t *tenant) {
		owner = t
		var topic *Topic
		if topic, err = t.topic(r); err == nil {
			topic.Subscribe(s, since, h.cfg.Now())
		}
	}); doErr != nil {
		return nil, doErr
	}
	if err != nil {
		return nil, err
	}
	return &subscription{tenant: owner, sub: s}, nil
}

func (s *subscription) Close() {
	_ = s.tenant.do(s.tenant.hub.ctx, func(*tenant) { // one that has ended has no subscriptions
		if topic := s.sub.Topic(); topic != nil {
			topic.Unsubscribe(s.sub)
		}
	})
}

func (s *subscription) Check(ctx context.Context, id RequestID) error {
	var refused error
	err := s.tenant.do(ctx, func(*tenant) {
		topic := s.sub.Topic()
		switch {
		case topic == nil:
			refused = ErrUnsubscribed
		case !topic.Check(s.sub, id):
			refused = ErrTooManyChecks
		}
	})
	if errors.Is(err, errRetired) {
		return ErrUnsubscribed
	}
	return errors.Join(err, refused)
}

// ParseTopic reads the name of a topic that Subscribe knows.
func ParseTopic(name string) (TopicName, error) {
	switch topic := TopicName(name); topic {
	case TopicWallboard, TopicFloor, TopicAgents, TopicTeams, TopicChannels, TopicQueue, TopicConversations, TopicDisputes, TopicNotifications, TopicInbox:
		return topic, nil
	case TopicConversation: // of which one?
	}
	if strings.HasPrefix(name, string(TopicConversation)+"/") {
		return parseConversationTopic(name)
	}
	return "", fmt.Errorf("%w: there are wallboard, floor, agents, teams, channels, queue, conversations, conversation/{id}, disputes, notifications, inbox", ErrUnknownTopic)
}
