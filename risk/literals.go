package risk

import (
	"bytes"
	"slices"
)

// useKind is what a literal is for.
type useKind uint8

const (
	usePhrase  useKind = iota // index is the rule's
	usePattern                // index is the pattern's
	useCue                    // all detectors share it
	useTrigger                // index is a trigger; the engine itself asks
)

// use is what a literal is for, and for whom.
type use struct {
	kind  useKind
	cue   cueKind
	index int32
}

// literals finds the words of all rules in one pass (Aho and Corasick, 1975).
//
// States are numbered breadth first, so that the children of a state are
// neighbours and an edge needs one byte. The root and the states of depth one,
// where a text spends nearly all its time, have a full table; the others have a
// short row of edges and a link to their longest proper suffix.
type literals struct {
	words []string
	uses  [][]use // by word

	dense  [][256]int32 // full tables of the first len(dense) states
	first  []int32      // where a state's edges begin, and its children less one
	labels []byte       // the byte of every edge
	fail   []int32      // the state of the longest proper suffix
	word   []int32      // the word that ends in a state, or -1
	next   []int32      // the nearest suffix in which a word ends, or 0
}

// literalsBuilder collects words; the same word of several rules is one.
type literalsBuilder struct {
	ids   map[string]int
	words []string
	uses  [][]use
}

func (b *literalsBuilder) add(word string, u use) {
	if b.ids == nil {
		b.ids = map[string]int{}
	}
	id, ok := b.ids[word]
	if !ok {
		id = len(b.words)
		b.ids[word] = id
		b.words = append(b.words, word)
		b.uses = append(b.uses, nil)
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
	slices.SortFunc(order, func(x, y int) int { return bytes.Compare([]byte(b.words[x]), []byte(b.words[y])) })

	// Breadth first over prefixes: the queue is the list of states.
	states := []span{{0, len(order), 0}}
	for s := 0; s < len(states); s++ {
		p := states[s]
		l.first = append(l.first, int32(len(l.labels))) //nolint:gosec // a rule set has far fewer states
		l.word = append(l.word, -1)
		i := p.from
		if i < p.to && len(b.words[order[i]]) == p.depth && p.depth > 0 {
			l.word[s] = int32(order[i]) //nolint:gosec // as above
			i++
		}
		for i < p.to {
			c, j := b.words[order[i]][p.depth], i
			for j < p.to && b.words[order[j]][p.depth] == c {
				j++
			}
			l.labels = append(l.labels, c)
			states = append(states, span{i, j, p.depth + 1})
			i = j
		}
	}
	l.first = append(l.first, int32(len(l.labels))) //nolint:gosec // as above
	l.link(len(states))
	return l
}

// link writes fail and next in the order of the states, so that those of every
// shorter prefix are there, and the tables of the shallow states.
func (l *literals) link(n int) {
	l.fail, l.next = make([]int32, n), make([]int32, n)
	l.dense = make([][256]int32, 1, 1+l.first[1])
	for k, c := range l.labels[:l.first[1]] {
		l.dense[0][c] = int32(k) + 1
	}
	for range l.first[1] {
		l.dense = append(l.dense, l.dense[0])
	}
	for s := range n {
		for e := l.first[s]; e < l.first[s+1]; e++ {
			child, c := e+1, l.labels[e]
			if s > 0 {
				f := l.step(l.fail[s], c)
				l.fail[child] = f
				if l.word[f] >= 0 {
					l.next[child] = f
				} else {
					l.next[child] = l.next[f]
				}
			}
			if s < len(l.dense) {
				l.dense[s][c] = child
			}
		}
	}
}

// step is the state after byte c in state s.
func (l *literals) step(s int32, c byte) int32 {
	for {
		if int(s) < len(l.dense) {
			return l.dense[s][c]
		}
		a := l.first[s]
		for k, x := range l.labels[a:l.first[s+1]] {
			if x == c {
				return a + int32(k) + 1
			}
		}
		s = l.fail[s]
	}
}

// walk calls found for every word in buf with where it ends, exclusive: in order
// of their ends, and of those that end together the longest first.
func (l *literals) walk(buf []byte, found func(word int32, end int)) {
	if len(l.words) == 0 {
		return
	}
	s := int32(0)
	for i, c := range buf {
		s = l.step(s, c)
		if w := l.word[s]; w >= 0 {
			found(w, i+1)
		}
		for t := l.next[s]; t != 0; t = l.next[t] {
			found(l.word[t], i+1)
		}
	}
}
