package main

import (
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/risk"
)

// TestWhatCouldNotBeJudgedIsAnAlert holds one message back and lets another pass.
func TestWhatCouldNotBeJudgedIsAnAlert(t *testing.T) {
	t.Parallel()

	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	h := hub.New(hub.Config{Restorer: nowhere{}, Now: func() time.Time { return now }, Tick: time.Millisecond, Epoch: "t", Logger: zerolog.Nop()})
	t.Cleanup(h.Stop)
	b := &breaches{hub: h, documents: &shelf{body: `{"thresholds":[]}`}, differing: func(event.TenantID) int { return 0 }, log: zerolog.Nop()}
	from := event.Actor{Kind: event.Agent, ID: "a1"}
	unjudged := []event.Violation{{Rule: risk.UnjudgedRule, Category: "off_platform_contact"}}
	for i, data := range []event.Data{
		&event.MessageBlocked{Conversation: "c1", Message: "m1", From: from, Violations: unjudged},
		&event.MessageFlagged{Conversation: "c1", Message: "m2", From: from, Violations: unjudged},
		&event.MessageBlocked{Conversation: "c1", Message: "m3", From: from, Violations: []event.Violation{{Rule: "contact.phone", Category: "off_platform_contact"}}},
	} {
		e := event.New("a", "s", string(rune('a'+i)), now, data)
		require.NoError(t, h.Deliver(t.Context(), []hub.Delivery{{Seq: uint64(i + 1), Arrived: now, Event: &e}}))
	}
	require.NoError(t, h.WaitApplied(t.Context(), 3))
	alerts := map[string]hub.Alert{}
	b.unjudged(t.Context(), "a", alerts)
	require.Equal(t, "The rules could not judge every message today: 1 held back, 1 delivered and flagged.", alerts["unjudged"].Text.EN)
	require.Equal(t, "今日有消息无法被规则判定：拦截 1 条，放行并标记 1 条。", alerts["unjudged"].Text.ZH)
	none := map[string]hub.Alert{}
	b.unjudged(t.Context(), "b", none)
	require.Empty(t, none)
}
