package live

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/micro"
	"github.com/rs/zerolog"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
)

const (
	// checkSubject has the tenant in the place of the star.
	checkSubject = "floorsvc.*.message.check"
	// mostChecksAtOnce is how many requests are worked on at a time. Each waits for the
	// stream's fsync, which many share.
	mostChecksAtOnce = 256
	checkTimeout     = 5 * time.Second
)

// CheckError is how the check says that there is no verdict.
type CheckError struct {
	Error CheckFault `json:"error"`
}

// CheckFault is a code of the error table and a text for people.
type CheckFault struct {
	Code    Code   `json:"code"`
	Message string `json:"message"`
	Field   string `json:"field,omitempty"`
}

func checkError(f *Fault, lang string) CheckError {
	text := pick(f.kind().text, lang)
	if f.Detail != "" {
		text += " (" + f.Detail + ")"
	}
	return CheckError{CheckFault{Code: f.Code, Message: text, Field: f.Field}}
}

// readCheck decodes a check request.
func readCheck(raw []byte) (CheckRequest, error) {
	var r CheckRequest
	if len(raw) > event.MaxEnvelope {
		return r, &Fault{Code: CodeTooLarge, Detail: "at most " + itoa(event.MaxEnvelope) + " bytes"}
	}
	err := json.Unmarshal(raw, &r)
	var semantic *json.SemanticError
	switch {
	case errors.As(err, &semantic):
		return r, &Fault{Code: Code(event.InvalidField), Field: clipped(strings.ReplaceAll(strings.TrimPrefix(string(semantic.JSONPointer), "/"), "/", ".")), Detail: "has the wrong type"}
	case err != nil:
		return r, fault(CodeNotJSON, "a check is a JSON object in UTF-8")
	}
	return r, nil
}

// serve offers the check over NATS until stop. Servers share the requests.
func (g *Gate) serve(ctx context.Context, nc *nats.Conn, log zerolog.Logger) error {
	s := &service{nc: nc, places: make(chan struct{}, mostChecksAtOnce)}
	m, err := micro.AddService(nc, micro.Config{
		Name: "floorlight-check", Version: "1.0.0", Description: "Judges a message before it reaches the customer.",
		Endpoint: &micro.EndpointConfig{Subject: checkSubject, Handler: micro.HandlerFunc(func(r micro.Request) {
			if !answerable(r.Reply()) {
				g.metrics.unanswerable.Inc()
				return
			}
			// A subscription has one goroutine; where all places are taken it waits.
			select {
			case s.places <- struct{}{}:
			case <-ctx.Done(): // it was on its way when the service stopped
				g.fail(nc, r, fault(CodeRestart, ""), log)
				return
			}
			go func() {
				defer func() { <-s.places }()
				g.answer(ctx, nc, r, log)
			}()
		})},
	})
	if err != nil {
		return fmt.Errorf("live: offer the check over NATS: %w", err)
	}
	s.micro = m
	g.service.Store(s)
	return nil
}

// answerable reports whether an answer may go to that subject. This server's own
// connection may publish anywhere, and the asker chooses the subject: he must not
// publish by it what he could not himself, into the stream, a bucket or an API.
func answerable(reply string) bool {
	return !strings.HasPrefix(reply, "$") && !strings.HasPrefix(reply, "floor")
}

// checkGrace is how long a stop waits for the checks that are under way.
const checkGrace = time.Second

// stop takes no more requests over NATS and waits for those under way, for a while if
// NATS is there; then give them up. Who has no answer asks again, and is answered
// from what is stored.
func (g *Gate) stop(giveUp func()) {
	s := g.service.Swap(nil)
	if s == nil {
		return
	}
	grace := checkGrace
	if !s.nc.IsConnected() {
		grace = 0
	}
	defer time.AfterFunc(grace, giveUp).Stop()
	_ = s.micro.Stop() // a closed connection has no service.
	for range cap(s.places) {
		s.places <- struct{}{}
	}
}

func (g *Gate) answer(ctx context.Context, nc *nats.Conn, r micro.Request, log zerolog.Logger) {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	request, err := readCheck(r.Data())
	var reply CheckReply
	if err == nil {
		tenant := event.TenantID(strings.Split(r.Subject(), ".")[1])
		if err = g.limits.desk(tenant); err == nil {
			reply, err = g.Check(ctx, tenant, request)
		}
	} else {
		g.metrics.checked("error", 0)
	}
	if err != nil {
		g.fail(nc, r, faultOf(err), log)
		return
	}
	body, err := json.Marshal(reply)
	if err != nil {
		g.fail(nc, r, faultOf(err), log)
		return
	}
	if err := respond(nc, r, nil, body); err != nil {
		log.Warn().Err(err).Msg("a verdict could not be sent")
	}
}

// respond answers by the connection: a request that answers by itself notes an error
// on itself, where the service looks as soon as the handler has returned.
func respond(nc *nats.Conn, r micro.Request, header nats.Header, body []byte) error {
	return nc.PublishMsg(&nats.Msg{Subject: r.Reply(), Header: header, Data: body})
}

// fail answers that there is no verdict.
func (g *Gate) fail(nc *nats.Conn, r micro.Request, f *Fault, log zerolog.Logger) {
	logFault(log, f)
	body, err := json.Marshal(checkError(f, "en"))
	if err != nil {
		body = []byte(`{"error":{"code":"internal","message":""}}`)
	}
	header := nats.Header{micro.ErrorHeader: {string(f.Code)}, micro.ErrorCodeHeader: {string(f.Code)}}
	if err := respond(nc, r, header, body); err != nil {
		log.Warn().Err(err).Msg("a check could not be answered")
	}
}

// Scanner reads the stream by subject and keeps its place; *stream.Stream is one.
type Scanner interface {
	Scan(ctx context.Context, name, filter string, handle func(context.Context, stream.Message) error) error
}

const (
	scanName   = "floorlight-scan"
	scanFilter = "floor.*.message.sent.*"
	// scanWithin is how old a message may be on its arrival to be scanned: a
	// replay of the past is no news.
	scanWithin = time.Hour
)

// Scan flags what was sent without a check, until ctx ends. Whoever owns the
// tenants does: what they wrote before bears on it.
func (g *Gate) Scan(ctx context.Context, from Scanner) {
	err := from.Scan(ctx, scanName, scanFilter, g.scanOne)
	if ctx.Err() == nil && !errors.Is(err, stream.ErrClosed) {
		g.log.Error().Err(err).Msg("messages that were not checked are no longer scanned")
	}
}

func (g *Gate) scanOne(ctx context.Context, m stream.Message) error {
	e, err := event.DecodeMessage(m.Subject, m.Raw, m.Arrived)
	if err != nil {
		return nil //nolint:nilerr // a refused event is no message, and others keep it.
	}
	d, ok := e.Data.(*event.MessageSent)
	if !ok || d.Check != nil || d.Conversation == "" || d.To == "agent" || e.Time.Before(m.Arrived.Add(-scanWithin)) {
		return nil
	}
	if d.From.Kind != event.Agent && d.From.Kind != event.Customer {
		return nil
	}
	from := sender{e.Tenant, d.Conversation, d.From}
	result, err := g.rules(ctx, from, d.Text, e.Time)
	if err != nil {
		return err
	}
	g.windows.add(from, d.Text, e.Time)
	if len(result.Violations) == 0 {
		return nil
	}
	flag := event.New(e.Tenant, event.ServerSource, checkID("flag", d.Conversation, d.Message), e.Time, &event.MessageFlagged{
		Conversation: d.Conversation, Message: d.Message, From: d.From, Violations: result.Violations,
	})
	if _, err := publish(ctx, g.store, &flag); err != nil {
		return err
	}
	g.metrics.flagged.Inc()
	return nil
}
