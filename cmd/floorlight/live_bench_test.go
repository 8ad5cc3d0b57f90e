package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/coder/websocket"
	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history/postgres/postgrestest"
	"github.com/floorlight/floorlight/hub/event"
)

// natsClient is a foreign client of the server's NATS.
func (s *served) natsClient() *nats.Conn {
	s.t.Helper()
	conn, err := nats.Connect(strings.TrimSpace(s.must("nats-url")))
	require.NoError(s.t, err)
	s.t.Cleanup(conn.Close)
	return conn
}

// follow opens a socket that follows a wallboard and reports each frame's
// sequence with the time at which it came.
func (s *served) follow(ctx context.Context, token string, frame func(seq uint64, at time.Time)) {
	s.t.Helper()
	c, answer, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(s.url, "http")+"/v1/live", &websocket.DialOptions{
		Subprotocols: []string{"floorlight.v1"}, HTTPHeader: http.Header{"Authorization": {"Bearer " + token}},
	})
	require.NoError(s.t, err)
	if answer.Body != nil {
		_ = answer.Body.Close()
	}
	c.SetReadLimit(1 << 20)
	require.NoError(s.t, c.Write(ctx, websocket.MessageText, []byte(`{"op":"subscribe","id":1,"topic":"wallboard"}`)))
	go func() {
		defer c.CloseNow() //nolint:errcheck // the benchmark is over.
		for {
			_, raw, err := c.Read(ctx)
			if err != nil {
				return
			}
			at := time.Now()
			var f struct {
				Op  string `json:"op"`
				Seq uint64 `json:"seq"`
			}
			if json.Unmarshal(raw, &f) == nil && (f.Op == "delta" || f.Op == "snapshot") {
				frame(f.Seq, at)
			}
		}
	}()
}

// arrivals waits for a frame that covers a sequence on each of n sockets.
type arrivals struct {
	mu    sync.Mutex
	seq   uint64 // 0 until the stream has said which
	since time.Time
	early map[int][]arrival // frames that came before the sequence was known
	left  map[int]bool
	done  chan struct{}
	took  *hdrhistogram.Histogram
}

type arrival struct {
	seq uint64
	at  time.Time
}

// begin starts a round: the message is about to be published.
func (a *arrivals) begin(sockets int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.seq, a.early, a.left, a.done = 0, make(map[int][]arrival, sockets), make(map[int]bool, sockets), make(chan struct{})
	for i := range sockets {
		a.left[i] = true
	}
	a.since = time.Now()
}

// published says which sequence the round waits for.
func (a *arrivals) published(seq uint64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.seq = seq
	for socket, frames := range a.early {
		for _, f := range frames {
			a.take(socket, f)
		}
	}
}

func (a *arrivals) frame(socket int, seq uint64, at time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.seq == 0 {
		a.early[socket] = append(a.early[socket], arrival{seq, at})
		return
	}
	a.take(socket, arrival{seq, at})
}

func (a *arrivals) take(socket int, f arrival) {
	if f.seq < a.seq || !a.left[socket] {
		return
	}
	_ = a.took.RecordValue(f.at.Sub(a.since).Microseconds())
	delete(a.left, socket)
	if len(a.left) == 0 {
		close(a.done)
	}
}

// BenchmarkPublishToFrame publishes messages over NATS and measures, from
// outside, the time from each publish to the frame that shows it, on every
// socket. One operation is one message.
func BenchmarkPublishToFrame(b *testing.B) {
	s := startServed(b, postgrestest.Dir(b))
	js, err := jetstream.New(s.natsClient())
	require.NoError(b, err)
	token := s.token("bench", "wallboard")
	n := 0
	publish := func(ctx context.Context) uint64 {
		n++
		e := event.New("bench", "bench", fmt.Sprint("e", n), time.Now(), &event.MessageSent{
			Conversation: "c1", Message: event.MessageID(fmt.Sprint("m", n)), From: event.Actor{Kind: event.Customer, ID: "u1"}, Text: "hello",
		})
		raw, err := e.Encode()
		require.NoError(b, err)
		ack, err := js.Publish(ctx, e.Subject(), raw)
		require.NoError(b, err)
		return ack.Sequence
	}
	for _, sockets := range []int{1, 100, 1000} {
		b.Run(fmt.Sprint("sockets=", sockets), func(b *testing.B) {
			ctx, cancel := context.WithCancel(b.Context())
			defer cancel()
			a := &arrivals{early: map[int][]arrival{}, took: hdrhistogram.New(1, 60_000_000, 3)}
			for i := range sockets {
				s.follow(ctx, token, func(seq uint64, at time.Time) { a.frame(i, seq, at) })
			}
			publish(ctx)
			pause := time.NewTicker(130 * time.Millisecond) // out of step with the tick
			defer pause.Stop()
			b.ResetTimer()
			for b.Loop() {
				<-pause.C
				a.begin(sockets)
				a.published(publish(ctx))
				select {
				case <-a.done:
				case <-time.After(10 * time.Second):
					require.Fail(b, "a frame is missing")
				}
			}
			b.ReportMetric(float64(a.took.ValueAtPercentile(50))/1000, "p50-ms")
			b.ReportMetric(float64(a.took.ValueAtPercentile(99))/1000, "p99-ms")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkCheckOverNATS asks for verdicts over NATS, beside a bare echo with the
// same fsync: a service that does nothing but store what it is sent and answer.
// One operation is one check.
func BenchmarkCheckOverNATS(b *testing.B) {
	s := startServed(b, postgrestest.Dir(b))
	conn := s.natsClient()
	js, err := jetstream.New(conn)
	require.NoError(b, err)
	_, err = conn.Subscribe("echo", func(m *nats.Msg) {
		n, _, _ := bytes.Cut(m.Data, []byte(" "))
		if _, err := js.Publish(context.WithoutCancel(b.Context()), "floor.bench.conversation.viewed.echo"+string(n), m.Data[len(n)+1:]); err == nil {
			_ = m.Respond(n) // whoever asked sees that no answer comes.
		}
	})
	require.NoError(b, err)
	check, bare := hdrhistogram.New(1, 60_000_000, 3), hdrhistogram.New(1, 60_000_000, 3)
	n := 0
	for b.Loop() {
		n++
		request := fmt.Sprintf(`{"conversation":"c%d","message":"m%d","from":{"kind":"agent","id":"a1"},"text":"Your parcel has left our warehouse and arrives on Friday."}`, n%50, n)
		began := time.Now()
		reply, err := conn.RequestWithContext(b.Context(), "floorsvc.bench.message.check", []byte(request))
		require.NoError(b, err)
		_ = check.RecordValue(time.Since(began).Microseconds())
		require.Contains(b, string(reply.Data), `"verdict":"allow"`)

		e := event.New("bench", "bench", fmt.Sprint("e", n), time.Now(), &event.ConversationViewed{Conversation: "c1", Agent: "a1"})
		raw, err := e.Encode()
		require.NoError(b, err)
		began = time.Now()
		_, err = conn.RequestWithContext(b.Context(), "echo", fmt.Appendf(nil, "%d %s", n, raw))
		require.NoError(b, err)
		_ = bare.RecordValue(time.Since(began).Microseconds())
	}
	b.ReportMetric(float64(check.ValueAtPercentile(50))/1000, "p50-ms")
	b.ReportMetric(float64(check.ValueAtPercentile(99))/1000, "p99-ms")
	b.ReportMetric(float64(bare.ValueAtPercentile(50))/1000, "echo-p50-ms")
	b.ReportMetric(float64(bare.ValueAtPercentile(99))/1000, "echo-p99-ms")
	b.ReportMetric(float64(check.ValueAtPercentile(99))/float64(bare.ValueAtPercentile(99)), "x-of-echo-p99")
	b.ReportMetric(0, "ns/op")
}
