package risk

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// cutHost is how long the first part is of a name of a mail host at i that is
// written in two words; 0 if there is none.
func cutHost(buf []byte, i int) int {
	for _, host := range []string{"g mail", "google mail", "hot mail", "out look", "i cloud"} {
		if bytes.HasPrefix(buf[i:], []byte(host)) {
			return strings.IndexByte(host, ' ')
		}
	}
	return 0
}

// mailHostAt reports whether the name of a mail host stands at i.
func mailHostAt(buf []byte, i int) bool {
	for _, host := range mailHosts {
		if bytes.HasPrefix(buf[i:], []byte(host)) && (i+len(host) == len(buf) || !isWord(buf[i+len(host)])) {
			return true
		}
	}
	return false
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
	for i := 1; i < len(buf) && marks < maxMarks; i++ {
		var mark byte
		var end int
		switch {
		case !utf8.RuneStart(buf[i]):
			continue
		case !isWord(buf[i-1]) && i != done:
			continue
		case isWord(buf[i]):
			mark, end = gluedMark(buf, i)
		default:
			mark, end = markAt(buf, i)
		}
		if mark == 0 || mark == '@' && (bytes.Contains(buf[i:end], []byte("at")) && notLocal(buf[done:i]) || !hostFollows(buf, end)) {
			continue
		}
		v.copyRaw(src, done, i)
		v.putFrom(src, mark, i, end)
		marks++
		done = end
		if k := cutHost(buf, end); mark == '@' && k > 0 {
			v.copyRaw(src, end, end+k)
			done = end + k + 1
		}
		if domain, after := domainAt(buf, done); mark == '.' && after > 0 && domain != string(buf[done:after]) {
			for k := range len(domain) {
				v.putFrom(src, domain[k], done, after)
			}
			done = after
		}
		i = done - 1
	}
	if marks == 0 {
		return false
	}
	return v.addressed(src, done)
}

// addressed takes over the rest of src, from done on, into a view in which marks
// of addresses were written. It reports whether that made a host: an @ before an
// hour makes none.
func (v *view) addressed(src *view, done int) bool {
	v.copyRaw(src, done, len(src.buf))
	digits := src.digits
	v.inherit(src)
	v.digits, v.hasAt, v.hasDot = digits, true, true
	return holdsHost(v.buf)
}

// gluedMark reads a mark inside a word: sinadotcom, 8055atsina.
func gluedMark(buf []byte, i int) (mark byte, end int) {
	switch {
	case buf[i] == 'd' && bytes.HasPrefix(buf[i:], []byte("dot")) && i > 2 && isWord(buf[i-2]):
		if n := i + len("dot"); domainFollows(buf, n) {
			return '.', n
		}
	case buf[i] == 'a' && isDigit(buf[i-1]) && bytes.HasPrefix(buf[i:], []byte("at")):
		n := i + len("at")
		for _, host := range mailHosts {
			if bytes.HasPrefix(buf[n:], []byte(host)) {
				return '@', n
			}
		}
	}
	return 0, 0
}

// markAt reads a spelled mark that begins at i, with what is around it.
func markAt(buf []byte, i int) (mark byte, end int) {
	if n := i + 1; n < len(buf) && (buf[i] == '.' || buf[i] == '@') {
		// An ordinary mark before what is written in another way.
		if domain, after := domainAt(buf, n); buf[i] == '.' && after > 0 && domain != string(buf[n:after]) || buf[i] == '@' && cutHost(buf, n) > 0 {
			return buf[i], n
		}
		if buf[i] == '.' && n < len(buf) && buf[n] == ' ' && follows(buf[n:], sureDomains) {
			return '.', n + 1
		}
	}
	if mark, end = spelledMarkAt(buf, i, blanks, false); mark == 0 {
		mark, end = spelledMarkAt(buf, i, decoration, true)
	}
	return mark, end
}

// spelledMarkAt reads a mark with what skip skips around it; words says that it is
// one of several letters.
func spelledMarkAt(buf []byte, i int, skip func([]byte, int) (int, bool), words bool) (mark byte, end int) {
	j, blank := skip(buf, i)
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
		j, _ = skip(buf, j+1)
	}
	if j < len(buf) && buf[j] >= utf8.RuneSelf && !commonHan(buf[j]) && !words {
		// Any sign can stand for a dot.
		if r, n := utf8.DecodeRune(buf[j:]); isDotSign(r) {
			if k, _ := skip(buf, j+n); domainFollows(buf, k) {
				return '.', k
			}
		}
	}
	if j == len(buf) {
		return 0, 0
	}
	for _, m := range spelledMarks[buf[j]] {
		if !bytes.HasPrefix(buf[j:], []byte(m.word)) || words && len(m.word) == 1 {
			continue
		}
		k := j + len(m.word)
		if isWord(m.word[len(m.word)-1]) && m.word[0] < utf8.RuneSelf && k < len(buf) && isWord(buf[k]) || isWord(m.word[0]) && !blank && closing == 0 {
			continue
		}
		n, after := skip(buf, k)
		if closing != 0 {
			switch {
			case n >= len(buf), !han && buf[n] != closing, han && !bytes.HasPrefix(buf[n:], []byte("】")):
				continue
			case han:
				n += len("】") - 1
			}
			n, after = skip(buf, n+1)
		}
		if isWord(m.word[len(m.word)-1]) && m.word[0] < utf8.RuneSelf && !after && closing == 0 || n >= len(buf) || !isWord(buf[n]) && (m.mark != '.' || !domainFollows(buf, n)) {
			continue
		}
		switch {
		case m.word == "d" && closing == 0:
			continue
		case (m.word == "a" && closing == 0 || m.word == "在" || m.word == "#") && !mailHostAt(buf, n):
			continue
		case m.word == "#" || m.word == "在":
		case len(m.word) == 1 && closing == 0 && (!blank || !after) && m.word != ",":
			continue // an ordinary mark, which other views read
		case m.mark == '.' && !m.sure && (m.word != "." || closing == 0) && !domainFollows(buf, n) && !labelFollows(buf, n, m.word):
			continue
		case m.word == "," && (blank || after || !plainDomainAt(buf, n)):
			continue
		case m.word == "/" && !bytes.Contains(buf[max(0, i-20):i], []byte(".")) && !bytes.Contains(buf[max(0, i-20):i], []byte("dot")):
			continue
		}
		return m.mark, n
	}
	return 0, 0
}

// isDotSign reports whether r is a sign that looks like a dot or says nothing.
func isDotSign(r rune) bool {
	switch r {
	case '丨', '・', '·', '•', '‧', '∙', '⋅', '丶', '●', '◦', '▪', '■', '⊙', '○', '◎', '。':
		return true
	}
	return unicode.Is(unicode.So, r)
}

// blanks returns where blanks, underscores and hyphens at i end.
func blanks(buf []byte, i int) (end int, any bool) {
	end = i
	for end < len(buf) && end-i < maxGap && (buf[end] == ' ' || buf[end] == '_' || buf[end] == '-') {
		end++
	}
	return end, end > i
}

// between are words that may stand before a spelled mark.
var between = []string{"then ", "那个", "后面", "然后", "再", "加上", "打个", "加个", "输个", "按个", "跟个", "小"}

// decoration is the same with marks that stand around a word only to hide it.
func decoration(buf []byte, i int) (end int, any bool) {
	end = i
next:
	for end < len(buf) && end-i < maxTail {
		for _, w := range between {
			if buf[end] == w[0] && bytes.HasPrefix(buf[end:], []byte(w)) {
				end += len(w)
				continue next
			}
		}
		switch c := buf[end]; {
		case c == ' ', c == '_', c == '-', c == ',', c == '"', c == '*', c == '/', c == '|', c == '~', c == '\'':
			end++
			continue
		case bytes.HasPrefix(buf[end:], []byte("，")), bytes.HasPrefix(buf[end:], []byte("、")):
			end += len("，")
			continue
		}
		break
	}
	return end, end > i
}

// domainFollows reports whether a top-level domain stands at i.
func domainFollows(buf []byte, i int) bool {
	_, end := domainAt(buf, i)
	return end > 0
}

// labelFollows reports whether a name stands at i, and behind it the same mark before a
// top-level domain: vip点sina点com.
func labelFollows(buf []byte, i int, mark string) bool {
	j := i
	for j < len(buf) && j-i <= maxLocal && isWord(buf[j]) {
		j++
	}
	k, _ := blanks(buf, j)
	for range 2 {
		if k < len(buf) && j > i {
			if bytes.HasPrefix(buf[k:], []byte(mark)) {
				k, _ = blanks(buf, k+len(mark))
				for _, closing := range []string{"】", ")", "]"} {
					k += len(closing) * bytes.Count(buf[k:min(len(buf), k+len(closing))], []byte(closing))
				}
				return domainFollows(buf, k)
			}
			if _, n := utf8.DecodeRune(buf[k:]); buf[k] == '(' || buf[k] == '[' || bytes.HasPrefix(buf[k:], []byte("【")) {
				k += n
			}
		}
	}
	return false
}

// plainDomainAt reports the same of one that is no word besides.
func plainDomainAt(buf []byte, i int) bool {
	domain, end := domainAt(buf, i)
	return end > 0 && topLevel[domain] == plainDomain
}

// maxDomain is more letters than any top-level domain has that is read, so that
// a long word is not read to its end at each of its letters.
const maxDomain = 16

// domainAt is the top-level domain at i, however it is written, and where it ends.
func domainAt(buf []byte, i int) (domain string, end int) {
	if i >= len(buf) {
		return "", 0
	}
	for _, d := range spelledDomains[buf[i]] {
		if bytes.HasPrefix(buf[i:], []byte(d.word)) {
			if k := i + len(d.word); d.word[0] >= utf8.RuneSelf || k == len(buf) || !isWord(buf[k]) {
				return d.domain, k
			}
		}
	}
	j := i
	for j < len(buf) && j-i <= maxDomain && isLetter(buf[j]) {
		j++
	}
	if (j == len(buf) || !isWord(buf[j])) && topLevel[string(buf[i:j])] != 0 {
		return string(buf[i:j]), j
	}
	// c o m
	var spaced [8]byte
	n, k := 0, i
	for k < len(buf) && n < len(spaced) && isLetter(buf[k]) && (k+1 == len(buf) || !isWord(buf[k+1])) {
		spaced[n] = buf[k]
		n++
		if topLevel[string(spaced[:n])] == plainDomain && n > 1 && (k+2 >= len(buf) || buf[k+1] != ' ' || !isLetter(buf[k+2]) || k+3 < len(buf) && isLetter(buf[k+3])) {
			return string(spaced[:n]), k + 1
		}
		if k+1 == len(buf) || buf[k+1] != ' ' && buf[k+1] != '.' && buf[k+1] != '-' {
			break
		}
		k += 2
	}
	return "", 0
}

// hostFollows reports whether a host name stands at i whose dot may be spelled.
func hostFollows(buf []byte, i int) bool {
	if k := cutHost(buf, i); k > 0 {
		i += k + 1
	}
	for range 3 {
		j := i
		for j < len(buf) && j-i <= maxLocal && (isWord(buf[j]) || buf[j] == '-' && j+1 < len(buf) && isLetter(buf[j+1]) && !bytes.HasPrefix(buf[j:], []byte("-dot"))) {
			if j > i+1 {
				if mark, _ := gluedMark(buf, j); mark == '.' {
					return true
				}
			}
			j++
		}
		if j == i || j-i > maxLocal {
			return false
		}
		if j < len(buf) && buf[j] == '.' && domainFollows(buf, j+1) {
			return true
		}
		mark, end := markAt(buf, j)
		if mark == '-' {
			i = end
			continue
		}
		if mark != '.' {
			return j < len(buf) && buf[j] == '.' && domainFollows(buf, j+1)
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
