package event

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// MaxAhead is how far an event's time may be behind its arrival in the stream.
const MaxAhead = 5 * time.Minute

// MaxEnvelope is the size in bytes above which an event is not looked into:
// its data at their largest, and room for the attributes.
const MaxEnvelope = MaxData + 16<<10

var earliest = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

type envelope struct {
	SpecVersion string         `json:"specversion"`
	ID          string         `json:"id"`
	Source      string         `json:"source"`
	Type        Type           `json:"type"`
	Time        string         `json:"time"`
	Subject     string         `json:"subject"`
	Tenant      string         `json:"tenant"`
	Data        jsontext.Value `json:"data"`
}

// Decode reads one event from its CloudEvents JSON. Its only error is a *Refusal.
func Decode(raw []byte) (Event, error) {
	e, r := decode(raw)
	if r != nil {
		return e, r
	}
	return e, nil
}

// DecodeMessage is Decode for a message that stands in the stream: the subject
// must belong to the envelope, and the time must not be too far behind arrived.
// On a refusal the event has whatever could be read of it.
func DecodeMessage(subject string, raw []byte, arrived time.Time) (Event, error) {
	e, r := decode(raw)
	if r == nil {
		r = e.checkSubject(subject)
	}
	if r == nil && e.Time.After(arrived.Add(MaxAhead)) {
		r = &Refusal{Reason: TimeTooFarAhead, Field: "time", Detail: "more than 5 minutes after the arrival"}
	}
	if r != nil {
		return e, r
	}
	return e, nil
}

func decode(raw []byte) (Event, *Refusal) {
	if len(raw) > MaxEnvelope {
		return Event{}, &Refusal{Reason: TooLarge, Detail: fmt.Sprintf("%d bytes; at most %d", len(raw), MaxEnvelope)}
	}
	if e, ok := quickly(raw); ok {
		return e, nil
	}
	return wholly(raw)
}

// wholly decodes whatever there may be, and tells what is wrong with it.
func wholly(raw []byte) (Event, *Refusal) {
	var env envelope
	if err := json.Unmarshal(raw, &env); err != nil {
		return Event{}, refuseJSON(err, "")
	}
	return env.event(raw)
}

// event makes the event of an envelope and its data.
func (env *envelope) event(raw []byte) (Event, *Refusal) {
	e := Event{ID: env.ID, Source: env.Source, Type: env.Type, Key: env.Subject, Tenant: TenantID(env.Tenant)}
	if r := env.check(); r != nil {
		return e, r
	}
	at, err := time.Parse(time.RFC3339, strings.ToUpper(env.Time)) // RFC 3339 lets t and z stand for T and Z
	if err != nil {
		return e, &Refusal{Reason: InvalidField, Field: "time", Detail: "must be RFC 3339"}
	}
	e.Time = at.UTC().Truncate(time.Microsecond)
	if e.Time.Before(earliest) || e.Time.Year() > 9999 {
		return e, &Refusal{Reason: TimeOutOfRange, Field: "time", Detail: "before the year 2000 or after 9999"}
	}
	empty, known := types[env.Type]
	if !known {
		return e, &Refusal{Reason: UnknownType, Field: "type"}
	}
	if size := len(env.Data); size > MaxData {
		return e, &Refusal{Reason: TooLarge, Field: "data", Detail: fmt.Sprintf("%d bytes; at most %d", size, MaxData)}
	}
	if hasNUL(raw) {
		return e, &Refusal{Reason: InvalidField, Detail: "a string holds the character U+0000"}
	}
	data := empty()
	if err := json.Unmarshal(env.Data, data); err != nil {
		return e, refuseJSON(err, "data")
	}
	v := validator{data: env.Data}
	data.validate(&v)
	if v.fault != nil {
		return e, v.fault
	}
	e.Data = data
	return e, nil
}

// check looks at the attributes, in the order in which a publisher meets them.
func (env *envelope) check() *Refusal {
	for _, a := range []struct {
		name, value string
		most        int
	}{
		{"specversion", env.SpecVersion, 16},
		{"id", env.ID, MaxEnvID},
		{"source", env.Source, MaxEnvID},
		{"type", string(env.Type), MaxID},
		{"time", env.Time, 64},
		{"subject", env.Subject, MaxID},
		{"tenant", env.Tenant, 64},
	} {
		if a.value == "" {
			return &Refusal{Reason: MissingField, Field: a.name}
		}
		if len(a.value) > a.most {
			return &Refusal{Reason: InvalidField, Field: a.name, Detail: fmt.Sprintf("longer than %d bytes", a.most)}
		}
	}
	switch {
	case env.SpecVersion != "1.0":
		return &Refusal{Reason: InvalidField, Field: "specversion", Detail: "must be 1.0"}
	case !ValidTenant(env.Tenant):
		return &Refusal{Reason: InvalidField, Field: "tenant", Detail: "must be 1 to 64 of a-z 0-9 - _"}
	case len(env.Data) == 0 || env.Data.Kind() == 'n':
		return &Refusal{Reason: MissingField, Field: "data"}
	case env.Data.Kind() != '{':
		return &Refusal{Reason: InvalidField, Field: "data", Detail: "must be an object"}
	}
	return nil
}

// refuseJSON tells a fault of syntax from a member of the wrong type. The
// library's own text is not passed on: it may quote what the event holds.
func refuseJSON(err error, under string) *Refusal {
	if semantic, ok := errors.AsType[*json.SemanticError](err); ok {
		field := strings.ReplaceAll(strings.TrimPrefix(string(semantic.JSONPointer), "/"), "/", ".")
		if under != "" {
			field = strings.TrimSuffix(under+"."+field, ".")
		}
		detail := "has the wrong type"
		if semantic.GoType != nil {
			detail = "must be " + jsonName(semantic.GoType.Kind().String())
		}
		return &Refusal{Reason: InvalidField, Field: field, Detail: detail}
	}
	if syntactic, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return &Refusal{Reason: NotJSON, Detail: fmt.Sprintf("at byte %d", syntactic.ByteOffset)}
	}
	return &Refusal{Reason: NotJSON}
}

func jsonName(kind string) string {
	switch kind {
	case "struct", "map":
		return "an object"
	case "slice":
		return "a list"
	case "int64", "uint64", "float64":
		return "a number"
	case "bool":
		return "a boolean"
	}
	return "a string"
}

// hasNUL reports whether a decoded string would hold U+0000, which PostgreSQL
// does not store. The escape is looked for first: nearly no event has it.
func hasNUL(raw []byte) bool {
	rest := raw
	for {
		i := bytes.Index(rest, []byte(`\u0000`))
		if i < 0 {
			return false
		}
		slashes := 0
		for j := i; j >= 0 && rest[j] == '\\'; j-- {
			slashes++
		}
		if slashes%2 == 1 {
			return true
		}
		rest = rest[i+6:]
	}
}

// Encode writes the event as CloudEvents JSON, attributes in the contract's order.
func (e *Event) Encode() ([]byte, error) {
	data, err := json.Marshal(e.Data, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", e.Type, err)
	}
	return json.Marshal(envelope{
		SpecVersion: "1.0", ID: e.ID, Source: e.Source, Type: e.Type, Time: e.Time.Format(time.RFC3339Nano),
		Subject: e.Key, Tenant: string(e.Tenant), Data: data,
	})
}
