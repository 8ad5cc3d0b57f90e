package risk

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// plan is a shape in which people of a country write their numbers: the first
// digits, and how long the groups are.
type plan struct {
	prefix string
	groups []int
}

// plans are the shapes of national numbers that are seldom anything else. Those
// of eight digits without a prefix, as in Hong Kong, need a word or a market.
var plans = []plan{
	// India
	{"9", []int{5, 5}},
	{"8", []int{5, 5}},
	{"7", []int{5, 5}},
	{"6", []int{5, 5}},
	{"0", []int{6, 5}},
	{"09", []int{1, 5, 5}},
	// Brazil
	{"", []int{2, 5, 4}},
	{"", []int{2, 1, 4, 4}},
	{"0", []int{3, 5, 4}},
	// Indonesia
	{"08", []int{4, 4, 4}},
	{"08", []int{4, 4, 3}},
	{"08", []int{4, 3, 3}},
	{"08", []int{4, 4, 5}},
	{"08", []int{4, 3, 4}},
	// Philippines, Taiwan, Vietnam, Australia
	{"09", []int{4, 3, 4}},
	{"09", []int{4, 7}},
	{"09", []int{4, 3, 3}},
	{"09", []int{4, 6}},
	{"04", []int{4, 3, 3}},
	{"03", []int{4, 3, 3}},
	{"05", []int{4, 3, 3}},
	{"07", []int{4, 3, 3}},
	{"08", []int{4, 6}},
	{"03", []int{3, 3, 4}},
	{"09", []int{3, 3, 4}},
	{"09", []int{3, 4, 3}},
	// Thailand, Malaysia
	{"06", []int{3, 3, 4}},
	{"08", []int{3, 3, 4}},
	{"06", []int{2, 4, 4}},
	{"08", []int{2, 4, 4}},
	{"09", []int{2, 4, 4}},
	{"06", []int{3, 7}},
	{"08", []int{3, 7}},
	{"09", []int{3, 7}},
	{"01", []int{3, 3, 4}},
	{"01", []int{3, 4, 4}},
	{"01", []int{3, 7}},
	{"01", []int{3, 8}},
	// Germany, France, Britain
	{"01", []int{4, 7}},
	{"01", []int{4, 8}},
	{"01", []int{4, 3, 4}},
	{"01", []int{4, 4, 4}},
	{"01", []int{4, 4, 3}},
	{"01", []int{4, 3, 2, 2}},
	{"0", []int{2, 2, 2, 2, 2}},
	{"07", []int{5, 6}},
	{"07", []int{5, 3, 3}},
	{"07", []int{4, 3, 4}},
	{"02", []int{3, 4, 4}},
	{"01", []int{5, 6}},
	{"01", []int{5, 3, 3}},
	// Mexico
	{"55", []int{2, 4, 4}},
	{"33", []int{2, 4, 4}},
	{"81", []int{2, 4, 4}},
	{"56", []int{2, 4, 4}},
	// China, with the number's usual groups
	{"1", []int{3, 4, 4}},
	{"1", []int{3, 3, 5}},
	{"1", []int{4, 3, 4}},
}

// grouped reports whether a row of groups is written as a telephone number is: in
// a country's own groups, or with a country's code glued to the first of them.
func (p *phoneScan) grouped(gs []group, d []byte) bool {
	if len(d) < 10 || len(d) > 13 || isDate(gs, d) || areYears(gs, p.buf) || p.listed(gs) {
		return false
	}
	for k := range plans {
		if p.has(&plans[k], gs, d) {
			return true
		}
	}
	if gs[0].len() < 2 || gs[0].len() > 5 || len(gs) == 3 && gs[1].len() == 5 && gs[2].len() == 5 {
		return false
	}
	// 919-87654-3210: the country's code stands alone or with the first digits.
	glued := len(gs) >= 3 && p.buf[gs[0].end] != '.' && gs[len(gs)-1].len() >= 3
	return len(gs) >= 3 && (glued || slices.Contains(countryCodes, string(p.buf[gs[0].start:gs[0].end]))) && international(d) && p.valid(d, "", true)
}

// has reports whether groups have a plan's shape.
func (p *phoneScan) has(n *plan, gs []group, d []byte) bool {
	if len(gs) != len(n.groups) || !bytes.HasPrefix(d, []byte(n.prefix)) {
		return false
	}
	for k, g := range gs {
		if g.len() != n.groups[k] {
			return false
		}
	}
	if n.prefix == "" {
		// (11) 91234-5678: the code of a Brazilian region, and a nine.
		return d[0] >= '1' && d[1] >= '1' && d[2] == '9' && (gs[0].start > 0 && p.buf[gs[0].start-1] == '(' || p.valid(d, "BR", false))
	}
	return d[0] == '0' && n.prefix != "0" || p.valid(d, "", false) || p.validIn(d, n.prefix)
}

// validIn asks the plans of the countries whose numbers begin so.
func (p *phoneScan) validIn(d []byte, prefix string) bool {
	for _, region := range map[byte][]string{'0': {"FR", "IN"}, '1': {"CN"}, '3': {"MX"}, '5': {"MX"}, '6': {"IN"}, '7': {"IN"}, '8': {"IN", "MX"}, '9': {"IN"}}[prefix[0]] {
		if p.valid(d, region, false) {
			return true
		}
	}
	return false
}

// listed reports whether all groups have commas or slashes between, as prices
// and sizes in a list have.
func (p *phoneScan) listed(gs []group) bool {
	for k := 1; k < len(gs); k++ {
		if gap := p.buf[gs[k-1].end:gs[k].start]; bytes.IndexByte(gap, ',') < 0 && bytes.IndexByte(gap, '/') < 0 {
			return false
		}
	}
	return true
}

// even reports whether the same one sign stands between all of many groups.
func (p *phoneScan) even(gs []group) bool {
	if len(gs) < 5 {
		return false
	}
	gap := p.buf[gs[0].end:gs[1].start]
	if len(gap) != 1 || gap[0] == ',' || gap[0] == '/' {
		return false
	}
	for k := 2; k < len(gs); k++ {
		if !bytes.Equal(gap, p.buf[gs[k-1].end:gs[k].start]) {
			return false
		}
	}
	return true
}

// minFancy is how many digits of a row must be written in circles, with marks on
// them or with something invisible between to say that it is hidden.
const minFancy = 5

// isHidden reports whether somebody took trouble to hide the row: its digits are
// of a strange kind or of several, or strange things stand between its groups.
func (p *phoneScan) isHidden(total int) bool {
	if len(p.view.at) > 0 && p.view.kind != splitView {
		fancy, wide, plain := 0, 0, 0
		for _, g := range p.groups[:p.n] {
			for k := g.start; k < g.end; k++ {
				at := p.view.at[k]
				switch {
				case at.start < 0: // of a message before
					plain++
				case at.end-at.start == 1:
					if k+1 < g.end && p.view.at[k+1].start != at.end && !p.view.backwards {
						fancy++
					} else {
						plain++
					}
				case at.end-at.start == 3 && int(at.end) <= len(p.scan.text) && p.scan.text[at.start] == 0xef:
					wide++
				default:
					fancy++
				}
			}
		}
		if fancy >= minFancy || fancy > 0 && wide > 0 && fancy+wide >= minFancy || fancy > 1 && fancy+plain >= 8 && plain > 1 || wide >= 3 && plain >= 3 {
			return true
		}
	}
	if total < 8 {
		return false
	}
	odd, stars := 0, 0
	for k := 1; k < p.n; k++ {
		gap := p.buf[p.groups[k-1].end:p.groups[k].start]
		if bytes.IndexByte(gap, '*') >= 0 {
			stars++
		}
		if isOdd(gap) {
			odd++
		}
	}
	return odd >= 2 && (stars < odd || p.n > 3) && !p.isList()
}

// isOdd reports whether what stands between two groups of digits is nothing that
// people write between them.
func isOdd(gap []byte) bool {
	if string(gap) == " — " || string(gap) == "•" || string(gap) == "·" || string(gap) == "●" {
		return true
	}
	gap = bytes.TrimSpace(gap)
	if len(gap) > 0 && gap[0] >= utf8.RuneSelf {
		switch r, _ := utf8.DecodeRune(gap); r {
		case '‐', '‑', '‒', '–', '—', '―', '−', '、', '，', '。', '·', '•':
			return false
		}
		return true
	}
	return bytes.ContainsAny(gap, "*~_|[]{}<>#=`^\"") || bytes.Contains(gap, []byte(")("))
}

// isList reports whether the groups are a list whose marks stand before each.
func (p *phoneScan) isList() bool {
	for k := 1; k < p.n; k++ {
		if p.groups[k].len() > 4 || p.groups[k].len() < 2 {
			return false
		}
	}
	first := p.groups[0].start
	gap := bytes.TrimSpace(p.buf[p.groups[0].end:p.groups[1].start])
	return bytes.HasSuffix(bytes.TrimRight(p.buf[:first], " "), gap)
}
