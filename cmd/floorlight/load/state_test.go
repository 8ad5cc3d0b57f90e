package load

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"
)

// TestMergedIsRFC7396 are the examples of the RFC's appendix, as far as they are
// objects.
func TestMergedIsRFC7396(t *testing.T) {
	t.Parallel()

	for _, tt := range []struct{ object, patch, want string }{
		{`{"a":"b"}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"b"}`, `{"b":"c"}`, `{"a":"b","b":"c"}`},
		{`{"a":"b"}`, `{"a":null}`, `{}`},
		{`{"a":"b","b":"c"}`, `{"a":null}`, `{"b":"c"}`},
		{`{"a":["b"]}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"c"}`, `{"a":["b"]}`, `{"a":["b"]}`},
		{`{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`, `{"a":{"b":"d"}}`},
		{`{"a":[{"b":"c"}]}`, `{"a":[1]}`, `{"a":[1]}`},
		{`{"e":null}`, `{"a":1}`, `{"e":null,"a":1}`},
		{`{}`, `{"a":{"bb":{"ccc":null}}}`, `{"a":{"bb":{}}}`},
		{`{"a":"foo"}`, `{"a":{"b":1}}`, `{"a":{"b":1}}`},
	} {
		object := parsed(t, tt.object)
		require.Equal(t, parsed(t, tt.want), Merged(object, parsed(t, tt.patch)), "%s with %s", tt.object, tt.patch)
		require.Equal(t, parsed(t, tt.object), object, "what there was stays")
	}
}

func parsed(tb testing.TB, text string) map[string]any {
	tb.Helper()
	var value map[string]any
	require.NoError(tb, json.Unmarshal([]byte(text), &value))
	return value
}

func TestChecksumIsOfTheCanonicalForm(t *testing.T) {
	t.Parallel()

	sum, err := (&state{value: parsed(t, `{"b":1.0,"a":{"z":1e3,"ä":"€"},"n":0.1}`)}).checksum()
	require.NoError(t, err)
	digest := sha256.Sum256([]byte(`{"a":{"z":1000,"ä":"€"},"b":1,"n":0.1}`))
	require.Equal(t, hex.EncodeToString(digest[:]), sum)
}

func TestClientsOfATopicShareWhatTheyDecode(t *testing.T) {
	t.Parallel()

	g := newGroup()
	decode := func(text string) *frame {
		f, err := g.decode([]byte(text))
		require.NoError(t, err)
		return f
	}
	apply := func(f *frame, s *state) *state {
		next, err := g.applied(f, s)
		require.NoError(t, err)
		return next
	}
	one := apply(decode(`{"op":"snapshot","epoch":"e","version":1,"at":"1","state":{"a":1}}`), nil)
	two := apply(decode(`{"op":"snapshot","epoch":"e","version":1,"at":"2","state":{"a":1}}`), nil)
	require.Same(t, one, two, "equal states at one version are one")
	delta := `{"op":"delta","epoch":"e","version":2,"from":1,"patch":{"b":2}}`
	first, second := decode(delta), decode(delta)
	require.Same(t, first, second)
	require.Same(t, apply(decode(delta), one), apply(decode(delta), two))
	require.Equal(t, map[string]any{"a": 1.0, "b": 2.0}, apply(decode(delta), one).value)

	other := apply(decode(`{"op":"snapshot","epoch":"e","version":1,"at":"1","state":{"a":7}}`), nil)
	require.NotSame(t, one, other, "a state that differs stays the client's own, and fails its check")
	require.Equal(t, map[string]any{"a": 7.0, "b": 2.0}, apply(decode(delta), other).value)

	for _, wrong := range []string{
		`{"op":"delta","epoch":"e","version":4,"from":3,"patch":{}}`, `{"op":"delta","epoch":"other","version":2,"from":1,"patch":{}}`,
	} {
		_, err := g.applied(decode(wrong), one)
		require.ErrorIs(t, err, errOutOfOrder)
	}
	_, err := g.decode([]byte(`{"op":`))
	require.Error(t, err)
	for i := range 10 * remembered {
		decode(fmt.Sprintf(`{"op":"beat","seq":%d}`, i))
	}
	require.LessOrEqual(t, len(g.frames), remembered)
}
