package risk

import (
	"bytes"
)

// judgeRow reports the telephone numbers in the row.
func (p *phoneScan) judgeRow(report func(a, b int, k numberKind)) {
	total := 0
	for _, g := range p.groups[:p.n] {
		total += g.len()
	}
	if total < minPhone || p.n == 1 && total > maxPhone+3 || p.isCard(total) || p.isAddress() {
		return
	}
	p.hidden = p.evasive || p.isHidden(total)
	for i := 0; i < p.n; {
		if p.scan.work < 0 {
			return
		}
		if r := p.singles(i); r > maxSingles {
			i += r
			continue
		}
		j, k := p.longestFrom(i)
		if k == notPhone {
			i++
			continue
		}
		a := p.groups[i].start
		for a > 0 && (p.buf[a-1] == '+' || p.buf[a-1] == '(') {
			a--
		}
		if p.hidden {
			k = phoneNumber // nobody hides a company's
		}
		report(a, p.groups[j].end, k)
		i = j + 1
	}
}

// singles is how many groups of one digit stand at group i.
func (p *phoneScan) singles(i int) int {
	n := 0
	for i+n < p.n && p.groups[i+n].len() == 1 {
		n++
	}
	return n
}

// longestFrom finds the longest telephone number that begins with group i.
func (p *phoneScan) longestFrom(i int) (last int, k numberKind) {
	var ends [maxPhone]int
	n, sum := 0, 0
	for j := i; j < p.n && n < len(ends); j++ {
		if sum += p.groups[j].len(); sum > maxPhone {
			break
		}
		if sum >= minPhone {
			ends[n] = j
			n++
		}
	}
	for n--; n >= 0; n-- {
		if p.scan.spend(16) {
			return 0, notPhone
		}
		if k := p.judge(p.groups[i:ends[n]+1], i, ends[n]); k != notPhone {
			return ends[n], k
		}
	}
	return 0, notPhone
}

// judge says what the digits of gs, which are groups first to last of the row,
// are together.
func (p *phoneScan) judge(gs []group, first, last int) numberKind {
	d := p.digits[:0]
	for _, g := range gs {
		d = append(d, p.buf[g.start:g.end]...)
	}
	if len(d) < minPhone {
		return notPhone
	}
	start, end := gs[0].start, gs[len(gs)-1].end
	if p.inToken(start, end, gs) {
		return notPhone
	}
	if p.enumerates(gs) {
		return notPhone
	}
	m := p.meaning(start)
	if m == meansOther && (p.tailFirst(start) || p.spelledWhole(start, end, d)) {
		m = meansNothing
	}
	if m == meansNothing && (len(d) >= 8 || p.evasive) && (p.calledAfter(end) || (p.hidden || allSingle(gs)) && !isSequence(d)) {
		m = meansPhone
	}
	if m == meansMoney || p.isAmount(gs, end) {
		return notPhone
	}
	if m == meansParcel {
		// A mobile number behind a carrier's name is its driver's.
		if m = meansOther; p.hidden || p.calledAfter(end) || len(d) == 11 && d[0] == '1' {
			m = meansNothing
		}
	}
	plus := start > 0 && p.buf[start-1] == '+' || start > 1 && p.buf[start-1] == '(' && p.buf[start-2] == '+'
	whole := first == 0 && last == p.n-1
	if len(gs) == 4 && gs[0].len() == 1 && d[0] == '1' {
		// 1-800-555-0199 has the digits of a Chinese mobile number.
		if k := northAmerican(d, gs); k != notPhone {
			return k
		}
	}
	cut := d
	switch {
	case bytes.HasPrefix(d, []byte("0086")):
		cut = d[4:]
	case bytes.HasPrefix(d, []byte("86")) && len(d) == 13:
		cut = d[2:]
	}
	if len(cut) == 11 && cut[0] == '1' && cut[1] >= '3' && (len(gs) <= 6 || allSingle(gs) || p.hidden || whole && p.even(gs)) {
		if m == meansOther && len(gs) == 1 && !plus {
			return notPhone
		}
		return phoneNumber
	}
	if k := northAmerican(d, gs); k != notPhone && (m != meansOther || len(gs) >= 3 && !p.split) && !p.hyphenated(first, last) {
		if separated := len(gs) > 1; separated && (p.buf[gs[0].end] != ' ' || m == meansPhone || allSingle(gs) || p.valid(d, "US", false)) ||
			m == meansPhone || plus {
			return k
		}
	}
	if k := chineseLine(d, gs); k != notPhone && m != meansOther {
		return k
	}
	if m == meansOther && !plus {
		return notPhone
	}
	if p.relaxed && whole && (len(d) > 8 || len(d) == 8 && (m == meansPhone || bytes.IndexByte(eightBegin, d[0]) >= 0)) && !isSequence(d) && !areYears(gs, p.buf) {
		return phoneNumber
	}
	if p.split && whole && !isDate(gs, d) && !isSequence(d) && !areYears(gs, p.buf) {
		// The pieces were cut anywhere, and the plus was lost on the way.
		joined := []group{{start, end}}
		if northAmerican(d, joined) != notPhone || international(d) || d[0] == '0' && (len(d) == 10 || len(d) == 11) {
			return phoneNumber
		}
	}
	if whole && len(gs) >= 2 && len(gs) <= 5 && m != meansOther && p.grouped(gs, d) {
		return phoneNumber
	}
	switch {
	case m == meansPhone && whole && !isDate(gs, d) && (len(gs) <= 6 || allSingle(gs) || p.hidden):
		return phoneNumber
	case plus && len(d) >= 10 && len(d) <= 14:
		return phoneNumber
	case plus && len(d) >= 8:
		if m == meansPhone && whole || p.valid(d, "", true) {
			return phoneNumber
		}
	case d[0] == '0' && d[1] == '0' && len(d) >= 10:
		if p.valid(d[2:], "", true) {
			return phoneNumber
		}
	case d[0] == '0' && len(d) >= 9 && len(d) <= 11 && !isDate(gs, d) && (len(gs) <= 4 || allSingle(gs) || whole && len(d) == 11 && p.even(gs)):
		if len(gs) > 1 && gs[0].len() < 2 && !allSingle(gs) && (len(d) != 11 || d[1] != '7' || !p.even(gs)) {
			return notPhone
		}
		if (len(gs) == 1 || allSingle(gs)) && d[1] != '7' && d[1] != '4' && d[1] != '9' && d[1] != '8' {
			return notPhone
		}
		for _, region := range p.regions {
			if p.valid(d, region, false) {
				return phoneNumber
			}
		}
	}
	if len(p.market) == 2 && len(gs) > 1 && !p.hyphenated(first, last) && !isDate(gs, d) && len(d) >= 8 && len(gs) <= 5 && p.valid(d, p.market, false) {
		return phoneNumber
	}
	return notPhone
}

// eightBegin are the digits that numbers of eight begin with in Singapore and Hong Kong.
var eightBegin = []byte("235689")

// hyphenated reports whether groups first to last of the row are joined by a
// hyphen to more groups, as in 112-1234567-1234567.
func (p *phoneScan) hyphenated(first, last int) bool {
	return first > 0 && string(p.buf[p.groups[first-1].end:p.groups[first].start]) == "-" && p.groups[first-1].len() > 2 ||
		last+1 < p.n && string(p.buf[p.groups[last].end:p.groups[last+1].start]) == "-"
}

// inToken reports whether the digits are part of a longer token, such as a
// tracking number, and not a number with a word glued to it.
func (p *phoneScan) inToken(start, end int, gs []group) bool {
	if end < len(p.buf) && (isLetter(p.buf[end]) || p.buf[end] == '_') {
		return true
	}
	if end+1 < len(p.buf) && p.buf[end] == '-' && isLetter(p.buf[end+1]) {
		return true
	}
	k := start
	if k > 2 && p.buf[k-1] == '-' && isLetter(p.buf[k-2]) && isLetter(p.buf[k-3]) && !allSingle(gs) && !p.evasive {
		k-- // SO-2024-000917
	}
	if len(gs) == 1 && k > 1 && (p.buf[k-1] == '-' || p.buf[k-1] == '#' || p.buf[k-1] == '/') {
		k--
	}
	if k == 0 || !isLetter(p.buf[k-1]) && p.buf[k-1] != '_' {
		return start > 0 && p.buf[start-1] == '#' && !allSingle(gs)
	}
	return !endsWithAny(p.buf[:k], gluedWords)
}

// gluedWords may be written without a blank before a number.
var gluedWords = []string{"call", "tel", "phone", "mobile", "cell", "text", "whatsapp", "wechat", "at", "vx", "wx", "v", "me", "ph", "mob"}

// isAmount reports whether the digits are a sum of money or a quantity.
func (p *phoneScan) isAmount(gs []group, end int) bool {
	if follows(p.buf[end:], []string{"元", "块", "万", "円", "usd", "rmb", "eur", "dollars", "yuan", "%", "€", "£", "$"}) {
		return true
	}
	// 40.748817, -73.985428
	if len(gs) > 1 && (len(gs) == 2 || !p.dotted(gs)) && gs[0].len() <= 3 && string(p.buf[gs[0].end:gs[1].start]) == "." && gs[1].len() >= 4 && (gs[0].len() < 3 || len(gs) > 2 && bytes.IndexByte(p.buf[gs[1].end:gs[2].start], ',') >= 0) {
		return true
	}
	// 1,234,567 and 1.234.567,00
	if len(gs) > 1 && gs[0].len() <= 3 {
		for k := 1; k < len(gs); k++ {
			gap := p.buf[gs[k-1].end:gs[k].start]
			if len(gap) != 1 || gap[0] != ',' || gs[k].len() != 3 {
				return false
			}
		}
		return true
	}
	return false
}

// dotted reports whether dots stand between all groups.
func (p *phoneScan) dotted(gs []group) bool {
	for k := 1; k < len(gs); k++ {
		if string(p.buf[gs[k-1].end:gs[k].start]) != "." {
			return false
		}
	}
	return true
}

// isCard reports whether the row is a bank card or another number in equal
// groups that is longer than any telephone number.
func (p *phoneScan) isCard(total int) bool {
	if total <= maxPhone || p.n < 3 {
		return false
	}
	for k, g := range p.groups[:p.n-1] {
		if k == 0 && g.start > 1 && isLetter(p.buf[g.start-1]) && isLetter(p.buf[g.start-2]) {
			continue // an account's country and check digits
		}
		if g.len() != 4 && g.len() != 5 && g.len() != 6 && g.len() != 7 {
			return false
		}
	}
	return true
}

// isAddress reports whether the row is an IPv4 address.
func (p *phoneScan) isAddress() bool {
	if p.n != 4 {
		return false
	}
	for k, g := range p.groups[:4] {
		if g.len() > 3 || g.len() == 3 && string(p.buf[g.start:g.end]) > "255" || k > 0 && (g.start-p.groups[k-1].end != 1 || p.buf[g.start-1] != '.') {
			return false
		}
	}
	return true
}

// enumerates reports whether groups are a list: of round numbers, or of sizes, each
// larger than the one before.
func (p *phoneScan) enumerates(gs []group) bool {
	if len(gs) < 3 || p.evasive {
		return false
	}
	round, rising := p.listed(gs), len(gs) > 3 && (len(gs) != 5 || p.buf[gs[0].start] != '0')
	for k, g := range gs {
		n := p.buf[g.start:g.end]
		round = round && len(n) > 2 && bytes.HasSuffix(n, []byte("00"))
		rising = rising && len(n) == 2 && (k == 0 || bytes.Compare(p.buf[gs[k-1].start:gs[k-1].end], n) < 0)
	}
	return round || rising || p.decimals(gs)
}

// decimals reports whether groups are numbers with a digit behind the point, in a list.
func (p *phoneScan) decimals(gs []group) bool {
	for k := 1; k < len(gs); k++ {
		if point := string(p.buf[gs[k-1].end:gs[k].start]) == "."; point != (k%2 == 1) || gs[k].len() > 2 {
			return false
		}
	}
	return bytes.IndexByte(p.buf[gs[1].end:gs[2].start], ',') >= 0
}

// areYears reports whether all groups are years of our time.
func areYears(gs []group, buf []byte) bool {
	for _, g := range gs {
		if c := string(buf[g.start:min(g.start+2, len(buf))]); g.len() != 4 || c != "19" && c != "20" {
			return false
		}
	}
	return true
}

// isSequence reports whether digits only count up or down, or are all the same.
func isSequence(d []byte) bool {
	step := int(d[1]) - int(d[0])
	if step < -1 || step > 1 {
		return false
	}
	for k := 1; k < len(d); k++ {
		if diff := int(d[k]) - int(d[k-1]); diff != step && diff != step*-9 {
			return false
		}
	}
	return true
}

func endsWithAny(b []byte, words []string) bool {
	for _, w := range words {
		if bytes.HasSuffix(b, []byte(w)) {
			if k := len(b) - len(w); !isLetter(w[0]) || k == 0 || !isLetter(b[k-1]) {
				return true
			}
		}
	}
	return false
}
