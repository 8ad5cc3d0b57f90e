package main

import (
	"bytes"
	"compress/gzip"
	"context"
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

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/live"
)

const testSecret = "0123456789abcdef0123456789abcdef"

// ingest is a server that takes events as POST /v1/events does.
type ingest struct {
	t      *testing.T
	url    string
	answer func(batch int) (status int) // of that batch; 0 is 200

	mu      sync.Mutex
	batches int
	sizes   []int
	at      []time.Time
	tenants []string // of the token, for each batch
	order   []string // ids as they were stored
	times   map[string]time.Time
}

func newIngest(t *testing.T) *ingest {
	t.Helper()

	f := &ingest{t: t, times: map[string]time.Time{}}
	server := httptest.NewServer(http.HandlerFunc(f.serve))
	t.Cleanup(server.Close)
	f.url = server.URL
	return f
}

func (f *ingest) serve(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()

	f.batches++
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	claims, err := live.ReadToken([]byte(testSecret), token, time.Now())
	var raws []json.RawMessage
	if err != nil || r.URL.Path != "/v1/events" || r.Header.Get("Content-Type") != "application/cloudevents-batch+json" ||
		json.NewDecoder(r.Body).Decode(&raws) != nil {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"title":"A valid token is required.","code":"unauthorized"}`)
		return
	}
	status := http.StatusOK
	if f.answer != nil {
		if s := f.answer(f.batches); s != 0 {
			status = s
		}
	}
	f.sizes, f.tenants, f.at = append(f.sizes, len(raws)), append(f.tenants, string(claims.Tenant)), append(f.at, time.Now())
	var results []string
	for i, raw := range raws {
		e, err := event.Decode(raw)
		_, known := f.times[e.ID]
		switch {
		case status != http.StatusOK && i >= len(raws)/2: // half of it was stored
			results = append(results, `{"result":"not_stored"}`)
		case err != nil || e.Tenant != claims.Tenant:
			results = append(results, `{"result":"refused","reason":"missing_field","field":"data.text"}`)
		case known:
			results = append(results, `{"result":"duplicate"}`)
		default:
			f.order = append(f.order, e.ID)
			f.times[e.ID] = e.Time
			results = append(results, `{"result":"accepted"}`)
		}
	}
	if status != http.StatusOK {
		w.Header().Set("Retry-After", "0")
	}
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `{"events":[%s]}`, strings.Join(results, ","))
}

func (f *ingest) stored() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.order...)
}

// replayed runs floorlight replay against the server.
func (f *ingest) replay(ctx context.Context, dir string, args ...string) (code int, stdout, stderr string) {
	f.t.Helper()

	return command(ctx, nil, append([]string{"replay", "--data-dir", dir, "--secret", testSecret, "--url", f.url}, args...)...)
}

// command runs the whole program in this process.
func command(ctx context.Context, stdin io.Reader, args ...string) (code int, stdout, stderr string) {
	var out, errs lockedBuffer
	if stdin == nil {
		stdin = strings.NewReader("")
	}
	code = run(ctx, args, func(string) string { return "" }, stdin, &out, &errs)
	return code, out.String(), errs.String()
}

var recorded = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// recordedLine is an event a second apart from the one before it.
func recordedLine(t *testing.T, tenant string, n int) string {
	t.Helper()

	e := event.New(event.TenantID(tenant), "test", fmt.Sprintf("%s-%05d", tenant, n), recorded.Add(time.Duration(n)*time.Second),
		&event.MessageSent{Conversation: "c1", Message: event.MessageID(fmt.Sprintf("m%d", n)), From: event.Actor{Kind: event.Customer}, Text: "hello"})
	raw, err := e.Encode()
	require.NoError(t, err)
	return fmt.Sprintf(`{"subject":%q,"event":%s}`, e.Subject(), raw)
}

func recordedLines(t *testing.T, n int) string {
	t.Helper()

	var b strings.Builder
	for i := range n {
		b.WriteString(recordedLine(t, "star", i) + "\n")
	}
	return b.String()
}

func recordingFile(t *testing.T, text string) string {
	t.Helper()

	name := filepath.Join(t.TempDir(), "events.ndjson")
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	return name
}

func zipped(t *testing.T, text string) []byte {
	t.Helper()

	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := io.WriteString(z, text)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return b.Bytes()
}

func TestReplayPublishesInOrder(t *testing.T) {
	t.Parallel()

	f, dir := newIngest(t), t.TempDir()
	name := recordingFile(t, recordedLines(t, 2500))
	code, out, errs := f.replay(t.Context(), dir, name)
	require.Equal(t, exitDone, code, errs)
	require.Regexp(t, `^accepted 2,500, duplicate 0, refused 0 in `, out)
	require.Equal(t, []int{1000, 1000, 500}, f.sizes)
	order := f.stored()
	require.Len(t, order, 2500)
	require.IsNonDecreasing(t, order)

	code, out, errs = f.replay(t.Context(), dir, name) // the same file twice
	require.Equal(t, exitDone, code, errs)
	require.Regexp(t, `^accepted 0, duplicate 2,500, refused 0 in `, out)
	require.Equal(t, order, f.stored())
}

func TestReplayReadsGzipAndStdin(t *testing.T) {
	t.Parallel()

	f := newIngest(t)
	name := filepath.Join(t.TempDir(), "events.ndjson.gz")
	require.NoError(t, os.WriteFile(name, zipped(t, recordedLines(t, 10)), 0o600))
	code, out, errs := f.replay(t.Context(), t.TempDir(), name)
	require.Equal(t, exitDone, code, errs)
	require.Contains(t, out, "accepted 10,")

	code, out, errs = command(t.Context(), bytes.NewReader(zipped(t, recordedLines(t, 12))),
		"replay", "--data-dir", t.TempDir(), "--secret", testSecret, "--url", f.url, "-")
	require.Equal(t, exitDone, code, errs)
	require.Contains(t, out, "accepted 2, duplicate 10,")
}

// TestReplayGoesOn: interrupted in the middle, the same command sends what is left.
func TestReplayGoesOn(t *testing.T) {
	t.Parallel()

	f, dir := newIngest(t), t.TempDir()
	name := recordingFile(t, recordedLines(t, 5000))
	ctx, cancel := context.WithCancel(t.Context())
	f.answer = func(batch int) int {
		if batch == 3 {
			cancel()
			return http.StatusServiceUnavailable
		}
		return 0
	}
	code, _, errs := f.replay(ctx, dir, name)
	require.Equal(t, exitFailed, code)
	require.Contains(t, errs, "interrupted; stopped behind line 2,000, and the same command goes on from there")
	f.answer = nil
	before := f.batches

	code, out, errs := f.replay(t.Context(), dir, name)
	require.Equal(t, exitDone, code, errs)
	require.Contains(t, errs, "going on at line 2,001")
	require.Contains(t, out, "accepted 2,500, duplicate 500,")
	require.Equal(t, 3, f.batches-before)
	require.Len(t, f.stored(), 5000)
}

// TestReplayWaitsForABusyServer and sends again only what was not stored.
func TestReplayWaitsForABusyServer(t *testing.T) {
	t.Parallel()

	f := newIngest(t)
	f.answer = func(batch int) int {
		switch batch {
		case 1:
			return http.StatusServiceUnavailable
		case 2:
			return http.StatusTooManyRequests
		}
		return 0
	}
	code, out, errs := f.replay(t.Context(), t.TempDir(), recordingFile(t, recordedLines(t, 1000)))
	require.Equal(t, exitDone, code, errs)
	require.Contains(t, out, "accepted 1,000, duplicate 0, refused 0")
	require.Equal(t, []int{1000, 500, 250}, f.sizes)
	require.IsNonDecreasing(t, f.stored())
}

// TestReplayGoesOnBehindFaultyLines tells each with its number.
func TestReplayGoesOnBehindFaultyLines(t *testing.T) {
	t.Parallel()

	wrongSubject := strings.Replace(recordedLine(t, "star", 4), "floor.star.message.sent.c1", "floor.star.message.sent.c2", 1)
	noText := strings.Replace(recordedLine(t, "star", 5), `"text":"hello"`, `"other":1`, 1)
	text := strings.Join([]string{
		recordedLine(t, "star", 0), `{"subject":"floor`, `{"subject":"floor.star.a.b.c"}`, "", `[1,2]`, wrongSubject, noText,
		`{"subject":"x","event":{"id":"` + strings.Repeat("x", longestLine) + `"}}`, recordedLine(t, "star", 9),
	}, "\n") // without an end of line
	f, dir := newIngest(t), t.TempDir()
	name := recordingFile(t, text)
	code, out, errs := f.replay(t.Context(), dir, name)
	require.Equal(t, exitFailed, code)
	require.Equal(t, []string{"star-00000", "star-00009"}, f.stored())
	for _, want := range []string{
		`line 2: not JSON of the form`, "line 3: has no subject, or no event", "line 5: not JSON", "line 6: refused: subject_mismatch",
		"line 7: refused: missing_field: data.text", "line 8: longer than 1,048,576 bytes", "6 of the lines were not taken",
	} {
		require.Contains(t, errs, want)
	}
	require.Contains(t, out, "accepted 2, duplicate 0, refused 6")
	require.Contains(t, out, "subject_mismatch: 1, the first on line 6")
	require.NotContains(t, errs, "hello", "no message's text is told")
}

func TestReplayStopsAtBrokenGzip(t *testing.T) {
	t.Parallel()

	f := newIngest(t)
	whole := zipped(t, recordedLines(t, 20_000))
	name := filepath.Join(t.TempDir(), "cut.gz")
	require.NoError(t, os.WriteFile(name, whole[:len(whole)/2], 0o600))
	code, _, errs := f.replay(t.Context(), t.TempDir(), name)
	require.Equal(t, exitFailed, code)
	require.Contains(t, errs, "cannot be read behind line")
	require.Contains(t, errs, "unexpected EOF")
	require.NotEmpty(t, f.stored(), "what came before it is published")
}

// TestReplayRebased moves all times by one shift, which is kept and is part of
// the ids.
func TestReplayRebased(t *testing.T) {
	t.Parallel()

	f, dir := newIngest(t), t.TempDir()
	name := recordingFile(t, recordedLines(t, 100))
	began := time.Now()
	code, out, errs := f.replay(t.Context(), dir, "--rebase", "now", "--tenant", "other", name)
	require.Equal(t, exitDone, code, errs)
	require.Contains(t, out, "accepted 100,")
	order := f.stored()
	shift := f.times[order[99]].Sub(recorded.Add(99 * time.Second))
	require.WithinDuration(t, began, f.times[order[99]], time.Minute)
	require.False(t, f.times[order[99]].After(time.Now()))
	for i, id := range order {
		require.Equal(t, fmt.Sprintf("star-%05d@%d", i, int64(shift/time.Second)), id)
		require.Equal(t, recorded.Add(time.Duration(i)*time.Second).Add(shift), f.times[id])
	}
	require.Equal(t, []string{"other"}, f.tenants)

	copied := recordingFile(t, recordedLines(t, 100)) // a copy is the same file
	code, out, errs = f.replay(t.Context(), dir, "--rebase", "now", "--tenant", "other", copied)
	require.Equal(t, exitDone, code, errs)
	require.Contains(t, out, "accepted 0, duplicate 100,")
}

// TestReplayAtASpeed sends what is due, when it is due.
func TestReplayAtASpeed(t *testing.T) {
	t.Parallel()

	f := newIngest(t)
	began := time.Now()
	code, out, errs := f.replay(t.Context(), t.TempDir(), "--speed", "60", recordingFile(t, recordedLines(t, 61)))
	require.Equal(t, exitDone, code, errs)
	require.Contains(t, out, "accepted 61,")
	require.GreaterOrEqual(t, time.Since(began), 950*time.Millisecond, "a minute at 60 times its speed")
	require.Greater(t, len(f.sizes), 1)
	require.Less(t, len(f.sizes), 40, "what is due at about the same time goes together")
	sent := 0
	for i, size := range f.sizes {
		sent += size
		due := began.Add(time.Duration(sent-1) * time.Second / 60)
		require.False(t, f.at[i].Before(due.Add(-20*time.Millisecond)), "batch %d came before its last event was due", i)
	}
	require.IsNonDecreasing(t, f.stored())
}

// TestReplayOfSeveralTenants shows a token of each.
func TestReplayOfSeveralTenants(t *testing.T) {
	t.Parallel()

	var b strings.Builder
	for i := range 30 {
		b.WriteString(recordedLine(t, []string{"a", "b", "c"}[i%3], i) + "\n")
	}
	f := newIngest(t)
	code, out, errs := f.replay(t.Context(), t.TempDir(), recordingFile(t, b.String()))
	require.Equal(t, exitDone, code, errs)
	require.Contains(t, out, "accepted 30,")
	require.Equal(t, []string{"a", "b", "c"}, f.tenants)
}

func TestReplaySaysWhatToDo(t *testing.T) {
	t.Parallel()

	f := newIngest(t)
	name := recordingFile(t, recordedLines(t, 1))
	for want, args := range map[string][]string{
		"no server runs on":                {"replay", "--data-dir", t.TempDir(), name},
		"there is no token for":            {"replay", "--data-dir", t.TempDir(), "--url", f.url, name},
		"no server answers at":             {"replay", "--data-dir", t.TempDir(), "--secret", testSecret, "--url", "http://127.0.0.1:1", name},
		"is not a URL":                     {"replay", "--data-dir", t.TempDir(), "--url", "localhost", name},
		"A valid token is required":        {"replay", "--data-dir", t.TempDir(), "--secret", strings.ToUpper(testSecret), "--url", f.url, name},
		"no such file":                     {"replay", "--data-dir", t.TempDir(), "--secret", testSecret, "--url", f.url, name + ".not"},
		"--speed \"0.5\"":                  {"replay", "--data-dir", t.TempDir(), "--url", f.url, "--speed", "0.5", name},
		"--rebase \"yesterday\"":           {"replay", "--data-dir", t.TempDir(), "--url", f.url, "--rebase", "yesterday", name},
		"--tenant \"A B\"":                 {"replay", "--data-dir", t.TempDir(), "--url", f.url, "--tenant", "A B", name},
		"has no event whose time could be": {"replay", "--data-dir", t.TempDir(), "--secret", testSecret, "--url", f.url, "--rebase", "now", recordingFile(t, "{}\n")},
	} {
		code, _, errs := command(t.Context(), nil, args...)
		require.NotEqual(t, exitDone, code)
		require.Contains(t, errs, want)
	}
}

func TestGrouped(t *testing.T) {
	t.Parallel()

	for n, want := range map[int64]string{0: "0", 12: "12", 999: "999", 1000: "1,000", 123456: "123,456", 1234567: "1,234,567", -1: "-1", -123: "-123", -1234: "-1,234"} {
		require.Equal(t, want, grouped(n))
	}
}

// TestProgressWithoutATerminal is a line now and then, with rate and time left.
func TestProgressWithoutATerminal(t *testing.T) {
	t.Parallel()

	var out bytes.Buffer
	p := newProgress(&out, 1000, "events")
	at := p.began
	p.now = func() time.Time { return at }
	at = at.Add(5 * time.Second)
	p.at(100, 5000)
	require.Empty(t, out.String())
	at = at.Add(5 * time.Second)
	p.at(250, 10_000)
	require.Equal(t, "10,000 events, 1,000/s, 25 %, 30s left\n", out.String())
	at = at.Add(time.Second)
	p.at(300, 11_000)
	require.Equal(t, 1, strings.Count(out.String(), "\n"))
}
