package live

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
	"github.com/floorlight/floorlight/risk"
)

const risky = "add me on wechat: lily_88"

// ask is a foreign caller's check over NATS, who asks again when the server had no
// time for it.
func (d *desk) ask(request any) map[string]any {
	d.t.Helper()
	for range 10 {
		began := time.Now()
		reply := d.askOnce(request)
		if reply != nil && (reply["error"] == nil || time.Since(began) < checkTimeout) {
			return reply
		}
	}
	require.FailNow(d.t, "no answer came in time")
	return nil
}

// askOnce is ask, nil when no answer comes in time.
func (d *desk) askOnce(request any) map[string]any {
	d.t.Helper()
	raw, ok := request.(string)
	if !ok {
		b, err := json.Marshal(request)
		require.NoError(d.t, err)
		raw = string(b)
	}
	m, err := d.nc.Request("floorsvc."+string(d.tenant)+".message.check", []byte(raw), time.Minute)
	if errors.Is(err, nats.ErrTimeout) {
		return nil
	}
	require.NoError(d.t, err)
	var reply map[string]any
	require.NoError(d.t, json.Unmarshal(m.Data, &reply), "%s", m.Data)
	return reply
}

func message(id, text string) map[string]any {
	return map[string]any{"conversation": "c1", "message": id, "from": map[string]any{"kind": "agent", "id": "a1"}, "text": text}
}

func TestCheckStoresItsVerdict(t *testing.T) {
	t.Parallel()

	d := setup(t)
	d.conversation("c1", "a1")

	allowed := d.ask(message("m1", "your parcel leaves today"))
	require.Equal(t, "allow", allowed["verdict"])
	require.Equal(t, []any{}, allowed["violations"])
	m, err := d.stream.At(t.Context(), uint64(allowed["seq"].(float64)))
	require.NoError(t, err)
	e, err := event.DecodeMessage(m.Subject, m.Raw, m.Arrived)
	require.NoError(t, err)
	require.Equal(t, "check/c1/m1", e.ID)
	require.Equal(t, "floorlight", e.Source)
	sent := e.Data.(*event.MessageSent)
	require.Equal(t, event.Allow, sent.Check.Verdict)
	require.False(t, sent.Deliver, "a caller over NATS delivers")

	blocked := d.do(http.MethodPost, "/v1/messages", d.token(RoleService), message("m2", risky))
	require.Equal(t, http.StatusOK, blocked.status, "%s", blocked.raw)
	require.Equal(t, "block", blocked.text("verdict"))
	violation := blocked.json["violations"].([]any)[0].(map[string]any)
	require.Equal(t, "contact.messenger", violation["rule"])
	require.InDelta(t, strings.Index(risky, "wechat"), violation["start"], 0)
	require.NotEmpty(t, violation["explanation"].(map[string]any)["zh"])
	m, err = d.stream.At(t.Context(), uint64(blocked.json["seq"].(float64)))
	require.NoError(t, err)
	e, err = event.Decode(m.Raw)
	require.NoError(t, err)
	require.Equal(t, risky, e.Data.(*event.MessageBlocked).Text)

	dry := message("m3", risky)
	dry["dry_run"] = true
	before, err := d.stream.Last(t.Context())
	require.NoError(t, err)
	reply := d.ask(dry)
	require.Equal(t, "block", reply["verdict"])
	require.NotContains(t, reply, "seq")
	after, err := d.stream.Last(t.Context())
	require.NoError(t, err)
	require.Equal(t, before, after, "a dry run stores nothing")
}

// TestCheckIsOncePerMessage: however often and by whomever a message id is
// checked, one event is stored and every answer is what that says.
func TestCheckIsOncePerMessage(t *testing.T) {
	t.Parallel()

	d := setup(t)
	d.conversation("c1", "a1")
	var wg sync.WaitGroup
	replies := make([]map[string]any, 20)
	for i := range replies {
		wg.Go(func() {
			// A caller who gets no verdict in time asks again, as often as it takes.
			for replies[i]["verdict"] == nil && t.Context().Err() == nil {
				if i%2 == 0 {
					replies[i] = d.askOnce(message("m1", risky))
				} else {
					replies[i] = d.do(http.MethodPost, "/v1/messages", d.token(RoleService), message("m1", risky)).json
				}
			}
		})
	}
	wg.Wait()
	for _, r := range replies {
		require.Equal(t, replies[0], r)
		require.Equal(t, "block", r["verdict"])
	}
	require.Equal(t, 1, d.count(event.TypeMessageBlocked))

	d.applied()
	d.SetNoRules()
	require.Equal(t, replies[0], d.ask(message("m1", risky)), "answered from what is stored, not by the rules of now")
	require.Equal(t, "block", d.ask(message("m1", "a harmless text"))["verdict"], "what is blocked stays so")

	first := d.ask(message("m2", "hello"))
	require.Equal(t, first, d.ask(message("m2", "hello")))
	other := d.ask(message("m2", "hello again"))
	require.Equal(t, string(CodeMessageReused), other["error"].(map[string]any)["code"], "a text that nobody has read is not allowed")
	d.do(http.MethodPost, "/v1/messages", d.token(RoleService), message("m2", "hello again")).problem(t, http.StatusConflict, CodeMessageReused)
	require.Equal(t, 1, d.count(event.TypeMessageSent))

	// What the stream has let go of is answered from the archive.
	last, err := d.stream.Last(t.Context())
	require.NoError(t, err)
	stored, err := d.stream.At(t.Context(), uint64(first["seq"].(float64)))
	require.NoError(t, err)
	require.NoError(t, d.stream.Purge(t.Context(), last+1))
	require.Equal(t, string(CodeUnavailable), d.ask(message("m2", "hello"))["error"].(map[string]any)["code"])
	d.reports.stored = func(c event.ConversationID, m event.MessageID) ([]byte, uint64, bool, error) {
		require.Equal(t, event.ConversationID("c1"), c)
		require.Equal(t, event.MessageID("m2"), m)
		return stored.Raw, stored.Seq, true, nil
	}
	require.Equal(t, first, d.ask(message("m2", "hello")))

	// A stream that lost its tail has another message where this one was: here
	// another desk's block, of which nobody may hear.
	strange := event.New("moon", "test", "e1", d.now(), &event.MessageBlocked{
		Conversation: "c1", Message: "m2", From: event.Actor{Kind: event.Agent, ID: "a1"}, Text: "x", Violations: []event.Violation{{Rule: "secret", Category: "c", Severity: event.SeverityBlock, End: 1}},
	})
	ack, err := d.stream.Publish(t.Context(), &strange)
	require.NoError(t, err)
	reply, err := d.gate.recall(t.Context(), d.tenant, &CheckRequest{Conversation: "c1", Message: "m2", From: event.Actor{Kind: event.Agent, ID: "a1"}, Text: "hello"}, ack.Seq)
	require.NoError(t, err)
	require.Equal(t, event.Allow, reply.Verdict)
	require.Equal(t, stored.Seq, reply.Seq)

	d.reports.stored = func(event.ConversationID, event.MessageID) ([]byte, uint64, bool, error) {
		return nil, 0, false, ErrUnavailable
	}
	require.Equal(t, string(CodeUnavailable), d.ask(message("m2", "hello"))["error"].(map[string]any)["code"])
}

// SetNoRules puts an engine in force that allows everything.
func (d *desk) SetNoRules() {
	d.t.Helper()
	e, err := risk.Compile(nil)
	require.NoError(d.t, err)
	d.gate.book.tenants.Store(d.tenant, &inForce{version: 1, engine: e})
}

func TestCheckRefusesWhatIsMalformed(t *testing.T) {
	t.Parallel()

	d := setup(t)
	before, err := d.stream.Last(t.Context())
	require.NoError(t, err)
	with := func(change func(map[string]any)) string {
		m := message("m1", "hi")
		change(m)
		raw, err := json.Marshal(m)
		require.NoError(t, err)
		return string(raw)
	}
	for name, tt := range map[string]struct {
		raw, code, field string
	}{
		"no JSON":           {`{`, "not_json", ""},
		"nothing":           {``, "not_json", ""},
		"bad UTF-8":         {"{\"conversation\":\"c1\",\"message\":\"m1\",\"from\":{\"kind\":\"agent\"},\"text\":\"\xff\"}", "not_json", ""},
		"a wrong type":      {with(func(m map[string]any) { m["text"] = 7 }), "invalid_field", "text"},
		"a list":            {`[]`, "invalid_field", ""},
		"null":              {`null`, "missing_field", "conversation"},
		"no conversation":   {with(func(m map[string]any) { delete(m, "conversation") }), "missing_field", "conversation"},
		"no message":        {with(func(m map[string]any) { delete(m, "message") }), "missing_field", "message"},
		"no author":         {with(func(m map[string]any) { delete(m, "from") }), "missing_field", "from.kind"},
		"an unknown author": {with(func(m map[string]any) { m["from"] = map[string]any{"kind": "ghost"} }), "invalid_field", "from.kind"},
		"a broadcast":       {with(func(m map[string]any) { m["from"] = map[string]any{"kind": "broadcast"} }), "invalid_field", "from.kind"},
		"no text":           {with(func(m map[string]any) { delete(m, "text") }), "missing_field", "text"},
		"NUL":               {with(func(m map[string]any) { m["text"] = "a\x00b" }), "invalid_field", "text"},
		"a long id":         {with(func(m map[string]any) { m["message"] = strings.Repeat("m", 129) }), "invalid_field", "message"},
		"64 KiB + 1":        {with(func(m map[string]any) { m["text"] = strings.Repeat("a", 64<<10+1) }), "too_large", "text"},
		"too large around":  {with(func(m map[string]any) { m["text"] = strings.Repeat("a", 64<<10-8) }), "too_large", "data"},
		"far too large":     {with(func(m map[string]any) { m["text"] = strings.Repeat("a", 90<<10) }), "too_large", ""},
	} {
		t.Run(name, func(t *testing.T) {
			fault, _ := d.ask(tt.raw)["error"].(map[string]any)
			require.Equal(t, tt.code, fault["code"])
			require.NotEmpty(t, fault["message"])
			if tt.field != "" {
				require.Equal(t, tt.field, fault["field"])
			}
			a := d.do(http.MethodPost, "/v1/messages", d.token(RoleService), tt.raw)
			require.GreaterOrEqual(t, a.status, 400)
			require.Less(t, a.status, 500)
			require.Equal(t, tt.code, a.text("code"))
			require.Equal(t, tt.code, a.json["error"].(map[string]any)["code"])
		})
	}
	after, err := d.stream.Last(t.Context())
	require.NoError(t, err)
	require.Equal(t, before, after)
}

// brokenStore stores nothing.
type brokenStore struct{ Store }

func (brokenStore) PublishRaw(context.Context, string, []byte, string) (stream.Ack, error) {
	return stream.Ack{}, stream.ErrUnavailable
}

func (brokenStore) PublishMessages(_ context.Context, m []stream.Message) []stream.Result {
	r := make([]stream.Result, len(m))
	for i := range r {
		r[i].Err = stream.ErrFull
	}
	return r
}

func TestWhatCannotBeStoredIsNotAllowed(t *testing.T) {
	t.Parallel()

	var ready atomic.Bool
	ready.Store(true)
	d := setup(t, func(c *Config) {
		c.Store = brokenStore{c.Store}
		c.CaughtUp = func(event.TenantID) bool { return ready.Load() }
	})
	d.conversation("c1", "a1")
	fault, _ := d.ask(message("m1", "hi"))["error"].(map[string]any)
	require.Equal(t, "unavailable", fault["code"])
	a := d.do(http.MethodPost, "/v1/messages", d.token(RoleService), message("m1", "hi"))
	a.problem(t, http.StatusServiceUnavailable, CodeUnavailable)
	require.NotEmpty(t, a.header.Get("Retry-After"))

	agent := d.dial(d.token(RoleAgent))
	agent.send(map[string]any{"op": "send", "id": 1, "conversation": "c1", "message": "m1", "text": "hi"})
	for {
		frame, err := agent.next()
		require.NoError(t, err)
		if frame["op"] == "error" {
			require.Equal(t, "unavailable", frame["code"])
			break
		}
		require.NotEqual(t, "verdict", frame["op"])
	}
	ready.Store(false)
	fault, _ = d.ask(message("m1", "hi"))["error"].(map[string]any)
	require.Equal(t, "not_ready", fault["code"])

	full := d.do(http.MethodPost, "/v1/events", d.token(RoleService), envelope("e1", nil))
	full.problem(t, http.StatusServiceUnavailable, CodeStreamFull)
	require.NotEmpty(t, full.header.Get("Retry-After"))
	require.InDelta(t, 1, full.json["not_stored"], 0)
}

// TestABlockedMessageReachesItsAgent: over the agent's own socket, with rule,
// explanations and offsets; and until it is acknowledged.
func TestABlockedMessageReachesItsAgent(t *testing.T) {
	t.Parallel()

	d := setup(t)
	d.conversation("c1", "a1")
	agent := d.dial(d.token(RoleAgent))
	var m mirror
	require.NoError(t, m.take(agent.subscribe(1, "notifications")))

	agent.send(map[string]any{"op": "send", "id": 2, "conversation": "c1", "message": "m1", "text": risky})
	var verdict map[string]any
	items := func() map[string]any {
		items, _ := m.state.(map[string]any)["items"].(map[string]any)
		return items
	}
	for verdict == nil || len(items()) == 0 {
		frame, err := agent.next()
		require.NoError(t, err)
		require.NotEqual(t, "error", frame["op"], "%v", frame)
		if frame["op"] == "verdict" {
			verdict = frame
		}
		require.NoError(t, m.take(frame))
	}
	require.Equal(t, "block", verdict["verdict"])
	require.Equal(t, "m1", verdict["message"])
	require.InDelta(t, 2, verdict["id"], 0)
	var item string
	for id, v := range items() {
		item = id
		notice := v.(map[string]any)
		require.Equal(t, "message_blocked", notice["kind"])
		require.Equal(t, "c1", notice["conversation"])
		require.Equal(t, risky, notice["text"])
		require.NotEmpty(t, notice["violations"])
	}

	// It is there again for a new connection, and gone after the acknowledgement.
	again := d.dial(d.token(RoleAgent))
	frame := again.subscribe(1, "notifications")
	require.Contains(t, frame["state"].(map[string]any)["items"], item)
	again.send(map[string]any{"op": "ack", "id": 3, "items": []string{item}})
	require.InDelta(t, 3, again.until("ok")["id"], 0)
	for len(items()) > 0 {
		require.NoError(t, m.take(agent.until("delta")))
	}
	d.applied()
	require.Equal(t, http.StatusNoContent, d.do(http.MethodPost, "/v1/notifications/ack", d.token(RoleAgent), map[string]any{"items": []string{item}}).status)
	later := d.dial(d.token(RoleAgent)).subscribe(1, "notifications")
	require.Empty(t, later["state"].(map[string]any)["items"])
	d.do(http.MethodPost, "/v1/notifications/ack", d.token(RoleAgent), map[string]any{"items": []string{}}).problem(t, http.StatusUnprocessableEntity, CodeInvalid)

	// Nor does another server, or this one after a restart, send it again.
	other := hub.New(hub.Config{Restorer: nothing{}, Now: time.Now, Tick: 10 * time.Millisecond, Epoch: "u", Logger: zerolog.Nop()})
	defer other.Stop()
	last, err := d.stream.Last(t.Context())
	require.NoError(t, err)
	for seq := uint64(1); seq <= last; seq++ {
		m, err := d.stream.At(t.Context(), seq)
		require.NoError(t, err)
		e, err := event.DecodeMessage(m.Subject, m.Raw, m.Arrived)
		require.NoError(t, err)
		require.NoError(t, other.Deliver(t.Context(), []hub.Delivery{{Seq: seq, Arrived: m.Arrived, Event: &e}}))
	}
	require.NoError(t, other.WaitApplied(t.Context(), last))
	after, err := other.Snapshot(t.Context(), hub.Request{Tenant: d.tenant, Topic: hub.TopicNotifications, Agent: "a1"})
	require.NoError(t, err)
	require.Contains(t, string(after.Body()), `"items":{}`)

	// An allowed one is for the platform to deliver.
	agent.send(map[string]any{"op": "send", "id": 4, "conversation": "c1", "message": "m2", "text": "your parcel leaves today"})
	verdict = agent.until("verdict")
	require.Equal(t, "allow", verdict["verdict"])
	raw, err := d.stream.At(t.Context(), uint64(verdict["seq"].(float64)))
	require.NoError(t, err)
	e, err := event.Decode(raw.Raw)
	require.NoError(t, err)
	sent := e.Data.(*event.MessageSent)
	require.True(t, sent.Deliver)
	require.Equal(t, event.Actor{Kind: event.Agent, ID: "a1"}, sent.From, "the author is the token's agent")

	// Another agent's conversation is not his.
	stranger := d.dial(d.token(RoleAgent, func(c *Claims) { c.Agent = "a2" }))
	for _, conversation := range []string{"c1", "unknown"} {
		stranger.send(map[string]any{"op": "send", "id": 5, "conversation": conversation, "message": "m3", "text": "hi"})
		for {
			frame, err := stranger.next()
			require.NoError(t, err)
			if frame["op"] == "error" {
				require.Equal(t, string(CodeForbidden), frame["code"])
				break
			}
			require.NotEqual(t, "verdict", frame["op"])
		}
	}
}

func TestMessagesWithoutACheckAreScanned(t *testing.T) {
	t.Parallel()

	d := setup(t)
	ctx, stop := context.WithCancel(t.Context())
	scanned := make(chan struct{})
	go func() { defer close(scanned); d.Gate().Scan(ctx, d.stream) }()
	defer func() { stop(); <-scanned }()
	d.conversation("c1", "a1")
	from := event.Actor{Kind: event.Agent, ID: "a1"}
	when := time.Now().Add(-time.Minute).UTC().Truncate(time.Microsecond)
	for i, tt := range []struct {
		at   time.Time
		data *event.MessageSent
	}{
		{when, &event.MessageSent{Conversation: "c1", Message: "harmless", From: from, Text: "hello"}},
		{when.Add(-time.Hour), &event.MessageSent{Conversation: "c1", Message: "old", From: from, Text: risky}},
		{when, &event.MessageSent{Conversation: "c1", Message: "checked", From: from, Text: risky, Check: &event.Check{Verdict: event.Allow}}},
		{when, &event.MessageSent{Conversation: "c1", Message: "bot", From: event.Actor{Kind: event.Bot, ID: "b"}, Text: risky}},
		{when, &event.MessageSent{Conversation: "c1", Message: "notice", From: from, To: "agent", Text: risky}},
		{when, &event.MessageSent{Conversation: "c1", Message: "risky", From: from, Text: risky}},
	} {
		e := event.New(d.tenant, "test", "scan"+itoa(i), tt.at, tt.data)
		_, err := d.stream.Publish(t.Context(), &e)
		require.NoError(t, err)
	}
	// What the scanner got no time for comes again a minute later.
	require.Eventually(t, func() bool { return d.count(event.TypeMessageFlagged) > 0 }, 3*time.Minute, 10*time.Millisecond)
	last, err := d.stream.Last(t.Context())
	require.NoError(t, err)
	m, err := d.stream.At(t.Context(), last)
	require.NoError(t, err)
	e, err := event.Decode(m.Raw)
	require.NoError(t, err)
	require.Equal(t, "flag/c1/risky", e.ID)
	require.Equal(t, when, e.Time)
	require.NotEmpty(t, e.Data.(*event.MessageFlagged).Violations)
	require.Equal(t, 1, d.count(event.TypeMessageFlagged))
}

func TestCheckIDsDoNotMeet(t *testing.T) {
	t.Parallel()

	require.Equal(t, "check/c42/c42-m9", checkID("check", "c42", "c42-m9"))
	require.NotEqual(t, checkID("check", "a/b", "c"), checkID("check", "a", "b/c"))
	long := event.ConversationID(strings.Repeat("/", event.MaxID))
	id := checkID("check", long, event.MessageID(strings.Repeat("m", event.MaxID)))
	require.LessOrEqual(t, len(id), event.MaxEnvID)
	require.NotEqual(t, id, checkID("check", long, event.MessageID(strings.Repeat("n", event.MaxID))))
}

func TestCheckOverNATSSaysItsNameAndFailsTyped(t *testing.T) {
	t.Parallel()

	d := setup(t)
	m, err := d.nc.Request("$SRV.INFO.floorlight-check", nil, time.Minute)
	require.NoError(t, err)
	require.Contains(t, string(m.Data), checkSubject)
	m, err = d.nc.Request("floorsvc.Not A Tenant.message.check", []byte(`{}`), time.Minute)
	if err == nil { // the server may refuse the subject itself
		require.Contains(t, string(m.Data), `"error"`)
	} else {
		require.True(t, errors.Is(err, nats.ErrBadSubject) || errors.Is(err, nats.ErrNoResponders), err)
	}
	require.Equal(t, "wrong_tenant", func() string {
		raw, err := json.Marshal(message("m", "hi"))
		require.NoError(t, err)
		m, err := d.nc.Request("floorsvc.STAR.message.check", raw, time.Minute)
		require.NoError(t, err)
		var reply struct {
			Error struct {
				Code string `json:"code"`
			} `json:"error"`
		}
		require.NoError(t, json.Unmarshal(m.Data, &reply))
		return reply.Error.Code
	}())
}

// TestAnswersGoToInboxesOnly: whoever asks cannot have the server publish where he may not.
func TestAnswersGoToInboxesOnly(t *testing.T) {
	t.Parallel()

	d := setup(t)
	before, err := d.stream.Last(t.Context())
	require.NoError(t, err)
	for _, reply := range []string{"floor.moon.message.sent.c1", "$KV.floorlight-rules.moon", "$JS.API.STREAM.PURGE.FLOOR", "floorpeer.ask", "floorsvc.moon.message.check"} {
		require.NoError(t, d.nc.PublishRequest("floorsvc.star.message.check", reply, []byte(`{"conversation":"c1","message":"m","from":{"kind":"agent","id":"a1"},"text":"x","dry_run":true}`)))
	}
	answer := d.ask(message("m1", "hello"))
	require.Equal(t, "allow", answer["verdict"], "one behind them is answered: %v", answer)
	require.InDelta(t, 5, testutil.ToFloat64(d.metrics.unanswerable), 0)
	last, err := d.stream.Last(t.Context())
	require.NoError(t, err)
	require.Equal(t, before+1, last)
}
