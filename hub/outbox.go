package hub

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// OutboxBytes is the usual bound of an outbox.
const OutboxBytes = 256 << 10

// frameCost is what a waiting frame costs beside its bytes. Bodies are shared and most are short, so this is the larger
// part of what a slow connection holds of its own.
const frameCost = 128

// mostIdle bounds the places for frames that an emptied outbox keeps.
const mostIdle = 256

const (
	stalledAfter = 30 * time.Second
	beatAfter    = time.Second
)

// Outbox is what waits to be written to one connection, bounded in bytes. Putting a frame in never blocks; a single
// writer goroutine takes them out. Replies and beats stand in the same order as topics' frames.
//
// A state topic's frame that does not fit is refused, and its reader is skipped forward later. Frames that may not be
// skipped, those of a kept topic and replies, have as many bytes again of their own; when these are full, the
// connection is closed.
type Outbox struct {
	bound int
	tally *Tally
	wake  chan struct{} // one slot
	call  func()        // instead of wake; nil without

	mu     sync.Mutex
	frames []waiting
	first  int
	bytes  int // what all frames cost
	kept   int // and those that may not be skipped
	put    uint64
	taken  uint64
	closed Reason
	drain  *drain // of the tenant that is followed; nil before
	idle   bool   // the writer has found nothing and waits
	woken  bool   // it was woken from that by a tick, and counts in the drain

	// Guarded by mu too, used by Tick only.
	putAt   time.Time
	putSeen uint64
	stuckAt time.Time
	stuckOn uint64
}

type waiting struct {
	frame Frame
	kept  bool
}

func (w *waiting) cost() int { return w.frame.Len() + frameCost }

// NewOutbox returns an empty outbox for so many bytes. What is refused or closed is counted in tally, which may be nil.
func NewOutbox(bound int, tally *Tally) *Outbox {
	return &Outbox{bound: bound, tally: tally, wake: make(chan struct{}, 1)}
}

// ClosedError is what the writer gets once the outbox is closed.
type ClosedError struct{ Reason Reason }

func (e *ClosedError) Error() string { return fmt.Sprintf("hub: outbox closed: %s", e.Reason) }

// Next returns the next frame and waits for it. After Close the error is a *ClosedError; otherwise it is the context's.
func (o *Outbox) Next(ctx context.Context) (Frame, error) {
	for {
		frame, ok, err := o.Take()
		if ok || err != nil {
			return frame, err
		}
		select {
		case <-o.wake:
		case <-ctx.Done():
			return Frame{}, ctx.Err()
		}
	}
}

// Take returns the next frame if there is one. After Close the error is a *ClosedError.
func (o *Outbox) Take() (frame Frame, ok bool, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed != ReasonNone {
		return Frame{}, false, &ClosedError{Reason: o.closed}
	}
	o.begun()
	if o.first == len(o.frames) {
		o.idle = true
		return Frame{}, false, nil
	}
	o.idle = false
	w := o.frames[o.first]
	o.frames[o.first] = waiting{}
	o.first++
	if o.first == len(o.frames) {
		o.frames, o.first = o.frames[:0], 0
		if cap(o.frames) > mostIdle {
			o.frames = nil
		}
	}
	o.bytes -= w.cost()
	if w.kept {
		o.kept -= w.cost()
	}
	o.taken++
	return w.frame, true, nil
}

// Wake is signalled after a frame came into an empty outbox, and after Close, for a writer that waits for other things
// as well. After each signal the writer takes until there is nothing more.
func (o *Outbox) Wake() <-chan struct{} { return o.wake }

// Notify makes the outbox call instead of signalling Wake, for writers that are no goroutine of their own. It calls
// once when something comes, or on Close, and then not before Take has found nothing: whoever is called has the
// outbox to itself until then. The call must not wait. Notify comes before the first frame, and before Take.
func (o *Outbox) Notify(call func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call, o.idle = call, true
}

// Send puts a reply into the outbox. It reports false if the outbox is closed, or has just been because the client
// does not read its replies.
func (o *Outbox) Send(frame Frame) bool { return o.offer(frame, mustKeep) == accepted }

// Close closes the outbox and forgets what waits in it. The first reason stays.
func (o *Outbox) Close(reason Reason) {
	o.mu.Lock()
	writer := o.writer()
	if reason != ReasonNone {
		o.idle = false // it is called, and once
	}
	o.close(reason)
	o.mu.Unlock()
	o.signal(writer)
}

func (o *Outbox) close(reason Reason) {
	if o.closed != ReasonNone || reason == ReasonNone {
		return
	}
	o.begun()
	o.idle = false
	o.closed = reason
	o.frames, o.first, o.bytes, o.kept = nil, 0, 0, 0
	o.tally.add(reason)
}

// Closed returns why the outbox is closed, ReasonNone while it is open.
func (o *Outbox) Closed() Reason {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.closed
}

// Tick is to be called about every tick, by one goroutine. It puts in beat if no frame has come for a second, and
// closes the outbox if frames have waited for 30 s without one being taken. It returns the reason of closing.
func (o *Outbox) Tick(now time.Time, beat Frame) Reason {
	o.mu.Lock()
	signal, writer := false, o.writer()
	switch {
	case o.closed != ReasonNone:
	case o.first < len(o.frames):
		if o.stuckAt.IsZero() || o.taken != o.stuckOn {
			o.stuckAt, o.stuckOn = now, o.taken
		} else if now.Sub(o.stuckAt) >= stalledAfter {
			o.close(ReasonStalled)
			signal = true
		}
	default:
		o.stuckAt = time.Time{}
		if o.putAt.IsZero() || o.put != o.putSeen {
			break // something went out since the last tick
		}
		if now.Sub(o.putAt) >= beatAfter {
			o.append(waiting{frame: beat})
			signal = true
		}
	}
	if o.putAt.IsZero() || o.put != o.putSeen {
		o.putAt, o.putSeen = now, o.put
	}
	reason := o.closed
	o.mu.Unlock()
	if signal {
		o.signal(writer)
	}
	return reason
}

// manner is how much a frame insists on being put in.
type manner uint8

const (
	maySkip  manner = iota // a state topic's frame
	mustKeep               // a kept topic's frame, or a reply
	// answers is what a subscription begins with. It is put in beyond the bound: its bytes are those of the ring or
	// of the shared snapshot.
	answers
)

type verdict uint8

const (
	accepted verdict = iota
	refused
	shut
)

func (o *Outbox) offer(frame Frame, how manner) verdict {
	o.mu.Lock()
	if o.closed != ReasonNone {
		o.mu.Unlock()
		return shut
	}
	w := waiting{frame: frame, kept: how == mustKeep}
	switch how {
	case maySkip:
		// Up to half full anything goes, so that a snapshot larger than the bound comes through beside other topics.
		if o.bytes > o.bound/2 && o.bytes+w.cost() > o.bound {
			o.mu.Unlock()
			return refused
		}
	case mustKeep:
		if o.kept > 0 && o.kept+w.cost() > o.bound {
			writer := o.writer()
			o.close(ReasonBacklog)
			o.mu.Unlock()
			o.signal(writer)
			return shut
		}
	case answers:
	}
	wasEmpty, writer := o.first == len(o.frames), o.writer()
	o.append(w)
	o.mu.Unlock()
	if wasEmpty {
		o.signal(writer)
	}
	return accepted
}

// begun tells the drain that the writer is at work.
func (o *Outbox) begun() {
	if o.woken {
		o.woken = false
		o.drain.took()
	}
}

// follow makes the outbox count in a tenant's drain; nil ends that.
func (o *Outbox) follow(d *drain) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.begun()
	o.drain = d
}

func (o *Outbox) append(w waiting) {
	if o.idle {
		o.idle = false
		o.woken = o.drain.woke()
	}
	if o.first > 0 && len(o.frames) == cap(o.frames) {
		n := copy(o.frames, o.frames[o.first:])
		clear(o.frames[n:])
		o.frames, o.first = o.frames[:n], 0
	}
	o.frames = append(o.frames, w)
	o.bytes += w.cost()
	if w.kept {
		o.kept += w.cost()
	}
	o.put++
}

// writer is who was to be called, and whether he is idle: of before what he is
// told of. A connection may be closed while its writer is being made known.
func (o *Outbox) writer() writer { return writer{call: o.call, idle: o.idle} }

type writer struct {
	call func()
	idle bool
}

// signal tells the writer, which was idle, or is at work and will look again.
func (o *Outbox) signal(w writer) {
	if w.call != nil {
		if w.idle {
			w.call()
		}
		return
	}
	select {
	case o.wake <- struct{}{}:
	default: // the writer is already called
	}
}

// roomy reports whether a reader that was skipped is to be brought forward now: its connection has read at least half
// of what waited. A closed outbox is roomy, so that its reader is found out.
func (o *Outbox) roomy() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.bytes <= o.bound/2
}
