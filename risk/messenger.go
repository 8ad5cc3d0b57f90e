package risk

import (
	"bytes"
	"slices"
	"unicode"
	"unicode/utf8"
)

// messengerCues are the names of messengers, as written and as disguised.
var messengerCues = func() []cue {
	return slices.Concat(
		cuesOf(cueVerb, inviteVerbs...),
		cuesOf(cueSure, slices.Concat([]string{
			"wechat", "weixin", "whatsapp", "whats app", "telegram", "tele gram", "kakaotalk", "viber", "snapchat", "weichat", "wechatt", "whatsap", "watsapp", "wchat", "weechat", "wechet", "wecaht", "vvechat", "vvhatsapp", "whatapp", "whatsup number", "wassap", "watsap", "whatsaap", "whatspp", "telegrm", "tlgrm", "telegarm", "wei xin", "insta gram", "green chat app", "the green app", "green app", "wechat id", "fb messenger", "what's app",
			"微信", "微x", "v信", "扣扣", "抠抠", "叩叩", "蔻蔻", "扣q", "企鹅号", "飞机号", "纸飞机", "电报", "电抱", "微信号", "小红书号", "抖音号", "快手号", "wei信", "微❤", "薇❤", "威❤", "徽❤", "v❤", "微♥", "v♥", "薇♥", "威♥", "w❤x", "w♥x", "v芯", "某信", "微丨信", "微亻言", "我微 ", "我薇 ", "我v ", "我徽 ", "我威 ", "绿色图标", "绿色图标聊天", "小绿书", "我的ins", "我ins", "我的ig", "我的fb", "我的tg", "我tg", "加我tg", "加我ig", "加tg", "我的line", "加我line", "陌陌号", "qq邮箱", "telegrem", "instgram", "paypai", "instagam", "snap chat", "face book", "vchat", "teiegram", "wxid", "wx id", "icq", "旺旺我", "旺旺号", "旺旺id", "微言", "飞书号", "钉钉号", "瓦次普", "whatzapp", "whatz app", "wattsapp", "wats app", "what's-app", "kik", "我微:", "我薇:", "我v:", "绿泡泡", "绿色软件", "绿色聊天软件", "绿色聊天", "瓦次艾普", "哇次艾普", "脸书", "卫星号", "球球号", "土豆聊",
		}, misspelt("wechat", "weixin", "whatsapp", "telegram", "instagram", "snapchat", "facebook", "kakaotalk"), cutInTwo("skype", "viber", "discord", "messenger", "line id"), homophones("信", "芯", "心", "x", "欣", "星", "伈", "♥", "❤", "亻言"))...),
		cuesOf(cueSure, homophones("")...),
		cuesOf(cueLikely,
			"vx", "wx", "v x", "w x", "vx号", "wx号", "qq", "q q", "qq号", "qq群", "扣扣群", "q群", "加群", "进群", "群号", "ins号", "推特", "陌陌", "t.g.", "i.g.", "zalo", "skype", "discord", "instagram", "insta", "messenger", "signal", "kakao", "line id", "lineid", "we chat", "w chat", "wapp", "wsp", "钉钉", "球球", "秋秋", "口口", "小红书", "抖音", "快手", "facebook", "tiktok", "twitter", "卫星", "加卫星", "加飞机", "加q", "加vx", "加wx", "企鹅", "snap",
		),
		cuesOf(cueWeak,
			"line", "ig", "fb", "tg", "wa", "v", "q", "sc", "ins", "飞机", "小飞机",
		),
	)
}()

// homophones are the ways in which the first character of WeChat is disguised,
// before after; with nothing after it a verb must stand before it.
func homophones(after ...string) []string {
	var out []string
	for _, h := range []string{"微", "薇", "威", "徽", "维", "溦", "危", "唯", "魏", "卫", "围", "徾", "v", "薇薇", "丫", "喂", "巍", "葳", "崴", "嶶"} {
		for _, x := range after {
			switch {
			case x == "" && h != "丫":
				for _, verb := range []string{"加", "+", "嘉", "佳", "家", "咖", "伽", "傢", "茄", "扫", "添"} {
					if verb == "家" && h != "v" && h != "微" || verb == "扫" && h == "v" {
						continue
					}
					out = append(out, verb+h)
					if h == "v" {
						out = append(out, verb+" "+h)
					}
				}
			case x == "" || h == "危" && x == "心" || h == "卫" && x == "星" || h == "唯" && x != "信" && x != "x":
			case x == "星" && h != "薇", x == "x" && (h == "v" || h == "丫"), x == "欣" && h == "魏":
			default:
				out = append(out, h+x)
			}
		}
	}
	return out
}

// connectors may stand between the messenger's name and the handle. Those that
// introduce a name make a plain word after them a likely handle.
var connectors = byFirst([]connectorWord{
	{":", true},
	{"=", true},
	{"@", true},
	{"：", true},
	{"#", false},
	{"-", false},
	{">", false},
	{"(", false},
	{"[", false},
	{"\"", false},
	{"'", false},
	{"「", false},
	{"【", false},
	{"“", false},
	{"~", false},
	{"，", false},
	{",", false},
	{"信", false},
	{"联系", false},
	{"联络", false},
	{"添加", false},
	{"找我", false},
	{"聊", false},
	{"吧", false},
	{"发您了", true},
	{"发你了", true},
	{"发", false},
	{"叫", true},
	{"live", true},
	{"search", false},
	{"号码", true},
	{"账号", true},
	{"帐号", true},
	{"号", true},
	{"是", true},
	{"为", true},
	{"我", false},
	{"搜一搜", true},
	{"搜索", false},
	{"搜", false},
	{"加", false},
	{"id", true},
	{"hao", true},
	{"is", false},
	{"me", false},
	{"at", false},
	{"on", false},
	{"number", false},
	{"num", false},
	{"no", false},
	{"handle", true},
	{"account", false},
	{"username", true},
	{"nick", true},
	{"nickname", true},
	{"group", false},
	{"channel", false},
	{"profile", false},
	{"page", false},
	{"acc", true},
	{"user", false},
	{"name", false},
	{"contact", false},
	{"add", false},
	{"my", false},
	{"here", false},
	{"backwards", true},
	{"backward", true},
	{"reversed", true},
	{"in reverse", true},
	{"written", false},
	{"the other way", true},
	{"倒着", true},
	{"倒过来", true},
	{"反着", true},
	{"反过来", true},
	{"倒读", true},
	{"反读", true},
}, func(c connectorWord) string { return c.word })

type connectorWord struct {
	word  string
	names bool
}

const (
	minHandle = 4
	maxHandle = 40
	// cueWindow is how far from a cue its handle may begin, in bytes.
	cueWindow = 40
	// verbWindow is how far before a cue the words that say whose handle follows
	// may stand.
	verbWindow = 40
	// maxBetween and maxBetweenHan are how many bytes may stand between the
	// verb and the cue.
	maxBetween    = 20
	maxBetweenHan = 12
)

// messengerHandles finds a messenger's name with a handle after it.
func messengerHandles(s *scan, v *view, d *detectorRun) {
	for _, c := range s.cues {
		if c.cue > cueWeak {
			continue
		}
		if s.spend(24) {
			return
		}
		if end := handleAfter(v.buf, c); end > 0 {
			s.found(v, d.rule, c.start, end, nil)
		}
	}
}

// handleAfter returns where the handle after a cue ends, or 0.
func handleAfter(buf []byte, c cueHit) int {
	i, named, linked, broken := c.end, bytes.HasSuffix(buf[c.start:c.end], []byte(" id")), false, false
	for i < len(buf) && i-c.end < cueWindow {
		if buf[i] == ' ' || buf[i] == '\n' {
			broken = broken || buf[i] == '\n'
			i++
			continue
		}
		n, names := connector(buf[i:])
		if n == 0 {
			break
		}
		named, linked = named || names, true
		i += n
	}
	least := 10
	if c.cue == cueSure {
		least = minPhone
	}
	if end := numberAfter(buf, i, least); end > 0 && (c.cue != cueWeak || named) {
		return end
	}
	end, digits, marks := handle(buf, i)
	n := end - i
	switch {
	case n < minHandle || n > maxHandle || broken && !named:
		return 0
	case c.cue == cueWeak && digits == 0 && marks == 0 && !weakHandle(buf, c, i, n, digits, marks):
		return 0
	case c.cue == cueWeak && (!named || !owned(buf, c.start)) && !weakHandle(buf, c, i, n, digits, marks):
		return 0
	case digits == n && n < 5, digits == n && c.cue != cueSure && !named && n < 6:
		return 0
	case digits > 0 && digits < n && !startsWithUnit(buf[i:end]), marks > 0 && digits < n, digits == n:
		return end
	}
	if c.cue == cueWeak && digits == 0 && marks == 0 {
		return end
	}
	if (c.cue == cueSure || c.cue == cueLikely && named) && bytes.IndexByte(buf[i:end], '.') > 0 && n > 5 && endsThere(buf, end) {
		return end
	}
	// A word of letters only: a handle if the text calls it one.
	if (named || linked && c.cue == cueSure) && (buf[i-1] == '@' || owned(buf, c.start) || idBefore(buf, c.end, i)) && !ordinary(buf[i:end]) && endsThere(buf, end) {
		return end
	}
	return 0
}

// numberAfter is where a number that is dialled with a plus, or one of least digits
// or more, ends that begins at i; or 0.
func numberAfter(buf []byte, i, least int) int {
	if i < len(buf) && buf[i] == '(' {
		i++
	}
	plus := i < len(buf) && buf[i] == '+'
	if plus {
		i++
	}
	digits, end := 0, 0
	for i < len(buf) && digits < maxPhone {
		if isDigit(buf[i]) {
			digits++
			i++
			end = i
			continue
		}
		next := skipSeparators(buf, i)
		if digits == 0 || next == i || next >= len(buf) || !isDigit(buf[next]) {
			break
		}
		i = next
	}
	if end < len(buf) && end > 0 && isLetter(buf[end]) || digits < least && (!plus || digits < 8) {
		return 0
	}
	return end
}

// weakHandle reports whether what follows an ordinary word can only be a handle:
// a name with digits or marks right behind a colon or an at.
func weakHandle(buf []byte, c cueHit, i, n, digits, marks int) bool {
	if bytes.HasSuffix(buf[:c.start], []byte("my ")) && digits >= 2 && digits < n && n >= 5 && !startsWithUnit(buf[i:i+n]) {
		return true
	}
	if name := string(buf[c.start:c.end]); (name == "tg" || name == "ig") && marks > 0 && !startsWithUnit(buf[i:i+n]) {
		return true
	}
	mark := buf[i-1]
	if mark == ' ' && i > c.end+1 {
		mark = buf[i-2]
	}
	if mark != '@' && mark != ':' && mark != '=' {
		return false
	}
	if c.end-c.start == 1 && buf[c.start] == 'v' {
		return mark == ':' && digits >= 2 && n-digits >= 2 && n >= 6 && !startsWithUnit(buf[i:i+n]) && (c.start == 0 || !isWord(buf[max(c.start-2, 0)]))
	}
	if c.end-c.start == 1 { // q
		return digits == n && n >= 7 && c.start+1 == c.end && buf[c.start] == 'q'
	}
	if digits == 0 && marks == 0 && buf[i-1] == '@' && c.end-c.start == 2 && n >= 5 {
		return !ordinary(buf[i : i+n])
	}
	return digits < n && (digits > 0 || marks > 0) && !startsWithUnit(buf[i:i+n])
}

// connector is the length of the connector at the front of b, which is not empty,
// or 0.
func connector(b []byte) (n int, names bool) {
	for _, k := range connectors[b[0]] {
		if !bytes.HasPrefix(b, []byte(k.word)) {
			continue
		}
		m := len(k.word)
		if isLetter(k.word[0]) && m < len(b) && (isWord(b[m]) || b[m] == '_') {
			continue
		}
		return m, k.names
	}
	if r, m := utf8.DecodeRune(b); m > 1 && unicode.IsSymbol(r) {
		return m, false
	}
	return 0, false
}

// handle is the end of the run of handle characters at i, and how many of them
// are digits and marks. A run that is too long for a handle is not read on: it
// may stand behind hundreds of cues.
func handle(buf []byte, i int) (end, digits, marks int) {
	for end = i; end < len(buf) && end-i <= maxHandle; end++ {
		switch c := buf[end]; {
		case isDigit(c):
			digits++
		case isLetter(c):
		case c == '_':
			marks++
		case c == '#' && end > i && end+4 < len(buf) && isDigit(buf[end+1]) && isDigit(buf[end+4]):
			marks++ // name#1234
		case (c == '-' || c == '.') && end > i && end+1 < len(buf) && isWord(buf[end+1]):
		default:
			return end, digits, marks
		}
	}
	return end, digits, marks
}

// startsWithUnit reports whether a token is a number with a unit or an ordinal
// ("24h", "1st", "100mb", "3-5") rather than a name.
func startsWithUnit(b []byte) bool {
	k := 0
	for k < len(b) && (isDigit(b[k]) || b[k] == '-' || b[k] == '.') {
		k++
	}
	return k > 0 && len(b)-k <= 2 || k > 0 && ordinary(b[k:])
}

// owned reports whether the words before a cue say whose handle it is.
func owned(buf []byte, start int) bool {
	before := buf[max(0, start-verbWindow):start]
	for _, w := range []string{"my ", "add ", "me ", "our ", "我", "加", "本人", "俺"} {
		if k := bytes.LastIndex(before, []byte(w)); k >= 0 && !bytes.ContainsAny(before[k:], ".!?\n") {
			return true
		}
	}
	return false
}

// idBefore reports whether what stands between cue and handle calls it an id.
func idBefore(buf []byte, a, b int) bool {
	between := buf[a:b]
	for _, w := range []string{"id", "号", "handle", "username"} {
		if bytes.Contains(between, []byte(w)) {
			return true
		}
	}
	return bytes.HasSuffix(buf[:a], []byte("id")) || bytes.HasSuffix(buf[:a], []byte("号"))
}

// endsThere reports whether the text, the line or the clause ends at i.
func endsThere(buf []byte, i int) bool {
	for i < len(buf) && buf[i] == ' ' {
		i++
	}
	if i == len(buf) {
		return true
	}
	switch buf[i] {
	case '.', ',', '!', '?', ')', ';', '\n', ']', '"', '\'':
		return true
	}
	r, _ := utf8.DecodeRune(buf[i:])
	return r >= 0x2000 || r == '~'
}

// ordinary reports whether a word of letters is too common to be a handle.
func ordinary(b []byte) bool {
	switch string(b) {
	case "please", "yes", "available", "here", "pay", "payment", "only", "support", "official", "order", "orders", "customer", "service", "group",
		"channel", "chat", "account", "number", "message", "messages", "thanks", "thank", "this", "that", "with", "from", "your", "mini", "program",
		"hours", "days", "minutes", "business", "working", "times", "pm", "am", "usd", "rmb", "items", "people", "users", "page", "account's",
		"none", "not", "soon", "later", "tomorrow", "today", "okay", "sure", "hello", "there", "login", "now", "then", "instead", "first", "yuan", "points":
		return true
	}
	return false
}

var inviteVerbs = []string{
	"add me", "add my", "add us on", "text me", "message me", "msg me", "dm me", "contact me", "reach me", "find me", "hit me up", "hmu", "ping me", "write me", "write to me",
	"talk to me", "chat with me", "call me", "follow me", "scan my", "what is your", "what's your", "give me your", "give me ur", "what is ur", "whats ur", "what's ur", "whats your", "send me ur", "send me your", "share your", "lets talk on", "let's talk on", "let's chat on", "let's move to", "take this to", "take it to", "move this to", "talk over", "move to my", "switch to my", "talk on", "continue on",
	"加我", "加一下我", "加下我", "加个", "加你", "添加我", "加好友", "嘉我", "佳我", "+我", "留个", "留下", "发我", "dd我", "滴滴我", "敲我", "告诉我", "换个", "扫我", "联系我", "私聊", "私信我", "找我", "我的", "我加", "互加", "用我", "去我", "我把",
}

// notInvited follow a messenger's name where it means a payment, a programme
// or the shop's own account.
var notInvited = []string{
	"pay", "mini", "official", "moments", "login", "log in", "account linked", "notification",
	"支付", "付款", "小程序", "公众号", "登录", "登陆", "钱包", "官方", "客服", "绑定", "授权", "通知", "零钱", "红包", "账单", "退款", "收款码截图", "头像", "昵称", "转账记录",
}

// messengerInvites finds a messenger's name after words that invite to it.
func messengerInvites(s *scan, v *view, d *detectorRun) {
	for k, c := range s.cues {
		if c.cue >= cueWeak {
			continue
		}
		if s.spend(8) {
			return
		}
		for j := k - 1; j >= 0 && s.cues[j].end+maxBetween >= c.start; j-- {
			verb := s.cues[j]
			near := maxBetween
			if v.buf[verb.start] >= utf8.RuneSelf {
				near = maxBetweenHan
			}
			if verb.cue != cueVerb || verb.end > c.start || c.start-verb.end > near {
				continue
			}
			if !bytes.ContainsAny(v.buf[verb.end:c.start], ".!?\n;") && !follows(v.buf[c.end:], notInvited) {
				s.found(v, d.rule, verb.start, c.end, nil)
			}
			break
		}
	}
}

// follows reports whether b begins with one of words, blanks aside.
func follows(b []byte, words []string) bool {
	b = bytes.TrimLeft(b, " ")
	for _, w := range words {
		if bytes.HasPrefix(b, []byte(w)) {
			return true
		}
	}
	return false
}
