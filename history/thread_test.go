package history_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history"
	"github.com/floorlight/floorlight/hub/event"
)

func TestThread(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	f := foldDesk(t)
	at := time.Date(2026, 3, 10, 3, 0, 0, 0, time.UTC)
	violation := event.Violation{Rule: "r2", Category: "tone", Severity: event.SeverityFlag, Start: 0, End: 5}
	reason := "gone"
	f.say(t, at, &event.MessageSent{Conversation: "c1", Message: "m3", From: event.Actor{Kind: event.Agent, ID: "a1"}, Text: "Call me privately", Deliver: true})
	f.say(t, at.Add(time.Second), &event.MessageFlagged{Conversation: "c1", Message: "m2", From: event.Actor{Kind: event.Agent, ID: "a1"}, Violations: []event.Violation{violation}})
	f.say(t, at.Add(2*time.Second), &event.MessageFailed{Conversation: "c1", Message: "m3", Reason: &reason})
	f.say(t, at.Add(3*time.Second), &event.MessageSent{Conversation: "c1", Message: "m2", From: event.Actor{Kind: event.Agent, ID: "a1"}, Text: "said twice"})
	f.say(t, at.Add(4*time.Second), &event.MessageSent{
		Conversation: "c1", Message: "m4", From: event.Actor{Kind: event.Agent, ID: "a1"}, Text: "checked",
		Check: &event.Check{Verdict: event.Flag, Violations: []event.Violation{violation}},
	})
	db.store(t, f)
	ctx := context.Background()

	thread, err := db.Conversation(ctx, "desk", "c1", history.Scope{})
	require.NoError(t, err)
	require.Equal(t, f.Seq(), thread.AsOfSeq)
	require.Equal(t, map[string]string{"a1": "=Ann"}, thread.AgentNames)
	require.Len(t, thread.Sessions, 1)
	require.False(t, thread.Truncated)
	b, err := json.Marshal(thread.Messages)
	require.NoError(t, err)
	require.JSONEq(t, `[
		{"seq": 11, "at": "2026-03-10T01:01:50Z", "message": "m1", "from": {"kind": "customer", "id": "u1"}, "text": "请问什么时候发货？100%_确定"},
		{"seq": 12, "at": "2026-03-10T01:02:00Z", "message": "m2", "from": {"kind": "agent", "id": "a1"}, "text": "Tomorrow MORNING", "flagged": true,
			"violations": [{"rule": "r2", "category": "tone", "severity": "flag", "start": 0, "end": 5}]},
		{"seq": 13, "at": "2026-03-10T01:02:10Z", "message": "m3", "from": {"kind": "agent", "id": "a1"}, "text": "Call me privately", "blocked": true,
			"violations": [{"rule": "r1", "category": "contact", "severity": "block", "start": 0, "end": 4}]},
		{"seq": 32, "at": "2026-03-10T03:00:00Z", "message": "m3", "from": {"kind": "agent", "id": "a1"}, "text": "Call me privately", "released": true,
			"failed_at": "2026-03-10T03:00:02Z", "failure": "gone"},
		{"seq": 36, "at": "2026-03-10T03:00:04Z", "message": "m4", "from": {"kind": "agent", "id": "a1"}, "text": "checked", "flagged": true,
			"violations": [{"rule": "r2", "category": "tone", "severity": "flag", "start": 0, "end": 5}],
			"check": {"verdict": "flag", "violations": [{"rule": "r2", "category": "tone", "severity": "flag", "start": 0, "end": 5}]}}
	]`, string(b))
	b, err = json.Marshal(thread.Ratings)
	require.NoError(t, err)
	require.JSONEq(t, `[{"seq": 16, "at": "2026-03-10T01:02:40Z", "survey": "s1", "stars": 3, "reasons": ["slow"]}]`, string(b))
	b, err = json.Marshal(thread.Segments)
	require.NoError(t, err)
	require.JSONEq(t, `[{"seq": 10, "at": "2026-03-10T01:01:40Z", "until": "2026-03-10T01:02:50Z", "handler": {"kind": "agent", "id": "a1"}, "team": "t1"}]`, string(b))
	b, err = json.Marshal(thread.Turns)
	require.NoError(t, err)
	require.JSONEq(t, `[{"session": 1, "since": "2026-03-10T01:01:50Z", "seq": 11, "first": true, "open": false,
		"answered_at": "2026-03-10T01:02:00Z", "answered_seq": 12, "agent": "a1", "response_seconds": 10}]`, string(b))
	b, err = json.Marshal(thread.Orders)
	require.NoError(t, err)
	require.JSONEq(t, `[{"order": "o1", "paid_at": "2026-03-10T01:03:00Z", "amount": "10.10", "currency": "USD", "conversation": "c1", "session": 1}]`, string(b))
	types := []event.Type{}
	for i := range thread.Events {
		types = append(types, thread.Events[i].Type)
	}
	require.Equal(t, []event.Type{
		event.TypeConversationStarted, event.TypeConversationQueued, event.TypeConversationAssigned, event.TypeConversationClassified,
		event.TypeSurveySent, event.TypeSurveyAnswered, event.TypeConversationClosed,
	}, types)
	b, err = json.Marshal(thread.Events[2])
	require.NoError(t, err)
	require.JSONEq(t, `{"seq": 10, "at": "2026-03-10T01:01:40Z", "type": "conversation.assigned",
		"data": {"conversation": "c1", "to": {"kind": "agent", "id": "a1"}, "team": "t1"}}`, string(b))

	thread, err = db.Conversation(ctx, "desk", "c4", history.Scope{Agent: "a1", Teams: []string{"t2"}})
	require.NoError(t, err)
	require.Len(t, thread.Segments, 2, "a transfer begins another segment")
	require.Equal(t, "2026-03-10T01:04:50Z", thread.Segments[0].Until.Format(time.RFC3339))
	require.Nil(t, thread.Segments[1].Until)
	require.Equal(t, map[string]string{"a1": "=Ann", "a2": "Bo"}, thread.AgentNames)
	require.Len(t, thread.Turns, 1, "a transfer does not restart it")
	require.EqualValues(t, "a1", thread.Turns[0].Agent)

	thread, err = db.Conversation(ctx, "desk", "c3", history.Scope{})
	require.NoError(t, err)
	require.Len(t, thread.Turns, 1)
	require.True(t, thread.Turns[0].Open)
	require.Nil(t, thread.Turns[0].ResponseSeconds)

	for _, c := range []struct {
		tenant, id string
		scope      history.Scope
	}{
		{"desk", "c9", history.Scope{}},
		{"other", "c1", history.Scope{}},
		{"desk", "c1\x00", history.Scope{}},
		{"desk", "c1", history.Scope{Teams: []string{"t2"}}},
		{"desk", "c1", history.Scope{Channels: []string{"web"}}},
		{"desk", "c1", history.Scope{Agent: "a2"}},
		{"desk", "c2", history.Scope{Teams: []string{"t1"}}},
	} {
		_, err := db.Conversation(ctx, c.tenant, c.id, c.scope)
		require.ErrorIs(t, err, history.ErrNotFound, "%v", c)
	}
}

func TestDirectory(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	f := foldDesk(t)
	f.say(t, deskNow, &event.FlowTriggered{Flow: "f2", Name: "Old name", Channel: "wa"})
	f.say(t, deskNow, &event.FlowTriggered{Flow: "f2", Name: "Welcome", Channel: "wa"})
	db.store(t, f)
	d, err := db.Directory(context.Background(), "desk")
	require.NoError(t, err)
	b, err := json.Marshal(d)
	require.NoError(t, err)
	require.JSONEq(t, `{"as_of_seq": 33,
		"channels": [{"id": "wa", "name": "WhatsApp", "kind": "whatsapp", "disabled": false}, {"id": "web", "name": "Web", "kind": "web", "disabled": false}],
		"teams": [{"id": "t1", "name": "First", "disabled": false}, {"id": "t2", "name": "Second", "disabled": false}],
		"agents": [{"id": "a1", "name": "=Ann", "teams": ["t1"], "channels": ["wa"], "disabled": false},
			{"id": "a2", "name": "Bo", "teams": ["t2"], "channels": ["web"], "disabled": false}],
		"flows": [{"id": "f2", "name": "Welcome"}]}`, string(b))
	d, err = db.Directory(context.Background(), "nobody")
	require.NoError(t, err)
	require.Empty(t, d.Agents)
	require.NotNil(t, d.Agents)
	require.NotNil(t, d.Flows)
}

func TestCustomer(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	f := foldDesk(t)
	db.store(t, f)
	ctx := context.Background()
	c, err := db.Customer(ctx, "desk", "u1", history.Scope{})
	require.NoError(t, err)
	require.Equal(t, "李雷", c.Name)
	require.Equal(t, f.Seq(), c.AsOfSeq)
	require.Equal(t, 2, c.Sessions)
	require.Equal(t, []string{"c3", "c1"}, []string{c.Rows[0].ID, c.Rows[1].ID})
	require.Equal(t, "2026-03-10T01:01:50Z", c.WroteAt.Format(time.RFC3339))
	require.Equal(t, map[string]string{"USD": "10.10"}, c.Paid)
	require.Len(t, c.Orders, 1)
	require.Equal(t, "c1", c.Orders[0].Conversation)

	c, err = db.Customer(ctx, "desk", "u1", history.Scope{Teams: []string{"t1"}})
	require.NoError(t, err)
	require.Equal(t, 1, c.Sessions)
	require.Empty(t, c.Orders, "orders belong to no team")
	for _, scope := range []history.Scope{{Teams: []string{"t9"}}, {Agent: "a2"}} {
		_, err = db.Customer(ctx, "desk", "u1", scope)
		require.ErrorIs(t, err, history.ErrNotFound)
	}
	_, err = db.Customer(ctx, "desk", "nobody\x00", history.Scope{})
	require.ErrorIs(t, err, history.ErrNotFound)
}
