package history

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
)

// ErrNotFound says that there is no such thing, or that the caller may not see it.
var ErrNotFound = errors.New("not found")

// mostEvents bounds a thread: of a longer conversation the first events are shown.
const mostEvents = 10_000

// Thread is one conversation with all that happened in it, in the order of the stream.
type Thread struct {
	ID         string            `json:"id"`
	AsOfSeq    uint64            `json:"as_of_seq"`
	Sessions   []ConversationRow `json:"sessions"` // the first is the oldest
	AgentNames map[string]string `json:"agent_names"`
	Messages   []ThreadMessage   `json:"messages"`
	Segments   []ThreadSegment   `json:"segments"`
	Turns      []ThreadTurn      `json:"turns"`
	Ratings    []ThreadRating    `json:"ratings"`
	Orders     []CustomerOrder   `json:"orders"`    // that count on this conversation
	Events     []ThreadEvent     `json:"events"`    // whatever is no message
	Truncated  bool              `json:"truncated"` // there are more than 10,000 events

	zone *time.Location // the tenant's
}

// ThreadMessage is a message as it was sent, or as it was blocked.
type ThreadMessage struct {
	Seq        uint64            `json:"seq"`
	At         time.Time         `json:"at"`
	Message    event.MessageID   `json:"message"`
	From       event.Actor       `json:"from"`
	Text       string            `json:"text"`
	To         string            `json:"to,omitempty"`        // agent: a notice that only the agent saw
	Automatic  string            `json:"automatic,omitempty"` // a bot's, whoever's name it bears
	Blocked    bool              `json:"blocked,omitempty"`   // it was not delivered
	Released   bool              `json:"released,omitempty"`  // it was blocked before
	Flagged    bool              `json:"flagged,omitempty"`   // it was delivered and is risky
	Violations []event.Violation `json:"violations,omitempty"`
	Check      *event.Check      `json:"check,omitempty"`
	Delivered  *time.Time        `json:"delivered_at,omitempty"`
	Failed     *time.Time        `json:"failed_at,omitempty"`
	Failure    string            `json:"failure,omitempty"`
}

// ThreadSegment is the time of one handler. A segment runs until the next one
// begins or the conversation is closed; Until is null while it runs.
type ThreadSegment struct {
	Seq     uint64       `json:"seq"`
	At      time.Time    `json:"at"`
	Until   *time.Time   `json:"until"`
	Handler event.Actor  `json:"handler"`
	Team    event.TeamID `json:"team,omitempty"`
}

// ThreadTurn is a time in which the customer waited for a human, as the fold
// counts it. AnsweredAt and ResponseSeconds are null where nobody answered, or
// nobody has yet.
type ThreadTurn struct {
	Session         int           `json:"session"`
	Since           time.Time     `json:"since"`
	Seq             uint64        `json:"seq"` // of the event that opened it
	First           bool          `json:"first"`
	Open            bool          `json:"open"`
	AnsweredAt      *time.Time    `json:"answered_at"`
	AnsweredSeq     uint64        `json:"answered_seq,omitzero"`
	Agent           event.AgentID `json:"agent,omitzero"`
	ResponseSeconds *float64      `json:"response_seconds"`
}

// ThreadRating is a survey's answer.
type ThreadRating struct {
	Seq     uint64         `json:"seq"`
	At      time.Time      `json:"at"`
	Survey  event.SurveyID `json:"survey"`
	Stars   int64          `json:"stars"`
	Reasons []string       `json:"reasons"`
}

// ThreadEvent is anything else: queued, assigned, closed, classified, surveys.
type ThreadEvent struct {
	Seq  uint64     `json:"seq"`
	At   time.Time  `json:"at"`
	Type event.Type `json:"type"`
	Data event.Data `json:"data"`
}

// Conversation gives a conversation's thread. A conversation is within the scope
// if any of its sessions is. Errors: ErrNotFound, ErrUnavailable.
func (d *Database) Conversation(ctx context.Context, tenant, id string, scope Scope) (Thread, error) {
	return d.thread(ctx, tenant, id, scope, mostEvents)
}

// thread is Conversation with so many events at most; 0 for all of them.
func (d *Database) thread(ctx context.Context, tenant, id string, scope Scope, most int) (Thread, error) {
	if err := checkText(map[string][]string{"id": {id}}); err != nil {
		return Thread{}, ErrNotFound
	}
	t := Thread{ID: id}
	err := d.snapshot(ctx, func(tx pgx.Tx) error {
		desk, err := openDesk(ctx, tx, tenant)
		if err != nil {
			return err
		}
		return t.read(ctx, d, tx, desk, scope, most)
	})
	if err != nil {
		return Thread{}, fmt.Errorf("conversation: %w", err)
	}
	return t, nil
}

func (t *Thread) read(ctx context.Context, d *Database, tx pgx.Tx, desk *openedDesk, scope Scope, most int) error {
	var err error
	t.zone = desk.profile.Location()
	if t.AsOfSeq, err = d.asOfSeq(ctx, tx, desk.tenant); err != nil {
		return err
	}
	t.Sessions, err = rowsOf(ctx, tx, "SELECT "+listColumns+" FROM "+listed+" WHERE c.tenant = $1 AND c.conversation = $2 ORDER BY c.session",
		[]any{desk.rows, t.ID}, scanConversation)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(t.Sessions, scope.has) {
		return ErrNotFound
	}
	b := threadBuilder{Thread: t, agents: map[string]struct{}{}, sent: map[event.MessageID]int{}, blocked: map[event.MessageID]int{}}
	b.Messages, b.Segments, b.Ratings, b.Events = []ThreadMessage{}, []ThreadSegment{}, []ThreadRating{}, []ThreadEvent{}
	t.Turns, t.Orders = []ThreadTurn{}, []CustomerOrder{}
	var agents []string
	for i := range t.Sessions {
		agents = append(agents, t.Sessions[i].Agents...)
	}
	again, err := newRerun(ctx, tx, desk, agents, nil)
	if err != nil {
		return err
	}
	list, err := again.events(ctx, []string{t.ID}, nil)
	if err != nil {
		return err
	}
	if most > 0 && len(list) > most {
		t.Truncated = true
		list = list[:most]
	}
	for i := range list {
		b.add(list[i].seq, &list[i].e)
	}
	if err := t.turns(again, list); err != nil {
		return err
	}
	if err := t.orders(ctx, tx, desk); err != nil {
		return err
	}
	for i := range t.Sessions {
		for _, a := range t.Sessions[i].Agents {
			b.agents[a] = struct{}{}
		}
	}
	t.AgentNames, err = namesOf(ctx, tx, desk.rows, slices.Collect(maps.Keys(b.agents)))
	return err
}

// turns watches the fold open and answer the turns.
func (t *Thread) turns(again *rerun, list []storedEvent) error {
	open := map[int]int{} // where in Turns the open one of a session stands
	return again.fold(list, func(s *storedEvent, c *fold.Change) {
		for i := range c.Sessions {
			now, before := c.Sessions[i].Now, &c.Sessions[i].Before
			if at, waits := open[now.Number]; waits && (!now.TurnOpen || now.More().TurnSince != before.More().TurnSince && before.TurnOpen) {
				turn := &t.Turns[at]
				turn.Open = false
				if d, ok := s.e.Data.(*event.MessageSent); ok && d.From.Kind == event.Agent && d.Automatic == "" {
					at, seconds := s.e.Time.UTC(), float64(max(0, s.e.Millis()-before.More().TurnSince))/1000
					turn.AnsweredAt, turn.AnsweredSeq, turn.Agent, turn.ResponseSeconds = &at, s.seq, event.AgentID(d.From.ID), &seconds
				}
				delete(open, now.Number)
			}
			if _, waits := open[now.Number]; now.TurnOpen && !waits {
				open[now.Number] = len(t.Turns)
				t.Turns = append(t.Turns, ThreadTurn{
					Session: now.Number, Since: time.UnixMilli(now.More().TurnSince).UTC(), Seq: s.seq, Open: true, First: !before.More().FirstTurn.Opened,
				})
			}
		}
	})
}

// orders are the customers' that count on the conversation.
func (t *Thread) orders(ctx context.Context, tx pgx.Tx, desk *openedDesk) error {
	seen := map[string]struct{}{}
	for i := range t.Sessions {
		u := t.Sessions[i].Customer
		if u == nil {
			continue
		}
		if _, again := seen[u.ID]; again {
			continue
		}
		seen[u.ID] = struct{}{}
		entity, err := customerEntity(ctx, tx, desk, u.ID)
		if err != nil || entity == nil {
			return err
		}
		for j := range entity.More().Orders {
			if o := &entity.More().Orders[j]; o.Chat != nil && string(o.Chat.Conversation) == t.ID {
				t.Orders = append(t.Orders, orderOf(o))
			}
		}
	}
	return nil
}

// has says whether a session is within the scope.
func (s *Scope) has(r ConversationRow) bool {
	return (len(s.Channels) == 0 || slices.Contains(s.Channels, r.Channel)) &&
		(len(s.Teams) == 0 || r.Team != nil && slices.Contains(s.Teams, *r.Team)) &&
		(s.Agent == "" || slices.Contains(r.Agents, s.Agent))
}

// threadBuilder puts events into a thread.
type threadBuilder struct {
	*Thread
	agents        map[string]struct{}
	sent, blocked map[event.MessageID]int // where in Messages
	handler       event.Actor             // of the last assignment
	closed        bool
}

func (b *threadBuilder) actor(a event.Actor) event.Actor {
	if a.Kind == event.Agent && a.ID != "" {
		b.agents[a.ID] = struct{}{}
	}
	return a
}

func (b *threadBuilder) add(seq uint64, e *event.Event) {
	switch d := e.Data.(type) {
	case *event.MessageSent:
		b.messageSent(seq, e.Time, d)
		return
	case *event.MessageBlocked:
		if _, again := b.blocked[d.Message]; !again {
			b.blocked[d.Message] = len(b.Messages)
			b.Messages = append(b.Messages, ThreadMessage{
				Seq: seq, At: e.Time, Message: d.Message, From: b.actor(d.From), Text: d.Text, Blocked: true, Violations: d.Violations,
			})
		}
		return
	case *event.MessageFlagged:
		if m := b.message(d.Message); m != nil {
			if !m.Flagged {
				m.Flagged, m.Violations = true, d.Violations
			}
			return
		}
	case *event.MessageDelivered:
		if m := b.message(d.Message); m != nil {
			at := e.Time
			m.Delivered = &at
			return
		}
	case *event.MessageFailed:
		if m := b.message(d.Message); m != nil {
			at := e.Time
			m.Failed = &at
			if d.Reason != nil {
				m.Failure = *d.Reason
			}
			return
		}
	case *event.SurveyAnswered:
		r := ThreadRating{Seq: seq, At: e.Time, Survey: d.Survey, Stars: d.Rating(), Reasons: d.Reasons}
		if r.Reasons == nil {
			r.Reasons = []string{}
		}
		b.Ratings = append(b.Ratings, r)
	case *event.ConversationStarted:
		if b.closed { // a new session under the same id
			b.closed, b.handler = false, event.Actor{}
		}
	case *event.ConversationAssigned:
		b.closed = false
		b.segment(seq, e.Time, d)
	case *event.ConversationClosed:
		b.closed = true
		b.endSegment(e.Time)
	}
	b.Events = append(b.Events, ThreadEvent{Seq: seq, At: e.Time, Type: e.Type, Data: e.Data})
}

// messageSent adds a message; one that was sent already adds nothing.
func (b *threadBuilder) messageSent(seq uint64, at time.Time, d *event.MessageSent) {
	if _, again := b.sent[d.Message]; again {
		return
	}
	_, released := b.blocked[d.Message]
	m := ThreadMessage{
		Seq: seq, At: at, Message: d.Message, From: b.actor(d.From), Text: d.Text, To: d.To, Automatic: d.Automatic, Released: released, Check: d.Check,
	}
	if d.Check != nil {
		m.Flagged, m.Violations = d.Check.Verdict == event.Flag, d.Check.Violations
	}
	b.sent[d.Message] = len(b.Messages)
	b.Messages = append(b.Messages, m)
}

// message finds what an event says more about, nil if it is not there.
func (b *threadBuilder) message(id event.MessageID) *ThreadMessage {
	i, ok := b.sent[id]
	if !ok {
		return nil
	}
	return &b.Messages[i]
}

// segment begins one where the handler is another than the last assignment's.
func (b *threadBuilder) segment(seq uint64, at time.Time, d *event.ConversationAssigned) {
	if b.actor(d.To) == b.handler {
		if n := len(b.Segments); n > 0 {
			b.Segments[n-1].Until = nil // it goes on after a closing
		}
		return
	}
	b.endSegment(at)
	b.handler = d.To
	b.Segments = append(b.Segments, ThreadSegment{Seq: seq, At: at, Handler: d.To, Team: d.Team})
}

func (b *threadBuilder) endSegment(at time.Time) {
	if n := len(b.Segments); n > 0 && b.Segments[n-1].Until == nil {
		b.Segments[n-1].Until = &at
	}
}
