package risk

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// maxGap is how many separators between two pieces of a text are read as
// decoration; more are read as a real gap.
const maxGap = 3

// maxGapBytes is the same in bytes, as symbols are long.
const maxGapBytes = 8

// minSpelled is how many single letters in a row are read as one word that
// somebody spelled out. Two are too common ("a b").
const minSpelled = 3

// piece is a run of letters and digits, or one Chinese character.
type piece struct {
	start, end int
	han        bool
	single     bool // one rune
}

// join writes into v what src says when separators inside words are left out
// ("w.e.c.h.a.t", "we-chat" and "加 微 信" lose them, "lily chen" does not) and
// letters of other scripts that look Latin are read as Latin. It reports
// whether that changed anything; if not, v is of no use.
func (s *scan) join(v, src *view, pieces []piece) ([]piece, bool) {
	v.reset()
	pieces = cut(src.buf, pieces[:0])
	done := 0 // bytes of src.buf that are copied or left out
	for i := 0; i+1 < len(pieces); {
		if n := spelledRun(src.buf, pieces[i:]); n >= minSpelled {
			if s.beginsLate(src.buf, pieces[i:i+n]) {
				i++
				continue
			}
			usual := src.buf[pieces[i].end:pieces[i+1].start]
			for k := i; k < i+n-1; k++ {
				done = v.leaveOut(src, done, pieces[k].end, pieces[k+1].start, usual)
			}
			v.spelled = true
			if i += n - 1; i+1 < len(pieces) && (src.buf[pieces[i].end] == ' ' || !isGap(src.buf[pieces[i].end:pieces[i+1].start])) {
				i++ // the next word is spelled out by itself
			}
			continue
		}
		p, q := pieces[i], pieces[i+1]
		gap := src.buf[p.end:q.start]
		if len(gap) > 0 && len(gap) <= maxGapBytes && (isGap(gap) || p.han && q.han && isHanGap(gap)) {
			switch {
			case p.han && q.han && opensAgain(gap):
				done = v.unbracket(src, done, p, q)
			case p.han && q.han && (gap[0] != ',' && gap[0] != '\n' && string(gap) != "。" || alone(src.buf, pieces, i)),
				!p.han && !q.han && len(gap) == 1 && gap[0] != ' ' && isLetter(src.buf[p.end-1]) && isLetter(src.buf[q.start]):
				done = v.leaveOut(src, done, p.end, q.start, nil)
			}
			if !p.han || q.han {
				i++
				continue
			}
		}
		if p.han && !q.han && i > 0 && len(gap) > 1 {
			// 微.信. .l.i.l.y
			if usual := src.buf[pieces[i-1].end:p.start]; len(usual) > 0 && len(gap) > len(usual) && isSpelledGap(usual) && usual[0] != ' ' && onlyUsual(gap, usual) {
				done = v.leaveOut(src, done, p.end, q.start, usual)
			}
		}
		i++
	}
	if done == 0 && !src.foreign {
		return pieces, false
	}
	v.copyFrom(src, done, len(src.buf))
	if len(v.buf) == len(src.buf) {
		return pieces, false
	}
	v.inherit(src)
	return pieces, true
}

// alone reports whether a piece stands apart on both sides by the same comma, or
// the one behind it does: a comma between two sentences hides no word.
func alone(buf []byte, pieces []piece, i int) bool {
	gap := buf[pieces[i].end:pieces[i+1].start]
	apart := func(k int) bool {
		if k < 0 || k+1 == len(pieces) {
			return true
		}
		return bytes.Equal(gap, buf[pieces[k].end:pieces[k+1].start])
	}
	return apart(i-1) || apart(i+1)
}

// isHanGap reports whether a gap can stand between two characters of a Chinese word
// only to hide it, where isGap says nothing of it.
func isHanGap(gap []byte) bool {
	switch string(gap) {
	case "'", "’", "\n", "。":
		return true
	}
	return opensAgain(gap)
}

// opensAgain reports whether a gap closes one bracket and opens another: 【加】【我】.
func opensAgain(gap []byte) bool {
	c, n := utf8.DecodeRune(gap)
	o, m := utf8.DecodeRune(gap[n:])
	return n+m == len(gap) && closes(c) && opens(o)
}

func closes(r rune) bool { return unicode.Is(unicode.Pe, r) || r == '”' || r == '’' || r == '>' }

func opens(r rune) bool { return unicode.Is(unicode.Ps, r) || r == '“' || r == '‘' || r == '<' }

// unbracket copies src up to q and leaves the brackets around p and q out.
func (v *view) unbracket(src *view, done int, p, q piece) int {
	if r, n := utf8.DecodeLastRune(src.buf[:p.start]); opens(r) && p.start-n >= done {
		v.copyFrom(src, done, p.start-n)
		done = p.start
	}
	v.copyFrom(src, done, p.end)
	v.copyFrom(src, q.start, q.end)
	if r, n := utf8.DecodeRune(src.buf[q.end:]); closes(r) && !opensAgainAt(src.buf, q.end) {
		return q.end + n
	}
	return q.end
}

// opensAgainAt reports whether a bracket closes at i and another opens.
func opensAgainAt(buf []byte, i int) bool {
	_, n := utf8.DecodeRune(buf[i:])
	r, _ := utf8.DecodeRune(buf[i+n:])
	return opens(r)
}

// fold writes src into v with the letters folded that look Latin, and reports
// whether there are any.
func (v *view) fold(src *view) bool {
	v.reset()
	v.copyFrom(src, 0, len(src.buf))
	v.inherit(src)
	return len(v.buf) != len(src.buf)
}

// inherit takes over what src knows about the text.
func (v *view) inherit(src *view) {
	v.digits, v.hasAt, v.hasDot, v.hasMark = src.digits, src.hasAt, src.hasDot, src.hasMark
	v.override, v.backwards, v.fancy = src.override, src.backwards, src.fancy
}

// leaveOut copies src from done to a and goes on at b. What stands in a spelled word
// beside its usual separator is a mark of what is spelled ("l i l y @ x . c o m",
// "l-i-_-l-i"), or ends a word of it ("p a y   m e").
func (v *view) leaveOut(src *view, done, a, b int, usual []byte) int {
	v.copyFrom(src, done, a)
	gap := src.buf[a:b]
	if usual == nil || len(gap) <= len(usual) {
		return b
	}
	if len(bytes.TrimLeft(usual, " ")) == 0 && len(bytes.TrimLeft(gap, " ")) == 0 {
		v.copyFrom(src, a, a+1)
		return b
	}
	parted := len(bytes.TrimLeft(usual, " ")) == 0 // blanks around a mark part no words
	for k := 0; k < len(gap); k++ {
		switch {
		case bytes.HasPrefix(gap[k:], usual):
			k += len(usual) - 1
		case gap[k] == ' ' && !parted:
			parted = true
			v.copyFrom(src, a+k, a+k+1)
		case isKept(gap[k], usual):
			v.copyFrom(src, a+k, a+k+1)
		}
	}
	return b
}

// isKept reports whether a mark among the separators of a spelled word can be a part
// of an address, or stand for a letter.
func isKept(c byte, usual []byte) bool {
	return c > ' ' && c < utf8.RuneSelf && c != usual[0] && (usual[0] == ' ' || bytes.IndexByte([]byte("@:$!_.-#"), c) >= 0)
}

// keptMark reports whether a gap of a spelled word is one such mark with the usual
// separator on both sides.
func keptMark(gap, usual []byte) bool {
	n := len(usual)
	return len(gap) == 2*n+1 && bytes.HasPrefix(gap, usual) && bytes.HasSuffix(gap, usual) && isKept(gap[n], usual)
}

// onlyUsual reports whether a gap of a spelled word is its usual separator again and
// again, with one mark or blank between.
func onlyUsual(gap, usual []byte) bool {
	rest, marks := gap, 0
	for len(rest) > 0 {
		switch {
		case bytes.HasPrefix(rest, usual):
			rest = rest[len(usual):]
		case string(usual) == "." && bytes.HasPrefix(rest, []byte("。")): // which is one between letters
			rest = rest[len("。"):]
		case rest[0] == ' ' || isKept(rest[0], usual):
			marks++
			rest = rest[1:]
		default:
			return false
		}
	}
	return marks <= 2
}

// copyFrom copies [a,b) of src and folds letters that look Latin.
func (v *view) copyFrom(src *view, a, b int) {
	if src.foreign {
		for a < b {
			if src.buf[a] < utf8.RuneSelf {
				v.buf, v.at = append(v.buf, src.buf[a]), append(v.at, src.at[a])
				a++
				continue
			}
			if commonHan(src.buf[a]) && b-a >= 3 {
				v.buf, v.at = append(v.buf, src.buf[a:a+3]...), append(v.at, src.at[a:a+3]...)
				a += 3
				continue
			}
			r, n := utf8.DecodeRune(src.buf[a:b])
			if c := looksLike(r); c != 0 {
				v.buf, v.at = append(v.buf, c), append(v.at, source{src.at[a].start, src.at[a+n-1].end})
			} else {
				v.buf, v.at = append(v.buf, src.buf[a:a+n]...), append(v.at, src.at[a:a+n]...)
			}
			a += n
		}
		return
	}
	v.copyRaw(src, a, b)
}

// copyRaw copies [a,b) of src as it is.
func (v *view) copyRaw(src *view, a, b int) {
	v.buf = append(v.buf, src.buf[a:b]...)
	if len(src.at) > 0 {
		v.at = append(v.at, src.at[a:b]...)
		return
	}
	for k := a; k < b; k++ {
		v.at = append(v.at, source{int32(k), int32(k + 1)}) //nolint:gosec // a text is far below 2 GiB
	}
}

// putFrom writes one byte that stands for [a,b) of src, which is not empty.
func (v *view) putFrom(src *view, c byte, a, b int) {
	start, end := src.origin(a, b)
	v.put(c, start, end)
}

// cut finds the pieces of buf.
func cut(buf []byte, pieces []piece) []piece {
	for i := 0; i < len(buf); {
		start, n := i, 0
		if c := buf[i]; c < utf8.RuneSelf && !isWord(c) {
			i++
			continue
		}
		for i < len(buf) {
			c := buf[i]
			if c < utf8.RuneSelf {
				if !isWord(c) {
					break
				}
				i++
				n++
				continue
			}
			var r rune
			var size int
			if commonHan(c) {
				r, size = 0x5000, 3
			} else {
				r, size = utf8.DecodeRune(buf[i:])
			}
			if isHan(r) {
				if n == 0 {
					i += size
					pieces = append(pieces, piece{start, i, true, true})
					start = i
					continue
				}
				break
			}
			if !unicode.IsLetter(r) {
				if n == 0 {
					i += size
					start = i
				}
				break
			}
			i += size
			n++
		}
		if n > 0 {
			pieces = append(pieces, piece{start, i, false, n == 1})
		}
	}
	return pieces
}

// spelledRun is how many single letters or digits stand at the front of pieces
// with nothing but separators between them.
func spelledRun(buf []byte, pieces []piece) int {
	n := 0
	var usual []byte
	for n < len(pieces) && pieces[n].single && !pieces[n].han {
		if n > 0 {
			gap := buf[pieces[n-1].end:pieces[n].start]
			switch {
			case len(gap) == 0 || len(gap) > maxGapBytes && (n == 1 || !onlyUsual(gap, usual)):
				return n
			case n == 1:
				usual = gap
			case n > 1 && !isGap(usual) && !bytes.HasPrefix(gap, usual):
				return n - 1 // its last letter begins another word
			case n == 2 && usual[0] == ' ' && !bytes.Equal(gap, usual) && (gap[0] != ' ' || len(pieces) > 3 && bytes.Equal(gap, buf[pieces[2].end:pieces[3].start])):
				return 1 // a word of one letter before what is spelled
			case string(gap) == " " && usual[0] != ' ':
				return n // between two words
			}
			// The end of a line or a sentence is the separator of the whole word, or none.
			if n > 1 && !isGap(gap) && !onlyUsual(gap, usual) || !isSpelledGap(gap) && !keptMark(gap, usual) {
				return n
			}
		}
		n++
	}
	return n
}

// beginsLate reports whether the first of the letters that are spelled is a word by
// itself: "a b i t c h".
func (s *scan) beginsLate(buf []byte, pieces []piece) bool {
	if c := buf[pieces[0].start]; c != 'a' && c != 'i' || len(pieces) <= minSpelled || buf[pieces[0].end] != ' ' {
		return false
	}
	letters := s.token[:0]
	for k, p := range pieces {
		if k > 0 && p.start-pieces[k-1].end > 1 && k > 1 || len(letters) == cap(letters) {
			break
		}
		letters = append(letters, buf[p.start])
	}
	late := false
	words := &s.engine.words
	words.walk(letters, func(word int32, end int) bool {
		switch start := end - len(words.words[word]); {
		case start == 0 && end > minSpelled:
			late = false
			return false
		case start == 1 && end > minSpelled:
			late = true
		}
		return true
	})
	return late
}

// isSpelledGap reports whether a gap holds what stands between the letters of a
// spelled word: besides separators what else would end a sentence or quote.
func isSpelledGap(gap []byte) bool {
	for i := 0; i < len(gap); {
		r, n := utf8.DecodeRune(gap[i:])
		switch r {
		case '\'', '\n', ';', '?', '!', ':', '。', '，', '…', '“', '”', '‘', '’', '「', '」', '『', '』', '【', '】', '《', '》', '〈', '〉', '︱', '※':
		default:
			if !isGap(gap[i : i+n]) {
				return false
			}
		}
		i += n
	}
	return true
}

// isGap reports whether gap holds separators and symbols only. Ends of sentences and lines,
// colons and apostrophes are none.
func isGap(gap []byte) bool {
	for i := 0; i < len(gap); i++ {
		switch c := gap[i]; c {
		case ' ', '.', '-', '_', '*', '~', '/', '\\', '|', ',', '+', '^', '#', '"', '`', '=', '&', '(', ')', '[', ']', '<', '>', '{', '}', '$', '%':
		default:
			r, n := utf8.DecodeRune(gap[i:])
			switch {
			case n > 1 && (unicode.IsSymbol(r) || r == '·' || r == '•' || r == '、' || r == '丶' || unicode.Is(unicode.Pd, r) && n == len(bytes.Trim(gap, " "))):
			case unicode.Is(unicode.Pe, r) || r == '”' || r == '’':
				// What closes one bracket and opens the next.
				if q, m := utf8.DecodeRune(gap[i+n:]); m > 1 && (unicode.Is(unicode.Ps, q) || q == '“' || q == '‘') {
					n += m
					break
				}
				return false
			default:
				return false
			}
			i += n - 1
		}
	}
	return true
}

// commonHan reports whether a character that begins with c is one of U+5000 to
// U+9FFF, most of Chinese, which need not be looked up.
func commonHan(c byte) bool { return c >= 0xe5 && c <= 0xe9 }

func isHan(r rune) bool {
	return r >= 0x4e00 && r <= 0x9fff || r >= 0x3400 && r <= 0x4dbf || r >= 0x20000 && r <= 0x3ffff
}
