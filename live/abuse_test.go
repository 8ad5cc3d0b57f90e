package live

import (
	"bytes"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"
)

// diary is a log that may be read while it is written.
type diary struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (d *diary) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.b.Write(p)
}

func (d *diary) String() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.b.String()
}

// TestWhatIsMadeToHurtIsRefused: headers and nesting beyond all measure are answered, and the server goes on.
func TestWhatIsMadeToHurtIsRefused(t *testing.T) {
	t.Parallel()

	d := setup(t)
	// A server ends the connection of such a request, so the client may see that first.
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, d.url+"/v1/me", nil)
	require.NoError(t, err)
	request.Header.Set("X-Large", strings.Repeat("a", 256<<10))
	if response, err := http.DefaultClient.Do(request); err == nil {
		require.NoError(t, response.Body.Close())
		require.Equal(t, http.StatusRequestHeaderFieldsTooLarge, response.StatusCode)
	}
	for name, deep := range map[string]string{
		"lists":   strings.Repeat("[", 12_000),
		"closed":  strings.Repeat("[", 12_000) + strings.Repeat("]", 12_000),
		"objects": strings.Repeat(`{"a":`, 12_000) + "1" + strings.Repeat("}", 12_000),
	} {
		for path, kind := range map[string]string{"/v1/events": typeEvent, "/v1/messages": "application/json"} {
			a := d.do(http.MethodPost, path, d.token(RoleService), deep, "Content-Type", kind)
			require.GreaterOrEqual(t, a.status, 400, "%s to %s", name, path)
			require.Less(t, a.status, 500, "%s to %s: %s", name, path, a.raw)
		}
		c := d.dial(d.token(RoleOwner))
		require.NoError(t, c.ws.Write(c.ctx, websocket.MessageText, []byte(deep[:min(len(deep), mostFrame)])))
		require.Equal(t, 4400, c.code(), name)
	}
	require.Equal(t, http.StatusOK, d.do(http.MethodGet, "/v1/me", d.token(RoleOwner), nil).status)
}

// TestWhatCustomersWriteIsNotRepeated sends a customer's words wherever something is wrong with the rest, and finds
// them in no answer, log or metric.
func TestWhatCustomersWriteIsNotRepeated(t *testing.T) {
	t.Parallel()

	const canary = "kanarie-4929123412341234"
	var log diary
	d := setup(t, func(c *Config) { c.Logger = zerolog.New(&log).Level(zerolog.TraceLevel) })
	refused := func(a answer) {
		require.GreaterOrEqual(t, a.status, 400, "%s", a.raw)
		require.NotContains(t, string(a.raw), canary)
	}
	of := func(f func(e, data map[string]any)) map[string]any {
		return envelope("e-canary", func(e map[string]any) {
			data, _ := e["data"].(map[string]any)
			data["text"] = canary
			f(e, data)
		})
	}
	for _, body := range []any{
		of(func(_, data map[string]any) { data["text"] = map[string]any{"text": canary} }),
		of(func(_, data map[string]any) { data["from"] = map[string]any{"kind": canary, "id": canary} }),
		of(func(_, data map[string]any) { data["conversation"] = canary + strings.Repeat("x", 1000) }),
		of(func(e, _ map[string]any) { e["time"] = canary }),
		of(func(e, _ map[string]any) { e["type"] = "moon.landed" }),
		`{"specversion":"1.0","data":{"text":"` + canary + `"`,
	} {
		refused(d.ingestAs(typeEvent, body))
	}
	for _, body := range []string{
		`{"conversation":"c1","message":"m1","from":{"kind":"agent","id":"a1"},"text":["` + canary + `"]}`,
		`{"conversation":"","message":"m1","from":{"kind":"agent","id":"a1"},"text":"` + canary + `"}`,
		`{"conversation":"c1","text":"` + canary,
	} {
		refused(d.do(http.MethodPost, "/v1/messages", d.token(RoleService), body))
	}
	// What is stored and what is blocked is no matter for the log either.
	require.Equal(t, http.StatusOK, d.ingestAs(typeEvent, of(func(_, _ map[string]any) {})).status)
	d.do(http.MethodPost, "/v1/messages", d.token(RoleService),
		`{"conversation":"c1","message":"m2","from":{"kind":"agent","id":"a1"},"text":"my card is 4929 1234 1234 1234, `+canary+`"}`)
	c := d.dial(d.token(RoleOwner))
	for _, frame := range []string{
		`{"op":"send","id":1,"conversation":"c1","message":"m","text":"` + canary + `"}`,
		`{"op":"` + canary + `","id":2}`,
		`{"op":"subscribe","id":3,"topic":"` + canary + `"}`,
		`{"op":"subscribe","id":"` + canary + `","topic":"wallboard"}`,
	} {
		require.NoError(t, c.ws.Write(c.ctx, websocket.MessageText, []byte(frame)))
		for {
			_, raw, err := c.ws.Read(c.ctx)
			require.NoError(t, err)
			require.NotContains(t, string(raw), canary)
			if strings.Contains(string(raw), `"op":"error"`) {
				break
			}
		}
	}
	metrics := d.do(http.MethodGet, "/metrics", "", nil)
	require.Equal(t, http.StatusOK, metrics.status)
	require.NotContains(t, string(metrics.raw), canary)
	require.NotContains(t, log.String(), canary)
}
