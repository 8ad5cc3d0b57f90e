package metric

import (
	"time"

	"github.com/go-json-experiment/json"
)

// Answer is what the reports say to a Query.
type Answer struct {
	From     Day       `json:"from"`
	To       Day       `json:"to"`
	Timezone string    `json:"timezone"`
	Profile  string    `json:"profile"`
	Unique   string    `json:"unique"`
	At       time.Time `json:"at"`
	AsOfSeq  uint64    `json:"as_of_seq"`
	// FoldVersion is the version of the fold by which the numbers were made; an older
	// one while they are computed anew.
	FoldVersion int32 `json:"fold_version"`
	// PercentDecimals is how the profile shows percentages. The answer's own numbers
	// are exact.
	PercentDecimals int64 `json:"-"`
	// Profiles are those that were asked for by name; Profile lists their labels
	// by comma, From, To, Timezone and Unique are the first's.
	Profiles []AnswerProfile `json:"profiles,omitzero"`
	Rows     []AnswerRow     `json:"rows"`
}

// AnswerProfile is one of several profiles over the same events.
type AnswerProfile struct {
	Profile  string `json:"profile"` // such as wecom@3
	Timezone string `json:"timezone"`
	Unique   string `json:"unique"`
	// PercentDecimals is how percentages are shown.
	PercentDecimals int64 `json:"percent_decimals"`
}

// AnswerRow is one row of an answer: a value of each dimension that was asked
// for, and a value of each metric.
type AnswerRow struct {
	Profile    string // its label, if profiles were asked for by name
	Dimensions map[Dimension]string
	Values     map[string]ComparedValue
}

// ComparedValue is a value beside that of the range before, if it was asked for.
type ComparedValue struct {
	Value
	Previous *Value
}

// MarshalJSON writes the dimensions beside the values.
func (r AnswerRow) MarshalJSON() ([]byte, error) {
	o := make(map[string]any, len(r.Dimensions)+1)
	for d, v := range r.Dimensions {
		o[string(d)] = v
	}
	if r.Profile != "" {
		o["profile"] = r.Profile
	}
	o["values"] = r.Values
	return json.Marshal(o, json.Deterministic(true))
}

// MarshalJSON writes the previous value within the value.
func (v ComparedValue) MarshalJSON() ([]byte, error) {
	o := map[string]any{"value": v.Value.Value}
	if v.Num != nil {
		o["num"], o["den"] = v.Num, v.Den
	}
	if v.Previous != nil {
		o["previous"] = *v.Previous
	}
	return json.Marshal(o, json.Deterministic(true))
}
