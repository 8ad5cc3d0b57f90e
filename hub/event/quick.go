package event

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// quick reads an event in one pass, as nearly all are written: attributes and
// members by their plain names, each once, the data behind the type, integers as
// digits. It says no to any other, and to whatever is wrong: the whole way finds
// out which. What it takes, the whole way takes as the same event
// (FuzzQuickly), in four times as long (BenchmarkDecodeBothWays).
type quick struct {
	raw   []byte
	at    int // the next byte
	check validator
	text  []byte // what was last read with escapes in it

	// Names come again and again. Those at hand need no memory of their own, and
	// what keeps them shares it.
	names [1 << nameBits]string
}

var quicks = sync.Pool{New: func() any { return new(quick) }}

// quickly is the event, if it is written as nearly all are and valid.
func quickly(raw []byte) (Event, bool) {
	q, ok := quicks.Get().(*quick)
	if !ok {
		return Event{}, false
	}
	defer quicks.Put(q)
	q.raw, q.at = raw, 0
	defer func() { q.raw, q.check = nil, validator{} }()
	return q.event()
}

// The attributes, as bits of those that were had.
const (
	hadVersion = 1 << iota
	hadID
	hadSource
	hadType
	hadTime
	hadSubject
	hadTenant
	hadData
	hadContentType // nobody asks for it
	hadAll         = hadVersion | hadID | hadSource | hadType | hadTime | hadSubject | hadTenant | hadData
)

func (q *quick) event() (Event, bool) {
	var e Event
	var had uint
	var of *shape
	if !q.byte('{') {
		return e, false
	}
	for more := true; more; more = q.byte(',') {
		name, ok := q.name()
		if !ok {
			return e, false
		}
		bit := uint(hadData)
		if string(name) == "data" {
			if had&hadType == 0 {
				return e, false
			}
			from := q.at
			e.Data, ok = of.read(q)
			q.check.data = q.raw[from:q.at]
		} else {
			bit, ok = q.attribute(string(name), &e, &of)
		}
		if !ok || had&bit != 0 {
			return e, false
		}
		had |= bit
	}
	if !q.byte('}') || !q.ends() || had&hadAll != hadAll || len(q.check.data) > MaxData {
		return e, false
	}
	e.Data.validate(&q.check)
	return e, q.check.fault == nil
}

// attribute reads one, and says which it was. It does not take what is out of
// bounds.
func (q *quick) attribute(name string, e *Event, s **shape) (bit uint, ok bool) {
	value, ok := q.string()
	if !ok || len(value) == 0 {
		return 0, false
	}
	switch name {
	case "specversion":
		return hadVersion, string(value) == "1.0"
	case "id":
		e.ID = string(value)
		return hadID, len(value) <= MaxEnvID
	case "source":
		e.Source = q.known(value)
		return hadSource, len(value) <= MaxEnvID
	case "type":
		*s, ok = shapes[Type(value)]
		if ok {
			e.Type = (*s).of
		}
		return hadType, ok
	case "time":
		var at time.Time
		if len(value) > 64 || at.UnmarshalText(value) != nil {
			return 0, false
		}
		e.Time = at.UTC().Truncate(time.Microsecond)
		return hadTime, !e.Time.Before(earliest) && e.Time.Year() <= 9999
	case "subject":
		e.Key = q.known(value)
		return hadSubject, len(value) <= MaxID
	case "tenant":
		e.Tenant = TenantID(q.known(value))
		return hadTenant, ValidTenant(string(e.Tenant))
	case "datacontenttype":
		return hadContentType, true
	}
	return 0, false
}

// known is the text as a string, the same one as the last time if that is not
// long ago.
func (q *quick) known(text []byte) string {
	n := len(text)
	if n > longestKnown {
		return string(text)
	}
	h := uint64(n)
	if n >= 8 {
		h ^= binary.LittleEndian.Uint64(text)*mix ^ binary.LittleEndian.Uint64(text[n-8:])
	} else {
		for _, c := range text {
			h = h<<8 ^ uint64(c)
		}
	}
	place := &q.names[h*mix>>(64-nameBits)]
	if *place != string(text) {
		*place = string(text)
	}
	return *place
}

const (
	nameBits = 10
	mix      = 0x9E3779B97F4A7C15
)

// longestKnown is the length above which nothing is looked for among the names.
const longestKnown = 48

// name reads a member's name and the colon.
func (q *quick) name() ([]byte, bool) {
	if !q.byte('"') {
		return nil, false
	}
	end := bytes.IndexByte(q.raw[q.at:], '"')
	if end < 0 || end > longestKnown {
		return nil, false
	}
	name := q.raw[q.at : q.at+end]
	q.at += end + 1
	for _, c := range name {
		if c == '\\' || c < ' ' || c >= utf8.RuneSelf {
			return nil, false
		}
	}
	return name, q.byte(':')
}

// string reads a string. The bytes hold until the next one is read.
func (q *quick) string() ([]byte, bool) {
	if !q.byte('"') {
		return nil, false
	}
	from, all, escaped := q.at, byte(0), false
	for i := from; i < len(q.raw); i++ {
		for i+8 <= len(q.raw) { // eight at a time, up to one that is looked at
			eight := binary.LittleEndian.Uint64(q.raw[i:])
			quote, slash := eight^each*'"', eight^each*'\\'
			found := ((eight-each*' ')&^eight | (quote-each)&^quote | (slash-each)&^slash) & (each << 7)
			if found != 0 {
				n := bits.TrailingZeros64(found) / 8
				if eight&(each<<7)&(found-1) != 0 {
					all = utf8.RuneSelf
				}
				i += n
				break
			}
			if eight&(each<<7) != 0 {
				all = utf8.RuneSelf
			}
			i += 8
		}
		if i >= len(q.raw) {
			break
		}
		c := q.raw[i]
		all |= c
		switch {
		case c == '"':
			q.at = i + 1
			text := q.raw[from:i]
			switch {
			case escaped: // it looks at the encoding, too
				var err error
				q.text, err = jsontext.AppendUnquote(q.text[:0], q.raw[from-1:q.at])
				return q.text, err == nil && bytes.IndexByte(q.text, 0) < 0
			case all >= utf8.RuneSelf && !utf8.Valid(text):
				return nil, false
			}
			return text, true
		case c == '\\':
			escaped = true
			i++
		case c < ' ':
			return nil, false
		}
	}
	return nil, false
}

// each has a one in every byte.
const each = 0x0101010101010101

// integer reads digits, so few that they fit.
func (q *quick) integer() (n int64, ok bool) {
	negative := q.peek() == '-'
	if negative {
		q.at++
	}
	from := q.at
	for ; q.at < len(q.raw) && q.raw[q.at] >= '0' && q.raw[q.at] <= '9'; q.at++ {
		n = 10*n + int64(q.raw[q.at]-'0')
	}
	digits := q.raw[from:q.at]
	switch {
	case len(digits) == 0 || len(digits) > 18 || digits[0] == '0' && len(digits) > 1:
		return 0, false
	case q.at < len(q.raw) && (q.raw[q.at] == '.' || q.raw[q.at]|0x20 == 'e'):
		return 0, false
	case negative:
		n = -n
	}
	return n, true
}

// word reads what has no quotes, if it is that.
func (q *quick) word(w string) bool {
	if len(q.raw)-q.at < len(w) || string(q.raw[q.at:q.at+len(w)]) != w {
		return false
	}
	q.at += len(w)
	return true
}

// byte reads what may stand behind spaces, if it is that.
func (q *quick) byte(c byte) bool {
	if q.peek() != c {
		return false
	}
	q.at++
	return true
}

// peek is the next byte that is no space, 0 at the end.
func (q *quick) peek() byte {
	for ; q.at < len(q.raw); q.at++ {
		switch c := q.raw[q.at]; c {
		case ' ', '\n', '\t', '\r':
		default:
			return c
		}
	}
	return 0
}

// ends reports whether nothing but spaces is left.
func (q *quick) ends() bool { return q.peek() == 0 && q.at == len(q.raw) }
