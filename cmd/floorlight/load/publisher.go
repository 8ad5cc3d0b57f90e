package load

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/floorlight/floorlight/hub/event"
)

// Publisher is how events and checks reach the server.
type Publisher interface {
	// Publish hands over one event and returns; answered is called once, from any
	// goroutine, with the event's sequence, or the reason why it was given up. It
	// waits only where too many are on their way.
	Publish(ctx context.Context, e *event.Event, answered func(seq uint64, err error))
	// Check asks for a verdict.
	Check(ctx context.Context, tenant event.TenantID, request []byte) (seq uint64, err error)
	// Close gives up what is on its way.
	Close()
}

const (
	ackWait    = 5 * time.Second
	mostOnWay  = 4096
	mostTries  = 12
	retryPause = 500 * time.Millisecond
)

// NATS publishes to JetStream and asks by requests, as a platform does.
type NATS struct {
	nc     *nats.Conn
	js     jetstream.JetStream
	places chan struct{}   // of events on their way
	ctx    context.Context //nolint:containedctx // the life of what is on its way.
	cancel context.CancelFunc
	wg     sync.WaitGroup
}

// NewNATS is a publisher over a connection, which stays the caller's.
func NewNATS(nc *nats.Conn) (*NATS, error) {
	js, err := jetstream.New(nc, jetstream.WithPublishAsyncMaxPending(mostOnWay), jetstream.WithPublishAsyncTimeout(ackWait))
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	return &NATS{nc: nc, js: js, places: make(chan struct{}, mostOnWay), ctx: ctx, cancel: cancel}, nil
}

// Close gives up what is on its way; the connection stays open.
func (n *NATS) Close() {
	n.cancel()
	n.wg.Wait()
	n.js.CleanupPublisher()
}

// Publish sends the event, again if no answer comes: the same id counts once.
func (n *NATS) Publish(ctx context.Context, e *event.Event, answered func(seq uint64, err error)) {
	raw, err := e.Encode()
	if err != nil {
		answered(0, err)
		return
	}
	select {
	case n.places <- struct{}{}:
	case <-ctx.Done():
		answered(0, ctx.Err())
		return
	}
	m := &nats.Msg{Subject: e.Subject(), Data: raw, Header: nats.Header{jetstream.MsgIDHeader: {e.MsgID()}}}
	future, err := n.js.PublishMsgAsync(m, jetstream.WithStallWait(ackWait))
	n.wg.Go(func() {
		defer func() { <-n.places }()
		answered(n.follow(m, future, err))
	})
}

// follow waits for the stream's answer and sends the event again without one.
func (n *NATS) follow(m *nats.Msg, future jetstream.PubAckFuture, err error) (uint64, error) {
	for try := 1; ; try++ {
		if err == nil {
			select {
			case ack := <-future.Ok():
				return ack.Sequence, nil
			case err = <-future.Err():
			case <-n.ctx.Done():
				return 0, n.ctx.Err()
			}
		}
		if try == mostTries || !pause(n.ctx, retryPause) {
			return 0, fmt.Errorf("publish: %w", err)
		}
		again := &nats.Msg{Subject: m.Subject, Data: m.Data, Header: nats.Header{jetstream.MsgIDHeader: m.Header[jetstream.MsgIDHeader]}}
		future, err = n.js.PublishMsgAsync(again, jetstream.WithStallWait(ackWait))
	}
}

// Check asks the gate. An answer that is an error is returned as one.
func (n *NATS) Check(ctx context.Context, tenant event.TenantID, request []byte) (uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*ackWait)
	defer cancel()
	answer, err := n.nc.RequestWithContext(ctx, "floorsvc."+string(tenant)+".message.check", request)
	if err != nil {
		return 0, fmt.Errorf("check: %w", err)
	}
	return readVerdict(answer.Data)
}

func readVerdict(raw []byte) (uint64, error) {
	var reply struct {
		Verdict event.Verdict `json:"verdict"`
		Seq     uint64        `json:"seq"`
		Error   *struct {
			Code string `json:"code"`
		} `json:"error"`
	}
	switch err := json.Unmarshal(raw, &reply); {
	case err != nil:
		return 0, errors.New("check: the answer is not JSON")
	case reply.Error != nil:
		return 0, fmt.Errorf("check: %s", reply.Error.Code)
	case reply.Verdict == "" || reply.Seq == 0:
		return 0, errors.New("check: the answer has no verdict or no sequence")
	}
	return reply.Seq, nil
}
