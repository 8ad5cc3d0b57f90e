package event

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// shape is how quick reads a struct, or a list of one of those or of strings: its
// members in the order in which they are written.
type shape struct {
	of      Type // if it is a type's data
	new     func() Data
	members []member
}

type member struct {
	name  string
	head  string       // how it mostly begins: the name in quotes, and the colon
	kind  reflect.Kind // String, Bool, Int64, Uint64, Struct or Slice
	ref   bool         // a pointer to that
	known bool         // a string that comes again and again
	in    *shape       // of a struct, or of a list's elements; nil for a list of strings
}

// shapes are those of the types whose every member quick can read.
var shapes = func() map[Type]*shape {
	all := make(map[Type]*shape, len(types))
	for typ, empty := range types {
		if s := shapeOf(reflect.TypeOf(empty()).Elem()); s != nil {
			s.of, s.new = typ, empty
			all[typ] = s
		}
	}
	return all
}()

// shapeOf is a struct's shape, nil if it has a member of another kind.
func shapeOf(t reflect.Type) *shape {
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[time.Time]() {
		return nil
	}
	s := &shape{}
	for f := range t.Fields() {
		m := member{kind: f.Type.Kind()}
		m.name, _, _ = strings.Cut(f.Tag.Get("json"), ",")
		m.head = `"` + m.name + `":`
		of := f.Type
		if m.ref = m.kind == reflect.Pointer; m.ref {
			of = of.Elem()
			m.kind = of.Kind()
		}
		switch m.kind {
		case reflect.String:
			m.known = comesAgain(of)
		case reflect.Bool, reflect.Int64, reflect.Uint64:
		case reflect.Int:
			m.kind = reflect.Int64
		case reflect.Struct:
			if m.in = shapeOf(of); m.in == nil {
				return nil
			}
		case reflect.Slice:
			if of == reflect.TypeFor[jsontext.Value]() || m.ref {
				return nil
			}
			if of.Elem().Kind() != reflect.String {
				if m.in = shapeOf(of.Elem()); m.in == nil {
					return nil
				}
			}
		default:
			return nil
		}
		s.members = append(s.members, m)
	}
	return s
}

// comesAgain reports whether strings of a type are worth looking for among the
// names: not those of which each event has its own.
func comesAgain(t reflect.Type) bool {
	return !slices.Contains([]reflect.Type{
		reflect.TypeFor[MessageID](), reflect.TypeFor[SurveyID](), reflect.TypeFor[OrderID](),
	}, t)
}

// read reads an event's data.
func (s *shape) read(q *quick) (Data, bool) {
	data := s.new()
	return data, s.into(q, reflect.ValueOf(data).Elem())
}

// into reads an object into a struct that is empty.
func (s *shape) into(q *quick, v reflect.Value) bool {
	if !q.byte('{') {
		return false
	}
	if q.byte('}') {
		return true
	}
	var had uint64
	next := 0 // members mostly stand in the struct's order
	for more := true; more; more = q.byte(',') {
		at, ok := s.next(q, next)
		if !ok || had>>at&1 != 0 || !s.members[at].read(q, v.Field(at)) {
			return false
		}
		had |= 1 << at
		next = at + 1
	}
	return q.byte('}')
}

// next reads a member's name, which mostly is that of one to come.
func (s *shape) next(q *quick, from int) (at int, ok bool) {
	for at := from; at < len(s.members); at++ {
		if q.word(s.members[at].head) {
			return at, true
		}
	}
	name, ok := q.name()
	if !ok {
		return 0, false
	}
	for at := range s.members {
		if s.members[at].name == string(name) {
			return at, true
		}
	}
	return 0, false
}

func (m *member) read(q *quick, v reflect.Value) bool {
	first := q.peek()
	if first == 'n' {
		return q.word("null") // leaves it empty
	}
	if m.ref {
		p := reflect.New(v.Type().Elem())
		v.Set(p)
		v = p.Elem()
	}
	switch m.kind {
	case reflect.String:
		text, ok := q.string()
		if !ok {
			return false
		}
		if m.known {
			v.SetString(q.known(text))
		} else {
			v.SetString(string(text))
		}
		return true
	case reflect.Bool:
		v.SetBool(first == 't')
		return q.word("true") || q.word("false")
	case reflect.Int64:
		n, ok := q.integer()
		v.SetInt(n)
		return ok
	case reflect.Uint64:
		n, ok := q.integer()
		v.SetUint(uint64(max(n, 0)))
		return ok && first != '-'
	case reflect.Struct:
		return m.in.into(q, v)
	case reflect.Slice:
		return m.list(q, v)
	default:
		return false
	}
}

// list reads a list, which is one also where it has no element.
func (m *member) list(q *quick, v reflect.Value) bool {
	if !q.byte('[') {
		return false
	}
	v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	if q.byte(']') {
		return true
	}
	for more := true; more; more = q.byte(',') {
		n := v.Len()
		v.Grow(1)
		v.SetLen(n + 1)
		if m.in != nil {
			if !m.in.into(q, v.Index(n)) {
				return false
			}
			continue
		}
		text, ok := q.string()
		if !ok {
			return false
		}
		v.Index(n).SetString(q.known(text))
	}
	return q.byte(']')
}
