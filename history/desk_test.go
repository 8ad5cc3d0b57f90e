package history

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history/postgres/postgrestest"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
)

const starTenant event.TenantID = "star"

// desk is what a writer works between: a stream on a NATS server of its own,
// and a database of its own.
type desk struct {
	*stream.Stream
	t    testing.TB
	url  string
	db   *Database
	opts *server.Options

	mu sync.Mutex
	ns *server.Server // nil while it is down
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

func testLogger(tb testing.TB) zerolog.Logger {
	tb.Helper()
	return zerolog.New(zerolog.NewTestWriter(tb)).Level(zerolog.WarnLevel)
}

func newDesk(tb testing.TB) *desk {
	tb.Helper()
	d := &desk{t: tb, opts: &server.Options{DontListen: true, JetStream: true, StoreDir: tb.TempDir(), NoSigs: true, NoLog: true}}
	d.start()
	tb.Cleanup(d.stop)
	d.open()
	d.url = postgrestest.New(tb)
	d.db = d.database()
	require.NoError(tb, d.db.Migrate(tb.Context()))
	return d
}

// patience is how long a server may take to answer where none is to be found wanting: a
// busy machine is slow, and no test is about how slow.
const patience = 30 * time.Second

// open connects to the stream anew.
func (d *desk) open() {
	nc, err := nats.Connect("", nats.InProcessServer(d), nats.MaxReconnects(-1), nats.ReconnectWait(5*time.Millisecond), nats.ReconnectJitter(0, 0))
	require.NoError(d.t, err)
	d.t.Cleanup(nc.Close)
	d.Stream, err = stream.Open(d.t.Context(), nc, stream.Config{MaxBytes: 256 << 20, RefusedMaxBytes: 8 << 20, AckWait: patience, Logger: zerolog.Nop()})
	require.NoError(d.t, err)
	d.t.Cleanup(d.Close)
}

func (d *desk) database() *Database {
	db, err := Open(d.t.Context(), Config{URL: d.url, MaxConnections: 4, Logger: testLogger(d.t)})
	require.NoError(d.t, err)
	d.t.Cleanup(db.Close)
	return db
}

// writer makes one that sweeps its memory all the time.
func (d *desk) writer() *Writer {
	w := d.db.NewWriter(d.Stream, WriterConfig{Logger: testLogger(d.t)})
	w.sweeps = sweeping{events: 1, every: time.Hour, rest: 60_000}
	return w
}

// run starts a writer. What it returns ends it, and gives the error of Run.
func (d *desk) run(w *Writer) (end func() error) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(d.t.Context()))
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	end = sync.OnceValue(func() error {
		cancel()
		return <-done
	})
	d.t.Cleanup(func() { _ = end() })
	return end
}

// await waits until the writer has committed everything that is in the stream.
func (d *desk) await(w *Writer) {
	d.t.Helper()
	last, err := d.Last(d.t.Context())
	require.NoError(d.t, err)
	d.awaitUpTo(w, last)
}

// standstill is how long a writer that has something to store may store nothing: a
// busy machine makes it slow, and it goes on all the same.
const standstill = 2 * time.Minute

// awaitUpTo waits until the writer has committed up to a sequence, for as long as it goes on.
func (d *desk) awaitUpTo(w *Writer, last uint64) {
	d.t.Helper()
	for at := w.Cursor(); at < last; at = w.Cursor() {
		require.Eventually(d.t, func() bool { return w.Cursor() != at }, standstill, 2*time.Millisecond, "the writer stands at %d, and the stream ends at %d", at, last)
	}
}

// write lets a writer store what is in the stream.
func (d *desk) write() {
	d.t.Helper()
	w := d.writer()
	end := d.run(w)
	d.await(w)
	require.NoError(d.t, end())
}

func (d *desk) publish(events ...event.Event) {
	d.t.Helper()
	for i, r := range d.PublishBatch(d.t.Context(), events) {
		require.NoError(d.t, r.Err, i)
	}
}

// starEvents reads the shared real conversations, with their profile before them.
var starEvents = sync.OnceValues(func() ([]event.Event, error) {
	dir, err := shared()
	if err != nil {
		return nil, err
	}
	f, err := os.Open(filepath.Join(dir, "data", "star.ndjson.gz"))
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	events := []event.Event{configure("profile/1", "tiktok_shop", `{"timezone":"America/New_York","market":"us"}`)}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var line struct {
			Event json.RawMessage `json:"event"`
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			return nil, err
		}
		e, err := event.Decode(line.Event)
		if err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	return events, lines.Err()
})

func star(tb testing.TB) []event.Event {
	tb.Helper()
	events, err := starEvents()
	require.NoError(tb, err)
	return slices.Clone(events)
}

func configure(id, profile, settings string) event.Event {
	return event.New(starTenant, event.ServerSource, id, time.Date(2020, 5, 1, 0, 0, 0, 0, time.UTC), &event.TenantConfigured{Profile: profile, Settings: []byte(settings)})
}

// shared is the directory that stands beside the repository.
func shared() (string, error) {
	dir, err := os.Getwd()
	for ; err == nil; dir = filepath.Dir(dir) {
		if _, statErr := os.Stat(filepath.Join(dir, "go.mod")); statErr == nil {
			return filepath.Join(filepath.Dir(dir), "shared"), nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("no go.mod above the test")
		}
	}
	return "", err
}

// noon is when the small tests' events happen.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// say is event i of a tenant: a customer's message in one of a few conversations.
func say(tenant event.TenantID, i int) event.Event {
	return event.New(tenant, "test", fmt.Sprintf("e%d", i), noon.Add(time.Duration(i)*time.Second), &event.MessageSent{
		Conversation: event.ConversationID(fmt.Sprintf("c%d", i%7)), Message: event.MessageID(fmt.Sprintf("m%d", i)),
		From: event.Actor{Kind: event.Customer, ID: fmt.Sprintf("u%d", i%7)}, Text: "where is my parcel?",
	})
}

func says(tenant event.TenantID, from, n int) []event.Event {
	list := make([]event.Event, n)
	for i := range list {
		list[i] = say(tenant, from+i)
	}
	return list
}

// dump is everything that is stored, but for what belongs to a run.
func (d *desk) dump() map[string][]string {
	d.t.Helper()
	out := map[string][]string{}
	for _, table := range append([]string{"events"}, derivedNames()...) {
		drop := ""
		switch table {
		case "entities":
			drop = " - 'seq'" // of the batch that wrote it
		case "tenants":
			drop = " - 'base' - 'base_epoch' - 'base_seq' - 'stored_as'"
		case "events":
			drop = " - 'arrived' - 'seq' - 'epoch'"
		case "contributions", "customers":
			drop = " - 'seq'"
		}
		// Under which name rows stand tells how often they were computed anew.
		rows, err := d.db.pool.Query(d.t.Context(), "SELECT (jsonb_set(to_jsonb(t), '{tenant}', to_jsonb(split_part(t.tenant, '@', 1)))"+drop+")::text FROM "+table+" t ORDER BY 1")
		require.NoError(d.t, err)
		for rows.Next() {
			var row string
			require.NoError(d.t, rows.Scan(&row))
			out[table] = append(out[table], row)
		}
		require.NoError(d.t, rows.Err())
	}
	return out
}

func derivedNames() []string {
	names := make([]string, 0, len(derived))
	for i := range derived {
		names = append(names, derived[i].name)
	}
	return names
}

func (d *desk) requireDump(want map[string][]string) {
	d.t.Helper()
	got := d.dump()
	for table := range want {
		require.Len(d.t, got[table], len(want[table]), table)
		for i := range want[table] {
			require.Equal(d.t, want[table][i], got[table][i], table)
		}
	}
}

func (d *desk) count(sql string, args ...any) int {
	d.t.Helper()
	var n int
	require.NoError(d.t, d.db.pool.QueryRow(d.t.Context(), sql, args...).Scan(&n))
	return n
}
