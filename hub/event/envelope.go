package event

import (
	"strings"
	"time"
)

// Distinct types for the ids of the contract, 1 to 128 bytes each.
type (
	// TenantID names a desk: 1 to 64 of a-z 0-9 - _.
	TenantID string
	// ConversationID names a conversation, within a tenant.
	ConversationID string
	// MessageID names a message, within a conversation.
	MessageID string
	// AgentID names a human agent, within a tenant.
	AgentID string
	// CustomerID names a customer, within a tenant.
	CustomerID string
	// ChannelID names an inbox or service account, within a tenant.
	ChannelID string
	// TeamID names a reception group, within a tenant.
	TeamID string
	// SurveyID names a satisfaction survey, within a conversation.
	SurveyID string
	// OrderID names an order, within a tenant.
	OrderID string
)

// ServerSource is the source of the events that the server itself writes.
const ServerSource = "floorlight"

// Event is a decoded, valid event.
type Event struct {
	ID     string    // unique for Tenant and Source
	Source string    // who published it
	Type   Type      // which struct Data is
	Time   time.Time // when it happened at the source; UTC, whole microseconds
	Key    string    // the envelope's subject: the id of what the event is about
	Tenant TenantID
	Data   Data
}

// Millis is the event's time in milliseconds since 1970, rounded down.
func (e *Event) Millis() int64 { return e.Time.UnixMilli() }

// Data is the payload of one event type. It is sealed: the structs of this
// package are all there are.
type Data interface {
	eventType() Type
	key() string
	validate(*validator)
}

// New makes an event about d. Its key follows from d, and from the tenant
// where d names nothing that could be a key.
func New(tenant TenantID, source, id string, at time.Time, d Data) Event {
	key := d.key()
	if key == "" {
		key = string(tenant)
	}
	return Event{ID: id, Source: source, Type: d.eventType(), Time: at.UTC().Truncate(time.Microsecond), Key: key, Tenant: tenant, Data: d}
}

// sourceToken keeps source and id apart: a/b with c is not a with b/c.
var sourceToken = strings.NewReplacer("%", "%25", "/", "%2F")

// MsgID is the value of the Nats-Msg-Id header, tenant/source/id; a slash or a
// percent sign in the source is percent-encoded.
func (e *Event) MsgID() string {
	return string(e.Tenant) + "/" + sourceToken.Replace(e.Source) + "/" + e.ID
}
