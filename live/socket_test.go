package live

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
)

func TestSocketFollowsATopic(t *testing.T) {
	t.Parallel()

	d := setup(t)
	c := d.dial(d.token(RoleOwner))
	hello := c.until("hello")
	require.Equal(t, "floorlight/1.2.3", hello["server"])
	require.NotEmpty(t, hello["session"])
	require.Equal(t, Subprotocol, c.ws.Subprotocol())

	var m mirror
	require.NoError(t, m.take(c.subscribe(1, "queue")))
	require.NotEmpty(t, m.epoch)
	d.publish(
		&event.ConversationStarted{Conversation: "c1", Channel: "web", Customer: event.Profile{ID: "u1"}},
		&event.ConversationQueued{Conversation: "c1"},
	)
	for {
		frame := c.until("delta")
		require.InDelta(t, 1, frame["sub"], 0)
		require.NoError(t, m.take(frame))
		if waiting, _ := m.state.(map[string]any)["waiting"].(map[string]any); waiting["c1"] != nil {
			break
		}
	}
	c.send(map[string]any{"op": "check", "id": 2, "sub": 1})
	sum := c.until("sum")
	require.InDelta(t, 2, sum["id"], 0)
	require.InDelta(t, m.version, sum["version"], 0)
	require.Equal(t, m.sum(t), sum["sum"])

	c.send(map[string]any{"op": "ping", "id": 3})
	require.InDelta(t, 3, c.until("pong")["id"], 0)
	c.send(map[string]any{"op": "unsubscribe", "id": 4, "sub": 1})
	require.InDelta(t, 4, c.until("ok")["id"], 0)
	beat := c.until("beat")
	require.NotEmpty(t, beat["now"])
	require.Contains(t, beat, "lag_ms")
}

// TestSocketResumesAfterDrops: a client that loses its connection at random ends
// with the state of one that never did.
func TestSocketResumesAfterDrops(t *testing.T) {
	t.Parallel()

	d := setup(t)
	random := rand.New(rand.NewPCG(1, 2))
	steady := d.dial(d.token(RoleOwner))
	var whole, torn mirror
	require.NoError(t, whole.take(steady.subscribe(1, "queue")))
	flaky := d.dial(d.token(RoleOwner))
	require.NoError(t, torn.take(flaky.subscribe(1, "queue")))
	for i := range 60 {
		id := event.ConversationID(fmt.Sprintf("c%d", i%20))
		if random.IntN(3) > 0 {
			d.publish(
				&event.ConversationStarted{Conversation: id, Channel: "web", Customer: event.Profile{ID: event.CustomerID("u" + string(id))}},
				&event.ConversationQueued{Conversation: id},
			)
		} else {
			d.publish(&event.ConversationClosed{Conversation: id, By: event.Actor{Kind: event.Customer}})
		}
		if random.IntN(6) == 0 {
			flaky.close()
			flaky = d.dial(d.token(RoleOwner))
			flaky.send(map[string]any{
				"op": "subscribe", "id": 1, "topic": "queue", "since": map[string]any{"epoch": torn.epoch, "version": torn.version},
			})
		}
	}
	settle := func(c *client, m *mirror) {
		// The last change is already in the hub; the tick may still be to come.
		snapshot := d.do(http.MethodGet, "/v1/live/queue", d.token(RoleOwner), nil)
		want, _ := snapshot.json["version"].(float64)
		for m.version < want {
			frame, err := c.next()
			require.NoError(t, err)
			require.NotEqual(t, "error", frame["op"])
			require.NoError(t, m.take(frame))
		}
	}
	d.publish(&event.ConversationStarted{Conversation: "last", Channel: "web", Customer: event.Profile{ID: "u"}}, &event.ConversationQueued{Conversation: "last"})
	inQueue := func() bool {
		a := d.do(http.MethodGet, "/v1/live/queue", d.token(RoleOwner), nil)
		state, _ := a.json["state"].(map[string]any)
		waiting, _ := state["waiting"].(map[string]any)
		return waiting["last"] != nil
	}
	require.Eventually(t, inQueue, time.Minute, 5*time.Millisecond)
	settle(steady, &whole)
	settle(flaky, &torn)
	require.Equal(t, whole.state, torn.state)
	require.Equal(t, 1, torn.snapshots, "what was missed came as deltas")
	require.NotZero(t, torn.deltas)
}

func TestSocketAnswersWhatIsWrong(t *testing.T) {
	t.Parallel()

	d := setup(t)
	c := d.dial(d.token(RoleSupervisor, func(c *Claims) { c.Teams = []event.TeamID{"t1"} }))
	c.until("hello")
	c.subscribe(1, "queue")
	for _, tt := range []struct {
		frame string
		code  Code
		field string
	}{
		{`{"op":"dance","id":9}`, CodeUnknownOp, ""},
		{`{"id":9}`, CodeUnknownOp, ""},
		{`{"op":"subscribe","topic":"queue"}`, CodeInvalid, "id"},
		{`{"op":"subscribe","id":"9","topic":"queue"}`, CodeInvalid, "id"},
		{`{"op":"subscribe","id":-1,"topic":"queue"}`, CodeInvalid, "id"},
		{`{"op":"subscribe","id":9007199254740993,"topic":"queue"}`, CodeInvalid, "id"},
		{`{"op":"subscribe","id":9,"topic":7}`, CodeInvalid, "topic"},
		{`{"op":"subscribe","id":9,"topic":"weather"}`, CodeUnknownTopic, ""},
		{`{"op":"subscribe","id":1,"topic":"queue"}`, CodeSubInUse, ""},
		{`{"op":"subscribe","id":9,"topic":"notifications"}`, CodeForbidden, ""},
		{`{"op":"subscribe","id":9,"topic":"queue","filter":{"team":["t2"]}}`, CodeForbidden, "team"},
		{`{"op":"subscribe","id":9,"topic":"queue","filter":{"team":[""]}}`, CodeInvalid, "team"},
		{`{"op":"subscribe","id":9,"topic":"queue","filter":{"channel":["a\u0000"]}}`, CodeInvalid, "channel"},
		{`{"op":"subscribe","id":9,"topic":"queue","filter":{"intent":["logistics"]}}`, CodeInvalid, "filter"},
		{`{"op":"subscribe","id":9,"topic":"queue","since":{"epoch":1}}`, CodeInvalid, "since.epoch"},
		{`{"op":"unsubscribe","id":9,"sub":77}`, CodeUnknownSub, "sub"},
		{`{"op":"unsubscribe","id":9}`, CodeInvalid, "sub"},
		{`{"op":"check","id":9,"sub":77}`, CodeUnknownSub, "sub"},
		{`{"op":"check","sub":1}`, CodeInvalid, "id"},
		{`{"op":"ack","id":9,"items":["x"]}`, CodeForbidden, ""},
		{`{"op":"send","id":9,"conversation":"c1","message":"m1","text":"hi"}`, CodeForbidden, ""},
	} {
		require.NoError(t, c.ws.Write(c.ctx, websocket.MessageText, []byte(tt.frame)))
		for {
			frame, err := c.next()
			require.NoError(t, err, tt.frame)
			if frame["op"] != "error" {
				continue
			}
			require.Equal(t, string(tt.code), frame["code"], tt.frame)
			require.NotEmpty(t, frame["message"], tt.frame)
			if tt.field != "" {
				require.Equal(t, tt.field, frame["field"], tt.frame)
			}
			if strings.Contains(tt.frame, `"id":9,`) || strings.HasSuffix(tt.frame, `"id":9}`) {
				require.InDelta(t, 9, frame["id"], 0, tt.frame)
			}
			break
		}
	}
	// After all that the connection still serves.
	c.send(map[string]any{"op": "ping", "id": 10})
	c.until("pong")
}

func TestSocketClosesWhatIsNoProtocol(t *testing.T) {
	t.Parallel()

	d := setup(t)
	for _, tt := range []struct {
		name string
		kind websocket.MessageType
		raw  []byte
		code int
	}{
		{"not JSON", websocket.MessageText, []byte(`{"op":`), 4400},
		{"a list", websocket.MessageText, []byte(`[1]`), 4400},
		{"null", websocket.MessageText, []byte(`null`), 4400},
		{"twice the same member", websocket.MessageText, []byte(`{"op":"ping","op":"ping"}`), 4400},
		{"bad UTF-8", websocket.MessageText, []byte("{\"op\":\"ping\",\"topic\":\"\xff\"}"), 4400},
		{"binary", websocket.MessageBinary, []byte(`{"op":"ping","id":1}`), 4400},
		{"too large", websocket.MessageText, bytes.Repeat([]byte(" "), mostFrame+1), 4400},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := d.dial(d.token(RoleOwner))
			require.NoError(t, c.ws.Write(c.ctx, tt.kind, tt.raw))
			require.Equal(t, tt.code, c.code())
		})
	}
	t.Run("too many", func(t *testing.T) {
		c := d.dial(d.token(RoleOwner))
		go func() {
			for c.ws.Write(c.ctx, websocket.MessageText, []byte(`{"op":"ping","id":1}`)) == nil {
				continue // until it is closed
			}
		}()
		require.Equal(t, 4429, c.code())
	})
	t.Run("no subprotocol", func(t *testing.T) {
		a := d.do(http.MethodGet, "/v1/live", d.token(RoleOwner), nil, "Connection", "Upgrade", "Upgrade", "websocket")
		a.problem(t, http.StatusBadRequest, CodeProtocol)
	})
	t.Run("too many subscriptions", func(t *testing.T) {
		c := d.dial(d.token(RoleOwner))
		for i := range mostSubs {
			require.Equal(t, "snapshot", c.subscribe(i, "floor")["op"])
		}
		require.Equal(t, string(CodeTooManySubs), c.subscribe(mostSubs, "floor")["code"])
	})
}

// flood changes the queue until somebody's connection is full. The hub's clock stands
// still, so that nobody counts as stalled before that, however long it takes.
func (d *desk) flood() {
	d.t.Helper()
	question := strings.Repeat("where is my parcel? ", 60)
	began, ahead := time.Now(), d.ahead.Load()
	for i := 0; d.tally(hub.ReasonQueueFull) == 0; i++ {
		require.Less(d.t, i, 500, "nobody was skipped")
		d.ahead.Store(ahead - int64(time.Since(began)))
		var events []event.Data
		for k := range 40 {
			id := event.ConversationID(fmt.Sprintf("c%d-%d", i, k))
			events = append(events,
				&event.ConversationStarted{Conversation: id, Channel: "web", Customer: event.Profile{ID: event.CustomerID(id)}},
				&event.MessageSent{Conversation: id, Message: "m", From: event.Actor{Kind: event.Customer, ID: string(id)}, Text: question},
				&event.ConversationQueued{Conversation: id},
			)
			if i > 0 {
				events = append(events, &event.ConversationClosed{
					Conversation: event.ConversationID(fmt.Sprintf("c%d-%d", i-1, k)), By: event.Actor{Kind: event.Customer},
				})
			}
		}
		d.publish(events...)
	}
}

// unhurried lets a client take a frame for longer than any flood.
func unhurried(c *Config) { c.writeWait = 10 * time.Minute }

// tally is how often a reader has suffered that.
func (d *desk) tally(reason hub.Reason) uint64 { return d.cfg.Tally.Count(reason) }

// narrow connects a client whose kernel takes little.
func (d *desk) narrow() *client {
	d.t.Helper()
	c, response, err := d.tryDial(d.token(RoleOwner), http.Header{"X-Narrow": {"1"}})
	require.NoError(d.t, err)
	if response.Body != nil {
		require.NoError(d.t, response.Body.Close())
	}
	return c
}

// TestStalledReaderIsClosed: whoever takes nothing for 30 s is told to come back,
// if he reads on just then; otherwise he is cut off.
func TestStalledReaderIsClosed(t *testing.T) {
	t.Parallel()

	for _, reads := range []bool{true, false} {
		t.Run(fmt.Sprintf("reads on %v", reads), func(t *testing.T) {
			t.Parallel()

			d := setup(t, unhurried, func(c *Config) {
				if reads {
					c.closeGrace = 10 * time.Minute
				}
			})
			c := d.narrow()
			c.subscribe(1, "queue")
			d.flood()
			// Two looks at the connection, 31 s of the hub's clock apart.
			for d.tally(hub.ReasonStalled) == 0 {
				d.ahead.Add(int64(31 * time.Second))
				d.publish(&event.ChannelUpdated{Channel: "web", Name: "Web", Kind: "web"})
				require.Equal(t, http.StatusOK, d.do(http.MethodGet, "/v1/live/floor", d.token(RoleOwner), nil).status)
				for began := time.Now(); d.tally(hub.ReasonStalled) == 0 && time.Since(began) < 300*time.Millisecond; <-time.After(time.Millisecond) {
					continue
				}
			}
			if reads {
				require.Equal(t, 1013, c.code())
			}
			require.Eventually(t, func() bool { return len(d.sockets.list()) == 0 }, 2*closeGrace+30*time.Second, 10*time.Millisecond)
		})
	}
}

// TestSlowReaderIsSkippedForward: a client that does not read holds nobody up, and when it
// reads on its deltas still lead to the topic's state.
func TestSlowReaderIsSkippedForward(t *testing.T) {
	t.Parallel()

	d := setup(t, unhurried)
	slow := d.narrow()
	var m mirror
	require.NoError(t, m.take(slow.subscribe(1, "queue")))
	d.flood()
	d.publish(&event.ConversationStarted{Conversation: "last", Channel: "web", Customer: event.Profile{ID: "u"}}, &event.ConversationQueued{Conversation: "last"})
	for {
		frame, err := slow.next()
		require.NoError(t, err)
		require.NoError(t, m.take(frame))
		if waiting, _ := m.state.(map[string]any)["waiting"].(map[string]any); waiting["last"] != nil {
			break
		}
	}
	now := d.do(http.MethodGet, "/v1/live/queue", d.token(RoleOwner), nil)
	require.InDelta(t, m.version, now.json["version"], 0)
	require.Equal(t, now.json["state"], m.state)
}

func TestStopTellsSocketsToComeBack(t *testing.T) {
	t.Parallel()

	d := setup(t)
	c := d.dial(d.token(RoleOwner))
	c.until("hello")
	deaf := d.dial(d.token(RoleOwner)) // it never reads, and cannot hold the stop up
	done := make(chan error, 1)
	go func() { done <- d.Stop(t.Context()) }()
	require.Equal(t, 1012, c.code())
	select {
	case err := <-done:
		require.NoError(t, err)
	case <-time.After(30 * time.Second):
		t.Fatal("the stop hangs")
	}
	deaf.close()
	_, err := net.DialTimeout("tcp", strings.TrimPrefix(d.url, "http://"), time.Second)
	require.Error(t, err)
}
