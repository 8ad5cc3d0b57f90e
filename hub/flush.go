package hub

import (
	"time"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// renew counts every view anew: the day or the profile has changed.
func (t *tenant) renew(today metric.Day) {
	t.today, t.tracking = today, nil
	t.clock.begin(t.state, t.hub.cfg.Now().UnixMilli())
	t.base.rebuild(today)
	for _, v := range t.views {
		v.rebuild(today)
	}
	t.changed = true
}

// putBack reports whether the clock, which shows an earlier day than the views, was
// really put back. One that is corrected by seconds around midnight, as clocks are,
// must not empty the boards twice.
func (t *tenant) putBack(now time.Time) bool {
	return t.state.Calendar().Start(t.today)-now.UnixMilli() > event.MaxAhead.Milliseconds()
}

// flush is one tick: what has changed goes out, and what is due is done.
func (t *tenant) flush(now time.Time) {
	started := now
	if t.drain.busy() {
		t.pace.Handed(now.Sub(t.handedAt))
	} else {
		t.handedAt = now
	}
	t.drain.begin()
	defer func() {
		t.drain.end()
		t.tick.Store(int64(t.pace.Tick()))
	}()
	if today := t.state.Calendar().Day(now.UnixMilli()); today > t.today || today < t.today && t.putBack(now) {
		t.renew(today)
	}
	for _, s := range t.clock.advance(now.UnixMilli()) {
		t.base.over(s)
		for _, v := range t.views {
			v.over(s)
		}
	}
	if a := t.hub.warnings.Load(); a != t.alerted {
		t.alerted = a
		t.base.dirty = true
		for _, v := range t.views {
			v.dirty = true
		}
	}
	seq := t.seq()
	t.sample(t.base, now)
	t.publish(t.base, now, seq)
	for key, v := range t.views {
		t.sample(v, now)
		t.publish(v, now, seq)
		if t.read(v, now) {
			continue
		}
		t.rest(key, v)
		delete(t.views, key)
	}
	for agent, topic := range t.notices {
		topic.Flush(now, seq)
		if topic.Readers() > 0 {
			t.noticed[agent] = now
		} else if now.Sub(t.noticed[agent]) > filterOutlives {
			delete(t.notices, agent)
			delete(t.noticed, agent)
		}
	}
	t.publishInboxes(now, seq)
	t.letGo(t.base, now)
	t.publishThreads(now, seq)
	t.changed = false
	t.beatOutboxes()
	if now.Sub(t.sweptAt) >= sweepEvery {
		t.sweptAt = now
		t.forgetRested(now)
		t.state.Sweep(t.hub.flushed.Load(), max(restMillis, t.clock.grace+restMillis/2), true)
	}
	t.pace.Next(t.hub.cfg.Now().Sub(started))
}

// letGo ends the topics of the view without a filter that cost something and
// that nobody has read for a while; those of filtered views end with their view.
func (t *tenant) letGo(v *view, now time.Time) {
	for name, topic := range v.topics {
		if name != TopicTeams && name != TopicChannels && name != TopicConversations {
			continue
		}
		if topic.Readers() > 0 {
			v.asked[name] = now
		} else if now.Sub(v.asked[name]) > filterOutlives {
			delete(v.topics, name)
			delete(v.divisions, name)
			if name == TopicConversations {
				v.open = nil
			}
		}
	}
}

// read reports whether a filtered view has a reader, or had one just now.
func (t *tenant) read(v *view, now time.Time) bool {
	if v.readers() > 0 {
		v.lastRead = now
	}
	return now.Sub(v.lastRead) <= filterOutlives
}

// beatOutboxes gives each connection its beat where nothing else has come for a second.
func (t *tenant) beatOutboxes() {
	now := t.hub.cfg.Now()
	if now.Sub(t.lookedAt) < outboxEvery || len(t.outboxes) == 0 {
		return
	}
	t.lookedAt = now
	lag := time.Duration(0)
	if len(t.inbox) > 0 || len(t.batch) > 0 {
		lag = max(0, now.Sub(t.lagArrived))
	}
	if since := t.hub.unheard.Load(); since != 0 {
		lag = max(lag, now.Sub(time.UnixMilli(since)))
	}
	beat := NewBeat(now, t.seq(), lag)
	for out := range t.outboxes {
		if out.Tick(now, beat) != ReasonNone {
			delete(t.outboxes, out)
		}
	}
}
