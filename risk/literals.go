package risk

import (
	ahocorasick "github.com/BobuSumisu/aho-corasick"
)

// use is one rule's interest in a literal.
type use struct {
	rule int32
	// strict and kind are the messenger detector's: how sure the cue is.
	cue cueKind
}

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
	b.uses[id] = append(b.uses[id], u)
}

func (b *literalsBuilder) build() literals {
	if len(b.words) == 0 {
		return literals{}
	}
	return literals{trie: ahocorasick.NewTrieBuilder().AddStrings(b.words).Build(), uses: b.uses}
}
