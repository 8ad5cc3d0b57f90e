package event

import "time"

// DisputeOpened says that an agent holds a blocked message to be harmless. What
// was blocked comes with it, so that whoever decides needs nothing else.
type DisputeOpened struct {
	Conversation ConversationID `json:"conversation"`
	Message      MessageID      `json:"message"`
	Agent        AgentID        `json:"agent"`
	Blocked      time.Time      `json:"blocked"` // when it was
	Text         string         `json:"text"`
	Violations   []Violation    `json:"violations"`
	Comment      string         `json:"comment,omitzero"`
}

func (*DisputeOpened) eventType() Type { return TypeDisputeOpened }
func (d *DisputeOpened) key() string   { return string(d.Conversation) }
func (d *DisputeOpened) validate(v *validator) {
	v.id("conversation", string(d.Conversation))
	v.id("message", string(d.Message))
	v.id("agent", string(d.Agent))
	v.present("blocked", d.Blocked.IsZero())
	v.present("text", d.Text == "")
	v.present("violations", len(d.Violations) == 0)
	v.violations("violations", d.Violations)
	v.optionalText("comment", &d.Comment)
}

// Decision is what became of a dispute.
type Decision string

// The decisions: the block was right, or it was not.
const (
	Upheld     Decision = "upheld"
	Overturned Decision = "overturned"
)

// DisputeDecided is a supervisor's decision, with the reason. Released says that
// the message was sent after all; a message.sent of its own says so to the customer.
type DisputeDecided struct {
	Conversation ConversationID `json:"conversation"`
	Message      MessageID      `json:"message"`
	Agent        AgentID        `json:"agent"` // who disputed
	By           string         `json:"by"`    // who decided, for people to read
	Decision     Decision       `json:"decision"`
	Reason       string         `json:"reason"`
	Released     bool           `json:"released,omitzero"`
	Allowed      []string       `json:"allowed,omitzero"` // what the rules let pass from now on
}

func (*DisputeDecided) eventType() Type { return TypeDisputeDecided }
func (d *DisputeDecided) key() string   { return string(d.Conversation) }
func (d *DisputeDecided) validate(v *validator) {
	v.id("conversation", string(d.Conversation))
	v.id("message", string(d.Message))
	v.id("agent", string(d.Agent))
	v.name("by", d.By)
	v.oneOf("decision", string(d.Decision), string(Upheld), string(Overturned))
	v.present("reason", d.Reason == "")
	v.optionalText("reason", &d.Reason)
	ids(v, "allowed", d.Allowed)
	if d.Released && d.Decision != Overturned {
		v.invalid("released", "only a message whose block is overturned is released")
	}
}
