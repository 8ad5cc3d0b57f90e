package hub

import "strconv"

// Sub is the id that a client gave its subscription, the contract's `sub`.
type Sub int64

// RequestID is the id of a client's request, repeated in its answer.
type RequestID int64

// mostChecks bounds the checks that wait for a skipped reader to be brought forward.
const mostChecks = 16

// Subscriber is one subscription of one connection. It belongs to the goroutine that owns its topic.
type Subscriber struct {
	sub       Sub
	outbox    *Outbox
	deltaHead []byte // the same before each delta

	topic  *Topic // nil: not subscribed
	place  int    // in the topic's readers
	behind bool
	lag    *lag // while behind: the version that the reader has; nil: a snapshot is due
	checks []RequestID
}

// NewSubscriber returns a subscriber that receives through outbox.
func NewSubscriber(sub Sub, outbox *Outbox) *Subscriber {
	return &Subscriber{sub: sub, outbox: outbox, deltaHead: appendHead(nil, OpDelta, sub)}
}

// Sub returns the subscription's id.
func (s *Subscriber) Sub() Sub { return s.sub }

// Topic returns the topic that s is subscribed to, nil for none.
func (s *Subscriber) Topic() *Topic { return s.topic }

// Outbox returns where s receives.
func (s *Subscriber) Outbox() *Outbox { return s.outbox }

// sumFrame returns the answer to a check, or with id 0 the sum that comes unasked.
func (s *Subscriber) sumFrame(id RequestID, asked bool, version uint64, body []byte) Frame {
	head := append(make([]byte, 0, 48), `{"op":"sum",`...)
	if asked {
		head = append(head, `"id":`...)
		head = strconv.AppendInt(head, int64(id), 10)
		head = append(head, ',')
	}
	head = append(head, `"sub":`...)
	head = strconv.AppendInt(head, int64(s.sub), 10)
	return Frame{Op: OpSum, Version: version, head: append(head, ','), body: body}
}
