package main

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history"
	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
)

// shelf has the documents that a test puts there.
type shelf struct {
	body string
	err  error
}

func (s *shelf) Documents(context.Context, string, history.DocumentKind) ([]history.Document, error) {
	if s.err != nil {
		return nil, s.err
	}
	return []history.Document{{Kind: history.Thresholds, ID: "desk", Version: 1, Body: []byte(s.body)}}, nil
}

func TestThresholdsAreHeldAgainstTheNumbers(t *testing.T) {
	t.Parallel()

	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	h := hub.New(hub.Config{Restorer: nowhere{}, Now: func() time.Time { return now }, Tick: time.Millisecond, Epoch: "t", Logger: zerolog.Nop()})
	t.Cleanup(h.Stop)
	for i, data := range []event.Data{
		&event.ConversationStarted{Conversation: "c1", Channel: "web", Customer: event.Profile{ID: "u1"}},
		&event.ConversationQueued{Conversation: "c1", Team: "T1"},
		&event.ConversationStarted{Conversation: "c2", Channel: "app", Customer: event.Profile{ID: "u2"}},
		&event.ConversationQueued{Conversation: "c2"},
	} {
		e := event.New("a", "s", string(rune('a'+i)), now.Add(-time.Minute), data)
		require.NoError(t, h.Deliver(t.Context(), []hub.Delivery{{Seq: uint64(i + 1), Arrived: now, Event: &e}}))
	}
	require.NoError(t, h.WaitApplied(t.Context(), 4))
	s := &shelf{body: `{"thresholds":[
		{"metric":"queue_length","warning":1,"critical":5},
		{"metric":"queue_length","team":"T1","critical":0},
		{"metric":"queue_length","channel":"app","team":"T1","critical":0},
		{"metric":"longest_wait_seconds","warning":30,"critical":59},
		{"metric":"online_agents","warning":3,"above":false},
		{"metric":"reply_rate","critical":0.9}
	]}`}
	drifted := 0
	b := &breaches{hub: h, documents: s, differing: func(event.TenantID) int { return drifted }, log: zerolog.Nop()}
	b.look(t.Context(), now)
	require.Equal(t, map[string]string{
		"threshold/queue_length":         "Waiting is beyond 1: warning.",
		"threshold/queue_length/team/T1": "Waiting (team T1) is beyond 0: critical.",
		"threshold/longest_wait_seconds": "Longest wait is beyond 59: critical.",
		"threshold/online_agents":        "Agents online is beyond 3: warning.",
	}, alerts(t, h))

	// What cannot be read stays as it was.
	s.err, drifted = errors.New("away"), 2
	b.look(t.Context(), now.Add(time.Hour))
	require.Eventually(t, func() bool { return alerts(t, h)["drift"] == "2 numbers differ between wallboard and reports." }, 30*time.Second, time.Millisecond)
	require.Len(t, alerts(t, h), 5)
	s.err, s.body, drifted = nil, `{"thresholds":[]}`, 0
	b.look(t.Context(), now.Add(2*time.Hour))
	require.Eventually(t, func() bool { return len(alerts(t, h)) == 0 }, 30*time.Second, time.Millisecond)
}
