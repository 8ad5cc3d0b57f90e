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
var fillers = func() []string {
	words := []string{
		"also", "and then it's", "and then its", "and then comes", "and then", "and after that", "after that", "then comes", "then it's", "then", "and finally", "finally", "and the rest is", "and the rest", "the rest is", "rest is", "rest", "and ends in", "it ends in", "ends in", "ends with", "it ends with", "ending in", "the first bit is", "first bit", "second bit", "last bit", "first half is", "second half is", "first half", "second half", "other half is", "other half", "username coming", "followed by", "continues with", "goes on with", "first part is", "first part", "second part is", "second part", "third part", "last part is", "last part", "first message is", "first message", "second message is", "second message", "third message", "last message", "message one", "message two", "message three", "part one", "part two", "part three", "part", "now the middle", "now", "the beginning", "the middle", "the end", "begin", "end", "tail", "first", "second", "third", "next", "last", "plus", "and", "ok", "mm", "hm", "uh", "um",
		"前面的是", "前面的", "前面是", "前面", "后面的是", "后面的", "后面是", "后面", "後面", "前半段是", "前半截", "后半截", "前半部分", "后半部分", "前半", "后半", "上半", "下半", "上半段", "下半段", "头几位", "尾几位", "先发", "再来", "最末", "后半段是", "前半段", "后半段", "中间是", "中间", "最后是", "最后", "开头是", "开头", "结尾是", "剩下的是", "剩下的", "剩下", "然后是", "然后", "接着是", "接着", "接下来是", "接下来", "加上", "再加上", "再加", "还有", "第一段", "第二段", "第三段", "第一条", "第二条", "第三条", "第一句", "第二句", "第三句", "再发一半", "我发一半", "先发一半", "名字拼音", "名字",
	}
	slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) })
	return words
}()

// fillersFrom and fillersTo are those by their first byte, and those of Chinese by their
// last.
var (
	fillersFrom = byFirst(fillers, func(w string) string { return w })
	fillersTo   = byFirst(slices.DeleteFunc(slices.Clone(fillers), func(w string) bool { return isLetter(w[0]) }), func(w string) string { return w[len(w)-1:] })
)

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
	s.mixed = mixesNumerals(s.plain.buf)
	s.readings(v)
	s.mixed = false
}

// mixesNumerals reports whether a message has digits and characters that mean digits
// side by side, as no amount and no date is written.
func mixesNumerals(buf []byte) bool {
	for i, c := range buf {
		if i+1 < len(buf) && isDigit(c) != isDigit(buf[i+1]) && hanNumeral(utf8.DecodeRune(buf[i+1:]))+hanNumeral(utf8.DecodeLastRune(buf[:i+1])) > 0 {
			return true
		}
	}
	return false
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
	// What was glued to the piece before belongs to the word, too.
	word, first := lastToken(s.glued.buf), firstToken(next)
	if s.goesOn(word, first, len(s.glued.buf) > len(prev) && len(word) > len(lastToken(prev))) {
		return true
	}
	if at := bytes.IndexByte(word, '@'); at >= 0 && isWord(next[0]) {
		// An address whose host is not complete.
		if dot := bytes.LastIndexByte(word, '.'); dot < at || topLevel[string(word[dot+1:])] == 0 {
			return true
		}
	}
	if leetWords()[string(word)] {
		return false // a whole word
	}
	if !token || s.isWord(next) || s.isWord(word) || s.endsInCue(prev) || s.endsInCue(s.glued.buf[max(0, len(s.glued.buf)-maxPiece):]) {
		return false
	}
	word = lastToken(prev)
	return single || len(prev) <= 2*maxLead && bytes.ContainsAny(next, "0123456789_") && startsWord(prev, len(prev)-len(word)) && isWord(prev[len(prev)-1]) && !ordinary(word)
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

// goesOn reports whether a word, or the name of a host, that a piece ends in goes on in
// the first token of the next. glued says that pieces are in it already.
func (s *scan) goesOn(word, token []byte, glued bool) bool {
	first := token[:letters(token)]
	if len(word) == 0 || len(word)+len(token) > maxHandle || !isWord(word[len(word)-1]) && word[len(word)-1] != '.' {
		return false
	}
	if dot := bytes.LastIndexByte(word, '.'); dot > 0 && glued && len(first) > 0 {
		// tealet. ¶ store, mydeal.on ¶ line
		domain := append(append(s.token[:0], word[dot+1:]...), first...)
		if topLevel[string(domain)] != 0 && topLevel[string(word[dot+1:])] != plainDomain {
			return true
		}
	}
	if len(token) > 2 && isLetter(token[0]) && token[1] == '.' && topLevel[string(token[2:2+letters(token[2:])])] != 0 {
		return true // no host has a name of one letter
	}
	if len(first) == 0 || ordinary(word) || ordinary(first) {
		return false
	}
	if len(word) == 1 && (len(token) > 1 || !spellsOut(s.glued.buf)) && isLetter(word[0]) && bytes.IndexByte([]byte("aiukvq"), word[0]) < 0 {
		return true // no word is one of these
	}
	both := append(append(s.token[:0], word...), first...)
	known := leetWords()
	if known[string(word)] && known[string(first)] {
		return len(word) < minSpelled && s.isWord(both) // we, chat
	}
	return s.isWord(both) || len(both) > minSpelled && s.engine.words.holdsPrefix(both) || len(both) > leetWord && known[string(both)]
}

// spellsOut reports whether b ends in two letters with a blank between.
func spellsOut(b []byte) bool {
	n := len(b)
	return n >= 3 && b[n-2] == ' ' && isLetter(b[n-3]) && (n == 3 || !isLetter(b[n-4]))
}

// letters is how many letters b begins with.
func letters(b []byte) int {
	n := 0
	for n < len(b) && isLetter(b[n]) {
		n++
	}
	return n
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
	if isPause(buf) {
		return 0, 0
	}
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
		if a == b {
			break
		}
		for _, w := range fillersFrom[buf[a]] {
			if bytes.HasPrefix(buf[a:b], []byte(w)) && (!isLetter(w[0]) || a+len(w) == b || !isWord(buf[a+len(w)])) {
				a, again = a+len(w), true
				break
			}
		}
		if a == b {
			break
		}
		for _, w := range fillersTo[buf[b-1]] {
			if bytes.HasSuffix(buf[a:b], []byte(w)) {
				b, again = b-len(w), true
				break
			}
		}
	}
	return a, b
}
