package risk

import "slices"

// A number is told with one half of it backwards, or with its halves in the wrong order:
// "07700, and the second half reversed: 164009", 先说后半 0937，再说前半 1882561.

// halves reports such a number: the text says so, and its digits, in two groups, are one
// when a half is turned around or both are swapped.
func (p *phoneScan) halves(report func(a, b int)) {
	var gs [2]group
	n := 0
	for i := 0; i < len(p.buf); {
		if !isDigit(p.buf[i]) {
			i++
			continue
		}
		a := i
		for i < len(p.buf) && isDigit(p.buf[i]) {
			i++
		}
		if i-a < 3 {
			continue // how many digits a half has
		}
		if n == len(gs) {
			return
		}
		gs[n] = group{a, i}
		n++
	}
	if n < len(gs) || p.scan.spend(64) {
		return
	}
	first, second := p.buf[gs[0].start:gs[0].end], p.buf[gs[1].start:gs[1].end]
	if size := len(first) + len(second); size < 10 || size > mobileSize || measured(p.buf) {
		return
	}
	var d [mobileSize]byte
	for _, variant := range [][2]bool{{false, true}, {true, false}, {true, true}} {
		k := turned(d[:0], first, variant[0])
		k = turned(k, second, variant[1])
		if p.isMobile(k) {
			report(gs[0].start, gs[1].end)
			return
		}
	}
	if k := turned(turned(d[:0], second, false), first, false); p.isMobile(k) {
		report(gs[0].start, gs[1].end)
	}
}

// turned appends digits to d, from the last to the first if they are backwards.
func turned(d, digits []byte, backwards bool) []byte {
	from := len(d)
	d = append(d, digits...)
	if backwards {
		slices.Reverse(d[from:])
	}
	return d
}

// isMobile reports whether digits are a mobile number of China, Britain or Taiwan, or a
// number of North America or India.
func (p *phoneScan) isMobile(d []byte) bool {
	switch n := len(d); {
	case isSequence(d):
		return false
	case n == mobileSize:
		return d[0] == '1' && d[1] >= '3' || d[0] == '0' && d[1] == '7'
	case n == 10:
		return d[0] == '0' && (d[1] == '9' || d[1] == '4') || p.valid(d, "US", false) || p.valid(d, "IN", false)
	}
	return false
}
