package risk

import (
	"bytes"
	"slices"
)

// digitPiece is the digits of one message, [a,b) of its text.
type digitPiece struct {
	text []byte
	a, b int
}

// splitNumber reads the digits of the pieces as one number. Only messages that
// end in digits go on in one that begins with digits, unless words say that
// they are pieces, so that prices and times in a row are none.
func (s *scan) splitNumber(before []fragment) {
	src := &s.plain
	last := digitPiece{}
	if s.saysDigits(&s.other, src) {
		src = &s.other
	}
	here := pieceOf(src.buf)
	if here.a == here.b {
		// No digits, but perhaps what says what to do with those before.
		if last = s.together(s.plain.buf); last.a == last.b {
			return
		}
		src = &s.plain
	}
	if here.a < here.b && !here.isNumber() {
		return
	}
	told := s.toldBefore(before)
	if here.a < here.b && (s.inOrder(told, &here, src) || s.fillsGaps(told, &here, src)) {
		return
	}
	said := here.a == here.b || saysPiece(src.buf)
	pure := here.pure()
	from, pieces, between := len(told), 0, 0
	called, named, passed := false, false, false
	for k, f := range slices.Backward(told) {
		p := pieceOf(f.text)
		if p.a == p.b || isPause(p.text) {
			if between++; between > maxBetweenPieces || f.cut {
				break
			}
			asked := len(p.text) <= maxLead && s.calls(p.text)
			said = said || saysPiece(p.text) || asked || isAsked(p.text)
			if pieces > 0 && here.a < here.b && !isSaid(p.text) && !isDone(p.text) {
				from = k // words before the number, which say what it is
			}
			continue
		}
		if !s.isPiece(&p) || f.cut && p.a < maxLead {
			if !p.isSmall() && s.isOther(&p) && (!said || saysPiece(p.text)) {
				return // a code, which goes on
			}
			if between++; between > maxBetweenPieces || f.cut || !here.pure() && !said || !p.isSmall() {
				break
			}
			told[k].text, passed = nil, true
			continue
		}
		pieces++
		from, between = k, 0
		said, pure = said || saysPiece(p.text) || f.spelled || isAsked(p.text[:p.a]), pure || p.pure()
		named = s.namesMessenger(p.text[:p.a])
		called = s.calls(p.text[:p.a]) || p.a < p.b && p.text[p.a] == '+'
		if f.cut {
			break
		}
	}
	if pieces == 0 || here.a == here.b && pieces < 2 || here.a < here.b && !s.isPiece(&here) {
		return
	}
	sure := said || pure || called || here.a < here.b && s.calls(src.buf[here.b:])
	said = said || pure && pieces >= 2 && !passed
	if here.a < here.b && !here.bare(sure) {
		return
	}
	v := &s.glued
	v.reset()
	for k := from; k < len(told); k++ {
		p := pieceOf(told[k].text)
		if isPause(p.text) {
			continue
		}
		if p.a == p.b {
			if k == from {
				v.putBefore(p.text)
				v.put(' ', -1, -1)
			}
			continue
		}
		if k > from && !p.bare(sure) {
			// Another talk: the number can only begin here.
			v.reset()
		}
		if v.digits == 0 {
			p.a = lastSentence(p.text[:p.a])
		}
		v.putBefore(p.text[p.a:p.b])
		v.put(' ', -1, -1)
	}
	if v.digits == 0 || here.a < here.b && areListed(told[from:], &here) {
		return
	}
	if here.a < here.b {
		digits := v.digits + src.digits
		if said {
			v.copyRaw(src, here.a, here.b+checkLetter(src.buf[here.b:]))
		} else {
			v.copyRaw(src, here.a, len(src.buf))
		}
		v.inherit(src)
		v.digits = digits
	} else {
		v.standsFor(src.origin(last.a, last.b))
	}
	s.relaxed = said
	s.read(v, splitView)
	s.relaxed = false
	if named && said && v.digits >= minBareDigits {
		s.report()
	}
}

// namesMessenger reports whether a messenger is named in a text.
func (s *scan) namesMessenger(text []byte) bool {
	a, _ := s.cueIn(text, func(u use, _ []byte) bool { return u.cue >= cueDisguised && u.cue <= cueLikely })
	return a >= 0
}

// standsFor makes the last digit of a view come from [start,end) of the text.
func (v *view) standsFor(start, end int) {
	k := len(v.buf) - 1
	for !isDigit(v.buf[k]) {
		k--
	}
	v.at[k] = source{int32(start), int32(end)} //nolint:gosec // a text is far below 2 GiB
}

// isSaid reports whether a message says something for itself.
func isSaid(b []byte) bool {
	return len(b) > 0 && bytes.IndexByte([]byte(".?!"), b[len(b)-1]) >= 0 || bytes.HasSuffix(b, []byte("。"))
}

// calls reports whether the words before the digits of a message call them a number
// that is dialled, or one with a check digit.
func (s *scan) calls(before []byte) bool {
	a, _ := s.cueIn(before, func(u use, word []byte) bool {
		return u.cue == cuePhone || u.cue == cueOther && isIn(checkedWords, word)
	})
	return a >= 0
}

// cueIn finds the first cue of a text that is asked for; a is -1 if there is none.
func (s *scan) cueIn(text []byte, asked func(u use, word []byte) bool) (a, b int) {
	a = -1
	words := &s.engine.words
	words.walk(text, func(word int32, end int) bool {
		start := end - len(words.words[word])
		for _, u := range words.uses[word] {
			if u.kind == useCue && asked(u, text[start:end]) && wholeWord(text, start, end) {
				a, b = start, end
				return false
			}
		}
		return true
	})
	return a, b
}

// checkLetter is how long the letter is that an identity number ends in, if b begins
// with it.
func checkLetter(b []byte) int {
	if len(b) > 0 && b[0] == 'x' && (len(b) == 1 || !isWord(b[1])) {
		return 1
	}
	return 0
}

// bare reports whether little stands around the digits of a piece. What words
// or other pieces call a piece may have more around it.
func (p *digitPiece) bare(sure bool) bool {
	lead, tail := maxLead, maxTail
	if sure {
		lead, tail = 2*maxLead, 2*maxTail+maxLead
	}
	return p.a <= lead && len(p.text)-p.b <= tail
}

// pure reports whether a message is nothing but digits.
func (p *digitPiece) pure() bool {
	return p.a < p.b && p.a <= maxGap && len(p.text)-p.b <= maxGap && !slices.ContainsFunc(p.text, isLetter)
}

// putBefore writes what was sent in a message before.
func (v *view) putBefore(b []byte) {
	for _, c := range b {
		v.put(c, -1, -1)
	}
}

// pieceOf finds the digits of a message; an ordinal before them is none.
func pieceOf(buf []byte) digitPiece {
	p := digitPiece{text: buf}
	buf = withoutExtension(buf)
	counted := ordinal(buf)
	p.a, p.b = digitSpan(buf[counted:])
	p.a += counted
	p.b += counted
	// part 1, 0151
	if k := p.a + 1; p.b-p.a > 2 && !isDigit(p.text[k]) && endsWithAny(bytes.TrimRight(p.text[:p.a], " #"), countBefore) {
		for !isDigit(p.text[k]) {
			k++
		}
		p.a = k
	}
	return p
}

// withoutExtension is a message without the extension that it ends in: 0177 ext 4.
func withoutExtension(buf []byte) []byte {
	for _, w := range extensionWords {
		if k := bytes.LastIndex(buf, w); k > 0 && isDigit(lastByte(bytes.TrimRight(buf[:k], " "))) && !slices.ContainsFunc(buf[k+len(w):], func(c byte) bool { return !isDigit(c) }) {
			return buf[:k]
		}
	}
	return buf
}

var extensionWords = bytesOf(" ext ", " ext. ", " extension ", "转")

// ordinal is how long a mark is that counts the pieces: "1)", "2.", "(1/3)", "#1 ".
func ordinal(b []byte) int {
	i := 0
	for _, w := range countedParts {
		if bytes.HasPrefix(b, w) {
			i = len(w)
			break
		}
	}
	marked := i < len(b) && b[i] == '#'
	if marked || i < len(b) && b[i] == '(' {
		i++
	}
	if i >= len(b) || !isDigit(b[i]) {
		return 0
	}
	i++
	if i+1 < len(b) && b[i] == '/' && isDigit(b[i+1]) {
		marked = true
		i += 2
	}
	if marked && i < len(b) && b[i] == ' ' || i+1 < len(b) && (b[i] == ')' || (b[i] == '.' || b[i] == ':' || b[i] == '/') && b[i+1] == ' ') {
		return i + 1
	}
	return 0
}

// countedParts may stand before the number of a piece.
var countedParts = bytesOf("pt ", "pt. ", "part ", "piece ", "chunk ", "bit ", "step ")

// digitSpan is where the last digits of a short text stand, with separators
// between them; an empty span if there are none.
func digitSpan(buf []byte) (a, b int) {
	for b = len(buf); b > 0 && !isDigit(buf[b-1]); {
		b--
	}
	for a = b; a > 0; {
		if isDigit(buf[a-1]) {
			a--
			continue
		}
		k := a
		for k > 0 && a-k < maxGapBytes && !isDigit(buf[k-1]) {
			k--
		}
		if k == 0 || k == a || !isDigit(buf[k-1]) || !onlySeparators(buf[k:a]) {
			break
		}
		a = k
	}
	return a, b
}
