package filler

import (
	"fmt"
	"strconv"
	"time"

	"github.com/floorlight/floorlight/hub/event"
)

var (
	givenNames  = []string{"Ada", "Ben", "Chen", "Dana", "Eli", "Fang", "Gus", "Hana", "Ivo", "Jia", "Kai", "Lena", "Min", "Nora", "Oli", "Pia", "Qiu", "Rosa", "Sam", "Tao", "Uma", "Vera", "Wen", "Xia", "Yan"}
	familyNames = []string{"Adler", "Brook", "Cheng", "Drew", "Evans", "Feng", "Grant", "Huang", "Irwin", "Jones", "Kim", "Li", "Moore", "Novak", "Owens", "Park", "Qian", "Reed", "Sun", "Tang"}

	questions = []string{
		"Where is my parcel %d?", "Can I return order %d?", "Is article %d in stock in blue?", "The charger %d does not fit", "My refund for %d has not arrived",
		"订单%d什么时候发货？", "这件商品%d还有货吗？", "我要退货，单号%d", "物流%d三天没有更新了", "发票%d开错了，可以重开吗？",
	}
	answers = []string{
		"Let me look that up for you.", "It was handed to the carrier this morning.", "You can return it within thirty days.", "I have sent you a label.",
		"您好，我帮您查一下。", "已经为您登记，预计两天内送达。", "可以的，请提供一下订单号。", "退款将原路返回，请耐心等待。",
	}
	thanks  = []string{"Thank you", "ok", "Great, thanks!", "好的谢谢", "明白了", "嗯嗯"}
	intents = []event.Intent{event.IntentPrePurchase, event.IntentAftersales, event.IntentLogistics, event.IntentOther}
	tags    = []string{"vip", "repeat", "refund", "complaint", "size", "coupon", "gift", "wholesale", "warranty", "address", "invoice", "delay"}
	reasons = []string{"slow", "unhelpful", "rude", "unsolved", "long_wait"}
)

// talk is a conversation while it is drawn.
type talk struct {
	f        *Filler
	id       event.ConversationID
	customer event.CustomerID
	at       time.Time
	messages int
	agent    int // -1: none
}

func (t *talk) wait(least, most time.Duration) { t.at = t.at.Add(t.f.between(least, most)) }

func (t *talk) write(from event.Actor, text string) {
	t.messages++
	t.f.say(t.at, &event.MessageSent{Conversation: t.id, Message: event.MessageID(string(t.id) + "." + strconv.Itoa(t.messages)), From: from, Text: text})
}

func (t *talk) ask(text string) {
	t.write(event.Actor{Kind: event.Customer, ID: string(t.customer)}, text)
}

func (t *talk) actor() event.Actor {
	return event.Actor{Kind: event.Agent, ID: string(t.f.agent(t.agent))}
}

// converse draws a conversation that begins at that time.
func (f *Filler) converse(at time.Time) {
	f.chats++
	t := &talk{f: f, id: event.ConversationID("c" + strconv.Itoa(f.chats)), customer: f.customer(), at: at, agent: -1}
	who := event.Profile{ID: t.customer}
	if f.chance(0.8) {
		name := pick(f.rng, givenNames) + " " + pick(f.rng, familyNames)
		who.Name = &name
	}
	f.say(t.at, &event.ConversationStarted{Conversation: t.id, Channel: pick(f.rng, f.channels).id, Customer: who})
	if f.chance(0.03) { // opened, and never wrote
		t.wait(time.Minute, 5*time.Minute)
		f.say(t.at, &event.ConversationClosed{Conversation: t.id, By: event.Actor{Kind: event.System}, Outcome: event.OutcomeAbandoned})
		return
	}
	mean := max(2, f.c.Messages/max(1, f.c.Conversations))
	wanted := mean/2 + f.rng.IntN(mean+1)
	bot, human := f.chance(0.45), f.chance(0.75)
	if bot || !human {
		t.withBot(wanted, human)
	}
	answered := false
	if human {
		answered = t.withAgent(wanted)
	}
	t.close(human, answered)
}

func (t *talk) withBot(wanted int, human bool) {
	f := t.f
	bot := event.Actor{Kind: event.Bot, ID: "helper"}
	f.say(t.at, &event.ConversationAssigned{Conversation: t.id, To: bot})
	turns := max(1, wanted/2)
	if human {
		turns = 1
	}
	for range turns {
		t.wait(2*time.Second, 40*time.Second)
		t.ask(fmt.Sprintf(pick(f.rng, questions), 100+f.rng.IntN(9000)))
		t.wait(time.Second, 3*time.Second)
		t.write(bot, pick(f.rng, answers))
	}
}

// withAgent reports whether an agent has answered.
func (t *talk) withAgent(wanted int) bool {
	f := t.f
	t.agent = f.rng.IntN(f.c.Agents)
	team := f.teamOf(t.agent)
	t.wait(2*time.Second, 20*time.Second)
	t.ask(fmt.Sprintf(pick(f.rng, questions), 100+f.rng.IntN(9000)))
	t.wait(time.Second, 5*time.Second)
	f.say(t.at, &event.ConversationQueued{Conversation: t.id, Team: team})
	t.wait(5*time.Second, 4*time.Minute)
	f.say(t.at, &event.ConversationAssigned{Conversation: t.id, To: t.actor(), Team: team})
	if f.chance(0.05) {
		return false
	}
	for turn := 0; t.messages < wanted; turn++ {
		if f.chance(0.04) { // the answer of the next day
			t.wait(time.Hour, 30*time.Hour)
		}
		t.wait(5*time.Second, 3*time.Minute)
		if f.chance(0.01) {
			t.messages++
			f.say(t.at, &event.MessageBlocked{
				Conversation: t.id, Message: event.MessageID(string(t.id) + "." + strconv.Itoa(t.messages)), From: t.actor(), Text: "Write to me at my own number",
				Violations: []event.Violation{{Rule: "r" + strconv.Itoa(1+f.rng.IntN(5)), Category: pick(f.rng, []string{"contact", "payment", "abuse"}), Severity: event.SeverityBlock, End: 5}},
			})
		}
		t.write(t.actor(), pick(f.rng, answers))
		if f.chance(0.05) {
			text := pick(f.rng, answers)
			f.say(t.at, &event.AssistUsed{Conversation: t.id, Agent: f.agent(t.agent), Tool: pick(f.rng, []string{"ai_writer", "doc_reply", "recommended_answer"}), Suggested: text, Sent: text + "!"})
		}
		if turn == 0 && f.chance(0.05) { // handed on
			t.agent = f.rng.IntN(f.c.Agents)
			t.wait(time.Second, time.Minute)
			f.say(t.at, &event.ConversationAssigned{Conversation: t.id, To: t.actor(), Team: f.teamOf(t.agent)})
		}
		t.wait(5*time.Second, 2*time.Minute)
		t.ask(pick(f.rng, thanks))
	}
	t.wait(5*time.Second, time.Minute)
	t.write(t.actor(), pick(f.rng, answers))
	return true
}

func (t *talk) close(human, answered bool) {
	f := t.f
	if f.chance(0.7) {
		d := &event.ConversationClassified{Conversation: t.id, Intent: pick(f.rng, intents)}
		for range f.rng.IntN(3) {
			tag := pick(f.rng, tags)
			if len(d.Tags) == 0 || d.Tags[0] != tag {
				d.Tags = append(d.Tags, tag)
			}
		}
		f.say(t.at, d)
	}
	if f.chance(0.04) {
		f.say(t.at, &event.FlowTriggered{Flow: "flow" + strconv.Itoa(1+f.rng.IntN(6)), Name: "Flow", Conversation: t.id})
	}
	if answered && f.chance(0.05) {
		f.say(t.at, &event.ServiceInvited{Conversation: t.id, Agent: f.agent(t.agent), Kind: "specialist", Target: string(f.agent(t.agent))})
		if f.chance(0.5) {
			f.say(t.at.Add(time.Minute), &event.ServiceJoined{Customer: t.customer, Kind: "specialist", Target: string(f.agent(t.agent)), Conversation: t.id, Agent: f.agent(t.agent)})
			friend := true
			f.say(t.at.Add(time.Minute), &event.CustomerUpdated{Customer: t.customer, Friend: &friend})
		}
	}
	t.wait(time.Minute, 10*time.Minute)
	by, outcome := event.Actor{Kind: event.Bot, ID: "helper"}, event.OutcomeResolved
	switch {
	case human && answered:
		by = t.actor()
	case human:
		by, outcome = event.Actor{Kind: event.System}, event.OutcomeAbandoned
	}
	if answered && f.chance(0.5) {
		survey := event.SurveyID(t.id)
		f.say(t.at, &event.SurveySent{Conversation: t.id, Survey: survey})
		if f.chance(0.4) {
			stars := int64([]int{5, 5, 5, 4, 4, 3, 2, 1}[f.rng.IntN(8)])
			d := &event.SurveyAnswered{Conversation: t.id, Survey: survey, Stars: &stars}
			if stars <= 3 && f.chance(0.8) {
				d.Reasons = []string{pick(f.rng, reasons)}
			}
			f.say(t.at.Add(f.between(time.Minute, 20*time.Hour)), d)
		}
	}
	f.say(t.at, &event.ConversationClosed{Conversation: t.id, By: by, Outcome: outcome})
	if f.chance(0.1) {
		f.say(t.at.Add(f.between(time.Minute, 5*24*time.Hour)), &event.OrderPaid{
			Order: event.OrderID("o" + strconv.Itoa(f.chats)), Customer: t.customer, Amount: strconv.Itoa(5+f.rng.IntN(400)) + ".90", Currency: "USD",
		})
	}
}
