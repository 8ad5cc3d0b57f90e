package risk

import (
	"bytes"
)

const (
	minCard = 13
	maxCard = 19
	// idLength is the length of a Chinese identity number (GB 11643).
	idLength = 18
	// maxRow is how many digits of one row are looked at.
	maxRow = 64
)

// digitRow is a row of digits with single separators between, as cards and
// identity numbers are written.
type digitRow struct {
	digits [maxRow]byte
	at     [maxRow]int // where each stands
	n      int
	groups int
	gap    [2]int // where the first separators stand
}

// each finds the rows of digits in a view.
func (r *digitRow) each(buf []byte, found func()) {
	for i := 0; i < len(buf); {
		if !isDigit(buf[i]) {
			i++
			continue
		}
		r.n, r.groups = 0, 1
		for i < len(buf) && r.n < maxRow {
			if isDigit(buf[i]) {
				r.digits[r.n], r.at[r.n] = buf[i], i
				r.n++
				i++
				continue
			}
			next := r.separated(buf, i)
			if next == i {
				break
			}
			r.groups++
			i = next
		}
		if a := r.at[0]; r.n >= minCard && (a == 0 || !isLetter(buf[a-1]) && buf[a-1] != '_' || gluedTo(buf[:a])) {
			found()
		}
		for i < len(buf) && isDigit(buf[i]) {
			i++
		}
	}
}

// separated returns where the separators at i end that go on with a digit: one
// of the usual, or the same as before, which may be a few.
func (r *digitRow) separated(buf []byte, i int) int {
	next := skipSeparators(buf, i)
	if next == i || next >= len(buf) || !isDigit(buf[next]) {
		return i
	}
	if r.groups == 1 {
		r.gap = [2]int{i, next}
	}
	if next-i == 1 && bytes.IndexByte([]byte(" -.*_"), buf[i]) >= 0 || bytes.Equal(buf[i:next], buf[r.gap[0]:r.gap[1]]) {
		return next
	}
	return i
}

// gluedTo reports whether a word that may stand right before a number does.
func gluedTo(b []byte) bool { return endsWithAny(b, gluedWords) || endsWithAny(b, cardWords) }

// cardWords may be written without a blank before a card's or a person's number.
var cardWords = []string{"card", "no", "number", "account", "id", "visa", "jcb", "amex", "mastercard", "maestro", "discover", "unionpay", "diners", "debit", "credit"}

// bankCards finds numbers of payment cards: a known issuer's length and first
// digits, and Luhn's check digit (ISO/IEC 7812).
func bankCards(s *scan, v *view, d *detectorRun) {
	if v.digits < minCard {
		return
	}
	p := phoneScan{scan: s, buf: v.buf, cues: s.cues}
	r := &s.row
	r.each(v.buf, func() {
		if r.n > maxCard || r.n < minCard || !isCardNumber(r.digits[:r.n], r.groups) {
			return
		}
		start, end := r.at[0], r.at[r.n-1]+1
		if end < len(v.buf) && isLetter(v.buf[end]) || !p.namesCard(start) && p.meaning(start) == meansOther {
			return
		}
		s.found(v, d.rule, start, end, nil)
	})
}

// namesCard reports whether what stands before a number calls it a card's.
func (p *phoneScan) namesCard(start int) bool {
	before := p.buf[max(0, start-phoneWindow):start]
	for _, w := range []string{"card", "卡", "银行", "account", "账号", "账户", "帐号", "转到", "打到", "汇到", "打款"} {
		if k := bytes.LastIndex(before, []byte(w)); k >= 0 && !bytes.Contains(before[k:], []byte("order")) && !bytes.Contains(before[k:], []byte("单号")) {
			return true
		}
	}
	return false
}

// isCardNumber reports whether digits are a card's.
func isCardNumber(d []byte, groups int) bool {
	n := len(d)
	if groups > 6 && groups != n {
		return false
	}
	two := int(d[0]-'0')*10 + int(d[1]-'0')
	four := two*100 + int(d[2]-'0')*10 + int(d[3]-'0')
	var known bool
	switch {
	case d[0] == '4':
		known = n == 16 || n == 13 && groups > 1
	case two >= 51 && two <= 55, four >= 2221 && four <= 2720:
		known = n == 16
	case two == 34, two == 37:
		known = n == 15
	case four == 2200 || four == 2201 || four == 2202 || four == 2203 || four == 2204:
		known = n == 16 // Mir
	case two == 62:
		known = n >= 16 && n <= 19
	case four == 6011, two == 65, four/10 >= 644 && four/10 <= 649:
		known = n == 16 || n == 19
	case four == 5018, four == 5020, four == 5038, four == 5893, four == 6304, four == 6759, four >= 6761 && four <= 6763:
		known = n == 16 || n == 18 || n == 19 // Maestro
	case four >= 3528 && four <= 3589:
		known = n == 16
	case two == 36, two == 38, two == 30:
		known = n == 14 && groups > 1
	case two == 95, two == 60, two == 68, two == 69, two == 90, two == 56:
		// Chinese debit cards from before UnionPay's own numbers.
		known = n == 19 || n == 16 && groups == 4
	}
	return known && luhn(d)
}

// luhn reports whether the last digit is right.
func luhn(d []byte) bool {
	sum := 0
	for i := range d {
		x := int(d[len(d)-1-i] - '0')
		if i%2 == 1 {
			if x *= 2; x > 9 {
				x -= 9
			}
		}
		sum += x
	}
	return sum%10 == 0
}

// chineseIDs finds identity numbers of the People's Republic: a region, a date of
// birth and a check character.
func chineseIDs(s *scan, v *view, d *detectorRun) {
	if v.digits < idLength-1 {
		return
	}
	r := &s.row
	r.each(v.buf, func() {
		if r.n != idLength && r.n != idLength-1 {
			return
		}
		end := r.at[r.n-1] + 1
		check := r.digits[r.n-1]
		if r.n == idLength-1 {
			x := end
			for x < len(v.buf) && x-end < 2 && (v.buf[x] == ' ' || v.buf[x] == '-') {
				x++
			}
			if x >= len(v.buf) || v.buf[x] != 'x' || x+1 < len(v.buf) && isWord(v.buf[x+1]) {
				return
			}
			check, end = 'x', x+1
		} else if end < len(v.buf) && isLetter(v.buf[end]) {
			return
		}
		if isIdentity(r.digits[:idLength-1], check) {
			s.found(v, d.rule, r.at[0], end, nil)
		}
	})
}

// isIdentity checks region, date and check character (ISO 7064 MOD 11-2).
func isIdentity(d []byte, check byte) bool {
	number := func(a, b int) (n int) {
		for _, c := range d[a:b] {
			n = n*10 + int(c-'0')
		}
		return n
	}
	if region := number(0, 2); region < 11 || region > 91 {
		return false
	}
	if y, m, day := number(6, 10), number(10, 12), number(12, 14); y < 1850 || y > 2100 || m < 1 || m > 12 || day < 1 || day > 31 {
		return false
	}
	sum := 0
	for i, c := range d {
		weight := 1
		for range idLength - 1 - i {
			weight = weight * 2 % 11
		}
		sum += int(c-'0') * weight
	}
	return "10x98765432"[sum%11] == check
}
