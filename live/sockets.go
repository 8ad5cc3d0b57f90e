package live

import (
	"context"
	"net"
	"sync"
	"time"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
)

const (
	pulseEvery = 250 * time.Millisecond
	// closeGrace is how long a connection may take to end after its outbox was
	// closed. A client that reads gets its close frame in that time.
	closeGrace = 3 * time.Second
)

// The kinds of connections, as the metrics name them.
const (
	webSocket   = "websocket"
	eventStream = "sse"
)

// link is one connection that follows topics: a WebSocket or a stream of events.
type link struct {
	// Immutable.
	who  *Identity
	out  *hub.Outbox
	conn net.Conn // for deadlines, and to cut it off
	kind string   // webSocket or eventStream

	// Owned by the pulse.
	endedAt time.Time
}

// sockets are all connections that follow topics.
type sockets struct {
	metrics *metrics
	most    int // of one token, and a tenth of a tenant's; 0: any number
	grace   time.Duration

	mu     sync.Mutex
	all    map[*link]struct{}
	tokens map[TokenID]int // how many of all are whose
	desks  map[event.TenantID]int
	closed hub.Reason // why there are no new ones; ReasonNone while there are
	empty  chan struct{}
}

func newSockets(m *metrics, most int, grace time.Duration) *sockets {
	return &sockets{
		metrics: m, most: most, grace: grace, all: map[*link]struct{}{}, empty: make(chan struct{}, 1),
		tokens: map[TokenID]int{}, desks: map[event.TenantID]int{},
	}
}

// add lists a connection. After close there are no new ones, and of each token
// and desk there are only so many.
func (s *sockets) add(l *link, limits *limits) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed != hub.ReasonNone {
		return fault(CodeRestart, "")
	}
	if s.most > 0 && (s.tokens[l.who.ID] >= s.most || s.desks[l.who.Tenant] >= 10*s.most) {
		return limits.refused(limitSockets, 5*time.Second)
	}
	s.tokens[l.who.ID]++
	s.desks[l.who.Tenant]++
	s.all[l] = struct{}{}
	s.metrics.sockets.WithLabelValues(string(l.who.Role), l.kind).Inc()
	return nil
}

func (s *sockets) remove(l *link) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, l)
	fewer(s.tokens, l.who.ID)
	fewer(s.desks, l.who.Tenant)
	s.metrics.sockets.WithLabelValues(string(l.who.Role), l.kind).Dec()
	if len(s.all) == 0 {
		select {
		case s.empty <- struct{}{}:
		default: // it is known already
		}
	}
}

func fewer[K comparable](of map[K]int, key K) {
	if of[key]--; of[key] == 0 {
		delete(of, key)
	}
}

// close closes every connection, and refuses new ones.
func (s *sockets) close(reason hub.Reason) {
	s.mu.Lock()
	s.closed = reason
	s.mu.Unlock()
	for _, l := range s.list() {
		l.out.Close(reason)
	}
}

// wait waits until the last connection has ended, or cuts off what is left.
func (s *sockets) wait(ctx context.Context) error {
	for {
		s.mu.Lock()
		left := len(s.all)
		s.mu.Unlock()
		if left == 0 {
			return nil
		}
		select {
		case <-s.empty:
		case <-ctx.Done():
			for _, l := range s.list() {
				l.cut()
			}
			return ctx.Err()
		}
	}
}

func (s *sockets) list() []*link {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]*link, 0, len(s.all))
	for l := range s.all {
		all = append(all, l)
	}
	return all
}

// pulse ends the connections of tokens that expire or are revoked, and cuts off those that were
// to end and did not.
func (s *sockets) pulse(ctx context.Context, now func() time.Time, ended func(TokenID) bool) {
	ticker := time.NewTicker(pulseEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		at := now()
		for _, l := range s.list() {
			l.beat(at, ended, s.grace)
		}
	}
}

func (l *link) beat(now time.Time, ended func(TokenID) bool, grace time.Duration) {
	if ended(l.who.ID) || !l.who.Expires.IsZero() && !now.Before(l.who.Expires) {
		l.out.Close(hub.ReasonTokenEnded)
	}
	switch {
	case l.out.Closed() == hub.ReasonNone:
	case l.endedAt.IsZero():
		l.endedAt = now
	case now.Sub(l.endedAt) >= grace:
		l.cut()
	}
}

// cut ends the connection whatever it is doing.
func (l *link) cut() {
	_ = l.conn.Close() // it may be closed already.
}
