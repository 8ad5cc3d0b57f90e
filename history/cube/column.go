package cube

import (
	"math"
	"slices"
)

// column holds one counter of a chunk's rows in the narrowest width that all its
// values fit into. It ends at the last row that is not 0: rows beyond are 0, and
// a counter that no row has costs nothing.
type column struct {
	narrow []int8
	middle []int32
	wide   []int64
}

func (c *column) len() int { return max(len(c.narrow), len(c.middle), len(c.wide)) }

func (c *column) at(i int) int64 {
	switch {
	case i < len(c.narrow):
		return int64(c.narrow[i])
	case i < len(c.middle):
		return int64(c.middle[i])
	case i < len(c.wide):
		return c.wide[i]
	}
	return 0
}

func (c *column) set(i int, v int64) {
	if v == 0 && i >= c.len() {
		return
	}
	switch {
	case c.wide != nil:
	case v < math.MinInt32 || v > math.MaxInt32:
		c.widen()
	case c.middle != nil:
	case v < math.MinInt8 || v > math.MaxInt8:
		c.middle = make([]int32, len(c.narrow), cap(c.narrow))
		for j, n := range c.narrow {
			c.middle[j] = int32(n)
		}
		c.narrow = nil
	}
	switch {
	case c.wide != nil:
		c.wide = put(c.wide, i, v)
	case c.middle != nil:
		c.middle = put(c.middle, i, int32(v)) //nolint:gosec // it was compared above.
	default:
		c.narrow = put(c.narrow, i, int8(v)) //nolint:gosec // it was compared above.
	}
}

func (c *column) widen() {
	wide := make([]int64, c.len(), max(cap(c.narrow), cap(c.middle), 1))
	for j := range wide {
		wide[j] = c.at(j)
	}
	*c = column{wide: wide}
}

func put[N int8 | int32 | int64](list []N, i int, v N) []N {
	for len(list) <= i {
		list = append(list, 0)
	}
	list[i] = v
	return list
}

// clone is a copy without spare room.
func (c *column) clone() column {
	return column{narrow: slices.Clone(c.narrow), middle: slices.Clone(c.middle), wide: slices.Clone(c.wide)}
}

func (c *column) bytes() int64 {
	return int64(cap(c.narrow) + 4*cap(c.middle) + 8*cap(c.wide))
}
