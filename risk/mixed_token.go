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
