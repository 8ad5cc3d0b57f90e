package history

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// violatingEvents are those of a desk on which much is blocked and flagged, over
// four days: in conversations that are opened again, on other days than they began,
// twice, by customers and agents, with what is decided about it afterwards.
func violatingEvents() []event.Event {
	e := &eventful{at: time.Date(2026, 3, 8, 4, 0, 0, 0, time.UTC)}
	e.configure("default", `{"timezone":"America/New_York"}`) // and its clocks have gone forward
	e.say(&event.AgentUpdated{Agent: "a1", Name: "Ada"})
	found := []event.Violation{{Rule: "contact.phone", Category: "contact", Start: 5, End: 9}, {Rule: "contact.qq", Category: "contact", Start: 5, End: 9}}
	other := []event.Violation{{Rule: "abuse.words", Category: "abuse", Start: 0, End: 4}}
	for day := range 4 {
		for i := range 30 {
			c := event.ConversationID(fmt.Sprintf("c%d", i%20)) // some every day, and again
			customer := event.Actor{Kind: event.Customer, ID: fmt.Sprintf("u%d", i%20)}
			agent := event.Actor{Kind: event.Agent, ID: fmt.Sprintf("a%d", i%3+1)}
			m := event.MessageID(fmt.Sprintf("m%d-%d", day, i))
			e.say(&event.ConversationStarted{Conversation: c, Channel: event.ChannelID(fmt.Sprintf("ch%d", i%2)), Customer: event.Profile{ID: event.CustomerID(customer.ID), Name: new("=Bo")}})
			e.say(&event.ConversationAssigned{Conversation: c, To: agent, Team: event.TeamID(fmt.Sprintf("t%d", i%2))})
			switch (i + day) % 5 {
			case 0:
				e.say(&event.MessageBlocked{Conversation: c, Message: m, From: agent, Text: "call 1234", Violations: found})
				e.say(&event.MessageBlocked{Conversation: c, Message: m, From: agent, Text: "call 1234", Violations: found})
				if i%2 == 0 {
					e.say(&event.DisputeOpened{Conversation: c, Message: m, Agent: event.AgentID(agent.ID), Blocked: e.at, Text: "call 1234", Violations: found})
				}
			case 1: // blocked, released, and flagged after all
				e.say(&event.MessageBlocked{Conversation: c, Message: m, From: agent, Text: "call 1234", Violations: found})
				blocked := e.at
				e.say(&event.DisputeOpened{Conversation: c, Message: m, Agent: event.AgentID(agent.ID), Blocked: blocked, Text: "call 1234", Violations: found})
				e.say(&event.DisputeDecided{Conversation: c, Message: m, Agent: event.AgentID(agent.ID), By: "Bea", Decision: event.Overturned, Reason: "ours", Released: true})
				e.say(&event.MessageSent{Conversation: c, Message: m, From: agent, Text: "call 1234"})
				e.say(&event.MessageFlagged{Conversation: c, Message: m, From: agent, Violations: other})
			case 2: // flagged by the check, and once more by a scan
				e.say(&event.MessageSent{Conversation: c, Message: m, From: customer, Text: "fool that you are", Check: &event.Check{Verdict: event.Flag, Rules: []string{"abuse.words"}, Violations: other}})
				e.say(&event.MessageFlagged{Conversation: c, Message: m, From: customer, Violations: other})
			case 3:
				e.say(&event.MessageSent{Conversation: c, Message: m, From: agent, Text: "nothing wrong here"})
			default:
				e.say(&event.MessageSent{Conversation: c, Message: m, From: customer, Text: "fool that you are"})
				e.say(&event.MessageFlagged{Conversation: c, Message: m, From: customer, Violations: other})
			}
			if i%4 == 0 {
				e.say(&event.ConversationClosed{Conversation: c, By: agent})
			}
		}
		e.at = e.at.Add(24 * time.Hour)
	}
	return e.list
}

// questionOf is a question of names and values.
func questionOf(pairs ...string) map[string][]string {
	values := map[string][]string{}
	for i := 0; i < len(pairs); i += 2 {
		values[pairs[i]] = []string{pairs[i+1]}
	}
	return values
}

// listViolations reads all pages.
func (d *desk) listViolations(limit int, pairs ...string) []ViolatingMessage {
	d.t.Helper()
	values := questionOf(append(pairs, "from", "2026-03-01", "to", "2026-03-12", "limit", strconv.Itoa(limit))...)
	var all []ViolatingMessage
	for {
		page, err := d.db.Violations(d.t.Context(), string(comparedTenant), Scope{}, values, comparedNow)
		require.NoError(d.t, err)
		require.LessOrEqual(d.t, len(page.Rows), limit)
		all = append(all, page.Rows...)
		if page.Next == "" {
			return all
		}
		require.Len(d.t, page.Rows, limit)
		values["cursor"] = []string{page.Next}
	}
}

// TestViolationsAreThoseThatCount lists the violations of every value of every
// dimension that they have, and compares with what the reports count.
func TestViolationsAreThoseThatCount(t *testing.T) {
	t.Parallel()
	d := writtenDesk(t, violatingEvents())
	all := d.listViolations(7)
	require.Greater(t, len(all), 80)
	seen := map[violationMark]bool{}
	for i := range all {
		require.False(t, seen[all[i].mark()], "once")
		seen[all[i].mark()] = true
		require.False(t, i > 0 && all[i].At.After(all[i-1].At), "the newest first")
	}
	require.Equal(t, all, d.listViolations(500))

	asked := 0
	for severity, id := range map[string]string{"block": "blocked_messages", "flag": "flagged_messages"} {
		for _, by := range []metric.Dimension{metric.ByDay, metric.ByChannel, metric.ByTeam, metric.ByAgent, metric.ByIntent, metric.ByHandling, metric.ByCategory, metric.ByRule} {
			a, err := d.db.Metrics(t.Context(), string(comparedTenant), questionOf("metric", id, "by", string(by), "from", "2026-03-01", "to", "2026-03-12"), comparedNow)
			require.NoError(t, err)
			for _, row := range a.Rows {
				value := row.Dimensions[by]
				n, ok := row.Values[id].Value.Value.(int64)
				require.True(t, ok)
				if value == "" {
					continue
				}
				filter := []string{string(by), value}
				if by == metric.ByDay {
					filter = nil
				}
				var listed []ViolatingMessage
				for _, m := range d.listViolations(100, append(filter, "severity", severity)...) {
					if by != metric.ByDay || metric.NewCalendar(newYork(t)).Day(m.At.UnixMilli()).String() == value {
						listed = append(listed, m)
					}
				}
				require.Len(t, listed, int(n), "%s by %s = %s", id, by, value)
				asked++
			}
		}
	}
	require.Greater(t, asked, 30)
}

func newYork(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("America/New_York")
	require.NoError(t, err)
	return zone
}

// TestViolationsSayWhatBecameOfThem looks at each kind of one.
func TestViolationsSayWhatBecameOfThem(t *testing.T) {
	t.Parallel()
	d := writtenDesk(t, violatingEvents())
	kinds := map[string]ViolatingMessage{}
	for _, m := range d.listViolations(100) {
		kinds[fmt.Sprint(m.Severity, " ", m.From.Kind, " ", m.Dispute, " ", m.Released)] = m
	}
	require.Len(t, kinds, 5)
	require.Equal(t, "call 1234", kinds["block agent overturned true"].Text)
	require.Equal(t, "call 1234", kinds["flag agent  false"].Text, "of the message that was flagged later")
	require.Equal(t, "fool that you are", kinds["flag customer  false"].Text)
	open := kinds["block agent open false"]
	require.Equal(t, "1234", open.Text[open.Violations[0].Start:open.Violations[0].End])
	require.Equal(t, "=Bo", open.Customer.Name)
	require.Contains(t, kinds, "block agent  false")

	// A team's supervisor, and an agent who asks for his own.
	for _, scope := range []Scope{{Teams: []string{"t1"}}, {Agent: "a2"}, {Channels: []string{"nowhere"}}} {
		page, err := d.db.Violations(t.Context(), string(comparedTenant), scope, questionOf("from", "2026-03-01", "to", "2026-03-12"), comparedNow)
		require.NoError(t, err)
		require.Equal(t, len(scope.Channels) > 0, len(page.Rows) == 0)
		for _, m := range page.Rows {
			require.True(t, len(scope.Teams) == 0 || m.Team == "t1")
			require.True(t, scope.Agent == "" || m.From == event.Actor{Kind: event.Agent, ID: "a2"})
		}
	}
	page, err := d.db.Violations(t.Context(), "nobody", Scope{}, nil, comparedNow)
	require.NoError(t, err)
	require.Empty(t, page.Rows)

	var file bytes.Buffer
	require.NoError(t, d.db.ExportViolations(t.Context(), &file, string(comparedTenant), questionOf("from", "2026-03-01", "to", "2026-03-12", "lang", "zh"), Export{Format: CSV, Now: comparedNow}))
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file.Bytes(), []byte("\ufeff")))).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 1+len(d.listViolations(100)))
	require.Equal(t, "命中文字", rows[0][14])
	require.Equal(t, "'=Bo", rows[1][7])

	for field, value := range map[string]string{
		"severity": "loud", "limit": "0", "cursor": "e30", "from": "tomorrow", "handling": "nobody", "q": "x",
	} {
		var fault *metric.FieldError
		_, err := d.db.Violations(t.Context(), string(comparedTenant), Scope{}, questionOf(field, value), comparedNow)
		require.ErrorAs(t, err, &fault, field)
		require.Equal(t, field, fault.Field)
	}
}
