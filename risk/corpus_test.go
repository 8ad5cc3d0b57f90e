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

// sample is one line of a corpus: class and language, and the text.
type sample struct{ class, text string }

func corpus(tb testing.TB, name string) []sample {
	tb.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(tb, err)
	var out []sample
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.SplitN(line, "\t", 3)
		require.Len(tb, f, 3, line)
		text, err := strconv.Unquote(`"` + f[2] + `"`)
		require.NoError(tb, err, line)
		out = append(out, sample{f[0] + "/" + f[1], text})
	}
	require.NotEmpty(tb, out)
	return out
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

// tally counts samples and hits by class.
type tally struct{ hits, all int }

// classes are the corpora's classes of offences whose rules only flag.
var flaggedClasses = map[string]bool{"link": true, "link_evasion": true, "dot_at": true}

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

// open are the classes in which the rules miss more than their aim, with the
// share that they catch at least: those whose writer hid things in ways that no
// rule foresaw.
var open = map[string]float64{
	"fifth_bad.tsv abuse": 0.94, "fifth_bad.tsv abuse_evasion": 0.91, "fifth_bad.tsv dot_at": 0.95, "fifth_bad.tsv dot_at_link": 0.80, "fifth_bad.tsv invitation": 0.94, "fifth_bad.tsv link_evasion": 0.84, "fifth_bad.tsv link_plain": 0.94, "fifth_bad.tsv lookalike": 0.94,
	"fifth_bad.tsv messenger": 0.95, "fifth_bad.tsv messenger_evasion": 0.94, "fifth_bad.tsv payment": 0.95, "fifth_bad.tsv payment_evasion": 0.84, "fifth_bad.tsv phone_leet": 0.94, "fifth_bad.tsv phone_plain": 0.96, "fifth_bad.tsv phone_separators": 0.96, "fifth_bad.tsv promises": 0.91, "fifth_bad.tsv reversed": 0.91, "fifth_bad.tsv reversed_link": 0.90, "fifth_bad.tsv split": 0.86,
	"sixth_bad.tsv abuse": 0.95, "sixth_bad.tsv abuse_evasion": 0.95, "sixth_bad.tsv invitation": 0.95, "sixth_bad.tsv messenger_evasion": 0.80, "sixth_bad.tsv payment": 0.86, "sixth_bad.tsv promises": 0.90, "sixth_bad.tsv split": 0.83,
}

// TestRecallByClass prints what share of the offences is caught, by class, and
// bounds it. The held-back corpora were written before the rules were tuned.
func TestRecallByClass(t *testing.T) {
	t.Parallel()

	for _, files := range [][]string{{"bad.tsv", "evasion.tsv"}, {"held_bad.tsv"}, {"blind_bad.tsv"}, {"third_bad.tsv"}, {"mechanical_bad.tsv"}, {"fifth_bad.tsv"}, {"sixth_bad.tsv"}} {
		t.Run(files[0], func(t *testing.T) {
			t.Parallel()

			by := map[string]*tally{}
			var missed []string
			for _, name := range files {
				for _, s := range corpus(t, name) {
					if by[s.class] == nil {
						by[s.class] = &tally{}
					}
					by[s.class].all++
					verdict, _ := judged(risk.Default(), s.text)
					class, _, _ := strings.Cut(s.class, "/")
					if verdict == event.Block || verdict == event.Flag && (flaggedClasses[class] || strings.HasPrefix(class, "link_") || strings.HasSuffix(class, "_link")) {
						by[s.class].hits++
					} else {
						missed = append(missed, fmt.Sprintf("%s: %q", s.class, s.text))
					}
				}
			}
			for _, class := range slices.Sorted(maps.Keys(by)) {
				c := by[class]
				t.Logf("%-24s recall %d/%d = %.1f %%", class, c.hits, c.all, 100*float64(c.hits)/float64(c.all))
			}
			t.Log("missed:\n" + strings.Join(missed, "\n"))
			for class, c := range by {
				name, _, _ := strings.Cut(class, "/")
				aim, ok := open[files[0]+" "+name]
				if !ok {
					aim = 0.97
				}
				require.GreaterOrEqual(t, float64(c.hits)/float64(c.all), aim, class)
			}
		})
	}
}

// ownLinks is the default set of a shop that has listed its own domain.
func ownLinks(tb testing.TB) *risk.Engine {
	tb.Helper()
	s := risk.Set{Allow: []string{"ourshop.example"}}
	e, err := s.Compile()
	require.NoError(tb, err)
	return e
}

func TestFalsePositivesByClass(t *testing.T) {
	t.Parallel()

	by := map[string]*tally{}
	var wrong []string
	blocked, all := 0, 0
	e := ownLinks(t)
	for _, name := range []string{"good.tsv", "held_good.tsv", "blind_good.tsv", "near_good.tsv", "fifth_good.tsv", "sixth_good.tsv"} {
		for _, s := range corpus(t, name) {
			if by[s.class] == nil {
				by[s.class] = &tally{}
			}
			by[s.class].all++
			all++
			if verdict, found := judged(e, s.text); verdict != event.Allow {
				by[s.class].hits++
				if verdict == event.Block {
					blocked++
				}
				wrong = append(wrong, fmt.Sprintf("%s: %s %q: %v", s.class, verdict, s.text, found))
			}
		}
	}
	for _, class := range slices.Sorted(maps.Keys(by)) {
		t.Logf("%-24s false positives %d/%d", class, by[class].hits, by[class].all)
	}
	t.Logf("blocked %d of %d = %.2f %%", blocked, all, 100*float64(blocked)/float64(all))
	require.Empty(t, wrong, strings.Join(wrong, "\n"))
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
