package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history/postgres/postgrestest"
	"github.com/floorlight/floorlight/hub/event"
)

// canary stands in everything that somebody could have written, and nowhere else.
const canary = "kanarie7301"

// examples are the golden files of all event types, as events of a desk.
func examples(t *testing.T, tenant event.TenantID) map[event.Type]map[string]any {
	t.Helper()
	all := map[event.Type]map[string]any{} //nolint:exhaustive // it is filled below.
	for _, kind := range event.Types() {
		raw, err := os.ReadFile(filepath.Join("..", "..", "hub", "event", "testdata", "golden", string(kind)+".json"))
		require.NoError(t, err)
		var e map[string]any
		require.NoError(t, json.Unmarshal(raw, &e))
		e["tenant"], e["time"] = string(tenant), time.Now().UTC().Format(time.RFC3339)
		all[kind] = e
	}
	return all
}

// leaves gives f each text within v, and a way to put another in its place.
func leaves(v any, f func(text string, put func(any))) {
	visit := func(child any, put func(any)) {
		if text, ok := child.(string); ok {
			f(text, put)
			return
		}
		leaves(child, f)
	}
	switch v := v.(type) {
	case map[string]any:
		for name, child := range v {
			visit(child, func(other any) { v[name] = other })
		}
	case []any:
		for i, child := range v {
			visit(child, func(other any) { v[i] = other })
		}
	}
}

// sing puts the canary into every text of the event's data that may be any, and
// returns the event, how many those are, and for each text that may not be one a
// faulty event with the canary there.
func sing(t *testing.T, e map[string]any) (whole []byte, sung int, faulty [][]byte) {
	t.Helper()
	taken := func() ([]byte, bool) {
		raw, err := json.Marshal(e)
		require.NoError(t, err)
		d, err := event.Decode(raw)
		if d.Data != nil { // the key follows from it
			e["subject"] = event.New(d.Tenant, d.Source, d.ID, d.Time, d.Data).Key
			if raw, err = json.Marshal(e); err == nil {
				_, err = event.Decode(raw)
			}
		}
		return raw, err == nil
	}
	n := 0
	leaves(e["data"], func(text string, put func(any)) {
		n++
		put(fmt.Sprint(canary, "-", n))
		raw, ok := taken()
		if ok {
			sung++
			return
		}
		faulty = append(faulty, raw)
		put(text)
	})
	for _, odd := range []any{map[string]any{canary: canary}, []any{canary}} { // of another kind than is asked for
		leaves(e["data"], func(text string, put func(any)) {
			put(odd)
			if raw, ok := taken(); !ok {
				faulty = append(faulty, raw)
			}
			put(text)
		})
	}
	whole, ok := taken()
	require.True(t, ok)
	return whole, sung, faulty
}

// TestNothingPersonalIsWrittenDown puts a canary into every text of every type of
// event, into faulty ones over HTTP and NATS, into questions, paths, bodies, tokens,
// tickets and frames, and finds it in no line of the log at its most talkative and in
// no label of the metrics; nor does it come back to whoever has no token, or another
// desk's.
func TestNothingPersonalIsWrittenDown(t *testing.T) {
	t.Parallel()

	s := startServed(t, postgrestest.Dir(t), "--log", "trace")
	a, b := newStranger(s, "alpha", "kvq7301", 1), newStranger(s, "beta", "wzx9482", 2)
	nc, err := nats.Connect(strings.TrimSpace(s.must("nats-url")), nats.Timeout(time.Minute))
	require.NoError(t, err)
	defer nc.Close()
	advised, err := nc.SubscribeSync("$JS.EVENT.>")
	require.NoError(t, err)
	const single = "application/cloudevents+json"
	texts, faults := 0, 0
	for kind, e := range examples(t, a.tenant) {
		whole, sung, faulty := sing(t, e)
		texts += sung
		answer := a.ask(http.MethodPost, "/v1/events", "service", string(whole), "Content-Type", single)
		require.Less(t, answer.status, 500, "%s: %s", kind, answer.body)
		if answer.status != http.StatusOK { // what only the server itself may say
			require.NotContains(t, answer.body, canary, "%s", kind)
		}
		for i, raw := range faulty {
			faults++
			answer := a.ask(http.MethodPost, "/v1/events", "service", string(raw), "Content-Type", single)
			require.GreaterOrEqual(t, answer.status, 400, "%s: %s", raw, answer.body)
			require.NotContains(t, answer.body, canary, "%s", raw)
			require.NoError(t, nc.Publish(fmt.Sprintf("floor.alpha.%s.%s-%d", kind, canary, i), raw))
		}
	}
	require.Greater(t, texts, 100)
	require.Greater(t, faults, 100)
	for i, raw := range []string{canary, `{"text":"` + canary, `{"` + canary + `":1}`, "\xff" + canary} {
		require.NoError(t, nc.Publish(fmt.Sprintf("floor.alpha.message.sent.%s%d", canary, i), []byte(raw)))
		reply, err := nc.RequestWithContext(t.Context(), "floorsvc.alpha.message.check", []byte(raw))
		require.NoError(t, err)
		require.NotContains(t, string(reply.Data), canary)
	}
	require.NoError(t, nc.Flush())
	s.settle(string(a.tenant), a.tokens["owner"])
	require.Contains(t, a.ask(http.MethodGet, "/v1/conversations?limit=500", "owner", "").body, canary, "or it is nowhere at all")

	a.sayEverywhere()
	for _, x := range []*stranger{a, b} {
		x.tokens["forged"] = canary + "." + canary + "." + canary
	}
	for _, path := range append(b.paths(), "/v1/nothing/"+canary, "/v1/live/"+canary, "/v1/me?token="+canary) {
		for _, role := range []string{"owner", "forged"} {
			require.NotContains(t, b.ask(http.MethodGet, path, role, "").body, canary, "%s as %s", path, role)
		}
	}
	require.NotContains(t, b.ask(http.MethodGet, "/v1/live/wallboard/events?ticket="+canary, "forged", "").body, canary)
	for {
		m, err := advised.NextMsg(10 * time.Millisecond)
		if err != nil {
			break
		}
		require.NotContains(t, m.Subject+string(m.Data), canary)
	}
	for line := range strings.Lines(a.ask(http.MethodGet, "/metrics", "owner", "").body) {
		require.NotContains(t, line, canary)
	}
	for line := range strings.Lines(s.log.String()) {
		require.NotContains(t, strings.ToLower(line), canary)
	}
}

// sayEverywhere asks with the canary wherever a client may say something.
func (x *stranger) sayEverywhere() {
	t := x.s.t
	q := url.QueryEscape(canary + "-1")
	for _, path := range []string{
		"/v1/conversations?q=" + q, "/v1/conversations?customer=" + q, "/v1/conversations?name=" + q, "/v1/conversations?tag=" + q, "/v1/conversations?conversation=" + q + "&message=" + q,
		"/v1/conversations?sort=" + q, "/v1/conversations?cursor=" + q, "/v1/conversations?" + q + "=1", "/v1/conversations?from=" + q, "/v1/conversations?%zz" + q, "/v1/conversations.xlsx?q=" + q,
		"/v1/conversations/" + q, "/v1/customers/" + q, "/v1/customers/" + q + ".csv", "/v1/boards/" + q, "/v1/metrics?metric=" + q, "/v1/metrics?metric=chats&by=" + q, "/v1/metrics?metric=chats&agent=" + q,
		"/v1/metrics/" + q + "/explain", "/v1/metrics/chats/explain?agent=" + q, "/v1/agents/performance?q=" + q, "/v1/violations?rule=" + q, "/v1/disputes?cursor=" + q, "/v1/live/conversation/" + q, "/v1/live/wallboard?team=" + q,
		"/v1/refused?limit=" + q, "/v1/rules/versions/" + q, "/v1/" + q, "/" + q, "/v1/live?ticket=" + q,
	} {
		for _, role := range []string{"owner", "agent", "service"} {
			require.Less(t, x.ask(http.MethodGet, path, role, "", "Accept-Language", canary, "Origin", "https://"+canary, "User-Agent", canary).status, 500, path)
			require.Less(t, x.ask(http.MethodGet, path, role, "", "Accept-Language", canary, "User-Agent", canary, "Last-Event-ID", canary, "X-Forwarded-For", canary).status, 500, path)
		}
	}
	for _, route := range []string{
		"POST /v1/events", "POST /v1/messages", "POST /v1/disputes", "POST /v1/disputes/decide", "POST /v1/rules/try", "POST /v1/rules/backtests", "PUT /v1/rules", "PUT /v1/rules/draft", "PUT /v1/rules/" + canary,
		"PUT /v1/boards/" + canary, "PUT /v1/thresholds", "PUT /v1/tenant", "POST /v1/kiosks", "POST /v1/verify", "POST /v1/refold", "POST /v1/notifications/ack", "DELETE /v1/tokens/" + canary, "DELETE /v1/boards/" + canary,
	} {
		method, path, _ := strings.Cut(route, " ")
		for _, body := range []string{canary, `{"` + canary + `":"` + canary + `"}`, `{"text":"` + canary, `{"name":["` + canary + `"],"comment":"` + canary + `","profile":"` + canary + `","conversation":"` + canary + `"}`} {
			for _, role := range []string{"owner", "agent", "service"} {
				require.Less(t, x.ask(method, path, role, body).status, 500, route)
			}
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	ws, answer, err := websocket.Dial(ctx, strings.Replace(x.s.url, "http", "ws", 1)+"/v1/live", &websocket.DialOptions{
		Subprotocols: []string{"floorlight.v1"}, HTTPHeader: http.Header{"Authorization": {"Bearer " + x.tokens["agent"]}},
	})
	require.NoError(t, err)
	if answer.Body != nil {
		_ = answer.Body.Close()
	}
	defer ws.CloseNow() //nolint:errcheck // it ends either way.
	for _, frame := range []string{
		`{"op":"send","id":1,"conversation":"` + canary + `","message":"m","text":"` + canary + `"}`, `{"op":"` + canary + `","id":2}`, `{"op":"subscribe","id":3,"topic":"` + canary + `"}`,
		`{"op":"subscribe","id":4,"topic":"conversation/` + canary + `"}`, `{"op":"subscribe","id":5,"topic":"inbox","filter":{"team":["` + canary + `"]}}`, `{"op":"` + canary,
	} {
		require.NoError(t, ws.Write(ctx, websocket.MessageText, []byte(frame)))
	}
	for err == nil { // until the last frame, which is none, has ended it
		_, _, err = ws.Read(ctx)
	}
	require.NotEqual(t, websocket.StatusCode(-1), websocket.CloseStatus(err), "%v", err)
}
