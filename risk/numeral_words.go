package risk

import "strings"

// numeralWord is a word for one digit.
type numeralWord struct {
	word  string
	digit byte
}

func (n numeralWord) text() string { return n.word }

// teens are the words for two digits, and tens those for the first of two: what
// follows them may be the second ("forty two"), or it is a zero.
var teens = byFirst([]teen{
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
}, func(t teen) string { return t.word })

type teen struct {
	word   string
	digits [2]byte
}

var tens = byFirst([]numeralWord{
	{"twenty", '2'}, {"thirty", '3'}, {"forty", '4'}, {"fifty", '5'}, {"sixty", '6'}, {"seventy", '7'}, {"eighty", '8'}, {"ninety", '9'},
}, numeralWord.text)

// pinyinNumerals are the words for digits in the Latin letters for Chinese. Most
// are parts of English words, so that only some of them give reason to look.
var pinyinNumerals = byFirst([]numeralWord{
	{"ling", '0'}, {"yao", '1'}, {"yi", '1'}, {"er", '2'}, {"liang", '2'}, {"san", '3'}, {"si", '4'}, {"wu", '5'}, {"liu", '6'}, {"qi", '7'}, {"ba", '8'}, {"jiu", '9'},
}, numeralWord.text)

// englishNumerals are the words for digits, and spellings that are nothing else.
var englishNumerals = byFirst(append(halfWritten("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"), []numeralWord{
	{"zero", '0'},
	{"one", '1'},
	{"two", '2'},
	{"three", '3'},
	{"four", '4'},
	{"five", '5'},
	{"six", '6'},
	{"seven", '7'},
	{"eight", '8'},
	{"niner", '9'},
	{"nine", '9'},
	{"nil", '0'},
	{"null", '0'},
	{"nought", '0'},
	{"naught", '0'},
	{"zilch", '0'},
	{"oh", '0'},
	{"zer0", '0'},
	{"wun", '1'},
	{"wan", '1'},
	{"tu", '2'},
	{"tew", '2'},
	{"thre", '3'},
	{"thri", '3'},
	{"foar", '4'},
	{"fower", '4'},
	{"faiv", '5'},
	{"fife", '5'},
	{"fyv", '5'},
	{"siks", '6'},
	{"sicks", '6'},
	{"sevn", '7'},
	{"sevin", '7'},
	{"ait", '8'},
	{"eyt", '8'},
	{"nein", '9'},
	{"nain", '9'},
	{"nyn", '9'},
	{"ziro", '0'},
	{"zeero", '0'},
	{"xero", '0'},
	{"zro", '0'},
	{"wone", '1'},
	{"twoo", '2'},
	{"fiv", '5'},
	{"phive", '5'},
	{"seben", '7'},
	{"sevan", '7'},
	{"nien", '9'},
	{"nyne", '9'},
	{"nayn", '9'},
	{"niine", '9'},
	{"nighn", '9'},
	{"zerro", '0'},
	{"zeroh", '0'},
	{"zeeroh", '0'},
	{"wunn", '1'},
	{"wonn", '1'},
	{"tuu", '2'},
	{"tooo", '2'},
	{"thrree", '3'},
	{"thuree", '3'},
	{"foor", '4'},
	{"forr", '4'},
	{"fohr", '4'},
	{"phour", '4'},
	{"phor", '4'},
	{"fyve", '5'},
	{"faive", '5'},
	{"fiive", '5'},
	{"sixx", '6'},
	{"sickss", '6'},
	{"syx", '6'},
	{"sevun", '7'},
	{"sevven", '7'},
	{"svn", '7'},
	{"eigt", '8'},
	{"ayt", '8'},
	{"eyte", '8'},
}...), numeralWord.text)

// halfWritten are words for the digits from zero on with some of their letters, or the
// first, as digits: f1ve, 5ive.
func halfWritten(words ...string) []numeralWord {
	var out []numeralWord
	for k, w := range words {
		d := byte('0' + k)
		out = append(out, numeralWord{string(d) + w[1:], d})
		var places []int
		for at := range w {
			if asDigits[w[at]] != 0 {
				places = append(places, at)
			}
		}
		for set := 1; set < 1<<len(places); set++ {
			b := []byte(w)
			for n, at := range places {
				if set&(1<<n) != 0 {
					b[at] = asDigits[b[at]]
				}
			}
			out = append(out, numeralWord{string(b), d})
		}
	}
	return append(out, numeralWord{"3ree", '3'})
}

// asDigits are the digits that letters of these words are written as.
var asDigits = [256]byte{'o': '0', 'i': '1', 'e': '3', 's': '5', 't': '7'}

// foreignNumerals are words for digits of other languages that shops' customers speak:
// Spanish, French, German, Malay, Hindi and Japanese, and Roman numerals. Some are words of English, so that
// only several in a row count.
var foreignNumerals = byFirst(foreignWords(
	"cero uno dos tres cuatro cinco seis siete ocho nueve",
	"zero un deux trois quatre cinq six sept huit neuf",
	"null eins zwei drei vier funf sechs sieben acht neun",
	"null ein zwo drei vier fuenf sechs sieben acht neun",
	"kosong satu dua tiga empat lima enam tujuh lapan sembilan",
	"sifar satu dua tiga empat lima enam tujuh delapan sembilan",
	"shunya ek do teen char paanch chhe saat aath nau",
	"shoonya ek do tin chaar panch che sat aat nau",
	"zero i ii iii iv v vi vii viii ix",
	"rei ichi ni san yon go roku nana hachi kyu",
), numeralWord.text)

// foreignWords are words for the digits from zero on, a language in each row.
func foreignWords(rows ...string) []numeralWord {
	var out []numeralWord
	for _, row := range rows {
		for k, w := range strings.Fields(row) {
			out = append(out, numeralWord{w, byte('0' + k)})
		}
	}
	return out
}

// englishSounds are ordinary words that sound like digits. They only count
// between words for digits.
var englishSounds = byFirst([]numeralWord{
	{"to", '2'}, {"too", '2'}, {"for", '4'}, {"fore", '4'}, {"won", '1'}, {"tree", '3'}, {"free", '3'}, {"ate", '8'}, {"sex", '6'}, {"o", '0'},
}, numeralWord.text)

// hanNumerals are the characters that mean digits.
var hanNumerals = map[rune]byte{
	'零': '0', '〇': '0', '洞': '0', '○': '0', '一': '1', '壹': '1', '幺': '1', '弌': '1', '二': '2', '贰': '2', '两': '2', '弍': '2', '三': '3', '叁': '3', '参': '3', '弎': '3', '四': '4', '肆': '4', '五': '5', '伍': '5',
	'六': '6', '陆': '6', '七': '7', '柒': '7', '拐': '7', '八': '8', '捌': '8', '九': '9', '玖': '9', '勾': '9',
	'〡': '1', '〢': '2', '〣': '3', '〤': '4', '〥': '5', '〦': '6', '〧': '7', '〨': '8', '〩': '9', // as merchants wrote them
}

// hanSounds are characters that sound like digits. Only several in an unbroken
// row of them count.
var hanSounds = func() map[rune]byte {
	m := map[rune]byte{}
	for k, row := range []string{"灵铃令另玲领凌岭龄淋菱", "衣医依伊以易怡妖腰要邀意姨亿椅遗夭咬药", "尔耳儿而饿迩俩而", "散伞山仨叄衫删珊", "思斯丝司事寺是死似撕肆试史施时视师", "武舞午无吴屋物捂悟雾务污呜", "流溜刘留柳榴硫碌遛瘤", "起妻骑其期气齐戚器欺奇棋旗企琪凄漆骐", "把吧巴爸扒霸罢叭疤芭拔", "酒久就旧救玖韭舅究揪纠灸"} {
		for _, r := range row {
			if hanNumerals[r] == 0 {
				m[r] = '0' + byte(k)
			}
		}
	}
	return m
}()

// hanDigits are the digits of both by their characters.
var hanDigits = func() (t [1 << 16]uint8) {
	for r, d := range hanSounds {
		t[r] = d | soundsOnly
	}
	for r, d := range hanNumerals {
		t[r] = d
	}
	return t
}()

// soundsOnly marks the digit of a character that only sounds like it.
const soundsOnly = 0x80

// hanDigit is the digit that r means or sounds like, or 0.
func hanDigit(r rune) (d byte, sound bool) {
	if r >= 1<<16 {
		return 0, false
	}
	d = hanDigits[r]
	return d &^ soundsOnly, d&soundsOnly != 0
}

// minSounds is how many characters that only sound like digits must stand in a
// row of numerals.
const minSounds = 4

// multipliers stand before a numeral that is meant more than once.
var multipliers = byFirst([]multiplier{{"double", 2}, {"dbl", 2}, {"triple", 3}, {"treble", 3}, {"quad", 4}, {"quadruple", 4}}, func(m multiplier) string { return m.word })

type multiplier struct {
	word  string
	count uint8
}

// separatorWords are read as a separator between numerals.
var separatorWords = wordSet(
	"dash", "hyphen", "minus", "dot", "space", "point", "hundred", "hundred and", "and", "comma", "slash", "star", "hash", "underscore", "pause", "uh", "um", "uhm", "umm", "er", "erm", "hmm", "like",
	"杠", "横杠", "横", "减", "空格", "空", "点", "短横", "斜杠", "逗号",
	"啊", "呢", "哦", "嗯", "的", "哈", "呀", "呃", "额", "嘛", "吧", "哎", "诶", "哟", "咯", "啦", "嘞", "喽", "噢", "喔", "唉", "哇", "那", "这个", "那个",
)

// sequenceWords stand between the parts of a number that is told part by part.
var sequenceWords = wordSet(
	"then", "and then", "after that", "followed by", "plus", "next", "and next", "finally", "and finally", "middle", "last", "lastly", "after", "afterwards", "later", "with", "now", "ending", "ending in", "ends with", "again",
	"然后", "然后呢", "然后是", "之后", "之后是", "接着", "接着是", "接下来", "后面", "后面是", "最后", "最后是", "完了", "完了是", "中间", "中间是", "再", "再来", "再加", "跟", "跟着", "加", "加上", "还有", "接", "后接", "再接", "尾数", "末尾", "结尾", "其次", "随后", "紧接着", "再然后", "后边", "后边是",
)

func wordSet(words ...string) map[string]struct{} {
	m := make(map[string]struct{}, len(words))
	for _, w := range words {
		m[w] = struct{}{}
	}
	return m
}

// numeralWords are the words that count towards the reading of numerals.
func numeralWords() []string {
	words := []string{"twenty", "thirty", "forty", "fifty", "twelve", "eleven", "ten", "thirteen", "fifteen", " won", " too", " ate", "tree", "fore"}
	for _, list := range englishNumerals {
		for _, n := range list {
			words = append(words, n.word)
		}
	}
	for r := range hanNumerals {
		words = append(words, string(r))
	}
	for r := range hanSounds {
		words = append(words, string(r))
	}
	return words
}
