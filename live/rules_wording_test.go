package live

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
)

// paraphrased is an offence that only the wording tells, by the rule payment.wording.
const paraphrased = "if the money takes a shortcut to me, the discount takes a shortcut to you"

// softer are drafts that change what becomes of paraphrased, with the verdict that they
// ask for.
var softer = []struct {
	name    string
	changes []map[string]any
	verdict string
	rule    string // that finds it then
}{
	{"as it is", nil, "block", "payment.wording"},
	{"softened", []map[string]any{{"id": "payment.wording", "severity": "flag"}}, "flag", "payment.wording"},
	{"off, the likely one on", []map[string]any{{"id": "payment.wording", "disabled": true}}, "flag", "payment.wording_likely"},
	{"both off", []map[string]any{{"id": "payment.wording", "disabled": true}, {"id": "payment.wording_likely", "disabled": true}}, "allow", ""},
	{"another category's off", []map[string]any{{"id": "promise.wording", "disabled": true}}, "block", "payment.wording"},
}

// TestTryNamesTheWording: who tries a text reads which words weighed most, and what a
// draft makes of it.
func TestTryNamesTheWording(t *testing.T) {
	t.Parallel()
	d := setup(t)
	supervisor := d.token(RoleSupervisor)
	for _, draft := range softer {
		a := d.do(http.MethodPost, "/v1/rules/try", supervisor, map[string]any{"text": paraphrased, "set": map[string]any{"changes": draft.changes}})
		require.Equal(t, http.StatusOK, a.status, "%s: %s", draft.name, a.raw)
		require.Equal(t, draft.verdict, a.text("verdict"), draft.name)
		if draft.rule == "" {
			require.Empty(t, a.json["violations"], draft.name)
			continue
		}
		found := a.json["violations"].([]any)
		require.Len(t, found, 1, draft.name)
		v := found[0].(map[string]any)
		require.Equal(t, draft.rule, v["rule"], draft.name)
		explanation := v["explanation"].(map[string]any)
		require.Regexp(t, `What weighed most: “.*(?:money|shortcut|to me)`, explanation["en"], draft.name)
		require.Regexp(t, `主要依据：“.*(?:money|shortcut|to me)`, explanation["zh"], draft.name)
	}
	require.Equal(t, 0, d.count(event.TypeMessageBlocked), "nothing is stored")
}

// TestBacktestOfTheWording: a draft that switches a rule of the wording off, or softens
// it, shows so over the past messages.
func TestBacktestOfTheWording(t *testing.T) {
	t.Parallel()
	d := setup(t)
	supervisor := d.token(RoleSupervisor)
	at, agent := time.Now().Add(-time.Hour), event.Actor{Kind: event.Agent, ID: "a1"}
	d.record.past = []PastMessage{
		{At: at, Conversation: "c1", Message: "m1", From: agent, Text: paraphrased, Blocked: true},
		{At: at, Conversation: "c1", Message: "m2", From: agent, Text: "your parcel leaves today"},
		{At: at, Conversation: "c2", Message: "m3", From: agent, Text: paraphrased},
	}
	for _, draft := range softer {
		begun := d.do(http.MethodPost, "/v1/rules/backtests", supervisor, map[string]any{"days": 30, "set": map[string]any{"changes": draft.changes}})
		require.Equal(t, http.StatusAccepted, begun.status, "%s: %s", draft.name, begun.raw)
		a := d.finished(supervisor, begun.text("id"))
		require.Equal(t, "done", a.text("state"), "%s: %s", draft.name, a.raw)
		want := map[string]float64{"block": 0, "flag": 0, "allow": 0}
		want[draft.verdict] = 2
		for name, n := range map[string]float64{
			"total": 3, "blocked": want["block"], "flagged": want["flag"],
			"newly_blocked": want["block"] / 2, "no_longer_blocked": 1 - want["block"]/2,
		} {
			require.InDelta(t, n, a.json[name], 0, "%s: %s: %s", draft.name, name, a.raw)
		}
		if draft.rule != "" {
			require.Contains(t, string(a.raw), `{"rule":"`+draft.rule+`","category":"off_platform_payment"`, draft.name)
		}
	}
}
