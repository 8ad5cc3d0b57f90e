package live

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/micro"
	"github.com/rs/zerolog"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
	"github.com/floorlight/floorlight/risk"
)

// Store is where decisions and events go; *stream.Stream is one.
type Store interface {
	PublishRaw(ctx context.Context, subject string, raw []byte, msgID string) (stream.Ack, error)
	PublishMessages(ctx context.Context, messages []stream.Message) []stream.Result
	At(ctx context.Context, seq uint64) (stream.Message, error)
}

// Archive has the events that the stream has let go of.
type Archive interface {
	// Stored is the first message.sent or message.blocked with that message id.
	// An error that wraps ErrUnavailable says that nobody can tell now.
	Stored(ctx context.Context, tenant event.TenantID, c event.ConversationID, m event.MessageID) (raw []byte, seq uint64, found bool, err error)
}

// CheckRequest is a message before it reaches the customer.
type CheckRequest struct {
	Conversation event.ConversationID `json:"conversation"`
	Message      event.MessageID      `json:"message"`
	From         event.Actor          `json:"from"`
	Text         string               `json:"text"`
	DryRun       bool                 `json:"dry_run,omitempty"`
}

// CheckReply is the verdict on it. Seq is where it is stored, 0 after a dry run.
type CheckReply struct {
	Verdict    event.Verdict     `json:"verdict"`
	Message    event.MessageID   `json:"message"`
	Violations []event.Violation `json:"violations"`
	Seq        uint64            `json:"seq,omitzero"`
}

// Gate is the inline check. It is safe for any number of callers; it works in theirs.
type Gate struct {
	book          *rulebook
	windows       windows
	conversations Conversations
	store         Store
	archive       Archive
	caughtUp      func(event.TenantID) bool
	elsewhere     Elsewhere
	now           func() time.Time
	metrics       *metrics
	limits        *limits
	log           zerolog.Logger

	// Owned by serve and stop.
	service atomic.Pointer[service]
}

// service is the check over NATS and the requests that it works on.
type service struct {
	nc     *nats.Conn
	micro  micro.Service
	places chan struct{}
}

func newGate(c *Config, m *metrics, l *limits) *Gate {
	g := &Gate{conversations: c.Conversations, store: c.Store, archive: c.Archive, caughtUp: c.CaughtUp, elsewhere: c.Elsewhere, now: c.Now, metrics: m, limits: l, log: c.Logger, book: newRulebook(c.Logger, m)}
	if g.caughtUp == nil {
		g.caughtUp = func(event.TenantID) bool { return true }
	}
	return g
}

// Check judges a message whose caller delivers it. Errors are typed; none of
// them means allow.
func (g *Gate) Check(ctx context.Context, tenant event.TenantID, r CheckRequest) (CheckReply, error) {
	if reply, done, err := g.away(ctx, tenant, r, ""); done {
		return reply, err
	}
	return g.measured(ctx, tenant, r, false)
}

// Send judges an agent's message in a conversation of his own, which the
// platform delivers if it is not blocked.
func (g *Gate) Send(ctx context.Context, tenant event.TenantID, agent event.AgentID, r CheckRequest) (CheckReply, error) {
	r.From = event.Actor{Kind: event.Agent, ID: string(agent)}
	r.DryRun = false
	if err := r.check(); err != nil {
		return CheckReply{}, err
	}
	if reply, done, err := g.away(ctx, tenant, r, agent); done {
		return reply, err
	}
	agents, err := g.conversations.Agents(ctx, tenant, r.Conversation)
	if err != nil {
		return CheckReply{}, err
	}
	if !slices.Contains(agents, agent) {
		return CheckReply{}, &Fault{Code: CodeForbidden, Field: "conversation", Detail: "not a conversation of this agent's"}
	}
	return g.measured(ctx, tenant, r, true)
}

// away lets the server decide that has the tenant, if that is another.
func (g *Gate) away(ctx context.Context, tenant event.TenantID, r CheckRequest, agent event.AgentID) (CheckReply, bool, error) {
	if g.elsewhere == nil || !event.ValidTenant(string(tenant)) {
		return CheckReply{}, false, nil
	}
	return g.elsewhere.Decide(ctx, tenant, r, agent)
}

func (g *Gate) measured(ctx context.Context, tenant event.TenantID, r CheckRequest, deliver bool) (CheckReply, error) {
	began := time.Now()
	reply, err := g.decide(ctx, tenant, r, deliver)
	verdict := string(reply.Verdict)
	if err != nil {
		verdict = "error"
	}
	g.metrics.checked(verdict, time.Since(began))
	return reply, err
}

func (g *Gate) decide(ctx context.Context, tenant event.TenantID, r CheckRequest, deliver bool) (CheckReply, error) {
	if err := r.check(); err != nil {
		return CheckReply{}, err
	}
	if !event.ValidTenant(string(tenant)) {
		return CheckReply{}, fault(CodeWrongTenant, "no tenant has that name")
	}
	if !g.book.loaded.Load() {
		return CheckReply{}, fault(CodeNotReady, "the rules are not loaded yet")
	}
	if !r.DryRun {
		if !g.caughtUp(tenant) {
			return CheckReply{}, fault(CodeNotReady, "")
		}
		seq, known, err := g.conversations.Seen(ctx, tenant, r.Conversation, r.Message)
		if err != nil {
			return CheckReply{}, err
		}
		if known {
			return g.recall(ctx, tenant, &r, seq)
		}
	}
	result, err := g.judge(ctx, tenant, &r)
	if err != nil {
		return CheckReply{}, err
	}
	reply := CheckReply{Verdict: result.Verdict, Message: r.Message, Violations: result.Violations}
	if r.DryRun {
		return reply, nil
	}
	e := event.New(tenant, event.ServerSource, checkID("check", r.Conversation, r.Message), g.now(), r.decision(&result, deliver))
	ack, err := publish(ctx, g.store, &e)
	if err != nil {
		return CheckReply{}, err
	}
	if ack.Duplicate {
		return g.recall(ctx, tenant, &r, ack.Seq)
	}
	reply.Seq = ack.Seq
	if reply.Verdict != event.Block {
		g.windows.add(sender{tenant, r.Conversation, r.From}, r.Text, e.Time)
	}
	return reply, nil
}

// judge asks the rules about a message that is to be sent now.
func (g *Gate) judge(ctx context.Context, tenant event.TenantID, r *CheckRequest) (risk.Result, error) {
	return g.rules(ctx, sender{tenant, r.Conversation, r.From}, r.Text, g.now())
}

// rules asks the rules in force about a text at a time. What they cannot judge
// is decided by the tenant's policies; the result says so.
func (g *Gate) rules(ctx context.Context, from sender, text string, at time.Time) (risk.Result, error) {
	place, err := g.conversations.Place(ctx, from.tenant, from.conversation)
	if err != nil {
		return risk.Result{}, err
	}
	result := g.book.engine(from.tenant, place.Preset).Check(text, risk.Context{
		Tenant: string(from.tenant), Channel: string(place.Channel), Team: string(place.Team), Market: place.Market,
		From: string(from.from.Kind), Window: g.windows.of(from, at), At: at,
	})
	for _, u := range result.Unjudged {
		g.metrics.unjudged.WithLabelValues(string(u.Policy), string(u.Reason)).Inc()
	}
	if result.Fault != nil {
		g.log.Error().Err(result.Fault).Str("tenant", string(from.tenant)).Msg("the rules failed on a message; their policies decided")
	}
	return result, nil
}

// decision is the event that a verdict is stored as.
func (r *CheckRequest) decision(result *risk.Result, deliver bool) event.Data {
	if result.Verdict == event.Block {
		return &event.MessageBlocked{
			Conversation: r.Conversation, Message: r.Message, From: r.From, Text: r.Text, Violations: result.Violations,
		}
	}
	return &event.MessageSent{
		Conversation: r.Conversation, Message: r.Message, From: r.From, Text: r.Text, Deliver: deliver,
		Check: &event.Check{Verdict: result.Verdict, Rules: result.Rules, Violations: result.Violations},
	}
}

// recall answers from what is stored, by this server or another.
func (g *Gate) recall(ctx context.Context, tenant event.TenantID, r *CheckRequest, seq uint64) (CheckReply, error) {
	e, seq, err := g.first(ctx, tenant, r.Conversation, r.Message, seq)
	if err != nil {
		return CheckReply{}, err
	}
	reply := CheckReply{Message: r.Message, Seq: seq}
	var from event.Actor
	var text string
	switch d := e.Data.(type) {
	case *event.MessageBlocked:
		// Blocked stays blocked, whatever is sent under this id.
		reply.Verdict, reply.Violations = event.Block, d.Violations
		return reply, nil
	case *event.MessageSent:
		from, text = d.From, d.Text
		if d.Check != nil {
			reply.Verdict, reply.Violations = d.Check.Verdict, d.Check.Violations
		}
	default:
		return CheckReply{}, &Fault{Code: CodeInternal, Err: errors.New("what is stored of a message is no message")}
	}
	if text != r.Text || from != r.From {
		return CheckReply{}, &Fault{Code: CodeMessageReused, Field: "message"}
	}
	if reply.Verdict == "" { // it was sent without a check
		result, err := g.judge(ctx, tenant, r)
		if err != nil {
			return CheckReply{}, err
		}
		reply.Verdict, reply.Violations = result.Verdict, result.Violations
	}
	return reply, nil
}

// first is the first message.sent or message.blocked of a message, which the
// stream has or had at seq, and where it stands.
func (g *Gate) first(ctx context.Context, tenant event.TenantID, c event.ConversationID, id event.MessageID, seq uint64) (event.Event, uint64, error) {
	m, err := g.store.At(ctx, seq)
	switch {
	case err == nil:
		// A stream that lost its tail has given the sequence to another event.
		if e, err := event.Decode(m.Raw); err == nil && e.Tenant == tenant && decides(e.Data, c, id) {
			return e, seq, nil
		}
	case !errors.Is(err, stream.ErrNotFound):
		return event.Event{}, 0, err
	}
	raw, seq, found, err := g.archive.Stored(ctx, tenant, c, id)
	if err == nil && !found {
		err = &Fault{Code: CodeUnavailable, Detail: "the message is known, and what was decided is not at hand yet"}
	}
	if err != nil {
		return event.Event{}, 0, err
	}
	e, err := event.Decode(raw)
	if err != nil {
		return event.Event{}, 0, &Fault{Code: CodeInternal, Err: err}
	}
	return e, seq, nil
}

// decides reports whether an event is what became of that message.
func decides(d event.Data, c event.ConversationID, id event.MessageID) bool {
	switch d := d.(type) {
	case *event.MessageSent:
		return d.Conversation == c && d.Message == id
	case *event.MessageBlocked:
		return d.Conversation == c && d.Message == id
	}
	return false
}

// check looks at what a caller may have got wrong.
func (r *CheckRequest) check() error {
	id := func(field, s string, required bool) error {
		switch {
		case s == "" && required:
			return &Fault{Code: Code(event.MissingField), Field: field}
		case len(s) > event.MaxID || !cleanText(s):
			return &Fault{Code: Code(event.InvalidField), Field: field, Detail: "must be at most 128 bytes of UTF-8 without U+0000"}
		}
		return nil
	}
	if err := errors.Join(id("conversation", string(r.Conversation), true), id("message", string(r.Message), true), id("from.id", r.From.ID, false)); err != nil {
		return firstFault(err)
	}
	switch r.From.Kind {
	case event.Agent, event.Bot, event.Customer, event.System:
	case "":
		return &Fault{Code: Code(event.MissingField), Field: "from.kind"}
	case event.Broadcast: // it names a customer and a channel, and has no conversation
		return &Fault{Code: Code(event.InvalidField), Field: "from.kind", Detail: "a broadcast is not checked here"}
	default:
		return &Fault{Code: Code(event.InvalidField), Field: "from.kind", Detail: "must be one of agent, bot, customer, system"}
	}
	switch {
	case r.Text == "":
		return &Fault{Code: Code(event.MissingField), Field: "text"}
	case !cleanText(r.Text):
		return &Fault{Code: Code(event.InvalidField), Field: "text", Detail: "must be UTF-8 without U+0000"}
	case len(r.Text) > event.MaxData:
		return &Fault{Code: CodeTooLarge, Field: "text", Detail: "at most 64 KiB with everything around it"}
	}
	return nil
}

func firstFault(err error) error {
	if f, ok := errors.AsType[*Fault](err); ok {
		return f
	}
	return err
}

// conversationToken keeps conversation and message apart: a/b with c is not a with b/c.
var conversationToken = strings.NewReplacer("%", "%25", "/", "%2F")

// checkID is an event id made from a conversation and a message. The longest of
// them do not fit, and give their hash.
func checkID(what string, c event.ConversationID, m event.MessageID) string {
	id := what + "/" + conversationToken.Replace(string(c)) + "/" + string(m)
	if len(id) <= event.MaxEnvID {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return what + "//" + hex.EncodeToString(sum[:])
}
