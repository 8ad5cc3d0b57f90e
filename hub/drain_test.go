package hub

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// handed reports whether the drain has said that it is done.
func handed(d *drain) bool {
	select {
	case <-d.done:
		return true
	default:
		return false
	}
}

func TestDrainIsDoneWhenTheLastWaitingWriterHasBegun(t *testing.T) {
	t.Parallel()

	d := newDrain()
	var all []*Outbox
	for range 3 {
		o := NewOutbox(OutboxBytes, nil)
		o.follow(d)
		all = append(all, o)
	}
	frame := NewFrame(OpDelta, []byte("{}"))
	waits := func(o *Outbox) {
		_, ok, err := o.Take()
		require.NoError(t, err)
		require.False(t, ok)
	}
	takes := func(o *Outbox) {
		_, ok, err := o.Take()
		require.NoError(t, err)
		require.True(t, ok)
	}
	waits(all[0])
	waits(all[1]) // the third is held up by its client
	d.begin()
	for _, o := range all {
		o.offer(frame, maySkip)
	}
	takes(all[0])
	d.end()
	require.True(t, d.busy())
	require.False(t, handed(d))
	takes(all[1])
	require.False(t, d.busy())
	require.True(t, handed(d), "the one that was not waiting does not count")

	waits(all[0])
	all[0].offer(frame, mustKeep)
	require.False(t, d.busy(), "a reply is nobody's tick")
	takes(all[0])

	waits(all[0])
	waits(all[1])
	d.begin()
	all[0].offer(frame, maySkip)
	all[1].offer(frame, maySkip)
	d.end()
	require.True(t, d.busy())
	all[0].Close(ReasonGone)
	require.True(t, d.busy())
	all[1].follow(nil)
	require.False(t, d.busy(), "who has gone is not waited for")
	require.True(t, handed(d))
}

func TestPaceStretchesWithHandingOutAndComesBack(t *testing.T) {
	t.Parallel()

	p := NewPace(ShortestTick, LongestTick)
	p.Handed(30 * time.Millisecond)
	require.Equal(t, ShortestTick, p.Next(0), "little is no load")
	p.Handed(200 * time.Millisecond)
	require.Equal(t, 400*time.Millisecond, p.Tick(), "at once")
	require.Equal(t, 400*time.Millisecond, p.Next(0), "as long as it is so")
	p.Handed(time.Hour)
	require.Equal(t, LongestTick, p.Tick())
	p.Handed(time.Millisecond)
	ticks := 0
	for before := p.Tick(); p.Next(0) > ShortestTick; before = p.Tick() {
		require.Less(t, p.Tick(), before)
		ticks++
	}
	require.Less(t, ticks, 30)
}

// TestTickStretchesWhileWritersDoNotRun holds a tenant's tick to what its writers suffer: as long as nobody takes the
// frames it is longer, and afterwards it comes back.
func TestTickStretchesWhileWritersDoNotRun(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		h := New(Config{Now: time.Now, Tick: ShortestTick, Epoch: "e"})
		defer h.Stop()
		out := NewOutbox(OutboxBytes, nil)
		require.NoError(t, h.Attach(t.Context(), "t1", out))
		take := func() (n int) {
			for {
				_, ok, err := out.Take()
				require.NoError(t, err)
				if !ok {
					return n
				}
				n++
			}
		}
		_, err := h.Subscribe(t.Context(), Request{Tenant: "t1", Topic: TopicWallboard}, 1, out, nil)
		require.NoError(t, err)
		take()
		require.Equal(t, ShortestTick, h.Tick())
		for h.Tick() < LongestTick { // a beat comes once a second, and its writer does not run
			<-time.After(50 * time.Millisecond)
			synctest.Wait()
		}
		stop := time.NewTicker(20 * time.Millisecond)
		defer stop.Stop()
		for h.Tick() > ShortestTick {
			<-stop.C
			take()
			synctest.Wait()
		}
	})
}
