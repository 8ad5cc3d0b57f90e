package risk

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// spelledHostAt is the mail host at i whose name is written in two words or in Chinese,
// and where it ends.
func spelledHostAt(buf []byte, i int) (host string, end int) {
	if i < len(buf) {
		for _, h := range spelledHosts[buf[i]] {
			if bytes.HasPrefix(buf[i:], []byte(h.word)) {
				return h.domain, i + len(h.word)
			}
		}
	}
	return "", 0
}

// mailHostAt reports whether the name of a mail host stands at i.
func mailHostAt(buf []byte, i int) bool {
	for _, host := range mailHosts {
		if bytes.HasPrefix(buf[i:], []byte(host)) && (i+len(host) == len(buf) || !isWord(buf[i+len(host)])) {
			return true
		}
	}
	return false
}

// domainFollows reports whether a top-level domain stands at i.
func domainFollows(buf []byte, i int) bool {
	_, end := domainAt(buf, i)
	return end > 0
}

// labelFollows reports whether a name stands at i, and behind it the same mark before a
// top-level domain: vip点sina点com.
func labelFollows(buf []byte, i int, mark string) bool {
	j := i
	for j < len(buf) && j-i <= maxLocal && isWord(buf[j]) {
		j++
	}
	k, _ := blanks(buf, j)
	for range 2 {
		if k < len(buf) && j > i {
			if bytes.HasPrefix(buf[k:], []byte(mark)) {
				k, _ = blanks(buf, k+len(mark))
				for _, closing := range []string{"】", ")", "]"} {
					k += len(closing) * bytes.Count(buf[k:min(len(buf), k+len(closing))], []byte(closing))
				}
				return domainFollows(buf, k)
			}
			if _, n := utf8.DecodeRune(buf[k:]); buf[k] == '(' || buf[k] == '[' || bytes.HasPrefix(buf[k:], []byte("【")) {
				k += n
			}
		}
	}
	return false
}

// plainDomainAt reports the same of one that is no word besides.
func plainDomainAt(buf []byte, i int) bool {
	domain, end := domainAt(buf, i)
	return end > 0 && topLevel[domain] == plainDomain
}

// maxDomain is more letters than any top-level domain has that is read, so that
// a long word is not read to its end at each of its letters.
const maxDomain = 16

// domainAt is the top-level domain at i, however it is written, and where it ends.
func domainAt(buf []byte, i int) (domain string, end int) {
	if i >= len(buf) {
		return "", 0
	}
	for _, d := range spelledDomains[buf[i]] {
		if bytes.HasPrefix(buf[i:], []byte(d.word)) {
			if k := i + len(d.word); d.word[0] >= utf8.RuneSelf || k == len(buf) || !isWord(buf[k]) {
				return d.domain, k
			}
		}
	}
	j := i
	for j < len(buf) && j-i <= maxDomain && isLetter(buf[j]) {
		j++
	}
	if j == len(buf) || !isWord(buf[j]) {
		if domain = topLevelNames[string(buf[i:j])]; domain != "" {
			return domain, j
		}
	}
	return spacedDomainAt(buf, i)
}

// spacedDomainAt reads a top-level domain whose letters stand apart: c o m, c-o-m.
func spacedDomainAt(buf []byte, i int) (domain string, end int) {
	var spaced [8]byte
	n, k := 0, i
	for k < len(buf) && n < len(spaced) && isLetter(buf[k]) && (k+1 == len(buf) || !isWord(buf[k+1])) {
		spaced[n] = buf[k]
		n++
		next := skipApart(buf, k+1)
		if topLevel[string(spaced[:n])] == plainDomain && n > 1 && (next == k+1 || next+1 < len(buf) && isWord(buf[next+1]) || next >= len(buf) || !isLetter(buf[next])) {
			return topLevelNames[string(spaced[:n])], k + 1
		}
		if next == k+1 {
			break
		}
		k = next
	}
	return "", 0
}

// skipApart is where what stands between two letters of such a domain ends.
func skipApart(buf []byte, i int) int {
	for n := 0; n < maxGap && i < len(buf); n++ {
		switch {
		case bytes.IndexByte([]byte(" .-_*|/+,"), buf[i]) >= 0:
			i++
		case bytes.HasPrefix(buf[i:], []byte("…")), bytes.HasPrefix(buf[i:], []byte("点")):
			i += len("点")
		default:
			return i
		}
	}
	return i
}

// hostFollows reports whether a host name stands at i whose dot may be spelled.
func hostFollows(buf []byte, i int) bool {
	_, known := spelledHostAt(buf, i)
	for range 3 {
		j := max(i, known)
		known = 0
		for j < len(buf) && j-i <= maxLocal && (isWord(buf[j]) || buf[j] == '-' && j+1 < len(buf) && isLetter(buf[j+1]) && !bytes.HasPrefix(buf[j:], []byte("-dot"))) {
			if j > i+1 {
				if mark, _ := gluedMark(buf, j, false); mark == '.' {
					return true
				}
			}
			j++
		}
		if j == i || j-i > maxLocal {
			return false
		}
		if j < len(buf) && buf[j] == '.' && domainFollows(buf, j+1) {
			return true
		}
		mark, end := markAt(buf, j)
		if mark == '-' {
			i = end
			continue
		}
		if mark != '.' {
			return j < len(buf) && buf[j] == '.' && domainFollows(buf, j+1)
		}
		if domainFollows(buf, end) {
			return true
		}
		i = end
	}
	return false
}

// notLocal reports whether a text ends with a word that stands before "at" where
// no address is meant: "look at", "us at".
func notLocal(b []byte) bool {
	k := len(b)
	for k > 0 && isWord(b[k-1]) {
		k--
	}
	if k > 0 && bytes.IndexByte([]byte("._-+"), b[k-1]) >= 0 {
		return false
	}
	_, found := slices.BinarySearch(placeWords, string(b[k:]))
	return found
}

// placeWords stand before "at" and the name of a place, sorted.
var placeWords = []string{
	"are", "available", "buy", "cheaper", "ends", "find", "from", "here", "in", "is", "it", "items", "look", "looking", "me", "on", "one", "online", "order", "pay", "prices", "sale", "shop", "shopping", "site", "store", "them", "there", "this", "us", "visit", "website", "with",
}
