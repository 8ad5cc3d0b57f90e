package hub

import (
	"cmp"
	"context"
	"slices"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
)

// TopicDisputes is the topic of the blocked messages that their authors dispute.
const TopicDisputes TopicName = "disputes"

// mostDisputes is how many are shown, the oldest; total says how many there are.
const mostDisputes = 500

// publishDisputes tells the disputes topic what waits for a decision.
func (t *tenant) publishDisputes(v *view, topic *Topic) {
	open := Object{}
	var all []*fold.Dispute
	for a := range t.state.Agents() {
		for _, d := range a.Disputes {
			if v.filter.counts(d.Channel, d.Team, a.ID) {
				all = append(all, d)
			}
		}
	}
	shown := oldest(all, mostDisputes)
	for a := range t.state.Agents() {
		for id, d := range a.Disputes {
			if _, ok := shown[d]; ok {
				open[id] = t.dispute(a, d)
			}
		}
	}
	topic.Set(int64(len(all)), "total")
	topic.Set(open, "open")
}

// oldest picks the n disputes that wait longest.
func oldest(all []*fold.Dispute, n int) map[*fold.Dispute]struct{} {
	slices.SortFunc(all, func(a, b *fold.Dispute) int {
		switch {
		case a.At != b.At:
			return cmp.Compare(a.At, b.At)
		case a.Conversation != b.Conversation:
			return cmp.Compare(a.Conversation, b.Conversation)
		}
		return cmp.Compare(a.Message, b.Message)
	})
	shown := make(map[*fold.Dispute]struct{}, min(n, len(all)))
	for _, d := range all[:min(n, len(all))] {
		shown[d] = struct{}{}
	}
	return shown
}

func (t *tenant) dispute(a *fold.Agent, d *fold.Dispute) Object {
	o := Object{
		"conversation": string(d.Conversation), "message": string(d.Message), "agent": string(a.ID), "agent_name": a.Name,
		"at": metric.FormatTime(d.At), "blocked": metric.FormatTime(d.Blocked), "text": d.Text, "violations": violations(d.Violations),
		"channel": string(d.Channel), "channel_name": t.channelName(d.Channel),
	}
	if d.Team != "" {
		o["team"], o["team_name"] = string(d.Team), t.teamName(d.Team)
	}
	if d.Comment != "" {
		o["comment"] = d.Comment
	}
	return o
}

// Contested is what has become of a message that was blocked.
type Contested struct {
	Blocked  bool // it was
	Disputed bool // ever
	Sent     bool // it was sent, before or after
	// Open is the dispute that waits for a decision, nil if none does, and Agent
	// whose it is.
	Open  *fold.Dispute
	Agent event.AgentID
}

// Contested tells what has become of a message.
func (h *Hub) Contested(ctx context.Context, id event.TenantID, c event.ConversationID, m event.MessageID) (out Contested, err error) {
	err = h.ask(ctx, id, c, func(found *fold.Conversation) {
		if found != nil {
			out.Sent, out.Blocked, out.Disputed = found.Marks.Fate(m)
		}
	})
	if err != nil {
		return Contested{}, err
	}
	err = h.on(ctx, id, func(t *tenant) {
		for a := range t.state.Agents() {
			if d, ok := a.Disputes[fold.DisputeID(c, m)]; ok {
				open := *d
				out.Open, out.Agent = &open, a.ID
			}
		}
	})
	return out, err
}
