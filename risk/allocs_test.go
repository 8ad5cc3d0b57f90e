//go:build !race

package risk_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/risk"
)

// Under -race a sync.Pool drops what it is given, on purpose: make test runs
// this one without.
func TestCheckAllocatesNothingForACleanMessage(t *testing.T) {
	e := risk.Default()
	for _, text := range []string{cleanEN, cleanZH, "OK, the Southside Venue would be happy to accommodate you on Friday @ 2 pm.\nCan I book it for you now?", "Order 20200520123456 is a self-service one"} {
		require.Equal(t, risk.Result{Verdict: event.Allow}, e.Check(text, agent))
		require.Zero(t, testing.AllocsPerRun(200, func() { e.Check(text, agent) }), text)
	}
}
