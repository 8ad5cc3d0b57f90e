package simulator

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/floorlight/floorlight/hub/event"
)

// chat is a conversation while it is open. At any time it has one step ahead of
// it, and one more that ends a wait.
type chat struct {
	id       event.ConversationID
	place    int // in desk.open
	customer *customer
	channel  channel
	team     event.TeamID
	intent   event.Intent
	product  string
	number   string // of the order that is talked about

	agent    *agent    // who has it
	queued   time.Time // since when it waits; zero if it does not
	wait     time.Duration
	messages int
	turns    int // that the agent has yet to answer
	answers  int // that the agent gave
	passed   bool
	closed   bool
	again    bool   // reopened once
	invited  string // to a specialist or a group
	inviter  event.AgentID
}

var bot = event.Actor{Kind: event.Bot, ID: "bot"}

// arrive is a customer who opens a conversation.
func (d *desk) arrive() {
	d.chats++
	c := &chat{
		id:       event.ConversationID(fmt.Sprintf("c%s-%d", d.run, d.chats)),
		place:    len(d.open),
		customer: d.someone(),
		channel:  pick(d.rng, d.channels),
		intent:   pickIntent(d.rng),
		product:  pick(d.rng, d.words.products),
		number:   "A" + strconv.Itoa(1000+d.rng.IntN(9000)),
		turns:    1 + d.rng.IntN(4),
	}
	c.customer.busy = true
	for _, t := range d.teams {
		if slices.Contains(t.intents, c.intent) {
			c.team = t.id
		}
	}
	d.open = append(d.open, c)
	d.emit(&event.ConversationStarted{Conversation: c.id, Channel: c.channel.id, Customer: c.customer.profile(c.channel.kind)})
	d.flow(c)
	if d.chance(0.05) { // opened, and never wrote
		d.after(time.Minute, 4*time.Minute, func() { d.end(c, event.Actor{Kind: event.System}, event.OutcomeAbandoned) })
		return
	}
	d.after(time.Second, 9*time.Second, func() { d.firstMessage(c) })
}

func (d *desk) fromCustomer(c *chat, text string) {
	d.emit(d.message(c, c.customer.actor(), text))
}

func (d *desk) fromBot(c *chat, text string) {
	d.emit(d.message(c, bot, text))
}

// message is the conversation's next one.
func (d *desk) message(c *chat, from event.Actor, text string) *event.MessageSent {
	c.messages++
	return &event.MessageSent{
		Conversation: c.id,
		Message:      event.MessageID(string(c.id) + "-m" + strconv.Itoa(c.messages)),
		From:         from,
		Text:         d.fill(c, text),
	}
}
