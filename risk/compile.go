package risk

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"

	"github.com/floorlight/floorlight/hub/event"
)

// What a set may hold at most. Each bounds the time or the memory that one
// tenant's rules can cost.
const (
	MaxSet         = 8 << 20 // bytes of JSON
	MaxRules       = 5_000
	MaxPhrases     = 100_000 // of all rules
	MaxPhraseBytes = 4 << 20 // of all phrases, as given
	MaxPhrase      = 200     // bytes of one phrase, as given
	MaxPatterns    = 1_000   // of all rules
	MaxPattern     = 1_000   // bytes of one pattern
	MaxProgram     = 2_000   // instructions of one pattern
	MaxPrograms    = 200_000 // instructions of all patterns
	MaxRepeat      = 200     // the largest bound in a repetition {n,m}
	MaxAllow       = 20_000  // entries of all allow-lists
	MaxUnless      = 200     // words of one rule
)

var idShape = regexp.MustCompile(`^[a-z0-9]+(?:[._-][a-z0-9]+)*$`)

// compiled is a rule as Check reads it.
type compiled struct {
	Rule
	allow  map[string]struct{}
	unless [][]byte
	// worded is the category of the model by whose wording the rule goes, counted
	// from 1, or 0.
	worded int
}

// compiledPattern is one pattern of a rule.
type compiledPattern struct {
	rule int32
	*program
}

// detectorRun is one detector of a rule.
type detectorRun struct {
	rule int32
	detector
	regions []string
}

// compiler turns rules into an engine and counts what they cost.
type compiler struct {
	*faults
	engine                                             *Engine
	words                                              literalsBuilder
	phrases, phraseBytes, patterns, programs, allowing int
}

// compile makes an engine, which is of no use if there are faults.
func compile(rules []Rule, origins []origin, allow []string, onFailure map[string]Policy, f *faults) *Engine {
	c := compiler{faults: f, engine: &Engine{onFailure: onFailure}}
	c.engine.pool.New = func() any { return new(scan) }
	if len(rules) > MaxRules {
		f.add("rules", "has %d rules, at most %d are allowed", len(rules), MaxRules)
		return nil
	}
	seen := map[string]int{}
	for i := range rules {
		f.part = origins[i].part
		f.at(origins[i].position, rules[i].ID)
		if first, ok := seen[rules[i].ID]; ok {
			f.add("id", "is the id of rule %d too", first)
			continue
		}
		seen[rules[i].ID] = i
		c.rule(rules[i])
	}
	f.part = PartSet
	f.at(-1, "")
	c.engine.allow = c.allowList("allow", allow)
	categories := map[string]bool{}
	for i := range rules {
		categories[rules[i].Category] = true
	}
	c.engine.categories = slices.Sorted(maps.Keys(categories))
	for _, category := range slices.Sorted(maps.Keys(onFailure)) {
		switch policy := onFailure[category]; {
		case !categories[category]:
			f.add("on_failure."+category, "no rule has that category; there are %s", strings.Join(c.engine.categories, ", "))
		case policy != Open && policy != Closed:
			f.add("on_failure."+category, "%q is none of closed, open", policy)
		}
	}
	for _, total := range []struct {
		field    string
		n, limit int
		what     string
	}{
		{"phrases", c.phrases, MaxPhrases, "phrases"},
		{"phrases", c.phraseBytes, MaxPhraseBytes, "bytes of phrases"},
		{"patterns", c.patterns, MaxPatterns, "patterns"},
		{"patterns", c.programs, MaxPrograms, "instructions of all patterns"},
		{"allow", c.allowing, MaxAllow, "entries of allow-lists"},
	} {
		if total.n > total.limit {
			f.add(total.field, "the set has %d %s, at most %d are allowed", total.n, total.what, total.limit)
		}
	}
	if len(f.list) > 0 {
		return nil
	}
	for t, words := range triggers {
		for _, w := range words {
			c.words.add(w, use{kind: useTrigger, index: int32(t)})
		}
	}
	c.engine.words = c.words.build()
	return c.engine
}

// rule checks one rule and adds it to the engine unless it is disabled. It
// finds every fault of the rule, not only the first.
func (c *compiler) rule(r Rule) {
	if r.Direction == "" {
		r.Direction = ToCustomer
	}
	c.head(&r)
	index := int32(len(c.engine.rules)) //nolint:gosec // at most MaxRules
	// A disabled rule is checked as if it were not, and its words are not kept.
	add := func(word string, u use) {
		if !r.Disabled {
			c.words.add(word, u)
		}
	}
	out := compiled{Rule: r, allow: c.allowList("allow", r.Allow), unless: c.warnings(r.Unless)}
	c.phrasesOf(&r, func(word string) { add(word, use{kind: usePhrase, index: index}) })
	for k, p := range r.Patterns {
		c.patterns++
		field := fmt.Sprintf("patterns[%d]", k)
		if c.patterns > MaxPatterns {
			break
		}
		parts, offset, err := compiledPatterns.compile(p)
		if err != nil {
			c.addAt(field, offset, err.Error())
			continue
		}
		c.programs += size(parts)
		if r.Disabled {
			continue
		}
		for _, part := range parts {
			c.pattern(index, part)
		}
	}
	for k, d := range r.Detectors {
		known, ok := detectors[d.Name]
		if !ok {
			c.add(fmt.Sprintf("detectors[%d].name", k), "%q is none of %s", d.Name, strings.Join(DetectorNames(), ", "))
			continue
		}
		for j, region := range d.Regions {
			if _, ok := phonenumbers.GetSupportedRegions()[region]; !ok {
				c.add(fmt.Sprintf("detectors[%d].regions[%d]", k, j), "%q is no country's code of two capital letters", region)
			}
		}
		out.worded = max(out.worded, known.worded)
		for _, q := range known.cues {
			add(q.word, use{kind: useCue, cue: q.kind})
		}
		for _, w := range known.senses {
			add(w.word, use{kind: useSense, index: w.sense})
			if utf8.RuneCountInString(w.word) >= minMirrored && !r.Disabled {
				c.words.add(mirrored(w.word)[0], use{kind: useTrigger, index: triggerReversed})
			}
		}
		if !r.Disabled {
			c.engine.detectors = append(c.engine.detectors, detectorRun{index, known, d.Regions})
			if known.worded > 0 {
				c.engine.worded[known.worded-1] = true
			}
		}
	}
	if len(r.Phrases)+len(r.Patterns)+len(r.Detectors) == 0 {
		c.add("phrases", "there are no phrases, patterns or detectors")
	}
	if r.Disabled {
		return
	}
	if out.Advice == (event.Text{}) {
		out.Advice = generalAdvice
	}
	c.engine.rules = append(c.engine.rules, out)
	c.engine.toCustomer = c.engine.toCustomer || r.Direction != FromCustomer
	c.engine.fromCustomer = c.engine.fromCustomer || r.Direction != ToCustomer
}

// pattern adds a part of a pattern of a rule.
func (c *compiler) pattern(rule int32, p part) {
	at := int32(len(c.engine.patterns)) //nolint:gosec // at most MaxPrograms
	for _, w := range p.literals {
		c.words.add(w.text, use{kind: usePattern, index: at, startsWord: w.startsWord, endsWord: w.endsWord})
		if utf8.RuneCountInString(w.text) >= minMirrored {
			c.words.add(mirrored(w.text)[0], use{kind: useTrigger, index: triggerReversed})
		}
	}
	c.engine.patterns = append(c.engine.patterns, compiledPattern{rule, p.program})
}

// head checks what all rules have.
func (c *compiler) head(r *Rule) {
	if len(r.ID) > 64 || !idShape.MatchString(r.ID) {
		c.add("id", "must be lower-case words joined by dots, at most 64 bytes")
	}
	if r.ID == UnjudgedRule {
		c.add("id", "stands for messages that could not be judged")
	}
	if len(r.Category) > 64 || !idShape.MatchString(r.Category) {
		c.add("category", "%q must be a lower-case word, at most 64 bytes", clip(r.Category))
	}
	if r.Severity != event.SeverityBlock && r.Severity != event.SeverityFlag && r.Severity != event.SeverityMonitor {
		c.add("severity", "%q is none of block, flag, monitor", clip(string(r.Severity)))
	}
	if r.Direction != ToCustomer && r.Direction != FromCustomer && r.Direction != Both {
		c.add("direction", "%q is none of to_customer, from_customer, both", clip(string(r.Direction)))
	}
	if strings.TrimSpace(r.Explanation.EN) == "" || strings.TrimSpace(r.Explanation.ZH) == "" {
		c.add("explanation", "must be given in en and zh")
	}
	if (strings.TrimSpace(r.Advice.EN) == "") != (strings.TrimSpace(r.Advice.ZH) == "") {
		c.add("advice", "must be given in en and zh, or in neither")
	}
	for _, t := range []struct{ field, text string }{
		{"explanation.en", r.Explanation.EN},
		{"explanation.zh", r.Explanation.ZH},
		{"advice.en", r.Advice.EN},
		{"advice.zh", r.Advice.ZH},
	} {
		if len(t.text) > maxText {
			c.add(t.field, "is %d bytes long, at most %d are allowed", len(t.text), maxText)
		}
	}
}

// maxText is how long an explanation or an advice may be, in bytes: both are
// stored with every violation.
const maxText = 1000

// generalAdvice is for rules that bring none.
var generalAdvice = event.Text{
	EN: "Take the marked part out and send the message again. If the block is wrong, dispute it.",
	ZH: "请删除标记的内容后重新发送。如果认为拦截有误，可以提出申诉。",
}

func (c *compiler) phrasesOf(r *Rule, add func(word string)) {
	for k, p := range r.Phrases {
		c.phrases++
		c.phraseBytes += len(p)
		if c.phrases > MaxPhrases || c.phraseBytes > MaxPhraseBytes {
			return
		}
		field := fmt.Sprintf("phrases[%d]", k)
		if len(p) > MaxPhrase {
			c.add(field, "is %d bytes long, at most %d are allowed", len(p), MaxPhrase)
			continue
		}
		if !utf8.ValidString(p) {
			c.addAt(field, strings.IndexRune(p, utf8.RuneError), "is not UTF-8")
			continue
		}
		n := normalised(p)
		if utf8.RuneCountInString(n) < 2 {
			c.add(field, "%q has fewer than two visible characters", p)
			continue
		}
		add(n)
		if c.phrases <= maxMirroredPhrases && utf8.RuneCountInString(n) >= minMirrored && !r.Disabled {
			c.words.add(mirrored(n)[0], use{kind: useTrigger, index: triggerReversed})
		}
	}
}

// allowList reads a list of what is let pass.
func (c *compiler) allowList(field string, list []string) map[string]struct{} {
	if len(list) == 0 {
		return nil
	}
	c.allowing += len(list)
	out := make(map[string]struct{}, len(list))
	for k, a := range list {
		if c.allowing > MaxAllow {
			break
		}
		n := normalised(a)
		switch {
		case n == "":
			c.add(fmt.Sprintf("%s[%d]", field, k), "is empty")
		case len(a) > MaxPhrase:
			c.add(fmt.Sprintf("%s[%d]", field, k), "is %d bytes long, at most %d are allowed", len(a), MaxPhrase)
		default:
			out[n] = struct{}{}
		}
	}
	return out
}

// warnings reads a rule's list of words that warn.
func (c *compiler) warnings(list []string) [][]byte {
	if len(list) > MaxUnless {
		c.add("unless", "has %d words, at most %d are allowed", len(list), MaxUnless)
		return nil
	}
	var out [][]byte
	for k, w := range list {
		n := normalised(w)
		if n == "" || len(n) > MaxPhrase {
			c.add(fmt.Sprintf("unless[%d]", k), "must have 1 to %d visible bytes", MaxPhrase)
			continue
		}
		out = append(out, []byte(n))
	}
	return out
}

// clip is a text of a message's sender short enough for an error.
func clip(s string) string {
	if len(s) > 80 {
		return s[:80] + "…"
	}
	return s
}

// applies reports whether a rule reads messages of context x.
func (c *compiled) applies(x *Context) bool {
	if x.From == "customer" {
		if c.Direction == ToCustomer {
			return false
		}
	} else if c.Direction == FromCustomer {
		return false
	}
	s := &c.Scope
	return (len(s.Tenants) == 0 || slices.Contains(s.Tenants, x.Tenant)) &&
		(len(s.Teams) == 0 || slices.Contains(s.Teams, x.Team)) &&
		(len(s.Channels) == 0 || slices.Contains(s.Channels, x.Channel)) &&
		(len(s.Markets) == 0 || slices.Contains(s.Markets, x.Market))
}

// normalised is text as the rules compare it.
func normalised(text string) string {
	var v view
	v.normalise(text)
	return strings.TrimSpace(string(v.buf))
}
