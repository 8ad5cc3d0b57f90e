package risk

import (
	"time"

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

// Scope limits a rule to some tenants, channels, teams or markets. An empty list
// means all of them. A message whose channel, team or market is not known is
// outside every list.
type Scope struct {
	Tenants  []string `json:"tenants,omitzero"`
	Channels []string `json:"channels,omitzero"`
	Teams    []string `json:"teams,omitzero"`
	Markets  []string `json:"markets,omitzero"`
}

// DetectorUse names one of DetectorNames, with its options.
type DetectorUse struct {
	Name string `json:"name"`
	// Regions are the countries (ISO 3166, two capital letters) whose way
	// of writing telephone numbers the detector phone reads besides the
	// message's market: US, CN, GB, AU, JP, DE and FR if there are none.
	// Numbers with + or 00 are read whatever their country.
	Regions []string `json:"regions,omitzero"`
}

// Rule is one thing that must not be written, and what to tell its author. It
// matches what any of its phrases, patterns and detectors finds, and has at
// least one of those.
type Rule struct {
	// ID names the rule in events and reports: lower-case words joined by
	// dots, such as contact.messenger. Unique in a rule set.
	ID string `json:"id"`
	// Category groups rules in reports, such as off_platform_contact.
	Category  string         `json:"category"`
	Severity  event.Severity `json:"severity"`
	Direction Direction      `json:"direction,omitzero"`
	Scope     Scope          `json:"scope,omitzero"`
	// Disabled keeps a rule in the list without applying it. It is still
	// compiled, so that switching it on cannot fail.
	Disabled bool `json:"disabled,omitzero"`
	// Explanation says what was found, in both languages.
	Explanation event.Text `json:"explanation"`
	// Advice says what to write instead, in both languages or in none; then
	// it is a general one.
	Advice event.Text `json:"advice,omitzero"`

	// Phrases are compared after normalisation: their case and width do not
	// matter. At an end that is a Latin letter or a digit a phrase only
	// matches there as a whole word.
	Phrases []string `json:"phrases,omitzero"`
	// Patterns are RE2 expressions over the normalised text, which is in
	// lower case and without accents. An expression's first group, if it has
	// one, is the span that is reported.
	Patterns  []string      `json:"patterns,omitzero"`
	Detectors []DetectorUse `json:"detectors,omitzero"`
	// Unless lists words that turn a match into a warning when they stand
	// right before it in the same clause, such as "never" or "请勿".
	Unless []string `json:"unless,omitzero"`
	// weighed says that the model of the wording may take a match back, where it is of
	// the preset's own words; see unlike.
	weighed bool
	// Allow lists what this rule lets pass: a match whose normalised text is
	// one of these or stands inside one, a number with the same digits, or
	// for a link or an e-mail address one whose host is one of these domains
	// or below it.
	Allow []string `json:"allow,omitzero"`
}

// Context is what the rules may know about a message besides its text.
type Context struct {
	Tenant  string
	Channel string
	Team    string
	// Market is a country (ISO 3166), whose way of writing telephone numbers
	// is read too.
	Market string
	// From is who wrote the message: agent, bot or customer. Anything else
	// is judged as an agent's, so that a missing word cannot open the gate.
	From string
	// Window, if not nil, is what the same sender wrote in the same
	// conversation shortly before At: a number that is split over several
	// messages is found in it. Check only reads it; see Window.
	Window *Window
	// At is when the message is sent; only a Window needs it.
	At time.Time
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
	// Unjudged are the categories for which no judgement was possible, in
	// order of their names. What their policies ask for is in Verdict and
	// Violations already. Nil when all rules were asked.
	Unjudged []Unjudged
	// Fault is a defect of the engine's own that Unjudged stands for, with
	// its stack. It has nothing of the text. Nil as a rule.
	Fault error
}
