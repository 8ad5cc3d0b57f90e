package risk

import "unicode/utf8"

// What the tokens of a mixed number are made of.

// plainWord is where a word ends at i that is none of the digits' letters, or too long for
// them, and has nothing but letters; or i.
func plainWord(buf []byte, i int) int {
	j, dead := i, i > 0 && (buf[i-1] == '_' || buf[i-1] == '\\')
	for j < len(buf) && isLetter(buf[j]) {
		dead = dead || deadLetters[buf[j]]
		j++
	}
	if j == i || !dead && j-i <= longestLetters+1 || j < len(buf) && (isDigit(buf[j]) || buf[j] == '_' || buf[j] == '$' || buf[j] == '!' || buf[j] == '|' || buf[j] == '&' || buf[j] >= utf8.RuneSelf) {
		return i
	}
	return j
}

// deadLetters look like no digit, neither small nor as capitals.
var deadLetters = func() (dead [256]bool) {
	for c := 'a'; c <= 'z'; c++ {
		dead[c] = leetDigits[c] == 0 && leetCapitals[c-'a'+'A'] == 0
	}
	return dead
}()

// wordEnd is where a word of letters ends at i that is neither a word for a digit, or begins
// with one, nor short and made of letters that look like digits; or i.
func wordEnd(buf []byte, i int) int {
	j, dead := i, false
	for j < len(buf) && isLetter(buf[j]) {
		dead = dead || deadLetters[buf[j]]
		j++
	}
	if j-i < len("one") || !dead && j-i <= longestLetters+1 || j < len(buf) && (isDigit(buf[j]) || buf[j] == '$' || buf[j] == '!' || buf[j] == '|' || buf[j] >= utf8.RuneSelf) {
		return i
	}
	if k := threeLetters(buf[i], buf[i+1], buf[i+2]); k >= 0 && wordStarts[k] {
		return i
	}
	return j
}

// wordStarts are the first three letters of words for digits.
var wordStarts = func() (starts [26 * 26 * 26]bool) {
	add := func(w string) {
		if len(w) < 3 {
			return
		}
		if k := threeLetters(w[0], w[1], w[2]); k >= 0 {
			starts[k] = true
		}
	}
	for c := range 256 {
		for _, lists := range [][]numeralWord{englishNumerals[c], foreignNumerals[c], tens[c], englishSounds[c]} {
			for _, w := range lists {
				add(w.word)
			}
		}
		for _, w := range teens[c] {
			add(w.word)
		}
		for _, w := range multipliers[c] {
			add(w.word)
		}
	}
	return starts
}()

// threeLetters is the place of three letters in a table, or -1.
func threeLetters(a, b, c byte) int {
	if !isLetter(a) || !isLetter(b) || !isLetter(c) {
		return -1
	}
	return (int(a-'a')*26+int(b-'a'))*26 + int(c-'a')
}

// mixedHans are the digits of characters, of numerals and of those that only sound so, and
// whether one begins what children learn digits by.
var mixedHans = func() (t [1 << 16]uint8) {
	t = hanDigits
	for r, d := range mixedSounds {
		if t[r] == 0 {
			t[r] = d | soundsOnly
		}
	}
	for _, list := range pictured {
		for _, w := range list {
			r, _ := utf8.DecodeRuneInString(w.word)
			t[r] |= beginsPicture
		}
	}
	return t
}()

// beginsPicture marks the first character of such a word.
const beginsPicture = 0x40

// mixedSounds are characters that sound like digits, or are written for one, and too
// common or too rare to say so alone.
var mixedSounds = func() map[rune]byte {
	m := map[rune]byte{}
	for k, row := range []string{"冻栋动懂圈蛋零琳林临陵聆伶羚", "逸义议易艺益役译壹翼已忆疑仪移蚁乙亦异抑溢夷宜窑姚遥谣瑶摇耀钥么", "洱饵鹅鸭贰", "叁叄闪善扇", "私饲嗣肆四", "污芜误勿吾侮坞巫乌毋晤", "牛扭浏", "拐怪乖汽器弃启契泣岂祈乞", "坝耙靶跋疤捌发法", "狗沟够钩构勺臼咎"} {
		for _, r := range row {
			m[r] = '0' + byte(k)
		}
	}
	return m
}()

// pictured are the things that children learn digits by.
var pictured = byFirst([]numeralWord{
	{"鸡蛋", '0'},
	{"鸭蛋", '0'},
	{"圈圈", '0'},
	{"圆圈", '0'},
	{"大饼", '0'},
	{"铅笔", '1'},
	{"筷子", '1'},
	{"粉笔", '1'},
	{"棍子", '1'},
	{"木棍", '1'},
	{"鸭子", '2'},
	{"小鸭", '2'},
	{"天鹅", '2'},
	{"大鹅", '2'},
	{"耳朵", '3'},
	{"红旗", '4'},
	{"小旗", '4'},
	{"旗子", '4'},
	{"帆船", '4'},
	{"钩子", '5'},
	{"秤钩", '5'},
	{"衣钩", '5'},
	{"挂钩", '5'},
	{"哨子", '6'},
	{"口哨", '6'},
	{"豆芽", '6'},
	{"镰刀", '7'},
	{"拐杖", '7'},
	{"锄头", '7'},
	{"葫芦", '8'},
	{"麻花", '8'},
	{"眼镜", '8'},
	{"雪人", '8'},
	{"勺子", '9'},
	{"汤勺", '9'},
	{"蝌蚪", '9'},
	{"气球", '9'},
}, numeralWord.text)
