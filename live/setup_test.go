package live

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
	"github.com/floorlight/floorlight/hub/stream"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

const secretText = "0123456789abcdef0123456789abcdef"

// desk is a whole edge on a real stream and a real hub.
type desk struct {
	*Server

	t         testing.TB
	url       string
	nc        *nats.Conn
	stream    *stream.Stream
	hub       *hub.Hub
	reports   *fakeReports
	documents *documentShelf
	record    *fakeRecord
	tenant    event.TenantID
	ahead     *atomic.Int64 // how far the hub's clock is put forward
}

type nothing struct{}

func (nothing) Fetch(context.Context, event.TenantID, []fold.Ref) (map[fold.Ref][]byte, error) {
	return nil, nil
}

// fakeReports answers with what a test gives it.
type fakeReports struct {
	metrics       func(url.Values) (metric.Answer, error)
	performance   func(url.Values) (Answer, error)
	conversations func(url.Values) (any, error)
	violations    func(url.Values) (any, error)
	conversation  func(event.ConversationID, Scope) (any, error)
	csv           func(io.Writer, url.Values) error
	export        func(io.Writer, Export) error // holds over csv
	store         *stream.Stream
	stored        func(event.ConversationID, event.MessageID) ([]byte, uint64, bool, error)
	verify        func(from, to string) (any, error)
}

func (f *fakeReports) Metrics(_ context.Context, _ event.TenantID, v url.Values, _ time.Time) (Answer, error) {
	if f.metrics == nil {
		return Answer(`{"rows":[]}`), nil
	}
	a, err := f.metrics(v)
	if err != nil {
		return nil, err
	}
	return json.Marshal(a)
}

func (f *fakeReports) AgentPerformance(_ context.Context, _ event.TenantID, v url.Values, _ time.Time) (Answer, error) {
	if f.performance == nil {
		return Answer(`{"rows":[]}`), nil
	}
	return f.performance(v)
}

func (f *fakeReports) Conversations(_ context.Context, _ event.TenantID, v url.Values, _ time.Time) (any, error) {
	if f.conversations == nil {
		return map[string]any{"rows": []any{}}, nil
	}
	return f.conversations(v)
}

func (f *fakeReports) Violations(_ context.Context, _ event.TenantID, v url.Values, _ time.Time) (any, error) {
	if f.violations == nil {
		return map[string]any{"rows": []any{}}, nil
	}
	return f.violations(v)
}

func (f *fakeReports) Conversation(_ context.Context, _ event.TenantID, id event.ConversationID, s Scope) (any, error) {
	if f.conversation == nil {
		return nil, ErrNotFound
	}
	return f.conversation(id, s)
}

func (f *fakeReports) Customer(_ context.Context, _ event.TenantID, id event.CustomerID, _ Scope) (any, error) {
	return map[string]any{"id": id}, nil
}

func (f *fakeReports) Explain(_ context.Context, _ event.TenantID, metric string, v url.Values, _ time.Time) (any, error) {
	return map[string]any{"metric": metric, "side": v.Get("side"), "channel": v["channel"]}, nil
}

func (f *fakeReports) Export(_ context.Context, w io.Writer, e Export) error {
	if f.export != nil {
		return f.export(w, e)
	}
	if f.csv == nil {
		_, err := io.WriteString(w, "day\n")
		return err
	}
	return f.csv(w, e.Params)
}

func (f *fakeReports) Stored(_ context.Context, _ event.TenantID, c event.ConversationID, m event.MessageID) ([]byte, uint64, bool, error) {
	if f.stored == nil {
		return nil, 0, false, nil
	}
	return f.stored(c, m)
}

func (f *fakeReports) Refold(_ context.Context, tenant event.TenantID) (any, error) {
	return map[string]any{"tenant": tenant}, nil
}

func (f *fakeReports) Progress(_ context.Context, tenant event.TenantID) (any, error) {
	return map[string]any{"tenant": tenant, "state": "done"}, nil
}

// Configure publishes: there is no past that could be computed anew.
func (f *fakeReports) Configure(ctx context.Context, tenant event.TenantID, c Configuration) (uint64, any, error) {
	e := event.New(tenant, event.ServerSource, "configured/"+c.By, c.At, &event.TenantConfigured{Profile: c.Preset, Settings: c.Settings, Name: c.Name})
	ack, err := f.store.Publish(ctx, &e)
	return ack.Seq, nil, err
}

func (f *fakeReports) Verify(_ context.Context, _ event.TenantID, from, to string, tell func(VerifyProgress)) (any, error) {
	tell(VerifyProgress{Phase: "folding", Done: 1, Total: 2})
	if f.verify == nil {
		return map[string]any{"differences": []any{}}, nil
	}
	return f.verify(from, to)
}

func (f *fakeReports) Compare(_ context.Context, tenant event.TenantID) (any, error) {
	return map[string]any{"tenant": tenant, "compared": true}, nil
}

func (f *fakeReports) Tenant(_ context.Context, id event.TenantID) (Tenant, error) {
	p, err := metric.NewProfile("wecom", 3, nil)
	return Tenant{ID: id, Name: "Desk of " + string(id), Profile: p}, err
}

func (f *fakeReports) Tenants(ctx context.Context) ([]Tenant, error) {
	t, err := f.Tenant(ctx, "star")
	return []Tenant{t}, err
}

func (f *fakeReports) Profiles(ctx context.Context, id event.TenantID) ([]*metric.Profile, error) {
	t, err := f.Tenant(ctx, id)
	if err != nil {
		return nil, err
	}
	bare, err := metric.NewProfile("wecom", 0, nil)
	return []*metric.Profile{t.Profile, bare}, err
}

// broker starts a NATS server with JetStream for one test.
func broker(tb testing.TB) *nats.Conn {
	tb.Helper()
	ns, err := server.NewServer(&server.Options{
		DontListen: true, JetStream: true, StoreDir: tb.TempDir(), NoSigs: true, NoLog: true,
	})
	require.NoError(tb, err)
	ns.Start()
	require.True(tb, ns.ReadyForConnections(30*time.Second))
	tb.Cleanup(func() {
		ns.Shutdown()
		ns.WaitForShutdown()
	})
	nc, err := nats.Connect("", nats.InProcessServer(ns), nats.MaxReconnects(-1))
	require.NoError(tb, err)
	tb.Cleanup(nc.Close)
	return nc
}

// setup starts a desk of its own. Change may change what it is made of.
func setup(tb testing.TB, change ...func(*Config)) *desk {
	tb.Helper()
	d := &desk{t: tb, tenant: "star", reports: &fakeReports{}, documents: &documentShelf{}, record: &fakeRecord{}, nc: broker(tb), ahead: new(atomic.Int64)}
	var err error
	d.stream, err = stream.Open(tb.Context(), d.nc, stream.Config{MaxBytes: 64 << 20, RefusedMaxBytes: 8 << 20, AckWait: time.Minute, Logger: zerolog.Nop()})
	require.NoError(tb, err)
	tb.Cleanup(d.stream.Close)
	d.reports.store = d.stream
	tally := new(hub.Tally)
	d.hub = hub.New(hub.Config{Restorer: nothing{}, Now: func() time.Time { return time.Now().Add(time.Duration(d.ahead.Load())) }, Tick: 10 * time.Millisecond, Epoch: "t", Logger: zerolog.Nop(), Tally: tally})
	tb.Cleanup(d.hub.Stop)
	d.consume()

	c := Config{
		Secret: []byte(secretText), Version: "1.2.3", Topics: d.hub, Present: d.hub, Conversations: d.hub, Tally: tally,
		Store: d.stream, Tokens: d.stream, Refusal: d.stream, NATS: d.nc, Reports: d.reports, Exports: d.reports, Archive: d.reports, Documents: d.documents, Directories: d.hub, Contests: d.hub, Disputes: d.record, Past: d.record,
		Tenants: d.reports, Verifier: d.reports, Refolder: d.reports, Rules: d.stream, Changes: d.stream, Registry: prometheus.NewRegistry(),
		Logger: zerolog.New(zerolog.NewTestWriter(tb)).Level(zerolog.ErrorLevel),
		Demo: func() Demo {
			return Demo{Past: 1, Tenants: []DemoTenant{{Tenant: "star", Name: "Star", Roles: []DemoRole{{Role: RoleWallboard, Token: "x"}}}}}
		},
	}
	for _, f := range change {
		f(&c)
	}
	d.Server, err = New(c)
	require.NoError(tb, err)
	require.NoError(tb, d.Start(tb.Context()))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(tb, err)
	d.url = "http://" + l.Addr().String()
	served := make(chan error, 1)
	go func() { served <- d.Serve(l) }()
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		require.NoError(tb, d.Stop(ctx))
		require.ErrorIs(tb, <-served, ErrStopped)
		require.NoError(tb, d.Stop(ctx), "stopping twice is fine")
		http.DefaultClient.CloseIdleConnections()
	})
	require.Eventually(tb, d.revoked.ready, time.Minute, time.Millisecond)
	require.Eventually(tb, d.gate.book.loaded.Load, time.Minute, time.Millisecond)
	return d
}

// consume is the goroutine that brings the stream to the hub.
func (d *desk) consume() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = d.stream.Consume(ctx, 1, func(batch []stream.Message) error {
			var out []hub.Delivery
			for _, m := range batch {
				delivery := hub.Delivery{Seq: m.Seq, Arrived: m.Arrived}
				if e, err := event.DecodeMessage(m.Subject, m.Raw, m.Arrived); err == nil {
					delivery.Event = &e
				}
				out = append(out, delivery)
			}
			return d.hub.Deliver(ctx, out)
		})
	}()
	d.t.Cleanup(func() {
		cancel()
		<-done
	})
}

// applied waits until the hub has everything that the stream has.
func (d *desk) applied() {
	d.t.Helper()
	last, err := d.stream.Last(d.t.Context())
	require.NoError(d.t, err)
	ctx, cancel := context.WithTimeout(d.t.Context(), time.Minute)
	defer cancel()
	require.NoError(d.t, d.hub.WaitApplied(ctx, last))
}

// publish stores events and waits for the hub.
func (d *desk) publish(events ...event.Data) {
	d.t.Helper()
	var batch []event.Event
	for _, data := range events {
		batch = append(batch, event.New(d.tenant, "test", randomText(), time.Now(), data))
	}
	for _, r := range d.stream.PublishBatch(d.t.Context(), batch) {
		require.NoError(d.t, r.Err)
	}
	d.applied()
}

// conversation opens one that is assigned to an agent.
func (d *desk) conversation(id event.ConversationID, agent event.AgentID) {
	d.t.Helper()
	d.publish(
		&event.ChannelUpdated{Channel: "web", Name: "Web", Kind: "web"},
		&event.AgentUpdated{Agent: agent, Name: "Agent " + string(agent)},
		&event.ConversationStarted{Conversation: id, Channel: "web", Customer: event.Profile{ID: "u1"}},
		&event.ConversationAssigned{Conversation: id, To: event.Actor{Kind: event.Agent, ID: string(agent)}},
	)
}

// token is one for that role, an hour long.
func (d *desk) token(role Role, change ...func(*Claims)) string {
	d.t.Helper()
	c := Claims{Tenant: d.tenant, User: "u", Role: role, Expires: time.Now().Add(time.Hour)}
	if role == RoleAgent {
		c.Agent = "a1"
	}
	for _, f := range change {
		f(&c)
	}
	text, err := Issue([]byte(secretText), c)
	require.NoError(d.t, err)
	return text
}

// answer is an HTTP answer, read.
type answer struct {
	status int
	header http.Header
	raw    []byte
	json   map[string]any
}

func (a answer) text(field string) string {
	s, _ := a.json[field].(string)
	return s
}

// do asks over HTTP. Body may be nil, a string, or what becomes JSON.
func (d *desk) do(method, path, token string, body any, headers ...string) answer {
	d.t.Helper()
	var r io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		r = strings.NewReader(b)
	case []byte:
		r = bytes.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		require.NoError(d.t, err)
		r = bytes.NewReader(raw)
	}
	request, err := http.NewRequestWithContext(d.t.Context(), method, d.url+path, r)
	require.NoError(d.t, err)
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	if r != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	if host := request.Header.Get("Host"); host != "" {
		request.Host = host
	}
	response, err := http.DefaultClient.Do(request)
	require.NoError(d.t, err)
	defer func() { _ = response.Body.Close() }()
	a := answer{status: response.StatusCode, header: response.Header}
	a.raw, err = io.ReadAll(response.Body)
	require.NoError(d.t, err)
	_ = json.Unmarshal(a.raw, &a.json) // not every answer is JSON.
	return a
}

// problem requires a problem document with that code.
func (a answer) problem(tb testing.TB, status int, code Code) {
	tb.Helper()
	require.Equal(tb, status, a.status, "%s", a.raw)
	require.Equal(tb, problemType, a.header.Get("Content-Type"))
	require.Equal(tb, string(code), a.text("code"), "%s", a.raw)
	require.InDelta(tb, status, a.json["status"], 0)
	require.NotEmpty(tb, a.text("title"))
}

// count is the number of events of a type in the stream.
func (d *desk) count(kind event.Type) int {
	d.t.Helper()
	last, err := d.stream.Last(d.t.Context())
	require.NoError(d.t, err)
	n := 0
	for seq := uint64(1); seq <= last; seq++ {
		m, err := d.stream.At(d.t.Context(), seq)
		require.NoError(d.t, err)
		if e, err := event.Decode(m.Raw); err == nil && e.Type == kind {
			n++
		}
	}
	return n
}
