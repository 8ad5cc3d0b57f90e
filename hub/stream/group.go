package stream

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/nats-io/nats.go"
)

// singles is how many publishes of single messages are on their way at a time; those
// that come then wait for each other.
const singles = 8

// group gathers publishes that come while others are on their way. A stream that syncs
// each message before its ack takes them one after the other; where they come faster
// than that, as many as have gathered are stored with one sync.
type group struct {
	mu      sync.Mutex
	busy    int // publishes on their way
	waiting []*publication
}

// publication is a message that somebody waits for.
type publication struct {
	message *nats.Msg
	left    <-chan struct{} // closed when he has gone
	settled chan Result     // has room for the result
}

// publishGrouped is one publish. It goes at once, or with those that wait.
func (s *Stream) publishGrouped(ctx context.Context, m *nats.Msg) (Ack, error) {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	if !s.batches.possible {
		return s.publishSingle(ctx, m)
	}
	g := &s.group
	g.mu.Lock()
	if g.busy < singles {
		g.busy++
		g.mu.Unlock()
		ack, err := s.publishSingle(ctx, m)
		s.next() //nolint:contextcheck // it publishes for others, whose contexts are their own
		return ack, err
	}
	p := &publication{message: m, left: ctx.Done(), settled: make(chan Result, 1)}
	g.waiting = append(g.waiting, p)
	g.mu.Unlock()
	select {
	case r := <-p.settled:
		return r.Ack, r.Err
	case <-ctx.Done():
		return Ack{}, fmt.Errorf("publish: %w", interpret(ctx.Err()))
	}
}

func (s *Stream) publishSingle(ctx context.Context, m *nats.Msg) (Ack, error) {
	ack, err := s.js.PublishMsg(ctx, m)
	if err != nil {
		return Ack{}, fmt.Errorf("publish: %w", interpret(err))
	}
	return Ack{Seq: ack.Sequence, Duplicate: ack.Duplicate}, nil
}

// next hands the place of a publish that has ended to what waits.
func (s *Stream) next() {
	g := &s.group
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.waiting) == 0 {
		g.busy--
		return
	}
	n := 1
	if len(g.waiting) >= batchAt {
		n = len(g.waiting)
	}
	taken := g.waiting[:n:n]
	if g.waiting = g.waiting[n:]; len(g.waiting) == 0 {
		g.waiting = nil
	}
	go s.publishTaken(taken)
}

// publishTaken stores what somebody still waits for.
func (s *Stream) publishTaken(taken []*publication) {
	defer s.next()
	taken = slices.DeleteFunc(taken, func(p *publication) bool {
		select {
		case <-p.left:
			return true
		default:
			return false
		}
	})
	messages := make([]*nats.Msg, len(taken))
	for i, p := range taken {
		messages[i] = p.message
	}
	ctx, cancel := s.bounded(context.Background())
	defer cancel()
	for i, r := range s.publishInOrder(ctx, messages) {
		taken[i].settled <- r
	}
}
