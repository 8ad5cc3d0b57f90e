package metric

import (
	"time"

	"github.com/go-json-experiment/json"
)

// Answer is what the reports say to a Query.
type Answer struct {
	From     Day         `json:"from"`
	To       Day         `json:"to"`
	Timezone string      `json:"timezone"`
	Profile  string      `json:"profile"`
	Unique   string      `json:"unique"`
	At       time.Time   `json:"at"`
	AsOfSeq  uint64      `json:"as_of_seq"`
	Rows     []AnswerRow `json:"rows"`
}

// AnswerRow is one row of an answer: a value of each dimension that was asked
// for, and a value of each metric.
type AnswerRow struct {
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
