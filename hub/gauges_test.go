package hub

import (
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
)

// board is what a wallboard shows, by metric id.
type board map[string]map[string]any

func (d *duty) board(f Filter) board {
	d.t.Helper()
	frame, err := d.hub.Snapshot(d.t.Context(), Request{Tenant: "a", Topic: TopicWallboard, Filter: f})
	require.NoError(d.t, err)
	var whole struct {
		State struct{ Metrics board }
	}
	require.NoError(d.t, json.Unmarshal(append(frame.Head(), frame.Body()...), &whole))
	return whole.State.Metrics
}

// object is a metric as JSON has it: numbers are doubles.
func object(pairs ...any) map[string]any {
	o := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		name, _ := pairs[i].(string)
		if n, ok := pairs[i+1].(int); ok {
			o[name] = float64(n)
		} else {
			o[name] = pairs[i+1]
		}
	}
	return o
}

// TestActiveSessionsEndWithTheirGrace works the inbox's gauges by hand: S3, S4, S8, S11 and S12.
func TestActiveSessionsEndWithTheirGrace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDuty(t, `{"active_grace_hours":2}`)
		web := Filter{Channel: []event.ChannelID{"web"}}
		start := func(c event.ConversationID, channel event.ChannelID, u event.CustomerID) {
			d.say(time.Now(), &event.ConversationStarted{Conversation: c, Channel: channel, Customer: event.Profile{ID: u}})
		}
		closing := func(c event.ConversationID) {
			d.say(time.Now(), &event.ConversationClosed{Conversation: c, By: event.Actor{Kind: event.System}})
		}
		start("c1", "web", "u1")
		d.say(time.Now(), says("m1", event.Customer, "u1", "hello"))
		d.say(time.Now(), &event.ConversationAssigned{Conversation: "c1", To: event.Actor{Kind: event.Agent, ID: "a1"}, Team: "T1"})
		start("c2", "app", "u2") // he has not written
		pass(time.Second)
		shown := d.board(Filter{})
		require.Equal(t, object("value", 2, "assigned", 1, "unassigned", 1, "resolved", 0), shown["active_sessions"])
		require.Equal(t, object("value", 1), shown["contacts"])
		require.Equal(t, object("value", 2), shown["active_customers"])
		require.Equal(t, object("value", 0), shown["idle_customers"])
		require.Equal(t, object("value", 1), d.board(web)["active_customers"])

		closing("c1")
		pass(time.Hour)
		shown = d.board(Filter{})
		require.Equal(t, object("value", 2, "assigned", 0, "unassigned", 1, "resolved", 1), shown["active_sessions"])
		require.Equal(t, object("value", 0), shown["idle_customers"])
		mine := d.board(Filter{Agent: []event.AgentID{"a1"}})
		require.Equal(t, object("value", 1, "assigned", 0, "unassigned", 0, "resolved", 1), mine["active_sessions"])
		require.Empty(t, mine["contacts"], "nobody keeps the contacts of an agent")

		// It is opened and closed again: the grace begins anew.
		d.say(time.Now(), &event.ConversationQueued{Conversation: "c1"})
		closing("c1")
		pass(90 * time.Minute)
		require.Equal(t, object("value", 2, "assigned", 0, "unassigned", 1, "resolved", 1), d.board(Filter{})["active_sessions"])
		pass(31 * time.Minute) // and ends, without an event
		shown = d.board(Filter{})
		require.Equal(t, object("value", 1, "assigned", 0, "unassigned", 1, "resolved", 0), shown["active_sessions"])
		require.Equal(t, object("value", 1), shown["contacts"])
		require.Equal(t, object("value", 1), shown["active_customers"])
		require.Equal(t, object("value", 1), shown["idle_customers"])
		require.Equal(t, object("value", 0), d.board(web)["active_customers"])
		require.Equal(t, object("value", 1), d.board(web)["idle_customers"])

		// He comes back with a session in which he has not written yet.
		start("c3", "app", "u1")
		pass(time.Second)
		shown = d.board(Filter{})
		require.Equal(t, object("value", 2), shown["active_customers"])
		require.Equal(t, object("value", 0), shown["idle_customers"])
		app := d.board(Filter{Channel: []event.ChannelID{"app"}})
		require.Equal(t, object("value", 0), app["contacts"])
		require.Equal(t, object("value", 0), app["idle_customers"])
	})
}

// TestOccupancyByHand: W20 and the ratio of its peers.
func TestOccupancyByHand(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDuty(t, `{}`)
		two, five := int64(2), int64(5)
		require.Equal(t, object("num", 0, "den", 0), d.board(Filter{})["occupancy"])
		d.say(time.Now(), &event.AgentUpdated{Agent: "a1", Name: "Ann", Capacity: &two})
		d.say(time.Now(), &event.AgentUpdated{Agent: "a2", Name: "Bo", Capacity: &five})
		d.say(time.Now(), &event.AgentUpdated{Agent: "a3", Name: "Cy"})
		for _, a := range []event.AgentID{"a1", "a2", "a3"} {
			d.say(time.Now(), &event.AgentPresence{Agent: a, Status: event.Online})
		}
		for c, a := range map[event.ConversationID]string{"c1": "a1", "c2": "a1", "c3": "a1", "c4": "a2", "c5": "a3"} {
			d.say(time.Now(), &event.ConversationAssigned{Conversation: c, To: event.Actor{Kind: event.Agent, ID: a}})
		}
		pass(time.Second)
		// a1 has three of two places, which are two; a2 one of five; a3 has no limit.
		require.Equal(t, object("value", 3.0/7, "num", 3, "den", 7), d.board(Filter{})["occupancy"])
		d.say(time.Now(), &event.AgentPresence{Agent: "a2", Status: event.Paused})
		pass(time.Second)
		require.Equal(t, object("value", 1, "num", 2, "den", 2), d.board(Filter{})["occupancy"])
	})
}

// TestPartsOnTheWallboard: blocked messages by category, and money.
func TestPartsOnTheWallboard(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDuty(t, `{}`)
		found := func(rule, category string) event.Violation {
			return event.Violation{Rule: rule, Category: category, Severity: event.SeverityBlock, Start: 0, End: 1}
		}
		agent := event.Actor{Kind: event.Agent, ID: "a1"}
		require.Equal(t, object("value", 0), d.board(Filter{})["blocked_messages"])
		d.say(time.Now(), &event.MessageBlocked{Conversation: "c1", Message: "m1", From: agent, Text: "x", Violations: []event.Violation{found("r1", "abuse"), found("r2", "abuse")}})
		d.say(time.Now(), &event.MessageBlocked{Conversation: "c1", Message: "m2", From: agent, Text: "x", Violations: []event.Violation{found("r1", "contact"), found("r3", "abuse")}})
		d.say(time.Now(), &event.TemplateCharged{Category: "marketing", Amount: "0.10", Currency: "USD"})
		d.say(time.Now(), &event.TemplateCharged{Category: "utility", Amount: "0.05", Currency: "USD"})
		d.say(time.Now(), &event.CreditAdded{Amount: "10", Currency: "USD"})
		d.say(time.Now(), &event.FlowTriggered{Flow: "f1", Name: "Welcome"})
		d.say(time.Now(), &event.FlowTriggered{Flow: "f1", Name: "Welcome"})
		pass(time.Second)
		shown := d.board(Filter{})
		require.Equal(t, object("value", 2, "by_flow", map[string]any{"f1": 2.0}), shown["flow_triggers"])
		require.EqualValues(t, 1, shown["flows_triggered"]["value"])
		require.Equal(t, map[string]any{
			"value": 2.0, "by_category": map[string]any{"abuse": 2.0, "contact": 1.0}, "by_rule": map[string]any{"r1": 2.0, "r2": 1.0, "r3": 1.0},
		}, shown["blocked_messages"])
		require.Equal(t, map[string]any{
			"value": map[string]any{"USD": "0.15"}, "by_category": map[string]any{"marketing": map[string]any{"USD": "0.10"}, "utility": map[string]any{"USD": "0.05"}},
		}, shown["credits_used"])
		require.Equal(t, object("value", map[string]any{"USD": "9.85"}), shown["credit_balance"])
		require.Equal(t, object("value", 1), shown["affected_agents"])

		// Credits belong to channels: a supervisor sees those of his own, and one of
		// teams alone sees none.
		d.say(time.Now(), &event.CreditAdded{Amount: "7", Currency: "USD", Channel: "wa"})
		pass(time.Second)
		for _, tt := range []struct {
			filter Filter
			want   map[string]any
		}{
			{Filter{}, map[string]any{"USD": "16.85"}},
			{Filter{Channel: []event.ChannelID{"wa"}}, map[string]any{"USD": "7.00"}},
			{Filter{Channel: []event.ChannelID{"web"}}, map[string]any{}},
			{Filter{Team: []event.TeamID{"t1"}}, map[string]any{}},
			{Filter{Agent: []event.AgentID{"a1"}}, map[string]any{}},
			{Filter{Channel: []event.ChannelID{"wa"}, Team: []event.TeamID{"t1"}}, map[string]any{}},
		} {
			require.Equal(t, object("value", tt.want), d.board(tt.filter)["credit_balance"], "%v", tt.filter)
		}
	})
}
