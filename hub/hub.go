package hub

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
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
	epochs    atomic.Uint64
	warnings  atomic.Pointer[map[string]event.Text]

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
	h.committed.Store(max(h.committed.Load(), seq))
}

// Resume says where the stream goes on, for a hub without tenants to restore.
func (h *Hub) Resume(seq uint64) {
	h.position.Store(seq)
	h.committed.Store(seq)
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

// Committed tells the hub how far history has stored the stream: what rests
// before that can be let go of.
func (h *Hub) Committed(seq uint64) {
	for {
		old := h.committed.Load()
		if seq <= old {
			return
		}
		if h.committed.CompareAndSwap(old, seq) {
			h.wake()
			return
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

// Warn sets the alerts that every wallboard shows, text by id.
func (h *Hub) Warn(alerts map[string]event.Text) { h.warnings.Store(&alerts) }

// WarnDesk sets the alerts that one desk's wallboards show besides.
func (h *Hub) WarnDesk(ctx context.Context, id event.TenantID, alerts map[string]Alert) error {
	return h.on(ctx, id, func(t *tenant) {
		if maps.Equal(t.warned, alerts) {
			return
		}
		t.warned = alerts
		t.base.dirty, t.changed = true, true
		for _, v := range t.views {
			v.dirty = true
		}
	})
}

// Alert is something that people at a desk should know. A metric that is beyond a
// limit of its own names it; Level is warning or critical.
type Alert struct {
	Text    event.Text
	Level   string
	Metric  string
	Channel event.ChannelID
	Team    event.TeamID
	Limit   float64 // of the metric
}

func (a *Alert) object() Object {
	o := words(a.Text)
	for name, text := range map[string]string{"level": a.Level, "metric": a.Metric, "channel": string(a.Channel), "team": string(a.Team)} {
		if text != "" {
			o[name] = text
		}
	}
	if a.Metric != "" {
		o["limit"] = a.Limit
	}
	return o
}

// words are a text for every viewer: text is English, and text_zh Chinese where
// there is one.
func words(text event.Text) Object {
	o := Object{"text": text.EN}
	if text.ZH != "" {
		o["text_zh"] = text.ZH
	}
	return o
}

func (h *Hub) alerts() map[string]event.Text {
	if a := h.warnings.Load(); a != nil {
		return *a
	}
	return nil
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

// Snapshot is a topic's present state as one frame.
func (h *Hub) Snapshot(ctx context.Context, r Request) (Frame, error) {
	if err := h.open(ctx, r); err != nil {
		return Frame{}, err
	}
	var frame Frame
	var err error
	if doErr := h.on(ctx, r.Tenant, func(t *tenant) {
		var topic *Topic
		if topic, err = t.topic(r); err == nil {
			frame = topic.Snapshot(h.cfg.Now())
		}
	}); doErr != nil {
		return Frame{}, doErr
	}
	return frame, err
}

// Series is each full minute's values of a wallboard's metrics.
func (h *Hub) Series(ctx context.Context, r Request, metrics []string, minutes int) (Series, error) {
	var out Series
	var err error
	if doErr := h.on(ctx, r.Tenant, func(t *tenant) {
		if r.Topic != TopicWallboard {
			err = fmt.Errorf("%w with a series: %s; there is wallboard", ErrUnknownTopic, r.Topic)
			return
		}
		var v *view
		if v, err = t.view(r.Filter); err == nil {
			out = v.series.last(h.cfg.Now(), metrics, minutes)
		}
	}); doErr != nil {
		return out, doErr
	}
	return out, err
}

// Numbers are what a wallboard shows now, of the metrics that are single numbers,
// by metric id. A metric that is undefined is absent.
func (h *Hub) Numbers(ctx context.Context, id event.TenantID, f Filter) (values map[string]float64, err error) {
	doErr := h.on(ctx, id, func(t *tenant) {
		var v *view
		if v, err = t.view(f); err == nil {
			values = numbers(t.metrics(v), h.cfg.Now())
		}
	})
	return values, errors.Join(doErr, err)
}

// Lines are the minutes that a desk's wallboards, with and without filters, have
// taken after those of which stored says that they are kept: how many, by filter.
// Their values are not to be changed.
func (h *Hub) Lines(ctx context.Context, id event.TenantID, stored func(Filter) uint64) (lines []Line, err error) {
	err = h.on(ctx, id, func(t *tenant) { lines = t.lines(stored) })
	return lines, err
}

// Recall gives a restored desk the minutes of an earlier process, under a filter.
// What it has taken itself stays.
func (h *Hub) Recall(ctx context.Context, id event.TenantID, f Filter, samples []Sample) error {
	return h.on(ctx, id, func(t *tenant) { t.recall(f, samples) })
}

// Seen is the sequence of the first message.sent or message.blocked with an id.
func (h *Hub) Seen(ctx context.Context, id event.TenantID, c event.ConversationID, m event.MessageID) (seq uint64, found bool, err error) {
	err = h.ask(ctx, id, c, func(found2 *fold.Conversation) {
		if found2 != nil {
			seq, found = found2.Marks.Seen(m)
		}
	})
	return seq, found, err
}

// Agents lists who has been assigned to a conversation's latest session or has
// written in it, and who has it now first.
func (h *Hub) Agents(ctx context.Context, id event.TenantID, c event.ConversationID) (agents []event.AgentID, err error) {
	err = h.ask(ctx, id, c, func(found *fold.Conversation) {
		if found == nil {
			return
		}
		s := found.Current()
		if s.Handler.Kind == event.Agent {
			agents = append(agents, event.AgentID(s.Handler.ID))
		}
		for _, a := range s.Agents() {
			if !slices.Contains(agents, a) {
				agents = append(agents, a)
			}
		}
	})
	return agents, err
}

// Desk is a tenant's name, "" if it was never given one, and the profile in force.
func (h *Hub) Desk(ctx context.Context, id event.TenantID) (name string, p *metric.Profile, err error) {
	err = h.on(ctx, id, func(t *tenant) {
		if name = t.state.Name(); name == string(id) {
			name = ""
		}
		p = t.state.Profile()
	})
	return name, p, err
}

// Today is what a tenant's wallboard counts now: its local day, the sums of its
// sessions' rows, and the sequence of the last event that it has applied.
func (h *Hub) Today(ctx context.Context, id event.TenantID) (day metric.Day, counts metric.Counts, seq uint64, err error) {
	err = h.on(ctx, id, func(t *tenant) {
		day, counts, seq = t.base.today, t.base.whole.counts, t.state.Seq()
	})
	return day, counts, seq, err
}

// ask shows a conversation to look, nil if there is none. One that is not
// resident is fetched in the caller's goroutine.
func (h *Hub) ask(ctx context.Context, id event.TenantID, c event.ConversationID, look func(*fold.Conversation)) error {
	ref := fold.Ref{Kind: fold.KindConversation, ID: string(c)}
	var fetch bool
	if err := h.on(ctx, id, func(t *tenant) {
		found, ok := t.state.Conversation(c)
		if fetch = !ok && t.state.Maybe(ref); !fetch {
			look(found)
		}
	}); err != nil || !fetch {
		return err
	}
	stored, err := h.cfg.Restorer.Fetch(ctx, id, []fold.Ref{ref})
	if err != nil {
		return err
	}
	var bringErr error
	if err := h.on(ctx, id, func(t *tenant) {
		if bringErr = t.bringOne(ref, stored[ref]); bringErr == nil {
			found, _ := t.state.Conversation(c)
			look(found)
		}
	}); err != nil {
		return err
	}
	return bringErr
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
