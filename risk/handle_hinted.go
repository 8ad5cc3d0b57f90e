package risk

import (
	"bytes"
	"unicode/utf8"
)

// Behind the respelt name of a messenger a number or a word of letters is enough, which have no
// shape of their own: cue cue 284716093, tlgrm boxandbarge, 加v:tuoyunmao.

const (
	// maxToNumber is how many bytes may stand between the name and the number.
	maxToNumber = 32
	// leastName and leastHanName are how many letters a name has at least, the second
	// where the text is Chinese.
	leastName    = 6
	leastHanName = 5
)

// hintedNames finds such numbers and words.
func (s *scan) hintedNames(v *view, d *detectorRun) {
	for _, c := range s.cues {
		if c.cue == cueNaming && s.triggers[triggerMirror] > 0 {
			if end := s.turnedName(v, c); end > 0 {
				s.found(v, d.rule, c.start, end, nil)
			}
		}
		if hintOf(c.cue) < hintWeight {
			continue
		}
		if s.spend(8) {
			return
		}
		if c.cue == cueHint || c.cue == cueDescribed {
			if end := s.numberNear(v, c); end > 0 {
				s.found(v, d.rule, c.start, end, nil)
				continue
			}
		}
		if end := s.wordAfter(v, c); end > 0 {
			s.found(v, d.rule, c.start, end, nil)
		}
	}
}

// turnedName is where a word ends behind a colon that is called a name, in a text that says to read
// backwards; or 0: 我的ID从右往左读:oamnuyout.
func (s *scan) turnedName(v *view, c cueHit) int {
	buf := v.buf
	k := bytes.IndexByte(buf[c.end:min(len(buf), c.end+maxToNumber)], ':')
	if k < 0 || sentenceEnds(buf[c.end:c.end+k]) || endsWithin(buf[:c.start], notOwnWords) {
		return 0
	}
	i := c.end + k + 1
	for i < len(buf) && buf[i] == ' ' {
		i++
	}
	n := letters(buf[i:])
	if end := i + n; n >= leastName && n <= maxHandle && endsClause(buf, end) && !ordinary(buf[i:end]) && !looksEnglish(buf[i:end]) {
		return end
	}
	return 0
}

// numberNear is where a number ends that stands near behind a cue and that nothing calls
// another; or 0.
func (s *scan) numberNear(v *view, c cueHit) int {
	buf, least := v.buf, minPhone
	if c.cue == cueDescribed {
		least = minPhone + 2
		if r, _ := utf8.DecodeRune(buf[c.start:]); r >= utf8.RuneSelf && !isHan(r) {
			least-- // a picture
		}
	}
	i := c.end
	for i < len(buf) && buf[i] == ' ' {
		i++
	}
	if hanAt(buf, i) {
		// Within a word it is another word, and before one it says something of it.
		n, _ := connector(buf[i:])
		if i += n; n == 0 && hanNumberAfter(buf, i) == 0 && (c.cue != cueHint || !numbered(buf, i)) {
			return 0
		}
	}
	for i < len(buf) && i-c.end <= maxToNumber && !isDigit(buf[i]) && buf[i] != '+' {
		if buf[i] >= utf8.RuneSelf {
			if r, _ := utf8.DecodeRune(buf[i:]); isHan(r) && hanNumberAfter(buf, i) > 0 {
				break
			}
		}
		i++
	}
	if i == len(buf) || i-c.end > maxToNumber || sentenceEnds(buf[c.end:i]) || i > 0 && isLetter(buf[i-1]) {
		return 0
	}
	end := max(numberAfter(buf, i, least), hanNumberAfter(buf, i))
	if end == 0 || end+1 < len(buf) && (buf[end] == '.' || buf[end] == '-' || buf[end] == '/') && isWord(buf[end+1]) || beginsAsYear(buf[i:end]) || bytes.IndexByte(buf[i:end], '/') >= 0 {
		return 0
	}
	if s.spend(len(s.cues)/4+2*len(notOwnWords)) || endsWithin(buf[c.start:i], notOwnWords) || endsWithin(buf[:c.start], notOwnWords) {
		return 0
	}
	for _, o := range s.cues {
		if (o.cue == cueOther || o.cue == cueMoney || o.cue == cueCarrier) && o.end <= i+4 && o.start+maxNaming >= c.start {
			return 0
		}
	}
	return end
}

// numbered reports whether a number that is called one stands a little behind i.
func numbered(buf []byte, i int) bool {
	near := buf[i:min(len(buf), i+maxToNumber)]
	k := bytes.Index(near, []byte("号"))
	if k < 0 {
		return false
	}
	k += len("号")
	for k < len(near) && (near[k] == ' ' || near[k] == ':') {
		k++
	}
	return k < len(near) && isDigit(near[k])
}

// beginsAsYear reports whether a number with marks inside is a date that begins with its year.
func beginsAsYear(b []byte) bool {
	return len(b) >= 8 && len(b) <= 10 && (b[0] == '2' && b[1] == '0' || b[0] == '1' && b[1] == '9') && (b[4] == '-' || b[4] == '.' || b[4] == '/')
}

// wordAfter is where a word of letters ends that stands right behind a messenger's name and
// can only be somebody's name there; or 0.
func (s *scan) wordAfter(v *view, c cueHit) int {
	buf, marked := v.buf, false
	i := c.end
	for i < len(buf) && i-c.end < cueWindow {
		if buf[i] == ' ' {
			i++
			continue
		}
		n, _ := connector(buf[i:])
		if n == 0 && (buf[i] == '!' || buf[i] == '.') {
			n = 1
		}
		if n == 0 {
			break
		}
		marked = marked || !isLetter(buf[i]) && buf[i] != '-' && buf[i] != '\'' && buf[i] != ',' && buf[i] != '.'
		i += n
	}
	if n, mixed := idAt(buf, i); c.cue == cueHint && mixed && n >= leastName && i > c.end && !startsWithUnit(buf[i:i+n]) && !isIn(codeNames, buf[i:i+letters(buf[i:])]) {
		return i + n
	}
	n := letters(buf[i:])
	han := buf[c.start] >= utf8.RuneSelf || i > c.end && buf[i-1] >= utf8.RuneSelf || c.start > 0 && buf[c.start-1] >= utf8.RuneSelf
	least := leastName
	if han {
		least = leastHanName
	}
	end := i + n
	switch {
	case n < least || n > maxHandle || i > 0 && isWord(buf[i-1]) || i == c.end && !han:
		return 0
	case end < len(buf) && (isWord(buf[end]) || buf[end] == '_' || buf[end] == '-' || buf[end] == '/' || buf[end] == '@') || !endsThere(buf, end):
		return 0
	case !marked && !v.accented(c.start, c.end) && c.cue != cueHint && c.cue != cueDisguised && !han, c.cue == cueDescribed, c.cue == cueSign:
		return 0
	case len(buf) > 2*shortText || ordinary(buf[i:end]) || looksEnglish(buf[i:end]) || s.capitals(v, i, end) > 0 && s.capitals(v, i, end) != n/2:
		return 0
	}
	if s.spend(len(s.cues)) {
		return 0
	}
	for _, o := range s.cues {
		if o.start >= i && o.start < end && o.cue != cueNaming {
			return 0
		}
	}
	return end
}

// idAt is how long the word of letters and digits at i is, and whether it has two of each at
// least.
func idAt(buf []byte, i int) (n int, mixed bool) {
	small, digits := 0, 0
	for ; i+n < len(buf) && isWord(buf[i+n]); n++ {
		if isDigit(buf[i+n]) {
			digits++
		} else {
			small++
		}
	}
	return n, small > 1 && digits > 1
}

// capitals is how many capitals [a,b) of a view was sent with.
func (s *scan) capitals(v *view, a, b int) int {
	n := 0
	for k := a; k < b; k++ {
		if c := s.written(v, k, v.buf[k]); 'A' <= c && c <= 'Z' {
			n++
		}
	}
	return n
}

// looksEnglish reports whether a word ends as English words do and names hardly.
func looksEnglish(word []byte) bool {
	for _, end := range englishEndings {
		if bytes.HasSuffix(word, []byte(end)) {
			return true
		}
	}
	return false
}

var englishEndings = []string{"ing", "ed", "tion", "sion", "tions", "ment", "ments", "able", "ible", "ness", "less", "ful", "ly", "ers", "ies", "ity", "ous", "ive", "ical", "est", "ance", "ence", "ture", "ate", "ize", "ise", "ish", "ward", "wards", "ages", "age", "ology", "ware", "ism", "ist"}
