package risk

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// markWord is a way to write an at, a dot or a slash that is nothing else beside
// a name.
type markWord struct {
	word string
	mark byte
}

// markWords are those, of two that begin alike the longer first.
var markWords = byFirst([]markWord{
	{"little a with the circle", '@'},
	{"a with the circle", '@'},
	{"a with a circle", '@'},
	{"the usual sign", '@'},
	{"symbol at", '@'},
	{"at symbol", '@'},
	{"the @ thing", '@'},
	{"at the rate of", '@'},
	{"at the rate", '@'},
	{"shift+2", '@'},
	{"shift 2", '@'},
	{"shift-2", '@'},
	{"at-sign", '@'},
	{"at sign", '@'},
	{"arroba", '@'},
	{"klammeraffe", '@'},
	{"monkey tail", '@'},
	{"艾特符号", '@'},
	{"艾特", '@'},
	{"🐭", '@'},
	{"﹫", '@'},
	{"爱特", '@'},
	{"小老鼠", '@'},
	{"老鼠", '@'},
	{"花a", '@'},
	{"圈a", '@'},
	{"圈", '@'},
	{"at", '@'},
	{"a", '@'},
	{"在", '@'},
	{"@", '@'},
	{"#", '@'},
	{"￠", '@'},
	{"full stop", '.'},
	{"fullstop", '.'},
	{"d.o.t", '.'},
	{"d o t", '.'},
	{"d-o-t", '.'},
	{"d0t", '.'},
	{"dot", '.'},
	{"period", '.'},
	{"point", '.'},
	{"punto", '.'},
	{"punkt", '.'},
	{"ponto", '.'},
	{"dawt", '.'},
	{"小数点", '.'},
	{"句号", '.'},
	{"点儿", '.'},
	{"点", '.'},
	{"奌", '.'},
	{"典", '.'},
	{"逗号", '.'},
	{"丶", '.'},
	{"・", '.'},
	{"•", '.'},
	{"·", '.'},
	{"⊙", '.'},
	{"●", '.'},
	{"▪", '.'},
	{"■", '.'},
	{"🔴", '.'},
	{"⚫", '.'},
	{"。", '.'},
	{"．", '.'},
	{"․", '.'},
	{"‧", '.'},
	{"∙", '.'},
	{"⋅", '.'},
	{",", '.'},
	{"，", '.'},
	{".", '.'},
	{"☆", '.'},
	{"★", '.'},
	{"①", '.'},
	{"forward slash", '/'},
	{"slash", '/'},
	{"斜杠", '/'},
	{"斜线", '/'},
	{"/", '/'},
	{"underscore", '_'},
	{"下划线", '_'},
}, func(m markWord) string { return m.word })

// endings are top-level domains as they are written to hide them.
var endings = byFirst([]spelledDomain{
	{"扣姆", "com"}, {"科母", "com"}, {"科姆", "com"}, {"扣母", "com"}, {"康木", "com"}, {"康姆", "com"}, {"康母", "com"}, {"抗母", "com"}, {"靠姆", "com"}, {"空姆", "com"}, {"c o m", "com"}, {"c.o.m", "com"}, {"c-o-m", "com"}, {"c0m", "com"}, {"comm", "com"}, {"kom", "com"}, {"cοm", "com"}, {"coм", "com"}, {"c om", "com"}, {"co m", "com"}, {"n e t", "net"}, {"n3t", "net"}, {"c n", "cn"}, {"c a", "ca"}, {"奈特", "net"}, {"西恩", "cn"}, {"shορ", "shop"},
}, func(e spelledDomain) string { return e.word })

// marks writes into v what src says when marks between names are read as those of
// an address, with what is around them left out: vicky "at" gmail *dot* com. It
// reports whether there are any.
func (v *view) marks(src *view) bool {
	v.reset()
	buf := src.buf
	done, n := 0, 0
	for i := 0; i < len(buf) && n < maxMarks; i++ {
		if i == 0 || !isWord(buf[i-1]) || isWord(buf[i]) && !startsMark(buf[i:]) {
			continue
		}
		mark, end := looseMark(buf, i)
		if mark == 0 {
			continue
		}
		v.copyRaw(src, done, i)
		v.putFrom(src, mark, i, end)
		n++
		done = end
		if mark == '.' {
			if domain, k := ending(buf, end); k > 0 {
				for _, c := range []byte(domain) {
					v.putFrom(src, c, end, k)
				}
				done = k
			}
		}
		i = done - 1
	}
	if n == 0 {
		return false
	}
	return v.addressed(src, done)
}

// startsMark reports whether a mark is glued to the word before it, as in
// gmaildotcom.
func startsMark(b []byte) bool {
	return b[0] == 'd' && bytes.HasPrefix(b, []byte("dot")) && (bytes.HasPrefix(b, []byte("dotcom")) || bytes.HasPrefix(b, []byte("dotcn")) || bytes.HasPrefix(b, []byte("dotnet")))
}

// ending is the top-level domain that a hidden spelling at i stands for, and
// where that ends; 0 if there is none.
func ending(buf []byte, i int) (domain string, end int) {
	if i >= len(buf) {
		return "", 0
	}
	for _, e := range endings[buf[i]] {
		if k := i + len(e.word); bytes.HasPrefix(buf[i:], []byte(e.word)) && (k == len(buf) || !isLetter(buf[k])) {
			return e.domain, k
		}
	}
	return "", 0
}

// looseMark reads a mark at i, behind a name, and returns where the name after it
// begins.
func looseMark(buf []byte, i int) (mark byte, end int) {
	j := wrapping(buf, i)
	if j >= len(buf) {
		return 0, 0
	}
	for _, m := range markWords[buf[j]] {
		if !bytes.HasPrefix(buf[j:], []byte(m.word)) {
			continue
		}
		k := j + len(m.word)
		end = wrapping(buf, k)
		wrapped := j > i && end > k
		letters := isWord(m.word[0])
		switch {
		case end >= len(buf):
			continue
		case letters && !wrapped && !startsMark(buf[i:]):
			continue
		case m.mark == '.' && !markedDomain(buf, end):
			continue
		case m.word == "." && (j == i || end == k), m.word == "@" && !wrapped, m.word == "/" && !wrapped:
			continue
		case (m.word == "a" || m.word == "圈" || m.word == "在" || m.word == "at" || m.word == "#") && !providerAt(buf, end):
			continue
		case m.word == "," && (j > i || end > k) && buf[k-1] == ',':
			continue
		case !isWord(buf[end]) && m.mark != '.':
			continue
		case m.mark == '/' && !bytes.Contains(buf[max(0, i-24):i], []byte(".")) && !bytes.Contains(buf[max(0, i-24):i], []byte("dot")) && !bytes.Contains(buf[max(0, i-24):i], []byte("点")):
			continue
		case m.mark == '_' && j > i && !wrapped:
			continue
		}
		return m.mark, end
	}
	return 0, 0
}

// wrapping returns where what people put around a mark ends: blanks, quotes,
// stars and brackets, at most four of them.
func wrapping(buf []byte, i int) int {
	for range 4 {
		if i >= len(buf) {
			return i
		}
		switch buf[i] {
		case ' ', '*', '"', '\'', '(', ')', '[', ']', '{', '}', '<', '>', '_', '-', '~', '|', '+', '`', ',':
			i++
			continue
		}
		r, n := utf8.DecodeRune(buf[i:])
		switch r {
		case '（', '）', '【', '】', '“', '”', '「', '」', '《', '》', '、', '，', '加', '是':
			i += n
			continue
		}
		return i
	}
	return i
}

// markedDomain reports whether a top-level domain stands at i, or the name of a host
// that goes on with one.
func markedDomain(buf []byte, i int) bool {
	if _, k := ending(buf, i); k > 0 {
		return true
	}
	return domainFollows(buf, i)
}

// providers are hosts of mailboxes by which an at is known as one.
var providers = byFirst([]string{
	"gmail", "g mail", "gmai1", "google mail", "googlemail", "outlook", "hotmail", "yahoo", "icloud", "live", "msn", "aol", "gmx", "web.", "web punto", "web dot", "proton", "zoho", "fastmail", "posteo", "mail", "yandex", "orange", "libero", "seznam", "naver", "daum", "163", "126", "139", "188", "qq", "sina", "sohu", "yeah", "aliyun", "foxmail", "tom.", "21cn", "vip.", "me.", "wanadoo", "comcast", "t-online", "pm.",
}, func(host string) string { return host })

func providerAt(buf []byte, i int) bool {
	return i < len(buf) && slices.ContainsFunc(providers[buf[i]], func(host string) bool { return bytes.HasPrefix(buf[i:], []byte(host)) })
}
