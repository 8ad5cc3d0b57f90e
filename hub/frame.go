package hub

import (
	"bytes"
	"io"
	"strconv"
	"time"
)

// Op is the kind of a frame, the contract's `op`.
type Op string

// The frames that the hub makes.
const (
	OpSnapshot Op = "snapshot"
	OpDelta    Op = "delta"
	OpSum      Op = "sum"
	OpBeat     Op = "beat"
)

// Frame is one message to a connection, a JSON document on one line. It stands in two pieces: a short head of the
// reader's own and a body that all readers of it share. Both are read-only.
type Frame struct {
	Op      Op
	Epoch   Epoch  // of a snapshot or delta, for an event's id
	Version uint64 // of a snapshot, delta or sum
	head    []byte
	body    []byte
}

// NewFrame returns a frame of the caller's own making, an answer or an error. The body is kept, not copied.
func NewFrame(op Op, body []byte) Frame {
	return Frame{Op: op, body: body}
}

// Position returns where a snapshot or delta leads, the id of a server-sent event.
func (f Frame) Position() Position { return Position{Epoch: f.Epoch, Version: f.Version} }

// Sub returns whose frame it is, of those who receive through one outbox.
func (f Frame) Sub() (Sub, bool) {
	const mark = `"sub":`
	_, rest, found := bytes.Cut(f.head, []byte(mark))
	if !found {
		return 0, false
	}
	digits, _, _ := bytes.Cut(rest, []byte{','})
	n, err := strconv.ParseInt(string(digits), 10, 64)
	return Sub(n), err == nil
}

// Len returns the frame's length in bytes.
func (f Frame) Len() int { return len(f.head) + len(f.body) }

// Head returns the reader's own piece, empty in a frame that is the same for all.
func (f Frame) Head() []byte { return f.head }

// Body returns the shared piece, which follows the head.
func (f Frame) Body() []byte { return f.body }

// WriteTo writes the head, then the body. It does not close the message.
func (f Frame) WriteTo(w io.Writer) (int64, error) {
	var written int64
	for _, piece := range [...][]byte{f.head, f.body} {
		if len(piece) == 0 {
			continue
		}
		n, err := w.Write(piece)
		written += int64(n)
		if err != nil {
			return written, err
		}
	}
	return written, nil
}

// NewBeat returns the beat, which is encoded once and shared by all the connections of a tenant. Seq is how far FLOOR
// has been read, lag how old the last event was when it was read.
func NewBeat(now time.Time, seq uint64, lag time.Duration) Frame {
	body := append(make([]byte, 0, 96), `{"op":"beat","now":`...)
	body = appendTime(body, now)
	body = append(body, `,"seq":`...)
	body = strconv.AppendUint(body, seq, 10)
	body = append(body, `,"lag_ms":`...)
	body = strconv.AppendInt(body, max(lag.Milliseconds(), 0), 10)
	return Frame{Op: OpBeat, body: append(body, '}')}
}

// appendTime appends t as a JSON string, RFC 3339 in UTC with milliseconds.
func appendTime(buf []byte, t time.Time) []byte {
	return t.UTC().AppendFormat(buf, `"2006-01-02T15:04:05.000Z"`)
}

// appendHead appends the beginning of a subscription's frame, as far as it is the reader's own.
func appendHead(buf []byte, op Op, sub Sub) []byte {
	buf = append(buf, `{"op":"`...)
	buf = append(buf, op...)
	buf = append(buf, `","sub":`...)
	buf = strconv.AppendInt(buf, int64(sub), 10)
	return append(buf, ',')
}
