package risk

import (
	"bytes"
	"unicode/utf8"
)

// A number is told part by part, in one message or in several: "the first half is
// 07700, and the rest 900 461".

// partWord stands between the parts of a number. One that is sure says by itself
// that there are parts.
type partWord struct {
	word string
	sure bool
}

// partWords are all of them. Those that count digits only stand in a gap where
// countsDigits took them out of the number.
var partWords = byFirst(append(
	partWordsOf(true, "half", "halves", "part", "piece", "bit", "chunk", "block", "group", "rest", "remaining", "remainder", "tail", "ending", "ends", "end", "finish", "finishes", "finishing", "middle", "last", "final", "second", "third", "digits", "figures",
		"半段", "下半", "后半", "另一半", "一半", "部分", "段", "剩下", "剩余", "其余", "余下", "后面", "后边", "最后", "末尾", "结尾", "尾巴", "尾数", "尾号", "中间", "后几位", "位"),
	partWordsOf(false, "the", "and", "then", "now", "next", "first", "other", "is", "are", "goes", "go", "comes", "come", "come", "with", "in", "of", "it", "its", "it's", "that's", "this", "my", "number", "numbers", "followed", "by", "after", "that", "here", "here's", "add", "plus", "to", "on", "by", "which", "just", "also", "you", "get", "have", "put", "write", "type", "dial",
		"one", "two", "three", "four", "five", "six", "seven", "eight",
		"然后", "再", "接着", "接下来", "之后", "随后", "完了", "第二", "第三", "第", "前面", "前", "后", "尾", "是", "为", "呢", "就", "的", "那", "加", "接", "上", "有", "还", "数字", "号码", "个", "几", "一", "二", "三", "四", "五", "六", "七", "八", "两", "我", "您", "你", "记", "这", "跟", "和", "连")...),
	func(w partWord) string { return w.word })

func partWordsOf(sure bool, words ...string) []partWord {
	out := make([]partWord, len(words))
	for k, w := range words {
		out[k] = partWord{w, sure}
	}
	return out
}

// maxPartGap is how many bytes of words may stand between two parts.
const maxPartGap = 48

// tellsPart reports whether a gap between numerals holds nothing but words that tell
// parts of a number, and whether one of them is sure.
func tellsPart(gap []byte) (only, sure bool) {
	if len(gap) > maxPartGap {
		return false, false
	}
	for i := 0; i < len(gap); {
		if bytes.IndexByte([]byte(" ,.:;-()\"\n"), gap[i]) >= 0 {
			i++
			continue
		}
		n, of := 0, false
		for _, w := range partWords[gap[i]] {
			if m := len(w.word); m > n && bytes.HasPrefix(gap[i:], []byte(w.word)) && (gap[i] >= utf8.RuneSelf || i+m == len(gap) || !isWord(gap[i+m])) {
				n, of = m, w.sure
			}
		}
		if n == 0 {
			r, size := utf8.DecodeRune(gap[i:])
			if r < 0x2000 || isHan(r) {
				return false, false
			}
			n = size // a mark
		}
		only, sure = true, sure || of
		i += n
	}
	return only, sure
}

// countsDigits leaves out the numerals that say how many digits follow: "the last
// four", 后四位.
func countsDigits(buf []byte, all []numeral) []numeral {
	out := all[:0]
	for k, u := range all {
		if u.plain || u.letter || u.second != 0 || u.count != 1 || !u.counts(buf, all[k+1:]) {
			out = append(out, u)
		}
	}
	return out
}

// beforeCount and beforeCountHan stand before a number of digits, and behindCount
// and behindCountHan behind it.
var (
	beforeCount    = []string{"first ", "last ", "final ", "next ", "other ", "remaining ", "middle "}
	behindCount    = []string{"digits", "numbers", "figures", "ones"}
	beforeCountHan = []string{"前", "后", "中间", "最后", "剩下", "尾"}
	behindCountHan = []string{"位", "个数", "个"}
)

// counts reports whether a numeral says how many digits the next ones are.
func (u *numeral) counts(buf []byte, next []numeral) bool {
	if buf[u.start] >= utf8.RuneSelf {
		return endsWithAny(buf[:u.start], beforeCountHan) && follows(buf[u.end:], behindCountHan)
	}
	if !endsWithAny(buf[:u.start], beforeCount) {
		return false
	}
	if follows(buf[u.end:], behindCount) {
		return true
	}
	// The next row of plain digits is as long as it says.
	n := 0
	for n < len(next) && next[n].plain && (n == 0 || next[n].start == next[n-1].end) {
		n++
	}
	return n > 1 && n == int(u.digit-'0') && next[0].start-u.end <= len(" are: ")
}
