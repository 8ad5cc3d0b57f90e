package stream_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
)

// TestRules puts rules on one server and sees them on another, the newest last,
// whoever comes late.
func TestRules(t *testing.T) {
	t.Parallel()

	d := newDesk(t, stream.Config{})
	second := d.open(stream.Config{})
	require.NoError(t, d.PutRules(t.Context(), stream.RulesInForce{Tenant: "star", Version: 1, Body: []byte("one")}))

	ctx, cancel := context.WithCancel(t.Context())
	loaded, seen, ended := make(chan struct{}), make(chan stream.RulesInForce, 64), make(chan error, 1)
	go func() {
		ended <- second.WatchRules(ctx, func() { close(loaded) }, func(r stream.RulesInForce) { seen <- r })
	}()
	next := func() stream.RulesInForce {
		t.Helper()
		select {
		case r := <-seen:
			return r
		case <-time.After(time.Minute):
			t.Fatal("no rules came")
			return stream.RulesInForce{}
		}
	}
	require.Equal(t, stream.RulesInForce{Tenant: "star", Version: 1, Body: []byte("one")}, next())
	<-loaded

	// Of twenty at once the highest version remains, and it is the last to be seen.
	var g errgroup.Group
	for v := int64(2); v <= 21; v++ {
		g.Go(func() error {
			to := []*stream.Stream{d.Stream, second}[v%2]
			return to.PutRules(t.Context(), stream.RulesInForce{Tenant: "star", Version: v, Body: bytes.Repeat([]byte{byte(v)}, 200_000)})
		})
	}
	require.NoError(t, g.Wait())
	var last stream.RulesInForce
	for last.Version != 21 {
		r := next()
		require.Greater(t, r.Version, last.Version)
		last = r
	}
	require.Equal(t, bytes.Repeat([]byte{21}, 200_000), last.Body)
	require.NoError(t, d.PutRules(t.Context(), stream.RulesInForce{Tenant: "star", Version: 3, Body: []byte("old")}), "what is older changes nothing")

	noise := make([]byte, 3<<20)
	_, err := rand.Read(noise)
	require.NoError(t, err)
	require.ErrorIs(t, d.PutRules(t.Context(), stream.RulesInForce{Tenant: "star", Version: 22, Body: noise}), stream.ErrTooLarge)
	require.NoError(t, d.PutRules(t.Context(), stream.RulesInForce{Tenant: "moon", Version: 1, Body: []byte("their own")}))
	require.Equal(t, event.TenantID("moon"), next().Tenant, "and nothing in between")

	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
}
