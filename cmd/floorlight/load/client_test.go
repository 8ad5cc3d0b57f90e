package load

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
)

// script is a server whose sockets say what the test wants.
type script struct {
	tb     testing.TB
	answer func(n int, op string, id int64, say func(format string, args ...any)) // to the n-th connection's frame
	mu     sync.Mutex
	count  int
}

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/metrics" {
		_, _ = io.WriteString(w, "process_cpu_seconds_total 1\n") // its reader is the test's.
		return
	}
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{subprotocol}})
	if err != nil {
		return
	}
	defer ws.CloseNow() //nolint:errcheck // the test's.
	s.mu.Lock()
	s.count++
	n := s.count
	s.mu.Unlock()
	for {
		_, raw, err := ws.Read(r.Context())
		if err != nil {
			return
		}
		var f struct {
			Op string `json:"op"`
			ID int64  `json:"id"`
		}
		if json.Unmarshal(raw, &f) != nil {
			return
		}
		s.answer(n, f.Op, f.ID, func(format string, args ...any) { //nolint:contextcheck // it writes within the request's.
			if format == "" {
				_ = ws.Close(1013, "stalled") // it ends either way.
				return
			}
			_ = ws.Write(r.Context(), websocket.MessageText, fmt.Appendf(nil, format, args...)) // a client that has gone has gone.
		})
	}
}

// nobody publishes nothing: every event is answered at once.
type nobody struct {
	mu  sync.Mutex
	seq uint64
}

func (n *nobody) Publish(_ context.Context, _ *event.Event, answered func(uint64, error)) {
	n.mu.Lock()
	n.seq++
	seq := n.seq
	n.mu.Unlock()
	answered(seq, nil)
}

func (n *nobody) Check(context.Context, event.TenantID, []byte) (uint64, error) { return 1, nil }

func (n *nobody) Close() {}

func (s *script) run(c Config) *Summary {
	s.tb.Helper()
	server := httptest.NewServer(s)
	defer server.Close()
	c.URL, c.Publisher, c.HTTP = server.URL, &nobody{}, server.Client()
	c.Tenants, c.Agents, c.Settle = []event.TenantID{"t1"}, 2, time.Millisecond
	c.Token = func(event.TenantID, Role) (string, error) { return "x", nil }
	var table strings.Builder
	tell := &Table{Out: &table, Duration: c.Duration}
	sum, err := Run(s.tb.Context(), c, 10*time.Millisecond, tell.Moment)
	require.NoError(s.tb, err)
	require.Contains(s.tb, table.String(), "frame p50")
	require.NoError(s.tb, sum.Print(io.Discard))
	return sum
}

// sums are of {"n":1} and {"n":2}.
func sumOf(tb testing.TB, value map[string]any) string {
	tb.Helper()
	sum, err := (&state{value: value}).checksum()
	require.NoError(tb, err)
	return sum
}

const (
	snapshot = `{"op":"snapshot","sub":1,"topic":"wallboard","epoch":"e","version":1,"seq":1,"state":{"n":1}}`
	delta    = `{"op":"delta","sub":1,"topic":"wallboard","epoch":"e","version":2,"from":1,"seq":1000000,"patch":{"n":2}}`
)

func TestClientsFollowAndCompare(t *testing.T) {
	t.Parallel()

	right := sumOf(t, map[string]any{"n": 2.0})
	s := &script{tb: t, answer: func(n int, op string, id int64, say func(string, ...any)) {
		switch {
		case op == "subscribe" && n == 1:
			say(snapshot)
			say("") // the server ends the first connection
		case op == "subscribe":
			say(delta)
		case op == "check":
			say(`{"op":"sum","id":%d,"sub":1,"version":2,"sum":%q}`, id, right)
		}
	}}
	sum := s.run(Config{Sockets: 1, Rate: 50, Duration: 500 * time.Millisecond})
	require.True(t, sum.OK, "%v", sum.Failures)
	require.Equal(t, 1, sum.Proof.ClientsEqual)
	require.Equal(t, map[string]int{"steady 1013": 1}, sum.Closes)
	require.Equal(t, int64(1), sum.CatchUp.Count)
	require.Equal(t, uint64(2), sum.Frames.Received)
	require.Equal(t, sum.Events.Sent, sum.Events.Stored)
	require.Positive(t, sum.Events.Ack.Count)
}

func TestAWrongStateIsFound(t *testing.T) {
	t.Parallel()

	for name, answers := range map[string][]string{
		"another state than the server's": {snapshot, delta, `{"op":"sum","id":1000000,"sub":1,"version":2,"sum":"` + sumOf(t, map[string]any{"n": 1.0}) + `"}`},
		"a delta too many":                {snapshot, delta, delta},
		"a checksum of another version":   {snapshot, delta, `{"op":"sum","id":1000000,"sub":1,"version":3,"sum":"x"}`},
		"a refusal":                       {snapshot, `{"op":"error","code":"forbidden"}`},
		"no JSON":                         {snapshot, `{`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			right := sumOf(t, map[string]any{"n": 2.0})
			s := &script{tb: t, answer: func(n int, op string, id int64, say func(string, ...any)) {
				switch {
				case op == "subscribe" && n == 1:
					for _, a := range answers {
						say("%s", a)
					}
				case op == "subscribe": // the client comes back, and all is well then
					say(`{"op":"snapshot","sub":1,"topic":"wallboard","epoch":"f","version":2,"seq":1000000,"state":{"n":2}}`)
				case op == "check":
					say(`{"op":"sum","id":%d,"sub":1,"version":2,"sum":%q}`, id, right)
				}
			}}
			sum := s.run(Config{Sockets: 1, Duration: 50 * time.Millisecond})
			require.False(t, sum.OK)
			require.NotEmpty(t, sum.Failures)
			require.Equal(t, 1, sum.Proof.ClientsEqual, "and it has come to the server's state in the end")
		})
	}
}
