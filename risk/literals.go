package risk

import (
	"bytes"
	"slices"
	"strings"
)

// useKind is what a literal is for.
type useKind uint8

const (
	usePhrase  useKind = iota // index is the rule's
	usePattern                // index is the pattern's
	useCue                    // all detectors share it
	useTrigger                // index is a trigger; the engine itself asks
	useSense                  // index is a sense's
)

// use is what a literal is for, and for whom.
type use struct {
	kind useKind
	cue  cueKind
	// startsWord and endsWord are those of a pattern's literal.
	startsWord, endsWord bool
	index                int32
}

// literals finds the words of all rules in one pass (Aho and Corasick, 1975).
//
// States are numbered breadth first, so that the children of a state are
// neighbours and an edge needs one byte. States with many children, where a text
// spends nearly all its time, have a full table; the others have a short row of
// edges and a link to their longest proper suffix. What a step needs of a state
// stands together, as each is a cache line that has to be fetched.
type literals struct {
	words []string
	uses  [][]use // by word

	dense  [][256]int32
	states []state // and one behind the last
	labels []byte  // the byte of every edge
}

// state is a prefix of words.
type state struct {
	first int32 // where its edges begin, and its children less one
	fail  int32 // the state of the longest proper suffix
	word  int32 // the word that ends here, or -1
	next  int32 // the nearest suffix in which a word ends, or 0
	hit   int32 // the same, or the state itself where a word ends in it
	table int32 // its full table, or -1
}

// manyChildren is how many children a state has that gets a full table.
const manyChildren = 6

// literalsBuilder collects words; the same word of several rules is one.
type literalsBuilder struct {
	ids   map[string]int
	words []string
	uses  [][]use
	first []use // room for the first uses of words, of which most have one
}

func (b *literalsBuilder) add(word string, u use) {
	if b.ids == nil {
		b.ids = make(map[string]int, 1<<14)
	}
	id, ok := b.ids[word]
	if !ok {
		id = len(b.words)
		b.ids[word] = id
		b.words = append(b.words, word)
		if len(b.first) == 0 {
			b.first = make([]use, 1<<10)
		}
		b.first[0] = u
		b.uses = append(b.uses, b.first[:1:1])
		b.first = b.first[1:]
		return
	}
	if !slices.Contains(b.uses[id], u) {
		b.uses[id] = append(b.uses[id], u)
	}
}

// span is a range of the sorted words that share a state's prefix.
type span struct{ from, to, depth int }

func (b *literalsBuilder) build() literals {
	l := literals{words: b.words, uses: b.uses}
	if len(b.words) == 0 {
		return l
	}
	order := make([]int, len(b.words))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(x, y int) int { return strings.Compare(b.words[x], b.words[y]) })

	// Every byte of a word that it does not share with the one before it is a
	// state of its own.
	n, before := 1, ""
	for _, i := range order {
		n += len(b.words[i]) - shared(before, b.words[i])
		before = b.words[i]
	}
	l.states, l.labels = make([]state, 0, n+1), make([]byte, 0, n)
	// Breadth first over prefixes: the queue is the list of states.
	spans := append(make([]span, 0, n), span{0, len(order), 0})
	for s := 0; s < len(spans); s++ {
		p := spans[s]
		l.states = append(l.states, state{first: int32(len(l.labels)), word: -1, table: -1}) //nolint:gosec // a rule set has far fewer states
		i := p.from
		if i < p.to && len(b.words[order[i]]) == p.depth && p.depth > 0 {
			l.states[s].word = int32(order[i]) //nolint:gosec // as above
			i++
		}
		for i < p.to {
			c, j := b.words[order[i]][p.depth], i
			for j < p.to && b.words[order[j]][p.depth] == c {
				j++
			}
			l.labels = append(l.labels, c)
			spans = append(spans, span{i, j, p.depth + 1})
			i = j
		}
	}
	l.states = append(l.states, state{first: int32(len(l.labels)), word: -1, table: -1}) //nolint:gosec // as above
	l.link(len(spans))
	l.encode()
	return l
}

// shared is how many bytes a and b begin with alike.
func shared(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

// link writes fail and next in the order of the states, so that those of every
// shorter prefix are there, and the full tables.
func (l *literals) link(n int) {
	full := 1
	for s := range n {
		if l.states[s+1].first-l.states[s].first >= manyChildren {
			full++
		}
	}
	l.dense = make([][256]int32, 0, full)
	for s := range n {
		p := &l.states[s]
		if p.hit = p.next; p.word >= 0 {
			p.hit = int32(s)
		}
		edges := l.labels[p.first:l.states[s+1].first]
		for k, c := range edges {
			child := &l.states[p.first+int32(k)+1]
			if s == 0 {
				continue
			}
			child.fail = l.step(p.fail, c)
			if f := &l.states[child.fail]; f.word >= 0 {
				child.next = child.fail
			} else {
				child.next = f.next
			}
		}
		if s > 0 && len(edges) < manyChildren {
			continue
		}
		at := len(l.dense)
		l.dense = l.dense[:at+1]
		table := &l.dense[at]
		if s > 0 {
			l.whole(p.fail, table)
		}
		for k, c := range edges {
			table[c] = p.first + int32(k) + 1
		}
		p.table = int32(at) //nolint:gosec // as above
	}
}

// whole writes the state after every byte in state s, before the tables are encoded.
func (l *literals) whole(s int32, table *[256]int32) {
	p := &l.states[s]
	if p.table >= 0 {
		*table = l.dense[p.table]
		return
	}
	l.whole(p.fail, table)
	for k, c := range l.labels[p.first:l.states[s+1].first] {
		table[c] = p.first + int32(k) + 1
	}
}

// step is the state after byte c in state s, before the tables are encoded.
func (l *literals) step(s int32, c byte) int32 {
	for {
		p := &l.states[s]
		if p.table >= 0 {
			return l.dense[p.table][c]
		}
		for k, x := range l.labels[p.first:l.states[s+1].first] {
			if x == c {
				return p.first + int32(k) + 1
			}
		}
		s = p.fail
	}
}

// encode rewrites the tables for walk: an entry that is not negative is the table
// of the state, in which no word ends; others are the state's complement.
func (l *literals) encode() {
	for t := range l.dense {
		for c, s := range &l.dense[t] {
			if p := &l.states[s]; p.table >= 0 && p.hit == 0 {
				l.dense[t][c] = p.table
			} else {
				l.dense[t][c] = ^s
			}
		}
	}
}

// walk calls found for every word in buf with where it ends, exclusive: in order
// of their ends, and of those that end together the longest first. It stops when
// found returns false.
func (l *literals) walk(buf []byte, found func(word int32, end int) bool) {
	if len(l.words) == 0 {
		return
	}
	at := int32(0) // as in a table
	for i, c := range buf {
		if at >= 0 {
			at = l.dense[at][c]
		} else {
			at = l.after(^at, c)
		}
		if at >= 0 {
			continue
		}
		p := &l.states[^at]
		for hit := p.hit; hit != 0; hit = l.states[hit].next {
			if !found(l.states[hit].word, i+1) {
				return
			}
		}
		if p.table >= 0 {
			at = p.table
		}
	}
}

// holdsPrefix reports whether a word begins with b, or is b.
func (l *literals) holdsPrefix(b []byte) bool {
	at := int32(0)
	for _, c := range b {
		p := &l.states[at]
		k := bytes.IndexByte(l.labels[p.first:l.states[at+1].first], c)
		if k < 0 {
			return false
		}
		at = p.first + int32(k) + 1 //nolint:gosec // a state has at most 256 edges
	}
	return true
}

// after is what comes after byte c in state s, which has no table, as in a table.
func (l *literals) after(s int32, c byte) int32 {
	for {
		p := &l.states[s]
		if p.table >= 0 {
			return l.dense[p.table][c]
		}
		for k, x := range l.labels[p.first:l.states[s+1].first] {
			if x == c {
				return ^(p.first + int32(k) + 1)
			}
		}
		s = p.fail
	}
}

// byFirst are the items by the first byte of their words, in their order: where a
// list is asked at every place of a text, most places end there.
func byFirst[T any](items []T, word func(T) string) (by [256][]T) {
	for _, item := range items {
		c := word(item)[0]
		by[c] = append(by[c], item)
	}
	return by
}
