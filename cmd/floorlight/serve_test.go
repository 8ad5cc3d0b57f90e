package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history/postgres/postgrestest"
	"github.com/floorlight/floorlight/hub/metric"
	"github.com/floorlight/floorlight/live"
)

const starFile = "../../../shared/data/star.ndjson.gz"

// served is a server that runs as `floorlight serve` would, in this process.
type served struct {
	t      testing.TB
	dir    string
	url    string
	log    *lockedBuffer
	cancel context.CancelFunc
	done   chan int
	peers  bool // other servers may take its desks over
}

// startServed starts a server on a data directory. It is stopped with the test.
func startServed(tb testing.TB, dir string, more ...string) *served {
	tb.Helper()
	return startCommand(tb, "serve", dir, more...)
}

// startCommand is startServed for each command that is a server.
func startCommand(tb testing.TB, command, dir string, more ...string) *served {
	tb.Helper()
	s := beginCommand(tb, command, dir, more...)
	s.ready()
	return s
}

// ready waits until the server is.
func (s *served) ready() {
	s.t.Helper()
	require.Eventually(s.t, func() bool {
		status, _ := s.get("/readyz", "")
		return status == http.StatusOK
	}, 3*time.Minute, 20*time.Millisecond, "%s", s.log)
}

// beginCommand is startCommand that returns once the port is open.
func beginCommand(tb testing.TB, command, dir string, more ...string) *served {
	tb.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(tb.Context()))
	out, in := io.Pipe()
	s := &served{t: tb, dir: dir, log: &lockedBuffer{}, cancel: cancel, done: make(chan int, 1)}
	args := append([]string{command, "--data-dir", dir, "--listen", "127.0.0.1:0", "--nats-listen", "127.0.0.1:0"}, more...)
	go func() {
		s.done <- run(ctx, args, noEnv, strings.NewReader(""), in, s.log)
		_ = in.Close()
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(tb, err, "%s", s.log)
	go func() { _, _ = io.Copy(io.Discard, out) }()
	var found bool
	s.url, found = strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	require.True(tb, found, line)
	tb.Cleanup(func() { s.stop() })
	return s
}

func noEnv(string) string { return "" }

// stop ends the server as SIGTERM would, and waits for it.
func (s *served) stop() {
	s.cancel()
	select {
	case code, open := <-s.done:
		if open {
			require.Equal(s.t, exitDone, code, "%s", s.log)
			close(s.done)
		}
	case <-time.After(30 * time.Second):
		require.Fail(s.t, "the server does not stop", "%s", s.log)
	}
}

// command runs another command against the server.
func (s *served) command(args ...string) (code int, stdout, stderr string) {
	s.t.Helper()
	var out, errs lockedBuffer
	code = run(s.t.Context(), append(args, "--data-dir", s.dir), noEnv, strings.NewReader(""), &out, &errs)
	return code, out.String(), errs.String()
}

// must is command, for one that has to work.
func (s *served) must(args ...string) string {
	s.t.Helper()
	code, out, errs := s.command(args...)
	require.Equal(s.t, exitDone, code, "%v: %s%s", args, out, errs)
	return out
}

func (s *served) token(tenant, role string, more ...string) string {
	s.t.Helper()
	return strings.TrimSpace(s.must(append([]string{"token", "--tenant", tenant, "--role", role}, more...)...))
}

func (s *served) get(path, token string) (status int, body []byte) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(context.WithoutCancel(s.t.Context()), http.MethodGet, s.url+path, nil)
	require.NoError(s.t, err)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := http.DefaultClient.Do(r)
	require.NoError(s.t, err)
	defer func() { _ = answer.Body.Close() }()
	body, err = io.ReadAll(answer.Body)
	require.NoError(s.t, err)
	return answer.StatusCode, body
}

func (s *served) read(path, token string, into any) {
	s.t.Helper()
	status, body := s.patiently(func() (int, []byte) { return s.get(path, token) })
	require.Equal(s.t, http.StatusOK, status, "%s: %s", path, body)
	require.NoError(s.t, json.Unmarshal(body, into), "%s: %s", path, body)
}

// patiently asks again, as clients do, while none of several servers has the desk: one
// that got no time for three seconds gives its partitions to others.
func (s *served) patiently(ask func() (status int, body []byte)) (status int, body []byte) {
	s.t.Helper()
	for began := time.Now(); ; <-time.After(100 * time.Millisecond) {
		status, body = ask()
		if !s.peers || !saysNotReady(body) || time.Since(began) > time.Minute {
			return status, body
		}
		s.t.Logf("not ready: %s", body)
	}
}

func saysNotReady(answer []byte) bool {
	var problem struct{ Code string }
	return json.Unmarshal(answer, &problem) == nil && problem.Code == string(live.CodeNotReady)
}

type reportValue struct {
	Value any      `json:"value"`
	Num   *float64 `json:"num"`
	Den   *float64 `json:"den"`
}

type report struct {
	AsOfSeq uint64 `json:"as_of_seq"`
	At      string `json:"at"`
	Rows    []struct {
		Day    string                 `json:"day"`
		Agent  string                 `json:"agent"`
		Values map[string]reportValue `json:"values"`
	} `json:"rows"`
}

// number is a value of the shared expected results in a report's row.
func number(tb testing.TB, values map[string]reportValue, id string) float64 {
	tb.Helper()
	switch id {
	case "revenue_cents":
		money, ok := values["revenue_after_inquiry"].Value.(map[string]any)
		require.True(tb, ok)
		usd, ok := money["USD"].(string)
		require.True(tb, ok)
		amount, err := metric.ParseAmount(usd)
		require.NoError(tb, err)
		return amount.Shift(2).InexactFloat64()
	case "assist_accuracy_sum":
		return *values["assist_accuracy"].Num
	case "assist_accuracy_n":
		return *values["assist_accuracy"].Den
	}
	require.Contains(tb, values, id)
	f, ok := values[id].Value.(float64)
	require.True(tb, ok, "%s: %v", id, values[id])
	return f
}

func reportMetric(id string) string {
	switch id {
	case "revenue_cents":
		return "revenue_after_inquiry"
	case "assist_accuracy_sum", "assist_accuracy_n":
		return "assist_accuracy"
	}
	return id
}

type expectedNumbers struct {
	Total map[string]map[string]float64            `json:"total"`
	Agent map[string]map[string]map[string]float64 `json:"agent"`
}

func readExpected(tb testing.TB) expectedNumbers {
	tb.Helper()
	b, err := os.ReadFile("../../../shared/data/star.expected.json")
	require.NoError(tb, err)
	var x expectedNumbers
	require.NoError(tb, json.Unmarshal(b, &x))
	return x
}

// settle waits until history and the hub stand at the same sequence, and stay
// there: both could be level for a moment with more to come.
func (s *served) settle(tenant, token string) {
	s.t.Helper()
	const quiet = 1500 * time.Millisecond
	var at uint64
	var since time.Time
	require.Eventually(s.t, func() bool {
		var live struct {
			Seq uint64 `json:"seq"`
		}
		var past report
		for path, into := range map[string]any{"/v1/live/wallboard": &live, "/v1/metrics?metric=sessions": &past} {
			status, body := s.get(path, token)
			if status != http.StatusOK || json.Unmarshal(body, into) != nil {
				return false
			}
		}
		if past.AsOfSeq != live.Seq || past.AsOfSeq != at || at == 0 {
			at, since = past.AsOfSeq, time.Now()
			return false
		}
		return time.Since(since) >= quiet
	}, 5*time.Minute, 50*time.Millisecond, tenant)
}

// TestReplayedConversations replays the shared conversations into a fresh
// server over its own door and compares every number that is given for them,
// day by day and agent by agent. Replayed again, they change nothing.
func TestReplayedConversations(t *testing.T) {
	t.Parallel()

	s := startServed(t, postgrestest.Dir(t))
	s.must("tenant", "set", "star", "--profile", "tiktok_shop", "--set", "market=us", "--set", "timezone=America/New_York")
	s.must("replay", starFile)
	token := s.token("star", "owner")
	s.settle("star", token)
	expected := readExpected(t)

	compare := func() {
		ids := map[string]bool{}
		for _, numbers := range expected.Total {
			for id := range numbers {
				ids[reportMetric(id)] = true
			}
		}
		var total report
		s.read("/v1/metrics?"+url.Values{"metric": {strings.Join(keys(ids), ",")}, "from": {"2020-05-20"}, "to": {"2020-05-22"}, "by": {"day"}}.Encode(), token, &total)
		require.Len(t, total.Rows, 3)
		for _, row := range total.Rows {
			for id, want := range expected.Total[row.Day] {
				require.InDelta(t, want, number(t, row.Values, id), 1e-6, "%s %s", row.Day, id)
			}
		}
		ids = map[string]bool{}
		for _, days := range expected.Agent {
			for _, numbers := range days {
				for id := range numbers {
					ids[id] = true
				}
			}
		}
		var byAgent report
		s.read("/v1/metrics?"+url.Values{"metric": {strings.Join(keys(ids), ",")}, "from": {"2020-05-20"}, "to": {"2020-05-22"}, "by": {"day,agent"}}.Encode(), token, &byAgent)
		found := 0
		for _, row := range byAgent.Rows {
			for id, want := range expected.Agent[row.Agent][row.Day] {
				require.InDelta(t, want, number(t, row.Values, id), 1e-6, "%s %s %s", row.Agent, row.Day, id)
				found++
			}
		}
		want := 0
		for _, days := range expected.Agent {
			for _, numbers := range days {
				want += len(numbers)
			}
		}
		require.Equal(t, want, found)
	}
	compare()
	s.must("verify", "--tenant", "star")

	dir := t.TempDir() + "/again.ndjson.gz" // another name: the kept position does not skip it
	b, err := os.ReadFile(starFile)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(dir, b, 0o600))
	s.must("replay", dir)
	s.settle("star", token)
	compare()
}

// TestLiveIsHistory replays the conversations so that they end now, and compares
// every number of the wallboard with the report of today at the same sequence.
func TestLiveIsHistory(t *testing.T) {
	t.Parallel()

	s := startServed(t, postgrestest.Dir(t))
	s.must("tenant", "set", "star", "--profile", "tiktok_shop", "--set", "timezone=Asia/Kathmandu")
	s.must("replay", "--rebase", "now", starFile)
	token := s.token("star", "owner")
	s.settle("star", token)
	s.sameNow(token)
}

// sameNow compares every number of the wallboard with the report of today at
// the same sequence.
func (s *served) sameNow(token string) {
	s.t.Helper()
	var live struct {
		Seq   uint64 `json:"seq"`
		State struct {
			Day     string                 `json:"day"`
			Metrics map[string]reportValue `json:"metrics"`
		} `json:"state"`
	}
	var ids []string
	for _, m := range metric.Catalogue() {
		if !m.Live && m.ID != "online_seconds" { // it counts on, from as_of
			ids = append(ids, m.ID)
		}
	}
	var past report
	require.Eventually(s.t, func() bool { // the server decides things by itself, between the two answers too
		live.State.Metrics, past.Rows = nil, nil
		s.read("/v1/live/wallboard", token, &live)
		s.read("/v1/metrics?"+url.Values{"metric": {strings.Join(ids, ",")}, "from": {live.State.Day}, "to": {live.State.Day}}.Encode(), token, &past)
		return live.Seq == past.AsOfSeq
	}, time.Minute, 50*time.Millisecond)
	require.Len(s.t, past.Rows, 1)
	for _, id := range ids {
		require.Equal(s.t, past.Rows[0].Values[id], live.State.Metrics[id], id)
	}
}

func keys(set map[string]bool) []string {
	out := make([]string, 0, len(set))
	for k := range set {
		out = append(out, k)
	}
	return out
}

// lockedBuffer is a log that may be read while it is written.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
