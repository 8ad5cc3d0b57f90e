package hub_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
)

// TestInboxHasAnAgentsOwn follows conversations into an agent's inbox, from one
// agent's to another's, and out of them.
func TestInboxHasAnAgentsOwn(t *testing.T) {
	t.Parallel()

	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	h := newHub(t, now)
	of := func(id event.AgentID) hub.Request {
		return hub.Request{Tenant: "a", Topic: hub.TopicInbox, Agent: id}
	}
	send := sender(t, h, now)
	shows := func(id event.AgentID, want string) {
		t.Helper()
		require.Eventually(t, func() bool { return state(t, h, of(id)) == want }, 2*time.Minute, 5*time.Millisecond, "%s: %s", id, want)
	}
	one, two := event.Actor{Kind: event.Agent, ID: "a1"}, event.Actor{Kind: event.Agent, ID: "a2"}
	empty := `{"conversations":{},"total":0}`
	chat := func(handler, customer, turn string) string {
		return `{"conversations":{"c1":{"channel":"web","channel_name":"web",` + customer + `,"first_question":"Hello?","handler":` + handler +
			`,"intent":"other","last_message_at":"2026-03-01T12:00:00.000Z","last_message_by":"customer","risky":false,"session":1,"started_at":"2026-03-01T12:00:00.000Z","status":"human"` + turn + `}},"total":1}`
	}
	ann, bo := `{"id":"a1","kind":"agent","name":"Ann"}`, `{"id":"a2","kind":"agent","name":"Bo"}`
	unnamed, named := `"customer":"u1","customer_anonymous":true,"customer_name":"u1"`, `"customer":"u1","customer_name":"Maya"`
	owed := `,"turn_since":"2026-03-01T12:00:00.000Z"`

	send(&event.AgentUpdated{Agent: "a1", Name: "Ann"})
	send(&event.AgentUpdated{Agent: "a2", Name: "Bo"})
	shows("a1", empty)
	anonymous := true
	send(&event.ConversationStarted{Conversation: "c1", Channel: "web", Customer: event.Profile{ID: "u1", Anonymous: &anonymous}})
	shows("a1", empty)
	send(&event.ConversationAssigned{Conversation: "c1", To: one})
	send(&event.MessageSent{Conversation: "c1", Message: "m1", From: event.Actor{Kind: event.Customer, ID: "u1"}, Text: "Hello?"})
	shows("a1", chat(ann, unnamed, owed))
	shows("a2", empty)

	known, name := false, "Maya"
	send(&event.CustomerUpdated{Customer: "u1", Name: &name, Anonymous: &known})
	shows("a1", chat(ann, named, owed))
	send(&event.ConversationAssigned{Conversation: "c1", To: two})
	shows("a1", empty)
	shows("a2", chat(bo, named, owed))
	send(&event.AgentUpdated{Agent: "a2", Name: "Bob"})
	shows("a2", chat(`{"id":"a2","kind":"agent","name":"Bob"}`, named, owed))
	send(&event.ConversationClosed{Conversation: "c1", By: event.Actor{Kind: event.System}})
	shows("a2", empty)
	shows("a1", empty)

	// Who asks only now has the same.
	send(&event.ConversationStarted{Conversation: "c2", Channel: "web", Customer: event.Profile{ID: "u2"}})
	send(&event.ConversationAssigned{Conversation: "c2", To: event.Actor{Kind: event.Agent, ID: "a3"}})
	require.Contains(t, state(t, h, of("a3")), `"total":1`)
	require.Equal(t, empty, state(t, h, of("a1")))
}
