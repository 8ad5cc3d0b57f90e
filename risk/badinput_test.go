package risk_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/risk"
)

// TestBadTextsAreJudged: whatever the bytes are, there is a sound result, and an
// offence among them is still found.
func TestBadTextsAreJudged(t *testing.T) {
	t.Parallel()

	const offence = "\nadd me on wechat: lily_88\n"
	scripts := "Hello Привет Γειά שלום مرحبا नमस्ते สวัสดี 你好 こんにちは 안녕하세요 Բարեւ გამარჯობა ሰላም"
	for _, tt := range []struct{ name, text string }{
		{"lone surrogates", strings.Repeat("\xed\xa0\x80\xed\xbf\xbf", 100)},
		{"overlong forms", strings.Repeat("\xc0\xaf\xe0\x80\xaf\xf8\x88\x80\x80\x80", 100)},
		{"half a character", "\xe5\xbe"},
		{"NUL", strings.Repeat("\x00", 1000)},
		{"all bytes", func() string {
			b := make([]byte, 256)
			for i := range b {
				b[i] = byte(i)
			}
			return string(b)
		}()},
		{"64 KiB of combining marks", strings.Repeat("\u0301", 32<<10)},
		{"64 KiB of marks on one letter", "e" + strings.Repeat("\u0323\u0301", 16<<10)},
		{"64 KiB of the longest decomposition", strings.Repeat("\ufdfa", 64<<10/3)},
		{"64 KiB of zero width", strings.Repeat("\u200b\u200d\ufeff", 7<<10)},
		{"64 KiB of overrides", strings.Repeat("\u202e\u202d", 10<<10)},
		{"ten scripts", strings.Repeat(scripts+" ", 20)},
		{"private use and unassigned", strings.Repeat("\ue000\U000f0000\U0010ffff\u0378", 200)},
		{"tags and variation selectors", strings.Repeat("\U000e0041\U000e0100\ufe0f", 200)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			got := risk.Default().Check(tt.text, agent)
			require.NoError(t, got.Fault)
			sound(t, tt.text, got)
			require.LessOrEqual(t, risk.Default().Work(tt.text, agent), risk.Share(tt.text)+maxStep)
			for _, text := range []string{tt.text + offence, offence + tt.text} {
				got := risk.Default().Check(text, agent)
				sound(t, text, got)
				require.Equal(t, event.Block, got.Verdict)
			}
		})
	}
}

// TestCatastrophicPatternsAreRefusedOrHarmless: what sends a backtracking engine
// into years of work is refused, or costs no more than its share.
func TestCatastrophicPatternsAreRefusedOrHarmless(t *testing.T) {
	t.Parallel()

	text := "xx" + strings.Repeat("a", 4000) + "!"
	for _, p := range []string{
		`xx(?:a+)+$b`, `xx(?:a*)*b`, `xx(?:a|a)*b`, `xx(?:a|aa)+b`, `xx(?:.*a){10}b`, `xx(?:a?){200}a{200}b`, `xx(?:[a-z]+)*[0-9]b`, `xx(?:(?:a{1,100}){1,100}){1,100}`, `xx(?:a{0,1000}){0,1000}`, `xx` + strings.Repeat(`(?:a|`, 150) + strings.Repeat(`)`, 150), strings.Repeat(`(`, 400) + `xx` + strings.Repeat(`)`, 400), `xx\p{L}{1,150}(?:\w{1,150}|\d{1,150})b`,
	} {
		e, err := risk.Compile([]risk.Rule{pattern("a", p)})
		if err != nil {
			var fault *risk.RuleError
			require.ErrorAs(t, err, &fault, p)
			require.Equal(t, "patterns[0]", fault.Field)
			continue
		}
		require.LessOrEqual(t, e.Work(text, agent), risk.Share(text)+maxStep, p)
		sound(t, text, e.Check(text, agent))
	}
}

// TestABudgetThatIsUsedUpIsDecidedByThePolicy: the text is held or delivered as
// its category says, and never passes for clean.
func TestABudgetThatIsUsedUpIsDecidedByThePolicy(t *testing.T) {
	t.Parallel()

	r := pattern("a", `xx(?:[a-z]{1,150}|[a-y]{1,150})*q`)
	text := strings.Repeat("xx abcdefgh ijkl", 250)
	for policy, want := range map[risk.Policy]event.Verdict{risk.Closed: event.Block, risk.Open: event.Flag, "": event.Block} {
		s := risk.Set{Rules: []risk.Rule{r}, OnFailure: map[string]risk.Policy{"test": policy}}
		rules, err := s.Effective()
		require.NoError(t, err)
		for _, r := range rules {
			if r.Category != "test" {
				s.OnFailure[r.Category] = risk.Open
			}
		}
		if policy == "" {
			delete(s.OnFailure, "test")
		}
		e, err := s.Compile()
		require.NoError(t, err)
		text := text + strings.Repeat("xx"+strings.Repeat("abcdefghijk", 20)+" ", 12)
		require.Greater(t, e.Work(text, agent), risk.Share(text))
		got := e.Check(text, agent)
		require.Equal(t, want, got.Verdict)
		require.Contains(t, got.Rules, risk.UnjudgedRule)
		require.NotEmpty(t, got.Unjudged)
		for _, u := range got.Unjudged {
			require.Equal(t, risk.ReasonBudget, u.Reason)
		}
		sound(t, text, got)
	}
}

func TestANameBackwardsIsTurnedWhereItStands(t *testing.T) {
	t.Parallel()

	// The view with look-alikes folded is longer than the one without separators.
	text := "\u038e 0 0 Xv"
	got := risk.Default().Check(text, agent)
	sound(t, text, got)
}
