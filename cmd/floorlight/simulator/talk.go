package simulator

import (
	"slices"
	"strings"
	"time"

	"github.com/floorlight/floorlight/hub/event"
)

// firstMessage says what the customer came for, to the bot or to a human.
func (d *desk) firstMessage(c *chat) {
	d.fromCustomer(c, pick(d.rng, d.words.opening[c.intent]))
	classified := &event.ConversationClassified{Conversation: c.id, Intent: c.intent}
	if d.chance(0.6) {
		classified.Tags = []string{pick(d.rng, d.words.tags[c.intent])}
	}
	d.emit(classified)
	if (!c.channel.bot || d.chance(0.1)) && len(d.queue) < longQueue {
		d.enqueue(c)
		return
	}
	d.emit(&event.ConversationAssigned{Conversation: c.id, To: bot})
	turns := 1 + d.rng.IntN(2)
	d.after(time.Second, 3*time.Second, func() { d.botTurn(c, turns) })
}

// botTurn is the bot's answer; left says how many more there are.
func (d *desk) botTurn(c *chat, left int) {
	if left > 1 {
		d.fromBot(c, pick(d.rng, d.words.botAnswer[c.intent]))
		d.after(8*time.Second, 35*time.Second, func() {
			d.fromCustomer(c, pick(d.rng, d.words.followUp))
			d.click(c)
			d.after(time.Second, 3*time.Second, func() { d.botTurn(c, left-1) })
		})
		return
	}
	d.fromBot(c, pick(d.rng, d.words.botMore))
	if d.chance(0.4) {
		d.after(10*time.Second, 40*time.Second, func() {
			if d.chance(0.5) {
				d.fromCustomer(c, pick(d.rng, d.words.thanks))
				d.fromBot(c, pick(d.rng, d.words.botAnswer[event.IntentOther]))
			}
			d.end(c, bot, event.OutcomeResolved)
		})
		return
	}
	d.after(8*time.Second, 30*time.Second, func() {
		d.fromCustomer(c, pick(d.rng, d.words.wantHuman))
		d.after(time.Second, 2*time.Second, func() { d.handOff(c) })
	})
}

// awayShare is how often a desk that lives by its bot has it say where help is
// instead of bringing in a human.
const awayShare = 0.12

// handOff passes the customer from the bot to the queue, or to a ticket when
// the queue is too long to promise anything.
func (d *desk) handOff(c *chat) {
	if len(d.queue) >= longQueue {
		d.fromBot(c, pick(d.rng, d.words.botTicket))
		ticket := "T-" + stable(string(c.id))
		d.emit(&event.ConversationHandoff{Conversation: c.id, Kind: "ticket", Ticket: &ticket})
		d.end(c, bot, event.OutcomeResolved)
		return
	}
	if d.spec.Preset == "klaviyo" && d.chance(awayShare) {
		d.fromBot(c, pick(d.rng, d.words.botAway))
		d.emit(&event.ConversationHandoff{Conversation: c.id, Kind: "message"})
		d.end(c, bot, event.OutcomeResolved)
		return
	}
	d.fromBot(c, pick(d.rng, d.words.botPass))
	if d.chance(0.3) {
		d.emit(&event.ConversationHandoff{Conversation: c.id, Kind: "message"})
	}
	d.enqueue(c)
}

// enqueue lets the conversation wait for a human.
func (d *desk) enqueue(c *chat) {
	d.release(c)
	c.queued = d.now
	d.queue = append(d.queue, c)
	d.emit(&event.ConversationQueued{Conversation: c.id, Team: c.team})
	since := c.queued
	d.in(d.paced(40*time.Second+d.about(4*time.Minute)), func() { d.giveUp(c, since) })
	d.dispatch()
}

// giveUp is a customer who has waited too long.
func (d *desk) giveUp(c *chat, since time.Time) {
	if c.closed || !c.queued.Equal(since) {
		return
	}
	if d.chance(0.5) {
		d.fromCustomer(c, pick(d.rng, d.words.giveUp))
	}
	d.end(c, c.customer.actor(), event.OutcomeAbandoned)
}

// release takes the conversation from its handler or from the queue.
func (d *desk) release(c *chat) {
	if c.agent != nil {
		c.agent.chats = slices.DeleteFunc(c.agent.chats, func(o *chat) bool { return o == c })
		c.agent = nil
	}
	if !c.queued.IsZero() {
		c.wait += d.now.Sub(c.queued)
		c.queued = time.Time{}
		d.queue = slices.DeleteFunc(d.queue, func(o *chat) bool { return o == c })
	}
}

// assign gives the conversation to an agent, who answers what stands there.
func (d *desk) assign(c *chat, a *agent) {
	d.release(c)
	c.agent = a
	a.chats = append(a.chats, c)
	c.turns = max(c.turns, 1)
	d.emit(&event.ConversationAssigned{Conversation: c.id, To: a.actor(), Team: c.team})
	d.after(time.Second, 4*time.Second, func() {
		if c.agent == a && !c.closed {
			d.emit(&event.ConversationViewed{Conversation: c.id, Agent: a.id})
		}
	})
	d.think(c, a)
}

// think is how long an agent needs for an answer: the more there is to do at
// once, the longer.
func (d *desk) think(c *chat, a *agent) {
	middle := time.Duration(float64(7*time.Second+4*time.Second*time.Duration(len(a.chats))) / a.speed * d.mood)
	d.in(d.paced(d.spread(middle))+5*time.Millisecond, func() { d.reply(c, a) })
}

// reply is an agent's answer.
func (d *desk) reply(c *chat, a *agent) {
	if c.closed || c.agent != a {
		return
	}
	if c.answers == 0 && !c.passed && d.chance(0.08) {
		c.passed = true
		d.speak(c, a, pick(d.rng, d.words.transfer))
		d.after(2*time.Second, 8*time.Second, func() { d.pass(c, a) })
		return
	}
	if d.chance(a.risky) {
		m := d.message(c, a.actor(), pick(d.rng, d.words.risky))
		d.say(m, true)
		d.dispute(a, m)
		d.after(5*time.Second, 15*time.Second, func() {
			if c.agent == a && !c.closed {
				d.answer(c, a, pick(d.rng, d.words.corrected))
			}
		})
		return
	}
	text := pick(d.rng, d.words.more)
	switch {
	case c.answers == 0:
		text = pick(d.rng, d.words.greeting) + pick(d.rng, d.words.answer[c.intent])
	case c.intent == event.IntentLogistics && d.chance(0.08):
		text = pick(d.rng, d.words.link)
	}
	d.answer(c, a, text)
}

// speak sends an agent's harmless message.
func (d *desk) speak(c *chat, a *agent, text string) {
	d.say(d.message(c, a.actor(), text), false)
}

// answer sends it, and lets the customer go on.
func (d *desk) answer(c *chat, a *agent, text string) {
	m := d.message(c, a.actor(), text)
	if d.chance(0.12) {
		d.assist(c, a, m.Text)
	}
	// A link to another site goes out, and is flagged.
	d.say(m, strings.Contains(m.Text, "://"))
	d.invite(c, a)
	c.answers++
	if c.turns--; c.turns > 0 {
		d.after(8*time.Second, 45*time.Second, func() { d.goOn(c, a) })
		return
	}
	d.after(10*time.Second, 50*time.Second, func() { d.finish(c, a) })
}

// assist says that a writing aid had a part in the text.
func (d *desk) assist(c *chat, a *agent, text string) {
	suggested := text
	if d.chance(0.5) { // the agent changed it
		suggested = d.fill(c, pick(d.rng, d.words.more))
	}
	d.emit(&event.AssistUsed{
		Conversation: c.id, Agent: a.id, Tool: pick(d.rng, []string{"ai_writer", "doc_reply", "recommended_answer"}),
		Suggested: suggested, Sent: text, Translated: d.chance(0.1),
	})
}

// goOn is the customer's next message to a human.
func (d *desk) goOn(c *chat, a *agent) {
	if c.closed || !c.queued.IsZero() {
		return
	}
	d.fromCustomer(c, pick(d.rng, d.words.followUp))
	d.click(c)
	if d.chance(0.04) { // it turns out to be about something else
		c.intent = pickIntent(d.rng)
		d.emit(&event.ConversationClassified{Conversation: c.id, Intent: c.intent})
	}
	if c.agent == a {
		d.think(c, a)
	}
}

// pass transfers the conversation to another agent, or back to the queue.
func (d *desk) pass(c *chat, a *agent) {
	if c.closed || c.agent != a {
		return
	}
	if to := d.colleague(c, a); to != nil && d.chance(0.8) {
		d.assign(c, to)
	} else {
		d.enqueue(c)
	}
	d.dispatch()
}

// finish ends what an agent has answered.
func (d *desk) finish(c *chat, a *agent) {
	if c.closed || c.agent != a {
		return
	}
	outcome := event.OutcomeResolved
	switch {
	case d.chance(0.62):
		d.fromCustomer(c, pick(d.rng, d.words.thanks))
		d.after(3*time.Second, 12*time.Second, func() {
			if c.closed || c.agent != a {
				return
			}
			d.speak(c, a, pick(d.rng, d.words.farewell))
			d.after(2*time.Second, 10*time.Second, func() { d.finishBy(c, a, a.actor(), outcome) })
		})
		return
	case d.chance(0.02):
		outcome = event.OutcomeSpam
	}
	by := a.actor()
	if d.chance(0.4) {
		by = c.customer.actor()
	}
	d.finishBy(c, a, by, outcome)
}

// finishBy is end, unless the conversation has gone to somebody else meanwhile.
func (d *desk) finishBy(c *chat, a *agent, by event.Actor, outcome event.Outcome) {
	if !c.closed && c.agent == a {
		d.end(c, by, outcome)
	}
}
