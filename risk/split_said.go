package risk

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// pieceWords say that what stands beside them is a part of something, sorted.
var pieceWords = []string{
	"after", "backwards", "begin", "beginning", "begins", "end", "ending", "ends", "final", "finally", "finish", "first", "half", "join", "last", "middle", "next", "part", "piece", "plus", "rest", "reverse", "second", "start", "starting", "starts", "tail", "then", "third",
}

// pieceWordsHan are the same in Chinese.
var pieceWordsHan = bytesOf(
	"前面", "后面", "後面", "中间", "最后", "开头", "结尾", "剩下", "然后", "接着", "接下来", "加上", "还有", "第一", "第二", "第三", "前半", "后半", "一半", "前三", "后四", "前几位", "后几位", "末尾", "分开", "分几", "分两", "分三", "连起来", "拼", "合起来", "空格", "倒着", "反着", "从后往前",
)

// putTogether are what says, after its pieces, that a number is to be made of
// them.
var putTogether = bytesOf(
	"put them together", "put together", "put it together", "put those together", "put these together", "join them", "join those", "join these", "join the", "combine", "swap them", "no spaces", "without spaces", "one number", "in a row", "stick them", "add them up", "glue them", "dial", "sms", "text there", "text it", "call there", "call it", "call that", "ring it", "whatsapp it", "call me", "just call", "text me", "ring me", "the whole number", "my number", "get me",
	"my handphone", "my hp", "my mob", "my cell", "reach me", "skip checkout",
	"拼一起", "拼起来", "拼在一起", "连起来", "连在一起", "连着", "合起来", "合在一起", "凑一起", "去掉空格", "不要空格", "中间没有空格", "打给我", "打来", "打过来", "拨这个", "给我打", "call me", "text me", "give me a call", "ring me", "just call", "打我", "拨打", "我的号", "我号码", "我手机", "我电话", "找我", "联系我", "就是我", "您懂的", "你懂的",
)

// saysPiece reports whether words of a message say that it is a part.
func saysPiece(b []byte) bool {
	if ordinal(b) > 0 {
		return true
	}
	for i := 0; i < len(b); {
		if !isLetter(b[i]) {
			i++
			continue
		}
		start := i
		for i < len(b) && isLetter(b[i]) {
			i++
		}
		if _, found := slices.BinarySearch(pieceWords, string(b[start:i])); found {
			return true
		}
	}
	return holdsAny(b, pieceWordsHan) || countsPlaces(b) || together(b).b > 0
}

// countsPlaces reports whether a text counts the places of digits: 后五位.
func countsPlaces(b []byte) bool {
	k := bytes.Index(b, []byte("位"))
	if k <= 0 {
		return false
	}
	r, n := utf8.DecodeLastRune(b[:k])
	return (hanNumeral(r, n) > 0 || r >= '2' && r <= '9') && endsWithAny(b[:k-n], []string{"前", "后", "头", "尾", "中", "中间", "末", "最后"})
}

// together finds what says that pieces are to be put together.
func together(b []byte) digitPiece {
	for _, w := range putTogether {
		if k := bytes.Index(b, w); k >= 0 {
			return digitPiece{b, k, k + len(w)}
		}
	}
	return digitPiece{text: b}
}

// together finds the same, or what says to dial them.
func (s *scan) together(b []byte) digitPiece {
	p := together(b)
	if p.a < p.b || len(b) > maxDialled {
		return p
	}
	if isAsked(b) {
		p.b = len(b)
		return p
	}
	for _, w := range notDialled {
		if bytes.Contains(b, w) {
			return p
		}
	}
	if a, end := s.cueIn(b, func(u use, _ []byte) bool { return u.cue == cuePhone || u.cue == cueSure }); a >= 0 {
		p.a, p.b = a, end
	}
	return p
}

// maxDialled is how long a message is that says to dial the digits before it.
const maxDialled = 40

// notDialled stand in such a message where somebody else calls, or later.
var notDialled = bytesOf("courier", "driver", "we ", "we'", "they", "our", "when you", "if ", "will call", "'ll call", "not", "n't", "?", "no ", "快递", "师傅", "司机", "我们", "不", "会打", "吗", "别", "没", "您的", "your")

// holdsAny reports whether one of words stands in b.
func holdsAny(b []byte, words [][]byte) bool {
	return slices.ContainsFunc(words, func(w []byte) bool { return bytes.Contains(b, w) })
}

// isAsked reports whether a message, or what stands before its digits, is nothing but what
// calls a number to dial, or to pay to.
func isAsked(text []byte) bool {
	text = bytes.Trim(text, " :=-")
	for _, w := range []string{" is", " to", " no", " number", " id", "是", "到", "号", "：", " me", "账号"} {
		text = bytes.TrimRight(bytes.TrimSuffix(text, []byte(w)), " :")
	}
	for _, w := range []string{"my ", "the ", "our ", "via ", "by ", "use ", "我的", "我"} {
		text = bytes.TrimPrefix(text, []byte(w))
	}
	return isIn(askedNumbers, text)
}

// askedNumbers are such words.
var askedNumbers = wordSet(
	"paynow", "pay now", "upi", "zelle", "venmo", "gcash", "paytm", "phonepe", "gpay", "google pay", "bkash", "mpesa", "m-pesa", "promptpay", "duitnow", "grabpay", "tng", "touch n go", "cash app", "cashapp", "revolut", "mobilepay", "swish", "twint", "bizum", "pix", "payme", "fps", "alipay", "pay", "transfer",
	"hp", "h/p", "handphone", "hand phone", "hand-phone", "mob", "sg", "hk", "sg hp", "sg mobile", "hk mobile", "wa", "eight digits", "eight numbers", "8 digits", "8 numbers", "ten digits", "10 digits", "eleven digits", "11 digits", "digits", "dial", "save", "mine", "direct", "personal", "private", "boss", "my boss", "owner", "manager", "the manager", "the owner", "note", "jot", "jot down", "write down",
	"支付宝", "转数快", "街口", "街口支付", "转账", "转帐", "打款", "汇款", "八位", "8位", "十一位", "11位", "八个数", "八个数字", "新加坡", "坡县", "香港", "手提", "抄一下", "记一下", "存一下", "老板", "店长", "经理", "本人", "我本人", "私人", "师傅",
)

// isDone reports whether a message tells what happened, so that it does not say what
// digits behind it are.
func isDone(text []byte) bool {
	return holdsAny(text, doneWords)
}

var doneWords = bytesOf(" out for", " are row", "has the", "delayed", " left", "arrive", "shipped", " is in", "runs ", "booked", "confirmed", "on its way", "dispatched", "should", "fits", "in stock", "sold out", "is on", " was ", "right?", "发了", "发货", "到了", "出库", "改好", "在路上", "签收", "有货", "没货", "可以开")
