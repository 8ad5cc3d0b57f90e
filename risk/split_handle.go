package risk

import (
	"bytes"
	"unicode/utf8"
)

// bareHandle adds up the pieces of a handle, the last first.
type bareHandle struct {
	letters, digits, marks, han, words, pieces int
	called                                     bool
	person                                     bool // it holds what people call themselves
	sure                                       bool // a piece is no word
	at                                         bool // a piece begins with an @
	certain                                    int  // how many bytes those have
}

func (h *bareHandle) add(p *talkPiece, kind handleKind) {
	if kind == surePiece {
		h.sure = true
		h.certain += len(p.text)
	}
	h.pieces++
	h.words += bytes.Count(p.text, []byte(" "))
	h.called = h.called || p.called
	h.at = h.at || len(p.text) > 0 && p.text[0] == '@'
	h.person = h.person || holdsAny(p.text, personWords)
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
	case !h.sure:
		return false
	case h.han > 0:
		return h.certain > len("名") && (h.letters >= minBare || h.called && h.han+h.letters+h.digits > 1 || h.han > 2 && h.person)
	case h.letters == 0:
		return h.digits >= minBareDigits && h.digits <= maxPhone
	case h.digits > 0 && h.certain <= minBare && h.marks == 0 && !h.called:
		return false // fb10 gives ten off
	case h.words > 0:
		return h.called
	}
	return h.letters+h.digits >= minBare
}

// suits reports whether the pieces are sure enough behind a name that may mean something
// else.
func (h *bareHandle) suits(name []byte) bool {
	switch {
	case h.called || h.person || h.pieces > 1 || h.letters > 0 && h.digits+h.marks > 0:
		return true
	case isIn(everydayWords, name):
		return false
	}
	return h.letters >= 2*minBare || !isIn(wordsToo, name)
}

// isTold reports whether the pieces are a handle whose messenger is told behind it. han
// says that this is Chinese.
func (h *bareHandle) isTold(there, han bool) bool {
	n := h.letters + h.digits + h.marks
	switch {
	case h.han > 1 && h.words == 0:
		return h.called
	case h.letters == 0 || h.han > 0:
		return false
	case h.words > 0:
		return h.called && n > minBare
	case h.digits > 1 || h.marks > 0:
		return n > minBare
	}
	return there && n > minBare || han && n >= 2*minBare
}

// handleKind is what a message can be of a handle.
type handleKind uint8

const (
	noPiece   handleKind = iota
	wordPiece            // a word, which others may make a handle
	surePiece
)

// handlePiece is what a text can be of a handle.
func (s *scan) handlePiece(text []byte, called bool) handleKind {
	if len(text) == 0 || len(text) > maxHandle {
		return noPiece
	}
	letters, digits, han, words := 0, 0, 0, 1
	for i := 0; i < len(text); {
		c := text[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRune(text[i:])
			if !isHan(r) || bytes.ContainsRune(noNameRunes, r) {
				return noPiece
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
			return noPiece
		}
		i++
	}
	switch {
	case letters+digits+han == 0 || s.bareName(text, false):
		return noPiece
	case han > 0:
		if han > 8 || words > 1 || holdsAny(text, serviceWords) {
			return noPiece
		}
		return surePiece
	case words > 3 || words > 1 && digits > 0:
		if spelledHandle(text, 0) < len(text) {
			return noPiece
		}
		return surePiece
	}
	if letters > 0 && isDigit(text[0]) && text[0] != '0' && startsWithUnit(text) && !called {
		return wordPiece
	}
	if words > 1 && meansItself(firstToken(text)) {
		return noPiece
	}
	for word := range bytes.FieldsSeq(text) {
		word = bytes.Trim(word, ".-")
		switch {
		case words > 1 && len(word) < 3 || isPause(word):
			return noPiece
		case (meansItself(word) || ordinary(word)) && (!called || len(word) <= minBare):
			switch {
			case len(word) < 3:
				return noPiece
			case words == 1:
				return wordPiece
			}
		}
	}
	return surePiece
}
