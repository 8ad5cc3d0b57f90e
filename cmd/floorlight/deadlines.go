package main

import (
	"context"
	"time"

	"github.com/rs/zerolog"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
)

// deadlinesEvery is how often it is asked what time has made due.
const deadlinesEvery = time.Second

// deadlines publishes what time alone decides: automatic closings, and presence
// that nobody has confirmed. The stream decides it once, by the events' ids.
type deadlines struct {
	hub   *hub.Hub
	store deciding
	// standing says whether the stream answers, and whether the hub is level with it.
	standing func() (answers, level bool)
	log      zerolog.Logger

	deaf bool // the stream has not answered; confirmations may be on their way
}

// deciding stores events; *stream.Stream does.
type deciding interface {
	PublishBatch(ctx context.Context, events []event.Event) []stream.Result
}

// run looks once a second until ctx ends.
func (d *deadlines) run(ctx context.Context) {
	tick := time.NewTicker(deadlinesEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			d.look(ctx)
		}
	}
}

// look publishes what is due now. Only who has caught up can say that: what it
// has not read may have changed it.
func (d *deadlines) look(ctx context.Context) {
	answers, level := d.standing()
	if !answers {
		d.deaf = true
	}
	if !answers || !level {
		return
	}
	if d.deaf {
		d.deaf = false
		for _, id := range d.hub.Tenants() {
			if err := d.hub.RenewLeases(ctx, id); err != nil {
				return
			}
		}
	}
	for _, id := range d.hub.Tenants() {
		due, err := d.hub.Due(ctx, id)
		if err != nil {
			return
		}
		if len(due) == 0 {
			continue
		}
		stored := 0
		for _, r := range d.store.PublishBatch(ctx, due) {
			if r.Err == nil {
				stored++
			} else {
				err = r.Err
			}
		}
		if err != nil {
			d.log.Warn().Err(err).Str("tenant", string(id)).Int("due", len(due)).Int("stored", stored).Msg("what is due is decided later")
			continue
		}
		d.log.Debug().Str("tenant", string(id)).Int("events", stored).Msg("silent conversations closed, or presence lapsed")
	}
}
