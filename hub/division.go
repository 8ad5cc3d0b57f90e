package hub

import (
	"slices"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
)

// The topics that show a view by its parts.
const (
	TopicTeams    TopicName = "teams"
	TopicChannels TopicName = "channels"
)

// division is a view cut by team or by channel: one view for each, whose filter
// is that of the whole and the part's own. It is kept once somebody has asked
// for the topic. An event reaches the parts that its sessions stand under before
// or after it, and each part counts of them what is its own.
type division struct {
	by    TopicName
	parts map[string]*view
	dirty map[string]struct{} // parts whose agents or names have changed
	all   bool
	keys  []string // of the event at hand
}

// divide cuts a view, counting from scratch.
func (t *tenant) divide(v *view, by TopicName) *division {
	d := &division{by: by, parts: map[string]*view{}, dirty: map[string]struct{}{}}
	d.rebuild(v)
	return d
}

// rebuild counts all parts anew, in one pass over the conversations.
func (d *division) rebuild(v *view) {
	clear(d.parts)
	d.all = true
	d.each(v, func(key string) { d.parts[key] = d.part(v, key) })
	for c := range v.st.Conversations() {
		for _, s := range c.Sessions {
			d.bring(s)
		}
	}
	for _, p := range d.parts {
		p.rebuildLoose()
	}
}

// part makes one part, empty.
func (d *division) part(v *view, key string) *view {
	f := v.filter
	if d.by == TopicTeams {
		f.Team = []event.TeamID{event.TeamID(key)}
	} else {
		f.Channel = []event.ChannelID{event.ChannelID(key)}
	}
	p := newView(v.st, f, 0, v.clock)
	p.empty(v.today)
	return p
}

// each names the parts that the topic shows.
func (d *division) each(v *view, do func(key string)) {
	if d.by == TopicTeams {
		for g := range v.st.Teams() {
			if !g.Disabled && within(v.filter.Team, g.ID) {
				do(string(g.ID))
			}
		}
		return
	}
	for c := range v.st.Channels() {
		if !c.Disabled && within(v.filter.Channel, c.ID) {
			do(string(c.ID))
		}
	}
}

// of appends the parts that a session stands under.
func (d *division) of(s *fold.Session, keys []string) []string {
	add := func(key string) {
		if key != "" && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	if d.by == TopicChannels {
		add(string(s.Channel))
		for i := range s.Rows {
			add(string(s.Rows[i].Channel))
		}
		return keys
	}
	add(string(s.Team))
	add(string(s.MomentTeam()))
	for i := range s.Rows {
		add(string(s.Rows[i].Team))
	}
	return keys
}

// apply brings the parts up to what one event changed.
func (d *division) apply(v *view, c *fold.Change) {
	if c.Directory {
		// Parts come and go with the directory, which seldom changes.
		d.renew(v)
	}
	for i := range c.Sessions {
		s := &c.Sessions[i]
		d.keys = d.of(s.Now, d.keys[:0])
		if !s.Created {
			d.keys = d.of(&s.Before, d.keys)
		}
		for _, key := range d.keys {
			p, ok := d.parts[key]
			if !ok || p.fresh {
				continue // counted after the event
			}
			p.recount(s)
		}
	}
	for _, p := range d.parts {
		if !p.fresh {
			p.applyLoose(c)
			p.applyCustomers(c)
			p.dirty = p.dirty || c.Tenant
		}
		p.fresh = false
	}
	for i := range c.Agents {
		d.agent(c.Agents[i].Now)
		d.agent(&c.Agents[i].Before)
	}
}

// renew makes the parts that have come with the directory, and drops those that
// are gone. A new one is counted from scratch.
func (d *division) renew(v *view) {
	d.all = true
	there := map[string]struct{}{}
	d.each(v, func(key string) {
		there[key] = struct{}{}
		if _, known := d.parts[key]; !known {
			p := d.part(v, key)
			p.rebuild(v.today)
			p.fresh = true
			d.parts[key] = p
		}
	})
	for key := range d.parts {
		if _, still := there[key]; !still {
			delete(d.parts, key)
		}
	}
}

// agent marks the parts that an agent belongs to.
func (d *division) agent(a *fold.Agent) {
	if d.by == TopicTeams {
		for _, id := range a.Teams {
			d.dirty[string(id)] = struct{}{}
		}
		return
	}
	if len(a.Channels) == 0 {
		d.all = true
	}
	for _, id := range a.Channels {
		d.dirty[string(id)] = struct{}{}
	}
}

// bring counts a session that has become resident.
func (d *division) bring(s *fold.Session) {
	d.keys = d.of(s, d.keys[:0])
	for _, key := range d.keys {
		if p, ok := d.parts[key]; ok {
			p.count(s, s, 1)
		}
	}
}

// publishParts tells the topic of the parts that have changed.
func (t *tenant) publishParts(v *view, d *division, topic *Topic) {
	if d.all {
		shown := make(Object, len(d.parts))
		for key, p := range d.parts {
			shown[key] = t.part(v, d, key, p)
		}
		topic.Set(shown, string(d.by))
	} else {
		for key, p := range d.parts {
			if _, dirty := d.dirty[key]; dirty || p.dirty || p.dirtyQueue {
				topic.Set(t.part(v, d, key, p), string(d.by), key)
			}
		}
	}
	d.all = false
	clear(d.dirty)
	for _, p := range d.parts {
		p.settled()
	}
}

// part is all that is told of a team or a channel.
func (t *tenant) part(v *view, d *division, key string, p *view) Object {
	metrics := t.metrics(p)
	o := Object{}
	for _, id := range []string{
		"online_agents", "paused_agents", "total_agents", "active_chats", "bot_chats", "queue_length",
		"pending_replies", "capacity", "active_sessions",
	} {
		if gauge, ok := metrics[id].(Object); ok {
			o[id] = gauge["value"]
		}
	}
	o["longest_wait"] = metrics["longest_wait_seconds"]
	for _, m := range metric.Catalogue() {
		if m.Live && m.ID != "occupancy" {
			delete(metrics, m.ID)
		}
	}
	o["metrics"] = metrics
	if d.by == TopicTeams {
		g, _ := t.state.Team(event.TeamID(key))
		o["name"] = g.Name
		if g.Capacity != nil {
			o["limit"] = *g.Capacity
		}
		channels := Object{}
		for _, id := range g.Channels {
			if within(v.filter.Channel, id) {
				channels[string(id)] = t.channelName(id)
			}
		}
		o["channels"] = channels
		return o
	}
	c, _ := t.state.Channel(event.ChannelID(key))
	o["name"] = c.Name
	for name, text := range map[string]string{"kind": c.Kind, "avatar": c.Avatar, "ai": c.AI} {
		if text != "" {
			o[name] = text
		}
	}
	return o
}
