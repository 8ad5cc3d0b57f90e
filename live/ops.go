package live

import (
	"context"
	"errors"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
)

// frame is what a client sends.
type frame struct {
	Op    string `json:"op"`
	ID    *int64 `json:"id"`
	Topic string `json:"topic"`
	Sub   *int64 `json:"sub"`

	Filter struct {
		Channel []string `json:"channel"`
		Team    []string `json:"team"`
		Agent   []string `json:"agent"`

		// A filter that is not understood must not show more than was asked for.
		Unknown jsontext.Value `json:",embed"`
	} `json:"filter"`
	Since *struct {
		Epoch   string `json:"epoch"`
		Version uint64 `json:"version"`
	} `json:"since"`

	Items        []string             `json:"items"`
	Conversation event.ConversationID `json:"conversation"`
	Message      event.MessageID      `json:"message"`
	Text         string               `json:"text"`
}

// mostID is the largest id of a frame: what every client's numbers hold exactly.
const mostID = 1 << 53

// readFrame decodes a client's frame. A fault with the code protocol_error ends
// the connection; any other is answered.
func readFrame(raw []byte) (frame, *Fault) {
	var f frame
	err := json.Unmarshal(raw, &f)
	var semantic *json.SemanticError
	switch {
	case err == nil:
	case errors.As(err, &semantic) && semantic.JSONPointer != "":
		field := strings.ReplaceAll(strings.TrimPrefix(string(semantic.JSONPointer), "/"), "/", ".")
		if len(field) > event.MaxID {
			field = ""
		}
		var id struct {
			ID *int64 `json:"id"`
		}
		if json.Unmarshal(raw, &id) == nil {
			f.ID = id.ID
		}
		return f, &Fault{Code: CodeInvalid, Field: field, Detail: "has the wrong type"}
	default:
		return f, fault(CodeProtocol, "a frame is a JSON object in UTF-8")
	}
	if kind := jsontext.Value(raw).Kind(); kind != '{' {
		return f, fault(CodeProtocol, "a frame is a JSON object in UTF-8")
	}
	for field, n := range map[string]*int64{"id": f.ID, "sub": f.Sub} {
		if n != nil && (*n < 0 || *n > mostID) {
			return f, &Fault{Code: CodeInvalid, Field: field, Detail: "must be from 0 to 2^53"}
		}
	}
	return f, nil
}

// do answers one frame. The error, if any, ends the connection.
func (c *socket) do(ctx context.Context, raw []byte) *Fault {
	f, refused := readFrame(raw)
	if refused != nil {
		if refused.Code == CodeProtocol {
			return refused
		}
		c.fail(f.ID, refused)
		return nil
	}
	var err error
	switch f.Op {
	case "subscribe":
		err = c.subscribe(ctx, &f)
	case "unsubscribe":
		err = c.unsubscribe(&f)
	case "check":
		err = c.check(ctx, &f)
	case "ack":
		err = c.ack(ctx, &f)
	case "send":
		err = c.send(ctx, &f)
	case "ping":
		c.answer("pong", f.ID)
	default:
		err = fault(CodeUnknownOp, "")
	}
	if err != nil {
		c.fail(f.ID, err)
	}
	return nil
}

func (c *socket) subscribe(ctx context.Context, f *frame) error {
	if f.ID == nil {
		return &Fault{Code: CodeInvalid, Field: "id", Detail: "is required"}
	}
	if !c.who.may(Follow) {
		return fault(CodeForbidden, "this role follows no topics")
	}
	id := hub.Sub(*f.ID)
	if _, used := c.subs[id]; used {
		return fault(CodeSubInUse, "")
	}
	if len(c.subs) >= mostSubs {
		return fault(CodeTooManySubs, "at most "+itoa(mostSubs))
	}
	if len(f.Filter.Unknown) > 0 {
		return &Fault{Code: CodeInvalid, Field: "filter", Detail: "a filter has channel, team and agent"}
	}
	filter, err := filterOf(f.Filter.Channel, f.Filter.Team, f.Filter.Agent)
	if err != nil {
		return err
	}
	r, err := c.who.request(f.Topic, filter)
	if err != nil {
		return err
	}
	var since *hub.Position
	if f.Since != nil {
		since = &hub.Position{Epoch: hub.Epoch(f.Since.Epoch), Version: f.Since.Version}
	}
	sub, err := c.server.cfg.Topics.Subscribe(ctx, r, id, c.out, since)
	if err != nil {
		return err
	}
	c.subs[id] = &subscription{Subscription: sub, topic: string(r.Topic.Kind())}
	c.server.metrics.subscriptions.WithLabelValues(string(r.Topic.Kind())).Inc()
	return nil
}

func (c *socket) named(f *frame) (*subscription, error) {
	if f.Sub == nil {
		return nil, &Fault{Code: CodeInvalid, Field: "sub", Detail: "is required"}
	}
	sub, ok := c.subs[hub.Sub(*f.Sub)]
	if !ok {
		return nil, &Fault{Code: CodeUnknownSub, Field: "sub"}
	}
	return sub, nil
}

func (c *socket) unsubscribe(f *frame) error {
	sub, err := c.named(f)
	if err != nil {
		return err
	}
	sub.Close()
	delete(c.subs, hub.Sub(*f.Sub))
	c.server.metrics.subscriptions.WithLabelValues(sub.topic).Dec()
	c.answer("ok", f.ID)
	return nil
}

func (c *socket) check(ctx context.Context, f *frame) error {
	if f.ID == nil {
		return &Fault{Code: CodeInvalid, Field: "id", Detail: "is required"}
	}
	sub, err := c.named(f)
	if err != nil {
		return err
	}
	return sub.Check(ctx, hub.RequestID(*f.ID))
}

func (c *socket) ack(ctx context.Context, f *frame) error {
	if err := c.server.acknowledge(ctx, c.who, f.Items); err != nil {
		return err
	}
	if f.ID != nil {
		c.answer("ok", f.ID)
	}
	return nil
}

// send is an agent's message in a conversation of his own.
func (c *socket) send(ctx context.Context, f *frame) error {
	if f.ID == nil {
		return &Fault{Code: CodeInvalid, Field: "id", Detail: "is required"}
	}
	if !c.who.may(Send) || c.who.Agent == "" {
		return fault(CodeForbidden, "agents send")
	}
	reply, err := c.server.gate.Send(ctx, c.who.Tenant, c.who.Agent, CheckRequest{
		Conversation: f.Conversation, Message: f.Message, Text: f.Text,
	})
	if err != nil {
		return err
	}
	c.reply(struct {
		Op string `json:"op"`
		ID int64  `json:"id"`
		CheckReply
	}{"verdict", *f.ID, reply})
	return nil
}

// answer is an op without anything else than the request's id.
func (c *socket) answer(op string, id *int64) {
	c.reply(struct {
		Op string `json:"op"`
		ID *int64 `json:"id,omitzero"`
	}{op, id})
}

// fail answers with an error frame. What went wrong inside is logged here.
func (c *socket) fail(id *int64, err error) {
	f := faultOf(err)
	c.server.logged(f)
	text := pick(f.kind().text, c.lang)
	if f.Detail != "" {
		text += " (" + f.Detail + ")"
	}
	c.reply(struct {
		Op      string `json:"op"`
		ID      *int64 `json:"id,omitzero"`
		Code    Code   `json:"code"`
		Message string `json:"message"`
		Field   string `json:"field,omitzero"`
	}{"error", id, f.Code, text, f.Field})
}

// reply puts a frame of the server's own into the outbox, in its order.
func (c *socket) reply(v any) {
	body, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		c.server.log.Error().Err(err).Msg("an answer could not be encoded")
		return
	}
	c.out.Send(hub.NewFrame(opReply, body)) // a closed outbox is found by the reader
}

// opReply stands in the metrics for all answers.
const opReply hub.Op = "reply"
