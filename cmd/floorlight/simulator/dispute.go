package simulator

import (
	"time"

	"github.com/floorlight/floorlight/hub/event"
)

const (
	// disputeShare is how often an agent holds a message of his that was blocked to
	// be harmless, and overturnShare how often he is right.
	disputeShare, overturnShare = 0.2, 0.35
	// decideWithin is when a dispute is decided, on average: some wait for whoever
	// looks.
	decideWithin = 3 * time.Hour
)

// dispute is an agent who does not agree that a message was blocked, and the
// supervisor who decides. What the message broke is found when it is handed over.
func (d *desk) dispute(a *agent, m *event.MessageSent) {
	if !d.chance(disputeShare) {
		return
	}
	blocked := d.now
	d.in(d.between(30*time.Second, 5*time.Minute), func() {
		d.emit(&event.DisputeOpened{
			Conversation: m.Conversation, Message: m.Message, Agent: a.id, Blocked: blocked, Text: m.Text, Comment: pick(d.rng, d.words.disputed),
		})
		d.in(5*time.Minute+d.about(decideWithin), func() {
			decided := &event.DisputeDecided{
				Conversation: m.Conversation, Message: m.Message, Agent: a.id, By: d.words.lead,
				Decision: event.Upheld, Reason: pick(d.rng, d.words.upheld),
			}
			if d.chance(overturnShare) {
				decided.Decision, decided.Reason = event.Overturned, pick(d.rng, d.words.overturned)
			}
			d.emit(decided)
		})
	})
}
