package event

// ChannelUpdated announces an inbox or service account.
type ChannelUpdated struct {
	Channel     ChannelID    `json:"channel"`
	Name        string       `json:"name"`
	Kind        string       `json:"kind"` // web, app, whatsapp, sms, wecom, tiktok_shop, email, other
	Avatar      *string      `json:"avatar,omitzero"`
	Attribution *Attribution `json:"attribution,omitzero"`
	AI          string       `json:"ai,omitzero"` // on, off
	Disabled    *bool        `json:"disabled,omitzero"`
}

// Attribution is how a channel's AI sales are attributed.
type Attribution struct {
	Touch string `json:"touch"` // product_click, message
	Hours int64  `json:"hours"`
}

func (*ChannelUpdated) eventType() Type { return TypeChannelUpdated }
func (d *ChannelUpdated) key() string   { return string(d.Channel) }
func (d *ChannelUpdated) validate(v *validator) {
	v.id("channel", string(d.Channel))
	v.name("name", d.Name)
	v.oneOf("kind", d.Kind, "web", "app", "whatsapp", "sms", "wecom", "tiktok_shop", "email", "other")
	v.optionalText("avatar", d.Avatar)
	if d.Attribution != nil {
		v.oneOf("attribution.touch", d.Attribution.Touch, "product_click", "message")
		v.present("attribution.hours", d.Attribution.Hours == 0)
		v.within("attribution.hours", d.Attribution.Hours, 1, 24*366)
	}
	if d.AI != "" {
		v.oneOf("ai", d.AI, "on", "off")
	}
}

// TeamUpdated announces a reception group. Capacity holds for its agents that
// have none of their own.
type TeamUpdated struct {
	Team     TeamID      `json:"team"`
	Name     string      `json:"name"`
	Channels []ChannelID `json:"channels,omitzero"`
	Capacity *int64      `json:"capacity,omitzero"`
	Disabled *bool       `json:"disabled,omitzero"`
}

func (*TeamUpdated) eventType() Type { return TypeTeamUpdated }
func (d *TeamUpdated) key() string   { return string(d.Team) }
func (d *TeamUpdated) validate(v *validator) {
	v.id("team", string(d.Team))
	v.name("name", d.Name)
	ids(v, "channels", d.Channels)
	v.capacity(d.Capacity)
}

// AgentUpdated announces a human agent.
type AgentUpdated struct {
	Agent      AgentID     `json:"agent"`
	Name       string      `json:"name"`
	Teams      []TeamID    `json:"teams,omitzero"`
	Channels   []ChannelID `json:"channels,omitzero"`
	Department *string     `json:"department,omitzero"`
	Avatar     *string     `json:"avatar,omitzero"`
	Capacity   *int64      `json:"capacity,omitzero"`
	Email      *string     `json:"email,omitzero"`
	Role       *string     `json:"role,omitzero"`
	Disabled   *bool       `json:"disabled,omitzero"`
}

func (*AgentUpdated) eventType() Type { return TypeAgentUpdated }
func (d *AgentUpdated) key() string   { return string(d.Agent) }
func (d *AgentUpdated) validate(v *validator) {
	v.id("agent", string(d.Agent))
	v.name("name", d.Name)
	ids(v, "teams", d.Teams)
	ids(v, "channels", d.Channels)
	v.capacity(d.Capacity)
	v.optionalText("department", d.Department)
	v.optionalText("avatar", d.Avatar)
	v.optionalText("email", d.Email)
	v.optionalText("role", d.Role)
}

// Presence is an agent's state.
type Presence string

// The states of an agent. Paused means signed in and taking no chats.
const (
	Online  Presence = "online"
	Paused  Presence = "paused"
	Offline Presence = "offline"
)

// AgentPresence says what an agent's state is from now on. After is set by the
// server alone: the sequence of the confirmation whose lease has lapsed.
type AgentPresence struct {
	Agent  AgentID  `json:"agent"`
	Status Presence `json:"status"`
	After  uint64   `json:"after,omitzero"`
}

func (*AgentPresence) eventType() Type { return TypeAgentPresence }
func (d *AgentPresence) key() string   { return string(d.Agent) }
func (d *AgentPresence) validate(v *validator) {
	v.id("agent", string(d.Agent))
	v.oneOf("status", string(d.Status), string(Online), string(Paused), string(Offline))
}

// CustomerUpdated says what is known of a customer.
type CustomerUpdated struct {
	Customer  CustomerID `json:"customer"`
	Name      *string    `json:"name,omitzero"`
	Email     *string    `json:"email,omitzero"`
	Phone     *string    `json:"phone,omitzero"`
	URL       *string    `json:"url,omitzero"`
	Anonymous *bool      `json:"anonymous,omitzero"`
	Friend    *bool      `json:"friend,omitzero"`
}

func (*CustomerUpdated) eventType() Type { return TypeCustomerUpdated }
func (d *CustomerUpdated) key() string   { return string(d.Customer) }
func (d *CustomerUpdated) validate(v *validator) {
	v.id("customer", string(d.Customer))
	v.optionalText("name", d.Name)
	v.optionalText("email", d.Email)
	v.optionalText("phone", d.Phone)
	v.optionalText("url", d.URL)
}
