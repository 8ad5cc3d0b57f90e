package cube

import (
	"context"
	"slices"

	"github.com/floorlight/floorlight/hub/metric"
)

// scan adds up one range of days on one side.
type scan struct {
	q        *Question
	words    *vocabulary
	friends  []uint64 // bits by number of customer
	cells    *cells
	out      *sums
	from, to metric.Day
	agents   bool // the side
	daily    bool // what is distinct counts on each day, and a cell has many

	tagAxis, partAxis int // -1: none
	narrow            narrowing

	// Of the chunk at hand. Pairs of a row stand together, rows ascend; a row with
	// several tags has several pairs.
	rows    []uint16
	keys    []uint64
	numbers []uint32 // instead of keys, where combinations do not fit into 64 bits
	in      []uint32 // the cell of each pair
	marks   [chunkRows]uint8
	first   [chunkRows]int32 // of a row's pairs; -1: none
}

// segments scans a month's chunks.
func (s *scan) segment(ctx context.Context, seg *segment) error {
	chunks := seg.sessions
	if s.agents {
		chunks = seg.agents
	}
	first := seg.month.first()
	for _, c := range chunks {
		if err := ctx.Err(); err != nil {
			return err
		}
		if first+metric.Day(c.lastDay) < s.from || first+metric.Day(c.firstDay) > s.to {
			continue
		}
		s.chunk(c, first)
		switch {
		case s.cells.full:
			return ErrTooMany
		case s.out.overflow:
			return ErrTooLarge
		}
	}
	return nil
}

func (s *scan) chunk(c *chunk, first metric.Day) {
	s.choose(c, first)
	if len(s.rows) == 0 {
		return
	}
	s.combine(c, first)
	if s.tagAxis >= 0 {
		s.byTag(c)
	}
	if s.partAxis >= 0 || s.narrow.parts {
		s.parts(c, first)
		return
	}
	s.in = s.in[:0]
	for k := range s.rows {
		s.in = append(s.in, s.cell(k))
	}
	s.out.room(int(s.cells.n))
	for _, counter := range s.out.wanted.Counters {
		s.out.column(counter, &c.counts[counter], s.rows, s.in)
	}
	if s.out.wanted.Distinct&ofCustomers != 0 {
		s.customers(c, first)
	}
	if s.out.agents != nil {
		s.affected(c, first)
	}
	if s.out.wanted.Responses {
		s.responses(c)
	}
	if len(c.money) > 0 && (s.out.wanted.Revenue || s.out.wanted.AISales || s.out.wanted.Credits) || len(c.parts) > 0 && s.out.flows != nil {
		s.sparse(c, first)
	}
}

// identity are the rows of a whole chunk.
var identity = func() (all [chunkRows]uint16) {
	for i := range all {
		all[i] = uint16(i)
	}
	return all
}()

// choose finds the rows that the range and the filter let through.
func (s *scan) choose(c *chunk, first metric.Day) {
	s.rows = s.rows[:0]
	from, to := max(0, int(s.from-first)), min(30, int(s.to-first))
	if s.narrow.everything() && int(c.firstDay) >= from && int(c.lastDay) <= to {
		s.rows = append(s.rows, identity[:c.rows()]...)
		return
	}
	n := &s.narrow
	for i, day := range c.days {
		if int(day) < from || int(day) > to || !lets(n.hour, c.hours[i]) || !lets(n.channel, c.channels[i]) || !lets(n.team, c.teams[i]) || !lets(n.agent, c.agents[i]) ||
			!lets(n.intent, c.intents[i]) || !lets(n.handling, c.handlings[i]) || !lets(n.status, c.statuses[i]) || !lets(n.set, c.tagsAt(i)) {
			continue
		}
		s.rows = append(s.rows, uint16(i))
	}
}

func (c *chunk) tagsAt(i int) uint32 {
	if i >= len(c.tags) {
		return 0
	}
	return c.tags[i]
}

// combine makes each row's combination of values, but for tags and parts.
func (s *scan) combine(c *chunk, first metric.Day) {
	if s.cells.strides == nil {
		s.combineMany(c, first)
		return
	}
	s.keys = s.keys[:0]
	for range s.rows {
		s.keys = append(s.keys, 0)
	}
	for i := range s.cells.axes {
		stride := s.cells.strides[i]
		switch s.cells.axes[i].by { //nolint:exhaustive // tags and parts are not of a row alone.
		case metric.ByDay:
			shift := int(first - s.from)
			for k, r := range s.rows {
				s.keys[k] += uint64(int(c.days[r])+shift) * stride //nolint:gosec // the row is within the range.
			}
		case metric.ByHour:
			accumulate(s.keys, s.rows, c.hours, stride)
		case metric.ByChannel:
			accumulate(s.keys, s.rows, c.channels, stride)
		case metric.ByTeam:
			accumulate(s.keys, s.rows, c.teams, stride)
		case metric.ByAgent:
			accumulate(s.keys, s.rows, c.agents, stride)
		case metric.ByIntent:
			accumulate(s.keys, s.rows, c.intents, stride)
		case metric.ByHandling:
			accumulate(s.keys, s.rows, c.handlings, stride)
		case metric.ByAIStatus:
			accumulate(s.keys, s.rows, c.statuses, stride)
		default: // tags and parts are not of a row alone
		}
	}
}

func accumulate[N uint8 | uint32](keys []uint64, rows []uint16, col []N, stride uint64) {
	for k, r := range rows {
		keys[k] += uint64(col[r]) * stride
	}
}

// combineMany is combine where combinations do not fit into 64 bits.
func (s *scan) combineMany(c *chunk, first metric.Day) {
	s.numbers = s.numbers[:0]
	for _, r := range s.rows {
		for i := range s.cells.axes {
			var n uint32
			switch s.cells.axes[i].by { //nolint:exhaustive // as in combine.
			case metric.ByDay:
				n = uint32(first - s.from + metric.Day(c.days[r])) //nolint:gosec // the row is within the range.
			case metric.ByHour:
				n = uint32(c.hours[r])
			case metric.ByChannel:
				n = c.channels[r]
			case metric.ByTeam:
				n = c.teams[r]
			case metric.ByAgent:
				n = c.agents[r]
			case metric.ByIntent:
				n = uint32(c.intents[r])
			case metric.ByHandling:
				n = uint32(c.handlings[r])
			case metric.ByAIStatus:
				n = uint32(c.statuses[r])
			default: // as in combine
			}
			s.numbers = append(s.numbers, n)
		}
	}
}

// byTag gives a row a pair for each of its tags that the filter lets through, or
// one without a tag.
func (s *scan) byTag(c *chunk) {
	rows, keys, numbers, width := s.rows, s.keys, s.numbers, len(s.cells.axes)
	s.rows, s.keys, s.numbers = make([]uint16, 0, len(rows)), make([]uint64, 0, len(keys)), make([]uint32, 0, len(numbers))
	add := func(k int, tag uint32) {
		s.rows = append(s.rows, rows[k])
		if s.cells.strides != nil {
			s.keys = append(s.keys, keys[k]+uint64(tag)*s.cells.strides[s.tagAxis])
			return
		}
		s.numbers = append(s.numbers, numbers[k*width:k*width+width]...)
		s.numbers[len(s.numbers)-width+s.tagAxis] = tag
	}
	for k, r := range rows {
		tags := s.words.sets[c.tagsAt(int(r))]
		if len(tags) == 0 {
			add(k, 0)
		}
		for _, t := range tags {
			if lets(s.narrow.tag, t) {
				add(k, t)
			}
		}
	}
}

// cell is the cell of a pair.
func (s *scan) cell(k int) uint32 {
	if s.cells.strides != nil {
		return s.cells.at(s.keys[k])
	}
	n := len(s.cells.axes)
	return s.cells.of(s.numbers[k*n : k*n+n])
}

// group is what something is counted once in: a cell, or a day of it. Where a cell
// is of one day they are the same.
func (s *scan) group(cell uint32, day metric.Day) uint64 {
	if !s.daily {
		return uint64(cell)
	}
	return uint64(cell)*uint64(s.to-s.from+1) + uint64(day-s.from) //nolint:gosec // within the range.
}

// customers counts the customers of the chosen rows.
func (s *scan) customers(c *chunk, first metric.Day) {
	wanted := s.out.wanted.Distinct
	marks := s.marks[:c.rows()]
	clear(marks)
	for _, m := range [...]struct {
		mark    Distinct
		counter metric.Counter
	}{
		{Customers, metric.Sessions},
		{Friends, metric.Sessions},
		{Consulting, metric.Chats},
		{Converted, metric.Converted},
		{Served, metric.AssignEvents},
		{Upgraded, metric.SpecialistsAdded},
		{Upgraded, metric.GroupsJoined},
	} {
		if wanted&m.mark != 0 {
			markRows(marks, &c.counts[m.counter], uint8(m.mark))
		}
	}
	for k, r := range s.rows {
		m, customer := marks[r], c.customers[r]
		if m == 0 || customer == 0 {
			continue
		}
		if m&uint8(Friends) != 0 && !bit(s.friends, customer) {
			if m &^= uint8(Friends); m == 0 {
				continue
			}
		}
		cell := s.in[k]
		if fresh := s.out.customers.add(s.group(cell, first+metric.Day(c.days[r])), customer, m); fresh != 0 {
			s.out.count(cell, fresh)
		}
	}
}

func bit(bits []uint64, n uint32) bool { return int(n/64) < len(bits) && bits[n/64]>>(n%64)&1 != 0 }

// markRows marks the rows whose counter is not 0.
func markRows(marks []uint8, col *column, mark uint8) {
	mark8(marks, col.narrow, mark)
	mark8(marks, col.middle, mark)
	mark8(marks, col.wide, mark)
}

func mark8[N int8 | int32 | int64](marks []uint8, col []N, mark uint8) {
	for i, v := range col {
		if v != 0 {
			marks[i] |= mark
		}
	}
}

// affected counts the agents of the chosen rows who wrote what was blocked or
// flagged. The rows are those of agents.
func (s *scan) affected(c *chunk, first metric.Day) {
	for k, r := range s.rows {
		if agent := c.agents[r]; agent != 0 && (c.counts[metric.BlockedMessages].at(int(r)) != 0 || c.counts[metric.FlaggedMessages].at(int(r)) != 0) {
			s.out.count(s.in[k], s.out.agents.add(s.group(s.in[k], first+metric.Day(c.days[r])), agent, uint8(Affected)))
		}
	}
}

// pairsOf makes the lookup from a row to its pairs.
func (s *scan) pairsOf(c *chunk) {
	for i := range c.rows() {
		s.first[i] = -1
	}
	for k, v := range slices.Backward(s.rows) {
		s.first[v] = int32(k) //nolint:gosec // pairs of one chunk.
	}
}

// sparse adds what few rows have: money, and flows.
func (s *scan) sparse(c *chunk, first metric.Day) {
	s.pairsOf(c)
	w := s.out.wanted
	for i := range c.money {
		m := &c.money[i]
		if m.part != noPart || !w.money(m.kind) {
			continue
		}
		for k := s.first[m.row]; k >= 0 && int(k) < len(s.rows) && s.rows[k] == m.row; k++ {
			s.out.purses.add(s.in[k], m.kind, m.currency, m.amount)
		}
	}
	if s.out.flows == nil {
		return
	}
	for i := range c.parts {
		p := &c.parts[i]
		if p.kind != flowPart || p.counter != metric.FlowTriggers || p.n == 0 {
			continue
		}
		for k := s.first[p.row]; k >= 0 && int(k) < len(s.rows) && s.rows[k] == p.row; k++ {
			s.out.count(s.in[k], s.out.flows.add(s.group(s.in[k], first+metric.Day(c.days[p.row])), p.value, uint8(Flows)))
		}
	}
}

func (w *Wanted) money(kind moneyKind) bool {
	return kind == revenue && w.Revenue || kind == aiSales && w.AISales || kind == creditsUsed && w.Credits
}

// responses adds the first responses to their histograms. A row with one has its
// time alone.
func (s *scan) responses(c *chunk) {
	col := &c.counts[metric.FirstResponses]
	for k, r := range s.rows {
		if int(r) >= col.len() {
			return
		}
		if col.at(int(r)) != 1 {
			continue
		}
		h := s.out.responses[s.in[k]]
		if h == nil {
			h = new(metric.Histogram)
			s.out.responses[s.in[k]] = h
		}
		h.Add(c.counts[metric.FirstResponseMillis].at(int(r)), 1)
	}
}
