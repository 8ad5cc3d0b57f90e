package hub

import (
	"math"
	"time"

	"github.com/floorlight/floorlight/hub/metric"
)

// series holds a number of each metric at each full minute, the newest last.
type series struct {
	most    int
	samples []sample
}

type sample struct {
	at     int64 // milliseconds, a full minute
	values map[string]float64
}

// due reports whether a minute has begun that is not sampled.
func (s *series) due(now time.Time) bool {
	minute := now.Truncate(time.Minute).UnixMilli()
	return len(s.samples) == 0 || s.samples[len(s.samples)-1].at < minute
}

// take samples a wallboard's metrics.
func (s *series) take(now time.Time, metrics Object) {
	at := now.Truncate(time.Minute).UnixMilli()
	values := make(map[string]float64, len(metrics))
	for id, m := range metrics {
		o, ok := m.(Object)
		if !ok {
			continue
		}
		if v, ok := number(o["value"]); ok {
			values[id] = v
		} else if since, ok := o["since"].(string); ok {
			if t, err := time.Parse(time.RFC3339, since); err == nil {
				values[id] = math.Max(0, float64(now.UnixMilli()-t.UnixMilli())/1000)
			}
		}
	}
	if len(s.samples) >= s.most {
		s.samples = append(s.samples[:0], s.samples[len(s.samples)-s.most+1:]...)
	}
	s.samples = append(s.samples, sample{at: at, values: values})
}

func number(v any) (float64, bool) {
	switch n := v.(type) {
	case int64:
		return float64(n), true
	case float64:
		return n, true
	}
	return 0, false
}

// Series is each minute's values of some metrics, oldest first. A value is nil
// for a minute in which the metric was undefined.
type Series struct {
	Topic  TopicName             `json:"topic"`
	At     time.Time             `json:"at"`
	Step   int64                 `json:"step_seconds"`
	Times  []string              `json:"times"`
	Series map[string][]*float64 `json:"series"`
}

// last are the samples of the last minutes.
func (s *series) last(now time.Time, metrics []string, minutes int) Series {
	out := Series{Topic: TopicWallboard, At: now, Step: 60, Times: []string{}, Series: make(map[string][]*float64, len(metrics))}
	for _, id := range metrics {
		out.Series[id] = []*float64{}
	}
	from := now.Add(-time.Duration(minutes) * time.Minute).UnixMilli()
	for i := range s.samples {
		m := &s.samples[i]
		if m.at < from {
			continue
		}
		out.Times = append(out.Times, metric.FormatTime(m.at))
		for _, id := range metrics {
			var value *float64
			if v, ok := m.values[id]; ok {
				value = &v
			}
			out.Series[id] = append(out.Series[id], value)
		}
	}
	return out
}
