package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/rs/zerolog"

	"github.com/floorlight/floorlight/history"
	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
	"github.com/floorlight/floorlight/live"
	"github.com/floorlight/floorlight/risk"
)

const (
	// breachesEvery is how often a desk's numbers are held against its thresholds.
	breachesEvery = 5 * time.Second
	// thresholdsEvery is how often these are read.
	thresholdsEvery = 30 * time.Second
	// mostPlaces is how many channels and teams are looked at apart: each is a
	// filtered view.
	mostPlaces = 50
)

// breaches tells each desk's wallboards what is wrong with its own numbers: that
// they are beyond a threshold, or not those of the reports.
type breaches struct {
	hub       *hub.Hub
	documents thresholdShelf
	differing func(event.TenantID) int
	log       zerolog.Logger

	thresholds map[event.TenantID][]threshold
	readAt     time.Time
}

// thresholdShelf has the desks' thresholds; *history.Database does.
type thresholdShelf interface {
	Documents(ctx context.Context, tenant string, kind history.DocumentKind) ([]history.Document, error)
}

// threshold is one of a desk's.
type threshold struct{ live.Threshold }

func (t *threshold) filter() hub.Filter {
	var f hub.Filter
	if t.Channel != "" {
		f.Channel = []event.ChannelID{t.Channel}
	}
	if t.Team != "" {
		f.Team = []event.TeamID{t.Team}
	}
	return f
}

// id names the alert.
func (t *threshold) id() string {
	id := "threshold/" + t.Metric
	if t.Channel != "" {
		id += "/channel/" + string(t.Channel)
	}
	if t.Team != "" {
		id += "/team/" + string(t.Team)
	}
	return id
}

// run looks every five seconds until ctx ends.
func (b *breaches) run(ctx context.Context) {
	tick := time.NewTicker(breachesEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			b.look(ctx, time.Now())
		}
	}
}

func (b *breaches) look(ctx context.Context, now time.Time) {
	ids := b.hub.Tenants()
	if now.Sub(b.readAt) >= thresholdsEvery {
		b.readAt = now
		b.read(ctx, ids)
	}
	for _, id := range ids {
		alerts := b.of(ctx, id)
		if n := b.differing(id); n > 0 {
			alerts["drift"] = hub.Alert{Level: "critical", Text: event.Text{
				EN: counted(n, "number differs", "numbers differ") + " between wallboard and reports.",
				ZH: fmt.Sprintf("大屏与报表有 %d 个数字不一致。", n),
			}}
		}
		b.unjudged(ctx, id, alerts)
		if err := b.hub.WarnDesk(ctx, id, alerts); err != nil {
			return
		}
	}
}

// unjudged says that the rules could not judge messages of today: these were
// held back, or delivered and flagged, as the desk's policies say.
func (b *breaches) unjudged(ctx context.Context, id event.TenantID, alerts map[string]hub.Alert) {
	today, err := b.hub.TodayUnder(ctx, id, metric.ByRule, risk.UnjudgedRule)
	if err != nil {
		b.log.Debug().Err(err).Str("tenant", string(id)).Msg("what could not be judged is not known now")
		return
	}
	held, passed := today[metric.BlockedMessages], today[metric.FlaggedMessages]
	if held+passed == 0 {
		return
	}
	alerts["unjudged"] = hub.Alert{Level: "warning", Text: event.Text{
		EN: fmt.Sprintf("The rules could not judge every message today: %d held back, %d delivered and flagged.", held, passed),
		ZH: fmt.Sprintf("今日有消息无法被规则判定：拦截 %d 条，放行并标记 %d 条。", held, passed),
	}}
}

// read takes the thresholds that are in force. What cannot be read now stays as
// it was.
func (b *breaches) read(ctx context.Context, ids []event.TenantID) {
	ctx, cancel := context.WithTimeout(ctx, breachesEvery)
	defer cancel()
	all := map[event.TenantID][]threshold{}
	for _, id := range ids {
		documents, err := b.documents.Documents(ctx, string(id), history.Thresholds)
		if err != nil {
			b.log.Debug().Err(err).Msg("thresholds are read later")
			return
		}
		for _, d := range documents {
			var body live.Thresholds
			if err := json.Unmarshal(d.Body, &body); err != nil {
				b.log.Warn().Err(err).Str("tenant", string(id)).Msg("thresholds cannot be read")
				continue
			}
			for _, t := range body.Thresholds {
				all[id] = append(all[id], threshold{t})
			}
		}
	}
	b.thresholds = all
}

// of are the alerts of the thresholds that a desk is beyond.
func (b *breaches) of(ctx context.Context, id event.TenantID) map[string]hub.Alert {
	alerts := map[string]hub.Alert{}
	type place struct {
		channel event.ChannelID
		team    event.TeamID
	}
	shown := map[place]map[string]float64{}
	for i := range b.thresholds[id] {
		t := &b.thresholds[id][i]
		at := place{t.Channel, t.Team}
		numbers, known := shown[at]
		if !known {
			if len(shown) > mostPlaces {
				continue
			}
			var err error
			if numbers, err = b.hub.Numbers(ctx, id, t.filter()); err != nil {
				b.log.Debug().Err(err).Str("tenant", string(id)).Msg("a threshold cannot be held against its numbers")
			}
			shown[at] = numbers
		}
		value, defined := numbers[t.Metric]
		if !defined {
			continue
		}
		if level, limit := t.Judge(value); level != "" {
			alerts[t.id()] = hub.Alert{
				Level: level, Metric: t.Metric, Channel: t.Channel, Team: t.Team, Limit: limit,
				Text: t.text(level, limit),
			}
		}
	}
	return alerts
}

// text says it in words. The value is on the board itself, and changes.
func (t *threshold) text(level string, limit float64) event.Text {
	name, chinese := t.Metric, t.Metric
	bound := strconv.FormatFloat(limit, 'f', -1, 64)
	if m, known := metric.Lookup(t.Metric); known {
		name, chinese = m.Name.EN, m.Name.ZH
		if m.Unit == metric.UnitRatio {
			bound = strconv.FormatFloat(100*limit, 'f', -1, 64) + " %"
		}
	}
	if t.Team != "" {
		name += " (team " + string(t.Team) + ")"
		chinese += "（团队 " + string(t.Team) + "）"
	}
	if t.Channel != "" {
		name += " (channel " + string(t.Channel) + ")"
		chinese += "（渠道 " + string(t.Channel) + "）"
	}
	grave := "警告"
	if level == "critical" {
		grave = "严重"
	}
	return event.Text{EN: fmt.Sprintf("%s is beyond %s: %s.", name, bound, level), ZH: fmt.Sprintf("%s超出 %s：%s。", chinese, bound, grave)}
}
