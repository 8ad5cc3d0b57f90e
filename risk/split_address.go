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
	ending := endsAddress(here)
	a, b := 0, 0
	if ending == nil {
		if a, b = saysAt(here); a == b {
			return
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
		if ending != nil && (p[0] != '@' && p[0] != '-' && p[0] != '_') {
			break // the name of the host, or before the @
		}
	}
	if n == 0 || ending == nil && n < 2 {
		return
	}
	list := pieces[:n]
	slices.Reverse(list)
	v := &s.glued
	v.reset()
	if ending != nil {
		for _, p := range list {
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
	for len(p) > 0 {
		if _, n := utf8.DecodeRune(p); n == 1 {
			break
		} else if p = bytes.TrimLeft(p[n:], " "); len(p) == 0 {
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
	if len(p) < 2 || !slices.ContainsFunc(p, isLetter) || isIn(noNames, p) || ordinary(p) {
		return nil
	}
	return p
}

// endsAddress is the domain that a message is, and what stands behind its slash, without
// the dot: ".sg", "点cn", "dot co.uk".
func endsAddress(buf []byte) []byte {
	buf = bytes.TrimRight(buf, " ")
	for _, w := range dotsBefore {
		rest, ok := bytes.CutPrefix(buf, w)
		if !ok {
			continue
		}
		if n := letters(rest); n > 1 && topLevel[string(rest[:n])] != 0 && (n == len(rest) || rest[n] == '/' || rest[n] == '.' && topLevel[string(rest[n+1:])] != 0) {
			return rest
		}
	}
	return nil
}

var dotsBefore = [][]byte{[]byte("."), []byte("点"), []byte("dot ")}

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
	atWords  = [][]byte{[]byte("@"), []byte("a-sign"), []byte("at-sign"), []byte("at sign"), []byte("at symbol"), []byte("a sign"), []byte("snail"), []byte("curly a"), []byte("a in a circle"), []byte("圈a"), []byte("艾特"), []byte("小老鼠"), []byte("at符号"), []byte("at号")}
	atPlaces = []string{"between", "in between", "middle", "after", "before", "goes", "put", "insert", "where", "then", "add", "needs", "missing", "中间", "前面", "后面", "之间", "加", "插", "补", "别忘", "漏", "自己", "连"}
)
