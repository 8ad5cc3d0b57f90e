package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/live"
)

// asked is a server that answers each request with what the test wants.
type asked struct {
	t   *testing.T
	dir string // a data directory on which it runs

	mu       sync.Mutex
	answers  map[string]string // by method and path
	requests []string          // method, path and query, body
	claims   []live.Claims
	enough   func() // unless nil: called with the second request, which is refused
}

func newAsked(t *testing.T, answers map[string]string) *asked {
	t.Helper()

	a := &asked{t: t, dir: t.TempDir(), answers: answers}
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	require.NoError(t, os.WriteFile(filepath.Join(a.dir, "http-url"), []byte(server.URL+"\n"), 0o600))
	return a
}

func (a *asked) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()

	body, err := io.ReadAll(r.Body)
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	claims, tokenErr := live.ReadToken([]byte(testSecret), token, time.Now())
	if err != nil || tokenErr != nil {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	a.claims = append(a.claims, claims)
	a.requests = append(a.requests, strings.TrimSpace(r.Method+" "+r.URL.RequestURI()+" "+string(body)))
	if a.enough != nil && len(a.requests) > 1 {
		a.enough()
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	answer, known := a.answers[r.Method+" "+r.URL.RequestURI()]
	if !known {
		answer, known = a.answers[r.Method+" "+r.URL.Path]
	}
	if !known {
		w.WriteHeader(http.StatusNotFound)
		answer = `{"title":"There is no such thing.","code":"not_found"}`
	}
	if accept := r.Header.Get("Accept"); accept == live.VerifyLines && strings.HasPrefix(answer, "{\"progress\"") {
		w.Header().Set("Content-Type", accept)
	}
	_, _ = io.WriteString(w, answer)
}

func (a *asked) command(args ...string) (code int, stdout, stderr string) {
	a.t.Helper()
	return command(a.t.Context(), nil, append(args, "--data-dir", a.dir, "--secret", testSecret)...)
}

func TestTenantList(t *testing.T) {
	t.Parallel()

	a := newAsked(t, map[string]string{"GET /v1/tenants": `{"tenants":[
		{"tenant":"qinghe","name":"青禾","profile":"wecom","label":"wecom@3","settings":{"timezone":"Asia/Shanghai"},"changes":{"service_level_seconds":30,"market":"cn"}},
		{"tenant":"new","name":"new","profile":"","label":""}]}`})
	code, out, errs := a.command("tenant", "list")
	require.Equal(t, exitDone, code, errs)
	require.Equal(t, "TENANT  NAME  PROFILE  TIMEZONE       CHANGES\n"+
		"qinghe  青禾    wecom@3  Asia/Shanghai  market=cn service_level_seconds=30\n"+
		"new     new   –        –              –\n", out)
	require.Equal(t, live.RoleOperator, a.claims[0].Role)

	code, out, errs = a.command("tenant", "list", "--json")
	require.Equal(t, exitDone, code, errs)
	require.True(t, json.Valid([]byte(out)), out)
}

// TestTenantSet keeps what was set before, unless the preset changes.
func TestTenantSet(t *testing.T) {
	t.Parallel()

	for name, tt := range map[string]struct {
		args []string
		put  string
	}{
		"more":    {[]string{"--set", "timezone=Asia/Tokyo"}, `{"profile":"wecom","settings":{"service_level_seconds":30,"timezone":"Asia/Tokyo"}}`},
		"less":    {[]string{"--set", "service_level_seconds=", "--name", "Qing, He"}, `{"name":"Qing, He","profile":"wecom","settings":{}}`},
		"preset":  {[]string{"--profile", "tiktok_shop", "--set", "market=us"}, `{"profile":"tiktok_shop","settings":{"market":"us"}}`},
		"numbers": {[]string{"--set", "percent_decimals=2", "--set", "neutral_is_negative=true"}, `{"profile":"wecom","settings":{"neutral_is_negative":true,"percent_decimals":2,"service_level_seconds":30}}`},
		"objects": {[]string{"--set", `targets={"reply_rate":0.95,"sessions":10}`}, `{"profile":"wecom","settings":{"service_level_seconds":30,"targets":{"reply_rate":0.95,"sessions":10}}}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			a := newAsked(t, map[string]string{
				"GET /v1/tenant": `{"tenant":"qinghe","name":"青禾","profile":"wecom","changes":{"service_level_seconds":30}}`,
				"PUT /v1/tenant": `{"seq":7}`,
			})
			code, out, errs := a.command(append([]string{"tenant", "set", "qinghe"}, tt.args...)...)
			require.Equal(t, exitDone, code, errs)
			require.Equal(t, "PUT /v1/tenant "+tt.put, a.requests[1])
			require.Equal(t, "qinghe", string(a.claims[1].Tenant))
			require.Equal(t, live.RoleAdmin, a.claims[1].Role)
			require.Regexp(t, `(?m)^profile +(wecom|tiktok_shop)`, out)
			require.Regexp(t, `(?m)^service_level_seconds +(30 +set|60)`, out)
		})
	}
}

// TestTenantSetRefusesBeforeItAsks: what cannot be in force is not sent.
func TestTenantSetRefusesBeforeItAsks(t *testing.T) {
	t.Parallel()

	for want, args := range map[string][]string{
		"timezone must be an IANA name": {"star", "--set", "timezone=Mars"},
		"unknown preset":                {"star", "--profile", "shop"},
		"unknown key; there are":        {"star", "--set", "colour=red"},
		"write KEY=VALUE":               {"star", "--set", "market"},
		"a tenant is 1 to 64":           {"Star"},
	} {
		a := newAsked(t, map[string]string{"GET /v1/tenant": `{"tenant":"star","name":"star","profile":""}`})
		code, _, errs := a.command(append([]string{"tenant", "set"}, args...)...)
		require.Equal(t, exitUsage, code, errs)
		require.Contains(t, errs, want)
		require.NotContains(t, strings.Join(a.requests, "\n"), "PUT")
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()

	one := func(seq int, field, detail string) string {
		quoted, err := json.Marshal(detail)
		require.NoError(t, err)
		return fmt.Sprintf(`{"seq":%d,"at":"2026-11-21T10:00:00.5Z","reason":"invalid_field","field":%q,"detail":%s,"subject":"floor.star.order.paid.u1","event":"{}"}`, seq, field, quoted)
	}
	a := newAsked(t, map[string]string{
		"GET /v1/refused?after=0&limit=500": `{"items":[` + one(4, "data.amount", "must be a decimal") + `],"next":4}`,
		"GET /v1/refused?after=4&limit=500": `{"items":[` + one(9, "", "a\tb\x1b[31m") + `]}`,
		"POST /v1/refused/4/again":          `{"seq":100}`,
		"POST /v1/refused/9/again":          `{"seq":101,"duplicate":true}`,
	})
	code, out, errs := a.command("refused", "--tenant", "star")
	require.Equal(t, exitDone, code, errs)
	require.Equal(t, "SEQ  TIME                  TENANT  SUBJECT                   REASON         DETAIL\n"+
		"4    2026-11-21 10:00:00Z  star    floor.star.order.paid.u1  invalid_field  data.amount: must be a decimal\n"+
		"9    2026-11-21 10:00:00Z  star    floor.star.order.paid.u1  invalid_field  a�b�[31m\n", out)

	for _, all := range [][]string{{"--again", "all"}, {"--again"}, {"--again=all"}} {
		code, out, errs = a.command(append([]string{"refused", "--tenant", "star"}, all...)...)
		require.Equal(t, exitDone, code, errs)
		require.Equal(t, "published anew 1, again already 1, failed 0\n", out)
	}
	code, out, errs = a.command("refused", "--again", "--tenant", "star")
	require.Equal(t, exitDone, code, errs)
	require.Contains(t, out, "published anew 1")
	code, out, _ = a.command("refused", "--tenant", "star", "--again", "5")
	require.Equal(t, exitFailed, code)
	require.Equal(t, "published anew 0, again already 0, failed 1\n", out)
	code, out, errs = a.command("refused", "--tenant", "star", "--json")
	require.Equal(t, exitDone, code, errs)
	require.True(t, json.Valid([]byte(out)), out)

	// Without a desk it is every desk's.
	code, everyone, errs := a.command("refused")
	require.Equal(t, exitDone, code, errs)
	require.Contains(t, everyone, "4    2026-11-21 10:00:00Z  star")
	require.Equal(t, 3, strings.Count(everyone, "\n"))
	code, out, errs = a.command("refused", "--again", "4")
	require.Equal(t, exitDone, code, errs)
	require.Equal(t, "published anew 1, again already 0, failed 0\n", out)
	code, _, errs = a.command("refused", "--tenant", "Star")
	require.Equal(t, exitUsage, code)
	require.Contains(t, errs, "a tenant is 1 to 64")
	code, _, errs = a.command("refused", "--tenant", "star", "--again", "some")
	require.Equal(t, exitUsage, code)
	require.Contains(t, errs, "it is a seq of the list, or all")
}

func TestVerify(t *testing.T) {
	t.Parallel()

	a := newAsked(t, map[string]string{"POST /v1/verify": `{"Tenant":"star","Seq":31906,"Events":31906,"Rows":2325,"Profile":"wecom@2","Wallboard":{"Day":"2026-11-02","Compared":true},"Differences":null}`})
	code, out, errs := a.command("verify", "--tenant", "star", "--from", "2026-11-01", "--to", "2026-11-02")
	require.Equal(t, exitDone, code, errs)
	require.Equal(t, "compared 2,325 rows with 31,906 events, up to sequence 31,906, under wecom@2: no differences\nthe wallboard's counters of 2026-11-02 were compared, too\n", out)
	require.Equal(t, []string{`POST /v1/verify {"from":"2026-11-01","to":"2026-11-02"}`}, a.requests)

	a = newAsked(t, map[string]string{"POST /v1/verify": `{"seq":7,"events":7,"rows":3,"profile":"wecom@2","wallboard":{"day":"2026-11-02","compared":false,"why":"events have come in since"},"differences":[
		{"table":"agent_days","key":"2026-11-01/a1","column":"counts","stored":"[1]","computed":"[2]"},{"table":"contributions","key":"2026-11-01/c1","missing":true}]}`})
	code, out, errs = a.command("verify", "--tenant", "star")
	require.Equal(t, exitFailed, code)
	require.Contains(t, out, "agent_days     2026-11-01/a1  counts  [1]      [2]\n")
	require.Contains(t, out, "contributions  2026-11-01/c1  (row)   missing")
	require.Contains(t, out, "the wallboard's counters were not compared: events have come in since\n")
	require.Contains(t, errs, "2 numbers differ from what the events say")

	a = newAsked(t, nil)
	code, _, errs = a.command("verify", "--tenant", "nope")
	require.Equal(t, exitFailed, code)
	require.Contains(t, errs, "nothing is stored of the desk nope")

	code, _, errs = a.command("verify", "--tenant", "star", "--from", "yesterday")
	require.Equal(t, exitUsage, code)
	require.Contains(t, errs, "is not a day like")
}

// TestVerifyByLines follows a server that tells how far it is.
func TestVerifyByLines(t *testing.T) {
	t.Parallel()

	const progress = `{"progress":{"phase":"folding","done":5,"total":7}}` + "\n" + `{"progress":{"phase":"comparing","done":1,"total":3}}` + "\n"
	for name, tt := range map[string]struct{ last, out, errs string }{
		"a report":  {last: `{"report":{"seq":7,"events":7,"rows":3,"profile":"wecom@2"}}`, out: "compared 3 rows with 7 events"},
		"a problem": {last: `{"problem":{"title":"This cannot be answered now; try again.","code":"unavailable"}}`, errs: "the server says: This cannot be answered now"},
		"nothing":   {errs: "ended before the report"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			a := newAsked(t, map[string]string{"POST /v1/verify": progress + tt.last})
			code, out, errs := a.command("verify", "--tenant", "star")
			require.Equal(t, tt.errs != "", code == exitFailed, errs)
			require.Contains(t, out, tt.out)
			require.Contains(t, errs, tt.errs)
		})
	}
}

func TestRefold(t *testing.T) {
	t.Parallel()

	a := newAsked(t, map[string]string{
		"POST /v1/refold": `{"state":"running","events":1000,"total":31906,"percent":3.1,"events_per_second":2500,"seconds_left":12.4,"profile":"wecom@2"}`,
		"GET /v1/refold": `{"state":"done","events":31906,"total":31906,"percent":100,"profile":"wecom@2","resumed":1,
			"started_at":"2026-11-22T10:00:00Z","updated_at":"2026-11-22T10:00:12.5Z"}`,
	})
	code, out, errs := a.command("refold", "--tenant", "star")
	require.Equal(t, exitDone, code, errs)
	require.Equal(t, "31,906 events folded anew under wecom@2, in 12.5s\n", out)
	code, out, errs = a.command("refold", "--tenant", "star", "--no-wait")
	require.Equal(t, exitDone, code, errs)
	require.Equal(t, "running: 1,000 of 31,906 events, 3 %, 2,500/s, under wecom@2, 12s left\n", out)
	code, out, errs = a.command("refold", "--tenant", "star", "--status")
	require.Equal(t, exitDone, code, errs)
	require.Equal(t, "done: 31,906 of 31,906 events, 100 %, 0/s, under wecom@2, resumed 1 times\n", out)

	a = newAsked(t, map[string]string{"POST /v1/refold": `{"state":"failed","error":"the tenant's profile was changed meanwhile"}`})
	code, _, errs = a.command("refold", "--tenant", "star")
	require.Equal(t, exitFailed, code)
	require.Contains(t, errs, "the tenant's profile was changed meanwhile")

	a = newAsked(t, nil)
	code, _, errs = a.command("refold", "--tenant", "star")
	require.Equal(t, exitFailed, code)
	require.Contains(t, errs, "nothing is stored of the desk star")
}

func TestTokenRevoke(t *testing.T) {
	t.Parallel()

	a := newAsked(t, nil)
	code, token, errs := a.command("token", "--tenant", "star", "--role", "wallboard")
	require.Equal(t, exitDone, code, errs)
	claims, err := live.ReadToken([]byte(testSecret), strings.TrimSpace(token), time.Now())
	require.NoError(t, err)
	require.True(t, claims.Expires.IsZero())
	id := string(claims.ID)

	code, _, _ = a.command("token", "revoke", id)
	require.Equal(t, exitFailed, code, "a server that does not know how")
	_, out, _ := a.command("token", "list")
	require.Contains(t, out, "when revoked")

	a.answers = map[string]string{"DELETE /v1/tokens/" + id: ""}
	code, out, errs = a.command("token", "revoke", id)
	require.Equal(t, exitDone, code, errs)
	require.Equal(t, "revoked "+id+"\n", out)
	_, out, _ = a.command("token", "list")
	require.Regexp(t, id+` .* revoked 20`, out)
}
