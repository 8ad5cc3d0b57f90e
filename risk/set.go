package risk

import (
	"fmt"
	"slices"

	"github.com/floorlight/floorlight/hub/event"
)

// Set is a tenant's rules as they are stored and edited: those of a preset,
// what is changed about them, and rules of the tenant's own. Its JSON has the
// names below; members that are not among them are refused.
type Set struct {
	// Preset is one of Presets; the zero Preset is default.
	Preset string `json:"preset,omitempty"`
	// Changes are to the preset's rules, at most one for each.
	Changes []Change `json:"changes,omitempty"`
	// Rules come before the preset's, so that of two that find the same the
	// tenant's own is named.
	Rules []Rule `json:"rules,omitempty"`
	// Allow is what all rules let pass; see Rule.Allow.
	Allow []string `json:"allow,omitempty"`
	// OnFailure is by category; what is not named is Closed.
	OnFailure map[string]Policy `json:"on_failure,omitempty"`
}

// Change is what a tenant has changed about one of the preset's rules. Members
// that are absent leave the rule as it is.
type Change struct {
	ID          string         `json:"id"`
	Disabled    *bool          `json:"disabled,omitzero"`
	Severity    event.Severity `json:"severity,omitzero"`
	Direction   Direction      `json:"direction,omitzero"`
	Scope       *Scope         `json:"scope,omitzero"`
	Explanation *event.Text    `json:"explanation,omitzero"`
	Advice      *event.Text    `json:"advice,omitzero"`
	// Regions take the place of those of the rule's detectors.
	Regions []string `json:"regions,omitzero"`
	// AddPhrases, AddPatterns, AddUnless and AddAllow add to the rule's lists.
	AddPhrases  []string `json:"add_phrases,omitzero"`
	AddPatterns []string `json:"add_patterns,omitzero"`
	AddUnless   []string `json:"add_unless,omitzero"`
	AddAllow    []string `json:"add_allow,omitzero"`
	// DropPhrases removes phrases of the rule, which must have them.
	DropPhrases []string `json:"drop_phrases,omitzero"`
}

// Effective is the list of rules that the set stands for, disabled ones too, in
// the order in which they are applied. Errors are a *SetError that names every
// fault of the set that does not lie in a rule itself.
func (s *Set) Effective() ([]Rule, error) {
	rules, _, err := s.effective()
	return rules, err
}

// effective also says how the rules of the list are called in faults.
func (s *Set) effective() ([]Rule, []origin, error) {
	f := faults{part: PartSet, position: -1}
	builtin, err := Builtin(s.Preset)
	if err != nil {
		f.add("preset", "%v", err)
	}
	place := map[string]int{}
	for i := range builtin {
		place[builtin[i].ID] = i
	}
	changed := make([]int, len(builtin)) // index of the change plus one
	f.part = PartChanges
	for i := range s.Changes {
		c := &s.Changes[i]
		f.at(i, c.ID)
		k, ok := place[c.ID]
		switch {
		case !ok && err == nil:
			f.add("id", "the preset has no such rule")
		case ok && changed[k] > 0:
			f.add("id", "change %d is of the same rule", changed[k]-1)
		case ok:
			changed[k] = i + 1
			c.apply(&builtin[k], &f)
		}
	}
	f.part = PartRules
	for i := range s.Rules {
		f.at(i, s.Rules[i].ID)
		if _, ok := place[s.Rules[i].ID]; ok {
			f.add("id", "is a rule of the preset; it can be changed under changes")
		}
	}
	rules := slices.Concat(s.Rules, builtin)
	origins := make([]origin, len(rules))
	for i := range rules {
		switch k := i - len(s.Rules); {
		case k < 0:
			origins[i] = origin{PartRules, i}
		case changed[k] > 0:
			origins[i] = origin{PartChanges, changed[k] - 1}
		default:
			origins[i] = origin{PartSet, -1}
		}
	}
	return rules, origins, f.err()
}

// origin is where in a set a rule of the list comes from.
type origin struct {
	part     Part
	position int
}

// apply makes the change.
func (c *Change) apply(r *Rule, f *faults) {
	if c.Disabled != nil {
		r.Disabled = *c.Disabled
	}
	if c.Severity != "" {
		r.Severity = c.Severity
	}
	if c.Direction != "" {
		r.Direction = c.Direction
	}
	if c.Scope != nil {
		r.Scope = *c.Scope
	}
	if c.Explanation != nil {
		r.Explanation = *c.Explanation
	}
	if c.Advice != nil {
		r.Advice = *c.Advice
	}
	if c.Regions != nil {
		if len(r.Detectors) == 0 {
			f.add("regions", "the rule has no detector")
		}
		r.Detectors = slices.Clone(r.Detectors)
		for i := range r.Detectors {
			r.Detectors[i].Regions = c.Regions
		}
	}
	for k, p := range c.DropPhrases {
		i := slices.Index(r.Phrases, p)
		if i < 0 {
			f.add(fmt.Sprintf("drop_phrases[%d]", k), "the rule has no phrase %q", p)
			continue
		}
		r.Phrases = slices.Delete(slices.Clone(r.Phrases), i, i+1)
	}
	if len(c.AddPatterns) > 0 {
		r.weighed = false // a tenant's own patterns count as they stand
	}
	r.Phrases = slices.Concat(r.Phrases, c.AddPhrases)
	r.Patterns = slices.Concat(r.Patterns, c.AddPatterns)
	r.Unless = slices.Concat(r.Unless, c.AddUnless)
	r.Allow = slices.Concat(r.Allow, c.AddAllow)
}

// Compile makes the set's engine. It refuses a set with any fault with a
// *SetError that names all of them, and then there is no engine: the caller
// keeps the one it has.
func (s *Set) Compile() (*Engine, error) {
	rules, origins, err := s.effective()
	f := faults{part: PartSet, position: -1}
	if err != nil {
		broken, _ := err.(*SetError) //nolint:errorlint // effective returns no other
		f.list = broken.Faults
	}
	e := compile(rules, origins, s.Allow, s.OnFailure, &f)
	if err := f.err(); err != nil {
		return nil, err
	}
	return e, nil
}

// Compile makes an engine of a plain list of rules, with nothing allowed beyond
// theirs and all categories closed. Errors are as those of Set.Compile.
func Compile(rules []Rule) (*Engine, error) {
	origins := make([]origin, len(rules))
	for i := range origins {
		origins[i] = origin{PartRules, i}
	}
	f := faults{part: PartSet, position: -1}
	e := compile(rules, origins, nil, nil, &f)
	if err := f.err(); err != nil {
		return nil, err
	}
	return e, nil
}
