package live

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
)

// events is a stream of server-sent events, as a browser's EventSource reads it.
type events struct {
	t    testing.TB
	body io.ReadCloser
	in   *bufio.Scanner
}

type sent struct{ id, name, data string }

func (d *desk) follow(path, token string, headers ...string) *events {
	d.t.Helper()
	r, err := http.NewRequestWithContext(d.t.Context(), http.MethodGet, d.url+path, nil)
	require.NoError(d.t, err)
	r.Header.Set("Authorization", "Bearer "+token)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(r)
	require.NoError(d.t, err)
	d.t.Cleanup(func() { _ = response.Body.Close() })
	require.Equal(d.t, http.StatusOK, response.StatusCode)
	require.Equal(d.t, "text/event-stream", response.Header.Get("Content-Type"))
	e := &events{t: d.t, body: response.Body, in: bufio.NewScanner(response.Body)}
	e.in.Buffer(nil, 1<<20)
	return e
}

// read returns the next event, false at the end.
func (e *events) read() (sent, bool) {
	var s sent
	for e.in.Scan() {
		name, value, _ := strings.Cut(e.in.Text(), ": ")
		switch name {
		case "id":
			s.id = value
		case "event":
			s.name = value
		case "data":
			s.data = value
		case "":
			if s.name != "" {
				return s, true
			}
		}
	}
	return s, false
}

func (e *events) next() sent {
	e.t.Helper()
	s, ok := e.read()
	require.True(e.t, ok, "the stream ended")
	return s
}

// last reads to the end and returns the last event.
func (e *events) last() sent {
	var last sent
	for {
		s, ok := e.read()
		if !ok {
			return last
		}
		last = s
	}
}

func TestEventsFollowAndResume(t *testing.T) {
	t.Parallel()

	d := setup(t)
	token := d.token(RoleOwner)
	e := d.follow("/v1/live/queue/events?channel=web", token)
	var m mirror
	take := func(s sent) {
		var frame map[string]any
		require.NoError(t, json.Unmarshal([]byte(s.data), &frame))
		require.Equal(t, s.name, frame["op"])
		require.NoError(t, m.take(frame))
	}
	first := e.next()
	require.Equal(t, "snapshot", first.name)
	take(first)
	d.publish(&event.ConversationStarted{Conversation: "c1", Channel: "web", Customer: event.Profile{ID: "u"}}, &event.ConversationQueued{Conversation: "c1"})
	var s sent
	for s = e.next(); s.name != "delta"; s = e.next() {
	}
	take(s)
	require.NotEmpty(t, s.id)
	require.NoError(t, e.body.Close())

	d.publish(&event.ConversationStarted{Conversation: "c2", Channel: "web", Customer: event.Profile{ID: "v"}}, &event.ConversationQueued{Conversation: "c2"})
	again := d.follow("/v1/live/queue/events?channel=web", token, "Last-Event-ID", s.id)
	for {
		s = again.next()
		require.NotEqual(t, "snapshot", s.name, "what was missed comes as deltas")
		take(s)
		if waiting, _ := m.state.(map[string]any)["waiting"].(map[string]any); waiting["c2"] != nil {
			break
		}
	}
	for s = again.next(); s.name != "beat"; s = again.next() {
	}
	require.Empty(t, s.id)

	d.do(http.MethodGet, "/v1/live/queue/events", token, nil, "Last-Event-ID", "x").problem(t, http.StatusBadRequest, CodeInvalid)
	d.do(http.MethodGet, "/v1/live/weather/events", token, nil).problem(t, http.StatusNotFound, CodeUnknownTopic)
	d.do(http.MethodGet, "/v1/live/queue/events?colour=red", token, nil).problem(t, http.StatusBadRequest, CodeInvalid)
}
