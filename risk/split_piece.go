package risk

import (
	"bytes"
	"slices"
	"unicode"
	"unicode/utf8"
)

// isPiece reports whether the digits of a message can be a part of a number:
// they are all that it has, no unit follows, and no word calls them something
// else.
func (s *scan) isPiece(p *digitPiece) bool {
	if !p.isNumber() {
		return false
	}
	before := p.text[:p.a]
	before = before[lastSentence(before):]
	a, _ := s.cueIn(before, func(u use, word []byte) bool {
		return (u.cue == cueOther || u.cue == cueMoney && !bytes.Contains(before, []byte("digits"))) && !isIn(checkedWords, word)
	})
	return a < 0 || bytes.Contains(before, []byte("area code"))
}

// isSmall reports whether the digits of a message are a time, a seat or an amount, which
// talk between the pieces of a number has.
func (p *digitPiece) isSmall() bool {
	return p.b-p.a <= len("20") && (p.a == 0 || !isLetter(p.text[p.a-1]))
}

// lastSentence is where the last sentence of a text begins: another's words say nothing of
// its digits. Behind a short word a dot cuts that.
func lastSentence(text []byte) int {
	k := bytes.LastIndex(text, []byte(". "))
	if k < 4 || slices.ContainsFunc(text[k-4:k], func(c byte) bool { return !isLetter(c) }) {
		return 0
	}
	return k + 1
}

// isNumber reports the same of what stands beside the digits.
func (p *digitPiece) isNumber() bool {
	before, digits, after := p.text[:p.a], p.text[p.a:p.b], p.text[p.b:]
	if !onlyCounts(before[ordinal(before):]) || bytes.ContainsAny(digits, ",/:") || bytes.Contains(digits, []byte("，")) {
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
	return (len(after) == 0 || !isLetter(after[0]) || checkLetter(after) > 0) && !isQuantity(after) && !measures(before)
}

// isQuantity reports whether digits with after behind them count something.
func isQuantity(after []byte) bool { return follows(after, pieceUnits) }

// measures reports whether the words before digits say that they measure or count.
func measures(before []byte) bool {
	before = bytes.TrimRight(before, " :=约")
	for word := range bytes.FieldsSeq(before) {
		if isIn(measuredThings, word) {
			return true
		}
	}
	return endsWithAny(before, pieceMeasures) && !endsWithAny(before, []string{"店长", "校长", "班长", "组长", "家长", "队长"})
}

// measuredThings are words somewhere before a measure.
var measuredThings = wordSet("meter", "reading", "readings", "combination", "mileage", "odometer", "thermostat", "kwh", "rpm", "alarm")

// pieceMeasures stand before a measure, or another number that is no telephone's.
var pieceMeasures = []string{
	"width", "height", "depth", "length", "weight", "wide", "deep", "high", "long", "tall", "error", "fault", "rma", "row", "seat", "floor", "page", "level", "aisle", "bay", "shelf", "box", "bin", "rev", "channel", "volts", "watts", "before", "exp", "deposit", "balance", "fee", "was", "total", "miles", "km", "mileage", "stock", "sold", "points", "van", "departs", "arrives", "opens", "closes", "lunch",
	"宽", "深", "高", "长", "厚", "重", "宽度", "深度", "高度", "长度", "直径", "净重", "毛重", "体积", "容量", "功率", "电压", "身高", "体重", "腰围", "胸围", "臀围", "第", "次", "错误", "故障", "首付", "定金", "尾款", "中期", "押金", "运费", "单价", "原价", "现价", "一共", "合计", "总共", "前排", "后排", "中排", "满", "减", "库", "期", "表", "昨天", "今天", "前天", "明天", "上个月", "上月", "本月", "读数",
}

// onlyCounts reports whether what stands before the digits of a piece has no other
// number than one that counts the pieces or their digits: "the last 3: ", "pt 2 ".
func onlyCounts(before []byte) bool {
	for i, c := range before {
		switch {
		case c == '$' || c == '%' || c == '_':
			return false
		case !isDigit(c):
		case i > 0 && isDigit(before[i-1]) || !endsWithAny(bytes.TrimRight(before[:i], " #"), countBefore):
			return false
		}
	}
	return !bytes.ContainsAny(before, "¥€£")
}

// countBefore are the words before such a number.
var countBefore = []string{"note", "text", "line", "number", "first", "last", "final", "next", "other", "remaining", "middle", "pt", "pt.", "part", "piece", "chunk", "bit", "step", "msg", "message", "half", "bits", "前", "后", "中间", "最后", "剩下", "尾", "第", "头", "开头", "中"}

// isOther reports whether a message ends in digits that a word calls something else.
func (s *scan) isOther(p *digitPiece) bool {
	if p.a == p.b || slices.ContainsFunc(p.text[p.b:], func(c byte) bool { return !isWord(c) }) {
		return false
	}
	before := p.text[:p.a]
	a, b := s.cueIn(before, func(u use, word []byte) bool { return u.cue == cueOther && !isIn(checkedWords, word) })
	return a >= 0 && p.a-b <= maxLead && bytes.IndexByte(before[b:], '.') < 0 && !bytes.Contains(before, []byte("area code")) || measures(before)
}

// checkedWords call what has a check digit, which is found by that.
var checkedWords = wordSet("id", "id is", "card", "account", "account number", "身份证", "卡号", "账号", "账户", "帐号")

// dated reports whether digits are a day, or a year in a sentence.
func dated(d []byte) bool {
	if n := len(d); n == len("09 2021") && !isDigit(d[2]) && isDigit(d[1]) && d[0] <= '1' && d[3] == '2' && d[4] == '0' {
		return true
	}
	return len(d) >= len("2020-5-2") && d[0] <= '2' && isDigit(d[3]) && (d[4] == '-' || d[4] == '.' || d[4] == ' ') && (d[6] == d[4] || d[7] == d[4])
}

// pieceUnits follow a quantity.
var pieceUnits = []string{
	"%", "°", "\"", "'", "hour", "day", "week", "month", "year", "minute", "second", "item", "piece", "pcs", "people", "point", "dollar", "usd", "eur", "rmb", "yuan", "mm", "cm", "km", "kg", "ml", "g ", "x ", "×", "in ", "left", "inch", "mile", "block", "am", "pm", "percent", "times", "nights", "guests", "of ", "per ",
	"件", "个", "元", "块", "年", "月", "日", "号", "点", "楼", "层", "度", "天", "小时", "分", "秒", "米", "厘", "毫", "公", "斤", "克", "瓦", "伏", "岁", "寸", "码", "座", "室", "栋", "人", "次", "张", "台", "只", "双", "条", "套", "盒", "包", "袋", "瓶", "折", "倍", "期", "款", "位",
}

// areListed reports whether the digits of messages are a list: round numbers or prices, each
// larger than the one before, numbers that differ in their last digit only, hours, or the same
// digit over and over. What stands before it may count it.
func areListed(told []toldPiece, here *digitPiece) bool {
	prev := here.text[here.a:here.b]
	round, alike, hours, same := true, true, isHour(prev), isRepeated(prev)
	for _, f := range slices.Backward(told) {
		p := pieceOf(f.text)
		if p.a == p.b {
			continue
		}
		d := p.text[p.a:p.b]
		if len(d) == 1 && p.a > maxGap && len(prev) > 2 {
			continue // I found 3
		}
		less := len(d) < len(prev) || len(d) == len(prev) && bytes.Compare(d, prev) < 0
		last := d[len(d)-1]
		round = round && less && last == prev[len(prev)-1] && (last == '0' || last == '9') && d[0] != '0' && len(prev) <= 4
		alike = alike && len(d) == len(prev) && len(d) > 2 && bytes.Equal(d[:len(d)-1], prev[:len(d)-1])
		hours, same = hours && isHour(d), same && isRepeated(d)
		prev = d
	}
	return round || alike || hours || same
}

// isHour reports whether digits are a time of day, as shops write them: 0930.
func isHour(d []byte) bool {
	return len(d) == 4 && string(d[:2]) < "24" && string(d[2:]) < "60" && (d[3] == '0' || d[3] == '5')
}

// isRepeated reports whether digits are the same one, three times or more.
func isRepeated(d []byte) bool { return len(d) > 2 && bytes.Count(d, d[:1]) == len(d) }
