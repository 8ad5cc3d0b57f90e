package simulator

import (
	"context"
	"time"

	"github.com/floorlight/floorlight/hub/event"
)

// Action is one thing that a desk's platform does.
type Action struct {
	Due time.Time
	// Event is what is published. With Check it is an agent's message.sent,
	// which goes before the inline check instead, and is stored by it.
	Event event.Event
	Check bool
	// Risky says that the message breaks a rule: it should be flagged, or blocked, and
	// then its author sends another.
	Risky bool
}

// CheckRequest asks whether a message may go out, contract/events.md.
type CheckRequest struct {
	Conversation event.ConversationID `json:"conversation"`
	Message      event.MessageID      `json:"message"`
	From         event.Actor          `json:"from"`
	Text         string               `json:"text"`
}

// CheckReply is the answer, after the stream has stored the message at Seq.
type CheckReply struct {
	Verdict event.Verdict `json:"verdict"`
	Seq     uint64        `json:"seq"`
}

// Publisher is how a platform reaches Floorlight.
type Publisher interface {
	// Publish returns when the stream has stored all events. After an error the
	// same events are published again.
	Publish(ctx context.Context, events []event.Event) error
	// Check puts an agent's message before the inline check.
	Check(ctx context.Context, tenant event.TenantID, request CheckRequest) (CheckReply, error)
}
