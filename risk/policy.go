package risk

import (
	"github.com/floorlight/floorlight/hub/event"
)

// Policy is what happens to a message that could not be judged.
type Policy string

// The policies. The zero Policy is Closed.
const (
	// Closed holds the message back.
	Closed Policy = "closed"
	// Open delivers it and flags it.
	Open Policy = "open"
)

// Reason is why there was no judgement; it is a metric's label.
type Reason string

// The reasons.
const (
	// ReasonBudget: the text would have cost more work than one text may.
	ReasonBudget Reason = "budget"
	// ReasonFault: the engine itself failed.
	ReasonFault Reason = "fault"
	// ReasonNoRules: the tenant's rules are not at hand. The engine never
	// gives it; it is for callers of Engine.Unjudged.
	ReasonNoRules Reason = "no_rules"
)

// Unjudged is a category for which no judgement was possible, and what its
// policy did about it.
type Unjudged struct {
	Category string `json:"category"`
	Policy   Policy `json:"policy"`
	Reason   Reason `json:"reason"`
}

// UnjudgedRule is the id under which a violation says that there was no
// judgement. No rule of a set can have it.
const UnjudgedRule = "risk.unjudged"

var (
	unjudgedText = event.Text{
		EN: "This message could not be checked.",
		ZH: "此消息未能完成检查。",
	}
	heldAdvice = event.Text{
		EN: "It is held back for now. Make it shorter or simpler and send it again, or ask a supervisor.",
		ZH: "消息暂未发送。请缩短或简化内容后重新发送，或联系主管。",
	}
	flaggedAdvice = event.Text{
		EN: "It was delivered and is marked for a supervisor to read.",
		ZH: "消息已发送，并已标记供主管查看。",
	}
)

// Policy is what happens to messages that could not be judged in a category.
func (e *Engine) Policy(category string) Policy {
	if e.onFailure[category] == Open {
		return Open
	}
	return Closed
}

// Unjudged is the result for a text of which nothing is known: every category
// with a rule that reads such messages decides by its policy.
func (e *Engine) Unjudged(text string, c Context, why Reason) Result {
	r := Result{Verdict: event.Allow}
	e.unjudged(&r, text, c, why)
	return r
}

// unjudged adds to r what the policies ask for.
func (e *Engine) unjudged(r *Result, text string, c Context, why Reason) {
	for _, category := range e.categories {
		reads := false
		for i := range e.rules {
			rule := &e.rules[i]
			// A rule that only watches has nothing to hold back for.
			if rule.Category == category && rule.Severity != event.SeverityMonitor && rule.applies(&c) {
				reads = true
				break
			}
		}
		if !reads {
			continue
		}
		policy := e.Policy(category)
		r.Unjudged = append(r.Unjudged, Unjudged{category, policy, why})
		v := event.Violation{
			Rule: UnjudgedRule, Category: category, Severity: event.SeverityBlock,
			Start: 0, End: len(text), Explanation: unjudgedText, Advice: heldAdvice,
		}
		if policy == Open {
			v.Severity, v.Advice = event.SeverityFlag, flaggedAdvice
			if r.Verdict == event.Allow {
				r.Verdict = event.Flag
			}
		} else {
			r.Verdict = event.Block
		}
		if len(r.Rules) == 0 || r.Rules[0] != UnjudgedRule {
			r.Rules = append([]string{UnjudgedRule}, r.Rules...)
		}
		r.Violations = append([]event.Violation{v}, r.Violations...)
	}
}
