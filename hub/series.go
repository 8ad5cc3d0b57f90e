package hub

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/floorlight/floorlight/hub/metric"
)

// series holds a number of each metric at each full minute, the newest last.
type series struct {
	most    int
	samples []sample
	taken   uint64 // samples so far, in the order in which they were taken
}

type sample struct {
	at     int64 // milliseconds, a full minute
	values map[string]float64
	n      uint64 // which it was; 0: it was recalled
}

// Sample is what a wallboard showed at one full minute, by metric id.
type Sample struct {
	At     time.Time
	Values map[string]float64
}

// place is where the sample of a moment's minute stands, or would.
func (s *series) place(at time.Time) (i int, taken bool) {
	return slices.BinarySearchFunc(s.samples, at.Truncate(time.Minute).UnixMilli(), func(m sample, minute int64) int {
		return cmp.Compare(m.at, minute)
	})
}

// due reports whether that minute is not sampled yet.
func (s *series) due(at time.Time) bool {
	_, taken := s.place(at)
	return !taken
}

// numbers are a wallboard's metrics that are single numbers at a moment. A wait
// is its seconds.
func numbers(metrics Object, now time.Time) map[string]float64 {
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
	return values
}

// take samples a wallboard's metrics.
func (s *series) take(now time.Time, metrics Object) {
	at, values := now.Truncate(time.Minute).UnixMilli(), numbers(metrics, now)
	if i, taken := s.place(now); !taken {
		s.taken++
		s.samples = slices.Insert(s.samples, i, sample{at: at, values: values, n: s.taken})
	}
	s.trim()
}

// recall puts samples of an earlier process into their places.
func (s *series) recall(samples []Sample) {
	for _, one := range samples {
		if i, taken := s.place(one.At); !taken {
			s.samples = slices.Insert(s.samples, i, sample{at: one.At.Truncate(time.Minute).UnixMilli(), values: one.Values})
		}
	}
	s.trim()
}

// since are the samples that were taken after the nth, and how many were taken. A
// series that has taken fewer began anew meanwhile.
func (s *series) since(n uint64) ([]Sample, uint64) {
	if n > s.taken {
		n = 0
	}
	var list []Sample
	for i := range s.samples {
		if m := &s.samples[i]; m.n > n {
			list = append(list, Sample{At: time.UnixMilli(m.at).UTC(), Values: m.values})
		}
	}
	return list, s.taken
}

// over says whether its last sample is older than what it holds.
func (s *series) over(now time.Time) bool {
	n := len(s.samples)
	return n == 0 || now.UnixMilli()-s.samples[n-1].at > int64(s.most)*time.Minute.Milliseconds()
}

func (s *series) trim() {
	if spare := len(s.samples) - s.most; spare > 0 {
		s.samples = slices.Delete(s.samples, 0, spare)
	}
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
