package main

import (
	"context"
	"time"

	"github.com/rs/zerolog"

	"github.com/floorlight/floorlight/history"
	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
)

const (
	// minutesEvery is how often the wallboards' lines are stored.
	minutesEvery = 20 * time.Second
	// minutesKept is how far the lines go back.
	minutesKept = 24 * time.Hour
	// minutesWait bounds one round, and the last one when the server stops.
	minutesWait = 2 * time.Second
)

// lines keeps the wallboards' minutes, so that they survive a restart.
type lines struct {
	hub      *hub.Hub
	database *history.Database
	log      zerolog.Logger

	stored map[event.TenantID]uint64 // how many of each desk's samples
}

func newLines(h *hub.Hub, d *history.Database, log zerolog.Logger) *lines {
	return &lines{hub: h, database: d, log: log, stored: map[event.TenantID]uint64{}}
}

// recall gives the desks the lines of the process before. Without them the
// wallboards work, so an error is only told.
func (l *lines) recall(ctx context.Context) {
	all, err := l.database.Minutes(ctx, time.Now().Add(-minutesKept))
	if err != nil {
		l.log.Warn().Err(err).Msg("the wallboards' lines begin anew")
		return
	}
	for _, id := range l.hub.Tenants() {
		samples := make([]hub.Sample, 0, len(all[id]))
		for _, m := range all[id] {
			samples = append(samples, hub.Sample{At: m.At, Values: m.Numbers})
		}
		if err := l.hub.Recall(ctx, id, samples); err != nil {
			return // it stops
		}
	}
}

// run stores what is new until ctx ends, and once more then.
func (l *lines) run(ctx context.Context) {
	tick := time.NewTicker(minutesEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			l.store(context.WithoutCancel(ctx))
			return
		case <-tick.C:
			l.store(ctx)
		}
	}
}

// store brings the database up to what the wallboards have taken. What cannot be
// stored is tried again with the next round.
func (l *lines) store(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, minutesWait)
	defer cancel()
	for _, id := range l.hub.Tenants() {
		samples, taken, err := l.hub.Samples(ctx, id, l.stored[id])
		if err != nil {
			return
		}
		if len(samples) == 0 {
			continue
		}
		minutes := make([]history.Minute, len(samples))
		for i := range samples {
			minutes[i] = history.Minute{At: samples[i].At, Numbers: samples[i].Values}
		}
		if err := l.database.KeepMinutes(ctx, id, minutes, time.Now().Add(-minutesKept)); err != nil {
			l.log.Debug().Err(err).Str("tenant", string(id)).Msg("the wallboard's lines are stored later")
			return
		}
		l.stored[id] = taken
	}
}

// said is what conversations said before somebody followed them, in the hub's words.
type said struct{ database *history.Database }

// LastMessages is history's.
func (s said) LastMessages(ctx context.Context, tenant event.TenantID, c event.ConversationID, upTo uint64, most int) ([]hub.StoredEvent, error) {
	list, err := s.database.LastMessages(ctx, tenant, c, upTo, most)
	out := make([]hub.StoredEvent, len(list))
	for i := range list {
		out[i] = hub.StoredEvent(list[i])
	}
	return out, err
}
