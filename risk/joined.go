package risk

import (
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
func (v *view) join(src *view, pieces []piece) ([]piece, bool) {
	v.reset()
	pieces = cut(src.buf, pieces[:0])
	done := 0 // bytes of src.buf that are copied or left out
	for i := 0; i+1 < len(pieces); {
		if n := spelledRun(src.buf, pieces[i:]); n >= minSpelled {
			for k := i; k < i+n-1; k++ {
				done = v.leaveOut(src, done, pieces[k].end, pieces[k+1].start, blankSpelled(src.buf, pieces[i:]))
			}
			v.spelled = true
			if i += n - 1; i+1 < len(pieces) && src.buf[pieces[i].end] == ' ' {
				i++ // the next word is spelled out by itself
			}
			continue
		}
		p, q := pieces[i], pieces[i+1]
		gap := src.buf[p.end:q.start]
		if len(gap) > 0 && len(gap) <= maxGapBytes && isGap(gap) {
			switch {
			case p.han && q.han && (gap[0] != ',' || alone(pieces, i)),
				!p.han && !q.han && len(gap) == 1 && gap[0] != ' ' && isLetter(src.buf[p.end-1]) && isLetter(src.buf[q.start]):
				done = v.leaveOut(src, done, p.end, q.start, false)
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

// alone reports whether a piece stands apart on both sides, or the one behind it
// does: a comma between two sentences hides no word.
func alone(pieces []piece, i int) bool {
	return i == 0 || pieces[i-1].end < pieces[i].start || i+2 >= len(pieces) || pieces[i+1].end < pieces[i+2].start
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

// leaveOut copies src from done to a and goes on at b. In a word spelled out
// with blanks a mark between two blanks belongs to what is spelled
// ("l i l y @ x . c o m").
func (v *view) leaveOut(src *view, done, a, b int, blanks bool) int {
	v.copyFrom(src, done, a)
	if b-a == 3 && (blanks && src.buf[a+1] != ' ' || isSpelledMark(src.buf[a:b])) {
		v.copyFrom(src, a+1, a+2)
	}
	return b
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
	for n < len(pieces) && pieces[n].single && !pieces[n].han {
		if n > 0 {
			gap := buf[pieces[n-1].end:pieces[n].start]
			if n > 1 && string(gap) == " " && !blankSpelled(buf, pieces) {
				break // between two words
			}
			if len(gap) == 0 || len(gap) > maxGapBytes || !isGap(gap) && !isSpelledMark(gap) {
				break
			}
		}
		n++
	}
	return n
}

// blankSpelled reports whether the first gap of a spelled word is a blank.
func blankSpelled(buf []byte, pieces []piece) bool {
	return string(buf[pieces[0].end:pieces[1].start]) == " "
}

// isSpelledMark reports whether a gap is a mark between two equal separators that
// can be part of an address or stand for a letter.
func isSpelledMark(gap []byte) bool {
	return len(gap) == 3 && gap[0] == gap[2] && isGap(gap[:1]) && (gap[1] == '@' || gap[1] == ':' || gap[1] == '$' || gap[1] == '!')
}

// isGap reports whether gap holds separators and symbols only. Ends of sentences and lines,
// colons and apostrophes are none.
func isGap(gap []byte) bool {
	for i := 0; i < len(gap); i++ {
		switch c := gap[i]; c {
		case ' ', '.', '-', '_', '*', '~', '/', '\\', '|', ',', '+', '^', '#', '"', '`', '=', '&', '(', ')', '[', ']', '<', '>', '{', '}', '$', '%':
		default:
			r, n := utf8.DecodeRune(gap[i:])
			if n == 1 || !unicode.IsSymbol(r) && r != '·' && r != '•' && r != '、' && r != '丶' {
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
