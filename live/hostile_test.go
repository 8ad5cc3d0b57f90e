package live

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
)

// TestEveryAnswerHasItsHeaders asks every route in every way that is refused, and as each role.
func TestEveryAnswerHasItsHeaders(t *testing.T) {
	t.Parallel()

	d := setup(t, func(c *Config) { c.Origins = []string{"https://desk.example.com"} })
	guarded := func(a answer, what string) {
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-site",
		} {
			require.Equal(t, want, a.header.Get(name), what)
		}
		require.Contains(t, a.header.Get("Content-Security-Policy"), "default-src 'none'", what)
		require.Empty(t, a.header.Get("Server"), what)
		require.Empty(t, a.header.Values("Set-Cookie"), what)
		if strings.Contains(what, "/v1/") && a.status < 300 {
			require.Equal(t, "no-store", a.header.Get("Cache-Control"), what)
		}
		if a.status >= 400 && strings.Contains(what, "/v1/") {
			require.Equal(t, problemType, a.header.Get("Content-Type"), "%s: %s", what, a.raw)
		}
	}
	for pattern := range routes {
		method, path, _ := strings.Cut(pattern, " ")
		path = strings.NewReplacer("{topic}", "wallboard", "{id}", "x", "{seq}", "1", "{version}", "1").Replace(path)
		guarded(d.do(method, path, "", nil), pattern)
		guarded(d.do(method, path, "guessed", nil), pattern)
		guarded(d.do(method, path, d.token(RoleOperator), nil), pattern)
		guarded(d.do(http.MethodPatch, path, d.token(RoleOwner), nil), "PATCH "+path)
		guarded(d.do(method, path, "", nil, "Origin", "https://evil.example.com"), pattern)
		if !routes[pattern].streams || routes[pattern].cost == costExport {
			guarded(d.do(method, path, d.token(RoleOwner), nil), pattern)
		}
	}
	for _, path := range []string{"/", "/nothing", "/v1/nothing", "/v1//me", "/v1/../v1/me"} {
		guarded(d.do(http.MethodGet, path, "", nil), path)
	}
	guarded(d.do(http.MethodOptions, "/v1/me", "", nil, "Origin", "https://desk.example.com", "Access-Control-Request-Method", "GET"), "preflight")
}

// TestHostsThatTheServerIsNot: a page under another name that leads here reads nothing.
func TestHostsThatTheServerIsNot(t *testing.T) {
	t.Parallel()

	d := setup(t, func(c *Config) {
		c.Hosts, c.Origins = []string{"Desk.example.com"}, []string{"https://wall.example.com:444"}
	})
	for host, ok := range map[string]bool{
		"desk.example.com": true, "DESK.example.com:8080": true, "desk.example.com.": true, "wall.example.com": true,
		"127.0.0.1": true, "127.0.0.1:99": true, "[::1]:8080": true, "192.0.2.7": true,
		"evil.example.com": false, "desk.example.com.evil.example.com": false, "127.0.0.1.evil.example.com": false,
		"localhost": false, "evil.example.com:80": false, "0x7f000001": false, "2130706433": false,
	} {
		a := d.do(http.MethodGet, "/v1/demo/roles", "", nil, "Host", host)
		if ok {
			require.Equal(t, http.StatusOK, a.status, host)
			continue
		}
		a.problem(t, http.StatusMisdirectedRequest, CodeForbiddenHost)
		require.NotContains(t, string(a.raw), "star", host)
		same := d.do(http.MethodGet, "/v1/demo/roles", "", nil, "Host", host, "Origin", "http://"+host)
		same.problem(t, http.StatusMisdirectedRequest, CodeForbiddenHost)
	}
	anybody := setup(t)
	require.Equal(t, http.StatusOK, anybody.do(http.MethodGet, "/v1/demo/roles", "", nil, "Host", "any.example.com").status)
}

// TestMethodsThatAreNotMeant: what reads only reads, however the method is written or overridden.
func TestMethodsThatAreNotMeant(t *testing.T) {
	t.Parallel()

	d := setup(t)
	owner := d.token(RoleOwner)
	board := map[string]any{"name": "b", "tiles": []any{map[string]any{"metric": "chats"}}, "agents": false, "queue": false, "version": 0}
	require.Equal(t, http.StatusOK, d.do(http.MethodPut, "/v1/boards/b", owner, board).status)
	for _, header := range []string{"X-Http-Method-Override", "X-Http-Method", "X-Method-Override"} {
		require.Equal(t, http.StatusOK, d.do(http.MethodGet, "/v1/boards/b", owner, nil, header, "DELETE").status)
		d.do(http.MethodPost, "/v1/boards/b", owner, nil, header, "DELETE").problem(t, http.StatusMethodNotAllowed, CodeMethod)
	}
	d.do("delete", "/v1/boards/b", owner, nil).problem(t, http.StatusMethodNotAllowed, CodeMethod)
	d.do(http.MethodGet, "/v1/boards/b?_method=DELETE", owner, nil)
	require.Equal(t, http.StatusOK, d.do(http.MethodGet, "/v1/boards/b", owner, nil).status, "it is there")
	for _, method := range []string{http.MethodPatch, http.MethodTrace, http.MethodConnect, "PROPFIND", "A-B"} {
		d.do(method, "/v1/me", owner, nil).problem(t, http.StatusMethodNotAllowed, CodeMethod)
	}
	// The head of a stream is no stream.
	for _, path := range []string{"/v1/live/wallboard/events", "/v1/live", "/v1/metrics.csv?metric=chats", "/v1/conversations"} {
		a := d.do(http.MethodHead, path, owner, nil)
		require.Empty(t, a.raw, path)
	}
	require.Eventually(t, func() bool {
		d.sockets.mu.Lock()
		defer d.sockets.mu.Unlock()
		return len(d.sockets.all) == 0
	}, time.Minute, 5*time.Millisecond)
}

// TestLinesAreNotBrokenIntoHeaders puts line ends wherever a caller's words could come into an answer's headers.
func TestLinesAreNotBrokenIntoHeaders(t *testing.T) {
	t.Parallel()

	d := setup(t)
	d.reports.csv = func(w io.Writer, _ url.Values) error {
		_, err := io.WriteString(w, "day\n")
		return err
	}
	owner := d.token(RoleOwner)
	const broken = "x\r\nSet-Cookie: a=b\r\nX-Broken: yes"
	in := url.QueryEscape(broken)
	for _, path := range []string{
		"/v1/metrics.csv?metric=chats&from=" + in + "&to=2026-11-01" + in, "/v1/conversations.csv?channel=" + in, "/v1/agents/performance.xlsx?team=" + in,
		"/v1/metrics/" + url.PathEscape(broken) + "/explain.csv?lang=" + in, "/v1/metrics/chats/explain.xlsx?from=2026-11-01" + in,
		"/v1/live/" + url.PathEscape(broken), "/v1/live/wallboard?channel=" + in, "/v1/boards/" + url.PathEscape(broken), "/v1/" + url.PathEscape(broken),
	} {
		a := d.do(http.MethodGet, path, owner, nil, "Accept-Language", "zh;q=1,"+strings.ReplaceAll(broken, "\r\n", " "))
		require.Empty(t, a.header.Get("X-Broken"), path)
		require.Empty(t, a.header.Get("Set-Cookie"), path)
		if name := a.header.Get("Content-Disposition"); name != "" {
			require.Regexp(t, `^attachment; filename="[a-z0-9-]+\.(csv|xlsx)"$`, name, path)
		}
	}
	moved := d.raw("GET //evil.example.com/%0d%0aX-Broken:yes/.. HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	answered, err := http.ReadResponse(bufio.NewReader(moved), nil)
	require.NoError(t, err)
	require.NoError(t, answered.Body.Close())
	require.Empty(t, answered.Header.Get("X-Broken"))
	require.False(t, strings.HasPrefix(answered.Header.Get("Location"), "//"), "no other server: %s", answered.Header.Get("Location"))
	require.NoError(t, moved.Close())
}

// TestNumbersAndNamesBeyondMeasure: what JSON allows and no program can hold is refused, typed.
func TestNumbersAndNamesBeyondMeasure(t *testing.T) {
	t.Parallel()

	d := setup(t)
	owner := d.token(RoleOwner)
	for _, tt := range []struct{ method, path, body string }{
		{http.MethodPost, "/v1/messages", `{"conversation":"c1","conversation":"c2","message":"m1","from":{"kind":"agent","id":"a1"},"text":"x"}`},
		{http.MethodPost, "/v1/messages", `{"conversation":"c1","message":"m1","from":{"kind":"agent","id":"a1","id":"a2"},"text":"x"}`},
		{http.MethodPost, "/v1/messages", `{"conversation":1e400,"message":"m1","from":{"kind":"agent","id":"a1"},"text":"x"}`},
		{http.MethodPost, "/v1/messages", "{\"conversation\":\"c\xff\",\"message\":\"m1\",\"from\":{\"kind\":\"agent\",\"id\":\"a1\"},\"text\":\"x\"}"},
		{http.MethodPost, "/v1/messages", `{"conversation":"c\u0000","message":"m1","from":{"kind":"agent","id":"a1"},"text":"x"}`},
		{http.MethodPost, "/v1/messages", `{"conversation":"c\ud800","message":"m1","from":{"kind":"agent","id":"a1"},"text":"x"}`},
		{http.MethodPost, "/v1/rules/backtests", `{"days":1e400}`},
		{http.MethodPost, "/v1/rules/backtests", `{"days":99999999999999999999999999}`},
		{http.MethodPost, "/v1/rules/backtests", `{"days":-1}`},
		{http.MethodPut, "/v1/boards/b", `{"name":"a","name":"b","tiles":[{"metric":"chats"}],"agents":false,"queue":false,"version":0}`},
		{http.MethodPut, "/v1/boards/b", `{"name":"a\u0000","tiles":[{"metric":"chats"}],"agents":false,"queue":false,"version":0}`},
		{http.MethodPut, "/v1/boards/b", `{"name":"a","tiles":[{"metric":"chats"}],"agents":false,"queue":false,"version":1e40}`},
		{http.MethodPut, "/v1/tenant", `{"profile":"wecom","settings":{"auto_close_hours":1e400}}`},
		{http.MethodPut, "/v1/tenant", `{"profile":"wecom","settings":{"auto_close_hours":99999999999999999999}}`},
		{http.MethodPost, "/v1/kiosks", `{"name":"a","days":99999999999}`},
		{http.MethodGet, "/v1/refused?after=99999999999999999999", ""},
		{http.MethodGet, "/v1/refused?limit=-1", ""},
		{http.MethodPost, "/v1/refused/18446744073709551616/again", ""},
		{http.MethodGet, "/v1/live/wallboard?channel=%ff", ""},
		{http.MethodGet, "/v1/live/conversation/%00", ""},
		{http.MethodGet, "/v1/conversations?q=%c3%28", ""},
		{http.MethodDelete, "/v1/tokens/star.%00", ""},
	} {
		var body any
		if tt.body != "" {
			body = tt.body
		}
		a := d.do(tt.method, tt.path, owner, body)
		require.GreaterOrEqual(t, a.status, 400, "%s %s: %s", tt.path, tt.body, a.raw)
		require.Less(t, a.status, 500, "%s %s: %s", tt.path, tt.body, a.raw)
		require.Equal(t, problemType, a.header.Get("Content-Type"), "%s %s", tt.path, tt.body)
	}
	for _, frame := range []string{
		`{"op":"subscribe","id":1e400,"topic":"wallboard"}`, `{"op":"subscribe","id":99999999999999999999,"topic":"wallboard"}`,
		`{"op":"subscribe","id":1,"id":2,"topic":"wallboard"}`, `{"op":"ping","op":"subscribe","id":1}`,
		`{"op":"subscribe","id":1,"topic":"wallboard","since":{"epoch":"e","version":-1}}`, "{\"op\":\"subscribe\",\"id\":1,\"topic\":\"wall\xff\"}",
		`{"op":"ack","items":[` + strings.Repeat(`"n",`, 3000) + `"n"]}`,
	} {
		c := d.dial(owner)
		c.until("hello")
		require.NoError(t, c.ws.Write(c.ctx, websocket.MessageText, []byte(frame)))
		got, err := c.next()
		for err == nil && got["op"] == "beat" {
			got, err = c.next()
		}
		if err == nil {
			require.Equal(t, "error", got["op"], "%s", frame)
			continue
		}
		var closed websocket.CloseError
		require.ErrorAs(t, err, &closed, "%s", frame)
		require.Equal(t, websocket.StatusCode(4400), closed.Code, "%s", frame)
	}
}

// TestBombsAreNotUnpacked: bodies whose unpacking would take all memory, one in another and one behind another.
func TestBombsAreNotUnpacked(t *testing.T) {
	t.Parallel()

	d := setup(t)
	pack := func(raw []byte) []byte {
		var out bytes.Buffer
		z, err := gzip.NewWriterLevel(&out, gzip.BestSpeed)
		require.NoError(t, err)
		_, err = z.Write(raw)
		require.NoError(t, err)
		require.NoError(t, z.Close())
		return out.Bytes()
	}
	zeros := pack(make([]byte, 1<<20))
	many := bytes.Repeat(zeros, 64) // 64 MiB in 64 members
	// Whoever unpacks more than he takes meets what is no gzip.
	beyond := append(pack(make([]byte, mostBody+1<<20)), "no gzip"...)
	for _, kind := range []string{typeEvent, typeBatch, "application/json"} {
		d.ingestAs(kind, many, "Content-Encoding", "gzip").problem(t, http.StatusRequestEntityTooLarge, CodeTooLarge)
		d.ingestAs(kind, beyond, "Content-Encoding", "gzip").problem(t, http.StatusRequestEntityTooLarge, CodeTooLarge)
		nested := d.ingestAs(kind, pack(many), "Content-Encoding", "gzip")
		require.Less(t, nested.status, 500, "%s", nested.raw)
		require.GreaterOrEqual(t, nested.status, 400, "unpacked once")
		d.ingestAs(kind, pack(many), "Content-Encoding", "gzip, gzip").problem(t, http.StatusUnsupportedMediaType, CodeMediaType)
		d.ingestAs(kind, pack([]byte(`{"a":"b"}`))[:20], "Content-Encoding", "gzip").problem(t, http.StatusBadRequest, CodeEncoding)
	}
	// Nobody else unpacks anything.
	for _, path := range []string{"/v1/messages", "/v1/rules/try", "/v1/kiosks"} {
		a := d.do(http.MethodPost, path, d.token(RoleOwner), many[:200<<10%len(many)], "Content-Encoding", "gzip")
		require.GreaterOrEqual(t, a.status, 400, path)
		require.Less(t, a.status, 500, path)
	}
}

// TestTokensOfOtherMakers: every way to sign a token but with this server's key, by its own algorithm.
func TestTokensOfOtherMakers(t *testing.T) {
	t.Parallel()

	d := setup(t)
	claims := jwt.MapClaims{"jti": "star.x", "tenant": "star", "role": "owner", "aud": tokenAudience, "exp": time.Now().Add(time.Hour).Unix()}
	refused := func(token string) {
		d.do(http.MethodGet, "/v1/me", token, nil).problem(t, http.StatusUnauthorized, CodeUnauthorized)
		_, response, err := d.tryDial(token, nil)
		require.Error(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, http.StatusUnauthorized, response.StatusCode)
	}
	for _, method := range []jwt.SigningMethod{jwt.SigningMethodHS384, jwt.SigningMethodHS512} {
		text, err := jwt.NewWithClaims(method, claims).SignedString([]byte(secretText))
		require.NoError(t, err)
		refused(text)
	}
	good := d.token(RoleWallboard)
	parts := strings.Split(good, ".")
	none := "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0" // {"alg":"none","typ":"JWT"}
	refused(none + "." + parts[1] + ".")
	refused(none + "." + parts[1] + "." + parts[2])
	refused(parts[0] + "." + parts[1] + ".")
	refused(parts[0] + "." + parts[1])
	refused(good + "x")
	refused(good + "." + good)
	owner := d.token(RoleOwner)
	refused(parts[0] + "." + strings.Split(owner, ".")[1] + "." + parts[2]) // another's claims under this signature
	for _, header := range []map[string]any{
		{"alg": "HS256", "typ": "JWT", "kid": "../../dev/null"}, {"alg": "HS256", "jwk": map[string]any{"kty": "oct", "k": "AAAA"}}, {"alg": "HS256", "jku": "http://evil.example.com"},
	} {
		token := jwt.NewWithClaims(jwt.SigningMethodHS256, claims)
		token.Header = header
		text, err := token.SignedString([]byte(strings.Repeat("\x00", 32)))
		require.NoError(t, err)
		refused(text)
	}
}

// TestAKioskSeesItsPartOnly: a link for a screen reads the wallboard of its teams, and nothing else.
func TestAKioskSeesItsPartOnly(t *testing.T) {
	t.Parallel()

	d := setup(t)
	d.talk("c1") // of team T1
	made := d.do(http.MethodPost, "/v1/kiosks", d.token(RoleSupervisor, func(c *Claims) { c.Teams = []event.TeamID{"T2"} }), map[string]any{"name": "lobby"})
	require.Equal(t, http.StatusOK, made.status, "%s", made.raw)
	kiosk := made.text("token")
	mine := func(path string) string {
		a := d.do(http.MethodGet, path, kiosk, nil)
		require.Equal(t, http.StatusOK, a.status, "%s", a.raw)
		raw, err := json.Marshal(a.json["state"])
		require.NoError(t, err)
		return string(raw)
	}
	require.Contains(t, mine("/v1/live/wallboard"), `"active_chats":{"value":0}`)
	require.NotContains(t, mine("/v1/live/floor"), "a1")
	d.do(http.MethodGet, "/v1/live/wallboard?team=T1", kiosk, nil).problem(t, http.StatusForbidden, CodeForbidden)
	c := d.dial(kiosk)
	for i, topic := range everyTopic {
		if topic == hub.TopicConversation { // below, by its id
			continue
		}
		frame := c.subscribe(10+i, string(topic), map[string]any{"filter": map[string]any{"team": []string{"T1"}}})
		require.Equal(t, string(CodeForbidden), frame["code"], topic)
	}
	require.Equal(t, string(CodeForbidden), c.subscribe(99, "conversation/c1")["code"])
	for _, path := range []string{"/v1/conversations", "/v1/conversations/c1", "/v1/customers/u1", "/v1/metrics?metric=chats", "/v1/directory", "/v1/tokens", "/v1/rules", "/v1/tenant", "/v1/live/conversation/c1"} {
		d.do(http.MethodGet, path, kiosk, nil).problem(t, http.StatusForbidden, CodeForbidden)
	}
	d.do(http.MethodPost, "/v1/kiosks", kiosk, map[string]any{"name": "another"}).problem(t, http.StatusForbidden, CodeForbidden)
}
