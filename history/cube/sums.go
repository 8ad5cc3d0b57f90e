package cube

import (
	"math"

	"github.com/floorlight/floorlight/hub/metric"
)

// sums is what is summed for every cell of one range and one side.
type sums struct {
	wanted    *Wanted
	counts    [metric.NumCounters][]int64
	careful   [metric.NumCounters]bool // a wide column was added: further ones may pass 63 bits
	distinct  [numDistinct][]int64
	purses    purses
	money     [moneyKinds]map[uint32]metric.Money // made of purses at the end
	responses []*metric.Histogram                 // by cell; it may end early
	customers *set
	agents    *set
	flows     *set
	overflow  bool
}

func newSums(w *Wanted) *sums {
	s := &sums{wanted: w, purses: newPurses()}
	if w.Distinct&ofCustomers != 0 {
		s.customers = newSet()
	}
	if w.Distinct&Affected != 0 {
		s.agents = newSet()
	}
	if w.Distinct&Flows != 0 {
		s.flows = newSet()
	}
	return s
}

// room makes every list as long as there are cells.
func (s *sums) room(n int) {
	for _, c := range s.wanted.Counters {
		s.counts[c] = lengthen(s.counts[c], n)
	}
	for i := range s.distinct {
		if s.wanted.Distinct&(1<<i) != 0 {
			s.distinct[i] = lengthen(s.distinct[i], n)
		}
	}
	if s.wanted.Responses {
		s.responses = append(s.responses, make([]*metric.Histogram, max(0, n-len(s.responses)))...)
	}
}

func lengthen(list []int64, n int) []int64 {
	if len(list) >= n {
		return list
	}
	if cap(list) >= n {
		return list[:n] // never written so far
	}
	longer := make([]int64, n, n+n/2+64)
	copy(longer, list)
	return longer
}

// column adds a column's values of some rows to their cells.
func (s *sums) column(counter metric.Counter, col *column, rows []uint16, cells []uint32) {
	sum := s.counts[counter]
	switch {
	case col.wide != nil:
		s.careful[counter] = true
		s.overflow = !addCarefully(col.wide, rows, cells, sum) || s.overflow
	case s.careful[counter]:
		s.overflow = !addCarefully(col.middle, rows, cells, sum) || !addCarefully(col.narrow, rows, cells, sum) || s.overflow
	default:
		addAll(col.narrow, rows, cells, sum)
		addAll(col.middle, rows, cells, sum)
	}
}

// addAll adds values of at most 32 bits: 2^31 rows cannot pass 63 bits. rows ascend.
func addAll[N int8 | int32](col []N, rows []uint16, cells []uint32, sum []int64) {
	for k, r := range rows {
		if int(r) >= len(col) {
			return
		}
		sum[cells[k]] += int64(col[r])
	}
}

func addCarefully[N int8 | int32 | int64](col []N, rows []uint16, cells []uint32, sum []int64) bool {
	whole := true
	for k, r := range rows {
		if int(r) >= len(col) {
			break
		}
		whole = plus(&sum[cells[k]], int64(col[r])) && whole
	}
	return whole
}

// plus adds if 63 bits hold the sum.
func plus(sum *int64, n int64) bool {
	if n > 0 && *sum > math.MaxInt64-n || n < 0 && *sum < math.MinInt64-n {
		return false
	}
	*sum += n
	return true
}

// count adds one to what is distinct in a cell, for each fresh mark.
func (s *sums) count(cell uint32, fresh uint8) {
	for i := range numDistinct {
		if fresh&(1<<i) != 0 {
			s.distinct[i][cell]++
		}
	}
}

// fill puts a cell's sums where metrics are evaluated over.
func (s *sums) fill(cell int, to *metric.Sums) {
	for _, c := range s.wanted.Counters {
		to.Counts[c] = at(s.counts[c], cell)
	}
	for i, to := range [numDistinct]*int64{
		&to.Customers, &to.ConsultingCustomers, &to.ConvertedCustomers, &to.FriendCustomers,
		&to.ServedCustomers, &to.UpgradedCustomers, &to.AffectedAgents, &to.FlowsTriggered,
	} {
		*to = at(s.distinct[i], cell)
	}
	key := uint32(cell) //nolint:gosec // below mostCells.
	to.Revenue, to.AISales, to.CreditsUsed = s.money[revenue][key], s.money[aiSales][key], s.money[creditsUsed][key]
	to.FirstResponses = metric.Histogram{}
	if cell < len(s.responses) && s.responses[cell] != nil {
		to.FirstResponses = *s.responses[cell]
	}
}

func at(list []int64, i int) int64 {
	if i >= len(list) {
		return 0
	}
	return list[i]
}
