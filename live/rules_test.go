package live

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
)

// word is a rule of a desk's own.
func word(id, text, severity string) map[string]any {
	return map[string]any{
		"id": id, "category": "house", "severity": severity, "phrases": []string{text},
		"explanation": map[string]any{"en": "A word of the house.", "zh": "内部用语。"},
	}
}

// change is a request that changes the rules. Where it is stored and got no time to come
// into force, the answer is what is there once it has.
func (d *desk) change(method, path string, body any) answer {
	d.t.Helper()
	a := d.do(method, path, d.token(RoleAdmin), body)
	if a.status == http.StatusServiceUnavailable && a.text("field") == "version" {
		require.Eventually(d.t, func() bool {
			a = d.do(http.MethodGet, "/v1/rules", d.token(RoleAdmin), nil)
			return a.status == http.StatusOK && a.json["in_force"] == a.json["version"]
		}, time.Minute, 10*time.Millisecond)
	}
	return a
}

func TestRulesAreChangedAndInForceAtOnce(t *testing.T) {
	t.Parallel()
	d := setup(t)
	d.conversation("c1", "a1")
	admin := d.token(RoleAdmin)

	preset := d.do(http.MethodGet, "/v1/rules", admin, nil)
	require.Equal(t, http.StatusOK, preset.status, "%s", preset.raw)
	require.Equal(t, "wecom", preset.text("preset"), "that of the desk's profile")
	require.InDelta(t, 0, preset.json["version"], 0)
	require.NotEmpty(t, preset.json["rules"])
	require.Equal(t, "allow", d.ask(message("m1", "say xyzzy"))["verdict"])

	put := d.change(http.MethodPut, "/v1/rules", map[string]any{"version": 0, "set": map[string]any{"rules": []any{word("house.xyzzy", "xyzzy", "block")}}})
	require.Equal(t, http.StatusOK, put.status, "%s", put.raw)
	require.InDelta(t, 1, put.json["version"], 0)
	require.InDelta(t, 1, put.json["in_force"], 0)
	require.Equal(t, "u", put.text("by"))
	blocked := d.ask(message("m2", "say xyzzy"))
	require.Equal(t, "block", blocked["verdict"], "the next check has the new rules")
	require.Equal(t, "house.xyzzy", blocked["violations"].([]any)[0].(map[string]any)["rule"])
	other := d.do(http.MethodPost, "/v1/messages", d.token(RoleService, func(c *Claims) { c.Tenant = "moon" }), message("m2", "say xyzzy"))
	require.Equal(t, "allow", other.text("verdict"), "another desk's rules are its own")

	// One rule changed, one switched off, the change taken back.
	one := d.change(http.MethodPut, "/v1/rules/contact.messenger", map[string]any{"version": 1, "change": map[string]any{"disabled": true}})
	require.Equal(t, http.StatusOK, one.status, "%s", one.raw)
	require.NotContains(t, fmt.Sprint(d.ask(message("m3", risky))["violations"]), "rule:contact.messenger ")
	d.do(http.MethodPut, "/v1/rules/contact.messenger", admin, map[string]any{"version": 1, "change": map[string]any{}}).problem(t, http.StatusConflict, CodeConflict)
	d.do(http.MethodPut, "/v1/rules/contact.messenger", admin, map[string]any{"version": 2, "change": map[string]any{"nonsense": 1}}).problem(t, http.StatusBadRequest, CodeInvalid)
	d.do(http.MethodPut, "/v1/rules/no.such.rule", admin, map[string]any{"version": 2, "change": map[string]any{"disabled": true}}).problem(t, http.StatusUnprocessableEntity, CodeInvalidRules)
	back := d.change(http.MethodDelete, "/v1/rules/contact.messenger?version=2", nil)
	require.Equal(t, http.StatusOK, back.status, "%s", back.raw)
	require.Contains(t, fmt.Sprint(d.ask(message("m4", risky))["violations"]), "rule:contact.messenger ")
	d.do(http.MethodDelete, "/v1/rules/contact.messenger?version=3", admin, nil).problem(t, http.StatusNotFound, CodeNotFound)

	versions := d.do(http.MethodGet, "/v1/rules/versions?limit=2", admin, nil)
	require.Len(t, versions.json["versions"], 2)
	require.InDelta(t, 2, versions.json["next"], 0)
	first := d.do(http.MethodGet, "/v1/rules/versions/1", admin, nil)
	require.Contains(t, string(first.raw), "house.xyzzy")
	d.do(http.MethodGet, "/v1/rules/versions/9", admin, nil).problem(t, http.StatusNotFound, CodeNotFound)

	d.documents.err = ErrUnavailable
	d.do(http.MethodGet, "/v1/rules", admin, nil).problem(t, http.StatusServiceUnavailable, CodeUnavailable)
	require.Equal(t, "block", d.ask(message("m5", "xyzzy"))["verdict"], "without the database the rules go on")
}

// TestFaultyRulesAreRefusedWhole: one broken rule among thousands is named, and
// the rules before stay.
func TestFaultyRulesAreRefusedWhole(t *testing.T) {
	t.Parallel()
	d := setup(t)
	d.conversation("c1", "a1")
	admin := d.token(RoleAdmin)
	var list []any
	for i := range 1000 {
		list = append(list, word(fmt.Sprintf("house.r%d", i), fmt.Sprintf("forbidden%dword", i), "block"))
	}
	broken := word("house.broken", "brokenword", "block")
	broken["patterns"] = []string{"fine words", "(unclosed"}
	list[777] = broken
	refused := d.do(http.MethodPut, "/v1/rules", admin, map[string]any{"version": 0, "set": map[string]any{"rules": list}})
	refused.problem(t, http.StatusUnprocessableEntity, CodeInvalidRules)
	faults := refused.json["faults"].([]any)
	require.NotEmpty(t, faults)
	fault := faults[0].(map[string]any)
	require.InDelta(t, 777, fault["position"], 0)
	require.Equal(t, "patterns[1]", fault["field"])
	require.Equal(t, "allow", d.ask(message("m1", "forbidden7word"))["verdict"])

	list[777] = word("house.broken", "mended", "block")
	taken := d.change(http.MethodPut, "/v1/rules", map[string]any{"version": 0, "set": map[string]any{"rules": list}})
	require.Equal(t, http.StatusOK, taken.status, "%.300s", taken.raw)
	require.Equal(t, "block", d.ask(message("m2", "forbidden7word"))["verdict"])
	for name, set := range map[string]any{"unknown member": map[string]any{"rulez": []any{}}, "no object": []any{}, "unknown preset": map[string]any{"preset": "nothing"}} {
		a := d.do(http.MethodPut, "/v1/rules", admin, map[string]any{"version": 1, "set": set})
		require.Contains(t, []int{http.StatusUnprocessableEntity, http.StatusBadRequest}, a.status, "%s: %s", name, a.raw)
	}
}

// TestRulesChangeUnderLoad: while the rules change, every check is answered, and
// by one set or the other: the two rules of a set are always there together.
func TestRulesChangeUnderLoad(t *testing.T) {
	t.Parallel()
	d := setup(t)
	d.conversation("c1", "a1")
	set := func(tag string) map[string]any {
		return map[string]any{"rules": []any{word("house.left-"+tag, "leftword", "block"), word("house.right-"+tag, "rightword", "block")}}
	}
	version := 0
	change := func() {
		a := d.change(http.MethodPut, "/v1/rules", map[string]any{"version": version, "set": set(fmt.Sprint("v", version))})
		require.Equal(t, http.StatusOK, a.status, "%s", a.raw)
		version++
	}
	change()
	done := make(chan struct{})
	var wg sync.WaitGroup
	end := sync.OnceFunc(func() {
		close(done)
		wg.Wait()
	})
	defer end()
	type verdict struct{ left, right string }
	seen := make(chan verdict, 100_000)
	for range 4 {
		wg.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-done:
					return
				default:
				}
				dry := message(fmt.Sprint("m", i), "leftword and rightword")
				dry["dry_run"] = true
				reply := d.ask(dry)
				found, _ := reply["violations"].([]any)
				if len(found) != 2 {
					seen <- verdict{fmt.Sprint(reply), ""}
					return
				}
				name := func(i int) string {
					_, tag, _ := strings.Cut(found[i].(map[string]any)["rule"].(string), "-")
					return tag
				}
				seen <- verdict{name(0), name(1)}
			}
		})
	}
	for range 15 {
		change()
	}
	end()
	close(seen)
	tags := map[string]bool{}
	for v := range seen {
		require.Equal(t, v.left, v.right, "half a set")
		tags[v.left] = true
	}
	require.Greater(t, len(tags), 1, "the rules changed while checks ran")
}

func TestTryRules(t *testing.T) {
	t.Parallel()
	d := setup(t)
	supervisor := d.token(RoleSupervisor)
	now := d.do(http.MethodPost, "/v1/rules/try", supervisor, map[string]any{"text": risky})
	require.Equal(t, http.StatusOK, now.status, "%s", now.raw)
	require.Equal(t, "block", now.text("verdict"))
	require.NotEmpty(t, now.json["violations"])
	draft := d.do(http.MethodPost, "/v1/rules/try", supervisor, map[string]any{"text": "say xyzzy", "set": map[string]any{"rules": []any{word("house.xyzzy", "xyzzy", "flag")}}})
	require.Equal(t, "flag", draft.text("verdict"), "%s", draft.raw)
	require.Equal(t, "allow", d.do(http.MethodPost, "/v1/rules/try", supervisor, map[string]any{"text": "say xyzzy"}).text("verdict"), "a draft is nothing that is in force")
	require.Equal(t, 0, d.count(event.TypeMessageBlocked), "nothing is stored")
	d.do(http.MethodPost, "/v1/rules/try", supervisor, map[string]any{"text": "x", "set": map[string]any{"rules": []any{map[string]any{"id": "BAD"}}}}).problem(t, http.StatusUnprocessableEntity, CodeInvalidRules)
	require.GreaterOrEqual(t, d.do(http.MethodPost, "/v1/rules/try", supervisor, map[string]any{"text": ""}).status, 400)

	// A draft is kept beside what is in force.
	admin := d.token(RoleAdmin)
	// A draft that changes nothing is written as what is in force, where nothing is changed.
	none := d.do(http.MethodGet, "/v1/rules", admin, nil).json["set"]
	empty := d.do(http.MethodPut, "/v1/rules/draft", admin, map[string]any{"version": 0, "set": none})
	require.Equal(t, http.StatusOK, empty.status, "%s", empty.raw)
	require.Equal(t, none, empty.json["set"])
	kept := d.do(http.MethodPut, "/v1/rules/draft", admin, map[string]any{"version": 1, "set": map[string]any{"rules": []any{word("house.draft", "plugh", "block")}}})
	require.Equal(t, http.StatusOK, kept.status, "%s", kept.raw)
	require.Contains(t, string(d.do(http.MethodGet, "/v1/rules/draft", supervisor, nil).raw), "house.draft")
	require.NotContains(t, string(d.do(http.MethodGet, "/v1/rules", supervisor, nil).raw), "house.draft")
}
