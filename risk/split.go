package risk

import (
	"bytes"
)

const (
	// maxLead and maxTail are how many bytes of words may stand before and
	// after the digits of a message that goes on with a number.
	maxLead = 24
	maxTail = 12
	// maxSplit is how long, normalised, a message may be that is read together
	// with those before it.
	maxSplit = 64
)

// split reads the message after what its sender wrote in the last minute: a
// number whose pieces were sent one by one is found where its last piece comes.
// Only messages that end in digits go on in one that begins with digits, so that
// prices and times in a row are none.
func (s *scan) split(w *Window) {
	src := &s.plain
	if len(src.buf) > maxSplit {
		return
	}
	lead, tail := digitSpan(src.buf)
	if lead == tail || lead > maxLead || len(src.buf)-tail > maxTail || tail < len(src.buf) && bytes.IndexByte([]byte(" ,.!?)\n"), src.buf[tail]) < 0 {
		return
	}
	oldest := s.context.At.Add(-windowFor).UnixMilli()
	from := w.n
	for from > 0 && w.fragments[from-1].at >= oldest {
		f := &w.fragments[from-1]
		a, b := digitSpan(f.text[:f.len])
		if a < b && int(f.len)-b > maxGap {
			break
		}
		from--
		if a == b || a > maxLead {
			break // words before the number, which say what it is
		}
	}
	v := &s.other
	v.reset()
	start, _ := src.origin(lead, lead+1)
	for k := from; k < w.n; k++ {
		f := &w.fragments[k]
		a, b := digitSpan(f.text[:f.len])
		if a == b {
			b = int(f.len)
		}
		if k == from {
			a = 0
		}
		for _, c := range f.text[a:b] {
			v.put(c, start, start)
		}
		v.put(' ', start, start)
	}
	if v.digits == 0 {
		return
	}
	s.boundary = len(v.buf)
	v.copyRaw(src, lead, len(src.buf))
	digits := v.digits + src.digits
	v.inherit(src)
	v.digits = digits
	s.read(v, splitView)
	s.boundary = 0
}

// digitSpan is where the last digits of a short text stand, with separators
// between them; an empty span if there are none.
func digitSpan(buf []byte) (a, b int) {
	for b = len(buf); b > 0 && !isDigit(buf[b-1]); {
		b--
	}
	for a = b; a > 0; {
		if isDigit(buf[a-1]) {
			a--
			continue
		}
		k := a
		for k > 0 && a-k < maxGapBytes && !isDigit(buf[k-1]) {
			k--
		}
		if k == 0 || k == a || !isDigit(buf[k-1]) || !onlySeparators(buf[k:a]) {
			break
		}
		a = k
	}
	return a, b
}
