package stream

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// What can go wrong, for errors.Is. Each is wrapped around the cause.
var (
	// ErrFull says that the stream refuses more until it is purged: its bytes,
	// the account's or the disk's are used up. Nothing was stored.
	ErrFull = errors.New("the stream is full")
	// ErrUnavailable says that no answer came: no responders, a timeout or a
	// lost connection. What was published may have been stored or not; publish
	// it again with the same id.
	ErrUnavailable = errors.New("the stream is unavailable")
	// ErrTooLarge says that the message is larger than the stream takes.
	ErrTooLarge = errors.New("the message is too large")
	// ErrNotFound says that there is no message at that sequence.
	ErrNotFound = errors.New("no such message")
	// ErrClosed says that the connection was closed for good.
	ErrClosed = errors.New("the connection is closed")
)

// GapError says that messages were purged before their reader came: the reader
// wants Want, and the stream begins at First.
type GapError struct {
	Want, First uint64
}

func (e *GapError) Error() string {
	return fmt.Sprintf("the stream begins at %d, wanted is %d", e.First, e.Want)
}

// LostTailError says that the stream went back: it ends at Last, or holds
// another message at Position, the sequence that the reader has seen, or is
// another stream altogether; see Identity.
type LostTailError struct {
	Position, Last uint64
}

func (e *LostTailError) Error() string {
	if e.Last < e.Position {
		return fmt.Sprintf("the stream ends at %d, and %d was read before", e.Last, e.Position)
	}
	return fmt.Sprintf("the stream holds another message at %d than was read before", e.Position)
}

// Codes of the server that nats.go has no name for.
const (
	codeAccountResources jetstream.ErrorCode = 10002
	codeInsufficient     jetstream.ErrorCode = 10023
	codeMemoryResources  jetstream.ErrorCode = 10028
	codeStorageResources jetstream.ErrorCode = 10047
	codeStoreFailed      jetstream.ErrorCode = 10077
	// codeInProcess says that another publish of the same id is on its way, on a
	// stream of several copies: whether it will be stored nobody knows yet.
	codeInProcess jetstream.ErrorCode = 10158
)

// interpret turns an error of NATS into one of ours, wrapped around it.
func interpret(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	if api, ok := errors.AsType[*jetstream.APIError](err); ok {
		switch api.ErrorCode {
		case codeAccountResources, codeInsufficient, codeMemoryResources, codeStorageResources:
			return fmt.Errorf("%w: %w", ErrFull, err)
		case codeStoreFailed:
			if strings.Contains(api.Description, "maximum") {
				return fmt.Errorf("%w: %w", ErrFull, err)
			}
			return fmt.Errorf("%w: %w", ErrUnavailable, err)
		case jetstream.JSErrCodeStreamMessageExceedsMaximum:
			return fmt.Errorf("%w: %w", ErrTooLarge, err)
		case jetstream.JSErrCodeMessageNotFound:
			return fmt.Errorf("%w: %w", ErrNotFound, err)
		case codeInProcess, jetstream.JSErrCodeStreamNotFound, jetstream.JSErrCodeJetStreamNotEnabled, jetstream.JSErrCodeJetStreamNotEnabledForAccount:
			return fmt.Errorf("%w: %w", ErrUnavailable, err)
		}
		if api.Code == 503 {
			return fmt.Errorf("%w: %w", ErrUnavailable, err)
		}
		return err
	}
	switch {
	case errors.Is(err, nats.ErrMaxPayload):
		return fmt.Errorf("%w: %w", ErrTooLarge, err)
	case errors.Is(err, jetstream.ErrMsgNotFound), errors.Is(err, nats.ErrMsgNotFound):
		return fmt.Errorf("%w: %w", ErrNotFound, err)
	case errors.Is(err, nats.ErrConnectionClosed), errors.Is(err, nats.ErrConnectionDraining):
		return fmt.Errorf("%w: %w: %w", ErrUnavailable, ErrClosed, err)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, nats.ErrTimeout), errors.Is(err, nats.ErrNoResponders),
		errors.Is(err, nats.ErrDisconnected), errors.Is(err, nats.ErrReconnectBufExceeded), errors.Is(err, nats.ErrStaleConnection),
		errors.Is(err, jetstream.ErrNoStreamResponse), errors.Is(err, jetstream.ErrAsyncPublishTimeout),
		errors.Is(err, jetstream.ErrTooManyStalledMsgs), errors.Is(err, jetstream.ErrInvalidJSAck), broken(err):
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return err
}

// broken is what a connection's own write says when its other end has gone and the
// client has not seen it yet: nats.go hands it on as it is.
func broken(err error) bool {
	_, network := errors.AsType[net.Error](err)
	return network || errors.Is(err, io.ErrClosedPipe) || errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed)
}
