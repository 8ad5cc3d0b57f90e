package risk

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// editKind is how an instruction goes on around its verb.
type editKind uint8

const (
	editRemove  editKind = iota // what follows goes
	editRemoved                 // what stands before goes
	editSwap                    // what follows becomes what is named then
	editMeans                   // what stands before is what follows
	editInstead                 // what stands before is put where the other was
)

type (
	editVerb struct {
		word string
		kind editKind
	}
	editSign struct {
		word     string
		is       func(r rune) bool
		brackets bool
	}
	editMark struct {
		word string
		to   []byte
	}
	editTable struct {
		verbs                 [256][]editVerb
		signs, signsEnd       [256][]editSign
		marks                 [256][]editMark
		allMarks              []editMark
		with, articles, tails []string
	}
)

// editSigns are the names of signs.
var editSigns = map[string]string{
	"*※★☆✱⭐✳＊×✖":         "star|stars|asterisk|asterisks|asterix|星号|星星|星|雪花|米字|叉|叉号",
	"#＃♯":                "hash|hashes|hashtag|hashtags|pound|pounds|pound sign|井号|井字|井",
	"-–—―_－~":            "dash|dashes|hyphen|hyphens|minus|minuses|横杠|横线|减号|短横|短线|杠|横|连字符|连接符",
	"_":                  "underscore|underscores|下划线|底线",
	" \u2423\u3000":      "space|spaces|gap|gaps|blank|blanks|spacing|white space|whitespace|空格|空格键|空",
	"+＋➕":                "plus|pluses|plus sign|plus signs|加号|加",
	",，、":                "comma|commas|逗号|顿号",
	"/／\\":               "slash|slashes|斜杠|斜线|backslash|backslashes|反斜杠",
	"\"'“”‘’「」":          "quote|quotes|quotation marks|apostrophe|apostrophes|引号",
	"()[]{}<>（）【】「」〔〕《》": "bracket|brackets|parentheses|parens|braces|括号|括弧|框|框框",
	"^":                  "caret|carets|hat|hats|尖|尖号|尖角|帽子",
	"~～":                 "tilde|tildes|squiggle|squiggles|波浪|波浪号|波浪线",
	"|｜":                 "pipe|pipes|bar|bars|vertical bar|vertical bars|竖线|竖杠",
	"$":                  "dollar|dollars|dollar sign|dollar signs|美元符号|美元",
	"&":                  "ampersand|ampersands|and sign|和号",
	"%":                  "percent|percents|percent sign|percent signs|百分号",
	"!":                  "exclamation|exclamations|exclamation mark|exclamation marks|bang|bangs|感叹号|叹号",
	"?":                  "question mark|question marks|问号",
	"=":                  "equals|equals sign|equals signs|等号|等于号",
	"@":                  "at|ats|at sign|at signs|艾特",
	".…·。":               "dots|full stops|periods|点|点点|省略号",
	"→➡➔⇒>←⬅\u2190":      "arrow|arrows|箭头",
	"\x00*#^~|$%&!+=_":   "symbol|symbols|sign|signs|special characters|符号|特殊符号",
	"\x00":               "emoji|emojis|emoticon|emoticons|smiley|smileys|picture|pictures|heart|hearts|flower|flowers|表情|表情包|图案|爱心|心|小花|花",
	"\x01":               "chinese|chinese characters|chinese character|汉字|中文|中文字|文字|字",
}

var editWords = sync.OnceValue(func() *editTable {
	t := new(editTable)
	var verbs []editVerb
	for list, kind := range map[string]editKind{"remove": editRemove, "removed": editRemoved, "swap": editSwap, "means": editMeans, "instead": editInstead} {
		for _, w := range phrases("edit", list) {
			verbs = append(verbs, editVerb{w, kind})
		}
	}
	slices.SortFunc(verbs, func(a, b editVerb) int {
		return cmp.Or(len(b.word)-len(a.word), strings.Compare(a.word, b.word), cmp.Compare(a.kind, b.kind))
	})
	t.verbs = byFirst(verbs, func(v editVerb) string { return v.word })
	var signs []editSign
	for chars, names := range editSigns {
		is := func(r rune) bool { return r != 0 && strings.ContainsRune(chars, r) }
		switch chars[0] {
		case 0:
			is = func(r rune) bool {
				return r > 1 && strings.ContainsRune(chars, r) || r >= 0x2000 && unicode.In(r, unicode.So, unicode.Sm, unicode.Sk)
			}
		case 1:
			is = func(r rune) bool { return unicode.Is(unicode.Han, r) }
		}
		for name := range strings.SplitSeq(names, "|") {
			signs = append(signs, editSign{name, is, false})
		}
	}
	for name := range strings.SplitSeq("括号里的字|括号里的东西|括号里的内容|括号里的|括号里|括号内的|括号内|括号和里面的|括号跟里面的|bracketed|bracketed bits|bracketed parts|brackets and what's in them|what's in brackets|what's in the brackets|what is in brackets|words in brackets|parts in brackets|bits in brackets|stuff in brackets|in brackets|anything in brackets|everything in brackets", "|") {
		signs = append(signs, editSign{name, nil, true})
	}
	slices.SortFunc(signs, func(a, b editSign) int {
		return cmp.Or(len(b.word)-len(a.word), strings.Compare(a.word, b.word))
	})
	t.signs = byFirst(signs, func(s editSign) string { return s.word })
	for _, s := range signs {
		last := s.word[len(s.word)-1]
		t.signsEnd[last] = append(t.signsEnd[last], s)
	}
	for list, to := range map[string]string{"dot": ".", "at": "@", "slash": "/", "dash": "-", "nothing": ""} {
		for _, w := range phrases("edit", list) {
			t.allMarks = append(t.allMarks, editMark{w, []byte(to)})
		}
	}
	slices.SortFunc(t.allMarks, func(a, b editMark) int {
		return cmp.Or(len(b.word)-len(a.word), strings.Compare(a.word, b.word))
	})
	t.marks = byFirst(t.allMarks, func(m editMark) string { return m.word })
	t.with = phrases("edit", "with")
	slices.SortStableFunc(t.with, func(a, b string) int { return len(b) - len(a) })
	t.articles = strings.Split("all of the|all the|all|the|every|each|those|these|any|both|them|a|an|letter|letters|word|words|extra|single|actual|real|个|一个|上|回|成|所有|所有的|全部|那个|那些|中间的|里面的|里的|这个|英文|半角|掉", "|")
	slices.SortStableFunc(t.articles, func(a, b string) int { return len(b) - len(a) })
	t.tails = strings.Split("都|全|全部|全都|字|两个字|两字|两个|要|请|统统|一律|记得|自己|的|=|is|are|should|must|needs to|to be|can|,|，", "|")
	return t
})

// editTrigger are words that say that the text holds such an instruction.
var editTrigger = []string{
	"remove", "delete", "take out", "leave out", "ignore the", "drop the", "skip the", "lose the", "strip", "without the", "without \"", "no spaces", "no gaps", "without spaces", "omit", "get rid", "replace", "swap", "change the", "turn the", "read the", "stands for", "means", "is a dot", "are dots", "=dot", "= dot", "=.", "= .", "=@", "= @", "dot where", "dot for", "instead of", "for a dot", "is an at", "as a dot", "as dots", "fill the", "minus the",
	"change # to", "change * to", "to an @", "to @", "to a dot", "into a dot", "into dots", "to dots", "with @", "with an @", "with a dot", "with dots", "by a dot", "for an @", "for @", "for dots", "is the at", "is the dot", "is an @", "is @", "take the", "drop every", "take away",
	"去掉", "删掉", "删了", "删除", "去除", "不要", "别要", "拿掉", "拎走", "抠掉", "忽略", "换成", "换点", "改成", "换为", "替换", "变成", "当成", "当作", "代表", "代替", "是点", "是@", "=点", "去星", "去*", "去空格", "去括号", "别打", "不打", "就是点", "读作", "读成", "念点", "无视",
}
