package fold

import (
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

type jsonValue = jsontext.Value

// Apply takes the event at a sequence of the stream. What Missing names must
// have been brought before. The change is valid until the next Apply.
func (st *State) Apply(seq uint64, e *event.Event) *Change {
	c := &st.change
	c.reset()
	st.rows, st.numbers = st.rows[:0], st.numbers[:0]
	st.seq = seq

	key := st.ids.key(e.Source, e.ID)
	maybe := st.replays || st.known.maybeEvent(key) // nearly no event is
	if maybe {
		if micros, ok := st.ids.seen(key); ok {
			duplicate(e, micros, c)
			return c
		}
	}
	if len(st.events) > 0 {
		if micros, ok := st.events[eventRef(e.Source, e.ID)]; ok {
			duplicate(e, micros, c)
			return c
		}
	}
	if d, ok := e.Data.(*event.TenantConfigured); ok {
		if _, c.Refused = st.configured(d); c.Refused != nil {
			return c // and its id stays free, as it does for who reads the stored events
		}
	}
	if maybe && !st.replays && len(st.absent) > 0 {
		delete(st.absent, eventRef(e.Source, e.ID))
	}
	st.ids.add(key, e.Time.UnixMicro(), seq)
	if !st.replays {
		st.known.addEvent(key)
	}

	at := e.Millis()
	c.Late = at < st.latest
	st.latest = max(st.latest, at)
	st.apply(seq, at, e)
	for i := range c.Sessions { // what is attributed anew may touch more
		st.settle(c.Sessions[i].Now)
	}
	for i := range c.Sessions {
		st.words.share(c.Sessions[i].Now, &c.Sessions[i].Before)
	}
	return c
}

// Forget lets go of event ids that are old, and stored as of committed.
func (st *State) Forget(committed uint64) { st.ids.prune(st.latest, committed) }

func (st *State) apply(seq uint64, at int64, e *event.Event) {
	switch d := e.Data.(type) {
	case *event.ChannelUpdated:
		st.channelUpdated(d)
	case *event.TeamUpdated:
		st.teamUpdated(d)
	case *event.AgentUpdated:
		st.agentUpdated(at, d)
	case *event.AgentPresence:
		st.agentPresence(seq, at, d)
	case *event.CustomerUpdated:
		st.customerUpdated(d)
	case *event.ConversationStarted:
		st.conversationStarted(at, d)
	case *event.ConversationQueued:
		st.conversationQueued(at, d)
	case *event.ConversationAssigned:
		st.conversationAssigned(at, d)
	case *event.ConversationClassified:
		st.conversationClassified(at, d)
	case *event.ConversationViewed:
		st.agent(d.Agent)
		st.conversation(d.Conversation, at, "")
	case *event.ConversationLeft:
		st.agent(d.Agent)
		st.conversation(d.Conversation, at, "")
	case *event.ConversationHandoff:
		if s := st.conversation(d.Conversation, at, "").Current(); s.More().Handoff != handoffTicket {
			s.rare().Handoff = d.Kind // a ticket outweighs the message, whichever came first
		}
	case *event.ConversationClosed:
		st.conversationClosed(at, d)
	case *event.MessageSent:
		st.messageSent(at, d)
	case *event.MessageDelivered:
		st.conversation(d.Conversation, at, "")
	case *event.MessageFailed:
		st.conversation(d.Conversation, at, "")
	case *event.MessageBlocked:
		st.messageBlocked(at, d)
	case *event.MessageFlagged:
		st.messageFlagged(at, d)
	case *event.SurveySent:
		st.surveySent(at, d)
	case *event.SurveyAnswered:
		st.surveyAnswered(at, d)
	case *event.ProductClicked:
		st.productClicked(at, d)
	case *event.OrderPaid:
		st.orderPaid(at, d)
	case *event.ServiceInvited:
		st.serviceInvited(at, d)
	case *event.ServiceJoined:
		st.serviceJoined(at, d)
	case *event.FlowTriggered:
		st.flowTriggered(at, d)
	case *event.TemplateCharged:
		st.templateCharged(at, d)
	case *event.CreditAdded:
		st.creditAdded(at, d)
	case *event.AssistUsed:
		st.assistUsed(at, d)
	case *event.DisputeOpened:
		st.disputeOpened(at, d)
	case *event.DisputeDecided:
		st.disputeDecided(at, d)
	case *event.TenantConfigured:
		st.tenantConfigured(d)
	case *event.NotificationAcknowledged:
		st.notificationAcknowledged(d)
	}
}

func (st *State) assistUsed(at int64, d *event.AssistUsed) {
	st.agent(d.Agent)
	s := st.conversation(d.Conversation, at, "").Current()
	slot := st.calendar.Slot(at)
	r := s.row(slot, "", "", "")
	r.Counts.Add(metric.AssistUses, 1)
	use := metric.Part{Dimension: metric.ByTool, Value: d.Tool, Counter: metric.AssistUses, N: 1}
	if d.Translated || d.Suggested == "" || d.Sent == "" {
		r.addParts(use)
		return
	}
	longer := max(utf8.RuneCountInString(d.Suggested), utf8.RuneCountInString(d.Sent))
	distance := st.texts.distance(d.Suggested, d.Sent)
	exact := accuracy(int64(longer-distance), int64(longer))
	r.Counts.Add(metric.AssistAccuracyUses, 1)
	r.Counts.Add(metric.AssistAccuracy, exact)
	r.addParts(use,
		metric.Part{Dimension: metric.ByTool, Value: d.Tool, Counter: metric.AssistAccuracyUses, N: 1},
		metric.Part{Dimension: metric.ByTool, Value: d.Tool, Counter: metric.AssistAccuracy, N: exact})
}

// accuracy is num/den in 10⁻¹², rounded half up.
func accuracy(num, den int64) int64 {
	const unit = 1_000_000_000_000
	return (2*num*unit/den + 1) / 2
}

// configured is the profile that an event would put in force.
func (st *State) configured(d *event.TenantConfigured) (*metric.Profile, *event.Refusal) {
	version := d.Version
	if version == 0 {
		version = st.profile.Version + 1
	}
	p, err := metric.NewProfile(d.Profile, version, d.Settings)
	if err != nil {
		return nil, &event.Refusal{Reason: event.InvalidField, Field: "data.settings", Detail: err.Error()}
	}
	return p, nil
}

func (st *State) tenantConfigured(d *event.TenantConfigured) {
	p, refused := st.configured(d)
	if refused != nil {
		return // Apply has refused it before
	}
	if d.Name != "" {
		st.name = d.Name
	}
	st.use(p)
	st.change.Directory, st.change.Profile = true, true
}

// Missing appends what the event touches that is not resident and may exist in
// storage. The caller brings each and asks again, until nothing is missing.
func (st *State) Missing(e *event.Event, refs []Ref) []Ref {
	n := need{st: st, refs: refs}
	if key := st.ids.key(e.Source, e.ID); !st.replays && st.known.maybeEvent(key) {
		if _, seen := st.ids.seen(key); seen {
			return refs // a duplicate touches nothing
		}
		n.unresolved(eventRef(e.Source, e.ID))
	}
	n.conversation(event.About(e.Data))
	switch d := e.Data.(type) { // what the others touch is always resident
	case *event.ConversationStarted:
		n.customer(d.Customer.ID)
		n.announcement(d)
	case *event.MessageSent:
		n.message(e.Millis(), d)
	case *event.MessageBlocked:
		n.customer(author(d.From))
	case *event.MessageFlagged:
		n.customer(author(d.From))
	case *event.CustomerUpdated:
		n.customer(d.Customer)
	case *event.ProductClicked:
		n.click(d)
	case *event.ConversationAssigned:
		if d.To.Kind == event.Bot {
			n.becomesAI(d.Conversation)
		}
	case *event.ServiceInvited:
		n.invitation(d)
	case *event.FlowTriggered:
		if d.Conversation == "" {
			n.loose(e.Millis(), d.Channel, "")
		}
	case *event.OrderPaid:
		n.order(e.Millis(), d)
	case *event.ServiceJoined:
		n.joining(e.Millis(), d)
	case *event.TemplateCharged:
		n.loose(e.Millis(), d.Channel, "")
	case *event.CreditAdded:
		n.loose(e.Millis(), d.Channel, "")
	}
	return n.refs
}
