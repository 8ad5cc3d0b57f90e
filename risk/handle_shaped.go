package risk

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// A name that somebody has in messengers is told by its shape: gemma_upcycles, rosie.bakes.leeds,
// bluefen#4471, tuoyunma88. How plainly it has it, and how plainly the words around it speak
// of a messenger, add up, so that the messenger may be named in ways that nobody foresaw.

const (
	// surelyShaped is what a name weighs that no other word of a desk looks like,
	// likelyShaped one that looks like a code or a host, too.
	surelyShaped = 3
	likelyShaped = 2
	// hintWeight is what a word weighs that may name a messenger, topicWeight one that may be
	// about one, and one that says that a name follows.
	hintWeight  = 2
	topicWeight = 1
	// leastShaped is what shape and words weigh together at least.
	leastShaped = 4
	// maxNaming and maxHint are how many bytes may stand between such words and the name;
	// maxBack, between a name and the messenger's behind it.
	maxNaming = 24
	maxHint   = 72
	maxBack   = 20
	// leastRun is how many letters in a row a code has, if no more.
	leastRun = 3
	// leastDigits is how many digits a text has that a name without marks can stand in.
	leastDigits = 2
	// shortText is the length up to which a text says little else than the name in it.
	shortText = 64
)

// handleCues are the words that make a name a handle.
var handleCues = slices.Concat(
	cuesOf(cueNaming, namingWords...),
	cuesOf(cueHint, phrases("apps", "respelt", "zrespelt")...),
	cuesOf(cueHint, respellings("telegram", "whatsapp", "instagram", "snapchat", "facebook", "messenger", "discord", "kakaotalk", "signal", "viber", "skype", "threema", "linkedin", "twitter", "tiktok", "weixin")...),
	cuesOf(cueDescribed, phrases("apps", "described", "sign", "zdescribed")...),
)

// namingWords stand before the name that somebody has somewhere: "my id: golden_koi_88",
// 搜 ahui_niunai. Those of the second list only count with the writer's own.
var (
	namingWords = []string{
		"id", "user", "username", "user name", "nick", "nickname", "handle", "screen name", "my name", "name is", "name there", "name on there", "there as", "there i'm", "look for", "look up", "look me up", "search", "search for", "find", "find me", "add", "add me", "dm", "pm", "follow", "msg", "message", "hit up", "i'm", "im", "i am", "under", "as", "called", "it's", "account", "acc", "tag", "gamertag", "slide into", "ping",
		"搜", "搜索", "搜一下", "找", "找我", "加", "加我", "叫", "号", "号码", "账号", "帐号", "名字", "昵称", "名称", "同步", "拼音", "全拼", "敲我", "私我", "戳我", "关注", "就是", "认准", "添加", "联系", "备注", "用户名", "后面是", "拿掉", "那个", "打不出来", "蓝色的", "绿色的",
	}
	// notOwnWords stand before those where the name is the customer's, or no person's.
	notOwnWords = []string{"your", "ur", "order", "customer", "product", "file", "sku", "model", "coupon", "promo", "code", "folder", "login", "log in", "field", "column", "variable", "host", "hostname", "wifi", "wi-fi", "wi fi", "ssid", "network", "hotspot", "bluetooth", "printer", "device", "parameter", "setting", "settings", "function", "config", "plugin", "class", "table", "api", "script", "env", "metafield", "macro", "sheet", "spreadsheet", "colour", "color", "font", "theme", "playlist", "dashboard", "metric", "event", "template", "snippet", "webhook", "热点", "无线", "网络", "蓝牙", "设备", "字段", "参数", "变量", "接口", "插件", "脚本", "字体", "模板", "表格", "指标", "颜色", "您的", "你的", "您", "订单", "型号", "商品", "款号", "货号", "文件", "图片", "优惠", "折扣", "口令"}
)

// shapedHandles finds names by their shape.
func shapedHandles(s *scan, v *view, d *detectorRun) {
	most := 0
	if s.triggers[triggerMirror] > 0 {
		most = hintWeight
	}
	for _, c := range s.cues {
		most = max(most, hintOf(c.cue))
	}
	// A code needs more than a word that may be about a messenger.
	if most < hintWeight && !v.hosts && !v.hasAt && (v.digits < leastDigits || len(v.buf) > shortText) && bytes.IndexByte(v.buf, '_') < 0 || s.spend(len(v.buf)/5) {
		return
	}
	for i := 0; i < len(v.buf); {
		t := s.shapedAt(v, i)
		if t.end == i {
			i++
			continue
		}
		if t.shape > 0 && !s.spend(8+len(s.cues)/4) && t.shape+s.hints(v, t) >= leastShaped {
			s.found(v, d.rule, t.start, t.end, nil)
		}
		i = t.end
	}
	if !s.pieced { // what several messages name is for split_handle to weigh
		s.hintedNames(v, d)
	}
}

// hintOf is what a cue weighs for a name near it.
func hintOf(c cueKind) int {
	return hintWeights[c]
}

// hintWeights are the same by kind.
var hintWeights = [1 << 8]int{
	cueDisguised: hintWeight, cueSure: hintWeight, cueLikely: hintWeight, cueSign: hintWeight, cueHint: hintWeight, cueDescribed: hintWeight,
	cueWeak: topicWeight,
}

// hints is what the words around a name weigh that say whose it is.
func (s *scan) hints(v *view, t shaped) int {
	var app, naming cueHit // the last of those that weigh most
	most, mail := 0, false
	// What only describes a messenger describes goods with codes, too.
	onlyNames := t.code && (t.run <= leastRun || !endsClause(v.buf, t.end))
	for _, c := range s.cues {
		weight := hintOf(c.cue)
		mail = mail || c.cue == cueMailbox || c.cue == cueMail
		switch {
		case weight == 0 && c.cue != cueNaming, c.end+maxHint < t.start, c.start > t.end+maxBack, c.start < t.end && t.start < c.end:
		case onlyNames && (c.cue == cueDescribed || c.cue == cueSign || weight == topicWeight):
		case c.end > t.start:
			if weight > most && !bytes.ContainsAny(v.buf[t.end:c.start], ".!?;\n") {
				app, most = c, weight
			}
		case c.cue == cueNaming:
			if t.start-c.end <= maxNaming && !bytes.HasSuffix(v.buf[:c.start], []byte("the ")) && bytes.IndexByte(v.buf[c.end:t.start], '\n') < 0 {
				naming = c
			}
		case weight >= most && (t.shape == surelyShaped || v.buf[t.start] == '@' || t.start-c.end <= maxGap || !sentenceEnds(v.buf[c.end:t.start])):
			app, most = c, weight
		}
	}
	if most == 0 && !onlyNames && t.shape+2*topicWeight >= leastShaped && s.nearTopic(v, t) {
		most, app.end = topicWeight, max(0, t.start-maxNaming)
	}
	named := 0
	switch {
	case most == 0 && mail, most == 0 && naming.end == 0 && isVersioned(v.buf[t.start:t.end]):
		return 0 // it is an address's, or a thing's
	case most == 0 && t.small && t.run > leastRun && !s.pieced && len(v.buf) <= shortText && endsClause(v.buf, t.end):
		named = hintWeight // as which no code of a desk is written
	case naming.end > 0, most == 0 && len(v.buf) <= shortText, t.shape < likelyShaped && most == hintWeight && s.behindRespelt(v, t):
		named = topicWeight
	}
	if t.shape+most+named < leastShaped || s.spend(3*len(notOwnWords)) {
		return 0
	}
	if most > 0 && app.end <= t.start && endsWithin(v.buf[app.end:t.start], notOwnWords) {
		most = 0
	}
	if named > 0 && most < hintWeight && (endsWithin(v.buf[:t.start], notOwnWords) || endsWithin(v.buf[:naming.start], notOwnWords)) {
		named = 0
	}
	return most + named
}

// topics are words that may be about a messenger.
var topics = phrases("apps", "topic")

// nearTopic reports whether one of them stands near a name.
func (s *scan) nearTopic(v *view, t shaped) bool {
	from := max(0, t.start-maxHint)
	near := v.buf[from:min(len(v.buf), t.end+maxBack)]
	if s.spend(len(topics) * len(near) / 16) {
		return false
	}
	return slices.ContainsFunc(topics, func(w string) bool {
		k := bytes.LastIndex(near, []byte(w))
		return k >= 0 && (from+k >= t.end || from+k+len(w) <= t.start) && wholeWord(v.buf, from+k, from+k+len(w))
	})
}

// behindRespelt reports whether a name stands right behind the respelt name of a messenger.
func (s *scan) behindRespelt(v *view, t shaped) bool {
	if s.spend(len(s.cues)) {
		return false
	}
	for _, c := range s.cues {
		if (c.cue == cueHint || c.cue == cueDisguised) && c.end < t.start && skipConnectors(v.buf, c.end, t.start) == t.start && endsClause(v.buf, t.end) {
			return true
		}
	}
	return false
}

// skipConnectors is where the blanks and connectors end that stand at i, and not behind to.
func skipConnectors(buf []byte, i, to int) int {
	for i < to {
		if buf[i] == ' ' {
			i++
			continue
		}
		n, _ := connector(buf[i:])
		if n == 0 {
			break
		}
		i += n
	}
	return min(i, to)
}

// endsClause reports whether the text, the line or the clause ends at i, and no Chinese goes on there.
func endsClause(buf []byte, i int) bool {
	r, _ := utf8.DecodeRune(buf[i:])
	return !isHan(r) && endsThere(buf, i) && (i+1 >= len(buf) || buf[i] != ' ' || buf[i+1] < utf8.RuneSelf || !hanAt(buf, i+1))
}

func hanAt(buf []byte, i int) bool {
	r, _ := utf8.DecodeRune(buf[i:])
	return isHan(r)
}

// sentenceEnds reports whether a sentence ends in b.
func sentenceEnds(b []byte) bool {
	for i, c := range b {
		if c == '\n' || (c == '.' || c == '?' || c == '!') && i+1 < len(b) && b[i+1] == ' ' && i > 0 && isLetter(b[i-1]) && i > 4 {
			return true
		}
	}
	return bytes.Contains(b, []byte("。"))
}

// nameAfter is the name that begins within maxNaming bytes behind i: one with an underscore
// or, where a messenger was named, one with digits or dots.
func nameAfter(buf []byte, i int, app bool) (a, b int) {
	for a = i; a < len(buf) && a-i <= maxNaming; {
		if buf[a] == '\n' {
			return 0, 0
		}
		if !isWord(buf[a]) && buf[a] != '_' {
			a++
			continue
		}
		letters, digits, marks, dots := 0, 0, 0, 0
		for b = a; b < len(buf) && b-a <= maxHandle && (isWord(buf[b]) || buf[b] == '_' || (buf[b] == '.' || buf[b] == '-') && b+1 < len(buf) && isWord(buf[b+1])); b++ {
			switch c := buf[b]; {
			case isLetter(c):
				letters++
			case isDigit(c):
				digits++
			case c == '_' && b > a && b+1 < len(buf) && isWord(buf[b+1]):
				marks++
			case c == '.' || c == '-':
				dots++
			}
		}
		if letters >= 3 && b-a > minHandle && b-a <= maxHandle && (marks > 0 || app && (digits > 1 && !startsWithUnit(buf[a:b]) && letters > 3 || dots > 0 && a <= i+maxGap)) {
			if dot := bytes.LastIndexByte(buf[a:b], '.'); dot >= 0 && isIn(fileNames, buf[a+dot+1:b]) || b < len(buf) && (buf[b] == '@' || buf[b] == '/' || buf[b] == '=') || a > 0 && (buf[a-1] == '/' || buf[a-1] == '=' || buf[a-1] == '.') {
				return 0, 0
			}
			return a, b
		}
		if app {
			if end := spelledHandle(buf, a); end > 0 {
				return a, end
			}
		}
		a = b
	}
	return 0, 0
}

// endsWithin reports whether one of words stands in the last bytes of b.
func endsWithin(b []byte, words []string) bool {
	b = b[max(0, len(b)-maxNaming):]
	if k := bytes.LastIndexAny(b, ".!?\n"); k >= 0 {
		b = b[k+1:]
	}
	for _, w := range words {
		if k := bytes.LastIndex(b, []byte(w)); k >= 0 && (!isLetter(w[0]) || wholeWord(b, k, k+len(w))) {
			return true
		}
	}
	return false
}
