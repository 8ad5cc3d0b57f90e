package risk

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	minHandle = 4
	maxHandle = 40
	// cueWindow is how far from a cue its handle may begin, in bytes.
	cueWindow = 40
	// verbWindow is how far before a cue the words that say whose handle follows
	// may stand.
	verbWindow = 40
	// maxBetween and maxBetweenHan are how many bytes may stand between the
	// verb and the cue.
	maxBetween    = 20
	maxBetweenHan = 12
)

// messengerHandles finds a messenger's name with a handle after it.
func messengerHandles(s *scan, v *view, d *detectorRun) {
	for _, c := range s.cues {
		if c.cue > cueWeak && c.cue != cueSign {
			continue
		}
		if s.spend(32) {
			return
		}
		if end := handleAfter(v.buf, c); end > 0 {
			s.found(v, d.rule, c.start, end, nil)
		}
	}
}

// handleAfter returns where the handle after a cue ends, or 0.
func handleAfter(buf []byte, c cueHit) int {
	i, named, linked, broken := c.end, bytes.HasSuffix(buf[c.start:c.end], []byte(" id")), false, false
	for i < len(buf) && i-c.end < cueWindow {
		if buf[i] == ' ' || buf[i] == '\n' {
			broken = broken || buf[i] == '\n'
			i++
			continue
		}
		n, names := connector(buf[i:])
		if n == 0 {
			break
		}
		named, linked = named || names, true
		i += n
	}
	sure := c.cue <= cueSure
	least := 10
	if sure {
		least = minPhone
	}
	if end := numberAfter(buf, i, least); end > 0 && (c.cue != cueWeak || named) {
		return end
	}
	if c.cue != cueWeak || named {
		if end := max(spelledHandle(buf, i), hanNumberAfter(buf, i)); end > 0 {
			return end
		}
	}
	end, digits, marks := handle(buf, i)
	n := end - i
	switch {
	case n < minHandle || n > maxHandle || broken && !named:
		return 0
	case c.cue == cueWeak && digits == 0 && marks == 0 && !weakHandle(buf, c, i, n, digits, marks):
		return 0
	case c.cue == cueWeak && (!named || !owned(buf, c.start)) && !weakHandle(buf, c, i, n, digits, marks):
		return 0
	case digits == n && n < 5, digits == n && !sure && !named && n < 6:
		return 0
	case digits > 0 && digits < n && !startsWithUnit(buf[i:end]), marks > 0 && digits < n, digits == n:
		return end
	}
	if c.cue == cueWeak && digits == 0 && marks == 0 {
		return end
	}
	parted := bytes.ContainsAny(buf[i:end], ".-") && digits < n && letters(buf[i:end]) > 0 && n > 5 && endsThere(buf, end)
	if parted && (sure || c.cue == cueLikely && (named || buf[c.start] >= utf8.RuneSelf)) || c.cue == cueSign && bytes.Count(buf[i:end], []byte(".")) > 1 && !bytes.HasPrefix(buf[i:], []byte("www.")) {
		return end
	}
	if pointed := named && i > 1 && (buf[i-1] == '=' || buf[i-2] == '=' || buf[i-1] >= utf8.RuneSelf || buf[i-2] >= utf8.RuneSelf); pointed && (c.cue == cueSign || c.cue == cueLikely) && digits == 0 && n > 5 && !ordinary(buf[i:end]) && endsThere(buf, end) && buf[c.start] != 'q' {
		return end
	}
	if c.cue == cueDisguised && n >= minHandle && !ordinary(buf[i:end]) && endsThere(buf, end) && (named || linked) {
		return end
	}
	// A word of letters only: a handle if the text calls it one.
	if (named || linked && sure) && (buf[i-1] == '@' || owned(buf, c.start) || idBefore(buf, c.end, i)) && !ordinary(buf[i:end]) && endsThere(buf, end) {
		return end
	}
	return 0
}

// numberAfter is where a number that is dialled with a plus, or one of least digits
// or more, ends that begins at i; or 0.
func numberAfter(buf []byte, i, least int) int {
	if i < len(buf) && buf[i] == '(' {
		i++
	}
	plus := i < len(buf) && buf[i] == '+'
	if plus {
		i++
	}
	digits, end := 0, 0
	for i < len(buf) && digits < maxPhone {
		if isDigit(buf[i]) {
			digits++
			i++
			end = i
			continue
		}
		next := skipSeparators(buf, i)
		if digits == 0 || next == i || next >= len(buf) || !isDigit(buf[next]) {
			break
		}
		i = next
	}
	if end < len(buf) && end > 0 && isLetter(buf[end]) || digits < least && (!plus || digits < 8) {
		return 0
	}
	return end
}

// weakHandle reports whether what follows an ordinary word can only be a handle:
// a name with digits or marks right behind a colon or an at.
func weakHandle(buf []byte, c cueHit, i, n, digits, marks int) bool {
	if bytes.HasSuffix(buf[:c.start], []byte("my ")) && digits >= 2 && digits < n && n >= 5 && !startsWithUnit(buf[i:i+n]) {
		return true
	}
	if name := string(buf[c.start:c.end]); (name == "tg" || name == "ig") && marks > 0 && !startsWithUnit(buf[i:i+n]) {
		return true
	}
	if buf[c.start] == 'v' && c.end-c.start == 1 && marks > 0 && n > minHandle && (bytes.Contains(buf[c.end:i], []byte("我")) || bytes.Contains(buf[c.end:i], []byte("号"))) {
		return true
	}
	mark := buf[i-1]
	if mark == ' ' && i > c.end+1 {
		mark = buf[i-2]
	}
	if mark != '@' && mark != ':' && mark != '=' {
		return false
	}
	if c.end-c.start == 1 && buf[c.start] == 'v' {
		return mark == ':' && digits >= 2 && n-digits >= 2 && n >= 6 && !startsWithUnit(buf[i:i+n]) && (c.start == 0 || !isWord(buf[max(c.start-2, 0)]))
	}
	if c.end-c.start == 1 { // q
		return digits == n && n >= 7 && c.start+1 == c.end && buf[c.start] == 'q'
	}
	if digits == 0 && marks == 0 && buf[i-1] == '@' && c.end-c.start == 2 && n >= 5 {
		return !ordinary(buf[i : i+n])
	}
	return digits < n && (digits > 0 || marks > 0) && !startsWithUnit(buf[i:i+n])
}

// connector is the length of the connector at the front of b, which is not empty,
// or 0.
func connector(b []byte) (n int, names bool) {
	for _, k := range connectors[b[0]] {
		if !bytes.HasPrefix(b, []byte(k.word)) {
			continue
		}
		m := len(k.word)
		if isLetter(k.word[0]) && m < len(b) && (isWord(b[m]) || b[m] == '_') {
			continue
		}
		return m, k.names
	}
	if r, m := utf8.DecodeRune(b); m > 1 && unicode.IsSymbol(r) {
		return m, false
	}
	return 0, false
}

// handle is the end of the run of handle characters at i, and how many of them
// are digits and marks. A run that is too long for a handle is not read on: it
// may stand behind hundreds of cues.
func handle(buf []byte, i int) (end, digits, marks int) {
	for end = i; end < len(buf) && end-i <= maxHandle; end++ {
		switch c := buf[end]; {
		case isDigit(c):
			digits++
		case isLetter(c):
		case c == '_':
			marks++
		case c == '#' && end > i && end+4 < len(buf) && isDigit(buf[end+1]) && isDigit(buf[end+4]):
			marks++ // name#1234
		case (c == '-' || c == '.') && end > i && end+1 < len(buf) && isWord(buf[end+1]):
		default:
			return end, digits, marks
		}
	}
	return end, digits, marks
}

// startsWithUnit reports whether a token is a number with a unit or an ordinal
// ("24h", "1st", "100mb", "3-5"), or a device's name (iphone15), rather than somebody's.
func startsWithUnit(b []byte) bool {
	k := 0
	for k < len(b) && (isDigit(b[k]) || b[k] == '-' || b[k] == '.') {
		k++
	}
	if n := letters(b); n > 0 && len(b)-n <= 2 && isIn(modelNames, b[:n]) {
		return true
	}
	return k > 0 && len(b)-k <= 2 || k > 0 && ordinary(b[k:])
}

// owned reports whether the words before a cue say whose handle it is.
func owned(buf []byte, start int) bool {
	before := buf[max(0, start-verbWindow):start]
	for _, w := range []string{"my ", "add ", "me ", "our ", "我", "加", "本人", "俺"} {
		if k := bytes.LastIndex(before, []byte(w)); k >= 0 && !bytes.ContainsAny(before[k:], ".!?\n") {
			return true
		}
	}
	return false
}

// idBefore reports whether what stands between cue and handle calls it an id.
func idBefore(buf []byte, a, b int) bool {
	between := buf[a:b]
	for _, w := range []string{"id", "号", "handle", "username"} {
		if bytes.Contains(between, []byte(w)) {
			return true
		}
	}
	return bytes.HasSuffix(buf[:a], []byte("id")) || bytes.HasSuffix(buf[:a], []byte("号"))
}

// endsThere reports whether the text, the line or the clause ends at i.
func endsThere(buf []byte, i int) bool {
	for i < len(buf) && buf[i] == ' ' {
		i++
	}
	if i == len(buf) {
		return true
	}
	switch buf[i] {
	case '.', ',', '!', '?', ')', ';', '\n', ']', '"', '\'':
		return true
	}
	r, _ := utf8.DecodeRune(buf[i:])
	return r >= 0x2000 || r == '~'
}

// ordinary reports whether a word of letters is too common to be a handle.
func ordinary(b []byte) bool {
	switch string(b) {
	case "please", "yes", "available", "here", "pay", "payment", "only", "support", "official", "order", "orders", "customer", "service", "group",
		"channel", "chat", "account", "number", "message", "messages", "thanks", "thank", "this", "that", "with", "from", "your", "mini", "program",
		"hours", "days", "minutes", "business", "working", "times", "pm", "am", "usd", "rmb", "items", "people", "users", "page", "account's",
		"none", "not", "soon", "later", "tomorrow", "today", "okay", "sure", "hello", "there", "login", "now", "then", "instead", "first", "yuan", "points":
		return true
	}
	return false
}

// messengerInvites finds a messenger's name after words that invite to it.
func messengerInvites(s *scan, v *view, d *detectorRun) {
	for k, c := range s.cues {
		if c.cue >= cueWeak && c.cue != cueSign {
			continue
		}
		if s.spend(8) {
			return
		}
		if c.cue == cueDisguised && v.kind&(reversedView|mirroredView) != 0 && v.buf[c.start] >= utf8.RuneSelf && c.end-c.start < shortestTurned {
			continue // two characters stand in either order
		}
		if c.cue == cueDisguised && s.spend(96) {
			return
		}
		if end := toldAfter(v.buf, c); end > 0 {
			s.found(v, d.rule, c.start, end, nil)
			continue
		}
		if end := asked(v.buf, c.end); end > 0 && !endsWithin(v.buf[:c.start], notOwnWords) {
			s.found(v, d.rule, c.start, end, nil)
			continue
		}
		if c.cue == cueSign {
			continue
		}
		if k+1 < len(s.cues) && s.cues[k+1].cue == cueVerb && c.cue == cueSure && v.buf[c.start] < utf8.RuneSelf && bytes.IndexByte(v.buf[c.start:c.end], ' ') > 0 && s.cues[k+1].start-c.end <= maxBetween && s.cues[k+1].start > c.end {
			s.found(v, d.rule, c.start, s.cues[k+1].end, nil) // insta gram? add me
			continue
		}
		for j := k - 1; j >= 0 && s.cues[j].end+maxBetween >= c.start; j-- {
			verb := s.cues[j]
			near := maxBetween
			if v.buf[verb.start] >= utf8.RuneSelf {
				near = maxBetweenHan
			}
			if verb.cue != cueVerb || verb.end > c.start || c.start-verb.end > near {
				continue
			}
			if !bytes.ContainsAny(v.buf[verb.end:c.start], ".!?\n;") && !follows(v.buf[c.end:], notInvited) {
				s.found(v, d.rule, verb.start, c.end, nil)
			}
			break
		}
	}
}

// toldAfter is where a word ends that stands within a sentence behind a disguised name and
// says that somebody is there; or 0.
func toldAfter(buf []byte, c cueHit) int {
	if c.cue != cueDisguised {
		return 0
	}
	if _, end := nameAfter(buf, c.end, true); end > 0 {
		return end
	}
	rest := buf[c.end:min(len(buf), c.end+cueWindow)]
	for i := range rest {
		if i > 0 && (rest[i-1] == '.' || rest[i-1] == '!' || rest[i-1] == '?' || rest[i-1] == '\n') && (i == len(rest) || rest[i] == ' ') {
			return 0
		}
		for _, w := range thereWords[rest[i]] {
			if bytes.HasPrefix(rest[i:], []byte(w)) && wholeWord(buf, c.end+i, c.end+i+len(w)) {
				return c.end + i + len(w)
			}
		}
	}
	return 0
}

// thereWords are the words of toldThere.
var thereWords = byFirst(toldThere, func(w string) string { return w })

// asked is where the words end that ask to go on there and stand right behind a
// messenger's name, which ends at i; or 0.
func asked(buf []byte, i int) int {
	for i < len(buf) && (buf[i] == ' ' || buf[i] == '-') {
		i++
	}
	for _, w := range askedThere {
		if rest, ok := strings.CutSuffix(w, "\x00"); ok {
			if string(buf[i:]) == rest {
				return len(buf)
			}
			continue
		}
		if bytes.HasPrefix(buf[i:], []byte(w)) {
			if end := i + len(w); !isWord(w[len(w)-1]) || end == len(buf) || !isWord(buf[end]) {
				return end
			}
		}
	}
	return 0
}

// follows reports whether b begins with one of words, blanks aside.
func follows(b []byte, words []string) bool {
	b = bytes.TrimLeft(b, " ")
	for _, w := range words {
		if bytes.HasPrefix(b, []byte(w)) {
			return true
		}
	}
	return false
}
