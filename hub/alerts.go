package hub

import (
	"context"
	"maps"
	"time"

	"github.com/floorlight/floorlight/hub/event"
)

// Unheard says since when the stream has not answered; the zero time while it does.
// What is shown is as old as that, though nothing is known to wait.
func (h *Hub) Unheard(since time.Time) {
	if since.IsZero() {
		h.unheard.Store(0)
		return
	}
	h.unheard.Store(since.UnixMilli())
}

// Warn sets the alerts that every wallboard shows, text by id.
func (h *Hub) Warn(alerts map[string]event.Text) { h.warnings.Store(&alerts) }

// WarnDesk sets the alerts that one desk's wallboards show besides.
func (h *Hub) WarnDesk(ctx context.Context, id event.TenantID, alerts map[string]Alert) error {
	return h.on(ctx, id, func(t *tenant) {
		if maps.Equal(t.warned, alerts) {
			return
		}
		t.warned = alerts
		t.base.dirty, t.changed = true, true
		for _, v := range t.views {
			v.dirty = true
		}
	})
}

// Alert is something that people at a desk should know. A metric that is beyond a
// limit of its own names it; Level is warning or critical.
type Alert struct {
	Text    event.Text
	Level   string
	Metric  string
	Channel event.ChannelID
	Team    event.TeamID
	Limit   float64 // of the metric
}

// concerns reports whether a view is told of it: a limit is a place's own, and no
// business of a view that does not hold the whole place.
func (a *Alert) concerns(f *Filter) bool {
	return a.Metric == "" || within(f.Channel, a.Channel) && within(f.Team, a.Team)
}

// object names the channel and the team, which a screen may not look up.
func (a *Alert) object(t *tenant) Object {
	o := words(a.Text)
	for name, text := range map[string]string{"level": a.Level, "metric": a.Metric, "channel": string(a.Channel), "team": string(a.Team)} {
		if text != "" {
			o[name] = text
		}
	}
	if a.Channel != "" {
		o["channel_name"] = t.channelName(a.Channel)
	}
	if a.Team != "" {
		o["team_name"] = t.teamName(a.Team)
	}
	if a.Metric != "" {
		o["limit"] = a.Limit
	}
	return o
}

// words are a text for every viewer: text is English, and text_zh Chinese where
// there is one.
func words(text event.Text) Object {
	o := Object{"text": text.EN}
	if text.ZH != "" {
		o["text_zh"] = text.ZH
	}
	return o
}

func (h *Hub) alerts() map[string]event.Text {
	if a := h.warnings.Load(); a != nil {
		return *a
	}
	return nil
}
