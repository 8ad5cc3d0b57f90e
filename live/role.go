package live

import (
	"slices"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
)

// Role is what a token may do.
type Role string

// The roles of the contract.
const (
	RoleOwner      Role = "owner"
	RoleAdmin      Role = "admin"
	RoleSupervisor Role = "supervisor"
	RoleAgent      Role = "agent"
	RoleWallboard  Role = "wallboard"
	RoleService    Role = "service"
	RoleOperator   Role = "operator"
)

// Roles lists every role.
var Roles = []Role{RoleOwner, RoleAdmin, RoleSupervisor, RoleAgent, RoleWallboard, RoleService, RoleOperator}

// Action is what a route is for.
type Action string

// The actions. Public needs no token, Self any token.
const (
	Public   Action = "public"
	Self     Action = "self"
	Follow   Action = "follow"   // live topics; which ones, the topic's rule says
	Send     Action = "send"     // a message by the socket
	Ack      Action = "ack"      // the own notifications
	Report   Action = "report"   // metrics and conversations
	Publish  Action = "publish"  // events
	Check    Action = "check"    // messages, for a caller who delivers
	Refused  Action = "refused"  // the refused events
	Refusals Action = "refusals" // list them; across tenants without what they hold
	Profile  Action = "profile"  // read the settings
	Admin    Action = "admin"    // change settings and tokens, verify
	Operate  Action = "operate"  // tenants
	Look     Action = "look"     // boards and thresholds
	Judge    Action = "judge"    // read and try rules, backtest them, decide disputes
	Arrange  Action = "arrange"  // change them, and make links for screens
)

// Actions lists every action that needs a token.
var Actions = []Action{Self, Follow, Send, Ack, Report, Publish, Check, Refused, Refusals, Profile, Admin, Operate, Look, Judge, Arrange}

// allowed is the one table of roles and actions.
var allowed = map[Role][]Action{
	RoleOwner:      {Self, Follow, Report, Publish, Check, Refused, Refusals, Profile, Admin, Look, Judge, Arrange},
	RoleAdmin:      {Self, Follow, Report, Publish, Check, Refused, Refusals, Profile, Admin, Look, Judge, Arrange},
	RoleSupervisor: {Self, Follow, Report, Profile, Look, Judge, Arrange},
	RoleAgent:      {Self, Follow, Send, Ack, Report, Profile},
	RoleWallboard:  {Self, Follow, Look},
	RoleService:    {Self, Publish, Check, Refused, Refusals},
	RoleOperator:   {Self, Operate, Refusals},
}

// everyTopic is all that there are.
var everyTopic = []hub.TopicName{
	hub.TopicWallboard, hub.TopicFloor, hub.TopicAgents, hub.TopicTeams, hub.TopicChannels, hub.TopicQueue,
	hub.TopicConversations, hub.TopicConversation, hub.TopicDisputes, hub.TopicNotifications, hub.TopicInbox,
}

// topics are those that each role may follow. Notifications and inbox are an agent's
// own: whoever is to follow them needs a token with an agent. Of the conversations an
// agent follows his own.
var topics = map[Role][]hub.TopicName{
	RoleOwner:      everyTopic,
	RoleAdmin:      everyTopic,
	RoleSupervisor: everyTopic,
	RoleAgent:      {hub.TopicInbox, hub.TopicNotifications, hub.TopicConversation},
	RoleWallboard:  {hub.TopicWallboard, hub.TopicFloor},
	RoleService:    nil,
	RoleOperator:   nil,
}

// may reports whether the role may do that.
func (r Role) may(a Action) bool { return a == Public || slices.Contains(allowed[r], a) }

// Identity is who a request or a socket is.
type Identity struct {
	Claims
}

func (id *Identity) may(a Action) bool { return id.Role.may(a) }

// filter adds the token's scope to a filter. Where the scope leaves nothing of
// what was asked for, the answer is forbidden.
func (id *Identity) filter(f hub.Filter) (hub.Filter, error) {
	var err error
	if f.Channel, err = meet(f.Channel, id.Channels, "channel"); err != nil {
		return f, err
	}
	if f.Team, err = meet(f.Team, id.Teams, "team"); err != nil {
		return f, err
	}
	return f, nil
}

// meet is what is both asked for and in the scope; an empty list is everything.
func meet[S ~string](asked, scope []S, field string) ([]S, error) {
	switch {
	case len(scope) == 0:
		return asked, nil
	case len(asked) == 0:
		return slices.Clone(scope), nil
	}
	var both []S
	for _, s := range asked {
		if slices.Contains(scope, s) {
			both = append(both, s)
		}
	}
	if len(both) == 0 {
		return nil, &Fault{Code: CodeForbidden, Field: field, Detail: "outside this token's scope"}
	}
	return both, nil
}

// Scope is what a caller may see of the tenant; an empty member does not narrow.
type Scope struct {
	Channels []event.ChannelID
	Teams    []event.TeamID
	Agent    event.AgentID
}

// scope is that of the token. An agent sees his own conversations and numbers.
func (id *Identity) scope() Scope {
	s := Scope{Channels: id.Channels, Teams: id.Teams}
	if id.Role == RoleAgent {
		s.Agent = id.Agent
	}
	return s
}

// mayFollow reports whether the role may follow that topic.
func (r Role) mayFollow(topic hub.TopicName) bool { return slices.Contains(topics[r], topic.Kind()) }
