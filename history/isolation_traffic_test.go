package history

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
)

// lookalike makes a desk's random traffic. All desks have the same ids, moments and
// sentences, but for a secret word of each; what happens differs, and some ids only
// one of them has.
type lookalike struct {
	tenant   event.TenantID
	secret   string
	profiles [2][2]string // at first, and from the middle on
	own      int          // the conversations from 100 on that nobody else has

	rng  *rand.Rand
	at   time.Time
	list []event.Event
}

// The first two have one mark in the index of words, and one partition of two; the
// last is in the other partition.
func lookalikes() []*lookalike {
	return []*lookalike{
		{tenant: "haven-delta-grove", secret: "amaranth", profiles: [2][2]string{{"wecom", `{"timezone":"Asia/Shanghai"}`}, {"wecom", `{"timezone":"Asia/Kathmandu"}`}}, own: 1},
		{tenant: "ledge-oasis-acorn", secret: "bergamot", profiles: [2][2]string{{"inbox", `{}`}, {"klaviyo", `{"timezone":"Europe/Berlin"}`}}, own: 2},
		{tenant: "quiet-harbour-3", secret: "calendula", profiles: [2][2]string{{"tiktok_shop", `{"timezone":"America/New_York","market":"us"}`}, {"tiktok_shop", `{"timezone":"America/Lima","market":"us"}`}}, own: 3},
	}
}

func (l *lookalike) say(data event.Data) {
	l.at = l.at.Add(41 * time.Second)
	l.list = append(l.list, event.New(l.tenant, "test", fmt.Sprint("e", len(l.list)), l.at, data))
}

func (l *lookalike) words(s string) string    { return s + " " + l.secret }
func (l *lookalike) written(s string) *string { return new(l.words(s)) }

func pick(rng *rand.Rand, of ...string) string { return of[rng.IntN(len(of))] }

// traffic is the same for one seed.
func (l *lookalike) traffic(seed uint64) []event.Event {
	l.rng = rand.New(rand.NewPCG(seed, uint64(l.own)))
	l.at, l.list = time.Date(2026, 3, 9, 14, 0, 0, 0, time.UTC), nil
	l.say(&event.TenantConfigured{Profile: l.profiles[0][0], Settings: []byte(l.profiles[0][1]), Name: l.words("desk")})
	for i := range 3 {
		channel, team := event.ChannelID(fmt.Sprint("ch", i)), event.TeamID(fmt.Sprint("t", i))
		l.say(&event.ChannelUpdated{Channel: channel, Name: l.words("channel"), Kind: pick(l.rng, "web", "app", "sms"), Attribution: &event.Attribution{Touch: pick(l.rng, "product_click", "message"), Hours: 30}})
		l.say(&event.TeamUpdated{Team: team, Name: l.words("team"), Channels: []event.ChannelID{channel}})
	}
	for i := range 4 {
		a := event.AgentID(fmt.Sprint("a", i))
		l.say(&event.AgentUpdated{Agent: a, Name: l.words("agent"), Department: l.written("department"), Teams: []event.TeamID{event.TeamID(pick(l.rng, "t0", "t1", "t2"))}, Channels: []event.ChannelID{event.ChannelID(pick(l.rng, "ch0", "ch1"))}})
		l.say(&event.AgentPresence{Agent: a, Status: event.Presence(pick(l.rng, "online", "paused"))})
	}
	l.say(&event.AgentUpdated{Agent: event.AgentID(fmt.Sprint("own", l.own)), Name: l.words("alone")})
	l.say(&event.AgentUpdated{Agent: "twin", Name: "twin"}) // not a word of it is the desk's own
	l.say(&event.CreditAdded{Amount: fmt.Sprint(50+l.own, ".25"), Currency: "USD", Channel: "ch0"})
	for day := range 3 {
		for i := range 11 {
			if day == 1 && i == 5 { // it takes time, so that nothing moves
				l.say(&event.TenantConfigured{Profile: l.profiles[1][0], Settings: []byte(l.profiles[1][1])})
			}
			l.converse(day, i)
		}
		l.say(&event.AgentPresence{Agent: event.AgentID(pick(l.rng, "a0", "a1", "a2")), Status: event.Presence(pick(l.rng, "online", "offline"))})
		l.say(&event.FlowTriggered{Flow: pick(l.rng, "f0", "f1"), Name: l.words("flow"), Channel: event.ChannelID(pick(l.rng, "ch0", "ch1"))})
		l.say(&event.TemplateCharged{Category: pick(l.rng, "marketing", "utility"), Amount: fmt.Sprint(1+l.rng.IntN(8), ".10"), Currency: "USD", Channel: event.ChannelID(pick(l.rng, "ch0", "ch1"))})
		l.say(&event.MessageSent{Message: event.MessageID(fmt.Sprint("all", day)), From: event.Actor{Kind: event.Broadcast}, Text: l.words("sale"), Customer: event.CustomerID(fmt.Sprint("u", l.rng.IntN(6))), Channel: "ch0"})
		l.at = l.at.Truncate(24 * time.Hour).Add(38 * time.Hour)
	}
	l.again()
	return l.list
}

// again is a conversation of as many sessions within an hour as only this desk has,
// each with a breach; one whose sessions overlap; and a dispute about what was
// blocked at another desk alone.
func (l *lookalike) again() {
	hour := time.Date(2026, 3, 12, 5, 0, 0, 0, time.UTC)
	agent := event.Actor{Kind: event.Agent, ID: "a0"}
	found := []event.Violation{{Rule: "pay.off", Category: "pay", Severity: event.SeverityBlock}}
	for session := range 1 + l.own {
		m := event.MessageID(fmt.Sprint("again", session))
		l.at = hour.Add(time.Duration(session*5+30/l.own) * time.Minute)
		l.say(&event.ConversationStarted{Conversation: "again", Channel: "ch0", Customer: event.Profile{ID: "u0"}})
		l.say(&event.MessageBlocked{Conversation: "again", Message: m, From: agent, Text: l.words("pay here"), Violations: found})
		l.say(&event.ConversationClosed{Conversation: "again", By: agent})
	}
	// A session that began before what was blocked in the one before, and came later:
	// only some desks have a breach in it, too.
	l.at = hour.Add(90 * time.Minute)
	l.say(&event.ConversationStarted{Conversation: "late", Channel: "ch0", Customer: event.Profile{ID: "u0"}})
	l.at = hour.Add(110 * time.Minute)
	l.say(&event.MessageBlocked{Conversation: "late", Message: "late0", From: agent, Text: l.words("pay here"), Violations: found})
	l.say(&event.ConversationClosed{Conversation: "late", By: agent})
	l.at = hour.Add(100 * time.Minute)
	l.say(&event.ConversationStarted{Conversation: "late", Channel: "ch0", Customer: event.Profile{ID: "u0"}})
	if l.own != 1 {
		l.say(&event.MessageBlocked{Conversation: "late", Message: "late1", From: agent, Text: l.words("pay here"), Violations: found})
	}
	l.at = hour.Add(2 * time.Hour)
	if l.own == 2 {
		l.say(&event.MessageBlocked{Conversation: "again", Message: "never", From: agent, Text: l.words("pay here"), Violations: found})
		return
	}
	l.at = l.at.Add(41 * time.Second) // when the other's was blocked
	l.say(&event.DisputeOpened{Conversation: "again", Message: "never", Agent: "a0", Blocked: l.at, Text: l.words("pay here"), Violations: found})
}

// converse is one session, of a conversation that most desks have, and some days again.
func (l *lookalike) converse(day, i int) {
	rng := l.rng
	c := event.ConversationID(fmt.Sprint("c", (day*4+i)%18))
	if i == 10 {
		c = event.ConversationID(fmt.Sprint("c", 100*l.own+day))
	}
	u := event.CustomerID(fmt.Sprint("u", rng.IntN(9)))
	customer, agent := event.Actor{Kind: event.Customer, ID: string(u)}, event.Actor{Kind: event.Agent, ID: pick(rng, "a0", "a1", "a2", "a3")}
	bot := event.Actor{Kind: event.Bot, ID: "b1"}
	m := func(k int) event.MessageID { return event.MessageID(fmt.Sprintf("d%d-m%d", day, k)) }
	l.say(&event.ConversationStarted{Conversation: c, Channel: event.ChannelID(pick(rng, "ch0", "ch1", "ch2")), Customer: event.Profile{ID: u, Name: l.written("name"), Email: new(l.secret + "@example.com"), Phone: new(fmt.Sprintf("+1555010%d%02d", l.own, rng.IntN(100)))}})
	l.say(&event.CustomerUpdated{Customer: u, Friend: new(rng.IntN(2) == 0), URL: l.written("url")})
	if rng.IntN(2) == 0 {
		l.say(&event.ConversationQueued{Conversation: c, Team: event.TeamID(pick(rng, "t0", "t1"))})
	}
	l.say(&event.MessageSent{Conversation: c, Message: m(0), From: customer, Text: l.words("where is my parcel")})
	if rng.IntN(3) == 0 {
		l.say(&event.MessageSent{Conversation: c, Message: m(1), From: bot, Text: l.words("look here")})
		l.say(&event.ProductClicked{Customer: u, Product: l.words("product"), Conversation: c})
	}
	if rng.IntN(4) > 0 {
		l.say(&event.ConversationAssigned{Conversation: c, To: agent, Team: event.TeamID(pick(rng, "t0", "t1", "t2"))})
		l.say(&event.MessageSent{Conversation: c, Message: m(2), From: customer, Text: l.words("hm")})
		l.at = l.at.Add(time.Duration(rng.IntN(400)) * time.Second)
		l.say(&event.MessageSent{Conversation: c, Message: m(3), From: agent, Text: l.words("soon")})
		l.say(&event.AssistUsed{Conversation: c, Agent: event.AgentID(agent.ID), Tool: pick(rng, "doc_reply", "ai_writer"), Suggested: l.words("abc"), Sent: l.words("abd")})
	}
	l.say(&event.ConversationClassified{Conversation: c, Intent: event.Intent(pick(rng, "logistics", "aftersales", "other")), Tags: []string{pick(rng, "late", "vip"), "tag-" + l.secret}})
	l.breach(c, m, customer, agent)
	if rng.IntN(2) == 0 {
		l.say(&event.ServiceInvited{Conversation: c, Agent: event.AgentID(agent.ID), Kind: pick(rng, "group", "specialist"), Target: "s1"})
		l.say(&event.ServiceJoined{Customer: u, Kind: pick(rng, "group", "specialist"), Target: "s1"})
	}
	l.say(&event.OrderPaid{Order: event.OrderID(fmt.Sprintf("o%d-%d", day, i)), Customer: u, Amount: fmt.Sprint(10+rng.IntN(90), ".50"), Currency: pick(rng, "USD", "CNY")})
	if rng.IntN(2) == 0 {
		survey := event.SurveyID(fmt.Sprint("s", i))
		l.say(&event.SurveySent{Conversation: c, Survey: survey})
		l.say(&event.SurveyAnswered{Conversation: c, Survey: survey, Stars: new(int64(1 + rng.IntN(5))), Reasons: []string{pick(rng, "slow", "rude"), "why-" + l.secret}})
	}
	if rng.IntN(3) > 0 {
		l.say(&event.ConversationClosed{Conversation: c, By: agent, Reason: l.written("done")})
	}
}

// breach is what rules find in a conversation, and what comes of it.
func (l *lookalike) breach(c event.ConversationID, m func(int) event.MessageID, customer, agent event.Actor) {
	found := []event.Violation{{Rule: pick(l.rng, "pay.off", "pay.wire"), Category: pick(l.rng, "pay", "contact"), Severity: event.SeverityBlock}}
	switch l.rng.IntN(5) {
	case 0:
		l.say(&event.MessageBlocked{Conversation: c, Message: m(5), From: agent, Text: l.words("pay here"), Violations: found})
		l.say(&event.DisputeOpened{Conversation: c, Message: m(5), Agent: event.AgentID(agent.ID), Blocked: l.at, Text: l.words("pay here"), Violations: found, Comment: l.words("harmless")})
		if l.rng.IntN(2) == 0 {
			l.say(&event.DisputeDecided{Conversation: c, Message: m(5), Agent: event.AgentID(agent.ID), By: l.words("Ann"), Decision: event.Decision(pick(l.rng, "overturned", "upheld")), Reason: l.words("ours")})
		}
		if l.rng.IntN(2) == 0 {
			l.say(&event.MessageSent{Conversation: c, Message: m(5), From: agent, Text: l.words("pay here")})
		}
	case 1:
		l.say(&event.MessageSent{Conversation: c, Message: m(6), From: customer, Text: l.words("you fool")})
		l.say(&event.MessageFlagged{Conversation: c, Message: m(6), From: customer, Violations: found})
	case 2:
		l.say(&event.MessageSent{Conversation: c, Message: m(6), From: agent, Text: l.words("you fool"), Check: &event.Check{Verdict: event.Flag, Rules: []string{"abuse"}, Violations: found}})
	}
}

// interleaved are the desks' events as messages, in one random order that keeps each
// desk's own. Each desk's first events come once more at the end, without an id that
// the stream could know them by.
func interleaved(desks []*lookalike, seed uint64) (list []stream.Message, of []event.TenantID, err error) {
	rng := rand.New(rand.NewPCG(seed, 99))
	left := map[*lookalike][]event.Event{}
	for _, l := range desks {
		events := l.traffic(seed)
		left[l] = append(slices.Clip(events), events[30:60]...)
	}
	for open := append([]*lookalike(nil), desks...); len(open) > 0; {
		i := rng.IntN(len(open))
		l := open[i]
		e := left[l][0]
		raw, err := e.Encode()
		if err != nil {
			return nil, nil, err
		}
		list, of = append(list, stream.Message{Subject: e.Subject(), Raw: raw}), append(of, l.tenant)
		if left[l] = left[l][1:]; len(left[l]) == 0 {
			open = append(open[:i], open[i+1:]...)
		}
	}
	return list, of, nil
}
