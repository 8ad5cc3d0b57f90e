package cube

import (
	"context"
	"fmt"
	"slices"

	"github.com/floorlight/floorlight/hub/metric"
)

// Table is the answer to a question: cells by combinations of values, and the
// sums of each. It belongs to one goroutine.
type Table struct {
	q     *Question
	words *vocabulary
	cells cells
	now   sums2
	then  sums2 // of the range before
}

type sums2 struct{ sessions, agents *sums }

// newTable lays out a question over what is known of a desk's words.
func newTable(q *Question, words *vocabulary) *Table {
	t := &Table{q: q, words: words}
	for _, by := range q.By {
		t.cells.axes = append(t.cells.axes, axis{by: by, values: t.values(by)})
	}
	t.now = sums2{newSums(&q.Sessions), newSums(&q.Agents)}
	t.then = sums2{newSums(&q.Sessions), newSums(&q.Agents)}
	return t
}

var hours = func() (all []string) {
	for h := range 24 {
		all = append(all, fmt.Sprintf("%02d", h))
	}
	return all
}()

func (t *Table) values(by metric.Dimension) []string {
	switch by { //nolint:exhaustive // the rest are of parts.
	case metric.ByDay:
		days := make([]string, 0, t.q.To-t.q.From+1)
		for d := t.q.From; d <= t.q.To; d++ {
			days = append(days, d.String())
		}
		return days
	case metric.ByHour:
		return hours
	case metric.ByChannel:
		return t.words.channels
	case metric.ByTeam:
		return t.words.teams
	case metric.ByAgent:
		return t.words.agents
	case metric.ByIntent:
		return t.words.intents
	case metric.ByHandling:
		return t.words.handlings
	case metric.ByAIStatus:
		return t.words.statuses
	case metric.ByTag:
		return t.words.tags
	default:
		return t.words.parts
	}
}

// Number is the number of a value of the dimension at place i of the question's.
// It must be asked for everything that Cell will be asked with before the first
// rows are summed.
func (t *Table) Number(i int, value string) uint32 { return t.cells.axes[i].number(value) }

// Cell is the cell of a combination of numbers, which it makes if there is none.
func (t *Table) Cell(numbers []uint32) int {
	if t.cells.strides == nil && t.cells.packed == nil {
		t.cells.seal()
	}
	return int(t.cells.of(numbers))
}

// Find is the cell of a combination of numbers, if there is one.
func (t *Table) Find(numbers []uint32) (int, bool) {
	cell, ok := t.cells.find(numbers)
	return int(cell), ok
}

// Len is how many cells there are.
func (t *Table) Len() int { return int(t.cells.n) }

// Numbers are a cell's numbers, one for each dimension of the question. They must
// not be written to.
func (t *Table) Numbers(cell int) []uint32 { return t.cells.key(cell) }

// Values are the names of the numbers of the dimension at place i.
func (t *Table) Values(i int) []string { return t.cells.axes[i].values }

// Fill puts a cell's sums of the range, or of the one before, into s and a.
func (t *Table) Fill(cell int, previous bool, s, a *metric.Sums) {
	of := &t.now
	if previous {
		of = &t.then
	}
	of.sessions.fill(cell, s)
	of.agents.fill(cell, a)
	// Who is affected is told by the rows of agents, whoever asks.
	s.AffectedAgents = a.AffectedAgents
}

// scans are the sums that a question needs, each with its range and side.
func (t *Table) scans(friends []uint64) []*scan {
	if t.cells.strides == nil && t.cells.packed == nil {
		t.cells.seal()
	}
	q := t.q
	narrow := newNarrowing(&q.Filter, t.words)
	var all []*scan
	n := q.To - q.From + 1
	for _, r := range []struct {
		of       *sums2
		from, to metric.Day
		asked    bool
	}{{&t.now, q.From, q.To, true}, {&t.then, q.From - n, q.From - 1, q.Previous}} {
		for _, out := range []*sums{r.of.sessions, r.of.agents} {
			if !r.asked || out.wanted.nothing() {
				continue
			}
			all = append(all, &scan{
				q: q, words: t.words, friends: friends, cells: &t.cells, out: out, from: r.from, to: r.to, agents: out == r.of.agents,
				tagAxis: slices.Index(q.By, metric.ByTag), partAxis: slices.IndexFunc(q.By, metric.Dimension.IsPart), narrow: narrow,
				daily: q.Daily && !slices.Contains(q.By, metric.ByDay),
			})
		}
	}
	return all
}

// sum adds segments up, as they come.
func (t *Table) sum(ctx context.Context, friends []uint64, segments func(yield func(*segment, error) bool)) error {
	scans := t.scans(friends)
	for seg, err := range segments {
		if err != nil {
			return err
		}
		for _, s := range scans {
			if err := s.segment(ctx, seg); err != nil {
				return err
			}
		}
	}
	for _, s := range scans {
		for kind := range s.out.money {
			s.out.money[kind] = s.out.purses.money(moneyKind(kind), t.words.currencies)
		}
	}
	return nil
}
