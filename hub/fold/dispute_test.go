package fold_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// TestDispute follows two disputes to their ends. The numbers stand on the day of
// the block, whenever it was disputed and decided.
func TestDispute(t *testing.T) {
	t.Parallel()
	for name, restart := range map[string]bool{"in memory": false, "from storage after every event": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, "", "", restart)
			at := func(day int, clock string) time.Time {
				c, err := time.Parse(time.TimeOnly, clock)
				require.NoError(t, err)
				return d.first.Time().AddDate(0, 0, day).Add(c.Sub(c.Truncate(24 * time.Hour)))
			}
			found := []event.Violation{{Rule: "contact.messenger", Category: "off_platform_contact"}, {Rule: "contact.handle", Category: "off_platform_contact"}}
			block := func(when time.Time, m event.MessageID) {
				d.apply(when, &event.MessageBlocked{
					Conversation: "c/1", Message: m, From: event.Actor{Kind: event.Agent, ID: "a1"}, Text: "text of " + string(m), Violations: found,
				})
			}
			open := func(when, blocked time.Time, m event.MessageID, agent event.AgentID) {
				d.apply(when, &event.DisputeOpened{Conversation: "c/1", Message: m, Agent: agent, Blocked: blocked, Text: "text of " + string(m), Violations: found, Comment: "harmless"})
			}
			decide := func(when time.Time, m event.MessageID, decision event.Decision) {
				d.apply(when, &event.DisputeDecided{Conversation: "c/1", Message: m, Agent: "a1", By: "Ann", Decision: decision, Reason: "because", Released: decision == event.Overturned})
			}
			sum := func(c metric.Counter, agent event.AgentID) (n, byCategory, byRule int64) {
				conversation, ok := d.st.Conversation("c/1")
				require.True(t, ok)
				for _, s := range conversation.Sessions {
					for _, r := range s.Rows {
						if r.Agent != agent {
							continue
						}
						if r.Counts.At(c) != 0 {
							require.Equal(t, d.first, r.Day, "on the day of the block")
						}
						n += r.Counts.At(c)
						for _, p := range r.Parts() {
							if p.Counter == c && p.Dimension == metric.ByCategory {
								byCategory += p.N
							} else if p.Counter == c && p.Dimension == metric.ByRule {
								byRule += p.N
							}
						}
					}
				}
				return n, byCategory, byRule
			}
			agent := func() (disputes, notices int) {
				a, ok := d.st.Agent("a1")
				require.True(t, ok)
				return len(a.Disputes), len(a.Notices)
			}

			first, second := at(0, "10:00:00"), at(0, "11:30:00")
			d.apply(at(0, "09:00:00"), &event.ConversationStarted{Conversation: "c/1", Channel: "web", Customer: event.Profile{ID: "u1"}})
			d.apply(at(0, "09:01:00"), &event.ConversationAssigned{Conversation: "c/1", To: event.Actor{Kind: event.Agent, ID: "a1"}})
			block(first, "m1")
			block(second, "m2")
			open(at(0, "12:00:00"), first, "m1", "a1")
			require.True(t, d.change.Disputes)
			open(at(0, "12:01:00"), first, "m1", "a1")
			require.False(t, d.change.Disputes, "a second dispute of one message says nothing new")
			open(at(0, "12:02:00"), first, "m9", "a1")
			require.False(t, d.change.Disputes, "a message that was not blocked")
			open(at(0, "12:03:00"), second, "m2", "a2")
			require.False(t, d.change.Disputes, "another agent's")
			open(at(0, "12:04:00"), at(0, "23:00:00"), "m2", "a1")
			require.False(t, d.change.Disputes, "a block at another time")
			open(at(1, "09:00:00"), second, "m2", "a1")
			require.True(t, d.change.Disputes)
			disputes, notices := agent()
			require.Equal(t, 2, disputes)
			require.Equal(t, 2, notices)

			// The conversation goes on under its id before anybody decides.
			d.apply(at(1, "10:00:00"), &event.ConversationClosed{Conversation: "c/1", By: event.Actor{Kind: event.Agent, ID: "a1"}})
			d.apply(at(1, "11:00:00"), &event.ConversationStarted{Conversation: "c/1", Channel: "web", Customer: event.Profile{ID: "u1"}})
			decide(at(2, "09:00:00"), "m1", event.Overturned)
			decide(at(2, "09:01:00"), "m1", event.Overturned)
			require.False(t, d.change.Disputes, "it is decided")
			decide(at(2, "09:02:00"), "m2", event.Upheld)
			disputes, notices = agent()
			require.Zero(t, disputes)
			require.Equal(t, 4, notices, "the agent is told of both decisions")
			for _, who := range []event.AgentID{"", "a1"} {
				n, byCategory, byRule := sum(metric.DisputedMessages, who)
				require.Equal(t, [3]int64{2, 2, 4}, [3]int64{n, byCategory, byRule}, "disputed, of %q", who)
				n, byCategory, byRule = sum(metric.OverturnedBlocks, who)
				require.Equal(t, [3]int64{1, 1, 2}, [3]int64{n, byCategory, byRule}, "overturned, of %q", who)
			}
		})
	}
}
