package risk

import (
	"fmt"

	"github.com/floorlight/floorlight/hub/event"
)

// Direction says whose messages a rule reads.
type Direction string

// The directions. The zero Direction is ToCustomer.
const (
	ToCustomer   Direction = "to_customer"
	FromCustomer Direction = "from_customer"
	Both         Direction = "both"
)

// Kind says how a rule finds its matches.
type Kind string

// The kinds of rule.
const (
	// KindPhrase finds any of Rule.Phrases as whole words.
	KindPhrase Kind = "phrase"
	// KindRegexp finds Rule.Pattern.
	KindRegexp Kind = "regexp"
	// KindDetector runs the code that Rule.Detector names.
	KindDetector Kind = "detector"
)

// Scope limits a rule to some tenants, channels or markets. An empty list
// means all of them.
type Scope struct {
	Tenants  []string `json:"tenants,omitzero"`
	Channels []string `json:"channels,omitzero"`
	Markets  []string `json:"markets,omitzero"`
}

// Rule is one thing that must not be written, and what to tell its author.
type Rule struct {
	// ID names the rule in events and reports: lower-case words joined by
	// dots, such as contact.messenger. Unique in a rule set.
	ID string `json:"id"`
	// Category groups rules in reports, such as off_platform_contact.
	Category  string         `json:"category"`
	Severity  event.Severity `json:"severity"`
	Direction Direction      `json:"direction,omitzero"`
	Scope     Scope          `json:"scope,omitzero"`
	// Off keeps a rule in the list without applying it. It is still
	// compiled, so that switching it on cannot fail.
	Off bool `json:"off,omitzero"`
	// Explanation says what was found and what to do, in both languages.
	Explanation event.Text `json:"explanation"`

	Kind Kind `json:"kind"`
	// Phrases are compared after normalisation: their case and width do not
	// matter. At an end that is a Latin letter or a digit a phrase only
	// matches there as a whole word.
	Phrases []string `json:"phrases,omitzero"`
	// Pattern is an RE2 expression over the normalised text, which is in
	// lower case and without accents. Its first group, if it has one, is
	// the span that is reported.
	Pattern string `json:"pattern,omitzero"`
	// Detector is one of DetectorNames.
	Detector string `json:"detector,omitzero"`
	// Unless lists words that turn a match into a warning when they stand
	// right before it in the same clause, such as "never" or "请勿".
	Unless []string `json:"unless,omitzero"`
	// Allow lists what this rule lets pass: a match whose normalised text is
	// one of these, or for a link or an e-mail address one whose host is
	// one of these domains or below it.
	Allow []string `json:"allow,omitzero"`
}

// RuleError says which rule was refused and why.
type RuleError struct {
	// Position is the rule's index in the list, from 0.
	Position int
	// ID is the rule's id as given, which may be what is wrong.
	ID string
	// Field is the JSON name of the field at fault.
	Field string
	// Err is the reason.
	Err error
}

func (e *RuleError) Error() string {
	return fmt.Sprintf("risk: rule %d %q: %s: %v", e.Position, e.ID, e.Field, e.Err)
}

func (e *RuleError) Unwrap() error { return e.Err }

// Context is what the rules may know about a message besides its text.
type Context struct {
	Tenant  string
	Channel string
	Market  string
	// From is who wrote the message: agent, bot or customer. Anything else
	// is judged as an agent's, so that a missing word cannot open the gate.
	From string
}

// Result is what Check found.
type Result struct {
	Verdict event.Verdict
	// Rules are the ids of all rules that matched, monitoring ones too, each
	// once, in order of their first match. Nil when none did.
	Rules []string
	// Violations are the matches that flag or block, in order of their
	// start. Nil when there are none.
	Violations []event.Violation
}
