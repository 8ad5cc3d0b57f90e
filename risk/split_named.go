package risk

import (
	"bytes"
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

// splitHandles reports the handle that splitNamed found in several messages, as a match of all
// rules that use it.
func splitHandles(s *scan, v *view, d *detectorRun) {
	if s.handle.end > s.handle.start {
		s.found(v, d.rule, s.handle.start, s.handle.end, nil)
	}
}

// talkPiece is what one of several messages says.
type talkPiece struct {
	text   []byte // without what introduces it
	whole  []byte // with it
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
	isHandle := s.handlePiece(here.text, here.called)
	if isHandle == noPiece {
		named := here.text
		for _, on := range whereBefore {
			if k := bytes.LastIndex(here.text, on); k > 0 && s.handlePiece(here.text[:k], false) == surePiece {
				piece.text, named = here.text[:k], here.text[k+len(on):]
			}
		}
		if !s.bareName(named, here.called) && !s.describedName(here.whole) {
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
	case isHandle != noPiece:
		s.namedBefore(talk, &here)
	case len(piece.text) < len(here.text):
		s.namedAfter(talk, &piece, true, false)
	default:
		s.namedAfter(talk, nil, saysThere(s.plain.buf), here.called)
	}
}

// namedBefore reports the handle that ends in this message if one of those before is a
// messenger's name.
func (s *scan) namedBefore(talk []talkPiece, here *talkPiece) {
	var h bareHandle
	h.add(here, s.handlePiece(here.text, here.called))
	for k, between := len(talk)-1, 0; k >= 0 && between <= maxBetweenPieces; k-- {
		p := &talk[k]
		if first, ok := s.namedPiece(p); ok {
			h.called = true
			if h.add(&first, s.handlePiece(first.text, true)); h.enough() {
				s.report()
			}
			return
		}
		if name, cut := s.nameEndsAt(talk[:k+1]); name != nil {
			if p.called || h.called || k+1 < len(talk) && talk[k+1].called {
				h.called = true
			}
			if (cut || h.suits(name)) && h.enough() || h.words > 0 && capitals(s.text) {
				s.report()
			}
			return
		}
		kind := s.handlePiece(p.text, p.called)
		switch {
		case p.invite && len(p.text) == 0 && (h.called || h.at) && h.letters >= minBare && h.words == 0:
			s.report()
			return
		case p.called && len(p.text) == 0:
			h.called = true
		case kind != noPiece || len(p.text) == 1 && p.text[0] == '.':
			h.add(p, kind)
		case len(p.text) > 0 || p.text == nil:
			between++
		}
	}
}

// namedAfter reports the handle before this message, which names its messenger, and
// perhaps holds a piece of the handle, too. there says that it calls that the handle's, and called that
// it says to look for one.
func (s *scan) namedAfter(talk []talkPiece, here *talkPiece, there, called bool) {
	h := bareHandle{called: called || bytes.HasPrefix(s.plain.buf, []byte("that"))}
	if here != nil {
		h.add(here, surePiece)
	}
	for k, between := len(talk)-1, 0; k >= 0 && between <= maxBetweenPieces; k-- {
		p := &talk[k]
		if kind := s.handlePiece(p.text, p.called); kind == surePiece || kind == wordPiece && between == 0 && h.sure {
			h.add(p, kind)
			if h.isTold(there, s.plain.buf[0] >= utf8.RuneSelf && between == 0) {
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

// saysThere reports whether a message begins with what says that a name is somewhere.
func saysThere(b []byte) bool { return follows(b, thereBefore) || holdsAny(b, knownTo) }

var (
	thereBefore = []string{"on ", "that's ", "thats ", "it's ", "its on", "there", "= ", "via ", "under ", "by ", "this is ", "all on ", "上", "是", "我的", "我", "这是", "就是", "在"}
	whereBefore = bytesOf(" on ", " at ")
	knownTo     = bytesOf("懂的", "拼一起", "拼起来", "连起来")
)

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
// or cut into several, or nil. cut says which.
func (s *scan) nameEndsAt(talk []talkPiece) (name []byte, cut bool) {
	last := len(talk) - 1
	end := &talk[last]
	if len(end.glued()) == 0 {
		return nil, false
	}
	if s.bareName(end.text, end.called || end.invite) || s.describedName(end.whole) {
		if name = end.text; !isIn(wordsToo, name) && !isIn(everydayWords, name) {
			return name, false
		}
	}
	for j, pieces := last-1, 1; j >= 0 && pieces < maxNamePieces && len(end.text) <= maxNamePiece; j-- {
		if talk[j].text == nil || len(talk[j].text) > maxNamePiece {
			break
		}
		if len(talk[j].glued()) == 0 {
			continue
		}
		pieces++
		glued := s.token[:0]
		for _, p := range talk[j : last+1] {
			glued = append(glued, p.glued()...)
		}
		if len(glued) <= maxHandle && s.bareName(glued, false) {
			return glued, true
		}
	}
	return name, false
}

// glued is what a piece is of a name that is cut: "at" introduces names, and ends WeChat's.
func (p *talkPiece) glued() []byte {
	if len(p.text) == 0 && len(p.whole) <= 2 && !isPause(p.whole) {
		return p.whole
	}
	return p.text
}

// namedPiece is the first piece of a handle that stands behind a messenger's name: "my
// line: rosa".
func (s *scan) namedPiece(p *talkPiece) (first talkPiece, ok bool) {
	k := bytes.IndexAny(p.text, ":=")
	if k <= 0 || k+1 == len(p.text) || !s.bareName(introduced(p.text[:k]).text, p.invite) {
		return talkPiece{}, false
	}
	first = introduced(p.text[k+1:])
	return first, s.handlePiece(first.text, true) != noPiece
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

// describedName reports whether a text describes a messenger: the ghost app.
func (s *scan) describedName(text []byte) bool {
	if len(text) < minDescribed || text[0] >= utf8.RuneSelf {
		return false
	}
	for _, w := range []string{"on ", "the ", "my "} {
		text = bytes.TrimPrefix(text, []byte(w))
	}
	a, b := s.cueIn(text, func(u use, _ []byte) bool { return u.cue == cueSign })
	return a == 0 && (b == len(text) || string(text[b:]) == " app" || string(text[b:]) == " one")
}

// minDescribed is how long such words are.
const minDescribed = 8

// introduced takes away what introduces a name in a message, or goes with one. What is
// left is not nil.
func introduced(buf []byte) talkPiece {
	a, b := pieceWithin(buf)
	if len(buf) == 1 && isLetter(buf[0]) {
		b = 1 // of a name that is spelled
	}
	p := talkPiece{whole: buf[a:b]}
	if string(buf) == "live:" {
		return talkPiece{text: []byte("skypelive")} // which all handles of Skype begin with
	}
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
			if n > best && bytes.HasSuffix(buf[a:b], []byte(w.word)) && (!isLetter(w.word[0]) || b-n == a || !isWord(buf[b-n-1]) && buf[b-n-1] != '_' && buf[b-n-1] != '.') && (n > 1 || b-a > 1) {
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
