package risk

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// The view of sounds reads a Chinese text as it is spoken: characters that sound
// or look like others, syllables in Latin letters, pictures and characters cut
// into their parts are all the sound that they stand for. Where the sounds of a
// word from a list stand, and not the word itself, the word is written.

// soundKind is how a sound was written.
type soundKind uint8

const (
	asItself  soundKind = iota // as a character that is in words
	asAnother                  // as another common character
	asHidden                   // in a way that no ordinary word is written
	asLetter                   // as the first letter of its Latin form
	asDigit
)

// sound is one sound of a text, at [start,end) of the view.
type sound struct {
	start, end int
	code       rune
	kind       soundKind
}

const (
	// firstSound is the first of the private characters that stand for sounds,
	// and firstLetter of those for letters.
	firstSound  = 0xe000
	firstLetter = 0xf000
	noSound     = 0xf8ff
	// shortSound is how many characters a word has that is too short to be
	// believed where it was written in common characters only.
	shortSound = 2
	maxLatin   = 24
)

// soundBook is what the view of sounds is made with.
type soundBook struct {
	syllables map[string]rune  // the code of a syllable
	han       map[rune]sound   // by a character: its code and kind
	signs     map[rune][]rune  // by a sign: the codes that it stands for
	parts     map[[2]rune]rune // by two characters that are one's parts: its code
	table     [planes]spoken   // what of it a character is in
	words     literals         // words as codes
	written   []string         // by word: how it is written
	sizes     []int            // by word: how many sounds it has
}

// spoken is how a character sounds: its code and kind, whether it is a sign, and
// whether it can be the first part of another character.
type spoken struct {
	code       uint16
	kind       soundKind
	sign, part bool
}

// of is how r sounds.
func (b *soundBook) of(r rune) spoken {
	if r >= planes {
		return spoken{}
	}
	return b.table[r]
}

// soundsBook is the book; it is made when the first Chinese text is read.
var soundsBook = sync.OnceValue(func() *soundBook {
	b := &soundBook{syllables: map[string]rune{}, han: map[rune]sound{}, signs: map[rune][]rune{}, parts: map[[2]rune]rune{}}
	code := func(syllable string) rune {
		heard := merged(syllable)
		if b.syllables[heard] == 0 {
			b.syllables[heard] = rune(firstSound + len(b.syllables))
		}
		b.syllables[syllable] = b.syllables[heard]
		return b.syllables[heard]
	}
	spelled := map[rune]string{}
	for _, entry := range phrases("sound", "character") {
		syllable, characters, _ := strings.Cut(entry, "=")
		itself, others, _ := strings.Cut(characters, "/")
		common, rare, _ := strings.Cut(others, "!")
		for _, c := range itself {
			spelled[c] = syllable
			b.han[c] = sound{code: code(syllable)}
		}
		for _, list := range []struct {
			characters string
			kind       soundKind
		}{{common, asAnother}, {rare, asHidden}} {
			for _, c := range list.characters {
				if _, known := b.han[c]; !known {
					b.han[c] = sound{code: code(syllable), kind: list.kind}
				}
			}
		}
	}
	for _, entry := range phrases("sound", "sign") {
		signs, syllables, _ := strings.Cut(entry, "=")
		var codes []rune
		for s := range strings.SplitSeq(syllables, "+") {
			codes = append(codes, code(s))
		}
		for _, c := range signs {
			b.signs[c] = codes
		}
	}
	for _, entry := range phrases("sound", "part") {
		parts, syllable, _ := strings.Cut(entry, "=")
		r := []rune(normalised(parts))
		b.parts[[2]rune{r[0], r[1]}] = code(syllable)
	}
	for r, x := range b.han {
		b.table[r].code, b.table[r].kind = uint16(x.code), x.kind
	}
	for r := range b.signs {
		b.table[r].sign = true
	}
	for p := range b.parts {
		b.table[p[0]].part = true
	}
	var build literalsBuilder
	for _, word := range phrases("sound", "heard") {
		b.add(&build, word, spelled)
	}
	b.words = build.build()
	return b
})

// merged is a syllable as half of China says it: without the difference between zh
// and z, ch and c, sh and s, and ng and n.
func merged(syllable string) string {
	for _, pair := range []string{"zh", "ch", "sh"} {
		if strings.HasPrefix(syllable, pair) {
			syllable = pair[:1] + syllable[2:]
		}
	}
	return strings.Replace(syllable, "ng", "n", 1)
}

// add takes a word up, and from three characters on with each of them as the
// first letter of its syllable.
func (b *soundBook) add(build *literalsBuilder, word string, spelled map[rune]string) {
	characters := []rune(word)
	codes := make([]rune, len(characters))
	for k, c := range characters {
		if spelled[c] == "" {
			panic("risk: no sound is known of " + string(c))
		}
		codes[k] = b.syllables[merged(spelled[c])]
	}
	enter := func(codes []rune) {
		before := len(build.words)
		build.add(string(codes), use{})
		if len(build.words) > before {
			b.written, b.sizes = append(b.written, word), append(b.sizes, len(characters))
		}
	}
	enter(codes)
	for k, c := range characters {
		if len(characters) > shortSound {
			lettered := slices.Clone(codes)
			lettered[k] = firstLetter + rune(spelled[c][0])
			enter(lettered)
		}
	}
}

// soundWord is a word that was found in sounds [from,to).
type soundWord struct{ from, to, word int }

// soundsOut writes into v what src says when hidden Chinese words are written as
// they are read aloud. It reports whether there are any.
func (s *scan) soundsOut(v, src *view) bool {
	if len(src.at) == 0 || s.spend(len(src.buf)) {
		return false
	}
	b := soundsBook()
	if !s.hear(b, src.buf) {
		return false
	}
	s.heard = s.heard[:0]
	b.words.walk(s.codes, func(word int32, end int) bool {
		w := soundWord{from: end/soundBytes - b.sizes[word], to: end / soundBytes, word: int(word)}
		if !s.isHidden(src, w) {
			return true
		}
		// Of words that overlap the longer counts, then the first.
		for n := len(s.heard); n > 0 && s.heard[n-1].to > w.from; n = len(s.heard) {
			if last := s.heard[n-1]; last.to-last.from >= w.to-w.from {
				return true
			}
			s.heard = s.heard[:n-1]
		}
		s.heard = append(s.heard, w)
		return true
	})
	if len(s.heard) == 0 {
		return false
	}
	v.reset()
	done := 0
	for _, w := range s.heard {
		start, end := s.sounds[w.from].start, s.sounds[w.to-1].end
		if start < done {
			continue
		}
		v.copyRaw(src, done, start)
		for _, c := range []byte(b.written[w.word]) {
			v.putFrom(src, c, start, end)
		}
		done = end
	}
	v.copyRaw(src, done, len(src.buf))
	v.inherit(src)
	return true
}

// soundBytes is how many bytes the code of a sound has.
const soundBytes = 3

// isHidden reports whether a word that sounds so was written in a way that hides
// it.
func (s *scan) isHidden(src *view, w soundWord) bool {
	hidden, other, digits, latin := 0, 0, 0, 0
	for _, x := range s.sounds[w.from:w.to] {
		switch x.kind {
		case asHidden, asLetter:
			hidden++
			if src.buf[x.start] < utf8.RuneSelf {
				latin++
			}
		case asAnother:
			other++
		case asDigit:
			digits++
		case asItself:
		}
	}
	size := w.to - w.from
	switch {
	case latin == size && size <= shortSound, digits > 0 && size <= shortSound:
		return false // only Latin letters, or a number before a word
	case hidden+digits == 0 && (other == 0 || size <= shortSound):
		return false
	case digits > 0 && hidden+other > 0:
		return false
	}
	// What the rules know as it stands is theirs to judge.
	return !s.isWord(src.buf[s.sounds[w.from].start:s.sounds[w.to-1].end])
}

// hear finds the sounds of a text, and reports whether any is not written as
// itself.
func (s *scan) hear(b *soundBook, buf []byte) bool {
	s.sounds, s.codes = s.sounds[:0], s.codes[:0]
	hidden, stroke := false, false
	put := func(start, end int, code rune, kind soundKind) {
		if stroke && kind == asItself && code != noSound {
			kind = asHidden
		}
		stroke = false
		s.sounds = append(s.sounds, sound{start, end, code, kind})
		s.codes = utf8.AppendRune(s.codes, code)
		hidden = hidden || kind != asItself
	}
	for i := 0; i < len(buf); {
		if c := buf[i]; c < utf8.RuneSelf {
			switch {
			case isLetter(c):
				i = s.hearLatin(b, buf, i, put)
				continue
			case isDigit(c):
				i = hearDigits(b, buf, i, put)
				continue
			case !isGap(buf[i : i+1]):
				put(i, i+1, noSound, asItself)
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(buf[i:])
		of := b.of(r)
		if of.part {
			next, m := utf8.DecodeRune(buf[i+n:])
			if code := b.parts[[2]rune{r, next}]; code != 0 {
				put(i, i+n+m, code, asHidden)
				i += n + m
				continue
			}
		}
		if strings.ContainsRune(strokes, r) {
			stroke = true
			i += n
			continue
		}
		switch {
		case of.code != 0:
			put(i, i+n, rune(of.code), of.kind)
		case of.sign:
			for _, c := range b.signs[r] {
				put(i, i+n, c, asHidden)
			}
		case isHan(r) || !isGap(buf[i:i+n]):
			put(i, i+n, noSound, asItself)
		}
		i += n
	}
	return hidden
}

// hearLatin reads a run of letters as syllables, or one as a first letter.
func (s *scan) hearLatin(b *soundBook, buf []byte, i int, put func(start, end int, code rune, kind soundKind)) int {
	end := i
	for end < len(buf) && isLetter(buf[end]) {
		end++
	}
	if end-i == 1 {
		put(i, end, firstLetter+rune(buf[i]), asLetter)
		return end
	}
	var cuts [maxLatin]int
	n, ok := 0, end-i <= maxLatin
	for at := i; ok && at < end; n++ {
		size := min(6, end-at)
		for size > 0 && b.syllables[string(buf[at:at+size])] == 0 {
			size--
		}
		if ok = size > 0; ok {
			at += size
			cuts[n] = at
		}
	}
	if !ok {
		put(i, end, noSound, asItself)
		return end
	}
	for at, k := i, 0; k < n; k++ {
		put(at, cuts[k], b.syllables[string(buf[at:cuts[k]])], asHidden)
		at = cuts[k]
	}
	return end
}

// strokes are parts of characters that stand between others to hide them.
const strokes = "丨丶丿亅乀丷亻扌氵讠犭彳冫疒"

// digitSounds are the sounds of digits that are written for words.
var digitSounds = map[string]string{"4": "si", "8": "ba", "2": "er", "13": "bi", "100": "bai"}

// hearDigits reads a number that is written for its sound.
func hearDigits(b *soundBook, buf []byte, i int, put func(start, end int, code rune, kind soundKind)) int {
	end := i
	for end < len(buf) && isDigit(buf[end]) {
		end++
	}
	if code := b.syllables[digitSounds[string(buf[i:end])]]; code != 0 {
		put(i, end, code, asDigit)
	} else {
		put(i, end, noSound, asItself)
	}
	return end
}
