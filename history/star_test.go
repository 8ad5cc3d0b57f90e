package history

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// TestRealConversations compares every number that is given for the shared
// conversations with what the tables hold, by day and by agent.
func TestRealConversations(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.publish(star(t)...)
	d.write()

	dir, err := shared()
	require.NoError(t, err)
	b, err := os.ReadFile(filepath.Join(dir, "data", "star.expected.json"))
	require.NoError(t, err)
	var expected struct {
		Total map[string]map[string]float64            `json:"total"`
		Agent map[string]map[string]map[string]float64 `json:"agent"`
	}
	require.NoError(t, json.Unmarshal(b, &expected))
	n := 0
	for day, numbers := range expected.Total {
		for id, want := range numbers {
			require.InDelta(t, want, d.number(id, day, ""), 1e-6, "%s %s", day, id)
			n++
		}
	}
	for agent, days := range expected.Agent {
		for day, numbers := range days {
			for id, want := range numbers {
				require.InDelta(t, want, d.number(id, day, event.AgentID(agent)), 1e-6, "%s %s %s", agent, day, id)
				n++
			}
		}
	}
	require.Greater(t, n, 800)
	require.Equal(t, len(star(t)), d.count(`SELECT count(*) FROM events`))
	require.Equal(t, 762, d.count(`SELECT count(*) FROM conversations`))
	require.Equal(t, 1, d.count(`SELECT count(*) FROM tenants WHERE tenant = 'star' AND profile = 'tiktok_shop' AND settings->>'timezone' = 'America/New_York' AND latest = (SELECT max(time) FROM events)`))
}

// number adds up rows as the specification says, apart from the code that the
// product answers with.
func (d *desk) number(id, day string, agent event.AgentID) float64 {
	d.t.Helper()
	sum := func(what, from string) float64 {
		var f float64
		date, err := time.Parse(time.DateOnly, day)
		require.NoError(d.t, err)
		require.NoError(d.t, d.db.pool.QueryRow(d.t.Context(),
			"SELECT coalesce("+what+", 0)::float8 FROM "+from+" WHERE tenant = 'star' AND day = $1 AND ($2 = '' OR agent = $2)", date, agent).Scan(&f), id)
		return f
	}
	from := "(SELECT * FROM contributions WHERE NOT per_agent) x"
	if agent != "" {
		from = "(SELECT * FROM contributions WHERE per_agent) x"
	}
	switch id {
	case "customers":
		return sum("count(DISTINCT customer) FILTER (WHERE sessions > 0)", from)
	case "consulting_customers":
		return sum("count(DISTINCT customer) FILTER (WHERE chats > 0)", from)
	case "converted_customers":
		return sum("count(DISTINCT customer) FILTER (WHERE converted > 0)", from)
	case "revenue_cents":
		return sum("sum((revenue->>'USD')::numeric * 100)", from)
	case "online_seconds":
		return sum("sum(online_millis) / 1000.0", "agent_days")
	case "first_response_seconds":
		return sum("sum(first_response_millis) / 1000.0", from)
	case "turn_response_seconds":
		return sum("sum(turn_response_millis) / 1000.0", from)
	case "assist_accuracy_sum":
		return sum("sum(assist_accuracy) / 1e12", from)
	case "assist_accuracy_n":
		return sum("sum(assist_accuracy_uses)", from)
	}
	for _, c := range metric.Counters() {
		if c.String() == id {
			return sum("sum("+id+")", from)
		}
	}
	require.Fail(d.t, "no such number", id)
	return 0
}

// TestRowsReadBack checks one row of each table against the events that made it:
// the binary format is our own.
func TestRowsReadBack(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	yes, name, email, capacity := true, "Ann", "ann@example.com", int64(4)
	at := func(id string, seconds int, data event.Data) event.Event {
		return event.New("desk", "test", id, noon.Add(time.Duration(seconds)*time.Second+123456*time.Microsecond), data)
	}
	d.publish(
		at("1", 0, &event.ChannelUpdated{Channel: "web", Name: "Web", Kind: "web", Disabled: &yes}),
		at("2", 0, &event.TeamUpdated{Team: "t1", Name: "First", Capacity: &capacity}),
		at("3", 0, &event.AgentUpdated{Agent: "a1", Name: "Bo \"Ü\"", Teams: []event.TeamID{"t1", "t 2"}, Channels: []event.ChannelID{"web"}, Capacity: &capacity}),
		at("4", 1, &event.AgentPresence{Agent: "a1", Status: event.Online}),
		at("5", 2, &event.ConversationStarted{Conversation: "c1", Channel: "web", Customer: event.Profile{ID: "u1", Name: &name, Email: &email, Anonymous: &yes}}),
		at("6", 3, &event.MessageSent{Conversation: "c1", Message: "m1", From: event.Actor{Kind: event.Customer, ID: "u1"}, Text: "where is it? \\u00e9 客服"}),
		at("7", 4, &event.ConversationQueued{Conversation: "c1", Team: "t1"}),
		at("8", 5, &event.ConversationAssigned{Conversation: "c1", To: event.Actor{Kind: event.Agent, ID: "a1"}, Team: "t1"}),
		at("9", 9, &event.MessageSent{Conversation: "c1", Message: "m2", From: event.Actor{Kind: event.Agent, ID: "a1"}, Text: "here"}),
		at("10", 10, &event.ConversationClassified{Conversation: "c1", Intent: event.IntentLogistics, Tags: []string{"late", "vip, \"gold\""}}),
		at("11", 11, &event.ConversationClosed{Conversation: "c1", By: event.Actor{Kind: event.Agent, ID: "a1"}}),
		at("12", 12, &event.OrderPaid{Order: "o1", Customer: "u1", Amount: "22.5", Currency: "USD"}),
		at("13", 13, &event.MessageSent{Message: "b1", From: event.Actor{Kind: event.Broadcast}, Text: "sale", Customer: "u1", Channel: "web"}),
		at("14", 61, &event.AgentPresence{Agent: "a1", Status: event.Offline}),
	)
	d.write()

	row := func(sql string) map[string]any {
		var b []byte
		require.NoError(t, d.db.pool.QueryRow(t.Context(), sql).Scan(&b), sql)
		var m map[string]any
		require.NoError(t, json.Unmarshal(b, &m))
		return m
	}
	require.Equal(t, map[string]any{"tenant": "desk", "channel": "web", "name": "Web", "kind": "web", "disabled": true}, row(`SELECT to_jsonb(t) FROM channels t`))
	require.Equal(t, map[string]any{"tenant": "desk", "team": "t1", "name": "First", "capacity": 4.0, "disabled": false}, row(`SELECT to_jsonb(t) FROM teams t WHERE team = 't1'`))
	require.Equal(t, map[string]any{
		"tenant": "desk", "agent": "a1", "name": "Bo \"Ü\"", "department": "", "teams": []any{"t1", "t 2"}, "channels": []any{"web"},
		"capacity": 4.0, "disabled": false, "status": "offline", "online_since": nil,
	}, row(`SELECT to_jsonb(t) FROM agents t`))
	require.Equal(t, map[string]any{
		"tenant": "desk", "agent": "a1", "day": "2026-03-02", "online_millis": 60000.0, "first_online": "2026-03-02T12:00:01.123+00:00",
	}, row(`SELECT to_jsonb(t) FROM agent_days t`))
	// A row's sequence is that of the batch which changed it last, wherever batches end.
	changed := func(m map[string]any, from int) map[string]any {
		seq, ok := m["seq"].(float64)
		require.True(t, ok)
		require.GreaterOrEqual(t, seq, float64(from))
		require.LessOrEqual(t, seq, 14.0)
		delete(m, "seq")
		return m
	}
	require.Equal(t, map[string]any{
		"tenant": "desk", "customer": "u1", "name": "Ann", "email": "ann@example.com", "phone": "", "anonymous": true, "friend": false,
		"wrote_at": "2026-03-02T12:00:03.123+00:00",
	}, changed(row(`SELECT to_jsonb(t) FROM customers t`), 6))
	require.Equal(t, map[string]any{
		"tenant": "desk", "conversation": "c1", "session": 1.0, "start_day": "2026-03-02", "started_at": "2026-03-02T12:00:02.123+00:00",
		"closed_at": "2026-03-02T12:00:11.123+00:00", "updated_at": "2026-03-02T12:00:11.123+00:00", "channel": "web", "customer": "u1",
		"agent": "a1", "agents": []any{"a1"}, "team": "t1", "intent": "logistics", "tags": []any{"late", "vip, \"gold\""},
		"handling": "human_only", "state": "closed", "ai_status": "", "awaits": nil, "stars": nil, "reasons": []any{}, "risky": false,
		"messages_customer": 1.0, "messages_agent": 1.0, "messages_bot": 0.0, "first_question": "where is it? \\u00e9 客服", "first_response_millis": 5000.0,
	}, row(`SELECT to_jsonb(t) FROM conversations t`))
	whole := changed(row(`SELECT to_jsonb(t) FROM contributions t WHERE NOT per_agent AND session > 0`), 12)
	require.Equal(t, map[string]any{"USD": "22.50"}, whole["revenue"])
	for column, want := range map[string]any{
		"conversation": "c1", "session": 1.0, "day": "2026-03-02", "hour": 12.0, "ai_status": "", "tags": []any{"late", "vip, \"gold\""},
		"parts": nil, "ai_sales": nil, "credits": nil, "channel": "web", "team": "t1", "agent": "a1", "intent": "logistics",
		"handling": "human_only", "customer": "u1", "sessions": 1.0, "chats": 1.0, "first_response_millis": 5000.0, "converted": 1.0,
		"orders_after_inquiry": 1.0, "messages_received": 1.0, "messages_agent": 1.0, "assist_accuracy_uses": 0.0, "assist_accuracy": 0.0,
	} {
		require.Equal(t, want, whole[column], column)
	}
	mine := row(`SELECT to_jsonb(t) FROM contributions t WHERE per_agent`)
	require.Equal(t, "a1", mine["agent"])
	require.InDelta(t, 1, mine["handled_chats"], 0)
	require.Nil(t, mine["revenue"])
	require.Equal(t, map[string]any{"conversation": "2026-03-02/12/3/web/", "position": 0.0, "day": "2026-03-02", "hour": 12.0, "channel": "web", "messages_broadcast": 1.0},
		row(`SELECT jsonb_build_object('conversation', conversation, 'position', position, 'day', day, 'hour', hour, 'channel', channel, 'messages_broadcast', messages_broadcast) FROM contributions t WHERE session = -1`))
	stored := row(`SELECT to_jsonb(t) FROM events t WHERE id = '6'`)
	require.Equal(t, "c1", stored["conversation"])
	require.Equal(t, "2026-03-02T12:00:03.123456+00:00", stored["time"])
	require.InDelta(t, 6, stored["seq"], 0)
	raw, seq, found, err := d.db.EventAt(t.Context(), "desk", "c1", "m2")
	require.NoError(t, err)
	require.True(t, found)
	require.EqualValues(t, 9, seq)
	again, err := event.Decode(raw)
	require.NoError(t, err)
	require.Equal(t, "9", again.ID)
	_, _, found, err = d.db.EventAt(t.Context(), "other", "c1", "m2")
	require.NoError(t, err)
	require.False(t, found)
}
