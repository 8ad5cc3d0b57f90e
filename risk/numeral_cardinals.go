package risk

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// maxCardinal is how many digits one numeral has at most.
const maxCardinal = 4

// A number is told in hundreds, or as so many of one digit: "07700 nine hundred",
// 一百三十八, "three zeros", 四个零.

// hundreds reads what stands behind a numeral of one digit or two, as "hundred and
// sixty-two" or "thousand", into it.
func (u *numeral) hundreds(buf []byte) {
	if u.count != 1 || u.n > 2 || u.digits[0] == '0' {
		return
	}
	if end := wordAt(buf, u.end, "thousand"); end > 0 && u.n == 1 {
		if next, ok := hundredsAt(buf, end); ok {
			copy(u.digits[1:], next.digits[:3])
			u.n, u.end, u.cardinal = 4, next.end, true
			return
		}
		u.tail(buf, end, 3)
		return
	}
	end := wordAt(buf, u.end, "hundred")
	if end == 0 {
		end = wordAt(buf, u.end, "hundreds")
	}
	if end > 0 {
		u.tail(buf, end, 2)
	}
}

// hundredsAt is a numeral of three digits that stands behind a word for thousand.
func hundredsAt(buf []byte, i int) (numeral, bool) {
	i = skipAnd(buf, i)
	if i == len(buf) || !isLetter(buf[i]) {
		return numeral{}, false
	}
	u, ok := englishNumeral(buf, i, false)
	return u, ok && u.n == 3 && u.count == 1
}

// tail fills up what is left behind a word for hundred or thousand, n digits, with what
// follows at i, or with zeros.
func (u *numeral) tail(buf []byte, i int, n uint8) {
	at := skipAnd(buf, i)
	if at+1 < len(buf) && isDigit(buf[at]) && isDigit(buf[at+1]) && at > i+1 {
		return // hundred and 62: the digits follow by themselves
	}
	u.cardinal = true
	for k := range n {
		u.digits[u.n+k] = '0'
	}
	u.n += n
	u.end = i
	if at == len(buf) || !isLetter(buf[at]) {
		return
	}
	next, ok := lowNumeral(buf, at)
	if !ok || next.n == 1 && at == i+1 {
		return // nine hundred one: a row goes on
	}
	copy(u.digits[u.n-next.n:u.n], next.digits[:next.n])
	u.end = next.end
}

// lowNumeral is a number below a hundred at i.
func lowNumeral(buf []byte, i int) (numeral, bool) {
	if u, ok := twoDigits(buf, i, i); ok {
		return u, true
	}
	for _, w := range englishNumerals[buf[i]] {
		if end := i + len(w.word); w.digit != '0' && bytes.HasPrefix(buf[i:], []byte(w.word)) && (end == len(buf) || !isLetter(buf[end])) {
			return numeralOf(i, end, w.digit), true
		}
	}
	return numeral{}, false
}

// wordAt is where a word ends that stands at i behind one blank or hyphen, or 0.
func wordAt(buf []byte, i int, word string) int {
	if i >= len(buf) || buf[i] != ' ' && buf[i] != '-' || !bytes.HasPrefix(buf[i+1:], []byte(word)) {
		return 0
	}
	if end := i + 1 + len(word); end == len(buf) || !isLetter(buf[end]) {
		return end
	}
	return 0
}

// skipAnd returns where what follows "hundred" begins: behind a blank or " and ".
func skipAnd(buf []byte, i int) int {
	if end := wordAt(buf, i, "and"); end > 0 {
		i = end
	}
	if i < len(buf) && (buf[i] == ' ' || buf[i] == '-') {
		i++
	}
	return i
}

// howMany are the words that say how often a digit stands there.
var howMany = byFirst([]multiplier{
	{"two", 2},
	{"three", 3},
	{"four", 4},
	{"five", 5},
	{"six", 6},
	{"2", 2},
	{"3", 3},
	{"4", 4},
	{"5", 5},
	{"6", 6},
	{"a pair of", 2},
	{"pair of", 2},
	{"couple of", 2},
	{"both", 2},
	{"all", 1},
	{"quad", 4},
	{"triplet of", 3},
	{"trio of", 3},
}, func(m multiplier) string { return m.word })

// severalOf reads so many of one digit at i: "three fives", "4 zeros", "two more 7s".
func severalOf(buf []byte, i int) (numeral, bool) {
	for _, m := range howMany[buf[i]] {
		if !bytes.HasPrefix(buf[i:], []byte(m.word)) {
			continue
		}
		at := i + len(m.word)
		if at == len(buf) || isWord(buf[at]) {
			continue
		}
		for range 2 {
			for at < len(buf) && (buf[at] == ' ' || buf[at] == '-') {
				at++
			}
			for _, w := range []string{"more ", "times ", "x ", "of "} {
				if bytes.HasPrefix(buf[at:], []byte(w)) {
					at += len(w)
				}
			}
		}
		if at == len(buf) {
			continue
		}
		if d, end := plural(buf, at); end > 0 {
			u := numeralOf(i, end, d)
			u.count = m.count
			return u, true
		}
	}
	return numeral{}, false
}

// plural reads several of a digit at i, as "fives", "zeroes" or "7s".
func plural(buf []byte, i int) (d byte, end int) {
	if isDigit(buf[i]) {
		d, end = buf[i], i+1
		if bytes.HasPrefix(buf[end:], []byte("'s")) {
			end++
		}
	} else {
		for _, w := range englishNumerals[buf[i]] {
			if bytes.HasPrefix(buf[i:], []byte(w.word)) && i+len(w.word) > end {
				d, end = w.digit, i+len(w.word)
			}
		}
		if end > 0 && bytes.HasPrefix(buf[end:], []byte("es")) {
			end++
		}
	}
	if end == 0 || end == len(buf) || buf[end] != 's' || end+1 < len(buf) && isWord(buf[end+1]) {
		return 0, 0
	}
	return d, end + 1
}

// timesAfter reads how often a digit is meant behind it, at i: "fives, three of them",
// "zero (x4)", "nine twice".
func timesAfter(buf []byte, i int) (count uint8, end int) {
	for i < len(buf) && (buf[i] == ' ' || buf[i] == ',' || buf[i] == '(') {
		i++
	}
	if i == len(buf) {
		return 0, 0
	}
	for _, w := range timesWords[buf[i]] {
		if end := i + len(w.word); bytes.HasPrefix(buf[i:], []byte(w.word)) && (end == len(buf) || !isWord(buf[end])) {
			if end < len(buf) && buf[end] == ')' {
				end++
			}
			return w.count, end
		}
	}
	return 0, 0
}

// timesWords are what stands there.
var timesWords = byFirst(func() []multiplier {
	list := []multiplier{{"twice", 2}, {"thrice", 3}}
	for k, word := range []string{"two", "three", "four", "five", "six"} {
		n := uint8(k + 2)
		digit := string(rune('0' + n))
		for _, after := range []string{" times", " of them", " of those", " of 'em", " in a row"} {
			list = append(list, multiplier{word + after, n}, multiplier{digit + after, n})
		}
		list = append(list, multiplier{"x" + digit + ")", n}, multiplier{"x " + digit + ")", n}, multiplier{"times " + word, n}, multiplier{"times " + digit, n}, multiplier{digit + "x)", n}, multiplier{"×" + digit, n})
	}
	return list
}(), func(m multiplier) string { return m.word })

// hanNumeralAt reads more than one digit in Chinese at i: 一百三十八, 四个零, 双八.
func hanNumeralAt(buf []byte, i int) (numeral, bool) {
	if u, ok := hanSeveralOf(buf, i); ok {
		return u, true
	}
	return hanCardinal(buf, i)
}

// nothings are things that look like a zero. They count where it is said how many of
// them stand there.
var nothings = []string{"圈圈", "圆圈", "鸭蛋", "鸡蛋", "零蛋", "大饼", "圈", "蛋", "洞", "o"}

// hanSeveralOf reads so many of one digit.
func hanSeveralOf(buf []byte, i int) (numeral, bool) {
	count, at := hanCount(buf, i)
	if count == 0 {
		return numeral{}, false
	}
	for _, w := range []string{"个", "颗", "连", ""} {
		if !bytes.HasPrefix(buf[at:], []byte(w)) || w == "" && !bytes.ContainsAny(buf[i:at], "双仨俩孖") {
			continue
		}
		at += len(w)
		for _, w := range []string{"数字", "都是", "大"} {
			if bytes.HasPrefix(buf[at:], []byte(w)) {
				at += len(w)
			}
		}
		for at < len(buf) && buf[at] == ' ' {
			at++
		}
		if at == len(buf) {
			break
		}
		u := numeralOf(i, at, '0')
		u.count = count
		if isDigit(buf[at]) {
			if at+1 < len(buf) && isWord(buf[at+1]) {
				break
			}
			u.digits[0], u.end = buf[at], at+1
			return u, true
		}
		for _, w := range nothings {
			if bytes.HasPrefix(buf[at:], []byte(w)) {
				u.end = at + len(w)
				return u, true
			}
		}
		r, n := utf8.DecodeRune(buf[at:])
		if d, sound := hanDigit(r); d != 0 && !sound {
			u.digits[0], u.end = d, at+n
			if next, _ := utf8.DecodeRune(buf[u.end:]); !hanScale(next) {
				return u, true
			}
		}
		break
	}
	return numeral{}, false
}

// hanCount is how many of a digit a character at i says, and where it ends.
func hanCount(buf []byte, i int) (count uint8, end int) {
	if c := buf[i]; isDigit(c) {
		if c >= '2' && c <= '6' && (i == 0 || !isWord(buf[i-1])) {
			return c - '0', i + 1
		}
		return 0, 0
	}
	r, n := utf8.DecodeRune(buf[i:])
	switch r {
	case '俩', '双', '孖':
		return 2, i + n
	case '仨':
		return 3, i + n
	case '一', '二', '两', '三', '四', '五', '六':
		d, _ := hanDigit(r)
		return d - '0', i + n
	}
	return 0, 0
}

// hanScale reports whether r is a ten, a hundred or a thousand.
func hanScale(r rune) bool {
	return r == '十' || r == '百' || r == '千' || r == '拾' || r == '佰' || r == '仟'
}

// hanCardinal reads a number in thousands, hundreds and tens.
func hanCardinal(buf []byte, i int) (numeral, bool) {
	u := numeral{start: i, count: 1, cardinal: true}
	value, scale, at := 0, 10_000, i
	for at < len(buf) {
		r, n := utf8.DecodeRune(buf[at:])
		d, sound := hanDigit(r)
		switch {
		case d != 0 && !sound && d == '0' && at > i && scale > 10:
			at += n // 一百零八
			r, n = utf8.DecodeRune(buf[at:])
			if d, sound = hanDigit(r); d == 0 || d == '0' || sound {
				return u, false
			}
			if next, _ := utf8.DecodeRune(buf[at+n:]); next != '十' {
				u.end = at + n
				return u.of(value + int(d-'0')), scaleEnds(buf, u.end)
			}
			continue
		case d != 0 && !sound && d != '0':
			next, m := utf8.DecodeRune(buf[at+n:])
			s := scaleOf(next)
			if s == 0 {
				if scale == 10_000 {
					return u, false
				}
				// The last digit: 八百六 is 860.
				value += int(d-'0') * max(1, scale/10)
				u.end = at + n
				return u.of(value), scaleEnds(buf, u.end)
			}
			if s >= scale {
				return u, false
			}
			value, scale = value+int(d-'0')*s, s
			at += n + m
		case (r == '十' || r == '拾') && at == i:
			value, scale = 10, 10
			at += n
		default:
			if scale == 10_000 {
				return u, false
			}
			u.end = at
			return u.of(value), scaleEnds(buf, at)
		}
	}
	u.end = at
	return u.of(value), scale < 10_000
}

// scaleEnds reports whether no larger number goes on at i: 三十五万.
func scaleEnds(buf []byte, i int) bool {
	r, _ := utf8.DecodeRune(buf[i:])
	if strings.ContainsRune(countedWords, r) {
		return false
	}
	return r != '万' && r != '亿' && !hanScale(r)
}

// countedWords stand behind a number of things.
const countedWords = "个片件张包箱米块元斤克寸本双套瓶盒袋根条支只份颗粒枚卷桶台部辆人名天年月岁度"

// scaleOf is what a word for tens, hundreds or thousands multiplies with, or 0.
func scaleOf(r rune) int {
	switch r {
	case '十', '拾':
		return 10
	case '百', '佰':
		return 100
	case '千', '仟':
		return 1000
	}
	return 0
}

// of is the numeral with a value's digits.
func (u numeral) of(value int) numeral {
	size := uint8(1)
	for v := value; v >= 10; v /= 10 {
		size++
	}
	u.n = size
	for k := size; k > 0; k-- {
		u.digits[k-1] = byte('0' + value%10)
		value /= 10
	}
	return u
}
