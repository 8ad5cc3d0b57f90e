package risk

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// numeral is one digit or several in a text, however they are written.
type numeral struct {
	start, end int
	digits     [maxCardinal]byte // what it stands for
	n          uint8             // how many of them
	count      uint8             // how often they stand there ("double five")
	plain      bool              // a digit
	fancy      bool              // one of a strange kind: in a circle, of another script
	sound      bool              // only sounds like one
	letter     bool              // a letter that looks like one
	loose      bool              // the same where little says that it is meant so
	tongue     bool              // a word of another language, which may be one of this
	cardinal   bool              // has a word for tens, hundreds or thousands that amounts have, too
}

// numeralOf is the numeral of one digit.
func numeralOf(start, end int, d byte) numeral {
	return numeral{start: start, end: end, digits: [maxCardinal]byte{d}, n: 1, count: 1}
}

// size is how many digits a numeral is.
func (n *numeral) size() int { return int(n.n) * int(n.count) }

// last is the last of them.
func (n *numeral) last() byte { return n.digits[n.n-1] }

// numeralRun is a run of numerals [from,to) that is read as digits, and then
// where those stand in the view. parts says that words between call them parts.
type numeralRun struct {
	from, to int
	parts    bool
}

const (
	// minLoose is how many digits a number has in which letters are read loosely.
	minLoose = 10
	// minGapped is how many a number has whose digits are only heard and have gaps
	// between.
	minGapped = 10
	// maxUnits is how many numerals of a text are read.
	maxUnits = 512
	// maxFiller is how many bytes may stand between two numerals when the
	// same ones stand between all of them.
	maxFiller = 9
)

// numerals writes into v what src says when numbers that are spelled out are read
// as digits: one three eight, 一三八, 1三8, l38, 1啊3啊8. It reports whether there
// are any.
func (s *scan) numerals(v, src *view) bool {
	if !s.numeralRuns(src, false) && (s.spend(len(src.buf)) || !s.numeralRuns(src, true)) {
		return false
	}
	v.reset()
	done := 0
	for k, r := range s.runs {
		v.copyRaw(src, done, s.units[r.from].start)
		from := len(v.buf)
		for _, u := range s.units[r.from:r.to] {
			for range u.count {
				for _, d := range u.digits[:u.n] {
					v.putFrom(src, d, u.start, u.end)
				}
			}
			done = u.end
		}
		s.runs[k].from, s.runs[k].to = from, len(v.buf)
	}
	v.copyRaw(src, done, len(src.buf))
	digits := v.digits
	v.inherit(src)
	v.digits = max(digits, minPhone)
	return true
}

// numeralRuns finds the runs that are read as digits. With loose, letters that stand
// beside digits are read, too, which only a whole number in words and letters makes
// plain: five5S.
func (s *scan) numeralRuns(src *view, loose bool) bool {
	s.units = countsDigits(src.buf, sounds(src.buf, tongues(src.buf, units(src, s.units[:0], loose))))
	s.runs = s.runs[:0]
	for i := 0; i < len(s.units); {
		r := numeralGaps{buf: src.buf, units: s.units}
		j := r.run(i)
		if r.vague && !r.isNumber(i, j) && !s.spend(16*(j-i)) {
			// Only what stands before the words that say something else.
			r = numeralGaps{buf: src.buf, units: s.units, exact: true}
			j = r.run(i)
		}
		if r.isNumber(i, j) && !counts(src.buf, s.units[i].start, s.units[j-1].end) {
			s.runs = append(s.runs, numeralRun{i, j, r.parts > 0})
		}
		i = j
	}
	return len(s.runs) > 0
}

// numeralGaps is what stands between the numerals of a run.
type numeralGaps struct {
	buf    []byte
	units  []numeral
	digits int
	words  int // numerals that are no plain digits, and words between numerals
	looks  int // letters that only look like digits
	loose  int // those of which little says that they are meant so
	gaps   int
	// sequence and letters count the gaps that hold a word of order, and one
	// letter.
	sequence, letters int
	parts             int    // those that say that there are parts
	vague             bool   // one of those says something else, too
	exact             bool   // such ones part numbers
	sums              int    // those that add or subtract
	commas            int    // those that are a comma only, as in 12,480
	thrown            int    // those that are thrown in
	fancy             int    // digits of a strange kind
	spelled           int    // numerals that are no plain digits
	tongue, cardinals int    // words of another language, and words for hundreds
	filler            []byte // what is thrown in between all
}

// run reads the run that begins at unit i and returns where it ends.
func (g *numeralGaps) run(i int) int {
	g.take(i)
	j := i + 1
	for j < len(g.units) && g.joins(j) {
		g.take(j)
		j++
	}
	return j
}

func (g *numeralGaps) take(k int) {
	g.digits += g.units[k].size()
	if g.units[k].fancy {
		g.fancy++
	}
	if !g.units[k].plain {
		g.spelled++
	}
	if g.units[k].tongue {
		g.tongue++
	}
	if g.units[k].cardinal {
		g.cardinals++
	}
	switch u := &g.units[k]; {
	case u.loose:
		g.loose++
	case u.letter:
		g.looks++
	case !u.plain:
		g.words += u.size()
	}
}

// joins reports whether the gap before unit j joins it to the one before.
func (g *numeralGaps) joins(j int) bool {
	gap := g.buf[g.units[j-1].end:g.units[j].start]
	if len(gap) > 0 {
		g.gaps++
	}
	if onlySeparators(gap) {
		if string(gap) == "," {
			g.commas++
		}
		return true
	}
	inner := bytes.Trim(unbracketed(gap), " ,.-")
	part := tellsPart(inner)
	switch {
	case len(inner) == 0:
	case g.filler != nil && bytes.Equal(gap, g.filler), isIn(separatorWords, inner):
	case part == partSure, part == partVague && !g.exact:
		g.parts++
		g.sequence++
		g.vague = g.vague || part == partVague
	case part == partOrder, isIn(sequenceWords, inner):
		g.sequence++
	case len(inner) == 1 && isLetter(inner[0]) && g.single(j-1) && g.single(j):
		g.letters++
		if inner[0] == 'x' && g.filler == nil {
			g.filler = gap
		}
	case g.filler == nil && len(gap) <= maxFiller && isFiller(gap) && bytes.Equal(gap, g.nextGap(j)):
		g.filler = gap
	case g.thrownIn(j):
		g.thrown++
	default:
		return false
	}
	if len(inner) == 0 && isIn(separatorWords, bytes.Trim(gap, " ,.-()")) {
		g.words++ // 8911 (space) 6704
	}
	g.words++
	if isIn(sumWords, inner) {
		g.sums++
	}
	return true
}

// sumWords stand between the amounts of a sum.
var sumWords = wordSet("加", "减", "再加", "加上", "再减", "plus", "minus", "减去")

// unbracketed is a gap without a remark in brackets: "6 (half a dozen) 1 7".
func unbracketed(gap []byte) []byte {
	a := bytes.IndexByte(gap, '(')
	if a < 0 {
		return gap
	}
	if b := bytes.IndexByte(gap[a:], ')'); b > 0 && b <= maxRemark && len(bytes.Trim(gap[:a], " ")) == 0 {
		return gap[a+b+1:]
	}
	return gap
}

// maxRemark is how long such a remark is at most.
const maxRemark = 24

// thrownIn reports whether a character of Chinese stands before unit j that is thrown in
// between digits, as between all that follow: 1我3你3他0的0鞋.
func (g *numeralGaps) thrownIn(j int) bool {
	all := minThrown
	if g.thrown > 0 {
		all = 1
	}
	if j+all > len(g.units) {
		return false
	}
	for k := j; k < j+all; k++ {
		gap := bytes.Trim(g.buf[g.units[k-1].end:g.units[k].start], "()")
		r, n := utf8.DecodeRune(gap)
		if !g.units[k-1].plain || !g.units[k].plain || n != len(gap) || !isHan(r) {
			return false
		}
	}
	return true
}

// minThrown is between how many digits something different must stand.
const minThrown = 8

// nextGap is what stands behind unit j and those that are glued to it.
func (g *numeralGaps) nextGap(j int) []byte {
	for ; j+1 < len(g.units); j++ {
		if gap := g.buf[g.units[j].end:g.units[j+1].start]; len(gap) > 0 {
			return gap
		}
	}
	return nil
}

// single reports whether unit k is a plain digit and no other stands at its side.
func (g *numeralGaps) single(k int) bool {
	return g.units[k].plain && (k == 0 || g.units[k-1].end < g.units[k].start) && (k+1 == len(g.units) || g.units[k].end < g.units[k+1].start)
}

// isNumber reports whether units i to j, which were read, can be a number that
// somebody spelled out.
func (g *numeralGaps) isNumber(i, j int) bool {
	switch {
	case g.digits < minPhone, g.words+g.looks < 1, g.words == 1 && g.gaps > 0 && g.fancy < 2, g.words == 0 && g.looks < 2 && g.fancy < minFancy:
		return false
	case g.loose > 0 && (g.words == 0 || g.digits < minLoose || g.digits > maxPhone-2):
		return false
	case g.filler != nil && g.digits < 10 && (g.digits < 8 || !g.allSingle(i, j)), g.letters > 0 && g.digits < 9, isTimes(g.filler) && g.measures(i, j):
		return false
	case g.tongue > 0 && (g.tongue < minTongue || g.tongue*2 < g.digits), g.thrown > 0 && g.digits < minLoose:
		return false
	case g.sums > 0 && g.spelled == 0 && g.commas > 0:
		return false
	case (g.vague || g.cardinals*2 > j-i || g.sums > 0 && g.spelled == 0) && !g.shaped(i, j), g.cardinals > 0 && g.areYears(i, j):
		return false
	case g.sequence > 0 && g.words == g.sequence:
		// Plain numbers one after the other: amounts are round.
		return (g.sequence > 1 || g.parts > 0) && g.digits > minPhone && !g.round(i, j) && (g.parts > 0 || g.shaped(i, j))
	}
	return true
}

// allSingle reports whether units i to j are single digits.
func (g *numeralGaps) allSingle(i, j int) bool {
	for k := i; k < j; k++ {
		if !g.single(k) {
			return false
		}
	}
	return true
}

// isTimes reports whether a filler also stands between measures.
func isTimes(filler []byte) bool {
	filler = bytes.Trim(filler, " ")
	return string(filler) == "x" || string(filler) == "×" || string(filler) == "✕"
}

// areYears reports whether units i to j are years of our time.
func (g *numeralGaps) areYears(i, j int) bool {
	n := 0
	for _, u := range g.units[i:j] {
		if n%4 == 0 && (u.n < 2 || (u.digits[0] != '1' || u.digits[1] != '9') && (u.digits[0] != '2' || u.digits[1] != '0')) {
			return false
		}
		n += u.size()
	}
	return n%4 == 0
}

// minTongue is how many words of another language are one number.
const minTongue = 5

// shaped reports whether units i to j have as many digits as a number of a large
// country, and its first one.
func (g *numeralGaps) shaped(i, j int) bool {
	var d [maxPhone]byte
	n := 0
	for _, u := range g.units[i:j] {
		for range u.count {
			if n+int(u.n) > len(d) {
				return false
			}
			n += copy(d[n:], u.digits[:u.n])
		}
	}
	return isShaped(d[:n])
}

// measures reports whether units i to j, with an x between, can be the sides of
// something.
func (g *numeralGaps) measures(i, j int) bool {
	sides := 0
	for k := i; k < j; k++ {
		if k > i && !bytes.Equal(g.buf[g.units[k-1].end:g.units[k].start], g.filler) {
			continue
		}
		if sides++; g.units[k].digits[0] == '0' {
			return false // no side begins with a zero
		}
	}
	return sides <= 3 || g.digits > maxPhone-2
}

// round reports whether all numbers in a run of plain ones end in 0 or 5.
func (g *numeralGaps) round(i, j int) bool {
	for k := i; k < j; k++ {
		if (k+1 == j || g.units[k].end < g.units[k+1].start) && g.units[k].last() != '0' && g.units[k].last() != '5' {
			return false
		}
	}
	return true
}

// tongues leaves out words of other languages where too few stand in a row.
func tongues(buf []byte, all []numeral) []numeral {
	out := all[:0]
	for i := 0; i < len(all); {
		b, n := i, 0
		for b < len(all) && (b == i || onlySeparators(buf[all[b-1].end:all[b].start])) {
			if all[b].tongue {
				n++
			}
			b++
		}
		for _, u := range all[i:b] {
			if !u.tongue || n >= minTongues {
				out = append(out, u)
			}
		}
		i = b
	}
	return out
}

// minTongues is how many such words stand side by side.
const minTongues = 3

// sounds leaves out numerals that only sound like digits where nothing around
// them says that they are meant so.
func sounds(buf []byte, all []numeral) []numeral {
	out := all[:0]
	for i := 0; i < len(all); {
		if !all[i].sound {
			out = append(out, all[i])
			i++
			continue
		}
		if i+1 < len(all) && all[i+1].plain && all[i+1].digits[0] == all[i].digits[0] && string(buf[all[i].end:all[i+1].start]) == "(" {
			i++ // which is told behind it: 衫(3)
			continue
		}
		if buf[all[i].start] < utf8.RuneSelf {
			// An English one stands between words for digits.
			if b := soundsRow(buf, all, i); b > i {
				out = append(out, all[i:b]...)
				i = b
				continue
			}
			if n := len(out); n > 0 && i+1 < len(all) && (!out[n-1].plain || !all[i+1].plain) &&
				onlySeparators(buf[out[n-1].end:all[i].start]) && onlySeparators(buf[all[i].end:all[i+1].start]) &&
				!pricesAt(buf[all[i+1].start:]) && !endsInPrice(buf[:out[n-1].end]) {
				out = append(out, all[i])
			}
			i++
			continue
		}
		// The row in which it stands.
		row, heard, b := 0, 0, i
		gaps := 0
		glued := func(a, b int) bool {
			if a < b {
				gaps++
			}
			return b-a <= maxGap && onlySeparators(buf[a:b])
		}
		for at := all[i].start; row < len(out) && glued(out[len(out)-1-row].end, at); row++ {
			at = out[len(out)-1-row].start
		}
		for b < len(all) && (b == i || glued(all[b-1].end, all[b].start)) {
			if all[b].sound {
				heard++
			}
			b++
		}
		// 号码是 and 是我的 stand around a number.
		first, last := i, b
		if row == 0 && isCopula(buf, &all[first]) {
			first++
		}
		if last > first && isCopula(buf, &all[last-1]) {
			last--
		}
		keep := heard >= minSounds && row+b-i >= minPhone && (gaps == 0 || row+b-i >= minGapped)
		for k, u := range all[i:b] {
			if !u.sound || keep && i+k >= first && i+k < last {
				out = append(out, u)
			}
		}
		i = b
	}
	return out
}

// soundsRow is where a row of English words ends that begins at i and cannot but be meant
// as digits: as many as a part of a number has, with hyphens or blanks between, and most
// of them no other words. Without such a row it is i.
func soundsRow(buf []byte, all []numeral, i int) int {
	b, heard := i, 0
	if w := string(buf[all[i].start:all[i].end]); (w == "to" || w == "for") && all[i].end < len(buf) && buf[all[i].end] != '-' {
		return i // pay to six …
	}
	for b < len(all) && buf[all[b].start] < utf8.RuneSelf && !all[b].plain && !all[b].tongue && (b == i || onlySeparators(buf[all[b-1].end:all[b].start])) {
		if all[b].sound {
			heard++
		}
		b++
	}
	if b-i >= minRow && (b-i-heard)*2 >= b-i || b-i-heard > 0 && heard >= minSounds {
		return b
	}
	return i
}

// minRow is how many words such a row has.
const minRow = 3

// pricesAt reports whether b begins with a sum of money: 19.90.
func pricesAt(b []byte) bool {
	k := 0
	for k < len(b) && isDigit(b[k]) {
		k++
	}
	return k > 0 && k+2 < len(b) && b[k] == '.' && isDigit(b[k+1]) && isDigit(b[k+2]) && (k+3 == len(b) || !isDigit(b[k+3]))
}

// endsInPrice reports whether b ends with one.
func endsInPrice(b []byte) bool {
	n := len(b)
	return n > 3 && isDigit(b[n-1]) && isDigit(b[n-2]) && b[n-3] == '.' && isDigit(b[n-4])
}

// isCopula reports whether a numeral is 是.
func isCopula(buf []byte, u *numeral) bool { return string(buf[u.start:u.end]) == "是" }

// onlySeparators reports whether a gap between numerals does not part them.
func onlySeparators(gap []byte) bool { return skipSeparators(gap, 0) == len(gap) }

func isIn(words map[string]struct{}, gap []byte) bool {
	_, ok := words[string(gap)]
	return ok
}

// unitWords stand between numbers that are no digits of one.
var unitWords = []string{"元", "块", "件", "个", "天", "年", "月", "日", "号", "时", "分", "点", "-", "至", "到", "和", " to ", " and ", "、", ",", ":", "/", "t", "寸", "米", "克", "斤", "%"}

// isFiller reports whether a gap can be one that is thrown in between digits
// again and again: it holds letters and is no unit of anything.
func isFiller(gap []byte) bool {
	return !slices.Contains(unitWords, string(gap)) && bytes.IndexByte(gap, '\n') < 0
}

// counts reports whether the numerals at [a,b) belong to a number that counts,
// such as 三十五万, or to a year.
func counts(buf []byte, a, b int) bool {
	if r, _ := utf8.DecodeRune(buf[b:]); r == '十' || r == '百' || r == '千' || r == '万' || r == '亿' || r == '年' {
		return true
	}
	r, _ := utf8.DecodeLastRune(buf[:a])
	return r == '十' || r == '百' || r == '千' || r == '第'
}
