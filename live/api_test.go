package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
	"github.com/floorlight/floorlight/hub/stream"
)

// TestMeSaysHowMuchOfADemosPastThereIs: to a screen too, which has come in by its
// link and not by the page that lists the desks.
func TestMeSaysHowMuchOfADemosPastThereIs(t *testing.T) {
	t.Parallel()

	var made atomic.Uint64
	d := setup(t, func(c *Config) { c.Made = func() float64 { return math.Float64frombits(made.Load()) } })
	me := func() map[string]any { return d.do(http.MethodGet, "/v1/me", d.token(RoleWallboard), nil).json }
	require.InDelta(t, 0, me()["past"], 0)
	made.Store(math.Float64bits(0.25))
	require.InDelta(t, 0.25, me()["past"], 0)
	made.Store(math.Float64bits(1))
	require.NotContains(t, me(), "past")
}

func TestMeCatalogueAndDocument(t *testing.T) {
	t.Parallel()

	d := setup(t)
	me := d.do(http.MethodGet, "/v1/me", d.token(RoleAgent), nil)
	require.Equal(t, http.StatusOK, me.status)
	require.Equal(t, "star", me.text("tenant"))
	require.Equal(t, "Desk of star", me.text("name"))
	require.Equal(t, "agent", me.text("role"))
	require.Equal(t, "a1", me.text("agent"))
	require.Equal(t, "nosniff", me.header.Get("X-Content-Type-Options"))
	require.Contains(t, me.header.Get("Content-Security-Policy"), "default-src 'none'")

	require.NotContains(t, me.json, "past")

	c := d.do(http.MethodGet, "/v1/catalog", d.token(RoleWallboard), nil)
	require.Len(t, c.json["metrics"], len(metric.Catalogue()))

	doc := d.do(http.MethodGet, "/openapi.json", "", nil)
	paths, _ := doc.json["paths"].(map[string]any)
	for pattern := range routes {
		method, path, _ := strings.Cut(pattern, " ")
		if path == "/openapi.json" {
			continue
		}
		methods, _ := paths[path].(map[string]any)
		require.Contains(t, methods, strings.ToLower(method), "%s is not described", pattern)
	}
	require.Equal(t, "3.1.0", doc.json["openapi"])

	profiles := d.do(http.MethodGet, "/v1/profiles", d.token(RoleSupervisor), nil)
	require.Contains(t, string(profiles.raw), `"label":"wecom@3","profile":"wecom","version":3,"in_force":true,"settings":{`)
	require.Contains(t, string(profiles.raw), `"label":"wecom@0","profile":"wecom","version":0,"in_force":false`)
	presets, _ := profiles.json["presets"].([]any)
	require.Len(t, presets, len(metric.Presets()))
	for _, one := range presets {
		preset, _ := one.(map[string]any)
		settings, _ := preset["settings"].(map[string]any)
		markets, _ := preset["markets"].(map[string]any)
		switch preset["profile"] {
		case "tiktok_shop":
			us, _ := markets["us"].(map[string]any)
			sea, _ := markets["sea"].(map[string]any)
			require.Equal(t, []any{true, false, true}, []any{settings["neutral_is_negative"], us["neutral_is_negative"], sea["neutral_is_negative"]})
			require.Equal(t, []any{24.0, 24.0, 12.0}, []any{settings["response_window_hours"], us["response_window_hours"], sea["response_window_hours"]})
		case "wecom":
			require.Equal(t, "Asia/Shanghai", settings["timezone"])
			require.Empty(t, markets)
		default:
			require.Empty(t, markets)
		}
	}
	demo := d.do(http.MethodGet, "/v1/demo/roles", "", nil)
	require.Contains(t, string(demo.raw), `"role":"wallboard"`)
	d.do(http.MethodGet, "/v1/nothing", d.token(RoleOwner), nil).problem(t, http.StatusNotFound, CodeNotFound)
	a := d.do(http.MethodPost, "/v1/me", d.token(RoleOwner), nil)
	a.problem(t, http.StatusMethodNotAllowed, CodeMethod)
	require.Equal(t, "GET", a.header.Get("Allow"))
	d.do(http.MethodGet, "/v1/metrics?metric=%00", d.token(RoleOwner), nil).problem(t, http.StatusBadRequest, CodeInvalid)
	for query, field := range map[string]string{
		"from=2026-11-01&from=2026-11-02": "from", "limit=1&limit=2": "limit", "cursor=a&cursor=a": "cursor", "as_of_seq=1&as_of_seq=2": "as_of_seq",
		"channel=%zz": "", "metric=chats;channel=web": "", // half of what was asked
	} {
		for _, path := range []string{"/v1/metrics?metric=chats&", "/v1/conversations.csv?", "/v1/agents/performance?", "/v1/metrics/chats/explain?", "/v1/violations?"} {
			a := d.do(http.MethodGet, path+query, d.token(RoleOwner), nil)
			a.problem(t, http.StatusBadRequest, CodeInvalid)
			require.Equal(t, field, a.text("field"), "%s", a.raw)
			require.NotEmpty(t, a.text("detail"))
		}
	}
	require.Equal(t, http.StatusOK, d.do(http.MethodGet, "/v1/metrics?metric=chats&metric=sessions&channel=a&channel=b", d.token(RoleOwner), nil).status)
	zh := d.do(http.MethodGet, "/v1/me", "", nil, "Accept-Language", "zh-CN,zh;q=0.9")
	require.Equal(t, "需要有效的令牌。", zh.text("title"))
}

func TestReportsAreScopedAndHonest(t *testing.T) {
	t.Parallel()

	d := setup(t)
	var got url.Values
	d.reports.metrics = func(v url.Values) (metric.Answer, error) {
		got = v
		return metric.Answer{Timezone: "UTC", AsOfSeq: 7, Rows: []metric.AnswerRow{{
			Dimensions: map[metric.Dimension]string{metric.ByDay: "2026-11-01"}, //nolint:exhaustive // only what was asked for.
			Values:     map[string]metric.ComparedValue{"reply_rate": {Value: metric.Value{Num: int64(0), Den: int64(0)}}},
		}}}, nil
	}
	a := d.do(http.MethodGet, "/v1/metrics?metric=chats,reply_rate&by=day&by=intent", d.token(RoleOwner), nil)
	require.Equal(t, http.StatusOK, a.status, "%s", a.raw)
	require.Equal(t, url.Values{"metric": {"chats,reply_rate"}, "by": {"day", "intent"}}, got)
	require.InDelta(t, 7, a.json["as_of_seq"], 0)
	require.Contains(t, string(a.raw), `{"day":"2026-11-01","values":{"reply_rate":{"den":0,"num":0,"value":null}}}`)

	d.do(http.MethodGet, "/v1/metrics?metric=chats&agent=a2,a1", d.token(RoleAgent), nil)
	require.Equal(t, []string{"a1"}, got["agent"], "an agent sees his own numbers")
	d.do(http.MethodGet, "/v1/metrics?metric=chats&agent=a2", d.token(RoleAgent), nil).problem(t, http.StatusForbidden, CodeForbidden)
	scoped := d.token(RoleSupervisor, func(c *Claims) { c.Teams = []event.TeamID{"t1", "t2"} })
	d.do(http.MethodGet, "/v1/metrics?metric=chats&team=t2,t3", scoped, nil)
	require.Equal(t, []string{"t2"}, got["team"])
	d.do(http.MethodGet, "/v1/metrics?metric=chats", scoped, nil)
	require.Equal(t, []string{"t1", "t2"}, got["team"])
	for _, path := range []string{"/v1/metrics?metric=chats&none=team", "/v1/metrics/chats/explain?none=tag,team", "/v1/agents/performance.csv?none=team&team=t1"} {
		d.do(http.MethodGet, path, scoped, nil).problem(t, http.StatusForbidden, CodeForbidden) // what is nobody's is in no scope
	}
	d.do(http.MethodGet, "/v1/metrics.csv?metric=chats&team=t9", scoped, nil).problem(t, http.StatusForbidden, CodeForbidden)
	odd := d.token(RoleSupervisor, func(c *Claims) { c.Teams = []event.TeamID{"t1,t9"} })
	d.do(http.MethodGet, "/v1/metrics?metric=chats", odd, nil).problem(t, http.StatusForbidden, CodeForbidden)

	d.reports.conversation = func(id event.ConversationID, s Scope) (any, error) {
		if id != "c/1" || s.Agent != "a1" {
			return nil, fmt.Errorf("conversation: %w", ErrNotFound)
		}
		return map[string]any{"id": id}, nil
	}
	require.Equal(t, "c/1", d.do(http.MethodGet, "/v1/conversations/c%2F1", d.token(RoleAgent), nil).text("id"))
	require.Equal(t, "u/1", d.do(http.MethodGet, "/v1/customers/u%2F1", d.token(RoleAgent), nil).text("id"))
	a = d.do(http.MethodGet, "/v1/metrics/reply_rate/explain?side=den&channel=wa", d.token(RoleOwner), nil)
	require.Equal(t, "reply_rate", a.text("metric"))
	require.Equal(t, "den", a.text("side"))
	require.Equal(t, "done", d.do(http.MethodGet, "/v1/refold", d.token(RoleOwner), nil).text("state"))
	d.do(http.MethodGet, "/v1/conversations/c2", d.token(RoleOwner), nil).problem(t, http.StatusNotFound, CodeNotFound)

	for _, tt := range []struct {
		err    error
		status int
		code   Code
	}{
		{&metric.FieldError{Field: "metric", Message: "is required"}, 400, CodeInvalid},
		{fmt.Errorf("reports: %w", ErrUnavailable), 503, CodeUnavailable},
		{context.DeadlineExceeded, 503, CodeUnavailable},
		{errors.New("secret inside"), 500, CodeInternal},
	} {
		d.reports.metrics = func(url.Values) (metric.Answer, error) { return metric.Answer{}, tt.err }
		d.reports.conversations = func(url.Values) (any, error) { return nil, tt.err }
		d.reports.violations = d.reports.conversations
		d.reports.csv = func(io.Writer, url.Values) error { return tt.err }
		for _, path := range []string{"/v1/metrics", "/v1/conversations", "/v1/violations", "/v1/metrics.csv", "/v1/conversations.csv", "/v1/violations.xlsx"} {
			a := d.do(http.MethodGet, path, d.token(RoleOwner), nil)
			a.problem(t, tt.status, tt.code)
			require.NotContains(t, string(a.raw), "secret")
			require.Equal(t, tt.status == 503, a.header.Get("Retry-After") != "")
		}
	}
	require.Contains(t, string(d.do(http.MethodGet, "/v1/metrics", d.token(RoleOwner), nil, "Accept", "application/xml").raw), `"code"`)
}

func TestExports(t *testing.T) {
	t.Parallel()

	d := setup(t)
	a := d.do(http.MethodGet, "/v1/metrics.csv?metric=chats", d.token(RoleOwner), nil)
	require.Equal(t, "day\n", string(a.raw))
	require.Equal(t, "text/csv; charset=utf-8", a.header.Get("Content-Type"))
	require.Contains(t, a.header.Get("Content-Disposition"), "metrics.csv")

	// One that breaks in the middle must not look whole.
	d.reports.csv = func(w io.Writer, _ url.Values) error {
		_, err := io.WriteString(w, strings.Repeat("day\n", 10_000))
		return errors.Join(err, ErrUnavailable)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, d.url+"/v1/conversations.csv", nil)
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+d.token(RoleOwner))
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	_, err = io.ReadAll(response.Body)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
}

// TestOneAsAFile: whatever is had by its id is had as a file, too, and an id that ends
// like a file is still an id.
func TestOneAsAFile(t *testing.T) {
	t.Parallel()

	d := setup(t)
	d.reports.conversation = func(id event.ConversationID, _ Scope) (any, error) { return map[string]any{"id": id}, nil }
	d.reports.export = func(w io.Writer, e Export) error {
		if e.ID == "missing" {
			return ErrNotFound
		}
		_, err := fmt.Fprintf(w, "%s|%s|%s|%s|%s", e.Report, e.ID, e.Format, e.Scope.Teams, e.Params.Encode())
		return err
	}
	narrow := d.token(RoleSupervisor, func(c *Claims) { c.Teams = []event.TeamID{"t1"} })
	for path, want := range map[string]string{
		"/v1/catalog.csv":                    "catalog||csv|[t1]|",
		"/v1/conversations/c1.csv?lang=zh":   "conversation|c1|csv|[t1]|lang=zh",
		"/v1/conversations/c1.xlsx":          "conversation|c1|xlsx|[t1]|",
		"/v1/conversations/a%2Fb.csv.csv":    "conversation|a/b.csv|csv|[t1]|",
		"/v1/customers/%E5%AE%A2.csv":        "customer|客|csv|[t1]|",
		"/v1/conversations/c1%2Ecsv":         `{"id":"c1.csv"}`,
		"/v1/conversations/missing.csv":      `{"id":"missing.csv"}`,
		"/v1/conversations/.csv":             `{"id":".csv"}`,
		"/v1/conversations/c1.pdf":           `{"id":"c1.pdf"}`,
		"/v1/customers/missing.xlsx":         `{"id":"missing.xlsx"}`, // the fake knows every customer
		"/v1/conversations.csv?from=2026-11": "conversations||csv|[t1]|from=2026-11&team=t1",
	} {
		a := d.do(http.MethodGet, path, narrow, nil)
		require.Equal(t, http.StatusOK, a.status, "%s: %s", path, a.raw)
		require.Equal(t, want, strings.TrimSpace(string(a.raw)), path)
		if strings.Contains(want, "|csv|") {
			require.Equal(t, "text/csv; charset=utf-8", a.header.Get("Content-Type"), path)
			require.NotContains(t, a.header.Get("Content-Disposition"), "c1", "an id is not repeated")
		}
	}
	d.reports.conversation = nil
	d.do(http.MethodGet, "/v1/conversations/missing.csv", narrow, nil).problem(t, http.StatusNotFound, CodeNotFound)
}

func TestLanguageByItsWeight(t *testing.T) {
	t.Parallel()

	for header, want := range map[string]string{
		"": "en", "fr": "en", "zh": "zh", "zh-Hant-TW": "zh", "ZH , en": "zh", "en,zh": "en", "fr, zh;q=0.5": "zh",
		"en;q=0.1, zh;q=0.9": "zh", "zh;q=0.2, en": "en", "zh;q=0": "en", "en;q=0, zh;q=0.001": "zh", "zh; Q = 0.3, en;q=0.2": "zh",
		"zh;q=x, en;q=0.1": "en", "zh;q=nan": "en", "zh;q=7, en;q=0.1": "en", "zh;level=1": "zh",
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Language", header)
		require.Equal(t, want, language(r), header)
	}
}

func TestSeries(t *testing.T) {
	t.Parallel()

	d := setup(t)
	a := d.do(http.MethodGet, "/v1/live/wallboard/series?metric=queue_length,active_chats&minutes=30", d.token(RoleWallboard), nil)
	require.Equal(t, http.StatusOK, a.status, "%s", a.raw)
	require.Contains(t, a.json["series"], "queue_length")
	for path, code := range map[string]Code{
		"?minutes=5":                           CodeInvalid,
		"?metric=weather":                      CodeInvalid,
		"?metric=queue_length&minutes=0":       CodeInvalid,
		"?metric=queue_length&minutes=1441":    CodeInvalid,
		"?metric=queue_length&minutes=x":       CodeInvalid,
		"?metric=queue_length&colour=red":      CodeInvalid,
		"?metric=queue_length&channel=%20,%ff": CodeInvalid,
	} {
		d.do(http.MethodGet, "/v1/live/wallboard/series"+path, d.token(RoleWallboard), nil).problem(t, http.StatusBadRequest, code)
	}
	d.do(http.MethodGet, "/v1/live/queue/series?metric=queue_length", d.token(RoleOwner), nil).problem(t, http.StatusNotFound, CodeUnknownTopic)
}

func TestTenantSettings(t *testing.T) {
	t.Parallel()

	d := setup(t)
	a := d.do(http.MethodGet, "/v1/tenant", d.token(RoleSupervisor), nil)
	require.Equal(t, "wecom@3", a.text("label"))
	require.Equal(t, "Asia/Shanghai", a.json["settings"].(map[string]any)["timezone"])
	require.Len(t, d.do(http.MethodGet, "/v1/tenants", d.token(RoleOperator), nil).json["tenants"], 1)

	put := d.do(http.MethodPut, "/v1/tenant", d.token(RoleAdmin), map[string]any{
		"name": "Star", "profile": "wecom", "settings": map[string]any{"percent_decimals": 2},
	})
	require.Equal(t, http.StatusOK, put.status, "%s", put.raw)
	m, err := d.stream.At(t.Context(), uint64(put.json["seq"].(float64)))
	require.NoError(t, err)
	e, err := event.DecodeMessage(m.Subject, m.Raw, m.Arrived)
	require.NoError(t, err)
	configured := e.Data.(*event.TenantConfigured)
	require.Equal(t, "wecom", configured.Profile)
	require.JSONEq(t, `{"percent_decimals":2}`, string(configured.Settings))
	require.Equal(t, "floorlight", e.Source)

	for _, bad := range []map[string]any{
		{"profile": "unheard"},
		{"profile": "wecom", "settings": map[string]any{"timezone": "Mars/Olympus"}},
		{"profile": "wecom", "settings": map[string]any{"colour": "red"}},
	} {
		d.do(http.MethodPut, "/v1/tenant", d.token(RoleAdmin), bad).problem(t, http.StatusUnprocessableEntity, CodeInvalidProfile)
	}
	d.do(http.MethodPut, "/v1/tenant", d.token(RoleAdmin), map[string]any{"profile": 7}).problem(t, http.StatusUnprocessableEntity, CodeInvalid)
	d.do(http.MethodPut, "/v1/tenant", d.token(RoleAdmin), `{"profile":"wecom","profile":"inbox"}`).problem(t, http.StatusBadRequest, CodeInvalid)
	require.Equal(t, 1, d.count(event.TypeTenantConfigured))
}

func TestRefusedEventsOfTheTenant(t *testing.T) {
	t.Parallel()

	d := setup(t)
	for i, tenant := range []string{"star", "moon", "star"} {
		m := stream.Message{Seq: uint64(i + 1), Arrived: time.Now(), Subject: "floor." + tenant + ".message.sent.c1", Raw: []byte("{\xff")}
		require.NoError(t, d.stream.Refuse(t.Context(), m, &event.Refusal{Reason: event.NotJSON}))
	}
	token := d.token(RoleService)
	a := d.do(http.MethodGet, "/v1/refused?limit=1", token, nil)
	require.Equal(t, http.StatusOK, a.status, "%s", a.raw)
	first := a.json["items"].([]any)[0].(map[string]any)
	require.Equal(t, "not_json", first["reason"])
	require.InDelta(t, first["seq"], a.json["next"], 0)
	rest := d.do(http.MethodGet, fmt.Sprintf("/v1/refused?after=%v", a.json["next"]), token, nil)
	require.Len(t, rest.json["items"], 1)
	require.NotContains(t, string(rest.raw), "moon")

	again := d.do(http.MethodPost, fmt.Sprintf("/v1/refused/%v/again", first["seq"]), token, nil)
	require.Equal(t, http.StatusOK, again.status, "%s", again.raw)
	d.do(http.MethodPost, "/v1/refused/2/again", token, nil).problem(t, http.StatusNotFound, CodeNotFound)
	// The operator sees of every desk that something is wrong, and not what it said.
	operator := d.token(RoleOperator, func(c *Claims) { c.Tenant = "" })
	every := d.do(http.MethodGet, "/v1/refused?limit=1", operator, nil)
	seen, _ := every.json["items"].([]any)[0].(map[string]any)
	require.Equal(t, first["subject"], seen["subject"])
	require.Empty(t, seen["event"])
	d.do(http.MethodPost, fmt.Sprintf("/v1/refused/%v/again", first["seq"]), operator, nil).problem(t, http.StatusForbidden, CodeForbidden)
	d.do(http.MethodPost, "/v1/refused/99/again", token, nil).problem(t, http.StatusNotFound, CodeNotFound)
	d.do(http.MethodPost, "/v1/refused/x/again", token, nil).problem(t, http.StatusUnprocessableEntity, CodeInvalid)
	d.do(http.MethodGet, "/v1/refused?limit=0", token, nil).problem(t, http.StatusUnprocessableEntity, CodeInvalid)
}

func TestReadinessByPart(t *testing.T) {
	t.Parallel()

	d := setup(t, func(c *Config) {
		c.Probes = map[string]Probe{
			"nats":     func(context.Context) Part { return Part{OK: true} },
			"stream":   func(context.Context) Part { return Part{OK: true, Warning: "81 % full"} },
			"database": func(ctx context.Context) Part { <-ctx.Done(); return Part{Detail: "no answer"} },
		}
	})
	a := d.do(http.MethodGet, "/readyz", "", nil)
	require.Equal(t, http.StatusServiceUnavailable, a.status)
	var r Readiness
	require.NoError(t, json.Unmarshal(a.raw, &r))
	require.Equal(t, Readiness{Parts: map[string]Part{
		"nats": {OK: true}, "stream": {OK: true, Warning: "81 % full"}, "database": {Detail: "no answer"}, "tokens": {OK: true},
	}}, r)
	require.Equal(t, http.StatusOK, d.do(http.MethodGet, "/healthz", "", nil).status)
	require.NotContains(t, string(a.raw), "recomputing")
}

func TestReadinessWhileNumbersAreComputedAnew(t *testing.T) {
	t.Parallel()

	left := 2.5
	want := []Recomputing{{For: "profile", Desks: 2, Events: 30, Total: 40, Percent: 75, SecondsLeft: &left}}
	d := setup(t, func(c *Config) { c.Recomputing = func() []Recomputing { return want } })
	a := d.do(http.MethodGet, "/readyz", "", nil)
	require.Equal(t, http.StatusOK, a.status)
	var r Readiness
	require.NoError(t, json.Unmarshal(a.raw, &r))
	require.True(t, r.Ready)
	require.Equal(t, want, r.Recomputing)
}

func TestMetricsTellWhatHappened(t *testing.T) {
	t.Parallel()

	d := setup(t)
	d.conversation("c1", "a1")
	c := d.dial(d.token(RoleOwner))
	c.subscribe(1, "wallboard")
	d.ask(message("m1", risky))
	d.ingestAs(typeEvent, envelope("e1", func(e map[string]any) { e["type"] = "moon.landed" }))
	d.do(http.MethodGet, "/v1/conversations/secret-id", d.token(RoleOwner), nil)
	var text string
	require.Eventually(t, func() bool { // a frame is counted once it is written, when its reader may already have it
		text = string(d.do(http.MethodGet, "/metrics", "", nil).raw)
		return strings.Contains(text, `floorlight_frames_sent_total{op="snapshot"} 1`)
	}, time.Minute, time.Millisecond)
	for _, line := range []string{
		`floorlight_sockets{kind="websocket",role="owner"} 1`,
		`floorlight_subscriptions{topic="wallboard"} 1`,
		`floorlight_checks_total{verdict="block"} 1`,
		`floorlight_check_seconds_count 1`,
		`floorlight_ingest_refused_total{reason="unknown_type"} 1`,
		`floorlight_ingest_events_total{result="refused"} 1`,
		`floorlight_readers_total{reason="stalled"} 0`,
		`floorlight_frames_sent_total{op="snapshot"} 1`,
		`floorlight_http_requests_total{method="GET",route="GET /v1/conversations/{id}",status="404"} 1`,
	} {
		require.Contains(t, text, line)
	}
	for _, secret := range []string{"secret-id", "lily", `"star"`} {
		require.NotContains(t, text, secret)
	}
	c.close()
	require.Eventually(t, func() bool {
		return strings.Contains(string(d.do(http.MethodGet, "/metrics", "", nil).raw), `floorlight_sockets{kind="websocket",role="owner"} 0`)
	}, time.Minute, 10*time.Millisecond)
}

func TestNewNamesWhatIsMissing(t *testing.T) {
	t.Parallel()

	_, err := New(Config{})
	require.ErrorContains(t, err, "Config.")
}
