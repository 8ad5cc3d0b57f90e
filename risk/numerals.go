package risk

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// numeral is one digit or several in a text, however they are written.
type numeral struct {
	start, end int
	digit      byte
	second     byte  // the other digit of a word for two, or 0
	count      uint8 // how often the digit stands there ("double five")
	plain      bool  // an ASCII digit
	sound      bool  // only sounds like one
	letter     bool  // a letter that looks like one
	loose      bool  // the same where little says that it is meant so
}

// size is how many digits a numeral is.
func (n *numeral) size() int {
	if n.second != 0 {
		return int(n.count) + 1
	}
	return int(n.count)
}

// numeralRun is a run of numerals [from,to) that is read as digits, and then
// where those stand in the view.
type numeralRun struct{ from, to int }

const (
	// minLoose is how many digits a number has in which letters are read loosely.
	minLoose = 10
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
				v.putFrom(src, u.digit, u.start, u.end)
			}
			if u.second != 0 {
				v.putFrom(src, u.second, u.start, u.end)
			}
			done = u.end
		}
		s.runs[k] = numeralRun{from, len(v.buf)}
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
	s.units = countsDigits(src.buf, sounds(src.buf, units(src, s.units[:0], loose)))
	s.runs = s.runs[:0]
	for i := 0; i < len(s.units); {
		r := numeralGaps{buf: src.buf, units: s.units}
		j := r.run(i)
		if r.isNumber(i, j) && !counts(src.buf, s.units[i].start, s.units[j-1].end) {
			s.runs = append(s.runs, numeralRun{i, j})
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
		return true
	}
	inner := bytes.Trim(gap, " ,.-")
	part, sure := tellsPart(inner)
	switch {
	case g.filler != nil && bytes.Equal(gap, g.filler), isIn(separatorWords, inner):
	case part && sure:
		g.parts++
		g.sequence++
	case isIn(sequenceWords, inner):
		g.sequence++
	case len(inner) == 1 && isLetter(inner[0]) && g.single(j-1) && g.single(j):
		g.letters++
	case g.filler == nil && len(gap) <= maxFiller && isFiller(gap) && j+1 < len(g.units) && bytes.Equal(gap, g.buf[g.units[j].end:g.units[j+1].start]):
		g.filler = gap
	default:
		return false
	}
	g.words++
	return true
}

// single reports whether unit k is a plain digit and no other stands at its side.
func (g *numeralGaps) single(k int) bool {
	return g.units[k].plain && (k == 0 || g.units[k-1].end < g.units[k].start) && (k+1 == len(g.units) || g.units[k].end < g.units[k+1].start)
}

// isNumber reports whether units i to j, which were read, can be a number that
// somebody spelled out.
func (g *numeralGaps) isNumber(i, j int) bool {
	switch {
	case g.digits < minPhone, g.words+g.looks < 1, g.words == 1 && g.gaps > 0, g.words == 0 && g.looks < 2:
		return false
	case g.loose > 0 && (g.words == 0 || g.digits < minLoose || g.digits > maxPhone-2):
		return false
	case g.filler != nil && g.digits < 10, g.letters > 0 && g.digits < 9:
		return false
	case g.sequence > 0 && g.words == g.sequence:
		// Plain numbers one after the other: amounts are round.
		return (g.sequence > 1 || g.parts > 0) && g.digits > minPhone && !g.round(i, j)
	}
	return true
}

// round reports whether all numbers in a run of plain ones end in 0 or 5.
func (g *numeralGaps) round(i, j int) bool {
	for k := i; k < j; k++ {
		if (k+1 == j || g.units[k].end < g.units[k+1].start) && g.units[k].digit != '0' && g.units[k].digit != '5' {
			return false
		}
	}
	return true
}

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
		if buf[all[i].start] < utf8.RuneSelf {
			// An English one stands between words for digits.
			if n := len(out); n > 0 && i+1 < len(all) && (!out[n-1].plain || !all[i+1].plain) &&
				onlySeparators(buf[out[n-1].end:all[i].start]) && onlySeparators(buf[all[i].end:all[i+1].start]) {
				out = append(out, all[i])
			}
			i++
			continue
		}
		// The row without a gap in which it stands.
		row, heard, b := 0, 0, i
		for at := all[i].start; row < len(out) && out[len(out)-1-row].end == at; row++ {
			at = out[len(out)-1-row].start
		}
		for b < len(all) && (b == i || all[b].start == all[b-1].end) {
			if all[b].sound {
				heard++
			}
			b++
		}
		keep := heard >= minSounds && row+b-i >= minPhone
		for _, u := range all[i:b] {
			if keep || !u.sound {
				out = append(out, u)
			}
		}
		i = b
	}
	return out
}

// onlySeparators reports whether a gap between numerals does not part them.
func onlySeparators(gap []byte) bool { return skipSeparators(gap, 0) == len(gap) }

func isIn(words map[string]struct{}, gap []byte) bool {
	_, ok := words[string(gap)]
	return ok
}

// unitWords stand between numbers that are no digits of one.
var unitWords = []string{"元", "块", "件", "个", "天", "年", "月", "日", "号", "时", "分", "点", "x", "-", "至", "到", "和", " to ", " and ", "、", ",", ":", "/", "t", "寸", "米", "克", "斤", "%"}

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
