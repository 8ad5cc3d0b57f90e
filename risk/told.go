package risk

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// A desk speaks of offences all day without committing one: it warns, refuses,
// reports and quotes. What it says then is told by the words around a match, of
// rules that have words of Unless. An account or a number is never only told of.

const (
	// unlessWindow is how many bytes may stand between a warning word and a match.
	unlessWindow = 15
	// denialWindow is how many may stand between a match and a denial.
	denialWindow = 18
	// titleReach is how far from a match its title begins and ends at most.
	titleReach = 60
)

var (
	// denials stand in a match or behind it: what it speaks of is refused.
	denials = wordList(`
		请举报|都是诈骗|是诈骗|是骗子|都是骗|我们不做|你们(?:也)?有吗|你们有没有|不行哦|是违规|不能(?:带|写|有|留)|属于严重|就没有|没有保障|不受保护|属于违规|不被允许|不允许|
		isn't protected|is not protected|isn't covered|is not covered|isn't allowed|is not allowed|are not allowed|is a scam|are scams|is a scammer|
		is against our|is against the|is not permitted|isn't permitted|are not permitted|aren't permitted|is forbidden|is prohibited|isn't possible|is not possible|号码牌|can't be (?:returned|refunded|exchanged|used|accepted|combined)|cannot be (?:returned|refunded|exchanged|used|accepted|combined)|
		rather not|prefer not to|is not a (?:payment|way)|isn't a (?:payment|way)|red flag|hotline|可不敢|搜(?:我们的|我们|)小程序|微信客服|官方微信`)

	// mentions do the same for what is only a word or a title.
	mentions = wordList(`这(?:个词|两个字|三个字|四个字|几个字|本书|部电影|首歌)`)

	// reports are words by which somebody tells of an offence, anywhere in its
	// sentence, unless a word of noReport stands before them.
	reports = wordList(`
		scams?|scammers?|fraud|fraudsters|phishing|impersonat(?:ing|es|ed)|pretend(?:ing|s|ed) to be|(?:somebody|someone|a guy|a man|a woman|a caller|(?:the|a|this|that) seller|he|she|they) (?:wanted|wants|asked|told|tried to get|tells|asks) (?:me|us|him|her)|mustn't ask|(?:your|the|an) ads? (?:says?|said)|the note (?:in the (?:box|parcel) )?says|they said|promised me|
		(?:competitor|rival)(?:s|'s|s')?(?: (?:chat|support|service|desk|help|team|app))? (?:is|are|has|have|answers?|repl(?:y|ies)|offers?|uses?)|why isn't yours|(?:answers?|repl(?:y|ies)|responds?) (?:much )?(?:faster|quicker) than you|just (?:some )?feedback|(?:the |your )?other (?:shops?|stores?|company|companies|brands?|sellers?)(?:'s|s')?(?: (?:chat|support|service))? (?:is|are|has|have|had|answers?|repl(?:y|ies)|offers?|uses?)|
		(?:he|she|they|the seller) said (?:i|we) (?:should|must|have to|could|can)|请不要答应|不要答应|有人私下找|冒充|诈骗|骗局|骗子|骗人|假冒|冒牌|仿冒|假客服|行骗|违规行为|截图举报|请(?:您)?举报|可以举报|报警|上当|受骗|被骗|自称(?:是)?|对方(?:让|要|叫)|(?:让|叫|要)我(?:不要|加|去|转|扫|下载|付|取消|打|进群|点链接|删|用微信|微信)|(?:(?:上次|上个|那个|你们|昨天)(?:的)?客服|主播|群里|有人|店家|卖家|网上|广告(?:里|上)?(?:这么)?|卡片上?|短信上?)(?:说|写|讲)|听说|据说|卡片让|(?:没有?|不)答应|不得引导|引导(?:买家|顾客|客户)|i (?:refused|said no)|(?:said|told him|told her|told them) no`)
	noReport = wordList(`not a|no|isn't a|not|不是|不算|没有|绝非|不会|不用`)

	// cautions say in its sentence what an offence would cost the customer, as only
	// somebody says who wants none.
	cautions = wordList(`
		i understand why you|i understand (?:that )?you(?:'d| would)? (?:want|like|prefer)|理解(?:您|你)(?:想|希望|为什么|的心情)|
		is printed|isn't something we|not something we|is (?:it|this|that) (?:legal|real|true|safe|legit|official|yours|from you|for real|a scam)|just marketing|do i (?:need|have) to|weird|
		真的吗|真的假的|是真是假|靠谱吗|正常吗|是骗子吧|是不是骗子|官方的吗|是官方吗|是你们(?:的|放的|开的|平台的)吗|能信吗|可信吗|合法吗|管不管|有这样的吗|怎么没人|
				(?:请|可以)拒绝|(?:请)?不要操作|不合规|(?:那|这)不是我们(?:的人|官方)|		(?:we|i) (?:can't|cannot|can not|couldn't|won't be able to) (?:help|refund|protect|cover|step in|support|trace|do anything)|
		nothing we can do|you(?:'d|'ll| would| will)? lose (?:the|your|all|any) (?:buyer |purchase )?(?:protection|cover|warranty|rights?)|
		(?:you're|you are|you're no longer|you aren't) (?:not |no longer )?(?:covered|protected)|at your own risk|no (?:buyer )?protection|
		(?:aren't|isn't|not|never) (?:covered|protected)|
		没法帮|没法处理|无法处理|无法帮|没法保障|没办法保障|无法保障|不受保障|没有保障|没保障|管不了|不受保护|有风险|风险自负|
		出了?问题(?:我们|平台|就|没|不|很|难|是)|出事(?:我们|平台|没)|我们(?:这边)?(?:也)?(?:就)?(?:查不到|看不到|没有记录)|不在(?:保障|售后)范围|建议走平台`)

	// declines say in its sentence that a desk does not do it, or that the customer
	// does not want it.
	declines = wordList(`
		(?:can't|cannot|can not|couldn't|won't|never|don't|do not) (?:promise|guarantee)|no guarantees?|not guaranteed|
		(?:i can't|i cannot|we can't|we cannot|unable to|not able to) (?:share|give out|exchange|swap)|
		carry on here|keep it here|stay here|remain here|continue (?:on |in |with )?this chat|in this chat only|no need (?:for )?(?:an)?other app|
		(?:isn't|is not|wasn't|was not|didn't come|did not come|not) from us|isn't ours|(?:is|was) (?:that|it|this) you|dodgy|
		不敢(?:保证|说|承诺|打包票)|(?:不能|无法|没法|没办法|没有办法|不可能|难以)(?:跟您|给您|向您|为您)?(?:保证|承诺|担保)|
		不便(?:与|向|给|互换|提供|透露|添加)|(?:无法|不能)(?:向您|给您|为您)?提供|不收(?:转账|现金|私人|个人)|只能走平台|
		(?:不想|不用|不必|不需要|不愿意|不愿|没必要)(?:换|加)(?:微信|好友|qq|群|别的)|就在(?:这|此)(?:儿|里|边)?(?:聊|说|谈|沟通|回复)|还是在这(?:儿|里|边)|
		该(?:付|给|转|加|信|扫)吗|能(?:信|付|转|扫|加)吗|是你们(?:放|发|寄|的人)(?:的)?吗|是不是骗|不对劲|怪怪的|
		(?:不是|并非)我们(?:放|发|寄)|(?:不是|并非)本店|(?:与|跟)我们(?:无关|没关系)`)

	// terms bind a promise to what was agreed or say that it was kept already. A
	// word of heedless takes that back.
	terms = wordList(`
		buyer protection|price (?:match|guarantee|protection)|return policy|(?:our|the) policy|in (?:our|the) terms|see (?:the )?terms|as stated|warranty|the status is|left our bank|on its way|
		(?:within|for) (?:7|14|28|30|45|60|90|100) (?:days|nights)|(?:14|28|30|60|90|100)[- ]day|days of (?:delivery|purchase|receipt)|if it doesn't arrive|if it does not arrive|unopened|
		(?:has|have) been (?:issued|processed|sent|refunded|approved)|(?:was|were) (?:issued|processed|sent|refunded|approved)|i've (?:issued|refunded|processed|sent)|we've (?:issued|refunded|processed|sent)|
		七天无理由|无理由退|(?:七|十四|十五|三十|7|14|15|30)天(?:内|之内|以内)|签收(?:后|之后)|没拆封|未拆封|不影响二次|没用过|未使用|价保|保价|运费险|质量问题|意外险|碎屏险|平台(?:的)?(?:流程|规则|保障|政策|会)|按(?:照)?规则|已经(?:退|申请|通过|处理)|原路退`)
	heedless = wordList(`
		regardless|no matter|even (?:after|without|used|if)|without the policy|without the conditions|whatever|against (?:the|our)|outside (?:the|our)|ignore|forget|i swear|double|triple|anyway|on top|
		违反|用没用|就算|哪怕|即使|过期|超过|双倍|三倍|十倍|规定(?:上)?不|不管(?:规定|政策)|无视|用坏|穿过`)

	// nothing and canPromise are the two halves of what denies a promise to all alike.
	nothing    = wordList(`no|none|nobody|no one|nothing`)
	butOurs    = wordList(`i|we|you|our|my|other|else|doubt|problem|wonder`)
	canPromise = wordList(`(?:can|could|will|should) (?:ever |honestly |really )?(?:promise|guarantee|swear)`)

	// refusals begin a list of what a desk says that it does not do.
	refusals = wordList(`不会要求|不会让|不会叫|不会索要|不会向`)

	// sharedWords may end a word of Unless and begin a match.
	sharedWords = wordList(`to|您|你`)

	// quoteMarks open what belongs to the words before it.
	quoteMarks = [][]byte{[]byte(`, "`), []byte(`: "`), []byte("，“"), []byte("：“")}
)

// What a word of a sentence says of a match in it.
const (
	tellsReport = iota
	tellsCaution
	tellsDecline
	tellsTerms
	tellsHeedless
)

// toldWords finds the words of all those lists in one pass.
var toldWords = func() literals {
	var b literalsBuilder
	for what, list := range [...][][]byte{tellsReport: reports, tellsCaution: cautions, tellsDecline: declines, tellsTerms: terms, tellsHeedless: heedless} {
		for _, w := range list {
			b.add(string(w), use{index: int32(what)})
		}
	}
	return b.build()
}()

// wordList is all words that a list of alternatives stands for, as a view has them.
func wordList(list string) [][]byte {
	var out [][]byte
	for _, w := range wordsOf(list) {
		out = append(out, []byte(normalised(w)))
	}
	return out
}

// toldOpenly is told of what is only found when a text is read aloud, where the words
// around it no longer stand.
func (s *scan) toldOpenly(v *view, c *compiled, start, end int) bool {
	if v.kind != soundView || s.pieced || len(c.unless) == 0 {
		return false
	}
	a, b := s.plain.starting(int32(start)), s.plain.starting(int32(end)) //nolint:gosec // offsets of a text
	return a < b && s.told(c, s.plain.buf, a, b)
}

// told reports whether the words around a match at [start,end) say that it is
// warned of, refused, reported or bound to the terms.
func (s *scan) told(c *compiled, buf []byte, start, end int) bool {
	if len(c.unless) == 0 {
		return false
	}
	if c.Category == abuse {
		return c.warned(buf, start) || denied(mentions, buf, start, end) || inTitle(buf, start, end)
	}
	if c.warned(buf, start) || denied(denials, buf, start, end) || refusedAmongOthers(buf[:start]) {
		return true
	}
	if c.Category == promises && (bytes.HasPrefix(buf[end:], []byte("吗")) || nothingCan(buf[:end])) {
		return true
	}
	around := sentence(buf, start, end)
	if s.spend(len(around)) {
		return false
	}
	var tells [5]bool
	toldWords.walk(around, func(word int32, end int) bool {
		start := end - len(toldWords.words[word])
		if wholeWord(around, start, end) {
			for _, u := range toldWords.uses[word] {
				tells[u.index] = tells[u.index] || u.index != tellsReport || !noneReported(around[:start])
			}
		}
		return true
	})
	return tells[tellsReport] || tells[tellsCaution] || tells[tellsDecline] || c.Category == promises && tells[tellsTerms] && !tells[tellsHeedless]
}

// warned reports whether a word of Unless stands before a match, in the same
// clause.
func (c *compiled) warned(buf []byte, start int) bool {
	// 不能 is cut in two where the match begins with 能.
	if before := buf[:start]; bytes.HasSuffix(before, []byte("不")) && !bytes.HasSuffix(before, []byte("要不")) && !bytes.HasSuffix(before, []byte("不不")) {
		return true
	}
	// "No need to" and 让您 end within a match that begins with "to" or 您.
	reach := start
	for _, w := range sharedWords {
		if bytes.HasPrefix(buf[start:], w) {
			reach += len(w)
		}
	}
	for _, w := range c.unless {
		from := max(0, start-unlessWindow-len(w))
		k := bytes.LastIndex(buf[from:reach], w)
		if k < 0 || !wholeWord(buf, from+k, from+k+len(w)) {
			continue
		}
		if asks(buf[:from+k], w) {
			continue
		}
		between := buf[min(from+k+len(w), start):start]
		for _, quote := range quoteMarks {
			between = bytes.TrimPrefix(between, quote)
		}
		if !bytes.ContainsAny(between, ",.!?;:\n，。！？；、") {
			return true
		}
	}
	return false
}

// inTitle reports whether a match stands in a Chinese title, 《…》.
func inTitle(buf []byte, start, end int) bool {
	opens := bytes.LastIndex(buf[max(0, start-titleReach):start], []byte("《"))
	return opens >= 0 && !bytes.Contains(buf[max(0, start-titleReach)+opens:start], []byte("》")) &&
		bytes.Contains(buf[end:min(len(buf), end+titleReach)], []byte("》"))
}

// asks reports whether a Chinese word with 不 is half of a question behind before:
// 能不能.
func asks(before, w []byte) bool {
	verb, ok := bytes.CutPrefix(w, []byte("不"))
	if !ok {
		return false
	}
	_, n := utf8.DecodeRune(verb)
	return n > 0 && bytes.HasSuffix(before, verb[:n])
}

// denied reports whether a word of a list of denials stands in a match at [start,end) or behind it.
func denied(list [][]byte, buf []byte, start, end int) bool {
	for _, d := range list {
		if k := bytes.Index(buf[start:min(len(buf), end+denialWindow+len(d))], d); k >= 0 && bytes.IndexByte(buf[start:start+k], '\n') < 0 {
			return true
		}
	}
	return false
}

// noneReported reports whether what follows before is said not to be an offence.
func noneReported(before []byte) bool {
	before = bytes.TrimRight(before, " ")
	return slices.ContainsFunc(noReport, func(no []byte) bool { return bytes.HasSuffix(before, no) })
}

// refusedAmongOthers reports whether what follows belongs to a Chinese list of
// things, 甲、乙、丙, of which a desk says that it does not do them.
func refusedAmongOthers(before []byte) bool {
	clause := before[bytes.LastIndexAny(before, ",.!?;:\n，。！？；")+1:]
	return bytes.Contains(clause, []byte("、")) && slices.ContainsFunc(refusals, func(r []byte) bool { return bytes.Contains(clause, r) })
}

// nothingCan reports whether the clause that before ends in says that nobody and
// nothing can promise it: no cream can promise.
func nothingCan(before []byte) bool {
	clause := before[bytes.LastIndexAny(before, ",.!?;:\n")+1:]
	for _, verb := range canPromise {
		if subject, _, ok := bytes.Cut(clause, verb); ok {
			return hasWord(subject, nothing) && !hasWord(subject, butOurs)
		}
	}
	return false
}
