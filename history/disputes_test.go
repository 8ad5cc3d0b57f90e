package history_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// record puts events into the table as the writer does.
func (r *reading) record(tb testing.TB, tenant event.TenantID, list ...event.Event) {
	tb.Helper()
	for i := range list {
		e := &list[i]
		raw, err := e.Encode()
		require.NoError(tb, err)
		var conversation *string
		if c := string(event.About(e.Data)); c != "" {
			conversation = &c
		}
		r.exec(tb, `INSERT INTO events (tenant, time, source, id, seq, arrived, type, conversation, body) VALUES ($1, $2, $3, $4, $5, $2, $6, $7, $8)`,
			string(tenant), e.Time, e.Source, e.ID, i+1, string(e.Type), conversation, raw)
	}
}

func (r *reading) stand(tb testing.TB, tenant, conversation, channel, team string) {
	tb.Helper()
	r.exec(tb, `INSERT INTO conversations (tenant, conversation, session, start_day, started_at, updated_at, channel, team, agents, intent, tags, handling, ai_status, state, reasons, risky, messages_customer, messages_agent, messages_bot, first_question)
		VALUES ($1, $2, 1, '2026-03-02', '2026-03-02', '2026-03-02', $3, $4, '{}', 'other', '{}', 'none', '', 'open', '{}', false, 0, 0, 0, '')`, tenant, conversation, channel, team)
}

func TestDisputesAndTheirDecisions(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	ctx := context.Background()
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	found := []event.Violation{{Rule: "contact.phone", Category: "off_platform_contact", Severity: event.SeverityBlock, Start: 0, End: 3}}
	var list []event.Event
	add := func(after time.Duration, data event.Data) {
		list = append(list, event.New("shop", "test", fmt.Sprint("e", len(list)), at.Add(after), data))
	}
	for i := range 4 {
		c, m := event.ConversationID(fmt.Sprint("c", i)), event.MessageID("m")
		blocked := time.Duration(i) * time.Minute
		add(blocked, &event.MessageBlocked{Conversation: c, Message: m, From: event.Actor{Kind: event.Agent, ID: "a1"}, Text: fmt.Sprint("text ", i), Violations: found})
		add(blocked+time.Hour, &event.DisputeOpened{Conversation: c, Message: m, Agent: "a1", Blocked: at.Add(blocked), Text: fmt.Sprint("text ", i), Violations: found, Comment: "fine"})
		db.stand(t, "shop", string(c), "web", fmt.Sprint("t", i%2))
	}
	add(2*time.Hour, &event.DisputeDecided{Conversation: "c1", Message: "m", Agent: "a1", By: "Ann", Decision: event.Overturned, Reason: "ours", Released: true, Allowed: []string{"x"}})
	add(3*time.Hour, &event.DisputeOpened{Conversation: "c9", Message: "m", Agent: "a1", Blocked: at, Text: "never blocked", Violations: found})
	db.record(t, "shop", list...)

	all, err := db.Disputes(ctx, "shop", history.Scope{}, "", "", 10)
	require.NoError(t, err)
	require.Len(t, all.Items, 4, "and not the one of a message that was not blocked")
	require.Equal(t, event.ConversationID("c3"), all.Items[0].Conversation, "the newest first")
	decided := all.Items[2]
	require.Equal(t, event.Overturned, decided.Decision)
	require.Equal(t, "Ann", decided.By)
	require.Equal(t, []string{"x"}, decided.Allowed)
	require.True(t, decided.Released)
	require.Equal(t, at.Add(2*time.Hour), *decided.DecidedAt)
	require.Equal(t, "a1", decided.AgentName)

	open, err := db.Disputes(ctx, "shop", history.Scope{}, "open", "", 2)
	require.NoError(t, err)
	require.Len(t, open.Items, 2)
	rest, err := db.Disputes(ctx, "shop", history.Scope{}, "open", open.Next, 2)
	require.NoError(t, err)
	require.Len(t, rest.Items, 1)
	require.Equal(t, event.ConversationID("c0"), rest.Items[0].Conversation)
	require.Empty(t, rest.Next)
	team, err := db.Disputes(ctx, "shop", history.Scope{Teams: []string{"t1"}}, "", "", 10)
	require.NoError(t, err)
	require.Len(t, team.Items, 2)
	other, err := db.Disputes(ctx, "elsewhere", history.Scope{}, "", "", 10)
	require.NoError(t, err)
	require.Empty(t, other.Items)

	var field *metric.FieldError
	_, err = db.Disputes(ctx, "shop", history.Scope{}, "", "nonsense", 10)
	require.ErrorAs(t, err, &field)
	require.Equal(t, "cursor", field.Field)
	_, err = db.Disputes(ctx, "shop", history.Scope{}, "lost", "", 10)
	require.ErrorAs(t, err, &field)
}

func TestPastMessages(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	agent := event.Actor{Kind: event.Agent, ID: "a1"}
	sent := func(c event.ConversationID, m event.MessageID, from event.Actor, change ...func(*event.MessageSent)) event.Data {
		d := &event.MessageSent{Conversation: c, Message: m, From: from, Text: "text of " + string(m)}
		for _, f := range change {
			f(d)
		}
		return d
	}
	var list []event.Event
	for i, data := range []event.Data{
		sent("c1", "m2", agent),
		&event.MessageBlocked{Conversation: "c1", Message: "m3", From: agent, Text: "text of m3"},
		sent("c2", "m4", event.Actor{Kind: event.Customer, ID: "u1"}),
		sent("c2", "m5", agent, func(d *event.MessageSent) { d.To = "agent" }),
		sent("c2", "m6", agent, func(d *event.MessageSent) { d.Automatic = "chat_bot" }),
		sent("c2", "m7", event.Actor{Kind: event.System}),
		&event.ConversationClosed{Conversation: "c2", By: agent},
		sent("c2", "m8", agent),
	} {
		list = append(list, event.New("shop", "test", fmt.Sprint("e", i), at.Add(time.Duration(i)*time.Minute), data))
	}
	list = append(list, event.New("shop", "test", "early", at.Add(-time.Minute), sent("c1", "m1", agent)))
	db.record(t, "shop", list...)
	db.stand(t, "shop", "c1", "web", "t1")
	db.stand(t, "shop", "c2", "app", "t2")
	read := func(scope history.Scope, until time.Duration) (out []string, total int64) {
		require.NoError(t, db.PastMessages(context.Background(), "shop", scope, at.Add(-time.Hour), at.Add(until),
			func(n int64) { total = n },
			func(m *history.PastMessage) error {
				out = append(out, fmt.Sprint(m.Message, "/", m.From.Kind, "/", m.Blocked, "/", m.Channel, "/", m.Team))
				require.Equal(t, "text of "+string(m.Message), m.Text)
				return nil
			}))
		return out, total
	}
	all, total := read(history.Scope{}, 7*time.Minute)
	require.Equal(t, []string{"m1/agent/false/web/t1", "m2/agent/false/web/t1", "m3/agent/true/web/t1", "m4/customer/false/app/t2", "m6/bot/false/app/t2"}, all, "in order of time, the last excluded")
	require.EqualValues(t, 7, total)
	team, _ := read(history.Scope{Teams: []string{"t1"}, Channels: []string{"web"}}, time.Hour)
	require.Len(t, team, 3)

	stop := fmt.Errorf("enough")
	err := db.PastMessages(context.Background(), "shop", history.Scope{}, at.Add(-time.Hour), at.Add(time.Hour), func(int64) {}, func(*history.PastMessage) error { return stop })
	require.Same(t, stop, err)
}
