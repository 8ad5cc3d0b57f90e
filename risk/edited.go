package risk

import (
	"bytes"
	"unicode/utf8"
)

const (
	// maxEdited is how long a text may be whose sender says how to put it right.
	maxEdited = 480
	// maxEdits is how many such instructions are followed.
	maxEdits = 4
	// maxEditWord is how long what is to be replaced may be.
	maxEditWord = 24
)

// edit is an instruction to the reader of a text: remove the stars, 把“鼠”换成@.
type edit struct {
	// what is to be replaced: a word, or the signs of a name, or what stands in brackets.
	word     []byte
	sign     func(r rune) bool
	brackets bool
	to       []byte // what to put there instead
	// from and end are where the instruction itself stands.
	from, end int
}

// edited writes into v what src says once its reader has followed the instructions in
// it, for which known is room. It reports whether there are any.
func (v *view) edited(src *view, known []edit) bool {
	edits := editsIn(src.buf, known)
	if len(edits) == 0 {
		return false
	}
	v.reset()
	buf := src.buf
	changed := false
next:
	for i := 0; i < len(buf); {
		for _, e := range edits {
			if i == e.from {
				v.putFrom(src, ' ', i, e.end)
				i = e.end
				continue next
			}
		}
		for k := range edits {
			if n := edits[k].at(buf, i); n > 0 {
				for _, c := range edits[k].to {
					v.putFrom(src, c, i, i+n)
				}
				i += n
				changed = true
				continue next
			}
		}
		n := 1
		if buf[i] >= utf8.RuneSelf {
			_, n = utf8.DecodeRune(buf[i:])
		} else if k := len(v.buf); k > 0 && closing(v.buf[k-1]) == buf[i] {
			// Brackets around what is gone.
			v.buf, v.at = v.buf[:k-1], v.at[:len(v.at)-1]
			i++
			continue
		}
		v.copyRaw(src, i, i+n)
		i += n
	}
	if !changed {
		return false
	}
	v.inherit(src)
	v.hasAt, v.hasDot = bytes.IndexByte(v.buf, '@') >= 0, bytes.IndexByte(v.buf, '.') >= 0
	return true
}

// closing is the bracket that closes what c opens.
func closing(c byte) byte {
	switch c {
	case '(':
		return ')'
	case '[':
		return ']'
	case '{':
		return '}'
	case '<':
		return '>'
	}
	return 0
}

// at is how many bytes at i are to be replaced.
func (e *edit) at(buf []byte, i int) int {
	switch {
	case e.word != nil:
		if bytes.HasPrefix(buf[i:], e.word) {
			return len(e.word)
		}
	case e.brackets:
		r, n := utf8.DecodeRune(buf[i:])
		if opens(r) {
			for k := i + n; k < len(buf) && k-i < maxBeside; {
				r, m := utf8.DecodeRune(buf[k:])
				k += m
				if closes(r) {
					return k - i
				}
			}
		}
	default:
		if r, n := utf8.DecodeRune(buf[i:]); e.sign(r) {
			return n
		}
	}
	return 0
}
