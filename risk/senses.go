package risk

import (
	"bytes"
	"unicode/utf8"
)

// A sense is what words of a list mean to a rule. One alone says nothing; those
// of a combination in one sentence, near each other and in any order, are an
// offence. Where the order of words matters a pattern is the better way.

// senseHit is where a word of a sense stood last, and in which view.
type senseHit struct{ start, end, turn int }

// combination is senses that together are an offence.
type combination struct {
	group  senseGroup
	senses []int32
	within int // how many bytes they may span
	// beside are common words of which one must stand in the sentence, and unless
	// words that take the meaning away. They are only looked for where the senses
	// were found, as they are in many messages.
	beside, unless [][]byte
	// wide says that unless is looked for in the sentences around, too.
	wide bool
}

// candidate is a combination that was found at [start,end) of a view.
type candidate struct {
	combination int32
	start, end  int
}

const (
	// senseSpan is how far apart the words of a combination may stand, unless it
	// says otherwise.
	senseSpan = 60
	// maxCandidates bounds what one view may yield.
	maxCandidates = 24
)

// sense notes a word of a sense at [a,b), and the combinations that it completes.
func (s *scan) sense(v *view, sense int32, a, b int) {
	if v.kind&wordViews == 0 || !wholeWord(v.buf, a, b) {
		return
	}
	if len(s.lastSense) < len(senses.bySense) {
		s.lastSense = make([]senseHit, len(senses.bySense))
	}
	s.lastSense[sense] = senseHit{a, b, s.turn}
	of := senses.bySense[sense]
	if s.spend(1 + len(of)/4) {
		return
	}
	for _, k := range of {
		c := &senses.combinations[k]
		start, ok := a, true
		for _, other := range c.senses {
			if other == sense {
				continue
			}
			h := s.lastSense[other]
			if h.turn != s.turn || b-h.start > c.within || h.end > a && h.start < b {
				ok = false
				break
			}
			start = min(start, h.start)
		}
		if ok && len(s.candidates) < maxCandidates && s.apart(c) {
			s.candidates = append(s.candidates, candidate{k, start, b})
		}
	}
}

// apart reports whether no word counts for two senses of a combination.
func (s *scan) apart(c *combination) bool {
	for i, x := range c.senses {
		for _, y := range c.senses[:i] {
			p, q := s.lastSense[x], s.lastSense[y]
			if p.start < q.end && q.start < p.end {
				return false
			}
		}
	}
	return true
}

// combinations reports those of one group that were found in the view.
func combinations(group senseGroup) func(s *scan, v *view, d *detectorRun) {
	return func(s *scan, v *view, d *detectorRun) {
		for _, k := range s.candidates {
			c := &senses.combinations[k.combination]
			if c.group != group || s.spend(24) || endsSentence(v.buf[k.start:k.end]) || s.unlike(v, d.rule, k.start, k.end) {
				continue
			}
			around := sentence(v.buf, k.start, k.end)
			told := around
			if c.wide {
				told = v.buf[max(0, k.start-sentenceReach):min(len(v.buf), k.end+sentenceReach)]
			}
			if s.spend((2+len(told)/32)*(len(c.unless)+len(c.beside))) || hasWord(told, c.unless) || len(c.beside) > 0 && !hasWord(around, c.beside) {
				continue
			}
			s.found(v, d.rule, k.start, k.end, nil)
		}
	}
}

// sentenceReach is how far around a combination its sentence is read.
const sentenceReach = 120

// sentence is what stands around [a,b) in the same sentence.
func sentence(buf []byte, a, b int) []byte {
	from, to := max(0, a-sentenceReach), min(len(buf), b+sentenceReach)
	for k := a; k > from; k-- {
		if endsSentence(buf[k-1 : min(k+1, len(buf))]) {
			from = k
		}
	}
	for k := b; k < to; k++ {
		if endsSentence(buf[k:min(k+2, len(buf))]) || bytes.HasPrefix(buf[k:], []byte("。")) {
			to = k
		}
	}
	return buf[from:to]
}

// hasWord reports whether one of the words stands in buf.
func hasWord(buf []byte, words [][]byte) bool {
	for _, w := range words {
		for from := 0; ; {
			k := bytes.Index(buf[from:], w)
			if k < 0 {
				break
			}
			if wholeWord(buf, from+k, from+k+len(w)) {
				return true
			}
			from += k + 1
		}
	}
	return false
}

// endsSentence reports whether a sentence or a line ends within b.
func endsSentence(b []byte) bool {
	for i, c := range b {
		switch c {
		case '\n', ';':
			return true
		case '.', '!', '?':
			if i+1 < len(b) && (b[i+1] == ' ' || b[i+1] >= utf8.RuneSelf) {
				return true
			}
		}
	}
	return bytes.Contains(b, []byte("。"))
}
