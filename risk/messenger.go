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
		cuesOf(cueSure,
			"wechat", "weixin", "whatsapp", "whats app", "telegram", "tele gram", "kakaotalk", "viber", "snapchat", "weichat", "wechatt", "whatsap", "watsapp",
			"微信", "薇信", "徽信", "微x", "维信", "溦信", "v信", "伽v", "加v", "+v", "加微", "加薇", "扣扣", "抠抠", "企鹅号", "飞机号", "電報", "微信号", "小红书号", "抖音号", "加威", "+薇", "+微", "+威", "wei信", "v芯", "加v芯", "薇芯", "微芯", "威芯", "微心", "薇心", "危信", "唯信", "魏信", "薇x", "威x", "微❤", "薇❤", "威❤", "徽❤", "v❤",
		),
		cuesOf(cueLikely,
			"vx", "wx", "加q", "v x", "w x", "vx号", "wx号", "威信", "卫信", "qq", "q q", "qq号", "zalo", "skype", "discord", "instagram", "insta", "messenger", "signal", "kakao", "line id", "lineid", "we chat", "电报", "钉钉", "球球", "小红书", "抖音", "facebook", "tiktok", "twitter", "绿泡泡", "绿色软件",
		),
		cuesOf(cueWeak,
			"line", "ig", "fb", "tg", "wa", "v", "企鹅",
		),
	)
}()

// connectors may stand between the messenger's name and the handle. Those that
// introduce a name make a plain word after them a likely handle.
var connectors = []struct {
	word  string
	names bool
}{
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
	{"号码", true},
	{"账号", true},
	{"帐号", true},
	{"号", true},
	{"是", true},
	{"为", true},
	{"我", false},
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
	{"user", false},
	{"name", false},
	{"contact", false},
	{"add", false},
	{"my", false},
	{"here", false},
}

const (
	minHandle = 4
	maxHandle = 40
	// cueWindow is how far from a cue its handle may begin, in bytes.
	cueWindow = 40
	// verbWindow is how far before a cue the verb of an invitation may stand.
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
		if end := handleAfter(v.buf, c); end > 0 {
			s.found(v, d.rule, c.start, end, nil)
		}
	}
}

// handleAfter returns where the handle after a cue ends, or 0.
func handleAfter(buf []byte, c cueHit) int {
	i, named, linked, broken := c.end, false, false, false
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
	end, digits, marks := handle(buf, i)
	n := end - i
	switch {
	case n < minHandle || n > maxHandle || broken && !named:
		return 0
	case c.cue == cueWeak && (!named || !owned(buf, c.start)):
		return 0
	case digits == n && n < 5, digits == n && c.cue != cueSure && !named && n < 6:
		return 0
	case digits > 0 && digits < n && !startsWithUnit(buf[i:end]), marks > 0 && digits < n, digits == n:
		return end
	}
	// A word of letters only: a handle if the text calls it one.
	if (named || linked && c.cue == cueSure) && (buf[i-1] == '@' || owned(buf, c.start) || idBefore(buf, c.end, i)) && !ordinary(buf[i:end]) && endsThere(buf, end) {
		return end
	}
	return 0
}

// connector is the length of the connector at the front of b, or 0.
func connector(b []byte) (n int, names bool) {
	for _, k := range connectors {
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
// are digits and marks.
func handle(buf []byte, i int) (end, digits, marks int) {
	for end = i; end < len(buf); end++ {
		switch c := buf[end]; {
		case isDigit(c):
			digits++
		case isLetter(c):
		case c == '_':
			marks++
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
	"talk to me", "chat with me", "call me", "follow me", "scan my", "what is your", "what's your", "give me your", "send me your", "share your", "lets talk on", "let's talk on", "let's chat on", "let's move to", "take this to", "take it to", "move this to", "talk over", "move to my", "switch to my", "talk on", "continue on",
	"加我", "加一下我", "加下我", "加个", "加你", "添加我", "加好友", "嘉我", "佳我", "+我", "留个", "留下", "发我", "告诉我", "换个", "扫我", "联系我", "私聊", "私信我", "找我", "我的", "我加", "互加", "用我", "去我", "我把",
}

// notInvited follow a messenger's name where it means a payment, a programme
// or the shop's own account.
var notInvited = []string{
	"pay", "mini", "official", "moments", "login", "log in", "account linked", "notification",
	"支付", "付款", "小程序", "公众号", "登录", "登陆", "钱包", "官方", "客服", "绑定", "授权", "通知", "零钱", "红包", "账单", "退款", "收款码截图", "头像", "昵称", "转账记录",
}

// messengerInvites finds a messenger's name after words that invite to it.
func messengerInvites(s *scan, v *view, d *detectorRun) {
	for _, c := range s.cues {
		if c.cue >= cueWeak {
			continue
		}
		from := max(0, c.start-verbWindow)
		before := v.buf[from:c.start]
		if k := bytes.LastIndexAny(before, ".!?\n;"); k >= 0 {
			from, before = from+k+1, before[k+1:]
		}
		at := -1
		for _, w := range inviteVerbs {
			k := bytes.LastIndex(before, []byte(w))
			near := maxBetweenHan
			if isLetter(w[0]) {
				near = maxBetween
			}
			if k > at && len(before)-k-len(w) <= near && (k == 0 || !isWord(before[k-1]) || !isLetter(w[0])) {
				at = k
			}
		}
		if at < 0 || follows(v.buf[c.end:], notInvited) {
			continue
		}
		s.found(v, d.rule, from+at, c.end, nil)
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
