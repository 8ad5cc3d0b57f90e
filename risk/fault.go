package risk

import (
	"errors"
	"fmt"
	"regexp/syntax"
	"slices"
	"strings"
)

// Part is the list of a Set that something stands in.
type Part string

// The parts of a set.
const (
	PartRules   Part = "rules"
	PartChanges Part = "changes"
	PartSet     Part = "set" // the set as a whole and its other members
)

// RuleError says what was refused, where it stands and why.
type RuleError struct {
	Part Part `json:"part"`
	// Position is the index in the list, from 0; -1 in PartSet.
	Position int `json:"position"`
	// ID is the rule's id as given, which may be what is wrong.
	ID string `json:"id,omitzero"`
	// Field is the JSON name of the member at fault, with an index where it
	// is a list: patterns[3].
	Field string `json:"field"`
	// Offset is the byte of the pattern, phrase or document at which the
	// fault stands, or -1 where there is no such place.
	Offset int    `json:"offset"`
	Reason string `json:"reason"`
}

func (e *RuleError) Error() string {
	var b strings.Builder
	b.WriteString("risk: ")
	switch e.Part {
	case PartRules:
		fmt.Fprintf(&b, "rule %d %q: ", e.Position, e.ID)
	case PartChanges:
		fmt.Fprintf(&b, "change %d %q: ", e.Position, e.ID)
	case PartSet:
	}
	if e.Field != "" {
		b.WriteString(e.Field + ": ")
	}
	if e.Offset >= 0 {
		fmt.Fprintf(&b, "at byte %d: ", e.Offset)
	}
	b.WriteString(e.Reason)
	return b.String()
}

// SetError is why a set was refused: every fault in it, in order of where they
// stand.
type SetError struct {
	Faults []*RuleError
}

// maxShown is how many faults Error puts into words; Faults has all of them.
const maxShown = 50

func (e *SetError) Error() string {
	var b strings.Builder
	for i, f := range e.Faults {
		if i == maxShown {
			fmt.Fprintf(&b, "\nand %d more", len(e.Faults)-i)
			break
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(f.Error())
	}
	return b.String()
}

// Unwrap lets errors.As find the first fault.
func (e *SetError) Unwrap() []error {
	all := make([]error, len(e.Faults))
	for i, f := range e.Faults {
		all[i] = f
	}
	return all
}

// faults collects what is wrong with a list of rules.
type faults struct {
	part Part
	list []*RuleError
	// Where the next fault stands.
	position int
	id       string
}

func (f *faults) at(position int, id string) { f.position, f.id = position, id }

func (f *faults) add(field, format string, args ...any) {
	f.list = append(f.list, &RuleError{Part: f.part, Position: f.position, ID: f.id, Field: field, Offset: -1, Reason: fmt.Sprintf(format, args...)})
}

// addAt adds a fault with the byte at which it stands, or -1.
func (f *faults) addAt(field string, offset int, reason string) {
	f.list = append(f.list, &RuleError{Part: f.part, Position: f.position, ID: f.id, Field: field, Offset: offset, Reason: reason})
}

func (f *faults) err() error {
	if len(f.list) == 0 {
		return nil
	}
	return &SetError{Faults: f.list}
}

// patternOffset is the byte of a pattern at which a fault of its syntax stands,
// or -1. The parser names the part that it could not read, not its place.
func patternOffset(pattern string, err error) int {
	var fault *syntax.Error
	if !errors.As(err, &fault) {
		return -1
	}
	switch fault.Code {
	case syntax.ErrMissingParen, syntax.ErrUnexpectedParen:
		return parenOffset(pattern)
	case syntax.ErrTrailingBackslash:
		return len(pattern) - 1
	}
	if fault.Expr == "" || fault.Expr == pattern {
		return 0
	}
	return strings.Index(pattern, fault.Expr)
}

// parenOffset is where the first parenthesis without a partner stands.
func parenOffset(pattern string) int {
	var open []int
	class := false
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '\\':
			i++
		case class:
			class = c != ']'
		case c == '[':
			class = true
			// A bracket right after the opening one is a member.
			if strings.HasPrefix(pattern[i+1:], "^") {
				i++
			}
			if strings.HasPrefix(pattern[i+1:], "]") {
				i++
			}
		case c == '(':
			open = append(open, i)
		case c == ')':
			if len(open) == 0 {
				return i
			}
			open = slices.Delete(open, len(open)-1, len(open))
		}
	}
	if len(open) > 0 {
		return open[len(open)-1]
	}
	return -1
}
