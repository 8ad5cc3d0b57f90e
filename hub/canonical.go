package hub

import (
	"math"
	"slices"
	"strconv"
	"unicode/utf8"
)

// largestInteger is the last integer that every reader of JSON can hold exactly, 2^53.
// Beyond it an int64 is published as the double nearest to it.
const largestInteger = 1 << 53

// encoder writes RFC 8785 canonical JSON into a buffer that it keeps between uses. It expects adopted values, so it
// cannot fail. A nil is written as null, which only a patch may hold.
type encoder struct {
	buf  []byte
	keys []string // the keys of the objects that are being written, outermost first
}

// value appends v.
func (e *encoder) value(v any) {
	switch v := v.(type) {
	case nil:
		e.buf = append(e.buf, "null"...)
	case bool:
		e.buf = strconv.AppendBool(e.buf, v)
	case string:
		e.buf = appendString(e.buf, v)
	case int64:
		e.buf = strconv.AppendInt(e.buf, v, 10)
	case float64:
		e.buf = appendDouble(e.buf, v)
	case Object:
		e.object(v)
	case []any:
		e.buf = append(e.buf, '[')
		for i, item := range v {
			if i > 0 {
				e.buf = append(e.buf, ',')
			}
			e.value(item)
		}
		e.buf = append(e.buf, ']')
	}
}

func (e *encoder) object(members Object) {
	first := len(e.keys)
	for key := range members {
		e.keys = append(e.keys, key)
	}
	end := len(e.keys)
	slices.SortFunc(e.keys[first:end], compareUTF16)
	e.buf = append(e.buf, '{')
	for i := first; i < end; i++ {
		if i > first {
			e.buf = append(e.buf, ',')
		}
		key := e.keys[i] // by index: nested objects may move the slice
		e.buf = appendString(e.buf, key)
		e.buf = append(e.buf, ':')
		e.value(members[key])
	}
	e.buf = append(e.buf, '}')
	clear(e.keys[first:end]) // so that a kept buffer does not keep a departed customer's id
	e.keys = e.keys[:first]
}

// compareUTF16 orders two keys by their UTF-16 code units, as RFC 8785 wants. That is the order of the UTF-8 bytes,
// except that the surrogates of a character above U+FFFF (lead byte F0 and up) come before U+E000 to U+FFFF (EE, EF).
func compareUTF16(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		x, y := a[i], b[i]
		if x == y {
			continue
		}
		if x >= 0xEE && y >= 0xEE && (x >= 0xF0) != (y >= 0xF0) {
			x, y = y, x
		}
		if x < y {
			return -1
		}
		return 1
	}
	return len(a) - len(b)
}

const hexDigits = "0123456789abcdef"

// appendString appends s as a JSON string with the escapes of RFC 8785: the short ones, \u00xx for the other control
// characters, and nothing else.
func appendString(buf []byte, s string) []byte {
	buf = append(buf, '"')
	start := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		buf = append(buf, s[start:i]...)
		start = i + 1
		switch c {
		case '"', '\\':
			buf = append(buf, '\\', c)
		case '\b':
			buf = append(buf, '\\', 'b')
		case '\t':
			buf = append(buf, '\\', 't')
		case '\n':
			buf = append(buf, '\\', 'n')
		case '\f':
			buf = append(buf, '\\', 'f')
		case '\r':
			buf = append(buf, '\\', 'r')
		default:
			buf = append(buf, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	buf = append(buf, s[start:]...)
	return append(buf, '"')
}

// appendDouble appends the shortest decimal that reads back as f, in the form of ECMAScript's Number::toString.
func appendDouble(buf []byte, f float64) []byte {
	if f == 0 {
		return append(buf, '0') // minus zero too
	}
	format := byte('f')
	if abs := math.Abs(f); abs < 1e-6 || abs >= 1e21 {
		format = 'e'
	}
	buf = strconv.AppendFloat(buf, f, format, -1, 64)
	// Go writes 1e-07 where ECMAScript writes 1e-7.
	if n := len(buf); format == 'e' && buf[n-4] == 'e' && buf[n-2] == '0' {
		buf[n-2] = buf[n-1]
		buf = buf[:n-1]
	}
	return buf
}

// adoptNumber gives each number one form, so that 3 and 3.0 are the same value: an int64 where the number is an
// integer below 2^53, else a double.
func adoptNumber(f float64) any {
	if f == math.Trunc(f) && math.Abs(f) < largestInteger {
		return int64(f)
	}
	return f
}

func adoptInteger(i int64) any {
	if i > -largestInteger && i < largestInteger {
		return i
	}
	return float64(i)
}

// validText replaces bytes that are not UTF-8, which JSON cannot carry, by U+FFFD.
func validText(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return string([]rune(s))
}
