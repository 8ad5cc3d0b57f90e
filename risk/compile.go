package risk

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/floorlight/floorlight/hub/event"
)

// maxPhrase is how long a phrase may be, in bytes as given.
const maxPhrase = 200

var idShape = regexp.MustCompile(`^[a-z0-9]+(?:[._-][a-z0-9]+)*$`)

// compiled is a rule as Check reads it.
type compiled struct {
	Rule
	re     *regexp.Regexp
	detect detector
	allow  []string
	unless []string
}

// Compile makes an engine from rules. It refuses the list with a *RuleError for
// every faulty rule (all of them, joined), and then there is no engine: the
// caller keeps the one it has.
func Compile(rules []Rule) (*Engine, error) {
	e := &Engine{}
	e.pool.New = func() any { return new(scan) }
	var b literalsBuilder
	var faults []error
	seen := map[string]int{}
	for i, r := range rules {
		if first, ok := seen[r.ID]; ok {
			faults = append(faults, &RuleError{i, r.ID, "id", fmt.Errorf("is the id of rule %d too", first)})
			continue
		}
		seen[r.ID] = i
		c, err := compileRule(r, func(word string, cue cueKind) {
			switch {
			case r.Off:
			case cue != cueNone:
				b.add(word, use{noRule, cue})
			default:
				b.add(word, use{rule: int32(len(e.rules))}) //nolint:gosec // a list of rules is short
			}
		})
		if err != nil {
			err.Position, err.ID = i, r.ID
			faults = append(faults, err)
			continue
		}
		if r.Off {
			continue
		}
		if c.detect.run != nil {
			e.detectors = append(e.detectors, int32(len(e.rules))) //nolint:gosec // a list of rules is short
		}
		e.rules = append(e.rules, c)
		e.toCustomer = e.toCustomer || c.Direction != FromCustomer
		e.fromCustomer = e.fromCustomer || c.Direction != ToCustomer
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	e.words = b.build()
	return e, nil
}

// compileRule checks one rule and tells add its literals.
func compileRule(r Rule, add func(word string, cue cueKind)) (compiled, *RuleError) {
	if r.Direction == "" {
		r.Direction = ToCustomer
	}
	c := compiled{Rule: r}
	bad := func(field, format string, args ...any) (compiled, *RuleError) {
		return compiled{}, &RuleError{Field: field, Err: fmt.Errorf(format, args...)}
	}
	switch {
	case len(r.ID) > 64 || !idShape.MatchString(r.ID):
		return bad("id", "must be lower-case words joined by dots, at most 64 bytes")
	case len(r.Category) > 64 || !idShape.MatchString(r.Category):
		return bad("category", "%q must be a lower-case word, at most 64 bytes", r.Category)
	case r.Severity != event.SeverityBlock && r.Severity != event.SeverityFlag && r.Severity != event.SeverityMonitor:
		return bad("severity", "%q is none of block, flag, monitor", r.Severity)
	case r.Direction != ToCustomer && r.Direction != FromCustomer && r.Direction != Both:
		return bad("direction", "%q is none of to_customer, from_customer, both", r.Direction)
	case strings.TrimSpace(r.Explanation.EN) == "" || strings.TrimSpace(r.Explanation.ZH) == "":
		return bad("explanation", "must be given in en and zh")
	}
	c.allow = make([]string, 0, len(r.Allow))
	for k, a := range r.Allow {
		n := normalised(a)
		if n == "" {
			return bad("allow", "entry %d is empty", k)
		}
		c.allow = append(c.allow, n)
	}
	for k, w := range r.Unless {
		n := normalised(w)
		if n == "" {
			return bad("unless", "entry %d is empty", k)
		}
		c.unless = append(c.unless, n)
	}
	switch r.Kind {
	case KindPhrase:
		if len(r.Phrases) == 0 {
			return bad("phrases", "is empty")
		}
		for k, p := range r.Phrases {
			n := normalised(p)
			switch {
			case len(p) > maxPhrase:
				return bad("phrases", "phrase %d is %d bytes long, at most %d are allowed", k, len(p), maxPhrase)
			case !utf8.ValidString(p):
				return bad("phrases", "phrase %d is not UTF-8", k)
			case utf8.RuneCountInString(n) < 2:
				return bad("phrases", "phrase %d %q has fewer than two visible characters", k, p)
			}
			add(n, cueNone)
		}
	case KindRegexp:
		re, words, err := compilePattern(r.Pattern)
		if err != nil {
			return bad("pattern", "%w", err)
		}
		c.re = re
		for _, w := range words {
			add(w, cueNone)
		}
	case KindDetector:
		d, ok := detectors[r.Detector]
		if !ok {
			return bad("detector", "%q is none of %s", r.Detector, strings.Join(DetectorNames(), ", "))
		}
		c.detect = d
		for _, q := range d.cues {
			add(q.word, q.kind)
		}
	default:
		return bad("kind", "%q is none of phrase, regexp, detector", r.Kind)
	}
	if r.Kind != KindPhrase && len(r.Phrases) > 0 {
		return bad("phrases", "belongs to rules of kind phrase")
	}
	if r.Kind != KindRegexp && r.Pattern != "" {
		return bad("pattern", "belongs to rules of kind regexp")
	}
	if r.Kind != KindDetector && r.Detector != "" {
		return bad("detector", "belongs to rules of kind detector")
	}
	return c, nil
}

// applies reports whether a rule reads messages of context x.
func (c *compiled) applies(x Context) bool {
	if x.From == "customer" {
		if c.Direction == ToCustomer {
			return false
		}
	} else if c.Direction == FromCustomer {
		return false
	}
	s := &c.Scope
	return (len(s.Tenants) == 0 || slices.Contains(s.Tenants, x.Tenant)) &&
		(len(s.Channels) == 0 || slices.Contains(s.Channels, x.Channel)) &&
		(len(s.Markets) == 0 || slices.Contains(s.Markets, x.Market))
}

// allowed reports whether the rule lets a match pass. host is the match's host
// name if it has one.
func (c *compiled) allowed(match, host []byte) bool {
	for _, a := range c.allow {
		if string(match) == a {
			return true
		}
		if n := len(host) - len(a); n == 0 && string(host) == a || n > 0 && host[n-1] == '.' && string(host[n:]) == a {
			return true
		}
	}
	return false
}

// unlessWindow is how many bytes may stand between a warning word and a match.
const unlessWindow = 15

// warned reports whether a word of Unless stands before a match that begins at
// start, in the same clause.
func (c *compiled) warned(buf []byte, start int) bool {
	for _, w := range c.unless {
		from := max(0, start-unlessWindow-len(w))
		k := bytes.LastIndex(buf[from:start], []byte(w))
		if k < 0 || !wholeWord(buf, from+k, from+k+len(w)) {
			continue
		}
		between := buf[from+k+len(w) : start]
		if !bytes.ContainsAny(between, ",.!?;:\n，。！？；、") {
			return true
		}
	}
	return false
}

// normalised is text as the rules compare it.
func normalised(text string) string {
	var v view
	v.normalise(text)
	return strings.TrimSpace(string(v.buf))
}
