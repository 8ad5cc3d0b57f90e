package risk

import (
	"bytes"
	"unicode/utf8"
)

// A handle is spelled as an address is: lucky下划线game, marla underscore deals,
// kele点2046, qinqin加六六三.

// handleMarks are the words for marks of a handle. A loose one means something else, too,
// and stands between Latin letters only.
var handleMarks = byFirst([]handleMark{
	{"underscore", true},
	{"under score", true},
	{"hyphen", true},
	{"dash", true},
	{"dot", true},
	{"period", false},
	{"minus", true},
	{"hash", true},
	{"colon", true},
	{"point", false},
	{"下划线", true},
	{"下横线", true},
	{"下杠", true},
	{"底线", true},
	{"横杠", true},
	{"横线", true},
	{"减号", true},
	{"中划线", true},
	{"短横", true},
	{"杠", true},
	{"点", false},
	{"井号", true},
	{"加", false},
	{"跟着", true},
	{"后面跟着", true},
	{"然后", false},
	{"再加", true},
	{"接", false},
	{"数字", true},
}, func(m handleMark) string { return m.word })

type handleMark struct {
	word string
	sure bool
}

// maxHandleParts is how many parts such a handle has at most.
const maxHandleParts = 6

// spelledHandle is where the handle ends that begins at i and has words for its marks, or
// digits in words; 0 if there is none.
func spelledHandle(buf []byte, i int) int {
	start, end, parts, letters, digits := i, 0, 0, 0, 0
	for parts < maxHandleParts {
		for i < len(buf) && (buf[i] == ' ' || buf[i] == '"') && i-start <= maxHandle {
			i++
		}
		a := i
		for i < len(buf) && i-a <= maxHandle && (isWord(buf[i]) || buf[i] == '_') {
			if isLetter(buf[i]) {
				letters++
			} else {
				digits++
			}
			i++
		}
		for i < len(buf) && buf[i] >= utf8.RuneSelf && digits <= maxPhone {
			r, n := utf8.DecodeRune(buf[i:])
			if d, sound := hanDigit(r); d == 0 || sound {
				break
			}
			i += n
			digits++
		}
		if i == a {
			break
		}
		parts++
		end = i
		for i < len(buf) && (buf[i] == ' ' || buf[i] == '"') && i-end < maxGap {
			i++
		}
		n := 0
		if i < len(buf) {
			for _, m := range handleMarks[buf[i]] {
				if bytes.HasPrefix(buf[i:], []byte(m.word)) && (!isLetter(m.word[0]) || i+len(m.word) < len(buf) && !isLetter(buf[i+len(m.word)]) && (m.sure || i > end)) {
					n = max(n, len(m.word))
				}
			}
		}
		if n == 0 {
			break
		}
		i += n
	}
	if parts < 2 || letters+digits < minHandle || letters == 0 && digits < minPhone-1 || ordinary(firstWord(buf[start:end])) {
		return 0
	}
	return end
}

// firstWord are the letters that b begins with.
func firstWord(b []byte) []byte { return b[:letters(b)] }

// hanNumberAfter is where a number ends that begins at i and is written in characters for
// digits, at least in part: 捌柒伍零贰壹陆, 二八六七一零零三四.
func hanNumberAfter(buf []byte, i int) int {
	digits, han, end := 0, 0, 0
	for i < len(buf) && digits <= maxPhone {
		if isDigit(buf[i]) {
			digits++
			i++
			end = i
			continue
		}
		if r, n := utf8.DecodeRune(buf[i:]); n > 1 {
			if d, sound := hanDigit(r); d != 0 && !sound {
				digits++
				han++
				i += n
				end = i
				continue
			}
		}
		next := skipSeparators(buf, i)
		if digits == 0 || next == i {
			break
		}
		i = next
	}
	if han == 0 || digits < minPhone-1 || end < len(buf) && isLetter(buf[end]) {
		return 0
	}
	return end
}
