package risk

import (
	"bytes"
	"unicode/utf8"
)

// A number is written in several ways at once: digits, words for them and words that sound
// so, letters that look so, and what the text itself says to stand for one. Each token
// is read as a whole, and a row of them is a number where it has a number's digits and
// enough says that it was hidden.

const (
	// maxMixedRow is how many tokens are one row.
	maxMixedRow = 24
	// maxMixedNumber is how many digits the longest number has that is looked for.
	maxMixedNumber = 13
	// maxMixedGap is how many bytes of words may stand between the parts of a row.
	maxMixedGap = 24
	// minMixed is how many digits, words for them and, twice, tokens of both a text has that
	// is looked at.
	minMixed = 6
	// minMixedPart is how many digits a row has that words may follow which call it a part.
	minMixedPart = 3
	// maxMixedCut is how many tokens at a row's beginning and end may be none of it.
	maxMixedCut = 3
)

// mixed reports the numbers of a text that are written so.
func (p *phoneScan) mixed(report func(a, b int)) {
	s := p.scan
	if s.spend(len(p.buf) / 4) {
		return
	}
	spelled := s.triggers[triggerNumeral]+2*p.odd > 1
	if s.mixer.told.read(p.buf, s.triggers[triggerNumeral] > 0); s.mixer.told.n == 0 && !spelled {
		return // digits only
	}
	n, total := 0, 0
	for i := 0; i < len(p.buf); {
		if n == 0 {
			total = 0
		}
		if next := p.mixedSkip(i); next > i {
			i = next
			continue
		}
		if end := wordEnd(p.buf, i); end > i && s.mixer.told.n == 0 {
			p.mixedFlush(n, report)
			n, i = 0, end
			continue
		}
		t := p.mixedToken(i)
		// What was read and is no token costs the same.
		if s.spend(max(s.mixer.far-i, t.end-i)) {
			return
		}
		if t.end == i || !t.fits() {
			p.mixedFlush(n, report)
			n, i = 0, max(p.mixedPast(i), i+1)
			continue
		}
		if n == maxMixedRow {
			p.mixedFlush(n, report)
			n = 0
		}
		s.mixedRow[n] = t
		n++
		i = t.end
		total += t.n
		next := p.mixedGap(i, total >= minMixedPart)
		if next < 0 {
			p.mixedFlush(n, report)
			n = 0
			continue
		}
		i = next
	}
	p.mixedFlush(n, report)
}

// mixedSkip returns where the next token may begin from i on.
func (p *phoneScan) mixedSkip(i int) int {
	for n := range p.scan.mixer.told.n {
		if e := &p.scan.mixer.told.entries[n]; i >= e.span.start && i < e.span.end {
			return e.span.end
		}
	}
	if c := p.buf[i]; c < utf8.RuneSelf && !isWord(c) && !p.scan.mixer.told.begins(p.buf[i:]) {
		return i + 1
	}
	return i
}

// begins reports whether b begins with what stands for a digit.
func (l *legends) begins(b []byte) bool {
	for n := range l.n {
		if bytes.HasPrefix(b, l.entries[n].word()) {
			return true
		}
	}
	return false
}

// mixedPast is where the word ends that begins at i.
func (p *phoneScan) mixedPast(i int) int {
	if p.buf[i] >= utf8.RuneSelf {
		_, n := utf8.DecodeRune(p.buf[i:])
		return i + n
	}
	for i < len(p.buf) && isWord(p.buf[i]) {
		i++
	}
	return i
}

// mixedGap is where the next token of a row begins that may go on at i, or -1.
func (p *phoneScan) mixedGap(i int, parts bool) int {
	next := skipSeparators(p.buf, i)
	for k := i; p.scan.mixer.told.n > 0 && k < next; k++ {
		if p.scan.mixer.told.begins(p.buf[k:]) {
			next = k // what stands for a digit is no separator
		}
	}
	if next >= len(p.buf) || p.scan.mixer.told.covers(next) {
		return -1
	}
	if c := p.buf[next]; isWord(c) || c >= utf8.RuneSelf && next == i || p.scan.mixer.told.begins(p.buf[next:]) {
		if next > i || c >= utf8.RuneSelf {
			if k := p.sequence(next); parts && k > next {
				return k
			}
			if parts && isLetter(c) {
				if k := p.mixedPart(i); k > 0 {
					return k
				}
			}
			return next
		}
	}
	if parts {
		if k := p.mixedPart(i); k > 0 {
			return k
		}
	}
	if p.buf[next] >= utf8.RuneSelf {
		return next
	}
	return -1
}

// sequence is where words end at i that say that one part follows another, with what
// separates them from the next.
func (p *phoneScan) sequence(i int) int {
	for range 2 {
		end := i
		for k := i; k < len(p.buf) && k-i <= maxMixedGap; {
			for k < len(p.buf) && isLetter(p.buf[k]) {
				k++
			}
			if k > i && isIn(sequenceWords, p.buf[i:k]) {
				end = k
			}
			if k == len(p.buf) || p.buf[k] != ' ' {
				break
			}
			k++
		}
		if end == i {
			return i
		}
		i = skipSeparators(p.buf, end)
	}
	return i
}

// mixedPart is where words end that stand between the parts of a number, or 0.
func (p *phoneScan) mixedPart(i int) int {
	end := min(len(p.buf), i+maxMixedGap)
	for k := i; k < end; k++ {
		c := p.buf[k]
		if !isDigit(c) {
			continue
		}
		for k > i && isLetter(p.buf[k-1]) {
			k-- // the digits may begin with a letter
		}
		if tellsPart(bytes.Trim(p.buf[i:k], " ,.-")) > partFiller {
			return k
		}
		return 0
	}
	return 0
}

// covers reports whether at k it is said what stands for a digit.
func (l *legends) covers(k int) bool {
	for n := range l.n {
		if e := &l.entries[n]; k >= e.span.start && k < e.span.end {
			return true
		}
	}
	return false
}

// fits reports whether a token may be a part of a number: a word of English that only
// happens to consist of what looks like digits is none.
func (t *mixedToken) fits() bool {
	switch {
	case t.plain+t.han+t.heard+t.told > 0:
		return t.sounds == 0 || t.plain+t.words > 0
	case t.words > 0:
		return t.words > 1 || t.looks == 0 && t.sounds == 0 || t.capitals > 0
	case t.sounds > 0:
		return t.sounds == 1 && t.looks == 0
	}
	same := true
	for _, d := range t.digits[1:t.n] {
		same = same && d == t.digits[0]
	}
	switch {
	case t.capitals > 0 && t.capitals < t.looks:
		return t.looks <= longestLetters+1 && t.capitals > t.looks/2
	case t.capitals > 0:
		return t.looks <= longestLetters+1
	}
	return same && t.looks <= longestLetters+1
}

// lonely reports whether a token is one small letter that is none of those that often
// stand for a digit by themselves.
func (t *mixedToken) lonely() bool {
	return t.n == 1 && t.looks == 1 && t.capitals == 0 && t.digits[0] != '0' && t.digits[0] != '1'
}

// mixedFlush judges the row of n tokens that were read.
func (p *phoneScan) mixedFlush(n int, report func(a, b int)) {
	row := p.scan.mixedRow[:n]
	total := 0
	for k := range row {
		total += row[k].n
	}
	if total < minPhone+1 || total > maxMixedNumber+maxMixedCut*longestLetters+maxMixedNumber {
		return
	}
	for cut := range maxMixedCut {
		for back := range maxMixedCut {
			if cut+back >= n {
				break
			}
			part := row[cut : n-back]
			if p.scan.spend(4*len(part)) || p.mixedIsNumber(part) {
				if p.scan.work >= 0 {
					report(part[0].start, part[len(part)-1].end)
				}
				return
			}
		}
	}
}

// mixedSum is what the tokens of a row are together.
type mixedSum struct {
	plain, words, sounds, looks, capitals, han, heard, told int

	hidden int // how much says that it was hidden
	strong bool
}

func (m *mixedSum) add(t *mixedToken) {
	m.plain += t.plain
	m.words += t.words
	m.sounds += t.sounds
	m.looks += t.looks
	m.capitals += t.capitals
	m.han += t.han
	m.heard += t.heard
	m.told += t.told
	other := t.plain + t.looks + t.sounds
	switch {
	case t.words > 1 && other > 1:
		m.hidden += 3
		m.strong = true
	case t.words > 0 && (other > 0 || t.words > 1):
		m.hidden += 2
		m.strong = true
	case t.words > 0:
		m.hidden++
	case t.han > 0 && (t.plain > 0 || t.looks > 0):
		m.hidden += 2
	case t.heard > 0 && t.n > 1, t.looks > 0 && t.plain > 0, t.looks > 1:
		m.hidden++
	}
	if t.looks > 0 && t.looks > t.capitals && t.plain > 0 {
		m.strong = true
	}
	if t.told > 0 {
		m.hidden += 2
	}
}

// mixedIsNumber reports whether a row is a hidden number.
func (p *phoneScan) mixedIsNumber(row []mixedToken) bool {
	d := p.digits[:0]
	var sum mixedSum
	singles, lonely := true, false
	for k := range row {
		t := &row[k]
		from := 0
		if k == 0 && t.sound > 0 && t.n > 1 && string(p.buf[t.start:t.start+t.sound]) == "是" {
			from = 1
		}
		if len(d)+t.n-from > maxMixedNumber {
			return false
		}
		d = append(d, t.digits[from:t.n]...)
		sum.add(t)
		singles, lonely = singles && t.n == 1, lonely || t.lonely()
	}
	start, end := row[0].start, row[len(row)-1].end
	n := len(d)
	hard := sum.words + sum.sounds + sum.looks + sum.han + sum.heard + sum.told
	if n < minPhone+1 || lonely && !singles || hard < 2 && sum.told == 0 || isSequence(d) || p.partOfCode(start, end) || start > 0 && p.buf[start-1] == '$' {
		return false
	}
	if len(row) == 1 && !sum.strong && sum.told == 0 && sum.han+sum.heard == 0 {
		return false // what the reader of disguises judges
	}
	if sum.looks == 0 && sum.told == 0 && sum.heard == 0 && sum.sounds == 0 && (sum.words == 0 || sum.words+sum.han == hard && !sum.strong) {
		return false // what the view of numbers holds
	}
	m := p.meaning(start)
	if m == meansMoney {
		return false
	}
	shaped := isShaped(d) || n == 10 && sum.hidden+sum.told > 1 && (p.valid(d, "US", false) || p.valid(d, "IN", false))
	if singles && shaped && sum.looks >= 3 {
		sum.hidden += 3
	}
	called := m == meansPhone || start > 0 && p.buf[start-1] == '+' || p.calledAfter(end) || p.scan.triggers[triggerGather] > 0
	if m == meansOther && (sum.hidden < 5 || !shaped) {
		return false
	}
	local := n == 8 && (d[0] >= '8' || d[0] == '6' || d[0] == '5')
	if !sum.strong && sum.words+sum.han+sum.heard+sum.told == 0 && !called && !singles && !p.mixedSpaced(row) {
		return false // a shop's code has capitals only
	}
	switch {
	case sum.told > 0:
		return shaped || called || sum.told > 1 && n >= 9
	case shaped && (sum.hidden >= 3 || sum.hidden >= 2 && called || n == mobileSize && d[0] == '1' && sum.heard+sum.han > 1):
		return true
	case local && (sum.hidden >= 4 || sum.hidden >= 2 && called):
		return true
	case sum.words >= 3 && n >= 9 && sum.hidden >= 4 && (sum.words+sum.sounds)*2 >= n:
		return true
	}
	return called && n >= 9 && sum.hidden >= 3
}

// mixedSpaced reports whether blanks stand between the tokens of a row, and each is as long as
// a part of a number.
func (p *phoneScan) mixedSpaced(row []mixedToken) bool {
	for k := range row {
		if row[k].n < 2 && k > 0 || row[k].n > 5 || k > 0 && p.buf[row[k-1].end] != ' ' && p.buf[row[k].start-1] != ' ' && len(row) < 3 {
			return false
		}
	}
	return len(row) > 1
}
