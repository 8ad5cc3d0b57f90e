package hub

import (
	"context"
	"encoding/json"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
)

// gate is a restorer without entities that answers once it is opened.
type gate struct {
	asked  chan struct{}
	opened chan struct{}
}

func newGate() *gate { return &gate{asked: make(chan struct{}, 64), opened: make(chan struct{})} }

func (g *gate) Fetch(ctx context.Context, _ event.TenantID, _ []fold.Ref) (map[fold.Ref][]byte, error) {
	g.asked <- struct{}{}
	select {
	case <-g.opened:
		return nil, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func gatedHub(t *testing.T) (*Hub, *gate) {
	t.Helper()
	g := newGate()
	h := New(Config{Restorer: g, Now: time.Now, Tick: ShortestTick, Epoch: "t", Logger: zerolog.Nop()})
	t.Cleanup(h.Stop)
	return h, g
}

// started is a delivery of a new conversation.
func started(seq uint64, tenant event.TenantID, c string) Delivery {
	now := time.Now()
	e := event.New(tenant, "s", fmt.Sprint("e", seq), now, &event.ConversationStarted{
		Conversation: event.ConversationID(c), Channel: "web", Customer: event.Profile{ID: "u1"},
	})
	return Delivery{Seq: seq, Arrived: now, Event: &e}
}

// knowing restores a tenant that has to fetch a conversation.
func knowing(h *Hub, id event.TenantID, c string) {
	st := fold.New(id)
	st.Know(fold.Ref{Kind: fold.KindConversation, ID: c})
	h.Restore(st, 0)
}

// stuckHub is a hub whose tenant b waits, at sequence 1, for what it has asked for.
func stuckHub(t *testing.T) (*Hub, *gate) {
	t.Helper()
	h, g := gatedHub(t)
	knowing(h, "b", "c9")
	require.NoError(t, h.Deliver(t.Context(), []Delivery{started(1, "b", "c9")}))
	<-g.asked
	return h, g
}

// pass lets time go by in a bubble, in which it does so once nobody has anything to do.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func (h *Hub) running() int {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return len(h.tenants)
}

func TestAskingLeavesNoTenantBehind(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, _ := gatedHub(t)
		ctx := t.Context()
		ask := func(id event.TenantID) {
			frame, err := h.Snapshot(ctx, Request{Tenant: id, Topic: TopicWallboard})
			require.NoError(t, err)
			require.Contains(t, string(frame.Body()), `"metrics"`)
			_, found, err := h.Seen(ctx, id, "c1", "m1")
			require.NoError(t, err)
			require.False(t, found)
			agents, err := h.Agents(ctx, id, "c1")
			require.NoError(t, err)
			require.Empty(t, agents)
			_, err = h.Place(ctx, id, "c1")
			require.NoError(t, err)
			_, profile, err := h.Desk(ctx, id)
			require.NoError(t, err)
			require.NotNil(t, profile)
		}
		for i := range 50 {
			ask(event.TenantID(fmt.Sprint("nobody", i)))
		}
		require.Equal(t, 50, h.running())
		require.Empty(t, h.Tenants(), "none of them has a state")

		// One gets events, and one has a reader.
		require.NoError(t, h.Deliver(ctx, []Delivery{started(1, "nobody1", "c1")}))
		out := NewOutbox(OutboxBytes, nil)
		require.NoError(t, h.Attach(ctx, "nobody2", out))
		sub, err := h.Subscribe(ctx, Request{Tenant: "nobody2", Topic: TopicQueue}, 1, out, nil)
		require.NoError(t, err)
		pass(emptyOutlives + 3*time.Second)
		require.Equal(t, 2, h.running())
		require.Equal(t, []event.TenantID{"nobody1"}, h.Tenants())

		ask("nobody3") // again
		require.Equal(t, 3, h.running())
		sub.Close()
		h.Detach("nobody2", out)
		pass(emptyOutlives + 3*time.Second)
		require.Equal(t, 1, h.running())
		sub.Close() // of a tenant that has ended
		h.Detach("nobody2", out)
		require.ErrorIs(t, sub.Check(ctx, 1), ErrUnsubscribed)
		require.Equal(t, 1, h.running())
	})
}

// TestEventsMeetTenantsThatEnd delivers to tenants, and asks, just when they may end.
func TestEventsMeetTenantsThatEnd(t *testing.T) {
	t.Parallel()
	var clock atomic.Int64
	h := New(Config{Restorer: newGate(), Tick: time.Millisecond, Epoch: "t", Logger: zerolog.Nop(), Now: func() time.Time {
		return time.Unix(1_800_000_000+clock.Add(7), 0) // an empty tenant ends within a few looks
	}})
	defer h.Stop()
	for seq := range uint64(300) {
		id := event.TenantID(fmt.Sprint("t", seq))
		_, _, err := h.Desk(t.Context(), id)
		require.NoError(t, err)
		require.NoError(t, h.Deliver(t.Context(), []Delivery{started(seq+1, id, "c1")}))
		place, err := h.Place(t.Context(), id, "c1")
		require.NoError(t, err)
		require.Contains(t, []event.ChannelID{"", "web"}, place.Channel)
	}
	require.NoError(t, h.WaitApplied(t.Context(), 300))
	require.Len(t, h.Tenants(), 300)
	for seq := range 300 {
		place, err := h.Place(t.Context(), event.TenantID(fmt.Sprint("t", seq)), "c1")
		require.NoError(t, err)
		require.EqualValues(t, "web", place.Channel)
	}
}

// TestQuietTenantsRest counts how often 300 desks look at the clock in a minute
// without events or readers, and that the next event goes out at once.
func TestQuietTenantsRest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var looks atomic.Int64
		h := New(Config{Restorer: newGate(), Tick: ShortestTick, Epoch: "t", Logger: zerolog.Nop(), Now: func() time.Time {
			looks.Add(1)
			return time.Now()
		}})
		defer h.Stop()
		const desks = 300
		for i := range uint64(desks) {
			require.NoError(t, h.Deliver(t.Context(), []Delivery{started(i+1, event.TenantID(fmt.Sprint("t", i)), "c1")}))
		}
		pass(5 * time.Second)
		require.Equal(t, desks, h.running())
		before := looks.Load()
		pass(time.Minute)
		perSecond := float64(looks.Load()-before) / desks / 60
		require.Less(t, perSecond, 8.0, "looks at the clock, a desk and second")

		out := NewOutbox(OutboxBytes, nil)
		_, err := h.Subscribe(t.Context(), Request{Tenant: "t7", Topic: TopicWallboard}, 1, out, nil)
		require.NoError(t, err)
		_, ok, err := out.Take()
		require.NoError(t, err)
		require.True(t, ok)
		pass(10 * time.Second)
		require.NoError(t, h.Deliver(t.Context(), []Delivery{started(desks+1, "t7", "c2")}))
		synctest.Wait() // no time passes
		frame, ok, err := out.Take()
		require.NoError(t, err)
		require.True(t, ok)
		require.Equal(t, OpDelta, frame.Op)
		// The next ones go out together with the tick.
		require.NoError(t, h.Deliver(t.Context(), []Delivery{started(desks+2, "t7", "c3"), started(desks+3, "t7", "c4")}))
		synctest.Wait()
		_, ok, err = out.Take()
		require.NoError(t, err)
		require.False(t, ok)
		pass(ShortestTick)
		frame, ok, err = out.Take()
		require.NoError(t, err)
		require.True(t, ok)
		require.Equal(t, OpDelta, frame.Op)
	})
}

func TestWaitAppliedWaitsForEveryTenant(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, g := gatedHub(t)
		knowing(h, "b", "c9")
		require.NoError(t, h.Deliver(t.Context(), []Delivery{
			started(1, "a", "c1"), started(2, "b", "c2"), started(3, "b", "c9"), started(4, "a", "c3"), {Seq: 5},
		}))
		<-g.asked
		synctest.Wait()
		wait := func(seq uint64) chan error {
			done := make(chan error, 1)
			go func() { done <- h.WaitApplied(t.Context(), seq) }()
			return done
		}
		require.NoError(t, <-wait(2), "what stands before the fetch is applied")
		all, further := wait(5), wait(6)
		synctest.Wait()
		select {
		case err := <-all:
			require.Fail(t, "b has not applied 3", "%v", err)
		default:
		}
		// a goes on while b waits, and whoever gives up is let go.
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		require.ErrorIs(t, h.WaitApplied(short, 4), context.DeadlineExceeded)
		place, err := h.Place(t.Context(), "a", "c3")
		require.NoError(t, err)
		require.EqualValues(t, "web", place.Channel)
		close(g.opened)
		require.NoError(t, <-all)
		synctest.Wait()
		require.Empty(t, further, "6 has not come yet")
		require.NoError(t, h.Deliver(t.Context(), []Delivery{{Seq: 6}}))
		require.NoError(t, <-further)
	})
}

func TestDeliverWaitsForAStuckTenant(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, g := stuckHub(t)
		seq := uint64(1)
		for range inboxBatches {
			seq++
			require.NoError(t, h.Deliver(t.Context(), []Delivery{started(seq, "b", fmt.Sprint("c", 100+seq))}))
		}
		done := make(chan error, 1)
		go func() {
			done <- h.Deliver(t.Context(), []Delivery{started(seq+1, "b", "last"), started(seq+2, "a", "c1")})
		}()
		synctest.Wait()
		require.Empty(t, done, "the inbox is full, and nothing is dropped")
		require.Equal(t, seq, h.Position())
		close(g.opened)
		require.NoError(t, <-done)
		require.NoError(t, h.WaitApplied(t.Context(), seq+2))
		_, counts, at, err := h.Today(t.Context(), "b")
		require.NoError(t, err)
		require.Equal(t, seq+1, at)
		require.NotZero(t, counts)
	})
}

func TestStopWhileATenantFetches(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, _ := stuckHub(t)
		waits, delivers := make(chan error, 1), make(chan error, 1)
		go func() { waits <- h.WaitApplied(context.WithoutCancel(t.Context()), 1) }()
		go func() {
			for seq := uint64(2); ; seq++ {
				if err := h.Deliver(context.WithoutCancel(t.Context()), []Delivery{started(seq, "b", "c1")}); err != nil {
					delivers <- err
					return
				}
			}
		}()
		synctest.Wait()
		h.Stop()
		h.Stop()
		require.ErrorIs(t, <-waits, ErrStopped)
		require.ErrorIs(t, <-delivers, ErrStopped)
		_, err := h.Snapshot(t.Context(), Request{Tenant: "new", Topic: TopicWallboard})
		require.ErrorIs(t, err, ErrStopped)
		require.ErrorIs(t, h.Attach(t.Context(), "b", NewOutbox(OutboxBytes, nil)), ErrStopped)
		require.ErrorIs(t, h.Deliver(t.Context(), []Delivery{started(99, "new", "c1")}), ErrStopped)
	})
}

func TestBeatsFromAttachToDetach(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, _ := gatedHub(t)
		out := NewOutbox(OutboxBytes, nil)
		require.NoError(t, h.Attach(t.Context(), "a", out))
		beats := func() (n int) {
			for {
				frame, ok, err := out.Take()
				require.NoError(t, err)
				if !ok {
					return n
				}
				require.Equal(t, OpBeat, frame.Op)
				n++
			}
		}
		total := 0
		for range 10 {
			pass(time.Second)
			total += beats()
		}
		require.GreaterOrEqual(t, total, 6, "a beat each time that nothing has come for a second")
		require.LessOrEqual(t, total, 10)
		h.Detach("a", out)
		beats()
		pass(10 * time.Second)
		require.Zero(t, beats())
		require.NoError(t, h.Attach(t.Context(), "a", out))
		pass(3 * time.Second)
		require.Positive(t, beats())
	})
}

// TestBeatsAreAsOldAsTheStreamIsSilent lets the stream fall silent and answer again.
func TestBeatsAreAsOldAsTheStreamIsSilent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, _ := gatedHub(t)
		out := NewOutbox(OutboxBytes, nil)
		require.NoError(t, h.Attach(t.Context(), "a", out))
		after := func(seconds int) (ms int64) { // of the last beat
			ms = -1
			for range seconds {
				pass(time.Second)
				frame, ok, err := out.Take()
				require.NoError(t, err)
				if !ok {
					continue
				}
				var beat struct {
					Lag int64 `json:"lag_ms"`
				}
				require.NoError(t, json.Unmarshal(frame.Body(), &beat))
				ms = beat.Lag
			}
			return ms
		}
		require.Zero(t, after(3))
		h.Unheard(h.cfg.Now())
		require.InDelta(t, 9000, after(10), 1100)
		h.Unheard(time.Time{})
		require.Zero(t, after(3))
	})
}

// TestResumeAcrossAViewsEnd comes back to a filtered topic soon, and after it was let go of.
func TestResumeAcrossAViewsEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, _ := gatedHub(t)
		require.NoError(t, h.Deliver(t.Context(), []Delivery{started(1, "a", "c1")}))
		require.NoError(t, h.WaitApplied(t.Context(), 1))
		r := Request{Tenant: "a", Topic: TopicWallboard, Filter: Filter{Channel: []event.ChannelID{"web"}}}
		follow := func(since *Position) (Subscription, []Frame) {
			out := NewOutbox(OutboxBytes, nil)
			sub, err := h.Subscribe(t.Context(), r, 1, out, since)
			require.NoError(t, err)
			var frames []Frame
			for {
				frame, ok, err := out.Take()
				require.NoError(t, err)
				if !ok {
					return sub, frames
				}
				frames = append(frames, frame)
			}
		}
		sub, frames := follow(nil)
		require.Len(t, frames, 1)
		require.Equal(t, OpSnapshot, frames[0].Op)
		was := Position{Epoch: frames[0].Epoch, Version: frames[0].Version}
		sub.Close()

		require.NoError(t, h.Deliver(t.Context(), []Delivery{started(2, "a", "c2")}))
		pass(filterOutlives / 2)
		sub, frames = follow(&was)
		require.Len(t, frames, 1)
		require.Equal(t, OpDelta, frames[0].Op, "only what was missed")
		require.Equal(t, was.Epoch, frames[0].Epoch)
		was.Version = frames[0].Version
		sub.Close()

		pass(filterOutlives + 3*time.Second)
		_, frames = follow(&was)
		require.Len(t, frames, 1)
		require.Equal(t, OpSnapshot, frames[0].Op)
		require.NotEqual(t, was.Epoch, frames[0].Epoch)
		var d struct {
			State struct {
				Metrics map[string]struct{ Value json.RawMessage }
			}
		}
		require.NoError(t, json.Unmarshal(append(frames[0].Head(), frames[0].Body()...), &d))
		require.Equal(t, "2", string(d.State.Metrics["sessions"].Value))
	})
}

func TestChecksThatGetNoAnswerAreErrors(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, _ := gatedHub(t)
		out := NewOutbox(1000, nil)
		sub, err := h.Subscribe(t.Context(), Request{Tenant: "a", Topic: TopicWallboard}, 1, out, nil)
		require.NoError(t, err)
		require.NoError(t, sub.Check(t.Context(), 1), "at once, behind the snapshot")
		// The reader takes nothing, so it is skipped, and its checks wait.
		seq := uint64(0)
		for range 3 {
			seq++
			require.NoError(t, h.Deliver(t.Context(), []Delivery{started(seq, "a", fmt.Sprint("c", seq))}))
			pass(time.Second)
		}
		for id := range RequestID(mostChecks) {
			require.NoError(t, sub.Check(t.Context(), id))
		}
		require.ErrorIs(t, sub.Check(t.Context(), 99), ErrTooManyChecks)
		sub.Close()
		require.ErrorIs(t, sub.Check(t.Context(), 100), ErrUnsubscribed)
		h.Stop()
		require.ErrorIs(t, sub.Check(t.Context(), 101), ErrStopped)
	})
}

// TestADirectoryAheadOfThePast takes no sample of a desk that has a directory of
// today and a past that is still to come, or is coming with pauses and together
// with events of the present.
func TestADirectoryAheadOfThePast(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, _ := gatedHub(t)
		pass(12 * time.Hour) // to noon
		now := time.Now()
		staff := event.New("a", "s", "staff", now, &event.AgentUpdated{Agent: "a1", Name: "Ann"})
		require.NoError(t, h.Deliver(t.Context(), []Delivery{{Seq: 1, Arrived: now, Event: &staff}}))
		pass(2 * time.Second)
		for i := range uint64(30) {
			if i == 10 {
				require.NoError(t, h.Deliver(t.Context(), []Delivery{started(12, "a", "c10")}))
				continue
			}
			d := started(2+i, "a", fmt.Sprint("c", i))
			d.Event.Time = now.Add(time.Duration(i)*time.Minute - 30*time.Minute)
			require.NoError(t, h.Deliver(t.Context(), []Delivery{d}))
			pass(3 * time.Second)
		}
		require.NoError(t, h.Deliver(t.Context(), []Delivery{started(40, "a", "late")}))
		pass(3 * time.Minute)
		s, err := h.Series(t.Context(), Request{Tenant: "a", Topic: TopicWallboard}, []string{"sessions"}, 60)
		require.NoError(t, err)
		require.GreaterOrEqual(t, len(s.Times), 30)
		last := -1.0
		for i, v := range s.Series["sessions"] {
			require.NotNil(t, v)
			require.GreaterOrEqual(t, *v, last, s.Times[i])
			last = *v
		}
		require.InDelta(t, 31, last, 0)
	})
}
