package live

import (
	"context"
	"errors"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
)

// Topics are what sockets follow; *hub.Hub has them.
type Topics interface {
	Attach(ctx context.Context, tenant event.TenantID, out *hub.Outbox) error
	Detach(tenant event.TenantID, out *hub.Outbox)
	Subscribe(ctx context.Context, r hub.Request, sub hub.Sub, out *hub.Outbox, since *hub.Position) (hub.Subscription, error)
}

// Present is what can be asked for once; *hub.Hub has it.
type Present interface {
	Snapshot(ctx context.Context, r hub.Request) (hub.Frame, error)
	Series(ctx context.Context, r hub.Request, metrics []string, minutes int) (hub.Series, error)
}

// Conversations is what the check asks about a conversation; *hub.Hub knows it.
type Conversations interface {
	// Seen is the sequence of the first message.sent or message.blocked with that id.
	Seen(ctx context.Context, tenant event.TenantID, c event.ConversationID, m event.MessageID) (seq uint64, found bool, err error)
	// Agents are those who have or had the conversation.
	Agents(ctx context.Context, tenant event.TenantID, c event.ConversationID) ([]event.AgentID, error)
	// Place is where the conversation's messages stand.
	Place(ctx context.Context, tenant event.TenantID, c event.ConversationID) (hub.Place, error)
}

// Elsewhere takes a check to the server that owns the tenant. It is not done if
// that is this one. An agent's own message, which the platform delivers, names him.
type Elsewhere interface {
	Decide(ctx context.Context, tenant event.TenantID, r CheckRequest, agent event.AgentID) (reply CheckReply, done bool, err error)
}

// ErrNoOwner says that no server has the tenant now: another takes over.
var ErrNoOwner = errors.New("no server has this desk now")

// hubCode is the code of an error of the hub, "" if it is none.
func hubCode(err error) Code {
	switch {
	case errors.Is(err, hub.ErrUnknownTopic):
		return CodeUnknownTopic
	case errors.Is(err, hub.ErrUnknownConversation):
		return CodeNotFound
	case errors.Is(err, hub.ErrOutsideScope):
		return CodeForbidden
	case errors.Is(err, hub.ErrTooManyFilters):
		return CodeTooManyFilters
	case errors.Is(err, hub.ErrUnsubscribed):
		return CodeUnknownSub
	case errors.Is(err, hub.ErrTooManyChecks):
		return CodeUnavailable
	case errors.Is(err, hub.ErrStopped), errors.Is(err, ErrNoOwner):
		return CodeNotReady
	}
	return ""
}

// unanswered reports whether an error only says that no answer came in time.
func unanswered(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}

// request makes what the hub is asked for out of what the caller asks for and
// what its token lets it see.
func (id *Identity) request(topic string, f hub.Filter) (hub.Request, error) {
	name, err := hub.ParseTopic(topic)
	if err != nil {
		return hub.Request{}, err
	}
	if !id.Role.mayFollow(name) {
		return hub.Request{}, fault(CodeForbidden, "this role does not follow "+string(name.Kind()))
	}
	if name == hub.TopicNotifications || name == hub.TopicInbox {
		if id.Agent == "" {
			return hub.Request{}, fault(CodeForbidden, string(name)+" is an agent's, and this token names none")
		}
		return hub.Request{Tenant: id.Tenant, Topic: name, Agent: id.Agent}, nil
	}
	if f, err = id.filter(f); err != nil {
		return hub.Request{}, err
	}
	if id.Role == RoleAgent { // what is his own
		f.Agent = []event.AgentID{id.Agent}
	}
	return hub.Request{Tenant: id.Tenant, Topic: name, Filter: f}, nil
}

// filterOf makes a filter of lists of text, and refuses what no id can be.
func filterOf(channel, team, agent []string) (hub.Filter, error) {
	var f hub.Filter
	var err error
	if f.Channel, err = idsOf[event.ChannelID]("channel", channel); err != nil {
		return f, err
	}
	if f.Team, err = idsOf[event.TeamID]("team", team); err != nil {
		return f, err
	}
	f.Agent, err = idsOf[event.AgentID]("agent", agent)
	return f, err
}

// mostFilterValues bounds the values of one member of a filter.
const mostFilterValues = 100

func idsOf[S ~string](field string, list []string) ([]S, error) {
	if len(list) > mostFilterValues {
		return nil, &Fault{Code: CodeInvalid, Field: field, Detail: "at most 100 values"}
	}
	var ids []S
	for _, s := range list {
		if s == "" || len(s) > event.MaxID || !cleanText(s) {
			return nil, &Fault{Code: CodeInvalid, Field: field, Detail: "an id has 1 to 128 bytes of UTF-8"}
		}
		ids = append(ids, S(s))
	}
	return ids, nil
}
