package hub

import "time"

// Line is what a desk's wallboard has shown under a filter, at full minutes.
type Line struct {
	Filter  Filter
	Samples []Sample
	Taken   uint64 // by this wallboard so far
}

// restedLine is the line of a filter that nobody looks by now.
type restedLine struct {
	filter Filter
	series series
}

// lines are the samples of each wallboard that were taken after those that are stored.
func (t *tenant) lines(stored func(Filter) uint64) []Line {
	var list []Line
	add := func(f Filter, s *series) {
		if samples, taken := s.since(stored(f)); len(samples) > 0 {
			list = append(list, Line{Filter: f, Samples: samples, Taken: taken})
		}
	}
	add(t.base.filter, &t.base.series)
	for _, v := range t.views {
		add(v.filter, &v.series)
	}
	for _, r := range t.rested {
		add(r.filter, &r.series)
	}
	return list
}

// recall gives a wallboard the minutes of an earlier process. One that nobody has
// asked for yet finds them when it begins.
func (t *tenant) recall(f Filter, samples []Sample) {
	f = f.normal()
	key := f.key()
	if f.empty() {
		t.base.series.recall(samples)
	} else if v, ok := t.views[key]; ok {
		v.series.recall(samples)
	} else if r, ok := t.rested[key]; ok {
		r.series.recall(samples)
	} else if len(t.rested) < mostFilters {
		r := &restedLine{filter: f, series: series{most: filteredMinutes}}
		r.series.recall(samples)
		t.rested[key] = r
	}
}

// rest keeps the line of a view that ends, for the next one with its filter.
func (t *tenant) rest(key string, v *view) {
	if len(v.series.samples) > 0 && len(t.rested) < mostFilters {
		t.rested[key] = &restedLine{filter: v.filter, series: v.series}
	}
}

// forgetRested lets go of lines that have ended too long ago.
func (t *tenant) forgetRested(now time.Time) {
	for key, r := range t.rested {
		if r.series.over(now) {
			delete(t.rested, key)
		}
	}
}

// sampleThePast takes the minutes that the tenant catches up on, so that the
// lines of a desk whose past comes in fast are not empty.
func (t *tenant) sampleThePast(at, now time.Time) {
	age := now.Sub(at)
	if age < pastAge {
		t.past = max(t.past-1, 0)
		return
	}
	if !t.inThePast(now) {
		t.pastUpTo = 0
	}
	t.pastAt, t.past, t.pastUpTo = now, min(t.past+1, mostPast), max(t.pastUpTo, at.UnixMilli())
	if age > seriesMinutes*time.Minute || !t.base.series.due(at) {
		return
	}
	if t.base.today == t.state.Calendar().Day(at.UnixMilli()) {
		t.base.series.take(at, t.metrics(t.base))
	}
}

// inThePast reports whether a past comes in.
func (t *tenant) inThePast(now time.Time) bool { return t.past > 0 && now.Sub(t.pastAt) < pastPause }

// sample takes this minute, unless the desk is catching up on its past: what it
// shows then is not how it stands. That a directory comes in now, before the
// past, says nothing of how the desk stands.
func (t *tenant) sample(v *view, now time.Time) {
	if !t.lived || t.inThePast(now) {
		return
	}
	if v.series.due(now) {
		v.series.take(now, t.metrics(v))
	}
}
