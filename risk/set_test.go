package risk_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/risk"
)

const ownRule = `{"id":"own.rival","category":"rival","severity":"block","explanation":{"en":"A rival.","zh":"竞品。"},"phrases":["rival shop","对手店"]}`

func TestParseSetReadsAWholeSet(t *testing.T) {
	t.Parallel()

	raw := `{
		"preset": "tiktok_shop",
		"changes": [
			{"id": "contact.phone", "severity": "flag", "regions": ["SG"], "add_allow": ["400-820-8820"]},
			{"id": "contact.messenger", "disabled": true},
			{"id": "contact.email", "explanation": {"en": "No addresses.", "zh": "不能发邮箱。"}, "scope": {"teams": ["sales"]}}
		],
		"rules": [` + ownRule + `],
		"allow": ["ourshop.com"],
		"on_failure": {"rival": "open"}
	}`
	s, err := risk.ParseSet([]byte(raw))
	require.NoError(t, err)
	again, err := json.Marshal(s)
	require.NoError(t, err)
	twice, err := risk.ParseSet(again)
	require.NoError(t, err)
	require.Equal(t, s, twice, "a set survives its own JSON")

	rules, err := s.Effective()
	require.NoError(t, err)
	require.Equal(t, "own.rival", rules[0].ID)
	e, err := s.Compile()
	require.NoError(t, err)
	for _, tt := range []struct {
		text string
		want event.Verdict
	}{
		{"go to the rival shop", event.Block},
		{"call 415-555-2671", event.Flag},
		{"call 4008208820", event.Allow},
		{"see ourshop.com", event.Allow},
		{"write to joe@acme.example", event.Allow},
	} {
		require.Equal(t, tt.want, e.Check(tt.text, agent).Verdict, tt.text)
	}
	sales := agent
	sales.Team = "sales"
	got := e.Check("write to joe@acme.example", sales)
	require.Equal(t, event.Block, got.Verdict)
	require.Equal(t, "No addresses.", got.Violations[0].Explanation.EN)
	require.NotEmpty(t, got.Violations[0].Advice.EN)
	require.NotEmpty(t, got.Violations[0].Advice.ZH)
	require.Equal(t, risk.Open, e.Policy("rival"))
	require.Equal(t, risk.Closed, e.Policy("off_platform_contact"))
}

func TestParseSetRefusesWithPlaceAndReason(t *testing.T) {
	t.Parallel()

	own := func(change string) string { return strings.Replace(ownRule, `"phrases"`, change+`,"phrases"`, 1) }
	for _, tt := range []struct {
		name, raw string
		want      risk.RuleError
	}{
		{"no JSON", `{"rules":[}`, risk.RuleError{Part: risk.PartRules, Offset: 10}},
		{"unknown member", `{"ruels":[]}`, risk.RuleError{Part: risk.PartSet, Position: -1, Field: "ruels", Offset: 1, Reason: "unknown"}},
		{"unknown member of a rule", `{"rules":[` + own(`"fraises":1`) + `]}`, risk.RuleError{Part: risk.PartRules, ID: "own.rival", Field: "fraises", Offset: -1, Reason: "unknown"}},
		{"wrong type", `{"rules":[` + ownRule + `,{"id":"b","phrases":["a",7]}]}`, risk.RuleError{Part: risk.PartRules, Position: 1, ID: "b", Field: "phrases[1]", Offset: -1, Reason: "number"}},
		{"lone surrogate", `{"rules":[{"id":"a","phrases":["\ud800x"]}]}`, risk.RuleError{Part: risk.PartRules, Field: "phrases[0]", Offset: 32, Reason: "surrogate"}},
		{"pattern", `{"rules":[` + own(`"patterns":["good","ab(cd"]`) + `]}`, risk.RuleError{Part: risk.PartRules, ID: "own.rival", Field: "patterns[1]", Offset: 2, Reason: "missing closing )"}},
		{"pattern's class", `{"rules":[` + own(`"patterns":["spam[z-a]"]`) + `]}`, risk.RuleError{Part: risk.PartRules, ID: "own.rival", Field: "patterns[0]", Offset: 5, Reason: "range"}},
		{"repetition", `{"rules":[` + own(`"patterns":["spam.{0,500}"]`) + `]}`, risk.RuleError{Part: risk.PartRules, ID: "own.rival", Field: "patterns[0]", Offset: 8, Reason: "repeats 500"}},
		{"preset", `{"preset":"shopify"}`, risk.RuleError{Part: risk.PartSet, Position: -1, Field: "preset", Offset: -1, Reason: "unknown preset"}},
		{"change of nothing", `{"changes":[{"id":"nope"}]}`, risk.RuleError{Part: risk.PartChanges, ID: "nope", Field: "id", Offset: -1, Reason: "no such rule"}},
		{"change twice", `{"changes":[{"id":"contact.phone"},{"id":"contact.phone"}]}`, risk.RuleError{Part: risk.PartChanges, Position: 1, ID: "contact.phone", Field: "id", Offset: -1, Reason: "change 0"}},
		{"change to nonsense", `{"changes":[{"id":"contact.phone","severity":"fatal"}]}`, risk.RuleError{Part: risk.PartChanges, ID: "contact.phone", Field: "severity", Offset: -1, Reason: "fatal"}},
		{"change a region", `{"changes":[{"id":"contact.phone","regions":["usa"]}]}`, risk.RuleError{Part: risk.PartChanges, ID: "contact.phone", Field: "detectors[0].regions[0]", Offset: -1, Reason: "usa"}},
		{"built-in id", `{"rules":[` + strings.Replace(ownRule, "own.rival", "contact.phone", 1) + `]}`, risk.RuleError{Part: risk.PartRules, ID: "contact.phone", Field: "id", Offset: -1, Reason: "under changes"}},
		{"policy", `{"on_failure":{"off_platform_contact":"maybe"}}`, risk.RuleError{Part: risk.PartSet, Position: -1, Field: "on_failure.off_platform_contact", Offset: -1, Reason: "maybe"}},
		{"policy of nothing", `{"on_failure":{"nope":"open"}}`, risk.RuleError{Part: risk.PartSet, Position: -1, Field: "on_failure.nope", Offset: -1, Reason: "no rule"}},
		{"allow", `{"allow":["ok.com",""]}`, risk.RuleError{Part: risk.PartSet, Position: -1, Field: "allow[1]", Offset: -1, Reason: "empty"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			s, err := risk.ParseSet([]byte(tt.raw))
			require.Equal(t, risk.Set{}, s)
			var refused *risk.SetError
			require.ErrorAs(t, err, &refused)
			got := *refused.Faults[0]
			require.Contains(t, got.Reason, tt.want.Reason)
			got.Reason = tt.want.Reason
			require.Equal(t, tt.want, got)
		})
	}
}

func TestParseSetNamesEveryFaultAmongThousands(t *testing.T) {
	t.Parallel()

	var b bytes.Buffer
	b.WriteString(`{"rules":[`)
	for i := range 3000 {
		if i > 0 {
			b.WriteByte(',')
		}
		rule := strings.Replace(ownRule, "own.rival", fmt.Sprintf("own.r%d", i), 1)
		switch i {
		case 17:
			rule = strings.Replace(rule, `"phrases"`, `"patterns":["fine","bro(ken"],"phrases"`, 1)
		case 1234:
			rule = strings.Replace(rule, `"block"`, `17`, 1)
		case 2999:
			rule = strings.Replace(rule, `"对手店"`, `"x"`, 1)
		}
		b.WriteString(rule)
	}
	b.WriteString(`]}`)
	_, err := risk.ParseSet(b.Bytes())
	var refused *risk.SetError
	require.ErrorAs(t, err, &refused)
	require.Len(t, refused.Faults, 3)
	places := map[string]string{}
	for _, f := range refused.Faults {
		places[fmt.Sprintf("%s %d %s", f.Part, f.Position, f.Field)] = f.ID
	}
	require.Equal(t, map[string]string{
		"rules 17 patterns[1]": "own.r17", "rules 1234 severity": "own.r1234", "rules 2999 phrases[1]": "own.r2999",
	}, places)
}

func TestParseSetBoundsWhatASetMayCost(t *testing.T) {
	t.Parallel()

	quoted := func(n int, format string) string {
		var all []string
		for i := range n {
			all = append(all, fmt.Sprintf(`"`+format+`"`, i))
		}
		return strings.Join(all, ",")
	}
	rule := func(members string) string {
		return `{"rules":[{"id":"a","category":"a","severity":"flag","explanation":{"en":"a","zh":"a"},` + members + `}]}`
	}
	for _, tt := range []struct{ name, raw, why string }{
		{"document", `{"preset":"` + strings.Repeat("a", risk.MaxSet) + `"}`, "bytes long"},
		{"phrases", rule(`"phrases":[` + quoted(risk.MaxPhrases+1, "phrase %d") + `]`), "phrases, at most 100000"},
		{"patterns", rule(`"patterns":[` + quoted(risk.MaxPatterns+1, "pattern %d") + `]`), "patterns, at most 1000"},
		{"programs", rule(`"patterns":[` + quoted(500, "word(?:abc?){150}%d") + `]`), "instructions of all patterns"},
		{"allow", rule(`"phrases":["abc"],"allow":[` + quoted(risk.MaxAllow+1, "allow %d") + `]`), "allow-lists"},
		{"unless", rule(`"phrases":["abc"],"unless":[` + quoted(risk.MaxUnless+1, "not %d") + `]`), "201 words"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			_, err := risk.ParseSet([]byte(tt.raw))
			require.ErrorContains(t, err, tt.why)
		})
	}
}

func TestEveryPresetCompiles(t *testing.T) {
	t.Parallel()

	require.Equal(t, []string{"default", "inbox", "klaviyo", "tiktok_shop", "wecom"}, risk.Presets())
	for _, preset := range risk.Presets() {
		s := risk.Set{Preset: preset}
		_, err := s.Compile()
		require.NoError(t, err, preset)
		once, again := risk.ForPreset(preset), risk.ForPreset(preset)
		require.Same(t, once, again, preset)
	}
	require.NotSame(t, risk.Default(), risk.ForPreset("wecom"))
	require.Same(t, risk.Default(), risk.ForPreset("shopify"))
	_, err := risk.Builtin("shopify")
	require.ErrorIs(t, err, risk.ErrPreset)
}

func TestWhatCannotBeJudgedIsDecidedByThePolicy(t *testing.T) {
	t.Parallel()

	open := map[string]risk.Policy{}
	closed := risk.Set{}
	rules, err := closed.Effective()
	require.NoError(t, err)
	for _, r := range rules {
		open[r.Category] = risk.Open
	}
	for _, tt := range []struct {
		name     string
		set      risk.Set
		want     event.Verdict
		severity event.Severity
	}{
		{"closed", closed, event.Block, event.SeverityBlock},
		{"open", risk.Set{OnFailure: open}, event.Flag, event.SeverityFlag},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			e, err := tt.set.Compile()
			require.NoError(t, err)
			got := e.Unjudged("hello", agent, risk.ReasonNoRules)
			require.Equal(t, tt.want, got.Verdict)
			require.Equal(t, []string{risk.UnjudgedRule}, got.Rules)
			require.Len(t, got.Violations, len(got.Unjudged))
			for i, v := range got.Violations {
				require.Equal(t, tt.severity, v.Severity)
				require.Equal(t, 5, v.End)
				require.NotEmpty(t, v.Advice.EN)
				require.Equal(t, risk.ReasonNoRules, got.Unjudged[i].Reason)
			}
		})
	}
}
