package hub

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestOutboxTick(t *testing.T) {
	t.Parallel()
	tally := &Tally{}
	o := NewOutbox(1000, tally)
	beat := NewBeat(start, 1, 0)
	at := func(s float64) Reason { return o.Tick(start.Add(time.Duration(s*float64(time.Second))), beat) }
	waits := func() int {
		n := 0
		for _, ok, _ := o.Take(); ok; _, ok, _ = o.Take() {
			n++
		}
		return n
	}
	require.Equal(t, ReasonNone, at(0))
	at(0.9)
	require.Equal(t, 0, waits())
	at(1)
	require.Equal(t, 1, waits(), "a beat after a second without a frame")
	at(1.9)
	require.Equal(t, 0, waits())
	o.Send(NewFrame("pong", []byte("{}")))
	require.Equal(t, 1, waits())
	at(2)
	at(2.9)
	require.Equal(t, 0, waits(), "there was a frame")
	at(3)
	require.Equal(t, 1, waits())

	o.Send(NewFrame("pong", []byte("{}")))
	at(10)
	at(20)
	o.Send(NewFrame("pong", []byte("{}")))
	_, ok, err := o.Take()
	require.True(t, ok)
	require.NoError(t, err)
	require.Equal(t, ReasonNone, at(39.9))
	require.Equal(t, ReasonNone, at(41), "one was taken since")
	require.Equal(t, ReasonNone, at(69.8))
	require.Equal(t, ReasonStalled, at(69.9))
	require.Equal(t, ReasonStalled, at(70))
	_, _, err = o.Take()
	var closed *ClosedError
	require.ErrorAs(t, err, &closed)
	require.Equal(t, ReasonStalled, closed.Reason)
	require.False(t, o.Send(NewFrame("pong", nil)))
	o.Close(ReasonGone)
	require.Equal(t, ReasonStalled, o.Closed(), "the first reason stays")
	require.EqualValues(t, 1, tally.Count(ReasonStalled))
	require.Zero(t, tally.Count(ReasonGone))
}

func TestOutboxRepliesAreBounded(t *testing.T) {
	t.Parallel()
	o := NewOutbox(1000, nil)
	for range 100 { // those that are read count no more
		require.True(t, o.Send(NewFrame("pong", make([]byte, 100))))
		_, _, err := o.Take()
		require.NoError(t, err)
	}
	sent := 0
	for o.Send(NewFrame("pong", make([]byte, 100))) {
		sent++
	}
	require.Equal(t, 4, sent) // each costs 100 bytes and its place
	require.Equal(t, ReasonBacklog, o.Closed())
}

// An outbox that was full once keeps no room for that, and frames without a body are bounded too.
func TestOutboxPlaces(t *testing.T) {
	t.Parallel()
	o := NewOutbox(OutboxBytes, nil)
	sent := 0
	for o.offer(Frame{Op: OpDelta}, maySkip) == accepted {
		sent++
	}
	require.Equal(t, OutboxBytes/frameCost, sent)
	for range sent {
		_, ok, err := o.Take()
		require.NoError(t, err)
		require.True(t, ok)
	}
	require.True(t, drained(o))
	require.LessOrEqual(t, cap(o.frames), mostIdle)
}

func TestOutboxNext(t *testing.T) {
	t.Parallel()
	o := NewOutbox(1000, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := o.Next(ctx)
	require.ErrorIs(t, err, context.Canceled)

	got := make(chan error, 1)
	go func() {
		for {
			if _, err := o.Next(t.Context()); err != nil {
				got <- err
				return
			}
		}
	}()
	o.Send(NewFrame("pong", []byte("{}")))
	o.Close(ReasonRestart)
	var closed *ClosedError
	require.ErrorAs(t, <-got, &closed)
	require.Equal(t, 1012, closed.Reason.CloseCode())
}

// The owner publishes while writers take at their own speed and readers send replies; every reader ends with the state.
func TestOwnerAndWriters(t *testing.T) {
	t.Parallel()
	topic := newTopic(t)
	readers := make([]*reader, 10)
	var group sync.WaitGroup
	for i := range readers {
		r := newReader(t, 2000)
		readers[i] = r
		topic.Subscribe(r.s, nil, start)
		group.Go(func() {
			for {
				m := r.read()
				if m == nil {
					if r.outbox.Closed() != ReasonNone {
						return
					}
					<-r.outbox.Wake()
				}
			}
		})
		group.Go(func() {
			for range 10 {
				r.outbox.Send(NewFrame("pong", []byte(`{"op":"pong"}`)))
			}
		})
	}
	states := map[string]bool{}
	for i := range 2000 {
		topic.Set(i, "agents", string(rune('a'+i%7)))
		topic.Flush(start, uint64(i))
	}
	for {
		topic.Flush(start, 2000)
		waiting := false
		for _, r := range readers {
			waiting = waiting || r.s.behind || !drained(r.outbox)
		}
		if !waiting || t.Failed() {
			break
		}
	}
	for _, r := range readers {
		r.outbox.Close(ReasonGone)
	}
	group.Wait()
	for _, r := range readers {
		require.Equal(t, topic.version, r.version)
		states[reference(r.state)] = true
	}
	require.Equal(t, map[string]bool{stateOf(topic): true}, states)
}

func drained(o *Outbox) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.bytes == 0
}

type failing struct{ after int }

var errGone = errors.New("gone")

func (f *failing) Write(p []byte) (int, error) {
	if f.after == 0 {
		return 0, errGone
	}
	f.after--
	return len(p), nil
}

func TestFrameWriteTo(t *testing.T) {
	t.Parallel()
	frame := Frame{head: []byte("ab"), body: []byte("cde")}
	for after, want := range []int64{0, 2, 5} {
		n, err := frame.WriteTo(&failing{after: after})
		require.Equal(t, want, n)
		require.Equal(t, after < 2, errors.Is(err, errGone))
	}
}

func TestPace(t *testing.T) {
	t.Parallel()
	p := NewPace(0, LongestTick)
	require.Equal(t, ShortestTick, p.Tick())
	require.Equal(t, ShortestTick, p.Next(25*time.Millisecond))
	require.Equal(t, 400*time.Millisecond, p.Next(100*time.Millisecond))
	require.Equal(t, LongestTick, p.Next(time.Hour))
	require.Equal(t, LongestTick, p.Next(1<<63-1))
	last := p.Tick()
	for range 40 {
		next := p.Next(time.Millisecond)
		require.True(t, next < last || next == ShortestTick)
		last = next
	}
	require.Equal(t, ShortestTick, last)
	require.Equal(t, 2*time.Second, NewPace(2*time.Second, time.Second).Next(0))
}

func TestReasons(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	(&Tally{}).Each(func(r Reason, count uint64) {
		require.NotEmpty(t, r.String())
		require.Zero(t, count)
		require.Contains(t, []int{1000, 1012, 1013, 4401}, r.CloseCode())
		seen[r.String()] = true
	})
	require.Len(t, seen, reasons-1)
	require.Equal(t, "unknown", Reason(200).String())
	var none *Tally
	none.add(ReasonGone)
	require.Zero(t, none.Count(ReasonGone))
}

// TestClosedBeforeItsWriterIsKnown: an outbox that was closed before there was
// anybody to be told calls its writer once, however often it is closed.
func TestClosedBeforeItsWriterIsKnown(t *testing.T) {
	t.Parallel()

	for range 200 {
		o, calls := NewOutbox(1<<20, nil), atomic.Int32{}
		var wg sync.WaitGroup
		wg.Go(func() { o.Close(ReasonRestart) })
		wg.Go(func() {
			o.Notify(func() { calls.Add(1) })
			if ended := o.Closed(); ended != ReasonNone {
				o.Close(ended)
			}
		})
		wg.Wait()
		o.Close(ReasonGone)
		o.Close(ReasonRestart)
		require.Equal(t, int32(1), calls.Load())
		require.Equal(t, ReasonRestart, o.Closed())
	}
}
