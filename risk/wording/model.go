package wording

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"
)

const (
	// Columns is how many categories one model tells apart at most.
	Columns = 4
	// Unit is the weight of 1 in the whole numbers that are kept.
	Unit = 100
	// maxHits is how many features of a text count.
	maxHits = 16_000
	// Words is how many words are named at most that weighed most.
	Words = 3
)

// Model is a linear model for each of some categories. It is immutable and safe for
// concurrent use.
type Model struct {
	// Names are the categories', in the order of their columns.
	Names []string
	// Inputs is the fingerprint of what the model was trained with.
	Inputs string

	bias  [Columns]int32
	table []entry // open addressing, by the highest bits of the key
	shift int
	sieve *[1 << sieveBits / 64]uint64 // bits of the keys that there are
}

// entry is a feature, or a free place if its key is 0. rarity is in parts of Unit.
type entry struct {
	key     uint32
	rarity  int16
	weights [Columns]int16
}

// maxWeight is the largest weight, and maxRarity the largest rarity.
const (
	maxWeight = 3_000
	maxRarity = 3_000
)

// What a feature is made of goes into its hash.
const (
	mixTwo   = 0x9e3779b1
	mixThree = 0xc2b2ae3d
)

func two(a, b uint32) uint32 { return finish(bits.RotateLeft32(a*mixTwo, 13) ^ b) }

func three(a, b, c uint32) uint32 {
	return finish(bits.RotateLeft32((bits.RotateLeft32(a*mixThree, 7)^b)*mixTwo, 13) ^ c)
}

// finish spreads what a hash says over all its bits. 0 is no key.
func finish(h uint32) uint32 {
	h ^= h >> 15
	h *= 0x2c1b3c6d
	h ^= h >> 12
	h *= 0x297a2d39
	h ^= h >> 15
	return max(h, 1)
}

// Parse reads a model as Write writes it.
func Parse(text string) (*Model, error) {
	m := new(Model)
	seen := map[uint32]string{}
	var features []entry
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || strings.HasPrefix(line, "# ") {
			continue
		}
		fields := strings.Split(line, "\t")
		if fields[0] == "(inputs)" && len(fields) == 2 {
			m.Inputs = fields[1]
			continue
		}
		if fields[0] == "(category)" {
			m.Names = fields[min(2, len(fields)):]
			continue
		}
		if len(m.Names) == 0 || len(m.Names) > Columns || len(fields) != len(m.Names)+2 {
			return nil, fmt.Errorf("%q has not a weight for each category", line)
		}
		var r [1 + Columns]int16
		for c, f := range fields[1:] {
			n, err := strconv.ParseInt(f, 10, 16)
			if err != nil {
				return nil, fmt.Errorf("%q: %w", line, err)
			}
			r[c] = int16(n)
		}
		if fields[0] == "(bias)" {
			for c, w := range r[1:] {
				m.bias[c] = int32(w)
			}
			continue
		}
		h, err := hashOf(fields[0])
		if err != nil {
			return nil, fmt.Errorf("%q: %w", line, err)
		}
		if other, ok := seen[h]; ok {
			return nil, fmt.Errorf("%q and %q cannot be told apart", other, fields[0])
		}
		seen[h] = fields[0]
		if r[0] <= 0 || r[0] > maxRarity {
			return nil, fmt.Errorf("%q: the rarity is none or beyond %d", line, maxRarity)
		}
		for _, w := range r[1:] {
			if w > maxWeight || w < -maxWeight {
				return nil, fmt.Errorf("%q: a weight is beyond %d", line, maxWeight)
			}
		}
		features = append(features, entry{h, r[0], [Columns]int16(r[1:])})
	}
	if len(features) == 0 || len(features) > maxFeatures {
		return nil, errors.New("has no features or too many")
	}
	m.index(features)
	return m, nil
}

// maxFeatures is how many features a model has at most, for which places are counted
// in 16 bits.
const maxFeatures = 100_000

// sieveBits is how many bits of a hash the sieve asks. It is small enough to stay
// in the nearest cache, where most features end that have no weight.
const sieveBits = 18

// index makes the table of the features.
func (m *Model) index(features []entry) {
	size := bits.Len(uint(len(features) * 3 / 2))
	m.shift = 32 - size
	m.table = make([]entry, 1<<size)
	m.sieve = new([1 << sieveBits / 64]uint64)
	for _, f := range features {
		at := f.key >> m.shift
		for m.table[at].key != 0 {
			at = (at + 1) & uint32(len(m.table)-1) //nolint:gosec // at most 1<<16
		}
		m.table[at] = f
		m.sieve[f.key>>(32-sieveBits)/64] |= 1 << (f.key >> (32 - sieveBits) % 64)
	}
}

// find is the place of a feature that the sieve lets through, or -1.
func (m *Model) find(h uint32) int {
	for at := h >> m.shift; ; at = (at + 1) & uint32(len(m.table)-1) { //nolint:gosec // as above
		switch m.table[at].key {
		case h:
			return int(at)
		case 0:
			return -1
		}
	}
}

// hashOf is the hash of a feature by its name, as nameOf writes it.
func hashOf(name string) (uint32, error) {
	ts := tokens([]byte(strings.ReplaceAll(name, "#", "0")), nil)
	switch len(ts) {
	case 1:
		return finish(ts[0].hash), nil
	case 2:
		return two(ts[0].hash, ts[1].hash), nil
	case 3:
		return three(ts[0].hash, ts[1].hash, ts[2].hash), nil
	}
	return 0, errors.New("is no feature")
}

// nameOf is how a feature from the token at from to that at to is written: its words,
// with # for a number.
func nameOf(buf []byte, ts []token, from, to int) string {
	var b strings.Builder
	for k := from; k <= to; k++ {
		t := &ts[k]
		if k > from && (!t.han || !ts[k-1].han) {
			b.WriteString(" ")
		}
		if t.hash == anyNumber {
			b.WriteString("#")
			continue
		}
		for _, r := range string(buf[t.start:t.end]) {
			if r != '\'' && r != '’' {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

// Span is a part of a text.
type Span struct{ Start, End int }

// Found is what a text has of a category.
type Found struct {
	// Score is the category's of the window that has most of it.
	Score int
	// Span is from the first to the last of the features that weighed most in that
	// window, and Words are the N heaviest of those.
	Span  Span
	Words [Words]Span
	N     int
}

// hit is a feature of a text that has weights.
type hit struct {
	place    uint32 // in the table
	from, to uint16 // tokens
	sentence int32
}

// Reader scores texts, one at a time. The zero Reader is ready.
type Reader struct {
	tokens []token
	hits   []hit
	// ends and firsts are of each sentence: the places behind its last token and of its
	// first hit.
	ends, firsts []int32
	scored       int            // nothing, windows, bounds or everything
	most         [Columns]reach // from bounds on
	seen         []uint32       // by place: in which window it was counted last
	window       uint32
	model        *Model
	best         [Columns]best
}

// reach is what a text has that speaks for a category: the squares of its weights and of
// its rarities.
type reach struct{ weights, rarities int }

// What of a text has been scored.
const (
	nothing = iota
	windows
	bounds
	everything
)

// best is the window that has most of a category: of the hits [from,to).
type best struct {
	score    int32
	from, to int32
}

// Read reads a normalised text. The buffer must not change before its scores and
// spans were asked for.
func (r *Reader) Read(m *Model, buf []byte) {
	r.tokens, r.hits, r.model, r.scored = tokens(buf, r.tokens[:0]), r.hits[:0], m, nothing
	ts := r.tokens
	for k := range ts {
		t := &ts[k]
		r.look(m, finish(t.hash), k, k)
		if k == 0 || ts[k-1].sentence != t.sentence {
			continue
		}
		r.look(m, two(ts[k-1].hash, t.hash), k-1, k)
		if t.han && k > 1 && ts[k-1].han && ts[k-2].han && ts[k-2].sentence == t.sentence {
			r.look(m, three(ts[k-2].hash, ts[k-1].hash, t.hash), k-2, k)
		}
	}
}

// Reaches reports whether a category's score of the text is at least least.
func (r *Reader) Reaches(column, least int) bool {
	r.whole()
	if int(r.best[column].score) >= least {
		return true
	}
	return r.partsCan(column, least) && r.Score(column) >= least
}

// Score is a category's score of the text: that of the window that has most of it.
func (r *Reader) Score(column int) int {
	r.whole()
	r.parts()
	return int(r.best[column].score)
}

// Speaks reports whether something within [start,end) of the text speaks for a category.
func (r *Reader) Speaks(column, start, end int) bool {
	return slices.ContainsFunc(r.hits, func(h hit) bool {
		return r.model.table[h.place].weights[column] > 0 && int(r.tokens[h.from].start) >= start && int(r.tokens[h.to].end) <= end
	})
}

// look notes a feature of the tokens [from,to] if it has weights.
func (r *Reader) look(m *Model, h uint32, from, to int) {
	if m.sieve[h>>(32-sieveBits)/64]&(1<<(h>>(32-sieveBits)%64)) == 0 {
		return
	}
	if place := m.find(h); place >= 0 && len(r.hits) < maxHits {
		r.hits = append(r.hits, hit{uint32(place), uint16(from), uint16(to), r.tokens[to].sentence}) //nolint:gosec // all are bounded
	}
}

// whole scores each window.
func (r *Reader) whole() {
	if r.scored != nothing {
		return
	}
	r.scored = windows
	if len(r.seen) < len(r.model.table) {
		r.seen = make([]uint32, len(r.model.table))
		r.window = 0
	}
	r.sentences()
	for c, bias := range r.model.bias {
		if r.best[c] = (best{score: math.MinInt32}); len(r.ends) == 0 {
			r.best[c].score = bias
		}
	}
	eachWindow(r.ends, func(from, to int) { r.score(from, to, 0) })
}

// parts scores each sentence and two of a window by themselves.
func (r *Reader) parts() {
	if r.scored == everything {
		return
	}
	r.scored = everything
	eachWindow(r.ends, func(from, to int) {
		for k := from; k < to && to > from+1; k++ {
			r.score(k, k+1, alone)
			if k+2 <= to && to > from+2 {
				r.score(k, k+2, alone)
			}
		}
	})
}

// partsCan reports whether a part of the text may reach a score: the sum of products is at
// most the product of the roots of the sums of squares, and a window's is divided by one
// of those with the smoothing in it.
func (r *Reader) partsCan(column, least int) bool {
	if len(r.ends) < 2 {
		return false
	}
	if r.scored < bounds {
		r.scored = bounds
		r.most = [Columns]reach{}
		for _, h := range r.hits {
			e := &r.model.table[h.place]
			square := int(e.rarity) * int(e.rarity)
			for c, w := range e.weights {
				if w > 0 {
					r.most[c].weights += int(w) * int(w)
					r.most[c].rarities += square
				}
			}
		}
	}
	most, above := &r.most[column], float64(least+alone-int(r.model.bias[column]))
	return above <= 0 || float64(most.weights)*float64(most.rarities) >= above*above*(float64(most.rarities)+smoothing*Unit*Unit)*(1-1e-9)
}

// sentences finds where each sentence ends.
func (r *Reader) sentences() {
	r.ends, r.firsts = r.ends[:0], append(r.firsts[:0], 0)
	hits := 0
	for k := range r.tokens {
		sentence := r.tokens[k].sentence
		if k+1 < len(r.tokens) && r.tokens[k+1].sentence == sentence {
			continue
		}
		for hits < len(r.hits) && r.hits[hits].sentence == sentence {
			hits++
		}
		r.ends, r.firsts = append(r.ends, int32(k+1)), append(r.firsts, int32(hits))
	}
}

// score scores the sentences [from,to) together, less than others by less.
func (r *Reader) score(from, to int, less int32) {
	if r.window++; r.window == 0 { // it has gone round
		clear(r.seen)
		r.window = 1
	}
	var sum [Columns]int
	squares := smoothing * Unit * Unit
	begin, end := r.firsts[from], r.firsts[to]
	for _, h := range r.hits[begin:end] {
		if r.seen[h.place] == r.window {
			continue
		}
		r.seen[h.place] = r.window
		e := &r.model.table[h.place]
		rarity := int(e.rarity)
		squares += rarity * rarity
		for c, w := range e.weights {
			sum[c] += int(w) * rarity
		}
	}
	length := math.Sqrt(float64(squares))
	for c, bias := range r.model.bias {
		score := bias + int32(float64(sum[c])/length) - less
		if score > r.best[c].score {
			r.best[c] = best{score, begin, end}
		}
	}
}

// Found is what the text has of a category.
func (r *Reader) Found(column int) Found {
	f := Found{Score: r.Score(column)}
	b := r.best[column]
	window := r.hits[b.from:b.to]
	weight := func(h hit) int {
		e := &r.model.table[h.place]
		return int(e.weights[column]) * int(e.rarity)
	}
	order := make([]hit, 0, len(window))
	for _, h := range window {
		if weight(h) > 0 {
			order = append(order, h)
		}
	}
	slices.SortStableFunc(order, func(x, y hit) int { return weight(y) - weight(x) })
	// What weighed most is what makes up half of all that speaks for the category.
	total, sum := 0, 0
	for _, h := range order {
		total += weight(h)
	}
	from, to := -1, -1
	for _, h := range order {
		if sum*2 >= total {
			break
		}
		sum += weight(h)
		if from < 0 {
			from, to = int(h.from), int(h.to)
		}
		from, to = min(from, int(h.from)), max(to, int(h.to))
		at := Span{int(r.tokens[h.from].start), int(r.tokens[h.to].end)}
		if f.N < Words && !slices.ContainsFunc(f.Words[:f.N], func(w Span) bool { return w.Start < at.End && at.Start < w.End }) {
			f.Words[f.N] = at
			f.N++
		}
	}
	if from >= 0 {
		f.Span = Span{int(r.tokens[from].start), int(r.tokens[to].end)}
	}
	return f
}
