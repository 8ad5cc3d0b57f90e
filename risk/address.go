package risk

import (
	"bytes"
	"net/netip"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	maxLocal = 64
	maxHost  = 253
)

// emails finds e-mail addresses, also with blanks or brackets around the @.
func emails(s *scan, v *view, d *detectorRun) {
	if !v.hasAt || !v.hosts {
		return
	}
	for i := 0; i < len(v.buf); {
		k := bytes.IndexByte(v.buf[i:], '@')
		if k < 0 {
			return
		}
		k += i
		i = k + 1
		left, right := k, k+1
		for left > 0 && k-left < maxGap && strings.IndexByte(" ([<*_-", v.buf[left-1]) >= 0 {
			left--
		}
		for right < len(v.buf) && right-k <= maxGap && strings.IndexByte(" )]>*", v.buf[right]) >= 0 {
			right++
		}
		tight := left == k && right == k+1
		if tight {
			left = k
		}
		start := left
		for start > 0 && left-start < maxLocal && (isWord(v.buf[start-1]) || strings.IndexByte("._%+-", v.buf[start-1]) >= 0) {
			start--
		}
		for start < left && !isWord(v.buf[start]) {
			start++
		}
		end, ok := host(v.buf, right, tight)
		if start == left || !ok || !tight && notLocal(v.buf[:left]) || isMasked(v.buf, start, left) {
			continue
		}
		s.found(v, d.rule, start, end, v.buf[right:end])
		i = end
	}
}

// isMasked reports whether a shop left letters out of the name at [a,b) of an address
// that its reader knows: c***n@163.com.
func isMasked(buf []byte, a, b int) bool {
	return b-a <= shownOfName && bytes.HasSuffix(buf[:a], []byte("**"))
}

// shownOfName is how many letters such a name shows behind what is left out.
const shownOfName = 4

// host returns where the host name at i ends. Its last label must be a
// top-level domain: any word of letters where the text leaves no doubt that a
// host is meant, else one that is not a word.
func host(buf []byte, i int, sure bool) (end int, ok bool) {
	j := i
	for j < len(buf) && j-i < maxHost && (isWord(buf[j]) || (buf[j] == '-' || buf[j] == '.') && j > i && j+1 < len(buf) && isWord(buf[j+1])) {
		j++
	}
	name := buf[i:j]
	dot := bytes.LastIndexByte(name, '.')
	if dot <= 0 || isArticle(name) {
		return 0, false
	}
	tld := name[dot+1:]
	if len(tld) < 2 || len(tld) > 18 {
		return 0, false
	}
	for _, c := range tld {
		if !isLetter(c) {
			return 0, false
		}
	}
	return j, sure || topLevel[string(tld)] != 0
}

// isArticle reports whether a host's first label is a word that a dot is only spoken of
// behind, or a blank is missing: the dot com boom.
func isArticle(name []byte) bool {
	return isIn(articles, name[:max(0, bytes.IndexByte(name, '.'))])
}

var articles = wordSet("the", "this", "that", "those", "these")

// domainKind is how sure a top-level domain is to be one.
type domainKind uint8

const (
	plainDomain domainKind = iota + 1
	wordDomain             // also an English word: "in", "is", "me"
)

// topLevel are the top-level domains that people write without a scheme.
var topLevel = func() map[string]domainKind {
	t := map[string]domainKind{}
	for d := range strings.FieldsSeq("com net org edu gov info biz io ai cn hk tw jp kr sg ru de uk fr eu ca au nz br mx es nl se pl ch cc tv gg ly dev xyz vip website tech icu wang ltd mobi asia cloud ink pub wiki buzz shop store online top club site link app ee gy gl gd vn th ph kz ua cz sk hu ro gr pt dk fi lt lv lu rs hr si bg tr ir pk bd lk np ke ng gh za eg sa ae qa il ar cl pw sx ms vg bid loan win men date trade one run bio gle") {
		t[d] = plainDomain
	}
	for d := range strings.FieldsSeq("ie me co in is it to so no at be us my am as do go im la ma id pm ws fm vc st sh re pe pa one work life fun live pro page art space click tel today family email company group design studio agency fashion style boutique deals sale cafe coffee shoes clothing jewelry gifts flowers market supply support services solutions trading finance money cash credit auto cars parts bike repair tools toys games media news blog photo photos gallery video digital world global city house homes rentals garden kitchen wine beer bar restaurant fitness health care clinic dental vet pet training academy school courses education international systems network help chat fit travel tours visa careers jobs guide wedding") {
		t[d] = wordDomain
	}
	return t
}()

// topLevelNames are the same by themselves, so that to name one takes no copy.
var topLevelNames = func() map[string]string {
	names := make(map[string]string, len(topLevel))
	for d := range topLevel {
		names[d] = d
	}
	return names
}()

// holdsHost reports whether a host name can be in buf: a dot stands between two
// letters or digits.
func holdsHost(buf []byte) bool {
	for i := 0; i < len(buf); {
		k := bytes.IndexByte(buf[i:], '.')
		if k < 0 {
			return false
		}
		i += k + 1
		if i > 1 && i < len(buf) && isWord(buf[i-2]) && isWord(buf[i]) {
			return true
		}
	}
	return false
}

// link is an address of a page found in a view, [start,end), with its host.
type link struct{ start, end, hostStart, hostEnd int }

// linksIn are the URLs and bare domains of the view that is being read, found once for
// all detectors.
func (s *scan) linksIn(v *view) []link {
	if s.linkedAt != s.turn {
		s.linkedAt, s.linked = s.turn, s.linked[:0]
		s.findLinks(v)
	}
	return s.linked
}

func (s *scan) findLinks(v *view) {
	if !v.hosts {
		return
	}
	buf := v.buf
	for i := 1; i+1 < len(buf); i++ {
		if buf[i] != '.' || !isWord(buf[i-1]) || !isWord(buf[i+1]) {
			continue
		}
		start := i
		for start > 0 && i-start < maxHost && (isWord(buf[start-1]) || buf[start-1] == '-') {
			start--
		}
		for start < i && buf[start] == '-' {
			start++
		}
		end := start
		for end < len(buf) && end-start < maxHost && (isWord(buf[end]) || (buf[end] == '-' || buf[end] == '.') && end+1 < len(buf) && isWord(buf[end+1])) {
			end++
		}
		i = max(i, end-1)
		l := link{start, end, start, end}
		scheme := bytes.HasSuffix(buf[:start], []byte("://"))
		if !scheme && isArticle(buf[start:end]) {
			continue
		}
		if scheme {
			l.start = start - len("://")
			for l.start > 0 && start-l.start < 10 && isLetter(buf[l.start-1]) {
				l.start--
			}
		}
		for l.end < len(buf) && buf[l.end] > ' ' && buf[l.end] < 0x7f && strings.IndexByte("<>\"'`)]}", buf[l.end]) < 0 {
			if l.end == end && strings.IndexByte("/:?#", buf[l.end]) < 0 {
				break
			}
			l.end++
		}
		for l.end > end && strings.IndexByte(".,!?:;", buf[l.end-1]) >= 0 {
			l.end--
		}
		i = max(i, l.end-1)
		if start > 0 && (buf[start-1] == '@' || buf[start-1] == '_' || buf[start-1] == '.') || end < len(buf) && buf[end] == '@' {
			continue
		}
		if scheme || isAddress(buf[start:end]) && (l.end > end || end+1 < len(buf) && (buf[end] == ':' || buf[end] == '/')) || (inHan(buf, start, end) || s.bracketed(v, start, end)) && isWordDomain(buf[start:end]) || isDomain(buf[start:end], l.end-end > 1 && buf[end] == '/') {
			s.linked = append(s.linked, l)
		}
	}
}

// bracketed reports whether the last dot of a host at [a,b) was written in brackets or as
// a picture, as nobody ends a sentence.
func (s *scan) bracketed(v *view, a, b int) bool {
	if v.kind != dotsView {
		return false
	}
	at := v.at[a+bytes.LastIndexByte(v.buf[a:b], '.')]
	if at.start < 0 {
		return false
	}
	for _, r := range s.text[at.start:at.end] {
		if r >= utf8.RuneSelf || r == '(' || r == '[' || r == '{' || r == '<' {
			return true
		}
	}
	return false
}

// isDomain reports whether name is meant as a host although no scheme says so.
func isDomain(name []byte, path bool) bool {
	www := bytes.HasPrefix(name, []byte("www.")) && bytes.Count(name, []byte(".")) > 1
	end, ok := host(name, 0, www)
	if !ok || end != len(name) {
		return false
	}
	if www {
		return true
	}
	dot := bytes.LastIndexByte(name, '.')
	if topLevel[string(name[dot+1:])] == plainDomain || path {
		// A number with a word behind it is a list ("2.top"), unless it is long.
		return dot > 1 || path
	}
	return false
}

// isAddress reports whether name is an address of IPv4 that is nobody's at home.
func isAddress(name []byte) bool {
	if bytes.Count(name, []byte(".")) != 3 || len(name) > len("255.255.255.255") || slices.ContainsFunc(name, isLetter) {
		return false // the parser's errors are not free
	}
	a, err := netip.ParseAddr(string(name))
	return err == nil && a.Is4() && !a.IsPrivate() && !a.IsLoopback()
}

// inHan reports whether [a,b) stands in Chinese text, where no sentence goes on
// behind a dot, or alone.
func inHan(buf []byte, a, b int) bool {
	for a > 0 && buf[a-1] == ' ' {
		a--
	}
	for b < len(buf) && buf[b] == ' ' {
		b++
	}
	return (a == 0 || buf[a-1] >= utf8.RuneSelf) && (b == len(buf) || buf[b] >= utf8.RuneSelf)
}

// isWordDomain reports whether name is a host whose top-level domain is a word.
func isWordDomain(name []byte) bool {
	end, ok := host(name, 0, false)
	return ok && end == len(name) && bytes.LastIndexByte(name, '.') >= minHandle
}

func links(s *scan, v *view, d *detectorRun) {
	for _, l := range s.linksIn(v) {
		if !contactHost(v.buf, l) {
			s.found(v, d.rule, l.start, l.end, v.buf[l.hostStart:l.hostEnd])
		}
	}
}

func contactLinks(s *scan, v *view, d *detectorRun) {
	for _, l := range s.linksIn(v) {
		if contactHost(v.buf, l) {
			s.found(v, d.rule, l.start, l.end, v.buf[l.hostStart:l.hostEnd])
		}
	}
}

// hiddenLinks finds links that stand in no text as they are typed: who spells, folds or
// cuts an address hides it.
func hiddenLinks(s *scan, v *view, d *detectorRun) {
	for _, l := range s.linksIn(v) {
		name := v.buf[l.hostStart:l.hostEnd]
		switch {
		case contactHost(v.buf, l):
		case s.pieced && !v.glues(l):
		case s.pieced, v.kind == plainView && (v.disguised(l.start, l.hostEnd) || s.triggers[triggerMirror] > 0), v.kind != plainView && !bytes.Contains(s.plain.buf, name):
			s.found(v, d.rule, l.start, l.end, name)
		}
	}
}

// glues reports whether a host whose labels may come from several messages is one all
// the same: "sure." and "top" are not.
func (v *view) glues(l link) bool {
	name := v.buf[l.hostStart:l.hostEnd]
	dot := bytes.LastIndexByte(name, '.')
	return l.end > l.hostEnd || bytes.IndexByte(name, '-') > 0 || v.at[l.hostStart+dot].start >= 0 || !slices.Contains(wordyDomains, string(name[dot+1:]))
}

// wordyDomains are top-level domains that a message may begin with as a word.
var wordyDomains = strings.Fields("ink pub wiki buzz shop store online top club site link app win date trade one run bio men loan bid cloud website tech")

// disguised reports whether [a,b) was written in other letters, or with something
// between that nobody sees.
func (v *view) disguised(a, b int) bool {
	if len(v.at) == 0 {
		return false
	}
	for k := a; k < b; k++ {
		if v.at[k].end-v.at[k].start != 1 || k > a && v.at[k].start != v.at[k-1].end {
			return true
		}
	}
	return false
}

// contactHost reports whether a link opens a chat or takes a payment.
func contactHost(buf []byte, l link) bool {
	name := buf[l.hostStart:l.hostEnd]
	for _, h := range contactHosts {
		if n := len(name) - len(h); n == 0 && string(name) == h || n > 0 && name[n-1] == '.' && string(name[n:]) == h {
			return true
		}
	}
	return false
}

var contactHosts = []string{
	"wa.me", "wa.link", "api.whatsapp.com", "chat.whatsapp.com", "t.me", "telegram.me", "telegram.dog", "u.wechat.com", "weixin.qq.com", "work.weixin.qq.com", "line.me", "lin.ee", "m.me", "discord.gg", "signal.me", "signal.group", "wpa.qq.com", "qm.qq.com", "jq.qq.com", "invite.viber.com", "zalo.me", "join.skype.com", "ig.me",
	"paypal.me", "venmo.com", "cash.app", "qr.alipay.com", "wise.com", "revolut.me", "buymeacoffee.com", "ko-fi.com",
}
