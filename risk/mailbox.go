package risk

import (
	"bytes"
	"slices"
	"sync"
	"unicode"
	"unicode/utf8"
)

const (
	// maxBeside is how many bytes may stand between a host's name and the name that
	// somebody has there.
	maxBeside = 72
	// maxHosts is how many names of hosts are looked at.
	maxHosts = 24
	// plainName is how many letters a name has at least that is nothing but letters.
	plainName = 6
)

// mailboxNames finds mailboxes that are named without an address: my gmail is lampsbyrita,
// rita.lamps and then outlook.com, 网易163的, 前面是 rita_deng.
func mailboxNames(s *scan, v *view, d *detectorRun) {
	b := beside{buf: v.buf, words: besideWords()}
	hosts := 0
	for _, c := range s.cues {
		b.about = b.about || c.cue == cueMail
		b.signed = b.signed || c.cue == cueMailSign
		b.parted = b.parted || c.cue == cueMailPart
		if c.cue == cueMailbox || c.cue == cueMailHost {
			hosts++
		}
	}
	named := hosts > 0
	hosts = min(hosts, maxHosts)
	for _, c := range s.cues {
		if hosts <= 0 || c.cue != cueMailbox && c.cue != cueMailHost || !wholeWord(v.buf, c.start, c.end) {
			continue
		}
		if hosts--; s.spend(96) {
			return
		}
		b.near = domainNear(v.buf, c.end)
		sure := c.cue == cueMailbox || isMine(v.buf[:c.start]) || b.near || follows(v.buf[c.end:], behindHosts)
		if a, e := b.mailbox(c.start, c.end, sure); e > 0 {
			s.found(v, d.rule, a, e, nil)
			return
		}
	}
	if !b.about && !b.signed && !b.parted && !v.hasAt && !named {
		return
	}
	for _, l := range s.linksIn(v) {
		if s.spend(48) {
			return
		}
		name := v.buf[l.hostStart:l.hostEnd]
		mail := isMailHost(name)
		if l.end > l.hostEnd || !mail && !b.signed && !b.parted && !v.hasAt {
			continue
		}
		b.whole = true
		if a, e := b.mailbox(l.hostStart, l.hostEnd, mail); e > 0 {
			s.found(v, d.rule, a, e, name)
			return
		}
	}
}

// mailboxCues are what the detector of mailboxes looks for.
var mailboxCues = slices.Concat(
	cuesOf(cueMailbox, phrases("mailbox", "provider")...), cuesOf(cueMailHost, phrases("mailbox", "host")...),
	cuesOf(cueMail, phrases("mailbox", "about")...), cuesOf(cueMailSign, phrases("mailbox", "sign")...),
	cuesOf(cueMailPart, phrases("mailbox", "part")...),
)

// mineWords are such words.
var mineWords = [][]byte{[]byte("my "), []byte("our "), []byte("i use "), []byte("i have "), []byte("i've got "), []byte("我的"), []byte("我用"), []byte("我用的"), []byte("我用的 "), []byte("我是"), []byte("我们的")}

// isMine reports whether b ends with a word that says that what follows is the writer's.
func isMine(b []byte) bool {
	return slices.ContainsFunc(mineWords, func(w []byte) bool { return bytes.HasSuffix(b, w) })
}

// isMailHost reports whether a host is one where everybody can have a mailbox.
func isMailHost(name []byte) bool {
	label, _, _ := bytes.Cut(name, []byte("."))
	return slices.Contains(mailHosts, string(label)) || isIn(mailProviders(), label)
}

var mailProviders = sync.OnceValue(func() map[string]struct{} { return wordSet(phrases("mailbox", "provider")...) })

// domainNear reports whether a top-level domain stands right behind i, with a dot before it
// in whatever way: gmail 点 com, yahoo com.
func domainNear(buf []byte, i int) bool {
	if mark, end := markAt(buf, min(i, len(buf))); mark == '.' && domainFollows(buf, end) {
		return true
	}
	for k := i; k < len(buf) && k-i <= 2*maxGap; k++ {
		if isLetter(buf[k]) && (buf[k] != 'd' || k+1 < len(buf) && isWord(buf[k+1])) {
			return k > i && follows(buf[k:], sureDomains) && domainFollows(buf, k)
		}
	}
	return false
}

// beside looks for names beside the names of mail hosts.
type beside struct {
	buf []byte
	// about says that the text speaks of mail, signed that it names the sign between,
	// parted that it is in two parts.
	about, signed, parted bool
	said                  besideKind // what the words between say
	words                 *besideTable
	// whole says that the host has its domain, near that it follows in another way, and
	// unknown that a word between is none that
	// may stand there.
	whole, near, unknown bool
}

// mailbox is where a name and the host [a,b) that it stands beside begin and end, or 0, 0.
// sure says that the host is one of mail.
func (b *beside) mailbox(a, e int, sure bool) (start, end int) {
	if endsWithin(b.buf[:a], customersOwn) {
		return 0, 0
	}
	b.said = 0
	if from, to := b.after(e); to > 0 && b.isName(from, to, sure, true) {
		return a, to
	}
	b.said = 0
	for e+1 < len(b.buf) && b.buf[e] == '.' && isLetter(b.buf[e+1]) {
		e += 1 + letters(b.buf[e+1:])
	}
	if from, to := b.before(a); to > 0 && b.isName(from, to, sure, false) {
		return from, e
	}
	return 0, 0
}

// customersOwn stand before an address that is the reader's.
var customersOwn = []string{"your", "ur", "您的", "你的", "您", "你"}

// after is the first name behind i, with nothing between but words that may stand there.
func (b *beside) after(i int) (from, to int) {
	for k := i; k < len(b.buf) && k-i <= maxBeside; {
		if n, kind := b.words.after(b.buf, k); n > 0 {
			b.said |= kind
			k += n
			continue
		}
		if isWord(b.buf[k]) {
			return k, nameEnd(b.buf, k)
		}
		r, n := utf8.DecodeRune(b.buf[k:])
		if !b.mark(r) {
			return 0, 0
		}
		k += n
	}
	return 0, 0
}

// before is the same in front of i.
func (b *beside) before(i int) (from, to int) {
	b.unknown = false
	for k := i; k > 0 && i-k <= maxBeside; {
		if n, kind := b.words.before(b.buf, k); n > 0 {
			b.said |= kind
			k -= n
			continue
		}
		if isWord(b.buf[k-1]) || b.buf[k-1] == '_' {
			from = k
			for from > 0 && k-from < maxLocal && (isWord(b.buf[from-1]) || bytes.IndexByte(nameMarks, b.buf[from-1]) >= 0) {
				from--
			}
			for from < k && !isWord(b.buf[from]) {
				from++
			}
			if b.whole && !b.unknown && b.said&besideSign == 0 && k-from < plainName && !b.calledAt(from) && shapeOfName(b.buf[from:k]) == noName && !notLocal(b.buf[from:k]) && !isIn(directions, b.buf[from:k]) {
				b.unknown, k = true, from
				continue
			}
			return from, k
		}
		r, n := utf8.DecodeLastRune(b.buf[:k])
		if b.whole && !b.unknown && unicode.Is(unicode.Han, r) {
			b.unknown = true
			for n < maxUnknown && n < k {
				r, m := utf8.DecodeLastRune(b.buf[:k-n])
				if !unicode.Is(unicode.Han, r) {
					break
				}
				n += m
			}
		} else if !b.mark(r) {
			return 0, 0
		}
		k -= n
	}
	return 0, 0
}

// maxUnknown is how long a Chinese word between is that nobody knows.
const maxUnknown = 3 * len("字")

// directions are words between a file, or an order, and a host that it goes to.
var directions = wordSet("from", "to", "via", "in", "into", "not", "or", "by", "off", "out", "for", "is", "and")

// nameMarks may stand in a name.
var nameMarks = []byte("._-+")

// nameEnd is where the name ends that begins at i.
func nameEnd(buf []byte, i int) int {
	k := i
	for k < len(buf) && k-i < maxLocal && (isWord(buf[k]) || bytes.IndexByte(nameMarks, buf[k]) >= 0 && k+1 < len(buf) && (isWord(buf[k+1]) || buf[k+1] == '_')) {
		k++
	}
	return k
}

// mark notes a sign between, and reports whether one may stand there.
func (b *beside) mark(r rune) bool {
	switch r {
	case '!', '?', '\n', '！', '？':
		return false
	case '@':
		b.said |= besideSign
	case ':', '=', '>', ')', ']', '→', '：', '➡', '⇒':
		b.said |= besidePointed
	case ' ', '"', '\'':
	default:
		if unicode.Is(unicode.Han, r) || unicode.IsLetter(r) {
			return false
		}
		b.said |= besideMark
	}
	return true
}

// isName reports whether [from,to) is the name of a mailbox.
func (b *beside) isName(from, to int, sure, behind bool) bool {
	signed := b.said&besideSign != 0
	named := b.said&besideNamed != 0 || b.calledAt(from)
	pointed := b.said&(besideNaming|besidePointed|besideHan) != 0
	if isMasked(b.buf, from, to) || endsWithin(b.buf[:from], customersOwn) || endsWithin(b.buf[:from], notOwnWords) {
		return false
	}
	shape := shapeOfName(b.buf[from:to])
	if b.unknown {
		return sure && shape == oddName
	}
	switch shape {
	case noName:
		return (named && (b.parted || b.signed) || signed && !behind && b.said&besideWord != 0) && to-from > 1 && isLetter(b.buf[from]) && !notLocal(b.buf[from:to]) && !isIn(ordinaryWords(), b.buf[from:to])
	case oddName:
		return sure || signed || b.about || named || b.said&(besideNaming|besideHan) != 0 && !b.whole || b.whole && bytes.Contains(b.buf[to:], []byte(" at "))
	case wordName:
		switch {
		case named, signed:
			return true
		case !sure && !b.about:
			return false
		case behind:
			return pointed && (endsThere(b.buf, to) || b.said&besidePointed != 0)
		}
		return pointed || b.about || b.said != 0 && b.opens(from) || sure && b.said == 0 && (b.whole || b.near)
	}
	return false
}

// calledAt reports whether the word before i calls what stands there a name.
func (b *beside) calledAt(i int) bool {
	for i > 0 && (b.buf[i-1] == ' ' || b.buf[i-1] == ':' || b.buf[i-1] == '=') {
		i--
	}
	if i = len(bytes.TrimSuffix(b.buf[:i], []byte("'s"))); i == 0 {
		return false
	}
	n, kind := b.words.before(b.buf, i)
	if n > 0 && kind&(besideNaming|besideNamed) == besideNaming {
		return b.calledAt(i - n) // the first half is
	}
	return n > 0 && kind&besideNamed != 0
}

// behindHosts are words behind a host's name that say that a mailbox there is meant.
var behindHosts = phrases("mailbox", "behind")

// opens reports whether a sentence begins at i, or a word stands before that a name follows.
func (b *beside) opens(i int) bool {
	for i > 0 && (b.buf[i-1] == ' ' || b.buf[i-1] == '"') {
		i--
	}
	if i == 0 || !isWord(b.buf[i-1]) && b.buf[i-1] != ',' {
		return true
	}
	n, kind := b.words.before(b.buf, i)
	return n > 0 && kind&besideNaming != 0 || bytes.HasSuffix(b.buf[:i], []byte("me,")) || bytes.HasSuffix(b.buf[:i], []byte(" to")) || bytes.HasSuffix(b.buf[:i], []byte("find"))
}
