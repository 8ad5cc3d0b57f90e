package hub

import (
	"fmt"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
)

// floorDrawer draws what happens at a desk with few ids, so that conversations
// are passed on, closed and opened again, and agents come and go meanwhile.
type floorDrawer struct {
	t   *rapid.T
	now time.Time
	n   int
}

func (d *floorDrawer) one(of ...string) string { return rapid.SampledFrom(of).Draw(d.t, "of") }

func (d *floorDrawer) some(of ...string) []string {
	return rapid.SliceOfNDistinct(rapid.SampledFrom(of), 0, len(of), rapid.ID[string]).Draw(d.t, "some")
}

func (d *floorDrawer) agent() event.AgentID { return event.AgentID(d.one("a1", "a2", "a3")) }

func (d *floorDrawer) team() event.TeamID { return event.TeamID(d.one("", "T1", "T2")) }

func (d *floorDrawer) violations() []event.Violation {
	return []event.Violation{
		{Rule: d.one("r1", "r2"), Category: d.one("abuse", "off_platform_contact"), Severity: event.SeverityFlag, Start: 0, End: 4},
		{Rule: d.one("r1", "r2"), Category: d.one("abuse", "off_platform_contact"), Severity: event.SeverityFlag, Start: 0, End: 4},
	}
}

func listOf[S ~string](all []string) []S {
	out := make([]S, len(all))
	for i, s := range all {
		out[i] = S(s)
	}
	return out
}

// next draws an event, and moves the clock: seldom by hours, into the next day.
func (d *floorDrawer) next() event.Event {
	d.n++
	d.now = d.now.Add(rapid.SampledFrom([]time.Duration{0, time.Second, 20 * time.Second, 3 * time.Minute, 40 * time.Minute, 5 * time.Hour}).Draw(d.t, "step"))
	at := d.now
	if d.one("", "", "", "", "late") == "late" {
		at = at.Add(-rapid.SampledFrom([]time.Duration{time.Second, 10 * time.Minute, 9 * time.Hour}).Draw(d.t, "late"))
	}
	return event.New("a", "s", fmt.Sprint("e", d.n), at, d.data())
}

func (d *floorDrawer) data() event.Data {
	c := event.ConversationID(d.one("c1", "c1", "c2", "c3"))
	customer := event.CustomerID(d.one("u1", "u2"))
	message := event.MessageID(fmt.Sprint("m", d.n))
	switch d.one("start", "queue", "assign", "assign", "assign", "bot", "close", "close", "customer", "customer", "customer", "agent", "agent",
		"blocked", "presence", "presence", "staff", "team", "channel", "who", "intent", "survey", "stars", "paid", "broadcast", "profile", "read", "left",
		"friend", "charged", "topped", "flow", "invited", "joined", "assist", "flagged", "handoff", "clicked") {
	case "start":
		return &event.ConversationStarted{Conversation: c, Channel: event.ChannelID(d.one("web", "app")), Customer: event.Profile{ID: customer}}
	case "queue":
		return &event.ConversationQueued{Conversation: c, Team: d.team()}
	case "assign":
		return &event.ConversationAssigned{Conversation: c, To: event.Actor{Kind: event.Agent, ID: string(d.agent())}, Team: d.team()}
	case "bot":
		return &event.ConversationAssigned{Conversation: c, To: event.Actor{Kind: event.Bot, ID: "b1"}}
	case "close":
		return &event.ConversationClosed{Conversation: c, By: event.Actor{Kind: event.System}}
	case "customer":
		return &event.MessageSent{Conversation: c, Message: message, From: event.Actor{Kind: event.Customer, ID: string(customer)}, Text: d.one("where is it", "hello")}
	case "agent":
		return &event.MessageSent{Conversation: c, Message: message, From: event.Actor{Kind: event.Agent, ID: string(d.agent())}, Text: "on its way"}
	case "blocked":
		return &event.MessageBlocked{Conversation: c, Message: message, From: event.Actor{Kind: event.Agent, ID: string(d.agent())}, Text: "call me", Violations: d.violations()}
	case "flagged":
		return &event.MessageFlagged{Conversation: c, Message: event.MessageID(fmt.Sprint("m", max(1, d.n-2))), From: event.Actor{Kind: event.Agent, ID: string(d.agent())}, Violations: d.violations()}
	case "friend":
		is := d.one("yes", "no") == "yes"
		return &event.CustomerUpdated{Customer: customer, Friend: &is}
	case "charged":
		return &event.TemplateCharged{Category: d.one("marketing", "utility"), Amount: d.one("0.05", "1.20"), Currency: d.one("USD", "JPY"), Channel: event.ChannelID(d.one("", "web", "app"))}
	case "topped":
		return &event.CreditAdded{Amount: "10", Currency: d.one("USD", "JPY"), Channel: event.ChannelID(d.one("", "web", "app"))}
	case "flow":
		return &event.FlowTriggered{Flow: d.one("f1", "f2"), Name: "Welcome", Conversation: event.ConversationID(d.one("", string(c))), Channel: event.ChannelID(d.one("web", "app"))}
	case "invited":
		return &event.ServiceInvited{Conversation: c, Agent: d.agent(), Kind: d.one("specialist", "group"), Target: d.one("t1", "t2")}
	case "joined":
		return &event.ServiceJoined{Customer: customer, Kind: d.one("specialist", "group"), Target: d.one("t1", "t2"), Conversation: event.ConversationID(d.one("", string(c)))}
	case "assist":
		return &event.AssistUsed{Conversation: c, Agent: d.agent(), Tool: d.one("ai_writer", "doc_reply"), Suggested: "good day", Sent: d.one("good day", "good bye")}
	case "handoff":
		return &event.ConversationHandoff{Conversation: c, Kind: d.one("ticket", "message")}
	case "clicked":
		return &event.ProductClicked{Customer: customer, Product: "p1", Conversation: event.ConversationID(d.one("", string(c)))}
	case "presence":
		return &event.AgentPresence{Agent: d.agent(), Status: event.Presence(d.one("online", "online", "paused", "offline"))}
	case "staff":
		a := &event.AgentUpdated{Agent: d.agent(), Name: d.one("Ann", "Bo"), Teams: listOf[event.TeamID](d.some("T1", "T2")), Channels: listOf[event.ChannelID](d.some("web", "app"))}
		if n := rapid.Int64Range(0, 3).Draw(d.t, "capacity"); n > 0 {
			a.Capacity = &n
		}
		if off := d.one("here", "here", "gone") == "gone"; off || d.one("", "back") == "back" {
			a.Disabled = &off
		}
		return a
	case "team":
		n := rapid.Int64Range(1, 3).Draw(d.t, "capacity")
		return &event.TeamUpdated{Team: event.TeamID(d.one("T1", "T2")), Name: d.one("Sales", "Repairs"), Capacity: &n}
	case "channel":
		return &event.ChannelUpdated{Channel: event.ChannelID(d.one("web", "app")), Name: d.one("Web", "App"), Kind: "app"}
	case "who":
		name := d.one("Cy", "Di")
		return &event.CustomerUpdated{Customer: customer, Name: &name}
	case "intent":
		return &event.ConversationClassified{Conversation: c, Intent: event.Intent(d.one("logistics", "aftersales"))}
	case "survey":
		return &event.SurveySent{Conversation: c, Survey: "s1"}
	case "stars":
		stars := rapid.Int64Range(1, 5).Draw(d.t, "stars")
		return &event.SurveyAnswered{Conversation: c, Survey: "s1", Stars: &stars}
	case "paid":
		return &event.OrderPaid{Order: event.OrderID(d.one("o1", "o2")), Customer: customer, Amount: "1.50", Currency: d.one("USD", "JPY")}
	case "broadcast":
		return &event.MessageSent{Message: message, From: event.Actor{Kind: event.Broadcast}, Text: "sale", Customer: customer, Channel: event.ChannelID(d.one("web", "app"))}
	case "profile":
		return &event.TenantConfigured{Settings: []byte(d.one(`{"timezone":"America/New_York"}`, `{"timezone":"Asia/Kathmandu"}`, `{"timezone":"UTC","message_after_close":"new_session"}`,
			`{"active_grace_hours":1}`, `{"active_grace_hours":6,"neutral_is_negative":false}`))}
	case "read":
		return &event.NotificationAcknowledged{Agent: d.agent(), Items: []string{fmt.Sprint("n", rapid.IntRange(1, d.n).Draw(d.t, "notice"))}}
	}
	return &event.ConversationLeft{Conversation: c, Agent: d.agent()}
}

func (d *floorDrawer) filter() Filter {
	return Filter{Channel: listOf[event.ChannelID](d.some("web", "app")), Team: listOf[event.TeamID](d.some("T1", "T2")), Agent: listOf[event.AgentID](d.some("a1", "a2"))}
}

// TestTopicsFollowWhateverHappens compares the topics of a tenant that follow
// drawn events, flushed now and then, with those that another tenant, which has
// applied the same, counts from scratch.
func TestTopicsFollowWhateverHappens(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := &floorDrawer{t: t, now: time.Date(2026, 3, 6, 12, 0, 0, 0, time.UTC)}
		h := New(Config{Now: func() time.Time { return d.now }, Tick: time.Millisecond, Epoch: "t", Logger: zerolog.Nop()})
		following, late := newTenant(h, fold.New("a")), newTenant(h, fold.New("a"))
		filters := []Filter{{}}
		for range rapid.IntRange(1, 3).Draw(t, "filters") {
			filters = append(filters, d.filter())
		}
		requests := []Request{{Topic: TopicNotifications, Agent: "a1"}}
		for _, f := range filters {
			for _, topic := range []TopicName{TopicWallboard, TopicFloor, TopicAgents, TopicTeams, TopicChannels, TopicQueue, TopicConversations} {
				requests = append(requests, Request{Topic: topic, Filter: f})
			}
		}
		topicOf := func(owner *tenant, r Request) *Topic {
			topic, err := owner.topic(r)
			require.NoError(t, err)
			return topic
		}
		for _, r := range requests {
			topicOf(following, r)
		}
		for seq := range uint64(rapid.IntRange(1, 80).Draw(t, "events")) {
			e := d.next()
			for _, owner := range []*tenant{following, late} {
				owner.batch = []Delivery{{Seq: seq + 1, Arrived: d.now, Event: &e}}
				owner.work()
				require.Empty(t, owner.batch)
			}
			if d.one("flush", "go on", "go on") == "flush" {
				following.flush(d.now)
			}
		}
		following.flush(d.now)
		late = newTenant(h, late.state) // what it counted on the way does not help it
		for _, r := range requests {
			require.Equal(t, stateOf(topicOf(late, r)), stateOf(topicOf(following, r)), "%s %+v", r.Topic, r.Filter)
		}
		for _, f := range filters {
			v, err := following.view(f)
			require.NoError(t, err)
			requireSumOfRows(t, v)
		}
	})
}

// naive counts what a view shows of today in the plainest way: it looks at every
// row, and keeps sets.
type naive struct {
	counts    metric.Counts
	responses metric.Histogram
	sets      map[string]map[string]bool
	money     map[string]metric.Money
	parts     map[string]int64
}

func newNaive() *naive {
	return &naive{sets: map[string]map[string]bool{}, money: map[string]metric.Money{}, parts: map[string]int64{}}
}

func (n *naive) put(set, id string) {
	if id == "" {
		return
	}
	if n.sets[set] == nil {
		n.sets[set] = map[string]bool{}
	}
	n.sets[set][id] = true
}

func (n *naive) pay(purse string, m metric.Money) {
	if n.money[purse] == nil {
		n.money[purse] = metric.Money{}
	}
	n.money[purse].AddAll(m)
}

func (n *naive) row(st *fold.State, r *fold.Row, u event.CustomerID) {
	for _, c := range metric.Counters() {
		n.counts[c] += r.Counts.At(c)
	}
	if r.Counts.At(metric.FirstResponses) == 1 {
		n.responses.Add(r.Counts.At(metric.FirstResponseMillis), 1)
	}
	for set, counters := range map[string][]metric.Counter{
		"customers": {metric.Sessions}, "consulting": {metric.Chats}, "converted": {metric.Converted},
		"served": {metric.AssignEvents}, "upgraded": {metric.SpecialistsAdded, metric.GroupsJoined},
	} {
		for _, c := range counters {
			if r.Counts.At(c) != 0 {
				n.put(set, string(u))
			}
		}
	}
	if c, ok := st.Customer(u); ok && c.Friend && r.Counts.At(metric.Sessions) != 0 {
		n.put("friends", string(u))
	}
	n.pay("ai", r.AISales())
	for _, p := range r.Parts() {
		n.parts[fmt.Sprint(p.Dimension, "/", p.Value, "/", p.Counter)] += p.N
		if p.Dimension == metric.ByFlow && p.N != 0 {
			n.put("flows", p.Value)
		}
	}
}

func (n *naive) sums(own bool, agents int) metric.Sums {
	size := func(set string) int64 { return int64(len(n.sets[set])) }
	return metric.Sums{
		PerAgent: own, Counts: n.counts, FirstResponses: n.responses, Revenue: n.money["revenue"], AISales: n.money["ai"], CreditsUsed: n.money["used"],
		Customers: size("customers"), ConsultingCustomers: size("consulting"), ConvertedCustomers: size("converted"), FriendCustomers: size("friends"),
		ServedCustomers: size("served"), UpgradedCustomers: size("upgraded"), FlowsTriggered: size("flows"), AffectedAgents: int64(agents),
	}
}

// requireSumOfRows holds a view to the plain sums over the state's rows.
func requireSumOfRows(t *rapid.T, v *view) {
	st := v.st
	whole, own := newNaive(), newNaive()
	affected := map[event.AgentID]bool{}
	var open, resolved int64
	for c := range st.Conversations() {
		for _, s := range c.Sessions {
			for i := range s.Rows {
				r := &s.Rows[i]
				switch {
				case r.Day != v.today:
				case r.Agent != "" && v.filter.counts(r.Channel, r.Team, r.Agent):
					own.row(st, r, s.Customer)
					if r.Counts.At(metric.BlockedMessages)+r.Counts.At(metric.FlaggedMessages) != 0 {
						affected[r.Agent] = true
					}
				case r.Agent == "" && v.filter.counts(s.Channel, s.Team, s.Agent):
					whole.row(st, r, s.Customer)
					if r.Slot() == s.Start() {
						whole.pay("revenue", s.More().Revenue)
					}
				}
			}
			grace := st.Profile().ActiveGraceHours * 60 * 60 * 1000
			last := event.AgentID("")
			if s.LastHandler.Kind == event.Agent {
				last = event.AgentID(s.LastHandler.ID)
			}
			switch {
			case !s.Closed && v.filter.counts(s.Channel, s.MomentTeam(), s.HandlingAgent()):
				open++
			case s.Closed && s.ClosedAt+grace > v.clock.at && v.filter.counts(s.Channel, s.MomentTeam(), last):
				resolved++
			}
		}
	}
	for l := range st.Loose() {
		if l.Row.Day == v.today && v.filter.counts(l.Row.Channel, "", "") {
			whole.row(st, &l.Row, l.Customer)
			whole.pay("used", l.Used)
		}
	}
	require.Equal(t, open, v.assigned+v.unassigned)
	require.Equal(t, resolved, v.resolved)
	p := v.presence()
	for side, n := range map[bool]*naive{false: whole, true: own} {
		want, got := n.sums(side, len(affected)), v.sums(side, &p)
		want.OnlineMillis, want.FirstOnline, want.CreditBalance = got.OnlineMillis, got.FirstOnline, got.CreditBalance
		for _, m := range metric.Catalogue() {
			settings := &st.Profile().Settings
			require.Equal(t, m.Eval(&want, settings).Object(), m.Eval(&got, settings).Object(), "%s of %+v", m.ID, v.filter)
		}
	}
	for key, sum := range v.whole.parts {
		if !key.money {
			require.Equal(t, whole.parts[fmt.Sprint(key.by, "/", key.value, "/", key.counter)], sum.n, "%+v", key)
		}
	}
}
