package risk

import (
	"bytes"
	"slices"
	"sync"
	"unicode/utf8"
)

// besideKind is what stands between a host's name and a name.
type besideKind uint16

const (
	besideNamed   besideKind = 1 << iota // a word that calls it a name
	besideNaming                         // a word that says that it follows
	besideSign                           // the sign of addresses
	besidePointed                        // a colon, an arrow
	besideWord                           // another word
	besideHan                            // a Chinese word
	besideMark                           // a sign that is no letter
)

// besideTable are the words that may stand between, by their first bytes and by their last,
// the longest first.
type besideTable struct{ first, last [256][]besideEntry }

type besideEntry struct {
	word string
	kind besideKind
}

// besideList are words of one kind.
type besideList struct {
	kind  besideKind
	words []string
}

var besideWords = sync.OnceValue(func() *besideTable {
	return besideTableOf(
		besideList{besideSign, phrases("mailbox", "sign")},
		besideList{besideSign, []string{"在", "圈"}},
		besideList{besideNamed, phrases("mailbox", "named")},
		besideList{besideNaming, phrases("mailbox", "naming")},
		besideList{0, phrases("mailbox", "between")},
		besideList{0, phrases("mailbox", "provider")},
		besideList{0, phrases("mailbox", "host")},
	)
})

// besideTableOf is the table of lists; a word that stands in two is of the first.
func besideTableOf(lists ...besideList) *besideTable {
	var all []besideEntry
	for _, l := range lists {
		for _, w := range l.words {
			k := l.kind | besideWord
			if w[0] >= utf8.RuneSelf || w[len(w)-1] >= utf8.RuneSelf {
				k = l.kind | besideHan
			}
			all = append(all, besideEntry{w, k})
		}
	}
	slices.SortStableFunc(all, func(a, b besideEntry) int { return len(b.word) - len(a.word) })
	t := new(besideTable)
	for _, e := range all {
		f, l := e.word[0], e.word[len(e.word)-1]
		t.first[f] = append(t.first[f], e)
		t.last[l] = append(t.last[l], e)
	}
	return t
}

// after is how long the word at i is, and what it says.
func (t *besideTable) after(buf []byte, i int) (n int, kind besideKind) {
	for _, e := range t.first[buf[i]] {
		if bytes.HasPrefix(buf[i:], []byte(e.word)) && wholeWord(buf, i, i+len(e.word)) && !inName(buf, i, i+len(e.word)) {
			return len(e.word), e.kind
		}
	}
	return 0, 0
}

// before is the same of the word that ends at i.
func (t *besideTable) before(buf []byte, i int) (n int, kind besideKind) {
	for _, e := range t.last[buf[i-1]] {
		if k := i - len(e.word); bytes.HasSuffix(buf[:i], []byte(e.word)) && wholeWord(buf, k, i) && !inName(buf, k, i) {
			return len(e.word), e.kind
		}
	}
	return 0, 0
}

// inName reports whether [a,b) is joined to more letters by a mark that names have.
func inName(buf []byte, a, b int) bool {
	return isWord(buf[b-1]) && b+1 < len(buf) && bytes.IndexByte(nameMarks, buf[b]) >= 0 && (isWord(buf[b+1]) || buf[b+1] == '_') ||
		isWord(buf[a]) && a > 1 && bytes.IndexByte(nameMarks, buf[a-1]) >= 0 && (isWord(buf[a-2]) || buf[a-2] == '_')
}
