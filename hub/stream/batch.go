package stream

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"sync"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// The limits of an atomic batch. A server may have lower ones; it then refuses the
// batch, and its messages are published one by one.
const (
	// batchAt is how many messages a batch has at least: the server keeps one in files
	// of its own first, which costs as much as some syncs.
	batchAt = 16
	// MostBatched is how many it has at most.
	MostBatched    = 256
	batchMostBytes = 4 << 20

	batchID      = "Nats-Batch-Id"
	batchSeq     = "Nats-Batch-Sequence"
	batchCommit  = "Nats-Batch-Commit"
	batchCommits = "1"
)

// errNotBatched says that nothing of a batch is stored, and that its messages, one by
// one, may be.
var errNotBatched = errors.New("the stream did not take the batch")

// batches stores many messages with one sync, one batch at a time.
type batches struct {
	possible bool
	turn     sync.Mutex
}

// share is how many of the messages, from the first, are one batch; at least one.
func share(messages []*nats.Msg) int {
	bytes := 0
	for i, m := range messages[:min(len(messages), MostBatched)] {
		if bytes += len(m.Data); bytes > batchMostBytes {
			return max(i, 1)
		}
	}
	return min(len(messages), MostBatched)
}

// batched stores them as one batch and reports what became of each, or that nothing
// did: they are too few, or the stream takes them only one by one, as it does where it
// has one of them already.
func (s *Stream) batched(ctx context.Context, messages []*nats.Msg, results []Result) bool {
	if !s.batches.possible || len(messages) < batchAt {
		return false
	}
	first, err := s.publishBatch(ctx, messages)
	if errors.Is(err, errNotBatched) {
		return false
	}
	for i := range results {
		if results[i].Err = err; err == nil {
			results[i].Ack = Ack{Seq: first + uint64(i)}
		}
	}
	return true
}

// publishBatch stores all of the messages or none, in their order and one behind the
// other, and says where the first stands. errNotBatched comes wrapped around the cause;
// any other error as of Publish.
func (s *Stream) publishBatch(ctx context.Context, messages []*nats.Msg) (first uint64, err error) {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	s.batches.turn.Lock()
	defer s.batches.turn.Unlock()
	id, before := rand.Text(), uint64(0)
	last := messages[len(messages)-1]
	for i, m := range messages[:len(messages)-1] {
		if err := s.nc.PublishMsg(part(m, id, i)); err != nil {
			return 0, fmt.Errorf("%w: %w", errNotBatched, err)
		}
		before++
	}
	commit := part(last, id, len(messages)-1)
	commit.Header[batchCommit] = []string{batchCommits}
	ack, err := s.js.PublishMsg(ctx, commit, jetstream.WithRetryAttempts(0))
	if _, refused := errors.AsType[*jetstream.APIError](err); refused || errors.Is(err, nats.ErrMaxPayload) {
		return 0, fmt.Errorf("%w: %w", errNotBatched, err)
	}
	if err != nil {
		return 0, fmt.Errorf("publish a batch: %w", interpret(err))
	}
	return ack.Sequence - before, nil
}

// part is the message as one of a batch.
func part(m *nats.Msg, batch string, i int) *nats.Msg {
	p := &nats.Msg{Subject: m.Subject, Data: m.Data, Header: nats.Header{batchID: {batch}, batchSeq: {strconv.Itoa(i + 1)}}}
	if id, ok := m.Header[jetstream.MsgIDHeader]; ok {
		p.Header[jetstream.MsgIDHeader] = id
	}
	return p
}
