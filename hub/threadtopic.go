package hub

import (
	"time"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
)

// tellThreads gives the threads what an event says.
func (t *tenant) tellThreads(d *Delivery, c *fold.Change, named renames) {
	if len(t.threads) == 0 {
		return
	}
	id := event.About(d.Event.Data)
	if th, ok := t.threads[id]; ok && id != "" {
		if m := th.take(d.Seq, d.Event); m != "" && th.messages[m] != nil {
			th.topic.Set(t.threadMessage(th.messages[m]), "messages", string(m))
		}
	}
	for i := range c.Sessions {
		if th, ok := t.threads[c.Sessions[i].Conversation.ID]; ok {
			th.dirty = true
		}
	}
	if c.Directory || named.agents || len(named.customers) > 0 {
		for _, th := range t.threads {
			th.dirty = true
		}
	}
}

// publishThreads sends what is new, and lets go of threads that nobody reads.
func (t *tenant) publishThreads(now time.Time, seq uint64) {
	for id, th := range t.threads {
		if th.dirty {
			t.publishThread(id, th)
		}
		th.topic.Flush(now, seq)
		if th.topic.Readers() > 0 {
			th.lastRead = now
		} else if now.Sub(th.lastRead) > filterOutlives {
			delete(t.threads, id)
		}
	}
}

// fillThread tells a thread's topic all of its messages.
func (t *tenant) fillThread(id event.ConversationID, th *thread) {
	messages := make(Object, len(th.messages))
	for m, said := range th.messages {
		messages[string(m)] = t.threadMessage(said)
	}
	th.topic.Set(messages, "messages")
	t.publishThread(id, th)
}

// publishThread tells a thread's topic how the conversation stands.
func (t *tenant) publishThread(id event.ConversationID, th *thread) {
	th.dirty = false
	c, ok := t.state.Conversation(id)
	if !ok {
		return // it rests; what was shown of it holds
	}
	s := c.Current()
	th.topic.Set(string(id), "conversation")
	th.topic.Set(t.openConversation(s), "now")
	th.topic.Set(th.whole, "complete")
	th.topic.Set(th.dropped, "more_before")
	agents := Object{}
	for _, a := range s.Agents() {
		agents[string(a)] = t.agentName(a)
	}
	th.topic.Set(agents, "agents")
}

func (t *tenant) threadMessage(m *threadMessage) Object {
	o := Object{
		"seq": int64(m.seq), //nolint:gosec // a sequence is far below 2^53
		"at":  metric.FormatTime(m.at), "from": actor(m.from), "text": m.text,
	}
	for name, said := range map[string]bool{"blocked": m.blocked, "released": m.released, "flagged": m.flagged} {
		if said {
			o[name] = true
		}
	}
	for name, text := range map[string]string{"to": m.to, "automatic": m.automatic, "failure": m.failure} {
		if text != "" {
			o[name] = text
		}
	}
	for name, at := range map[string]int64{"delivered_at": m.delivered, "failed_at": m.failed} {
		if at != 0 {
			o[name] = metric.FormatTime(at)
		}
	}
	if len(m.violations) > 0 {
		o["violations"] = violations(m.violations)
	}
	return o
}

func actor(a event.Actor) Object {
	o := Object{"kind": string(a.Kind)}
	if a.ID != "" {
		o["id"] = a.ID
	}
	return o
}

func (t *tenant) agentName(id event.AgentID) string {
	if a, ok := t.state.Agent(id); ok {
		return a.Name
	}
	return string(id)
}
