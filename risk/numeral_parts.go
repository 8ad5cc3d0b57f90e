package risk

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// A number is told part by part, in one message or in several: "the first half is
// 07700, and the rest 900 461".

// partKind is what a gap between numerals says.
type partKind uint8

const (
	partNone   partKind = iota // something else
	partFiller                 // nothing
	partOrder                  // that one comes after the other
	partSure                   // that there are parts
	partVague                  // the same, and something else
)

// partWord stands between the parts of a number.
type partWord struct {
	word string
	kind partKind
}

// partWords are all of them. Those that count digits only stand in a gap where
// countsDigits took them out of the number.
var partWords = byFirst(slices.Concat(
	partWordsOf(partSure, "half", "halves", "part", "piece", "bit", "chunk", "block", "group", "rest", "remaining", "remainder", "tail", "ending", "ends", "end", "finish", "finishes", "finishing", "middle", "last", "final", "second", "third", "digits", "figures", "starts", "begins", "beginning", "start", "in front", "last part's", "rest's", "prefix", "suffix",
		"半段", "下半", "后半", "另一半", "一半", "部分", "段", "剩下", "剩余", "其余", "余下", "后面", "后边", "最后", "末尾", "结尾", "尾巴", "尾数", "尾号", "中间", "后几位", "位", "前面", "开头", "打头", "起头", "收尾", "前几位", "前半", "在后", "在前", "结束"),
	partWordsOf(partOrder, "then", "next", "goes on", "go on", "followed", "after", "plus", "add", "continue", "continues", "carry on", "afterwards", "later", "finally",
		"然后", "再", "接着", "接下来", "之后", "随后", "加", "接", "跟", "紧跟", "连", "后"),
	partWordsOf(partFiller, "the", "and", "now", "first", "other", "is", "are", "goes", "go", "comes", "come", "with", "in", "of", "it", "its", "it's", "that's", "this", "my", "number", "numbers", "by", "that", "here", "here's", "to", "on", "which", "just", "also", "you", "get", "have", "put", "write", "type", "dial", "i", "i'll", "i'd", "will", "send", "gets", "there's", "there", "a", "an", "some", "ok", "okay", "so", "well", "uh", "we", "simply", "again", "another", "one more", "once more", "be", "from", "at", "for", "them", "these", "those", "me", "your", "let's", "say", "got it", "note", "ready", "what", "comes", "coming", "up", "as", "area", "code", "year", "hmm", "erm", "uhm",
		"one", "two", "three", "four", "five", "six", "seven", "eight",
		"完了", "第二", "第三", "第", "前", "尾", "是", "为", "呢", "就", "的", "那", "上", "有", "还", "数字", "号码", "个", "几", "一", "二", "三", "四", "五", "六", "七", "八", "两", "我", "您", "你", "记", "这", "着", "和", "来", "在", "了", "好", "下", "写", "输", "拨", "按", "发", "给", "把", "补", "补上", "凑", "一个", "都", "哈", "啊", "哦", "吧", "以", "头", "号", "又", "另", "外", "也", "到", "等", "听", "好了", "嗯", "区")),
	func(w partWord) string { return w.word })

func partWordsOf(kind partKind, words ...string) []partWord {
	out := make([]partWord, len(words))
	for k, w := range words {
		out[k] = partWord{w, kind}
	}
	return out
}

// maxPartGap is how many bytes of words may stand between two parts.
const maxPartGap = 48

// maxVague is how many bytes of other words may stand there in a row.
const maxVague = 24

// tellsPart reports what a gap between numerals says about the parts of a number.
func tellsPart(gap []byte) partKind {
	if len(gap) > maxPartGap {
		return partNone
	}
	most, other, known := partNone, 0, 0
	for i := 0; i < len(gap); {
		if bytes.IndexByte([]byte(" ,.:;-()\"'!\n"), gap[i]) >= 0 {
			i++
			continue
		}
		n, kind := 0, partNone
		for _, w := range partWords[gap[i]] {
			if m := len(w.word); m > n && bytes.HasPrefix(gap[i:], []byte(w.word)) && (gap[i] >= utf8.RuneSelf || i+m == len(gap) || !isWord(gap[i+m])) {
				n, kind = m, w.kind
			}
		}
		if n == 0 {
			r, size := utf8.DecodeRune(gap[i:])
			n = size
			switch {
			case isLetter(gap[i]):
				for n = 1; i+n < len(gap) && (isLetter(gap[i+n]) || gap[i+n] == '\''); n++ {
				}
				other += n
			case isHan(r):
				other += n
			case r < 0x2000:
				return partNone
			}
		} else {
			known++
		}
		most = max(most, kind)
		i += n
	}
	switch {
	case other == 0:
		return most
	case most >= partOrder && other <= maxVague && known > 1:
		return partVague
	}
	return partNone
}

// countsDigits leaves out the numerals that say how many digits follow: "the last
// four", 后四位.
func countsDigits(buf []byte, all []numeral) []numeral {
	out := all[:0]
	for k, u := range all {
		if u.plain || u.letter || u.size() != 1 || !u.counts(buf, all[k+1:]) {
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
	beforeCountHan = []string{"第", "前", "后", "中间", "最后", "剩下", "尾"}
	behindCountHan = []string{"位", "个数", "个", "段", "组", "部分"}
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
	return n > 1 && n == int(u.digits[0]-'0') && next[0].start-u.end <= len(" are: ")
}
