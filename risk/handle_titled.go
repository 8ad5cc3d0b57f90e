package risk

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// Pages and people have names with blanks in messengers, too, which have no shape. They are told
// by their capitals or quotes, behind what may mean a messenger and a word that says that a
// name follows: blue f page, search "Rosa Rugs Outlet"; 脸输搜 林记五金行.

const (
	// maxToTitle is how many bytes may stand between the messenger and the word that names.
	maxToTitle = 48
	// leastTitle and leastBareTitle are how many Chinese characters such a name has at least,
	// the second right behind a messenger's respelt name.
	leastTitle     = 2
	leastBareTitle = 4
	// maxTitle is how many bytes it has at most.
	maxTitle = 48
)

// titledPages finds them.
func titledPages(s *scan, v *view, d *detectorRun) {
	if len(v.buf) > 2*shortText {
		return
	}
	for k, c := range s.cues {
		if c.cue == cueNaming {
			if end := s.quotedBefore(v, c, s.cues[k+1:]); end > 0 {
				s.found(v, d.rule, c.start, end, nil)
			}
			continue
		}
		if hintOf(c.cue) < hintWeight || c.cue == cueSign {
			continue
		}
		if s.spend(8) {
			return
		}
		if end := s.titleBehind(v, c); end > 0 {
			s.found(v, d.rule, c.start, end, nil)
			continue
		}
		for _, n := range s.cues[k+1:] {
			if n.start > c.end+maxToTitle || sentenceEnds(v.buf[c.end:max(c.end, n.start)]) {
				break
			}
			if n.cue != cueNaming || n.start < c.end {
				continue
			}
			hidden := c.cue == cueHint || c.cue == cueDescribed || c.cue == cueDisguised
			if (c.cue == cueDescribed || v.buf[n.start] >= utf8.RuneSelf) && !isIn(searchWords, v.buf[n.start:n.end]) {
				continue
			}
			if end := s.titleAt(v, n.end, hidden); end > 0 && !endsWithin(v.buf[:n.start], notOwnWords) {
				s.found(v, d.rule, c.start, end, nil)
				break
			}
		}
	}
}

// titleBehind is where a page's name ends that stands right behind the respelt name of a
// messenger, or behind a mark; or 0.
func (s *scan) titleBehind(v *view, c cueHit) int {
	if c.cue == cueDescribed || c.cue == cueSign || len(v.buf) > 2*shortText {
		return 0
	}
	i := c.end
	for i < len(v.buf) && (v.buf[i] == ' ' || v.buf[i] == ':') {
		i++
	}
	if i == c.end || i == len(v.buf) {
		return 0
	}
	marked, hidden := bytes.IndexByte(v.buf[c.end:i], ':') >= 0, c.cue == cueHint || c.cue == cueDisguised
	if v.buf[i] < utf8.RuneSelf {
		if !marked && (!hidden || !s.respelt(v, c)) {
			return 0
		}
		return s.capitalized(v, i)
	}
	end, n := hanRun(v.buf, i)
	if !marked && (!hidden || v.buf[c.start] < utf8.RuneSelf) || marked && c.start > leastBareTitle*utf8.UTFMax || len(v.buf) > shortText || n < leastBareTitle || s.pieced || isNoTitle(v.buf[i:]) || !endsThere(v.buf, end) && v.buf[min(end, len(v.buf)-1)] != ' ' {
		return 0
	}
	return end
}

// quotedBefore is where a messenger's name ends that stands right behind a name in quotes, which a
// naming word stands before; or 0: look up "thegroutguy" on insta.
func (s *scan) quotedBefore(v *view, c cueHit, behind []cueHit) int {
	i := c.end
	for i < len(v.buf) && v.buf[i] == ' ' {
		i++
	}
	n := quoteAt(v.buf[i:])
	if n == 0 || !isIn(searchWords, v.buf[c.start:c.end]) {
		return 0
	}
	for k := i + n; k < len(v.buf) && k-i <= maxTitle; k++ {
		m := quoteAt(v.buf[k:])
		if m == 0 || k-i < 4 {
			continue
		}
		for _, app := range behind {
			if app.start >= k+m && app.start-k-m <= len(" over on ") && hintOf(app.cue) == hintWeight && app.cue != cueDescribed && app.cue != cueSign {
				return app.end
			}
		}
		return 0
	}
	return 0
}

// respelt reports whether a cue has a blank or a mark in it, as no name of a messenger has.
func (s *scan) respelt(v *view, c cueHit) bool {
	return bytes.ContainsAny(v.buf[c.start:c.end], " .-/(")
}

// titleAt is where the name of a page ends that begins at i or a little behind; or 0. Where
// the messenger was hidden, Chinese names need no quotes.
func (s *scan) titleAt(v *view, i int, hidden bool) int {
	buf := v.buf
	for i < len(buf) && (buf[i] == ' ' || buf[i] == ':' || buf[i] == '-') {
		i++
	}
	if i == len(buf) {
		return 0
	}
	if n := quoteAt(buf[i:]); n > 0 {
		from := i + n
		for k := from; k < len(buf) && k-from <= maxTitle; k++ {
			if m := quoteAt(buf[k:]); m > 0 && k-from >= 4 {
				return k + m
			}
		}
		return 0
	}
	if buf[i] < utf8.RuneSelf {
		if hidden || s.capitals(v, i, min(len(buf), i+maxTitle)) > 2 {
			return s.capitalized(v, i)
		}
		return 0
	}
	if !hidden {
		return 0
	}
	if isNoTitle(buf[i:]) {
		return 0
	}
	if end, n := hanRun(buf, i); n >= leastTitle && (endsThere(buf, end) || buf[end] == ' ') {
		return end
	}
	return 0
}

// searchWords are words that a page's name follows where a messenger is only described, and in
// Chinese.
var searchWords = wordSet("search", "search for", "look for", "look up", "find", "add", "message", "msg", "dm", "name there", "name on there", "user", "user name", "username", "nickname", "handle", "搜", "搜索", "搜一下", "昵称", "用户名", "名称")

// notTitles are characters that no name begins with behind a word that names.
var notTitles = []string{"不", "索", "到", "一", "得", "这", "那", "我", "您", "你", "他", "她", "它", "客服", "同款", "官方", "人工", "商家", "原因", "订单", "出", "个", "了", "过", "的", "是", "就", "回", "暂", "已", "没", "有", "可", "支", "请", "无", "关", "稍", "正", "活动", "公告", "通知", "链接", "号", "今天", "昨天", "明天", "最近", "目前", "现在", "借口", "时", "人", "谁", "快递", "物流"}

// isNoTitle reports whether b begins as no name does.
func isNoTitle(b []byte) bool {
	return slices.ContainsFunc(notTitles, func(w string) bool { return bytes.HasPrefix(b, []byte(w)) })
}

// quoteAt is the length of the quotation mark that b begins with, or 0.
func quoteAt(b []byte) int {
	r, n := utf8.DecodeRune(b)
	switch r {
	case '"', '“', '”', '「', '」', '『', '』', '【', '】', '《', '》':
		return n
	}
	return 0
}

// hanRun is where the run of Chinese characters, letters and digits ends that begins at i, and
// how many of them are Chinese.
func hanRun(buf []byte, i int) (end, n int) {
	for end = i; end < len(buf) && end-i < maxTitle; {
		r, size := utf8.DecodeRune(buf[end:])
		if !isHan(r) && (r >= utf8.RuneSelf || !isWord(buf[end])) {
			break
		}
		if isHan(r) {
			n++
		}
		end += size
	}
	return end, n
}

// capitalized is where a run of two words or more ends that begins at i and were sent with a
// capital each, as names are; or 0.
func (s *scan) capitalized(v *view, i int) int {
	buf, end, words := v.buf, 0, 0
	for i < len(buf) {
		n := letters(buf[i:])
		if isIn(headlineWords, buf[i:i+n]) {
			return 0
		}
		if n == 0 || s.capitals(v, i, i+1) == 0 || n > 1 && s.capitals(v, i, i+n) == n && n > 3 {
			break
		}
		i += n
		if i+1 < len(buf) && buf[i] == '\'' && isLetter(buf[i+1]) {
			i += 1 + letters(buf[i+1:])
		}
		words++
		end = i
		for i < len(buf) && (buf[i] == ' ' || buf[i] == '-' || buf[i] == '&') {
			i++
		}
	}
	if words < 2 || !endsThere(buf, end) && words < 3 {
		return 0
	}
	return end
}

// headlineWords are words that headlines have with a capital, and names hardly.
var headlineWords = wordSet("a", "an", "are", "available", "can", "closed", "coming", "down", "for", "free", "has", "have", "is", "live", "new", "no", "not", "now", "off", "on", "open", "our", "out", "pay", "please", "sale", "sold", "soon", "sorry", "thanks", "that", "this", "to", "up", "us", "was", "we", "will", "with", "yes", "you", "your")
