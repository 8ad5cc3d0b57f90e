package stream

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	inactive       = time.Minute
	mostShort      = 8 // with the pauses between them some four seconds
	firstPause     = 20 * time.Millisecond
	longestPause   = 2 * time.Second
	cleanupTimeout = 500 * time.Millisecond
)

// errInterrupted ends one consumer's life; the next goes on from the position.
var errInterrupted = errors.New("consumer interrupted")

// Consume reads FLOOR from sequence from on and gives batch whatever is there,
// 1 to 4,096 messages and at once, until ctx ends (ctx.Err()), batch returns an
// error (that error), or a *GapError, a *LostTailError or ErrClosed arises. The
// slice is used again after batch returns; what the messages point to is not.
func (s *Stream) Consume(ctx context.Context, from uint64, batch func([]Message) error) error {
	return s.consume(ctx, from, everything, batch)
}

// everything is for a reader of all partitions.
const everything = -1

func (s *Stream) consume(ctx context.Context, from uint64, partition int, batch func([]Message) error) error {
	r := reader{s: s, next: max(from, 1), batch: batch, partition: partition}
	if partition != everything {
		r.filter = s.spread.subjects(partition)
	}
	pause := firstPause
	status := s.nc.StatusChanged(nats.CONNECTED, nats.CLOSED)
	defer s.nc.RemoveStatusListener(status)
	for {
		began := r.next
		err := r.live(ctx, status)
		switch {
		case ctx.Err() != nil && !r.stopped:
			return ctx.Err()
		case s.nc.IsClosed() && !r.stopped:
			return ErrClosed
		case !errors.Is(err, errInterrupted):
			return err
		}
		if r.next > began {
			pause = firstPause
		}
		s.log.Warn().Err(err).Uint64("next", r.next).Dur("pause", pause).Msg("consumer of the stream interrupted")
		if err := r.rest(ctx, pause, status); err != nil {
			return err
		}
		pause = min(2*pause, longestPause)
	}
}

// reader is owned by the goroutine of Consume.
type reader struct {
	s       *Stream
	next    uint64  // the sequence that is wanted
	seen    Message // the last that was delivered, without its bytes; Seq 0 before the first
	batch   func([]Message) error
	created time.Time // when the stream was made; zero before the first look
	stopped bool      // batch returned an error

	partition int
	filter    []string  // of the subjects; nil: none
	short     int       // how often a stream of several copies has ended too early, in a row
	askedAt   time.Time // when the stream was last asked where it begins, by a reader with a filter
}

// rest waits before the next attempt, but not longer than the connection is away.
func (r *reader) rest(ctx context.Context, pause time.Duration, status <-chan nats.Status) error {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-status:
	case <-timer.C:
	}
	return nil
}

// live is the life of one consumer. What can be mended comes back as errInterrupted.
func (r *reader) live(ctx context.Context, status <-chan nats.Status) error {
	if err := r.check(ctx); err != nil {
		return err
	}
	create, cancel := r.s.bounded(ctx)
	defer cancel()
	consumer, err := r.s.js.CreateConsumer(create, Name, jetstream.ConsumerConfig{
		AckPolicy: jetstream.AckNonePolicy, DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: r.next,
		MemoryStorage: true, Replicas: 1, InactiveThreshold: inactive, FilterSubjects: r.filter,
	})
	if err != nil {
		return fmt.Errorf("%w: %w", errInterrupted, err)
	}
	p, err := newPull(r.s.nc, consumer.CachedInfo().Name)
	if err != nil {
		return fmt.Errorf("%w: %w", errInterrupted, err)
	}
	defer func() {
		p.stop()
		// The server forgets the consumer after a minute; sooner if it can be told.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTimeout)
		defer cancel()
		if r.s.nc.IsConnected() {
			if err := r.s.js.DeleteConsumer(ctx, Name, consumer.CachedInfo().Name); err != nil {
				r.s.log.Debug().Err(err).Msg("consumer was not deleted")
			}
		}
	}()
	var raw []*nats.Msg
	var got []Message
	for count := uint64(0); ; {
		var broken, err error
		raw, broken = p.next(ctx, status, raw[:0])
		if got, err = read(raw, got[:0], &count); err != nil {
			broken = err
		}
		if len(got) > 0 {
			if err := r.deliver(ctx, got); err != nil {
				return err
			}
		}
		switch {
		case broken == nil:
		case ctx.Err() != nil:
			return ctx.Err()
		default:
			return fmt.Errorf("%w: %w", errInterrupted, broken)
		}
		clear(raw)
		clear(got)
	}
}

// read appends what was delivered, up to where one of the consumer's own count is
// missing.
func read(raw []*nats.Msg, got []Message, count *uint64) ([]Message, error) {
	for _, m := range raw {
		at, err := whereOf(m)
		if err != nil {
			return got, err
		}
		if at.count != *count+1 {
			return got, fmt.Errorf("message %d of the consumer came after %d", at.count, *count)
		}
		*count++
		got = append(got, Message{Seq: at.seq, Arrived: at.arrived, Subject: published(m.Subject), Raw: m.Data, MsgID: m.Header.Get(jetstream.MsgIDHeader)})
	}
	return got, nil
}

// check looks whether the stream still is the one that was read, and has what is wanted.
func (r *reader) check(ctx context.Context) error {
	st, err := r.s.State(ctx)
	if err != nil {
		return fmt.Errorf("%w: %w", errInterrupted, err)
	}
	if r.created.IsZero() {
		r.created = st.Created
	}
	switch {
	case st.Last+1 < r.next && st.Copies > 1 && r.short < mostShort:
		r.short++
		return fmt.Errorf("%w: the stream ends at %d, and %d was read", errInterrupted, st.Last, r.next-1)
	case st.Last+1 < r.next || !st.Created.Equal(r.created):
		return &LostTailError{Position: r.next - 1, Last: st.Last}
	case st.First > r.next:
		return &GapError{Want: r.next, First: st.First}
	case r.seen.Seq == 0 || r.seen.Seq < st.First:
		return nil
	}
	m, err := r.s.At(ctx, r.seen.Seq)
	switch {
	case errors.Is(err, ErrNotFound): // erased
		return nil
	case err != nil:
		return fmt.Errorf("%w: %w", errInterrupted, err)
	case !m.Arrived.Equal(r.seen.Arrived) || r.seen.Subject != "" && (m.Subject != r.seen.Subject || m.MsgID != r.seen.MsgID):
		return &LostTailError{Position: r.seen.Seq, Last: st.Last}
	}
	return nil
}

// deliver gives batch the messages, up to where one is missing that was purged.
func (r *reader) deliver(ctx context.Context, got []Message) error {
	var gap error
	r.own(got)
	if last := got[len(got)-1].Seq; last-r.next+1 != uint64(len(got)) && r.asks() {
		st, err := r.s.State(ctx)
		if err != nil {
			return fmt.Errorf("%w: %w", errInterrupted, err)
		}
		want := r.next
		for i := range got {
			if got[i].Seq != want && st.First > want {
				gap = &GapError{Want: want, First: got[i].Seq}
				got = got[:i]
				break
			}
			want = got[i].Seq + 1
		}
	}
	if len(got) > 0 {
		last := got[len(got)-1]
		if err := r.batch(got); err != nil {
			r.stopped = true
			return err
		}
		r.seen, r.next, r.short = last, last.Seq+1, 0
		r.seen.Raw = nil
	}
	return gap
}

// own makes marks of what belongs to other partitions.
func (r *reader) own(got []Message) {
	if r.filter == nil {
		return
	}
	for i := range got {
		if m := &got[i]; m.Subject != "" && r.s.spread.of(m.Subject) != r.partition {
			*m = Message{Seq: m.Seq, Arrived: m.Arrived}
		}
	}
}

// asks reports whether a jump in the sequence is a reason to look where the
// stream begins. With a filter jumps are usual, and once a second is enough:
// nothing is purged that a partition's writer has not stored.
func (r *reader) asks() bool {
	if r.filter == nil {
		return true
	}
	now := time.Now()
	if now.Sub(r.askedAt) < time.Second {
		return false
	}
	r.askedAt = now
	return true
}
