package live

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
)

// Contests knows what has become of messages that were blocked; *hub.Hub does.
type Contests interface {
	Contested(ctx context.Context, tenant event.TenantID, c event.ConversationID, m event.MessageID) (hub.Contested, error)
}

// Disputes lists disputes with their decisions, from the record. State is open,
// decided, or empty for both.
type Disputes interface {
	Disputes(ctx context.Context, tenant event.TenantID, scope Scope, state, cursor string, limit int) (any, error)
}

// dispute is what an agent says of a message of his that was blocked.
type dispute struct {
	Conversation event.ConversationID `json:"conversation" minLength:"1" maxLength:"128"`
	Message      event.MessageID      `json:"message" minLength:"1" maxLength:"128"`
	Comment      string               `json:"comment,omitempty" maxLength:"500" doc:"Why it is harmless."`
}

// decision is what a supervisor decides.
type decision struct {
	Conversation event.ConversationID `json:"conversation" minLength:"1" maxLength:"128"`
	Message      event.MessageID      `json:"message" minLength:"1" maxLength:"128"`
	Decision     event.Decision       `json:"decision" enum:"upheld,overturned"`
	Reason       string               `json:"reason" minLength:"1" maxLength:"500"`
	Release      bool                 `json:"release,omitempty" doc:"Send the message after all; only with overturned."`
	Allow        []string             `json:"allow,omitempty" maxItems:"20" doc:"What the rules are to let pass from now on; only with overturned."`
}

// decided is what became of it.
type decided struct {
	Seq      uint64 `json:"seq" doc:"Of the decision, in the stream."`
	Released uint64 `json:"released_seq,omitempty" doc:"Of the message, if it was sent after all."`
	Rules    int64  `json:"rules_version,omitempty" doc:"Of the rules, if they were changed."`
}

func (s *Server) describeDisputes(api huma.API) {
	type ask struct{ Body dispute }
	register(api, http.MethodPost, "/v1/disputes", "An agent disputes that a message of his was blocked", func(ctx context.Context, in *ask) (*body[stored], error) {
		return answered(ctx, s, func() (stored, error) { return s.dispute(ctx, &in.Body) })
	})
	type choose struct{ Body decision }
	register(api, http.MethodPost, "/v1/disputes/decide", "Decide a dispute", func(ctx context.Context, in *choose) (*body[decided], error) {
		return answered(ctx, s, func() (decided, error) { return s.decideDispute(ctx, &in.Body) })
	})
	type page struct {
		State  string `query:"state" enum:"open,decided"`
		Cursor string `query:"cursor" maxLength:"1024"`
		Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
	}
	register(api, http.MethodGet, "/v1/disputes", "Disputes with their decisions, the newest first", func(ctx context.Context, in *page) (*body[any], error) {
		return answered(ctx, s, func() (any, error) {
			who := identityOf(ctx)
			return s.cfg.Disputes.Disputes(ctx, who.Tenant, who.scope(), in.State, in.Cursor, in.Limit)
		})
	})
}

// dispute stores that an agent disputes a block. The message comes with it as it
// was blocked.
func (s *Server) dispute(ctx context.Context, d *dispute) (stored, error) {
	who := identityOf(ctx)
	if !cleanText(d.Comment) || !cleanText(string(d.Conversation)) || !cleanText(string(d.Message)) {
		return stored{}, &Fault{Code: CodeInvalid, Field: "comment", Detail: "must be UTF-8 without U+0000"}
	}
	fate, err := s.cfg.Contests.Contested(ctx, who.Tenant, d.Conversation, d.Message)
	switch {
	case err != nil:
		return stored{}, err
	case !fate.Blocked:
		return stored{}, ErrNotFound
	}
	blocked, err := s.gate.blocked(ctx, who.Tenant, d.Conversation, d.Message)
	if err != nil {
		return stored{}, err
	}
	b, ok := blocked.Data.(*event.MessageBlocked)
	if !ok {
		return stored{}, ErrNotFound // it was sent before it was blocked
	}
	if b.From.Kind != event.Agent || b.From.ID != string(who.Agent) {
		return stored{}, ErrNotFound // another's; that there is one is nothing to him
	}
	if fate.Disputed {
		return stored{}, &Fault{Code: CodeConflict, Field: "message", Detail: "it is disputed already"}
	}
	e := event.New(who.Tenant, event.ServerSource, checkID("dispute", d.Conversation, d.Message), s.now(), &event.DisputeOpened{
		Conversation: d.Conversation, Message: d.Message, Agent: who.Agent, Blocked: blocked.Time, Text: b.Text, Violations: b.Violations,
		Comment: strings.TrimSpace(d.Comment),
	})
	ack, err := publish(ctx, s.cfg.Store, &e)
	return stored{Seq: ack.Seq, Duplicate: ack.Duplicate}, err
}

// blocked is the event of a block, from the stream or the record.
func (g *Gate) blocked(ctx context.Context, tenant event.TenantID, c event.ConversationID, m event.MessageID) (event.Event, error) {
	seq, known, err := g.conversations.Seen(ctx, tenant, c, m)
	if err != nil {
		return event.Event{}, err
	}
	if !known {
		return event.Event{}, ErrNotFound
	}
	e, _, err := g.first(ctx, tenant, c, m, seq)
	return e, err
}

// decideDispute stores a decision. The rules and the message go first: an agent
// who reads that his message was sent must not find that it was not. Asked again
// after a failure, only what is missing is done.
func (s *Server) decideDispute(ctx context.Context, d *decision) (decided, error) {
	who := identityOf(ctx)
	switch {
	case !cleanText(d.Reason) || strings.TrimSpace(d.Reason) == "":
		return decided{}, &Fault{Code: CodeInvalid, Field: "reason", Detail: "is required: the agent reads it"}
	case d.Decision != event.Overturned && d.Release:
		return decided{}, &Fault{Code: CodeInvalid, Field: "release", Detail: "only a message whose block is overturned can be sent"}
	case d.Decision != event.Overturned && len(d.Allow) > 0:
		return decided{}, &Fault{Code: CodeInvalid, Field: "allow", Detail: "only what was blocked wrongly is allowed from now on"}
	}
	fate, err := s.cfg.Contests.Contested(ctx, who.Tenant, d.Conversation, d.Message)
	switch {
	case err != nil:
		return decided{}, err
	case fate.Open == nil && fate.Disputed:
		return decided{}, &Fault{Code: CodeConflict, Field: "message", Detail: "it is decided already"}
	case fate.Open == nil, !who.oversees(fate.Open.Channel, fate.Open.Team):
		return decided{}, ErrNotFound
	}
	var out decided
	if len(d.Allow) > 0 {
		if out.Rules, err = s.allow(ctx, d.Allow); err != nil {
			return out, err
		}
	}
	now := s.now()
	if d.Release && !fate.Sent {
		ack, err := s.release(ctx, who.Tenant, &fate, now)
		if err != nil {
			return out, err
		}
		out.Released = ack.Seq
	}
	e := event.New(who.Tenant, event.ServerSource, checkID("decided", d.Conversation, d.Message), now, &event.DisputeDecided{
		Conversation: d.Conversation, Message: d.Message, Agent: fate.Agent, By: who.name(), Decision: d.Decision,
		Reason: strings.TrimSpace(d.Reason), Released: d.Release, Allowed: d.Allow,
	})
	ack, err := publish(ctx, s.cfg.Store, &e)
	out.Seq = ack.Seq
	return out, err
}

// release sends a message after all: the platform delivers it.
func (s *Server) release(ctx context.Context, tenant event.TenantID, fate *hub.Contested, now time.Time) (stream.Ack, error) {
	open := fate.Open
	e := event.New(tenant, event.ServerSource, checkID("release", open.Conversation, open.Message), now, &event.MessageSent{
		Conversation: open.Conversation, Message: open.Message, From: event.Actor{Kind: event.Agent, ID: string(fate.Agent)},
		Text: open.Text, Deliver: true, Check: &event.Check{Verdict: event.Allow},
	})
	return publish(ctx, s.cfg.Store, &e)
}

// allow adds to what the desk's rules let pass, and returns their version.
func (s *Server) allow(ctx context.Context, entries []string) (int64, error) {
	set, d, err := s.storedRules(ctx, rulesCurrent)
	if err != nil {
		return 0, err
	}
	before := len(set.Allow)
	for _, entry := range entries {
		if entry = strings.TrimSpace(entry); !slices.Contains(set.Allow, entry) {
			set.Allow = append(set.Allow, entry)
		}
	}
	if len(set.Allow) == before {
		if s.gate.book.version(identityOf(ctx).Tenant) < d.Version { // stored before, and not put in force
			err = s.enforce(ctx, identityOf(ctx).Tenant, &d)
		}
		return d.Version, err
	}
	stored, err := s.putRules(ctx, d.Version, set)
	return stored.Version, err
}

// oversees reports whether a place is within the token's channels and teams.
func (id *Identity) oversees(channel event.ChannelID, team event.TeamID) bool {
	return (len(id.Channels) == 0 || slices.Contains(id.Channels, channel)) && (len(id.Teams) == 0 || slices.Contains(id.Teams, team))
}
