package risk

import (
	"bytes"
	"slices"
)

// The pieces of a number are written in words, or come in another order than they are
// dialled in: "Part A: nine one two two ¶ Part B: three oh seven eight", "last 3: 642 ¶
// first 5: 07700 ¶ middle: 900".

// toldPiece is what is read of a message before.
type toldPiece struct {
	text    []byte
	cut     bool
	spelled bool // its digits were written in words
}

// minSpelledPiece is how many digits in words in a row are a piece of a number.
const minSpelledPiece = 2

// maxSpelledPiece is how long a message is that holds such a piece.
const maxSpelledPiece = 48

// toldBefore are the messages before with words for digits as digits.
func (s *scan) toldBefore(before []fragment) []toldPiece {
	told := s.earlier[:len(before)]
	s.spoken = s.spoken[:0]
	for k := range before {
		f := &before[k]
		told[k] = toldPiece{text: f.text[:f.len:f.len], cut: f.cut}
		if int(f.len) > maxSpelledPiece || !slices.ContainsFunc(told[k].text, func(c byte) bool { return !isDigit(c) && c > ' ' }) || s.spend(int(f.len)) {
			continue
		}
		v := &s.spare
		v.reset()
		v.putBefore(told[k].text)
		if s.saysDigits(&s.joined, v) {
			from := len(s.spoken)
			s.spoken = append(s.spoken, s.joined.buf...)
			told[k].text, told[k].spelled = s.spoken[from:len(s.spoken):len(s.spoken)], true
		}
	}
	return told
}

// saysDigits writes src into v with words for digits as digits, if it holds a row of them.
func (s *scan) saysDigits(v, src *view) bool {
	if n := len(src.buf); n > 1 && n <= maxOhs && holdsOhs(src.buf) {
		v.reset()
		for i, c := range src.buf {
			if c == 'o' {
				c = '0'
			}
			v.putFrom(src, c, i, i+1)
		}
		return true
	}
	s.units = countsDigits(src.buf, sounds(src.buf, tongues(src.buf, units(src, s.units[:0], false))))
	found, done := false, 0
	for i := 0; i < len(s.units); {
		j, spelled := i, 0
		for ; j < len(s.units) && (j == i || onlySeparators(src.buf[s.units[j-1].end:s.units[j].start])); j++ {
			if !s.units[j].plain {
				spelled += s.units[j].size()
			}
			if j > i && s.units[j].plain != s.units[j-1].plain && s.units[j].start == s.units[j-1].end {
				spelled++ // 13五
			}
			if s.units[j].cardinal {
				spelled = -maxPhone
			}
		}
		if spelled >= minSpelledPiece && !isQuantity(src.buf[s.units[j-1].end:]) {
			if !found {
				v.reset()
				found = true
			}
			v.copyRaw(src, done, s.units[i].start)
			for k, u := range s.units[i:j] {
				if k > 0 {
					v.copyRaw(src, s.units[i+k-1].end, u.start)
				}
				for range u.count {
					for _, d := range u.digits[:u.n] {
						v.putFrom(src, d, u.start, u.end)
					}
				}
			}
			done = s.units[j-1].end
		}
		i = j
	}
	if found {
		v.copyRaw(src, done, len(src.buf))
		digits := v.digits
		v.inherit(src)
		v.digits = digits + src.digits
	}
	return found
}

// maxOhs is how long a message is at most in which an o stands for a zero.
const maxOhs = 8

// holdsOhs reports whether a message is digits of which some are written as the letter.
func holdsOhs(buf []byte) bool {
	digits, ohs := 0, 0
	for _, c := range buf {
		switch {
		case isDigit(c):
			digits++
		case c == 'o':
			ohs++
		case c != ' ' && c != '-':
			return false
		}
	}
	return digits > 0 && ohs > 0
}

// The places of a piece in its number.
const (
	rankNone = iota
	rankBegin
	rankMiddle
	rankEnd
)

// rankWords say which place that is.
var rankWords = byFirst(slices.Concat(
	rankWordsOf(rankBegin, "first", "start", "starts", "starting", "begin", "begins", "beginning", "front", "head", "prefix", "opens", "opening", "leading", "前", "头", "首", "脑袋", "开头", "最前"),
	rankWordsOf(rankMiddle, "middle", "mid", "centre", "center", "between", "中间", "中段", "中", "肚子", "腰"),
	rankWordsOf(rankEnd, "last", "end", "ends", "ending", "tail", "final", "finish", "finishes", "finally", "suffix", "back", "后", "尾", "末", "结尾", "收尾", "屁股", "脚"),
), func(w rankWord) string { return w.word })

type rankWord struct {
	word string
	rank int
}

func rankWordsOf(rank int, words ...string) []rankWord {
	out := make([]rankWord, len(words))
	for k, w := range words {
		out[k] = rankWord{w, rank}
	}
	return out
}

// rank is the place that the words of a message give its digits: the last before them, or
// the first behind.
func (p *digitPiece) rank() int {
	rank := rankNone
	for i := range p.text {
		if i >= p.a && i < p.b {
			continue
		}
		if i >= p.b && rank != rankNone {
			break
		}
		best := 0
		for _, w := range rankWords[p.text[i]] {
			if n := len(w.word); n > best && bytes.HasPrefix(p.text[i:], []byte(w.word)) && (!isLetter(w.word[0]) || wholeWord(p.text, i, i+n)) && !bytes.HasSuffix(p.text[:i], []byte("之")) {
				best, rank = n, w.rank
			}
		}
	}
	return rank
}

// orderedPiece is one with its place.
type orderedPiece struct {
	digits []byte
	rank   int
}

// maxOrdered is how many pieces are put in order.
const maxOrdered = 6

// inOrder reads the pieces in the order that their words tell, if that is another than
// they came in, and reports whether that gave a match.
func (s *scan) inOrder(told []toldPiece, here *digitPiece, src *view) bool {
	var list [maxOrdered]orderedPiece
	first := here.rank()
	if first == rankNone || first == rankEnd || !s.isOrdered(here) {
		return false
	}
	list[0] = orderedPiece{here.text[here.a:here.b], first}
	n, between, turned := 1, 0, false
	for _, f := range slices.Backward(told) {
		if n == maxOrdered {
			break
		}
		p := pieceOf(f.text)
		if p.a == p.b {
			if between++; between > maxBetweenPieces {
				break
			}
			continue
		}
		rank := p.rank()
		if rank == rankNone || f.cut || !s.isOrdered(&p) {
			break
		}
		between = 0
		turned = turned || rank > list[n-1].rank
		list[n] = orderedPiece{p.text[p.a:p.b], rank}
		n++
	}
	if !turned {
		return false
	}
	slices.Reverse(list[:n])
	slices.SortStableFunc(list[:n], func(a, b orderedPiece) int { return a.rank - b.rank })
	v := &s.glued
	v.reset()
	for _, p := range list[:n] {
		v.putBefore(p.digits)
		v.put(' ', -1, -1)
	}
	v.standsFor(src.origin(here.a, here.b))
	found := len(s.matches)
	s.relaxed = true
	s.read(v, splitView)
	s.relaxed = false
	return len(s.matches) > found
}

// isOrdered reports whether digits that have a place can be a number's. What calls them
// the last of one calls them nothing else.
func (s *scan) isOrdered(p *digitPiece) bool {
	if !p.isNumber() || !p.bare(true) {
		return false
	}
	a, _ := s.cueIn(p.text[:p.a], func(u use, word []byte) bool {
		return (u.cue == cueOther || u.cue == cueMoney) && !slices.Contains(tailWords, string(word))
	})
	return a < 0
}
