package live

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub"
)

// dialRaw asks for a socket and sends more in the same packet.
func (d *desk) dialRaw(more []byte) (net.Conn, *bufio.Reader) {
	d.t.Helper()
	conn, err := (&net.Dialer{}).DialContext(d.t.Context(), "tcp", strings.TrimPrefix(d.url, "http://"))
	require.NoError(d.t, err)
	d.t.Cleanup(func() { _ = conn.Close() })
	request := "GET /v1/live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: floorlight.v1\r\nAuthorization: Bearer " + d.token(RoleOwner) + "\r\n\r\n"
	_, err = conn.Write(append([]byte(request), more...))
	require.NoError(d.t, err)
	r := bufio.NewReader(conn)
	answer, err := http.ReadResponse(r, nil)
	require.NoError(d.t, err)
	require.NoError(d.t, answer.Body.Close())
	require.Equal(d.t, http.StatusSwitchingProtocols, answer.StatusCode)
	return conn, r
}

// masked is a client's frame.
func masked(opcode byte, payload string) []byte {
	frame := []byte{0x80 | opcode}
	if len(payload) < 126 {
		frame = append(frame, 0x80|byte(len(payload)))
	} else {
		frame = append(frame, 0x80|126, byte(len(payload)>>8), byte(len(payload)))
	}
	frame = append(frame, 0, 0, 0, 0) // a mask that changes nothing
	return append(frame, payload...)
}

// readRaw reads one frame from a server.
func readRaw(tb testing.TB, r *bufio.Reader) (opcode byte, payload []byte) {
	tb.Helper()
	head := make([]byte, 2)
	_, err := io.ReadFull(r, head)
	require.NoError(tb, err)
	require.Equal(tb, byte(0x80), head[0]&0xf0, "one frame a message, and no reserved bits")
	length := int(head[1])
	for extra := map[int]int{126: 2, 127: 8}[length]; extra > 0; {
		more := make([]byte, extra)
		_, err := io.ReadFull(r, more)
		require.NoError(tb, err)
		length, extra = 0, 0
		for _, b := range more {
			length = length<<8 | int(b)
		}
	}
	payload = make([]byte, length)
	_, err = io.ReadFull(r, payload)
	require.NoError(tb, err)
	return head[0] & 0x0f, payload
}

// TestWhatComesWithTheHandshakeIsRead: a client need not wait for the answer to its request.
func TestWhatComesWithTheHandshakeIsRead(t *testing.T) {
	t.Parallel()

	d := setup(t)
	for _, padding := range []int{0, 2 * readBytes} { // and more than the buffer takes later
		early := masked(0x1, `{"op":"ping","id":7,"text":"`+strings.Repeat("x", padding)+`"}`)
		early = append(early, masked(0x1, `{"op":"subscribe","id":1,"topic":"wallboard"}`)...)
		conn, r := d.dialRaw(early)
		for _, op := range []string{"hello", "pong", "snapshot"} {
			opcode, payload := readRaw(t, r)
			require.Equal(t, byte(0x1), opcode)
			var frame map[string]any
			require.NoError(t, json.Unmarshal(payload, &frame))
			require.Equal(t, op, frame["op"])
		}
		_, err := conn.Write(masked(0x9, "are you there")) // a WebSocket's own ping
		require.NoError(t, err)
		for {
			opcode, payload := readRaw(t, r)
			if opcode == 0xa {
				require.Equal(t, "are you there", string(payload))
				break
			}
			require.Equal(t, byte(0x1), opcode, "frames may come before it")
		}
	}
}

// TestFramesAreReadByTheLibrary holds the header to its three forms.
func TestFramesAreReadByTheLibrary(t *testing.T) {
	t.Parallel()

	for _, n := range []int{0, 1, 125, 126, 127, 1<<16 - 1, 1 << 16, 200_000} {
		body := bytes.Repeat([]byte("é"), n/2+1)[:n]
		server, client := net.Pipe()
		done := make(chan error, 1)
		go func() {
			_, err := server.Write(appendFrame(nil, hub.NewFrame(hub.OpDelta, body)))
			done <- err
		}()
		opcode, got := readRaw(t, bufio.NewReader(client))
		require.NoError(t, <-done)
		require.Equal(t, byte(websocket.MessageText), opcode)
		require.Equal(t, body, got)
		require.NoError(t, client.Close())
	}
}
