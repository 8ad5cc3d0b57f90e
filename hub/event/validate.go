package event

import (
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Limits of the contract, in bytes.
const (
	MaxData  = 64 << 10 // of an event's data
	MaxID    = 128      // of an id within data
	MaxEnvID = 512      // of an envelope's id and source
	maxName  = 1 << 10  // of names and other short texts
	maxList  = 1 << 10  // elements of a list
)

// validator collects the first fault of a payload.
type validator struct {
	data  jsontext.Value
	fault *Refusal
}

func (v *validator) refuse(r Reason, field, detail string) {
	if v.fault == nil {
		v.fault = &Refusal{Reason: r, Field: "data." + field, Detail: detail}
	}
}

func (v *validator) missing(field string)         { v.refuse(MissingField, field, "") }
func (v *validator) invalid(field, detail string) { v.refuse(InvalidField, field, detail) }

func (v *validator) id(field, s string) {
	if s == "" {
		v.missing(field)
		return
	}
	v.optionalID(field, s)
}

func (v *validator) optionalID(field, s string) {
	if len(s) > MaxID {
		v.invalid(field, "longer than 128 bytes")
	}
}

func (v *validator) name(field, s string) {
	if s == "" {
		v.missing(field)
	} else if len(s) > maxName {
		v.invalid(field, "longer than 1024 bytes")
	}
}

func (v *validator) optionalText(field string, s *string) {
	if s != nil && len(*s) > maxName {
		v.invalid(field, "longer than 1024 bytes")
	}
}

// present accepts an empty value, but not an absent one.
func (v *validator) present(field string, empty bool) {
	if empty && !hasMember(v.data, field) {
		v.missing(field)
	}
}

func (v *validator) oneOf(field, s string, allowed ...string) {
	if s == "" {
		v.missing(field)
		return
	}
	if !slices.Contains(allowed, s) {
		v.invalid(field, "must be one of "+strings.Join(allowed, ", "))
	}
}

func (v *validator) within(field string, n, low, high int64) {
	if n < low || n > high {
		v.invalid(field, "must be from "+strconv.FormatInt(low, 10)+" to "+strconv.FormatInt(high, 10))
	}
}

func (v *validator) capacity(n *int64) {
	if n != nil {
		v.within("capacity", *n, 0, 1_000_000)
	}
}

func (v *validator) author(field string, a Actor) {
	v.oneOf(field+".kind", string(a.Kind), string(Customer), string(Agent), string(Bot), string(Broadcast), string(System))
	v.optionalID(field+".id", a.ID)
}

func (v *validator) money(amount, currency string) {
	switch {
	case amount == "":
		v.missing("amount")
	case !ValidAmount(amount):
		v.invalid("amount", `must be a decimal string such as "22.00", not negative, at most 15 digits before the point and 9 behind it`)
	}
	if currency == "" {
		v.missing("currency")
	} else if len(currency) != 3 || strings.Trim(currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		v.invalid("currency", "must be an ISO 4217 code such as USD")
	}
}

func (v *validator) violations(field string, list []Violation) {
	if len(list) > maxList {
		v.invalid(field, "more than 1024 elements")
		return
	}
	for i := range list {
		at := field + "[" + strconv.Itoa(i) + "]"
		v.id(at+".rule", list[i].Rule)
		v.id(at+".category", list[i].Category)
		if list[i].Severity != "" {
			v.oneOf(at+".severity", string(list[i].Severity), string(SeverityBlock), string(SeverityFlag), string(SeverityMonitor))
		}
		if list[i].Start < 0 || list[i].End < list[i].Start {
			v.invalid(at+".end", "must not be before start")
		}
	}
}

func ids[S ~string](v *validator, field string, list []S) {
	if len(list) > maxList {
		v.invalid(field, "more than 1024 elements")
		return
	}
	for i, s := range list {
		v.id(field+"["+strconv.Itoa(i)+"]", string(s))
	}
}

// ValidAmount reports whether s is an amount of money as the contract writes it.
func ValidAmount(s string) bool {
	whole, frac, point := strings.Cut(s, ".")
	if len(whole) < 1 || len(whole) > 15 || strings.Trim(whole, "0123456789") != "" {
		return false
	}
	return !point || len(frac) >= 1 && len(frac) <= 9 && strings.Trim(frac, "0123456789") == ""
}

// hasMember reports whether the object has a member at that path that is not null.
func hasMember(object jsontext.Value, path string) bool {
	name, rest, nested := strings.Cut(path, ".")
	d := jsontext.NewDecoder(strings.NewReader(string(object)))
	if _, err := d.ReadToken(); err != nil {
		return false
	}
	for d.PeekKind() == '"' {
		t, err := d.ReadToken()
		if err != nil {
			return false
		}
		if t.String() == name {
			if !nested {
				return d.PeekKind() != 'n'
			}
			inner, err := d.ReadValue()
			return err == nil && inner.Kind() == '{' && hasMember(inner, rest)
		}
		if d.SkipValue() != nil {
			return false
		}
	}
	return false
}
