package main

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// sameAs answers reports from another hub, which has applied what history has.
type sameAs struct {
	t       *testing.T
	hub     *hub.Hub
	seq     uint64
	profile string
	spoil   string
	err     error
	between func() // what happens while a question by a dimension is answered
}

func (s *sameAs) Metrics(ctx context.Context, tenant string, values map[string][]string, now time.Time) (metric.Answer, error) {
	if s.err != nil {
		return metric.Answer{}, s.err
	}
	id := event.TenantID(tenant)
	_, err := s.hub.Track(ctx, id)
	require.NoError(s.t, err)
	standing, found, err := s.hub.Standing(ctx, id, s.seq)
	require.NoError(s.t, err)
	require.True(s.t, found)
	whole, _ := standing.At(now.UnixMilli())
	answer := metric.Answer{AsOfSeq: s.seq, Profile: s.profile}
	metrics := strings.Split(values["metric"][0], ",")
	if len(values["by"]) == 0 {
		answer.Rows = []metric.AnswerRow{s.row(&standing.Profile.Settings, metrics, func(*metric.Metric) *metric.Sums { return &whole })}
		return answer, nil
	}
	if s.between != nil {
		s.between()
	}
	by := metric.Dimension(values["by"][0])
	cells, err := s.hub.Cells(ctx, id, by)
	require.NoError(s.t, err)
	for value, sums := range cells.Whole {
		own := cells.Agents[value]
		own.PerAgent = true
		row := s.row(&standing.Profile.Settings, metrics, func(m *metric.Metric) *metric.Sums {
			if by == metric.ByAgent && m.PerAgent {
				return &own
			}
			return &sums
		})
		row.Dimensions = map[metric.Dimension]string{by: value} //nolint:exhaustive // the answer has one.
		answer.Rows = append(answer.Rows, row)
	}
	return answer, nil
}

func (s *sameAs) row(settings *metric.Settings, metrics []string, over func(*metric.Metric) *metric.Sums) metric.AnswerRow {
	row := metric.AnswerRow{Values: map[string]metric.ComparedValue{}}
	for _, id := range metrics {
		m, known := metric.Lookup(id)
		require.True(s.t, known)
		v := m.Eval(over(m), settings)
		if id == s.spoil {
			v.Value = int64(99)
		}
		row.Values[id] = metric.ComparedValue{Value: v}
	}
	return row
}

func TestDriftIsFoundAtEqualSequence(t *testing.T) {
	t.Parallel()

	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	desk := func() *hub.Hub {
		h := hub.New(hub.Config{Restorer: nowhere{}, Now: func() time.Time { return now }, Tick: time.Millisecond, Epoch: "t", Logger: zerolog.Nop()})
		t.Cleanup(h.Stop)
		return h
	}
	h, behind := desk(), desk()
	var seq uint64
	say := func(to *hub.Hub, seq uint64, data event.Data) {
		e := event.New("a", "s", string(rune('a'+seq)), now.Add(time.Duration(seq)*time.Second-time.Minute), data)
		require.NoError(t, to.Deliver(t.Context(), []hub.Delivery{{Seq: seq, Arrived: now, Event: &e}}))
		require.NoError(t, to.WaitApplied(t.Context(), seq))
	}
	for _, data := range []event.Data{
		&event.AgentPresence{Agent: "a1", Status: event.Online},
		&event.ConversationStarted{Conversation: "c1", Channel: "web", Customer: event.Profile{ID: "u1"}},
		&event.ConversationAssigned{Conversation: "c1", To: event.Actor{Kind: event.Agent, ID: "a1"}},
		&event.MessageSent{Conversation: "c1", Message: "m1", From: event.Actor{Kind: event.Customer, ID: "u1"}, Text: "hello"},
		&event.MessageSent{Conversation: "c1", Message: "m2", From: event.Actor{Kind: event.Agent, ID: "a1"}, Text: "hello"},
		&event.TemplateCharged{Category: "marketing", Amount: "0.10", Currency: "USD"},
	} {
		seq++
		say(h, seq, data)
		say(behind, seq, data)
	}
	h.Committed(seq, seq)
	reports := &sameAs{t: t, hub: behind, seq: seq, profile: "default@0"}
	registry := prometheus.NewRegistry()
	d := newDrift(h, reports, func() time.Time { return now }, zerolog.Nop(), registry)
	d.wait, d.cellWait = time.Minute, time.Minute
	c, err := d.compare(t.Context(), "a", compared...)
	require.NoError(t, err)
	require.True(t, c.Compared, c.Why)
	require.Empty(t, c.Differences)
	require.Empty(t, c.Busy)
	require.Greater(t, c.Numbers, 1000)
	require.Equal(t, seq, c.Seq)
	require.Zero(t, gauge(t, registry, "floorlight_drift"))

	reports.spoil = "chats"
	c, err = d.compare(t.Context(), "a", compared...)
	require.NoError(t, err)
	var columns []string
	for _, d := range c.Differences {
		columns = append(columns, d.Column)
	}
	require.Equal(t, []string{
		"chats", `chats by hour "11"`, `chats by channel ""`, `chats by channel "web"`, `chats by team ""`, `chats by agent ""`, `chats by agent "a1"`,
		`chats by intent ""`, `chats by intent "other"`, `chats by handling ""`, `chats by handling "human_only"`, `chats by tag ""`, `chats by ai_status ""`,
	}, columns, "and what belongs to no conversation")
	require.Equal(t, difference{Table: "wallboard", Key: "2026-03-01", Column: "chats", Stored: `{"value":99}`, Computed: `{"value":1}`}, c.Differences[0])
	require.InDelta(t, len(columns), gauge(t, registry, "floorlight_drift"), 0)
	require.Equal(t, len(columns), d.differing("a"))
	reports.spoil = "handled_chats"
	c, err = d.compare(t.Context(), "a", compared...)
	require.NoError(t, err)
	require.Equal(t, []string{"handled_chats", "handled_chats of agents"}, []string{c.Differences[0].Column, c.Differences[1].Column})
	reports.spoil = ""
	_, err = d.compare(t.Context(), "a", compared...)
	require.NoError(t, err)
	require.Zero(t, d.differing("a"))

	// A part alone.
	reports.spoil = "credits_used"
	c, err = d.compare(t.Context(), "a", compared...)
	require.NoError(t, err)
	require.Equal(t, `credits_used by category "marketing"`, c.Differences[len(c.Differences)-1].Column)
	reports.spoil = ""

	// A desk that never stands still is compared as a whole.
	reports.between = func() {
		seq++
		data := &event.ConversationViewed{Conversation: "c1", Agent: "a1"}
		say(h, seq, data)
		say(behind, seq, data)
		h.Committed(seq, seq)
		reports.seq = seq
	}
	c, err = d.compare(t.Context(), "a", compared...)
	require.NoError(t, err)
	require.True(t, c.Compared, c.Why)
	require.Empty(t, c.Differences)
	require.Len(t, c.Busy, len(compared))
	reports.between = nil

	reports.profile = "wecom@7"
	c, err = d.compare(t.Context(), "a", compared...)
	require.NoError(t, err)
	require.False(t, c.Compared)
	require.Contains(t, c.Why, "wecom@7")
	reports.err = errors.New("away")
	_, err = d.compare(t.Context(), "a", compared...)
	require.ErrorContains(t, err, "away")
	short, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	seq++
	say(h, seq, &event.ConversationClosed{Conversation: "c1", By: event.Actor{Kind: event.System}})
	_, err = d.compare(short, "a", compared...)
	require.ErrorIs(t, err, context.DeadlineExceeded, "history does not come up to the hub")
}

// TestVerifyContinuously runs the command against a server that differs once.
func TestVerifyContinuously(t *testing.T) {
	t.Parallel()

	answer, err := json.Marshal(comparison{Tenant: "a", Compared: true, Numbers: 112, Seq: 1234, At: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), Differences: []difference{
		{Table: "wallboard", Key: "2026-03-01", Column: "chats", Stored: `{"value":1}`, Computed: `{"value":2}`},
	}})
	require.NoError(t, err)
	a := newAsked(t, map[string]string{"POST /v1/verify": string(answer)})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	a.enough = cancel
	code, out, errs := command(ctx, nil, "verify", "--tenant", "a", "--continuous", "--every", "1s", "--data-dir", a.dir, "--secret", testSecret)
	require.Equal(t, exitFailed, code)
	require.Equal(t, "2026-03-01T12:00:00Z  sequence 1,234: 112 numbers compared, 1 difference\n"+
		"  2026-03-01 chats: reports {\"value\":1}, wallboard {\"value\":2}\n", out)
	require.Contains(t, errs, "1 number differed between wallboard and reports")
	require.Contains(t, a.requests[0], `{"live":true}`)
	a.enough = nil
	code, _, errs = a.command("verify", "--tenant", "a", "--continuous", "--from", "2026-03-01")
	require.Equal(t, exitUsage, code, errs)
	code, _, errs = a.command("verify", "--tenant", "a", "--continuous", "--every", "1ms")
	require.Equal(t, exitUsage, code, errs)
}
