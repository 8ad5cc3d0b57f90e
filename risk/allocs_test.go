//go:build !race

package risk_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/risk"
)

// Under -race a sync.Pool drops what it is given, on purpose: make test runs
// these without.
func TestCheckAllocatesNothingForACleanMessage(t *testing.T) {
	e := risk.Default()
	for _, text := range []string{cleanEN, cleanZH, "OK, the Southside Venue would be happy to accommodate you on Friday @ 2 pm.\nCan I book it for you now?", "Order 20200520123456 is a self-service one"} {
		require.Equal(t, risk.Result{Verdict: event.Allow}, e.Check(text, agent))
		require.Zero(t, testing.AllocsPerRun(200, func() { e.Check(text, agent) }), text)
	}
}

// TestCheckAllocatesNothingBehindOtherMessages is the same with a Window, which is
// written, too.
func TestCheckAllocatesNothingBehindOtherMessages(t *testing.T) {
	e := risk.Default()
	var w risk.Window
	at := noon
	say := func() {
		for _, text := range talk {
			at = at.Add(2 * time.Second)
			if got := e.Check(text, after(&w, at)); got.Verdict != event.Allow {
				t.Errorf("%q: %v", text, got.Rules)
			}
			w.Add(text, at)
		}
	}
	say()
	require.False(t, w.Empty(at))
	require.Zero(t, testing.AllocsPerRun(100, say))
}
