package risk_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"
)

// hiding is one way to hide what a message says.
type hiding struct {
	name  string
	kinds string // those that it suits
	hide  func(r *rand.Rand, s string) string
	// order says that it leaves the characters and changes how they stand.
	order bool
	// told are words behind the message that say how it is to be read.
	told []string
	// not are the ways that make no sense before it.
	not []string
}

func (h *hiding) hides(kind string) bool { return slices.Contains(strings.Fields(h.kinds), kind) }

func (h *hiding) clashes(first hiding) bool { return slices.Contains(h.not, first.name) }

const (
	numberKinds = "phone card person"
	latinKinds  = "email link handle abuse payment"
	allKinds    = numberKinds + " " + latinKinds + " abuse_zh payment_zh"
)

// each writes every character of s as f says.
func each(f func(r *rand.Rand, c rune) string) func(*rand.Rand, string) string {
	return func(r *rand.Rand, s string) string {
		var b strings.Builder
		for _, c := range s {
			b.WriteString(f(r, c))
		}
		return b.String()
	}
}

// digits writes the digits of s as one of the scripts does, of ten characters parted by
// blanks from 0 to 9.
func digits(scripts ...string) func(*rand.Rand, string) string {
	return func(r *rand.Rand, s string) string {
		script := strings.Fields(scripts[r.IntN(len(scripts))])
		return each(func(_ *rand.Rand, c rune) string {
			if c >= '0' && c <= '9' {
				return script[c-'0']
			}
			return string(c)
		})(r, s)
	}
}

// mixed writes about half of the digits of s as f does.
func mixed(f func(*rand.Rand, string) string) func(*rand.Rand, string) string {
	return each(func(r *rand.Rand, c rune) string {
		if r.IntN(2) == 0 {
			return string(c)
		}
		return f(r, string(c))
	})
}

// spelled writes the digits of s as words with a blank or something else between, and
// leaves out what stood between them.
func spelled(between []string, scripts ...string) func(*rand.Rand, string) string {
	return func(r *rand.Rand, s string) string {
		script := strings.Fields(scripts[r.IntN(len(scripts))])
		gap := between[r.IntN(len(between))]
		var out []string
		for _, c := range s {
			if c >= '0' && c <= '9' {
				out = append(out, script[c-'0'])
			}
			if c == 'X' {
				out = append(out, "X")
			}
		}
		return strings.Join(out, gap)
	}
}

// letters writes the letters of s as others that look like them; all of them or a share.
func letters(share float64, tables ...map[rune]string) func(*rand.Rand, string) string {
	return each(func(r *rand.Rand, c rune) string {
		if r.Float64() >= share {
			return string(c)
		}
		if ways := []rune(tables[r.IntN(len(tables))][c]); len(ways) > 0 {
			return string(ways[r.IntN(len(ways))])
		}
		return string(c)
	})
}

// between puts one of marks between all characters of s but those that no mark may
// part.
func between(marks ...string) func(*rand.Rand, string) string {
	return func(r *rand.Rand, s string) string {
		mark := marks[r.IntN(len(marks))]
		return partedBy(func() string { return mark }, s)
	}
}

// bare is the characters of s without what parts the groups of a number.
func bare(s string) string {
	if strings.ContainsFunc(s, func(c rune) bool { return unicode.IsLetter(c) && c != 'X' && !unicode.Is(unicode.Han, c) }) {
		return s
	}
	return strings.Map(func(c rune) rune {
		if strings.ContainsRune(" -()+", c) {
			return -1
		}
		return c
	}, s)
}

func partedBy(mark func() string, s string) string {
	var b strings.Builder
	for k, c := range clusters(bare(s)) {
		if k > 0 {
			b.WriteString(mark())
		}
		b.WriteString(c)
	}
	return b.String()
}

// clusters are the characters of s with what belongs to each.
func clusters(s string) []string {
	var out []string
	for _, c := range s {
		if len(out) > 0 && unicode.In(c, unicode.Mn, unicode.Me, unicode.Cf) {
			out[len(out)-1] += string(c)
			continue
		}
		out = append(out, string(c))
	}
	return out
}

// groups puts marks between groups of two to four characters.
func groups(marks ...string) func(*rand.Rand, string) string {
	return func(r *rand.Rand, s string) string {
		mark := marks[r.IntN(len(marks))]
		var b strings.Builder
		all := clusters(bare(s))
		for len(all) > 0 {
			n := min(len(all), 2+r.IntN(3))
			if len(all)-n == 1 {
				n = len(all)
			}
			b.WriteString(strings.Join(all[:n], ""))
			if all = all[n:]; len(all) > 0 {
				b.WriteString(mark)
			}
		}
		return b.String()
	}
}

// turned is s from its end.
func turned(_ *rand.Rand, s string) string {
	all := clusters(s)
	slices.Reverse(all)
	return strings.Join(all, "")
}

// cutIn sends s in n messages, with others between if there are any.
func cutIn(most int, fillers ...string) func(*rand.Rand, string) string {
	return func(r *rand.Rand, s string) string {
		all := clusters(s)
		n := min(2+r.IntN(most-1), max(2, len(all)/2))
		var b strings.Builder
		for k := range n {
			b.WriteString(strings.TrimSpace(strings.Join(all[k*len(all)/n:(k+1)*len(all)/n], "")))
			if k+1 == n {
				break
			}
			b.WriteString(" ¶ ")
			if len(fillers) > 0 && r.IntN(2) == 0 {
				b.WriteString(fillers[r.IntN(len(fillers))] + " ¶ ")
			}
		}
		return b.String()
	}
}

// marked writes an address with its marks as words.
func marked(ats, dots []string) func(*rand.Rand, string) string {
	return func(r *rand.Rand, s string) string {
		s = strings.TrimPrefix(s, "https://")
		local, host, mail := strings.Cut(s, "@")
		dot := dots[r.IntN(len(dots))]
		if !mail {
			return strings.ReplaceAll(s, ".", dot)
		}
		return local + ats[r.IntN(len(ats))] + strings.ReplaceAll(host, ".", dot)
	}
}

var (
	cyrillic = map[rune]string{'a': "а", 'c': "с", 'd': "ԁ", 'e': "е", 'h': "һ", 'i': "і", 'j': "ј", 'k': "к", 'm': "м", 'o': "о", 'p': "р", 'q': "ԛ", 's': "ѕ", 't': "т", 'v': "ѵ", 'w': "ԝ", 'x': "х", 'y': "у", 'A': "А", 'B': "В", 'C': "С", 'E': "Е", 'H': "Н", 'K': "К", 'M': "М", 'O': "О", 'P': "Р", 'T': "Т", 'X': "Х", 'W': "Ԝ", 'Q': "Ԛ"}
	greek    = map[rune]string{'a': "α", 'b': "β", 'e': "ε", 'i': "ι", 'k': "κ", 'n': "η", 'o': "ο", 'p': "ρ", 't': "τ", 'u': "υ", 'v': "ν", 'w': "ω", 'x': "χ", 'y': "γ"}
	smallCap = map[rune]string{'a': "ᴀ", 'b': "ʙ", 'c': "ᴄ", 'd': "ᴅ", 'e': "ᴇ", 'f': "ꜰ", 'g': "ɢ", 'h': "ʜ", 'i': "ɪ", 'j': "ᴊ", 'k': "ᴋ", 'l': "ʟ", 'm': "ᴍ", 'n': "ɴ", 'o': "ᴏ", 'p': "ᴘ", 'r': "ʀ", 's': "ꜱ", 't': "ᴛ", 'u': "ᴜ", 'v': "ᴠ", 'w': "ᴡ", 'y': "ʏ", 'z': "ᴢ"}
	armenian = map[rune]string{'g': "ց", 'h': "հ", 'n': "ո", 'o': "օ", 'p': "ք", 'q': "զ", 'u': "ս", 'S': "Տ", 'O': "Օ", 'L': "Լ"}
	cherokee = map[rune]string{'A': "Ꭺ", 'B': "Ᏼ", 'C': "Ꮯ", 'D': "Ꭰ", 'E': "Ꭼ", 'G': "Ꮐ", 'H': "Ꮋ", 'J': "Ꭻ", 'K': "Ꮶ", 'L': "Ꮮ", 'M': "Ꮇ", 'P': "Ꮲ", 'R': "Ꮢ", 'S': "Ꮪ", 'T': "Ꭲ", 'V': "Ꮩ", 'W': "Ꮃ", 'Z': "Ꮓ"}
	accented = map[rune]string{'a': "áàâäãåāăą", 'c': "çćč", 'd': "ďđ", 'e': "éèêëēęě", 'g': "ğģ", 'h': "ĥħ", 'i': "íìîïīį", 'k': "ķ", 'l': "ĺļľł", 'm': "ḿṁ", 'n': "ñńň", 'o': "óòôöõøō", 'p': "ṕṗ", 'r': "ŕř", 's': "śšş", 't': "ťţŧ", 'u': "úùûüūů", 'v': "ṽ", 'w': "ŵẁẃẅ", 'x': "ẋẍ", 'y': "ýÿŷ", 'z': "źžż"}
	leetTo   = map[rune]string{'a': "4@", 'e': "3", 'i': "1!", 'l': "1", 'o': "0", 's': "5$", 't': "7", 'b': "8", 'g': "9"}
	toLetter = map[rune]string{'0': "oO", '1': "lI", '2': "zZ", '5': "sS", '8': "B", '9': "g", '6': "G", '3': "E", '4': "A", '7': "T"}
	toOIL    = map[rune]string{'0': "oO", '1': "lI", '2': "zZ", '5': "sS"}
)

// script is the ten digits that begin at a character.
func script(zero rune) string {
	var out []string
	for k := range rune(10) {
		out = append(out, string(zero+k))
	}
	return strings.Join(out, " ")
}

const (
	hanDigits    = "零 一 二 三 四 五 六 七 八 九"
	ringDigits   = "〇 一 二 三 四 五 六 七 八 九"
	formalDigits = "零 壹 贰 叁 肆 伍 陆 柒 捌 玖"
	tradDigits   = "零 壹 貳 參 肆 伍 陸 柒 捌 玖"
	radioDigits  = "洞 幺 两 三 四 五 六 拐 八 勾"
	soundDigits  = "灵 衣 儿 伞 死 舞 溜 妻 爸 酒"
	words        = "zero one two three four five six seven eight nine"
	wordsOh      = "oh one two three four five six seven eight nine"
	capitals     = "ZERO ONE TWO THREE FOUR FIVE SIX SEVEN EIGHT NINE"
	pinyinDigits = "ling yao er san si wu liu qi ba jiu"
	circled      = "⓪ ① ② ③ ④ ⑤ ⑥ ⑦ ⑧ ⑨"
	filled       = "⓿ ❶ ❷ ❸ ❹ ❺ ❻ ❼ ❽ ❾"
	inBrackets   = "(0) ⑴ ⑵ ⑶ ⑷ ⑸ ⑹ ⑺ ⑻ ⑼"
	withDots     = "0. ⒈ ⒉ ⒊ ⒋ ⒌ ⒍ ⒎ ⒏ ⒐"
	hanCircled   = "〇 ㊀ ㊁ ㊂ ㊃ ㊄ ㊅ ㊆ ㊇ ㊈"
	hanBrackets  = "〇 ㈠ ㈡ ㈢ ㈣ ㈤ ㈥ ㈦ ㈧ ㈨"
	superscripts = "⁰ ¹ ² ³ ⁴ ⁵ ⁶ ⁷ ⁸ ⁹"
	subscripts   = "₀ ₁ ₂ ₃ ₄ ₅ ₆ ₇ ₈ ₉"
	keycaps      = "0️⃣ 1️⃣ 2️⃣ 3️⃣ 4️⃣ 5️⃣ 6️⃣ 7️⃣ 8️⃣ 9️⃣"
	romans       = "0 Ⅰ Ⅱ Ⅲ Ⅳ Ⅴ Ⅵ Ⅶ Ⅷ Ⅸ"
	romanSmall   = "0 ⅰ ⅱ ⅲ ⅳ ⅴ ⅵ ⅶ ⅷ ⅸ"
	suzhou       = "〇 〡 〢 〣 〤 〥 〦 〧 〨 〩"
)

// notOrdered are the ways whose characters mean something in their order only.
var notOrdered = []string{"words", "words_glued", "words_some", "pinyin", "brackets", "spelled_marks", "marks_zh", "scheme", "override"}

var hidings = []hiding{
	{name: "none", kinds: allKinds, hide: func(_ *rand.Rand, s string) string { return s }},
	{name: "wide", kinds: allKinds, hide: each(func(_ *rand.Rand, c rune) string {
		if c > ' ' && c < 0x7f {
			return string(c - '!' + 0xff01)
		}
		return string(c)
	})},
	{name: "wide_some", kinds: allKinds, hide: each(func(r *rand.Rand, c rune) string {
		if c > ' ' && c < 0x7f && r.IntN(2) == 0 {
			return string(c - '!' + 0xff01)
		}
		return string(c)
	})},
	{name: "zero_width", kinds: allKinds, hide: each(func(r *rand.Rand, c rune) string {
		return string(c) + string([]rune{0x200b, 0x200c, 0x200d, 0x2060, 0xfeff, 0xad, 0x180e, 0x2063}[r.IntN(8)])
	})},
	{name: "bidi", kinds: allKinds, hide: each(func(r *rand.Rand, c rune) string {
		return string(c) + string([]rune{0x200e, 0x200f, 0x202a, 0x202c, 0x2066, 0x2069}[r.IntN(6)])
	})},
	{name: "override", kinds: allKinds, hide: func(r *rand.Rand, s string) string { return "\u202e" + turned(r, s) + "\u202c" }},
	{name: "tags", kinds: allKinds, hide: each(func(r *rand.Rand, c rune) string { return string(c) + string(0xe0061+rune(r.IntN(20))) })},
	{name: "variation", kinds: allKinds, hide: each(func(_ *rand.Rand, c rune) string { return string(c) + "\ufe0f" })},

	{name: "lookalike_all", kinds: latinKinds, hide: letters(1, cyrillic)},
	{name: "lookalike_some", kinds: latinKinds, hide: letters(0.5, cyrillic, greek, armenian, cherokee)},
	{name: "greek", kinds: latinKinds, hide: letters(1, greek)},
	{name: "small_caps", kinds: latinKinds, hide: letters(1, smallCap)},
	{name: "math", kinds: latinKinds + " phone card", hide: func(r *rand.Rand, s string) string {
		block := r.IntN(5)
		return each(func(_ *rand.Rand, c rune) string {
			switch {
			case c >= 'a' && c <= 'z':
				return string([]rune{0x1d41a, 0x1d5ba, 0x1d68a, 0x24d0, 0x1d4ea}[block] + c - 'a')
			case c >= '0' && c <= '9':
				return string([]rune{0x1d7ce, 0x1d7e2, 0x1d7f6, 0x1d7d8, 0x1d7ec}[block] + c - '0')
			}
			return string(c)
		})(r, s)
	}},
	{name: "squares", kinds: latinKinds, hide: each(func(_ *rand.Rand, c rune) string {
		if c >= 'a' && c <= 'z' {
			return string(0x1f130 + c - 'a')
		}
		return string(c)
	})},
	{name: "accents", kinds: latinKinds, hide: letters(0.7, accented)},
	{name: "combining", kinds: latinKinds + " phone card", hide: each(func(r *rand.Rand, c rune) string {
		return string(c) + string(0x300+rune(r.IntN(0x40)))
	})},
	{name: "leet", kinds: "abuse payment handle", hide: letters(0.5, leetTo)},
	{name: "upper", kinds: latinKinds, hide: func(_ *rand.Rand, s string) string { return strings.ToUpper(s) }},

	{name: "letters", kinds: "phone", hide: letters(1, toOIL)},
	{name: "letters_most", kinds: "phone", hide: letters(0.7, toOIL)},
	{name: "letters_some", kinds: "phone", hide: letters(0.5, toLetter)},
	{name: "words", kinds: numberKinds, hide: spelled([]string{" ", "-", " ", ", ", ". ", "\n"}, words, wordsOh, capitals)},
	{name: "words_glued", kinds: numberKinds, hide: spelled([]string{""}, words, capitals)},
	{name: "words_some", kinds: numberKinds, hide: func(r *rand.Rand, s string) string {
		return strings.Join(strings.Fields(mixed(each(func(_ *rand.Rand, c rune) string { return " " + digits(words)(r, string(c)) + " " }))(r, bare(s))), " ")
	}},
	{name: "pinyin", kinds: numberKinds, hide: spelled([]string{" ", "-", " "}, pinyinDigits)},
	{name: "numerals_zh", kinds: numberKinds, hide: digits(hanDigits, ringDigits)},
	{name: "formal", kinds: numberKinds, hide: digits(formalDigits, tradDigits)},
	{name: "radio", kinds: numberKinds, hide: digits(radioDigits)},
	{name: "sounds", kinds: numberKinds, hide: digits(soundDigits)},
	{name: "zh_some", kinds: numberKinds, hide: mixed(digits(hanDigits, formalDigits, radioDigits))},
	{name: "circled", kinds: numberKinds, hide: digits(circled, filled)},
	{name: "brackets", kinds: numberKinds, hide: digits(inBrackets, withDots)},
	{name: "circled_zh", kinds: numberKinds, hide: digits(hanCircled, hanBrackets)},
	{name: "super", kinds: numberKinds, hide: digits(superscripts, subscripts)},
	{name: "keycaps", kinds: numberKinds, hide: digits(keycaps)},
	{name: "roman", kinds: numberKinds, hide: digits(romans, romanSmall)},
	{name: "suzhou", kinds: numberKinds, hide: digits(suzhou)},
	{name: "scripts", kinds: numberKinds, hide: digits(script(0x660), script(0x6f0), script(0x966), script(0x9e6), script(0xe50), script(0xbe6), script(0x1040), script(0xff10))},
	{name: "all_sorts", kinds: numberKinds, hide: each(func(r *rand.Rand, c rune) string {
		return digits(hanDigits, formalDigits, circled, keycaps, superscripts, script('0'), script(0xff10), script(0x660))(r, string(c))
	})},

	{name: "spelled_marks", kinds: "email link", hide: marked(
		[]string{" at ", " (at) ", "[at]", " AT ", "{at}", " at sign ", " @ ", "<at>"},
		[]string{" dot ", " (dot) ", "[dot]", " DOT ", "{dot}", "(.)", "[.]", " d0t ", "<dot>", " . "})},
	{name: "marks_zh", kinds: "email link", hide: marked(
		[]string{"艾特", "圈a", " 艾特 ", "＠", "（艾特）", "小老鼠", "(at)", "【at】"},
		[]string{"点", " 点 ", "（点）", "。", "【点】", "(点)", "・", "丶"})},
	{name: "mark_signs", kinds: "link", hide: marked(nil, []string{"•", "●", "·", " . ", "．", "｡", "﹒", "‧", "🔴", "[.]"})},
	{name: "scheme", kinds: "link", hide: func(r *rand.Rand, s string) string {
		return []string{"hxxp://", "http:// ", "HTTPS://", "h t t p s : / / ", "https:\\\\"}[r.IntN(5)] + strings.TrimPrefix(s, "https://")
	}},

	{name: "dots", kinds: "phone abuse handle card", hide: between(".", "·", "。", "•"), order: true, not: notOrdered},
	{name: "blanks", kinds: allKinds, hide: between(" "), order: true, not: notOrdered},
	{name: "wide_blanks", kinds: numberKinds + " abuse abuse_zh", hide: between("  ", "\u3000", "\u2009", "\u00a0"), order: true, not: notOrdered},
	{name: "lines", kinds: numberKinds + " abuse", hide: between("\n"), order: true, not: notOrdered},
	{name: "hyphens", kinds: numberKinds + " abuse abuse_zh payment_zh", hide: between("-", " - ", "—", "–"), order: true, not: notOrdered},
	{name: "stars", kinds: numberKinds + " abuse abuse_zh payment_zh", hide: between("*", "~", "_", "|", "/", "^", "#", "+", "=", "`", "'"), order: true, not: notOrdered},
	{name: "commas", kinds: numberKinds, hide: between(",", ", ", "，", "、"), order: true, not: notOrdered},
	{name: "emoji", kinds: numberKinds + " abuse abuse_zh payment_zh", hide: between("🍀", "❤️", "⭐", "👉", "🔥", "📞", "➡️", "✨"), order: true, not: notOrdered},
	{name: "brackets_each", kinds: "phone abuse abuse_zh", hide: func(r *rand.Rand, s string) string {
		way := []string{"(%)", "[%]", "【%】", "{%}", "<%>", "「%」"}[r.IntN(6)]
		var b strings.Builder
		for _, c := range clusters(bare(s)) {
			b.WriteString(strings.Replace(way, "%", c, 1))
		}
		return b.String()
	}, order: true, not: notOrdered},
	{name: "letter_x", kinds: "phone", hide: between("x", "a", "z", "k"), order: true, not: append([]string{"letters", "letters_some"}, notOrdered...)},
	{name: "letter_groups", kinds: "phone", hide: groups("a", "y", "k"), order: true, not: append([]string{"letters", "letters_some"}, notOrdered...)},
	{name: "word_groups", kinds: "phone", hide: groups(" dash ", " space ", " then ", " and then ", " 杠 ", "空格", " ... ", "然后", " hyphen ", " 减 ", "再", "横杠", " next ", " - "), order: true, not: notOrdered},
	{name: "mark_groups", kinds: "phone", hide: groups(".", "/", "·", "*", "|", "_", "~", "—", " ", "\n", " | ", ", ", "🍀", "、", "++", "…"), order: true, not: notOrdered},
	{name: "word_marks", kinds: "phone", hide: between(" then ", " dash ", " 然后 ", "杠", "空格", " and ", "啊", "呢"), order: true, not: notOrdered},

	{name: "reversed", kinds: allKinds, hide: turned, order: true, told: []string{" (backwards)", " 倒着看", " read it in reverse", "（反过来）", " - reversed"}, not: notOrdered},
	{name: "split", kinds: allKinds, hide: cutIn(4), order: true, not: notOrdered},
	{name: "split_filled", kinds: numberKinds + " handle email abuse", hide: cutIn(4, "ok", "wait", "sorry", "so", "嗯", "稍等", "then", "然后", "got it?", "1 sec"), order: true, not: notOrdered},
}
