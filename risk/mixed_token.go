package risk

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// mixedToken is a token in which every sign is a digit or stands for one, in whatever
// way: 34seven, zer0tw0, 1巴6, O3twoI.
type mixedToken struct {
	start, end int
	digits     [maxMixedDigits]byte
	n          int
	plain      int // how many are digits as they are
	words      int // words for digits
	sounds     int // words that only sound so
	looks      int // letters and signs that look so
	capitals   int // those of them that were capitals
	han        int // Chinese numerals
	heard      int // Chinese characters that sound so, or things that look so
	told       int // what the text itself says stands for a digit
	sound      int // how many bytes the first of it has, if it is Chinese and only heard
}

const (
	// maxMixedDigits is how many digits a token has, and maxMixedToken how many bytes.
	maxMixedDigits = 16
	maxMixedToken  = 48
)

// mixedKind is what an atom of a token is.
type mixedKind uint8

const (
	mixedPlain mixedKind = iota
	mixedTold
	mixedWord
	mixedHan
	mixedHeard
	mixedLook
	mixedSound
)

// mixedCosts say which reading of a token is taken: that with the most that is sure.
var mixedCosts = [...]int16{mixedPlain: 1, mixedTold: 0, mixedWord: 2, mixedHan: 1, mixedHeard: 3, mixedLook: 5, mixedSound: 6}

// mixedAtom is one way to read what begins at a place.
type mixedAtom struct {
	from, size int32 // where it begins, and its bytes
	cost       int16
	kind       mixedKind
	count, n   uint8 // how often it stands there, and how many digits it is
	set        bool
	digits     [maxCardinal]byte
}

// mixedReader reads tokens.
type mixedReader struct {
	told  legends
	best  [maxMixedToken + 1]mixedAtom // the best that ends at each place
	start int
	far   int
}

// mixedToken reads the token at i. Its end is i if there is none.
func (p *phoneScan) mixedToken(i int) (t mixedToken) {
	m := &p.scan.mixer
	t.start, t.end = i, i
	clear(m.best[:m.far-m.start+1])
	m.start, m.far = i, i
	for k := i; k <= m.far && k < len(p.buf) && k-i < maxMixedToken; k++ {
		if k == i || m.best[k-i].set {
			p.mixedAtoms(m, k)
		}
	}
	end := m.far
	for end > i && (!m.best[end-i].set || !p.mixedBoundary(end)) {
		end--
	}
	if end == i {
		return t
	}
	var path [maxMixedToken]int
	n := 0
	for k := end; k > i; k = int(m.best[k-i].from) {
		path[n] = k - i
		n++
	}
	for n--; n >= 0; n-- {
		a := &m.best[path[n]]
		if !t.add(a) {
			return t
		}
		if a.kind == mixedLook && isLetter(p.buf[a.from]) && p.isCapital(int(a.from)) {
			t.capitals++
		}
	}
	t.end = end
	return t
}

// mixedBoundary reports whether a token may end at k.
func (p *phoneScan) mixedBoundary(k int) bool { return k == len(p.buf) || !isWord(p.buf[k]) }

// add puts an atom's digits to the token's.
func (t *mixedToken) add(a *mixedAtom) bool {
	for range a.count {
		if t.n+int(a.n) > len(t.digits) {
			return false
		}
		t.n += copy(t.digits[t.n:], a.digits[:a.n])
	}
	size := int(a.n) * int(a.count)
	switch a.kind {
	case mixedPlain:
		t.plain++
	case mixedTold:
		t.told++
	case mixedWord:
		t.words++
	case mixedHan:
		t.han++
	case mixedHeard:
		t.heard++
		if t.n == size {
			t.sound = int(a.size)
		}
	case mixedLook:
		t.looks++
	case mixedSound:
		t.sounds++
	}
	return true
}

// atom notes that one may begin at k.
func (m *mixedReader) atom(k, size int, kind mixedKind, count uint8, digits ...byte) {
	to := k + size - m.start
	if to > maxMixedToken {
		return
	}
	cost := mixedCosts[kind]
	if k > m.start {
		cost += m.best[k-m.start].cost
	}
	if b := &m.best[to]; !b.set || cost < b.cost {
		*b = mixedAtom{from: int32(k), size: int32(size), cost: cost, kind: kind, count: count, n: uint8(len(digits)), set: true} //nolint:gosec // far below 2 GiB
		copy(b.digits[:], digits)
	}
	m.far = max(m.far, k+size)
}

// mixedAtoms notes all that may begin at k.
func (p *phoneScan) mixedAtoms(m *mixedReader, k int) {
	buf := p.buf
	c := buf[k]
	for n := range m.told.n {
		if e := &m.told.entries[n]; bytes.HasPrefix(buf[k:], e.word()) {
			m.atom(k, int(e.size), mixedTold, 1, e.digit)
		}
	}
	switch {
	case isDigit(c):
		m.atom(k, 1, mixedPlain, 1, c)
		if k+2 < len(buf) && isLetter(buf[k+1]) {
			p.mixedWords(m, k)
			p.mixedInside(m, k)
		}
	case isLetter(c):
		p.mixedWords(m, k)
		p.mixedInside(m, k)
		if d := mixedLetters[c]; d != 0 {
			if p.isCapital(k) {
				d = leetCapitals[c-'a'+'A']
			}
			m.atom(k, 1, mixedLook, 1, d)
		} else if p.isCapital(k) && leetCapitals[c-'a'+'A'] != 0 && c != 'd' {
			m.atom(k, 1, mixedLook, 1, leetCapitals[c-'a'+'A'])
		}
	case c == '!' || c == '|' || c == '$':
		if k > p.scan.mixer.start && k+1 < len(buf) && isWord(buf[k+1]) {
			m.atom(k, 1, mixedLook, 1, leetDigits[c])
		}
	case c >= utf8.RuneSelf:
		p.mixedForeign(m, k)
	}
}

// mixedLetters are the small letters that look like digits.
var mixedLetters = [256]byte{'o': '0', 'q': '9', 'l': '1', 'i': '1', 'z': '2', 's': '5', 'b': '6', 'g': '9'}

// mixedWords notes the words for digits at k.
func (p *phoneScan) mixedWords(m *mixedReader, k int) {
	buf := p.buf
	if k == p.scan.mixer.start {
		for _, w := range foreignNumerals[buf[k]] {
			if end := k + len(w.word); bytes.HasPrefix(buf[k:], []byte(w.word)) && len(w.word) > 2 && p.mixedBoundary(end) {
				m.atom(k, len(w.word), mixedWord, 1, w.digit)
			}
		}
	}
	for _, w := range englishNumerals[buf[k]] {
		if bytes.HasPrefix(buf[k:], []byte(w.word)) {
			size := len(w.word)
			if end := k + size; bytes.HasPrefix(buf[end:], []byte("hundred")) {
				m.atom(k, size+len("hundred"), mixedWord, 1, w.digit, '0', '0')
			}
			m.atom(k, size, mixedWord, 1, w.digit)
		}
	}
	if isDigit(buf[k]) {
		if bytes.HasPrefix(buf[k+1:], []byte("hundred")) {
			m.atom(k, 1+len("hundred"), mixedWord, 1, buf[k], '0', '0')
		}
		return
	}
	for _, w := range teens[buf[k]] {
		if bytes.HasPrefix(buf[k:], []byte(w.word)) {
			m.atom(k, len(w.word), mixedWord, 1, w.digits[0], w.digits[1])
		}
	}
	for _, w := range tens[buf[k]] {
		if bytes.HasPrefix(buf[k:], []byte(w.word)) {
			if second, end := secondDigit(buf, k+len(w.word)); end > k+len(w.word) {
				m.atom(k, end-k, mixedWord, 1, w.digit, second)
			} else {
				m.atom(k, len(w.word), mixedWord, 1, w.digit, '0')
			}
		}
	}
	for _, w := range englishSounds[buf[k]] {
		if bytes.HasPrefix(buf[k:], []byte(w.word)) && len(w.word) > 1 {
			m.atom(k, len(w.word), mixedSound, 1, w.digit)
		}
	}
	for _, w := range multipliers[buf[k]] {
		at := k + len(w.word)
		if !bytes.HasPrefix(buf[k:], []byte(w.word)) || at >= len(buf) {
			continue
		}
		if buf[at] == ' ' || buf[at] == '-' {
			at++
		}
		if at == len(buf) {
			continue
		}
		switch d := buf[at]; {
		case isDigit(d):
			m.atom(k, at+1-k, mixedWord, w.count, d)
		case isLetter(d):
			for _, digit := range englishNumerals[d] {
				if bytes.HasPrefix(buf[at:], []byte(digit.word)) {
					m.atom(k, at+len(digit.word)-k, mixedWord, w.count, digit.digit)
				}
			}
			if at+1 == len(buf) || !isWord(buf[at+1]) {
				if l := leetCapitals[d-'a'+'A']; l != 0 {
					m.atom(k, at+1-k, mixedWord, w.count, l)
				}
			}
		}
	}
}

// mixedInside notes a word for a digit in which the digit itself stands, for a letter of it or
// beside: sev7n, t2wo, 8eight.
func (p *phoneScan) mixedInside(m *mixedReader, k int) {
	buf := p.buf
	end, at := k, -1
	for end < len(buf) && end-k <= len("sevenn") && isWord(buf[end]) {
		if isDigit(buf[end]) {
			if at >= 0 {
				return
			}
			at = end
		}
		end++
	}
	if at < 0 || end-k < 4 || end < len(buf) && isWord(buf[end]) {
		return
	}
	word := digitWords[buf[at]-'0']
	if n := end - k - 1; n < len(word)-1 || n > len(word)+1 {
		return
	}
	// The letters are the word's, in their order.
	n, extra := 0, 0
	for j := k; j < end; j++ {
		if j == at {
			continue
		}
		next := n
		for next < len(word) && word[next] != buf[j] {
			next++
		}
		if next == len(word) {
			extra++
			continue
		}
		n = next + 1
	}
	if bytes.Contains(buf[k:at], []byte(word)) || bytes.Contains(buf[at+1:end], []byte(word)) {
		return // 5five are two
	}
	if extra <= 1 && end-k-1-extra >= len(word)-1 && end-k-1-extra >= 2 {
		m.atom(k, end-k, mixedWord, 1, buf[at])
	}
}

// digitWords are the words for the digits from zero on.
var digitWords = [10]string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}

// mixedForeign notes what begins with a character beyond ASCII.
func (p *phoneScan) mixedForeign(m *mixedReader, k int) {
	c, size := utf8.DecodeRune(p.buf[k:])
	if isHan(c) {
		if c >= 1<<16 {
			return
		}
		entry := mixedHans[c]
		switch d := entry &^ (soundsOnly | beginsPicture); {
		case d == 0:
		case entry&soundsOnly != 0:
			m.atom(k, size, mixedHeard, 1, d)
		default:
			m.atom(k, size, mixedHan, 1, d)
		}
		if entry&beginsPicture == 0 {
			return
		}
		for _, w := range pictured[p.buf[k]] {
			if bytes.HasPrefix(p.buf[k:], []byte(w.word)) {
				m.atom(k, len(w.word), mixedHeard, 1, w.digit)
			}
		}
		return
	}
	if l := looksLike(c); l != 0 && leetDigits[l] != 0 && !unicode.Is(unicode.Sc, c) {
		m.atom(k, size, mixedLook, 1, leetDigits[l])
	}
}

// wordEnd is where a word of letters ends at i that is neither a word for a digit, or begins
// with one, nor short and made of letters that look like digits; or i.
func wordEnd(buf []byte, i int) int {
	j, dead := i, false
	for j < len(buf) && isLetter(buf[j]) {
		dead = dead || deadLetters[buf[j]]
		j++
	}
	if j-i < len("one") || !dead && j-i <= longestLetters+1 || j < len(buf) && (isDigit(buf[j]) || buf[j] == '$' || buf[j] == '!' || buf[j] == '|' || buf[j] >= utf8.RuneSelf) {
		return i
	}
	if k := threeLetters(buf[i], buf[i+1], buf[i+2]); k >= 0 && wordStarts[k] {
		return i
	}
	return j
}

// wordStarts are the first three letters of words for digits.
var wordStarts = func() (starts [26 * 26 * 26]bool) {
	add := func(w string) {
		if len(w) < 3 {
			return
		}
		if k := threeLetters(w[0], w[1], w[2]); k >= 0 {
			starts[k] = true
		}
	}
	for c := range 256 {
		for _, lists := range [][]numeralWord{englishNumerals[c], foreignNumerals[c], tens[c], englishSounds[c]} {
			for _, w := range lists {
				add(w.word)
			}
		}
		for _, w := range teens[c] {
			add(w.word)
		}
		for _, w := range multipliers[c] {
			add(w.word)
		}
	}
	return starts
}()

// threeLetters is the place of three letters in a table, or -1.
func threeLetters(a, b, c byte) int {
	if !isLetter(a) || !isLetter(b) || !isLetter(c) {
		return -1
	}
	return (int(a-'a')*26+int(b-'a'))*26 + int(c-'a')
}

// mixedHans are the digits of characters, of numerals and of those that only sound so, and
// whether one begins what children learn digits by.
var mixedHans = func() (t [1 << 16]uint8) {
	t = hanDigits
	for r, d := range mixedSounds {
		if t[r] == 0 {
			t[r] = d | soundsOnly
		}
	}
	for _, list := range pictured {
		for _, w := range list {
			r, _ := utf8.DecodeRuneInString(w.word)
			t[r] |= beginsPicture
		}
	}
	return t
}()

// beginsPicture marks the first character of such a word.
const beginsPicture = 0x40

// mixedSounds are characters that sound like digits, or are written for one, and too
// common or too rare to say so alone.
var mixedSounds = func() map[rune]byte {
	m := map[rune]byte{}
	for k, row := range []string{"冻栋动懂圈蛋零琳林临陵聆伶羚", "逸义议易艺益役译壹翼已忆疑仪移蚁乙亦异抑溢夷宜窑姚遥谣瑶摇耀钥么", "洱饵鹅鸭贰", "叁叄闪善扇", "私饲嗣肆四", "污芜误勿吾侮坞巫乌毋晤", "牛扭浏", "拐怪乖汽器弃启契泣岂祈乞", "坝耙靶跋疤捌发法", "狗沟够钩构勺臼咎"} {
		for _, r := range row {
			m[r] = '0' + byte(k)
		}
	}
	return m
}()

// pictured are the things that children learn digits by.
var pictured = byFirst([]numeralWord{
	{"鸡蛋", '0'},
	{"鸭蛋", '0'},
	{"圈圈", '0'},
	{"圆圈", '0'},
	{"大饼", '0'},
	{"铅笔", '1'},
	{"筷子", '1'},
	{"粉笔", '1'},
	{"棍子", '1'},
	{"木棍", '1'},
	{"鸭子", '2'},
	{"小鸭", '2'},
	{"天鹅", '2'},
	{"大鹅", '2'},
	{"耳朵", '3'},
	{"红旗", '4'},
	{"小旗", '4'},
	{"旗子", '4'},
	{"帆船", '4'},
	{"钩子", '5'},
	{"秤钩", '5'},
	{"衣钩", '5'},
	{"挂钩", '5'},
	{"哨子", '6'},
	{"口哨", '6'},
	{"豆芽", '6'},
	{"镰刀", '7'},
	{"拐杖", '7'},
	{"锄头", '7'},
	{"葫芦", '8'},
	{"麻花", '8'},
	{"眼镜", '8'},
	{"雪人", '8'},
	{"勺子", '9'},
	{"汤勺", '9'},
	{"蝌蚪", '9'},
	{"气球", '9'},
}, numeralWord.text)
