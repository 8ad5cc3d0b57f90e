package live

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// thresholdsID is the one document of a desk's thresholds.
const thresholdsID = "desk"

// Threshold says when a number is worth a look, and when it is bad: beyond
// warning and critical in the direction that is worse for that metric. The most
// precise one holds: with channel and team, with one of them, with neither.
type Threshold struct {
	Metric   string          `json:"metric" doc:"An id of the catalogue."`
	Channel  event.ChannelID `json:"channel,omitempty"`
	Team     event.TeamID    `json:"team,omitempty"`
	Warning  *float64        `json:"warning,omitempty" doc:"In the metric's unit; ratios from 0 to 1."`
	Critical *float64        `json:"critical,omitempty"`
	Above    *bool           `json:"above,omitempty" doc:"Whether more is worse; by default what the catalogue says is better."`
}

// Thresholds are all of a desk.
type Thresholds struct {
	Thresholds []Threshold `json:"thresholds" maxItems:"500"`
}

type storedThresholds struct {
	Thresholds
	Edition
}

type thresholdsEdit struct {
	Thresholds
	Version int64 `json:"version" minimum:"0" doc:"The version that was changed; 0 for the first."`
}

func (t *Threshold) check() string {
	m, known := metric.Lookup(t.Metric)
	number := func(f *float64) bool { return f == nil || !math.IsNaN(*f) && !math.IsInf(*f, 0) && *f >= 0 }
	switch {
	case !known:
		return fmt.Sprintf("unknown metric %q; GET /v1/catalog lists them", t.Metric)
	case t.Warning == nil && t.Critical == nil:
		return "warning or critical is required"
	case !number(t.Warning), !number(t.Critical):
		return "warning and critical are numbers from 0"
	case m.Unit == metric.UnitRatio && (t.Warning != nil && *t.Warning > 1 || t.Critical != nil && *t.Critical > 1):
		return "a ratio is from 0 to 1"
	case m.Unit == metric.UnitMoney, m.Unit == metric.UnitTime:
		return fmt.Sprintf("%q has no threshold: it is no single number", t.Metric)
	case t.Above == nil && m.Better == metric.BetterNone:
		return fmt.Sprintf("%q has no direction of its own: say above", t.Metric)
	}
	above := t.above()
	if t.Warning != nil && t.Critical != nil && (above && *t.Critical < *t.Warning || !above && *t.Critical > *t.Warning) {
		return "critical must be worse than warning"
	}
	return ""
}

// above says whether more is worse.
func (t *Threshold) above() bool {
	if t.Above != nil {
		return *t.Above
	}
	m, known := metric.Lookup(t.Metric)
	return known && m.Better == metric.BetterDown
}

// Judge says how bad a value is: critical, warning, or "" if it is beyond neither,
// and the limit that it is beyond.
func (t *Threshold) Judge(value float64) (level string, limit float64) {
	beyond := func(limit *float64) bool {
		return limit != nil && (t.above() && value > *limit || !t.above() && value < *limit)
	}
	switch {
	case beyond(t.Critical):
		return "critical", *t.Critical
	case beyond(t.Warning):
		return "warning", *t.Warning
	}
	return "", 0
}

func (t *Thresholds) check() error {
	type place struct {
		metric  string
		channel event.ChannelID
		team    event.TeamID
	}
	seen := map[place]bool{}
	for i := range t.Thresholds {
		one := &t.Thresholds[i]
		fault := one.check()
		at := place{one.Metric, one.Channel, one.Team}
		if fault == "" && seen[at] {
			fault = fmt.Sprintf("%q stands twice for the same channel and team", one.Metric)
		}
		if fault != "" {
			return &Fault{Code: CodeInvalid, Field: fmt.Sprintf("thresholds[%d]", i), Detail: fault}
		}
		seen[at] = true
	}
	return nil
}

func (s *Server) describeThresholds(api huma.API) {
	register(api, http.MethodGet, "/v1/thresholds", "When numbers are worth a look", func(ctx context.Context, _ *struct{}) (*body[storedThresholds], error) {
		d, err := s.newest(ctx, identityOf(ctx).Tenant, ThresholdDocuments, thresholdsID)
		if errors.Is(err, ErrNotFound) {
			return &body[storedThresholds]{storedThresholds{Thresholds: Thresholds{Thresholds: []Threshold{}}}}, nil
		}
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		return s.answerThresholds(ctx, &d)
	})
	type change struct {
		Body thresholdsEdit
	}
	register(api, http.MethodPut, "/v1/thresholds", "Store the thresholds, all of them", func(ctx context.Context, in *change) (*body[storedThresholds], error) {
		if err := in.Body.check(); err != nil {
			return nil, s.refuse(ctx, err)
		}
		d, err := s.put(ctx, ThresholdDocuments, thresholdsID, in.Body.Version, in.Body.Thresholds)
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		return s.answerThresholds(ctx, &d)
	})
}

func (s *Server) answerThresholds(ctx context.Context, d *Document) (*body[storedThresholds], error) {
	t := storedThresholds{Edition: d.edition()}
	if err := json.Unmarshal(d.Body, &t.Thresholds); err != nil {
		return nil, s.refuse(ctx, err)
	}
	return &body[storedThresholds]{t}, nil
}
