package live

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
)

// documentShelf keeps documents in memory, as the history does.
type documentShelf struct {
	mu   sync.Mutex
	kept map[string][]Document // by tenant, kind and id; oldest first
	err  error                 // of every call, if set
}

func shelfKey(tenant event.TenantID, kind DocumentKind, id string) string {
	return string(tenant) + "\x00" + string(kind) + "\x00" + id
}

func (s *documentShelf) Documents(_ context.Context, tenant event.TenantID, kind DocumentKind) ([]Document, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Document
	for key, versions := range s.kept {
		if last := versions[len(versions)-1]; strings.HasPrefix(key, shelfKey(tenant, kind, "")) && !last.Deleted {
			out = append(out, last)
		}
	}
	slices.SortFunc(out, func(a, b Document) int { return strings.Compare(a.ID, b.ID) })
	return out, s.err
}

func (s *documentShelf) Versions(_ context.Context, tenant event.TenantID, kind DocumentKind, id string, before int64, limit int) ([]Document, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Document
	for _, d := range slices.Backward(s.kept[shelfKey(tenant, kind, id)]) {
		if (before == 0 || d.Version < before) && len(out) < limit {
			out = append(out, d)
		}
	}
	return out, s.err
}

func (s *documentShelf) PutDocument(_ context.Context, tenant event.TenantID, next Document) (Document, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := shelfKey(tenant, next.Kind, next.ID)
	if s.err != nil {
		return Document{}, s.err
	}
	if int64(len(s.kept[key])) != next.Version {
		return Document{}, ErrVersion
	}
	next.Version++
	if s.kept == nil {
		s.kept = map[string][]Document{}
	}
	s.kept[key] = append(s.kept[key], next)
	return next, nil
}

func TestBoards(t *testing.T) {
	t.Parallel()
	d := setup(t)
	supervisor := d.token(RoleSupervisor)
	board := func(version int, tiles ...string) map[string]any {
		list := []any{}
		for _, id := range tiles {
			list = append(list, map[string]any{"metric": id})
		}
		return map[string]any{"name": "East wall", "tiles": list, "agents": true, "queue": false, "version": version}
	}
	a := d.do(http.MethodPut, "/v1/boards/east", supervisor, board(0, "queue_length", "reply_rate"))
	require.Equal(t, http.StatusOK, a.status, "%s", a.raw)
	require.Equal(t, "u", a.text("by"))
	require.InDelta(t, 1, a.json["version"], 0)
	d.do(http.MethodPut, "/v1/boards/east", supervisor, board(0, "queue_length")).problem(t, http.StatusConflict, CodeConflict)
	d.do(http.MethodPut, "/v1/boards/west", supervisor, board(0, "no_such_metric")).problem(t, http.StatusBadRequest, CodeInvalid)
	d.do(http.MethodPut, "/v1/boards/west", supervisor, board(0, "sessions", "sessions")).problem(t, http.StatusBadRequest, CodeInvalid)
	require.GreaterOrEqual(t, d.do(http.MethodPut, "/v1/boards/west", supervisor, board(0)).status, 400, "no tile")
	require.GreaterOrEqual(t, d.do(http.MethodPut, "/v1/boards/No%20Id", supervisor, board(0, "sessions")).status, 400)

	list := d.do(http.MethodGet, "/v1/boards", d.token(RoleWallboard), nil)
	require.Equal(t, http.StatusOK, list.status)
	require.Len(t, list.json["boards"], 1)
	other := d.do(http.MethodGet, "/v1/boards", d.token(RoleSupervisor, func(c *Claims) { c.Tenant = "other" }), nil)
	require.Empty(t, other.json["boards"], "another desk's")

	require.Equal(t, http.StatusNoContent, d.do(http.MethodDelete, "/v1/boards/east", supervisor, nil).status)
	d.do(http.MethodGet, "/v1/boards/east", supervisor, nil).problem(t, http.StatusNotFound, CodeNotFound)
	d.do(http.MethodDelete, "/v1/boards/east", supervisor, nil).problem(t, http.StatusNotFound, CodeNotFound)
	back := d.do(http.MethodPut, "/v1/boards/east", supervisor, board(2, "queue_length", "reply_rate"))
	require.Equal(t, http.StatusOK, back.status, "a deletion can be undone: %s", back.raw)
	require.Equal(t, http.StatusOK, d.do(http.MethodGet, "/v1/boards/east", supervisor, nil).status)

	d.documents.err = ErrUnavailable
	down := d.do(http.MethodGet, "/v1/boards", supervisor, nil)
	down.problem(t, http.StatusServiceUnavailable, CodeUnavailable)
	require.NotEmpty(t, down.header.Get("Retry-After"))
}

func TestThresholds(t *testing.T) {
	t.Parallel()
	d := setup(t)
	supervisor := d.token(RoleSupervisor)
	empty := d.do(http.MethodGet, "/v1/thresholds", supervisor, nil)
	require.Equal(t, http.StatusOK, empty.status)
	require.Empty(t, empty.json["thresholds"])
	for _, tt := range []struct {
		name  string
		one   map[string]any
		taken bool
	}{
		{"waiting", map[string]any{"metric": "queue_length", "warning": 5, "critical": 10}, true},
		{"a team's rate", map[string]any{"metric": "reply_rate", "team": "t1", "critical": 0.8}, true},
		{"either way round for what has no direction", map[string]any{"metric": "sessions", "warning": 100, "above": true}, true},
		{"unknown", map[string]any{"metric": "nothing", "warning": 5}, false},
		{"nothing said", map[string]any{"metric": "queue_length"}, false},
		{"turned round", map[string]any{"metric": "queue_length", "warning": 10, "critical": 5}, false},
		{"turned round where more is better", map[string]any{"metric": "reply_rate", "warning": 0.8, "critical": 0.9}, false},
		{"a percentage", map[string]any{"metric": "reply_rate", "warning": 90}, false},
		{"negative", map[string]any{"metric": "queue_length", "warning": -1}, false},
		{"no direction", map[string]any{"metric": "sessions", "warning": 5}, false},
		{"money", map[string]any{"metric": "revenue_after_inquiry", "warning": 5, "above": true}, false},
	} {
		var version float64
		if v, ok := d.do(http.MethodGet, "/v1/thresholds", supervisor, nil).json["version"].(float64); ok {
			version = v
		}
		a := d.do(http.MethodPut, "/v1/thresholds", supervisor, map[string]any{"thresholds": []any{tt.one}, "version": version})
		if tt.taken {
			require.Equal(t, http.StatusOK, a.status, "%s: %s", tt.name, a.raw)
			continue
		}
		a.problem(t, http.StatusBadRequest, CodeInvalid)
	}
	twice := map[string]any{"metric": "queue_length", "warning": 5}
	d.do(http.MethodPut, "/v1/thresholds", supervisor, map[string]any{"thresholds": []any{twice, twice}, "version": 3}).problem(t, http.StatusBadRequest, CodeInvalid)
}

func TestKioskLinks(t *testing.T) {
	t.Parallel()
	d := setup(t)
	narrow := d.token(RoleSupervisor, func(c *Claims) { c.Teams = []event.TeamID{"t1", "t2"} })
	d.do(http.MethodPost, "/v1/kiosks", narrow, map[string]any{"name": "Hall", "teams": []string{"t3"}}).problem(t, http.StatusForbidden, CodeForbidden)
	d.do(http.MethodPost, "/v1/kiosks", narrow, map[string]any{"name": "Hall", "board": "nowhere"}).problem(t, http.StatusBadRequest, CodeInvalid)
	made := d.do(http.MethodPost, "/v1/kiosks", narrow, map[string]any{"name": "Hall", "teams": []string{"t2"}})
	require.Equal(t, http.StatusOK, made.status, "%s", made.raw)
	claims, err := ReadToken([]byte(secretText), made.text("token"), time.Now())
	require.NoError(t, err)
	require.Equal(t, RoleWallboard, claims.Role)
	require.Equal(t, []event.TeamID{"t2"}, claims.Teams)
	require.Equal(t, "/wallboard#token="+made.text("token"), made.text("path"))
	wide := d.do(http.MethodPost, "/v1/kiosks", d.token(RoleAdmin), map[string]any{"name": "Everything"})
	require.Equal(t, http.StatusOK, wide.status)

	list := d.do(http.MethodGet, "/v1/tokens", narrow, nil)
	require.Len(t, list.json["tokens"], 1, "only what is within the own teams")
	require.NotContains(t, string(list.raw), made.text("token"), "never the token itself")
	d.do(http.MethodDelete, "/v1/tokens/"+wide.text("id"), narrow, nil).problem(t, http.StatusForbidden, CodeForbidden)
	d.do(http.MethodDelete, "/v1/tokens/other.abc", narrow, nil).problem(t, http.StatusNotFound, CodeNotFound)

	screen := d.dial(made.text("token"))
	require.Equal(t, "snapshot", screen.subscribe(1, "wallboard")["op"])
	require.Equal(t, http.StatusNoContent, d.do(http.MethodDelete, "/v1/tokens/"+made.text("id"), narrow, nil).status)
	require.Equal(t, http.StatusNoContent, d.do(http.MethodDelete, "/v1/tokens/"+made.text("id"), narrow, nil).status, "twice is once")
	require.Eventually(t, func() bool {
		return d.do(http.MethodGet, "/v1/boards", made.text("token"), nil).status == http.StatusUnauthorized
	}, time.Minute, 10*time.Millisecond)
	list = d.do(http.MethodGet, "/v1/tokens", narrow, nil)
	require.Contains(t, string(list.raw), "revoked_at")
}

func TestDirectoryIsWithinTheScope(t *testing.T) {
	t.Parallel()
	d := setup(t)
	d.publish(
		&event.TeamUpdated{Team: "t1", Name: "One"}, &event.TeamUpdated{Team: "t2", Name: "Two"},
		&event.AgentUpdated{Agent: "a1", Name: "Ann", Teams: []event.TeamID{"t1"}},
		&event.AgentUpdated{Agent: "a2", Name: "Bo", Teams: []event.TeamID{"t2"}},
	)
	names := func(token string) string { return string(d.do(http.MethodGet, "/v1/directory", token, nil).raw) }
	require.Contains(t, names(d.token(RoleAdmin)), "Bo")
	one := names(d.token(RoleSupervisor, func(c *Claims) { c.Teams = []event.TeamID{"t1"} }))
	require.Contains(t, one, "Ann")
	require.NotContains(t, one, "Bo")
	require.NotContains(t, one, "Two")
	own := names(d.token(RoleAgent))
	require.Contains(t, own, "Ann")
	require.NotContains(t, own, "Bo")
}

// TestChangesArePushed: whoever looks at a board hears within a moment that
// somebody has stored another, and nobody else does.
func TestChangesArePushed(t *testing.T) {
	t.Parallel()

	d := setup(t)
	kiosk, agent := d.dial(d.token(RoleWallboard)), d.dial(d.token(RoleAgent))
	elsewhere := d.dial(d.token(RoleWallboard, func(c *Claims) { c.Tenant = "moon" }))
	for _, c := range []*client{kiosk, agent, elsewhere} {
		c.until("hello")
	}
	put := func(path string, body any) {
		a := d.do(http.MethodPut, path, d.token(RoleSupervisor), body)
		require.Equal(t, http.StatusOK, a.status, "%s", a.raw)
	}
	// The server follows the announcements from a moment of its own after its start.
	frames := make(chan map[string]any, 1000)
	go func() {
		defer close(frames)
		for {
			frame, err := kiosk.next()
			if err != nil {
				return
			}
			if frame["op"] == "changed" {
				frames <- frame
			}
		}
	}()
	version := 0.0
	var last map[string]any
	require.Eventually(t, func() bool {
		put("/v1/thresholds", map[string]any{"thresholds": []any{map[string]any{"metric": "queue_length", "warning": 3}}, "version": version})
		version++
		late := time.After(100 * time.Millisecond)
		for {
			select {
			case last = <-frames:
				if last["version"] == version { // else one of before, which has come late
					return true
				}
			case <-late:
				return false
			}
		}
	}, time.Minute, 10*time.Millisecond)
	require.Equal(t, map[string]any{"op": "changed", "kind": "thresholds", "id": "desk", "version": version}, last)
	board := map[string]any{"name": "Hall", "tiles": []any{map[string]any{"metric": "queue_length"}}, "agents": true, "queue": true, "version": 0}
	put("/v1/boards/hall", board)
	next := func(kind string) map[string]any {
		for frame := range frames {
			if frame["kind"] == kind { // a late one of the limits may come before
				return frame
			}
		}
		return nil
	}
	require.Equal(t, map[string]any{"op": "changed", "kind": "board", "id": "hall", "version": 1.0}, next("board"))
	require.Equal(t, http.StatusNoContent, d.do(http.MethodDelete, "/v1/boards/hall", d.token(RoleSupervisor), nil).status)
	require.InDelta(t, 2, next("board")["version"], 0)
	require.Equal(t, http.StatusOK, d.do(http.MethodPost, "/v1/refold", d.token(RoleOwner), struct{}{}).status)
	require.Equal(t, map[string]any{"op": "changed", "kind": "refold"}, next("refold"))

	// An agent's socket and another desk's have had none of these, only what they asked
	// for and beats.
	for _, c := range []*client{agent, elsewhere} {
		c.send(map[string]any{"op": "ping", "id": 9})
		for op := any(""); op != "pong"; {
			frame, err := c.next()
			require.NoError(t, err)
			op = frame["op"]
			require.NotEqual(t, "changed", op)
		}
	}
}
