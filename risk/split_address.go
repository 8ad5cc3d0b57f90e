package risk

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"
)

// An address is cut at its marks: its end is a message by itself behind other talk, "derek
// ¶ @happypaws ¶ does that fit your dog's size? ¶ .sg", or the @ is told last, "rosa.tix ¶
// proton.me ¶ and the a-sign goes between".

// maxAddressPieces is how many messages hold an address at most.
const maxAddressPieces = 6

// splitAddress looks for an address that this message ends, or says the @ of.
func (s *scan) splitAddress(before []fragment) {
	here := s.plain.buf
	ending := s.endsAddress(here, before)
	a, b := 0, 0
	mailed := false
	if ending == nil {
		if mailed = isMailDomain(here); !mailed {
			if a, b = saysAt(here); a == b {
				return
			}
		}
	}
	var pieces [maxAddressPieces][]byte
	n, between := 0, 0
	for _, f := range slices.Backward(before) {
		if f.cut || between > maxBetweenPieces || n == len(pieces) {
			break
		}
		p := addressPiece(f.text[:f.len])
		if len(p) == 0 {
			if !isPause(f.text[:f.len]) {
				between++
			}
			continue
		}
		pieces[n] = append(s.addressed[n][:0], p...)
		n++
		if mailed || ending != nil && p[0] != '@' && p[0] != '-' && p[0] != '_' && !isSecondLevel(p) {
			break // the name of the host, or before the @
		}
	}
	if n == 0 || ending == nil && !mailed && n < 2 {
		return
	}
	list := pieces[:n]
	slices.Reverse(list)
	v := &s.glued
	v.reset()
	if ending != nil {
		for k, p := range list {
			if k > 0 && isSecondLevel(p) {
				v.put('.', -1, -1)
			}
			v.putBefore(bytes.Trim(p, "."))
		}
		v.put('.', 0, 1)
		for _, c := range ending {
			v.put(c, 0, len(s.text))
		}
		v.classes = runeClasses()
		s.read(v, plainView)
		return
	}
	if mailed {
		v.putBefore(list[0])
		v.put('@', -1, -1)
		v.copyRaw(&s.plain, 0, len(here))
		v.hasDot, v.classes = true, runeClasses()
		s.read(v, plainView)
		return
	}
	host := hostPiece(list)
	for k, p := range list {
		switch {
		case k == host:
			v.put('@', -1, -1)
		case k > host && p[0] != '.' && v.buf[len(v.buf)-1] != '.':
			v.put('.', -1, -1)
		}
		v.putBefore(p)
	}
	if bytes.IndexByte(v.buf[bytes.IndexByte(v.buf, '@'):], '.') < 0 {
		v.putBefore([]byte(".com")) // which its reader knows
	}
	start, end := s.plain.origin(a, b)
	v.at[len(v.at)-1] = source{int32(start), int32(end)} //nolint:gosec // a text is far below 2 GiB
	v.classes = runeClasses()
	s.read(v, plainView)
}

// hostPiece is which piece of an address the host begins with: the last that has a mail
// host's name, or a domain, or the last of all.
func hostPiece(list [][]byte) int {
	for k := len(list) - 1; k > 0; k-- {
		if i := bytes.IndexByte(list[k], '.'); slices.Contains(mailHosts, string(list[k][:max(i, 0)])) || slices.Contains(mailHosts, string(list[k])) {
			return k
		}
	}
	for k := 1; k < len(list); k++ {
		if dot := bytes.LastIndexByte(list[k], '.'); dot > 0 && topLevel[string(list[k][dot+1:])] != 0 {
			return k
		}
	}
	return len(list) - 1
}

// addressPiece is the only token of Latin letters in a message, with the words that call
// it a piece left out.
func addressPiece(buf []byte) []byte {
	p := introduced(buf).text
	for _, w := range nameBefore {
		if k := bytes.LastIndex(p, w); k > 0 {
			p = p[k+len(w):]
		}
	}
	for len(p) > 0 {
		if _, n := utf8.DecodeRune(p); n == 1 {
			break
		} else if p = bytes.TrimLeft(p[n:], " :=-"); len(p) == 0 {
			return nil
		}
	}
	for k, c := range p {
		if !isWord(c) && bytes.IndexByte([]byte("._-@"), c) < 0 {
			for _, r := range string(p[k:]) {
				if r < utf8.RuneSelf {
					return nil
				}
			}
			p = p[:k]
			break
		}
	}
	if len(p) < 2 || !slices.ContainsFunc(p, isLetter) || meansItself(p) || ordinary(p) {
		return nil
	}
	return p
}

// maxEnding is how long a message is that is a domain, or says to add one.
const maxEnding = 24

// endsAddress is the domain that a message is, and what stands behind its slash, without
// the dot: ".sg", "点cn", "dot co.uk", "com". One without its dot is a domain where an
// address is spoken of, or as no word is.
func (s *scan) endsAddress(buf []byte, before []fragment) []byte {
	buf = bytes.TrimRight(buf, " ")
	if len(buf) > maxEnding {
		return nil
	}
	for _, w := range endingBefore {
		buf = bytes.TrimPrefix(buf, w)
	}
	dotted := false
	for _, w := range dotsBefore {
		if rest, ok := bytes.CutPrefix(buf, w); ok {
			buf, dotted = rest, true
			break
		}
	}
	n := letters(buf)
	if n < 2 || topLevel[string(buf[:n])] == 0 || n < len(buf) && buf[n] != '/' && (buf[n] != '.' || topLevel[string(buf[n+1:])] == 0) {
		return nil
	}
	if !dotted && (n < len(buf) && buf[n] == '/' || string(buf) != "com" && string(buf) != "cn" && !speaksOfAddress(before)) {
		return nil
	}
	return buf
}

var (
	nameBefore   = bytesOf(": ", " is ")
	dotsBefore   = bytesOf(".", "点", "dot ")
	endingBefore = bytesOf("and ", "then ", "with ", "add ", "plus ", "put ", "后面", "后缀", "结尾", "加", "是")
)

// speaksOfAddress reports whether messages before name a page or a mailbox.
func speaksOfAddress(before []fragment) bool {
	for k := range before[max(0, len(before)-maxAddressPieces):] {
		f := &before[max(0, len(before)-maxAddressPieces)+k]
		for _, w := range addressWords {
			if i := strings.Index(string(f.text[:f.len]), w); i >= 0 && (w[0] >= utf8.RuneSelf || wholeWord(f.text[:f.len], i, i+len(w))) {
				return true
			}
		}
	}
	return false
}

var addressWords = []string{"page", "site", "website", "web", "webpage", "www", "http", "https", "url", "domain", "browser", "mail", "e-mail", "email", "google", "网址", "官网", "网站", "域名", "网页", "邮箱", "浏览器"}

// isSecondLevel reports whether a piece stands before a country's domain.
func isSecondLevel(p []byte) bool {
	p = bytes.TrimPrefix(p, []byte("."))
	return string(p) == "co" || string(p) == "com"
}

// isMailDomain reports whether a message is nothing but a mail host: gmail.com.
func isMailDomain(buf []byte) bool {
	dot := bytes.IndexByte(buf, '.')
	if dot <= 0 || !slices.Contains(mailHosts, string(buf[:dot])) {
		return false
	}
	end, ok := host(buf, 0, false)
	return ok && end == len(buf)
}

// saysAt is where a message says where an @ goes.
func saysAt(buf []byte) (a, b int) {
	for _, w := range atWords {
		k := bytes.Index(buf, w)
		if k < 0 {
			continue
		}
		end := k + len(w)
		if k > 0 && isWord(buf[k-1]) || end < len(buf) && isWord(buf[end]) {
			continue
		}
		for _, where := range atPlaces {
			if i := strings.Index(string(buf), where); i >= 0 && (where[0] >= utf8.RuneSelf || wholeWord(buf, i, i+len(where))) {
				return k, end
			}
		}
	}
	return 0, 0
}

var (
	atWords  = bytesOf("@", "a-sign", "at-sign", "at sign", "at symbol", "a sign", "snail", "curly a", "a in a circle", "圈a", "艾特", "小老鼠", "at符号", "at号")
	atPlaces = []string{"between", "in between", "middle", "after", "before", "goes", "put", "insert", "where", "then", "add", "needs", "missing", "中间", "前面", "后面", "之间", "加", "插", "补", "别忘", "漏", "自己", "连"}
)
