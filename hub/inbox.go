package hub

import (
	"time"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
)

// TopicInbox is the topic of an agent's own open conversations. It is an agent's,
// as notifications are, and no view's: a desk has more agents than a tenant may
// have filters.
const TopicInbox TopicName = "inbox"

// agentInbox is one agent's, kept while somebody reads it.
type agentInbox struct {
	topic    *Topic
	open     *openList
	lastRead time.Time
}

// inboxOf finds or makes the topic of an agent's own conversations.
func (t *tenant) inboxOf(agent event.AgentID, now time.Time) *Topic {
	in, ok := t.inboxes[agent]
	if !ok {
		in = &agentInbox{topic: NewTopic(TopicInbox, t.hub.newEpoch(), FilteredLimits, t.hub.cfg.Tally), open: newOpenList()}
		for c := range t.state.Conversations() {
			if s := c.Current(); !s.Closed && s.HandlingAgent() == agent {
				in.open.count(s, s, 1)
			}
		}
		in.topic.Set(int64(0), "total")
		in.topic.Set(Object{}, "conversations")
		t.publishOpen(in.open, in.topic)
		in.topic.Flush(now, t.seq())
		t.inboxes[agent] = in
	}
	in.lastRead = now
	return in.topic
}

// tellInboxes notes what one event changed of the conversations in them.
func (t *tenant) tellInboxes(c *fold.Change, named renames) {
	if len(t.inboxes) == 0 {
		return
	}
	for i := range c.Sessions {
		s := &c.Sessions[i]
		if !s.Created && !s.Before.Closed {
			t.tellInbox(&s.Before, s.Now, -1)
		}
		if !s.Now.Closed {
			t.tellInbox(s.Now, s.Now, 1)
		}
	}
	for _, in := range t.inboxes {
		in.open.named(named.customers)
		if c.Directory || named.agents {
			in.open.renamed()
		}
	}
}

func (t *tenant) tellInbox(s, now *fold.Session, sign int64) {
	if in, ok := t.inboxes[s.HandlingAgent()]; ok {
		in.open.count(s, now, sign)
	}
}

// publishInboxes tells who reads them, and lets go of those that nobody does.
func (t *tenant) publishInboxes(now time.Time, seq uint64) {
	for agent, in := range t.inboxes {
		t.publishOpen(in.open, in.topic)
		in.topic.Flush(now, seq)
		if in.topic.Readers() > 0 {
			in.lastRead = now
		} else if now.Sub(in.lastRead) > filterOutlives {
			delete(t.inboxes, agent)
		}
	}
}
