package live

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
)

// TestBacktestsAreTheirDesks: what another desk runs holds nobody up, what it has run
// pushes nobody's out, and nobody sees or cancels it, whoever knows its id.
func TestBacktestsAreTheirDesks(t *testing.T) {
	t.Parallel()
	d := setup(t)
	own, other := d.token(RoleSupervisor), d.token(RoleSupervisor, func(c *Claims) { c.Tenant = "moon" })
	d.record.past = []PastMessage{{Conversation: "c1", Message: "m1", From: event.Actor{Kind: event.Agent, ID: "a1"}, Text: "hello"}}
	d.record.wait = make(chan struct{}, keptBacktests+2)
	begin := func(token string) string {
		t.Helper()
		a := d.do(http.MethodPost, "/v1/rules/backtests", token, map[string]any{"days": 1})
		require.Equal(t, http.StatusAccepted, a.status, "%s", a.raw)
		return a.text("id")
	}
	theirs, ours := begin(other), begin(own)
	path := "/v1/rules/backtests/"
	for token, id := range map[string]string{own: theirs, other: ours} {
		d.do(http.MethodGet, path+id, token, nil).problem(t, http.StatusNotFound, CodeNotFound)
		d.do(http.MethodDelete, path+id, token, nil).problem(t, http.StatusNotFound, CodeNotFound)
		list := d.do(http.MethodGet, "/v1/rules/backtests", token, nil)
		require.Len(t, list.json["backtests"], 1)
		require.NotContains(t, string(list.raw), id)
	}
	for range keptBacktests + 2 {
		d.record.wait <- struct{}{}
	}
	require.Equal(t, "done", d.finished(other, theirs).text("state"), "nobody has cancelled it")
	require.Equal(t, "done", d.finished(own, ours).text("state"))
	for range keptBacktests {
		require.Equal(t, "done", d.finished(own, begin(own)).text("state"))
	}
	d.do(http.MethodGet, path+ours, own, nil).problem(t, http.StatusNotFound, CodeNotFound)
	require.Equal(t, "done", d.do(http.MethodGet, path+theirs, other, nil).text("state"))
}

// TestWindowsAreTheirDesks: a number that is split over messages is put together from
// those of one desk's sender, not of whoever has the same id elsewhere.
func TestWindowsAreTheirDesks(t *testing.T) {
	t.Parallel()
	var w windows
	at, agent := time.Now(), event.Actor{Kind: event.Agent, ID: "a1"}
	w.add(sender{"star", "c1", agent}, "call 138", at)
	require.NotNil(t, w.of(sender{"star", "c1", agent}, at))
	require.Nil(t, w.of(sender{"moon", "c1", agent}, at))
}
