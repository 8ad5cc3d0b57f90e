package hub

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
)

// TopicConversation is the kind of the topics conversation/{id}: one
// conversation's messages as they come.
const TopicConversation TopicName = "conversation"

// What following a conversation can be refused with.
var (
	ErrUnknownConversation = errors.New("hub: no such conversation")
	ErrOutsideScope        = errors.New("hub: the conversation is outside the reader's scope")
)

// Bounds of a followed conversation.
const (
	mostThreads      = 500     // conversations that a tenant's readers follow at once
	mostMessages     = 200     // the last ones
	mostMessageBytes = 1 << 20 // of text
	// threadWait is how long a reader's beginning waits for what is stored of a
	// conversation; without it he begins with what comes from now on.
	threadWait = 2 * time.Second
)

// Threads has what conversations said before somebody followed them.
type Threads interface {
	// LastMessages are the last stored events of a conversation that are about its
	// messages (sent, blocked, flagged, delivered, failed), of those up to a sequence
	// the last most, in the stream's order.
	LastMessages(ctx context.Context, tenant event.TenantID, c event.ConversationID, upTo uint64, most int) ([]StoredEvent, error)
}

// StoredEvent is an event as it came.
type StoredEvent struct {
	Seq uint64
	Raw []byte
}

// ConversationTopic is the name of a conversation's topic.
func ConversationTopic(c event.ConversationID) TopicName {
	return TopicConversation + "/" + TopicName(c)
}

// Kind is the topic's name without what it is about: conversation of conversation/c9.
func (n TopicName) Kind() TopicName {
	kind, _, _ := strings.Cut(string(n), "/")
	return TopicName(kind)
}

// conversation is whose messages a topic holds, "" if it is none of these.
func (n TopicName) conversation() event.ConversationID {
	id, ok := strings.CutPrefix(string(n), string(TopicConversation)+"/")
	if !ok {
		return ""
	}
	return event.ConversationID(id)
}

func parseConversationTopic(name string) (TopicName, error) {
	c := string(TopicName(name).conversation())
	if c == "" || len(c) > event.MaxID || !utf8.ValidString(c) || strings.ContainsRune(c, 0) {
		return "", fmt.Errorf("%w: conversation/ is followed by an id of 1 to 128 bytes", ErrUnknownTopic)
	}
	return TopicName(name), nil
}

// thread is one followed conversation. Its texts are held while it is followed
// and for a while after.
type thread struct {
	topic    *Topic
	since    uint64 // the last sequence applied before it was collected
	whole    bool   // what was before is in it
	dirty    bool   // the state, not the messages
	messages map[event.MessageID]*threadMessage
	order    []event.MessageID // as they came
	bytes    int
	dropped  bool // there were more
	lastRead time.Time
}

// threadMessage is a message as its readers see it.
type threadMessage struct {
	seq        uint64
	at         int64
	from       event.Actor
	text       string
	to         string
	automatic  string
	blocked    bool // and not sent since
	released   bool // it was blocked before
	flagged    bool
	violations []event.Violation
	delivered  int64
	failed     int64
	failure    string
}

// take adds what an event says of a message, and names the message; "" for none.
func (th *thread) take(seq uint64, e *event.Event) event.MessageID {
	at := e.Millis()
	switch d := e.Data.(type) {
	case *event.MessageSent:
		m, known := th.messages[d.Message]
		switch {
		case !known:
			m = &threadMessage{seq: seq, at: at, from: d.From, text: d.Text}
			th.add(d.Message, m)
		case m.blocked:
			m.blocked, m.released = false, true
			m.at, m.from = at, d.From
			th.bytes += len(d.Text) - len(m.text)
			m.text = d.Text
		case d.Check == nil || d.Check.Verdict != event.Flag || m.flagged:
			return "" // the same message again
		}
		m.to, m.automatic = d.To, d.Automatic
		if d.Check != nil && d.Check.Verdict == event.Flag {
			m.flagged, m.violations = true, d.Check.Violations
		}
		return d.Message
	case *event.MessageBlocked:
		if _, known := th.messages[d.Message]; known {
			return ""
		}
		th.add(d.Message, &threadMessage{seq: seq, at: at, from: d.From, text: d.Text, blocked: true, violations: d.Violations})
		return d.Message
	case *event.MessageFlagged:
		if m, known := th.messages[d.Message]; known && !m.flagged {
			m.flagged, m.violations = true, d.Violations
			return d.Message
		}
	case *event.MessageDelivered:
		if m, known := th.messages[d.Message]; known {
			m.delivered = at
			return d.Message
		}
	case *event.MessageFailed:
		if m, known := th.messages[d.Message]; known {
			m.failed = at
			if d.Reason != nil {
				m.failure = *d.Reason
			}
			return d.Message
		}
	}
	return ""
}

func (th *thread) add(id event.MessageID, m *threadMessage) {
	th.messages[id] = m
	th.order = append(th.order, id)
	th.bytes += len(m.text)
	for len(th.order) > 1 && (len(th.order) > mostMessages || th.bytes > mostMessageBytes) {
		first := th.order[0]
		th.order = th.order[1:]
		th.bytes -= len(th.messages[first].text)
		delete(th.messages, first)
		th.topic.Delete("messages", string(first))
		th.dropped, th.dirty = true, true
	}
}

// join puts what is stored before what has come since. What cannot be read any
// more is left out.
func (th *thread) join(stored []StoredEvent) {
	since := thread{topic: th.topic, messages: th.messages, order: th.order}
	th.messages, th.order, th.bytes, th.whole = map[event.MessageID]*threadMessage{}, nil, 0, true
	for i := range stored {
		if e, err := event.Decode(stored[i].Raw); err == nil {
			th.take(stored[i].Seq, &e)
		}
	}
	th.dropped = th.dropped || len(stored) >= mostMessages
	for _, id := range since.order {
		m := since.messages[id]
		if old, known := th.messages[id]; known { // sent again, or what was blocked before
			if !old.blocked || m.blocked {
				continue
			}
			th.bytes -= len(old.text)
			m.released, m.seq = true, old.seq
			if len(m.violations) == 0 {
				m.violations = old.violations
			}
			th.messages[id] = m
			th.bytes += len(m.text)
			continue
		}
		th.add(id, m)
	}
}

// thread finds the topic of a followed conversation, within the reader's scope.
func (t *tenant) thread(r Request, now time.Time) (*Topic, error) {
	id := r.Topic.conversation()
	c, ok := t.state.Conversation(id)
	if !ok {
		return nil, ErrUnknownConversation
	}
	if !r.Filter.follows(c.Current()) {
		return nil, ErrOutsideScope
	}
	th, ok := t.threads[id]
	if !ok {
		if len(t.threads) >= mostThreads {
			return nil, ErrTooManyFilters
		}
		th = &thread{
			topic: NewTopic(r.Topic, t.hub.newEpoch(), FilteredLimits, t.hub.cfg.Tally),
			since: t.state.Seq(), messages: map[event.MessageID]*threadMessage{},
		}
		t.threads[id] = th
		t.fillThread(id, th)
		th.topic.Flush(now, t.seq())
	}
	th.lastRead = now
	return th.topic, nil
}

// follows reports whether a conversation belongs to a reader with this filter.
func (f *Filter) follows(s *fold.Session) bool {
	if !within(f.Channel, s.Channel) || !within(f.Team, s.Team) && !within(f.Team, s.MomentTeam()) {
		return false
	}
	if len(f.Agent) == 0 || s.Handler.Kind == event.Agent && slices.Contains(f.Agent, event.AgentID(s.Handler.ID)) {
		return true
	}
	return slices.ContainsFunc(s.Agents(), func(a event.AgentID) bool { return slices.Contains(f.Agent, a) })
}

// open makes sure that a conversation that is about to be followed is resident,
// and that its thread holds what was said before. It works in the caller's
// goroutine; where storage does not answer, the thread begins with what comes.
func (h *Hub) open(ctx context.Context, r Request) error {
	id := r.Topic.conversation()
	if id == "" {
		return nil
	}
	known := false
	if err := h.ask(ctx, r.Tenant, id, func(c *fold.Conversation) { known = c != nil }); err != nil {
		return err
	}
	if !known {
		return ErrUnknownConversation
	}
	var since uint64
	var whole bool
	var err error
	if doErr := h.on(ctx, r.Tenant, func(t *tenant) {
		if _, err = t.thread(r, h.cfg.Now()); err != nil {
			return
		}
		th := t.threads[id]
		since, whole = th.since, th.whole
	}); doErr != nil {
		return doErr
	}
	if err != nil || whole || h.cfg.Threads == nil {
		return err
	}
	patient, cancel := context.WithTimeout(ctx, threadWait)
	defer cancel()
	stored, err := h.earlier(patient, r.Tenant, id, since)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		h.cfg.Logger.Warn().Err(err).Str("tenant", string(r.Tenant)).Msg("what a conversation said before cannot be read; its reader begins with what comes")
		return nil
	}
	return h.on(ctx, r.Tenant, func(t *tenant) {
		th, there := t.threads[id]
		if !there || th.whole || th.since != since {
			return // another reader was quicker
		}
		th.join(stored)
		t.fillThread(id, th)
		th.topic.Flush(h.cfg.Now(), t.seq())
	})
}

// earlier reads what was said up to a sequence, once history has stored it.
func (h *Hub) earlier(ctx context.Context, tenant event.TenantID, id event.ConversationID, upTo uint64) ([]StoredEvent, error) {
	if err := h.WaitCommitted(ctx, upTo); err != nil {
		return nil, fmt.Errorf("wait until sequence %d is stored: %w", upTo, err)
	}
	return h.cfg.Threads.LastMessages(ctx, tenant, id, upTo, mostMessages)
}

// WaitCommitted waits until history has stored the stream up to seq.
func (h *Hub) WaitCommitted(ctx context.Context, seq uint64) error {
	stop := context.AfterFunc(ctx, h.wake)
	defer stop()
	h.applied.L.Lock()
	defer h.applied.L.Unlock()
	for h.committed.Load() < seq {
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
