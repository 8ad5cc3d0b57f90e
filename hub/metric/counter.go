package metric

// Counter is one additive number that the fold keeps on its rows. The values
// are stored: new ones are added at the end, none is ever reused.
type Counter uint8

// The counters. Durations are whole milliseconds, accuracy is in 10⁻¹².
const (
	Sessions Counter = iota
	Chats
	ChatsBotOnly
	ChatsHumanOnly
	ChatsBotToHuman
	ChatsUnhandled
	Consultations
	HumanSessions
	Segments
	HumanSegments
	ResponseRequired
	RespondedInWindow
	RespondedInServiceLevel
	HumanInbound
	HumanReplied
	FirstResponseMillis
	FirstResponses
	TurnResponseMillis
	TurnResponses
	AbandonedChats
	Reopened
	SurveysSent
	SurveysSentAnswered
	Rated
	Satisfied
	Neutral
	Dissatisfied
	NegativeRatings
	Converted
	OrdersAfterInquiry
	RiskyChats
	HandledOrRisky
	BlockedMessages
	FlaggedMessages
	MessagesReceived
	MessagesAgent
	MessagesBot
	MessagesBroadcast
	NewContacts
	AssignedSessions
	AssignEvents
	HandledChats
	AssistUses
	AssistAccuracy
	AssistAccuracyUses
	AIConversations
	AIResolved
	SpecialistInvites
	GroupInvites
	SpecialistsAdded
	GroupsJoined
	FlowTriggers
	DisputedMessages
	OverturnedBlocks

	NumCounters = iota
)

// counterNames are the columns of the reports' rows.
var counterNames = [NumCounters]string{
	"sessions", "chats", "chats_bot_only", "chats_human_only", "chats_bot_to_human", "chats_unhandled",
	"consultations", "human_sessions", "segments", "human_segments",
	"response_required", "responded_in_window", "responded_in_service_level",
	"human_inbound", "human_replied",
	"first_response_millis", "first_responses", "turn_response_millis", "turn_responses",
	"abandoned_chats", "reopened",
	"surveys_sent", "surveys_sent_answered", "rated", "satisfied", "neutral", "dissatisfied", "negative_ratings",
	"converted", "orders_after_inquiry",
	"risky_chats", "handled_or_risky", "blocked_messages", "flagged_messages",
	"messages_received", "messages_agent", "messages_bot", "messages_broadcast",
	"new_contacts", "assigned_sessions", "assign_events", "handled_chats",
	"assist_uses", "assist_accuracy", "assist_accuracy_uses",
	"ai_conversations", "ai_resolved",
	"specialist_invites", "group_invites", "specialists_added", "groups_joined",
	"flow_triggers",
	"disputed_messages", "overturned_blocks",
}

// String is the counter's name, which is also its column in the reports' rows.
func (c Counter) String() string { return counterNames[c] }

// CounterNamed finds a counter by its name.
func CounterNamed(name string) (Counter, bool) {
	c, ok := countersByName[name]
	return c, ok
}

var countersByName = func() map[string]Counter {
	m := make(map[string]Counter, NumCounters)
	for i, name := range counterNames {
		m[name] = Counter(i)
	}
	return m
}()

// Counters lists all counters in their stored order.
func Counters() []Counter {
	all := make([]Counter, NumCounters)
	for i := range all {
		all[i] = Counter(i)
	}
	return all
}

// Counts holds one number for each counter.
type Counts [NumCounters]int64

// Add adds other, counter by counter.
func (c *Counts) Add(other *Counts) {
	for i := range other {
		c[i] += other[i]
	}
}

// IsZero reports whether nothing is counted.
func (c *Counts) IsZero() bool { return *c == Counts{} }
