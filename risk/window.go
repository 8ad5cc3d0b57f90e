package risk

import (
	"sync"
	"time"
)

const (
	// windowFor is how long a message counts towards what is split over
	// several.
	windowFor = time.Minute
	// maxFragments and maxFragment are how many messages are kept, and how
	// many normalised bytes of each: its end.
	maxFragments = 12
	maxFragment  = 54
)

// Window is what one sender wrote in one conversation in the last minute, as far
// as what is split over several messages needs it. It is under 1 KiB whatever
// was written. The caller keeps one for each conversation and sender, puts it
// into Context.Window, and calls Add for every message that was delivered (not
// for one that was blocked, nor for a dry run). The zero Window is empty. It is
// not safe for concurrent use; Check only reads it.
type Window struct {
	fragments [maxFragments]fragment
	n         int
}

// fragment is the end of one message.
type fragment struct {
	at   int64 // milliseconds
	len  uint8
	cut  bool // it was longer
	text [maxFragment]byte
}

var windowViews = sync.Pool{New: func() any { return new(view) }}

// Add remembers a message that was delivered. Messages older than a minute
// before at are forgotten, and the oldest when there are too many.
func (w *Window) Add(text string, at time.Time) {
	w.forget(at)
	cut := len(text) > 8*maxFragment
	if cut {
		// A number that is split is not hidden in a long message's middle. The
		// cut may fall into a character, which then reads as a bad byte.
		text = text[len(text)-8*maxFragment:]
	}
	v, _ := windowViews.Get().(*view)
	v.normalise(text)
	buf := v.buf[max(0, len(v.buf)-maxFragment):]
	cut = cut || len(buf) < len(v.buf)
	if len(buf) > 0 {
		if w.n == maxFragments {
			copy(w.fragments[:], w.fragments[1:])
			w.n--
		}
		f := &w.fragments[w.n]
		w.n++
		f.at, f.cut, f.len = at.UnixMilli(), cut, uint8(copy(f.text[:], buf)) //nolint:gosec // at most maxFragment
	}
	windowViews.Put(v)
}

// Empty reports whether nothing in the window bears on a message sent at at, so
// that the caller may drop it.
func (w *Window) Empty(at time.Time) bool {
	w.forget(at)
	return w.n == 0
}

// forget drops what is too old.
func (w *Window) forget(at time.Time) {
	k := 0
	for k < w.n && w.fragments[k].at < at.Add(-windowFor).UnixMilli() {
		k++
	}
	if k > 0 {
		copy(w.fragments[:], w.fragments[k:w.n])
		w.n -= k
	}
}
