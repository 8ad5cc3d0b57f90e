package risk

import (
	"slices"
	"strings"
)

// spelledMark is a dot, an at, a slash or an underscore that is written as a word.
type spelledMark struct {
	word string
	mark byte
	// sure says that the word means the mark wherever it stands between two
	// names; others need a top-level domain behind them.
	sure bool
}

// spelledMarks are the marks by the first byte of their words: a text is asked at
// each of its characters.
var spelledMarks = func() [256][]spelledMark {
	list := []spelledMark{
		{"at", '@', false},
		{"a", '@', false}, // in brackets only
		{"d", '.', false}, // the same
		{"圈", '@', false},
		{"在", '@', false},
		{"#", '@', false},
		{"@t", '@', false},
		{"period", '.', false},
		{"point", '.', false},
		{"。", '.', false},
		{".", '.', false},
		{",", '.', false},
		{"/", '/', false},
		{"@", '@', true},
	}
	for w := range strings.SplitSeq("at sign|at symbol|symbol at|sign at|insert at|shift+2|arroba|arobase|the @ thing|the at thing|the usual sign|the at symbol|at-sign|little with the a in a circle|with the a in the circle|the a in a circle|a in a circle|a in the circle|snail sign|snail|swirly a|curly a|a with the circle|a with the circle|a with a circle|at the rate of|at the rate|shift 2|shift-2|klammeraffe|monkey tail|att|aat|aht|%40|swirl|swirly thing|squiggle|strudel|monkey|🐭|🐁|🐀|🐌|🌀|🐒|🐵|爱她|爱他|爱它|挨特|唉特|哎特|艾塔|阿特|诶特|欸特|爱踢|艾踢|a加圈|a加个圈|带圈的a|带圈a|圈起来的a|圈住的a|花体a|圆圈a|小圈a|圈儿a|蜗牛|鼠标|耗子|花a|艾特符号|艾特|艾忒|爱特|埃特|at符号|圈圈a的符号|圈圈a|圈a|a圈|@圈|小老鼠|老鼠", "|") {
		list = append(list, spelledMark{w, '@', true})
	}
	for w := range strings.SplitSeq("中间点|中间一点|中间有点|dot sign|insert dot|加点加|full stop|fullstop|punto|ponto|punkt|小数点|句号|句点|英文句号|英文句点|英文点|点号|小点|圆点|小黑点|黑点|滴奥特|滴啊特|迪奥特|的奥特|豆特|逗特|豆|逗|titik|dott|doot|daht|doht|spot|punct|点儿|点|奌|典|逗号|dawt", "|") {
		list = append(list, spelledMark{w, '.', false})
	}
	for w := range strings.SplitSeq("dot|dee oh tee|d0t|d.o.t|d o t|d-o-t", "|") {
		list = append(list, spelledMark{w, '.', true})
	}
	for w := range strings.SplitSeq("slash|forward slash|斜杠|斜线", "|") {
		list = append(list, spelledMark{w, '/', true})
	}
	for w := range strings.SplitSeq("hyphen|dash|minus|横杠|减号|短横线|中划线", "|") {
		list = append(list, spelledMark{w, '-', true})
	}
	for w := range strings.SplitSeq("underscore|下划线|底线", "|") {
		list = append(list, spelledMark{w, '_', true})
	}
	slices.SortStableFunc(list, func(a, b spelledMark) int { return len(b.word) - len(a.word) })
	return byFirst(list, func(m spelledMark) string { return m.word })
}()

// spelledDomains are other ways to write a top-level domain, the longest first.
var spelledDomains = byFirst(slices.SortedStableFunc(slices.Values([]spelledDomain{
	{"扣母", "com"},
	{"肯姆", "com"},
	{"肯母", "com"},
	{"抗姆", "com"},
	{"空母", "com"},
	{"c○m", "com"},
	{"c〇m", "com"},
	{"c⭕m", "com"},
	{"c*m", "com"},
	{"扣姆", "com"},
	{"康木", "com"},
	{"康姆", "com"},
	{"康母", "com"},
	{"抗母", "com"},
	{"空姆", "com"},
	{"科姆", "com"},
	{"科母", "com"},
	{"靠姆", "com"},
	{"kom", "com"},
	{"comm", "com"},
	{"c0m", "com"},
	{"c om", "com"},
	{"co m", "com"},
	{"康", "com"},
	{"扣恩", "com"},
	{"com母", "com"},
	{"恩一特", "net"},
	{"耐特", "net"},
	{"内特", "net"},
	{"西西", "cc"},
	{"西恩恩", "cn"},
	{"see see", "cc"},
	{"eye en", "in"},
	{"sea oh", "co"},
	{"see oh", "co"},
	{"cee oh em", "com"},
	{"cee oh", "co"},
	{"奈特", "net"},
	{"n3t", "net"},
	{"西恩", "cn"},
	{"see oh em", "com"},
	{"see oh emm", "com"},
	{"sea oh em", "com"},
	{"see ay", "ca"},
	{"see en", "cn"},
	{"en ee tee", "net"},
	{"oh are gee", "org"},
	{"you kay", "uk"},
	{"yoo kay", "uk"},
	{"dee ee", "de"},
	{"ess gee", "sg"},
	{"eye oh", "io"},
}), func(a, b spelledDomain) int { return len(b.word) - len(a.word) }), func(d spelledDomain) string { return d.word })

type spelledDomain struct{ word, domain string }

// spelledHosts are hosts of mail by other names.
var spelledHosts = byFirst(slices.Concat(cutHosts(), []spelledDomain{
	{"g mail", "gmail"},
	{"google mail", "gmail"},
	{"g妹儿", "gmail"},
	{"g妹", "gmail"},
	{"hot mail", "hotmail"},
	{"out look", "outlook"},
	{"i cloud", "icloud"},
	{"谷歌", "gmail"},
	{"新浪", "sina"},
	{"网易", "163"},
	{"雅虎", "yahoo"},
	{"搜狐", "sohu"},
	{"腾讯", "qq"},
	{"扣扣", "qq"},
	{"阿里云", "aliyun"},
	{"一六三", "163"},
	{"幺六三", "163"},
	{"一二六", "126"},
	{"幺二六", "126"},
	{"一三九", "139"},
	{"幺三九", "139"},
}), func(d spelledDomain) string { return d.word })

// cutHosts are hosts of mail in two words: ya hoo.
func cutHosts() (out []spelledDomain) {
	for _, host := range mailHosts {
		for k := 1; k < len(host); k++ {
			if isLetter(host[k]) && len(host) > 4 {
				out = append(out, spelledDomain{host[:k] + " " + host[k:], host})
			}
		}
	}
	return out
}

// doubledMarks are the marks that are written twice to hide an address.
var doubledMarks = []spelledMark{{"@", '@', true}, {".", '.', true}, {"。", '.', true}, {"点", '.', true}, {"dot ", '.', true}}

// mailHosts have mailboxes for everybody.
var mailHosts = []string{"gmail", "google mail", "googlemail", "outlook", "hotmail", "yahoo", "icloud", "foxmail", "proton", "protonmail", "qq", "163", "126", "139", "189", "sina", "sohu", "aliyun", "yeah", "msn", "live", "zoho", "gmx"}

// betweenMarks are words that may stand around a spelled mark, by their first bytes.
var betweenMarks = func() [256][]string {
	words := strings.Split("then|and then|and|the|a|an|press|hit|type|tap|put|insert|add|enter|plus|next|next comes|here|goes here|there|in here|followed by|comes|after that|finally|now|again|little|simple|single|one|another|character|key|那个|后面|后边|中间|然后|然後|再|接着|接|加上|打个|打上|加个|加|输个|输入|输|敲|敲个|再敲|按个|按|跟个|跟|写|放个|放|填|来个|来|小|一个|个|英文|半角|，|、|“|”|「|」|→|➡|➔|＋|·|␣|…|➡|（|）|【|】|《|》", "|")
	slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) })
	return byFirst(words, func(w string) string { return w })
}()

// sureDomains are no words that a sentence begins with.
var sureDomains = []string{"com", "net", "org", "cn", "ru"}

// apartDomains are top-level domains with their letters apart, behind a dot.
var apartDomains = func() (out []string) {
	for _, d := range []string{"com", "net", "org", "top", "vip", "xyz", "shop", "club", "store", "cc", "cn", "io", "co", "uk", "sg", "hk", "tw"} {
		for _, apart := range []string{" ", "  ", "-", "_", "*", "|", "/", ".", "...", "点"} {
			for _, dot := range []string{".", ". ", "。", "点", "点 "} {
				out = append(out, dot+strings.Join(strings.Split(d, ""), apart))
			}
		}
	}
	return out
}()

// strayTriggers are marks before a domain that is a word besides, which is no trigger.
var strayTriggers = func() (out []string) {
	for _, d := range wordyDomains {
		for _, mark := range []string{",", "，", "、", "。", ";", "|", "*", "[", "(", "·", "•"} {
			out = append(out, mark+d)
		}
	}
	return out
}()

// markTriggers are words and signs by which a text may hold a mark that is written otherwise.
var markTriggers = slices.Concat(apartDomains, strayTriggers, []string{
	"dot", "d0t", "点", "[.]", "(.)", "{.}", "<.>", " . ", "period", "point", "点儿", "艾特", "圈a", "at sign", ". com", " .com", "。com", "(at)", "[at]",
	"【at】", "punto", "点com", "dot com", "_at_", "-at-", "艾忒", "爱特", "埃特", "老鼠", "arroba", "arobase", "at symbol", "symbol at", "shift+2",
	"the usual sign", "full stop", "fullstop", "ponto", "punkt", "句号", "圆点", "奌", "d.o.t", "d o t", "c o m", "c0m", "kom", "扣母", "扣姆", "康木", "康姆", "科姆",
	"科母", "靠姆", "・", "‧", "•", "丶", "斜杠", "d-o-t", "a with the circle", "a with a circle", "usual sign", "at the rate", "shift 2", "⊙", "▪", "⚫", "⚪",
	"🔵", "🟢", "🟡", "🟠", "🟣", "🟤", "⬤", "○", "◎", "◉", "⚬", "dee oh tee", "{d}", "(d)", "[d]", "snail", "a in a circle", "a in the circle", "swirly a",
	"curly a", ".c om", ".co m", ".s g", ". sg", ".c n", ".n et", "≪at≫", "«at»", "《at》", "〈at〉", "「at」", "🔴", "●", "花a", " at gmail", " at hotmail",
	" at yahoo", " at outlook", " at icloud", "<at>", "*at*", "\"at\"", ".kom", "dotcom", "dotcn", "圈", "·", "﹫", " @ ", "在gmail", "在126", "在163", "在qq",
	"#163", "#126", "#qq", "#gmail", "c○m", "c〇m", "c⭕m", "c*m", "@@", "..com", ".. com", "..cn", "。。", " att ", " aat ", "%40", "swirl", "squiggle", "🐌",
	"🌀", "🐒", "🐵", "🐁", "🐀", "爱她", "爱他", "挨特", "唉特", "哎特", "诶特", "带圈", "a加圈", "花体", "蜗牛", "鼠标", "耗子", "句点", "点号", "奥特", "@新浪", "@网易", "@谷歌", "@雅虎", "@搜狐",
	"@腾讯", "@扣扣", "atgmail", "atyahoo", "athotmail", "atoutlook", "aticloud", "at163", "atqq", "titik", "(a)", "在谷歌", "在网易", "\\.", " + . ", "then .",
	"press .", "。c", "。v", "°", "⸳", "⸱", "‚", "˙", "٠", "⋆", "➡.", "⋅", "a-sign",
})
