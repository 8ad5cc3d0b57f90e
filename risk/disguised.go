package risk

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// leetDigits are the digits that letters and signs stand for, as they look in
// lower case and in capitals.
var leetDigits, leetCapitals = func() (small, capital [128]byte) {
	for letters, d := range map[string]byte{"oOQD": '0', "lLiI!|": '1', "zZ": '2', "E": '3', "A": '4', "sS$": '5', "bG": '6', "T": '7', "B&": '8', "gq": '9'} {
		for _, c := range letters {
			capital[c] = d
			small[lowerByte(byte(c))] = d
		}
	}
	for c := '0'; c <= '9'; c++ {
		small[c], capital[c] = byte(c), byte(c)
	}
	capital['a'], capital['e'], capital['t'], capital['d'] = '4', '3', '7', '0'
	small['b'], small['g'], small['q'] = '8', '9', '9'
	return small, capital
}()

func lowerByte(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// disguise is a token of digits, and of letters and signs that look like them.
type disguise struct {
	start, end          int
	size, digits, signs int
	small, capital      int // letters of either case
	turns               int // changes between digits and what stands for them
	letters, longest    int // the letters, and the longest run of them
	han                 int // Chinese numerals among them
	foreign, ok         bool
	weak                bool // letters only, as a word may be
}

// strong reports whether no code that a shop gives out looks so: signs inside,
// both cases, letters of another script.
func (t *disguise) strong() bool {
	return t.digits > 0 && (t.signs > 0 || t.han > 0 && t.letters > 0 || t.small > 0 && t.capital > 0 || t.foreign)
}

const (
	// maxDisguised is how many tokens are one number at most.
	maxDisguised = 8
	// minDisguised is how many true digits a number needs that no word calls a
	// number.
	minDisguised = 3
	// longestLetters is how many letters in a row are still no word.
	longestLetters = 3
)

// disguised finds rows of tokens in which letters and signs stand for digits that they
// look like, l38OO1B800I, and asks judge whether one is a number.
func (p *phoneScan) disguised(judge func(row []disguise) bool) {
	row := &p.scan.tokens
	n := 0
	flush := func() {
		for n > 0 {
			// Words that look like digits may stand around it.
			used := judge(row[:n])
			for last := n; !used && last > 1 && row[last-1].weak; {
				last--
				used = judge(row[:last])
			}
			if used || n == 1 {
				break
			}
			copy(row[:], row[1:n])
			n--
		}
		n = 0
	}
	for i := 0; i < len(p.buf); {
		if _, size := p.leetDigit(i); size == 0 && !isLetter(p.buf[i]) {
			i++
			continue
		}
		if end := plainWord(p.buf, i); end > i {
			if n > 0 {
				flush()
			}
			i = end
			continue
		}
		t := p.disguiseAt(i)
		if t.letters > 0 && (t.digits > 0 || t.ok && !t.weak && (t.capital != 1 || t.size == 1 && p.buf[i] != 'i' && p.buf[i] != 'a')) {
			p.odd++
		}
		if !t.ok || n > 0 && t.size <= 2 && t.letters > 0 && legend(p.buf[i:min(len(p.buf), i+shortLegend)]) {
			flush()
			i = t.end
			continue
		}
		if n == maxDisguised {
			flush()
		}
		row[n] = t
		n++
		i = t.end
		next := skipSeparators(p.buf, i)
		for _, w := range andThen {
			if bytes.HasPrefix(p.buf[next:], w) {
				next = skipSeparators(p.buf, next+len(w))
				break
			}
		}
		if next >= len(p.buf) {
			break
		}
		if _, size := p.leetDigit(next); size == 0 {
			flush()
		}
		i = max(next, i)
	}
	flush()
}

// andThen may stand between the tokens of a row.
var andThen = [][]byte{[]byte("then "), []byte("and then "), []byte("and "), []byte("然后"), []byte("再")}

// leetDigit is the digit that the character at i is or stands for, and how many
// bytes it has; 0 if it is none.
func (p *phoneScan) leetDigit(i int) (d byte, size int) {
	c := p.buf[i]
	if c < utf8.RuneSelf {
		if isLetter(c) && p.isCapital(i) {
			d = leetCapitals[c-'a'+'A']
		} else {
			d = leetDigits[c]
		}
		if d == 0 {
			return 0, 0
		}
		return d, 1
	}
	if c > 0xd4 && (i == 0 || c < 0xe3 || c > 0xe9) {
		return 0, 0
	}
	r, n := utf8.DecodeRune(p.buf[i:])
	if c > 0xd4 {
		// A Chinese numeral, where digits and letters are mixed with it.
		if d, sound := hanDigit(r); d != 0 && !sound && p.mixes(i, n) {
			return d, n
		}
		return 0, 0
	}
	if r == 'ɛ' || r == 'з' {
		return '3', n
	}
	if l := looksLike(r); l != 0 && leetDigits[l] != 0 && !unicode.Is(unicode.Sc, r) {
		return leetDigits[l], n
	}
	return 0, 0
}

// mixes reports whether a digit or a letter that looks like one, or a separator of
// groups, stands beside the character at i, of n bytes, or beside others like it.
func (p *phoneScan) mixes(i, n int) bool {
	for b := i; b > 0 && i-b < maxGap; {
		if c := p.buf[b-1]; c < utf8.RuneSelf {
			if leetDigits[c] != 0 || c == '-' {
				return true
			}
			break
		}
		r, m := utf8.DecodeLastRune(p.buf[:b])
		if d, sound := hanDigit(r); d == 0 || sound {
			break
		}
		b -= m
	}
	a := i + n
	return a < len(p.buf) && p.buf[a] < utf8.RuneSelf && leetDigits[p.buf[a]] != 0
}

// isCapital reports whether the letter at i was a capital.
func (p *phoneScan) isCapital(i int) bool {
	at := i
	if len(p.view.at) > 0 {
		at = int(p.view.at[i].start)
	}
	return at >= 0 && at < len(p.scan.text) && 'A' <= p.scan.text[at] && p.scan.text[at] <= 'Z'
}

// disguiseAt reads the token at i. Its end is that of the whole word if it holds
// what looks like no digit.
func (p *phoneScan) disguiseAt(i int) disguise {
	t := disguise{start: i, ok: i == 0 || p.buf[i-1] != '_' && p.buf[i-1] != '\\'}
	run, was := letterRun{}, false
	k := i
	for k < len(p.buf) {
		c := p.buf[k]
		_, size := p.leetDigit(k)
		if size == 0 {
			if !isLetter(c) && c != '_' {
				break
			}
			t.ok = false
			k++
			continue
		}
		if (c == '!' || c == '|' || c == '$' || c == '&') && (k+1 == len(p.buf) || c != '$' && !t.ok) {
			break
		}
		digit := isDigit(c)
		switch {
		case digit:
			t.digits++
			run = letterRun{}
		case c > 0xd4:
			t.han++
			run = letterRun{}
		case c >= utf8.RuneSelf:
			t.foreign = true
			t.letters++
			run.add(false)
		case isLetter(c):
			t.letters++
			capital := p.isCapital(k)
			run.add(capital)
			if capital {
				t.capital++
			} else {
				t.small++
			}
		default:
			t.signs++
			run = letterRun{}
		}
		if k > i && digit != was {
			t.turns++
		}
		was = digit
		t.longest = max(t.longest, run.word())
		t.size++
		k += size
	}
	// Marks at its end belong to the sentence.
	for t.end = k; t.end > i+1 && t.ok && (p.buf[t.end-1] == '!' || p.buf[t.end-1] == '|'); t.end-- {
		t.signs--
		t.size--
	}
	t.end = max(t.end, i+1)
	switch {
	case !t.ok:
	case t.digits == 0 && (t.letters == 0 || t.longest > longestLetters || t.size > longestLetters+1 || t.capital == 0 && t.size > 1 || t.size == 1 && t.capital == 0 && p.buf[i] != 'o' && p.buf[i] != 'l' && p.buf[i] < utf8.RuneSelf):
		t.weak = t.letters == t.size && t.size > 1 && t.size <= longestLetters+1
		t.ok = t.weak
	case p.buf[i] == '$' && t.letters == 0 && t.signs == 1 && !p.inRow(i, t.end):
		t.ok = false // a price
	case t.han > 0 && t.letters+t.signs == 0 && t.digits > 0:
		t.ok = false // which the view of numbers reads
	case t.digits > 0 && (t.letters == 2 || t.letters == 3) && t.turns == 1 && endsInAny(p.buf[i:t.end], unitLetters):
		t.ok = false // 128gb
	case t.letters == 0 && t.signs > 0 && t.size > 5 && p.bars(i, t.end):
		t.ok = false // 12|24|36
	}
	return t
}

// unitLetters are units whose letters look like digits.
var unitLetters = []string{"gb", "tb", "oz", "lb", "lbs"}

// endsInAny reports whether b ends in one of words.
func endsInAny(b []byte, words []string) bool {
	for _, w := range words {
		if bytes.HasSuffix(b, []byte(w)) {
			return true
		}
	}
	return false
}

// bars reports whether all signs in [a,b) are bars that part two digits or more from two
// or more.
func (p *phoneScan) bars(a, b int) bool {
	for part := range bytes.SplitSeq(p.buf[a:b], []byte("|")) {
		if len(part) < 2 || bytes.ContainsAny(part, "!$&") {
			return false
		}
	}
	return true
}

// inRow reports whether [a,b) is joined by a hyphen to letters that stand for digits, or
// has one on both sides.
func (p *phoneScan) inRow(a, b int) bool {
	before := a > 1 && p.buf[a-1] == '-' && isWord(p.buf[a-2])
	after := b+1 < len(p.buf) && p.buf[b] == '-'
	return after && (before && isWord(p.buf[b+1]) || isLetter(p.buf[b+1]) && leetDigits[p.buf[b+1]] != 0)
}

// legend reports whether the words behind a row say what a letter stands for: (E=3).
func legend(b []byte) bool {
	b = b[:min(len(b), maxLegend)]
	for i := 0; i+2 < len(b); i++ {
		if !isLetter(b[i]) && b[i] != '$' && b[i] != '!' || i > 0 && isWord(b[i-1]) {
			continue
		}
		rest := bytes.TrimLeft(b[i+1:], " '\"")
		for _, w := range legendWords {
			if !bytes.HasPrefix(rest, w) {
				continue
			}
			rest = bytes.TrimLeft(rest[len(w):], " '\"")
			rest = bytes.TrimPrefix(bytes.TrimPrefix(rest, []byte("a ")), []byte("an "))
			if len(rest) > 0 && isDigit(rest[0]) && (len(rest) == 1 || !isDigit(rest[1])) || bytes.HasPrefix(rest, []byte("zero")) || bytes.HasPrefix(rest, []byte("one")) || bytes.HasPrefix(rest, []byte("零")) {
				return true
			}
		}
	}
	return false
}

// How far behind a row such words are looked for, in bytes.
const (
	maxLegend   = 48
	shortLegend = 12 // of one letter
)

// legendWords stand between a letter and the digit that it stands for.
var legendWords = [][]byte{[]byte("="), []byte("is "), []byte("means"), []byte("stands for"), []byte("for"), []byte("是"), []byte("就是"), []byte("代表"), []byte("换成"), []byte("改成")}

// dialled reports whether the word right before a row says to dial it.
func dialled(b []byte) bool {
	b = bytes.TrimRight(bytes.TrimSuffix(b, []byte("：")), " :")
	return endsWithAny(b, dialWords)
}

// dialWords are such words.
var dialWords = []string{"dial", "call", "call me", "call me on", "call me at", "ring", "ring me on", "phone me on", "text me on", "text me at", "拨", "拨打", "打给我", "照这个拨", "打这个", "号码给您", "号码给你", "号码是", "手机号", "手机号是", "电话", "电话是"}

// regionsAfter are places with numbers of their own, as they are named behind one.
var regionsAfter = []string{"hongkong", "hong kong", "hk num", "hk line", "hk mob", "hk no", "hk)", "hk cell", "singapore", "sg line", "sg num", "sg no", "sg mob", "sg)", "malaysia", "my)", "taiwan", "india num", "uk num", "uk mob", "us num", "香港", "新加坡", "台湾", "马来", "坡的", "坡号", "坡县", "港号", "台号", "澳门"}

// letterRun is a run of letters.
type letterRun struct {
	n, capitals int
	first       bool // the first is a capital
}

func (r *letterRun) add(capital bool) {
	if capital {
		r.capitals++
		r.first = r.first || r.n == 0
	}
	r.n++
}

// word is how long the run is if its capitals stand where a word has them.
func (r *letterRun) word() int {
	if r.capitals == 0 || r.capitals == r.n || r.capitals == 1 && r.first {
		return r.n
	}
	return 0
}

// disguisedRow reports the number that a row of tokens is, if it is one.
func (p *phoneScan) disguisedRow(row []disguise, report func(a, b int)) bool {
	var all disguise
	strong, turned, mixed, weak := false, 0, 0, false
	for k := range row {
		t := &row[k]
		all.size += t.size
		all.digits += t.digits
		all.letters += t.letters
		all.signs += t.signs
		all.turns += t.turns
		all.longest = max(all.longest, t.longest)
		all.small += t.small
		all.capital += t.capital
		all.han += t.han
		strong, weak = strong || t.strong(), weak || t.weak
		turned = max(turned, t.turns)
		if t.digits > 0 && t.letters > 0 {
			mixed++
		}
	}
	if all.size < minPhone || all.size > maxPhone || all.letters+all.signs == 0 && !strong || all.digits == 0 || p.scan.spend(16) {
		return false
	}
	start, end := row[0].start, row[len(row)-1].end
	plus := start > 0 && p.buf[start-1] == '+'
	if mixed == 0 && p.lists(row) {
		return false
	}
	if p.partOfCode(start, end) {
		return false
	}
	m := p.meaning(start)
	if m == meansNothing && (p.calledAfter(end) || turned > 1 && follows(p.buf[end:], regionsAfter)) {
		m = meansPhone
	}
	if all.digits >= minDisguised && m != meansMoney && (legend(p.buf[end:]) || len(row) == 1 && all.digits >= minPhone-1 && all.size >= 8 && dialled(p.buf[:start])) {
		m, strong = meansPhone, true
	}
	switch m {
	case meansOther, meansMoney:
		return false
	case meansPhone:
		strong = strong || all.strong()
		if weak || all.digits < minDisguised && !strong && !plus {
			// Few digits say little: what they stand for has to be a number.
			if all.size < minLoose || all.longest > longestLetters || !p.readsAsPhone(row) {
				return false
			}
			break
		}
		if !strong && !plus && (turned < 2 && !p.readsAsPhone(row) || all.digits < minDisguised) || all.longest > longestLetters && !strong && (len(row) > 2 || !p.readsAsPhone(row)) || all.longest > longestLetters+1 {
			return false
		}
	case meansNothing, meansParcel:
		if weak {
			return false
		}
		// A code of a shop's has capitals only, and no sign.
		hidden := strong && (all.turns >= 2 || plus)
		mixture := all.digits > minDisguised+1 && (mixed >= 3 || mixed == 2 && len(row) == 3 && row[0].size == 3 && row[2].size == 4)
		// 9Z3I 88O4, as in Hong Kong and Singapore
		if len(row) == 2 && mixed == 2 && row[0].size == 4 && row[1].size == 4 && row[0].turns > 1 && row[1].turns > 1 && all.digits > minDisguised && p.buf[row[0].end] == ' ' {
			break
		}
		plausible := (turned >= 3 || plus || mixture) && all.digits > minDisguised && p.readsAsPhone(row)
		if all.longest > longestLetters || all.digits < minDisguised || all.size < 8 || row[0].digits == 0 && len(row) > 1 && !plus || !hidden && !plausible {
			return false
		}
	}
	report(start, end)
	return true
}

// lists reports whether a row is a list: two commas and more with a blank behind.
func (p *phoneScan) lists(row []disguise) bool {
	n := 0
	for k := 1; k < len(row); k++ {
		if bytes.Contains(p.buf[row[k-1].end:row[k].start], []byte(", ")) {
			n++
		}
	}
	return n > 1
}

// partOfCode reports whether the token is a part of something longer that is
// written without blanks, as a link or a serial number.
func (p *phoneScan) partOfCode(start, end int) bool {
	if start > 1 && (p.buf[start-1] == '/' || p.buf[start-1] == '-' || p.buf[start-1] == '.' || p.buf[start-1] == '=' || p.buf[start-1] == '#' || p.buf[start-1] == '?') && (isWord(p.buf[start-2]) || p.buf[start-1] == '#' || p.buf[start-2] == '/') {
		return true
	}
	return end+1 < len(p.buf) && (p.buf[end] == '-' || p.buf[end] == '/' || p.buf[end] == '_' || p.buf[end] == '.' || p.buf[end] == '@' || p.buf[end] == ':') && isWord(p.buf[end+1]) && p.buf[end] != '-'
}

// readsAsPhone reports whether the digits that a row stands for are a number of a
// large country.
func (p *phoneScan) readsAsPhone(row []disguise) bool {
	d := p.digits[:0]
	for _, t := range row {
		for k := t.start; k < t.end; {
			c, size := p.leetDigit(k)
			if size == 0 || len(d) == cap(d) {
				return false
			}
			d = append(d, c)
			k += size
		}
	}
	if len(row) == 1 && len(d) == 10 && p.buf[row[0].start] == 'b' && p.buf[row[0].start+1] == '0' {
		return false // the shape of a marketplace's article numbers
	}
	switch {
	case len(d) == 11 && d[0] == '1' && d[1] >= '3':
		return true
	case len(d) > 10 && international(d):
		plus := row[0].start > 0 && p.buf[row[0].start-1] == '+'
		return plus || p.valid(d, "", true)
	case d[0] == '0' && len(d) >= 10 && len(d) <= 11:
		return true
	}
	return len(d) == 10 && (p.valid(d, "US", false) || p.valid(d, "IN", false))
}
