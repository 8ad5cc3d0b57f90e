package live

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
)

// TestNamesThatOnlyLookLikeIts: what begins or ends like a name of the server, or of a
// listed page, is another's.
func TestNamesThatOnlyLookLikeIts(t *testing.T) {
	t.Parallel()

	d := setup(t, func(c *Config) {
		c.Hosts, c.Origins = []string{"desk.example.com"}, []string{"https://wall.example.com"}
	})
	for _, host := range []string{"evildesk.example.com", "evil-desk.example.com", "x.desk.example.com", "desk.example.comx", "desk.example"} {
		d.do(http.MethodGet, "/v1/demo/roles", "", nil, "Host", host).problem(t, http.StatusMisdirectedRequest, CodeForbiddenHost)
	}
	for _, origin := range []string{"https://wall.example.com.evil.org", "https://wall.example.comx", "https://wall.example.com:8443", "https://x.wall.example.com", "https://wall.example", "https://evil.org?https://wall.example.com"} {
		a := d.do(http.MethodGet, "/v1/me", d.token(RoleOwner), nil, "Origin", origin)
		a.problem(t, http.StatusForbidden, CodeForbiddenOrigin)
		require.Empty(t, a.header.Get("Access-Control-Allow-Origin"), origin)
	}
	// A cache in between keeps the answers to several pages apart.
	listed := d.do(http.MethodGet, "/v1/me", d.token(RoleOwner), nil, "Origin", "https://wall.example.com")
	require.Equal(t, http.StatusOK, listed.status)
	require.Equal(t, []string{"Origin"}, listed.header.Values("Vary"))
	require.Contains(t, d.do(http.MethodGet, "/v1/me", d.token(RoleOwner), nil).header.Values("Vary"), "Origin")
}

// TestATicketIsItsTokens: a ticket opens what its token does, no other desk and no
// other team.
func TestATicketIsItsTokens(t *testing.T) {
	t.Parallel()

	d := setup(t)
	ticket := func(token string) string {
		a := d.do(http.MethodPost, "/v1/tickets", token, nil)
		require.Equal(t, http.StatusOK, a.status, "%s", a.raw)
		return a.text("ticket")
	}
	d.publish(&event.AgentUpdated{Agent: "a1", Name: "Ada"}, &event.AgentPresence{Agent: "a1", Status: event.Online})
	state := func(c *client) string {
		raw, err := json.Marshal(c.subscribe(1, "floor")["state"])
		require.NoError(t, err)
		return string(raw)
	}
	require.Contains(t, state(d.dial("", ticket(d.token(RoleOwner)))), "Ada")
	moon := d.token(RoleOwner, func(c *Claims) { c.Tenant = "moon" })
	require.NotContains(t, state(d.dial("", ticket(moon))), "Ada")

	narrow := d.token(RoleSupervisor, func(c *Claims) { c.Teams = []event.TeamID{"t1"} })
	c := d.dial("", ticket(narrow))
	c.send(map[string]any{"op": "subscribe", "id": 1, "topic": "wallboard", "filter": map[string]any{"team": []string{"t2"}}})
	require.Equal(t, string(CodeForbidden), c.until("error")["code"])
	d.do(http.MethodGet, "/v1/live/wallboard/events?team=t2&ticket="+ticket(narrow), "", nil).problem(t, http.StatusForbidden, CodeForbidden)
}

// unheard is a list of revoked tokens that never comes.
type unheard struct{ Tokens }

func (unheard) WatchRevoked(ctx context.Context, _ func(), _ func(string)) error {
	<-ctx.Done()
	return ctx.Err()
}

// TestNobodyComesBeforeTheRevokedAreKnown: until the list has come, any token may be
// one that was ended.
func TestNobodyComesBeforeTheRevokedAreKnown(t *testing.T) {
	t.Parallel()

	d := setup(t)
	c := d.cfg
	c.Tokens, c.Registry, c.NATS = unheard{c.Tokens}, prometheus.NewRegistry(), nil
	s, err := New(c)
	require.NoError(t, err)
	require.NoError(t, s.Start(t.Context()))
	web := httptest.NewUnstartedServer(s.Handler())
	web.Config.ConnContext = ConnContext
	web.Start()
	defer func() {
		web.Close()
		require.NoError(t, s.Stop(context.WithoutCancel(t.Context())))
	}()
	behind := *d
	behind.url = web.URL
	behind.do(http.MethodGet, "/v1/me", d.token(RoleOwner), nil).problem(t, http.StatusServiceUnavailable, CodeNotReady)
	good := d.do(http.MethodPost, "/v1/tickets", d.token(RoleOwner), nil).text("ticket")
	behind.do(http.MethodGet, "/v1/live/wallboard/events?ticket="+good, "", nil).problem(t, http.StatusServiceUnavailable, CodeNotReady)
}

// TestNobodyComesWhileTheServerStops: a connection that is open already gets no new
// socket or stream of events.
func TestNobodyComesWhileTheServerStops(t *testing.T) {
	t.Parallel()

	d := setup(t)
	web := httptest.NewUnstartedServer(d.Handler()) // which goes on listening
	web.Config.ConnContext = ConnContext
	web.Start()
	defer web.Close()
	require.NoError(t, d.Stop(context.WithoutCancel(t.Context())))
	behind := *d
	behind.url = web.URL
	behind.do(http.MethodGet, "/v1/live/wallboard/events", d.token(RoleOwner), nil).problem(t, http.StatusServiceUnavailable, CodeRestart)
	_, response, err := behind.tryDial(d.token(RoleOwner), nil)
	require.Error(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
}

// TestADeskIsLimitedOverAllItsTokens: whoever makes more tokens gets no more of what
// is held at a time.
func TestADeskIsLimitedOverAllItsTokens(t *testing.T) {
	t.Parallel()

	t.Run("sockets", func(t *testing.T) {
		t.Parallel()
		d := setup(t, limitedTo(Limits{Sockets: 1}))
		for range 10 {
			d.dial(d.token(RoleOwner)).until("hello")
		}
		_, response, err := d.tryDial(d.token(RoleOwner), nil)
		require.Error(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, http.StatusTooManyRequests, response.StatusCode)
		d.dial(d.token(RoleOwner, func(c *Claims) { c.Tenant = "moon" })).until("hello")
	})
	for kind, path := range map[string]string{"reports": "/v1/conversations", "exports": "/v1/conversations.csv"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			d := setup(t, limitedTo(Limits{Reports: 1, Exports: 1}))
			begun, end := d.holdReports()
			answers := make(chan int, 64)
			ask := func(token string) {
				go func() { answers <- d.do(http.MethodGet, path, token, nil).status }()
			}
			same := d.token(RoleOwner)
			ask(same)
			ask(same)
			<-begun
			for range 4 {
				ask(d.token(RoleOwner))
			}
			for range 3 {
				<-begun
			}
			turns := d.limits.reportsByTenant
			if kind == "exports" {
				turns = d.limits.exportsByTenant
			}
			require.Eventually(t, func() bool {
				turns.mu.Lock()
				defer turns.mu.Unlock()
				return turns.taken[d.tenant] != nil && turns.taken[d.tenant].users == 5
			}, time.Minute, time.Millisecond, "four are in, one of another token waits for the desk's turn")
			require.Empty(t, begun)
			ask(d.token(RoleOwner, func(c *Claims) { c.Tenant = "moon" }))
			<-begun // another desk waits for nobody
			close(end)
			for range 7 {
				require.Equal(t, http.StatusOK, <-answers)
			}
		})
	}
}

// TestTheSizeOfARequestIsBounded: more than a request may have is not read.
func TestTheSizeOfARequestIsBounded(t *testing.T) {
	t.Parallel()

	d := setup(t)
	// Members of gzip in which there is nothing unpack to nothing for ever.
	var empty bytes.Buffer
	require.NoError(t, gzip.NewWriter(&empty).Close())
	d.ingestAs(typeEvent, bytes.Repeat(empty.Bytes(), 1<<20/empty.Len()), "Content-Encoding", "gzip").problem(t, http.StatusRequestEntityTooLarge, CodeTooLarge)
	for _, route := range []string{"POST /v1/messages", "POST /v1/kiosks", "PUT /v1/boards/b", "PUT /v1/tenant"} {
		method, path, _ := strings.Cut(route, " ")
		body := `{"name":"` + strings.Repeat("x", 8<<20) + `"}`
		d.do(method, path, d.token(RoleOwner), body).problem(t, http.StatusRequestEntityTooLarge, CodeTooLarge)
	}
	// One event is answered when it is too large, not when it has come whole.
	in, out := io.Pipe()
	defer func() { _ = out.Close() }()
	go func() { _, _ = out.Write(bytes.Repeat([]byte(" "), 2*event.MaxEnvelope)) }()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.url+"/v1/events", in)
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+d.token(RoleService))
	r.Header.Set("Content-Type", typeEvent)
	answer, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer func() { _ = answer.Body.Close() }()
	require.Equal(t, http.StatusRequestEntityTooLarge, answer.StatusCode)

	c := d.dial(d.token(RoleOwner))
	c.until("hello")
	c.send(map[string]any{"op": "ping", "id": 1, "more": strings.Repeat("x", mostFrame-1000)})
	c.until("pong")
	c.send(map[string]any{"op": "ping", "id": 2, "more": strings.Repeat("x", mostFrame)})
	require.Equal(t, 4400, c.code())
}

// TestTLSIsForEver: browsers that came by TLS are to come by it again, and only those.
func TestTLSIsForEver(t *testing.T) {
	t.Parallel()

	d := setup(t)
	web := httptest.NewUnstartedServer(d.Handler())
	web.Config.ConnContext = ConnContext
	web.StartTLS()
	defer web.Close()
	answer, err := web.Client().Get(web.URL + "/v1/demo/roles")
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Contains(t, answer.Header.Get("Strict-Transport-Security"), "max-age=")
	require.Empty(t, d.do(http.MethodGet, "/v1/demo/roles", "", nil).header.Get("Strict-Transport-Security"))
}
