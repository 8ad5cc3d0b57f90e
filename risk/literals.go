package risk

import (
	"slices"

	ahocorasick "github.com/BobuSumisu/aho-corasick"
)

// use is what a literal is for: a rule's phrase or a word of its pattern, or a
// cue, which all detectors share and which belongs to no rule.
type use struct {
	rule int32
	cue  cueKind
}

// noRule is the rule of a cue.
const noRule = -1

// literals finds the words of all rules in one pass.
type literals struct {
	trie *ahocorasick.Trie
	uses [][]use // by pattern number of the trie
}

// literalsBuilder collects words; the same word of several rules is one pattern.
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

func (b *literalsBuilder) build() literals {
	if len(b.words) == 0 {
		return literals{}
	}
	return literals{trie: ahocorasick.NewTrieBuilder().AddStrings(b.words).Build(), uses: b.uses}
}
