package history

import (
	"hash/fnv"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	// tokenBytes cuts a token: what is longer is no word, and found by its beginning.
	tokenBytes = 64
	// mostPositions is where a text is cut into another part; PostgreSQL's
	// positions end at 16,383.
	mostPositions = 8000
	// mostTokens bounds a search.
	mostTokens = 64
)

// token is a word, or a pair of characters, and its place in the text.
type token struct {
	text string
	at   int
}

// paired tells the scripts that are written without spaces: their texts are cut
// into overlapping pairs of characters, by which any part of them is found.
func paired(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// plain is a text as it is searched: compatibility forms (full width among
// them) and capitals are one with the others, accents do not matter.
func plain(text string) string {
	ascii := true
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			ascii = false
			break
		}
	}
	if ascii {
		return strings.ToLower(text)
	}
	apart := norm.NFKD.String(text)
	return norm.NFC.String(strings.ToLower(strings.Map(func(r rune) rune {
		if r >= 0x300 && r <= 0x36f {
			return -1
		}
		return r
	}, apart)))
}

// tokens appends the tokens of a text from a position on, and returns the
// position after them. whole gives the last character of a run of pairs a token
// of its own, by which it is found alone; a search does without.
func tokens(list []token, text string, at int, whole bool) ([]token, int) {
	text = plain(text)
	word := -1 // where the word that runs began
	end := func(i int) {
		if word < 0 {
			return
		}
		list = append(list, token{clip(text[word:i], tokenBytes), at})
		at++
		word = -1
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case paired(r):
			end(i)
			next, width := utf8.DecodeRuneInString(text[i+size:])
			switch {
			case width > 0 && paired(next):
				list = append(list, token{text[i : i+size+width], at})
			case whole || !pairedBefore(text[:i]):
				list = append(list, token{text[i : i+size], at})
			}
			at++
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) && word >= 0:
			if word < 0 {
				word = i
			}
		default:
			end(i)
		}
		i += size
	}
	end(len(text))
	return list, at
}

// pairedBefore reports whether a text ends with a character that is paired.
func pairedBefore(text string) bool {
	r, size := utf8.DecodeLastRuneInString(text)
	return size > 0 && paired(r)
}

func clip(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}

// tenantMark stands before each token, so that one index serves all tenants
// and a search reads the postings of its own.
func tenantMark(tenant string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(tenant)) // it never fails
	return strconv.FormatUint(uint64(h.Sum32()), 36) + ":"
}

// vector writes tokens as PostgreSQL's tsvector. They hold letters and digits
// alone, so that nothing needs to be escaped.
func vector(mark string, list []token) string {
	var b strings.Builder
	for i := range list {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteByte('\'')
		b.WriteString(mark)
		b.WriteString(list[i].text)
		b.WriteString("':")
		b.WriteString(strconv.Itoa(list[i].at))
	}
	return b.String()
}

// searchFor writes a search as PostgreSQL's tsquery: all of its words, each by
// its beginning; what is written together, or in quotes, stands together. "" is
// a search without any word.
func searchFor(mark, q string) string {
	var all []string
	n := 0
	phrase := func(text string, open bool) {
		list, _ := tokens(nil, text, 1, false)
		if n += len(list); len(list) == 0 || n > mostTokens {
			return
		}
		var b strings.Builder
		for i, t := range list {
			if i > 0 {
				b.WriteString(" <" + strconv.Itoa(t.at-list[i-1].at) + "> ")
			}
			b.WriteString("'" + mark + t.text + "'")
		}
		if last, _ := utf8.DecodeRuneInString(list[len(list)-1].text); open || paired(last) && utf8.RuneCountInString(list[len(list)-1].text) == 1 {
			b.WriteString(":*")
		}
		all = append(all, "("+b.String()+")")
	}
	for i, part := range strings.Split(q, `"`) {
		if i%2 == 1 {
			phrase(part, false)
			continue
		}
		for word := range strings.FieldsSeq(part) {
			phrase(word, true)
		}
	}
	return strings.Join(all, " & ")
}
