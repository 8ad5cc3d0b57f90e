package fold_test

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"github.com/floorlight/floorlight/hub/event"
)

// drawer draws a desk's events: few ids, so that they meet, and times that
// stand still, leap, and come late.
type drawer struct {
	t      *rapid.T
	prefix string // of every id, so that two drawers can share a state and nothing else
	now    time.Time
	n      int
}

var profiles = []string{
	`{}`,
	`{"timezone":"America/New_York"}`,
	`{"timezone":"Asia/Kathmandu","message_after_close":"new_session","neutral_is_negative":false}`,
	`{"timezone":"Australia/Lord_Howe","first_response_from":"customer","conversion_window_days":1}`,
	`{"timezone":"Asia/Shanghai","auto_close_hours":2,"presence_ttl_seconds":60,"attribution":{"web":{"touch":"product_click","hours":24}}}`,
	`{"timezone":"America/Sao_Paulo","active_grace_hours":24,"attribution":{"web":{"touch":"message","hours":3}}}`,
}

func newDrawer(t *rapid.T, prefix string) *drawer {
	return &drawer{t: t, prefix: prefix, now: time.Date(2026, 3, 6, 12, 0, 0, 0, time.UTC)}
}

// configured is the first event of a drawn desk.
func configured(settings string) event.Event {
	return event.New("desk", "floorlight", "profile", time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), &event.TenantConfigured{Settings: []byte(settings)})
}

func (d *drawer) one(of ...string) string { return rapid.SampledFrom(of).Draw(d.t, "id") }

func (d *drawer) id(of ...string) string { return d.prefix + d.one(of...) }

func (d *drawer) conversation() event.ConversationID {
	return event.ConversationID(d.id("c1", "c1", "c1", "c1", "c2", "c2", "c3", "c4"))
}

func (d *drawer) customer() event.CustomerID { return event.CustomerID(d.id("u1", "u1", "u2", "u3")) }

func (d *drawer) agent() event.AgentID {
	return event.AgentID(d.id("a1", "a1", "a1", "a1", "a2", "a3"))
}

func (d *drawer) team() event.TeamID {
	if t := d.one("", "T1", "T2"); t != "" {
		return event.TeamID(d.prefix + t)
	}
	return ""
}

func (d *drawer) author() event.Actor {
	switch d.one("customer", "customer", "customer", "agent", "agent", "agent", "bot", "system", "nobody") {
	case "customer":
		return event.Actor{Kind: event.Customer, ID: string(d.customer())}
	case "agent":
		return event.Actor{Kind: event.Agent, ID: string(d.agent())}
	case "bot":
		return event.Actor{Kind: event.Bot, ID: d.prefix + "b1"}
	case "system":
		return event.Actor{Kind: event.System}
	}
	return event.Actor{Kind: event.Kind(d.one("customer", "agent", "bot"))}
}

func (d *drawer) message() event.MessageID {
	if d.one("new", "new", "new", "known") == "known" {
		return event.MessageID(d.one("m1", "m2", "m3"))
	}
	return event.MessageID(fmt.Sprintf("m-%d", d.n))
}

// event draws the next event.
func (d *drawer) event() event.Event {
	d.n++
	steps := []time.Duration{0, 0, 0, time.Second, 20 * time.Second, 30 * time.Second, 4 * time.Minute, 9 * time.Minute, 50 * time.Minute, 7 * time.Hour, 26 * time.Hour}
	d.now = d.now.Add(rapid.SampledFrom(steps).Draw(d.t, "step"))
	at := d.now
	if rapid.IntRange(0, 5).Draw(d.t, "late") == 0 {
		at = at.Add(-rapid.SampledFrom([]time.Duration{time.Second, 3 * time.Minute, time.Hour, 11 * time.Hour, 60 * time.Hour}).Draw(d.t, "by"))
	}
	return event.New("desk", d.prefix+d.one("x", "y"), fmt.Sprintf("e%d", d.n), at, d.data())
}

func (d *drawer) data() event.Data {
	c := d.conversation()
	switch rapid.IntRange(0, 35).Draw(d.t, "type") {
	case 0, 1, 2:
		return &event.ConversationStarted{Conversation: c, Channel: event.ChannelID(d.id("web", "app")), Customer: event.Profile{ID: d.customer()}}
	case 3, 4:
		return &event.ConversationQueued{Conversation: c, Team: d.team()}
	case 5, 6, 7:
		return &event.ConversationAssigned{Conversation: c, To: event.Actor{Kind: event.Agent, ID: string(d.agent())}, Team: d.team()}
	case 8:
		return &event.ConversationAssigned{Conversation: c, To: event.Actor{Kind: event.Bot, ID: d.prefix + "b1"}}
	case 9:
		return &event.ConversationClassified{Conversation: c, Intent: event.Intent(d.one("", "logistics", "other", "aftersales")), Tags: rapid.SampledFrom([][]string{nil, {}, {"tag"}, {"a", "b", "a"}}).Draw(d.t, "tags")}
	case 10, 11, 12:
		closed := &event.ConversationClosed{Conversation: c, By: event.Actor{Kind: event.System}}
		if d.one("server", "other", "other") == "server" {
			closed.After = uint64(rapid.IntRange(1, d.n).Draw(d.t, "after"))
		}
		return closed
	case 13, 14, 15, 16, 17, 18, 19:
		m := &event.MessageSent{Conversation: c, Message: d.message(), From: d.author(), Text: "text"}
		switch d.one("", "", "", "", "automatic", "notice", "flag") {
		case "automatic":
			m.Automatic = "off_work"
		case "notice":
			m.To = "agent"
		case "flag":
			m.Check = &event.Check{Verdict: event.Flag, Violations: d.violations()}
		}
		return m
	case 20:
		return &event.MessageSent{Message: d.message(), From: event.Actor{Kind: event.Broadcast}, Text: "text", Customer: d.customer(), Channel: event.ChannelID(d.id("web", "app"))}
	case 21:
		return &event.MessageBlocked{Conversation: c, Message: d.message(), From: d.author(), Text: "text", Violations: d.violations()}
	case 22:
		return &event.MessageFlagged{Conversation: c, Message: d.message(), From: d.author(), Violations: d.violations()}
	case 23:
		return &event.SurveySent{Conversation: c, Survey: event.SurveyID(d.one("s1", "s2"))}
	case 24, 25:
		stars := int64(rapid.IntRange(1, 5).Draw(d.t, "stars"))
		return &event.SurveyAnswered{Conversation: c, Survey: event.SurveyID(d.one("s1", "s2")), Stars: &stars, Reasons: rapid.SampledFrom([][]string{nil, {"slow"}, {"slow", "rude", "slow"}}).Draw(d.t, "reasons")}
	case 26, 27:
		return &event.OrderPaid{Order: event.OrderID(d.id("o1", "o2", "o3", "o4")), Customer: d.customer(), Amount: d.one("0", "1.50", "22.00", "0.001"), Currency: d.one("USD", "JPY")}
	case 28, 29:
		p := &event.AgentPresence{Agent: d.agent(), Status: event.Presence(d.one("online", "online", "paused", "offline"))}
		if d.one("server", "other", "other") == "server" {
			p.After = uint64(rapid.IntRange(1, d.n).Draw(d.t, "after"))
		}
		return p
	case 30:
		return &event.AssistUsed{Conversation: c, Agent: d.agent(), Tool: d.one("ai_writer", "doc_reply"), Suggested: d.one("", "hello", "您好"), Sent: d.one("", "hallo", "你好吗")}
	case 31:
		return d.directory()
	case 32:
		return &event.NotificationAcknowledged{Agent: d.agent(), Items: []string{fmt.Sprintf("n%d", rapid.IntRange(1, d.n).Draw(d.t, "notice"))}}
	}
	return d.other(c)
}

func (d *drawer) directory() event.Data {
	yes := d.one("yes", "no") == "yes"
	switch d.one("agent", "agent", "team", "channel", "customer") {
	case "agent":
		a := &event.AgentUpdated{Agent: d.agent(), Name: "n", Teams: []event.TeamID{event.TeamID(d.prefix + "T1")}}
		if d.one("disable", "", "") == "disable" {
			a.Disabled = &yes
		}
		return a
	case "team":
		return &event.TeamUpdated{Team: event.TeamID(d.prefix + "T2"), Name: "n", Channels: []event.ChannelID{event.ChannelID(d.prefix + "web")}}
	case "channel":
		c := &event.ChannelUpdated{Channel: event.ChannelID(d.id("web", "app")), Name: "n", Kind: d.one("web", "app")}
		if touch := d.one("", "product_click", "message"); touch != "" {
			c.Attribution = &event.Attribution{Touch: touch, Hours: rapid.SampledFrom([]int64{1, 24}).Draw(d.t, "hours")}
		}
		return c
	}
	name := d.one("Ann", "Bo")
	return &event.CustomerUpdated{Customer: d.customer(), Name: &name, Friend: &yes}
}

func (d *drawer) other(c event.ConversationID) event.Data {
	switch d.one("viewed", "left", "handoff", "delivered", "failed", "clicked", "clicked", "clicked", "invited", "joined", "joined", "flow", "charged", "credit") {
	case "viewed":
		return &event.ConversationViewed{Conversation: c, Agent: d.agent()}
	case "left":
		return &event.ConversationLeft{Conversation: c, Agent: d.agent()}
	case "handoff":
		return &event.ConversationHandoff{Conversation: c, Kind: d.one("ticket", "message")}
	case "delivered":
		return &event.MessageDelivered{Conversation: c, Message: "m1"}
	case "failed":
		return &event.MessageFailed{Conversation: c, Message: "m1"}
	case "clicked":
		return &event.ProductClicked{Customer: d.customer(), Product: "p", Conversation: d.perhaps(c)}
	case "invited":
		return &event.ServiceInvited{Conversation: c, Agent: d.agent(), Kind: d.one("specialist", "group"), Target: d.id("g", "h")}
	case "joined":
		return &event.ServiceJoined{Customer: d.customer(), Kind: d.one("specialist", "group"), Target: d.id("g", "h"), Conversation: d.perhaps(c), Agent: d.agent()}
	case "flow":
		return &event.FlowTriggered{Flow: d.id("f", "g"), Name: "f", Conversation: d.perhaps(c), Channel: event.ChannelID(d.id("web"))}
	case "charged":
		return &event.TemplateCharged{Category: "other", Amount: "1", Currency: "USD", Channel: event.ChannelID(d.id("app"))}
	}
	return &event.CreditAdded{Amount: "1", Currency: "USD", Channel: event.ChannelID(d.id("app"))}
}

// perhaps is the conversation, or none.
func (d *drawer) perhaps(c event.ConversationID) event.ConversationID {
	if d.one("", "some", "some") == "" {
		return ""
	}
	return c
}

func (d *drawer) violations() []event.Violation {
	list := []event.Violation{}
	for range rapid.IntRange(0, 3).Draw(d.t, "violations") {
		list = append(list, event.Violation{Rule: d.one("r1", "r2"), Category: d.one("k1", "k2")})
	}
	return list
}

// events draws a desk's life, its profile first. Some events come again, some
// ids come with another time.
func (d *drawer) events(settings string) []event.Event {
	all := []event.Event{configured(settings)}
	for range rapid.IntRange(10, 90).Draw(d.t, "events") {
		switch rapid.IntRange(0, 19).Draw(d.t, "again") {
		case 0:
			all = append(all, all[rapid.IntRange(0, len(all)-1).Draw(d.t, "which")])
		case 1:
			e := all[rapid.IntRange(0, len(all)-1).Draw(d.t, "which")]
			e.Time = e.Time.Add(time.Duration(rapid.IntRange(1, 1_000_000).Draw(d.t, "later")) * time.Microsecond)
			all = append(all, e)
		case 2:
			if settings := rapid.SampledFrom(append(profiles, `{"conversion_window_days":0}`)).Draw(d.t, "profile"); d.prefix == "" && d.one("", "", "change") == "change" {
				d.n++
				all = append(all, event.New("desk", "floorlight", fmt.Sprintf("profile%d", d.n), d.now, &event.TenantConfigured{Settings: []byte(settings)}))
			}
		default:
			all = append(all, d.event())
		}
	}
	return all
}
