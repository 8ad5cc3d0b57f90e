package hub

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// mergePatch is the pseudocode of RFC 7396, section 2, which is all that a client has.
func mergePatch(target, patch any) any {
	members, isObject := patch.(map[string]any)
	if !isObject {
		return patch
	}
	result, isObject := target.(map[string]any)
	if !isObject {
		result = map[string]any{}
	}
	for name, value := range members {
		if value == nil {
			delete(result, name)
		} else {
			result[name] = mergePatch(result[name], value)
		}
	}
	return result
}

func parse(t *testing.T, text string) any {
	t.Helper()
	var v any
	require.NoError(t, json.Unmarshal([]byte(text), &v))
	return v
}

// The cases of RFC 7396, appendix A: they hold for the tests' client, and the patch that is made by comparing the
// first with the last leads there too. Cases whose states hold null cannot arise here and are left to the client.
func TestMergePatchAppendix(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		original, patch, result string
		null                    bool
	}{
		{original: `{"a":"b"}`, patch: `{"a":"c"}`, result: `{"a":"c"}`},
		{original: `{"a":"b"}`, patch: `{"b":"c"}`, result: `{"a":"b","b":"c"}`},
		{original: `{"a":"b"}`, patch: `{"a":null}`, result: `{}`},
		{original: `{"a":"b","b":"c"}`, patch: `{"a":null}`, result: `{"b":"c"}`},
		{original: `{"a":["b"]}`, patch: `{"a":"c"}`, result: `{"a":"c"}`},
		{original: `{"a":"c"}`, patch: `{"a":["b"]}`, result: `{"a":["b"]}`},
		{original: `{"a":{"b":"c"}}`, patch: `{"a":{"b":"d","c":null}}`, result: `{"a":{"b":"d"}}`},
		{original: `{"a":[{"b":"c"}]}`, patch: `{"a":[1]}`, result: `{"a":[1]}`},
		{original: `["a","b"]`, patch: `["c","d"]`, result: `["c","d"]`},
		{original: `{"a":"b"}`, patch: `["c"]`, result: `["c"]`},
		{original: `{"a":"foo"}`, patch: `null`, result: `null`, null: true},
		{original: `{"a":"foo"}`, patch: `"bar"`, result: `"bar"`},
		{original: `{"e":null}`, patch: `{"a":1}`, result: `{"e":null,"a":1}`, null: true},
		{original: `[1,2]`, patch: `{"a":"b","c":null}`, result: `{"a":"b"}`},
		{original: `{}`, patch: `{"a":{"bb":{"ccc":null}}}`, result: `{"a":{"bb":{}}}`},
	} {
		require.Equal(t, parse(t, c.result), mergePatch(parse(t, c.original), parse(t, c.patch)), "%+v", c)
		if c.null {
			continue
		}
		var adopt comparer
		made, differ := between(adopt.adopt(parse(t, c.original), ""), adopt.adopt(parse(t, c.result), ""))
		require.True(t, differ)
		var e encoder
		e.value(made)
		require.Equal(t, parse(t, c.result), mergePatch(parse(t, c.original), parse(t, string(e.buf))), "%s", e.buf)
	}
}

func TestPatchesOfATopic(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before Object
		edit   func(*Topic)
		patch  string // "": no new version
		after  string
	}{
		"a member is set": {
			before: Object{"a": Object{"x": 1, "y": 2}},
			edit:   func(t *Topic) { t.Set(3, "a", "x") },
			patch:  `{"a":{"x":3}}`, after: `{"a":{"x":3,"y":2}}`,
		},
		"a subtree is replaced, only its difference goes out": {
			before: Object{"a": Object{"x": 1, "y": 2, "z": 3}},
			edit:   func(t *Topic) { t.Set(Object{"x": 1, "y": 5}, "a") },
			patch:  `{"a":{"y":5,"z":null}}`, after: `{"a":{"x":1,"y":5}}`,
		},
		"deleted and made anew with fewer members": {
			before: Object{"a": Object{"x": 1, "y": Object{"p": 1, "q": 2}}},
			edit: func(t *Topic) {
				t.Delete("a")
				t.Set(1, "a", "y", "p")
			},
			patch: `{"a":{"x":null,"y":{"q":null}}}`, after: `{"a":{"y":{"p":1}}}`,
		},
		"there and back again is nothing": {
			before: Object{"a": 1},
			edit: func(t *Topic) {
				t.Set(2, "a")
				t.Set(1.0, "a")
				t.Delete("b", "c")
			},
			after: `{"a":1}`,
		},
		"the same list is nothing, another goes out whole": {
			before: Object{"a": []any{1, Object{"x": "y"}}, "b": []any{1}},
			edit: func(t *Topic) {
				t.Set([]any{1, Object{"x": "y"}}, "a")
				t.Set([]any{1, 2}, "b")
			},
			patch: `{"b":[1,2]}`, after: `{"a":[1,{"x":"y"}],"b":[1,2]}`,
		},
		"an object in place of a number, with parents": {
			before: Object{"a": 1},
			edit: func(t *Topic) {
				t.Set("v", "a", "b", "c")
				t.Set(Object{}, "e")
			},
			patch: `{"a":{"b":{"c":"v"}},"e":{}}`, after: `{"a":{"b":{"c":"v"}},"e":{}}`,
		},
		"nil deletes, at any depth": {
			before: Object{"a": Object{"x": 1, "y": 1}, "b": 1},
			edit: func(t *Topic) {
				t.Set(nil, "b")
				t.Set(Object{"x": nil, "y": 1}, "a")
			},
			patch: `{"a":{"x":null},"b":null}`, after: `{"a":{"y":1}}`,
		},
		"the whole": {
			before: Object{"a": 1, "b": 2},
			edit: func(t *Topic) {
				t.Delete()
				t.Set(2, "b")
			},
			patch: `{"a":null}`, after: `{"b":2}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			topic := newTopic(t)
			topic.Set(c.before)
			require.True(t, topic.Flush(start, 1))
			r := newReader(t, OutboxBytes)
			topic.Subscribe(r.s, nil, start)
			r.readAll()
			c.edit(topic)
			require.Equal(t, c.patch != "", topic.Flush(start, 2))
			require.Equal(t, c.after, stateOf(topic))
			frames := r.readAll()
			if c.patch == "" {
				require.Empty(t, frames)
				return
			}
			require.Len(t, frames, 1)
			require.JSONEq(t, c.patch, string(frames[0].Patch))
			require.NoError(t, topic.Refused())
		})
	}
}

// What the caller does with a value after the flush, or to the same value in another topic, changes nothing.
func TestTopicsShareNoValues(t *testing.T) {
	t.Parallel()
	one, other := newTopic(t), newTopic(t)
	agent := Object{"name": "Ann", "teams": Object{"t1": true}, "list": []any{1}}
	one.Set(agent, "a1")
	other.Set(agent, "a1")
	one.Flush(start, 1)
	other.Flush(start, 1)
	one.Set(false, "a1", "teams", "t1")
	one.Flush(start, 2)
	agent["teams"].(Object)["t2"] = true
	agent["list"].([]any)[0] = 9
	require.Equal(t, `{"a1":{"list":[1],"name":"Ann","teams":{"t1":false}}}`, stateOf(one))
	require.Equal(t, `{"a1":{"list":[1],"name":"Ann","teams":{"t1":true}}}`, stateOf(other))
}
