package hub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
)

// archive is a history that has stored what it was given.
type archive struct {
	events  []Delivery
	refused error
	asked   int
}

func (a *archive) Fetch(context.Context, event.TenantID, []fold.Ref) (map[fold.Ref][]byte, error) {
	return nil, nil
}

func (a *archive) LastMessages(_ context.Context, _ event.TenantID, c event.ConversationID, upTo uint64, most int) ([]StoredEvent, error) {
	a.asked++
	if a.refused != nil {
		return nil, a.refused
	}
	var all []StoredEvent
	for _, d := range a.events {
		if event.About(d.Event.Data) != c || d.Seq > upTo {
			continue
		}
		raw, err := d.Event.Encode()
		if err != nil {
			return nil, err
		}
		all = append(all, StoredEvent{Seq: d.Seq, Raw: raw})
	}
	return all[max(0, len(all)-most):], nil
}

// saying makes deliveries of what is said, at one a second.
func saying(from uint64, data ...event.Data) []Delivery {
	now := time.Now()
	all := make([]Delivery, len(data))
	for i, d := range data {
		seq := from + uint64(i)
		e := event.New("a", "s", fmt.Sprint("e", seq), now.Add(time.Duration(seq)*time.Second), d)
		all[i] = Delivery{Seq: seq, Arrived: now, Event: &e}
	}
	return all
}

func says(m string, kind event.Kind, id, text string) *event.MessageSent {
	return &event.MessageSent{Conversation: "c1", Message: event.MessageID(m), From: event.Actor{Kind: kind, ID: id}, Text: text}
}

type threadState struct {
	Complete bool            `json:"complete"`
	More     bool            `json:"more_before"`
	Now      map[string]any  `json:"now"`
	Agents   map[string]any  `json:"agents"`
	Messages map[string]said `json:"messages"`
}

type said struct {
	Seq                                uint64
	Text                               string
	Blocked, Released, Flagged         bool
	Violations                         []any
	DeliveredAt, FailedAt, Failure, To string
}

func (h *Hub) thread(t *testing.T, f Filter) threadState {
	t.Helper()
	frame, err := h.Snapshot(t.Context(), Request{Tenant: "a", Topic: "conversation/c1", Filter: f})
	require.NoError(t, err)
	var d struct{ State threadState }
	require.NoError(t, json.Unmarshal(append(frame.Head(), frame.Body()...), &d))
	return d.State
}

func archivedHub(t *testing.T, a *archive) *Hub {
	t.Helper()
	h := New(Config{Restorer: a, Threads: a, Now: time.Now, Tick: ShortestTick, Epoch: "t", Logger: zerolog.Nop()})
	t.Cleanup(h.Stop)
	return h
}

// TestAConversationIsFollowedFromItsBeginning begins in the middle of a
// conversation, while the last of it is not stored yet.
func TestAConversationIsFollowedFromItsBeginning(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		found := []event.Violation{{Rule: "contact.phone", Category: "off_platform_contact", Severity: event.SeverityBlock, Start: 5, End: 8}}
		before := saying(1,
			&event.ConversationStarted{Conversation: "c1", Channel: "web", Customer: event.Profile{ID: "u1"}},
			says("m1", event.Customer, "u1", "where is it"),
			&event.ConversationAssigned{Conversation: "c1", To: event.Actor{Kind: event.Agent, ID: "a1"}, Team: "T1"},
			&event.MessageBlocked{Conversation: "c1", Message: "m2", From: event.Actor{Kind: event.Agent, ID: "a1"}, Text: "call 555", Violations: found},
			says("m3", event.Agent, "a1", "on its way"),
		)
		a := &archive{events: before}
		h := archivedHub(t, a)
		require.NoError(t, h.Deliver(t.Context(), before))
		require.NoError(t, h.WaitApplied(t.Context(), 5))
		done := make(chan error, 1)
		go func() {
			_, err := h.Snapshot(t.Context(), Request{Tenant: "a", Topic: "conversation/c1"})
			done <- err
		}()
		synctest.Wait()
		require.Empty(t, done, "it waits until what was said is stored")
		after := saying(6,
			says("m2", event.Agent, "a1", "call 555"), // released
			says("m1", event.Customer, "u1", "where is it"),
			&event.MessageFlagged{Conversation: "c1", Message: "m3", From: event.Actor{Kind: event.Agent, ID: "a1"}, Violations: found},
			&event.MessageSent{Conversation: "c1", Message: "m4", From: event.Actor{Kind: event.System}, Text: "the customer has left", To: "agent"},
		)
		require.NoError(t, h.Deliver(t.Context(), after[:2]))
		require.NoError(t, h.WaitApplied(t.Context(), 7))
		h.Committed(5, 5)
		require.NoError(t, <-done)
		first := h.thread(t, Filter{})
		require.True(t, first.Complete)
		require.False(t, first.More)
		require.Len(t, first.Messages, 3)
		require.Equal(t, uint64(2), first.Messages["m1"].Seq)
		require.True(t, first.Messages["m2"].Released)
		require.False(t, first.Messages["m2"].Blocked)
		require.Len(t, first.Messages["m2"].Violations, 1)
		require.Equal(t, "human", first.Now["status"])
		require.Equal(t, "a1", first.Agents["a1"])

		out := NewOutbox(OutboxBytes, nil)
		_, err := h.Subscribe(t.Context(), Request{Tenant: "a", Topic: "conversation/c1"}, 1, out, nil)
		require.NoError(t, err)
		frame, ok, err := out.Take()
		require.NoError(t, err)
		require.True(t, ok)
		require.Equal(t, OpSnapshot, frame.Op)
		require.NoError(t, h.Deliver(t.Context(), after[2:]))
		pass(time.Second)
		frame, ok, err = out.Take()
		require.NoError(t, err)
		require.True(t, ok)
		require.Equal(t, OpDelta, frame.Op)
		require.Contains(t, string(frame.Body()), "the customer has left")
		require.NotContains(t, string(frame.Body()), "where is it", "what was said before is not sent again")
		next := h.thread(t, Filter{})
		require.Len(t, next.Messages, 4)
		require.True(t, next.Messages["m3"].Flagged)
		require.Equal(t, "agent", next.Messages["m4"].To)
		require.Equal(t, 1, a.asked, "it is asked once while it is followed")
	})
}

// TestAThreadWithoutHistory follows while the database is away: what comes is
// shown, and it says that there is more.
func TestAThreadWithoutHistory(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := &archive{refused: errors.New("away")}
		h := archivedHub(t, a)
		require.NoError(t, h.Deliver(t.Context(), saying(1, says("m1", event.Customer, "u1", "hello"))))
		require.NoError(t, h.WaitApplied(t.Context(), 1))
		h.Committed(1, 1)
		require.False(t, h.thread(t, Filter{}).Complete)
		require.NoError(t, h.Deliver(t.Context(), saying(2, says("m2", event.Customer, "u1", "anybody?"))))
		pass(time.Second)
		shown := h.thread(t, Filter{})
		require.False(t, shown.Complete)
		require.Len(t, shown.Messages, 1)
		// The next reader asks again, and misses nothing.
		a.refused, a.events = nil, saying(1, says("m1", event.Customer, "u1", "hello"))
		shown = h.thread(t, Filter{})
		require.True(t, shown.Complete)
		require.Len(t, shown.Messages, 2)
		require.Equal(t, "anybody?", shown.Messages["m2"].Text)
	})
}

func TestAThreadKeepsTheLastMessages(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := archivedHub(t, &archive{})
		require.NoError(t, h.Deliver(t.Context(), saying(1, says("m0", event.Customer, "u1", "hello"))))
		h.Committed(1, 1)
		require.NoError(t, h.WaitApplied(t.Context(), 1))
		require.Empty(t, h.thread(t, Filter{}).Messages)
		seq := uint64(2)
		for range mostMessages + 10 {
			require.NoError(t, h.Deliver(t.Context(), saying(seq, says(fmt.Sprint("m", seq), event.Customer, "u1", "more"))))
			seq++
		}
		pass(time.Second)
		shown := h.thread(t, Filter{})
		require.True(t, shown.More)
		require.Len(t, shown.Messages, mostMessages)
		require.NotContains(t, shown.Messages, "m11")
		require.Contains(t, shown.Messages, fmt.Sprint("m", seq-1))

		pass(filterOutlives + 5*time.Second)
		require.NoError(t, h.on(t.Context(), "a", func(owner *tenant) { require.Empty(t, owner.threads, "nobody follows, and no text is kept") }))
	})
}

func TestWhoMayFollowAConversation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := archivedHub(t, &archive{})
		require.NoError(t, h.Deliver(t.Context(), saying(1,
			&event.ConversationStarted{Conversation: "c1", Channel: "web", Customer: event.Profile{ID: "u1"}},
			&event.ConversationAssigned{Conversation: "c1", To: event.Actor{Kind: event.Agent, ID: "a1"}, Team: "T1"},
			&event.ConversationAssigned{Conversation: "c1", To: event.Actor{Kind: event.Agent, ID: "a2"}, Team: "T2"},
		)))
		require.NoError(t, h.WaitApplied(t.Context(), 3))
		h.Committed(3, 3)
		for _, f := range []Filter{
			{},
			{Channel: []event.ChannelID{"web"}},
			{Team: []event.TeamID{"T1"}},
			{Team: []event.TeamID{"T2"}},
			{Agent: []event.AgentID{"a1"}},
			{Agent: []event.AgentID{"a2"}, Channel: []event.ChannelID{"web", "app"}},
		} {
			require.Equal(t, "human", h.thread(t, f).Now["status"], "%+v", f)
		}
		for _, f := range []Filter{
			{Channel: []event.ChannelID{"app"}},
			{Team: []event.TeamID{"T3"}},
			{Agent: []event.AgentID{"a3"}},
			{Team: []event.TeamID{"T1"}, Channel: []event.ChannelID{"app"}},
		} {
			_, err := h.Snapshot(t.Context(), Request{Tenant: "a", Topic: "conversation/c1", Filter: f})
			require.ErrorIs(t, err, ErrOutsideScope, "%+v", f)
		}
		_, err := h.Snapshot(t.Context(), Request{Tenant: "a", Topic: "conversation/nobody's"})
		require.ErrorIs(t, err, ErrUnknownConversation)
		for _, name := range []string{"conversation", "conversation/", "conversation/\x00", "conversation/\xff"} {
			_, err := ParseTopic(name)
			require.ErrorIs(t, err, ErrUnknownTopic, "%q", name)
		}
		topic, err := ParseTopic("conversation/c/1")
		require.NoError(t, err)
		require.Equal(t, TopicConversation, topic.Kind())
		require.Equal(t, ConversationTopic("c/1"), topic)
	})
}
