package hub

import (
	"cmp"
	"slices"
	"time"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
)

// The topics of a view.
const (
	TopicWallboard     TopicName = "wallboard"
	TopicFloor         TopicName = "floor"
	TopicAgents        TopicName = "agents"
	TopicQueue         TopicName = "queue"
	TopicNotifications TopicName = "notifications"
)

// How many conversations the topics name.
const (
	longestQueue = 500
	longestFloor = 3
)

// publishWallboard tells the wallboard what it shows.
func (t *tenant) publishWallboard(v *view, topic *Topic) {
	p := t.state.Profile()
	topic.Set(v.today.String(), "day")
	topic.Set(p.Timezone, "timezone")
	topic.Set(p.Label(), "profile")
	topic.Set(t.state.Name(), "name")
	topic.Set(p.PercentDecimals, "percent_decimals")
	topic.Set(p.ResponseWindowHours, "response_window_hours")
	topic.Set(p.ServiceLevelSeconds, "service_level_seconds")
	if len(p.Targets) > 0 {
		targets := make(Object, len(p.Targets))
		for id, target := range p.Targets {
			targets[id] = target
		}
		topic.Set(targets, "targets")
	} else {
		topic.Delete("targets")
	}
	topic.Set(t.metrics(v), "metrics")
	alerts := make(Object, len(t.hub.alerts()))
	for id, text := range t.hub.alerts() {
		alerts[id] = words(text)
	}
	for id, alert := range t.warned {
		if alert.concerns(&v.filter) {
			alerts[id] = alert.object(t)
		}
	}
	topic.Set(alerts, "alerts")
}

// metrics evaluates every gauge and every counter of today.
func (t *tenant) metrics(v *view) Object {
	p := &t.state.Profile().Settings
	now := v.presence()
	whole, own := v.sums(false, &now), v.sums(true, &now)
	o := make(Object, 128)
	for _, m := range metric.Catalogue() {
		if m.Live {
			continue
		}
		if m.PerAgent && len(v.filter.Agent) > 0 {
			o[m.ID] = m.Eval(&own, p).Object()
			continue
		}
		one := m.Eval(&whole, p).Object()
		if len(m.Parts) > 0 {
			v.whole.byParts(m, p, one)
		}
		o[m.ID] = one
	}
	t.gauges(v, &now, o)
	return o
}

// gauges are what is true now.
func (t *tenant) gauges(v *view, now *presence, o Object) {
	value := func(n int64) Object { return Object{"value": n} }
	waiting := census{}
	for id, q := range v.queue {
		if q.customer == "" {
			q.customer = event.CustomerID("\x00" + string(id)) // nobody knows who: one of his own
		}
		waiting.add(q.customer, 1)
	}
	o["queue_length"] = value(int64(len(waiting)))
	o["longest_wait_seconds"] = Object{}
	if longest := v.longest(1); len(longest) == 1 {
		o["longest_wait_seconds"] = t.wait(&longest[0], true)
	}
	o["online_agents"], o["paused_agents"], o["total_agents"] = value(now.on), value(now.paused), value(now.total)
	var busy, active int64
	for id, a := range v.agents {
		if agent, ok := t.state.Agent(id); ok && !agent.Disabled && a.active > 0 {
			busy++
		}
		active += a.active
	}
	o["agents_with_active_chats"], o["active_chats"], o["bot_chats"] = value(busy), value(active), value(v.bots)
	o["pending_replies"] = value(v.pending)
	o["active_sessions"] = Object{
		"value": v.assigned + v.unassigned + v.resolved, "unassigned": v.unassigned, "assigned": v.assigned, "resolved": v.resolved,
	}
	o["active_customers"] = value(v.people.n[withActive])
	o["contacts"], o["idle_customers"] = Object{}, Object{}
	if ever, idle, known := v.contacts(); known {
		o["contacts"], o["idle_customers"] = value(ever), value(idle)
	}
	o["online_seconds"] = Object{"value": seconds(now.online), "rate": now.running, "as_of": metric.FormatTime(now.asOf)}
	o["capacity"] = value(now.capacity)
	o["occupancy"] = share(now.busy, now.capacity)
}

// share is num of den, without a value where den is 0.
func share(num, den int64) Object {
	o := Object{"num": num, "den": den}
	if den != 0 {
		o["value"] = float64(num) / float64(den)
		if num%den == 0 {
			o["value"] = num / den
		}
	}
	return o
}

func seconds(millis int64) any {
	if millis%1000 == 0 {
		return millis / 1000
	}
	return float64(millis) / 1000
}

// wait describes a waiting conversation without its customer.
func (t *tenant) wait(q *queued, named bool) Object {
	s := q.session
	o := Object{"since": metric.FormatTime(q.since), "channel": string(s.Channel), "channel_name": t.channelName(s.Channel)}
	if team := s.MomentTeam(); team != "" {
		o["team"], o["team_name"] = string(team), t.teamName(team)
	}
	if named {
		o["conversation"] = string(s.Conversation)
	}
	return o
}

// longest are the conversations that wait longest, the first the longest.
func (v *view) longest(most int) []queued {
	all := make([]queued, 0, len(v.queue))
	for _, q := range v.queue {
		all = append(all, q)
	}
	slices.SortFunc(all, func(a, b queued) int {
		return cmp.Or(cmp.Compare(a.since, b.since), cmp.Compare(a.session.Conversation, b.session.Conversation))
	})
	return all[:min(most, len(all))]
}

// publishQueue tells the queue topic who waits.
func (t *tenant) publishQueue(v *view, topic *Topic) {
	list := v.longest(longestQueue)
	waiting := make(Object, len(list))
	for i := range list {
		q := &list[i]
		o := t.wait(q, false)
		s := q.session
		t.nameCustomer(o, s.Customer)
		o["intent"] = string(s.IntentOrOther())
		if s.FirstQuestion != "" {
			o["first_question"] = s.FirstQuestion
		}
		waiting[string(s.Conversation)] = o
	}
	topic.Set(int64(len(v.queue)), "total")
	topic.Set(waiting, "waiting")
}

// publishWaits tells the floor topic the three longest waits.
func (t *tenant) publishWaits(v *view, topic *Topic) {
	list := v.longest(longestFloor)
	waits := make(Object, len(list))
	for i := range list {
		waits[string(list[i].session.Conversation)] = t.wait(&list[i], false)
	}
	topic.Set(int64(len(v.queue)), "total")
	topic.Set(waits, "waits")
}

// publishFloorAgent tells the floor topic an agent's name, state and chats.
func (t *tenant) publishFloorAgent(v *view, topic *Topic, a *fold.Agent) {
	if a.Disabled || !v.filter.has(a) {
		topic.Delete("agents", string(a.ID))
		return
	}
	o := Object{"name": a.Name, "status": string(a.Status), "chats": v.agent(a.ID).active}
	if limit, ok := capacity(a, t.state); ok {
		o["capacity"] = limit
	}
	topic.Set(o, "agents", string(a.ID))
}

// publishAgent tells the agents topic everything about one agent.
func (t *tenant) publishAgent(v *view, topic *Topic, a *fold.Agent) {
	if a.Disabled || !v.filter.has(a) {
		topic.Delete("agents", string(a.ID))
		return
	}
	tally := v.agent(a.ID)
	o := Object{
		"name": a.Name, "status": string(a.Status), "active_chats": tally.active, "pending_replies": tally.pending,
		"assigned_sessions": tally.today.counts[metric.AssignedSessions], "teams": Object{}, "channels": Object{},
	}
	teams, channels := make(Object, len(a.Teams)), make(Object, len(a.Channels))
	for _, id := range a.Teams {
		teams[string(id)] = t.teamName(id)
	}
	for _, id := range a.Channels {
		channels[string(id)] = t.channelName(id)
	}
	o["teams"], o["channels"] = teams, channels
	if a.Department != "" {
		o["department"] = a.Department
	}
	if a.Avatar != "" {
		o["avatar"] = a.Avatar
	}
	if a.StatusSince != 0 {
		o["status_since"] = metric.FormatTime(a.StatusSince)
	}
	if limit, ok := capacity(a, t.state); ok {
		o["capacity"] = limit
		if a.Status == event.Online {
			o["occupancy"] = share(min(tally.active, limit), limit)
		}
	}
	o["active_sessions"] = Object{"value": tally.active + tally.resolved, "assigned": tally.active, "resolved": tally.resolved}
	online, first := int64(0), int64(0)
	if d, ok := a.Days[v.today]; ok {
		online, first = d.Online, d.First
	}
	if a.OnlineSince != 0 {
		since := max(a.OnlineSince, t.state.Calendar().Start(v.today))
		o["online_since"] = metric.FormatTime(since)
		if first == 0 || since < first {
			first = since
		}
	}
	o["online_seconds"] = seconds(online)
	if first != 0 {
		o["first_online_at"] = metric.FormatTime(first)
	}
	sums := tally.sums()
	metrics := make(Object, 32)
	for _, m := range metric.Catalogue() {
		if m.PerAgent && !m.Live && !m.AgentsOnly {
			metrics[m.ID] = m.Eval(&sums, &t.state.Profile().Settings).Object()
		}
	}
	o["metrics"] = metrics
	topic.Set(o, "agents", string(a.ID))
}

// publishNotices tells an agent's notifications topic what he has not acknowledged.
func publishNotices(a *fold.Agent, topic *Topic) {
	items := make(Object, len(a.Notices))
	for id, n := range a.Notices {
		item := Object{
			"at": metric.FormatTime(n.At), "kind": n.Kind, "conversation": string(n.Conversation), "message": string(n.Message),
			"text": n.Text, "violations": violations(n.Violations),
		}
		if n.Decision != "" {
			item["decision"], item["reason"], item["by"], item["released"] = string(n.Decision), n.Reason, n.By, n.Released
		}
		items[id] = item
	}
	topic.Set(items, "items")
}

func violations(found []event.Violation) []any {
	list := make([]any, 0, len(found))
	for _, v := range found {
		one := Object{
			"rule": v.Rule, "category": v.Category, "severity": string(v.Severity), "start": int64(v.Start), "end": int64(v.End),
			"explanation": Object{"en": v.Explanation.EN, "zh": v.Explanation.ZH},
		}
		if v.Advice != (event.Text{}) {
			one["advice"] = Object{"en": v.Advice.EN, "zh": v.Advice.ZH}
		}
		list = append(list, one)
	}
	return list
}

func (t *tenant) channelName(id event.ChannelID) string {
	if c, ok := t.state.Channel(id); ok {
		return c.Name
	}
	return string(id)
}

func (t *tenant) teamName(id event.TeamID) string {
	if g, ok := t.state.Team(id); ok {
		return g.Name
	}
	return string(id)
}

// publish brings a view's topics up to what it has counted.
func (t *tenant) publish(v *view, now time.Time, seq uint64) {
	for name, topic := range v.topics {
		switch name {
		case TopicWallboard:
			if v.dirty || v.dirtyQueue {
				t.publishWallboard(v, topic)
			}
		case TopicFloor:
			if v.dirtyQueue {
				t.publishWaits(v, topic)
			}
			t.eachDirtyAgent(v, func(a *fold.Agent) { t.publishFloorAgent(v, topic, a) })
		case TopicAgents:
			t.eachDirtyAgent(v, func(a *fold.Agent) { t.publishAgent(v, topic, a) })
		case TopicQueue:
			if v.dirtyQueue {
				t.publishQueue(v, topic)
			}
		case TopicTeams, TopicChannels:
			t.publishParts(v, v.divisions[name], topic)
		case TopicConversations:
			t.publishOpen(v.open, topic)
		case TopicDisputes:
			if v.dirtyDisputes {
				t.publishDisputes(v, topic)
			}
		case TopicNotifications, TopicInbox, TopicConversation: // an agent's, or a conversation's; not a view's
		}
		topic.Flush(now, seq)
		if err := topic.Refused(); err != nil {
			t.hub.cfg.Logger.Error().Err(err).Str("tenant", string(t.id)).Str("topic", string(name)).Msg("a topic's state holds a value that JSON has no place for")
		}
	}
	v.settled()
}

// fill gives a topic of a view its whole state.
func (t *tenant) fill(v *view, name TopicName, topic *Topic) {
	switch name {
	case TopicWallboard:
		t.publishWallboard(v, topic)
	case TopicFloor:
		topic.Set(Object{}, "agents")
		t.publishWaits(v, topic)
		for a := range t.state.Agents() {
			t.publishFloorAgent(v, topic, a)
		}
	case TopicAgents:
		topic.Set(Object{}, "agents")
		for a := range t.state.Agents() {
			t.publishAgent(v, topic, a)
		}
	case TopicQueue:
		t.publishQueue(v, topic)
	case TopicTeams, TopicChannels:
		d := t.divide(v, name)
		v.divisions[name] = d
		t.publishParts(v, d, topic)
	case TopicConversations:
		t.fillOpen(v, topic)
	case TopicDisputes:
		t.publishDisputes(v, topic)
	case TopicNotifications, TopicInbox, TopicConversation: // an agent's, or a conversation's; not a view's
	}
}

func (t *tenant) eachDirtyAgent(v *view, do func(*fold.Agent)) {
	if v.allAgents {
		for a := range t.state.Agents() {
			do(a)
		}
		return
	}
	for id := range v.dirtyAgents {
		if a, ok := t.state.Agent(id); ok {
			do(a)
		}
	}
}
