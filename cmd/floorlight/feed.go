package main

import (
	"context"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
)

// feed is the one consumer of the stream for the hub: it decodes and hands on.
type feed struct {
	hub        *hub.Hub
	deliveries []hub.Delivery
}

// consuming is a stream to read; *stream.Stream and its partitions are.
type consuming interface {
	Consume(ctx context.Context, from uint64, batch func([]stream.Message) error) error
}

// run reads the stream behind a sequence until ctx ends or the stream is not
// what was read before.
func (f *feed) run(ctx context.Context, s consuming, after uint64) error {
	return s.Consume(ctx, after+1, func(batch []stream.Message) error { return f.deliver(ctx, batch) })
}

// deliver decodes a batch. What is refused only moves the position: the history
// writer keeps it where refused events are kept.
func (f *feed) deliver(ctx context.Context, batch []stream.Message) error {
	events := make([]event.Event, len(batch))
	f.deliveries = f.deliveries[:0]
	for i := range batch {
		m := &batch[i]
		d := hub.Delivery{Seq: m.Seq, Arrived: m.Arrived}
		if m.Subject == "" { // a mark
			f.deliveries = append(f.deliveries, d)
			continue
		}
		if e, err := event.DecodeMessage(m.Subject, m.Raw, m.Arrived); err == nil {
			events[i] = e
			d.Event = &events[i]
		}
		f.deliveries = append(f.deliveries, d)
	}
	return f.hub.Deliver(ctx, f.deliveries)
}
