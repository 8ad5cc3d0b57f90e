package cube

import (
	"encoding/binary"
	"slices"

	"github.com/floorlight/floorlight/hub/metric"
)

const (
	// mostCells bounds what a question may keep apart.
	mostCells = 1 << 20
	// mostDirect is up to how many combinations of values are looked up in an
	// array; 2^22 take 16 MB for the time of an answer.
	mostDirect = 1 << 22
)

// axis is one dimension of a question, with the names of its numbers. A day's
// number counts from the first of the range, in both ranges of a comparison.
type axis struct {
	by     metric.Dimension
	values []string
	index  map[string]uint32 // made when somebody asks for a value's number
}

func (a *axis) number(value string) uint32 {
	if a.index == nil {
		a.index = make(map[string]uint32, len(a.values))
		for i, v := range a.values {
			a.index[v] = uint32(i)
		}
	}
	n, ok := a.index[value]
	if !ok {
		n = uint32(len(a.values)) //nolint:gosec // as above.
		a.values = append(slices.Clip(a.values), value)
		a.index[value] = n
	}
	return n
}

// cells numbers the combinations of values that appear.
type cells struct {
	axes    []axis
	strides []uint64 // nil: the combinations do not fit into 64 bits
	direct  []uint32 // cell + 1 by combination, where they are few
	mapped  map[uint64]uint32
	packed  map[string]uint32
	keys    []uint32 // len(axes) numbers for each cell
	n       uint32
	full    bool // there would be more than mostCells
	scratch []byte
}

// seal fixes how many values each axis has, and with that how combinations are
// looked up.
func (c *cells) seal() {
	total := uint64(1)
	c.strides = make([]uint64, len(c.axes))
	for i := range c.axes {
		n := uint64(max(1, len(c.axes[i].values)))
		c.strides[i] = total
		if total > (1<<62)/n {
			c.strides = nil
			c.packed = map[string]uint32{}
			return
		}
		total *= n
	}
	if total <= mostDirect {
		c.direct = make([]uint32, total)
	} else {
		c.mapped = map[uint64]uint32{}
	}
}

// at is the cell of a combination that fits into 64 bits.
func (c *cells) at(key uint64) uint32 {
	if c.direct != nil {
		if n := c.direct[key]; n != 0 {
			return n - 1
		}
	} else if n, ok := c.mapped[key]; ok {
		return n
	}
	if c.n == mostCells {
		c.full = true
		return 0
	}
	n := c.n
	c.n++
	if c.direct != nil {
		c.direct[key] = n + 1
	} else {
		c.mapped[key] = n
	}
	for i := range c.axes {
		c.keys = append(c.keys, uint32(key/c.strides[i]%uint64(max(1, len(c.axes[i].values))))) //nolint:gosec // a number of an axis.
	}
	return n
}

// of is the cell of any combination.
func (c *cells) of(numbers []uint32) uint32 {
	if c.strides != nil {
		var key uint64
		for i, n := range numbers {
			key += uint64(n) * c.strides[i]
		}
		return c.at(key)
	}
	c.scratch = c.scratch[:0]
	for _, n := range numbers {
		c.scratch = binary.BigEndian.AppendUint32(c.scratch, n)
	}
	if n, ok := c.packed[string(c.scratch)]; ok {
		return n
	}
	if c.n == mostCells {
		c.full = true
		return 0
	}
	n := c.n
	c.n++
	c.packed[string(c.scratch)] = n
	c.keys = append(c.keys, numbers...)
	return n
}

// key is a cell's numbers.
func (c *cells) key(cell int) []uint32 {
	n := len(c.axes)
	return c.keys[cell*n : cell*n+n : cell*n+n]
}

// find is the cell of a combination, if there is one.
func (c *cells) find(numbers []uint32) (uint32, bool) {
	if c.strides == nil {
		c.scratch = c.scratch[:0]
		for _, n := range numbers {
			c.scratch = binary.BigEndian.AppendUint32(c.scratch, n)
		}
		n, ok := c.packed[string(c.scratch)]
		return n, ok
	}
	var key uint64
	for i, n := range numbers {
		key += uint64(n) * c.strides[i]
	}
	if c.direct != nil {
		n := c.direct[key]
		return n - 1, n != 0
	}
	n, ok := c.mapped[key]
	return n, ok
}
