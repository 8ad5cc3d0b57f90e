package risk

import (
	"bytes"
)

// namingWords stand before the name that somebody has somewhere: "my id: golden_koi_88",
// 搜 ahui_niunai. Those of the second list only count with the writer's own.
var (
	namingWords = []string{
		"id", "user", "username", "user name", "nick", "nickname", "handle", "screen name", "my name", "name is", "name there", "name on there", "there as", "there i'm", "look for", "look up", "look me up", "search", "search for", "find", "find me", "add", "add me", "dm", "pm", "follow", "msg", "message", "hit up", "i'm", "im", "i am", "under", "as", "called", "it's", "account", "acc", "tag", "gamertag", "slide into", "ping",
		"搜", "搜索", "搜一下", "找", "找我", "加", "加我", "叫", "号", "号码", "账号", "帐号", "名字", "昵称", "名称", "同步", "拼音", "全拼", "敲我", "私我", "戳我", "关注", "就是", "认准", "添加", "联系", "备注", "用户名", "后面是", "拿掉", "那个", "打不出来", "蓝色的", "绿色的",
	}
	// notOwnWords stand before those where the name is the customer's, or no person's.
	notOwnWords = []string{"your", "ur", "order", "customer", "product", "file", "sku", "model", "coupon", "promo", "code", "folder", "login", "log in", "field", "column", "variable", "您的", "你的", "您", "订单", "型号", "商品", "款号", "货号", "文件", "图片", "优惠", "折扣", "口令"}
	fileEndings = []string{"jpg", "jpeg", "png", "pdf", "mp4", "mov", "docx", "doc", "xlsx", "csv", "zip", "txt", "heic", "gif", "svg", "html", "json", "stl", "psd", "ai", "apk", "exe", "dmg"}
)

// maxNaming is how many bytes may stand between such a word and the name.
const maxNaming = 24

// namedHandles finds a name as people have in messengers, with an underscore in it, where
// a word says that somebody is called so, whatever the messenger is said to be, or where
// one is drawn or described.
func namedHandles(s *scan, v *view, d *detectorRun) {
	app := false
	for _, c := range s.cues {
		app = app || c.cue != cueNone && c.cue < cueWeak || c.cue == cueSign
	}
	if !app && bytes.IndexByte(v.buf, '_') < 0 {
		return
	}
	for _, c := range s.cues {
		if c.cue != cueNaming && c.cue != cueSign {
			continue
		}
		if s.spend(64) {
			return
		}
		a, b := nameAfter(v.buf, c.end, app)
		if a == 0 || endsWithin(v.buf[:c.start], notOwnWords) || bytes.HasSuffix(v.buf[:c.start], []byte("the ")) || endsWithin(v.buf[c.start:a], notOwnWords) {
			continue
		}
		s.found(v, d.rule, a, b, nil)
	}
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

var fileNames = wordSet(fileEndings...)

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
