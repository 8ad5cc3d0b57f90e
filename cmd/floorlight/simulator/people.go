package simulator

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/floorlight/floorlight/hub/event"
)

// leastShift is how many of the agents come to work at least on thin earlier days.
const leastShift = 0.4

type agent struct {
	// immutable
	id       event.AgentID
	name     string
	teams    []event.TeamID
	accounts []event.ChannelID // none: all
	capacity int
	speed    float64 // of work, 1 is ordinary
	manner   float64 // how well customers like it, at most 1
	risky    float64 // how often a message should not go out

	status event.Presence
	chats  []*chat // assigned and open
}

func (a *agent) actor() event.Actor { return event.Actor{Kind: event.Agent, ID: string(a.id)} }

// room says whether the agent takes another conversation.
func (a *agent) room(thin float64) bool {
	most := max(1, int(float64(a.capacity)*thin+0.5))
	return a.status == event.Online && len(a.chats) < most
}

// serves says whether the agent is there for what comes in by that channel.
func (a *agent) serves(c channel) bool {
	return len(a.accounts) == 0 || slices.Contains(a.accounts, c.id)
}

type customer struct {
	id        event.CustomerID
	name      string
	anonymous bool
	busy      bool // in a conversation
}

func (c *customer) actor() event.Actor { return event.Actor{Kind: event.Customer, ID: string(c.id)} }

// profile is what a channel of that kind knows of the customer: a mailbox the
// address, a telephone the number, and the rest the name of who signed in.
func (c *customer) profile(kind string) event.Profile {
	known := event.Profile{ID: c.id, Anonymous: &c.anonymous}
	if c.anonymous {
		return known
	}
	known.Name = &c.name
	short := stable(string(c.id))
	n, _ := strconv.ParseUint(short, 16, 32) // stable writes hexadecimal
	switch kind {
	case "email":
		known.Email = new(short + "@example.com")
	case "sms", "whatsapp":
		known.Phone = new(fmt.Sprintf("+1 555 01%02d %03d", n%100, n/100%1000))
	default:
		return known
	}
	if n%5 == 0 { // writes without a name
		known.Name = nil
	}
	return known
}

// called is how an agent addresses the customer.
func (c *customer) called(language Language) string {
	if c.anonymous {
		return ""
	}
	if language == English {
		first, _, _ := strings.Cut(c.name, " ")
		return first
	}
	return c.name
}

// someone is the customer who comes in: one of the last days', or a new one.
func (d *desk) someone() *customer {
	if len(d.customers) > 20 && d.chance(0.35) {
		for range 4 {
			if c := pick(d.rng, d.customers); !c.busy {
				return c
			}
		}
	}
	d.strangers++
	c := &customer{
		id:        event.CustomerID(fmt.Sprintf("u%s-%d", d.run, d.strangers)),
		name:      d.words.fullName(d.rng),
		anonymous: d.chance(0.15),
	}
	const known = 2000
	if len(d.customers) < known {
		d.customers = append(d.customers, c)
	} else {
		d.customers[d.rng.IntN(known)] = c
	}
	return c
}

// startShifts brings the first agents in.
func (d *desk) startShifts() {
	for _, a := range d.agents {
		switch {
		case d.online() < d.wanted():
			d.become(a, event.Online)
			d.in(d.about(d.stint()), func() { d.stopTaking(a) })
		case d.chance(0.3):
			d.become(a, event.Paused)
			d.in(d.about(8*time.Minute), func() { d.comeBack(a) })
		default:
			d.become(a, event.Offline)
			d.in(d.about(30*time.Minute), func() { d.comeBack(a) })
		}
	}
}

// stint is how long an agent works at a time, on average.
func (d *desk) stint() time.Duration {
	if d.now.Before(d.past) {
		return 3 * time.Hour
	}
	return 50 * time.Minute
}

func (d *desk) become(a *agent, status event.Presence) {
	a.status = status
	d.emit(&event.AgentPresence{Agent: a.id, Status: status})
}

func (d *desk) online() int {
	n := 0
	for _, a := range d.agents {
		if a.status == event.Online {
			n++
		}
	}
	return n
}

// wanted is how many agents should be online at this hour.
func (d *desk) wanted() int {
	share := 0.25 + 0.5*busy(d.now.In(d.zone))
	if d.now.Before(d.past) { // fewer customers, and as long waits
		share *= max(leastShift, d.thinned)
	}
	return max(1, int(share*float64(len(d.agents))+0.5))
}

// stopTaking pauses the agent, or ends the shift, unless too few would be left.
func (d *desk) stopTaking(a *agent) {
	if d.online() < d.wanted() {
		d.in(d.about(10*time.Minute), func() { d.stopTaking(a) })
		return
	}
	d.become(a, event.Paused)
	if d.online() > d.wanted() || d.chance(0.12) {
		// The shift ends when the last customers are served, or soon after.
		d.in(d.between(2*time.Minute, 6*time.Minute), func() { d.goHome(a) })
		return
	}
	d.in(d.between(3*time.Minute, 14*time.Minute), func() { d.comeBack(a) })
}

// goHome hands over what is left.
func (d *desk) goHome(a *agent) {
	for _, c := range slices.Clone(a.chats) {
		if to := d.colleague(c, a); to != nil {
			d.assign(c, to)
		} else {
			d.enqueue(c)
		}
	}
	d.become(a, event.Offline)
	d.in(d.about(40*time.Minute), func() { d.comeBack(a) })
}

func (d *desk) comeBack(a *agent) {
	if a.status == event.Offline && d.online() >= d.wanted() {
		d.in(d.about(20*time.Minute), func() { d.comeBack(a) })
		return
	}
	d.become(a, event.Online)
	d.in(d.about(d.stint()), func() { d.stopTaking(a) })
	d.dispatch()
}

// free is the least busy of those agents who has room.
func (d *desk) free(of func(*agent) bool) *agent {
	var best *agent
	for _, a := range d.agents {
		if of(a) && a.room(d.thin()) && (best == nil || len(a.chats) < len(best.chats)) {
			best = a
		}
	}
	return best
}

// colleague is who takes the conversation over from that agent: one of its account's
// if there is room, or else whoever helps out.
func (d *desk) colleague(c *chat, not *agent) *agent {
	if a := d.free(func(a *agent) bool { return a != not && a.serves(c.channel) }); a != nil {
		return a
	}
	return d.free(func(a *agent) bool { return a != not })
}

// suited is who takes a conversation that has waited for so long: an agent of its
// team and account, then one of its account, and in the end anybody.
func (d *desk) suited(c *chat, waited time.Duration) *agent {
	a := d.free(func(a *agent) bool { return a.serves(c.channel) && slices.Contains(a.teams, c.team) })
	if a == nil && waited > d.paced(time.Minute) {
		a = d.free(func(a *agent) bool { return a.serves(c.channel) })
	}
	if a == nil && waited > d.paced(2*time.Minute) {
		a = d.free(func(*agent) bool { return true })
	}
	return a
}

// dispatch gives those who wait to those who have room, the longest wait first.
func (d *desk) dispatch() {
	for i := 0; i < len(d.queue); {
		c := d.queue[i]
		a := d.suited(c, d.now.Sub(c.queued))
		if a == nil {
			i++
			continue
		}
		d.assign(c, a) // takes it off the queue
	}
}

// dispatchLater looks again for those whom no departure has helped.
func (d *desk) dispatchLater() {
	d.dispatch()
	d.in(min(20*time.Second, d.paced(20*time.Second)), d.dispatchLater)
}
