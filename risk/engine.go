package risk

import (
	"bytes"
	"cmp"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"unicode/utf8"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/risk/wording"
)

// What one text may yield at most. The first matches are enough to explain a
// block, and the bound keeps a text made of matches as cheap as any other.
const (
	maxMatches  = 64
	maxFromRule = 8
	maxCues     = 512
	// keepBytes is the largest buffer that goes back to the pool.
	keepBytes = 1 << 18
	// maxWork is how much may be spent on a text of at most maxPriced bytes, in
	// steps of a pattern of 6 to 14 ns, at whose price all else is counted; 4,000
	// characters then take 1.6 ms at most (BenchmarkWorst). A message of the
	// corpora takes a sixth of it at most. Longer texts have as much more.
	maxWork   = 116_000
	maxPriced = 16_000
)

// Engine is a compiled set of rules. It is immutable and safe for concurrent
// use; make one with Compile or Default.
type Engine struct {
	rules        []compiled
	patterns     []compiledPattern
	detectors    []detectorRun
	words        literals
	allow        map[string]struct{}
	onFailure    map[string]Policy
	categories   []string
	toCustomer   bool                  // whether any rule reads what goes to the customer
	fromCustomer bool                  // whether any rule reads what comes from him
	worded       [wording.Columns]bool // the categories of which a rule goes by the wording
	pool         sync.Pool
}

// match is a rule's hit, in offsets of the text as it was sent.
type match struct {
	rule       int32
	start, end int
}

// cueHit is a cue word in a view, at [start,end).
type cueHit struct {
	cue        cueKind
	start, end int
}

// dueRange is where the literals of a pattern stand: in [from,to).
type dueRange struct {
	pattern  int32
	from, to int
}

// scan is everything that one check needs, reused by the next one.
type scan struct {
	engine  *Engine
	context Context
	text    string // as it was sent
	// The views of the text. Only the plain one is always made.
	plain, joined, other, spare, glued, column view
	pieces                                     []piece
	units                                      []numeral
	row                                        digitRow
	token                                      [maxHandle]byte
	tokens                                     [maxDisguised]disguise
	mixer                                      mixedReader
	mixedRow                                   [maxMixedRow]mixedToken
	runs                                       []numeralRun
	planned                                    []planned      // what was looked up for the text
	triggers                                   [nTriggers]int // how often which trigger stands in the text
	// mirrored is where names stand backwards in the view that was read last.
	mirrored   [maxMirrored]group
	turned     [maxMirrored]group // the same of the view that is turned
	nMirrored  int
	cues       []cueHit
	due        []dueRange // where the patterns whose literals the view holds may match
	dueAt      []int32    // by pattern: its last entry in due, perhaps
	lastSense  []senseHit // by sense: where a word of it stood last in the view
	candidates []candidate
	turn       int     // counts the views read, as what was noted of the last one is left
	sounds     []sound // of the view that is read aloud
	codes      []byte  // their codes
	heard      []soundWord
	machine    machine
	edits      [maxEdits]edit
	// reader scores the wording of the view that wordedAt says, by its turn, and worded
	// is what it found of each category.
	reader   wording.Reader
	wordedAt int
	worded   [wording.Columns]worded
	// linked are the links of the view that linkedAt says, in the same way.
	linked   []link
	linkedAt int
	// work is what may still be spent on the text; below 0 it is exhausted.
	work    int
	matches []match
	// tookBack are those that the plain view's wording took back.
	tookBack []match
	// pieced says that the view begins with what the sender wrote before;
	// relaxed, that the pieces are said to belong together.
	pieced, relaxed bool
	// mixed says that the last piece has digits of several kinds side by side.
	mixed bool
	// earlier are the messages before, and spoken the text of those with words for digits.
	earlier [maxFragments]toldPiece
	spoken  []byte
	// addressed are the pieces of an address.
	addressed [maxAddressPieces][maxFragment]byte
	// handle is where a view holds one that several messages told.
	handle group
}

// Check judges a text that is to be sent. Offsets in the result are bytes of
// text. A text of any bytes is judged; bad UTF-8 is read as U+FFFD.
func (e *Engine) Check(text string, c Context) (r Result) {
	r.Verdict = event.Allow
	if text == "" || c.From == "customer" && !e.fromCustomer || c.From != "customer" && !e.toCustomer {
		return r
	}
	s, _ := e.pool.Get().(*scan)
	// A defect of ours must neither let a message through nor end the process.
	// What the scan holds then is not to be trusted, and is not used again.
	defer func() {
		if p := recover(); p != nil {
			r = e.Unjudged(text, c, ReasonFault)
			r.Fault = fmt.Errorf("risk: the engine panicked: %T at %s", p, debug.Stack())
		}
	}()
	s.engine, s.context = e, c
	s.matches, s.tookBack, s.planned = s.matches[:0], s.tookBack[:0], s.planned[:0]
	s.work, s.pieced, s.relaxed = share(len(text)), false, false
	s.readAll(text)
	if len(s.matches) > 0 {
		r = s.result()
	}
	if s.work < 0 && r.Verdict != event.Block {
		e.unjudged(&r, text, c, ReasonBudget)
	}
	if s.context, s.text = (Context{}), ""; cap(s.plain.buf) <= keepBytes {
		e.pool.Put(s)
	}
	return r
}

// share is how much may be spent on a text of n bytes.
func share(n int) int { return maxWork * max(n, maxPriced) / maxPriced }

// read looks for all rules' matches in one view.
func (s *scan) read(v *view, kind viewKind) {
	v.kind, v.hosts = kind, holdsHost(v.buf)
	s.cues, s.due, s.nMirrored = s.cues[:0], s.due[:0], 0
	s.candidates = s.candidates[:0]
	s.turn++
	if s.spend(2*len(v.buf) + 4*v.digits) {
		return
	}
	s.literals(v)
	for _, due := range s.due {
		if p := &s.engine.patterns[due.pattern]; kind&alteredViews == 0 || !s.readBefore(v, p, due) {
			s.pattern(v, p, due)
		}
	}
	for i := range s.engine.detectors {
		if s.work < 0 {
			return
		}
		d := &s.engine.detectors[i]
		if s.pieced && d.views&splitView != 0 && kind != splitView && (kind != numbersView || s.glued.digits >= minDisguised && s.triggers[triggerNumeral] < minDisguised && !s.mixed) {
			continue // digits of several messages are read by themselves
		}
		if d.reads(v) && s.engine.rules[d.rule].applies(&s.context) {
			d.run(s, v, d)
		}
	}
}

// literals handles the words of all rules in the view.
func (s *scan) literals(v *view) {
	words := &s.engine.words
	words.walk(v.buf, func(word int32, end int) bool {
		// A word that many rules share is paid for by each.
		if s.spend(len(words.uses[word])) {
			return false
		}
		for _, u := range words.uses[word] {
			s.literal(v, u, end-len(words.words[word]), end)
		}
		return true
	})
}

// literal handles one hit of the literal pass at [a,b) of the view.
func (s *scan) literal(v *view, u use, a, b int) {
	switch u.kind {
	case useCue:
		if startsWord(v.buf, a) && (endsCue(v.buf, b) || v.buf[a] >= utf8.RuneSelf && !bytes.HasPrefix(v.buf[b:], []byte("ip"))) && len(s.cues) < maxCues {
			s.cues = append(s.cues, cueHit{u.cue, a, b})
		}
	case usePattern:
		if v.kind&wordViews != 0 && (!u.startsWord || a == 0 || !inWord(v.buf[a-1])) && (!u.endsWord || b == len(v.buf) || !inWord(v.buf[b])) {
			s.dueFor(u.index, a, b)
		}
	case useTrigger:
		if (u.index == triggerMirrored || u.index == triggerReversed || u.index == triggerDomain) && !wholeWord(v.buf, a, b) {
			return
		}
		if u.index == triggerMirrored && v.buf[b-1] == '.' && (b == len(v.buf) || !isWord(v.buf[b])) {
			return // the end of a sentence and not a domain backwards
		}
		s.triggers[u.index]++
		if u.index == triggerMirrored && s.nMirrored < len(s.mirrored) {
			s.mirrored[s.nMirrored] = group{a, b}
			s.nMirrored++
		}
	case useSense:
		s.sense(v, u.index, a, b)
	case usePhrase:
		if v.kind&wordViews != 0 && wholeWord(v.buf, a, b) && s.engine.rules[u.index].applies(&s.context) {
			s.found(v, u.index, a, b, nil)
		}
	}
}

// dueFor notes that a pattern's literal stands at [a,b). Literals near each other
// are one range, so that no place is looked at for each of them.
func (s *scan) dueFor(pattern int32, a, b int) {
	p := &s.engine.patterns[pattern]
	if len(s.dueAt) < len(s.engine.patterns) {
		s.dueAt = make([]int32, len(s.engine.patterns))
	}
	if k := int(s.dueAt[pattern]); k < len(s.due) && s.due[k].pattern == pattern {
		if d := &s.due[k]; a-p.before-p.after <= d.to {
			d.from, d.to = min(d.from, a), max(d.to, b)
			return
		}
	} else if !s.engine.rules[p.rule].applies(&s.context) {
		return
	}
	s.dueAt[pattern] = int32(len(s.due)) //nolint:gosec // bounded by the text
	s.due = append(s.due, dueRange{pattern, a, b})
}

// pattern runs one pattern near its literals.
func (s *scan) pattern(v *view, p *compiledPattern, due dueRange) {
	from, to := max(0, due.from-p.before), min(len(v.buf), due.to+p.after)
	for range maxFromRule {
		if s.work < 0 {
			return
		}
		a, b, ok := s.machine.find(p.program, v.buf, from, due.to-1, to, &s.work)
		if !ok {
			return
		}
		from = b
		if g := s.machine.group; g[0] >= 0 && g[0] < g[1] {
			a, b = g[0], g[1]
		}
		if !s.unlike(v, p.rule, a, b) {
			s.found(v, p.rule, a, b, nil)
		}
		if from > due.to-1 {
			return
		}
	}
}

// readBefore reports whether all that a pattern can see around its literals stands
// in another view, too, where it ran.
func (s *scan) readBefore(v *view, p *compiledPattern, due dueRange) bool {
	if s.pieced || s.spend(8) {
		return false
	}
	from, to := max(0, due.from-p.before-1), min(len(v.buf), due.to+p.after+1)
	return s.plain.holds(v, from, to) || v != &s.joined && s.joined.kind == joinedView && s.joined.holds(v, from, to)
}

// found records a match of rule at [a,b) of v. host is the host name in it, for
// the rule's allow-list.
func (s *scan) found(v *view, rule int32, a, b int, host []byte) {
	start, end := v.origin(a, b)
	if s.pieced {
		if start >= 0 || end <= 0 {
			return // what one message holds alone was found in it
		}
		start = v.firstHere(a, b)
	}
	r := &s.engine.rules[rule]
	n, longer := 0, -1
	for k, m := range s.matches {
		if m.rule != rule {
			continue
		}
		if m.start < end && start < m.end {
			// Of a rule's own overlapping matches the longest tells most.
			if end-start <= m.end-m.start {
				return
			}
			longer = k
			break
		}
		if n++; n >= maxFromRule {
			return
		}
	}
	// Rules that block have room when the others have used up theirs.
	if n := len(s.matches); n >= maxMatches && r.Severity != event.SeverityBlock || n >= 2*maxMatches ||
		s.spend(4+4*len(r.unless)) || s.allowed(r, v.buf, a, b, host) || s.told(r, v.buf, a, b) || s.toldOpenly(v, r, start, end) {
		return
	}
	if longer >= 0 {
		s.matches[longer] = match{rule, start, end}
		return
	}
	s.matches = append(s.matches, match{rule, start, end})
}

// spend takes work out of what is left and reports whether it is used up.
func (s *scan) spend(work int) bool {
	if s.work >= 0 {
		s.work -= work
	}
	return s.work < 0
}

// result resolves overlaps and puts the matches into words.
func (s *scan) result() Result {
	rules := s.engine.rules
	slices.SortFunc(s.matches, func(a, b match) int {
		return cmp.Or(cmp.Compare(rank(rules[b.rule].Severity), rank(rules[a.rule].Severity)),
			cmp.Compare(a.rule, b.rule), cmp.Compare(a.start, b.start))
	})
	kept := s.matches[:0]
	for _, m := range s.matches {
		if !slices.ContainsFunc(kept, func(k match) bool {
			// The wording tells nothing where something more precise was found.
			return (k.start < m.end && m.start < k.end || rules[m.rule].worded > 0) && rules[k.rule].Category == rules[m.rule].Category ||
				k.start <= m.start && m.end <= k.end && rank(rules[k.rule].Severity) > rank(rules[m.rule].Severity)
		}) {
			kept = append(kept, m)
		}
	}
	s.matches = kept
	slices.SortStableFunc(kept, func(a, b match) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end))
	})

	out := Result{Verdict: event.Allow, Rules: make([]string, 0, len(kept))}
	for _, m := range kept {
		r := &rules[m.rule]
		if !slices.Contains(out.Rules, r.ID) {
			out.Rules = append(out.Rules, r.ID)
		}
		switch r.Severity {
		case event.SeverityMonitor:
			continue
		case event.SeverityBlock:
			out.Verdict = event.Block
		case event.SeverityFlag:
			if out.Verdict == event.Allow {
				out.Verdict = event.Flag
			}
		}
		out.Violations = append(out.Violations, event.Violation{
			Rule: r.ID, Category: r.Category, Severity: r.Severity,
			Start: m.start, End: m.end, Explanation: s.explained(r), Advice: r.Advice,
		})
	}
	return out
}

func rank(s event.Severity) int {
	switch s {
	case event.SeverityBlock:
		return 2
	case event.SeverityFlag:
		return 1
	case event.SeverityMonitor:
		return 0
	}
	return 0
}

// wholeWord reports whether [a,b) does not begin or end inside a Latin word or
// a number.
func wholeWord(buf []byte, a, b int) bool {
	return startsWord(buf, a) && (b == len(buf) || !isWord(buf[b-1]) || !isWord(buf[b]))
}

func startsWord(buf []byte, a int) bool { return a == 0 || !isWord(buf[a]) || !isWord(buf[a-1]) }

// endsCue reports whether a cue may end at b: a number may be glued to it.
func endsCue(buf []byte, b int) bool {
	return b == len(buf) || !isLetter(buf[b-1]) || !isLetter(buf[b])
}

// inWord reports whether \b takes a byte for a part of a word.
func inWord(c byte) bool { return isWord(c) || c == '_' }
