package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/stream"
)

// nowhere is a restorer over an empty history.
type nowhere struct{}

func (nowhere) Fetch(context.Context, event.TenantID, []fold.Ref) (map[fold.Ref][]byte, error) {
	return nil, nil
}

// starMessages are the shared conversations as messages, once for each tenant.
func starMessages(tb testing.TB, tenants int) []stream.Message {
	tb.Helper()
	f, err := os.Open("../../../shared/data/star.ndjson.gz")
	require.NoError(tb, err)
	defer func() { _ = f.Close() }()
	z, err := gzip.NewReader(f)
	require.NoError(tb, err)
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	var out []stream.Message
	for lines.Scan() {
		var line struct {
			Subject string          `json:"subject"`
			Event   json.RawMessage `json:"event"`
		}
		require.NoError(tb, json.Unmarshal(lines.Bytes(), &line))
		for i := range tenants {
			name := fmt.Sprintf("star%d", i)
			raw := bytes.Replace(line.Event, []byte(`"tenant":"star"`), fmt.Appendf(nil, `"tenant":%q`, name), 1)
			out = append(out, stream.Message{Subject: "floor." + name + line.Subject[len("floor.star"):], Raw: raw})
		}
	}
	require.NoError(tb, lines.Err())
	return out
}

// fillStream publishes to a server without an fsync, which would take a minute,
// on the directory that the next one reads.
func fillStream(b *testing.B, s settings, messages []stream.Message) {
	b.Helper()
	filler, err := server.NewServer(&server.Options{
		ServerName: "floorlight", JetStream: true, StoreDir: filepath.Join(s.DataDir, "nats"), DontListen: true, NoSigs: true,
	})
	require.NoError(b, err)
	filler.Start()
	defer filler.WaitForShutdown()
	defer filler.Shutdown()
	require.True(b, filler.ReadyForConnections(30*time.Second))
	conn, err := nats.Connect("", nats.InProcessServer(filler))
	require.NoError(b, err)
	defer conn.Close()
	floor, err := stream.Open(b.Context(), conn, stream.Config{OneByOne: true, Logger: zerolog.Nop()})
	require.NoError(b, err)
	defer floor.Close()
	for _, r := range floor.PublishMessages(b.Context(), messages) {
		require.NoError(b, r.Err)
	}
}

// BenchmarkHubFromStream reads a full stream by a bare ordered consumer and
// through the fold, in turn. One operation is one event; ratio is the hub's rate
// over the bare consumer's.
func BenchmarkHubFromStream(b *testing.B) {
	s := settings{DataDir: b.TempDir(), NATSListen: natsListenOff}
	events := func() int { // a server does not hold them
		messages := starMessages(b, 3)
		fillStream(b, s, messages)
		return len(messages)
	}()
	pace, stop := context.WithCancel(b.Context())
	defer stop()
	go paceCollector(pace, os.Getenv) // as serve does
	server, err := startNATS(s, zerolog.Nop())
	require.NoError(b, err)
	defer server.Stop()
	conn, err := server.Connect(b.Context())
	require.NoError(b, err)
	defer conn.Close()
	floor, err := stream.Open(b.Context(), conn, stream.Config{Logger: zerolog.Nop()})
	require.NoError(b, err)
	defer floor.Close()
	js, err := jetstream.New(conn)
	require.NoError(b, err)

	var bare, whole, bareCPU, wholeCPU time.Duration
	n := 0
	b.ResetTimer()
	for b.Loop() {
		began, cpu := time.Now(), processTime(b)
		consumer, err := js.OrderedConsumer(b.Context(), stream.Name, jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverAllPolicy})
		require.NoError(b, err)
		got, done := 0, make(chan struct{})
		reading, err := consumer.Consume(func(jetstream.Msg) {
			if got++; got == events {
				close(done)
			}
		}, jetstream.PullMaxMessages(5000))
		require.NoError(b, err)
		<-done
		reading.Stop()
		bare += time.Since(began)
		bareCPU += processTime(b) - cpu

		began, cpu = time.Now(), processTime(b)
		h := hub.New(hub.Config{Restorer: nowhere{}, Now: time.Now, Tick: hub.ShortestTick, Epoch: "b", Logger: zerolog.Nop()})
		ctx, cancel := context.WithCancel(b.Context())
		ended := make(chan error, 1)
		go func() { ended <- (&feed{hub: h}).run(ctx, floor, 0) }()
		require.NoError(b, h.WaitApplied(ctx, uint64(events)))
		whole += time.Since(began)
		wholeCPU += processTime(b) - cpu
		cancel()
		require.ErrorIs(b, <-ended, context.Canceled)
		h.Stop()
		n += events
	}
	b.ReportMetric(float64(n)/whole.Seconds(), "hub-events/s")
	b.ReportMetric(float64(n)/bare.Seconds(), "bare-events/s")
	b.ReportMetric(bare.Seconds()/whole.Seconds(), "ratio")
	b.ReportMetric(wholeCPU.Seconds()/float64(n)*1e6, "hub-cpu-µs")
	b.ReportMetric(bareCPU.Seconds()/float64(n)*1e6, "bare-cpu-µs")
	b.ReportMetric(0, "ns/op")
}
