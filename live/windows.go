package live

import (
	"sync"
	"time"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/risk"
)

// sender is who writes in one conversation.
type sender struct {
	tenant       event.TenantID
	conversation event.ConversationID
	from         event.Actor
}

// mostWindows bounds the memory of what senders have just written, 1 KiB each.
const mostWindows = 20_000

// windows remember what each sender wrote in the last minute, so that a number
// split over several messages is found. They are this server's own.
type windows struct {
	mu   sync.Mutex
	kept map[sender]*risk.Window
}

// of is a copy of what a sender wrote shortly before, nil if nothing.
func (w *windows) of(s sender, at time.Time) *risk.Window {
	w.mu.Lock()
	defer w.mu.Unlock()
	kept, ok := w.kept[s]
	if !ok || kept.Empty(at) {
		return nil
	}
	window := *kept
	return &window
}

// add remembers a message that was delivered.
func (w *windows) add(s sender, text string, at time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	kept, ok := w.kept[s]
	if !ok {
		if len(w.kept) >= mostWindows {
			w.sweep(at)
		}
		if w.kept == nil {
			w.kept = make(map[sender]*risk.Window)
		}
		kept = new(risk.Window)
		w.kept[s] = kept
	}
	kept.Add(text, at)
}

// sweep lets go of what no longer bears on anything, and of any tenth if that is not
// enough: then more is written within a minute than there is room for.
func (w *windows) sweep(at time.Time) {
	for s, kept := range w.kept {
		if kept.Empty(at) {
			delete(w.kept, s)
		}
	}
	for s := range w.kept {
		if len(w.kept) < mostWindows*9/10 {
			return
		}
		delete(w.kept, s)
	}
}
