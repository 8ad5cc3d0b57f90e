package risk

// A number is scattered over a text whose words say what to do with its digits: "9
// cats, 1 bird, 2 kids … read only the numbers and ring", 价格1369元、再加0274元、再加881元，
// 合在一起是我电话. Or it is called an order's, and the text says to dial it.

// gatherWords say so.
var gatherWords = []string{
	"together", "join them", "join 'em", "join the", "join up", "read only the", "read just the", "only the numbers", "only the digits", "just the numbers", "just the digits", "only numbers", "numbers only", "digits only", "only digits", "read the numbers", "read the digits", "take the numbers", "take the digits", "first letters", "ignore the words", "ignore the letters", "skip the words", "skip the letters", "remove the words", "remove the letters", "remove the", "ignore the", "drop the", "forget the",
	"into your phone", "to your phone", "in your phone", "on your phone", "dial that", "dial this", "dial it", "dial them", "ring it", "ring that", "ring this", "phone it", "phone that", "call it", "call that", "call this", "use it to call", "use that to call", "text it", "text that", "whatsapp it", "whatsapp that",
	"what i mean", "my drift", "if you get me", "you get it", "you get me", "i mean ring", "i mean call", "its a mobile", "it's a mobile", "it's a phone", "it's my phone", "its my phone", "it's my number", "its my number", "it's my mobile", "it's my cell", "it's a number", "it's not a sofa", "isn't a size", "not a size", "not sizes", "they're not", "it is my phone", "it is my number", "its a phone", "is a mobile", "not really an order", "not an order", "not a price", "not the price", "not a code", "not a date", "work it out", "you're clever", "wink wink", "nudge nudge",
	"can't write it", "cant write it", "can't type it", "cant type it", "without the system", "system seeing", "the bot", "the filter", "bot eats", "bot keeps", "so bot", "bot won't", "bot wont", "bot will", "bot can't", "bot doesn't", "eat it", "eats it", "eaten", "gets censored", "get censored", "censor", "keypad", "phoneword", "phone word", "vanity number", "number pad", "键盘", "is blocked here", "not allowed to write", "not allowed to type", "won't let me type", "wont let me type", "won't let me send", "hidden in", "hide it",
	"连起来", "连一起", "连在一起", "连着拨", "连着打", "连着读", "合在一起", "合起来", "合一起", "拼起来", "拼一起", "拼在一起", "拼一下", "凑起来", "凑一起", "凑在一起", "串起来", "接起来", "加起来是", "读数字", "取数字", "看数字", "数字连", "数字拼", "数字读", "抠出来", "挑出来", "汉字不用", "汉字去掉", "去掉汉字", "去汉字", "字去掉", "去掉字", "去掉中文", "中文去掉", "不看汉字", "忽略汉字", "忽略文字", "忽略字",
	"拨过来", "拨过去", "拨一下", "拨这个", "拨它", "打这个", "打它", "懂我意思", "懂了吧", "懂我的意思", "你懂", "您懂", "懂的都懂", "懂的", "藏在", "藏着", "不是订单", "不是优惠", "不是价格", "不是单号", "不是编号", "系统看", "系统会", "系统屏蔽", "系统不让", "被系统", "不让发", "发不出", "会被屏蔽", "不能直接发", "不能明说",
}

// gathered reports the number that all digits of a text are together.
func (p *phoneScan) gathered(report func(a, b int)) {
	s := p.scan
	if len(p.buf) > maxGathered || s.spend(4*len(p.buf)) {
		return
	}
	s.units = countsDigits(p.buf, sounds(p.buf, tongues(p.buf, units(p.view, s.units[:0], false))))
	called := false
	for _, c := range p.cues {
		called = called || c.cue == cuePhone
	}
	for _, plain := range []bool{true, false} {
		d, first, last, n := p.digits[:0], -1, 0, 0
		for k := range s.units {
			u := &s.units[k]
			if plain && !u.plain {
				continue
			}
			if len(d)+u.size() > cap(d) {
				n = cap(d) + 1
				break
			}
			if first < 0 {
				first = u.start
			}
			for range u.count {
				d = append(d, u.digits[:u.n]...)
			}
			last = u.end
			n = len(d)
			if n == mobileSize && d[0] == '1' && d[1] >= '3' && !plain && len(s.units)-k <= 3 {
				break // what follows says what to do
			}
		}
		if n < minGathered || n > cap(d) || isSequence(d) {
			continue
		}
		if isShaped(d) || called && plain && !measured(p.buf[first:]) {
			report(first, last)
			return
		}
	}
}

// measured reports whether a unit stands behind two numbers of b and more.
func measured(b []byte) bool {
	n := 0
	for i := 1; i < len(b); i++ {
		if isDigit(b[i-1]) && !isDigit(b[i]) && follows(b[i:], measureWords) {
			n++
		}
	}
	return n > 1
}

// measureWords are units.
var measureWords = []string{"cm", "mm", "inch", "ft", "kg", "ml", "gb", "tb", "mah", "pcs", "pairs", "pack", "%", "am", "pm", "hour", "min", "day", "week", "month", "year", "片", "件", "个", "张", "包", "箱", "米", "厘米", "毫米", "斤", "克", "天", "小时", "分钟", "点"}

const (
	// minGathered is how many digits a scattered number has.
	minGathered = 8
	// maxGathered is how long a text is over which one is scattered, in bytes.
	maxGathered = 320
	// mobileSize is how many a Chinese mobile number has.
	mobileSize = 11
)

// isShaped reports whether digits are as many as those of a number of a large country,
// and begin as one.
func isShaped(d []byte) bool {
	n := len(d)
	switch {
	case n == mobileSize && d[0] == '1' && d[1] >= '3', n >= 10 && n <= 12 && d[0] == '0' && d[1] != '0', n == 10 && d[0] >= '2' && d[3] >= '2', n == 10 && d[0] >= '6':
		return true
	}
	return n > 10 && international(d)
}
