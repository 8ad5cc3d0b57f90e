package faults

import (
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history/postgres/postgrestest"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
)

// TestFaultLostTail puts an older store back, inside and outside, and lets other
// events have the sequences that were lost: fewer than were lost, as many, and more,
// so that neither the end of the stream nor a count tells. What was acknowledged
// and stored stays; so does what is acknowledged from then on.
func TestFaultLostTail(t *testing.T) {
	t.Parallel()

	t.Run("while it runs", func(t *testing.T) {
		t.Parallel()
		n, s, d := onNATS(t, 40)
		for _, extra := range []int{5, 300} {
			d.more(50)
			d.hold()
			s.level(d)
			n.end(syscall.SIGKILL)
			older := copyOf(t, n.dir)
			n.start()
			d.letGo()
			d.more(100)
			d.hold()
			s.level(d)
			n.end(syscall.SIGKILL)
			putBack(t, n.dir, older)
			n.command = nil
			publishBeside(t, d, n.dir, freeAddress(t), extra)
			n.start()
			d.letGo()
			d.more(50)
		}
		s.prove(d)
	})
	t.Run("while it is stopped", func(t *testing.T) {
		t.Parallel()
		s := started(t)
		d := open(s, 40, "")
		store := filepath.Join(s.dir, "nats")
		for _, extra := range []int{5, 300} {
			d.more(50)
			d.hold()
			s.level(d)
			s.terminate()
			older := copyOf(t, store)
			s.start()
			d.letGo()
			d.more(100)
			d.hold()
			s.level(d)
			s.terminate()
			putBack(t, store, older)
			publishBeside(t, d, store, freeAddress(t), extra)
			s.start()
			d.letGo()
			d.more(50)
		}
		s.prove(d)
	})
}

// TestFaultLostTailAtSeveral puts an older store back under three servers that share
// four partitions. In turn all of them run, one of them is stopped and its
// partitions have gone to others, and all are stopped. Of two desks, in partitions
// of their own, the other events go to one alone, so that each partition has lost
// something else; and two partitions hold nothing but marks. Clients are told by a
// new epoch.
func TestFaultLostTailAtSeveral(t *testing.T) {
	t.Parallel()

	n := newNATS(t)
	servers := several(t, 3, n.url(), postgrestest.New(t), "--partitions", "4")
	require.NotEqual(t, stream.PartitionOf("lumen", 4), stream.PartitionOf("qinghe", 4))
	d := open(servers[0], 40, n.url(), servers[1:]...)
	loseTail := func(extra int) {
		n.end(syscall.SIGKILL)
		older := copyOf(t, n.dir)
		n.start()
		d.letGo()
		d.more(100)
		d.hold()
		servers[1].level(d)
		n.end(syscall.SIGKILL)
		putBack(t, n.dir, older)
		n.command = nil
		publishBeside(t, d, n.dir, freeAddress(t), extra)
	}
	for i, stopped := range long([][]*server{nil, servers[:1], servers, nil, servers[1:], servers}, [][]*server{nil, servers[:1]}) {
		for _, extra := range long([]int{5, 300}, []int{5, 300}[i%2:i%2+1]) {
			d.more(30)
			d.hold()
			servers[1].level(d)
			epochs := map[event.TenantID]string{}
			for id, client := range d.clients {
				epochs[id] = client.Epoch()
			}
			loseTail(extra)
			var ends sync.WaitGroup
			for _, s := range stopped {
				ends.Go(func() { s.terminate() })
			}
			ends.Wait()
			n.start()
			for _, s := range stopped {
				s.start()
			}
			d.letGo()
			d.more(30)
			for id, client := range d.clients {
				require.Eventually(t, func() bool { return client.Epoch() != epochs[id] }, time.Minute, 20*time.Millisecond, "the client of %s is told", id)
			}
		}
	}
	proveAll(t, d)
}

// publishBeside gives the next sequences of a store to new events, with a NATS that
// nobody else knows.
func publishBeside(t *testing.T, d *desks, dir, address string, events int) {
	t.Helper()
	n := &outside{t: t, dir: dir, address: address}
	n.start()
	defer n.end(syscall.SIGTERM)
	conn := connect(t, n.url())
	defer conn.Close()
	js, err := jetstream.New(conn)
	require.NoError(t, err)
	floor, err := js.Stream(t.Context(), stream.Name)
	require.NoError(t, err)
	before := floor.CachedInfo().State.LastSeq
	for range events {
		e := d.oneMore(&event.MessageSent{From: event.Actor{Kind: event.Customer, ID: "u"}, Text: "hello"})
		raw, err := e.Encode()
		require.NoError(t, err)
		_, err = js.Publish(t.Context(), e.Subject(), raw, jetstream.WithMsgID(e.MsgID()))
		require.NoError(t, err)
		d.acked.Add(e.Tenant, e.Source, e.ID)
	}
	info, err := floor.Info(t.Context())
	require.NoError(t, err)
	require.Equal(t, before+uint64(events), info.State.LastSeq)
}
