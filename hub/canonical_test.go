package hub

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
)

// reference writes what encoding/json decoded as canonical JSON, slowly and by other means than the encoder: keys
// compared as UTF-16, numbers by encoding/json, strings rune by rune. Nulls are left out, as a state has none.
func reference(v any) string {
	switch v := v.(type) {
	case string:
		var b strings.Builder
		b.WriteByte('"')
		for _, r := range v {
			short := map[rune]string{'"': `\"`, '\\': `\\`, '\b': `\b`, '\f': `\f`, '\n': `\n`, '\r': `\r`, '\t': `\t`}
			switch {
			case short[r] != "":
				b.WriteString(short[r])
			case r < ' ':
				fmt.Fprintf(&b, `\u%04x`, r)
			default:
				b.WriteRune(r)
			}
		}
		return b.String() + `"`
	case map[string]any:
		var keys []string
		for key, value := range v {
			if value != nil {
				keys = append(keys, key)
			}
		}
		slices.SortFunc(keys, func(a, b string) int {
			return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
		})
		var members []string
		for _, key := range keys {
			members = append(members, reference(key)+":"+reference(v[key]))
		}
		return "{" + strings.Join(members, ",") + "}"
	case []any:
		var items []string
		for _, item := range v {
			if item != nil {
				items = append(items, reference(item))
			}
		}
		return "[" + strings.Join(items, ",") + "]"
	case float64:
		if v == 0 {
			return "0"
		}
		text, err := json.Marshal(v)
		if err != nil {
			return err.Error()
		}
		return string(text)
	default:
		return fmt.Sprint(v) // bool and what the model test holds as integers
	}
}

func canonical(v any) string {
	var c comparer
	var e encoder
	e.value(c.adopt(v, ""))
	return string(e.buf)
}

func TestCanonicalNumbers(t *testing.T) {
	t.Parallel()
	for want, value := range map[string]any{
		"0":                       math.Copysign(0, -1),
		"5e-324":                  5e-324,
		"1.7976931348623157e+308": math.MaxFloat64,
		"9007199254740992":        int64(1<<53) + 1, // beyond 2^53 the nearest double
		"-9007199254740991":       int64(-1<<53) + 1,
		"295147905179352830000":   math.Pow(2, 68),
		"1e+21":                   1e21,
		"100000000000000000000":   1e20,
		"9.999999999999997e+22":   9.999999999999997e22,
		"0.000001":                1e-6,
		"1e-7":                    1e-7,
		"1e-10":                   1e-10,
		"333333333.3333332":       333333333.3333332,
		"0.94":                    47.0 / 50,
		"3":                       3.0,
		"-7":                      int32(-7),
		"12":                      12,
		"13":                      uint32(13),
		"11":                      time.November,
		"18446744073709552000":    uint64(math.MaxUint64),
		"0.5":                     float32(0.5),
		`"e7"`:                    Epoch("e7"),
	} {
		require.Equal(t, want, canonical(value))
	}
}

// The example of RFC 8785, section 3.2.
func TestCanonicalRFC8785Example(t *testing.T) {
	t.Parallel()
	var v any
	require.NoError(t, json.Unmarshal([]byte(`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],
		"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[true,false]}`), &v))
	require.Equal(t, `{"literals":[true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],`+
		`"string":"€$\u000f\nA'B\"\\\\\"/"}`, canonical(v))
}

// The example of RFC 8785, section 3.2.3: the emoji's surrogates sort before U+FB33.
func TestCanonicalKeyOrder(t *testing.T) {
	t.Parallel()
	keys := []string{"\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"}
	shuffled := Object{}
	for i := range keys {
		shuffled[keys[len(keys)-1-i]] = i
	}
	var e encoder
	var c comparer
	e.value(c.adopt(shuffled, ""))
	last := -1
	for _, key := range keys {
		at := strings.Index(string(e.buf), string(appendString(nil, key)))
		require.Greater(t, at, last, "%q", key)
		last = at
	}
}

func TestValuesThatNoStateCanHold(t *testing.T) {
	t.Parallel()
	for kind, value := range map[string]any{
		"a number that is not finite": math.Inf(1),
		"a struct {}":                 struct{}{},
	} {
		topic := newTopic(t)
		topic.Set(Object{"good": 1, "bad": value}, "a")
		require.True(t, topic.Flush(start, 1))
		require.Equal(t, `{"a":{"good":1}}`, stateOf(topic))
		var refused *ValueError
		require.ErrorAs(t, topic.Refused(), &refused)
		require.Equal(t, ValueError{Key: "bad", Kind: kind}, *refused)
		require.NoError(t, topic.Refused())
	}

	topic := newTopic(t)
	topic.Set(Object{"b\xff": 1, "text": "x\xffy", "list": []any{nil, 1}, "none": nil}, "a")
	topic.Set("no object")
	topic.Flush(start, 1)
	require.Equal(t, `{"a":{"list":[1],"text":"x�y"}}`, stateOf(topic))
	require.Error(t, topic.Refused())
}

func FuzzCanonical(f *testing.F) {
	for _, seed := range []string{
		`{"a":1,"b":[1.5,-0,1e21,1e-7,123456789012345678],"\u20ac":"\u0001\"\\","\ud83d\ude00":{},"\ufb33":null}`,
		`"\u2028<>&\u007f"`, `[[],{},[null],{"a":{"b":{"c":0.1}}}]`, `1e400`, `"` + "\xff" + `"`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var v any
		if json.Unmarshal(text, &v) != nil || v == nil {
			return
		}
		got := canonical(v)
		require.Equal(t, reference(v), got)
		var again any
		require.NoError(t, json.Unmarshal([]byte(got), &again))
		require.Equal(t, got, canonical(again))
	})
}
