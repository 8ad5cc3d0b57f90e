package risk

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

const (
	// maxGlued is how many messages before are read together with one.
	maxGlued = 6
	// shortPiece is how long a message may be that ends in a dot and yet goes
	// on in the next.
	shortPiece = 14
	// maxPiece is how long one of two messages may be that are one text.
	maxPiece = 20
)

// fillers stand around the pieces of something that is sent in several messages
// and belong to none of them. Those that begin with others stand before them.
var fillers = func() [][]byte {
	words := []string{
		"and then it's", "and then its", "and then comes", "and then", "and after that", "after that", "then comes", "then it's", "then", "and finally", "finally", "and the rest is", "and the rest", "the rest is", "rest is", "rest", "and ends in", "it ends in", "ends in", "ends with", "it ends with", "ending in", "the first bit is", "first bit", "second bit", "last bit", "first half is", "second half is", "first half", "second half", "other half is", "other half", "username coming", "followed by", "continues with", "goes on with", "first part is", "first part", "second part is", "second part", "third part", "last part is", "last part", "part one", "part two", "part three", "part", "now the middle", "now", "the beginning", "the middle", "the end", "begin", "end", "tail", "first", "second", "third", "next", "last", "plus", "and", "ok", "mm", "hm", "uh", "um",
		"前面的是", "前面的", "前面是", "前面", "后面的是", "后面的", "后面是", "后面", "後面", "前半段是", "前半截", "后半截", "前半部分", "后半部分", "前半", "后半", "上半", "下半", "上半段", "下半段", "头几位", "尾几位", "先发", "再来", "最末", "后半段是", "前半段", "后半段", "中间是", "中间", "最后是", "最后", "开头是", "开头", "结尾是", "剩下的是", "剩下的", "剩下", "然后是", "然后", "接着是", "接着", "接下来是", "接下来", "加上", "再加上", "再加", "还有", "第一段", "第二段", "第三段", "再发一半", "我发一半", "先发一半", "名字拼音", "名字",
	}
	slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) })
	out := make([][]byte, len(words))
	for k, w := range words {
		out[k] = []byte(w)
	}
	return out
}()

// splitWords reads the message with those before it as one text: a word, a name
// or an address whose pieces were sent one by one.
func (s *scan) splitWords(before []fragment) {
	from := len(before)
	for from > 0 && len(before)-from < maxGlued {
		from--
		if before[from].cut {
			break
		}
	}
	v := &s.glued
	v.reset()
	v.classes = runeClasses()
	prev, single := []byte(nil), false
	for k := range before[from:] {
		f := &before[from+k] // a copy would be kept by what follows
		text := f.text[:f.len]
		a, b := pieceWithin(text)
		if a == b {
			continue
		}
		prev, single = s.addPiece(v, prev, text[a:b], single)
		v.putBefore(text[a:b])
	}
	a, b := pieceWithin(s.plain.buf)
	if len(v.buf) == 0 || a == b {
		return
	}
	s.addPiece(v, prev, s.plain.buf[a:b], single)
	known := *v
	v.copyRaw(&s.plain, a, b)
	v.inherit(&s.plain)
	v.digits += known.digits
	v.hasAt, v.hasDot, v.hasMark = v.hasAt || known.hasAt, v.hasDot || known.hasDot, v.hasMark || known.hasMark
	v.foreign = s.plain.foreign || slices.ContainsFunc(v.buf, func(c byte) bool { return c >= utf8.RuneSelf })
	s.readings(v)
}

// addPiece writes what belongs between two pieces, nothing or a blank, and
// returns what the next one asks about this one.
func (s *scan) addPiece(v *view, prev, next []byte, single bool) (piece []byte, token bool) {
	token = bytes.IndexByte(next, ' ') < 0
	if len(prev) == 0 {
		return next, token
	}
	if belongs := s.belongs(prev, next, single, token); len(prev) > maxPiece && (len(next) > maxPiece || !belongs && len(prev) > 2*maxPiece) {
		v.reset() // two sentences
	} else if !belongs {
		v.put(' ', -1, -1)
	}
	return next, token
}

// belongs reports whether a piece goes on in the next one without a blank.
func (s *scan) belongs(prev, next []byte, single, token bool) bool {
	if isMarkPiece(prev) || isMarkPiece(next) {
		return false // the views of marks read it
	}
	switch c := next[0]; {
	case c == '@' || c == '_' || c == '-':
		return true
	case c == '.' && (len(next) > 1 || single):
		return true
	}
	switch c := prev[len(prev)-1]; {
	case c == '@' || c == '_' || c == '-':
		return true
	case c == '.' && token && len(prev) <= shortPiece:
		return true
	}
	word, first := lastToken(prev), firstToken(next)
	if len(word)+len(first) <= maxHandle {
		both := s.token[:0]
		both = append(append(both, word...), first...)
		if s.isWord(both) {
			return true
		}
	}
	if !token || s.isWord(next) || s.endsInCue(prev) || s.endsInCue(s.glued.buf[max(0, len(s.glued.buf)-maxPiece):]) {
		return false
	}
	return single || len(prev) <= maxLead && bytes.ContainsAny(next, "0123456789_") && startsWord(prev, len(prev)-len(word)) && isWord(prev[len(prev)-1]) && !ordinary(word)
}

// isMarkPiece reports whether a message is nothing but the word for a mark of an
// address.
func isMarkPiece(b []byte) bool {
	switch string(b) {
	case "at", "a-t", "dot", "d-o-t", "slash", "underscore", "point", "period", "点", "艾特", "圈a", "斜杠", "下划线":
		return true
	}
	return false
}

// endsInCue reports whether b ends with a word that a detector looks for.
func (s *scan) endsInCue(b []byte) bool {
	found := false
	words := &s.engine.words
	words.walk(b, func(word int32, end int) bool {
		if end == len(b) && startsWord(b, end-len(words.words[word])) {
			for _, u := range words.uses[word] {
				found = found || u.kind == useCue
			}
		}
		return !found
	})
	return found
}

// isWord reports whether b is a word that the rules look for.
func (s *scan) isWord(b []byte) bool {
	found := false
	words := &s.engine.words
	words.walk(b, func(word int32, end int) bool {
		if end == len(b) && len(words.words[word]) == len(b) {
			for _, u := range words.uses[word] {
				found = found || u.kind != useTrigger
			}
		}
		return !found
	})
	return found
}

func lastToken(b []byte) []byte { return b[bytes.LastIndexByte(b, ' ')+1:] }

func firstToken(b []byte) []byte {
	if k := bytes.IndexByte(b, ' '); k > 0 {
		return b[:k]
	}
	return b
}

// pieceWithin is what is left of a message without the words around a piece.
func pieceWithin(buf []byte) (a, b int) {
	a, b = ordinal(buf), len(buf)
	for again := true; again; {
		again = false
		for a < b && (buf[a] == ' ' || buf[a] == ':' || buf[a] == ',' || buf[a] == '\n') {
			a++
		}
		for a < b && (buf[b-1] == ' ' || buf[b-1] == ',' || buf[b-1] == '\n' || buf[b-1] == ':' && a > 0) {
			b--
		}
		for _, w := range [][]byte{[]byte("："), []byte("，")} {
			if bytes.HasPrefix(buf[a:b], w) {
				a, again = a+len(w), true
			}
		}
		for _, w := range fillers {
			if bytes.HasPrefix(buf[a:b], w) && (!isLetter(w[0]) || a+len(w) == b || !isWord(buf[a+len(w)])) {
				a, again = a+len(w), true
				break
			}
		}
		for _, w := range fillers {
			if !isLetter(w[0]) && bytes.HasSuffix(buf[a:b], w) {
				b, again = b-len(w), true
				break
			}
		}
	}
	return a, b
}
