package simulator

import (
	"fmt"
	"strconv"
	"time"

	"github.com/floorlight/floorlight/hub/event"
)

// end closes the conversation, and sees to what follows from it.
func (d *desk) end(c *chat, by event.Actor, outcome event.Outcome) {
	if c.closed {
		return
	}
	d.emit(&event.ConversationClosed{Conversation: c.id, By: by, Outcome: outcome})
	a := c.agent
	if a != nil {
		d.emit(&event.ConversationLeft{Conversation: c.id, Agent: a.id})
	}
	d.release(c)
	c.closed = true
	last := len(d.open) - 1
	d.open[c.place], d.open[last].place = d.open[last], c.place
	d.open = d.open[:last]
	c.customer.busy = false
	if outcome == event.OutcomeResolved && !c.again {
		d.survey(c, a)
		d.purchase(c)
		d.befriend(c)
		d.returnLater(c, a)
	}
	d.dispatch()
}

// returnShare is how often a customer whom an agent has helped comes back with
// something that was left open.
const returnShare = 0.04

// returnLater is a customer who writes again in the conversation that was closed.
// Where that begins another session, it is a new conversation as any.
func (d *desk) returnLater(c *chat, a *agent) {
	if a == nil || d.spec.Preset == "inbox" || !d.chance(returnShare) {
		return
	}
	d.in(d.between(5*time.Minute, 50*time.Minute), func() {
		if c.customer.busy {
			return
		}
		c.closed, c.again, c.customer.busy = false, true, true
		c.place, c.turns = len(d.open), 1
		d.open = append(d.open, c)
		d.fromCustomer(c, pick(d.rng, d.words.again))
		d.enqueue(c)
	})
}

// survey asks how it was; most answer.
func (d *desk) survey(c *chat, a *agent) {
	if a == nil && !d.chance(0.25) || a != nil && !d.chance(0.8) {
		return
	}
	survey := event.SurveyID(string(c.id) + "-s")
	d.emit(&event.SurveySent{Conversation: c.id, Survey: survey})
	if !d.chance(0.6) {
		return
	}
	stars := d.stars(c, a)
	answer := &event.SurveyAnswered{Conversation: c.id, Survey: survey, Stars: &stars}
	if stars <= 3 && d.chance(0.8) {
		answer.Reasons = []string{pick(d.rng, d.words.reasons)}
	}
	d.in(d.between(10*time.Second, 5*time.Minute), func() { d.emit(answer) })
}

// stars are 1 to 5: the longer the wait, the fewer.
func (d *desk) stars(c *chat, a *agent) int64 {
	mood := 4.7 + 0.8*d.rng.NormFloat64()
	if a != nil {
		mood *= a.manner
	} else {
		mood -= 0.5
	}
	if d.chance(0.07) { // nothing that the desk could have done
		mood -= 2.5
	}
	mood -= min(2, c.wait.Minutes()/max(d.pace, 0.01)/4)
	return int64(max(1, min(5, mood+0.5)))
}

// click is a customer who looks at a product that is talked about.
func (d *desk) click(c *chat) {
	if c.intent == event.IntentPrePurchase && d.chance(0.35) {
		d.emit(&event.ProductClicked{Customer: c.customer.id, Product: "p-" + stable(c.product), Conversation: c.id})
	}
}

// purchase is what some customers do after a good answer.
func (d *desk) purchase(c *chat) {
	share := 0.05
	if c.intent == event.IntentPrePurchase {
		share = 0.32
	}
	if !d.chance(share) {
		return
	}
	d.orders++
	order := event.OrderID(fmt.Sprintf("o%s-%d", d.run, d.orders))
	amount := fmt.Sprintf("%d.%02d", d.words.low+d.rng.Int64N(d.words.high-d.words.low), pick(d.rng, []int{0, 50, 90, 99}))
	d.in(time.Minute+d.about(12*time.Minute), func() {
		d.emit(&event.OrderPaid{Order: order, Customer: c.customer.id, Amount: amount, Currency: d.words.currency})
		if d.chance(0.5) {
			d.charge("utility", 1, c.channel.id)
		}
	})
}

// campaign is a broadcast to some of the customers, every few hours.
func (d *desk) campaign() {
	if n := min(len(d.customers), 12); n > 0 && busy(d.now.In(d.zone)) > 0.5 {
		text := d.fill(nil, pick(d.rng, d.words.broadcast))
		channel := d.channels[0].id
		for i := range n {
			to := d.customers[len(d.customers)-1-i]
			d.emit(&event.MessageSent{
				Message: event.MessageID(string(to.id) + "-b" + strconv.Itoa(d.events)),
				From:    event.Actor{Kind: event.Broadcast}, Customer: to.id, Channel: channel, Text: text,
			})
		}
		d.charge("marketing", n, channel)
		if d.chance(0.3) {
			d.charge("authentication", 1+d.rng.IntN(4), channel)
		}
	}
	d.in(time.Hour+d.about(time.Hour), d.campaign)
}

// leave is the end of the run: what is open is closed, and everybody goes home.
func (d *desk) leave(at time.Time) []Action {
	if at.After(d.now) {
		d.now = at.UTC().Truncate(time.Millisecond)
	}
	d.steps, d.queue, d.out = nil, nil, nil
	for _, c := range d.open {
		d.emit(&event.ConversationClosed{Conversation: c.id, By: event.Actor{Kind: event.System}, Outcome: event.OutcomeResolved})
	}
	for _, a := range d.agents {
		if a.status != event.Offline {
			d.become(a, event.Offline)
		}
	}
	d.open = nil
	return d.out
}

// charge is what template messages cost, a hundredth each. What is used up is added
// again, so that a desk that runs for months has something left.
func (d *desk) charge(category string, messages int, channel event.ChannelID) {
	d.emit(&event.TemplateCharged{Category: category, Amount: fmt.Sprintf("0.%02d", messages), Currency: d.words.currency, Channel: channel})
	if d.charged += messages; d.charged >= topUp {
		d.charged -= topUp
		d.addCredit(topUp)
	}
}

// addCredit is money for template messages, in hundredths.
func (d *desk) addCredit(hundredths int) {
	d.emit(&event.CreditAdded{Amount: fmt.Sprintf("%d.%02d", hundredths/100, hundredths%100), Currency: d.words.currency, Channel: d.channels[0].id})
}

// invite is an agent who offers more than this chat: a specialist's card or the
// code of a group, as desks on WeCom do.
func (d *desk) invite(c *chat, a *agent) {
	if d.spec.Preset != "wecom" || c.invited != "" || !d.chance(0.06) {
		return
	}
	c.invited, c.inviter = "specialist", a.id
	if d.chance(0.4) {
		c.invited = "group"
	}
	d.emit(&event.ServiceInvited{Conversation: c.id, Agent: a.id, Kind: c.invited, Target: d.target(c)})
}

// target is whom or what the customer is invited to.
func (d *desk) target(c *chat) string {
	if c.invited == "group" {
		return "group-" + string(c.intent)
	}
	return string(c.inviter)
}

// befriend is a customer who takes the invitation.
func (d *desk) befriend(c *chat) {
	if c.invited == "" || !d.chance(0.55) {
		return
	}
	d.in(d.between(20*time.Second, 10*time.Minute), func() {
		d.emit(&event.ServiceJoined{Customer: c.customer.id, Kind: c.invited, Target: d.target(c), Conversation: c.id, Agent: c.inviter})
		if c.invited == "specialist" {
			d.emit(&event.CustomerUpdated{Customer: c.customer.id, Friend: new(true)})
		}
	})
}

// flows are what a desk does by itself when a customer comes in, and how often in a hundred.
var flows = []struct {
	id    string
	names map[Language]string
	share int
}{
	{"welcome", map[Language]string{English: "Welcome message", Chinese: "欢迎语"}, 26},
	{"order-status", map[Language]string{English: "Where is my order", Chinese: "查询订单进度"}, 12},
	{"collect-email", map[Language]string{English: "Ask for the e-mail address", Chinese: "收集邮箱"}, 6},
}

// flow is what runs when the customer comes in.
func (d *desk) flow(c *chat) {
	n := d.rng.IntN(100)
	for _, f := range flows {
		if n -= f.share; n < 0 {
			d.emit(&event.FlowTriggered{Flow: f.id, Name: f.names[d.spec.Language], Conversation: c.id, Channel: c.channel.id})
			return
		}
	}
}
