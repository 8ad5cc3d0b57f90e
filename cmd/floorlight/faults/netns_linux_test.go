package faults

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/cmd/floorlight/load"
	"github.com/floorlight/floorlight/history/postgres/postgrestest"
)

// island is a network of its own, with one way to clients and one to what a server
// stands on.
type island struct {
	t        *testing.T
	name     string
	clients  string // its address to clients
	backends string // what it stands on has this address
}

func ip(t *testing.T, args ...string) {
	t.Helper()
	out, err := exec.Command("ip", args...).CombinedOutput()
	require.NoError(t, err, "ip %v: %s: a network of its own needs root, or CAP_SYS_ADMIN and CAP_NET_ADMIN in a container", args, out)
}

func newIsland(t *testing.T) *island {
	t.Helper()
	number := os.Getpid() % 60
	i := &island{t: t, name: fmt.Sprint("floor", os.Getpid())}
	ip(t, "netns", "add", i.name)
	t.Cleanup(func() { ip(t, "netns", "del", i.name) }) // its links go with it.
	for n, link := range []string{"c", "b"} {
		here, there := fmt.Sprintf("fl%s%d", link, os.Getpid()), "eth"+link
		net := fmt.Sprintf("10.213.%d.", 4*number+n)
		ip(t, "link", "add", here, "type", "veth", "peer", "name", there, "netns", i.name)
		ip(t, "addr", "add", net+"1/30", "dev", here)
		ip(t, "link", "set", here, "up")
		ip(t, "-n", i.name, "addr", "add", net+"2/30", "dev", there)
		ip(t, "-n", i.name, "link", "set", there, "up")
		if link == "c" {
			i.clients = net + "2"
		} else {
			i.backends = net + "1"
		}
	}
	ip(t, "-n", i.name, "link", "set", "lo", "up")
	return i
}

// cut lets nothing through to what the server stands on: nobody is told.
func (i *island) cut() { ip(i.t, "link", "set", fmt.Sprint("flb", os.Getpid()), "down") }

func (i *island) mend() { ip(i.t, "link", "set", fmt.Sprint("flb", os.Getpid()), "up") }

// bridge is an address on the way to the island at which another one answers.
func (i *island) bridge(network, address string) string {
	i.t.Helper()
	l, err := net.Listen("tcp", i.backends+":0")
	require.NoError(i.t, err)
	i.t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial(network, address)
			if err != nil {
				_ = in.Close()
				continue
			}
			for _, way := range [][2]net.Conn{{in, out}, {out, in}} {
				go func() {
					_, _ = io.Copy(way[0], way[1]) // either end may go away.
					_ = way[0].Close()
				}()
			}
		}
	}()
	return l.Addr().String()
}

// TestFaultIslanded cuts a server off from NATS and PostgreSQL at once, without a
// word, while its clients are still there. Another one takes its desks over, and
// what the first one still shows is never what it says to be now. When it is back
// it has what the other one has made of them.
func TestFaultIslanded(t *testing.T) {
	t.Parallel()

	i := newIsland(t)
	n := newNATS(t)
	database := postgrestest.New(t)
	where, err := pgx.ParseConfig(database)
	require.NoError(t, err)
	over := url.URL{
		Scheme: "postgres", User: url.User(where.User), Path: where.Database, RawQuery: "sslmode=disable",
		Host: i.bridge("unix", filepath.Join(where.Host, fmt.Sprint(".s.PGSQL.", where.Port))),
	}
	first := oneOfSeveral(t, "nats://"+i.bridge("tcp", n.address), over.String(), "--partitions", "4")
	first.under, first.listen, first.database = []string{"ip", "netns", "exec", i.name}, i.clients+":0", database
	first.start()
	second := several(t, 1, n.url(), database, "--partitions", "4")[0]
	d := open(second, 40, n.url(), first)
	still := newStill(t, first)
	for range long(6, 1) {
		d.more(50)
		require.Eventually(t, func() bool { return owns(t, database, first) > 0 && owns(t, database, second) > 0 }, time.Minute, 50*time.Millisecond, "both have a share")
		i.cut()
		began := time.Now()
		require.Eventually(t, func() bool { return owns(t, database, second) == 4 }, 30*time.Second, 20*time.Millisecond, "the other one takes over")
		t.Logf("taken over after %s", time.Since(began).Round(time.Millisecond))
		d.more(50)
		require.Eventually(t, func() bool { return still.behind() }, time.Minute, 50*time.Millisecond, "who still looks at the first one is told how old that is")
		<-time.After(long(time.Minute, 3*time.Second))
		i.mend()
		require.Eventually(t, func() bool { return owns(t, database, first) > 0 }, 2*time.Minute, 50*time.Millisecond, "it gets a share again")
		d.more(50)
	}
	proveAll(t, d)
}

// still looks at a wallboard of one server for as long as that lets it.
type still struct {
	conn *websocket.Conn
	lag  atomic.Int64 // of the last beat, milliseconds
}

func newStill(t *testing.T, s *server) *still {
	t.Helper()
	token, err := s.token("lumen", load.Owner)
	require.NoError(t, err)
	conn, answer, err := websocket.Dial(t.Context(), "ws"+strings.TrimPrefix(s.url, "http")+"/v1/live", &websocket.DialOptions{
		Subprotocols: []string{"floorlight.v1"}, HTTPHeader: http.Header{"Authorization": {"Bearer " + token}},
	})
	require.NoError(t, err)
	if answer.Body != nil {
		_ = answer.Body.Close() // empty.
	}
	conn.SetReadLimit(1 << 24)
	require.NoError(t, wsjson.Write(t.Context(), conn, map[string]any{"op": "subscribe", "id": 1, "topic": "wallboard"}))
	w := &still{conn: conn}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			var frame struct {
				Op  string `json:"op"`
				Lag int64  `json:"lag_ms"`
			}
			if wsjson.Read(context.WithoutCancel(t.Context()), conn, &frame) != nil {
				return
			}
			if frame.Op == "beat" || frame.Op == "delta" {
				w.lag.Store(frame.Lag)
			}
		}
	}()
	t.Cleanup(func() { _ = conn.CloseNow(); <-done })
	return w
}

// behind reports whether the last thing that was said is that it is old.
func (w *still) behind() bool { return w.lag.Load() > 3000 }
