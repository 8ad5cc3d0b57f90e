package simulator

import (
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
)

// connected is a connection to a NATS of its own, with the streams on it.
func connected(t *testing.T) (*nats.Conn, *stream.Stream) {
	t.Helper()

	srv, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: t.TempDir(), NoSigs: true})
	require.NoError(t, err)
	srv.Start()
	t.Cleanup(func() { srv.Shutdown(); srv.WaitForShutdown() })
	require.True(t, srv.ReadyForConnections(30*time.Second))
	nc, err := nats.Connect(srv.ClientURL(), nats.Timeout(time.Minute))
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	floor, err := stream.Open(t.Context(), nc, stream.Config{MaxBytes: 64 << 20, RefusedMaxBytes: 1 << 20, AckWait: time.Minute, Logger: zerolog.Nop()})
	require.NoError(t, err)
	t.Cleanup(floor.Close)
	return nc, floor
}

// TestNATSPublishesWhatDecodes: what stands in the stream is what was simulated,
// each once, whatever is published again.
func TestNATSPublishesWhatDecodes(t *testing.T) {
	t.Parallel()

	nc, floor := connected(t)
	p, err := NewNATS(nc)
	require.NoError(t, err)
	defer p.Close()
	var events []event.Event
	for _, a := range day(t, Config{Seed: 1, Tenants: Desks(2), Rate: 8}, time.Minute) {
		events = append(events, a.Event)
	}
	require.NoError(t, p.Publish(t.Context(), events))
	require.NoError(t, p.Publish(t.Context(), events))
	last, err := floor.Last(t.Context())
	require.NoError(t, err)
	require.Equal(t, uint64(len(events)), last)
	for i := range events {
		m, err := floor.At(t.Context(), uint64(i)+1)
		require.NoError(t, err)
		e, err := event.DecodeMessage(m.Subject, m.Raw, noon.Add(time.Hour))
		require.NoError(t, err)
		require.Equal(t, events[i].ID, e.ID)
	}
}

func TestNATSChecks(t *testing.T) {
	t.Parallel()

	nc, _ := connected(t)
	p, err := NewNATS(nc)
	require.NoError(t, err)
	defer p.Close()
	_, err = p.Check(t.Context(), "lumen", CheckRequest{})
	require.ErrorIs(t, err, nats.ErrNoResponders)

	answers := []string{`{"verdict":"block","message":"m1","violations":[{"rule":"x"}],"seq":7}`, `{"error":{"code":"unavailable","message":"try again"}}`, `not JSON`}
	requests := make(chan string, len(answers))
	at := 0
	_, err = nc.Subscribe("floorsvc.lumen.message.check", func(m *nats.Msg) {
		requests <- string(m.Data)
		_ = m.Respond([]byte(answers[at]))
		at++
	})
	require.NoError(t, err)
	ask := CheckRequest{Conversation: "c1", Message: "m1", From: event.Actor{Kind: event.Agent, ID: "a1"}, Text: "hello"}
	reply, err := p.Check(t.Context(), "lumen", ask)
	require.NoError(t, err)
	require.Equal(t, CheckReply{Verdict: event.Block, Seq: 7}, reply)
	require.JSONEq(t, `{"conversation":"c1","message":"m1","from":{"kind":"agent","id":"a1"},"text":"hello"}`, <-requests)
	_, err = p.Check(t.Context(), "lumen", ask)
	require.ErrorContains(t, err, "unavailable: try again")
	_, err = p.Check(t.Context(), "lumen", ask)
	require.ErrorContains(t, err, "not JSON")
}
