package risk

import (
	"slices"
	"unicode/utf8"
)

// maxMirrored is how many names of a text are turned around.
const maxMirrored = 8

// mirror writes src with the given parts of it turned around.
func (v *view) mirror(src *view, parts []group) {
	v.reset()
	done := 0
	for _, p := range parts {
		if p.start < done {
			continue
		}
		v.copyRaw(src, done, p.start)
		// Every byte of the name stands for all of it, so that a match is
		// mapped back to whole names.
		for b := p.end; b > p.start; {
			_, n := utf8.DecodeLastRune(src.buf[:b])
			for k := b - n; k < b; k++ {
				v.putFrom(src, src.buf[k], p.start, p.end)
			}
			b -= n
		}
		done = p.end
	}
	v.copyRaw(src, done, len(src.buf))
	v.inherit(src)
}

// reverse writes src from its last character to its first.
func (v *view) reverse(src *view) {
	v.reset()
	for b := len(src.buf); b > 0; {
		_, n := utf8.DecodeLastRune(src.buf[:b])
		v.copyRaw(src, b-n, b)
		b -= n
	}
	v.inherit(src)
	v.backwards = true
}

// turnWords writes src into v with every word turned around that is one which the
// rules look for only from behind, and reports whether there are any.
func (s *scan) turnWords(v, src *view) bool {
	v.reset()
	done := 0
	for a := 0; a < len(src.buf); {
		if !isLetter(src.buf[a]) {
			a++
			continue
		}
		b := a
		for b < len(src.buf) && isLetter(src.buf[b]) {
			b++
		}
		if word := src.buf[a:b]; b-a >= minMirrored && b-a <= maxHandle && !s.isWord(word) {
			turned := append(s.token[:0], word...)
			slices.Reverse(turned)
			if s.isWord(turned) {
				v.copyRaw(src, done, a)
				for _, c := range turned {
					v.putFrom(src, c, a, b)
				}
				done = b
			}
		}
		a = b
	}
	if done == 0 {
		return false
	}
	v.copyRaw(src, done, len(src.buf))
	v.inherit(src)
	return true
}
