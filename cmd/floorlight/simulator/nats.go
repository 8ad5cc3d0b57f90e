package simulator

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/floorlight/floorlight/hub/event"
)

const (
	ackWait    = 5 * time.Second
	maxPending = 1024
)

// NATS is a platform that reaches Floorlight by its NATS, as any other does:
// JetStream for the events, a request for the check. It ensures no stream, and
// needs no more rights than a tenant's user has.
type NATS struct {
	nc *nats.Conn
	js jetstream.JetStream
}

// NewNATS is a publisher over a connection, which stays the caller's.
func NewNATS(nc *nats.Conn) (*NATS, error) {
	js, err := jetstream.New(nc, jetstream.WithPublishAsyncMaxPending(maxPending), jetstream.WithPublishAsyncTimeout(ackWait))
	if err != nil {
		return nil, err
	}
	return &NATS{nc: nc, js: js}, nil
}

// Close ends what waits for the stream's answers; the connection stays open.
func (n *NATS) Close() { n.js.CleanupPublisher() }

// Publish returns when the stream has answered for all events.
func (n *NATS) Publish(ctx context.Context, events []event.Event) error {
	futures := make([]jetstream.PubAckFuture, 0, len(events))
	for i := range events {
		raw, err := events[i].Encode()
		if err != nil {
			return err
		}
		m := &nats.Msg{Subject: events[i].Subject(), Data: raw, Header: nats.Header{jetstream.MsgIDHeader: {events[i].MsgID()}}}
		f, err := n.js.PublishMsgAsync(m, jetstream.WithStallWait(ackWait), jetstream.WithRetryAttempts(0))
		if err != nil {
			return fmt.Errorf("publish: %w", err)
		}
		futures = append(futures, f)
	}
	for _, f := range futures {
		select {
		case <-f.Ok():
		case err := <-f.Err():
			return fmt.Errorf("publish: %w", err)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// Check asks the gate. An answer that is an error is returned as one.
func (n *NATS) Check(ctx context.Context, tenant event.TenantID, request CheckRequest) (CheckReply, error) {
	raw, err := json.Marshal(request)
	if err != nil {
		return CheckReply{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, ackWait)
	defer cancel()
	answer, err := n.nc.RequestWithContext(ctx, "floorsvc."+string(tenant)+".message.check", raw)
	if err != nil {
		return CheckReply{}, fmt.Errorf("check: %w", err)
	}
	var reply struct {
		CheckReply
		Error *struct {
			Code    string `json:"code"`
			Message string `json:"message"`
		} `json:"error"`
	}
	if err := json.Unmarshal(answer.Data, &reply); err != nil {
		return CheckReply{}, errors.New("check: the answer is not JSON")
	}
	if reply.Error != nil {
		return CheckReply{}, fmt.Errorf("check: %s: %s", reply.Error.Code, reply.Error.Message)
	}
	return reply.CheckReply, nil
}
