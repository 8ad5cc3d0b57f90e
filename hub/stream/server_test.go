package stream_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
)

// desk is a NATS server with JetStream on disk, fsync before each ack, that can
// be restarted under its clients, and a Stream on it.
type desk struct {
	*stream.Stream
	nc *nats.Conn

	t    testing.TB
	opts *server.Options
	mu   sync.Mutex
	ns   *server.Server // nil while it is down
}

// InProcessConn connects to whatever server runs now.
func (d *desk) InProcessConn() (net.Conn, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ns == nil {
		return nil, nats.ErrNoServers
	}
	return d.ns.InProcessConn()
}

func (d *desk) start() {
	ns, err := server.NewServer(d.opts)
	require.NoError(d.t, err)
	ns.Start()
	require.True(d.t, ns.ReadyForConnections(30*time.Second))
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ns = ns
}

func (d *desk) stop() {
	d.mu.Lock()
	ns := d.ns
	d.ns = nil
	d.mu.Unlock()
	if ns != nil {
		ns.Shutdown()
		ns.WaitForShutdown()
	}
}

func (d *desk) connect() *nats.Conn {
	nc, err := nats.Connect("", nats.InProcessServer(d), nats.MaxReconnects(-1), nats.ReconnectWait(5*time.Millisecond), nats.ReconnectJitter(0, 0))
	require.NoError(d.t, err)
	d.t.Cleanup(nc.Close)
	return nc
}

// The times that a server gets to answer. With a sync before each answer a busy disk can
// be slow, and no test is about how slow.
const (
	patience = time.Minute
	// lostWait is for who asks a server that is restarted, which may take a request with it.
	lostWait = 10 * time.Second
)

func (d *desk) open(c stream.Config) *stream.Stream {
	c.Logger = zerolog.New(zerolog.NewTestWriter(d.t)).Level(zerolog.WarnLevel)
	return d.openOn(d.connect(), c)
}

// openOn opens the streams until they are there: a test's AckWait may be shorter than
// it takes to make them.
func (d *desk) openOn(nc *nats.Conn, c stream.Config) *stream.Stream {
	d.t.Helper()
	c.RefusedMaxBytes = 8 << 20
	c.AckWait = cmp.Or(c.AckWait, patience)
	var s *stream.Stream
	var err error
	require.Eventually(d.t, func() bool {
		s, err = stream.Open(d.t.Context(), nc, c)
		return !errors.Is(err, stream.ErrUnavailable)
	}, 2*patience, time.Millisecond)
	require.NoError(d.t, err)
	d.t.Cleanup(s.Close)
	return s
}

// jetstream is the server's own interface.
func (d *desk) jetstream() jetstream.JetStream {
	d.t.Helper()
	js, err := jetstream.New(d.nc, jetstream.WithDefaultTimeout(patience))
	require.NoError(d.t, err)
	return js
}

func newDesk(tb testing.TB, c stream.Config, change ...func(*server.Options)) *desk {
	tb.Helper()
	d := &desk{t: tb, opts: &server.Options{
		DontListen: true, JetStream: true, StoreDir: tb.TempDir(), SyncAlways: true, NoSigs: true, NoLog: true,
	}}
	for _, f := range change {
		f(d.opts)
	}
	d.start()
	tb.Cleanup(d.stop)
	d.nc = d.connect()
	c.Logger = zerolog.Nop()
	d.Stream = d.openOn(d.nc, c)
	return d
}

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// say is event i of a tenant: a message in one of a few conversations.
func say(tenant event.TenantID, i int) event.Event {
	return event.New(tenant, "test", fmt.Sprintf("e%d", i), noon.Add(time.Duration(i)*time.Millisecond), &event.MessageSent{
		Conversation: event.ConversationID(fmt.Sprintf("c%d", i%7)), Message: event.MessageID(fmt.Sprintf("m%d", i)),
		From: event.Actor{Kind: event.Customer, ID: "u1"}, Text: "where is my parcel?",
	})
}

func says(tenant event.TenantID, from, n int) []event.Event {
	list := make([]event.Event, n)
	for i := range list {
		list[i] = say(tenant, from+i)
	}
	return list
}

// fill publishes until all are answered: after a restart the first attempts may
// find nobody, and a busy disk may let them wait too long.
func (d *desk) fill(from, n int) {
	d.t.Helper()
	var unanswered error
	require.Eventually(d.t, func() bool {
		unanswered = nil
		for _, r := range d.PublishBatch(d.t.Context(), says("star", from, n)) {
			unanswered = cmp.Or(unanswered, r.Err)
		}
		return unanswered == nil || !errors.Is(unanswered, stream.ErrUnavailable)
	}, 6*patience, 10*time.Millisecond)
	require.NoError(d.t, unanswered)
}

// collect consumes until n messages have come.
func collect(ctx context.Context, s *stream.Stream, from uint64, n int) ([]stream.Message, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var got []stream.Message
	err := s.Consume(ctx, from, func(batch []stream.Message) error {
		got = append(got, batch...)
		if len(got) >= n {
			return errEnough
		}
		return nil
	})
	return got, err
}

func withStore(dir string) func(*server.Options) {
	return func(o *server.Options) { o.StoreDir = dir }
}

// quick leaves fsync to later, for tests that need many messages and no crash.
func quick(o *server.Options) { o.SyncAlways = false }
