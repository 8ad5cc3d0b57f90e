package hub

import "sync/atomic"

// drain tells a tenant when the writers that a tick has woken have all begun to write. How long that takes is what
// handing out costs the machine: a writer that waited for a frame runs at once unless the processors are busy. One that
// is held up by its own slow client was not waiting, and does not count.
type drain struct {
	handing atomic.Bool   // a tick is handing out
	left    atomic.Int64  // writers that were woken and have not taken their frame
	done    chan struct{} // one slot
}

func newDrain() *drain { return &drain{done: make(chan struct{}, 1)} }

// begin is called before a tick hands out, and end after it. Between them the drain is not done, however fast the
// writers are.
func (d *drain) begin() {
	d.left.Add(1)
	d.handing.Store(true)
}

func (d *drain) end() {
	d.handing.Store(false)
	d.took()
}

// woke notes that a waiting writer has something to do, and reports whether it counts.
func (d *drain) woke() bool {
	if d == nil || !d.handing.Load() {
		return false
	}
	d.left.Add(1)
	return true
}

// took notes that one that counted has begun.
func (d *drain) took() {
	if d.left.Add(-1) > 0 {
		return
	}
	select {
	case d.done <- struct{}{}:
	default: // it is known already
	}
}

// busy reports whether writers of an earlier tick have not begun yet.
func (d *drain) busy() bool { return d.left.Load() > 0 }
