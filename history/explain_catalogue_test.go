package history

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// explainedEvents are those of comparedEvents and of everyKind of one desk, so that
// nothing in the catalogue is without data, under somebody and under nobody.
func explainedEvents() []event.Event {
	list := comparedEvents([2]string{"default", `{"timezone":"Asia/Kathmandu"}`})
	e := &eventful{list: list, at: time.Date(2026, 3, 11, 3, 0, 0, 0, time.UTC)}
	e.say(&event.ChannelUpdated{Channel: "web", Name: "Web", Kind: "web", Attribution: &event.Attribution{Touch: "product_click", Hours: 24}})
	bad := int64(1)
	for i := range 6 {
		c, customer := event.ConversationID(fmt.Sprintf("k%d", i)), event.CustomerID(fmt.Sprintf("v%d", i%4))
		agent := event.Actor{Kind: event.Agent, ID: fmt.Sprintf("a%d", i%3+1)}
		bot := event.Actor{Kind: event.Bot, ID: "b1"}
		m := func(name string) event.MessageID { return event.MessageID(fmt.Sprintf("%s-%s", c, name)) }
		e.say(&event.ConversationStarted{Conversation: c, Channel: "web", Customer: event.Profile{ID: customer}})
		e.say(&event.MessageSent{Conversation: c, Message: m("q"), From: event.Actor{Kind: event.Customer, ID: string(customer)}, Text: "hello"})
		e.say(&event.MessageSent{Conversation: c, Message: m("b"), From: bot, Text: "hello"})
		e.say(&event.ProductClicked{Customer: customer, Product: "p", Conversation: c})
		e.say(&event.OrderPaid{Order: event.OrderID("o" + string(c)), Customer: customer, Amount: "30.01", Currency: []string{"USD", "CNY"}[i%2]})
		switch i % 3 {
		case 0: // the bot alone
		case 1: // an agent who breaks the rules, and one dispute
			e.say(&event.ConversationAssigned{Conversation: c, To: agent})
			e.say(&event.MessageSent{Conversation: c, Message: m("q2"), From: event.Actor{Kind: event.Customer, ID: string(customer)}, Text: "hm"})
			found := []event.Violation{{Rule: "pay.off", Category: "pay"}, {Rule: "pay.wire", Category: "pay"}}
			e.say(&event.MessageBlocked{Conversation: c, Message: m("x"), From: agent, Text: "x", Violations: found})
			e.say(&event.DisputeOpened{Conversation: c, Message: m("x"), Agent: event.AgentID(agent.ID), Blocked: e.at, Text: "x", Violations: found, Comment: "harmless"})
			e.say(&event.DisputeDecided{Conversation: c, Message: m("x"), Agent: event.AgentID(agent.ID), By: "Ann", Decision: event.Overturned, Reason: "harmless"})
			e.say(&event.MessageSent{Conversation: c, Message: m("r"), From: agent, Text: "y"})
			e.say(&event.MessageFlagged{Conversation: c, Message: m("r"), From: agent, Violations: []event.Violation{{Rule: "abuse.words", Category: "abuse"}}})
			e.say(&event.SurveyAnswered{Conversation: c, Survey: "s", Stars: &bad, Reasons: []string{"slow", "rude"}})
			e.say(&event.AssistUsed{Conversation: c, Agent: event.AgentID(agent.ID), Tool: []string{"doc_reply", "ai_writer"}[i%2], Suggested: "abcd", Sent: "abc"})
			e.say(&event.ServiceInvited{Conversation: c, Agent: event.AgentID(agent.ID), Kind: "group", Target: "g1"})
			e.say(&event.ServiceInvited{Conversation: c, Agent: event.AgentID(agent.ID), Kind: "specialist", Target: "s1"})
			e.say(&event.ServiceJoined{Customer: customer, Kind: "group", Target: "g1"})
		default: // nobody comes; it is left, and written to again
			e.say(&event.ConversationQueued{Conversation: c, Team: "t1"})
			e.say(&event.MessageSent{Conversation: c, Message: m("q2"), From: event.Actor{Kind: event.Customer, ID: string(customer)}, Text: "hm"})
			e.say(&event.ConversationClosed{Conversation: c, By: event.Actor{Kind: event.Customer, ID: string(customer)}})
			if i == 5 {
				e.say(&event.MessageSent{Conversation: c, Message: m("q3"), From: event.Actor{Kind: event.Customer, ID: string(customer)}, Text: "anybody?"})
			}
			continue
		}
		e.say(&event.FlowTriggered{Flow: "f1", Name: "Greeting", Conversation: c, Channel: "web"})
		e.say(&event.ConversationClosed{Conversation: c, By: bot, Outcome: "resolved"})
	}
	e.say(&event.ConversationStarted{Conversation: "alone", Channel: "wa", Customer: event.Profile{ID: "u1"}})
	e.say(&event.MessageSent{Conversation: "alone", Message: "alone", From: event.Actor{Kind: event.Customer, ID: "u1"}, Text: "anybody?"})
	e.say(&event.CustomerUpdated{Customer: "v1", Friend: new(true)})
	e.say(&event.ServiceJoined{Customer: "u9", Kind: "specialist", Target: "s1"})
	e.say(&event.FlowTriggered{Flow: "f1", Name: "Greeting", Channel: "web"})
	e.say(&event.FlowTriggered{Flow: "f2", Name: "Farewell", Channel: "wa"})
	e.say(&event.FlowTriggered{Flow: "f2", Name: "Farewell"})
	e.say(&event.MessageSent{Message: "all", From: event.Actor{Kind: event.Broadcast}, Text: "sale", Customer: "u1", Channel: "wa"})
	e.say(&event.TemplateCharged{Category: "marketing", Amount: "1.20", Currency: "USD", Channel: "web"})
	e.say(&event.TemplateCharged{Category: "utility", Amount: "0.30", Currency: "EUR", Channel: "wa"})
	return e.list
}

// filterFor are the parameters that let through what stands in a row of a breakdown.
func filterFor(by metric.Dimension, value string) map[string][]string {
	switch {
	case by == metric.ByDay:
		return map[string][]string{"from": {value}, "to": {value}}
	case value == "":
		return map[string][]string{"none": {string(by)}}
	}
	return map[string][]string{string(by): {value}}
}

// TestEveryNumberIsExplained breaks each metric of the catalogue down by each of
// its dimensions, and explains each number: its pages add up to it.
func TestEveryNumberIsExplained(t *testing.T) {
	t.Parallel()
	d := writtenDesk(t, explainedEvents())
	span := map[string][]string{"from": {"2026-03-09"}, "to": {"2026-03-12"}}
	every := append([]metric.Dimension{""}, slices.Concat(metric.Dimensions, metric.PartDimensions)...)
	for _, c := range []struct {
		label string
		by    []metric.Dimension
		least int
	}{
		{"", every, 900}, // in force
		{"wecom@0", append([]metric.Dimension{"", metric.ByDay, metric.ByAgent}, metric.PartDimensions...), 300}, // folded for the question, by the same ways
	} {
		label, least := c.label, c.least
		t.Run("under "+label, func(t *testing.T) {
			t.Parallel()
			d := &desk{t: t, db: d.db}
			values := maps.Clone(span)
			if label != "" {
				values["profile"] = []string{label}
			}
			without := map[string]bool{}
			numbers := 0
			for _, m := range metric.Catalogue() {
				if m.Live {
					continue
				}
				any := false
				for _, by := range c.by {
					n := d.explainBy(m, by, values)
					any = any || n > 0
					numbers += n
				}
				if !any {
					without[m.ID] = true
				}
			}
			require.Empty(t, without, "metrics without data prove nothing")
			require.Greater(t, numbers, least)
		})
	}
}

// explainBy explains each number of a breakdown, and counts those that are not 0.
func (d *desk) explainBy(m *metric.Metric, by metric.Dimension, values map[string][]string) (explained int) {
	d.t.Helper()
	ask := maps.Clone(values)
	ask["metric"] = []string{m.ID}
	if by != "" {
		ask["by"] = []string{string(by)}
	}
	a, err := d.db.Metrics(d.t.Context(), string(comparedTenant), ask, comparedNow)
	if by != "" && !slices.Contains(m.Dimensions(), by) {
		var field *metric.FieldError
		require.ErrorAs(d.t, err, &field, "%s by %s", m.ID, by)
		require.Equal(d.t, "by", field.Field)
		require.Contains(d.t, field.Message, "cannot be broken down by "+string(by))
		if by.IsPart() || by == metric.ByHour {
			_, err := d.db.Explain(d.t.Context(), string(comparedTenant), m.ID, Scope{}, with(values, map[string][]string{string(by): {"1"}}), comparedNow)
			require.ErrorAs(d.t, err, &field, "%s by %s", m.ID, by)
			require.Contains(d.t, field.Message, m.ID)
		}
		return 0
	}
	require.NoError(d.t, err, "%s by %s", m.ID, by)
	for i := range a.Rows {
		row := &a.Rows[i]
		filter := map[string][]string{}
		if by != "" {
			filter = filterFor(by, row.Dimensions[by])
		}
		v := row.Values[m.ID].Value
		says := fmt.Sprintf("%s by %s=%q %v", m.ID, by, row.Dimensions[by], values["profile"])
		if something(v.Value) {
			explained++
		}
		sides := []string{"num"}
		if v.Num != nil {
			sides = append(sides, "den")
		}
		for _, side := range sides {
			d.requireExplained(m, side, v, with(values, filter), says+" "+side)
		}
	}
	return explained
}

func with(values, more map[string][]string) map[string][]string {
	all := maps.Clone(values)
	maps.Copy(all, more)
	return all
}

// requireExplained reads all pages and adds them up.
func (d *desk) requireExplained(m *metric.Metric, side string, v metric.Value, values map[string][]string, says string) {
	d.t.Helper()
	values = with(values, map[string][]string{"side": {side}, "limit": {"23"}})
	sum, amounts, items := decimal.Zero, metric.Money{}, 0
	var first *Explanation
	for {
		x, err := d.db.Explain(d.t.Context(), string(comparedTenant), m.ID, Scope{}, values, comparedNow)
		require.NoError(d.t, err, says)
		if first == nil {
			first = x
		}
		require.Equal(d.t, v, x.Value, says)
		require.LessOrEqual(d.t, len(x.Items), 23)
		for i := range x.Items {
			it := &x.Items[i]
			items++
			switch n := it.N.(type) {
			case int64:
				sum = sum.Add(decimal.NewFromInt(n))
			case float64:
				sum = sum.Add(decimal.NewFromFloat(n))
			}
			for currency, amount := range it.Amounts {
				amounts.Add(currency, decimal.RequireFromString(amount))
			}
			if m.Needs&(metric.NeedPresence|metric.NeedBalance) == 0 { // these also come from what was before
				require.NotEmpty(d.t, it.Events, "%s: no event made %+v", says, *it)
			}
		}
		if x.Next == "" {
			break
		}
		values["cursor"] = []string{x.Next}
	}
	require.Equal(d.t, first.Count, items, says)
	want := v.Value
	if v.Num != nil {
		want = v.Num
	}
	if side == "den" {
		want = v.Den
	}
	if len(first.Parts) > 0 { // the value's own parts are products, or there are none
		want = first.Total
	} else {
		require.Equal(d.t, want, first.Total, says)
	}
	switch want := want.(type) {
	case map[string]string:
		require.Equal(d.t, want, amounts.Strings(), says)
	case int64:
		require.True(d.t, sum.Equal(decimal.NewFromInt(want)), "%s: items add up to %s, the total is %d", says, sum, want)
	case float64:
		require.InDelta(d.t, want, sum.InexactFloat64(), 1e-6, says)
	case nil:
		require.Zero(d.t, items, says)
	}
}

// TestExplanationsOfSeveralProfiles pages through one profile after the other.
func TestExplanationsOfSeveralProfiles(t *testing.T) {
	t.Parallel()
	d := writtenDesk(t, explainedEvents())
	values := map[string][]string{"from": {"2026-03-09"}, "to": {"2026-03-12"}, "profile": {"default@1,inbox,wecom"}, "limit": {"20"}}
	seen := map[string]int{}
	for {
		x, err := d.db.Explain(t.Context(), string(comparedTenant), "chats", Scope{}, values, comparedNow)
		require.NoError(t, err)
		require.Equal(t, []string{"default@1", "inbox@0", "wecom@0"}, x.Profiles)
		seen[x.Profile] += len(x.Items)
		require.Equal(t, any(int64(x.Count)), x.Total)
		if x.Next == "" {
			break
		}
		values["cursor"] = []string{x.Next}
	}
	// A message after the closing is a chat of its own for inbox.
	require.Equal(t, map[string]int{"default@1": 43, "inbox@0": 44, "wecom@0": 43}, seen)

	values["profile"] = []string{"wecom"}
	_, err := d.db.Explain(t.Context(), string(comparedTenant), "chats", Scope{}, with(values, map[string][]string{"profile": {"inbox"}, "cursor": values["cursor"]}), comparedNow)
	var field *metric.FieldError
	require.ErrorAs(t, err, &field)
	require.Equal(t, "cursor", field.Field)
}
