package live

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"syscall"

	"github.com/floorlight/floorlight/hub"
)

const (
	// readBytes holds several of a client's usual frames; a longer one is read past the buffer.
	readBytes = 512
	// controlBytes holds the largest control frame, so that each leaves in one write.
	controlBytes = 256
)

// hijacker hands a connection over with buffers of its own size: net/http's are 4 KiB each way, and an idle
// connection would keep both.
type hijacker struct {
	http.ResponseWriter

	line *line
}

// Hijack is what the WebSocket library asks for.
func (h *hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	// What the client has sent with its request must stand in the buffer: that is where the library looks.
	early, err := buffered.Peek(buffered.Reader.Buffered())
	if err != nil {
		return nil, nil, err
	}
	from := bufio.NewReaderSize(io.MultiReader(bytes.NewReader(early), conn), max(readBytes, len(early)))
	if _, err := from.Peek(len(early)); err != nil {
		return nil, nil, err
	}
	h.line = newLine(conn)
	return h.line, bufio.NewReadWriter(from, bufio.NewWriterSize(h.line, controlBytes)), nil
}

// appendFrame appends a whole text message (RFC 6455, 5.2) from a server, which does not mask.
func appendFrame(buf []byte, frame hub.Frame) []byte {
	const finalText = 0x81
	switch n := frame.Len(); {
	case n < 126:
		buf = append(buf, finalText, byte(n)) //nolint:gosec // just compared.
	case n < 1<<16:
		buf = binary.BigEndian.AppendUint16(append(buf, finalText, 126), uint16(n))
	default:
		buf = binary.BigEndian.AppendUint64(append(buf, finalText, 127), uint64(n))
	}
	return append(append(buf, frame.Head()...), frame.Body()...)
}

// line is a connection whose writes do not mix, those of the library's control frames among them, and that can be tried.
type line struct {
	net.Conn

	raw syscall.RawConn // nil: it cannot be tried, as with TLS

	mu sync.Mutex // held while a message is on its way, also by whoever has only written a part

	// Guarded by mu; of an attempt.
	attempt func(fd uintptr) bool
	bytes   []byte
	sent    int
	err     error
}

func newLine(conn net.Conn) *line {
	w := &line{Conn: conn}
	if c, ok := conn.(syscall.Conn); ok {
		if raw, err := c.SyscallConn(); err == nil {
			w.raw = raw
		}
	}
	w.attempt = func(fd uintptr) bool {
		for {
			w.sent, w.err = syscall.Write(int(fd), w.bytes)
			if !errors.Is(w.err, syscall.EINTR) {
				return true // whether or not there was room: nobody waits for it here.
			}
		}
	}
	return w
}

// Write writes all, and waits for the message that is on its way.
func (w *line) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.Conn.Write(p)
}

// try writes what the kernel takes at once. What is left goes to finish, which must be called unless nothing is; held
// says that the message has begun, or its place is kept.
func (w *line) try(p []byte) (left []byte, held bool, err error) {
	if w.raw == nil || !w.mu.TryLock() {
		return p, false, nil
	}
	w.bytes = p
	if err := w.raw.Write(w.attempt); err != nil {
		w.err = err
	}
	sent, err := max(w.sent, 0), w.err
	w.bytes, w.sent, w.err = nil, 0, nil
	if errors.Is(err, syscall.EAGAIN) {
		sent, err = 0, nil
	}
	if err != nil || sent == len(p) {
		w.mu.Unlock()
		return nil, false, err
	}
	return p[sent:], true, nil
}

// finish writes what try has left, and waits for it.
func (w *line) finish(left []byte, held bool) error {
	if !held {
		w.mu.Lock()
	}
	defer w.mu.Unlock()
	_, err := w.Conn.Write(left)
	return err
}
