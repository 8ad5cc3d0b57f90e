package hub_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
)

// TestDisputesWaitForTheirDecision follows a dispute onto the supervisors' topic,
// within its team and nowhere else, and off it again.
func TestDisputesWaitForTheirDecision(t *testing.T) {
	t.Parallel()

	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	h := newHub(t, now)
	everything := hub.Request{Tenant: "a", Topic: hub.TopicDisputes}
	team := func(id event.TeamID) hub.Request {
		return hub.Request{Tenant: "a", Topic: hub.TopicDisputes, Filter: hub.Filter{Team: []event.TeamID{id}}}
	}
	empty := `{"open":{},"total":0}`
	require.JSONEq(t, empty, state(t, h, everything))
	violations := []event.Violation{{Rule: "contact.phone", Category: "off_platform_contact", Severity: event.SeverityBlock, Start: 5, End: 8}}
	send := sender(t, h, now)
	send(&event.AgentUpdated{Agent: "a1", Name: "Ann"})
	send(&event.ConversationStarted{Conversation: "c1", Channel: "web", Customer: event.Profile{ID: "u1"}})
	send(&event.ConversationAssigned{Conversation: "c1", To: event.Actor{Kind: event.Agent, ID: "a1"}, Team: "t1"})
	send(&event.MessageBlocked{Conversation: "c1", Message: "m1", From: event.Actor{Kind: event.Agent, ID: "a1"}, Text: "call 555", Violations: violations})

	fate, err := h.Contested(t.Context(), "a", "c1", "m1")
	require.NoError(t, err)
	require.Equal(t, hub.Contested{Blocked: true}, fate)
	send(&event.DisputeOpened{Conversation: "c1", Message: "m1", Agent: "a1", Blocked: now, Text: "call 555", Violations: violations, Comment: "a size"})
	shown := `{"open":{"c1/m1":{"agent":"a1","agent_name":"Ann","at":"2026-03-01T12:00:00.000Z","blocked":"2026-03-01T12:00:00.000Z","channel":"web","channel_name":"web","comment":"a size","conversation":"c1","message":"m1","team":"t1","team_name":"t1","text":"call 555","violations":[{"category":"off_platform_contact","end":8,"explanation":{"en":"","zh":""},"rule":"contact.phone","severity":"block","start":5}]}},"total":1}`
	for _, r := range []hub.Request{everything, team("t1")} {
		require.Eventually(t, func() bool { return state(t, h, r) == shown }, 2*time.Minute, 5*time.Millisecond)
	}
	require.JSONEq(t, empty, state(t, h, team("t2")))
	fate, err = h.Contested(t.Context(), "a", "c1", "m1")
	require.NoError(t, err)
	require.True(t, fate.Disputed)
	require.NotNil(t, fate.Open)
	require.Equal(t, event.AgentID("a1"), fate.Agent)

	send(&event.DisputeDecided{Conversation: "c1", Message: "m1", Agent: "a1", By: "Bo", Decision: event.Upheld, Reason: "a number"})
	for _, r := range []hub.Request{everything, team("t1")} {
		require.Eventually(t, func() bool { return state(t, h, r) == empty }, 2*time.Minute, 5*time.Millisecond)
	}
	fate, err = h.Contested(t.Context(), "a", "c1", "m1")
	require.NoError(t, err)
	require.Equal(t, hub.Contested{Blocked: true, Disputed: true}, fate)
	require.Contains(t, state(t, h, hub.Request{Tenant: "a", Topic: hub.TopicNotifications, Agent: "a1"}), `"decision":"upheld"`)
}
