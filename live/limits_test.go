package live

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
)

// limitedTo is a change of a desk's limits.
func limitedTo(l Limits) func(*Config) { return func(c *Config) { c.Limits = l } }

// tooMuch requires the answer of a limit.
func (d *desk) tooMuch(a answer, why limitReason) {
	d.t.Helper()
	a.problem(d.t, http.StatusTooManyRequests, CodeTooManyRequests)
	require.Equal(d.t, limitTexts[why], a.text("detail"))
	seconds, err := strconv.Atoi(a.header.Get("Retry-After"))
	require.NoError(d.t, err)
	require.Positive(d.t, seconds)
	require.Positive(d.t, testutil.ToFloat64(d.metrics.limited.WithLabelValues(string(why))))
}

func TestRatesAreReadAsTheyAreWritten(t *testing.T) {
	t.Parallel()

	for text, want := range map[string]Rate{
		"off": {}, "500/s": {500, time.Second}, "100/min": {100, time.Minute}, "1/h": {1, time.Hour}, "20000/10s": {20_000, 10 * time.Second},
	} {
		r, err := ParseRate(text)
		require.NoError(t, err, text)
		require.Equal(t, want, r)
		require.Equal(t, text, r.String())
	}
	for _, text := range []string{"", "0/s", "-1/s", "5", "5/", "5/0s", "5/10ms", "5/day", "5/2h", "x/s", "1e9/s", "100000001/s", "on"} {
		_, err := ParseRate(text)
		require.Error(t, err, text)
	}
}

// TestATableIsBounded: any number of callers takes so much memory and no more, and those who come often are remembered.
func TestATableIsBounded(t *testing.T) {
	t.Parallel()

	table := newTable[string](Rate{2, time.Hour})
	now := time.Now()
	require.Zero(t, table.take("often", now))
	require.Zero(t, table.take("often", now))
	for i := range 10 * mostKept {
		require.Zero(t, table.take(strconv.Itoa(i), now))
		if i%100 == 0 {
			require.Positive(t, table.take("often", now))
		}
		require.LessOrEqual(t, len(table.young)+len(table.old), 2*mostKept)
	}
	require.Zero(t, table.take("often", now.Add(time.Hour)), "after its time there is more")
	// What was refused takes nothing: half an hour is one of two.
	require.Zero(t, table.take("often", now.Add(time.Hour)))
	require.Equal(t, 30*time.Minute, table.take("often", now.Add(time.Hour)).Round(time.Second))
	require.Zero(t, newTable[string](Rate{}).take("off", now))
}

func TestRequestsOfATokenAreLimited(t *testing.T) {
	t.Parallel()

	d := setup(t, limitedTo(Limits{Token: Rate{3, time.Hour}}))
	token := d.token(RoleOwner)
	for range 3 {
		require.Equal(t, http.StatusOK, d.do(http.MethodGet, "/v1/me", token, nil).status)
	}
	a := d.do(http.MethodGet, "/v1/me", token, nil)
	d.tooMuch(a, limitToken)
	seconds, err := strconv.Atoi(a.header.Get("Retry-After"))
	require.NoError(t, err)
	require.InDelta(t, 1200, seconds, 60, "a third of an hour")
	require.Equal(t, "请求过多，请稍后再试。", d.do(http.MethodGet, "/v1/me", token, nil, "Accept-Language", "zh").text("title"))
	_, response, err := d.tryDial(token, nil)
	require.Error(t, err)
	require.Equal(t, http.StatusTooManyRequests, response.StatusCode)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusOK, d.do(http.MethodGet, "/v1/me", d.token(RoleOwner), nil).status, "another token of the same desk")
	require.Equal(t, http.StatusOK, d.do(http.MethodGet, "/healthz", "", nil).status)
}

func TestRequestsOfADeskAreLimited(t *testing.T) {
	t.Parallel()

	d := setup(t, limitedTo(Limits{Tenant: Rate{3, time.Hour}}))
	for range 3 {
		require.Equal(t, http.StatusOK, d.do(http.MethodGet, "/v1/me", d.token(RoleOwner), nil).status)
	}
	d.tooMuch(d.do(http.MethodGet, "/v1/me", d.token(RoleOwner), nil), limitTenant)
	moon := d.token(RoleOwner, func(c *Claims) { c.Tenant = "moon" })
	require.Equal(t, http.StatusOK, d.do(http.MethodGet, "/v1/me", moon, nil).status)
	// A check over NATS is one of the desk's, too.
	reply := d.ask(message("m1", "hello"))
	refused, _ := reply["error"].(map[string]any)
	require.Equal(t, string(CodeTooManyRequests), refused["code"], "%v", reply)
}

// TestRequestsOfAnAddressAreLimited: by the address of the client, which a trusted proxy names and nobody else.
func TestRequestsOfAnAddressAreLimited(t *testing.T) {
	t.Parallel()

	limits := limitedTo(Limits{Address: Rate{2, time.Hour}})
	d := setup(t, limits, func(c *Config) { c.Proxies = []string{"127.0.0.0/8", "10.0.0.0/8"} })
	from := func(forwarded string) answer {
		return d.do(http.MethodGet, "/v1/nothing", "", nil, "X-Forwarded-For", forwarded)
	}
	for range 2 {
		from("203.0.113.7").problem(t, http.StatusNotFound, CodeNotFound)
	}
	d.tooMuch(from("203.0.113.7"), limitAddress)
	d.tooMuch(from("1.2.3.4, 203.0.113.7"), limitAddress)
	d.tooMuch(from("1.2.3.4, 203.0.113.7, 10.1.2.3"), limitAddress)
	d.tooMuch(from("nonsense, 203.0.113.7"), limitAddress)
	from("203.0.113.8").problem(t, http.StatusNotFound, CodeNotFound)
	// A network of 64 bits is one customer's.
	from("2001:db8::1").problem(t, http.StatusNotFound, CodeNotFound)
	from("2001:db8::2").problem(t, http.StatusNotFound, CodeNotFound)
	d.tooMuch(from("2001:db8::3"), limitAddress)
	from("2001:db8:0:1::3").problem(t, http.StatusNotFound, CodeNotFound)
	for _, path := range unlimited {
		require.Equal(t, http.StatusOK, d.do(http.MethodGet, path, "", nil, "X-Forwarded-For", "203.0.113.7").status, path)
	}

	alone := setup(t, limits)
	for i := range 3 {
		a := alone.do(http.MethodGet, "/v1/nothing", "", nil, "X-Forwarded-For", fmt.Sprint("203.0.113.", i))
		if i < 2 {
			a.problem(t, http.StatusNotFound, CodeNotFound)
			continue
		}
		alone.tooMuch(a, limitAddress)
	}
}

func TestClientsBehindProxies(t *testing.T) {
	t.Parallel()

	o, err := newOrigins(nil, []string{"10.0.0.0/8", "fd00::/8"}, nil)
	require.NoError(t, err)
	for _, tt := range []struct {
		remote    string
		forwarded []string
		want      string
	}{
		{"203.0.113.1:5", nil, "203.0.113.1/32"},
		{"203.0.113.1:5", []string{"198.51.100.1"}, "203.0.113.1/32"},
		{"10.0.0.1:5", []string{"198.51.100.1"}, "198.51.100.1/32"},
		{"10.0.0.1:5", []string{"1.1.1.1", "198.51.100.1, 10.0.0.2"}, "198.51.100.1/32"},
		{"10.0.0.1:5", []string{"198.51.100.1:99"}, "10.0.0.1/32"},
		{"10.0.0.1:5", []string{"unknown"}, "10.0.0.1/32"},
		{"10.0.0.1:5", nil, "10.0.0.1/32"},
		{"[::ffff:10.0.0.1]:5", []string{"::ffff:198.51.100.1"}, "198.51.100.1/32"},
		{"[fd00::1]:5", []string{"2001:db8:1:2:3::4"}, "2001:db8:1:2::/64"},
		{"[fe80::1%eth0]:5", nil, "fe80::/64"},
	} {
		r := &http.Request{RemoteAddr: tt.remote, Header: http.Header{"X-Forwarded-For": tt.forwarded}}
		require.Equal(t, tt.want, o.client(r).String(), "%v", tt)
	}
	require.Equal(t, netip.Prefix{}, o.client(&http.Request{RemoteAddr: "@"}))
}

// TestGuessedTokensAreLimited: who guesses is told to wait, and behind the same address a good token is taken.
func TestGuessedTokensAreLimited(t *testing.T) {
	t.Parallel()

	d := setup(t, limitedTo(Limits{Failures: Rate{4, time.Hour}}))
	good := d.token(RoleOwner)
	for range 5 { // without any nothing was guessed
		d.do(http.MethodGet, "/v1/me", "", nil).problem(t, http.StatusUnauthorized, CodeUnauthorized)
	}
	ended := d.token(RoleOwner, func(c *Claims) { c.Expires = time.Now().Add(-time.Minute) })
	d.do(http.MethodGet, "/v1/me", "guessed", nil).problem(t, http.StatusUnauthorized, CodeUnauthorized)
	d.do(http.MethodGet, "/v1/me", ended, nil).problem(t, http.StatusUnauthorized, CodeTokenEnded)
	d.do(http.MethodGet, "/v1/live/wallboard/events?ticket=guessed", "", nil).problem(t, http.StatusUnauthorized, CodeTicketUsed)
	d.do(http.MethodGet, "/v1/me", "", nil, "Authorization", "Basic Z3Vlc3NlZA==").problem(t, http.StatusUnauthorized, CodeUnauthorized)
	d.tooMuch(d.do(http.MethodGet, "/v1/me", "guessed", nil), limitFailures)
	d.tooMuch(d.do(http.MethodGet, "/v1/live/wallboard/events?ticket=guessed", "", nil), limitFailures)
	require.Equal(t, http.StatusOK, d.do(http.MethodGet, "/v1/me", good, nil).status)
}

func TestOpeningsAreLimited(t *testing.T) {
	t.Parallel()

	d := setup(t, limitedTo(Limits{Opens: Rate{9, time.Hour}})) // of one token three
	owner := d.token(RoleOwner)
	d.dial(owner).until("hello")
	require.Equal(t, http.StatusOK, d.do(http.MethodPost, "/v1/tickets", owner, nil).status)
	require.Equal(t, "snapshot", d.follow("/v1/live/wallboard/events", owner).next().name)
	d.tooMuch(d.do(http.MethodPost, "/v1/tickets", owner, nil), limitOpens)
	d.tooMuch(d.do(http.MethodGet, "/v1/live/wallboard/events", owner, nil), limitOpens)
	_, response, err := d.tryDial(owner, nil)
	require.Error(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusTooManyRequests, response.StatusCode)
	require.Equal(t, http.StatusOK, d.do(http.MethodGet, "/v1/live/wallboard", owner, nil).status, "what does not stay open")
	for range 6 { // the rest of the address
		require.Equal(t, http.StatusOK, d.do(http.MethodPost, "/v1/tickets", d.token(RoleOwner), nil).status)
	}
	d.tooMuch(d.do(http.MethodPost, "/v1/tickets", d.token(RoleOwner), nil), limitOpens)
}

func TestSocketsOfATokenAreLimited(t *testing.T) {
	t.Parallel()

	d := setup(t, limitedTo(Limits{Sockets: 2}))
	owner := d.token(RoleOwner)
	first := d.dial(owner)
	first.until("hello")
	require.Equal(t, "snapshot", d.follow("/v1/live/wallboard/events", owner).next().name)
	_, response, err := d.tryDial(owner, nil)
	require.Error(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusTooManyRequests, response.StatusCode)
	d.tooMuch(d.do(http.MethodGet, "/v1/live/wallboard/events", owner, nil), limitSockets)
	d.dial(d.token(RoleOwner)).until("hello")
	first.close()
	require.Eventually(t, func() bool {
		d.sockets.mu.Lock()
		defer d.sockets.mu.Unlock()
		return len(d.sockets.all) == 2
	}, time.Minute, 5*time.Millisecond)
	d.dial(owner).until("hello")
	// Who does not upgrade after all takes no place.
	plain := d.do(http.MethodGet, "/v1/live", d.token(RoleOwner), nil, "Sec-WebSocket-Protocol", Subprotocol)
	require.GreaterOrEqual(t, plain.status, 400)
	d.sockets.mu.Lock()
	defer d.sockets.mu.Unlock()
	require.Len(t, d.sockets.all, 3)
	require.Len(t, d.sockets.tokens, 2)
	require.Equal(t, map[event.TenantID]int{"star": 3}, d.sockets.desks)
}

// TestFramesOfATokenAreLimited: more sockets do not let a client send more.
func TestFramesOfATokenAreLimited(t *testing.T) {
	t.Parallel()

	d := setup(t, limitedTo(Limits{Frames: Rate{10, time.Hour}}))
	owner := d.token(RoleOwner)
	one, two, other := d.dial(owner), d.dial(owner), d.dial(d.token(RoleOwner))
	for i := range 5 {
		for _, c := range []*client{one, two} {
			c.send(map[string]any{"op": "ping", "id": i})
			c.until("pong")
		}
	}
	two.send(map[string]any{"op": "ping", "id": 9})
	require.Equal(t, 4429, two.code())
	other.send(map[string]any{"op": "ping", "id": 1})
	other.until("pong")
	require.Positive(t, testutil.ToFloat64(d.metrics.limited.WithLabelValues(string(limitFrames))))

	// A little too fast is a little later.
	now := time.Now()
	l := newLimits(Limits{Frames: Rate{20, time.Second}}, d.metrics, func() time.Time { return now })
	who := &Identity{Claims: Claims{ID: "star.x"}}
	for range 23 {
		require.Nil(t, l.frame(t.Context(), who))
	}
	require.Positive(t, testutil.ToFloat64(d.metrics.delayed))
}

// holdReports has lists and their exports say that they have begun, and wait for the end.
func (d *desk) holdReports() (begun, end chan struct{}) {
	begun, end = make(chan struct{}, 64), make(chan struct{})
	d.reports.conversations = func(url.Values) (any, error) {
		begun <- struct{}{}
		<-end
		return map[string]any{"rows": []any{}}, nil
	}
	d.reports.csv = func(io.Writer, url.Values) error {
		begun <- struct{}{}
		<-end
		return nil
	}
	return begun, end
}

// TestReportsWaitForTheirTurn: one token's reports do not take every connection to the database, and its page of many is
// answered all the same.
func TestReportsWaitForTheirTurn(t *testing.T) {
	t.Parallel()

	d := setup(t, limitedTo(Limits{Reports: 1, Exports: 1}))
	d.limits.reportWait = 10 * time.Minute // until the test lets them go on
	begun, end := d.holdReports()
	d.reports.csv = nil // exports go on
	owner := d.token(RoleOwner)
	answers := make(chan int, 64)
	ask := func(token, path string) {
		r, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), http.MethodGet, d.url+path, nil)
		if err != nil {
			answers <- 0
			return
		}
		r.Header.Set("Authorization", "Bearer "+token)
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			answers <- 0
			return
		}
		_ = response.Body.Close()
		answers <- response.StatusCode
	}
	for range 1 + waitingFor {
		go ask(owner, "/v1/conversations")
	}
	<-begun
	require.Eventually(t, func() bool {
		d.limits.reportsByToken.mu.Lock()
		defer d.limits.reportsByToken.mu.Unlock()
		for _, one := range d.limits.reportsByToken.taken {
			return one.users == 1+waitingFor
		}
		return false
	}, time.Minute, time.Millisecond)
	d.tooMuch(d.do(http.MethodGet, "/v1/conversations", owner, nil), limitReports)
	require.Equal(t, http.StatusOK, d.do(http.MethodGet, "/v1/me", owner, nil).status, "what is cheap")
	require.Equal(t, http.StatusOK, d.do(http.MethodGet, "/v1/metrics.csv?metric=chats", owner, nil).status, "exports have places of their own")
	require.Equal(t, http.StatusOK, d.do(http.MethodGet, "/v1/metrics?metric=chats", d.token(RoleOwner), nil).status, "another token")
	require.Empty(t, begun, "one at a time")
	close(end)
	for range 1 + waitingFor {
		require.Equal(t, http.StatusOK, <-answers)
	}
	require.Eventually(t, func() bool {
		d.limits.reportsByToken.mu.Lock()
		defer d.limits.reportsByToken.mu.Unlock()
		return len(d.limits.reportsByToken.taken) == 0
	}, time.Minute, time.Millisecond, "nothing is kept of who has gone")
}

func TestAReportThatDoesNotComeToItsTurn(t *testing.T) {
	t.Parallel()

	turns := newTurns[string](1)
	done, ok := turns.take(t.Context(), "a")
	require.True(t, ok)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, ok = turns.take(ctx, "a")
	require.False(t, ok)
	done()
	done, ok = turns.take(ctx, "a")
	require.True(t, ok, "a free place is taken at once")
	done()
	require.Empty(t, turns.taken)
}

// TestSlowBatchesHoldUpNoOtherDesk: who sends a batch byte by byte, as many as there are places, has half of them.
func TestSlowBatchesHoldUpNoOtherDesk(t *testing.T) {
	t.Parallel()

	d := setup(t)
	service := d.token(RoleService)
	for range mostIngests {
		conn := d.raw("POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + service + "\r\nContent-Type: " + typeBatch + "\r\nContent-Length: 1000\r\n\r\n[")
		defer func() { _ = conn.Close() }()
	}
	require.Eventually(t, func() bool { return len(d.ingests) == mostIngests/2 }, time.Minute, time.Millisecond)
	moon := d.token(RoleService, func(c *Claims) { c.Tenant = "moon" })
	a := d.do(http.MethodPost, "/v1/events", moon, "[]", "Content-Type", typeBatch)
	require.Equal(t, http.StatusOK, a.status, "%s", a.raw)
	require.Len(t, d.ingests, mostIngests/2)
}

// raw opens a connection and sends that much of a request.
func (d *desk) raw(text string) net.Conn {
	d.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(d.url, "http://"))
	require.NoError(d.t, err)
	_, err = io.WriteString(conn, text)
	require.NoError(d.t, err)
	return conn
}

// TestConnectionsOfAnAddressAreLimited stands a server behind a door.
func TestConnectionsOfAnAddressAreLimited(t *testing.T) {
	t.Parallel()

	d := setup(t)
	for _, tt := range []struct {
		proxies []string
		free    bool
	}{{nil, false}, {[]string{"127.0.0.1"}, true}} {
		door, err := NewDoor(2, tt.proxies)
		require.NoError(t, err)
		door.countIn(d.metrics.limited.WithLabelValues(string(limitConnections)))
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		server := NewHTTPServer(d.Handler(), nil)
		served := make(chan error, 1)
		go func() { served <- server.Serve(door.Listener(l)) }()
		behind := *d
		behind.url = "http://" + l.Addr().String()
		answers := func(conn net.Conn) bool {
			_, _ = io.WriteString(conn, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n") // one that is refused says so when it is read.
			n, err := conn.Read(make([]byte, 1024))
			return n > 0 && err == nil
		}
		one, two := behind.raw(""), behind.raw("")
		require.True(t, answers(one))
		require.True(t, answers(two))
		three, err := net.Dial("tcp", l.Addr().String())
		require.Equal(t, tt.free, err == nil && answers(three)) // it may be reset before Dial returns.
		if err == nil {
			_ = three.Close()
		}
		if !tt.free {
			require.InDelta(t, 1, testutil.ToFloat64(d.metrics.limited.WithLabelValues(string(limitConnections))), 0)
			require.NoError(t, one.Close())
			require.Eventually(t, func() bool {
				door.mu.Lock()
				defer door.mu.Unlock()
				return door.open[netip.MustParsePrefix("127.0.0.1/32")] == 1
			}, time.Minute, time.Millisecond)
			// A socket goes through the door as any connection, and leaves its place.
			c := behind.dial(d.token(RoleOwner))
			require.Equal(t, "snapshot", c.subscribe(1, "wallboard")["op"])
			c.close()
			require.NoError(t, two.Close())
			require.Eventually(t, func() bool {
				door.mu.Lock()
				defer door.mu.Unlock()
				return len(door.open) == 0
			}, time.Minute, time.Millisecond)
		}
		for _, conn := range []net.Conn{one, two} {
			_ = conn.Close()
		}
		require.NoError(t, server.Close())
		require.ErrorIs(t, <-served, http.ErrServerClosed)
	}
	_, err := NewDoor(1, []string{"nobody"})
	require.Error(t, err)
}

// TestEveryOperationSaysItsLimits looks at the document of the API.
func TestEveryOperationSaysItsLimits(t *testing.T) {
	t.Parallel()

	d := setup(t)
	var doc struct {
		Paths map[string]map[string]struct {
			Responses map[string]struct {
				Headers map[string]any `json:"headers"`
				Content map[string]any `json:"content"`
			} `json:"responses"`
		} `json:"paths"`
	}
	require.NoError(t, json.Unmarshal(d.do(http.MethodGet, "/openapi.json", "", nil).raw, &doc))
	seen := 0
	for pattern := range routes {
		method, path, _ := strings.Cut(pattern, " ")
		op, described := doc.Paths[path][strings.ToLower(method)]
		if !described {
			require.Equal(t, "/openapi.json", path)
			continue
		}
		seen++
		if path == "/healthz" || path == "/readyz" {
			require.NotContains(t, op.Responses, "429")
			continue
		}
		require.Contains(t, op.Responses["429"].Headers, "Retry-After", pattern)
		require.Contains(t, op.Responses["429"].Content, problemType, pattern)
	}
	require.Len(t, routes, seen+1)
}
