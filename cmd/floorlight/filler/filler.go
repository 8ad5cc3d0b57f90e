package filler

import (
	"cmp"
	"container/heap"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/floorlight/floorlight/hub/event"
)

// source is where the events say that they come from.
const source = "fill"

// Config is what a filling follows from.
type Config struct {
	Seed   uint64
	Tenant event.TenantID
	Name   string
	// Preset and Timezone are the profile's.
	Preset, Timezone string
	// End is the day after the last one; its time of day is ignored.
	End  time.Time
	Days int
	// Conversations and Messages are totals; messages come out within a few percent.
	Conversations, Messages int
	Agents                  int
}

// Filler makes the events. See [New].
type Filler struct {
	c        Config
	loc      *time.Location
	rng      *rand.Rand
	day      int // the next one
	begin    time.Time
	ahead    ahead
	made     uint64
	n        uint64 // numbers the events of a moment
	chats    int    // conversations so far
	teams    []event.TeamID
	channels []channel
}

type channel struct {
	id   event.ChannelID
	kind string
}

// New begins a filling. Errors: a time zone that is none, numbers that make no sense.
func New(c Config) (*Filler, error) {
	if c.Days < 1 || c.Conversations < 0 || c.Messages < 0 || c.Agents < 1 {
		return nil, fmt.Errorf("fill %d days with %d conversations of %d agents: at least one day and one agent", c.Days, c.Conversations, c.Agents)
	}
	loc, err := time.LoadLocation(c.Timezone)
	if err != nil {
		return nil, fmt.Errorf("fill: %w", err)
	}
	year, month, day := c.End.In(loc).Date()
	f := &Filler{
		c: c, loc: loc, begin: time.Date(year, month, day-c.Days, 0, 0, 0, 0, loc),
		channels: []channel{{"web", "web"}, {"app", "app"}, {"whatsapp", "whatsapp"}, {"wecom", "wecom"}, {"tiktok", "tiktok_shop"}, {"mail", "email"}},
	}
	for i := range max(1, min(20, c.Agents/10)) {
		f.teams = append(f.teams, event.TeamID(fmt.Sprintf("team%02d", i+1)))
	}
	f.furnish()
	return f, nil
}

// Total is about how many events there will be.
func (f *Filler) Total() int { return f.c.Messages + 6*f.c.Conversations + f.c.Days*(2*f.c.Agents+40) }

// Next is the next event; ok is false after the last one.
func (f *Filler) Next() (e event.Event, ok bool) {
	for {
		edge := f.start(f.day)
		if len(f.ahead) > 0 && (f.day >= f.c.Days || f.ahead[0].at < edge.UnixMilli()) {
			p := heap.Pop(&f.ahead).(pending) //nolint:forcetypeassert // it holds nothing else.
			f.made++
			return event.New(f.c.Tenant, source, "f"+strconv.FormatUint(f.made, 36), time.UnixMilli(p.at), p.data), true
		}
		if f.day >= f.c.Days {
			return event.Event{}, false
		}
		f.fillDay()
		f.day++
	}
}

// Skip makes n events and lets go of them.
func (f *Filler) Skip(n int64) {
	for range n {
		if _, ok := f.Next(); !ok {
			return
		}
	}
}

// start is the local midnight at which a day begins.
func (f *Filler) start(day int) time.Time { return f.begin.AddDate(0, 0, day) }

// pending is an event that is drawn and not yet due.
type pending struct {
	at   int64 // milliseconds since 1970
	n    uint64
	data event.Data
}

type ahead []pending

func (a ahead) Len() int { return len(a) }

func (a ahead) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(a[i].at, a[j].at), cmp.Compare(a[i].n, a[j].n)) < 0
}
func (a ahead) Swap(i, j int) { a[i], a[j] = a[j], a[i] }

// Push is heap's.
func (a *ahead) Push(x any) { *a = append(*a, x.(pending)) } //nolint:forcetypeassert // it holds nothing else.

// Pop is heap's.
func (a *ahead) Pop() any {
	last := (*a)[len(*a)-1]
	(*a)[len(*a)-1] = pending{}
	*a = (*a)[:len(*a)-1]
	return last
}

func (f *Filler) say(at time.Time, d event.Data) {
	f.n++
	heap.Push(&f.ahead, pending{at.UnixMilli(), f.n, d})
}

func (f *Filler) chance(p float64) bool { return f.rng.Float64() < p }

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// between is a length of time.
func (f *Filler) between(least, most time.Duration) time.Duration {
	return least + time.Duration(f.rng.Int64N(int64(most-least)+1))
}

func (f *Filler) agent(i int) event.AgentID { return event.AgentID(fmt.Sprintf("agent%04d", i+1)) }

func (f *Filler) teamOf(agent int) event.TeamID { return f.teams[agent%len(f.teams)] }

// furnish is the profile and the directory.
func (f *Filler) furnish() {
	at := f.begin.Add(-time.Hour)
	f.say(at, &event.TenantConfigured{Name: f.c.Name, Profile: f.c.Preset, Settings: fmt.Appendf(nil, `{"timezone":%q}`, f.c.Timezone)})
	for _, c := range f.channels {
		f.say(at, &event.ChannelUpdated{Channel: c.id, Name: string(c.id), Kind: c.kind})
	}
	for _, t := range f.teams {
		f.say(at, &event.TeamUpdated{Team: t, Name: "Team " + string(t[4:])})
	}
	capacity := int64(8)
	for i := range f.c.Agents {
		department := "Service " + string('A'+rune(i%4))
		f.say(at, &event.AgentUpdated{
			Agent: f.agent(i), Name: givenNames[i%len(givenNames)] + " " + familyNames[i/len(givenNames)%len(familyNames)], Teams: []event.TeamID{f.teamOf(i)},
			Channels: []event.ChannelID{f.channels[i%len(f.channels)].id}, Department: &department, Capacity: &capacity,
		})
	}
	f.say(at, &event.CreditAdded{Amount: "250000.00", Currency: "USD", Channel: "whatsapp"})
}

// curve is how busy each hour of the local day is.
var curve = [24]float64{2, 1, 1, 1, 1, 2, 4, 8, 14, 20, 24, 25, 21, 21, 24, 25, 24, 22, 21, 23, 25, 21, 13, 6}

// fillDay draws what begins on the next day.
func (f *Filler) fillDay() {
	f.rng = rand.New(rand.NewPCG(f.c.Seed, uint64(f.day)+1)) //nolint:gosec // made up, and the same each time.
	start := f.start(f.day)
	for i := range f.c.Agents {
		if f.chance(0.25) {
			continue // a day off
		}
		shift := start.Add(time.Duration(i%3)*5*time.Hour + 7*time.Hour).Add(f.between(0, 30*time.Minute))
		f.say(shift, &event.AgentPresence{Agent: f.agent(i), Status: event.Online})
		f.say(shift.Add(f.between(7*time.Hour, 9*time.Hour)), &event.AgentPresence{Agent: f.agent(i), Status: event.Offline})
	}
	for i := range 20 {
		at := start.Add(f.between(8*time.Hour, 20*time.Hour))
		f.say(at, &event.TemplateCharged{Category: pick(f.rng, []string{"marketing", "utility", "other"}), Amount: "0." + strconv.Itoa(10+i), Currency: "USD", Channel: "whatsapp"})
		f.say(at, &event.MessageSent{Message: event.MessageID(fmt.Sprintf("b%d-%d", f.day, i)), From: event.Actor{Kind: event.Broadcast}, Text: "Sale", Customer: f.customer(), Channel: "whatsapp"})
	}
	// The day's share, so that all days together have all conversations.
	n := f.c.Conversations*(f.day+1)/f.c.Days - f.c.Conversations*f.day/f.c.Days
	times := make([]time.Duration, n)
	for i := range times {
		times[i] = f.momentOfDay()
	}
	slices.Sort(times)
	for _, at := range times {
		f.converse(start.Add(at))
	}
}

// momentOfDay draws when a conversation begins.
func (f *Filler) momentOfDay() time.Duration {
	var total float64
	for _, w := range curve {
		total += w
	}
	x := f.rng.Float64() * total
	for h, w := range curve {
		if x < w {
			return time.Duration(h)*time.Hour + f.between(0, time.Hour-time.Second)
		}
		x -= w
	}
	return 12 * time.Hour
}

func (f *Filler) customer() event.CustomerID {
	return event.CustomerID("u" + strconv.Itoa(f.rng.IntN(max(1, f.c.Conversations*6/10))))
}
