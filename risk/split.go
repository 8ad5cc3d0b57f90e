package risk

import (
	"bytes"
	"slices"
	"unicode"
	"unicode/utf8"
)

const (
	// maxLead and maxTail are how many bytes of words may stand before and
	// after the digits of a message that goes on with a number.
	maxLead = 24
	maxTail = 12
	// maxSplit is how long, normalised, a message may be that is read together
	// with those before it.
	maxSplit = 64
	// maxBetweenPieces is how many messages without digits may stand between
	// the pieces of a number.
	maxBetweenPieces = 2
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
	[]byte("put them together"), []byte("put together"), []byte("put it together"), []byte("put those together"), []byte("put these together"), []byte("join them"), []byte("join those"), []byte("join these"), []byte("join the"), []byte("combine"), []byte("swap them"), []byte("no spaces"), []byte("without spaces"), []byte("one number"), []byte("in a row"), []byte("stick them"), []byte("add them up"), []byte("glue them"), []byte("dial"), []byte("sms"), []byte("text there"), []byte("text it"), []byte("call there"), []byte("call it"), []byte("call that"), []byte("ring it"), []byte("whatsapp it"), []byte("call me"), []byte("just call"), []byte("text me"), []byte("ring me"), []byte("the whole number"), []byte("my number"), []byte("get me"), []byte("reach me"),
	[]byte("拼一起"), []byte("拼起来"), []byte("拼在一起"), []byte("连起来"), []byte("连在一起"), []byte("连着"), []byte("合起来"), []byte("合在一起"), []byte("凑一起"), []byte("去掉空格"), []byte("不要空格"), []byte("中间没有空格"), []byte("打给我"), []byte("打来"), []byte("打过来"), []byte("拨这个"), []byte("给我打"), []byte("call me"), []byte("text me"), []byte("give me a call"), []byte("ring me"), []byte("just call"), []byte("打我"), []byte("拨打"), []byte("我的号"), []byte("我号码"), []byte("我手机"), []byte("我电话"), []byte("找我"), []byte("联系我"), []byte("就是我"), []byte("您懂的"), []byte("你懂的"),
}

// digitPiece is the digits of one message, [a,b) of its text.
type digitPiece struct {
	text []byte
	a, b int
}

// split reads the message after what its sender wrote in the last minute: what
// was cut into pieces that were sent one by one is found where its last piece
// comes.
func (s *scan) split(w *Window) {
	if len(s.plain.buf) > maxSplit || len(s.plain.buf) == 0 {
		return
	}
	oldest := s.context.At.Add(-windowFor).UnixMilli()
	from := w.n
	for from > 0 && w.fragments[from-1].at >= oldest {
		from--
	}
	before := w.fragments[from:w.n]
	if len(before) == 0 {
		return
	}
	s.pieced = true
	s.splitNumber(before)
	s.splitWords(before)
	s.pieced = false
}

// splitNumber reads the digits of the pieces as one number. Only messages that
// end in digits go on in one that begins with digits, unless words say that
// they are pieces, so that prices and times in a row are none.
func (s *scan) splitNumber(before []fragment) {
	src := &s.plain
	here := pieceOf(src.buf)
	last := here
	if here.a == here.b {
		// No digits, but perhaps what says what to do with those before.
		if last = together(src.buf); last.a == last.b {
			return
		}
	}
	said := here.a == here.b || saysPiece(src.buf)
	pure := here.pure()
	from, pieces, between := len(before), 0, 0
	called := false
	for k, f := range slices.Backward(before) {
		p := pieceOf(f.text[:f.len])
		if p.a == p.b || isPause(p.text) {
			if between++; between > maxBetweenPieces || f.cut {
				break
			}
			said = said || saysPiece(p.text)
			if pieces > 0 && here.a < here.b && !isSaid(p.text) {
				from = k // words before the number, which say what it is
			}
			continue
		}
		if !s.isPiece(&p) || f.cut && p.a < maxLead {
			break
		}
		pieces++
		from, between = k, 0
		said, pure = said || saysPiece(p.text), pure || p.pure()
		called = s.calls(p.text[:p.a]) || p.a < p.b && p.text[p.a] == '+'
		if f.cut {
			break
		}
	}
	if pieces == 0 || here.a == here.b && pieces < 2 || here.a < here.b && !s.isPiece(&here) {
		return
	}
	sure := said || pure || called || here.a < here.b && s.calls(src.buf[here.b:])
	said = said || pure && pieces >= 2
	if here.a < here.b && !here.bare(sure) {
		return
	}
	v := &s.glued
	v.reset()
	for k := from; k < len(before); k++ {
		f := &before[k]
		p := pieceOf(f.text[:f.len])
		if isPause(p.text) {
			continue
		}
		if p.a == p.b {
			if k == from {
				v.putBefore(p.text)
				v.put(' ', -1, -1)
			}
			continue
		}
		if k > from && !p.bare(sure) {
			// Another talk: the number can only begin here.
			v.reset()
		}
		if v.digits == 0 {
			p.a = 0
		}
		v.putBefore(p.text[p.a:p.b])
		v.put(' ', -1, -1)
	}
	if v.digits == 0 {
		return
	}
	if here.a < here.b {
		digits := v.digits + src.digits
		if said {
			v.copyRaw(src, here.a, here.b+checkLetter(src.buf[here.b:]))
		} else {
			v.copyRaw(src, here.a, len(src.buf))
		}
		v.inherit(src)
		v.digits = digits
	} else {
		// What is said stands for the last digit.
		k := len(v.buf) - 1
		for !isDigit(v.buf[k]) {
			k--
		}
		start, end := src.origin(last.a, last.b)
		v.at[k] = source{int32(start), int32(end)} //nolint:gosec // a text is far below 2 GiB
	}
	s.relaxed = said
	s.read(v, splitView)
	s.relaxed = false
}

// isSaid reports whether a message says something for itself.
func isSaid(b []byte) bool {
	return len(b) > 0 && bytes.IndexByte([]byte(".?!"), b[len(b)-1]) >= 0 || bytes.HasSuffix(b, []byte("。"))
}

// calls reports whether the words before the digits of a message call them a number
// that is dialled, or one with a check digit.
func (s *scan) calls(before []byte) bool {
	found := false
	words := &s.engine.words
	words.walk(before, func(word int32, end int) bool {
		start := end - len(words.words[word])
		for _, u := range words.uses[word] {
			found = found || u.kind == useCue && (u.cue == cuePhone || u.cue == cueOther && isIn(checkedWords, before[start:end])) && wholeWord(before, start, end)
		}
		return !found
	})
	return found
}

// checkLetter is how long the letter is that an identity number ends in, if b begins
// with it.
func checkLetter(b []byte) int {
	if len(b) > 0 && b[0] == 'x' && (len(b) == 1 || !isWord(b[1])) {
		return 1
	}
	return 0
}

// isPause reports whether a message only says that its writer goes on.
func isPause(b []byte) bool {
	b = bytes.Trim(b, " .,!?~…")
	return len(b) <= longestPause && isIn(pauses, b)
}

// pauses are such messages.
var pauses = wordSet(
	"ok", "okay", "k", "wait", "sorry", "so", "sec", "1 sec", "one sec", "a sec", "one second", "1 second", "just a sec", "hold on", "hang on", "one moment", "moment", "1 min", "1 moment", "one min", "got it", "got that", "yes", "yep", "yeah", "right", "then", "and", "and then", "next", "continue", "continued", "hmm", "hm", "um", "uh", "er", "typing", "more", "oops", "lol", "haha", "ready", "you there", "still there", "with me", "noted", "done", "well", "you know", "let me see", "almost", "now", "also", "plus",
	"嗯", "嗯嗯", "好", "好的", "稍等", "等下", "等一下", "等等", "然后", "接着", "还有", "哦", "噢", "哈哈", "在吗", "记下了吗", "记好", "记住", "收到吗", "看到吗", "再", "继续", "那个", "对", "是的", "接下来", "马上", "别急", "打字中", "啊", "呃", "额",
)

// longestPause is how long the longest of them is.
const longestPause = 15

// bare reports whether little stands around the digits of a piece. What words
// or other pieces call a piece may have more around it.
func (p *digitPiece) bare(sure bool) bool {
	lead, tail := maxLead, maxTail
	if sure {
		lead, tail = 2*maxLead, 2*maxTail+maxLead
	}
	return p.a <= lead && len(p.text)-p.b <= tail
}

// pure reports whether a message is nothing but digits.
func (p *digitPiece) pure() bool {
	return p.a < p.b && p.a <= maxGap && len(p.text)-p.b <= maxGap && !slices.ContainsFunc(p.text, isLetter)
}

// isPiece reports whether the digits of a message can be a part of a number:
// they are all that it has, no unit follows, and no word calls them something
// else.
func (s *scan) isPiece(p *digitPiece) bool {
	before, digits, after := p.text[:p.a], p.text[p.a:p.b], p.text[p.b:]
	if bytes.ContainsAny(before[ordinal(before):], "0123456789$¥€£%_") || bytes.ContainsAny(digits, ",/:") || bytes.Contains(digits, []byte("，")) {
		return false
	}
	if dots := bytes.Count(digits, []byte(".")); dots > 0 && dots*2+1 != len(digits) || dated(digits) {
		return false
	}
	if r, _ := utf8.DecodeLastRune(before); unicode.Is(unicode.Sc, r) {
		return false
	}
	if k := len(before); k > 0 && (isLetter(before[k-1]) || before[k-1] == '#') || k > 1 && before[k-1] == '-' && isLetter(before[k-2]) {
		return false
	}
	if quoted := len(after) > 0 && after[0] == '"' && len(digits) > 2; quoted {
		after = after[1:] // nothing has so many inches
	}
	if len(after) > 0 && (isLetter(after[0]) && checkLetter(after) == 0 || follows(after, pieceUnits)) {
		return false
	}
	other := false
	words := &s.engine.words
	words.walk(before, func(word int32, end int) bool {
		for _, u := range words.uses[word] {
			other = other || u.kind == useCue && (u.cue == cueOther || u.cue == cueMoney) && wholeWord(before, end-len(words.words[word]), end) && !isIn(checkedWords, before[end-len(words.words[word]):end])
		}
		return !other
	})
	return !other || bytes.Contains(before, []byte("area code"))
}

// checkedWords call what has a check digit, which is found by that.
var checkedWords = wordSet("id", "id is", "card", "account", "account number", "身份证", "卡号", "账号", "账户", "帐号")

// dated reports whether digits are a day, or a year in a sentence.
func dated(d []byte) bool {
	return len(d) >= len("2020-5-2") && d[0] <= '2' && isDigit(d[3]) && (d[4] == '-' || d[4] == '.' || d[4] == ' ') && (d[6] == d[4] || d[7] == d[4])
}

// pieceUnits follow a quantity.
var pieceUnits = []string{
	"%", "°", "\"", "'", "hour", "day", "week", "month", "year", "minute", "second", "item", "piece", "pcs", "people", "point", "dollar", "usd", "eur", "rmb", "yuan", "mm", "cm", "km", "kg", "ml", "g ", "x ", "×", "in ", "left", "inch", "mile", "block", "am", "pm", "percent", "times", "nights", "guests", "of ", "per ",
	"件", "个", "元", "块", "年", "月", "日", "号", "点", "楼", "层", "度", "天", "小时", "分", "秒", "米", "厘", "毫", "公", "斤", "克", "瓦", "伏", "岁", "寸", "码", "座", "室", "栋", "人", "次", "张", "台", "只", "双", "条", "套", "盒", "包", "袋", "瓶", "折", "倍", "期", "款", "位",
}

// putBefore writes what was sent in a message before.
func (v *view) putBefore(b []byte) {
	for _, c := range b {
		v.put(c, -1, -1)
	}
}

// pieceOf finds the digits of a message; an ordinal before them is none.
func pieceOf(buf []byte) digitPiece {
	p := digitPiece{text: buf}
	buf = buf[ordinal(buf):]
	skipped := len(p.text) - len(buf)
	p.a, p.b = digitSpan(buf)
	p.a += skipped
	p.b += skipped
	return p
}

// ordinal is how long a mark is that counts the pieces: "1)", "2.", "(1/3)".
func ordinal(b []byte) int {
	i := 0
	for _, w := range countedParts {
		if bytes.HasPrefix(b, w) {
			i = len(w)
			break
		}
	}
	if i < len(b) && b[i] == '(' {
		i++
	}
	if i >= len(b) || !isDigit(b[i]) {
		return 0
	}
	i++
	if i+1 < len(b) && b[i] == '/' && isDigit(b[i+1]) {
		i += 2
	}
	if i+1 < len(b) && (b[i] == ')' || (b[i] == '.' || b[i] == ':' || b[i] == '/') && b[i+1] == ' ') {
		return i + 1
	}
	return 0
}

// countedParts may stand before the number of a piece.
var countedParts = [][]byte{[]byte("pt "), []byte("pt. "), []byte("part "), []byte("piece "), []byte("chunk "), []byte("bit "), []byte("step ")}

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

// digitSpan is where the last digits of a short text stand, with separators
// between them; an empty span if there are none.
func digitSpan(buf []byte) (a, b int) {
	for b = len(buf); b > 0 && !isDigit(buf[b-1]); {
		b--
	}
	for a = b; a > 0; {
		if isDigit(buf[a-1]) {
			a--
			continue
		}
		k := a
		for k > 0 && a-k < maxGapBytes && !isDigit(buf[k-1]) {
			k--
		}
		if k == 0 || k == a || !isDigit(buf[k-1]) || !onlySeparators(buf[k:a]) {
			break
		}
		a = k
	}
	return a, b
}
