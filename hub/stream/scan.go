package stream

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	scanMessages = 64
	scanAckWait  = time.Minute
	scanRetry    = time.Second
)

// Scan gives handle every message of FLOOR on the subjects that filter names
// (such as floor.*.message.sent.*), at least once, one at a time, and
// acknowledges it when handle returns nil; an error brings it again after a
// second, behind others. The server keeps the position under name, so that a
// scan goes on where any server left it; several that use one name share the
// work. Scan blocks until ctx ends or the connection is closed (ErrClosed).
func (s *Stream) Scan(ctx context.Context, name, filter string, handle func(context.Context, Message) error) error {
	return s.scanAll(ctx, name, s.spread.under(filter), handle)
}

// Scan is the stream's for the partition's messages, under a name of its own.
func (p *Partition) Scan(ctx context.Context, name, filter string, handle func(context.Context, Message) error) error {
	if p.spread.partitions <= 1 {
		return p.Stream.Scan(ctx, name, filter, handle)
	}
	subjects := p.spread.under(filter)
	subjects[len(subjects)-1] = fmt.Sprintf("floor%d.%d.%s", p.spread.partitions, p.n, strings.TrimPrefix(filter, "floor."))
	return p.scanAll(ctx, fmt.Sprintf("%s-%d-%d", name, p.spread.partitions, p.n), subjects, func(ctx context.Context, m Message) error {
		if p.spread.of(m.Subject) != p.n { // of another, from before there were as many
			return nil
		}
		return handle(ctx, m)
	})
}

func (s *Stream) scanAll(ctx context.Context, name string, subjects []string, handle func(context.Context, Message) error) error {
	pause := firstPause
	for {
		worked, err := s.scan(ctx, name, subjects, handle)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case s.nc.IsClosed():
			return ErrClosed
		case worked:
			pause = firstPause
		}
		s.log.Warn().Err(err).Str("scan", name).Dur("pause", pause).Msg("scan of the stream interrupted")
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-timer.C:
		}
		pause = min(2*pause, longestPause)
	}
}

func (s *Stream) scan(ctx context.Context, name string, subjects []string, handle func(context.Context, Message) error) (worked bool, err error) {
	create, cancel := s.bounded(ctx)
	defer cancel()
	consumer, err := s.js.CreateOrUpdateConsumer(create, Name, jetstream.ConsumerConfig{
		Durable: name, FilterSubjects: subjects, DeliverPolicy: jetstream.DeliverAllPolicy,
		AckPolicy: jetstream.AckExplicitPolicy, AckWait: scanAckWait, MaxAckPending: 4 * scanMessages, MaxDeliver: -1,
	})
	if err != nil {
		return false, interpret(err)
	}
	messages, err := consumer.Messages(jetstream.PullMaxMessages(scanMessages), jetstream.PullExpiry(pullExpiry),
		jetstream.PullHeartbeat(heartbeat), jetstream.WithMessagesErrOnMissingHeartbeat(true))
	if err != nil {
		return false, interpret(err)
	}
	defer s.finish(func() {
		// What was fetched ahead goes back, or it would wait for its AckWait.
		messages.Drain()
		for {
			m, err := messages.Next()
			if err != nil || m.Nak() != nil {
				messages.Stop()
				return
			}
		}
	})
	for ctx.Err() == nil { // Next may prefer a message that is there to the context's end
		m, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			return worked, err
		}
		meta, err := m.Metadata()
		if err != nil {
			return worked, fmt.Errorf("read what the stream says of a message: %w", err)
		}
		err = handle(ctx, Message{
			Seq: meta.Sequence.Stream, Arrived: meta.Timestamp.UTC(), Subject: published(m.Subject()), Raw: m.Data(),
			MsgID: m.Headers().Get(jetstream.MsgIDHeader),
		})
		if err != nil {
			s.log.Warn().Err(err).Str("scan", name).Uint64("seq", meta.Sequence.Stream).Msg("message will be scanned again")
			err = m.NakWithDelay(scanRetry)
		} else {
			err = m.Ack()
		}
		if err != nil && !errors.Is(err, nats.ErrConnectionReconnecting) {
			return worked, fmt.Errorf("acknowledge: %w", err)
		}
		worked = true
	}
	return worked, ctx.Err()
}
