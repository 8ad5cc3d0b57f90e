package risk

import (
	"errors"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// wireSet is a Set whose rules are not read yet, so that a fault in one does not
// hide those of the others.
type wireSet struct {
	Preset    string            `json:"preset"`
	Changes   []jsontext.Value  `json:"changes"`
	Rules     []jsontext.Value  `json:"rules"`
	Allow     []string          `json:"allow"`
	OnFailure map[string]Policy `json:"on_failure"`
}

// ParseSet reads a set from JSON and refuses it unless Compile takes it. The
// error is a *SetError that names every fault: which rule, which member, at
// which byte and why. A document that is no JSON has one fault, with the byte
// at which it stands.
func ParseSet(raw []byte) (Set, error) {
	f := faults{part: PartSet, position: -1}
	if len(raw) > MaxSet {
		f.add("", "is %d bytes long, at most %d are allowed", len(raw), MaxSet)
		return Set{}, f.err()
	}
	var w wireSet
	if err := json.Unmarshal(raw, &w, json.RejectUnknownMembers(true)); err != nil {
		f.unread(err, "", 0)
		return Set{}, f.err()
	}
	s := Set{Preset: w.Preset, Allow: w.Allow, OnFailure: w.OnFailure, Changes: make([]Change, len(w.Changes)), Rules: make([]Rule, len(w.Rules))}
	f.part = PartChanges
	for i, v := range w.Changes {
		if err := json.Unmarshal(v, &s.Changes[i], json.RejectUnknownMembers(true)); err != nil {
			f.at(i, idOf(v))
			f.unread(err, "", -1)
		}
	}
	f.part = PartRules
	for i, v := range w.Rules {
		if err := json.Unmarshal(v, &s.Rules[i], json.RejectUnknownMembers(true)); err != nil {
			f.at(i, idOf(v))
			f.unread(err, "", -1)
		}
	}
	unread := map[origin]bool{}
	for _, fault := range f.list {
		unread[origin{fault.Part, fault.Position}] = true
	}
	_, err := s.Compile()
	if broken, ok := errors.AsType[*SetError](err); ok {
		for _, fault := range broken.Faults {
			// What could not be read has no members to find fault with.
			if !unread[origin{fault.Part, fault.Position}] {
				f.list = append(f.list, fault)
			}
		}
	}
	if err := f.err(); err != nil {
		return Set{}, err
	}
	return s, nil
}

// idOf is the id in the JSON of a rule that could not be read as one.
func idOf(v jsontext.Value) string {
	var r struct {
		ID jsontext.Value `json:"id"`
	}
	var id string
	if json.Unmarshal(v, &r) != nil || json.Unmarshal(r.ID, &id) != nil {
		return ""
	}
	return id
}

// unread adds what a JSON decoder says. Its offsets are of the document when
// whole is 0; those of a part of it are left out when whole is -1.
func (f *faults) unread(err error, field string, whole int) {
	var syntactic *jsontext.SyntacticError
	var semantic *json.SemanticError
	switch {
	case errors.As(err, &syntactic):
		pointer := syntactic.JSONPointer
		if whole == 0 {
			pointer = f.place(pointer)
		}
		f.addAt(fieldOf(pointer), int(syntactic.ByteOffset), reasonOf(syntactic.Err))
	case errors.As(err, &semantic):
		offset := -1
		if whole == 0 {
			offset = int(semantic.ByteOffset)
		}
		reason := "has the wrong type"
		if semantic.Err != nil {
			reason = reasonOf(semantic.Err)
		} else if kindNames[semantic.JSONKind] != "" {
			reason = "a JSON " + kindNames[semantic.JSONKind] + " is not what belongs here"
		}
		f.addAt(fieldOf(semantic.JSONPointer), offset, reason)
	default:
		f.addAt(field, -1, "cannot be read")
	}
}

func reasonOf(err error) string { return strings.TrimPrefix(err.Error(), "jsontext: ") }

// kindNames are the kinds of JSON values.
var kindNames = map[jsontext.Kind]string{
	jsontext.KindTrue: "boolean", jsontext.KindFalse: "boolean", jsontext.KindNull: "null", jsontext.KindString: "string", jsontext.KindNumber: "number",
	jsontext.KindBeginObject: "object", jsontext.KindEndObject: "object", jsontext.KindBeginArray: "array", jsontext.KindEndArray: "array", jsontext.KindInvalid: "",
}

// place reads from a pointer such as /rules/17/phrases/3 where a fault of the
// document's syntax stands, and returns the rest of it.
func (f *faults) place(pointer jsontext.Pointer) jsontext.Pointer {
	part, rest, _ := strings.Cut(strings.TrimPrefix(string(pointer), "/"), "/")
	index, rest, _ := strings.Cut(rest, "/")
	n, err := strconv.Atoi(index)
	if err != nil || part != string(PartRules) && part != string(PartChanges) {
		return pointer
	}
	f.part, f.position = Part(part), n
	if rest == "" {
		return ""
	}
	return jsontext.Pointer("/" + rest)
}

// fieldOf is a JSON pointer as a member's name: /phrases/3 is phrases[3].
func fieldOf(p jsontext.Pointer) string {
	var b strings.Builder
	for token := range p.Tokens() {
		if _, err := strconv.Atoi(token); err == nil {
			b.WriteString("[" + token + "]")
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(token)
	}
	return b.String()
}
