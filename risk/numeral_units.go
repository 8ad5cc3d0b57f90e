package risk

import (
	"bytes"
	"unicode/utf8"
)

// units finds the numerals of a text.
func units(src *view, out []numeral, loose bool) []numeral {
	buf := src.buf
	last := -1 // where the last numeral ended
	for i := 0; i < len(buf) && len(out) < maxUnits; {
		c := buf[i]
		switch {
		case isDigit(c):
			u, ok := digitNumeral(buf, i)
			if !ok {
				u = numeralOf(i, i+1, c)
				u.plain, u.fancy = true, src.fancy > 0 && src.isFancy(i)
			}
			out = append(out, u)
			i = u.end
			last = i
		case isLetter(c):
			if u, ok := lonelyLetter(buf, i); ok {
				out = append(out, u)
				i = u.end
				last = i
				continue
			}
			if u, ok := englishNumeral(buf, i, i == last); ok {
				out = append(out, u)
				i = u.end
				last = i
				continue
			}
			if u, ok := gluedLetter(buf, i); ok && i == last {
				out = append(out, u)
				i = u.end
				last = i
				continue
			}
			if u, ok := letterNumeral(buf, i, i == last); ok {
				out = append(out, u)
				i = u.end
				last = i
				continue
			}
			if u, ok := looseLetter(buf, i, i == last); loose && ok {
				out = append(out, u)
				i = u.end
				last = i
				continue
			}
			// The rest of the word is none.
			i++
			for i < len(buf) && isLetter(buf[i]) {
				i++
			}
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRune(buf[i:])
			d, sound := hanDigit(r)
			if r == '一' && i > 0 && isDigit(buf[i-1]) && follows(buf[i+n:], afterOne) {
				i += n // together, once
				continue
			}
			if d != 0 && !sound || r == '十' || r == '仨' || r == '俩' || r == '双' || r == '孖' {
				if u, ok := hanNumeralAt(buf, i); ok {
					out = append(out, u)
					i = u.end
					last = i
					continue
				}
			}
			if r >= firstClock && r < firstClock+9 {
				d = '1' + byte(r-firstClock)
			}
			if d == 0 && r >= 0x370 && r < 0x600 && looksLike(r) == 'o' {
				d = '0' // an o of another script
			}
			if d != 0 {
				u := numeralOf(i, i+n, d)
				u.sound = sound
				out = append(out, u)
				last = i + n
			}
			i += n
		default:
			i++
		}
	}
	return out
}

// digitNumeral is what begins with a digit at i and is more than it: "4 zeros", "5ive".
func digitNumeral(buf []byte, i int) (numeral, bool) {
	if i > 0 && isWord(buf[i-1]) || i+2 >= len(buf) || isDigit(buf[i+1]) {
		return numeral{}, false
	}
	if u, ok := hanSeveralOf(buf, i); ok && !amidHan(buf, i) {
		return u, true
	}
	if u, ok := severalOf(buf, i); ok {
		return u, true
	}
	if d, end := plural(buf, i); end > 0 {
		if count, after := timesAfter(buf, end); count > 0 {
			u := numeralOf(i, after, d)
			u.count = count
			return u, true
		}
	}
	for _, w := range englishNumerals[buf[i]] {
		if end := i + len(w.word); bytes.HasPrefix(buf[i:], []byte(w.word)) && (end == len(buf) || !isLetter(buf[end]) || beginsNumeral(buf[end:])) {
			return numeralOf(i, end, w.digit), true
		}
	}
	return numeral{}, false
}

// amidHan reports whether one character of Chinese stands between the digit at i and one
// before it.
func amidHan(buf []byte, i int) bool {
	r, n := utf8.DecodeLastRune(buf[:i])
	return isHan(r) && i > n && isDigit(buf[i-n-1])
}

// englishNumeral is the word for a digit or more at i. It may be glued to others.
func englishNumeral(buf []byte, i int, glued bool) (numeral, bool) {
	if i > 0 && isLetter(buf[i-1]) && !glued {
		return numeral{}, false
	}
	if u, ok := severalOf(buf, i); ok {
		return u, true
	}
	u, ok := englishWord(buf, i)
	if !ok || u.sound {
		return u, ok
	}
	if u.n > 1 || u.count > 1 || u.end < len(buf) && (buf[u.end] == ' ' || buf[u.end] == '-') {
		u.hundreds(buf)
	}
	if d, end := plural(buf, u.start); end > 0 && u.size() == 1 {
		u.digits[0], u.end = d, end
	}
	if u.size() == 1 && u.end < len(buf) {
		if count, end := timesAfter(buf, u.end); count > 0 {
			u.count, u.end = count, end
		}
	}
	return u, true
}

// englishWord is the word at i with what multiplies it.
func englishWord(buf []byte, i int) (numeral, bool) {
	at, count := i, uint8(1)
	for _, m := range multipliers[buf[i]] {
		if bytes.HasPrefix(buf[i:], []byte(m.word)) {
			at, count = i+len(m.word), m.count
			for at < len(buf) && (buf[at] == ' ' || buf[at] == '-') && at-i-len(m.word) < 2 {
				at++
			}
		}
	}
	if at == len(buf) {
		return numeral{}, false
	}
	if count == 1 {
		if u, ok := twoDigits(buf, i, at); ok {
			return u, true
		}
		if u, ok := pinyinNumeral(buf, i); ok {
			return u, true
		}
	}
	for _, w := range englishNumerals[buf[at]] {
		end := at + len(w.word)
		if !bytes.HasPrefix(buf[at:], []byte(w.word)) {
			continue
		}
		if end < len(buf) && isLetter(buf[end]) {
			check := buf[end] == 'x' && (end+1 == len(buf) || !isWord(buf[end+1])) // of an identity number
			_, glued := gluedLetter(buf, end)
			_, several := plural(buf, at)
			if !glued && !check && several == 0 && !beginsNumeral(buf[end:]) {
				continue
			}
		}
		u := numeralOf(i, end, w.digit)
		u.count = count
		return u, true
	}
	if count > 1 && buf[at] == 'o' && (at+1 == len(buf) || !isWord(buf[at+1])) {
		u := numeralOf(i, at+1, '0')
		u.count = count
		return u, true
	}
	if count > 1 && isDigit(buf[at]) && (at+1 == len(buf) || !isLetter(buf[at+1]) || beginsNumeral(buf[at+1:])) {
		u := numeralOf(i, at+1, buf[at])
		u.count = count
		return u, true
	}
	if count == 1 {
		for _, w := range foreignNumerals[buf[at]] {
			if end := at + len(w.word); bytes.HasPrefix(buf[at:], []byte(w.word)) && (end == len(buf) || !isWord(buf[end])) && (i == 0 || !isWord(buf[i-1])) {
				u := numeralOf(i, end, w.digit)
				u.tongue = true
				return u, true
			}
		}
		for _, w := range englishSounds[buf[at]] {
			if end := at + len(w.word); bytes.HasPrefix(buf[at:], []byte(w.word)) && (end == len(buf) || !isWord(buf[end])) && (i == 0 || !isWord(buf[i-1])) {
				u := numeralOf(i, end, w.digit)
				u.sound = true
				return u, true
			}
		}
	}
	return numeral{}, false
}

// twoDigits is the word for a number from ten to ninety-nine at at; its numeral begins
// at i.
func twoDigits(buf []byte, i, at int) (numeral, bool) {
	for _, w := range teens[buf[at]] {
		if end := at + len(w.word); bytes.HasPrefix(buf[at:], []byte(w.word)) && (end == len(buf) || !isLetter(buf[end])) {
			return numeral{start: i, end: end, digits: [maxCardinal]byte{w.digits[0], w.digits[1]}, n: 2, count: 1}, true
		}
	}
	for _, w := range tens[buf[at]] {
		if end := at + len(w.word); bytes.HasPrefix(buf[at:], []byte(w.word)) && (end == len(buf) || !isLetter(buf[end]) || beginsNumeral(buf[end:])) {
			second, end := secondDigit(buf, end)
			return numeral{start: i, end: end, digits: [maxCardinal]byte{w.digit, second}, n: 2, count: 1}, true
		}
	}
	return numeral{}, false
}

// pinyinNumeral is the word for a digit at i in the Latin letters for Chinese. They may
// be glued if nothing else is.
func pinyinNumeral(buf []byte, i int) (numeral, bool) {
	end, d := pinyinAt(buf, i)
	if end == 0 {
		return numeral{}, false
	}
	if end < len(buf) && isLetter(buf[end]) || i > 0 && isLetter(buf[i-1]) {
		a := i
		for a > 0 && i-a < maxLatin && isLetter(buf[a-1]) {
			a--
		}
		syllables, at := 0, a
		for at < len(buf) && at-a <= 2*maxLatin && isLetter(buf[at]) {
			k, _ := pinyinAt(buf, at)
			if k == 0 {
				return numeral{}, false
			}
			at = k
			syllables++
		}
		if syllables < minSpelled {
			return numeral{}, false
		}
	}
	return numeralOf(i, end, d), true
}

// pinyinAt is where a syllable for a digit ends that stands at i, and the digit.
func pinyinAt(buf []byte, i int) (end int, d byte) {
	for _, w := range pinyinNumerals[buf[i]] {
		if k := i + len(w.word); k > end && bytes.HasPrefix(buf[i:], []byte(w.word)) {
			end, d = k, w.digit
		}
	}
	return end, d
}

// secondDigit reads what stands behind a word for tens: the word for one digit
// belongs to it, and without one it is a zero.
func secondDigit(buf []byte, i int) (digit byte, end int) {
	j := i
	for j < len(buf) && j-i < 1 && (buf[j] == ' ' || buf[j] == '-') {
		j++
	}
	if j == len(buf) {
		return '0', i
	}
	for _, w := range englishNumerals[buf[j]] {
		if k := j + len(w.word); w.digit != '0' && bytes.HasPrefix(buf[j:], []byte(w.word)) && (k == len(buf) || !isLetter(buf[k]) || beginsNumeral(buf[k:])) {
			return w.digit, k
		}
	}
	return '0', i
}

// beginsNumeral reports whether a word for a digit stands at the front of b, which
// is not empty. It does not look further, so that a row of glued words takes time
// like its length.
func beginsNumeral(b []byte) bool {
	for _, w := range englishNumerals[b[0]] {
		if bytes.HasPrefix(b, []byte(w.word)) {
			return true
		}
	}
	for _, w := range teens[b[0]] {
		if bytes.HasPrefix(b, []byte(w.word)) {
			return true
		}
	}
	return false
}

// firstClock is the picture of a clock that says one; those up to nine follow it.
const firstClock = '🕐'

// letterDigits are the digits that letters look like.
var letterDigits = [256]byte{'o': '0', 'q': '0', 'l': '1', 'i': '1', 'z': '2', 's': '5', 'b': '8', 'g': '9'}

// looseLetter is a letter at i that looks like a digit, glued to a numeral or at the
// start of a word: with others like it at most between there and a numeral, or the
// word's end.
func looseLetter(buf []byte, i int, glued bool) (numeral, bool) {
	if !glued && i > 0 && isWord(buf[i-1]) {
		return numeral{}, false
	}
	j := i
	for j < len(buf) && j-i < maxGluedLetters && letterDigits[buf[j]] != 0 {
		j++
	}
	ends := j == len(buf) || !isWord(buf[j])
	if j == i || ends && !glued || !ends && !isDigit(buf[j]) && !beginsNumeral(buf[j:]) {
		return numeral{}, false
	}
	u := numeralOf(i, i+1, letterDigits[buf[i]])
	u.letter, u.loose = true, true
	return u, true
}

// letterNumeral is a letter that stands for a digit: o, l and i between digits,
// or in a token that consists of them and digits.
func letterNumeral(buf []byte, i int, glued bool) (numeral, bool) {
	d := letterDigits[buf[i]]
	if d == 0 {
		return numeral{}, false
	}
	a, b := i, i+1
	// The whole word is read at each of its letters.
	for a > 0 && i-a <= maxHandle && isWord(buf[a-1]) {
		a--
	}
	for b < len(buf) && b-a <= maxHandle && isWord(buf[b]) {
		b++
	}
	if b-a > maxHandle {
		return numeral{}, false // longer than any number
	}
	digits := 0
	for _, c := range buf[a:b] {
		switch {
		case isDigit(c):
			digits++
		case letterDigits[c] == 0:
			return numeral{}, false
		}
	}
	if throwsIn(buf[a:b]) || digits > 0 && isDigit(buf[a]) && endsInAny(buf[a:b], unitLetters) && digits == leadingDigits(buf[a:b]) || b-a == 10 && bytes.HasPrefix(buf[a:], []byte("b0")) { // or a marketplace's article number
		return numeral{}, false
	}
	if n := b - a; n == 1 && d == '0' {
		// "four one o five": only between numerals, which the caller's gap
		// tells.
		return numeralOf(i, i+1, d), buf[i] == 'o' && i > 0 && i+1 < len(buf)
	} else if digits*2 < n || n < 3 && !glued {
		return numeral{}, false
	}
	u := numeralOf(i, i+1, d)
	u.letter = true
	return u, true
}

// leadingDigits is how many digits b begins with.
func leadingDigits(b []byte) int {
	n := 0
	for n < len(b) && isDigit(b[n]) {
		n++
	}
	return n
}

// lonelyLetter is an o, l or i at i that stands by itself between digits which do so, too:
// 9 O 8 / 4 4 I / 2 6 7. Or it is an o before a number: o7seven.
func lonelyLetter(buf []byte, i int) (numeral, bool) {
	d := letterDigits[buf[i]]
	if buf[i] != 'o' && d != '1' || i > 0 && isWord(buf[i-1]) || i+1 == len(buf) {
		return numeral{}, false
	}
	u := numeralOf(i, i+1, d)
	u.letter = true
	if isDigit(buf[i+1]) {
		return u, buf[i] == 'o'
	}
	a, c := i, skipSeparators(buf, i+1)
	for a > 0 && bytes.IndexByte([]byte(" -(."), buf[a-1]) >= 0 {
		a--
	}
	return u, a > 1 && c+1 < len(buf) && isDigit(buf[a-1]) && !isWord(buf[a-2]) && isDigit(buf[c]) && !isWord(buf[c+1])
}

// throwsIn reports whether one letter stands between all digits of a token, where it
// parts them and is none of them: 4z1z5z5z5.
func throwsIn(token []byte) bool {
	if len(token) < 2*minPhone-1 {
		return false
	}
	for k, c := range token {
		if isDigit(c) != (k%2 == 0) || k%2 == 1 && c != token[1] {
			return false
		}
	}
	return true
}

// gluedLetter is an o, l or i at i behind a numeral, with another one right behind
// it and the like of it: 55fiveO1nine.
func gluedLetter(buf []byte, i int) (numeral, bool) {
	j := i
	for j < len(buf) && j-i < maxGluedLetters && (buf[j] == 'o' || buf[j] == 'l' || buf[j] == 'i') {
		j++
	}
	if j == i || j == len(buf) || !isDigit(buf[j]) && !beginsNumeral(buf[j:]) {
		return numeral{}, false
	}
	d := byte('1')
	if buf[i] == 'o' {
		d = '0'
	}
	u := numeralOf(i, i+1, d)
	u.letter = true
	return u, true
}

// maxGluedLetters is how many letters that look like digits may stand between numerals
// that are glued to them.
const maxGluedLetters = 3

// afterOne make a word that is no number of the character for one before them.
var afterOne = []string{"起", "下", "共", "样", "直", "般", "并", "同", "定"}
