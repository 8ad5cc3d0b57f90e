package live

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
)

// talk is a conversation of an agent's, in a channel and a team.
func (d *desk) talk(c event.ConversationID) {
	d.t.Helper()
	d.publish(
		&event.ConversationStarted{Conversation: c, Channel: "web", Customer: event.Profile{ID: "u1"}},
		&event.ConversationAssigned{Conversation: c, To: event.Actor{Kind: event.Agent, ID: "a1"}, Team: "T1"},
		&event.MessageSent{Conversation: c, Message: "m1", From: event.Actor{Kind: event.Customer, ID: "u1"}, Text: "hello"},
	)
}

func conversationPath(c string) string { return "/v1/live/conversation/" + url.PathEscape(c) }

// TestAConversationByEveryWay follows one by a socket, by server-sent events and
// as a document, under an id that has to be encoded.
func TestAConversationByEveryWay(t *testing.T) {
	t.Parallel()

	const id = "c/1 %é"
	d := setup(t)
	d.talk(id)
	owner := d.token(RoleOwner)
	// As a document: it says of how much it knows.
	plain := d.do(http.MethodGet, conversationPath(id), owner, nil)
	require.Equal(t, http.StatusOK, plain.status, plain.raw)
	require.Equal(t, "conversation/"+id, plain.text("topic"))
	state, _ := plain.json["state"].(map[string]any)
	require.Equal(t, id, state["conversation"])
	require.Contains(t, state, "messages")

	c := d.dial(owner)
	var m mirror
	require.NoError(t, m.take(c.subscribe(1, "conversation/"+id)))
	e := d.follow(conversationPath(id)+"/events", owner)
	require.Equal(t, "snapshot", e.next().name)
	d.publish(&event.MessageBlocked{
		Conversation: id, Message: "m2", From: event.Actor{Kind: event.Agent, ID: "a1"}, Text: "call 555",
		Violations: []event.Violation{{Rule: "contact.phone", Category: "off_platform_contact", Severity: event.SeverityBlock, Start: 5, End: 8}},
	})
	for {
		require.NoError(t, m.take(c.until("delta")))
		if messages, _ := m.state.(map[string]any)["messages"].(map[string]any); messages["m2"] != nil {
			require.Equal(t, true, messages["m2"].(map[string]any)["blocked"])
			break
		}
	}
	for s := e.next(); ; s = e.next() {
		if s.name == "delta" && strings.Contains(s.data, "call 555") {
			break
		}
	}
	require.Contains(t, string(d.do(http.MethodGet, "/metrics", "", nil).raw), `floorlight_subscriptions{topic="conversation"}`, "no label names a conversation")

	d.do(http.MethodGet, conversationPath("nobody's"), owner, nil).problem(t, http.StatusNotFound, CodeNotFound)
	d.do(http.MethodGet, "/v1/live/wallboard/x", owner, nil).problem(t, http.StatusNotFound, CodeUnknownTopic)
	require.Equal(t, string(CodeNotFound), c.subscribe(2, "conversation/nobody's")["code"])
	require.Equal(t, string(CodeUnknownTopic), c.subscribe(3, "conversation/")["code"])
}

// TestWhoFollowsWhichConversation: a supervisor those of his teams and channels,
// an agent his own.
func TestWhoFollowsWhichConversation(t *testing.T) {
	t.Parallel()

	d := setup(t)
	d.talk("c1")
	scoped := func(role Role, agent event.AgentID, teams []event.TeamID, channels []event.ChannelID) string {
		return d.token(role, func(c *Claims) { c.Agent, c.Teams, c.Channels = agent, teams, channels })
	}
	for name, tt := range map[string]struct {
		token string
		sees  bool
	}{
		"supervisor of the team":     {scoped(RoleSupervisor, "", []event.TeamID{"T1"}, nil), true},
		"supervisor of another team": {scoped(RoleSupervisor, "", []event.TeamID{"T2"}, nil), false},
		"supervisor of the channel":  {scoped(RoleSupervisor, "", nil, []event.ChannelID{"web", "app"}), true},
		"supervisor of another":      {scoped(RoleSupervisor, "", []event.TeamID{"T1"}, []event.ChannelID{"app"}), false},
		"its agent":                  {scoped(RoleAgent, "a1", nil, nil), true},
		"another agent":              {scoped(RoleAgent, "a2", nil, nil), false},
		"its agent, of another team": {scoped(RoleAgent, "a1", []event.TeamID{"T2"}, nil), false},
		"a wallboard":                {scoped(RoleWallboard, "", nil, nil), false},
	} {
		plain := d.do(http.MethodGet, conversationPath("c1"), tt.token, nil)
		frame := d.dial(tt.token).subscribe(1, "conversation/c1")
		if tt.sees {
			require.Equal(t, http.StatusOK, plain.status, name)
			require.Equal(t, "snapshot", frame["op"], name)
			continue
		}
		plain.problem(t, http.StatusForbidden, CodeForbidden)
		d.do(http.MethodGet, conversationPath("c1")+"/events", tt.token, nil).problem(t, http.StatusForbidden, CodeForbidden)
		require.Equal(t, string(CodeForbidden), frame["code"], name)
	}
}

// TestEveryTopicIsDescribed looks for the topics in the document of the API.
func TestEveryTopicIsDescribed(t *testing.T) {
	t.Parallel()

	d := setup(t)
	doc := string(d.do(http.MethodGet, "/openapi.json", "", nil).raw)
	for _, topic := range everyTopic {
		require.Contains(t, doc, string(topic))
	}
	require.Contains(t, doc, `"/v1/live/{topic}/{id}/events"`)
}
