package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats.go"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/cmd/floorlight/proof"
	"github.com/floorlight/floorlight/history/postgres"
	"github.com/floorlight/floorlight/history/postgres/postgrestest"
	"github.com/floorlight/floorlight/hub/event"
)

// wire is a way to a server, on which things go wrong.
type wire struct {
	tb    testing.TB
	name  string
	proxy *toxiproxy.Proxy
}

func newWire(tb testing.TB, name, upstream string) *wire {
	tb.Helper()
	w := &wire{tb: tb, name: name, proxy: toxiproxy.NewProxy(toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop()), name, "127.0.0.1:0", upstream)}
	require.NoError(tb, w.proxy.Start())
	tb.Cleanup(w.proxy.Stop)
	return w
}

func (w *wire) address() string { return w.proxy.Listen }

// disorder is what is wrong with a wire for a while.
type disorder struct {
	name   string
	toxics []string // with their attributes; both ways
}

var disorders = []disorder{
	{"latency", []string{`"type":"latency","attributes":{"latency":80,"jitter":60}`}},
	// About 40 KB/s: a delay in µs behind each piece.
	{"thin", []string{`"type":"slicer","attributes":{"average_size":400,"size_variation":200,"delay":10000}`}},
	{"pieces", []string{`"type":"slicer","attributes":{"average_size":97,"size_variation":50,"delay":50}`}},
	{"reset", []string{`"type":"reset_peer","attributes":{"timeout":150}`}},
	{"half open", []string{`"type":"timeout","attributes":{"timeout":0}`}},
	{"slow close", []string{`"type":"slow_close","attributes":{"delay":1500}`, `"type":"limit_data","attributes":{"bytes":30000}`}},
}

// suffer makes the disorder begin. The end of it cuts what was half open.
func (w *wire) suffer(d disorder) (heal func()) {
	w.tb.Helper()
	var names []string
	for i, toxic := range d.toxics {
		for _, stream := range []string{"upstream", "downstream"} {
			name := fmt.Sprint(stream, i)
			_, err := w.proxy.Toxics.AddToxicJson(strings.NewReader(fmt.Sprintf(`{"name":%q,"stream":%q,"toxicity":1,%s}`, name, stream, toxic)))
			require.NoError(w.tb, err)
			names = append(names, name)
		}
	}
	return func() {
		w.tb.Helper()
		for _, name := range names {
			require.NoError(w.tb, w.proxy.Toxics.RemoveToxic(context.WithoutCancel(w.tb.Context()), name))
		}
	}
}

// overTCP makes a PostgreSQL that listens on a socket of the file system reachable by an address.
func overTCP(t *testing.T, dsn string) string {
	t.Helper()
	config, err := pgx.ParseConfig(dsn)
	require.NoError(t, err)
	socket := filepath.Join(config.Host, fmt.Sprint(".s.PGSQL.", config.Port))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = near.Close() }()
				far, err := net.Dial("unix", socket)
				if err != nil {
					return
				}
				defer func() { _ = far.Close() }()
				go func() {
					_, _ = io.Copy(far, near)
					_ = far.Close()
				}()
				_, _ = io.Copy(near, far)
			}()
		}
	}()
	return l.Addr().String()
}

// TestFaultOfTheNetwork lets everything go wrong on the wires between clients and
// server, server and NATS, server and PostgreSQL, one after the other, while events
// come in and a client follows; then nothing is lost, counted twice or shown wrongly.
func TestFaultOfTheNetwork(t *testing.T) {
	t.Parallel()

	events, each, rounds := 3000, 400*time.Millisecond, 1
	if soak := proof.Soak(); soak > 0 {
		each = 6 * time.Second
		rounds = max(1, int(soak/(10*time.Minute))) // a round takes some three minutes
		events = 20_000
	}
	database, err := postgres.Start(t.Context(), postgres.Config{DataDir: filepath.Join(postgrestest.Dir(t), "postgres"), Logger: zerolog.Nop(), NoFsync: true})
	require.NoError(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 20*time.Second)
		defer cancel()
		require.NoError(t, database.Stop(ctx))
	})
	outside, err := url.Parse(outsideNATS(t))
	require.NoError(t, err)
	toNATS, toDatabase := newWire(t, "nats", outside.Host), newWire(t, "database", overTCP(t, database.URL()))
	s := startServed(t, postgrestest.Dir(t), "--nats-url", "nats://"+toNATS.address(),
		"--database-url", "postgres://floorlight@"+toDatabase.address()+"/floorlight?sslmode=disable")
	toServer := newWire(t, "server", strings.TrimPrefix(s.url, "http://"))
	service, owner := s.token("star", "service"), s.token("star", "owner")
	follower := proof.Follow(t.Context(), "star", func() (string, error) { return owner, nil }, "http://"+toServer.address())
	defer follower.Stop()

	batches := starBatches(t, events)
	var acked proof.Acked
	var sent atomic.Int64
	done := make(chan error, 1)
	pace := make(chan struct{}) // so that some are left for every disorder
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute+2*proof.Soak())
	defer cancel()
	go func() {
		for _, b := range batches {
			select {
			case <-pace:
			case <-ctx.Done():
				done <- ctx.Err()
				return
			}
			for ok := false; !ok; {
				if ctx.Err() != nil {
					done <- ctx.Err()
					return
				}
				trying, giveUp := context.WithTimeout(ctx, 5*time.Second)
				ok = posted(trying, "http://"+toServer.address()+"/v1/events", service, b.raw)
				giveUp()
				if !ok {
					http.DefaultClient.CloseIdleConnections()
				}
			}
			b.acked(&acked)
			sent.Add(1)
		}
		done <- nil
	}()
	wires := []*wire{toServer, toNATS, toDatabase}
	turns := len(wires) * len(disorders) * rounds
	share := max(1, len(batches)/(turns+1))
	push := func(n int) { // as many as are taken meanwhile
		for range n {
			select {
			case pace <- struct{}{}:
			case <-ctx.Done():
			case <-time.After(each):
				return
			}
		}
	}
	for range rounds {
		for _, d := range disorders {
			for _, w := range wires {
				before := sent.Load()
				heal := w.suffer(d)
				began := time.Now()
				push(share)
				select {
				case <-time.After(each - min(each, time.Since(began))):
				case <-ctx.Done():
				}
				heal()
				if before < int64(len(batches)) {
					push(1)
				}
				require.Eventually(t, func() bool { return sent.Load() > before || sent.Load() == int64(len(batches)) }, time.Minute, time.Millisecond, "%s to %s: nothing goes on", d.name, w.name)
			}
		}
	}
	close(pace)
	require.NoError(t, <-done)
	desks := proof.Require(t, s.claim(database.URL(), &acked, map[event.TenantID]*proof.Follower{"star": follower}))
	require.Equal(t, len(batches)*50, desks[0].Stored)
	t.Logf("%d disorders; the client needed %d connections", turns, desks[0].Lives)
	require.Greater(t, desks[0].Lives, 1, "the client's wire was cut")
}

// TestNATSThatVanishes: a connection on which nothing comes any more is given up in half a minute.
func TestNATSThatVanishes(t *testing.T) {
	t.Parallel()

	require.LessOrEqual(t, natsPingEvery*(natsPingsMissed+1), 30*time.Second)
	var o nats.Options
	for _, option := range natsOptions(zerolog.Nop()) {
		require.NoError(t, option(&o))
	}
	require.Equal(t, natsPingEvery, o.PingInterval)
	require.Equal(t, natsPingsMissed, o.MaxPingsOut)
	require.Equal(t, -1, o.MaxReconnect)
}
