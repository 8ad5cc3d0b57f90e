package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/floorlight/floorlight/hub/event"
)

const (
	// mostBatch is how many events go in one request.
	mostBatch = 500
	// sideBySide is how many requests are on their way; one of each tenant at most,
	// so that a tenant's events keep their order.
	sideBySide = 8
	mostAnswer = 16 << 20
)

// HTTP publishes by POST /v1/events, a tenant's waiting events in one request,
// and asks by POST /v1/messages.
type HTTP struct {
	url   string
	token func(event.TenantID, Role) (string, error)
	http  *http.Client

	places chan struct{}   // of events on their way
	room   chan struct{}   // of requests on their way
	ctx    context.Context //nolint:containedctx // the life of what is on its way.
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu      sync.Mutex
	waiting map[event.TenantID][]posted
	busy    map[event.TenantID]bool
}

type posted struct {
	raw      []byte
	answered func(uint64, error)
}

// NewHTTP is a publisher that needs no NATS.
func NewHTTP(url string, client *http.Client, token func(event.TenantID, Role) (string, error)) *HTTP {
	ctx, cancel := context.WithCancel(context.Background())
	return &HTTP{
		url: url, token: token, http: client, places: make(chan struct{}, mostOnWay), room: make(chan struct{}, sideBySide),
		ctx: ctx, cancel: cancel, waiting: map[event.TenantID][]posted{}, busy: map[event.TenantID]bool{},
	}
}

// Close gives up what is on its way.
func (h *HTTP) Close() {
	h.cancel()
	h.wg.Wait()
}

// Publish queues the event behind its tenant's.
func (h *HTTP) Publish(ctx context.Context, e *event.Event, answered func(seq uint64, err error)) {
	raw, err := e.Encode()
	if err != nil {
		answered(0, err)
		return
	}
	select {
	case h.places <- struct{}{}:
	case <-ctx.Done():
		answered(0, ctx.Err())
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.waiting[e.Tenant] = append(h.waiting[e.Tenant], posted{raw: raw, answered: answered})
	if tenant := e.Tenant; !h.busy[tenant] {
		h.busy[tenant] = true
		h.wg.Go(func() { h.drain(tenant) }) //nolint:contextcheck // a request carries several callers' events.
	}
}

// drain posts one request after the other until nothing of the tenant waits.
func (h *HTTP) drain(tenant event.TenantID) {
	for {
		select {
		case h.room <- struct{}{}:
		case <-h.ctx.Done():
		}
		h.mu.Lock()
		all := h.waiting[tenant]
		batch := all[:min(len(all), mostBatch)]
		h.waiting[tenant] = all[len(batch):]
		if len(batch) == 0 {
			h.busy[tenant] = false
		}
		h.mu.Unlock()
		if len(batch) > 0 {
			h.post(tenant, batch)
		}
		if h.ctx.Err() == nil {
			<-h.room
		}
		if len(batch) == 0 {
			return
		}
	}
}

// post sends a batch, and again what was not stored. The same id counts once.
func (h *HTTP) post(tenant event.TenantID, batch []posted) {
	var err error
	for try := 0; len(batch) > 0 && try < mostTries && h.ctx.Err() == nil; try++ {
		if try > 0 && !pause(h.ctx, retryPause) {
			break
		}
		var seqs []uint64
		if seqs, err = h.once(tenant, batch); err != nil {
			continue
		}
		var left []posted
		for i, p := range batch {
			if seqs[i] == 0 {
				left = append(left, p)
				continue
			}
			p.answered(seqs[i], nil)
			<-h.places
		}
		batch = left
		err = errors.New("publish: not taken")
	}
	for _, p := range batch {
		p.answered(0, errors.Join(err, h.ctx.Err()))
		<-h.places
	}
}

func (h *HTTP) once(tenant event.TenantID, batch []posted) ([]uint64, error) {
	var body bytes.Buffer
	body.WriteByte('[')
	for i, p := range batch {
		if i > 0 {
			body.WriteByte(',')
		}
		body.Write(p.raw)
	}
	body.WriteByte(']')
	ctx, cancel := context.WithTimeout(h.ctx, 2*ackWait)
	defer cancel()
	_, raw, err := ask(ctx, h.http, h.token, call{
		method: http.MethodPost, url: h.url + "/v1/events", tenant: tenant, role: Service, kind: "application/cloudevents-batch+json", body: body.Bytes(),
	})
	if err != nil {
		return nil, err
	}
	var answer struct {
		Events []struct {
			Seq uint64 `json:"seq"`
		} `json:"events"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil || len(answer.Events) != len(batch) {
		return nil, errors.New("publish: the answer is not one for these events")
	}
	seqs := make([]uint64, len(batch))
	for i := range seqs {
		seqs[i] = answer.Events[i].Seq
	}
	return seqs, nil
}

// Check asks the gate over HTTP.
func (h *HTTP) Check(ctx context.Context, tenant event.TenantID, request []byte) (uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*ackWait)
	defer cancel()
	_, raw, err := ask(ctx, h.http, h.token, call{
		method: http.MethodPost, url: h.url + "/v1/messages", tenant: tenant, role: Service, kind: "application/json", body: request,
	})
	if err != nil {
		return 0, fmt.Errorf("check: %w", err)
	}
	return readVerdict(raw)
}

// call is one request to the server.
type call struct {
	method, url string
	tenant      event.TenantID
	role        Role
	kind        string // of the body
	body        []byte
}

// statusError is an answer that is none.
type statusError struct {
	status int
	code   string
}

func (e *statusError) Error() string { return fmt.Sprintf("HTTP status %d %s", e.status, e.code) }

// ask sends a request and returns the answer's body, or a *statusError.
func ask(ctx context.Context, client *http.Client, token func(event.TenantID, Role) (string, error), c call) (http.Header, []byte, error) {
	bearer, err := token(c.tenant, c.role)
	if err != nil {
		return nil, nil, err
	}
	r, err := http.NewRequestWithContext(ctx, c.method, c.url, bytes.NewReader(c.body))
	if err != nil {
		return nil, nil, err
	}
	r.Header.Set("Authorization", "Bearer "+bearer)
	if c.kind != "" {
		r.Header.Set("Content-Type", c.kind)
	}
	answer, err := client.Do(r)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = answer.Body.Close() }() // it was read.
	raw, err := io.ReadAll(io.LimitReader(answer.Body, mostAnswer))
	if err != nil {
		return nil, nil, err
	}
	if answer.StatusCode >= http.StatusBadRequest {
		var p struct {
			Code string `json:"code"`
		}
		_ = json.Unmarshal(raw, &p) // one that is no problem document has no code.
		return nil, nil, &statusError{status: answer.StatusCode, code: p.Code}
	}
	return answer.Header, jsontext.Value(raw), nil
}
