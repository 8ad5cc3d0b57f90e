package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history/postgres/postgrestest"
	"github.com/floorlight/floorlight/hub/event"
)

// post sends a body as JSON and reads the answer.
func (s *served) post(path, token, kind string, body, into any) {
	s.t.Helper()
	raw, err := json.Marshal(body)
	require.NoError(s.t, err)
	status, got := s.patiently(func() (int, []byte) {
		r, err := http.NewRequestWithContext(context.WithoutCancel(s.t.Context()), http.MethodPost, s.url+path, bytes.NewReader(raw))
		require.NoError(s.t, err)
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("Content-Type", kind)
		answer, err := http.DefaultClient.Do(r)
		require.NoError(s.t, err)
		defer func() { _ = answer.Body.Close() }()
		got, err := io.ReadAll(answer.Body)
		require.NoError(s.t, err)
		return answer.StatusCode, got
	})
	require.Less(s.t, status, 300, "%s: %s", path, got)
	require.NoError(s.t, json.Unmarshal(got, into), "%s", got)
}

// TestTheServersOwnDuties lets a server close a silent conversation and end a
// presence that nobody confirms, holds its wallboard against its reports, and
// looks after a restart whether the lines and what was said are still there.
func TestTheServersOwnDuties(t *testing.T) {
	t.Parallel()

	dir := postgrestest.Dir(t)
	s := startServed(t, dir)
	owner := s.token("acme", "owner")
	n := 0
	say := func(at time.Time, data ...event.Data) {
		t.Helper()
		var batch []json.RawMessage
		for _, d := range data {
			n++
			e := event.New("acme", "test", fmt.Sprint("e", n), at, d)
			raw, err := e.Encode()
			require.NoError(t, err)
			batch = append(batch, raw)
		}
		var answer struct{ Accepted int }
		s.post("/v1/events", owner, "application/cloudevents-batch+json", batch, &answer)
		require.Equal(t, len(data), answer.Accepted)
	}
	s.must("tenant", "set", "acme", "--profile", "inbox", "--set", "auto_close_hours=1", "--set", "presence_ttl_seconds=3")
	now := time.Now()
	say(now.Add(-3*time.Hour),
		&event.ConversationStarted{Conversation: "c/1", Channel: "web", Customer: event.Profile{ID: "u1"}},
		&event.MessageSent{Conversation: "c/1", Message: "m1", From: event.Actor{Kind: event.Customer, ID: "u1"}, Text: "anybody there?"},
	)
	say(now, &event.AgentPresence{Agent: "a1", Status: event.Online},
		&event.ConversationAssigned{Conversation: "c2", To: event.Actor{Kind: event.Agent, ID: "a1"}, Team: "T1"},
		&event.MessageSent{Conversation: "c2", Message: "m1", From: event.Actor{Kind: event.Customer, ID: "u2"}, Text: "hello"},
		&event.MessageSent{Conversation: "c2", Message: "m2", From: event.Actor{Kind: event.Agent, ID: "a1"}, Text: "hello"},
	)
	type talk struct {
		State struct {
			Complete bool
			Now      struct {
				Status   string
				ClosedAt string `json:"closed_at"`
			}
			Messages map[string]struct{ Text string }
		}
	}
	var found talk
	require.Eventually(t, func() bool {
		s.read("/v1/live/conversation/c%2F1", owner, &found)
		return found.State.Now.Status == "closed"
	}, 2*time.Minute, 100*time.Millisecond)
	require.Equal(t, now.Add(-2*time.Hour).UTC().Format("2006-01-02T15:04:05.000Z"), found.State.Now.ClosedAt, "when it was due")
	var agents struct {
		State struct {
			Agents map[string]struct{ Status string }
		}
	}
	require.Eventually(t, func() bool {
		s.read("/v1/live/agents", owner, &agents)
		return agents.State.Agents["a1"].Status == "offline"
	}, 2*time.Minute, 100*time.Millisecond)
	var stored struct {
		Events []struct {
			Type string
			Data struct {
				Reason string
				By     struct{ Kind string }
			}
		}
	}
	require.Eventually(t, func() bool {
		s.read("/v1/conversations/c%2F1", owner, &stored)
		return len(stored.Events) > 0 && stored.Events[len(stored.Events)-1].Type == "conversation.closed"
	}, 2*time.Minute, 100*time.Millisecond)
	last := stored.Events[len(stored.Events)-1]
	require.Equal(t, "inactivity", last.Data.Reason)
	require.Equal(t, "system", last.Data.By.Kind)

	var c comparison
	require.Eventually(t, func() bool {
		s.post("/v1/verify", owner, "application/json", map[string]bool{"live": true}, &c)
		return c.Compared
	}, 2*time.Minute, 100*time.Millisecond, "%+v", &c)
	require.Empty(t, c.Differences)
	require.Greater(t, c.Numbers, 90)
	_, metrics := s.get("/metrics", "")
	require.Contains(t, string(metrics), "\nfloorlight_drift 0\n")
	require.Contains(t, s.must("verify", "--tenant", "acme"), "no differences")

	type series struct {
		Times  []string
		Series map[string][]*float64
	}
	var before, filtered, after series
	require.Eventually(t, func() bool {
		s.read("/v1/live/wallboard/series?metric=chats,contacts&minutes=60", owner, &before)
		s.read("/v1/live/wallboard/series?metric=chats&minutes=60&channel=web", owner, &filtered)
		return len(before.Times) > 0 && len(filtered.Times) > 0
	}, 4*time.Minute, 200*time.Millisecond)
	s.stop()
	s = startServed(t, dir)
	s.read("/v1/live/wallboard/series?metric=chats,contacts&minutes=60", owner, &after)
	require.GreaterOrEqual(t, len(after.Times), len(before.Times))
	require.Equal(t, before.Times, after.Times[:len(before.Times)])
	require.Equal(t, before.Series["contacts"], after.Series["contacts"][:len(before.Times)])
	var again series
	s.read("/v1/live/wallboard/series?metric=chats&minutes=60&channel=web", owner, &again)
	require.GreaterOrEqual(t, len(again.Times), len(filtered.Times))
	require.Equal(t, filtered.Times, again.Times[:len(filtered.Times)], "of a part of the desk, too")
	require.Equal(t, filtered.Series["chats"], again.Series["chats"][:len(filtered.Times)])
	s.read("/v1/live/conversation/c%2F1", owner, &found)
	require.True(t, found.State.Complete)
	require.Equal(t, "anybody there?", found.State.Messages["m1"].Text)
}
