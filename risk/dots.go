package risk

import (
	"bytes"
	"slices"
)

// spelledMark is a dot, an at or a slash that is written as a word.
type spelledMark struct {
	word string
	mark byte
	// sure says that the word means the mark wherever it stands between two
	// names; others need a top-level domain behind them.
	sure bool
}

var spelledMarks = []spelledMark{
	{"at sign", '@', true},
	{"艾特", '@', true},
	{"圈a", '@', true},
	{"圈", '@', false},
	{"at", '@', false},
	{"a", '@', false}, // in brackets only
	{"dot", '.', true},
	{"d0t", '.', true},
	{"period", '.', false},
	{"point", '.', false},
	{"点儿", '.', false},
	{"点", '.', false},
	{"。", '.', false},
	{".", '.', false},
	{",", '.', false},
	{"slash", '/', true},
	{"/", '/', false},
	{"@", '@', true},
}

// maxMarks bounds how many spelled marks of a text are read.
const maxMarks = 64

// dots writes into v what src says when marks of addresses that are written as
// words are read as marks: joe at gmail dot com, lily（点）cn. It reports whether
// there are any.
func (v *view) dots(src *view) bool {
	v.reset()
	buf := src.buf
	done, marks := 0, 0
	for i := 0; i < len(buf) && marks < maxMarks; i++ {
		if i == 0 || !isWord(buf[i-1]) || isWord(buf[i]) {
			continue
		}
		mark, end := markAt(buf, i)
		if mark == 0 {
			continue
		}
		if mark == '@' {
			if notLocal(buf[done:i]) || !hostFollows(buf, end) {
				continue
			}
		}
		v.copyRaw(src, done, i)
		v.putFrom(src, mark, i, end)
		marks++
		done = end
		if mark == '@' && bytes.HasPrefix(buf[end:], []byte("g mail")) {
			v.copyRaw(src, end, end+1)
			done = end + 2
		}
		i = done - 1
	}
	if marks == 0 {
		return false
	}
	v.copyRaw(src, done, len(buf))
	digits := src.digits
	v.inherit(src)
	v.digits, v.hasAt, v.hasDot = digits, true, true
	return true
}

// markAt reads a spelled mark that begins at i, with what is around it.
func markAt(buf []byte, i int) (mark byte, end int) {
	j, blank := blanks(buf, i)
	var closing byte
	if j < len(buf) {
		switch buf[j] {
		case '(':
			closing = ')'
		case '[':
			closing = ']'
		case '{':
			closing = '}'
		case '<':
			closing = '>'
		}
	}
	han := bytes.HasPrefix(buf[j:], []byte("【"))
	if han {
		closing = '>'
		j += len("【") - 1
	}
	if closing != 0 {
		j, _ = blanks(buf, j+1)
	}
	for _, m := range spelledMarks {
		if !bytes.HasPrefix(buf[j:], []byte(m.word)) || m.word == "a" && closing == 0 {
			continue
		}
		k := j + len(m.word)
		if isWord(m.word[len(m.word)-1]) && k < len(buf) && isWord(buf[k]) || isWord(m.word[0]) && !blank && closing == 0 {
			continue
		}
		n, after := blanks(buf, k)
		if closing != 0 {
			switch {
			case n >= len(buf), !han && buf[n] != closing, han && !bytes.HasPrefix(buf[n:], []byte("】")):
				continue
			case han:
				n += len("】") - 1
			}
			n, after = blanks(buf, n+1)
		}
		if isWord(m.word[len(m.word)-1]) && !after && closing == 0 || n >= len(buf) || !isWord(buf[n]) {
			continue
		}
		switch {
		case len(m.word) == 1 && closing == 0 && (!blank || !after) && m.word != ",":
			continue // an ordinary mark, which other views read
		case m.mark == '.' && !m.sure && !domainFollows(buf, n):
			continue
		case m.word == "," && (blank || after):
			continue
		case m.word == "/" && !bytes.Contains(buf[max(0, i-20):i], []byte(".")) && !bytes.Contains(buf[max(0, i-20):i], []byte("dot")):
			continue
		}
		return m.mark, n
	}
	return 0, 0
}

// blanks returns where blanks, underscores and hyphens at i end.
func blanks(buf []byte, i int) (end int, any bool) {
	end = i
	for end < len(buf) && end-i < maxGap && (buf[end] == ' ' || buf[end] == '_' || buf[end] == '-') {
		end++
	}
	return end, end > i
}

// domainFollows reports whether a top-level domain stands at i.
func domainFollows(buf []byte, i int) bool {
	j := i
	for j < len(buf) && isLetter(buf[j]) {
		j++
	}
	return (j == len(buf) || !isWord(buf[j])) && topLevel[string(buf[i:j])] != 0
}

// hostFollows reports whether a host name stands at i whose dot may be spelled.
func hostFollows(buf []byte, i int) bool {
	if bytes.HasPrefix(buf[i:], []byte("g mail")) {
		i += len("g ")
	}
	for range 3 {
		j := i
		for j < len(buf) && (isWord(buf[j]) || buf[j] == '-' && j+1 < len(buf) && isLetter(buf[j+1]) && !bytes.HasPrefix(buf[j:], []byte("-dot"))) {
			j++
		}
		if j == i || j-i > maxLocal {
			return false
		}
		if j < len(buf) && buf[j] == '.' {
			return domainFollows(buf, j+1)
		}
		mark, end := markAt(buf, j)
		if mark != '.' {
			return false
		}
		if domainFollows(buf, end) {
			return true
		}
		i = end
	}
	return false
}

// notLocal reports whether a text ends with a word that stands before "at" where
// no address is meant: "look at", "us at".
func notLocal(b []byte) bool {
	k := len(b)
	for k > 0 && isWord(b[k-1]) {
		k--
	}
	if k > 0 && bytes.IndexByte([]byte("._-+"), b[k-1]) >= 0 {
		return false
	}
	_, found := slices.BinarySearch(placeWords, string(b[k:]))
	return found
}

// placeWords stand before "at" and the name of a place, sorted.
var placeWords = []string{
	"are", "available", "buy", "cheaper", "ends", "find", "from", "here", "in", "is", "it", "items", "look", "looking", "me", "on", "one", "online", "order", "pay", "prices", "sale", "shop", "shopping", "site", "store", "them", "there", "this", "us", "visit", "website", "with",
}
