package risk

import (
	"bytes"
	"slices"
	"strings"
	"sync"
)

// leetWord is how long a word must be for a token that turns into it to be read
// so, whatever else stands in the token.
const leetWord = 4

// leetWords are the words that what rules look for is made of, and which are none
// of their literals by themselves.
var leetWords = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for _, w := range leetShort {
		all[w] = true
	}
	for _, w := range senses.words {
		for part := range strings.FieldsSeq(w.word) {
			all[part] = all[part] || len(part) > 1 && isLetter(part[0])
		}
	}
	return all
})

// leetShort are short words that are parts of what rules look for.
var leetShort = []string{"me", "my", "pay", "us", "you", "shit", "add", "son", "of", "the", "to", "for", "are", "your", "account", "transfer", "bank", "money", "cow", "directly", "gift", "cards", "friends", "family", "western", "union", "wallet", "outside", "platform", "cash", "number", "phone"}

// leetLetters are the letters that digits and signs stand for; that of 1 is
// tried both ways.
var leetLetters = [128]byte{'0': 'o', '3': 'e', '4': 'a', '5': 's', '6': 'g', '7': 't', '8': 'b', '9': 'g', '@': 'a', '$': 's', '!': 'i', '|': 'l', '+': 't'}

// leet writes into v what src says when digits and signs inside words are read
// as the letters that they look like: w3ch@t is wechat. A token is only read so
// where single ones stand between letters, or where a word that the rules look
// for comes out, so that a number or a name with digits stays as it is.
func (s *scan) leet(v, src *view, one byte) (found, ones bool) {
	v.reset()
	done := 0
	for i := 0; i < len(src.buf); {
		if !leetByte(src.buf[i]) {
			i++
			continue
		}
		start, signs, letters := i, 0, 0
		for i < len(src.buf) && leetByte(src.buf[i]) {
			if isLetter(src.buf[i]) {
				letters++
			} else {
				signs++
			}
			i++
		}
		// Marks at the end of a token end a sentence more often than a word.
		end := i
		for end > start && (src.buf[end-1] == '!' || src.buf[end-1] == '+') {
			end--
			signs--
		}
		if string(src.buf[start:end]) == "70" && found {
			letters++ // to, where words around it are written so
		}
		if signs == 0 || letters == 0 || i-start > maxHandle {
			continue
		}
		ones = ones || bytes.IndexByte(src.buf[start:end], '1') >= 0
		if s.leetToken(v, src, start, end, one, &done) {
			found = true
		}
	}
	if !found {
		return false, ones
	}
	v.copyRaw(src, done, len(src.buf))
	v.inherit(src)
	return true, ones
}

// leetByte reports whether a token of letters and what stands for them goes on.
func leetByte(c byte) bool {
	return isLetter(c) || c < 128 && (leetLetters[c] != 0 || c == '1')
}

// leetToken reads one token at [a,b) and appends it to v, with what was not
// copied before it, if it gives a word.
func (s *scan) leetToken(v, src *view, a, b int, one byte, done *int) bool {
	token := s.token[:b-a]
	single := true
	for k, c := range src.buf[a:b] {
		token[k] = c
		if isLetter(c) {
			continue
		}
		if token[k] = leetLetters[c]; c == '1' {
			token[k] = one
		}
		i := a + k
		single = single && i > a && i+1 < b && (isLetter(src.buf[i-1]) && isLetter(src.buf[i+1]) || !isDigit(c) && isWord(src.buf[i-1]) && isWord(src.buf[i+1]) || isDigit(c) && isMark(src.buf[i-1]) && isLetter(src.buf[i+1]) || isDigit(c) && isMark(src.buf[i+1]) && isLetter(src.buf[i-1]))
	}
	if !single && !leetWords()[string(token)] && !s.leetWord(src.buf[a:b], token) {
		return false
	}
	if len(src.at) == 0 && len(v.at) == 0 {
		v.identity(0)
	}
	v.copyRaw(src, *done, a)
	for k, c := range token {
		v.putFrom(src, c, a+k, a+k+1)
	}
	*done = b
	return true
}

// isMark reports whether a sign stands for a letter that is no digit.
func isMark(c byte) bool { return c == '!' || c == '$' || c == '@' || c == '|' }

// leetWord reports whether a word that the rules look for is in the folded token
// and not in the token as written.
func (s *scan) leetWord(raw, folded []byte) bool {
	found := false
	words := &s.engine.words
	words.walk(folded, func(word int32, end int) bool {
		start := end - len(words.words[word])
		if end-start >= leetWord || end-start == len(folded) {
			found = slices.ContainsFunc(raw[start:end], func(c byte) bool { return !isLetter(c) })
		}
		return !found
	})
	return found
}
