package history

import "github.com/floorlight/floorlight/hub/event"

// conversationOf is the conversation that an event is about, "" if none. The
// envelope's subject is not asked: nobody has compared it with the data.
func conversationOf(data event.Data) event.ConversationID {
	switch d := data.(type) {
	case *event.ConversationStarted:
		return d.Conversation
	case *event.ConversationQueued:
		return d.Conversation
	case *event.ConversationAssigned:
		return d.Conversation
	case *event.ConversationClassified:
		return d.Conversation
	case *event.ConversationViewed:
		return d.Conversation
	case *event.ConversationLeft:
		return d.Conversation
	case *event.ConversationHandoff:
		return d.Conversation
	case *event.ConversationClosed:
		return d.Conversation
	case *event.MessageSent:
		return d.Conversation
	case *event.MessageDelivered:
		return d.Conversation
	case *event.MessageFailed:
		return d.Conversation
	case *event.MessageBlocked:
		return d.Conversation
	case *event.MessageFlagged:
		return d.Conversation
	case *event.SurveySent:
		return d.Conversation
	case *event.SurveyAnswered:
		return d.Conversation
	case *event.ProductClicked:
		return d.Conversation
	case *event.ServiceInvited:
		return d.Conversation
	case *event.ServiceJoined:
		return d.Conversation
	case *event.FlowTriggered:
		return d.Conversation
	case *event.AssistUsed:
		return d.Conversation
	case *event.ChannelUpdated, *event.TeamUpdated, *event.AgentUpdated, *event.AgentPresence, *event.CustomerUpdated,
		*event.OrderPaid, *event.TemplateCharged, *event.CreditAdded, *event.TenantConfigured, *event.NotificationAcknowledged:
	}
	return ""
}
