package risk

import "bytes"

// wordViews are the views in which phrases and patterns are looked for.
const wordViews = plainView | joinedView | foldedView | leetView | reversedView | mirroredView | soundView

// alteredViews are those that have the plain view's text with some places changed.
const alteredViews = joinedView | foldedView | leetView | mirroredView

// The triggers: words that make another reading of the text worth its time.
const (
	triggerNumeral  = iota // a digit that is spelled out
	triggerPinyin          // a digit in the Latin letters for Chinese, or in another language
	triggerMany            // words for more digits than one
	triggerGather          // words that say to put digits together
	triggerMark            // a dot or an at that is spelled out
	triggerMirrored        // a messenger's name backwards
	triggerReversed        // a rule's phrase backwards
	triggerMirror          // words that say to read backwards
	triggerDomain          // a top-level domain, by whose side a sign may be a dot
	triggerEdit            // words that tell the reader how to put the text right
	nTriggers
)

// triggers are the words of each trigger.
var triggers = [nTriggers][]string{
	triggerNumeral: numeralWords(),
	triggerPinyin:  {"yao", "liu", "jiu", "ling", "san", "cero", "tres", "cuatro", "cinco", "siete", "ocho", "nueve", "deux", "trois", "quatre", "cinq", "zwei", "drei", "vier", "sechs", "sieben", "neun", "kosong", "satu", "dua", "tiga", "empat", "tujuh", "lapan", "delapan", "sembilan", "shunya", "shoonya", "teen", "paanch", "panch", "saat", "aath", "ichi", "roku", "hachi", "kyu", "viii", " vii", " iii"},
	triggerMany:    {"个零", "个一", "个二", "个三", "个四", "个五", "个六", "个七", "个八", "个九", "个幺", "个圈", "个洞", "个蛋", "个鸭蛋", "个0", "个1", "个2", "个3", "个4", "个5", "个6", "个7", "个8", "个9", "个 ", "百", "千", "double", "triple", "treble", "quad", "hundred", "thousand", "zeros", "zeroes", "fives", "sevens", "eights", "nines", "threes", "fours", "sixes", "twos", "ones"},
	triggerGather:  gatherWords,
	triggerMark:    markTriggers,
	triggerMirrored: append(mirrored(
		"wechat", "weixin", "whatsapp", "telegram", "instagram", "insta", "snapchat", "discord", "kakaotalk", "kakao", "viber", "skype", "messenger", "paypal", "venmo", "zelle", "cash app", "cashapp", "alipay", "gmail", "line id", "my line", "facebook", "signal", "add me", "call me", "text me", "my number", "phone", "tiktok", "zalo", "twitter", "hotmail", "outlook", "western union", "bitcoin", "gift card", "crypto", "usdt", "revolut", "bank transfer", "off platform", "guarantee", "refund", "loser", "moron", "idiot", "stupid", "bitch", "asshole", "bastard", "fuck", "bullshit", "fuck you", "shut up", "scumbag", "pathetic", "retard", "whatsapp me", "review",
		"微信", "支付宝", "扣扣", "薇信", "威信", "徽信", "加微", "加我", "加v", "加v", "vx", "私下", "线下", "平台外", "转账", "收款码", "好评返现", "电话", "手机", "打给我", "电报", "微信号", "返现", "傻逼", "差评", "红包", "滚蛋",
		"公众号", "抖音", "抖音号", "小红书", "qq号", "飞机", "扫码", "加好友", "加个好友", "换个平台", "平台外联系", "现金", "验证码", "银行卡", "退款", "保证", "包过", "稳赚", "白痴", "神经病", "王八蛋", "操你", "操你妈", "去死吧", "废物", "垃圾人", "脑残", "智障", "贱人", "畜生", "闭嘴", "混蛋", "蠢货", "弱智", "联系我", "私聊", "私信", "朋友圈", "汇款", "打款",
	), "moc.", "ten.", "gro.", "nc.", "piv.", "poh s.", "pohs.", "ur.", "zyx.", "em.t", "em.aw", "ly.tib", "bulc.", "erots.", "enil id", "enil", "margelet", "margatsni", "ku.oc.", "ua.moc.", "gs.moc.", "kh.moc.", "wt.moc.", "ym.moc.", "nc.moc.", "ku.", "gs.", "kh.", "wt.", "oi.", "zib.", "ofni.", "enilno.", "etis.", "hcet.", "bew.", "moc点", "nc点", ".www", "//:sptth"),
	triggerReversed: mirrored("your number", "phone", "number", "email", "money", "account", "transfer", "your", "send me", "give me", "contact", "outside", "platform", "please", "idiot", "stupid", "directly", "private", "whatsapp", "打电话", "留个电话", "加我微信", "转给我", "私下", "电话打", "留电话"),
	triggerDomain:   {"com", "net", "org", "cn", "vip", "xyz", "cc", "io", "hk", "tw", "ltd", "uk", "sg", "ly", "gg", "gl", "biz", "info"},
	triggerEdit:     editTrigger,
	triggerMirror:   {"backwards", "backward", "reverse", "reversed", "in reverse", "right to left", "from the end", "mirror", "倒着", "倒过来", "反过来", "反着", "倒序", "反向", "逆序", "从后往前", "从右往左", "从右到左", "镜子", "倒读", "反读", "倒念", "倒写", "反写", "(反)", "反着搜", "反转", "镜像", "倒序读", "倒看", "颠倒", "从右边", "逆着", "other way", "other way round", "right way round", "wrong way round", "back to front", "back-to-front", "flipped", "flip this", "flip it", "start at the end", "start from the end", "starting at the end", "read it from behind", "last digit first", "inverted", "turn it around", "turn it round", "倒背", "镜像看", "最后一位在前", "从尾", "逆序", "翻转", "颠倒", "反序", "倒序念", "反过来读", "倒过来念", "从后面", "后往前", "倒着念", "倒着拨", "name is reversed", "last letter first", "from the last digit", "from the last number", "last number first", "last to first", "end to start", "end to beginning", "tail to head", "from behind", "from the right", "right-to-left", "the wrong way round", "second half reversed", "half reversed", "half backwards", "reversed order", "reverse order", "swap the halves", "swap halves", "second half first", "从最后一个数", "从最后一位", "从最后一个开始", "从最后往", "从最后开始", "从最后的数", "最后一位写", "最后一位开始", "最后一位往", "最后一位先", "最后一个字", "末位", "尾巴往前", "往前念", "往前读", "往前看", "倒着来", "倒数着", "写反", "是反的", "位反的", "半反的", "段反的", "调过来", "掉个头", "掉过来", "前后颠倒", "倒一下", "先说后半", "后半在前", "先后半", "前后对调", "对调", "前后换", "从右", "由右", "由后", "自后", "往左读", "往左念"},
}

// A phrase of at least minMirrored characters is looked for backwards, too, if it
// is among the first maxMirroredPhrases of a set: all of a large tenant's would
// double the automaton.
const (
	minMirrored        = 4
	maxMirroredPhrases = 7_500
)

// mirrored are words backwards.
func mirrored(words ...string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		r := []rune(w)
		for a, b := 0, len(r)-1; a < b; a, b = a+1, b-1 {
			r[a], r[b] = r[b], r[a]
		}
		out[i] = string(r)
	}
	return out
}

// readAll reads a text in all ways that it gives reason for.
func (s *scan) readAll(text string) {
	s.text = text
	s.plain.normalise(text)
	s.readings(&s.plain)
	if s.plain.digits+s.triggers[triggerNumeral] > 0 && bytes.IndexByte(s.plain.buf, '\n') > 0 && s.looks(&s.plain) && s.column.lined(&s.plain) {
		s.readings(&s.column)
	}
	if w := s.context.Window; w != nil && w.n > 0 && s.work >= 0 {
		s.split(w)
	}
}

// readings reads a text, of which p is the plain view, in all those ways, until
// the share of work is used up: what is found after that counts no more.
func (s *scan) readings(p *view) {
	s.triggers = [nTriggers]int{}
	s.read(p, plainView)
	base := p
	if !s.looks(p) {
		return
	}
	var joined bool
	s.joined.kind = 0 // what an earlier text left
	if s.pieces, joined = s.join(&s.joined, p, s.pieces); joined && !s.spend(len(s.pieces)) {
		s.read(&s.joined, joinedView)
		base = &s.joined
	}
	// The places are those of base; what is read next has others.
	mirrored, places := s.nMirrored, s.mirrored
	if p.foreign && joined && s.looks(p) && s.other.fold(p) {
		// A word before a dot is joined to the one behind it.
		s.read(&s.other, foldedView)
	}
	s.leetReadings(base)
	if base != p && p.hasMark {
		s.leetReadings(p) // a sign that stands for a letter was no separator
	}
	if s.work >= 0 && s.soundsOut(&s.other, p) {
		s.read(&s.other, soundView)
	}
	if drawnOut(base.buf) && s.looks(base) {
		s.other.squeeze(base)
		s.read(&s.other, joinedView)
	}
	if p.digits+s.triggers[triggerNumeral]+4*s.triggers[triggerPinyin]+2*s.triggers[triggerMany] >= minPhone && s.looks(p) && s.numerals(&s.other, p) {
		s.read(&s.other, numbersView)
	}
	if s.triggers[triggerMark]+s.triggers[triggerDomain] > 0 && s.looks(p) && s.other.dots(p, s.text) {
		s.read(&s.other, dotsView)
	}
	if p.foreign && base != p && s.triggers[triggerMark]+s.triggers[triggerDomain] > 0 && s.looks(base) && s.other.dots(base, s.text) {
		s.read(&s.other, dotsView) // the word for a mark has letters that only look Latin
	}
	if s.triggers[triggerEdit] > 0 && len(p.buf) <= maxEdited && (p.hasAt || p.hasDot || s.triggers[triggerMark]+s.triggers[triggerDomain] > 0) && s.looks(p) {
		s.corrected(p)
	}
	if mirrored > 0 && s.looks(base) {
		s.turned = places // read overwrites the places that it reads from
		s.other.mirror(base, s.turned[:mirrored])
		s.read(&s.other, mirroredView)
	}
	if p.override || s.triggers[triggerMirror] > 0 || s.triggers[triggerMirrored] > 0 || s.triggers[triggerReversed] > 0 {
		s.backwards(p, base)
	}
}

// corrected reads a text as its reader has it who did with it what it says.
func (s *scan) corrected(p *view) {
	if s.spend(4*len(p.buf)) || !s.spare.edited(p, s.edits[:0]) {
		return
	}
	s.read(&s.spare, dotsView)
	if s.looks(&s.spare) && s.other.dots(&s.spare, s.text) {
		s.read(&s.other, dotsView)
	}
}

// backwards reads a text from its end, and with single words of it turned around.
func (s *scan) backwards(p, base *view) {
	if !s.looks(base) {
		return
	}
	s.other.reverse(base)
	s.read(&s.other, reversedView)
	if base != p && (p.digits >= minPhone || p.hasDot) && s.looks(p) {
		s.other.reverse(p)
		s.read(&s.other, reversedView)
	}
	if s.triggers[triggerNumeral] >= minFancy && s.looks(p) && s.numerals(&s.spare, p) {
		s.other.reverse(&s.spare)
		s.read(&s.other, reversedView)
	}
	if s.looks(p) && s.turnWords(&s.other, p) {
		s.read(&s.other, mirroredView)
	}
}

// looks pays for going through a view once more, and reports whether there was
// enough left.
func (s *scan) looks(v *view) bool { return !s.spend(len(v.buf) * 3 / 4) }

// leetReadings reads a view with digits and signs as letters; a 1 may be two.
func (s *scan) leetReadings(base *view) {
	if base.digits == 0 && !base.hasAt && !base.hasMark {
		return
	}
	for _, one := range []byte{'l', 'i'} {
		if !s.looks(base) {
			return
		}
		found, ones := s.leet(&s.other, base, one)
		if found {
			s.read(&s.other, leetView)
			if n := s.nMirrored; n > 0 && s.looks(base) {
				s.turned = s.mirrored
				s.spare.mirror(&s.other, s.turned[:n])
				s.read(&s.spare, mirroredView)
			}
		}
		if !ones {
			break
		}
	}
}

// drawnOut reports whether a letter stands three times in a row or more, as no
// word has it.
func drawnOut(buf []byte) bool {
	// Of three in a row one stands at an even place with an equal at its right,
	// or at its left and its right.
	for i := 0; i+1 < len(buf); i += 2 {
		if c := buf[i]; c == buf[i+1] && isLetter(c) && (i+2 < len(buf) && c == buf[i+2] || i > 0 && c == buf[i-1]) {
			return true
		}
	}
	return false
}

// squeeze writes src with every letter once that stands three times or more.
func (v *view) squeeze(src *view) {
	v.reset()
	for a := 0; a < len(src.buf); {
		b := a + 1
		for b < len(src.buf) && src.buf[b] == src.buf[a] {
			b++
		}
		if b-a >= 3 && isLetter(src.buf[a]) {
			v.copyRaw(src, a, a+1)
		} else {
			v.copyRaw(src, a, b)
		}
		a = b
	}
	v.inherit(src)
}
