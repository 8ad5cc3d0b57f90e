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
}

// numeralRun is a run of numerals [from,to) that is read as digits, and then
// where those stand in the view.
type numeralRun struct{ from, to int }

// teens are the words for two digits.
var teens = []struct {
	word   string
	digits [2]byte
}{
	{"ten", [2]byte{'1', '0'}},
	{"eleven", [2]byte{'1', '1'}},
	{"twelve", [2]byte{'1', '2'}},
	{"thirteen", [2]byte{'1', '3'}},
	{"fourteen", [2]byte{'1', '4'}},
	{"fifteen", [2]byte{'1', '5'}},
	{"sixteen", [2]byte{'1', '6'}},
	{"seventeen", [2]byte{'1', '7'}},
	{"eighteen", [2]byte{'1', '8'}},
	{"nineteen", [2]byte{'1', '9'}},
}

// pinyinNumerals are the words for digits in the Latin letters for Chinese. Most
// are parts of English words, so that only some of them give reason to look.
var pinyinNumerals = []struct {
	word  string
	digit byte
}{
	{"ling", '0'},
	{"yao", '1'},
	{"yi", '1'},
	{"er", '2'},
	{"liang", '2'},
	{"san", '3'},
	{"si", '4'},
	{"wu", '5'},
	{"liu", '6'},
	{"qi", '7'},
	{"ba", '8'},
	{"jiu", '9'},
}

// englishNumerals and hanNumerals are the words for digits.
var englishNumerals = []struct {
	word  string
	digit byte
}{
	{"zero", '0'},
	{"one", '1'},
	{"two", '2'},
	{"three", '3'},
	{"four", '4'},
	{"five", '5'},
	{"six", '6'},
	{"seven", '7'},
	{"eight", '8'},
	{"nine", '9'},
	{"niner", '9'},
	{"nil", '0'},
	{"oh", '0'},
}

var hanNumerals = map[rune]byte{
	'零': '0', '〇': '0', '洞': '0', '○': '0', '一': '1', '壹': '1', '幺': '1', '弌': '1', '二': '2', '贰': '2', '两': '2', '弍': '2', '三': '3', '叁': '3', '弎': '3', '四': '4', '肆': '4', '五': '5', '伍': '5',
	'六': '6', '陆': '6', '七': '7', '柒': '7', '拐': '7', '八': '8', '捌': '8', '九': '9', '玖': '9', '勾': '9',
}

// multipliers stand before a numeral that is meant more than once.
var multipliers = []struct {
	word  string
	count uint8
}{{"double ", 2}, {"triple ", 3}}

// separatorWords are read as a separator between numerals.
var separatorWords = []string{"dash", "hyphen", "minus", "dot", "space", "point", "hundred", "hundred and", "and", "杠", "横杠", "横", "减", "空格", "空", "点"}

// numeralWords are the words that count towards the reading of numerals.
func numeralWords() []string {
	var words []string
	for _, n := range englishNumerals {
		words = append(words, n.word)
	}
	for r := range hanNumerals {
		words = append(words, string(r))
	}
	return words
}

const (
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
	s.units = units(src, s.units[:0])
	s.runs = s.runs[:0]
	for i := 0; i < len(s.units); {
		j, digits, words, gaps := i+1, int(s.units[i].count), 0, 0
		if !s.units[i].plain {
			words += int(s.units[i].count)
		}
		filler := []byte(nil)
		for j < len(s.units) {
			gap := src.buf[s.units[j-1].end:s.units[j].start]
			if !onlySeparators(gap) {
				switch {
				case separatorWord(bytes.TrimSpace(gap)), filler != nil && bytes.Equal(gap, filler):
				case filler == nil && len(gap) <= maxFiller && isFiller(gap) && j+1 < len(s.units) && bytes.Equal(gap, src.buf[s.units[j].end:s.units[j+1].start]):
					filler = gap
				default:
					gap = nil
				}
				if gap == nil {
					break
				}
				words++
			}
			if len(gap) > 0 {
				gaps++
			}
			digits += int(s.units[j].count)
			if !s.units[j].plain {
				words += int(s.units[j].count)
			}
			j++
		}
		if (words > 1 || words == 1 && gaps == 0) && digits >= minPhone && (filler == nil || digits >= 10) && !counts(src.buf, s.units[i].start, s.units[j-1].end) {
			s.runs = append(s.runs, numeralRun{i, j})
		}
		i = j
	}
	if len(s.runs) == 0 {
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

// units finds the numerals of a text.
func units(src *view, out []numeral) []numeral {
	buf := src.buf
	last := -1 // where the last numeral ended
	for i := 0; i < len(buf) && len(out) < maxUnits; {
		c := buf[i]
		switch {
		case isDigit(c):
			out = append(out, numeral{start: i, end: i + 1, digit: c, count: 1, plain: true})
			i++
			last = i
		case isLetter(c):
			if u, ok := englishNumeral(buf, i, i == last); ok {
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
			// The rest of the word is none.
			i++
			for i < len(buf) && isLetter(buf[i]) {
				i++
			}
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRune(buf[i:])
			d := hanNumerals[r]
			if d == 0 && r >= 0x370 && r < 0x600 && confusables()[r] == 'o' {
				d = '0' // an o of another script
			}
			if d != 0 {
				out = append(out, numeral{start: i, end: i + n, digit: d, count: 1})
				last = i + n
			}
			i += n
		default:
			i++
		}
	}
	return out
}

// englishNumeral is the word for a digit at i. It may be glued to others.
func englishNumeral(buf []byte, i int, glued bool) (numeral, bool) {
	if i > 0 && isLetter(buf[i-1]) && !glued {
		return numeral{}, false
	}
	at, count := i, uint8(1)
	for _, m := range multipliers {
		if bytes.HasPrefix(buf[i:], []byte(m.word)) {
			at, count = i+len(m.word), m.count
		}
	}
	if count == 1 {
		for _, w := range teens {
			if end := at + len(w.word); bytes.HasPrefix(buf[at:], []byte(w.word)) && (end == len(buf) || !isLetter(buf[end])) {
				return numeral{start: i, end: end, digit: w.digits[0], second: w.digits[1], count: 1}, true
			}
		}
		for _, w := range pinyinNumerals {
			if end := at + len(w.word); bytes.HasPrefix(buf[at:], []byte(w.word)) && (end == len(buf) || !isLetter(buf[end])) {
				return numeral{start: i, end: end, digit: w.digit, count: 1}, true
			}
		}
	}
	for _, w := range englishNumerals {
		end := at + len(w.word)
		if !bytes.HasPrefix(buf[at:], []byte(w.word)) {
			continue
		}
		if end < len(buf) && isLetter(buf[end]) {
			if !beginsNumeral(buf[end:]) {
				continue
			}
		}
		return numeral{start: i, end: end, digit: w.digit, count: count}, true
	}
	if count > 1 && at < len(buf) && isDigit(buf[at]) {
		return numeral{start: i, end: at + 1, digit: buf[at], count: count}, true
	}
	return numeral{}, false
}

// beginsNumeral reports whether a word for a digit stands at the front of b. It
// does not look further, so that a row of glued words takes time like its length.
func beginsNumeral(b []byte) bool {
	for _, w := range englishNumerals {
		if bytes.HasPrefix(b, []byte(w.word)) {
			return true
		}
	}
	for _, w := range teens {
		if bytes.HasPrefix(b, []byte(w.word)) {
			return true
		}
	}
	return false
}

// letterNumeral is a letter that stands for a digit: o, l and i between digits,
// or in a token that consists of them and digits.
func letterNumeral(buf []byte, i int, glued bool) (numeral, bool) {
	var d byte
	switch buf[i] {
	case 'o', 'q':
		d = '0'
	case 'l', 'i':
		d = '1'
	case 'z':
		d = '2'
	case 's':
		d = '5'
	case 'b':
		d = '8'
	case 'g':
		d = '9'
	default:
		return numeral{}, false
	}
	a, b := i, i+1
	for a > 0 && isWord(buf[a-1]) {
		a--
	}
	for b < len(buf) && isWord(buf[b]) {
		b++
	}
	digits := 0
	for _, c := range buf[a:b] {
		switch {
		case isDigit(c):
			digits++
		case bytes.IndexByte([]byte("oqlizsbg"), c) < 0:
			return numeral{}, false
		}
	}
	if n := b - a; n == 1 && d == '0' {
		// "four one o five": only between numerals, which the caller's gap
		// tells.
		return numeral{start: i, end: i + 1, digit: d, count: 1}, buf[i] == 'o' && i > 0 && i+1 < len(buf)
	} else if digits*2 < n || n < 3 && !glued {
		return numeral{}, false
	}
	return numeral{start: i, end: i + 1, digit: d, count: 1}, true
}

// onlySeparators reports whether a gap between numerals does not part them.
func onlySeparators(gap []byte) bool { return skipSeparators(gap, 0) == len(gap) }

func separatorWord(gap []byte) bool {
	return slices.Contains(separatorWords, string(gap))
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
