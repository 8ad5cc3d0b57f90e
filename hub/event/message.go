package event

// Check is what the inline check found, stored with the message so that the
// two cannot come apart.
type Check struct {
	Verdict    Verdict     `json:"verdict"`
	Rules      []string    `json:"rules,omitzero"`
	Violations []Violation `json:"violations,omitzero"`
}

// MessageSent is a message that reached the other side. A broadcast has no
// conversation, and names customer and channel. A message to "agent" is a
// notice that only the agent sees; it counts nowhere.
type MessageSent struct {
	Conversation ConversationID `json:"conversation,omitzero"`
	Message      MessageID      `json:"message"`
	From         Actor          `json:"from"`
	Text         string         `json:"text"`
	Automatic    string         `json:"automatic,omitzero"` // recommended_answer, chat_bot, off_work
	Customer     CustomerID     `json:"customer,omitzero"`
	Channel      ChannelID      `json:"channel,omitzero"`
	To           string         `json:"to,omitzero"`
	Check        *Check         `json:"check,omitzero"`
	Deliver      bool           `json:"deliver,omitzero"`
}

func (*MessageSent) eventType() Type { return TypeMessageSent }
func (d *MessageSent) key() string {
	if d.Conversation != "" {
		return string(d.Conversation)
	}
	return string(d.Customer)
}

func (d *MessageSent) validate(v *validator) {
	v.id("message", string(d.Message))
	v.author("from", d.From)
	if d.From.Kind == Broadcast {
		v.optionalID("conversation", string(d.Conversation))
		v.id("customer", string(d.Customer))
		v.id("channel", string(d.Channel))
	} else {
		v.id("conversation", string(d.Conversation))
		v.optionalID("customer", string(d.Customer))
		v.optionalID("channel", string(d.Channel))
	}
	v.present("text", d.Text == "")
	if d.Automatic != "" {
		v.oneOf("automatic", d.Automatic, "recommended_answer", "chat_bot", "off_work")
	}
	if d.To != "" {
		v.oneOf("to", d.To, "agent", "customer")
	}
	if d.Check != nil {
		v.oneOf("check.verdict", string(d.Check.Verdict), string(Allow), string(Flag))
		ids(v, "check.rules", d.Check.Rules)
		v.violations("check.violations", d.Check.Violations)
	}
}

// MessageDelivered says that a message with Deliver reached its customer.
type MessageDelivered struct {
	Conversation ConversationID `json:"conversation"`
	Message      MessageID      `json:"message"`
	Reason       *string        `json:"reason,omitzero"`
}

func (*MessageDelivered) eventType() Type { return TypeMessageDelivered }
func (d *MessageDelivered) key() string   { return string(d.Conversation) }
func (d *MessageDelivered) validate(v *validator) {
	v.id("conversation", string(d.Conversation))
	v.id("message", string(d.Message))
	v.optionalText("reason", d.Reason)
}

// MessageFailed says that a message with Deliver did not reach its customer.
type MessageFailed struct {
	Conversation ConversationID `json:"conversation"`
	Message      MessageID      `json:"message"`
	Reason       *string        `json:"reason,omitzero"`
}

func (*MessageFailed) eventType() Type { return TypeMessageFailed }
func (d *MessageFailed) key() string   { return string(d.Conversation) }
func (d *MessageFailed) validate(v *validator) {
	v.id("conversation", string(d.Conversation))
	v.id("message", string(d.Message))
	v.optionalText("reason", d.Reason)
}

// MessageBlocked is a message that was not delivered, and why.
type MessageBlocked struct {
	Conversation ConversationID `json:"conversation"`
	Message      MessageID      `json:"message"`
	From         Actor          `json:"from"`
	Text         string         `json:"text"`
	Violations   []Violation    `json:"violations"`
}

func (*MessageBlocked) eventType() Type { return TypeMessageBlocked }
func (d *MessageBlocked) key() string   { return string(d.Conversation) }
func (d *MessageBlocked) validate(v *validator) {
	v.id("conversation", string(d.Conversation))
	v.id("message", string(d.Message))
	v.author("from", d.From)
	v.present("text", d.Text == "")
	v.present("violations", len(d.Violations) == 0)
	v.violations("violations", d.Violations)
}

// MessageFlagged says that a delivered message is risky.
type MessageFlagged struct {
	Conversation ConversationID `json:"conversation"`
	Message      MessageID      `json:"message"`
	From         Actor          `json:"from"`
	Violations   []Violation    `json:"violations"`
}

func (*MessageFlagged) eventType() Type { return TypeMessageFlagged }
func (d *MessageFlagged) key() string   { return string(d.Conversation) }
func (d *MessageFlagged) validate(v *validator) {
	v.id("conversation", string(d.Conversation))
	v.id("message", string(d.Message))
	v.author("from", d.From)
	v.present("violations", len(d.Violations) == 0)
	v.violations("violations", d.Violations)
}
