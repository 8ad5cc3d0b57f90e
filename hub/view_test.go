package hub_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
)

func state(tb testing.TB, h *hub.Hub, r hub.Request) string {
	tb.Helper()
	frame, err := h.Snapshot(tb.Context(), r)
	require.NoError(tb, err)
	var d struct {
		State json.RawMessage `json:"state"`
	}
	require.NoError(tb, json.Unmarshal(append(append([]byte(nil), frame.Head()...), frame.Body()...), &d))
	return string(d.State)
}

// TestFilteredTopicsFollowExactly compares topics that were there from the
// first event with the same topics counted from scratch at the end.
func TestFilteredTopicsFollowExactly(t *testing.T) {
	t.Parallel()

	events := star(t)
	events = events[:20_000] // the middle of a day: chats, queues and spells are open
	now := events[len(events)-1].Event.Time
	following, late := newHub(t, now), newHub(t, now)
	var requests []hub.Request
	for _, f := range []hub.Filter{
		{},
		{Channel: []event.ChannelID{"wa"}},
		{Team: []event.TeamID{"bank"}},
		{Team: []event.TeamID{"trip", "bank"}, Channel: []event.ChannelID{"web", "app"}},
		{Agent: []event.AgentID{"w-c1208bee"}},
		{Channel: []event.ChannelID{"unknown"}},
	} {
		for _, topic := range []hub.TopicName{
			hub.TopicWallboard, hub.TopicFloor, hub.TopicAgents, hub.TopicTeams, hub.TopicChannels, hub.TopicQueue, hub.TopicConversations,
		} {
			r := hub.Request{Tenant: "star", Topic: topic, Filter: f}
			requests = append(requests, r)
			state(t, following, r)
		}
	}
	deliver(t, following, events)
	deliver(t, late, events)
	for _, r := range requests {
		want := state(t, late, r)
		require.Eventually(t, func() bool { return state(t, following, r) == want }, 2*time.Minute, 10*time.Millisecond, "%s %+v", r.Topic, r.Filter)
	}
}

// TestWallboardIsInTheCatalogue holds that every number shown can be explained.
func TestWallboardIsInTheCatalogue(t *testing.T) {
	t.Parallel()

	var shown struct {
		Metrics map[string]any `json:"metrics"`
	}
	require.NoError(t, json.Unmarshal([]byte(state(t, newHub(t, time.Now()), hub.Request{Tenant: "a", Topic: hub.TopicWallboard})), &shown))
	known := map[string]bool{}
	for _, m := range metric.Catalogue() {
		known[m.ID] = true
	}
	require.NotEmpty(t, shown.Metrics)
	for id := range shown.Metrics {
		require.True(t, known[id], id)
	}
	for id := range known {
		require.Contains(t, shown.Metrics, id, "what is in the catalogue is on the wallboard")
	}
}

func TestTooManyFilters(t *testing.T) {
	t.Parallel()

	h := newHub(t, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	for i := range 200 {
		_, err := h.Snapshot(t.Context(), hub.Request{Tenant: "a", Topic: hub.TopicWallboard, Filter: hub.Filter{Team: []event.TeamID{event.TeamID(strconv.Itoa(i))}}})
		require.NoError(t, err)
	}
	_, err := h.Snapshot(t.Context(), hub.Request{Tenant: "a", Topic: hub.TopicWallboard, Filter: hub.Filter{Team: []event.TeamID{"one more"}}})
	require.ErrorIs(t, err, hub.ErrTooManyFilters)
	_, err = h.Snapshot(t.Context(), hub.Request{Tenant: "a", Topic: "weather"})
	require.ErrorIs(t, err, hub.ErrUnknownTopic)
}

// TestMidnightNeedsNoEvent lets the clock alone go into the next day.
func TestMidnightNeedsNoEvent(t *testing.T) {
	t.Parallel()

	var mu sync.Mutex
	now := time.Date(2026, 3, 1, 23, 59, 59, 0, time.UTC)
	h := hub.New(hub.Config{Restorer: nothing{}, Tick: 10 * time.Millisecond, Epoch: "t", Now: func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return now
	}})
	t.Cleanup(h.Stop)
	started := event.New("a", "s", "1", now.Add(-time.Minute), &event.ConversationStarted{Conversation: "c1", Channel: "web", Customer: event.Profile{ID: "u1"}})
	require.NoError(t, h.Deliver(t.Context(), []hub.Delivery{{Seq: 1, Event: &started}}))
	request := hub.Request{Tenant: "a", Topic: hub.TopicWallboard}
	sessions := func() (day, value string) {
		d := snapshot(t, h, request)
		return d.State.Day, string(d.State.Metrics["sessions"].Value)
	}
	require.Eventually(t, func() bool { day, n := sessions(); return day == "2026-03-01" && n == "1" }, 2*time.Minute, 5*time.Millisecond)
	mu.Lock()
	now = now.Add(2 * time.Second)
	mu.Unlock()
	require.Eventually(t, func() bool { day, n := sessions(); return day == "2026-03-02" && n == "0" }, 2*time.Minute, 5*time.Millisecond)
}

// stored is a restorer over what another state had, which fails at first.
type stored struct {
	mu       sync.Mutex
	failures int
	asked    int
	state    *fold.State
}

func (s *stored) Fetch(_ context.Context, _ event.TenantID, refs []fold.Ref) (map[fold.Ref][]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failures > 0 {
		s.failures--
		return nil, errors.New("the database is away")
	}
	s.asked++
	out := map[fold.Ref][]byte{}
	for _, r := range refs {
		b, err := s.state.Encode(r)
		if err != nil {
			return nil, err
		}
		if b != nil {
			out[r] = b
		}
	}
	return out, nil
}

// TestWhatIsNotResidentIsFetched applies an event to a conversation that only
// storage has, while storage fails at first; the tenant waits, in order.
func TestWhatIsNotResidentIsFetched(t *testing.T) {
	t.Parallel()

	day := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	old := fold.New("a")
	for i, d := range []event.Data{
		&event.ConversationStarted{Conversation: "c1", Channel: "web", Customer: event.Profile{ID: "u1"}},
		&event.MessageSent{Conversation: "c1", Message: "m1", From: event.Actor{Kind: event.Customer, ID: "u1"}, Text: "hello"},
		&event.ConversationClosed{Conversation: "c1", By: event.Actor{Kind: event.System}},
	} {
		e := event.New("a", "s", fmt.Sprint(i), day.Add(time.Duration(i)*time.Second), d)
		old.Apply(uint64(i+1), &e)
	}
	restorer := &stored{state: old, failures: 2}
	h := hub.New(hub.Config{Restorer: restorer, Now: func() time.Time { return day.Add(time.Hour) }, Tick: 10 * time.Millisecond, Epoch: "t"})
	t.Cleanup(h.Stop)
	st := fold.New("a")
	st.Know(fold.Ref{Kind: fold.KindConversation, ID: "c1"})
	st.Resume(3, day.UnixMilli())
	h.Restore(st, 3)
	again := event.New("a", "s", "x", day.Add(time.Minute), &event.MessageSent{Conversation: "c1", Message: "m2", From: event.Actor{Kind: event.Customer, ID: "u1"}, Text: "me again"})
	require.NoError(t, h.Deliver(t.Context(), []hub.Delivery{{Seq: 4, Event: &again}}))
	require.NoError(t, h.WaitApplied(t.Context(), 4))
	require.Eventually(t, func() bool {
		d := snapshot(t, h, hub.Request{Tenant: "a", Topic: hub.TopicWallboard})
		return string(d.State.Metrics["reopened"].Value) == "1" && string(d.State.Metrics["sessions"].Value) == "1"
	}, 2*time.Minute, 5*time.Millisecond)
	seq, found, err := h.Seen(t.Context(), "a", "c1", "m1")
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, uint64(2), seq)
	require.Positive(t, restorer.asked)
}

// TestNotificationsWaitForTheirAcknowledgement follows a blocked message to its
// agent and away again.
func TestNotificationsWaitForTheirAcknowledgement(t *testing.T) {
	t.Parallel()

	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	h := newHub(t, now)
	request := hub.Request{Tenant: "a", Topic: hub.TopicNotifications, Agent: "a1"}
	require.JSONEq(t, `{"items":{}}`, state(t, h, request))
	blocked := event.New("a", "floorlight", "check/c1/m1", now, &event.MessageBlocked{
		Conversation: "c1", Message: "m1", From: event.Actor{Kind: event.Agent, ID: "a1"}, Text: "call 555",
		Violations: []event.Violation{{Rule: "contact.phone", Category: "off_platform_contact", Severity: event.SeverityBlock, Start: 5, End: 8}},
	})
	acknowledged := event.New("a", "floorlight", "ack", now, &event.NotificationAcknowledged{Agent: "a1", Items: []string{"n1"}})
	require.NoError(t, h.Deliver(t.Context(), []hub.Delivery{{Seq: 1, Event: &blocked}}))
	require.Eventually(t, func() bool {
		return state(t, h, request) == `{"items":{"n1":{"at":"2026-03-01T12:00:00.000Z","conversation":"c1","kind":"message_blocked","message":"m1","text":"call 555","violations":[{"category":"off_platform_contact","end":8,"explanation":{"en":"","zh":""},"rule":"contact.phone","severity":"block","start":5}]}}}`
	}, 2*time.Minute, 5*time.Millisecond)
	require.NoError(t, h.Deliver(t.Context(), []hub.Delivery{{Seq: 2, Event: &acknowledged}}))
	require.Eventually(t, func() bool { return state(t, h, request) == `{"items":{}}` }, 2*time.Minute, 5*time.Millisecond)
}

// BenchmarkHub delivers the shared conversations; one operation is one event.
func BenchmarkHub(b *testing.B) {
	events := star(b)
	b.ReportAllocs()
	b.ResetTimer()
	for n := 0; n < b.N; n += len(events) {
		h := newHub(b, events[len(events)-1].Event.Time)
		deliver(b, h, events)
		h.Stop()
	}
}
