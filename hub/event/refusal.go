package event

import "fmt"

// Reason says, as a stable code, why an event was refused.
type Reason string

// The reasons for a refusal.
const (
	NotJSON         Reason = "not_json"
	UnknownType     Reason = "unknown_type"
	MissingField    Reason = "missing_field"
	InvalidField    Reason = "invalid_field"
	SubjectMismatch Reason = "subject_mismatch"
	TooLarge        Reason = "too_large"
	TimeTooFarAhead Reason = "time_too_far_ahead"
	TimeOutOfRange  Reason = "time_out_of_range"
	IDReused        Reason = "id_reused"
)

// Reasons lists every reason, for metrics that start at zero.
var Reasons = []Reason{NotJSON, UnknownType, MissingField, InvalidField, SubjectMismatch, TooLarge, TimeTooFarAhead, TimeOutOfRange, IDReused}

// Refusal is the error of an event that is not taken. Field is the path of the
// offending member, where there is one; Detail never repeats a message's text.
type Refusal struct {
	Reason Reason
	Field  string
	Detail string
}

func (r *Refusal) Error() string {
	switch {
	case r.Field != "" && r.Detail != "":
		return fmt.Sprintf("%s: %s: %s", r.Reason, r.Field, r.Detail)
	case r.Field != "":
		return fmt.Sprintf("%s: %s", r.Reason, r.Field)
	case r.Detail != "":
		return fmt.Sprintf("%s: %s", r.Reason, r.Detail)
	}
	return string(r.Reason)
}
