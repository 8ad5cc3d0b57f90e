package risk

import (
	"bytes"
	"strings"
)

// minDigits is how many digits make a number that is compared by them alone.
const minDigits = 7

// allowed reports whether the rule or the whole set lets a match pass. host is
// the match's host name if it has one.
func (s *scan) allowed(c *compiled, buf []byte, a, b int, host []byte) bool {
	return (len(c.allow) > 0 && s.listed(c.allow, buf, a, b, host)) || (len(s.engine.allow) > 0 && s.listed(s.engine.allow, buf, a, b, host))
}

// listed reports whether a list has the match at [a,b), its host or a domain
// above that, or its digits, or something in the text around the match.
func (s *scan) listed(list map[string]struct{}, buf []byte, a, b int, host []byte) bool {
	match := buf[a:b]
	if _, ok := list[string(match)]; ok {
		return true
	}
	for h := host; len(h) > 0; {
		if _, ok := list[string(h)]; ok {
			return true
		}
		dot := bytes.IndexByte(h, '.')
		if dot < 0 {
			break
		}
		h = h[dot+1:]
	}
	digits := onlyDigits(match)
	if len(digits) < minDigits && len(host) > 0 || s.spend(len(list)) {
		return false
	}
	text := string(match)
	for entry := range list {
		if len(digits) >= minDigits && sameDigits(entry, digits) {
			return true
		}
		if len(host) == 0 && len(entry) > len(match) && strings.Contains(entry, text) && around(buf, a, b, entry) {
			return true
		}
	}
	return false
}

// around reports whether entry stands in buf as whole words with [a,b) in it.
func around(buf []byte, a, b int, entry string) bool {
	from := max(0, b-len(entry))
	to := min(len(buf), a+len(entry))
	for k := from; k <= a && k+len(entry) <= to; k++ {
		if string(buf[k:k+len(entry)]) == entry && wholeWord(buf, k, k+len(entry)) {
			return true
		}
	}
	return false
}

// onlyDigits are the digits of a match that has no letters, or nothing.
func onlyDigits(match []byte) []byte {
	var out []byte
	for _, c := range match {
		switch {
		case isDigit(c):
			out = append(out, c)
		case isLetter(c) || c >= 0x80:
			return nil
		}
	}
	return out
}

func sameDigits(entry string, digits []byte) bool {
	k := 0
	for i := range len(entry) {
		c := entry[i]
		if isLetter(c) || c >= 0x80 {
			return false
		}
		if !isDigit(c) {
			continue
		}
		if k == len(digits) || digits[k] != c {
			return false
		}
		k++
	}
	return k == len(digits)
}
