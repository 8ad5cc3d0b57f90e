package risk_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/risk"
)

// sound fails the test unless a result is one that a caller can rely on.
func sound(t *testing.T, text string, r risk.Result) {
	t.Helper()
	require.NoError(t, r.Fault, "%q", text)
	starts := map[int]bool{len(text): true}
	for i := 0; i < len(text); {
		starts[i] = true
		_, n := utf8.DecodeRuneInString(text[i:])
		i += n
	}
	want, last := event.Allow, 0
	for _, v := range r.Violations {
		require.Less(t, v.Start, v.End, "%q", text)
		require.GreaterOrEqual(t, v.Start, last, "%q: not in order", text)
		require.LessOrEqual(t, v.End, len(text), "%q", text)
		require.True(t, starts[v.Start] && starts[v.End], "%q: [%d,%d) cuts a rune", text, v.Start, v.End)
		require.Contains(t, r.Rules, v.Rule)
		require.NotEmpty(t, v.Explanation.EN)
		require.NotEmpty(t, v.Explanation.ZH)
		last = v.Start
		switch v.Severity {
		case event.SeverityBlock:
			want = event.Block
		case event.SeverityFlag:
			if want == event.Allow {
				want = event.Flag
			}
		case event.SeverityMonitor:
			t.Errorf("%q: a monitoring rule's match is no violation", text)
		}
	}
	require.Equal(t, want, r.Verdict, "%q", text)
	require.LessOrEqual(t, len(r.Violations), 128, "%q", text)
}

func FuzzCheck(f *testing.F) {
	for _, s := range some(f, 700) {
		f.Add(s.text)
	}
	for _, s := range hostile(200) {
		f.Add(s.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, from := range []string{"agent", "customer"} {
			c := risk.Context{Tenant: "t1", Channel: "web", Market: "CN", From: from}
			r := risk.Default().Check(text, c)
			sound(t, text, r)
			require.Equal(t, r, risk.Default().Check(text, c), "the same text twice")
		}
	})
}

// FuzzCompile compiles any pattern; what compiles must run.
func FuzzCompile(f *testing.F) {
	for _, r := range builtin(f) {
		for _, p := range r.Patterns {
			f.Add(p, "pay me via paypal")
		}
	}
	f.Add(`(?i)abc|abd`, "xABC")
	f.Fuzz(func(t *testing.T, p, text string) {
		e, err := risk.Compile([]risk.Rule{pattern("a", p)})
		if err != nil {
			var fault *risk.RuleError
			require.ErrorAs(t, err, &fault)
			return
		}
		got := e.Check(text, agent)
		sound(t, text, got)
		if isPlain(text) && regexp.MustCompile(p).MatchString(text) {
			require.NotEmpty(t, got.Rules, "the literals in front of %q hid a match in %q", p, text)
		}
	})
}

// isPlain reports whether normalisation leaves text as it is.
func isPlain(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' || r >= 'A' && r <= 'Z' })
}

// TestLiteralsHideNoMatch runs every built-in pattern alone over the corpora: it
// must find what the bare expression finds.
func TestLiteralsHideNoMatch(t *testing.T) {
	t.Parallel()

	hits := 0
	texts := some(t, 400)
	for _, r := range builtin(t) {
		r.Unless, r.Allow, r.Phrases, r.Detectors = nil, nil, nil, nil
		r.Direction = risk.Both
		for _, p := range r.Patterns {
			r.Patterns = []string{p}
			e, err := risk.Compile([]risk.Rule{r})
			require.NoError(t, err)
			re := regexp.MustCompile(p)
			for _, s := range texts {
				text := risk.Normalised(s.text)
				if re.MatchString(text) {
					hits++
					require.NotEmpty(t, e.Check(text, agent).Rules, "%s: %q", r.ID, text)
				}
			}
		}
	}
	require.Greater(t, hits, 50)
}

// hostile are texts built to make a check slow, each about n runes long.
func hostile(n int) []struct{ name, text string } {
	fill := func(unit string) string {
		return strings.Repeat(unit, n/utf8.RuneCountInString(unit)+1)
	}
	return []struct{ name, text string }{
		{"combining marks", "a" + fill("\u0301")},
		{"longest decomposition", fill("\ufdfa")},
		{"bad bytes", fill("\xff")},
		{"lone surrogates", fill("\xed\xa0\x80")},
		{"NUL", fill("\x00")},
		{"digits", fill("1")},
		{"digits and dots", fill("1.")},
		{"pairs of digits", fill("13 ")},
		{"triples of digits", fill("138-")},
		{"mobile numbers", fill("138-1234-5678 ")},
		{"plus and digits", fill("+1 ")},
		{"zeros", fill("07 911 ")},
		{"dots", fill(".")},
		{"letters and dots", fill("a.")},
		{"hosts", fill("a.com ")},
		{"one long host", fill("abc.de")},
		{"at signs", fill("@")},
		{"addresses", fill("a@b.cc ")},
		{"letters before at", fill("abcdefgh") + fill("@")},
		{"cues", fill("wechat ")},
		{"cues with connectors", fill("wechat:::")},
		{"Chinese cues", fill("加我微信")},
		{"names of shape", fill("id id id id a_bc1 your ")},
		{"pictures and names", fill("👻📷💬tg_1a ")},
		{"spelled", fill("w e c h a t ")},
		{"spelled Chinese", fill("微*信*")},
		{"order numbers", fill("order 123456789 ")},
		{"payment words", fill("pay me to my ")},
		{"Chinese payment words", fill("转账微信给")},
		{"paypal friends", fill("paypal friends ")},
		{"long word", fill("a")},
		{"blanks", fill(" ")},
		{"ten scripts", fill("aж中あ한अไאعα")},
		{"Cyrillic", fill("аеорсх ")},
		{"emoji", fill("👨‍👩‍👧‍👦")},
		{"keycaps", fill("1\ufe0f\u20e3")},
		{"bidi", fill("\u202ea\u202c")},
		{"at and dot", fill("a at b dot ")},
		{"iban", fill("iban de12 ")},
		{"threats", fill("打死你，")},
		{"digits beside numerals", fill("13五")},
		{"respelt names", fill("kao kao-")},
		{"matches to look up in lists", fill(`encrypted app 骗子: gemma_upcycles"dm me on = `)},
		{"senses", fill("transfer my to my card liamgɹbackwards liamg①send ")},
	}
}
