package risk

// wordViews are the views in which phrases and patterns are looked for.
const wordViews = plainView | joinedView | leetView | reversedView | mirroredView

// The triggers: words that make another reading of the text worth its time.
const (
	triggerNumeral  = iota // a digit that is spelled out
	triggerPinyin          // a digit in the Latin letters for Chinese
	triggerMark            // a dot or an at that is spelled out
	triggerMirrored        // a messenger's name backwards
	triggerReversed        // a rule's phrase backwards
	triggerMirror          // words that say to read backwards
	nTriggers
)

// triggers are the words of each trigger.
var triggers = [nTriggers][]string{
	triggerNumeral: numeralWords(),
	triggerPinyin:  {"yao", "liu", "jiu", "ling", "san"},
	triggerMark:    {"dot", "d0t", "点", "[.]", "(.)", "{.}", "<.>", " . ", "period", "point", "点儿", "艾特", "圈a", "at sign", ". com", " .com", "。com", "(at)", "[at]", "【at】", "punto", "点com", "dot com", "_at_", "-at-"},
	triggerMirrored: mirrored(
		"wechat", "weixin", "whatsapp", "telegram", "instagram", "snapchat", "discord", "kakaotalk", "viber", "skype", "messenger", "paypal", "venmo", "zelle", "cash app", "alipay", "gmail", "line id", "facebook", "signal", "add me", "call me", "my number", "phone",
		"微信", "支付宝", "扣扣", "薇信", "威信", "徽信", "加微", "加我", "加v", "vx", "私下", "线下", "平台外", "转账", "收款码", "好评返现", "电话", "手机", "打给我", "电报", "微信号", "返现", "傻逼", "差评", "红包", "滚蛋",
	),
	triggerMirror: {"backwards", "backward", "reverse", "reversed", "in reverse", "right to left", "from the end", "mirror", "倒着", "倒过来", "反过来", "反着", "倒序", "反向", "逆序", "从后往前", "从右往左", "从右到左", "倒读", "反读", "倒念", "倒写", "反写"},
}

// A phrase of at least minMirrored characters is looked for backwards, too, if it
// is among the first maxMirroredPhrases of a set: all of a large tenant's would
// double the automaton.
const (
	minMirrored        = 4
	maxMirroredPhrases = 5_000
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
	s.read(&s.plain, plainView)
	base := &s.plain
	var joined bool
	if s.pieces, joined = s.joined.join(&s.plain, s.pieces); joined {
		s.read(&s.joined, joinedView)
		base = &s.joined
	}
	if s.plain.foreign && joined && s.other.fold(&s.plain) {
		// A word before a dot is joined to the one behind it.
		s.read(&s.other, joinedView)
	}
	mirrored, places := s.nMirrored, s.mirrored
	if base.digits > 0 || base.hasAt || base.hasMark {
		for _, one := range []byte{'l', 'i'} {
			found, ones := s.leet(&s.other, base, one)
			if found {
				s.read(&s.other, leetView)
				if n := s.nMirrored; n > 0 {
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
	if s.plain.digits+s.triggers[triggerNumeral]+4*s.triggers[triggerPinyin] >= minPhone && s.numerals(&s.other, &s.plain) {
		s.read(&s.other, numbersView)
	}
	if s.triggers[triggerMark] > 0 && s.other.dots(&s.plain) {
		s.read(&s.other, dotsView)
	}
	if mirrored > 0 {
		s.turned = places // read overwrites the places that it reads from
		s.other.mirror(base, s.turned[:mirrored])
		s.read(&s.other, mirroredView)
	}
	if s.plain.override || s.triggers[triggerMirror] > 0 || s.triggers[triggerMirrored] > 0 || s.triggers[triggerReversed] > 0 {
		s.other.reverse(base)
		s.read(&s.other, reversedView)
		if base != &s.plain && s.plain.digits >= minPhone {
			s.other.reverse(&s.plain)
			s.read(&s.other, reversedView)
		}
	}
	if w := s.context.Window; w != nil && w.n > 0 {
		s.split(w)
	}
}
