package main

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/cmd/floorlight/simulator"
	"github.com/floorlight/floorlight/hub/event"
)

// seedDesk is a desk with a day in which everything happens that the documents
// speak of, and the closed part of it on the day before.
type seedDesk struct {
	t      *testing.T
	s      *served
	tenant string
	preset string
	market string
	zone   *time.Location
	now    time.Time
	today  string
	owner  string
	told   int
	batch  []json.RawMessage
}

// seedDesks are one desk of each preset, and of both markets.
var seedDesks = []struct{ tenant, preset, market string }{
	{"shop-us", "tiktok_shop", "us"}, {"shop-sea", "tiktok_shop", "sea"}, {"kefu", "wecom", ""}, {"agent", "klaviyo", ""}, {"chats", "inbox", ""},
}

// openSeedDesk configures a desk and tells it its day.
func openSeedDesk(t *testing.T, s *served, tenant, preset, market string) *seedDesk {
	t.Helper()
	now := time.Now().UTC().Truncate(time.Millisecond)
	name := simulator.Daytime(now, simulator.English) // so that the day has hours behind it
	zone, err := time.LoadLocation(name)
	require.NoError(t, err)
	d := &seedDesk{t: t, s: s, tenant: tenant, preset: preset, market: market, zone: zone, now: now, today: now.In(zone).Format(time.DateOnly)}
	args := []string{
		"tenant", "set", tenant, "--profile", preset, "--set", "timezone=" + name,
		"--set", `benchmarks={"response_rate":{"top_percent":10,"value":0.95}}`, "--set", `targets={"response_rate":0.9}`,
	}
	if market != "" {
		args = append(args, "--set", "market="+market)
	}
	s.must(args...)
	d.owner = s.token(tenant, "owner")
	d.directory()
	d.closedChats(24 * time.Hour)
	d.closedChats(0)
	d.openChats()
	d.send()
	d.check("c3", "m-blocked", "add me on wechat: lily_88")
	s.settle(tenant, d.owner)
	return d
}

// tell notes events that happened some time ago.
func (d *seedDesk) tell(ago time.Duration, data ...event.Data) {
	d.t.Helper()
	for _, one := range data {
		d.told++
		e := event.New(event.TenantID(d.tenant), "seed", fmt.Sprint(d.told), d.now.Add(-ago).Add(time.Duration(d.told)*time.Millisecond), one)
		raw, err := e.Encode()
		require.NoError(d.t, err)
		d.batch = append(d.batch, raw)
	}
}

// send publishes what was told.
func (d *seedDesk) send() {
	d.t.Helper()
	var answer struct {
		Events []struct{ Result, Field, Detail string }
	}
	d.s.post("/v1/events", d.owner, "application/cloudevents-batch+json", d.batch, &answer)
	require.Len(d.t, answer.Events, len(d.batch))
	for i, r := range answer.Events {
		require.Equal(d.t, "accepted", r.Result, "%s %s: %s", r.Field, r.Detail, d.batch[i])
	}
	d.batch = nil
}

// check sends an agent's message through the inline check, which has to block it.
func (d *seedDesk) check(conversation, message, text string) {
	d.t.Helper()
	var verdict struct {
		Verdict    string
		Violations []struct{ Explanation event.Text }
	}
	d.s.post("/v1/messages", d.owner, "application/json", map[string]any{
		"conversation": conversation, "message": message, "from": event.Actor{Kind: event.Agent, ID: "a1"}, "text": text,
	}, &verdict)
	require.Equal(d.t, "block", verdict.Verdict)
	require.NotEmpty(d.t, verdict.Violations)
	require.NotEmpty(d.t, verdict.Violations[0].Explanation.EN)
	require.NotEmpty(d.t, verdict.Violations[0].Explanation.ZH)
}

func (d *seedDesk) directory() {
	d.tell(30*time.Hour,
		&event.TeamUpdated{Team: "t1", Name: "Care", Channels: []event.ChannelID{"wa", "web", "sms"}, Capacity: new(int64(5))},
		&event.TeamUpdated{Team: "t2", Name: "Nobody's"},
		&event.ChannelUpdated{Channel: "wa", Name: "WhatsApp", Kind: "whatsapp", AI: "on", Avatar: new("wa.png")},
		&event.ChannelUpdated{Channel: "web", Name: "Website", Kind: "web", AI: "on", Attribution: &event.Attribution{Touch: "product_click", Hours: 24}},
		&event.ChannelUpdated{Channel: "sms", Name: "Texts", Kind: "sms", AI: "on", Attribution: &event.Attribution{Touch: "message", Hours: 72}},
		&event.AgentUpdated{Agent: "a1", Name: "Ann", Teams: []event.TeamID{"t1"}, Channels: []event.ChannelID{"wa", "web"}, Department: new("Sales"), Capacity: new(int64(4)), Role: new("lead")},
		&event.AgentUpdated{Agent: "a2", Name: "Bo", Teams: []event.TeamID{"t1"}, Channels: []event.ChannelID{"sms"}},
		&event.AgentUpdated{Agent: "a3", Name: "Cy", Teams: []event.TeamID{"t2"}},
		&event.CreditAdded{Amount: "50.00", Currency: "USD", Channel: "wa"},
		&event.CustomerUpdated{Customer: "u1", Name: new("Ada"), Email: new("ada@example.com"), URL: new("https://crm.example.com/u1"), Friend: new(true)},
	)
}

// story is a conversation that is being told.
type story struct {
	d        *seedDesk
	id       event.ConversationID
	customer event.CustomerID
	ago      time.Duration // of what is told next
	messages int
}

// begin starts a conversation. Those of the day before have ids of their own, and
// customers of today.
func (d *seedDesk) begin(ago, before time.Duration, n int, channel event.ChannelID) *story {
	c := &story{d: d, id: event.ConversationID(fmt.Sprint("c", n)), customer: event.CustomerID(fmt.Sprint("u", n)), ago: ago + before}
	if before > 0 {
		c.id += "-before"
	}
	d.tell(c.ago, &event.ConversationStarted{Conversation: c.id, Channel: channel, Customer: event.Profile{ID: c.customer}})
	return c
}

// next lets time pass.
func (c *story) next(pass time.Duration) *story {
	c.ago -= pass
	return c
}

func (c *story) tell(data ...event.Data) *story {
	c.d.tell(c.ago, data...)
	return c
}

func (c *story) write(kind event.Kind, id, text string) *story {
	c.messages++
	return c.tell(&event.MessageSent{Conversation: c.id, Message: event.MessageID(fmt.Sprint(c.id, "-", c.messages)), From: event.Actor{Kind: kind, ID: id}, Text: text})
}

func (c *story) ask(text string) *story { return c.write(event.Customer, string(c.customer), text) }

func (c *story) queue() *story {
	return c.tell(&event.ConversationQueued{Conversation: c.id, Team: "t1"})
}

func (c *story) assign(kind event.Kind, id string) *story {
	a := &event.ConversationAssigned{Conversation: c.id, To: event.Actor{Kind: kind, ID: id}}
	if kind == event.Agent {
		a.Team = "t1"
	}
	return c.tell(a)
}

func (c *story) classify(intent event.Intent, tags ...string) *story {
	return c.tell(&event.ConversationClassified{Conversation: c.id, Intent: intent, Tags: tags})
}

func (c *story) rate(stars int64, reasons ...string) *story {
	survey := event.SurveyID(c.id + "-s")
	return c.tell(&event.SurveySent{Conversation: c.id, Survey: survey}).next(time.Second).
		tell(&event.SurveyAnswered{Conversation: c.id, Survey: survey, Stars: &stars, Reasons: reasons})
}

func (c *story) buy(amount string) *story {
	return c.tell(&event.OrderPaid{Order: event.OrderID(c.id + "-o"), Customer: c.customer, Amount: amount, Currency: "USD"})
}

func (c *story) close(by event.Kind) *story {
	return c.tell(&event.ConversationClosed{Conversation: c.id, By: event.Actor{Kind: by}})
}

// closedChats are conversations that have ended, today or that much before.
func (d *seedDesk) closedChats(before time.Duration) {
	const ago = 4 * time.Hour
	d.tell(ago+before+time.Hour, &event.AgentPresence{Agent: "a1", Status: event.Online}, &event.AgentPresence{Agent: "a2", Status: event.Online})

	c := d.begin(ago, before, 1, "wa").ask("Where is my parcel?").classify(event.IntentPrePurchase, "price").queue().
		next(20*time.Second).assign(event.Agent, "a1").next(30*time.Second).write(event.Agent, "a1", "On its way.").
		next(time.Minute).ask("当真？").next(time.Minute).write(event.Agent, "a1", "Write to me at ann@example.com.")
	c.tell(&event.MessageFlagged{
		Conversation: c.id, Message: event.MessageID(fmt.Sprint(c.id, "-4")), From: event.Actor{Kind: event.Agent, ID: "a1"},
		Violations: []event.Violation{{Rule: "contact.email", Category: "off_platform_contact", Severity: event.SeverityFlag}},
	})
	c.tell(
		&event.AssistUsed{Conversation: c.id, Agent: "a1", Tool: "ai_writer", Suggested: "On it's way", Sent: "On its way."},
		&event.ServiceInvited{Conversation: c.id, Agent: "a1", Kind: "specialist", Target: "s1"},
		&event.ServiceInvited{Conversation: c.id, Agent: "a1", Kind: "group", Target: "g1"},
		&event.ServiceJoined{Customer: c.customer, Kind: "specialist", Target: "s1"},
		&event.ServiceJoined{Customer: c.customer, Kind: "group", Target: "g1"},
	).close(event.Agent).next(time.Minute).rate(5).next(time.Minute).buy("22.00")

	c = d.begin(ago, before, 2, "web").ask("Do you ship to Peru?").classify(event.IntentLogistics, "shipping").
		assign(event.Bot, "b1").next(time.Second).write(event.Bot, "b1", "We do.").
		tell(&event.FlowTriggered{Flow: "f1", Name: "Welcome", Channel: "web"})
	c.tell(&event.ProductClicked{Customer: "u2", Product: "p1", Conversation: c.id}).
		close(event.Customer).rate(3, "slow").next(time.Minute).buy("5.00")

	c = d.begin(ago, before, 3, "sms").ask("I want my money back").classify(event.IntentAftersales, "refund").
		assign(event.Bot, "b1").next(time.Second).write(event.Bot, "b1", "A colleague will see to it.")
	c.tell(&event.ConversationHandoff{Conversation: c.id, Kind: "ticket", Ticket: new("T-1")}).queue().
		next(time.Minute).assign(event.Agent, "a2").ask("Hello?").next(90*time.Second).write(event.Agent, "a2", "I pass you on.").
		assign(event.Agent, "a1").ask("Well?").next(time.Minute).write(event.Agent, "a1", "It is done.").
		tell(&event.AssistUsed{Conversation: c.id, Agent: "a2", Tool: "doc_reply", Suggested: "It is done", Sent: "It is done."}).
		close(event.Agent).rate(1, "rude").next(time.Minute).buy("7.00")

	c = d.begin(ago, before, 5, "web").ask("Is this a person?").assign(event.Bot, "b1").next(time.Second).write(event.Bot, "b1", "No.")
	c.tell(&event.ConversationHandoff{Conversation: c.id, Kind: "message"}).next(time.Minute).close(event.Bot)

	c = d.begin(ago, before, 9, "wa").ask("Anybody?").queue().next(10 * time.Minute)
	c.tell(&event.ConversationClosed{Conversation: c.id, By: event.Actor{Kind: event.Customer}, Outcome: event.OutcomeAbandoned})

	d.begin(ago, before, 13, "web") // who writes nothing
	if before == 0 {
		d.begin(ago, before, 14, "web").ask("I only came today").next(time.Minute).close(event.Customer)
	}

	for i, category := range []string{"marketing", "utility", "authentication", "other"} {
		d.tell(ago+before, &event.TemplateCharged{Category: category, Amount: fmt.Sprintf("0.0%d", i+1), Currency: "USD", Channel: "wa"})
	}
	d.tell(ago+before, &event.MessageSent{
		Message: event.MessageID(fmt.Sprint("broadcast-", d.told)), From: event.Actor{Kind: event.Broadcast}, Text: "Sale!", Customer: "u1", Channel: "wa",
	}, &event.FlowTriggered{Flow: "f2", Name: "Campaign", Channel: "wa"})
}

// openChats are conversations that are going on.
func (d *seedDesk) openChats() {
	// A bot's last word, two days old: where the profile says so, the server closes it.
	d.begin(50*time.Hour, 0, 12, "web").ask("Do you have it in red?").assign(event.Bot, "b1").next(time.Second).write(event.Bot, "b1", "We do.")
	d.begin(30*time.Minute, 0, 4, "web").ask("Hello")
	d.begin(30*time.Minute, 0, 6, "web").ask("Hello bot").assign(event.Bot, "b1").next(time.Second).write(event.Bot, "b1", "Hello.")
	d.begin(20*time.Minute, 0, 7, "wa").ask("I wait").queue()
	d.begin(20*time.Minute, 0, 8, "wa").ask("Me too").assign(event.Agent, "a1")
	d.tell(10*time.Minute, &event.AgentPresence{Agent: "a2", Status: event.Paused})
}
