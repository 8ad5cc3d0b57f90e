package main

import (
	"context"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/rs/zerolog"

	"github.com/floorlight/floorlight/history"
	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
)

const (
	// minutesEvery is how often the wallboards' lines are stored.
	minutesEvery = 20 * time.Second
	// minutesKept is how far the lines go back, and viewMinutesKept those of views.
	minutesKept     = 24 * time.Hour
	viewMinutesKept = 2 * time.Hour
	// minutesWait bounds one round, and the last one when the server stops.
	minutesWait = 2 * time.Second
)

// lines keeps the wallboards' minutes, so that they survive a restart.
type lines struct {
	hub      *hub.Hub
	database *history.Database
	log      zerolog.Logger

	stored map[viewLine]uint64 // how many samples
}

// viewLine is the line of a desk's wallboard under a filter, by its name.
type viewLine struct {
	tenant event.TenantID
	view   string
}

// viewFilter is a filter as it names what is stored.
type viewFilter struct {
	Channel []event.ChannelID `json:"channel,omitzero"`
	Team    []event.TeamID    `json:"team,omitzero"`
	Agent   []event.AgentID   `json:"agent,omitzero"`
}

// viewName is the same for filters that say the same; "" is that of none.
func viewName(f hub.Filter) string {
	if len(f.Channel)+len(f.Team)+len(f.Agent) == 0 {
		return ""
	}
	b, err := json.Marshal(viewFilter(f), json.Deterministic(true))
	if err != nil {
		return "" // cannot be: ids are valid UTF-8
	}
	return string(b)
}

// kept is since when lines are kept.
func kept(now time.Time) history.MinutesKept {
	return history.MinutesKept{Whole: now.Add(-minutesKept), Views: now.Add(-viewMinutesKept)}
}

func newLines(h *hub.Hub, d *history.Database, log zerolog.Logger) *lines {
	return &lines{hub: h, database: d, log: log, stored: map[viewLine]uint64{}}
}

// recall gives the desks the lines of the process before. Without them the
// wallboards work, so an error is only told.
func (l *lines) recall(ctx context.Context) {
	all, err := l.database.Minutes(ctx, kept(time.Now()))
	if err != nil {
		l.log.Warn().Err(err).Msg("the wallboards' lines begin anew")
		return
	}
	for _, id := range l.hub.Tenants() {
		for view, minutes := range all[id] {
			var f viewFilter
			if view != "" && json.Unmarshal([]byte(view), &f) != nil {
				continue // of another program
			}
			samples := make([]hub.Sample, 0, len(minutes))
			for _, m := range minutes {
				samples = append(samples, hub.Sample{At: m.At, Values: m.Numbers})
			}
			if err := l.hub.Recall(ctx, id, hub.Filter(f), samples); err != nil {
				return // it stops
			}
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
		lines, err := l.hub.Lines(ctx, id, func(f hub.Filter) uint64 { return l.stored[viewLine{id, viewName(f)}] })
		if err != nil {
			return
		}
		for i := range lines {
			if err := l.keep(ctx, id, &lines[i]); err != nil {
				l.log.Debug().Err(err).Str("tenant", string(id)).Msg("the wallboard's lines are stored later")
				return
			}
		}
	}
}

func (l *lines) keep(ctx context.Context, id event.TenantID, line *hub.Line) error {
	minutes := make([]history.Minute, len(line.Samples))
	for i, s := range line.Samples {
		minutes[i] = history.Minute{At: s.At, Numbers: s.Values}
	}
	view := viewName(line.Filter)
	if err := l.database.KeepMinutes(ctx, id, view, minutes, kept(time.Now())); err != nil {
		return err
	}
	l.stored[viewLine{id, view}] = line.Taken
	return nil
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
