package history_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// desk is a small tenant whose conversations are known one by one. Its day is
// 2026-03-10 in Shanghai.
var deskNow = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

func foldDesk(tb testing.TB) *folding {
	tb.Helper()
	f := newFolding("desk")
	at := time.Date(2026, 3, 10, 1, 0, 0, 0, time.UTC)
	next := func() time.Time { at = at.Add(10 * time.Second); return at }
	text := func(s string) *string { return &s }
	yes := true
	f.say(tb, next(), &event.TenantConfigured{Profile: "wecom"})
	f.say(tb, next(), &event.ChannelUpdated{Channel: "wa", Name: "WhatsApp", Kind: "whatsapp"})
	f.say(tb, next(), &event.ChannelUpdated{Channel: "web", Name: "Web", Kind: "web"})
	f.say(tb, next(), &event.TeamUpdated{Team: "t1", Name: "First"})
	f.say(tb, next(), &event.TeamUpdated{Team: "t2", Name: "Second"})
	f.say(tb, next(), &event.AgentUpdated{Agent: "a1", Name: "=Ann", Teams: []event.TeamID{"t1"}, Channels: []event.ChannelID{"wa"}})
	f.say(tb, next(), &event.AgentUpdated{Agent: "a2", Name: "Bo", Teams: []event.TeamID{"t2"}, Channels: []event.ChannelID{"web"}})

	// c1: a human answers after 10 s, one message is blocked, three stars, an order.
	f.say(tb, next(), &event.ConversationStarted{Conversation: "c1", Channel: "wa", Customer: event.Profile{ID: "u1", Name: text("李雷"), Email: text("lei@example.com")}})
	f.say(tb, next(), &event.ConversationQueued{Conversation: "c1", Team: "t1"})
	f.say(tb, next(), &event.ConversationAssigned{Conversation: "c1", To: event.Actor{Kind: event.Agent, ID: "a1"}, Team: "t1"})
	f.say(tb, next(), &event.MessageSent{Conversation: "c1", Message: "m1", From: event.Actor{Kind: event.Customer, ID: "u1"}, Text: "请问什么时候发货？100%_确定"})
	f.say(tb, next(), &event.MessageSent{Conversation: "c1", Message: "m2", From: event.Actor{Kind: event.Agent, ID: "a1"}, Text: "Tomorrow MORNING"})
	violation := event.Violation{Rule: "r1", Category: "contact", Severity: event.SeverityBlock, Start: 0, End: 4}
	f.say(tb, next(), &event.MessageBlocked{Conversation: "c1", Message: "m3", From: event.Actor{Kind: event.Agent, ID: "a1"}, Text: "Call me privately", Violations: []event.Violation{violation}})
	f.say(tb, next(), &event.ConversationClassified{Conversation: "c1", Intent: event.IntentLogistics, Tags: []string{"vip", "late"}})
	f.say(tb, next(), &event.SurveySent{Conversation: "c1", Survey: "s1"})
	three := int64(3)
	f.say(tb, next(), &event.SurveyAnswered{Conversation: "c1", Survey: "s1", Stars: &three, Reasons: []string{"slow"}})
	f.say(tb, next(), &event.ConversationClosed{Conversation: "c1", By: event.Actor{Kind: event.Agent, ID: "a1"}})
	f.say(tb, next(), &event.OrderPaid{Order: "o1", Customer: "u1", Amount: "10.10", Currency: "USD"})

	// c2: a bot alone.
	f.say(tb, next(), &event.ConversationStarted{Conversation: "c2", Channel: "web", Customer: event.Profile{ID: "u2", Anonymous: &yes}})
	f.say(tb, next(), &event.ConversationAssigned{Conversation: "c2", To: event.Actor{Kind: event.Bot, ID: "b"}})
	f.say(tb, next(), &event.MessageSent{Conversation: "c2", Message: "m1", From: event.Actor{Kind: event.Customer, ID: "u2"}, Text: "=cmd|' /C calc'!A0"})
	f.say(tb, next(), &event.MessageSent{Conversation: "c2", Message: "m2", From: event.Actor{Kind: event.Bot, ID: "b"}, Text: "Hello", Automatic: "chat_bot"})

	// c3: waits, and the customer has been here before.
	f.say(tb, next(), &event.ConversationStarted{Conversation: "c3", Channel: "wa", Customer: event.Profile{ID: "u1"}})
	f.say(tb, next(), &event.ConversationQueued{Conversation: "c3", Team: "t2"})
	f.say(tb, next(), &event.MessageSent{Conversation: "c3", Message: "m1", From: event.Actor{Kind: event.Customer, ID: "u1"}, Text: `back\slash`})

	// c4: handed from one agent to the other.
	f.say(tb, next(), &event.ConversationStarted{Conversation: "c4", Channel: "web", Customer: event.Profile{ID: "u3"}})
	f.say(tb, next(), &event.ConversationAssigned{Conversation: "c4", To: event.Actor{Kind: event.Agent, ID: "a2"}, Team: "t2"})
	f.say(tb, next(), &event.MessageSent{Conversation: "c4", Message: "m1", From: event.Actor{Kind: event.Customer, ID: "u3"}, Text: "hi"})
	f.say(tb, next(), &event.ConversationAssigned{Conversation: "c4", To: event.Actor{Kind: event.Agent, ID: "a1"}, Team: "t1"})
	f.say(tb, next(), &event.MessageSent{Conversation: "c4", Message: "m2", From: event.Actor{Kind: event.Agent, ID: "a1"}, Text: "hello"})
	f.say(tb, next(), &event.MessageSent{Conversation: "", Message: "bc1", From: event.Actor{Kind: event.Broadcast}, Text: "Sale", Customer: "u1", Channel: "wa"})
	return f
}

func ids(p history.Page) []string {
	all := []string{}
	for i := range p.Rows {
		all = append(all, p.Rows[i].ID)
	}
	return all
}

func TestConversationsFilters(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	db.store(t, foldDesk(t))
	other := newFolding("other")
	other.say(t, deskNow.Add(-time.Hour), &event.ConversationStarted{Conversation: "c1", Channel: "wa", Customer: event.Profile{ID: "u1"}})
	other.say(t, deskNow.Add(-time.Hour), &event.MessageSent{Conversation: "c1", Message: "m1", From: event.Actor{Kind: event.Customer, ID: "u1"}, Text: "unique words"})
	db.store(t, other)

	for _, c := range []struct {
		name   string
		values map[string][]string
		want   []string
	}{
		{"all, newest first", params(), []string{"c4", "c3", "c2", "c1"}},
		{"another day", params("from", "2026-03-09", "to", "2026-03-09"), []string{}},
		{"channel", params("channel", "web"), []string{"c4", "c2"}},
		{"channels", params("channel", "web,wa"), []string{"c4", "c3", "c2", "c1"}},
		{"first agent", params("agent", "a2"), []string{"c4"}},
		{"any agent who took part", params("agent", "a1"), []string{"c4", "c1"}},
		{"team", params("team", "t2"), []string{"c4", "c3"}},
		{"intent", params("intent", "logistics"), []string{"c1"}},
		{"no intent is other", params("intent", "other"), []string{"c4", "c3", "c2"}},
		{"handling", params("handling", "bot_only,unhandled"), []string{"c2"}},
		{"human", params("handling", "human"), []string{"c4", "c3", "c1"}},
		{"customer", params("customer", "u1"), []string{"c3", "c1"}},
		{"state", params("state", "queued,closed"), []string{"c3", "c1"}},
		{"bot", params("state", "bot"), []string{"c2"}},
		{"rating", params("rating", "2,3"), []string{"c1"}},
		{"three stars are not negative at this desk", params("negative", "true"), []string{}},
		{"not negative", params("negative", "false", "rating", "3"), []string{"c1"}},
		{"risky", params("risky", "true"), []string{"c1"}},
		{"not risky", params("risky", "false"), []string{"c4", "c3", "c2"}},
		{"tag", params("tag", "late,none"), []string{"c1"}},
		{"reason", params("reason", "slow"), []string{"c1"}},
		{"the hour of the desk's clock", params("hour", "9"), []string{"c4", "c3", "c2", "c1"}},
		{"another hour", params("hour", "8,10,1"), []string{}},
		{"a weekday", params("weekday", "1,2"), []string{"c4", "c3", "c2", "c1"}},
		{"weekday and hour", params("weekday", "2", "hour", "09,23"), []string{"c4", "c3", "c2", "c1"}},
		{"no such weekday in the range", params("weekday", "7"), []string{}},
		{"all combined", params("channel", "wa", "customer", "u1", "state", "queued"), []string{"c3"}},
		{"search an id", params("q", "C2"), []string{"c2"}},
		{"search a name in Chinese", params("q", "李雷"), []string{"c3", "c1"}},
		{"search an address", params("q", "LEI@EXAMPLE"), []string{"c3", "c1"}},
		{"search a message in Chinese", params("q", "什么时候发货"), []string{"c1"}},
		{"search a message that is not the first", params("q", "tomorrow morning"), []string{"c1"}},
		{"search a blocked message", params("q", "privately"), []string{"c1"}},
		{"a percent sign is itself", params("q", "100%_确"), []string{"c1"}},
		{"and nothing else", params("q", "1%0"), []string{}},
		{"an underscore is itself", params("q", "请_什"), []string{}},
		{"a backslash is no letter", params("q", `back\sl`), []string{"c3"}},
		{"words in any order", params("q", "morning tomorr"), []string{"c1"}},
		{"words in quotes stand together", params("q", `"tomorrow morning"`), []string{"c1"}},
		{"and in their order", params("q", `"morning tomorrow"`), []string{}},
		{"no phrase spans two messages", params("q", `"morning call"`), []string{}},
		{"one character", params("q", "货"), []string{"c1"}},
		{"full width", params("q", "ＴＯＭＯＲＲＯＷ"), []string{"c1"}},
		{"characters apart", params("q", "发请"), []string{}},
		{"signs alone", params("q", "!?"), []string{}},
		{"a name", params("name", "李"), []string{"c3", "c1"}},
		{"a name is no message", params("name", "tomorrow"), []string{}},
		{"a message by its id", params("message", "m3", "customer", "u1,u2,u3"), []string{"c1"}},
		{"a conversation by its id", params("conversation", "c2,c4"), []string{"c4", "c2"}},
		{"the oldest first", params("sort", "started_at"), []string{"c1", "c2", "c3", "c4"}},
		{"the latest updated", params("sort", "-updated_at"), []string{"c4", "c3", "c2", "c1"}},
		{"a comma is itself", params("q", "c1,c2"), []string{}},
		{"another tenant's words", params("q", "unique words"), []string{}},
		{"a quote", params("q", "' OR '1'='1"), []string{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p, err := db.Conversations(context.Background(), "desk", history.Scope{}, c.values, deskNow)
			require.NoError(t, err)
			require.Equal(t, c.want, ids(p))
			require.Equal(t, len(c.want), p.Total)
			require.Empty(t, p.Next)
		})
	}
}

func TestConversationsScope(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	db.store(t, foldDesk(t))
	for _, c := range []struct {
		scope  history.Scope
		values map[string][]string
		want   []string
	}{
		{history.Scope{Teams: []string{"t1"}}, params(), []string{"c1"}},
		{history.Scope{Teams: []string{"t1"}}, params("team", "t2"), []string{}},
		{history.Scope{Teams: []string{"t1", "t2"}}, params("team", "t2"), []string{"c4", "c3"}},
		{history.Scope{Channels: []string{"wa"}, Teams: []string{"t2"}}, params(), []string{"c3"}},
		{history.Scope{Agent: "a1"}, params(), []string{"c4", "c1"}},
		{history.Scope{Agent: "a1"}, params("agent", "a2"), []string{"c4"}},
		{history.Scope{Agent: "a9"}, params("agent", "a1"), []string{}},
	} {
		p, err := db.Conversations(context.Background(), "desk", c.scope, c.values, deskNow)
		require.NoError(t, err)
		require.Equal(t, c.want, ids(p), "%v %v", c.scope, c.values)
	}
}

func TestConversationRow(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	f := foldDesk(t)
	db.store(t, f)
	p, err := db.Conversations(context.Background(), "desk", history.Scope{}, params("customer", "u1", "state", "closed"), deskNow)
	require.NoError(t, err)
	require.Equal(t, f.Seq(), p.AsOfSeq)
	require.Equal(t, "Asia/Shanghai", p.Timezone)
	require.Equal(t, map[string]string{"a1": "=Ann"}, p.AgentNames)
	require.Len(t, p.Rows, 1)
	b, err := json.Marshal(p.Rows[0])
	require.NoError(t, err)
	require.JSONEq(t, `{
		"id": "c1", "session": 1, "started_at": "2026-03-10T01:01:20Z", "closed_at": "2026-03-10T01:02:50Z", "updated_at": "2026-03-10T01:02:50Z",
		"channel": "wa", "customer": {"id": "u1", "name": "李雷", "email": "lei@example.com", "anonymous": false, "friend": false},
		"agents": ["a1"], "team": "t1", "intent": "logistics", "tags": ["vip", "late"], "handling": "human_only", "state": "closed", "ai_status": "",
		"stars": 3, "reasons": ["slow"], "risky": true, "messages": {"customer": 1, "agent": 1, "bot": 0},
		"first_question": "请问什么时候发货？100%_确定", "first_response_seconds": 10}`, string(b))

	p, err = db.Conversations(context.Background(), "desk", history.Scope{}, params("state", "queued"), deskNow)
	require.NoError(t, err)
	b, err = json.Marshal(p.Rows[0])
	require.NoError(t, err)
	require.Contains(t, string(b), `"closed_at":null`)
	require.Contains(t, string(b), `"agents":[]`)
	require.NotContains(t, string(b), "first_response_seconds")
	require.NotContains(t, string(b), "stars")
}

func TestConversationsFaults(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	long := make([]byte, 201)
	for i := range long {
		long[i] = 'x'
	}
	for _, c := range []struct{ field, value, says string }{
		{"colour", "red", "unknown parameter; there are from, to"},
		{"state", "asleep", "queued, bot, human, open, closed"},
		{"rating", "6", "1, 2, 3, 4, 5"},
		{"rating", "1.5", "1, 2, 3, 4, 5"},
		{"hour", "24", "from 0 to 23"},
		{"hour", "noon", "from 0 to 23"},
		{"weekday", "0", "from 1 to 7"},
		{"negative", "maybe", "true, false"},
		{"risky", "1", "true, false"},
		{"intent", "x", "pre_purchase"},
		{"handling", "x", "bot_only"},
		{"limit", "0", "from 1 to 500"},
		{"limit", "501", "from 1 to 500"},
		{"limit", "many", "from 1 to 500"},
		{"from", "yesterday", "is not a day"},
		{"to", "2026-02-30", "is not a day"},
		{"from", "2999-01-01", ""},
		{"q", string(long), "at most 200 bytes"},
		{"q", "a\x00b", "UTF-8 without NUL"},
		{"channel", "\xff", "UTF-8 without NUL"},
		{"message", "m3", "name those with conversation or customer"},
		{"sort", "name", "must be one of -started_at"},
		{"ai_status", "asleep", "open, resolved, routed, closed"},
		{"name", string(long), "at most 200 bytes"},
		{"cursor", "!!", "is not a cursor"},
		{"cursor", "e30", "is not a cursor"},
		{"cursor", "eyJ0IjoxLCJjIjoiYSIsInMiOjF9x", "is not a cursor"},
	} {
		_, err := db.Conversations(context.Background(), "desk", history.Scope{}, params(c.field, c.value), deskNow)
		if c.says == "" {
			require.NoError(t, err)
			continue
		}
		var field *metric.FieldError
		require.ErrorAs(t, err, &field, "%s=%s", c.field, c.value)
		require.Equal(t, c.field, field.Field)
		require.Contains(t, field.Message, c.says)
	}
}

// TestConversationsPages walks through pages while new conversations arrive,
// several of them begun in the same moment.
func TestConversationsPages(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	start := time.Date(2026, 3, 10, 2, 0, 0, 0, time.UTC)
	insert := func(id string, at time.Time) {
		db.exec(t, `INSERT INTO conversations VALUES ('desk', $1, 1, '2026-03-10', $2, NULL, $2, 'wa', NULL, NULL, '{}', NULL, 'other', '{}', 'none', 'open', '',
			NULL, '{}', false, 0, 0, 0, '', NULL)`, id, at)
	}
	for i := range 25 {
		insert(fmt.Sprintf("c%02d", i), start.Add(time.Duration(i/5)*time.Second))
	}
	ctx := context.Background()
	seen := map[string]int{}
	var order []time.Time
	cursor, pages := "", 0
	for {
		values := params("limit", "4")
		if cursor != "" {
			values["cursor"] = []string{cursor}
		}
		p, err := db.Conversations(ctx, "desk", history.Scope{}, values, deskNow)
		require.NoError(t, err)
		require.Equal(t, 25+pages, p.Total)
		for i := range p.Rows {
			seen[p.Rows[i].ID]++
			order = append(order, p.Rows[i].StartedAt)
			require.Nil(t, p.Rows[i].Customer)
		}
		insert(fmt.Sprintf("new%d", pages), start.Add(time.Minute))
		pages++
		if cursor = p.Next; cursor == "" {
			break
		}
	}
	require.Equal(t, 7, pages)
	require.Len(t, seen, 25)
	for id, n := range seen {
		require.Equal(t, 1, n, id)
	}
	for i := 1; i < len(order); i++ {
		require.False(t, order[i].After(order[i-1]))
	}
}

func TestReadersSayThatTheDatabaseIsGone(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	db.Close()
	down, err := history.Open(context.Background(), history.Config{URL: "postgres://floorlight@127.0.0.1:1/none"})
	require.NoError(t, err)
	defer down.Close()
	ctx := context.Background()
	_, err = down.Metrics(ctx, "desk", params("metric", "chats"), deskNow)
	require.ErrorIs(t, err, history.ErrUnavailable)
	_, err = down.Conversations(ctx, "desk", history.Scope{}, params(), deskNow)
	require.ErrorIs(t, err, history.ErrUnavailable)
	_, err = down.Directory(ctx, "desk")
	require.ErrorIs(t, err, history.ErrUnavailable)
	_, err = down.Explain(ctx, "desk", "chats", history.Scope{}, params(), deskNow)
	require.ErrorIs(t, err, history.ErrUnavailable)
	_, err = down.Customer(ctx, "desk", "u1", history.Scope{})
	require.ErrorIs(t, err, history.ErrUnavailable)
	_, err = down.Conversation(ctx, "desk", "c1", history.Scope{})
	require.ErrorIs(t, err, history.ErrUnavailable)
	var file bytes.Buffer
	for _, format := range []history.Format{history.CSV, history.XLSX} {
		e := history.Export{Format: format, Now: deskNow}
		require.ErrorIs(t, down.ExportMetrics(ctx, &file, "desk", params("metric", "chats"), e), history.ErrUnavailable)
		require.ErrorIs(t, down.ExportConversations(ctx, &file, "desk", params(), e), history.ErrUnavailable)
		require.ErrorIs(t, down.ExportAgents(ctx, &file, "desk", params(), e), history.ErrUnavailable)
		require.ErrorIs(t, down.ExportExplanation(ctx, &file, "desk", "chats", params(), e), history.ErrUnavailable)
	}
	require.Zero(t, file.Len(), "never an empty report")
	require.ErrorIs(t, down.IndexTexts(ctx), history.ErrUnavailable)
	refolds := down.NewRecomputing(history.RecomputingConfig{})
	require.ErrorIs(t, refolds.Start(ctx), history.ErrUnavailable)
	_, err = refolds.Refold(ctx, "desk")
	require.ErrorIs(t, err, history.ErrUnavailable)
	refolds.Stop()
	require.NotErrorIs(t, err, history.ErrUnknownTenant)
}
