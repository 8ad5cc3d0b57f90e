package hub

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// model is a state edited at once, as plainly as can be.
type model map[string]any

func copyOf(v any) any {
	switch v := v.(type) {
	case map[string]any:
		c := map[string]any{}
		for name, value := range v {
			c[name] = copyOf(value)
		}
		return c
	case []any:
		c := make([]any, len(v))
		for i := range v {
			c[i] = copyOf(v[i])
		}
		return c
	default:
		return v
	}
}

func (m model) set(value any, path []string) {
	at := map[string]any(m)
	for _, name := range path[:len(path)-1] {
		next, ok := at[name].(map[string]any)
		if !ok {
			next = map[string]any{}
			at[name] = next
		}
		at = next
	}
	at[path[len(path)-1]] = copyOf(value)
}

func (m model) delete(path []string) {
	at := map[string]any(m)
	for _, name := range path[:len(path)-1] {
		next, ok := at[name].(map[string]any)
		if !ok {
			return
		}
		at = next
	}
	delete(at, path[len(path)-1])
}

// Few names and shallow trees, so that the same places are deleted and made anew again and again.
var (
	names = rapid.SampledFrom([]string{"a", "b", "c", "\U0001f600"})
	paths = rapid.SliceOfN(names, 1, 3)
)

func values(depth int) *rapid.Generator[any] {
	scalar := rapid.OneOf(
		rapid.Map(rapid.IntRange(0, 2), func(i int) any { return int64(i) }),
		rapid.SampledFrom([]any{true, "x", "yy\n", 0.94, 1.0 / 3, int64(1 << 40)}),
	)
	if depth == 0 {
		return scalar
	}
	below := rapid.Deferred(func() *rapid.Generator[any] { return values(depth - 1) })
	return rapid.OneOf(
		scalar,
		rapid.Map(rapid.MapOfN(names, below, 0, 3), func(m map[string]any) any { return m }),
		rapid.Map(rapid.MapOfN(names, below, 0, 3), func(m map[string]any) any { return m }),
		rapid.Map(rapid.SliceOfN(below, 0, 2), func(s []any) any { return s }),
	)
}

// Every client's rebuilt state is the topic's at that version, whatever it missed, however slowly it read, however often
// it was cut off, and in the end each has the newest.
func TestEveryReaderHasTheState(t *testing.T) {
	t.Parallel()
	tally := &Tally{}
	resumed := 0
	rapid.Check(t, func(t *rapid.T) {
		limits := Limits{Age: time.Duration(rapid.IntRange(1, 60).Draw(t, "age")) * time.Second, Bytes: rapid.IntRange(0, 4000).Draw(t, "ring")}
		topic := NewTopic("agents", "e7", limits, tally)
		topic.version = uint64(rapid.IntRange(0, 1).Draw(t, "thousands")) * 990 // near a sum that comes unasked
		state := model{}
		history := map[uint64]string{topic.version: "{}"}
		padding := Object{}
		if rapid.Bool().Draw(t, "padded") { // so that skipping forward costs less than a snapshot
			padding["padding"] = strings.Repeat("p", 1000)
			topic.Set(padding["padding"], "padding")
			state.set(padding["padding"], []string{"padding"})
		}
		now, seq := start, uint64(0)
		var readers []*reader
		connect := func(since *Position) *reader {
			r := newReader(t, rapid.SampledFrom([]int{150, 600, 2000, 10000}).Draw(t, "bound"))
			r.outbox.tally = tally
			r.onState = func(version uint64, canonical string) {
				require.Equal(t, history[version], canonical, "version %d", version)
			}
			return r
		}
		for range rapid.IntRange(60, 200).Draw(t, "steps") {
			pick := func() (int, bool) {
				if len(readers) == 0 {
					return 0, false
				}
				return rapid.IntRange(0, len(readers)-1).Draw(t, "reader"), true
			}
			switch rapid.SampledFrom([]string{"set", "set", "set", "delete", "whole", "flush", "flush", "flush", "join", "read", "check", "resume", "leave"}).Draw(t, "do") {
			case "set":
				value, path := values(2).Draw(t, "value"), paths.Draw(t, "path")
				topic.Set(value, path...)
				state.set(value, path)
			case "delete":
				path := paths.Draw(t, "path")
				topic.Delete(path...)
				state.delete(path)
			case "whole":
				value := rapid.MapOfN(names, values(1), 0, 3).Draw(t, "state")
				maps.Copy(value, padding)
				topic.Set(value)
				state = copyOf(value).(map[string]any)
			case "flush":
				now, seq = now.Add(time.Duration(rapid.IntRange(1, 2000).Draw(t, "ms"))*time.Millisecond), seq+1
				was, version := history[topic.version], topic.version
				changed := topic.Flush(now, seq)
				is := reference(map[string]any(state))
				require.Equal(t, was != is, changed)
				if changed {
					require.Equal(t, version+1, topic.version)
					history[topic.version] = is
				}
				digest := sha256.Sum256([]byte(is))
				if seq%5 == 0 { // not always, as encoding the state changes what is sent to the skipped
					_, sum := topic.Sum()
					require.Equal(t, hex.EncodeToString(digest[:]), sum)
				}
			case "join":
				r := connect(nil)
				readers = append(readers, r)
				require.Equal(t, ReasonNone, topic.Subscribe(r.s, nil, now))
			case "read":
				if i, ok := pick(); ok {
					for range rapid.IntRange(1, 10).Draw(t, "frames") {
						readers[i].read()
					}
				}
			case "check":
				if i, ok := pick(); ok {
					topic.Check(readers[i].s, 5)
				}
			case "resume":
				if i, ok := pick(); ok && readers[i].state != nil {
					old := readers[i]
					topic.Unsubscribe(old.s)
					old.outbox.Close(ReasonGone)
					since := &Position{Epoch: old.epoch, Version: old.version}
					r := connect(since)
					r.state, r.epoch, r.version = old.state, old.epoch, old.version
					readers[i] = r
					if topic.Subscribe(r.s, since, now) == ReasonNone {
						resumed++
					}
				}
			case "leave":
				if i, ok := pick(); ok {
					readers[i].outbox.Close(ReasonGone) // found out by the topic
					readers = append(readers[:i], readers[i+1:]...)
				}
			}
		}
		for range 3 {
			for _, r := range readers {
				r.readAll()
			}
			topic.Flush(now, seq)
			history[topic.version] = reference(map[string]any(state))
		}
		for _, r := range readers {
			if r.outbox.Closed() == ReasonBacklog {
				continue // left too many answers to its checks unread
			}
			r.readAll()
			require.Equal(t, topic.version, r.version)
			require.Equal(t, reference(map[string]any(state)), reference(r.state))
		}
		require.Equal(t, 0, topic.behind)
		require.Empty(t, topic.lags)
	})
	require.Positive(t, resumed)
	for _, reason := range []Reason{ReasonQueueFull, ReasonForward, ReasonFresh, ReasonBeyondRing, ReasonGone} {
		require.Positive(t, tally.Count(reason), reason.String())
	}
}

// A reader that stopped at one version gets the same from its way back as from comparing the two states, however many
// versions lie between.
func TestWayBackIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		topic := NewTopic("agents", "e7", StateLimits, nil)
		set := func() { topic.Set(rapid.MapOfN(names, values(2), 0, 4).Draw(t, "state")) }
		set()
		topic.Flush(start, 1)
		var adopt comparer
		then := adopt.adopt(topic.state, "").(Object)
		way := &before{members: map[string]*before{}}
		for range rapid.IntRange(1, 6).Draw(t, "versions") {
			if rapid.IntRange(0, 3).Draw(t, "whole") == 0 {
				set()
			} else if rapid.Bool().Draw(t, "delete") {
				topic.Delete(paths.Draw(t, "path")...)
			} else {
				topic.Set(values(2).Draw(t, "value"), paths.Draw(t, "path")...)
			}
			_, found, changed := topic.compare.edit(topic.state, &topic.dirty, "")
			topic.dirty = edit{}
			if changed {
				way.since(found.before)
			}
		}
		var want, got encoder
		if patch, differ := between(then, topic.state); differ {
			want.value(patch)
		} else {
			want.value(Object{})
		}
		got.value(way.patchTo(topic.state))
		require.Equal(t, string(want.buf), string(got.buf))
		require.True(t, equal(then, way.restore(topic.state)))
	})
}

// What was deleted and made anew while the reader was skipped carries null for the members that it no longer has.
func TestSkippedForwardCarriesNulls(t *testing.T) {
	t.Parallel()
	tally := &Tally{}
	topic := NewTopic("agents", "e7", StateLimits, tally)
	topic.Set(Object{"a1": Object{"name": "Ann", "status": "online", "chats": 3}, "a2": Object{"name": "Bo"}}, "agents")
	topic.Set(strings.Repeat("a state that is longer than the delta ", 10), "text")
	topic.Flush(start, 1)
	r := newReader(t, 1000)
	topic.Subscribe(r.s, nil, start)
	for topic.behind == 0 {
		topic.Set(int(topic.version), "n")
		require.True(t, topic.Flush(start, 2))
	}
	have := topic.version - 1
	topic.Delete("agents", "a1")
	topic.Flush(start, 3)
	topic.Set(Object{"name": "Ann"}, "agents", "a1")
	topic.Flush(start, 4)
	topic.Set(7, "agents", "a2", "chats")
	topic.Flush(start, 5)
	require.True(t, topic.Check(r.s, 12))
	r.readAll()
	require.Equal(t, have, r.version)

	require.False(t, topic.Flush(start, 6))
	frames := r.readAll()
	require.Len(t, frames, 2)
	require.Equal(t, have, frames[0].From)
	require.JSONEq(t, fmt.Sprintf(`{"agents":{"a1":{"status":null,"chats":null},"a2":{"chats":7}},"n":%d}`, have), string(frames[0].Patch))
	require.Equal(t, "sum", frames[1].Op)
	require.EqualValues(t, 12, *frames[1].ID)
	require.Equal(t, stateOf(topic), reference(r.state))
	require.EqualValues(t, 1, tally.Count(ReasonQueueFull))
	require.EqualValues(t, 1, tally.Count(ReasonForward))
}

// A client written in another language reads the numbers as doubles; the frames must survive that.
func TestFramesAreJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		topic := NewTopic("conversation/\"c9\"\n", "e7", StateLimits, nil)
		topic.Set(rapid.MapOfN(rapid.String(), rapid.OneOf(
			rapid.Map(rapid.String(), func(s string) any { return s }),
			rapid.Map(rapid.Float64(), func(f float64) any { return f }),
			rapid.Map(rapid.Int64(), func(i int64) any { return i }),
		), 0, 5).Draw(t, "state"))
		topic.Flush(start, 1)
		frame := topic.Snapshot(start)
		var m message
		require.NoError(t, json.Unmarshal(append(frame.Head(), frame.Body()...), &m))
		require.Equal(t, "conversation/\"c9\"\n", m.Topic)
		require.Equal(t, reference(m.State), stateOf(topic))
		require.NoError(t, topic.Refused())
	})
}
