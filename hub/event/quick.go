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

	day      string // the date of a time that was read
	midnight time.Time
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

// The attributes, in the order of envelopes, as bits of those that were had.
const (
	hadVersion uint = 1 << iota
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

// envelopes is how an event is written: the attributes in the contract's order.
var envelopes = &shape{members: func() (all []member) {
	for _, name := range []string{"specversion", "id", "source", "type", "time", "subject", "tenant", "data", "datacontenttype"} {
		all = append(all, member{name: name, head: `"` + name + `":`})
	}
	return all
}()}

func (q *quick) event() (Event, bool) {
	var e Event
	var had uint
	var of *shape
	if !q.byte('{') {
		return e, false
	}
	next := 0
	for more := true; more; more = q.byte(',') {
		at, ok := envelopes.next(q, next)
		bit := uint(1) << at
		if !ok || had&bit != 0 {
			return e, false
		}
		if bit == hadData {
			if had&hadType == 0 {
				return e, false
			}
			from := q.at
			e.Data, ok = of.read(q)
			q.check.data = q.raw[from:q.at]
		} else {
			ok = q.attribute(bit, &e, &of)
		}
		if !ok {
			return e, false
		}
		had |= bit
		next = at + 1
	}
	if !q.byte('}') || !q.ends() || had&hadAll != hadAll || len(q.check.data) > MaxData {
		return e, false
	}
	e.Data.validate(&q.check)
	return e, q.check.fault == nil
}

// attribute reads one. It does not take what is out of bounds.
func (q *quick) attribute(bit uint, e *Event, s **shape) bool {
	value, ok := q.string()
	if !ok || len(value) == 0 {
		return false
	}
	switch bit {
	case hadVersion:
		return string(value) == "1.0"
	case hadID:
		e.ID = string(value)
		return len(value) <= MaxEnvID
	case hadSource:
		e.Source = q.known(value)
		return len(value) <= MaxEnvID
	case hadType:
		*s, ok = shapes[Type(value)]
		if ok {
			e.Type = (*s).of
		}
		return ok
	case hadTime:
		e.Time, ok = q.time(value)
		return ok
	case hadSubject:
		e.Key = q.known(value)
		return len(value) <= MaxID
	case hadTenant:
		e.Tenant = TenantID(q.known(value))
		return ValidTenant(string(e.Tenant))
	case hadContentType:
		return true
	}
	return false
}

// time reads an event's time. Those of one day come together: its date is parsed
// once, and what stands behind it is mostly a time of day in UTC.
func (q *quick) time(text []byte) (time.Time, bool) {
	const date, second = len("2006-01-02"), len("2006-01-02T15:04:05")
	if len(text) > second && string(text[:date]) == q.day && text[date] == 'T' {
		since, ok := timeOfDay(text[date+1 : second])
		part, fits := fraction(text[second:])
		if ok && fits {
			return q.midnight.Add(since + part), true
		}
	}
	var at time.Time
	if len(text) > 64 || at.UnmarshalText(text) != nil {
		return at, false
	}
	at = at.UTC().Truncate(time.Microsecond)
	if at.Before(earliest) || at.Year() > 9999 {
		return at, false
	}
	if text[len(text)-1] == 'Z' {
		q.day, q.midnight = string(text[:date]), at.Truncate(24*time.Hour)
	}
	return at, true
}

// timeOfDay reads 15:04:05.
func timeOfDay(text []byte) (since time.Duration, ok bool) {
	for i, most := range [...]int{23, 59, 59} {
		two := text[3*i:]
		n := 10*(int(two[0])-'0') + int(two[1]) - '0'
		if !digit(two[0]) || !digit(two[1]) || n > most || i < 2 && two[2] != ':' {
			return 0, false
		}
		since = 60*since + time.Duration(n)
	}
	return since * time.Second, true
}

// fraction reads the rest of a time in UTC, Z or .123456789Z, in whole microseconds.
func fraction(text []byte) (part time.Duration, ok bool) {
	last := len(text) - 1
	if text[last] != 'Z' || last == 1 || last > 10 || last > 0 && text[0] != '.' {
		return 0, false
	}
	for i, unit := 1, 100*time.Millisecond; i < last; i, unit = i+1, unit/10 {
		if !digit(text[i]) {
			return 0, false
		}
		part += time.Duration(text[i]-'0') * unit
	}
	return part.Truncate(time.Microsecond), true
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

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
