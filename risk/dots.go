package risk

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxMarks bounds how many spelled marks of a text are read.
const maxMarks = 64

// dots writes into v what src says when marks of addresses that are written as
// words are read as marks: joe at gmail dot com, lily（点）cn. It reports whether
// there are any.
func (v *view) dots(src *view, text string) bool {
	v.reset()
	buf := src.buf
	done, marks, ats, decorated := 0, 0, 0, 0
	for i := 1; i < len(buf) && marks < maxMarks; i++ {
		var mark byte
		var end int
		switch {
		case !utf8.RuneStart(buf[i]):
			continue
		case !isWord(buf[i-1]) && i != done:
			continue
		case isWord(buf[i]):
			mark, end = gluedMark(buf, i, src.shouted(text, i, i+len("at")))
		default:
			if mark, end = tightMarkAt(buf, i); mark == 0 {
				mark, end = src.circledAt(i)
			}
			if mark == 0 && i >= decorated {
				if mark, end = spelledMarkAt(buf, i, decoration, true); mark == 0 {
					// What stands there decorates no mark from its middle on either.
					decorated, _ = decoration(buf, i)
				}
			}
		}
		if mark == 0 || mark == '@' && !isAt(buf, i, end, done, marks) || mark == '.' && isCommand(buf[done:i]) {
			continue
		}
		v.copyRaw(src, done, i)
		v.putFrom(src, mark, i, end)
		marks++
		done = end
		if mark == '@' {
			ats++
			if host, after := spelledHostAt(buf, end); after > 0 {
				for k := range len(host) {
					v.putFrom(src, host[k], end, after)
				}
				done = after
			}
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
	return v.addressed(src, done) || ats > 0
}

// isCommand reports whether b ends with a word that says to write what follows: type a
// dot, then com.
func isCommand(b []byte) bool {
	k := len(b)
	for k > 0 && isWord(b[k-1]) {
		k--
	}
	return k < len(b) && slices.Contains(betweenMarks[b[k]], string(b[k:]))
}

// isAt reports whether what stands at [i,end) is the sign of an address: a host follows,
// or the name of one of mail where nobody means a place. done is where the mark before it
// ends, if there are any.
func isAt(buf []byte, i, end, done, marks int) bool {
	word := bytes.Contains(buf[i:end], []byte("at"))
	if word && notLocal(buf[done:i]) {
		return false
	}
	if hostFollows(buf, end) {
		return true
	}
	if _, after := spelledHostAt(buf, end); after == 0 && !mailHostAt(buf, end) {
		return false
	}
	return !word || bytes.ContainsAny(buf[i:end], "()[]{}<>*_") || marks > 0 && !bytes.ContainsAny(buf[done:i], " .,!?")
}

// shouted reports whether [a,b) stands in capitals behind a small letter or a digit:
// ritaATgmail.
func (v *view) shouted(text string, a, b int) bool {
	capital := func(k int) bool {
		if k < len(v.at) {
			k = int(v.at[k].start)
		}
		return k >= 0 && k < len(text) && 'A' <= text[k] && text[k] <= 'Z'
	}
	for k := a; k < b; k++ {
		if !capital(k) {
			return false
		}
	}
	return a > 0 && !capital(a-1)
}

// circledAt reads an at whose letter stands in a circle, which normalisation took away.
func (v *view) circledAt(i int) (mark byte, end int) {
	j, _ := blanks(v.buf, i)
	if j >= len(v.at) || v.buf[j] != 'a' || v.at[j].end-v.at[j].start < 2 || j+1 < len(v.buf) && v.buf[j+1] != ' ' {
		return 0, 0
	}
	end, _ = blanks(v.buf, j+1)
	return '@', end
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
func gluedMark(buf []byte, i int, shouted bool) (mark byte, end int) {
	switch {
	case buf[i] == 'd' && bytes.HasPrefix(buf[i:], []byte("dot")) && i > 2 && isWord(buf[i-2]):
		if n := i + len("dot"); domainFollows(buf, n) || bytes.HasPrefix(buf[n:], []byte("codot")) || bytes.HasPrefix(buf[n:], []byte("comdot")) {
			return '.', n
		}
	case buf[i] == 'a' && shouted && bytes.HasPrefix(buf[i:], []byte("at")):
		return '@', i + len("at")
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
	if mark, end = tightMarkAt(buf, i); mark == 0 {
		mark, end = spelledMarkAt(buf, i, decoration, true)
	}
	return mark, end
}

// tightMarkAt reads one with nothing around it but blanks and brackets.
func tightMarkAt(buf []byte, i int) (mark byte, end int) {
	if n := i + 1; n < len(buf) && (buf[i] == '.' || buf[i] == '@') {
		// An ordinary mark before what is written in another way.
		if domain, after := domainAt(buf, n); buf[i] == '.' && after > 0 && domain != string(buf[n:after]) {
			return buf[i], n
		}
		if _, after := spelledHostAt(buf, n); buf[i] == '@' && after > 0 {
			return buf[i], n
		}
		if buf[i] == '.' && n < len(buf) && buf[n] == ' ' && follows(buf[n:], sureDomains) {
			return '.', n + 1
		}
	}
	if mark, end = doubledAt(buf, i); mark != 0 {
		return mark, end
	}
	if end = strayMarkAt(buf, i); end > 0 {
		return '.', end
	}
	return spelledMarkAt(buf, i, blanks, false)
}

// strayMarkAt is where other marks end that stand for a dot, as no word is before them and
// nothing but a top-level domain behind: lampbarn;com. It is 0 if there are none.
func strayMarkAt(buf []byte, i int) (end int) {
	for end = i; end < len(buf) && end-i < maxGap && bytes.IndexByte(strayMarks, buf[end]) >= 0; end++ {
	}
	if r, n := utf8.DecodeRune(buf[i:]); n > 1 && strings.ContainsRune(strayWords, r) {
		end += n
	}
	k := i
	for k > 0 && i-k <= maxHandle && isWord(buf[k-1]) {
		k--
	}
	if end == i || end == len(buf) || !follows(buf[end:], strayDomains) || !plainDomainAt(buf, end) || i-k < minHandle || !slices.ContainsFunc(buf[k:i], isLetter) || isOrdinary(buf[k:i]) {
		return 0
	}
	return end
}

// strayMarks are such marks, and strayDomains domains that are no words.
var (
	strayMarks   = []byte("!$%&'()*+;<=>[]^`|~\"")
	strayWords   = "、店电滴典斗兜嗲垫嘀—–٫" // which sound like a dot's word, or are no other marks
	strayDomains = []string{"com", "org", "cn", "co.uk", "com.", "xyz", "vip"}
)

// doubledAt reads a mark that is written twice or more: rita@@lamps..com.
func doubledAt(buf []byte, i int) (mark byte, end int) {
	i, _ = blanks(buf, i)
	for _, m := range doubledMarks {
		k := i
		for bytes.HasPrefix(buf[k:], []byte(m.word)) {
			k += len(m.word)
		}
		if k <= i+len(m.word) {
			continue
		}
		k, _ = blanks(buf, k)
		if m.mark == '@' && k < len(buf) && isWord(buf[k]) || m.mark == '.' && plainDomainAt(buf, k) {
			return m.mark, k
		}
	}
	return 0, 0
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
			if k, _ := skip(buf, j+n); domainFollows(buf, k) && (!unicode.In(r, unicode.Pf, unicode.Pi, unicode.Sm) || !twoWords(buf, i, k)) {
				return '.', k
			}
		}
	}
	if j == len(buf) {
		return 0, 0
	}
	for _, m := range spelledMarks[buf[j]] {
		if !bytes.HasPrefix(buf[j:], []byte(m.word)) || words && len(m.word) == 1 && (m.word != "." || len(bytes.Trim(buf[i:j], " .")) == 0) {
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
		case words && m.word == "." && len(bytes.Trim(buf[k:n], " ")) == 0:
			continue // the end of a sentence
		case len(m.word) == 1 && closing == 0 && (!blank || !after) && m.word != ",":
			continue // an ordinary mark, which other views read
		case m.mark == '.' && !m.sure && (m.word != "." || closing == 0) && !domainFollows(buf, n) && !labelFollows(buf, n, m.word):
			continue
		case m.word == "," && (blank || after || !plainDomainAt(buf, n) || twoWords(buf, i, n)):
			continue
		case m.word == "/" && !bytes.Contains(buf[max(0, i-20):i], []byte(".")) && !bytes.Contains(buf[max(0, i-20):i], []byte("dot")):
			continue
		}
		return m.mark, n
	}
	return 0, 0
}

// twoWords reports whether a word ends at a and another begins at b, although that is a
// top-level domain, too: sold,online.
func twoWords(buf []byte, a, b int) bool {
	k := a
	for k > 0 && a-k <= maxHandle && isLetter(buf[k-1]) {
		k--
	}
	domain, end := domainAt(buf, b)
	return (end == len(buf) || buf[end] != '/') && (topLevel[domain] == wordDomain || slices.Contains(wordyDomains, domain)) && (k == a || isOrdinary(buf[k:a]))
}

// isDotSign reports whether r is a sign that looks like a dot or says nothing.
func isDotSign(r rune) bool {
	switch r {
	case '丨', '・', '·', '•', '‧', '∙', '⋅', '丶', '●', '◦', '▪', '■', '⊙', '○', '◎', '。', '⸳', '⸱', '‚', '˙', '٠', '⋆', '∘', '˚', '՝', '’', '‘', '´', '➡', '→', '․':
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

// decoration is the same with words and marks that stand around a mark only to hide it.
func decoration(buf []byte, i int) (end int, any bool) {
	end = i
next:
	for end < len(buf) && end-i < maxDecoration {
		if end == i || !isWord(buf[end-1]) || !isWord(buf[end]) {
			for _, w := range betweenMarks[buf[end]] {
				if k := end + len(w); bytes.HasPrefix(buf[end:], []byte(w)) && (w[0] >= utf8.RuneSelf || k < len(buf) && !isWord(buf[k])) {
					end = k
					continue next
				}
			}
		}
		if bytes.IndexByte(decorationMarks, buf[end]) < 0 {
			break
		}
		end++
	}
	return end, end > i
}

var decorationMarks = []byte(" _-,\"*/|~'+\\`;&^()[]{}<>")

// maxDecoration is how many bytes of it are read.
const maxDecoration = 48
