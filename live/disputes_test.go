package live

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
)

// fakeRecord is the part of the history that disputes and backtests ask.
type fakeRecord struct {
	disputes func(Scope, string) (any, error)
	past     []PastMessage
	scope    atomic.Pointer[Scope]
	wait     chan struct{} // before each message, if there is one
	err      error
}

func (f *fakeRecord) Disputes(_ context.Context, _ event.TenantID, scope Scope, state, _ string, _ int) (any, error) {
	if f.disputes == nil {
		return map[string]any{"items": []any{}}, nil
	}
	return f.disputes(scope, state)
}

func (f *fakeRecord) PastMessages(ctx context.Context, _ event.TenantID, scope Scope, _, _ time.Time, total func(int64), each func(*PastMessage) error) error {
	f.scope.Store(&scope)
	total(int64(len(f.past)))
	for i := range f.past {
		if f.wait != nil {
			select {
			case <-f.wait:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if err := each(&f.past[i]); err != nil {
			return err
		}
	}
	return f.err
}

// TestDispute follows one from the block over the supervisor's topic to the
// message that is sent after all, and the allow-list that lets the next one pass.
func TestDispute(t *testing.T) {
	t.Parallel()
	d := setup(t)
	d.conversation("c1", "a1")
	agent, supervisor := d.token(RoleAgent), d.token(RoleSupervisor)
	text := "see https://size-guide.example/shoes"
	put := d.change(http.MethodPut, "/v1/rules", map[string]any{"version": 0, "set": map[string]any{"rules": []any{word("house.link", "size-guide", "block")}}})
	require.Equal(t, http.StatusOK, put.status, "%s", put.raw)
	require.Equal(t, "block", d.ask(message("m1", text))["verdict"])
	d.applied()

	claim := map[string]any{"conversation": "c1", "message": "m1", "comment": "our own page"}
	d.do(http.MethodPost, "/v1/disputes", d.token(RoleAgent, func(c *Claims) { c.Agent = "a2" }), claim).problem(t, http.StatusNotFound, CodeNotFound)
	d.do(http.MethodPost, "/v1/disputes", agent, map[string]any{"conversation": "c1", "message": "m9"}).problem(t, http.StatusNotFound, CodeNotFound)
	verdict := map[string]any{"conversation": "c1", "message": "m1", "decision": "overturned", "reason": "It is ours.", "release": true, "allow": []string{"size-guide"}}
	d.do(http.MethodPost, "/v1/disputes/decide", supervisor, verdict).problem(t, http.StatusNotFound, CodeNotFound)

	opened := d.do(http.MethodPost, "/v1/disputes", agent, claim)
	require.Equal(t, http.StatusOK, opened.status, "%s", opened.raw)
	d.applied()
	d.do(http.MethodPost, "/v1/disputes", agent, claim).problem(t, http.StatusConflict, CodeConflict)
	require.Eventually(t, func() bool {
		board := string(d.do(http.MethodGet, "/v1/live/disputes", supervisor, nil).raw)
		return strings.Contains(board, "our own page") && strings.Contains(board, "size-guide")
	}, time.Minute, 5*time.Millisecond)

	elsewhere := d.token(RoleSupervisor, func(c *Claims) { c.Teams = []event.TeamID{"t9"} })
	d.do(http.MethodPost, "/v1/disputes/decide", elsewhere, verdict).problem(t, http.StatusNotFound, CodeNotFound)
	for name, change := range map[string]func(map[string]any){
		"no reason":              func(m map[string]any) { m["reason"] = "  " },
		"upheld and sent":        func(m map[string]any) { m["decision"], m["allow"] = "upheld", []string{} },
		"upheld and let through": func(m map[string]any) { m["decision"], m["release"] = "upheld", false },
	} {
		bad := maps.Clone(verdict)
		change(bad)
		a := d.do(http.MethodPost, "/v1/disputes/decide", supervisor, bad)
		require.Equal(t, http.StatusBadRequest, a.status, "%s: %s", name, a.raw)
	}

	var done answer
	for range 10 { // what is stored and got no time to come into force is asked for again, as its answer says
		if done = d.do(http.MethodPost, "/v1/disputes/decide", supervisor, verdict); done.status != http.StatusServiceUnavailable {
			break
		}
	}
	require.Equal(t, http.StatusOK, done.status, "%s", done.raw)
	require.InDelta(t, 2, done.json["rules_version"], 0)
	m, err := d.stream.At(t.Context(), uint64(done.json["released_seq"].(float64)))
	require.NoError(t, err)
	e, err := event.Decode(m.Raw)
	require.NoError(t, err)
	sent := e.Data.(*event.MessageSent)
	require.Equal(t, text, sent.Text)
	require.Equal(t, event.MessageID("m1"), sent.Message, "linked to its block by its id")
	require.True(t, sent.Deliver, "the platform delivers it")
	d.applied()
	d.do(http.MethodPost, "/v1/disputes/decide", supervisor, verdict).problem(t, http.StatusConflict, CodeConflict)
	require.Eventually(t, func() bool { // with the next tick
		return !strings.Contains(string(d.do(http.MethodGet, "/v1/live/disputes", supervisor, nil).raw), "our own page")
	}, time.Minute, 5*time.Millisecond)
	require.Eventually(t, func() bool {
		notes := string(d.do(http.MethodGet, "/v1/live/notifications", agent, nil).raw)
		return strings.Contains(notes, `"decision":"overturned"`) && strings.Contains(notes, "It is ours.")
	}, time.Minute, 5*time.Millisecond)
	require.Equal(t, "allow", d.ask(message("m2", "see size-guide"))["verdict"], "what was blocked wrongly passes from now on")
	require.Equal(t, 1, d.count(event.TypeDisputeOpened))
	require.Equal(t, 1, d.count(event.TypeDisputeDecided))
}

// sometimesAway keeps the rules in force, and is away while it is told to be.
type sometimesAway struct {
	RuleStore
	away *atomic.Bool
}

func (a sometimesAway) PutRules(ctx context.Context, r stream.RulesInForce) error {
	if a.away.Load() {
		return stream.ErrUnavailable
	}
	return a.RuleStore.PutRules(ctx, r)
}

// TestADecisionAskedAgainAllows: whoever decides again after his words were stored and not
// put in force has them in force then.
func TestADecisionAskedAgainAllows(t *testing.T) {
	t.Parallel()
	var away atomic.Bool
	d := setup(t, func(c *Config) { c.Rules = sometimesAway{c.Rules, &away} })
	d.conversation("c1", "a1")
	put := d.change(http.MethodPut, "/v1/rules", map[string]any{"version": 0, "set": map[string]any{"rules": []any{word("house.link", "size-guide", "block")}}})
	require.Equal(t, http.StatusOK, put.status, "%s", put.raw)
	require.Equal(t, "block", d.ask(message("m1", "see size-guide"))["verdict"])
	d.applied()
	opened := d.do(http.MethodPost, "/v1/disputes", d.token(RoleAgent), map[string]any{"conversation": "c1", "message": "m1"})
	require.Equal(t, http.StatusOK, opened.status, "%s", opened.raw)
	d.applied()
	verdict := map[string]any{"conversation": "c1", "message": "m1", "decision": "overturned", "reason": "It is ours.", "allow": []string{"size-guide"}}
	away.Store(true)
	d.do(http.MethodPost, "/v1/disputes/decide", d.token(RoleSupervisor), verdict).problem(t, http.StatusServiceUnavailable, CodeUnavailable)
	require.Equal(t, 0, d.count(event.TypeDisputeDecided))
	away.Store(false)
	done := d.do(http.MethodPost, "/v1/disputes/decide", d.token(RoleSupervisor), verdict)
	require.Equal(t, http.StatusOK, done.status, "%s", done.raw)
	require.InDelta(t, 2, done.json["rules_version"], 0)
	require.Equal(t, "allow", d.ask(message("m2", "see size-guide"))["verdict"])
}

func TestDisputesAreListedWithinTheScope(t *testing.T) {
	t.Parallel()
	d := setup(t)
	var scope Scope
	d.record.disputes = func(s Scope, state string) (any, error) {
		scope = s
		return map[string]any{"items": []any{}, "state": state}, nil
	}
	a := d.do(http.MethodGet, "/v1/disputes?state=decided", d.token(RoleSupervisor, func(c *Claims) { c.Teams = []event.TeamID{"t1"} }), nil)
	require.Equal(t, "decided", a.text("state"), "%s", a.raw)
	require.Equal(t, []event.TeamID{"t1"}, scope.Teams)
	d.record.disputes = func(Scope, string) (any, error) { return nil, ErrUnavailable }
	d.do(http.MethodGet, "/v1/disputes", d.token(RoleSupervisor), nil).problem(t, http.StatusServiceUnavailable, CodeUnavailable)
}

// finished waits for a backtest's end.
func (d *desk) finished(token, id string) answer {
	d.t.Helper()
	var a answer
	require.Eventually(d.t, func() bool {
		a = d.do(http.MethodGet, "/v1/rules/backtests/"+id, token, nil)
		return a.text("state") != "running"
	}, time.Minute, 5*time.Millisecond)
	return a
}

func TestBacktest(t *testing.T) {
	t.Parallel()
	d := setup(t)
	supervisor := d.token(RoleSupervisor)
	agent := event.Actor{Kind: event.Agent, ID: "a1"}
	at := time.Now().Add(-time.Hour)
	d.record.past = []PastMessage{
		{At: at, Conversation: "c1", Message: "m1", From: agent, Text: "say xyzzy"},
		{At: at, Conversation: "c1", Message: "m2", From: agent, Text: "say plugh", Blocked: true},
		{At: at, Conversation: "c1", Message: "m3", From: event.Actor{Kind: event.Agent, ID: "a2"}, Text: "xyzzy again", Blocked: true},
		{At: at, Conversation: "c1", Message: "m4", From: agent, Text: "plover here"},
	}
	for i := range 200 {
		d.record.past = append(d.record.past, PastMessage{At: at, Conversation: "c2", Message: event.MessageID(fmt.Sprint("n", i)), From: agent, Text: "your parcel leaves today"})
	}
	order := map[string]any{"days": 30, "set": map[string]any{"rules": []any{word("house.xyzzy", "xyzzy", "block"), word("house.plover", "plover", "flag")}}}
	begun := d.do(http.MethodPost, "/v1/rules/backtests", supervisor, order)
	require.Equal(t, http.StatusAccepted, begun.status, "%s", begun.raw)
	a := d.finished(supervisor, begun.text("id"))
	require.Equal(t, "done", a.text("state"), "%s", a.raw)
	for name, n := range map[string]float64{"total": 204, "done": 204, "blocked": 2, "flagged": 1, "newly_blocked": 1, "no_longer_blocked": 1} {
		require.InDelta(t, n, a.json[name], 0, name)
	}
	require.Contains(t, string(a.raw), `{"rule":"house.xyzzy","category":"house","blocked":2,"flagged":0,"newly_blocked":1}`)
	require.Len(t, a.json["by_agent"], 2)
	first := a.json["samples"].([]any)[0].(map[string]any)
	require.Equal(t, "m1", first["message"], "what is newly blocked comes first")
	require.Equal(t, 0, d.count(event.TypeMessageBlocked), "nothing is stored")

	list := d.do(http.MethodGet, "/v1/rules/backtests", supervisor, nil)
	require.Len(t, list.json["backtests"], 1)
	narrow := d.token(RoleSupervisor, func(c *Claims) { c.Teams = []event.TeamID{"t1"} })
	require.Empty(t, d.do(http.MethodGet, "/v1/rules/backtests", narrow, nil).json["backtests"], "it read more than this token may see")
	d.do(http.MethodGet, "/v1/rules/backtests/"+begun.text("id"), narrow, nil).problem(t, http.StatusNotFound, CodeNotFound)
	own := d.do(http.MethodPost, "/v1/rules/backtests", narrow, order)
	require.Equal(t, "done", d.finished(narrow, own.text("id")).text("state"))
	require.Equal(t, []event.TeamID{"t1"}, d.record.scope.Load().Teams)

	d.do(http.MethodPost, "/v1/rules/backtests", supervisor, map[string]any{"days": 30, "set": map[string]any{"rules": []any{map[string]any{"id": "BAD"}}}}).problem(t, http.StatusUnprocessableEntity, CodeInvalidRules)
	require.GreaterOrEqual(t, d.do(http.MethodPost, "/v1/rules/backtests", supervisor, map[string]any{"days": 0}).status, 400)
}

func TestBacktestIsCancelledAndFails(t *testing.T) {
	t.Parallel()
	d := setup(t)
	supervisor := d.token(RoleSupervisor)
	d.record.past = make([]PastMessage, 3)
	d.record.wait = make(chan struct{}, 1)
	d.record.wait <- struct{}{}
	begun := d.do(http.MethodPost, "/v1/rules/backtests", supervisor, map[string]any{"days": 1})
	id := begun.text("id")
	require.Eventually(t, func() bool {
		return d.do(http.MethodGet, "/v1/rules/backtests/"+id, supervisor, nil).json["done"] == 1.0
	}, time.Minute, 5*time.Millisecond, "its progress is seen")
	d.do(http.MethodPost, "/v1/rules/backtests", supervisor, map[string]any{"days": 1}).problem(t, http.StatusServiceUnavailable, CodeBusy)
	require.Equal(t, http.StatusNoContent, d.do(http.MethodDelete, "/v1/rules/backtests/"+id, supervisor, nil).status)
	require.Equal(t, "cancelled", d.finished(supervisor, id).text("state"))

	d.record.wait, d.record.err = nil, fmt.Errorf("%w: gone", ErrUnavailable)
	begun = d.do(http.MethodPost, "/v1/rules/backtests", supervisor, map[string]any{"days": 1})
	failed := d.finished(supervisor, begun.text("id"))
	require.Equal(t, "failed", failed.text("state"))
	require.NotEmpty(t, failed.text("error"))
}

// TestNoBacktestBeginsAtTheEnd: a request may come while the server ends.
func TestNoBacktestBeginsAtTheEnd(t *testing.T) {
	t.Parallel()

	var b backtests
	b.stop()
	err := b.start(&backtestRun{}, time.Now(), func() { t.Error("it began") })
	require.Equal(t, CodeRestart, FaultOf(err).Code)
	b.stop()
}
