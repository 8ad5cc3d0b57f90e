package event

// Verdict is what the inline check decided about a message.
type Verdict string

// The verdicts, from harmless to blocked. Monitor-only hits leave a message
// allowed; they are listed among its rules.
const (
	Allow Verdict = "allow"
	Flag  Verdict = "flag"
	Block Verdict = "block"
)

// Severity is what a rule asks for when it matches.
type Severity string

// The severities that a rule can have.
const (
	SeverityBlock   Severity = "block"
	SeverityFlag    Severity = "flag"
	SeverityMonitor Severity = "monitor"
)

// Text is a sentence in the languages that the product speaks.
type Text struct {
	EN string `json:"en,omitzero"`
	ZH string `json:"zh,omitzero"`
}

// Violation is one rule's match in a message. Start and End are byte offsets
// into the text as it was sent, End exclusive.
type Violation struct {
	Rule        string   `json:"rule"`
	Category    string   `json:"category"`
	Severity    Severity `json:"severity"`
	Start       int      `json:"start"`
	End         int      `json:"end"`
	Explanation Text     `json:"explanation,omitzero"`
	// Advice says what to write instead. It came with the rules that a tenant
	// can change; older violations have none.
	Advice Text `json:"advice,omitzero"`
}
