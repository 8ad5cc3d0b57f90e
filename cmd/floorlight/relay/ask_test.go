package relay

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"golang.org/x/sync/errgroup"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/live"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// empty has nothing to restore.
type empty struct{}

func (empty) Fetch(context.Context, event.TenantID, []fold.Ref) (map[fold.Ref][]byte, error) {
	return nil, nil
}

// two are the routers of two servers on one NATS.
func two(t *testing.T) (a, b *Router) {
	t.Helper()
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, NoSigs: true})
	require.NoError(t, err)
	s.Start()
	require.True(t, s.ReadyForConnections(30*time.Second))
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	one := func() *Router {
		nc, err := nats.Connect(s.ClientURL(), nats.Timeout(time.Minute))
		require.NoError(t, err)
		t.Cleanup(nc.Close)
		r, err := New(Config{Conn: nc, Partitions: 1, Now: time.Now, Logger: zerolog.Nop()})
		require.NoError(t, err)
		t.Cleanup(r.Stop)
		return r
	}
	return one(), one()
}

// own gives a router a hub with one event in it.
func own(t *testing.T, r *Router, epoch string, more map[string]Answer) (*Owned, *hub.Hub) {
	t.Helper()
	h := hub.New(hub.Config{Restorer: empty{}, Now: time.Now, Tick: time.Millisecond, Epoch: epoch, Logger: zerolog.Nop()})
	t.Cleanup(h.Stop)
	say(t, h, 1)
	o, err := r.Own(t.Context(), 0, h, func() bool { return true }, more)
	require.NoError(t, err)
	return o, h
}

// say delivers the start of conversation n.
func say(t *testing.T, h *hub.Hub, n uint64) {
	t.Helper()
	id := strings.Repeat("c", int(n))
	e := event.New("shop", "test", id, time.Now(), &event.ConversationStarted{Conversation: event.ConversationID(id), Channel: "web", Customer: event.Profile{ID: "u"}})
	require.NoError(t, h.Deliver(t.Context(), []hub.Delivery{{Seq: n, Arrived: time.Now(), Event: &e}}))
	require.NoError(t, h.WaitApplied(t.Context(), n))
}

// TestQuestions asks another server, also for more than one message holds, and
// hears its faults, and that there is nobody.
func TestQuestions(t *testing.T) {
	t.Parallel()

	a, b := two(t)
	_, err := b.Directory(t.Context(), "shop")
	require.ErrorIs(t, err, live.ErrNoOwner)
	require.Equal(t, live.CodeNotReady, live.FaultOf(err).Code)

	long := bytes.Repeat([]byte("0123456789abcdef"), 200_000)
	o, _ := own(t, a, "a", map[string]Answer{
		"long": func(context.Context, event.TenantID) ([]byte, error) { return long, nil },
		"fault": func(context.Context, event.TenantID) ([]byte, error) {
			return nil, &live.Fault{Code: live.CodeConflict, Field: "f", Detail: "d"}
		},
	})
	for _, r := range []*Router{a, b} {
		got, err := r.Ask(t.Context(), "shop", "long")
		require.NoError(t, err)
		require.Equal(t, long, got)
		_, err = r.Ask(t.Context(), "shop", "fault")
		require.Equal(t, &live.Fault{Code: live.CodeConflict, Field: "f", Detail: "d"}, live.FaultOf(err))
		_, err = r.Ask(t.Context(), "shop", "nonsense")
		require.Equal(t, live.CodeInternal, live.FaultOf(err).Code)
		d, err := r.Directory(t.Context(), "shop")
		require.NoError(t, err)
		require.Len(t, d.Channels, 1)
		_, err = r.Snapshot(t.Context(), hub.Request{Tenant: "shop", Topic: "conversation/none"})
		require.Equal(t, live.CodeNotFound, live.FaultOf(err).Code)
		all, err := r.Desks(t.Context())
		require.NoError(t, err)
		require.Len(t, all, 1)
	}
	o.Leave()
	_, err = b.Directory(t.Context(), "shop")
	require.ErrorIs(t, err, live.ErrNoOwner)
	_, err = a.Directory(t.Context(), "shop")
	require.ErrorIs(t, err, live.ErrNoOwner)
}

// TestQuestionsAtTheEnd lets an owner end again and again while it is asked: what has
// begun to be answered is waited for, and what comes then is not answered any more.
func TestQuestionsAtTheEnd(t *testing.T) {
	t.Parallel()

	a, b := two(t)
	h := hub.New(hub.Config{Restorer: empty{}, Now: time.Now, Tick: time.Millisecond, Epoch: "o", Logger: zerolog.Nop()})
	t.Cleanup(h.Stop)
	var gone atomic.Bool
	for range 30 {
		gone.Store(false)
		o, err := a.Own(t.Context(), 0, h, func() bool { return true }, map[string]Answer{
			"late": func(context.Context, event.TenantID) ([]byte, error) {
				if gone.Load() {
					t.Error("answered after the end")
				}
				return nil, nil
			},
		})
		require.NoError(t, err)
		require.NoError(t, b.c.Conn.Flush())
		subject := subjectOf(ownSubject, 0, "shop", "late")
		for range 2000 {
			require.NoError(t, b.c.Conn.PublishRequest(subject, "nobody.listens", nil))
		}
		require.NoError(t, b.c.Conn.Flush())
		o.Leave()
		gone.Store(true)
	}
}

// wants reads an outbox until a frame of that epoch has come, and returns what came.
func wants(t *testing.T, out *hub.Outbox, epoch string, op hub.Op) []hub.Frame {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var all []hub.Frame
	for {
		f, err := out.Next(ctx)
		require.NoError(t, err)
		all = append(all, f)
		if f.Op == op && strings.HasPrefix(string(f.Epoch), epoch) {
			return all
		}
	}
}

// readers follow the wallboard at each of the servers until the test ends.
func readers(t *testing.T, at ...*Router) []*hub.Outbox {
	t.Helper()
	outs := make([]*hub.Outbox, 0, len(at))
	for _, r := range at {
		out := hub.NewOutbox(1<<20, nil)
		require.NoError(t, r.Attach(t.Context(), "shop", out))
		sub, err := r.Subscribe(t.Context(), hub.Request{Tenant: "shop", Topic: hub.TopicWallboard}, 1, out, nil)
		require.NoError(t, err)
		t.Cleanup(func() {
			sub.Close()
			r.Detach("shop", out)
		})
		outs = append(outs, out)
	}
	return outs
}

// TestPartitionMoves: readers at both servers stay while the desk goes from one to
// the other and back, with nobody in between. Each new owner begins with a
// snapshot; from then on the deltas come.
func TestPartitionMoves(t *testing.T) {
	t.Parallel()

	a, b := two(t)
	outs := readers(t, a, b) // before there is an owner
	for round, r := range []*Router{a, b, a} {
		epoch := string(rune('p' + round))
		o, h := own(t, r, epoch, nil)
		for _, out := range outs {
			wants(t, out, epoch, hub.OpSnapshot)
		}
		say(t, h, 2)
		for _, out := range outs {
			for _, f := range wants(t, out, epoch, hub.OpDelta) {
				require.NotEqual(t, hub.OpSum, f.Op)
			}
		}
		o.Leave()
		h.Stop()
	}
	for _, out := range outs { // nobody is there, and the beats say so
		beats := wants(t, out, "", hub.OpBeat)
		require.Equal(t, hub.OpBeat, beats[len(beats)-1].Op)
	}
}

// TestOwnerIsSucceeded: a hub takes another one's place at the same server, again and
// again, while it is asked there and by another server. Everybody is answered all the
// while, and readers at both servers get the new hub's snapshot and then its deltas.
func TestOwnerIsSucceeded(t *testing.T) {
	t.Parallel()

	a, b := two(t)
	o, h := own(t, a, "o0", nil)
	wallboard := hub.Request{Tenant: "shop", Topic: hub.TopicWallboard}
	outs := readers(t, a, b)
	for _, out := range outs {
		wants(t, out, "o0", hub.OpSnapshot)
	}
	enough := make(chan struct{})
	var askers errgroup.Group
	for _, r := range []*Router{a, b} {
		askers.Go(func() error {
			for {
				select {
				case <-enough:
					return nil
				default:
				}
				if _, err := r.Directory(t.Context(), "shop"); err != nil {
					return err
				}
				if _, err := r.Desks(t.Context()); err != nil {
					return err
				}
				if _, err := r.Snapshot(t.Context(), wallboard); err != nil {
					return err
				}
			}
		})
	}
	for round := range 5 {
		before := h
		epoch := fmt.Sprint("o", round+1)
		o, h = own(t, a, epoch, nil)
		before.Stop()
		for _, out := range outs {
			wants(t, out, epoch, hub.OpSnapshot)
		}
		say(t, h, 2)
		for _, out := range outs {
			wants(t, out, epoch, hub.OpDelta)
		}
	}
	close(enough)
	require.NoError(t, askers.Wait())
	o.Leave()
}
