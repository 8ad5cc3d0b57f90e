package event

// Kind is what an actor is.
type Kind string

// The kinds of actors.
const (
	Customer  Kind = "customer"
	Agent     Kind = "agent"
	Bot       Kind = "bot"
	Broadcast Kind = "broadcast"
	System    Kind = "system"
)

// Actor is who did something. ID may be empty where the contract says so.
type Actor struct {
	Kind Kind   `json:"kind"`
	ID   string `json:"id,omitzero"`
}

// Profile is what a conversation's start says of its customer.
type Profile struct {
	ID        CustomerID `json:"id"`
	Name      *string    `json:"name,omitzero"`
	Email     *string    `json:"email,omitzero"`
	Phone     *string    `json:"phone,omitzero"`
	Anonymous *bool      `json:"anonymous,omitzero"`
}

// ConversationStarted says that a customer opened a session, with or without writing.
type ConversationStarted struct {
	Conversation ConversationID `json:"conversation"`
	Channel      ChannelID      `json:"channel"`
	Customer     Profile        `json:"customer"`
}

func (*ConversationStarted) eventType() Type { return TypeConversationStarted }
func (d *ConversationStarted) key() string   { return string(d.Conversation) }
func (d *ConversationStarted) validate(v *validator) {
	v.id("conversation", string(d.Conversation))
	v.id("channel", string(d.Channel))
	v.id("customer.id", string(d.Customer.ID))
	v.optionalText("customer.name", d.Customer.Name)
	v.optionalText("customer.email", d.Customer.Email)
	v.optionalText("customer.phone", d.Customer.Phone)
}

// ConversationQueued says that the conversation waits for a human.
type ConversationQueued struct {
	Conversation ConversationID `json:"conversation"`
	Team         TeamID         `json:"team,omitzero"`
}

func (*ConversationQueued) eventType() Type { return TypeConversationQueued }
func (d *ConversationQueued) key() string   { return string(d.Conversation) }
func (d *ConversationQueued) validate(v *validator) {
	v.id("conversation", string(d.Conversation))
	v.optionalID("team", string(d.Team))
}

// ConversationAssigned says that a handler took over; again means a transfer.
type ConversationAssigned struct {
	Conversation ConversationID `json:"conversation"`
	To           Actor          `json:"to"` // an agent or a bot
	Team         TeamID         `json:"team,omitzero"`
}

func (*ConversationAssigned) eventType() Type { return TypeConversationAssigned }
func (d *ConversationAssigned) key() string   { return string(d.Conversation) }
func (d *ConversationAssigned) validate(v *validator) {
	v.id("conversation", string(d.Conversation))
	v.oneOf("to.kind", string(d.To.Kind), string(Agent), string(Bot))
	v.id("to.id", d.To.ID)
	v.optionalID("team", string(d.Team))
}

// Intent is what a conversation is about.
type Intent string

// The intents; a conversation without one counts as IntentOther.
const (
	IntentPrePurchase Intent = "pre_purchase"
	IntentAftersales  Intent = "aftersales"
	IntentLogistics   Intent = "logistics"
	IntentOther       Intent = "other"
)

// ConversationClassified says what the conversation is about.
type ConversationClassified struct {
	Conversation ConversationID `json:"conversation"`
	Intent       Intent         `json:"intent,omitzero"`
	Tags         []string       `json:"tags,omitzero"`
}

func (*ConversationClassified) eventType() Type { return TypeConversationClassified }
func (d *ConversationClassified) key() string   { return string(d.Conversation) }
func (d *ConversationClassified) validate(v *validator) {
	v.id("conversation", string(d.Conversation))
	if d.Intent != "" {
		v.oneOf("intent", string(d.Intent), string(IntentPrePurchase), string(IntentAftersales), string(IntentLogistics), string(IntentOther))
	}
	ids(v, "tags", d.Tags)
}

// ConversationViewed says that an agent opened the chat window.
type ConversationViewed struct {
	Conversation ConversationID `json:"conversation"`
	Agent        AgentID        `json:"agent"`
}

func (*ConversationViewed) eventType() Type { return TypeConversationViewed }
func (d *ConversationViewed) key() string   { return string(d.Conversation) }
func (d *ConversationViewed) validate(v *validator) {
	v.id("conversation", string(d.Conversation))
	v.id("agent", string(d.Agent))
}

// ConversationLeft says that an agent left the chat window.
type ConversationLeft struct {
	Conversation ConversationID `json:"conversation"`
	Agent        AgentID        `json:"agent"`
}

func (*ConversationLeft) eventType() Type { return TypeConversationLeft }
func (d *ConversationLeft) key() string   { return string(d.Conversation) }
func (d *ConversationLeft) validate(v *validator) {
	v.id("conversation", string(d.Conversation))
	v.id("agent", string(d.Agent))
}

// ConversationHandoff says that the bot gave up: a ticket was made, or the
// custom handoff message was shown.
type ConversationHandoff struct {
	Conversation ConversationID `json:"conversation"`
	Kind         string         `json:"kind"` // ticket, message
	Ticket       *string        `json:"ticket,omitzero"`
}

func (*ConversationHandoff) eventType() Type { return TypeConversationHandoff }
func (d *ConversationHandoff) key() string   { return string(d.Conversation) }
func (d *ConversationHandoff) validate(v *validator) {
	v.id("conversation", string(d.Conversation))
	v.oneOf("kind", d.Kind, "ticket", "message")
	v.optionalText("ticket", d.Ticket)
}

// Outcome is how a conversation ended.
type Outcome string

// The outcomes; OutcomeResolved if absent.
const (
	OutcomeResolved  Outcome = "resolved"
	OutcomeAbandoned Outcome = "abandoned"
	OutcomeSpam      Outcome = "spam"
)

// ConversationClosed ends a conversation. After is set by the server alone: the
// sequence of the last message when it closes for inactivity.
type ConversationClosed struct {
	Conversation ConversationID `json:"conversation"`
	By           Actor          `json:"by"`
	Outcome      Outcome        `json:"outcome,omitzero"`
	Reason       *string        `json:"reason,omitzero"`
	After        uint64         `json:"after,omitzero"`
}

func (*ConversationClosed) eventType() Type { return TypeConversationClosed }
func (d *ConversationClosed) key() string   { return string(d.Conversation) }
func (d *ConversationClosed) validate(v *validator) {
	v.id("conversation", string(d.Conversation))
	v.oneOf("by.kind", string(d.By.Kind), string(Customer), string(Agent), string(Bot), string(System))
	v.optionalID("by.id", d.By.ID)
	if d.Outcome != "" {
		v.oneOf("outcome", string(d.Outcome), string(OutcomeResolved), string(OutcomeAbandoned), string(OutcomeSpam))
	}
	v.optionalText("reason", d.Reason)
}
