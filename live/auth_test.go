package live

import (
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
)

func TestTokensThatAreNotTaken(t *testing.T) {
	t.Parallel()

	d := setup(t)
	good := Claims{Tenant: "star", Role: RoleOwner, Expires: time.Now().Add(time.Hour)}
	foreign, err := Issue([]byte("another secret, as long as ours!"), good)
	require.NoError(t, err)
	unsigned, err := jwt.NewWithClaims(jwt.SigningMethodNone, jwt.MapClaims{
		"jti": "star.x", "tenant": "star", "role": "owner", "aud": tokenAudience, "exp": time.Now().Add(time.Hour).Unix(),
	}).SignedString(jwt.UnsafeAllowNoneSignatureType)
	require.NoError(t, err)
	claims := func(c jwt.MapClaims) string {
		text, err := jwt.NewWithClaims(jwt.SigningMethodHS256, c).SignedString([]byte(secretText))
		require.NoError(t, err)
		return text
	}
	soon := time.Now().Add(time.Hour).Unix()
	ticket := d.do(http.MethodPost, "/v1/tickets", d.token(RoleOwner), nil).text("ticket")
	require.NotEmpty(t, ticket)
	for name, tt := range map[string]struct {
		token string
		code  Code
	}{
		"no JWT":             {"hello", CodeUnauthorized},
		"another secret":     {foreign, CodeUnauthorized},
		"not signed":         {unsigned, CodeUnauthorized},
		"a ticket":           {ticket, CodeUnauthorized},
		"no end":             {claims(jwt.MapClaims{"jti": "star.x", "tenant": "star", "role": "owner", "aud": tokenAudience}), CodeUnauthorized},
		"no id":              {claims(jwt.MapClaims{"tenant": "star", "role": "owner", "aud": tokenAudience, "exp": soon}), CodeUnauthorized},
		"an unknown role":    {claims(jwt.MapClaims{"jti": "star.x", "tenant": "star", "role": "king", "aud": tokenAudience, "exp": soon}), CodeUnauthorized},
		"a bad tenant":       {claims(jwt.MapClaims{"jti": "star.x", "tenant": "*", "role": "owner", "aud": tokenAudience, "exp": soon}), CodeUnauthorized},
		"an agent of nobody": {claims(jwt.MapClaims{"jti": "star.x", "tenant": "star", "role": "agent", "aud": tokenAudience, "exp": soon}), CodeUnauthorized},
		"expired":            {d.token(RoleOwner, func(c *Claims) { c.Expires = time.Now().Add(-time.Second) }), CodeTokenEnded},
	} {
		t.Run(name, func(t *testing.T) {
			d.do(http.MethodGet, "/v1/me", tt.token, nil).problem(t, http.StatusUnauthorized, tt.code)
		})
	}
	d.do(http.MethodGet, "/v1/me", "", nil, "Authorization", "Basic abc").problem(t, http.StatusUnauthorized, CodeUnauthorized)
	// A token in the URL is not looked at.
	d.do(http.MethodGet, "/v1/me?token="+d.token(RoleOwner), "", nil).problem(t, http.StatusUnauthorized, CodeUnauthorized)
	d.do(http.MethodGet, "/v1/me?ticket="+ticket, "", nil).problem(t, http.StatusUnauthorized, CodeUnauthorized)
}

func TestClaimsSurvive(t *testing.T) {
	t.Parallel()

	want := Claims{
		ID: NewTokenID("star"), Tenant: "star", User: "lily", Role: RoleAgent, Agent: "a1",
		Teams: []event.TeamID{"t1"}, Channels: []event.ChannelID{"web", "wa"}, Expires: time.Now().Add(time.Hour).UTC().Truncate(time.Second),
	}
	text, err := Issue([]byte(secretText), want)
	require.NoError(t, err)
	got, err := ReadToken([]byte(secretText), text, time.Now())
	require.NoError(t, err)
	require.Equal(t, want, got)

	board, err := Issue([]byte(secretText), Claims{Tenant: "star", Role: RoleWallboard})
	require.NoError(t, err, "a wallboard's token may have no end")
	got, err = ReadToken([]byte(secretText), board, time.Now().AddDate(50, 0, 0))
	require.NoError(t, err)
	require.True(t, got.Expires.IsZero())
	require.True(t, strings.HasPrefix(string(got.ID), "star."))

	for _, bad := range []Claims{
		{Tenant: "star", Role: RoleOwner},
		{Tenant: "Star!", Role: RoleWallboard},
		{Role: RoleWallboard},
		{Tenant: "star", Role: "king", Expires: want.Expires},
		{Tenant: "star", Role: RoleAgent, Expires: want.Expires},
	} {
		_, err := Issue([]byte(secretText), bad)
		require.Error(t, err)
	}
	_, err = Issue(nil, want)
	require.Error(t, err)
}

func TestTicketIsUsedOnce(t *testing.T) {
	t.Parallel()

	d := setup(t)
	began := time.Now()
	a := d.do(http.MethodPost, "/v1/tickets", d.token(RoleWallboard), nil)
	require.Equal(t, http.StatusOK, a.status, "%s", a.raw)
	until, err := time.Parse(time.RFC3339, a.text("expires_at"))
	require.NoError(t, err)
	require.WithinRange(t, until, began.Add(29*time.Second), time.Now().Add(31*time.Second))
	require.Equal(t, "no-store", a.header.Get("Cache-Control"))

	type outcome struct {
		c   *client
		err error
	}
	results := make(chan outcome, 8)
	for range cap(results) {
		go func() {
			c, response, err := d.tryDial("", nil, a.text("ticket"))
			if response != nil && response.Body != nil {
				_ = response.Body.Close()
			}
			results <- outcome{c, err}
		}()
	}
	var in *client
	for range cap(results) {
		if r := <-results; r.err == nil {
			require.Nil(t, in, "a ticket let two in")
			in = r.c
		}
	}
	require.NotNil(t, in)
	require.Equal(t, "snapshot", in.subscribe(1, "wallboard")["op"])
	require.Equal(t, string(CodeForbidden), in.subscribe(2, "agents")["code"], "a ticket has its token's role")
	d.do(http.MethodGet, "/v1/live/wallboard/events?ticket="+a.text("ticket"), "", nil).problem(t, http.StatusUnauthorized, CodeTicketUsed)
	d.do(http.MethodGet, "/v1/live/wallboard/events?ticket=x", "", nil).problem(t, http.StatusUnauthorized, CodeTicketUsed)
}

func TestTicketEnds(t *testing.T) {
	t.Parallel()

	now := time.Now()
	c := Claims{ID: "star.x", Tenant: "star", Role: RoleOwner, Expires: now.Add(time.Hour)}
	text, expires, err := newTicket([]byte(secretText), &c, now)
	require.NoError(t, err)
	got, _, err := readTicket([]byte(secretText), text, now.Add(29*time.Second))
	require.NoError(t, err)
	require.Equal(t, c.ID, got.ID)
	require.WithinDuration(t, c.Expires, got.Expires, time.Second)
	_, _, err = readTicket([]byte(secretText), text, expires.Add(time.Second))
	require.ErrorIs(t, err, ErrToken)

	// A ticket does not outlive its token.
	c.Expires = now.Add(2 * time.Second)
	text, _, err = newTicket([]byte(secretText), &c, now)
	require.NoError(t, err)
	_, _, err = readTicket([]byte(secretText), text, now.Add(3*time.Second))
	require.ErrorIs(t, err, errExpired)
}

func TestSocketsEndWithTheirToken(t *testing.T) {
	t.Parallel()

	t.Run("expired", func(t *testing.T) {
		var ahead atomic.Int64 // the server's clock
		d := setup(t, func(c *Config) { c.Now = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) } })
		c := d.dial(d.token(RoleOwner))
		c.subscribe(1, "wallboard")
		ahead.Store(int64(time.Hour))
		require.Equal(t, 4401, c.code())
	})
	d := setup(t)
	admin := d.token(RoleAdmin)
	t.Run("revoked", func(t *testing.T) {
		id := NewTokenID(d.tenant)
		board := d.token(RoleWallboard, func(c *Claims) { c.ID, c.Expires = id, time.Time{} })
		direct := d.dial(board)
		direct.subscribe(1, "wallboard")
		ticket := d.do(http.MethodPost, "/v1/tickets", board, nil).text("ticket")
		unused := d.do(http.MethodPost, "/v1/tickets", board, nil).text("ticket")
		byTicket := d.dial("", ticket)
		byTicket.subscribe(1, "wallboard")
		events := d.follow("/v1/live/wallboard/events", board)
		require.Equal(t, "snapshot", events.next().name)

		require.Equal(t, http.StatusNoContent, d.do(http.MethodDelete, "/v1/tokens/"+string(id), admin, nil).status)
		require.Equal(t, 4401, direct.code())
		require.Equal(t, 4401, byTicket.code())
		last := events.last()
		require.Equal(t, "error", last.name)
		require.Contains(t, last.data, string(CodeTokenEnded))
		d.do(http.MethodGet, "/v1/me", board, nil).problem(t, http.StatusUnauthorized, CodeTokenEnded)
		d.do(http.MethodGet, "/v1/live/wallboard/events?ticket="+unused, "", nil).problem(t, http.StatusUnauthorized, CodeTokenEnded)
	})
	t.Run("another tenant's token stays", func(t *testing.T) {
		d.do(http.MethodDelete, "/v1/tokens/"+string(NewTokenID("moon")), admin, nil).problem(t, http.StatusNotFound, CodeNotFound)
	})
}

func TestOrigins(t *testing.T) {
	t.Parallel()

	d := setup(t, func(c *Config) {
		c.Origins = []string{"https://desk.example.com"}
		c.Proxies = []string{"127.0.0.0/8"}
	})
	host := strings.TrimPrefix(d.url, "http://")
	for _, tt := range []struct {
		name, origin string
		headers      []string
		ok           bool
	}{
		{"none", "", nil, true},
		{"its own", d.url, nil, true},
		{"listed", "https://desk.example.com", nil, true},
		{"listed, in capitals", "https://DESK.example.com", nil, true},
		{"listed, other scheme", "http://desk.example.com", nil, false},
		{"its own, other scheme", "https://" + host, nil, false},
		{"its own, other port", "http://127.0.0.1:1", nil, false},
		{"another", "https://evil.example.com", nil, false},
		{"null", "null", nil, false},
		{"by a trusted proxy", "https://wall.example.com", []string{"X-Forwarded-Host", "wall.example.com", "X-Forwarded-Proto", "https"}, true},
		{"by a trusted proxy, other host", "https://evil.example.com", []string{"X-Forwarded-Host", "wall.example.com", "X-Forwarded-Proto", "https"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			headers := tt.headers
			if tt.origin != "" {
				headers = append(headers, "Origin", tt.origin)
			}
			a := d.do(http.MethodPost, "/v1/tickets", d.token(RoleOwner), nil, headers...)
			h := http.Header{}
			for i := 0; i < len(headers); i += 2 {
				h.Set(headers[i], headers[i+1])
			}
			c, response, err := d.tryDial(d.token(RoleOwner), h)
			if response != nil && response.Body != nil {
				_ = response.Body.Close()
			}
			if !tt.ok {
				a.problem(t, http.StatusForbidden, CodeForbiddenOrigin)
				require.Error(t, err)
				require.Equal(t, http.StatusForbidden, response.StatusCode)
				return
			}
			require.Equal(t, http.StatusOK, a.status, "%s", a.raw)
			require.NoError(t, err)
			c.until("hello")
		})
	}
	preflight := d.do(http.MethodOptions, "/v1/tickets", "", nil, "Origin", "https://desk.example.com", "Access-Control-Request-Method", "POST")
	require.Equal(t, http.StatusNoContent, preflight.status)
	require.Equal(t, "https://desk.example.com", preflight.header.Get("Access-Control-Allow-Origin"))

	untrusted := setup(t)
	untrusted.do(http.MethodPost, "/v1/tickets", untrusted.token(RoleOwner), nil, "Origin", "https://wall.example.com",
		"X-Forwarded-Host", "wall.example.com", "X-Forwarded-Proto", "https").problem(t, http.StatusForbidden, CodeForbiddenOrigin)

	for _, bad := range []string{"desk.example.com", "ftp://x", "https://x/path"} {
		_, err := newOrigins([]string{bad}, nil, nil)
		require.Error(t, err, bad)
	}
	_, err := newOrigins(nil, []string{"proxy"}, nil)
	require.Error(t, err)
}

func TestFaultsAreOneTable(t *testing.T) {
	t.Parallel()

	for code, k := range kinds {
		require.NotEmpty(t, k.text.EN, code)
		require.NotEmpty(t, k.text.ZH, code)
		require.GreaterOrEqual(t, k.status, 400, code)
	}
	require.Equal(t, CodeInternal, faultOf(errors.New("disk on fire")).Code)
	require.NotContains(t, faultOf(errors.New("disk on fire")).problem("en").Detail, "fire")
	require.Equal(t, "没有该主题。", fault(CodeUnknownTopic, "").problem("zh").Title)
}
