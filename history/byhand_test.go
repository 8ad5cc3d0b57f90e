package history

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// TestRowsWorkedByHand answers breakdowns that were worked out by hand from the words
// of the specification.
func TestRowsWorkedByHand(t *testing.T) {
	t.Parallel()

	nine := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	assign := func(c event.ConversationID, a, team string) event.Data {
		return &event.ConversationAssigned{Conversation: c, To: event.Actor{Kind: event.Agent, ID: a}, Team: event.TeamID(team)}
	}
	start := func(c event.ConversationID, u event.CustomerID) event.Data {
		return &event.ConversationStarted{Conversation: c, Channel: "web", Customer: event.Profile{ID: u}}
	}
	use := func(c event.ConversationID, a event.AgentID, tool string) event.Data {
		return &event.AssistUsed{Conversation: c, Agent: a, Tool: tool, Suggested: "abcd", Sent: "abcx"}
	}
	says := func(c event.ConversationID, m event.MessageID, kind event.Kind, id string) event.Data {
		return &event.MessageSent{Conversation: c, Message: m, From: event.Actor{Kind: kind, ID: id}, Text: "hi"}
	}
	type at struct {
		minutes int
		data    event.Data
	}
	for _, tt := range []struct {
		name   string
		events []at
		metric string
		by     string
		more   string
		want   string // the dimension's value = the metric's value, by blank
	}{
		{
			// "distinct customers of the conversations assigned", on the day, and so in the
			// hour, of the event, which is the assignment; "distinct within each row of an
			// answer, and the rows of a breakdown need not add up to the total". c1 is
			// assigned at nine, and to the same agent again at eleven, c2 of the same
			// customer at eleven, c3 of another at nine: u1 and u2 at nine, u1 alone at
			// eleven, two in the day. That assigned_sessions counts c1 once that day, at
			// nine, is "pairs (conversation, local day)", which served_customers is not
			// listed among.
			name:   "served customers by hour",
			events: []at{{0, start("c1", "u1")}, {1, assign("c1", "a1", "t1")}, {2, start("c3", "u2")}, {3, assign("c3", "a2", "t1")}, {120, assign("c1", "a1", "t1")}, {125, start("c2", "u1")}, {126, assign("c2", "a1", "t1")}},
			metric: "served_customers", by: "hour", want: "09=2 11=1",
		},
		{
			// Without the second conversation: it is the assignment that counts.
			name:   "served customers by hour, assigned again",
			events: []at{{0, start("c1", "u1")}, {1, assign("c1", "a1", "t1")}, {120, assign("c1", "a1", "t1")}},
			metric: "served_customers", by: "hour", want: "09=1 11=1",
		},
		{
			name:   "sessions assigned by hour, assigned again",
			events: []at{{0, start("c1", "u1")}, {1, assign("c1", "a1", "t1")}, {120, assign("c1", "a1", "t1")}},
			metric: "assigned_sessions", by: "hour", want: "09=1",
		},
		{
			// "The team and channel of an A counter are the conversation's at that moment":
			// by agent, a1 serves u1 for both teams.
			name:   "served customers of a team that the conversation came to later",
			events: []at{{0, start("c1", "u1")}, {1, assign("c1", "a1", "t1")}, {5, assign("c1", "a1", "t2")}},
			metric: "served_customers", by: "agent", more: "team=t2&agent=a1", want: "a1=1",
		},
		{
			name:   "served customers in the day",
			events: []at{{0, start("c1", "u1")}, {1, assign("c1", "a1", "t1")}, {120, assign("c1", "a2", "t1")}, {125, start("c2", "u1")}, {126, assign("c2", "a1", "t1")}},
			metric: "served_customers", by: "day", want: "2026-03-02=1",
		},
		{
			// assist_uses is not marked A: "team and agent of a conversation-level counter
			// are those of the first human who got it". a2 used the tool in a conversation
			// whose first human is a1.
			name:   "tool uses by agent",
			events: []at{{0, start("c1", "u1")}, {1, assign("c1", "a1", "t1")}, {2, assign("c1", "a2", "t1")}, {3, use("c1", "a2", "ai_writer")}, {4, use("c1", "a1", "doc_reply")}},
			metric: "assist_uses", by: "agent", want: "a1=2",
		},
		{
			// "Agent of a conversation can become known after something was counted: then
			// what was counted moves with them." Until then it is nobody's.
			name:   "tool uses before anybody had the conversation",
			events: []at{{0, start("c1", "u1")}, {1, use("c1", "a2", "ai_writer")}, {2, start("c2", "u2")}, {3, use("c2", "a2", "ai_writer")}, {4, assign("c2", "a1", "t1")}},
			metric: "assist_uses", by: "agent", want: "=1 a1=1",
		},
		{
			name:   "tool uses by agent and tool",
			events: []at{{0, start("c1", "u1")}, {1, assign("c1", "a1", "t1")}, {3, use("c1", "a2", "ai_writer")}, {4, use("c1", "a2", "doc_reply")}},
			metric: "assist_uses", by: "agent", more: "tool=doc_reply", want: "a1=1",
		},
		{
			// 1 − 1 ÷ 4, of two uses alike.
			name:   "accuracy by agent",
			events: []at{{0, start("c1", "u1")}, {1, assign("c1", "a1", "t1")}, {3, use("c1", "a2", "ai_writer")}, {4, use("c1", "a1", "doc_reply")}},
			metric: "assist_accuracy", by: "agent", want: "a1=0.75",
		},
		{
			// The one first response came at once: half of all do not exceed 0 s. That is
			// a value, not "undefined".
			name:   "an answer at once",
			events: []at{{0, start("c1", "u1")}, {1, assign("c1", "a1", "t1")}, {2, says("c1", "m1", event.Customer, "u1")}, {2, says("c1", "m2", event.Agent, "a1")}},
			metric: "first_response_p50", by: "agent", want: "a1=0",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			events := []event.Event{event.New("desk", "test", "e0", nine.Add(-time.Hour), &event.TenantConfigured{Profile: "inbox"})}
			for i, e := range tt.events {
				events = append(events, event.New("desk", "test", fmt.Sprint("e", i+1), nine.Add(time.Duration(e.minutes)*time.Minute), e.data))
			}
			d.publish(events...)
			d.write()
			values, err := url.ParseQuery("metric=" + tt.metric + "&from=2026-03-02&to=2026-03-02&by=" + tt.by + "&" + tt.more)
			require.NoError(t, err)
			answer, err := d.db.Metrics(t.Context(), "desk", values, nine.Add(12*time.Hour))
			require.NoError(t, err)
			var got []string
			for i := range answer.Rows {
				row := &answer.Rows[i]
				got = append(got, fmt.Sprintf("%s=%v", row.Dimensions[metric.Dimension(tt.by)], row.Values[tt.metric].Value.Value))
			}
			require.Equal(t, tt.want, strings.Join(got, " "))
			d.explained(t.Context(), values, nine.Add(12*time.Hour))
		})
	}
}

// explained holds a number without a breakdown against the items that are said to
// be behind it.
func (d *desk) explained(ctx context.Context, values url.Values, now time.Time) {
	d.t.Helper()
	values.Del("by")
	id := values.Get("metric")
	answer, err := d.db.Metrics(ctx, "desk", values, now)
	require.NoError(d.t, err)
	values.Del("metric")
	x, err := d.db.Explain(ctx, "desk", id, Scope{}, values, now)
	require.NoError(d.t, err)
	require.NotEmpty(d.t, x.Items)
	require.Equal(d.t, answer.Rows[0].Values[id].Value, x.Value)
}
