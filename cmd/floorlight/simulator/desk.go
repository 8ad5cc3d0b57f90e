package simulator

import (
	"container/heap"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/floorlight/floorlight/hub/event"
)

const (
	// source is what the simulator's events bear.
	source = "simulator"
	// messagesEach is about how many messages a conversation has, and eventsEach
	// how many events it makes. A test holds both to what the model does.
	messagesEach = 7.0
	eventsEach   = 15.0
	// workEach is how long agents are busy with a conversation, over all
	// conversations, at the tempo of people.
	workEach = 130 * time.Second
	// load is how much of what the agents could do is asked of them.
	load = 0.78
	// slowest is how slow a desk with too few customers for its agents becomes: an
	// answer takes a minute then.
	slowest = 4
	// ramp is how long before the start the past becomes as busy as the present.
	ramp = 20 * time.Minute
	// meanBurst is how busy a desk is on average over its bursts and lulls.
	meanBurst = 1.2
	// firstCredit is what a desk begins with, and topUp what it adds when it has used
	// as much, in hundredths of its currency.
	firstCredit, topUp = 4000, 2000
	// longQueue is the queue at which the bot makes tickets instead.
	longQueue = 14
)

// step is something that a desk does at a moment of its own.
type step struct {
	at    time.Time
	order uint64
	run   func()
}

type timeline []step

func (t timeline) Len() int      { return len(t) }
func (t timeline) Swap(i, j int) { t[i], t[j] = t[j], t[i] }
func (t *timeline) Push(x any)   { *t = append(*t, x.(step)) } //nolint:forcetypeassert // container/heap hands back what it was given.
func (t *timeline) Pop() any {
	last := len(*t) - 1
	s := (*t)[last]
	(*t)[last] = step{}
	*t = (*t)[:last]
	return s
}

func (t timeline) Less(i, j int) bool {
	if !t[i].at.Equal(t[j].at) {
		return t[i].at.Before(t[j].at)
	}
	return t[i].order < t[j].order
}

// desk is one tenant's timeline. Everything in it follows from its parameters.
type desk struct {
	// immutable
	spec    Desk
	run     string // part of every id that must be this run's own
	words   *vocabulary
	zone    *time.Location
	start   time.Time // when the run goes live
	past    time.Time // when the past begins, and the earlier days end
	first   time.Time // when the earlier days begin
	rate    float64   // conversations a second when it is busiest
	thinned float64   // how much of that the past has, and the earlier days on average
	pace    float64   // what the times within a conversation are multiplied with

	channels []channel
	teams    []team

	// the state at now
	rng       *rand.Rand
	now       time.Time
	steps     timeline
	order     uint64
	burst     float64
	mood      float64 // how busy a day is beside the others
	agents    []*agent
	customers []*customer
	open      []*chat // in no order, each at its place
	queue     []*chat
	chats     int
	strangers int
	orders    int
	charged   int // since credit was added last, in hundredths
	events    int
	out       []Action
}

func newDesk(c Config, number int, spec Desk) *desk {
	if spec.Timezone == "" {
		spec.Timezone = Daytime(c.Start, spec.Language)
	}
	zone, err := time.LoadLocation(spec.Timezone)
	if err != nil {
		zone, spec.Timezone = time.UTC, "UTC"
	}
	words, ok := vocabularies[spec.Language]
	if !ok {
		words = &english
	}
	shares := 0.0
	for i := range c.Tenants {
		shares += c.Tenants[i].Share
	}
	part := spec.Share / shares
	d := &desk{
		spec: spec, words: words, zone: zone, start: c.Start,
		run:  fmt.Sprintf("%s%s", strconv.FormatUint(c.Seed, 36), strconv.FormatInt(c.Start.UnixMilli(), 36)),
		rng:  rand.New(rand.NewPCG(c.Seed, uint64(number)+1)), //nolint:gosec // The same seed gives the same day.
		rate: c.Rate * part / messagesEach, thinned: 1, burst: 1, mood: 1,
	}
	d.furnish(c.Agents)
	d.pace = d.tempo()
	d.past = c.Start.Add(-c.Past)
	d.first = d.past.AddDate(0, 0, -c.Days)
	d.now = d.first
	switch {
	case c.Days > 0:
		d.thinned = min(1, float64(c.DayEvents)*part/d.fullDay())
	case c.Past > 0:
		d.thinned = d.thinnedTo(float64(c.PastEvents) * part)
	}
	d.in(0, d.openUp)
	return d
}

// tempo is the pace at which the agents are busy but not swamped.
func (d *desk) tempo() float64 {
	places := 0
	for _, a := range d.agents {
		places += a.capacity
	}
	asked := d.rate * workEach.Seconds()
	return min(slowest, load*0.7*float64(places)/asked)
}

// thinnedTo is how much of the traffic the past may have so that it has about
// that many events, the ramp before the start included.
func (d *desk) thinnedTo(budget float64) float64 {
	var before, within float64
	for at := d.past; at.Before(d.start); at = at.Add(time.Minute) {
		events := d.rate * 60 * eventsEach * meanBurst * busy(at.In(d.zone))
		if d.start.Sub(at) > ramp {
			before += events
		} else {
			within += events / 2
		}
	}
	return max(0.02, min(1, (budget-within)/(before+within)))
}

// fullDay is how many events a day has that nothing thins.
func (d *desk) fullDay() float64 {
	hours := 0.0
	for _, share := range curve {
		hours += share
	}
	return hours * 3600 * d.rate * eventsEach * meanBurst
}

// openUp is the first thing that a desk does.
func (d *desk) openUp() {
	d.announce()
	d.startShifts()
	d.in(0, d.arrivals)
	d.in(d.about(5*time.Minute), d.changeBurst)
	d.in(d.about(time.Hour), d.campaign)
	d.in(time.Minute, d.dispatchLater)
	if d.first.Before(d.past) {
		d.in(0, d.newDay)
	}
}

// newDay is a local midnight: each day has its weekday's customers, and some more
// or fewer; over the weeks before the start they become more.
func (d *desk) newDay() {
	local := d.now.In(d.zone)
	grown := min(1.1, 0.8+0.3*float64(d.now.Sub(d.first))/float64(d.past.Sub(d.first)))
	d.mood = week[local.Weekday()] * grown * (0.9 + 0.2*d.rng.Float64())
	next := time.Date(local.Year(), local.Month(), local.Day()+1, 0, 0, 0, 0, d.zone)
	d.in(next.Sub(d.now), d.newDay)
}

// in runs f after that time.
func (d *desk) in(after time.Duration, f func()) {
	d.order++
	heap.Push(&d.steps, step{at: d.now.Add(max(after, time.Millisecond).Truncate(time.Millisecond)), order: d.order, run: f})
}

// after is in for what happens within a conversation: it follows the tempo.
func (d *desk) after(low, high time.Duration, f func()) {
	d.in(d.paced(d.between(low, high)), f)
}

func (d *desk) paced(t time.Duration) time.Duration {
	return time.Duration(float64(t) * d.pace)
}

// slower is that time at a desk of people's tempo, and more where it is slower: a
// burst must last as long as its conversations to be felt.
func (d *desk) slower(t time.Duration) time.Duration {
	return time.Duration(float64(t) * max(1, d.pace))
}

// next is when the desk does something next.
func (d *desk) next() time.Time { return d.steps[0].at }

// advance takes one step, whose actions are in out afterwards.
func (d *desk) advance() {
	s, _ := heap.Pop(&d.steps).(step)
	d.now = s.at
	s.run()
}

// emit publishes an event that happens now.
func (d *desk) emit(data event.Data) {
	d.out = append(d.out, Action{Due: d.now, Event: d.event(data)})
}

// say is an agent's message: it goes before the check.
func (d *desk) say(m *event.MessageSent, risky bool) {
	d.out = append(d.out, Action{Due: d.now, Event: d.event(m), Check: true, Risky: risky})
}

func (d *desk) event(data event.Data) event.Event {
	d.events++
	return event.New(d.spec.Tenant, source, d.run+"-"+strconv.Itoa(d.events), d.now, data)
}

// thin is how much of the traffic, and of each agent's attention, there is.
func (d *desk) thin() float64 {
	left := d.start.Sub(d.now)
	switch {
	case left <= 0:
		return 1
	case left >= ramp:
		return d.thinned
	}
	return 1 - (1-d.thinned)*float64(left)/float64(ramp)
}

// changeBurst makes the traffic swell for a few minutes, and ebb after it.
func (d *desk) changeBurst() {
	if d.burst > 1 {
		d.burst = 0.8
		d.in(d.slower(d.about(6*time.Minute)), d.changeBurst)
		return
	}
	d.burst = 1.6 + 1.2*d.rng.Float64()
	d.in(d.slower(d.between(80*time.Second, 220*time.Second)), d.changeBurst)
}

// arrivals brings the next customer.
func (d *desk) arrivals() {
	rate := d.rate * d.thin() * d.mood * d.burst * busy(d.now.In(d.zone))
	const longest = 30 * time.Second // then the rate is another
	wait := d.rng.ExpFloat64() / rate
	if wait > longest.Seconds() {
		d.in(longest, d.arrivals)
		return
	}
	d.in(time.Duration(wait*float64(time.Second)), func() {
		d.arrive()
		d.arrivals()
	})
}

func (d *desk) chance(p float64) bool { return d.rng.Float64() < p }

func (d *desk) between(low, high time.Duration) time.Duration {
	return low + time.Duration(d.rng.Float64()*float64(high-low))
}

// about is a time whose mean is that, as waits are spread: many short, few long.
func (d *desk) about(mean time.Duration) time.Duration {
	return time.Duration(min(d.rng.ExpFloat64(), 5) * float64(mean))
}

// spread is a time around that, as work is spread: seldom much shorter, at
// times much longer.
func (d *desk) spread(middle time.Duration) time.Duration {
	return time.Duration(math.Exp(min(d.rng.NormFloat64(), 2.5)*0.5) * float64(middle))
}

// fill puts what a conversation is about into a sentence.
func (d *desk) fill(c *chat, text string) string {
	if !strings.Contains(text, "{") {
		return text
	}
	name := ""
	if c != nil {
		name = c.customer.called(d.spec.Language)
	}
	product, order := pick(d.rng, d.words.products), ""
	if c != nil {
		product, order = c.product, c.number
	}
	text = strings.NewReplacer("{product}", product, "{order}", order, "{days}", strconv.Itoa(2+d.rng.IntN(6)), "{name}", name).Replace(text)
	if d.spec.Language == English {
		text = capital.Replace(tidy.Replace(text))
		if strings.HasPrefix(text, "the ") {
			text = "T" + text[1:]
		}
	}
	return text
}

// tidy mends what an unknown name leaves, capital a product that begins a sentence.
var (
	tidy    = strings.NewReplacer(" , ", ", ", " !", "!", ", .", ".")
	capital = strings.NewReplacer(". the ", ". The ", "! the ", "! The ", "? the ", "? The ")
)
