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
	var out []string
	lines := bufio.NewScanner(zr)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if !bytes.Contains(lines.Bytes(), []byte(`"message.sent"`)) {
			continue
		}
		var l struct {
			Event struct {
				Data struct {
					From struct{ Kind string }
					Text string
				}
			}
		}
		require.NoError(tb, json.Unmarshal(lines.Bytes(), &l))
		if l.Event.Data.From.Kind == kind {
			out = append(out, l.Event.Data.Text)
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

func TestRecallByClass(t *testing.T) {
	t.Parallel()

	// Links are only flagged by the built-in rules.
	flagged := map[string]bool{"link": true, "link_evasion": true}
	by := map[string]*tally{}
	var missed []string
	for _, s := range corpus(t, "bad.tsv") {
		if by[s.class] == nil {
			by[s.class] = &tally{}
		}
		by[s.class].all++
		got := risk.Default().Check(s.text, agent)
		class, _, _ := strings.Cut(s.class, "/")
		if got.Verdict == event.Block || flagged[class] && got.Verdict == event.Flag {
			by[s.class].hits++
		} else {
			missed = append(missed, fmt.Sprintf("%s: %q", s.class, s.text))
		}
	}
	for _, class := range slices.Sorted(maps.Keys(by)) {
		c := by[class]
		t.Logf("%-24s recall %d/%d = %.1f %%", class, c.hits, c.all, 100*float64(c.hits)/float64(c.all))
	}
	t.Log("missed:\n" + strings.Join(missed, "\n"))
	for class, c := range by {
		least := 1.0
		if strings.Contains(class, "_evasion") {
			least = 0.9
		}
		require.GreaterOrEqual(t, float64(c.hits)/float64(c.all), least, class)
	}
}

func TestFalsePositivesByClass(t *testing.T) {
	t.Parallel()

	by := map[string]*tally{}
	var wrong []string
	for _, s := range corpus(t, "good.tsv") {
		if by[s.class] == nil {
			by[s.class] = &tally{}
		}
		by[s.class].all++
		if got := risk.Default().Check(s.text, agent); got.Verdict != event.Allow {
			by[s.class].hits++
			wrong = append(wrong, fmt.Sprintf("%s: %q: %v", s.class, s.text, spans(s.text, got)))
		}
	}
	for _, class := range slices.Sorted(maps.Keys(by)) {
		t.Logf("%-24s false positives %d/%d", class, by[class].hits, by[class].all)
	}
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
			require.LessOrEqual(t, float64(blocked+flagged), 0.003*float64(len(texts)))
		})
	}
}
