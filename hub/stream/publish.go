package stream

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/floorlight/floorlight/hub/event"
)

const (
	// window is how many publishes of one batch wait for their acks at a time.
	// With fsync before the ack, a single one at a time is a fifth as fast.
	window = 256
	// maxPending is the same for all batches of a Stream together.
	maxPending = 4096
)

// Ack is the stream's answer: the message is on disk at Seq. Duplicate says
// that its id was there already, and nothing was stored.
type Ack struct {
	Seq       uint64
	Duplicate bool
}

// Result is what became of one event of a batch: an Ack, or an error as of Publish.
type Result struct {
	Ack
	Err error
}

// Publish stores one event and returns when it is on disk. Errors: ErrFull and
// ErrTooLarge (not stored), ErrUnavailable (stored or not; publish it again, its
// id keeps it single), the context's.
func (s *Stream) Publish(ctx context.Context, e *event.Event) (Ack, error) {
	raw, err := e.Encode()
	if err != nil {
		return Ack{}, err
	}
	return s.PublishRaw(ctx, e.Subject(), raw, e.MsgID())
}

// PublishRaw is Publish for bytes that are encoded already. Without an id the
// stream does not look for a duplicate. Those that come while many are on their way are
// stored together.
func (s *Stream) PublishRaw(ctx context.Context, subject string, raw []byte, msgID string) (Ack, error) {
	return s.publishGrouped(ctx, message(subject, raw, msgID))
}

// PublishBatch stores the events in their order, up to 256 with one sync, and
// returns when every one is answered: result i belongs to event i. Where the
// stream is slow the call waits. After an error the events behind it may stand
// in the stream all the same.
func (s *Stream) PublishBatch(ctx context.Context, events []event.Event) []Result {
	return s.publishAll(ctx, len(events), func(i int) (*nats.Msg, error) {
		raw, err := events[i].Encode()
		if err != nil {
			return nil, err
		}
		return message(events[i].Subject(), raw, events[i].MsgID()), nil
	})
}

// PublishMessages is PublishBatch for messages that are encoded already; only
// their Subject, Raw and MsgID are looked at.
func (s *Stream) PublishMessages(ctx context.Context, messages []Message) []Result {
	return s.publishAll(ctx, len(messages), func(i int) (*nats.Msg, error) {
		return message(messages[i].Subject, messages[i].Raw, messages[i].MsgID), nil
	})
}

func (s *Stream) publishAll(ctx context.Context, n int, at func(int) (*nats.Msg, error)) []Result {
	results, messages, places := make([]Result, n), make([]*nats.Msg, 0, n), make([]int, 0, n)
	for i := range n {
		m, err := at(i)
		if err != nil {
			results[i].Err = fmt.Errorf("publish: %w", err)
			continue
		}
		messages, places = append(messages, m), append(places, i)
	}
	for k, r := range s.publishInOrder(ctx, messages) {
		results[places[k]] = r
	}
	return results
}

// publishInOrder stores them in batches where they are enough and the stream takes those.
func (s *Stream) publishInOrder(ctx context.Context, messages []*nats.Msg) []Result {
	results := make([]Result, len(messages))
	for from := 0; from < len(messages); {
		to := from + share(messages[from:])
		if !s.batched(ctx, messages[from:to], results[from:to]) {
			s.publishOneByOne(ctx, messages[from:to], results[from:to])
		}
		from = to
	}
	return results
}

// publishOneByOne has up to [window] of them on their way at a time.
func (s *Stream) publishOneByOne(ctx context.Context, messages []*nats.Msg, results []Result) {
	futures := make([]jetstream.PubAckFuture, len(messages))
	for i, m := range messages {
		if i >= window {
			results[i-window].settle(ctx, futures[i-window], 2*s.ackWait)
		}
		err := ctx.Err()
		if err == nil {
			// No retry of nats.go's own: it would put this event behind the next ones.
			futures[i], err = s.js.PublishMsgAsync(m, jetstream.WithStallWait(s.ackWait), jetstream.WithRetryAttempts(0))
		}
		if err != nil {
			results[i].Err = fmt.Errorf("publish: %w", interpret(err))
		}
	}
	for i := max(0, len(messages)-window); i < len(messages); i++ {
		results[i].settle(ctx, futures[i], 2*s.ackWait)
	}
}

// settle waits for the answer; there is none to wait for after an error. The
// client's own time limit can be lost with a connection that breaks at the
// wrong moment: twice as long without a word is no answer either.
func (r *Result) settle(ctx context.Context, f jetstream.PubAckFuture, most time.Duration) {
	if f == nil {
		return
	}
	limit := time.NewTimer(most)
	defer limit.Stop()
	select {
	case ack := <-f.Ok():
		r.Ack = Ack{Seq: ack.Sequence, Duplicate: ack.Duplicate}
	case err := <-f.Err():
		r.Err = fmt.Errorf("publish: %w", interpret(err))
	case <-limit.C:
		r.Err = fmt.Errorf("publish: %w: no answer in %s", ErrUnavailable, most)
	case <-ctx.Done():
		r.Err = fmt.Errorf("publish: %w", interpret(ctx.Err()))
	}
}

func message(subject string, raw []byte, msgID string) *nats.Msg {
	m := &nats.Msg{Subject: subject, Data: raw}
	if fitsHeader(msgID) {
		m.Header = nats.Header{jetstream.MsgIDHeader: {msgID}}
	}
	return m
}

// fitsHeader reports whether a header carries the value unchanged.
func fitsHeader(v string) bool {
	return v != "" && !strings.ContainsFunc(v, func(r rune) bool { return r < ' ' || r == 0x7f }) && strings.TrimSpace(v) == v
}
