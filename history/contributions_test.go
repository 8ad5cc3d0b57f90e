package history

import (
	"fmt"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
)

// everyKind is a day on which every kind of row is written.
func everyKind() []event.Event {
	stars := int64(1)
	customer := event.Actor{Kind: event.Customer, ID: "u1"}
	data := []event.Data{
		&event.TenantConfigured{Profile: "inbox", Settings: []byte(`{"timezone":"Asia/Kathmandu"}`)},
		&event.ChannelUpdated{Channel: "web", Name: "Web", Kind: "web", Attribution: &event.Attribution{Touch: "product_click", Hours: 24}},
		&event.ConversationStarted{Conversation: "c1", Channel: "web", Customer: event.Profile{ID: "u1"}},
		&event.MessageSent{Conversation: "c1", Message: "m1", From: customer, Text: "hello"},
		&event.MessageSent{Conversation: "c1", Message: "m2", From: event.Actor{Kind: event.Bot, ID: "b1"}, Text: "hello"},
		&event.ProductClicked{Customer: "u1", Product: "p", Conversation: "c1"},
		&event.OrderPaid{Order: "o1", Customer: "u1", Amount: "30.00", Currency: "USD"},
		&event.SurveyAnswered{Conversation: "c1", Survey: "s1", Stars: &stars, Reasons: []string{"slow", "rude"}},
		&event.MessageBlocked{Conversation: "c1", Message: "m3", From: event.Actor{Kind: event.Agent, ID: "a1"}, Text: "x", Violations: []event.Violation{{Rule: "pay.off", Category: "pay"}}},
		&event.AssistUsed{Conversation: "c1", Agent: "a1", Tool: "doc_reply", Suggested: "a", Sent: "a"},
		&event.ConversationClassified{Conversation: "c1", Tags: []string{"vip", "late"}},
		&event.ServiceInvited{Conversation: "c1", Agent: "a1", Kind: "group", Target: "g1"},
		&event.ServiceJoined{Customer: "u1", Kind: "group", Target: "g1"},
		&event.ServiceJoined{Customer: "u2", Kind: "specialist", Target: "s1"},
		&event.FlowTriggered{Flow: "f1", Name: "Greeting", Channel: "web"},
		&event.CreditAdded{Amount: "10.00", Currency: "USD", Channel: "web"},
		&event.TemplateCharged{Category: "marketing", Amount: "1.20", Currency: "USD", Channel: "web"},
		&event.ConversationClosed{Conversation: "c1", By: event.Actor{Kind: event.System}},
	}
	events := make([]event.Event, len(data))
	for i := range data {
		events[i] = event.New("desk", "test", fmt.Sprint("e", i), noon.Add(time.Duration(i)*time.Second), data[i])
	}
	return events
}

// TestRowsOfEveryKind reads the columns that hold more than a number. Noon is
// 17:45 in Kathmandu.
func TestRowsOfEveryKind(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.publish(everyKind()...)
	d.write()
	rows := func(sql string) []map[string]any {
		t.Helper()
		var b []byte
		require.NoError(t, d.db.pool.QueryRow(t.Context(), `SELECT coalesce(jsonb_agg(x ORDER BY x), '[]') FROM (`+sql+`) x`).Scan(&b))
		var list []map[string]any
		require.NoError(t, json.Unmarshal(b, &list))
		return list
	}
	part := func(d, v, c string, n float64) any { return map[string]any{"d": d, "v": v, "c": c, "n": n} }
	require.Equal(t, []map[string]any{{
		"hour": 17.0, "ai_status": "resolved", "tags": []any{"vip", "late"}, "ai_sales": map[string]any{"USD": "30.00"}, "revenue": map[string]any{"USD": "30.00"}, "credits": nil,
		"ai_conversations": 1.0, "ai_resolved": 1.0, "group_invites": 1.0, "groups_joined": 1.0, "customer": "u1",
		"parts": []any{
			part("reason", "slow", "negative_ratings", 1), part("reason", "rude", "negative_ratings", 1),
			part("category", "pay", "blocked_messages", 1), part("rule", "pay.off", "blocked_messages", 1),
			part("tool", "doc_reply", "assist_uses", 1), part("tool", "doc_reply", "assist_accuracy_uses", 1), part("tool", "doc_reply", "assist_accuracy", 1e12),
		},
	}}, rows(`SELECT hour, ai_status, tags, ai_sales, revenue, credits, ai_conversations, ai_resolved, group_invites, groups_joined, customer, parts FROM contributions WHERE session > 0 AND NOT per_agent`))
	require.Equal(t, []map[string]any{{"agent": "a1", "blocked_messages": 1.0, "parts": []any{part("category", "pay", "blocked_messages", 1), part("rule", "pay.off", "blocked_messages", 1)}}},
		rows(`SELECT agent, blocked_messages, parts FROM contributions WHERE per_agent`))
	require.Equal(t, []map[string]any{
		{"conversation": "2026-03-02/17/0//u2", "customer": "u2", "flow_triggers": 0.0, "specialists_added": 1.0, "credits": nil, "parts": nil},
		{
			"conversation": "2026-03-02/17/3/web/", "customer": "", "flow_triggers": 1.0, "specialists_added": 0.0,
			"credits": map[string]any{"used": map[string]any{"USD": "1.20"}, "added": map[string]any{"USD": "10.00"}},
			"parts":   []any{part("flow", "f1", "flow_triggers", 1), map[string]any{"d": "category", "v": "marketing", "m": map[string]any{"USD": "1.20"}}},
		},
	}, rows(`SELECT conversation, customer, flow_triggers, specialists_added, credits, parts FROM contributions WHERE session = -1`))
	require.Equal(t, len(everyKind()), d.count(`SELECT max(seq) FROM contributions`))

	r, err := d.db.Verify(t.Context(), "desk", firstDay, lastDay, func(VerifyProgress) {})
	require.NoError(t, err)
	require.Empty(t, r.Differences)
	require.EqualValues(t, 1, r.Counts[metric.FlowTriggers])

	// What no resident session could tell outlives a restart.
	_, states, err := d.db.Load(t.Context(), 0, time.Hour)
	require.NoError(t, err)
	st := states["desk"]
	require.EqualValues(t, 1, st.Contacts(nil))
	require.Equal(t, map[string]string{"USD": "8.80"}, st.Balance(nil).Strings())
	require.Equal(t, "Greeting", st.FlowName("f1"))
	n := 0
	for range st.Loose() {
		n++
	}
	require.Equal(t, 2, n)
}

// TestSessionsWithinTheGraceAreLoaded: they still count as active.
func TestSessionsWithinTheGraceAreLoaded(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	events := []event.Event{event.New("desk", "test", "e0", noon.AddDate(0, 0, -5), &event.TenantConfigured{Profile: "inbox"})}
	for i, before := range []time.Duration{80 * time.Hour, 20 * time.Hour, 0} {
		c := event.ConversationID(fmt.Sprint("c", i))
		at := noon.Add(-before)
		events = append(events,
			event.New("desk", "test", fmt.Sprint("s", i), at, &event.ConversationStarted{Conversation: c, Channel: "web", Customer: event.Profile{ID: event.CustomerID(fmt.Sprint("u", i))}}),
			event.New("desk", "test", fmt.Sprint("x", i), at, &event.ConversationClosed{Conversation: c, By: event.Actor{Kind: event.System}}))
	}
	d.publish(events...)
	d.write()
	_, states, err := d.db.Load(t.Context(), 0, time.Hour)
	require.NoError(t, err)
	st := states["desk"]
	for i, loaded := range []bool{false, true, true} {
		_, ok := st.Conversation(event.ConversationID(fmt.Sprint("c", i)))
		require.Equal(t, loaded, ok, i)
		_, ok = st.Customer(event.CustomerID(fmt.Sprint("u", i)))
		require.Equal(t, loaded, ok, i)
		require.Equal(t, !loaded, st.Maybe(fold.Ref{Kind: fold.KindConversation, ID: fmt.Sprint("c", i)}))
	}
}
