package risk

import (
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// asciiFold is the byte that an ASCII byte is read as; 0 means that it is left
// out. White space other than a line's end is a blank.
var asciiFold = func() (t [utf8.RuneSelf]byte) {
	for c := range t {
		switch {
		case c == '\n':
			t[c] = '\n'
		case c == '\r', c == '\t', c == '\v', c == '\f':
			t[c] = ' '
		case c < ' ', c == 0x7f:
			t[c] = 0
		case 'A' <= c && c <= 'Z':
			t[c] = byte(c) + 'a' - 'A'
		default:
			t[c] = byte(c)
		}
	}
	return t
}()

// maxDecomposition is the longest decomposition that is read, in bytes. Longer
// ones are whole phrases in one Arabic sign, and would let 3 bytes become 33.
const maxDecomposition = 18

// normalise reads text into v: compatibility forms and case are folded, accents
// and invisible characters left out.
func (v *view) normalise(text string) {
	v.reset()
	if cap(v.buf) < len(text) {
		v.buf = make([]byte, 0, len(text)+len(text)/4)
	}
	i := 0
	buf := v.buf[:len(text)]
	for i < len(text) {
		c := text[i]
		if c >= utf8.RuneSelf {
			break
		}
		f := asciiFold[c]
		if f == 0 {
			break
		}
		buf[i] = f
		v.feature(f)
		i++
	}
	v.buf = buf[:i]
	if i == len(text) {
		return
	}
	v.identity(i)
	v.classes = runeClasses()
	for i < len(text) {
		c := text[i]
		if c < utf8.RuneSelf {
			if f := asciiFold[c]; f != 0 {
				v.put(f, i, i+1)
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		v.rune(text, r, i, i+n)
		i += n
	}
}

// rune reads one non-ASCII rune of text, which stands at [start,end).
func (v *view) rune(text string, r rune, start, end int) {
	switch {
	case r >= 0x4e00 && r <= 0x9fff: // Chinese characters have nothing to fold
		v.putRune(rune(simple[r-0x4e00]), start, end)
		return
	case r >= 0xff01 && r <= 0xff5e: // full width
		v.putRune(r-0xff01+'!', start, end)
		return
	case (r == '。' || r == '｡') && v.between(text, end):
		v.put('.', start, end)
		return
	case r >= 0x3001 && r <= 0x3029: // Chinese punctuation
		v.putRune(r, start, end)
		return
	}
	if r >= 'Ⅰ' && r <= 'Ⅸ' || r >= 'ⅰ' && r <= 'ⅸ' {
		if v.manyRomans(text) {
			v.fancy++
			v.put(byte((r-'Ⅰ')%16)+'1', start, end) //nolint:gosec // a digit fits
			return
		}
	}
	if f := enclosed(r); f != 0 {
		if isDigit(f) {
			v.fancy++
		}
		v.put(f, start, end)
		return
	}
	if r < planes {
		switch v.classes[r] {
		case classUnseen:
			return
		case classForeign:
			v.foreign = true
			fallthrough
		case classPlain:
			v.putRune(r, start, end)
			return
		case classOther:
		}
	}
	if invisible(r) {
		v.override = v.override || r == 0x202e || r == 0x2067
		if r == 0x20e3 { // a keycap around the digit before
			v.fancy++
		}
		return
	}
	if r == 'Ǫ' || r == 'ǫ' {
		v.put('q', start, end) // which passes for it, whatever it is made of
		return
	}
	if d := norm.NFKD.PropertiesString(text[start:end]).Decomposition(); d != nil && len(d) <= maxDecomposition {
		for len(d) > 0 {
			q, n := utf8.DecodeRune(d)
			d = d[n:]
			if q >= '0' && q <= '9' {
				v.fancy++
			}
			v.folded(q, start, end)
		}
		return
	}
	v.folded(r, start, end)
}

// fewRomans is how many Roman numerals a text has at least in which they are digits
// and do not count a class or stand for the letters that they are made of.
const fewRomans = 4

// manyRomans reports whether the Roman numerals of a text, which are characters of
// their own, stand for digits.
func (v *view) manyRomans(text string) bool {
	if v.romans == 0 {
		n := 0
		for _, r := range text {
			if r >= 'Ⅰ' && r <= 'Ⅸ' || r >= 'ⅰ' && r <= 'ⅸ' {
				n++
			}
		}
		v.romans = n
	}
	return v.romans >= fewRomans
}

// runeClass is what normalisation does with a character.
type runeClass uint8

const (
	classOther   runeClass = iota // has to be looked at
	classPlain                    // stays as it is
	classForeign                  // the same, and can pass for a Latin letter
	classUnseen                   // is left out, and says nothing
)

// planes is how many characters tables are kept for: the basic plane and the one
// with the emoji.
const planes = 2 << 16

// runeClasses are those of both. Asking the tables of Unicode for each character
// takes ten times as long.
var runeClasses = sync.OnceValue(func() *[planes]runeClass {
	t := new([planes]runeClass)
	for r := rune(utf8.RuneSelf); r < planes; r++ {
		switch {
		case r >= 0xd800 && r <= 0xdfff:
		case r == 0x202e, r == 0x2067, r == 0x20e3:
		case invisible(r):
			t[r] = classUnseen
		case norm.NFKD.PropertiesString(string(r)).Decomposition() != nil, unicode.IsDigit(r), unicode.IsSpace(r), unicode.ToLower(r) != r:
		case unicode.IsLetter(r), unicode.IsSymbol(r), r == '¡':
			t[r] = classForeign
		default:
			t[r] = classPlain
		}
	}
	return t
})

// folded writes one rune of a decomposition.
func (v *view) folded(r rune, start, end int) {
	switch {
	case r < utf8.RuneSelf:
		v.putRune(r, start, end)
	case invisible(r):
	case unicode.IsDigit(r):
		v.put(decimal(r), start, end)
	case unicode.IsSpace(r):
		v.put(' ', start, end)
	default:
		v.foreign = v.foreign || unicode.IsLetter(r) || unicode.IsSymbol(r)
		if small := seemsLatin[r]; small != 0 {
			r = small
		}
		v.putRune(unicode.ToLower(r), start, end)
	}
}

// seemsLatin are letters whose capital passes for another Latin letter than their small
// form does, by the capital.
var seemsLatin = map[rune]rune{'Η': 'һ', 'Μ': 'м', 'Ν': 'ո', 'Υ': 'у', 'Ɯ': 'ԝ'}

// between reports whether a mark that ends at end stands between two Latin
// letters or digits, where an ideographic full stop can only be a dot.
func (v *view) between(text string, end int) bool {
	if len(v.buf) == 0 || !isWord(v.buf[len(v.buf)-1]) || end >= len(text) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(text[end:])
	if r >= 0xff01 && r <= 0xff5e {
		r = r - 0xff01 + '!'
	}
	return r < utf8.RuneSelf && isWord(asciiFold[r])
}

// invisible reports whether r adds nothing that a reader would see, or only
// decorates the character before it.
func invisible(r rune) bool {
	switch r {
	case 0x115f, 0x1160, 0x3164, 0xffa0: // Hangul fillers
		return true
	}
	return unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf, unicode.Cc, unicode.Co)
}

// decimal is the ASCII digit of a decimal digit of any script. The ranges of Nd
// begin at a zero and hold whole tens.
func decimal(r rune) byte {
	for _, t := range unicode.Nd.R16 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return '0' + byte((r-rune(t.Lo))%10) //nolint:gosec // a digit fits
		}
	}
	for _, t := range unicode.Nd.R32 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) { //nolint:gosec // code points fit
			return '0' + byte((r-rune(t.Lo))%10) //nolint:gosec // code points fit
		}
	}
	return '0'
}

// enclosed is the letter or digit inside the filled circles and squares that
// Unicode gives no decomposition, or the sign of an emoji; else 0.
func enclosed(r rune) byte {
	switch {
	case r < 0x24eb:
		return 0
	case r >= 0x2776 && r <= 0x277e:
		return byte(r-0x2776) + '1'
	case r >= 0x2780 && r <= 0x2788:
		return byte(r-0x2780) + '1'
	case r >= 0x278a && r <= 0x2792:
		return byte(r-0x278a) + '1'
	case r >= 0x24f5 && r <= 0x24fd:
		return byte(r-0x24f5) + '1'
	case r == 0x24ff:
		return '0'
	case r == '➕':
		return '+'
	case r == '➖':
		return '-'
	case r >= 0x1f150 && r <= 0x1f169:
		return byte(r-0x1f150) + 'a'
	case r >= 0x1f170 && r <= 0x1f189:
		return byte(r-0x1f170) + 'a'
	case r >= 0x1f1e6 && r <= 0x1f1ff:
		return byte(r-0x1f1e6) + 'a'
	}
	return 0
}
