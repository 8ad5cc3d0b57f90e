package stream_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
)

// TestDuplicates publishes the same events again, alone and in a batch, and
// looks that nothing is stored twice.
func TestDuplicates(t *testing.T) {
	t.Parallel()

	d := newDesk(t, stream.Config{})
	d.fill(0, 50)
	again := say("star", 7)
	ack, err := d.Publish(t.Context(), &again)
	require.NoError(t, err)
	require.Equal(t, stream.Ack{Seq: 8, Duplicate: true}, ack)
	for i, r := range d.PublishBatch(t.Context(), says("star", 40, 20)) {
		require.NoError(t, r.Err)
		require.Equal(t, i < 10, r.Duplicate, i)
	}
	last, err := d.Last(t.Context())
	require.NoError(t, err)
	require.Equal(t, uint64(60), last)

	other := say("moon", 7)
	ack, err = d.Publish(t.Context(), &other)
	require.NoError(t, err)
	require.False(t, ack.Duplicate, "the same id of another tenant is another event")
}

// TestIDsThatNoHeaderCarries stores events whose ids differ only in what a
// header would alter.
func TestIDsThatNoHeaderCarries(t *testing.T) {
	t.Parallel()

	d := newDesk(t, stream.Config{})
	var messages []stream.Message
	for _, id := range []string{"a b", "a\nb", "a\r\nb", "a\tb", "a b ", "客服"} {
		e := event.New("star", "test", id, noon, &event.AgentPresence{Agent: "a1", Status: event.Online})
		raw, err := e.Encode()
		require.NoError(t, err)
		messages = append(messages, stream.Message{Subject: e.Subject(), Raw: raw, MsgID: e.MsgID()})
	}
	for i, r := range d.PublishMessages(t.Context(), messages) {
		require.NoError(t, r.Err)
		require.Equal(t, stream.Ack{Seq: uint64(i + 1)}, r.Ack)
	}
	for i, want := range []string{"star/test/a b", "", "", "", "", "star/test/客服"} {
		m, err := d.At(t.Context(), uint64(i+1))
		require.NoError(t, err)
		require.Equal(t, want, m.MsgID)
		require.Equal(t, messages[i].Raw, m.Raw)
	}
}

// TestInFlight takes no batch, and answers no publish before 32 have come: a publisher
// that waits for each ack would time out.
func TestInFlight(t *testing.T) {
	t.Parallel()

	d := newDesk(t, stream.Config{})
	js := d.jetstream()
	require.NoError(t, js.DeleteStream(t.Context(), stream.Name))
	held := make([]*nats.Msg, 0, 32)
	seq := 0
	elsewhere := d.connect()
	_, err := elsewhere.Subscribe("floor.>", func(m *nats.Msg) {
		if m.Header.Get("Nats-Batch-Id") != "" {
			if m.Reply != "" {
				if err := m.Respond([]byte(`{"error":{"code":400,"err_code":10174,"description":"no batches here"}}`)); err != nil {
					t.Error(err)
				}
			}
			return
		}
		held = append(held, m)
		if len(held) < 32 {
			return
		}
		for _, h := range held {
			seq++
			if err := h.Respond([]byte(fmt.Sprintf(`{"stream":"FLOOR","seq":%d}`, seq))); err != nil {
				t.Error(err)
			}
		}
		held = held[:0]
	})
	require.NoError(t, err)
	require.NoError(t, elsewhere.FlushTimeout(patience)) // the server knows of it

	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	defer cancel()
	for i, r := range d.PublishBatch(ctx, says("star", 0, 640)) {
		require.NoError(t, r.Err)
		require.Equal(t, uint64(i+1), r.Seq)
	}
}

// TestFull fills the stream, gets a clean refusal, and goes on after a purge
// with the event that was refused.
func TestFull(t *testing.T) {
	t.Parallel()

	d := newDesk(t, stream.Config{MaxBytes: 64 << 10})
	var refused event.Event
	n := 0
	for refused.ID == "" {
		list := says("star", n, 50)
		for i, r := range d.PublishBatch(t.Context(), list) {
			if r.Err == nil {
				require.Empty(t, refused.ID, "nothing is stored behind a refusal")
				n++
				continue
			}
			require.ErrorIs(t, r.Err, stream.ErrFull)
			require.NotErrorIs(t, r.Err, stream.ErrUnavailable)
			if refused.ID == "" {
				refused = list[i]
			}
		}
		require.Less(t, n, 1000)
	}
	_, err := d.Publish(t.Context(), &refused)
	require.ErrorIs(t, err, stream.ErrFull)
	st, err := d.State(t.Context())
	require.NoError(t, err)
	require.Greater(t, st.Full(), 0.9)
	require.LessOrEqual(t, st.Full(), 1.0)
	require.Equal(t, uint64(n), st.Messages)

	require.NoError(t, d.Purge(t.Context(), 0))
	require.NoError(t, d.Purge(t.Context(), 1))
	st, err = d.State(t.Context())
	require.NoError(t, err)
	require.Equal(t, uint64(1), st.First, "below 1 there is nothing")

	require.NoError(t, d.Purge(t.Context(), st.Last))
	ack, err := d.Publish(t.Context(), &refused)
	require.NoError(t, err)
	require.Equal(t, stream.Ack{Seq: uint64(n) + 1}, ack)
	st, err = d.State(t.Context())
	require.NoError(t, err)
	require.Equal(t, uint64(n), st.First, "the message at the sequence stays")
}

// TestUnavailable publishes to a server that is down, and to one that has no stream.
func TestUnavailable(t *testing.T) {
	t.Parallel()

	d := newDesk(t, stream.Config{AckWait: 300 * time.Millisecond})
	e := say("star", 0)

	js := d.jetstream()
	require.NoError(t, js.DeleteStream(t.Context(), stream.Name))
	_, err := d.Publish(t.Context(), &e)
	require.ErrorIs(t, err, stream.ErrUnavailable)
	require.ErrorIs(t, d.PublishBatch(t.Context(), says("star", 0, 1))[0].Err, stream.ErrUnavailable)

	d.stop()
	_, err = d.Publish(t.Context(), &e)
	require.ErrorIs(t, err, stream.ErrUnavailable)
	for _, r := range d.PublishBatch(t.Context(), says("star", 0, 300)) {
		require.ErrorIs(t, r.Err, stream.ErrUnavailable)
	}
	_, err = d.State(t.Context())
	require.ErrorIs(t, err, stream.ErrUnavailable)
	_, err = d.At(t.Context(), 1)
	require.ErrorIs(t, err, stream.ErrUnavailable)
	_, err = d.Claim(t.Context(), "ticket", time.Minute)
	require.ErrorIs(t, err, stream.ErrUnavailable)

	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = d.Publish(gone, &e)
	require.ErrorIs(t, err, context.Canceled)
	for _, r := range d.PublishBatch(gone, says("star", 0, 300)) {
		require.ErrorIs(t, r.Err, context.Canceled)
	}

	d.nc.Close()
	_, err = d.Publish(t.Context(), &e)
	require.ErrorIs(t, err, stream.ErrClosed)
	require.ErrorIs(t, d.Consume(t.Context(), 1, nil), stream.ErrClosed)
}

// TestTooLarge stores an event over the contract's size, which the readers
// refuse with a reason, and turns away what no copy on FLOOR_REFUSED could hold.
// brokenConn is a connection of which only the reading half still stands, when down.
type brokenConn struct {
	net.Conn

	down *atomic.Pointer[error]
}

func (c brokenConn) Write(b []byte) (int, error) {
	if err := c.down.Load(); err != nil {
		return 0, *err
	}
	return c.Conn.Write(b)
}

// TestWritesThatFail publishes into a connection that broke a moment ago, before the
// client has seen it: that is no answer, and to be published again.
func TestWritesThatFail(t *testing.T) {
	t.Parallel()

	for _, down := range []error{io.ErrClosedPipe, net.ErrClosed, &net.OpError{Op: "write", Err: syscall.EPIPE}, &net.OpError{Op: "write", Err: syscall.ECONNRESET}} {
		var fails atomic.Pointer[error]
		d := newDesk(t, stream.Config{}, quick)
		nc, err := nats.Connect("", nats.InProcessServer(connector(func() (net.Conn, error) {
			c, err := d.InProcessConn()
			return brokenConn{c, &fails}, err
		})), nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}))
		require.NoError(t, err)
		t.Cleanup(nc.Close)
		s, err := stream.Open(t.Context(), nc, stream.Config{AckWait: patience, RefusedMaxBytes: 8 << 20})
		require.NoError(t, err)
		t.Cleanup(s.Close)
		_, err = s.PublishRaw(t.Context(), "floor.star.message.sent.c1", []byte("{}"), "")
		require.NoError(t, err)
		for _, r := range s.PublishBatch(t.Context(), says("star", 0, 1)) {
			require.NoError(t, r.Err, "the client's own goroutines run")
		}
		fails.Store(&down)
		// Larger than what the client keeps back to write it together.
		large := make([]stream.Message, 20)
		for i := range large {
			large[i] = stream.Message{Subject: "floor.star.message.sent.c1", Raw: bytes.Repeat([]byte("x"), 64<<10)}
		}
		for i, r := range s.PublishMessages(t.Context(), large) {
			require.ErrorIs(t, r.Err, stream.ErrUnavailable, i)
			require.ErrorIs(t, r.Err, down, i)
		}
		fails.Store(nil)
	}
}

// connector is how to connect.
type connector func() (net.Conn, error)

func (c connector) InProcessConn() (net.Conn, error) { return c() }

func TestTooLarge(t *testing.T) {
	t.Parallel()

	d := newDesk(t, stream.Config{})
	ack, err := d.PublishRaw(t.Context(), "floor.star.message.sent.c1", []byte(strings.Repeat("x", 900<<10)), "")
	require.NoError(t, err)
	m, err := d.At(t.Context(), ack.Seq)
	require.NoError(t, err)
	require.NoError(t, d.Refuse(t.Context(), m, &event.Refusal{Reason: event.TooLarge}))
	for _, size := range []int{1020 << 10, 2 << 20} {
		_, err := d.PublishRaw(t.Context(), "floor.star.message.sent.c1", []byte(strings.Repeat("x", size)), "")
		require.ErrorIs(t, err, stream.ErrTooLarge, size)
	}
}
