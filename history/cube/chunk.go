package cube

import (
	"slices"

	"github.com/floorlight/floorlight/hub/metric"
)

// chunkRows is how many rows are copied when one of them changes: 4,096 rows
// take about 300 KB, which is 50 µs.
const chunkRows = 4096

// goneDay marks the place of a row that has moved away.
const goneDay = 255

// moneyKind is what an amount is of.
type moneyKind uint8

const (
	revenue moneyKind = iota
	aiSales
	creditsUsed
	creditsAdded

	moneyKinds
)

// money is an amount of a row, of all of it or of a part.
type money struct {
	kind     moneyKind
	part     partKind // noPart: of all of it
	value    uint32   // of the part's dimension
	currency uint32
	amount   amount
}

type moneyAt struct {
	row uint16
	money
}

// partKind is a part dimension.
type partKind uint8

const noPart partKind = 0

// part is how much of a counter of a row stands under one value of a dimension.
type part struct {
	kind    partKind
	counter metric.Counter
	value   uint32
	n       int64
}

type partAt struct {
	row uint16
	part
}

// row is a row of contributions with numbers for its values.
type row struct {
	key                      uint64
	day                      metric.Day
	hour                     uint8
	perAgent                 bool
	channel, team, agent     uint32
	intent, handling, status uint8
	tags, customer           uint32
	counts                   metric.Counts
	money                    []money
	parts                    []part
}

// chunk holds up to chunkRows rows by columns. Once it is published it is never
// written again: a change makes a copy.
type chunk struct {
	days                    []uint8 // from the segment's first
	hours                   []uint8
	channels, teams, agents []uint32
	intents                 []uint8
	handlings, statuses     []uint8
	tags                    []uint32 // numbers of sets; it may end early, as a column does
	customers               []uint32
	firstDay, lastDay       uint8 // bounds of days
	counts                  [metric.NumCounters]column
	money                   []moneyAt
	parts                   []partAt
}

func (c *chunk) rows() int { return len(c.days) }

// put writes row i, which is there or is the next.
func (c *chunk) put(i int, r *row, day uint8) {
	if i == len(c.days) {
		c.days, c.hours = append(c.days, 0), append(c.hours, 0)
		c.channels, c.teams, c.agents = append(c.channels, 0), append(c.teams, 0), append(c.agents, 0)
		c.intents, c.handlings, c.statuses = append(c.intents, 0), append(c.handlings, 0), append(c.statuses, 0)
		c.customers = append(c.customers, 0)
		if i == 0 {
			c.firstDay, c.lastDay = day, day
		}
	} else {
		c.drop(i)
	}
	c.firstDay, c.lastDay = min(c.firstDay, day), max(c.lastDay, day)
	c.days[i], c.hours[i] = day, r.hour
	c.channels[i], c.teams[i], c.agents[i] = r.channel, r.team, r.agent
	c.intents[i], c.handlings[i], c.statuses[i] = r.intent, r.handling, r.status
	c.customers[i] = r.customer
	if r.tags != 0 || i < len(c.tags) {
		for len(c.tags) <= i {
			c.tags = append(c.tags, 0)
		}
		c.tags[i] = r.tags
	}
	for k := range r.counts {
		c.counts[k].set(i, r.counts[k])
	}
	at := uint16(i) //nolint:gosec // below chunkRows.
	for _, m := range r.money {
		c.money = append(c.money, moneyAt{at, m})
	}
	for _, p := range r.parts {
		c.parts = append(c.parts, partAt{at, p})
	}
}

// drop takes out what a row has in the sparse lists.
func (c *chunk) drop(i int) {
	c.money = slices.DeleteFunc(c.money, func(m moneyAt) bool { return int(m.row) == i })
	c.parts = slices.DeleteFunc(c.parts, func(p partAt) bool { return int(p.row) == i })
}

// gone empties the place of a row that has moved away.
func (c *chunk) gone(i int) {
	c.drop(i)
	c.days[i] = goneDay
	for k := range c.counts {
		c.counts[k].set(i, 0)
	}
}

func (c *chunk) clone() *chunk {
	n := *c
	n.days, n.hours = slices.Clone(c.days), slices.Clone(c.hours)
	n.channels, n.teams, n.agents = slices.Clone(c.channels), slices.Clone(c.teams), slices.Clone(c.agents)
	n.intents, n.handlings, n.statuses = slices.Clone(c.intents), slices.Clone(c.handlings), slices.Clone(c.statuses)
	n.tags, n.customers = slices.Clone(c.tags), slices.Clone(c.customers)
	for k := range n.counts {
		n.counts[k] = c.counts[k].clone()
	}
	n.money, n.parts = slices.Clone(c.money), slices.Clone(c.parts)
	return &n
}

func (c *chunk) bytes() int64 {
	n := int64(cap(c.days)+cap(c.hours)+cap(c.intents)+cap(c.handlings)+cap(c.statuses)) +
		4*int64(cap(c.channels)+cap(c.teams)+cap(c.agents)+cap(c.tags)+cap(c.customers)) +
		40*int64(cap(c.money)) + 24*int64(cap(c.parts)) + 4096 // the chunk itself
	for k := range c.counts {
		n += c.counts[k].bytes()
	}
	return n
}
