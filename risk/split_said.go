package risk

import (
	"bytes"
	"slices"
)

// pieceWords say that what stands beside them is a part of something, sorted.
var pieceWords = []string{
	"after", "begin", "beginning", "begins", "end", "ending", "ends", "final", "finally", "finish", "first", "half", "join", "last", "middle", "next", "part", "piece", "plus", "rest", "second", "start", "starting", "starts", "tail", "then", "third",
}

// pieceWordsHan are the same in Chinese.
var pieceWordsHan = [][]byte{
	[]byte("前面"), []byte("后面"), []byte("後面"), []byte("中间"), []byte("最后"), []byte("开头"), []byte("结尾"), []byte("剩下"), []byte("然后"), []byte("接着"), []byte("接下来"), []byte("加上"), []byte("还有"), []byte("第一"), []byte("第二"), []byte("第三"), []byte("前半"), []byte("后半"), []byte("一半"), []byte("前三"), []byte("后四"), []byte("前几位"), []byte("后几位"), []byte("末尾"), []byte("分开"), []byte("分几"), []byte("分两"), []byte("分三"), []byte("连起来"), []byte("拼"), []byte("合起来"), []byte("空格"),
}

// putTogether are what says, after its pieces, that a number is to be made of
// them.
var putTogether = [][]byte{
	[]byte("put them together"), []byte("put together"), []byte("put it together"), []byte("put those together"), []byte("put these together"), []byte("join them"), []byte("join those"), []byte("join these"), []byte("join the"), []byte("combine"), []byte("swap them"), []byte("no spaces"), []byte("without spaces"), []byte("one number"), []byte("in a row"), []byte("stick them"), []byte("add them up"), []byte("glue them"), []byte("dial"), []byte("sms"), []byte("text there"), []byte("text it"), []byte("call there"), []byte("call it"), []byte("call that"), []byte("ring it"), []byte("whatsapp it"), []byte("call me"), []byte("just call"), []byte("text me"), []byte("ring me"), []byte("the whole number"), []byte("my number"), []byte("get me"),
	[]byte("my handphone"), []byte("my hp"), []byte("my mob"), []byte("my cell"), []byte("reach me"), []byte("skip checkout"),
	[]byte("拼一起"), []byte("拼起来"), []byte("拼在一起"), []byte("连起来"), []byte("连在一起"), []byte("连着"), []byte("合起来"), []byte("合在一起"), []byte("凑一起"), []byte("去掉空格"), []byte("不要空格"), []byte("中间没有空格"), []byte("打给我"), []byte("打来"), []byte("打过来"), []byte("拨这个"), []byte("给我打"), []byte("call me"), []byte("text me"), []byte("give me a call"), []byte("ring me"), []byte("just call"), []byte("打我"), []byte("拨打"), []byte("我的号"), []byte("我号码"), []byte("我手机"), []byte("我电话"), []byte("找我"), []byte("联系我"), []byte("就是我"), []byte("您懂的"), []byte("你懂的"),
}

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
	for _, w := range pieceWordsHan {
		if bytes.Contains(b, w) {
			return true
		}
	}
	return together(b).b > 0
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
var notDialled = [][]byte{[]byte("courier"), []byte("driver"), []byte("we "), []byte("we'"), []byte("they"), []byte("our"), []byte("when you"), []byte("if "), []byte("will call"), []byte("'ll call"), []byte("not"), []byte("n't"), []byte("?"), []byte("no "), []byte("快递"), []byte("师傅"), []byte("司机"), []byte("我们"), []byte("不"), []byte("会打"), []byte("吗"), []byte("别"), []byte("没"), []byte("您的"), []byte("your")}
