package risk

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A messenger's name is a message by itself, or several, and the name that its writer
// has there follows in others: "insta ¶ petsbyjo", "飞 ¶ 机 ¶ dongguan ¶ toys", "Wechat ¶
// Yes I can hold it ¶ linda-silk ¶ shop". Or it comes last: "kofi ¶ 77 ¶ that's telegram".

const (
	// maxNamedTalk is how many messages before are looked at for a name.
	maxNamedTalk = 8
	// maxBareName is how long a message may be that is nothing but a name and what
	// introduces one.
	maxBareName = 40
	// maxNamePieces is how many messages a name is cut into at most.
	maxNamePieces = 6
	// minBare is how many letters and digits a handle has behind a bare name, or
	// digits, if it has nothing else.
	minBare       = 4
	minBareDigits = 6
)

// handles finds handles in several messages: what splitHandle found is a match of all
// rules that use it.
func splitHandles(s *scan, v *view, d *detectorRun) {
	if s.handle.end > s.handle.start {
		s.found(v, d.rule, s.handle.start, s.handle.end, nil)
	}
}

// talkPiece is what one of several messages says.
type talkPiece struct {
	text   []byte // without what introduces it
	called bool   // it says that a name follows, or that this is one
	invite bool   // it asks to add somebody
}

// splitNamed looks for a handle that this message ends, or names the messenger of.
func (s *scan) splitNamed(before []fragment) {
	if len(s.plain.buf) > maxBareName {
		return
	}
	here := introduced(s.plain.buf)
	if len(here.text) == 0 || isPause(here.text) {
		return
	}
	piece := here
	isHandle := s.isHandlePiece(here.text, here.called)
	if !isHandle {
		named := here.text
		for _, on := range [][]byte{[]byte(" on "), []byte(" at ")} {
			if k := bytes.LastIndex(here.text, on); k > 0 && s.isHandlePiece(here.text[:k], false) {
				piece.text, named = here.text[:k], here.text[k+len(on):]
			}
		}
		if !s.bareName(named, here.called) {
			return
		}
	}
	before = before[max(0, len(before)-maxNamedTalk):]
	var pieces [maxNamedTalk]talkPiece
	for k := range before {
		f := &before[k]
		if !f.cut && int(f.len) <= maxBareName {
			pieces[k] = introduced(f.text[:f.len])
		}
	}
	talk := pieces[:len(before)]
	switch {
	case isHandle:
		s.namedBefore(talk, &here)
	case len(piece.text) < len(here.text):
		s.namedAfter(talk, &piece)
	default:
		s.namedAfter(talk, nil)
	}
}

// namedBefore reports the handle that ends in this message if one of those before is a
// messenger's name.
func (s *scan) namedBefore(talk []talkPiece, here *talkPiece) {
	var h bareHandle
	h.add(here)
	for k, between := len(talk)-1, 0; k >= 0 && between <= maxBetweenPieces; k-- {
		p := &talk[k]
		if name := s.nameEndsAt(talk[:k+1]); name != nil {
			if p.called || h.called || k+1 < len(talk) && talk[k+1].called {
				h.called = true
			}
			if (h.pieces > 1 || h.plain() || !isIn(wordsToo, name)) && h.enough() || h.words > 0 && capitals(s.text) {
				s.report()
			}
			return
		}
		switch {
		case p.invite && len(p.text) == 0 && h.called && h.letters >= minBare && h.words == 0:
			s.report()
			return
		case p.called && len(p.text) == 0:
			h.called = true
		case s.isHandlePiece(p.text, p.called) || len(p.text) == 1 && p.text[0] == '.':
			h.add(p)
		case len(p.text) > 0 || p.text == nil:
			between++
		}
	}
}

// namedAfter reports the handle before this message, which names its messenger.
func (s *scan) namedAfter(talk []talkPiece, here *talkPiece) {
	var h bareHandle
	if here != nil {
		h.add(here)
	}
	for k, between := len(talk)-1, 0; k >= 0 && between <= maxBetweenPieces; k-- {
		p := &talk[k]
		if len(p.text) > 0 && s.isHandlePiece(p.text, p.called) {
			h.add(p)
			if h.letters > 0 && (h.digits > 1 || h.marks > 0) && h.letters+h.digits+h.marks > minBare {
				s.report()
				return
			}
			continue
		}
		if len(p.text) > 0 || p.text == nil {
			between++
		}
	}
}

// report tells the rules that this message belongs to a handle in several.
func (s *scan) report() {
	v := &s.glued
	v.reset()
	v.putBefore([]byte{'@'})
	v.copyRaw(&s.plain, 0, len(s.plain.buf))
	v.inherit(&s.plain)
	s.handle = group{0, len(v.buf)}
	s.read(v, splitView)
	s.handle = group{}
}

// bareHandle adds up the pieces of a handle, the last first.
type bareHandle struct {
	letters, digits, marks, han, words, pieces int
	called                                     bool
}

func (h *bareHandle) add(p *talkPiece) {
	h.pieces++
	h.words += bytes.Count(p.text, []byte(" "))
	h.called = h.called || p.called
	for _, c := range p.text {
		switch {
		case isDigit(c):
			h.digits++
		case isLetter(c):
			h.letters++
		case c == '_', c == '-', c == '@', c == '.':
			h.marks++
		case c >= utf8.RuneSelf && utf8.RuneStart(c):
			h.han++
		}
	}
}

// enough reports whether the pieces are a handle.
func (h *bareHandle) enough() bool {
	switch {
	case h.han > 0:
		return h.letters >= minBare || h.called && h.han+h.letters+h.digits > 1 || h.han >= minBare && h.pieces > 1
	case h.letters == 0:
		return h.digits >= minBareDigits && h.digits <= maxPhone
	case h.words > 0:
		return h.called
	}
	return h.letters+h.digits >= minBare
}

// plain reports whether nothing but a handle is written so.
func (h *bareHandle) plain() bool { return h.called || h.letters > 0 && h.digits+h.marks > 0 }

// capitals reports whether a text is several words that each begin with a capital.
func capitals(text string) bool {
	n := 0
	for word := range strings.FieldsSeq(text) {
		if r, _ := utf8.DecodeRuneInString(word); !unicode.IsUpper(r) {
			return false
		}
		n++
	}
	return n > 1
}

// nameEndsAt is the messenger's name that the last pieces of a talk are, in one message
// or cut into several, or nil.
func (s *scan) nameEndsAt(talk []talkPiece) []byte {
	last := len(talk) - 1
	end := &talk[last]
	if len(end.text) == 0 {
		return nil
	}
	var name []byte
	if s.bareName(end.text, end.called || end.invite) {
		if name = end.text; !isIn(wordsToo, name) {
			return name
		}
	}
	for j, pieces := last-1, 1; j >= 0 && pieces < maxNamePieces && len(end.text) <= maxNamePiece; j-- {
		if talk[j].text == nil || len(talk[j].text) > maxNamePiece {
			break
		}
		if len(talk[j].text) == 0 {
			continue
		}
		pieces++
		glued := s.token[:0]
		for _, p := range talk[j : last+1] {
			glued = append(glued, p.text...)
		}
		if len(glued) <= maxHandle && s.bareName(glued, false) {
			return glued
		}
	}
	return name
}

// maxNamePiece is how long the pieces of a messenger's name are at most.
const maxNamePiece = 12

// bareName reports whether a text is a messenger's name and nothing else. One letter is
// one where it is called so.
func (s *scan) bareName(text []byte, called bool) bool {
	if len(text) > maxNamePiece*2 {
		return false
	}
	var buf [maxNamePiece * 2]byte
	name := buf[:0]
	for _, c := range text {
		if c >= utf8.RuneSelf || isWord(c) {
			name = append(name, c)
		}
	}
	if len(name) < 2 {
		return called && (string(name) == "v" || string(name) == "q")
	}
	if isIn(bareNames, name) {
		return true
	}
	found := false
	words := &s.engine.words
	words.walk(name, func(word int32, end int) bool {
		if end == len(name) && len(words.words[word]) == len(name) {
			for _, u := range words.uses[word] {
				found = found || u.kind == useCue && u.cue >= cueDisguised && u.cue <= cueWeak
			}
		}
		return !found
	})
	return found
}

// isHandlePiece reports whether a text can be a handle, or a piece of one.
func (s *scan) isHandlePiece(text []byte, called bool) bool {
	if len(text) == 0 || len(text) > maxHandle {
		return false
	}
	letters, digits, han, words := 0, 0, 0, 1
	for i := 0; i < len(text); {
		c := text[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRune(text[i:])
			if !isHan(r) || bytes.ContainsRune(noNameRunes, r) {
				return false
			}
			han++
			i += n
			continue
		}
		switch {
		case isLetter(c):
			letters++
		case isDigit(c):
			digits++
		case c == ' ':
			words++
		case c != '_' && c != '.' && c != '-' && c != '@' && c != '#':
			return false
		}
		i++
	}
	switch {
	case letters+digits+han == 0 || s.bareName(text, false):
		return false
	case han > 0:
		return han <= 8 && words == 1 && !holdsAny(text, serviceWords)
	case words > 3 || words > 1 && digits > 0:
		return spelledHandle(text, 0) == len(text)
	}
	if letters > 0 && isDigit(text[0]) && text[0] != '0' && startsWithUnit(text) {
		return called
	}
	for word := range bytes.FieldsSeq(text) {
		if word = bytes.Trim(word, ".-"); words > 1 && len(word) < 3 || isIn(noNames, word) || ordinary(word) || isPause(word) {
			return false
		}
	}
	return true
}

// holdsAny reports whether one of words stands in b.
func holdsAny(b []byte, words [][]byte) bool {
	return slices.ContainsFunc(words, func(w []byte) bool { return bytes.Contains(b, w) })
}

// introduced takes away what introduces a name in a message, or goes with one. What is
// left is not nil.
func introduced(buf []byte) talkPiece {
	a, b := pieceWithin(buf)
	if len(buf) == 1 && isLetter(buf[0]) {
		b = 1 // of a name that is spelled
	}
	p := talkPiece{}
	for again := true; again && a < b; {
		again = false
		for a < b && buf[a] == ' ' {
			a++
		}
		for a < b && buf[b-1] == ' ' {
			b--
		}
		if a == b {
			break
		}
		best := 0
		for _, w := range leadWords[buf[a]] {
			n := len(w.word)
			if n > best && bytes.HasPrefix(buf[a:b], []byte(w.word)) && (!isLetter(w.word[n-1]) || a+n == b || !isWord(buf[a+n]) && buf[a+n] != '_') {
				best, p.called, p.invite = n, p.called || w.called, p.invite || w.invite
			}
		}
		if a += best; best > 0 {
			again = true
			continue
		}
		for _, w := range trailWords[buf[b-1]] {
			n := len(w.word)
			if n > best && bytes.HasSuffix(buf[a:b], []byte(w.word)) && (!isLetter(w.word[0]) || b-n == a || !isWord(buf[b-n-1]) && buf[b-n-1] != '_') && (w.word != "." || b-a > 1) {
				best, p.called = n, p.called || w.called
			}
		}
		if b -= best; best > 0 {
			again = true
		}
	}
	p.text = buf[a:b:b]
	return p
}
