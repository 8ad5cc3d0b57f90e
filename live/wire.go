package live

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/floorlight/floorlight/hub"
)

const (
	// readBytes holds several of a client's usual frames; a longer one is read past the buffer.
	readBytes = 512
	// controlBytes holds the largest control frame, so that each leaves in one write.
	controlBytes = 256
	// deadlineEvery is how often a connection's write deadline is moved on. Moving it for each frame costs as much as
	// a tenth of the frame.
	deadlineEvery = 4 * time.Second
)

// hijacker hands a connection over with buffers of its own size: net/http's are 4 KiB each way, and an idle
// connection would keep both.
type hijacker struct {
	http.ResponseWriter

	conn net.Conn // as it was handed over, TLS included
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
	h.conn = conn
	return conn, bufio.NewReadWriter(from, bufio.NewWriterSize(conn, controlBytes)), nil
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
