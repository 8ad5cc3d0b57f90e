package live

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
)

func TestAgentPerformance(t *testing.T) {
	t.Parallel()

	d := setup(t)
	var got url.Values
	d.reports.performance = func(v url.Values) (Answer, error) {
		got = v
		return Answer(`{"rows":[{"agent":"a1"}]}`), nil
	}
	a := d.do(http.MethodGet, "/v1/agents/performance?sort=-handled_chats&q=lin", d.token(RoleOwner), nil)
	require.Equal(t, http.StatusOK, a.status, "%s", a.raw)
	require.Equal(t, "application/json", a.header.Get("Content-Type"))
	require.JSONEq(t, `{"rows":[{"agent":"a1"}]}`, string(a.raw))
	require.Equal(t, url.Values{"sort": {"-handled_chats"}, "q": {"lin"}}, got)

	scoped := d.token(RoleSupervisor, func(c *Claims) { c.Teams = []event.TeamID{"t1"} })
	d.do(http.MethodGet, "/v1/agents/performance", scoped, nil)
	require.Equal(t, []string{"t1"}, got["team"])
	d.do(http.MethodGet, "/v1/agents/performance", d.token(RoleAgent), nil)
	require.Equal(t, []string{"a1"}, got["agent"], "an agent sees himself alone")

	d.reports.performance = func(url.Values) (Answer, error) {
		return nil, &Fault{Code: CodeUnavailable, Field: "as_of_seq", Detail: "history has come to sequence 5"}
	}
	a = d.do(http.MethodGet, "/v1/agents/performance?as_of_seq=9", d.token(RoleOwner), nil)
	a.problem(t, http.StatusServiceUnavailable, CodeUnavailable)
	require.NotEmpty(t, a.header.Get("Retry-After"))
	require.Equal(t, "as_of_seq", a.text("field"))
}
