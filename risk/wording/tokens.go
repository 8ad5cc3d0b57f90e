package wording

import (
	"unicode"
	"unicode/utf8"
)

const (
	// longSentence is how many tokens a sentence has that is cut at its next comma,
	// and longestSentence how many it has at most.
	longSentence    = 20
	longestSentence = 32
	// maxTokens is how much of a text is read.
	maxTokens = 6_000
)

// token is a word, a number or a single sign, at [start,end) of the text.
type token struct {
	start, end int32
	sentence   int32
	hash       uint32
	han        bool
}

const (
	offset32 = 2166136261
	prime32  = 16777619
	// anyNumber is the hash of every number.
	anyNumber = 0x23232323
)

// tokens parts a normalised text. Apostrophes within words, marks and blanks are
// left out.
func tokens(buf []byte, out []token) []token {
	sentence, inSentence := int32(0), 0
	next := func() {
		if inSentence > 0 {
			sentence++
			inSentence = 0
		}
	}
	for i := 0; i < len(buf) && len(out) < maxTokens; {
		start, c := i, buf[i]
		switch {
		case isLetter(c) || c >= firstForeign && foreign(buf[i:]) > 0:
			h := uint32(offset32)
			for i < len(buf) {
				if c = buf[i]; isLetter(c) {
					h = (h ^ uint32(c)) * prime32
					i++
				} else if c >= firstForeign {
					n := foreign(buf[i:])
					if n == 0 {
						break
					}
					for _, c := range buf[i : i+n] {
						h = (h ^ uint32(c)) * prime32
					}
					i += n
				} else if n := apostrophe(buf[i:]); n > 0 && i+n < len(buf) && isLetter(buf[i+n]) {
					i += n
				} else {
					break
				}
			}
			if n := code(buf[start:], i-start); n > 0 {
				h, i = anyNumber, start+n
			}
			out = append(out, token{int32(start), int32(i), sentence, h, false})
		case c >= '0' && c <= '9':
			for i < len(buf) && buf[i] >= '0' && buf[i] <= '9' {
				i++
			}
			if n := code(buf[start:], i-start); n > 0 {
				i = start + n
			}
			out = append(out, token{int32(start), int32(i), sentence, anyNumber, false})
		case c < utf8.RuneSelf:
			i++
			switch c {
			case '\n', ';':
				next()
			case '.', '!', '?':
				if i == len(buf) || !isWord(buf[i]) {
					next()
				}
			case ',', ':':
				if inSentence >= longSentence {
					next()
				}
			}
			continue
		default:
			r, n := utf8.DecodeRune(buf[i:])
			i += n
			han := isHan(r)
			if !han && isMark(r) {
				if r == '。' {
					next()
				} else if r == '、' && inSentence >= longSentence {
					next()
				}
				continue
			}
			out = append(out, token{int32(start), int32(i), sentence, ofRune(r), han}) //nolint:gosec // as above
		}
		if inSentence++; inSentence >= longestSentence {
			next()
		}
	}
	return out
}

// ofRune is the hash of a sign.
func ofRune(r rune) uint32 { return (uint32(r) ^ offset32) * prime32 } //nolint:gosec // a rune is not negative

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' }

func isWord(c byte) bool { return isLetter(c) || c >= '0' && c <= '9' }

// code is how long the letters and digits are that b begins with, the first of which are
// of one kind, if they change so often that they are neither words nor numbers but a
// model's or a parcel's, whose letters by themselves say nothing; else 0.
func code(b []byte, first int) int {
	if first == len(b) || !isWord(b[first]) {
		return 0
	}
	changes, i := 1, first+1
	for i < len(b) && isWord(b[i]) {
		if isLetter(b[i]) != isLetter(b[i-1]) {
			changes++
		}
		i++
	}
	if changes < codeChanges || i < shortestCode {
		return 0
	}
	return i
}

const (
	codeChanges  = 2
	shortestCode = 5
)

// firstForeign and lastForeign are the bytes that such letters begin with.
const (
	firstForeign = 0xc3
	lastForeign  = 0xd6
)

// foreign is how long the letter of another alphabet is that b begins with. A Latin word
// that has one is another word, and no two of its pieces.
func foreign(b []byte) int {
	if b[0] < firstForeign || b[0] > lastForeign {
		return 0
	}
	if r, n := utf8.DecodeRune(b); unicode.IsLetter(r) {
		return n
	}
	return 0
}

// apostrophe is how long the apostrophe is that b begins with.
func apostrophe(b []byte) int {
	if b[0] == '\'' {
		return 1
	}
	if len(b) > 3 && b[0] == 0xe2 && b[1] == 0x80 && b[2] == 0x99 {
		return 3
	}
	return 0
}

func isHan(r rune) bool { return r >= 0x4e00 && r <= 0x9fff || r >= 0x3400 && r <= 0x4dbf }

// isMark reports whether a sign is a mark that parts words and says nothing itself.
func isMark(r rune) bool {
	return r < 0xc0 || r >= 0x2000 && r < 0x2190 || r >= 0x3000 && r < 0x3400 || r >= 0xfe00 && r < 0x1f000 || r == utf8.RuneError
}
