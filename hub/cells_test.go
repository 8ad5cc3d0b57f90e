package hub

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// TestCellsAddUp counts a desk by each dimension and adds the cells up: to the whole,
// but for tags, under each of which a conversation stands.
func TestCellsAddUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDuty(t, `{}`)
		for i := range 12 {
			c, customer := event.ConversationID(fmt.Sprint("c", i)), event.Actor{Kind: event.Customer, ID: fmt.Sprint("u", i%5)}
			agent := event.Actor{Kind: event.Agent, ID: fmt.Sprint("a", i%3)}
			d.say(time.Now(), &event.ConversationStarted{Conversation: c, Channel: event.ChannelID(fmt.Sprint("ch", i%2)), Customer: event.Profile{ID: event.CustomerID(customer.ID)}})
			d.say(time.Now(), &event.ConversationAssigned{Conversation: c, To: agent, Team: event.TeamID(fmt.Sprint("t", i%2))})
			d.say(time.Now(), &event.MessageSent{Conversation: c, Message: "m1", From: customer, Text: "hello"})
			pass(7 * time.Minute)
			d.say(time.Now(), &event.MessageSent{Conversation: c, Message: "m2", From: agent, Text: "hello"})
			d.say(time.Now(), &event.MessageBlocked{Conversation: c, Message: "m3", From: agent, Text: "x", Violations: []event.Violation{{Rule: fmt.Sprint("r", i%2), Category: "abuse"}}})
			if i%2 == 0 {
				d.say(time.Now(), &event.ConversationClassified{Conversation: c, Tags: []string{"x", "y"}})
			}
		}
		d.say(time.Now(), &event.MessageSent{Message: "all", From: event.Actor{Kind: event.Broadcast}, Text: "sale", Customer: "u1", Channel: "ch1"})
		d.say(time.Now(), &event.TemplateCharged{Category: "marketing", Amount: "1.50", Currency: "USD", Channel: "ch0"})

		var whole, own metric.Sums
		require.NoError(t, d.hub.on(t.Context(), "a", func(t *tenant) {
			p := t.base.presence()
			whole, own = t.base.sums(false, &p), t.base.sums(true, &p)
		}))
		require.EqualValues(t, 12, whole.Counts[metric.Chats])
		for by, cells := range map[metric.Dimension]int{ //nolint:exhaustive // days and parts are not added up.
			metric.ByHour: 2, metric.ByChannel: 2, metric.ByTeam: 3, metric.ByAgent: 4, metric.ByIntent: 2, metric.ByHandling: 2, metric.ByAIStatus: 1, metric.ByTag: 3,
		} {
			c, err := d.hub.Cells(t.Context(), "a", by)
			require.NoError(t, err)
			require.Equal(t, d.seq, c.Last)
			require.Len(t, c.Whole, cells, by)
			sum, agents, credits := metric.Counts{}, metric.Counts{}, metric.Money{}
			for _, s := range c.Whole {
				for counter, n := range s.Counts {
					sum[counter] += n
				}
				credits.AddAll(s.CreditsUsed)
			}
			for _, s := range c.Agents {
				require.True(t, s.PerAgent)
				for counter, n := range s.Counts {
					agents[counter] += n
				}
			}
			require.Equal(t, whole.CreditsUsed, credits, by)
			if by == metric.ByTag {
				require.EqualValues(t, 12+6, sum[metric.Chats], "six have two")
				continue
			}
			require.Equal(t, whole.Counts, sum, by)
			if by == metric.ByAgent {
				require.Equal(t, own.Counts, agents)
			}
		}
		rules, err := d.hub.Cells(t.Context(), "a", metric.ByRule)
		require.NoError(t, err)
		require.EqualValues(t, 6, rules.Whole["r1"].Counts[metric.BlockedMessages])
		categories, err := d.hub.Cells(t.Context(), "a", metric.ByCategory)
		require.NoError(t, err)
		require.Equal(t, whole.CreditsUsed, categories.Whole["marketing"].CreditsUsed)
	})
}
