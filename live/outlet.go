package live

import (
	"runtime"
	"sync"
)

// outlet writes what waits in the outboxes of WebSockets, with as many goroutines as there are processors, and none
// while there is nothing to write. A goroutine for each socket would be woken for each frame, which costs as much as
// half the frame, and keep a stack. What a kernel does not take at once is written by a goroutine of the socket's own.
type outlet struct {
	most int // goroutines

	mu      sync.Mutex
	waiting []*socket // each at most once
	first   int
	running int
}

// atOnce is how many sockets a goroutine takes from the queue at a time.
const atOnce = 16

func newOutlet() *outlet { return &outlet{most: runtime.GOMAXPROCS(0)} }

// push queues a socket whose outbox has called. It does not wait.
func (o *outlet) push(c *socket) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.waiting = append(o.waiting, c)
	if o.running < o.most {
		o.running++
		go o.work()
	}
}

// work writes until nothing waits.
func (o *outlet) work() {
	var batch [atOnce]*socket
	for {
		o.mu.Lock()
		n := copy(batch[:], o.waiting[o.first:])
		clear(o.waiting[o.first : o.first+n])
		if o.first += n; o.first == len(o.waiting) {
			o.waiting, o.first = o.waiting[:0], 0
		}
		if n == 0 {
			o.running--
			o.mu.Unlock()
			return
		}
		o.mu.Unlock()
		for _, c := range batch[:n] {
			c.drain()
		}
		clear(batch[:n])
	}
}
