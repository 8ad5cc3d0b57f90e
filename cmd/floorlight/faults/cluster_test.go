package faults

import (
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/cmd/floorlight/proof"
	"github.com/floorlight/floorlight/history/postgres/postgrestest"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
)

// cluster is a NATS of three servers, each in a process of its own.
type cluster []*outside

func newCluster(t *testing.T) cluster {
	t.Helper()
	var routes []string
	c := make(cluster, 3)
	for i := range c {
		c[i] = &outside{t: t, dir: t.TempDir(), address: freeAddress(t)}
		at := freeAddress(t)
		c[i].cluster = at
		routes = append(routes, "nats://"+at)
	}
	for _, n := range c {
		n.cluster += " " + strings.Join(routes, ",")
		n.spawn()
		t.Cleanup(func() {
			n.signal(syscall.SIGCONT)
			n.end(syscall.SIGKILL)
		})
	}
	for _, n := range c {
		n.answers()
	}
	return c
}

func (c cluster) url() string {
	urls := make([]string, len(c))
	for i, n := range c {
		urls[i] = n.url()
	}
	return strings.Join(urls, ",")
}

// leads is which of them leads FLOOR.
func (c cluster) leads(t *testing.T, d *desks) int {
	t.Helper()
	found := -1
	require.Eventually(t, func() bool {
		floor, err := d.js.Stream(t.Context(), stream.Name)
		if err != nil || floor.CachedInfo().Cluster == nil {
			return false
		}
		for i, n := range c {
			if own, _, _ := strings.Cut(n.cluster, " "); own == floor.CachedInfo().Cluster.Leader {
				found = i
			}
		}
		return found >= 0
	}, time.Minute, 20*time.Millisecond, "FLOOR has a leader")
	return found
}

// whole waits until FLOOR has all of its copies.
func (c cluster) whole(t *testing.T, d *desks) {
	t.Helper()
	var last *jetstream.ClusterInfo
	require.Eventually(t, func() bool {
		floor, err := d.js.Stream(t.Context(), stream.Name)
		if err != nil || floor.CachedInfo().Cluster == nil {
			return false
		}
		last = floor.CachedInfo().Cluster
		for _, r := range last.Replicas {
			if !r.Current || r.Offline {
				return false
			}
		}
		return last.Leader != "" && len(last.Replicas) == len(c)-1
	}, 2*time.Minute, 50*time.Millisecond, "%+v", last)
}

// proveAll proves at each of the servers, and that they show the same.
func proveAll(t *testing.T, d *desks) {
	t.Helper()
	d.drain()
	hubs := map[event.TenantID]string{}
	for i, s := range d.s {
		claim := proof.Claim{URL: s.url, Token: s.token, Database: s.databaseURL(), Acked: &d.acked}
		if i == 0 {
			claim.Clients = d.clients
		}
		for _, desk := range proof.Require(t, claim) {
			if hubs[desk.Tenant] == "" {
				hubs[desk.Tenant] = desk.Hub
			}
			require.Equal(t, hubs[desk.Tenant], desk.Hub, "all servers show the same of %s", desk.Tenant)
		}
	}
}

// TestFaultNATSNode takes nodes of a cluster of three away under three servers:
// the one that leads the stream and one that follows, killed and stopped without a
// word. Two of three go on. With one left nothing can be stored: publishers are
// told so in order, and all goes on when the second one is back.
func TestFaultNATSNode(t *testing.T) {
	t.Parallel()

	c := newCluster(t)
	servers := several(t, 3, c.url(), postgrestest.New(t), "--partitions", "4")
	d := open(servers[0], 30, c.url(), servers[1:]...)
	chance := rand.New(rand.NewPCG(seed(t), 4))
	type way struct {
		name   string
		leader bool
		go_    func(*outside)
		come   func(*outside)
	}
	kill := func(n *outside) { n.end(syscall.SIGKILL) }
	start := func(n *outside) { n.start() }
	hang := func(n *outside) { n.signal(syscall.SIGSTOP) }
	resume := func(n *outside) { n.signal(syscall.SIGCONT) }
	ways := []way{
		{"the leader killed", true, kill, start},
		{"a follower stopped", false, hang, resume},
	}
	ways = long(append(ways, way{"the leader stopped", true, hang, resume}, way{"a follower killed", false, kill, start}), ways)
	for range long(3, 1) {
		for _, w := range ways {
			d.more(30)
			victim := c.leads(t, d)
			if !w.leader {
				victim = (victim + 1 + chance.IntN(2)) % len(c)
			}
			began := time.Now()
			w.go_(c[victim])
			d.more(60)
			t.Logf("%s: 60 events more are acknowledged after %s", w.name, time.Since(began).Round(time.Millisecond))
			w.come(c[victim])
			c.whole(t, d)
		}
		d.more(30)
		first := c.leads(t, d)
		second := (first + 1 + chance.IntN(2)) % len(c)
		kill(c[first])
		d.more(30)
		kill(c[second])
		requireNoQuorum(t, d)
		c[first].spawn() // either is enough
		d.more(30)
		c[second].spawn()
		c.whole(t, d)
	}
	d.more(30)
	proveAll(t, d)
}

// requireNoQuorum holds that each server refuses in order what it cannot store, in
// time, and says of itself that it is not ready, while it still shows the desks.
func requireNoQuorum(t *testing.T, d *desks) {
	t.Helper()
	refusals := make([]error, len(d.s))
	var asking sync.WaitGroup
	for i, s := range d.s {
		e := d.oneMore(&event.MessageSent{From: event.Actor{Kind: event.Customer, ID: "u"}, Text: "hello"})
		asking.Go(func() { refusals[i] = d.postTo(t.Context(), s, &e) })
	}
	asking.Wait()
	for i, err := range refusals {
		require.Error(t, err)
		require.Regexp(t, `^HTTP: 503 unavailable, Retry-After \d+$`, err.Error(), "server %d", i)
	}
	said := 0 // that they are not ready, without a break
	require.Eventually(t, func() bool {
		said++
		for _, s := range d.s {
			if status, _, _ := s.ask(http.MethodGet, "/readyz", "", "", 10*time.Second); status != http.StatusServiceUnavailable {
				said = 0
			}
		}
		return said == 60
	}, time.Minute, 50*time.Millisecond, "none is ready, for three seconds: %s", d.s[0].readyz())
	for i, s := range d.s {
		status, _, _ := s.ask(http.MethodGet, "/v1/metrics?metric=chats", "lumen", "", 30*time.Second)
		require.Equal(t, http.StatusOK, status, "server %d reports from PostgreSQL", i)
	}
}
