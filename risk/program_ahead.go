package risk

import (
	"regexp/syntax"
	"unicode/utf8"
)

// note is what the machine knows about an instruction before it runs it.
type note struct {
	// ahead are the classes of the bytes with which a run can go on from here.
	// A list of two hundred words is two hundred instructions to try at every
	// place, and nearly none of them begins with what stands there.
	ahead uint64
	// join is its number among those at which several paths meet, or -1. Only
	// these can be reached twice at one place, so only they are remembered.
	join int32
}

// aheadMatch says that a run can end without reading anything more.
const aheadMatch = 1 << 63

// byteClass puts the bytes into 62 classes: those that words begin with have their
// own.
var byteClass = func() (t [256]uint8) {
	for c := range t {
		switch b := byte(c); {
		case isLetter(b):
			t[c] = b - 'a'
		case isDigit(b):
			t[c] = 26 + b - '0'
		case b == ' ':
			t[c] = 36
		case b == '.' || b == ',':
			t[c] = 37
		case b == '\n':
			t[c] = 38
		case b < utf8.RuneSelf:
			t[c] = 39 + b&7
		case b < 0xe0:
			t[c] = 47 + b&1
		case b < 0xec: // most of Chinese
			t[c] = 49 + b - 0xe0
		default:
			t[c] = 61
		}
	}
	return t
}()

// beyondASCII are the classes of all bytes of longer characters.
var beyondASCII = func() (set uint64) {
	for c := utf8.RuneSelf; c < 256; c++ {
		set |= 1 << byteClass[c]
	}
	return set
}()

// annotate writes the notes.
func (p *program) annotate() {
	p.notes = make([]note, len(p.insts))
	into := make([]int, len(p.insts))
	into[p.start] = 1
	for pc := range p.insts {
		i := &p.insts[pc]
		switch i.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			into[i.Out]++
			into[i.Arg]++
		case syntax.InstFail:
		case syntax.InstMatch:
			p.notes[pc].ahead = aheadMatch
		case syntax.InstCapture, syntax.InstNop, syntax.InstEmptyWidth:
			into[i.Out]++
		case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
			into[i.Out]++
			p.notes[pc].ahead = beginnings(i)
		}
	}
	for pc, n := range into {
		p.notes[pc].join = -1
		if n > 1 {
			p.notes[pc].join = p.joins
			p.joins++
		}
	}
	for changed := true; changed; {
		changed = false
		for pc := range p.insts {
			i, n := &p.insts[pc], &p.notes[pc]
			was := n.ahead
			switch i.Op {
			case syntax.InstAlt, syntax.InstAltMatch:
				n.ahead |= p.notes[i.Out].ahead | p.notes[i.Arg].ahead
			case syntax.InstCapture, syntax.InstNop, syntax.InstEmptyWidth:
				n.ahead |= p.notes[i.Out].ahead
			case syntax.InstFail, syntax.InstMatch, syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
			}
			changed = changed || n.ahead != was
		}
	}
}

// beginnings are the classes of the bytes that begin what i matches.
func beginnings(i *syntax.Inst) (set uint64) {
	if !plainRunes(i) {
		for r := range rune(utf8.RuneSelf) {
			if i.MatchRune(r) {
				set |= 1 << byteClass[r]
			}
		}
		return set | beyondASCII
	}
	for k := 0; k < len(i.Rune); k += 2 {
		lo, hi := i.Rune[k], i.Rune[min(k+1, len(i.Rune)-1)]
		for r := lo; r <= min(hi, utf8.RuneSelf-1); r++ {
			set |= 1 << byteClass[r]
		}
		if hi < utf8.RuneSelf {
			continue
		}
		if lo <= utf8.RuneError && utf8.RuneError <= hi {
			set |= beyondASCII // a bad byte, too
		}
		for c := lead(max(lo, utf8.RuneSelf)); c <= lead(hi); c++ {
			set |= 1 << byteClass[c]
		}
	}
	return set
}

// plainRunes reports whether an instruction names the characters that it matches
// one by one or in ranges.
func plainRunes(i *syntax.Inst) bool {
	return (i.Op == syntax.InstRune || i.Op == syntax.InstRune1) && syntax.Flags(i.Arg)&syntax.FoldCase == 0 //nolint:gosec // flags fit
}

// lead is the first byte of a character.
func lead(r rune) int {
	var b [utf8.UTFMax]byte
	utf8.EncodeRune(b[:], r)
	return int(b[0])
}
