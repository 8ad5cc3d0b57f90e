package risk

import (
	"bytes"
	"unicode/utf8"
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
	// bracketed is how many of the gaps hold brackets.
	bracketed int
}

// each finds the rows of digits in a view.
func (r *digitRow) each(buf []byte, least int, found func()) {
	for i := 0; i < len(buf); {
		if !isDigit(buf[i]) {
			i++
			continue
		}
		r.n, r.groups, r.bracketed = 0, 1, 0
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
		if a := r.at[0]; r.n >= least && (a == 0 || !isLetter(buf[a-1]) && buf[a-1] != '_' || gluedTo(buf[:a])) {
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
	if bytes.ContainsAny(buf[i:next], "【】〔〕《》「」『』[]()<>") {
		r.bracketed++
		return next
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
	disguised := v.kind == plainView && v.digits > 0 && s.namesNumber(v)
	if v.digits < minCard && !disguised {
		return
	}
	p := phoneScan{scan: s, buf: v.buf, cues: s.cues, view: v}
	if disguised {
		p.disguised(func(row []disguise) bool {
			start, end := row[0].start, row[len(row)-1].end
			if !p.disguisedCard(row) {
				return false
			}
			s.found(v, d.rule, start, end, nil)
			return true
		})
	}
	if v.digits < minCard && (v.digits < minAccount || v.kind != numbersView && !s.namesNumber(v)) {
		return
	}
	r := &s.row
	least := minCard
	if v.kind == numbersView || v.kind == plainView && s.namesNumber(v) {
		least = minAccount
	}
	r.each(v.buf, least, func() {
		start, end := r.at[0], r.at[r.n-1]+1
		groups := r.groups
		if v.kind == splitView {
			groups = 1 // where the messages end says nothing
		}
		if r.n <= maxCard && p.takesMoney(start, end, r.digits[:r.n], r.groups, r.bracketed > 2) {
			s.found(v, d.rule, start, end, nil)
			return
		}
		if r.n > maxCard || r.n < minCard || !isCardNumber(r.digits[:r.n], groups) && (r.n != 16 || !p.tellsExpiry(start, end)) && !brandedCard(v.buf, start, end, r.digits[:r.n]) {
			return
		}
		if end < len(v.buf) && isLetter(v.buf[end]) || !p.namesCard(start) && p.meaning(start) == meansOther {
			return
		}
		s.found(v, d.rule, start, end, nil)
	})
}

// namesNumber reports whether a text speaks of a card or an account.
func (s *scan) namesNumber(v *view) bool {
	for _, c := range s.cues {
		if c.cue == cueOther && isIn(checkedWords, v.buf[c.start:c.end]) {
			return true
		}
	}
	return len(v.at) > 0 && (bytes.Contains(v.buf, []byte("卡")) || bytes.Contains(v.buf, []byte("打款")))
}

// disguisedCard reports whether a row of tokens is the number of a card, which has a
// word before it that says so or the card's own groups.
func (p *phoneScan) disguisedCard(row []disguise) bool {
	size, letters, fours := 0, 0, 0
	for k := range row {
		size += row[k].size
		letters += row[k].letters + row[k].signs
		if row[k].size == 4 {
			fours++
		}
	}
	if size < minCard || size > maxCard || letters == 0 || p.scan.spend(size) || (fours < 4 || letters == size) && !p.namesCard(row[0].start) && !follows(p.buf[row[len(row)-1].end:], cardBehind) {
		return false
	}
	var digits [maxCard]byte
	n := 0
	for _, t := range row {
		for k := t.start; k < t.end; {
			c, width := p.leetDigit(k)
			if width == 0 || n == size {
				return false
			}
			digits[n] = c
			n++
			k += width
		}
	}
	return n == size && isCardNumber(digits[:n], len(row))
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

// minAccount is how many digits an account has.
const minAccount = 8

// takesMoney reports whether a number at [start,end) is one that money is to go to: its
// digits are hidden or in groups of four as a card's are, and what stands around it speaks
// of a bank and of paying. Its check digit may be wrong: many write it so.
func (p *phoneScan) takesMoney(start, end int, d []byte, groups int, parted bool) bool {
	single := groups == len(d)
	hidden := p.view.kind == numbersView && p.scan.spelledOut(start, end) || single && groups > 1 || parted
	four := len(d) >= 16 && (groups == 4 || groups == 5) && d[0] >= '2' && d[0] <= '6'
	if !hidden && !four && p.view.kind != splitView || len(d) < 16 && !hidden || isSequence(d) || p.scan.spend(64) {
		return false
	}
	around := p.buf[max(0, start-2*phoneWindow):min(len(p.buf), end+2*phoneWindow)]
	account, pays := holdsWord(around, accountWords), holdsWord(around, payWords)
	switch {
	case len(d) < minCard:
		return hidden && account && pays
	case p.view.kind == splitView:
		return len(d) >= 16 && p.namesCard(start)
	}
	return (account || pays) && (four || hidden && (p.namesCard(start) || pays))
}

// accountWords call a number an account's, and payWords ask to pay.
var (
	accountWords = []string{"account", "acct", "a/c", "acc no", "sort code", "routing", "iban", "swift", "bank", "hsbc", "chase", "barclays", "monzo", "posb", "dbs", "ocbc", "uob", "hdfc", "icici", "sbi", "maybank", "paynow", "card", "户口", "账号", "账户", "帐号", "帐户", "卡号", "户名", "开户", "招行", "建行", "工行", "农行", "中行", "交行", "浦发", "平安", "中信", "邮储", "民生", "兴业", "光大", "华夏", "广发", "信用社", "农信", "储蓄", "银行", "钱包"}
	payWords     = []string{"pay", "deposit", "transfer", "send", "wire", "top up", "topup", "load", "zelle", "venmo", "reference", "routing", "sort code", "fee", "money", "cash", "remit", "payment", "settle", "转", "打款", "打过", "打这", "打到", "打钱", "打定金", "定金", "汇", "付", "充", "存", "收款", "户名", "免税", "没记录", "减"}
)

// holdsWord reports whether one of words stands in b, English ones whole.
func holdsWord(b []byte, words []string) bool {
	for _, w := range words {
		for k := bytes.Index(b, []byte(w)); k >= 0; {
			if w[0] >= utf8.RuneSelf || wholeWord(b, k, k+len(w)) {
				return true
			}
			next := bytes.Index(b[k+1:], []byte(w))
			if next < 0 {
				break
			}
			k += 1 + next
		}
	}
	return false
}

// cardBehind are words behind a number that call it a card's.
var cardBehind = []string{"is my card", "is the card", "is our card", ", that is my card", ", that's my card", "(my card)", "是我的卡", "是我卡", "这张卡", "我的卡"}

// tellsExpiry reports whether what stands around a number tells when a card expires, or
// its code: then it is one, whether or not a digit of it is wrong.
func (p *phoneScan) tellsExpiry(start, end int) bool {
	if p.buf[start] < '2' || p.buf[start] > '6' {
		return false
	}
	around := p.buf[max(0, start-phoneWindow):min(len(p.buf), end+phoneWindow)]
	return hasWord(around, expiryWords) || expiryBehind(p.buf[end:])
}

var expiryWords = [][]byte{[]byte("exp"), []byte("expiry"), []byte("expires"), []byte("cvv"), []byte("cvc"), []byte("cv2"), []byte("valid thru"), []byte("security code"), []byte("有效期"), []byte("安全码"), []byte("到期")}

// expiryBehind reports whether b begins with a month and a year, as 03/28.
func expiryBehind(b []byte) bool {
	k := skipSeparators(b, 0)
	b = b[k:]
	if k == 0 || len(b) < len("03/28") || !isDigit(b[0]) || !isDigit(b[1]) || b[2] != '/' && b[2] != '-' || !isDigit(b[3]) || !isDigit(b[4]) {
		return false
	}
	return b[0] == '0' && b[1] > '0' || b[0] == '1' && b[1] <= '2'
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
		known = n == 19 || n == 16 && groups == 4 || n == 16 && two == 60
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
	r.each(v.buf, minCard, func() {
		if named := holdsWord(v.buf[max(0, r.at[0]-phoneWindow):r.at[0]], identityWords); named && r.n >= idLength-1 && r.n <= idLength+2 && namesIdentity(r.digits[:idLength-1]) {
			s.found(v, d.rule, r.at[0], r.at[r.n-1]+1, nil)
			return
		}
		if r.n != idLength && r.n != idLength-1 {
			return
		}
		end := r.at[r.n-1] + 1
		check := r.digits[r.n-1]
		if r.n == idLength-1 {
			x := end
			if x = skipSeparators(v.buf, x); x < len(v.buf) && v.buf[x] == '\n' {
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

// identityWords call a number an identity card's, whose check character may be wrong.
var identityWords = []string{"身份证", "身份号", "证件", "chinese id", "id card", "id number", "id no", "national id", "我的证", "的证", "护照"}

// namesIdentity reports whether d begins with a region and a date of birth.
func namesIdentity(d []byte) bool {
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
	return true
}

// isIdentity checks region, date and check character (ISO 7064 MOD 11-2).
func isIdentity(d []byte, check byte) bool {
	if !namesIdentity(d) {
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
