package risk_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/risk"
)

// A corpus is a directory of testdata: bad holds what must be caught, good what
// must pass, both in a file for each class with a row for each message, its
// language and, as Go quotes it, its text. " ¶ " parts messages that one sender
// writes a few seconds apart. The rows are invented, by those who wrote the rules
// and by those who had not read them, and none was taken out because it is missed.

// sample is one row of a corpus.
type sample struct{ class, language, text string }

// corpus is all rows of a directory of testdata.
func corpus(tb testing.TB, kind string) []sample {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", kind, "*.tsv"))
	require.NoError(tb, err)
	var out []sample
	for _, file := range files {
		raw, err := os.ReadFile(file)
		require.NoError(tb, err)
		for line := range strings.Lines(string(raw)) {
			if strings.HasPrefix(line, "#") {
				continue
			}
			language, quoted, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
			require.True(tb, ok, "%s: %s", file, line)
			text, err := strconv.Unquote(`"` + quoted + `"`)
			require.NoError(tb, err, "%s: %s", file, line)
			out = append(out, sample{strings.TrimSuffix(filepath.Base(file), ".tsv"), language, text})
		}
	}
	require.NotEmpty(tb, out)
	return out
}

// some is about n rows of both corpora, evenly spread.
func some(tb testing.TB, n int) []sample {
	tb.Helper()
	all := slices.Concat(corpus(tb, "bad"), corpus(tb, "good"))
	var out []sample
	for i := 0; i < len(all); i += max(1, len(all)/n) {
		out = append(out, all[i])
	}
	return out
}

// TestEveryRowOfTheCorporaIsThere holds that no row stands twice, or in both.
func TestEveryRowOfTheCorporaIsThere(t *testing.T) {
	t.Parallel()

	seen := map[string]string{}
	for _, kind := range []string{"bad", "good"} {
		for _, s := range corpus(t, kind) {
			at := kind + "/" + s.class
			key := s.language + " " + s.text
			require.Empty(t, seen[key], "%s and %s: %q", seen[key], at, s.text)
			require.Contains(t, []string{"en", "zh"}, s.language, at)
			seen[key] = at
		}
	}
	require.Greater(t, len(seen), 14_000)
}

// starTexts are the texts of all messages of one kind of sender in the real
// conversations beside the repository.
func starTexts(tb testing.TB, kind string) []string {
	tb.Helper()
	var out []string
	talks := starTalks(tb, kind)
	for _, id := range slices.Sorted(maps.Keys(talks)) {
		out = append(out, talks[id]...)
	}
	return out
}

// starTalks are the same by conversation.
func starTalks(tb testing.TB, kind string) map[string][]string {
	tb.Helper()
	dir, err := filepath.Abs(".")
	require.NoError(tb, err)
	for !exists(filepath.Join(dir, "go.mod")) {
		require.NotEqual(tb, dir, filepath.Dir(dir), "no go.mod above the test")
		dir = filepath.Dir(dir)
	}
	f, err := os.Open(filepath.Join(dir, "..", "shared", "data", "star.ndjson.gz"))
	require.NoError(tb, err)
	defer f.Close() //nolint:errcheck // it was only read
	zr, err := gzip.NewReader(f)
	require.NoError(tb, err)
	out := map[string][]string{}
	lines := bufio.NewScanner(zr)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if !bytes.Contains(lines.Bytes(), []byte(`"message.sent"`)) {
			continue
		}
		var l struct {
			Event struct {
				Data struct {
					Conversation string
					From         struct{ Kind string }
					Text         string
				}
			}
		}
		require.NoError(tb, json.Unmarshal(lines.Bytes(), &l))
		if l.Event.Data.From.Kind == kind {
			out[l.Event.Data.Conversation] = append(out[l.Event.Data.Conversation], l.Event.Data.Text)
		}
	}
	require.NoError(tb, lines.Err())
	require.NotEmpty(tb, out)
	return out
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// flaggedClasses are the classes whose rules only flag.
var flaggedClasses = map[string]bool{"link": true, "link_evasion": true}

// judged checks a sample as one sender writes it. Messages of one are parted by
// ¶ and come a few seconds apart; the severest verdict counts.
func judged(e *risk.Engine, text string) (event.Verdict, []string) {
	c := agent
	if !strings.Contains(text, " ¶ ") {
		r := e.Check(text, c)
		return r.Verdict, spans(text, r)
	}
	c.Window, c.At = new(risk.Window), time.UnixMilli(1_600_000_000_000)
	verdict, found := event.Allow, []string(nil)
	for part := range strings.SplitSeq(text, " ¶ ") {
		r := e.Check(part, c)
		found = append(found, spans(part, r)...)
		switch r.Verdict {
		case event.Block:
			return r.Verdict, found
		case event.Flag:
			verdict = event.Flag
		case event.Allow:
		}
		c.Window.Add(part, c.At)
		c.At = c.At.Add(7 * time.Second)
	}
	return verdict, found
}

// missed are how many rows of a class may be missed where that is more than the
// share of maxMissed: what their writers hid in ways that no rule foresaw.
var missed = map[string]int{
	"abuse/en":         80,
	"abuse_evasion/en": 595, "abuse_evasion/zh": 283,
	"call/en": 68, "call/zh": 34,
	"invitation/en": 129, "invitation/zh": 84,
	"payment_evasion/en": 251, "payment_evasion/zh": 108,
	"picture/en": 166, "picture/zh": 61,
	"promises/en": 233, "promises/zh": 132,
}

// maxMissed is the share of a class that may be missed.
const maxMissed = 0.03

// TestRecallByClass bounds what is missed of the offences, by class and language.
func TestRecallByClass(t *testing.T) {
	t.Parallel()

	all, missing := map[string]int{}, map[string][]string{}
	for _, s := range corpus(t, "bad") {
		class := s.class + "/" + s.language
		all[class]++
		verdict, _ := judged(risk.Default(), s.text)
		if verdict != event.Block && (verdict != event.Flag || !flaggedClasses[s.class]) {
			missing[class] = append(missing[class], strconv.Quote(s.text))
		}
	}
	var worse []string
	for _, class := range slices.Sorted(maps.Keys(all)) {
		n := len(missing[class])
		t.Logf("%-22s caught %d of %d = %.1f %%", class, all[class]-n, all[class], 100-100*float64(n)/float64(all[class]))
		if n > max(missed[class], int(maxMissed*float64(all[class]))) {
			worse = append(worse, fmt.Sprintf("%s: %d:\n%s", class, n, strings.Join(missing[class], "\n")))
		}
	}
	require.Empty(t, worse, strings.Join(worse, "\n"))
}

// ownLinks is the default set of a shop that has listed its own domain.
func ownLinks(tb testing.TB) *risk.Engine {
	tb.Helper()
	s := risk.Set{Allow: []string{"ourshop.example"}}
	e, err := s.Compile()
	require.NoError(tb, err)
	return e
}

// stopped are how many rows of a class of ordinary talk are blocked or flagged.
var stopped = map[string]int{
	"long/en": 3, "long/zh": 2, "nearmiss/en": 198, "nearmiss/zh": 179, "service/en": 7, "service/zh": 1, "split/zh": 2,
}

// TestOrdinaryTalkPasses bounds what of it is blocked or flagged.
func TestOrdinaryTalkPasses(t *testing.T) {
	t.Parallel()

	e := ownLinks(t)
	wrong := map[string][]string{}
	for _, s := range corpus(t, "good") {
		if verdict, found := judged(e, s.text); verdict != event.Allow {
			class := s.class + "/" + s.language
			wrong[class] = append(wrong[class], fmt.Sprintf("%s %s %q: %v", class, verdict, s.text, found))
		}
	}
	for class, list := range wrong {
		require.LessOrEqual(t, len(list), stopped[class], strings.Join(list, "\n"))
	}
}

// judges holds what becomes of each text, of which those of one sender are parted by ¶.
func judges(t *testing.T, texts map[string]event.Verdict) {
	t.Helper()
	for text, want := range texts {
		verdict, found := judged(risk.Default(), text)
		require.Equal(t, want, verdict, "%s %v", text, found)
		if !strings.Contains(text, " ¶ ") {
			sound(t, text, risk.Default().Check(text, agent))
		}
	}
}

// markedText is a text, what becomes of it, and what of it is marked first, if that is held.
type markedText struct {
	text, span string
	want       event.Verdict
}

// marks holds what becomes of each text and what of it is marked.
func marks(t *testing.T, texts []markedText) {
	t.Helper()
	for _, tt := range texts {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()

			got := risk.Default().Check(tt.text, agent)
			sound(t, tt.text, got)
			require.Equal(t, tt.want, got.Verdict, spans(tt.text, got))
			if tt.span != "" {
				v := got.Violations[0]
				require.Equal(t, tt.span, tt.text[v.Start:v.End])
			}
		})
	}
}

// spans are the marked parts of a text with their rules.
func spans(text string, r risk.Result) []string {
	var out []string
	for _, v := range r.Violations {
		out = append(out, v.Rule+" "+strconv.Quote(text[v.Start:v.End]))
	}
	return out
}

// TestRealConversations bounds what is blocked or flagged in real agents' and
// bots' talk. None of it leaves its platform, so that every hit is a false one.
func TestRealConversations(t *testing.T) {
	t.Parallel()

	for _, kind := range []string{"agent", "bot"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()

			texts := starTexts(t, kind)
			blocked, flagged, monitored := 0, 0, 0
			for _, text := range texts {
				r := risk.Default().Check(text, risk.Context{Tenant: "star", Channel: "web", Market: "US", From: kind})
				switch r.Verdict {
				case event.Block:
					blocked++
				case event.Flag:
					flagged++
				case event.Allow:
					if len(r.Rules) > 0 {
						monitored++
					}
					continue
				}
				t.Logf("%s %q %v", r.Verdict, text, spans(text, r))
			}
			t.Logf("%d messages, %d blocked (%.3f %%), %d flagged, %d monitored", len(texts), blocked, 100*float64(blocked)/float64(len(texts)), flagged, monitored)
			require.Zero(t, blocked)
			require.LessOrEqual(t, float64(flagged), 0.003*float64(len(texts)))
		})
	}
}

// TestRealMessagesInARow checks real agents' messages behind each other, as if
// each had been written a second after the one before.
func TestRealMessagesInARow(t *testing.T) {
	t.Parallel()

	for _, talk := range starTalks(t, "agent") {
		var w risk.Window
		c := after(&w, noon)
		for _, text := range talk {
			r := risk.Default().Check(text, c)
			require.NotEqual(t, event.Block, r.Verdict, "%q in %q: %v", text, talk, spans(text, r))
			w.Add(text, c.At)
			c.At = c.At.Add(time.Second)
		}
	}
}
