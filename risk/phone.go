package risk

import (
	"unicode"
	"unicode/utf8"
)

const (
	minPhone  = 7
	maxPhone  = 15
	maxGroups = 48
	// phoneWindow is how far before a number a word says what it is, in bytes.
	phoneWindow = 48
	// afterWindow is the same behind it.
	afterWindow = 24
	// maxSingles is how many single digits in a row may hold a number that was
	// spelled out. More are a pattern of digits, and looking for every number
	// in it would make the check slow.
	maxSingles = 20
)

// group is a run of digits in a view.
type group struct{ start, end int }

func (g group) len() int { return g.end - g.start }

// numberKind is what a row of digits is.
type numberKind uint8

const (
	notPhone numberKind = iota
	phoneNumber
	hotline // free to call, and therefore a company's
)

// defaultRegions are the countries whose national numbers are read where a rule
// names none.
var defaultRegions = []string{"GB", "AU", "JP", "DE", "FR"}

// countryCodes are those that a number may begin with although it has no plus.
var countryCodes = []string{"44", "61", "64", "65", "60", "852", "853", "886", "81", "82", "49", "33", "34", "39", "41", "43", "31", "32", "45", "46", "47", "48", "353", "351", "358", "91", "92", "94", "971", "966", "972", "974", "62", "63", "66", "84", "95", "855", "55", "52", "54", "56", "57", "90", "20", "27", "234", "254", "7"}

func phoneNumbers(s *scan, v *view, d *detectorRun) { s.numbers(v, d, phoneNumber) }

func hotlineNumbers(s *scan, v *view, d *detectorRun) { s.numbers(v, d, hotline) }

// numbers finds rows of digits that are telephone numbers of kind want.
func (s *scan) numbers(v *view, d *detectorRun, want numberKind) {
	if v.digits < minPhone && (v.digits+s.triggers[triggerGather] == 0 || v.kind != plainView || want != phoneNumber) {
		return
	}
	p := phoneScan{scan: s, buf: v.buf, market: s.context.Market, regions: d.regions, cues: s.cues, split: v.kind == splitView, relaxed: v.kind == splitView && s.relaxed}
	p.view = v
	p.evasive = v.kind == numbersView || v.kind == reversedView && (v.override || s.triggers[triggerMirror] > 0)
	if len(p.regions) == 0 {
		p.regions = defaultRegions
	}
	if v.kind == plainView && want == phoneNumber {
		p.disguised(func(row []disguise) bool {
			return p.disguisedRow(row, func(a, b int) { s.found(v, d.rule, a, b, nil) })
		})
	}
	if v.kind == plainView && want == phoneNumber && v.digits+s.triggers[triggerNumeral]+2*p.odd > minMixed {
		p.mixed(func(a, b int) { s.found(v, d.rule, a, b, nil) })
	}
	if v.kind == plainView && want == phoneNumber && s.triggers[triggerGather] > 0 {
		p.gathered(func(a, b int) { s.found(v, d.rule, a, b, nil) })
	}
	if v.kind == plainView && want == phoneNumber && s.triggers[triggerMirror] > 0 && v.digits >= 10 {
		p.halves(func(a, b int) { s.found(v, d.rule, a, b, nil) })
	}
	for i := 0; i < len(v.buf) && v.digits >= minPhone; {
		if !isDigit(v.buf[i]) {
			i++
			continue
		}
		i = p.row(i)
		p.judgeRow(func(a, b int, k numberKind) {
			if k == want && (v.kind != numbersView || s.spelledOut(a, b)) && (v.kind != reversedView || !s.calledOther(v, a, b)) {
				s.found(v, d.rule, a, b, nil)
			}
		})
	}
}

// calledOther reports whether what stands backwards at [a,b) is called an order's, or the
// like, in the text as it was written.
func (s *scan) calledOther(v *view, a, b int) bool {
	start, _ := v.origin(a, b)
	if start < 0 || s.pieced {
		return false
	}
	at := s.plain.starting(int32(start)) //nolint:gosec // a text is far below 2 GiB
	return at <= len(s.plain.buf) && holdsWord(s.plain.buf[max(0, at-phoneWindow):at], calledOther)
}

// spelledOut reports whether digits of [a,b) of the view of numbers were spelled
// out. Others were read in the plain view.
func (s *scan) spelledOut(a, b int) bool {
	for _, r := range s.runs {
		if r.from < b && a < r.to {
			return true
		}
	}
	return false
}

// phoneScan reads rows of digits: groups with at most three separators between.
type phoneScan struct {
	scan    *scan
	buf     []byte
	market  string
	regions []string
	groups  [maxGroups]group
	n       int
	cues    []cueHit
	// split says that the groups come from several messages; relaxed, that
	// words say that they belong together.
	split, relaxed bool
	// evasive says that the digits were hidden, so that a number needs no word
	// before it that says what it is; hidden says so of the row.
	evasive, hidden bool
	view            *view
	odd             int // tokens of digits and letters, or of letters that are no word
	parsed          int
	digits          [maxPhone]byte
	// The last answer of meaning, which all rows that begin at one place share.
	asked   bool
	askedAt int
	answer  meaning
}

// row collects the groups of the row that begins at i and returns where it
// ends. A row of more than maxGroups groups is read in parts that overlap, so
// that a number in the middle of it is found.
func (p *phoneScan) row(i int) int {
	p.n = 0
	for {
		start := i
		for i < len(p.buf) && isDigit(p.buf[i]) {
			i++
		}
		p.groups[p.n] = group{start, i}
		p.n++
		next := skipSeparators(p.buf, i)
		if next == i || next >= len(p.buf) || !isDigit(p.buf[next]) {
			return i
		}
		if p.n == maxGroups {
			return p.groups[maxGroups-maxPhone].start
		}
		i = next
	}
}

// partsSingles reports whether the colon at i is one of several between single digits.
func partsSingles(buf []byte, i int) bool {
	if i == 0 || i+1 >= len(buf) || !isDigit(buf[i-1]) || !isDigit(buf[i+1]) || i > 1 && isDigit(buf[i-2]) || i+2 < len(buf) && isDigit(buf[i+2]) {
		return false
	}
	return i > 1 && buf[i-2] == ':' || i+2 < len(buf) && buf[i+2] == ':'
}

// partsTriples reports whether the colon at i and the next or the one before have three
// digits or more behind them, as no hour has: 61:412:555:089.
func partsTriples(buf []byte, i int) bool {
	if i == 0 || !isDigit(buf[i-1]) || !isTriple(buf, i+1) {
		return false
	}
	k := i + 1
	for k < len(buf) && isDigit(buf[k]) {
		k++
	}
	if k < len(buf) && buf[k] == buf[i] && isTriple(buf, k+1) {
		return true
	}
	k = i
	for k > 0 && isDigit(buf[k-1]) {
		k--
	}
	return i-k >= 3 && k > 1 && buf[k-1] == buf[i] && isDigit(buf[k-2])
}

// partsMany reports whether the colon at i is one of more than hours, minutes and the like
// have between digits, and not of a device's address.
func partsMany(buf []byte, i int) bool {
	a, b, colons, pairs := i, i, 0, true
	for a > 0 && i-a < maxColons && (isDigit(buf[a-1]) || buf[a-1] == ':') {
		a--
	}
	for b < len(buf) && b-i < maxColons && (isDigit(buf[b]) || buf[b] == ':') {
		b++
	}
	for k, c := range buf[a:b] {
		pairs = pairs && (c == ':') == (k%3 == 2)
		if c == ':' {
			colons++
		}
	}
	return colons >= minColons && (!pairs || b-a != len("00:00:00:00:00:00"))
}

const (
	// maxRun is how many blanks, hyphens or slashes in a row part digits as one does.
	maxRun = 6
	// minColons is how many colons are more than a time has, and maxColons how far is looked
	// for them.
	minColons = 4
	maxColons = 24
)

// isTriple reports whether three digits stand at i.
func isTriple(buf []byte, i int) bool {
	return i+2 < len(buf) && isDigit(buf[i]) && isDigit(buf[i+1]) && isDigit(buf[i+2])
}

// skipSeparators returns where the separators at i end, at most maxGap of them; a
// row of dots is one.
func skipSeparators(buf []byte, i int) int {
	for n := range maxGap {
		if i < len(buf) && n > 0 && buf[i] == ' ' && buf[i-1] != ' ' {
			i++ // a blank behind a mark
		}
		if i >= len(buf) {
			return i
		}
		switch c := buf[i]; c {
		case '.', ')', '(', '>', '<', '[', ']', '{', '}', '=':
			for i < len(buf) && buf[i] == c {
				i++
			}
			continue
		case ':', ';': // between blanks; without, it parts hours
			if (i == 0 || buf[i-1] != ' ' || i+1 >= len(buf) || buf[i+1] != ' ') && !partsSingles(buf, i) && !partsTriples(buf, i) && !partsMany(buf, i) {
				return i
			}
			i++
			continue
		case ' ', '-', '/':
			for k := i; i < len(buf) && buf[i] == c && i-k < maxRun; {
				i++
			}
			continue
		case '_', '\\', '*', '~', '|', ',', '#', '+', '\'', '`', '^', '"':
			i++
			continue
		default:
			if c < utf8.RuneSelf || commonHan(c) {
				return i
			}
		}
		r, size := utf8.DecodeRune(buf[i:])
		if isHan(r) && r != '一' {
			return i
		}
		switch r {
		case '【', '】', '《', '》', '〈', '〉', '〖', '〗', '「', '」', '『', '』', '〔', '〕', '“', '”', '‘', '’', '·', '•', '、', '‐', '‑', '‒', '–', '—', '―', '−', 'ー', '・', '●', '。', '，', '➖', '一':
			i += size
		default:
			if unicode.Is(unicode.Sc, r) || !unicode.IsSymbol(r) && !unicode.Is(unicode.Pd, r) && !unicode.Is(unicode.Po, r) || r == '：' || r == '；' || r == '！' || r == '？' || r == '×' {
				return i
			}
			i += size
		}
	}
	return i
}
