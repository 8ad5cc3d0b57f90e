package risk

import (
	"bytes"
	"slices"
	"sync"
	"unicode/utf8"
)

// What stands between a page's name and its ending, beside what besideKind says.
const (
	besideEnding besideKind = 1 << (iota + 7) // a word that calls it an ending
	besideDot                                 // a dot, written or named
)

// domainNames finds pages that are named without an address: search lampsbyrita, it ends in
// com; 域名 lampsbyrita，后缀是点 shop.
func domainNames(s *scan, v *view, d *detectorRun) {
	b := beside{buf: v.buf, words: domainWords()}
	ending, dots, site := false, false, false
	for _, c := range s.cues {
		ending = ending || c.cue == cueEnding
		dots = dots || c.cue == cueDots
		site = site || c.cue == cueSite
	}
	if !ending && !dots && s.triggers[triggerDomain] == 0 && (!site || s.triggers[triggerMark] == 0) || len(v.buf) > maxEdited || s.spend(len(v.buf)) {
		return
	}
	for i := 0; i < len(v.buf); i++ {
		if !utf8.RuneStart(v.buf[i]) || i > 0 && isWord(v.buf[i]) && isWord(v.buf[i-1]) || v.buf[i] < utf8.RuneSelf && !isLetter(v.buf[i]) {
			continue
		}
		at, dotted := i, i > 0 && v.buf[i-1] == '.' && (i == 1 || !isWord(v.buf[i-2]))
		if bytes.HasPrefix(v.buf[i:], []byte("dotco")) {
			at, dotted = i+len("dot"), true
		}
		domain, end := domainAt(v.buf, at)
		if end == 0 || v.buf[i] >= utf8.RuneSelf || i > 0 && v.buf[i-1] == '.' && !dotted {
			continue
		}
		if s.spend(96) {
			return
		}
		first := end
		for end < len(v.buf) && v.buf[end] == '.' && domainFollows(v.buf, end+1) {
			_, end = domainAt(v.buf, end+1)
		}
		plain := topLevel[domain] == plainDomain && !slices.Contains(wordyDomains, domain)
		for _, behind := range []bool{false, true} {
			b.said = 0
			from, to := 0, 0
			if behind {
				from, to = b.after(end)
			} else {
				from, to = b.before(i)
			}
			if to == 0 || from == 0 && to == len(v.buf) {
				continue
			}
			said := b.said
			if dotted || !behind && dotAlone(v.buf[to:i]) {
				said |= besideDot
			}
			if !behind && b.endsBeside(i, end) {
				said |= besideEnding
			}
			if !behind && to+1 >= i && said&(besideEnding|besideDot) == 0 && !dots {
				continue
			}
			name := bytes.TrimPrefix(v.buf[from:to], []byte("www."))
			shape := shapeOfName(name)
			if shape == noName || to < len(v.buf) && v.buf[to] == '@' || from > 0 && v.buf[from-1] == '@' {
				continue
			}
			switch {
			case said&besideEnding != 0 && (plain || said&besideDot != 0 || !behind && said&(besideNaming|besidePointed) != 0):
			case dots && (plain || shape == oddName) && (behind || i-to <= maxGap):
			case said&besideDot != 0 && plain && said&(besideWord|besideHan|besidePointed|besideMark) != 0:
			case (site || shape == oddName) && said&besideDot != 0 && said != besideDot:
			default:
				continue
			}
			s.found(v, d.rule, min(from, i), max(to, end), hostOf(s.token[:0], name, domain, v.buf[first:end]))
			return
		}
	}
}

// hostOf is the host that a name and its ending are, for the lists of what may pass; a
// long one none knows.
func hostOf(room, name []byte, domain string, second []byte) []byte {
	if len(name)+1+len(domain)+len(second) > cap(room) {
		return name
	}
	room = append(append(room, name...), '.')
	return append(append(room, domain...), second...)
}

// dotAlone reports whether a dot stands in b that ends no word.
func dotAlone(b []byte) bool {
	k := bytes.LastIndexByte(b, '.')
	return k > 0 && b[k-1] != '.'
}

// endsBeside reports whether a word right before or behind the top-level domain [a,e) calls
// it an ending.
func (b *beside) endsBeside(a, e int) bool {
	for e < len(b.buf) && (b.buf[e] == ' ' || b.buf[e] == '"' || b.buf[e] == '\'' || b.buf[e] == ',') {
		e++
	}
	if e < len(b.buf) {
		if _, kind := b.words.after(b.buf, e); kind&besideEnding != 0 {
			return true
		}
	}
	for a > 0 && !isWord(b.buf[a-1]) && b.buf[a-1] < utf8.RuneSelf && b.buf[a-1] != '\n' {
		a--
	}
	if a > 0 {
		if _, kind := b.words.before(b.buf, a); kind&besideEnding != 0 {
			return true
		}
	}
	return false
}

var domainWords = sync.OnceValue(func() *besideTable {
	return besideTableOf(
		besideList{besideEnding, phrases("domain", "ending")},
		besideList{besideEnding, phrases("domain", "behind")},
		besideList{besideDot, phrases("domain", "dot")},
		besideList{besideNaming, phrases("domain", "site")},
		besideList{besideNaming, phrases("domain", "typed")},
		besideList{besideNaming, phrases("mailbox", "naming")},
		besideList{besideNaming, phrases("mailbox", "named")},
		besideList{0, phrases("mailbox", "between")},
		besideList{0, []string{"to", "onto", "www", "first result", "first", "result", "name", "shop name", "company name", "brand", "brand name", "in", "tack", "bung", "slap", "pop", "whack", "这里"}},
	)
})

// domainCues are what the detector looks for.
var domainCues = slices.Concat(cuesOf(cueEnding, phrases("domain", "ending")...), cuesOf(cueDots, phrases("domain", "dots")...), cuesOf(cueSite, phrases("domain", "site")...), freeEndings())

// freeEndings are endings that are words besides, where a dot before them belongs to no word.
func freeEndings() (out []cue) {
	for _, d := range wordyDomains {
		out = append(out, cue{" ." + d, cueEnding})
	}
	return out
}
