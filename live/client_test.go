package live

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub"
)

// client is written from the contract alone: it knows nothing of the server's types.
type client struct {
	t   testing.TB
	ws  *websocket.Conn
	ctx context.Context
}

// dial connects with a token, or with a ticket when the token is empty.
func (d *desk) dial(token string, ticket ...string) *client {
	d.t.Helper()
	c, response, err := d.tryDial(token, nil, ticket...)
	if response != nil && response.Body != nil {
		_ = response.Body.Close()
	}
	require.NoError(d.t, err)
	return c
}

func (d *desk) tryDial(token string, header http.Header, ticket ...string) (*client, *http.Response, error) {
	d.t.Helper()
	h := http.Header{}
	maps.Copy(h, header)
	if token != "" {
		h.Set("Authorization", "Bearer "+token)
	}
	address := strings.Replace(d.url, "http", "ws", 1) + "/v1/live"
	if len(ticket) > 0 {
		address += "?ticket=" + url.QueryEscape(ticket[0])
	}
	// As long as a test may take: at its end the connection is closed, and the server sees a client that left.
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	d.t.Cleanup(cancel)
	options := &websocket.DialOptions{HTTPHeader: h, Subprotocols: []string{"floorlight.v1"}}
	if h.Get("X-Narrow") != "" {
		// The client's kernel takes little, so that it is soon seen that nobody reads.
		transport := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := new(net.Dialer).DialContext(ctx, network, address)
			if err == nil {
				err = conn.(*net.TCPConn).SetReadBuffer(64 << 10) //nolint:forcetypeassert // it is one.
			}
			return conn, err
		}}
		d.t.Cleanup(transport.CloseIdleConnections)
		options.HTTPClient = &http.Client{Transport: transport}
	}
	ws, response, err := websocket.Dial(ctx, address, options)
	if err != nil {
		return nil, response, err
	}
	ws.SetReadLimit(-1)
	d.t.Cleanup(func() { _ = ws.CloseNow() })
	return &client{t: d.t, ws: ws, ctx: ctx}, response, nil
}

func (c *client) send(v any) {
	c.t.Helper()
	raw, err := json.Marshal(v)
	require.NoError(c.t, err)
	require.NoError(c.t, c.ws.Write(c.ctx, websocket.MessageText, raw))
}

func (c *client) next() (map[string]any, error) {
	_, raw, err := c.ws.Read(c.ctx)
	if err != nil {
		return nil, err
	}
	var frame map[string]any
	err = json.Unmarshal(raw, &frame)
	return frame, err
}

// until reads on to the first frame with that op.
func (c *client) until(op string) map[string]any {
	c.t.Helper()
	for {
		frame, err := c.next()
		require.NoError(c.t, err, "while waiting for %s", op)
		if frame["op"] == op {
			return frame
		}
		require.NotEqual(c.t, "error", frame["op"], "%v", frame)
	}
}

// code reads on until the connection is closed, and returns its close code.
func (c *client) code() int {
	c.t.Helper()
	for {
		_, err := c.next()
		if err == nil {
			continue
		}
		var closed websocket.CloseError
		require.ErrorAs(c.t, err, &closed)
		return int(closed.Code)
	}
}

// mirror is a topic as a foreign client keeps it.
type mirror struct {
	epoch   string
	version float64
	state   any
	// What came.
	snapshots, deltas int
}

func (m *mirror) take(frame map[string]any) error {
	switch frame["op"] {
	case "snapshot":
		m.snapshots++
		m.state = frame["state"]
	case "delta":
		m.deltas++
		if frame["epoch"] != m.epoch || frame["from"] != m.version {
			return errors.New("the delta does not follow")
		}
		m.state = mergePatch(m.state, frame["patch"])
	default:
		return nil
	}
	m.epoch, _ = frame["epoch"].(string)
	m.version, _ = frame["version"].(float64)
	return nil
}

// sum is the checksum of the state. Go's encoder sorts members; for the
// integers and plain texts of these tests that is RFC 8785.
func (m *mirror) sum(tb testing.TB) string {
	tb.Helper()
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	require.NoError(tb, e.Encode(m.state))
	digest := sha256.Sum256([]byte(strings.TrimSuffix(b.String(), "\n")))
	return hex.EncodeToString(digest[:])
}

// mergePatch is RFC 7396.
func mergePatch(target, patch any) any {
	members, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	object, ok := target.(map[string]any)
	if !ok {
		object = map[string]any{}
	}
	for name, value := range members {
		if value == nil {
			delete(object, name)
		} else {
			object[name] = mergePatch(object[name], value)
		}
	}
	return object
}

// subscribe asks for a topic and returns its first frame.
func (c *client) subscribe(id int, topic string, more ...map[string]any) map[string]any {
	c.t.Helper()
	frame := map[string]any{"op": "subscribe", "id": id, "topic": topic}
	for _, m := range more {
		maps.Copy(frame, m)
	}
	c.send(frame)
	for {
		got, err := c.next()
		require.NoError(c.t, err)
		switch got["op"] {
		case string(hub.OpSnapshot), string(hub.OpDelta), "error":
			return got
		}
	}
}

func (c *client) close() { _ = c.ws.CloseNow() }
