package cube

import (
	"slices"

	"github.com/floorlight/floorlight/hub/metric"
)

// The part dimensions.
const (
	reasonPart partKind = iota + 1
	categoryPart
	toolPart
	flowPart
	rulePart

	numParts
)

var partDimensions = [numParts]metric.Dimension{
	reasonPart: metric.ByReason, categoryPart: metric.ByCategory, toolPart: metric.ByTool, flowPart: metric.ByFlow, rulePart: metric.ByRule,
}

// partOf is a dimension's kind; noPart if it is none of parts.
func partOf(d metric.Dimension) partKind {
	return partKind(max(0, slices.Index(partDimensions[:], d))) //nolint:gosec // a few.
}

// rowPart is a counter of a row while its parts are added up.
type rowPart struct {
	row     uint16
	counter metric.Counter
}

// parts is chunk for a question by a part dimension, or narrowed by one: counters
// come from the parts of the rows. Under several values of one row a counter
// stands once in a narrowed total, so that is never more than the row's own.
func (s *scan) parts(c *chunk, first metric.Day) {
	s.pairsOf(c)
	w := s.out.wanted
	narrowed := map[rowPart]int64{}
	var order []rowPart
	for i := range c.parts {
		p := &c.parts[i]
		if s.first[p.row] < 0 || !s.takes(p.kind, p.value) {
			continue
		}
		flows := s.out.flows != nil && p.kind == flowPart && p.counter == metric.FlowTriggers && p.n != 0
		counts := slices.Contains(w.Counters, p.counter)
		if s.partAxis < 0 && counts {
			key := rowPart{p.row, p.counter}
			if _, ok := narrowed[key]; !ok {
				order = append(order, key)
			}
			narrowed[key] += p.n
		}
		s.eachPair(p.row, func(k int) {
			if s.partAxis < 0 && !flows {
				return
			}
			cell := s.partCell(k, p.value)
			s.out.room(int(s.cells.n))
			if s.partAxis >= 0 && counts {
				s.out.overflow = !plus(&s.out.counts[p.counter][cell], p.n) || s.out.overflow
			}
			if flows {
				s.out.count(cell, s.out.flows.add(s.group(cell, first+metric.Day(c.days[p.row])), p.value, uint8(Flows)))
			}
		})
	}
	for _, key := range order {
		n := narrowed[key]
		if total := c.counts[key.counter].at(int(key.row)); total > 0 {
			n = min(n, total)
		}
		s.eachPair(key.row, func(k int) {
			cell := s.cell(k)
			s.out.room(int(s.cells.n))
			s.out.overflow = !plus(&s.out.counts[key.counter][cell], n) || s.out.overflow
		})
	}
	for i := range c.money {
		m := &c.money[i]
		if m.part == noPart || s.first[m.row] < 0 || !w.money(m.kind) || !s.takes(m.part, m.value) {
			continue
		}
		s.eachPair(m.row, func(k int) {
			cell := s.partCell(k, m.value)
			s.out.room(int(s.cells.n))
			s.out.purses.add(cell, m.kind, m.currency, m.amount)
		})
	}
}

// takes says whether a part is of the dimension that is asked for, and let through.
func (s *scan) takes(kind partKind, value uint32) bool {
	if s.partAxis >= 0 {
		return partOf(s.cells.axes[s.partAxis].by) == kind && lets(s.narrow.part[kind], value)
	}
	return s.narrow.part[kind] != nil && lets(s.narrow.part[kind], value)
}

func (s *scan) eachPair(row uint16, f func(k int)) {
	for k := int(s.first[row]); k < len(s.rows) && s.rows[k] == row; k++ {
		f(k)
	}
}

// partCell is a pair's cell under a value of the part dimension, if that is asked for.
func (s *scan) partCell(k int, value uint32) uint32 {
	if s.partAxis < 0 {
		return s.cell(k)
	}
	if s.cells.strides != nil {
		return s.cells.at(s.keys[k] + uint64(value)*s.cells.strides[s.partAxis])
	}
	n := len(s.cells.axes)
	numbers := slices.Clone(s.numbers[k*n : k*n+n])
	numbers[s.partAxis] = value
	return s.cells.of(numbers)
}
