package event

import (
	"maps"
	"slices"
)

// Type is an event type of the contract, two words joined by a dot.
type Type string

// The types of the contract.
const (
	TypeChannelUpdated           Type = "channel.updated"
	TypeTeamUpdated              Type = "team.updated"
	TypeAgentUpdated             Type = "agent.updated"
	TypeAgentPresence            Type = "agent.presence"
	TypeCustomerUpdated          Type = "customer.updated"
	TypeConversationStarted      Type = "conversation.started"
	TypeConversationQueued       Type = "conversation.queued"
	TypeConversationAssigned     Type = "conversation.assigned"
	TypeConversationClassified   Type = "conversation.classified"
	TypeConversationViewed       Type = "conversation.viewed"
	TypeConversationLeft         Type = "conversation.left"
	TypeConversationHandoff      Type = "conversation.handoff"
	TypeConversationClosed       Type = "conversation.closed"
	TypeMessageSent              Type = "message.sent"
	TypeMessageDelivered         Type = "message.delivered"
	TypeMessageFailed            Type = "message.failed"
	TypeMessageBlocked           Type = "message.blocked"
	TypeMessageFlagged           Type = "message.flagged"
	TypeSurveySent               Type = "survey.sent"
	TypeSurveyAnswered           Type = "survey.answered"
	TypeProductClicked           Type = "product.clicked"
	TypeOrderPaid                Type = "order.paid"
	TypeServiceInvited           Type = "service.invited"
	TypeServiceJoined            Type = "service.joined"
	TypeFlowTriggered            Type = "flow.triggered"
	TypeTemplateCharged          Type = "template.charged"
	TypeCreditAdded              Type = "credit.added"
	TypeAssistUsed               Type = "assist.used"
	TypeDisputeOpened            Type = "dispute.opened"
	TypeDisputeDecided           Type = "dispute.decided"
	TypeTenantConfigured         Type = "tenant.configured"
	TypeNotificationAcknowledged Type = "notification.acknowledged"
)

// types makes an empty payload for each type; it is the list of all there are.
var types = map[Type]func() Data{
	TypeChannelUpdated:           func() Data { return new(ChannelUpdated) },
	TypeTeamUpdated:              func() Data { return new(TeamUpdated) },
	TypeAgentUpdated:             func() Data { return new(AgentUpdated) },
	TypeAgentPresence:            func() Data { return new(AgentPresence) },
	TypeCustomerUpdated:          func() Data { return new(CustomerUpdated) },
	TypeConversationStarted:      func() Data { return new(ConversationStarted) },
	TypeConversationQueued:       func() Data { return new(ConversationQueued) },
	TypeConversationAssigned:     func() Data { return new(ConversationAssigned) },
	TypeConversationClassified:   func() Data { return new(ConversationClassified) },
	TypeConversationViewed:       func() Data { return new(ConversationViewed) },
	TypeConversationLeft:         func() Data { return new(ConversationLeft) },
	TypeConversationHandoff:      func() Data { return new(ConversationHandoff) },
	TypeConversationClosed:       func() Data { return new(ConversationClosed) },
	TypeMessageSent:              func() Data { return new(MessageSent) },
	TypeMessageDelivered:         func() Data { return new(MessageDelivered) },
	TypeMessageFailed:            func() Data { return new(MessageFailed) },
	TypeMessageBlocked:           func() Data { return new(MessageBlocked) },
	TypeMessageFlagged:           func() Data { return new(MessageFlagged) },
	TypeSurveySent:               func() Data { return new(SurveySent) },
	TypeSurveyAnswered:           func() Data { return new(SurveyAnswered) },
	TypeProductClicked:           func() Data { return new(ProductClicked) },
	TypeOrderPaid:                func() Data { return new(OrderPaid) },
	TypeServiceInvited:           func() Data { return new(ServiceInvited) },
	TypeServiceJoined:            func() Data { return new(ServiceJoined) },
	TypeFlowTriggered:            func() Data { return new(FlowTriggered) },
	TypeTemplateCharged:          func() Data { return new(TemplateCharged) },
	TypeCreditAdded:              func() Data { return new(CreditAdded) },
	TypeAssistUsed:               func() Data { return new(AssistUsed) },
	TypeDisputeOpened:            func() Data { return new(DisputeOpened) },
	TypeDisputeDecided:           func() Data { return new(DisputeDecided) },
	TypeTenantConfigured:         func() Data { return new(TenantConfigured) },
	TypeNotificationAcknowledged: func() Data { return new(NotificationAcknowledged) },
}

// Types lists every type of the contract, sorted.
func Types() []Type { return slices.Sorted(maps.Keys(types)) }
