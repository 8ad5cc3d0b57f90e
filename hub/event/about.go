package event

// About is the conversation that an event is about, "" if none. The
// envelope's subject is not asked: nobody has compared it with the data.
func About(data Data) ConversationID {
	switch d := data.(type) {
	case *ConversationStarted:
		return d.Conversation
	case *ConversationQueued:
		return d.Conversation
	case *ConversationAssigned:
		return d.Conversation
	case *ConversationClassified:
		return d.Conversation
	case *ConversationViewed:
		return d.Conversation
	case *ConversationLeft:
		return d.Conversation
	case *ConversationHandoff:
		return d.Conversation
	case *ConversationClosed:
		return d.Conversation
	case *MessageSent:
		return d.Conversation
	case *MessageDelivered:
		return d.Conversation
	case *MessageFailed:
		return d.Conversation
	case *MessageBlocked:
		return d.Conversation
	case *MessageFlagged:
		return d.Conversation
	case *SurveySent:
		return d.Conversation
	case *SurveyAnswered:
		return d.Conversation
	case *ProductClicked:
		return d.Conversation
	case *ServiceInvited:
		return d.Conversation
	case *ServiceJoined:
		return d.Conversation
	case *FlowTriggered:
		return d.Conversation
	case *AssistUsed:
		return d.Conversation
	case *DisputeOpened:
		return d.Conversation
	case *DisputeDecided:
		return d.Conversation
	case *ChannelUpdated, *TeamUpdated, *AgentUpdated, *AgentPresence, *CustomerUpdated,
		*OrderPaid, *TemplateCharged, *CreditAdded, *TenantConfigured, *NotificationAcknowledged:
	}
	return ""
}
