package hub

import (
	"encoding/json"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
)

// TestTeamsAndChannelsByHand looks at two teams and two channels, with numbers
// that can be counted on one hand.
func TestTeamsAndChannelsByHand(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := archivedHub(t, &archive{})
		two, five := int64(2), int64(5)
		require.NoError(t, h.Deliver(t.Context(), saying(1,
			&event.TeamUpdated{Team: "T1", Name: "Sales", Capacity: &two},
			&event.TeamUpdated{Team: "T2", Name: "Repairs"},
			&event.ChannelUpdated{Channel: "web", Name: "Web", Kind: "web"},
			&event.AgentUpdated{Agent: "a1", Name: "Ann", Teams: []event.TeamID{"T1"}, Channels: []event.ChannelID{"web"}},
			&event.AgentUpdated{Agent: "a2", Name: "Bo", Teams: []event.TeamID{"T1", "T2"}, Channels: []event.ChannelID{"web"}, Capacity: &five},
			&event.AgentPresence{Agent: "a1", Status: event.Online},
			&event.AgentPresence{Agent: "a2", Status: event.Online},
			&event.ConversationStarted{Conversation: "c1", Channel: "web", Customer: event.Profile{ID: "u1"}},
			says("m1", event.Customer, "u1", "hello"),
			&event.ConversationAssigned{Conversation: "c1", To: event.Actor{Kind: event.Agent, ID: "a1"}, Team: "T1"},
			&event.ConversationStarted{Conversation: "c2", Channel: "app", Customer: event.Profile{ID: "u2"}},
			&event.ConversationQueued{Conversation: "c2", Team: "T2"},
		)))
		require.NoError(t, h.WaitApplied(t.Context(), 12))
		type part struct {
			Name                                                      string
			Online, Total, Active, Queue, Pending, Capacity, Sessions int64
			Longest                                                   string
		}
		parts := func(topic TopicName, f Filter) map[string]part {
			frame, err := h.Snapshot(t.Context(), Request{Tenant: "a", Topic: topic, Filter: f})
			require.NoError(t, err)
			var whole struct {
				State map[string]map[string]json.RawMessage
			}
			require.NoError(t, json.Unmarshal(append(frame.Head(), frame.Body()...), &whole))
			out := map[string]part{}
			for key, one := range whole.State[string(topic)] {
				var p struct {
					Name     string `json:"name"`
					Online   int64  `json:"online_agents"`
					Total    int64  `json:"total_agents"`
					Active   int64  `json:"active_chats"`
					Queue    int64  `json:"queue_length"`
					Pending  int64  `json:"pending_replies"`
					Capacity int64  `json:"capacity"`
					Longest  struct {
						Conversation string `json:"conversation"`
					} `json:"longest_wait"`
					Metrics map[string]struct {
						Value any `json:"value"`
					} `json:"metrics"`
				}
				require.NoError(t, json.Unmarshal(one, &p))
				require.NotContains(t, p.Metrics, "queue_length")
				sessions, _ := p.Metrics["sessions"].Value.(float64)
				out[key] = part{p.Name, p.Online, p.Total, p.Active, p.Queue, p.Pending, p.Capacity, int64(sessions), p.Longest.Conversation}
			}
			return out
		}
		require.Equal(t, map[string]part{
			"T1": {Name: "Sales", Online: 2, Total: 2, Active: 1, Pending: 1, Capacity: 7, Sessions: 1},
			"T2": {Name: "Repairs", Online: 1, Total: 1, Queue: 1, Capacity: 5, Sessions: 1, Longest: "c2"},
		}, parts(TopicTeams, Filter{}))
		require.Equal(t, map[string]part{
			"web": {Name: "Web", Online: 2, Total: 2, Active: 1, Pending: 1, Capacity: 7, Sessions: 1},
			"app": {Name: "app", Queue: 1, Sessions: 1, Longest: "c2"},
		}, parts(TopicChannels, Filter{}))
		require.Equal(t, map[string]part{
			"T2": {Name: "Repairs", Queue: 1, Sessions: 1, Longest: "c2"},
		}, parts(TopicTeams, Filter{Team: []event.TeamID{"T2"}, Channel: []event.ChannelID{"app"}}))

		// A new team is there with what it has; one that is closed is gone.
		gone := true
		require.NoError(t, h.Deliver(t.Context(), saying(13,
			&event.ConversationQueued{Conversation: "c1", Team: "T3"},
			&event.TeamUpdated{Team: "T1", Name: "Sales", Disabled: &gone},
		)))
		require.NoError(t, h.WaitApplied(t.Context(), 14))
		pass(time.Second)
		shown := parts(TopicTeams, Filter{})
		require.NotContains(t, shown, "T1")
		require.Equal(t, part{Name: "T3", Queue: 1, Pending: 1, Longest: "c1"}, shown["T3"])

		// Topics that nobody reads end, and begin again.
		pass(filterOutlives + 5*time.Second)
		require.NoError(t, h.on(t.Context(), "a", func(owner *tenant) { require.Empty(t, owner.base.divisions) }))
		require.Contains(t, parts(TopicTeams, Filter{}), "T3")
	})
}

// TestOnlyTheLongestOpenAreNamed opens more conversations than are shown, and
// closes the oldest.
func TestOnlyTheLongestOpenAreNamed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := archivedHub(t, &archive{})
		const all = longestOpen + 20
		list := func() (total int, ids map[string]map[string]any) {
			frame, err := h.Snapshot(t.Context(), Request{Tenant: "a", Topic: TopicConversations})
			require.NoError(t, err)
			var d struct {
				State struct {
					Total         int
					Conversations map[string]map[string]any
				}
			}
			require.NoError(t, json.Unmarshal(append(frame.Head(), frame.Body()...), &d))
			return d.State.Total, d.State.Conversations
		}
		list() // from here on it follows
		for i := range uint64(all) {
			require.NoError(t, h.Deliver(t.Context(), saying(i+1, &event.ConversationStarted{
				Conversation: event.ConversationID(fmt.Sprint("c", i)), Channel: "web", Customer: event.Profile{ID: "u1"},
			})))
		}
		require.NoError(t, h.WaitApplied(t.Context(), all))
		pass(2 * time.Second)
		total, shown := list()
		require.Equal(t, all, total)
		require.Len(t, shown, longestOpen)
		require.Contains(t, shown, "c0")
		require.NotContains(t, shown, fmt.Sprint("c", longestOpen))
		require.Equal(t, "open", shown["c0"]["status"])

		require.NoError(t, h.Deliver(t.Context(), saying(all+1,
			&event.ConversationClosed{Conversation: "c0", By: event.Actor{Kind: event.System}},
			&event.ConversationAssigned{Conversation: "c1", To: event.Actor{Kind: event.Agent, ID: "a1"}},
		)))
		require.NoError(t, h.WaitApplied(t.Context(), all+2))
		pass(2 * time.Second)
		total, shown = list()
		require.Equal(t, all-1, total)
		require.Len(t, shown, longestOpen)
		require.NotContains(t, shown, "c0")
		require.Contains(t, shown, fmt.Sprint("c", longestOpen), "the next one takes its place")
		require.Equal(t, "human", shown["c1"]["status"])
		require.Equal(t, map[string]any{"kind": "agent", "id": "a1", "name": "a1"}, shown["c1"]["handler"])
	})
}
