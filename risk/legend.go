package risk

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// A text says itself what it writes for a digit: "E = 3", "where § is 5", "Z for two",
// 零用圈圈代替, 把8换成“发”.

const (
	// maxLegends is how many such statements of a text are read.
	maxLegends = 8
	// maxLegendWord is how many bytes such a thing has: three characters of Chinese.
	maxLegendWord = 9
)

// legendEntry is what stands for one digit.
type legendEntry struct {
	text  [maxLegendWord]byte
	size  uint8
	digit byte
	span  group // where it is said
	list  bool  // only in a list of such things, which has several
}

func (e *legendEntry) word() []byte { return e.text[:e.size] }

// legends are all of a text.
type legends struct {
	entries [maxLegends]legendEntry
	n       int
}

// read finds them in a text. With words, digits may be words.
func (l *legends) read(buf []byte, words bool) {
	l.n = 0
	for i := 0; i < len(buf) && l.n < maxLegends; {
		if !isDigit(buf[i]) && (!words || isLetter(buf[i]) && i > 0 && isLetter(buf[i-1])) {
			i++
			continue
		}
		d, end := standsAlone(buf, i)
		if d == 0 {
			i++
			continue
		}
		l.statement(buf, i, end, d)
		i = end
	}
	listed := 0
	for _, e := range l.entries[:l.n] {
		if e.list {
			listed++
		}
	}
	if listed == 1 {
		kept := slices.DeleteFunc(l.entries[:l.n], func(e legendEntry) bool { return e.list })
		l.n = len(kept)
	}
}

// standsAlone is the digit at i, or the word for one, with nothing glued to it.
func standsAlone(buf []byte, i int) (d byte, end int) {
	c := buf[i]
	switch {
	case isDigit(c):
		if end = i + 1; i > 0 && (isWord(buf[i-1]) || buf[i-1] == '.') {
			return 0, 0
		}
		for end < len(buf) && buf[end] == c {
			end++
		}
		if end-i > 2 || end < len(buf) && isWord(buf[end]) {
			return 0, 0
		}
		return c, end
	case isLetter(c):
		if i > 0 && isWord(buf[i-1]) {
			return 0, 0
		}
		for _, w := range englishNumerals[c] {
			if end = i + len(w.word); bytes.HasPrefix(buf[i:], []byte(w.word)) && (end == len(buf) || !isWord(buf[end])) {
				return w.digit, end
			}
		}
	case c >= utf8.RuneSelf:
		r, n := utf8.DecodeRune(buf[i:])
		if d, sound := hanDigit(r); d != 0 && !sound {
			return d, i + n
		}
	}
	return 0, 0
}

// lastByte is the last of b, or 0.
func lastByte(b []byte) byte {
	if len(b) == 0 {
		return 0
	}
	return b[len(b)-1]
}

// legendBefore, by their last bytes, and legendBehind are what stands between a thing and the digit that it stands for.
var (
	legendBefore = byLast("=", "is", "'s", "means", "meaning", "stands for", "for", "as", "equals", "was", "be", "->", "→", "instead of", "就是", "是", "代表", "当", "当作", "换成", "改成", "表示", "等于", "念", "念成", "读作", "代替", "替", "为", "with", "by", "equal", "equals", "meant", "denotes", "represents", "to be", "替代", "代", "指", "算", "作", "成")
	legendBehind = byFirst([]string{"用", "换成", "写成", "打成", "改成", "变成", "写作", "说成", "=", "as", "is", "becomes", "written"}, func(w string) string { return w })
	legendFills  = []string{"a", "an", "the", "number", "digit"}
)

// byLast are words by their last bytes.
func byLast(words ...string) (by [256][]string) {
	for _, w := range words {
		by[w[len(w)-1]] = append(by[w[len(w)-1]], w)
	}
	return by
}

// statement notes what the words around a digit at [i,end) say to stand for it.
func (l *legends) statement(buf []byte, i, end int, d byte) {
	b := trimQuotes(buf[:i])
	for _, w := range legendFills {
		if wordBefore(b, w) {
			b = trimQuotes(b[:len(b)-len(w)])
			break
		}
	}
	best := 0
	for _, w := range legendBefore[lastByte(b)] {
		if len(w) > best && (isLetter(w[0]) && wordBefore(b, w) || !isLetter(w[0]) && bytes.HasSuffix(b, []byte(w))) {
			best = len(w)
		}
	}
	if best > 0 {
		if a, ok := l.thingBefore(trimQuotes(b[:len(b)-best]), d); ok {
			l.entries[l.n].span = group{a, end}
			l.n++
			return
		}
	}
	if r, n := utf8.DecodeLastRune(buf[:i]); isHan(r) && partsList(buf[end:]) {
		// 鸡蛋零，耳朵三，板凳二：
		k := i - n
		if r, n := utf8.DecodeLastRune(buf[:k]); isHan(r) {
			if k -= n; !endsInHan(buf[:k]) && !isNumeralHan(buf[k:]) && l.takes(buf[k:i], d) {
				l.entries[l.n].span, l.entries[l.n].list = group{k, end}, true
				l.n++
				return
			}
		}
	}
	k := skipQuotes(buf, end)
	if k == len(buf) {
		return
	}
	for _, w := range legendBehind[buf[k]] {
		at := k + len(w)
		if !bytes.HasPrefix(buf[k:], []byte(w)) || isLetter(w[0]) && at < len(buf) && isWord(buf[at]) {
			continue
		}
		if b, ok := l.thingBehind(buf, skipQuotes(buf, at), d); ok {
			l.entries[l.n].span = group{i, b}
			l.n++
		}
		return
	}
}

// thingBefore takes what b ends with, a letter, a sign or a short word of Chinese, for d.
func (l *legends) thingBefore(b []byte, d byte) (start int, ok bool) {
	if len(b) == 0 {
		return 0, false
	}
	c := b[len(b)-1]
	k := len(b)
	switch {
	case isDigit(c):
		return 0, false
	case isLetter(c):
		for k > 0 && b[k-1] == c {
			k--
		}
		if k > 0 && isWord(b[k-1]) || len(b)-k > 2 {
			return 0, false
		}
		return k, l.takes(b[len(b)-1:], d)
	case c < utf8.RuneSelf:
		if bytes.IndexByte([]byte(".,:;?-"), c) >= 0 {
			return 0, false
		}
		return k - 1, l.takes(b[k-1:], d)
	}
	r, n := utf8.DecodeLastRune(b)
	if !isHan(r) {
		return k - n, l.takes(b[k-n:], d)
	}
	for k > 0 && len(b)-k <= maxLegendWord {
		r, n := utf8.DecodeLastRune(b[:k])
		if !isHan(r) {
			break
		}
		k -= n
	}
	for _, w := range []string{"用", "拿", "以", "把", "将", "其中", "这里"} {
		if rest, ok := bytes.CutPrefix(b[k:], []byte(w)); ok && len(rest) > 0 {
			k += len(w)
		}
	}
	if len(b)-k > maxLegendWord || isNumeralHan(b[k:]) {
		return 0, false
	}
	return k, l.takes(b[k:], d)
}

// thingBehind takes what stands at i for d.
func (l *legends) thingBehind(buf []byte, i int, d byte) (end int, ok bool) {
	if i >= len(buf) || isDigit(buf[i]) || buf[i] == ' ' {
		return 0, false
	}
	if isLetter(buf[i]) {
		if i+1 < len(buf) && isWord(buf[i+1]) {
			return 0, false
		}
		return i + 1, l.takes(buf[i:i+1], d)
	}
	if buf[i] < utf8.RuneSelf {
		return 0, false
	}
	k := i
	for k < len(buf) && k-i < maxLegendWord {
		r, n := utf8.DecodeRune(buf[k:])
		if !isHan(r) || k > i && follows(buf[k:], []string{"代", "表", "替", "来"}) {
			if k == i {
				k += n
			}
			break
		}
		k += n
	}
	if k == i || isNumeralHan(buf[i:k]) {
		return 0, false
	}
	return k, l.takes(buf[i:k], d)
}

// takes notes that a thing stands for d.
func (l *legends) takes(thing []byte, d byte) bool {
	if len(thing) > maxLegendWord {
		return false
	}
	e := &l.entries[l.n]
	*e = legendEntry{}
	e.size, e.digit = uint8(copy(e.text[:], thing)), d //nolint:gosec // at most maxLegendWord
	return true
}

// isNumeralHan reports whether b is a Chinese numeral, or more.
func isNumeralHan(b []byte) bool {
	r, _ := utf8.DecodeRune(b)
	d, sound := hanDigit(r)
	return d != 0 && !sound
}

// partsList reports whether b begins with a mark that parts things of a list.
func partsList(b []byte) bool {
	for _, mark := range []string{",", ":", ";", "，", "：", "；", "、", "。"} {
		if bytes.HasPrefix(b, []byte(mark)) {
			return true
		}
	}
	return false
}

// endsInHan reports whether b ends in a character of Chinese.
func endsInHan(b []byte) bool {
	r, _ := utf8.DecodeLastRune(b)
	return isHan(r)
}

// wordBefore reports whether b ends with a word of English, or one that is glued with an
// apostrophe.
func wordBefore(b []byte, w string) bool {
	k := len(b) - len(w)
	return k > 0 && string(b[k:]) == w && (!isLetter(w[0]) || !isWord(b[k-1]))
}

// trimQuotes is b without blanks and quotes at its end.
func trimQuotes(b []byte) []byte {
	for len(b) > 0 {
		switch c := b[len(b)-1]; {
		case c == ' ' || c == '\'' || c == '"' || c == '(':
			b = b[:len(b)-1]
		case bytes.HasSuffix(b, []byte("“")), bytes.HasSuffix(b, []byte("”")), bytes.HasSuffix(b, []byte("‘")), bytes.HasSuffix(b, []byte("’")), bytes.HasSuffix(b, []byte("「")), bytes.HasSuffix(b, []byte("」")):
			b = b[:len(b)-3]
		default:
			return b
		}
	}
	return b
}

// skipQuotes is where blanks and quotes at i end.
func skipQuotes(buf []byte, i int) int {
	for i < len(buf) {
		switch b := buf[i:]; {
		case b[0] == ' ' || b[0] == '\'' || b[0] == '"':
			i++
		case bytes.HasPrefix(b, []byte("“")), bytes.HasPrefix(b, []byte("”")), bytes.HasPrefix(b, []byte("‘")), bytes.HasPrefix(b, []byte("’")), bytes.HasPrefix(b, []byte("「")), bytes.HasPrefix(b, []byte("」")):
			i += 3
		default:
			return i
		}
	}
	return i
}
