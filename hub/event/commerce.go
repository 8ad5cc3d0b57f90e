package event

// ProductClicked says that the customer clicked a product card.
type ProductClicked struct {
	Customer     CustomerID     `json:"customer"`
	Product      string         `json:"product"`
	Conversation ConversationID `json:"conversation,omitzero"`
}

func (*ProductClicked) eventType() Type { return TypeProductClicked }
func (d *ProductClicked) key() string   { return string(d.Customer) }
func (d *ProductClicked) validate(v *validator) {
	v.id("customer", string(d.Customer))
	v.id("product", d.Product)
	v.optionalID("conversation", string(d.Conversation))
}

// OrderPaid is a paid order. Amount is a decimal, as written; see ValidAmount.
type OrderPaid struct {
	Order    OrderID    `json:"order"`
	Customer CustomerID `json:"customer"`
	Amount   string     `json:"amount"`
	Currency string     `json:"currency"` // ISO 4217
}

func (*OrderPaid) eventType() Type { return TypeOrderPaid }
func (d *OrderPaid) key() string   { return string(d.Customer) }
func (d *OrderPaid) validate(v *validator) {
	v.id("order", string(d.Order))
	v.id("customer", string(d.Customer))
	v.money(d.Amount, d.Currency)
}

// ServiceInvited says that the agent sent a specialist card or a group QR.
type ServiceInvited struct {
	Conversation ConversationID `json:"conversation"`
	Agent        AgentID        `json:"agent"`
	Kind         string         `json:"kind"` // specialist, group
	Target       string         `json:"target"`
}

func (*ServiceInvited) eventType() Type { return TypeServiceInvited }
func (d *ServiceInvited) key() string   { return string(d.Conversation) }
func (d *ServiceInvited) validate(v *validator) {
	v.id("conversation", string(d.Conversation))
	v.id("agent", string(d.Agent))
	v.oneOf("kind", d.Kind, "specialist", "group")
	v.id("target", d.Target)
}

// ServiceJoined says that the customer added the specialist, or joined the group.
type ServiceJoined struct {
	Customer     CustomerID     `json:"customer"`
	Kind         string         `json:"kind"` // specialist, group
	Target       string         `json:"target"`
	Conversation ConversationID `json:"conversation,omitzero"`
	Agent        AgentID        `json:"agent,omitzero"`
}

func (*ServiceJoined) eventType() Type { return TypeServiceJoined }
func (d *ServiceJoined) key() string {
	if d.Conversation != "" {
		return string(d.Conversation)
	}
	return string(d.Customer)
}

func (d *ServiceJoined) validate(v *validator) {
	v.id("customer", string(d.Customer))
	v.oneOf("kind", d.Kind, "specialist", "group")
	v.id("target", d.Target)
	v.optionalID("conversation", string(d.Conversation))
	v.optionalID("agent", string(d.Agent))
}

// FlowTriggered says that a chat flow ran.
type FlowTriggered struct {
	Flow         string         `json:"flow"`
	Name         string         `json:"name"`
	Conversation ConversationID `json:"conversation,omitzero"`
	Channel      ChannelID      `json:"channel,omitzero"`
}

func (*FlowTriggered) eventType() Type { return TypeFlowTriggered }
func (d *FlowTriggered) key() string {
	switch {
	case d.Conversation != "":
		return string(d.Conversation)
	case d.Channel != "":
		return string(d.Channel)
	}
	return d.Flow
}

func (d *FlowTriggered) validate(v *validator) {
	v.id("flow", d.Flow)
	v.name("name", d.Name)
	v.optionalID("conversation", string(d.Conversation))
	v.optionalID("channel", string(d.Channel))
}

// TemplateCharged is a paid template message.
type TemplateCharged struct {
	Category string    `json:"category"` // marketing, utility, authentication, other
	Amount   string    `json:"amount"`
	Currency string    `json:"currency"`
	Channel  ChannelID `json:"channel,omitzero"`
}

func (*TemplateCharged) eventType() Type { return TypeTemplateCharged }
func (d *TemplateCharged) key() string   { return string(d.Channel) }
func (d *TemplateCharged) validate(v *validator) {
	v.oneOf("category", d.Category, "marketing", "utility", "authentication", "other")
	v.money(d.Amount, d.Currency)
	v.optionalID("channel", string(d.Channel))
}

// CreditAdded is a top-up of the balance.
type CreditAdded struct {
	Amount   string    `json:"amount"`
	Currency string    `json:"currency"`
	Channel  ChannelID `json:"channel,omitzero"`
}

func (*CreditAdded) eventType() Type { return TypeCreditAdded }
func (d *CreditAdded) key() string   { return string(d.Channel) }
func (d *CreditAdded) validate(v *validator) {
	v.money(d.Amount, d.Currency)
	v.optionalID("channel", string(d.Channel))
}

// AssistUsed says that an agent used a writing aid. Accuracy compares Suggested
// with Sent, unless Translated.
type AssistUsed struct {
	Conversation ConversationID `json:"conversation"`
	Agent        AgentID        `json:"agent"`
	Tool         string         `json:"tool"` // ai_writer, doc_reply, recommended_answer
	Suggested    string         `json:"suggested,omitzero"`
	Sent         string         `json:"sent,omitzero"`
	Translated   bool           `json:"translated,omitzero"`
}

func (*AssistUsed) eventType() Type { return TypeAssistUsed }
func (d *AssistUsed) key() string   { return string(d.Conversation) }
func (d *AssistUsed) validate(v *validator) {
	v.id("conversation", string(d.Conversation))
	v.id("agent", string(d.Agent))
	v.oneOf("tool", d.Tool, "ai_writer", "doc_reply", "recommended_answer")
}
