package hub

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

func TestStandingsAreAsOfTheirSequence(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDuty(t, `{}`)
		d.say(time.Now(), &event.AgentPresence{Agent: "a1", Status: event.Online})
		_, found, err := d.hub.Standing(t.Context(), "a", d.seq)
		require.NoError(t, err)
		require.False(t, found, "nobody tracks")
		from, err := d.hub.Track(t.Context(), "a")
		require.NoError(t, err)
		require.Equal(t, d.seq, from)
		for i := range 10 {
			c := event.ConversationID(fmt.Sprint("c", i))
			d.say(time.Now(), &event.ConversationAssigned{Conversation: c, To: event.Actor{Kind: event.Agent, ID: "a1"}})
			d.say(time.Now(), &event.MessageSent{Conversation: c, Message: "m1", From: event.Actor{Kind: event.Customer, ID: "u1"}, Text: "hello"})
			pass(time.Second)
			d.say(time.Now(), &event.MessageSent{Conversation: c, Message: "m2", From: event.Actor{Kind: event.Agent, ID: "a1"}, Text: "hello"})
		}
		s, found, err := d.hub.Standing(t.Context(), "a", from+3*4)
		require.NoError(t, err)
		require.True(t, found)
		require.Equal(t, from+12, s.Seq)
		require.EqualValues(t, 4, s.Whole.Counts[metric.Chats])
		require.EqualValues(t, 4, s.Agents.Counts[metric.AssignedSessions])
		require.EqualValues(t, 4, s.Whole.FirstResponses.Total())
		whole, _ := s.At(time.Now().UnixMilli())
		require.EqualValues(t, 10_000, whole.OnlineMillis)
		require.Equal(t, "default@1", s.Profile.Label())

		// It begins with how the desk stands, and ends with a new profile.
		from, err = d.hub.Track(t.Context(), "a")
		require.NoError(t, err)
		s, found, err = d.hub.Standing(t.Context(), "a", from+100)
		require.NoError(t, err)
		require.True(t, found)
		require.EqualValues(t, 10, s.Whole.Counts[metric.Chats])
		from, err = d.hub.Track(t.Context(), "a")
		require.NoError(t, err)
		d.say(time.Now(), &event.TenantConfigured{Settings: []byte(`{"timezone":"Asia/Tokyo"}`)})
		_, found, err = d.hub.Standing(t.Context(), "a", from)
		require.NoError(t, err)
		require.False(t, found)

		// A past that has gone by is not found.
		from, err = d.hub.Track(t.Context(), "a")
		require.NoError(t, err)
		for i := range mostStandings + 10 {
			d.say(time.Now(), &event.ConversationViewed{Conversation: "c1", Agent: event.AgentID(fmt.Sprint("b", i%3))})
		}
		require.NoError(t, d.hub.on(t.Context(), "a", func(owner *tenant) { require.LessOrEqual(t, len(owner.tracking.standings), mostStandings) }))
		_, found, err = d.hub.Standing(t.Context(), "a", from)
		require.NoError(t, err)
		require.False(t, found)
	})
}

// TestAlertsOfAPlace: a limit that a team or a channel has passed is told by name, to
// boards that hold the whole place and to no other.
func TestAlertsOfAPlace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDuty(t, `{}`)
		d.say(time.Now(), &event.TeamUpdated{Team: "t1", Name: "Returns"})
		d.say(time.Now(), &event.ChannelUpdated{Channel: "web", Name: "Web chat"})
		require.NoError(t, d.hub.WarnDesk(t.Context(), "a", map[string]Alert{
			"drift": {Text: event.Text{EN: "2 numbers differ"}},
			"desk":  {Level: "warning", Metric: "queue_length", Limit: 9},
			"team":  {Level: "critical", Metric: "queue_length", Team: "t1", Limit: 2},
			"both":  {Level: "warning", Metric: "queue_length", Team: "t1", Channel: "web", Limit: 1},
		}))
		for name, one := range map[string]struct {
			filter Filter
			told   []string
		}{
			"the whole desk":    {Filter{}, []string{"both", "desk", "drift", "team"}},
			"the team":          {Filter{Team: []event.TeamID{"t1"}}, []string{"both", "drift", "team"}},
			"the team and more": {Filter{Team: []event.TeamID{"t1", "t2"}}, []string{"both", "drift", "team"}},
			"another team":      {Filter{Team: []event.TeamID{"t2"}}, []string{"drift"}},
			"the channel":       {Filter{Channel: []event.ChannelID{"web"}}, []string{"both", "drift"}},
			"its part of both":  {Filter{Channel: []event.ChannelID{"web"}, Team: []event.TeamID{"t1"}}, []string{"both", "drift"}},
		} {
			frame, err := d.hub.Snapshot(t.Context(), Request{Tenant: "a", Topic: TopicWallboard, Filter: one.filter})
			require.NoError(t, err)
			var shown struct {
				State struct {
					Alerts map[string]map[string]any `json:"alerts"`
				} `json:"state"`
			}
			require.NoError(t, json.Unmarshal(slices.Concat(frame.Head(), frame.Body()), &shown))
			require.Equal(t, one.told, slices.Sorted(maps.Keys(shown.State.Alerts)), name)
			if both, told := shown.State.Alerts["both"]; told {
				require.Equal(t, []any{"Returns", "Web chat"}, []any{both["team_name"], both["channel_name"]})
			}
		}
	})
}

func TestAlertsOfOneDesk(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDuty(t, `{}`)
		out := NewOutbox(OutboxBytes, nil)
		_, err := d.hub.Subscribe(t.Context(), Request{Tenant: "a", Topic: TopicWallboard}, 1, out, nil)
		require.NoError(t, err)
		_, ok, err := out.Take()
		require.NoError(t, err)
		require.True(t, ok)
		require.NoError(t, d.hub.WarnDesk(t.Context(), "a", map[string]Alert{"drift": {Text: event.Text{EN: "2 numbers differ", ZH: "有 2 个数字不一致"}}, "threshold/queue_length": {Text: event.Text{EN: "x"}, Level: "critical", Metric: "queue_length", Limit: 3}}))
		pass(time.Second)
		frame, ok, err := out.Take()
		require.NoError(t, err)
		require.True(t, ok)
		require.Contains(t, string(frame.Body()), `"drift":{"text":"2 numbers differ","text_zh":"有 2 个数字不一致"}`)
		require.Contains(t, string(frame.Body()), `"threshold/queue_length":{"level":"critical","limit":3,"metric":"queue_length","text":"x"}`)
		require.NoError(t, d.hub.WarnDesk(t.Context(), "a", nil))
		pass(time.Second)
		frame, ok, err = out.Take()
		require.NoError(t, err)
		require.True(t, ok)
		require.Contains(t, string(frame.Body()), `"drift":null`)

		start := &event.ConversationStarted{Conversation: "c1", Channel: "web", Customer: event.Profile{ID: "u1"}}
		d.say(time.Now(), start)
		d.say(time.Now(), &event.ConversationQueued{Conversation: "c1"})
		pass(20 * time.Second)
		for _, f := range []Filter{{}, {Channel: []event.ChannelID{"web"}}} {
			shown, err := d.hub.Numbers(t.Context(), "a", f)
			require.NoError(t, err)
			require.InDelta(t, 1, shown["queue_length"], 0)
			require.InDelta(t, 20, shown["longest_wait_seconds"], 0)
			require.NotContains(t, shown, "reply_rate", "undefined")
		}
		shown, err := d.hub.Numbers(t.Context(), "a", Filter{Channel: []event.ChannelID{"app"}})
		require.NoError(t, err)
		require.Zero(t, shown["queue_length"])
	})
}
