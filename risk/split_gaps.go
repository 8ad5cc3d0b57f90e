package risk

import "bytes"

// fillsGaps reads the digits of a message as those that were left out of a number before:
// "138****5678 ¶ 中间是1234".
func (s *scan) fillsGaps(told []toldPiece, here *digitPiece, src *view) bool {
	size, said := 0, saysGaps(here.text)
	for _, c := range here.text[here.a:here.b] {
		if isDigit(c) {
			size++
		}
	}
	for between := 0; len(told) > 0 && between <= 1; told = told[:len(told)-1] {
		text := told[len(told)-1].text
		said = said || saysGaps(text)
		a, b, gaps := gapsIn(text)
		if gaps == 0 {
			between++
			continue
		}
		said = said || len(told) > 1 && saysGaps(told[len(told)-2].text)
		if gaps != size || !said || !s.isPiece(here) {
			return false
		}
		v := &s.glued
		v.reset()
		v.putBefore(text[:a])
		v.putBefore(here.text[here.a:here.b])
		v.putBefore(text[b:])
		if v.digits == 0 {
			return false
		}
		v.standsFor(src.origin(here.a, here.b))
		s.relaxed = true
		s.read(v, splitView)
		s.relaxed = false
		return true
	}
	return false
}

// gapsIn is where signs stand in a text in place of digits that are left out, and how many.
func gapsIn(text []byte) (a, b, n int) {
	for a = 0; a < len(text); a++ {
		if !isDigit(text[a]) {
			continue
		}
		i := a + 1
		for n, b = 0, i; i < len(text) && (bytes.IndexByte(gapSigns, text[i]) >= 0 || text[i] == ' '); i++ {
			if text[i] != ' ' {
				n++
				b = i + 1
			}
		}
		if n > 2 && (b == len(text) || !isLetter(text[b])) {
			return a + 1, b, n
		}
	}
	return 0, 0, 0
}

var gapSigns = []byte("*x_#?")

// saysGaps reports whether a text says what to put into the gaps.
func saysGaps(text []byte) bool { return holdsAny(text, gapWords) }

var gapWords = bytesOf("gap", "star", "blank", "fill", "missing", "hidden", "middle", "asterisk", "the x", "x =", "x=", "x is", "xs are", "between", "中间", "星", "空", "填", "补", "挡", "缺", "少的", "那几位", "那四位", "打码", "盖住")
