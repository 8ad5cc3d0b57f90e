package risk

import (
	"regexp/syntax"
	"unicode/utf8"
)

// maxReach is how far, in bytes, a match may stretch from the literal that is
// in it, where the pattern itself sets no bound.
const maxReach = 256

// program is a compiled pattern. It is run by a backtracking machine that goes on
// from no pair of instruction and place twice and counts its steps, so that the work
// for one text can be bounded exactly. The standard library's has neither a count
// nor a way to look at a part of a text in its context.
type program struct {
	insts []syntax.Inst
	notes []note // by instruction
	joins int32  // how many of them are joins
	start uint32
	first [256]bool // the bytes with which a match can begin
	// before and after are how far from a literal's start a match can begin, and
	// from its end end, in bytes.
	before, after int
	// wordStart says that every match begins at the edge of a word.
	wordStart bool
}

func newProgram(prog *syntax.Prog) *program {
	p := &program{insts: prog.Inst, start: uint32(prog.Start)} //nolint:gosec // at most MaxProgram
	p.annotate()
	seen := make([]bool, len(p.insts))
	var walk func(pc uint32)
	walk = func(pc uint32) {
		if seen[pc] {
			return
		}
		seen[pc] = true
		i := &p.insts[pc]
		switch i.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			walk(i.Out)
			walk(i.Arg)
		case syntax.InstCapture, syntax.InstNop, syntax.InstEmptyWidth:
			walk(i.Out)
		case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
			for r := range rune(utf8.RuneSelf) {
				p.first[r] = p.first[r] || i.MatchRune(r)
			}
			p.leads(i)
		case syntax.InstFail, syntax.InstMatch:
		}
	}
	walk(p.start)
	first := &p.insts[p.start]
	for first.Op == syntax.InstNop || first.Op == syntax.InstCapture {
		first = &p.insts[first.Out]
	}
	p.wordStart = first.Op == syntax.InstEmptyWidth && syntax.EmptyOp(first.Arg)&syntax.EmptyWordBoundary != 0 //nolint:gosec // conditions fit
	return p
}

// leads adds the leading bytes of the characters beyond ASCII that i matches.
func (p *program) leads(i *syntax.Inst) {
	from, to := 0xc2, 0xf4
	if !plainRunes(i) {
		for c := from; c <= to; c++ {
			p.first[c] = true
		}
		return
	}
	for k := 0; k < len(i.Rune); k += 2 {
		lo, hi := i.Rune[k], i.Rune[min(k+1, len(i.Rune)-1)]
		if len(i.Rune) == 1 {
			hi = lo
		}
		if hi < utf8.RuneSelf {
			continue
		}
		for c := lead(max(lo, utf8.RuneSelf)); c <= lead(hi); c++ {
			p.first[c] = true
		}
	}
}

// job is an instruction to try at a place, or a place of the group to restore.
type job struct {
	pc    uint32
	at    int32
	group int8 // 0, or 1 and 2 to restore the group's start and end
}

// machine is what a run of a program needs, reused by the next one.
type machine struct {
	jobs    []job
	visited []uint64
	group   [2]int
}

// find looks for the first match in buf that begins in [from,last] and ends by
// to. It takes its steps out of *work, and gives up when that is used up: then
// the answer is not known. group is the first group's span, or empty.
func (m *machine) find(p *program, buf []byte, from, last, to int, work *int) (a, b int, ok bool) {
	width := to - from + 1
	words := (int(p.joins)*width + 63) / 64
	if cap(m.visited) < words {
		m.visited = make([]uint64, words)
	}
	m.visited = m.visited[:words]
	clear(m.visited)
	*work -= words / 16
	for at := from; at <= last && at < to; at++ {
		if !p.first[buf[at]] || p.wordStart && at > 0 && isWord(buf[at]) && (isWord(buf[at-1]) || buf[at-1] == '_') {
			continue
		}
		*work -= 2
		if end := m.try(p, buf, at, from, to, work); end >= 0 {
			return at, end, true
		}
		if *work < 0 {
			return 0, 0, false
		}
	}
	return 0, 0, false
}

// try matches at one place and returns where the match ends, or -1.
func (m *machine) try(p *program, buf []byte, at, from, to int, work *int) int {
	m.group = [2]int{-1, -1}
	m.jobs = append(m.jobs[:0], job{p.start, int32(at), 0}) //nolint:gosec // a text is far below 2 GiB
	width := to - from + 1
	for len(m.jobs) > 0 {
		j := m.jobs[len(m.jobs)-1]
		m.jobs = m.jobs[:len(m.jobs)-1]
		if j.group > 0 {
			m.group[j.group-1] = int(j.at)
			continue
		}
		pc, pos := j.pc, int(j.at)
	thread:
		for {
			if *work--; *work < 0 {
				return -1
			}
			if join := p.notes[pc].join; join >= 0 {
				n := int(join)*width + pos - from
				if bit := uint64(1) << (n & 63); m.visited[n>>6]&bit != 0 {
					break
				} else {
					m.visited[n>>6] |= bit
				}
			}
			i := &p.insts[pc]
			switch i.Op {
			case syntax.InstAlt, syntax.InstAltMatch:
				ahead := uint64(aheadMatch)
				if pos < to {
					ahead |= 1 << byteClass[buf[pos]]
				}
				out, arg := p.notes[i.Out].ahead&ahead != 0, p.notes[i.Arg].ahead&ahead != 0
				switch {
				case !out && !arg:
					break thread
				case !out:
					pc = i.Arg
					continue
				case arg:
					m.jobs = append(m.jobs, job{i.Arg, int32(pos), 0}) //nolint:gosec // as above
				}
				pc = i.Out
			case syntax.InstCapture:
				if g := int(i.Arg) - 2; g == 0 || g == 1 {
					m.jobs = append(m.jobs, job{0, int32(m.group[g]), int8(g + 1)}) //nolint:gosec // as above
					m.group[g] = pos
				}
				pc = i.Out
			case syntax.InstNop:
				pc = i.Out
			case syntax.InstEmptyWidth:
				if syntax.EmptyOp(i.Arg)&^emptyAt(buf, pos) != 0 { //nolint:gosec // conditions fit
					break thread
				}
				pc = i.Out
			case syntax.InstMatch:
				return pos
			case syntax.InstFail:
				break thread
			case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
				if pos >= to {
					break thread
				}
				r, size := rune(buf[pos]), 1
				if r >= utf8.RuneSelf {
					r, size = utf8.DecodeRune(buf[pos:])
				}
				if i.Op == syntax.InstRune1 && r != i.Rune[0] || i.Op == syntax.InstRune && !i.MatchRune(r) || i.Op == syntax.InstRuneAnyNotNL && r == '\n' {
					break thread
				}
				if pos += size; pos > to {
					break thread
				}
				pc = i.Out
			}
		}
	}
	return -1
}

// emptyAt is which conditions on a place hold at i.
func emptyAt(buf []byte, i int) (op syntax.EmptyOp) {
	before, after := rune(-1), rune(-1)
	if i > 0 {
		before = rune(buf[i-1])
	} else {
		op |= syntax.EmptyBeginText | syntax.EmptyBeginLine
	}
	if i < len(buf) {
		after = rune(buf[i])
	} else {
		op |= syntax.EmptyEndText | syntax.EmptyEndLine
	}
	if before == '\n' {
		op |= syntax.EmptyBeginLine
	}
	if after == '\n' {
		op |= syntax.EmptyEndLine
	}
	// A byte of a longer character is no word character, as with \b in RE2.
	if syntax.IsWordChar(before) != syntax.IsWordChar(after) {
		return op | syntax.EmptyWordBoundary
	}
	return op | syntax.EmptyNoWordBoundary
}
