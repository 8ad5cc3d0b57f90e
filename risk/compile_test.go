package risk_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/risk"
)

// phrase is a sound rule that a case changes.
func phrase(id string, words ...string) risk.Rule {
	return risk.Rule{
		ID: id, Category: "test", Severity: event.SeverityBlock,
		Explanation: event.Text{EN: "Found.", ZH: "找到。"},
		Phrases:     words,
	}
}

func pattern(id, p string) risk.Rule {
	r := phrase(id)
	r.Patterns = []string{p}
	return r
}

func TestCompileRefusesAFaultyRule(t *testing.T) {
	t.Parallel()

	changed := func(change func(r *risk.Rule)) risk.Rule {
		r := phrase("b.c", "spam")
		change(&r)
		return r
	}
	for _, tt := range []struct {
		name  string
		rule  risk.Rule
		field string
		why   string
	}{
		{"no id", changed(func(r *risk.Rule) { r.ID = "" }), "id", "lower-case"},
		{"id with a blank", changed(func(r *risk.Rule) { r.ID = "a b" }), "id", "lower-case"},
		{"same id", phrase("first", "spam"), "id", "rule 0"},
		{"category", changed(func(r *risk.Rule) { r.Category = "" }), "category", "lower-case"},
		{"severity", changed(func(r *risk.Rule) { r.Severity = "fatal" }), "severity", "fatal"},
		{"direction", changed(func(r *risk.Rule) { r.Direction = "up" }), "direction", "up"},
		{"no explanation in Chinese", changed(func(r *risk.Rule) { r.Explanation.ZH = " " }), "explanation", "en and zh"},
		{"no phrases", changed(func(r *risk.Rule) { r.Phrases = nil }), "phrases", "no phrases"},
		{"a phrase of one letter", changed(func(r *risk.Rule) { r.Phrases = []string{"ok", "a"} }), "phrases[1]", "visible"},
		{"an invisible phrase", changed(func(r *risk.Rule) { r.Phrases = []string{"\u200b\u200b\u200b"} }), "phrases[0]", "visible"},
		{"a long phrase", changed(func(r *risk.Rule) { r.Phrases = []string{strings.Repeat("ab", 200)} }), "phrases[0]", "400 bytes"},
		{"a phrase of bad bytes", changed(func(r *risk.Rule) { r.Phrases = []string{"ab\xff"} }), "phrases[0]", "UTF-8"},
		{"an empty allow", changed(func(r *risk.Rule) { r.Allow = []string{""} }), "allow[0]", "empty"},
		{"an empty unless", changed(func(r *risk.Rule) { r.Unless = []string{"not", " "} }), "unless[1]", "visible"},
		{"no pattern", pattern("b.c", ""), "patterns[0]", "empty"},
		{"a broken pattern", pattern("b.c", `abc(`), "patterns[0]", "missing closing"},
		{"a pattern without a word", pattern("b.c", `[a-z]+\d*`), "patterns[0]", "no literal"},
		{"a pattern with one way around its word", pattern("b.c", `abc|[0-9]+`), "patterns[0]", "no literal"},
		{"a pattern that matches nothing much", pattern("b.c", `(?:abc)*`), "patterns[0]", "empty text"},
		{"a pattern in capitals", pattern("b.c", `ABC`), "patterns[0]", "capital"},
		{"a long pattern", pattern("b.c", strings.Repeat("abc", 400)), "patterns[0]", "1200 bytes"},
		{"a pattern that explodes", pattern("b.c", `abc(?:[a-z]{0,30}xyz[a-z]{0,3}){30}`), "patterns[0]", "instructions"},
		{"a pattern nested too deep", pattern("b.c", `abc(?:(?:x{1000}){1000})`), "patterns[0]", "invalid repeat"},
		{"detector", changed(func(r *risk.Rule) { r.Detectors = []risk.DetectorUse{{Name: "nose"}} }), "detectors[0].name", "nose"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			e, err := risk.Compile([]risk.Rule{phrase("first", "eggs"), tt.rule, phrase("last", "ham")})
			require.Nil(t, e)
			var fault *risk.RuleError
			require.ErrorAs(t, err, &fault)
			require.Equal(t, 1, fault.Position)
			require.Equal(t, tt.rule.ID, fault.ID)
			require.Equal(t, tt.field, fault.Field)
			require.ErrorContains(t, err, tt.why)
		})
	}
}

func TestCompileNamesEveryFaultyRuleAmongThousands(t *testing.T) {
	t.Parallel()

	rules := make([]risk.Rule, 2000)
	for i := range rules {
		rules[i] = phrase("r"+strings.Repeat("x", i%7)+"."+string(rune('a'+i%26))+strings.Repeat("y", i/182), "eggs")
	}
	rules[17] = pattern("broken.one", `(`)
	rules[1999] = pattern("broken.two", `[`)
	_, err := risk.Compile(rules)
	require.ErrorContains(t, err, `rule 17 "broken.one"`)
	require.ErrorContains(t, err, `rule 1999 "broken.two"`)
}

func TestBuiltinRulesAreSound(t *testing.T) {
	t.Parallel()

	rules, err := risk.Builtin("")
	require.NoError(t, err)
	_, err = risk.Compile(rules)
	require.NoError(t, err)
	rules[0].ID = "changed"
	again, err := risk.Builtin("default")
	require.NoError(t, err)
	require.NotEqual(t, "changed", again[0].ID, "the caller changes its own list")
	for _, r := range rules {
		for _, p := range r.Phrases {
			got := risk.Default().Check(p, agent)
			require.NotEmpty(t, got.Rules, "%s: %q does not match itself", r.ID, p)
		}
	}
}

func TestARuleThatIsOffIsCheckedButNotApplied(t *testing.T) {
	t.Parallel()

	r := phrase("a", "spam")
	r.Disabled = true
	e, err := risk.Compile([]risk.Rule{r})
	require.NoError(t, err)
	require.Equal(t, event.Allow, e.Check("spam", agent).Verdict)
	r.Phrases = nil
	_, err = risk.Compile([]risk.Rule{r})
	require.Error(t, err)
}

func TestAnEngineWithoutRulesAllows(t *testing.T) {
	t.Parallel()

	e, err := risk.Compile(nil)
	require.NoError(t, err)
	require.Equal(t, risk.Result{Verdict: event.Allow}, e.Check("add me on wechat: lily_88", agent))
}

// builtin are the rules of the preset default.
func builtin(tb testing.TB) []risk.Rule {
	tb.Helper()
	rules, err := risk.Builtin("")
	require.NoError(tb, err)
	return rules
}
