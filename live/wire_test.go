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

// connected is both ends of a TCP connection whose kernel buffers hold little.
func connected(tb testing.TB) (server, client *net.TCPConn) {
	tb.Helper()
	listener, err := (&net.ListenConfig{}).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	require.NoError(tb, err)
	defer func() { _ = listener.Close() }()
	dialed, err := (&net.Dialer{}).DialContext(tb.Context(), "tcp", listener.Addr().String())
	require.NoError(tb, err)
	accepted, err := listener.Accept()
	require.NoError(tb, err)
	tb.Cleanup(func() {
		_ = dialed.Close()
		_ = accepted.Close()
	})
	server, client = accepted.(*net.TCPConn), dialed.(*net.TCPConn) //nolint:forcetypeassert // both are.
	require.NoError(tb, server.SetWriteBuffer(4<<10))
	require.NoError(tb, client.SetReadBuffer(4<<10))
	return server, client
}

// TestNothingComesBetweenThePartsOfAFrame: a frame of which the kernel took a part goes on before anything else, the
// library's control frames too.
func TestNothingComesBetweenThePartsOfAFrame(t *testing.T) {
	t.Parallel()

	server, client := connected(t)
	l := newLine(server)
	var want []byte
	var left []byte
	held := false
	for i := 0; !held; i++ {
		require.Less(t, i, 10_000, "the kernel takes everything")
		piece := bytes.Repeat([]byte{byte('a' + i%20)}, 3000)
		var err error
		left, held, err = l.try(piece)
		require.NoError(t, err)
		require.True(t, held || len(left) == 0)
		want = append(want, piece...)
	}
	require.NotEmpty(t, left)
	other, tooHeld, err := l.try([]byte("x"))
	require.NoError(t, err)
	require.False(t, tooHeld)
	require.Equal(t, "x", string(other), "nothing is written beside a part")

	done := make(chan error, 2)
	go func() {
		_, err := l.Write([]byte("control"))
		done <- err
	}()
	go func() { done <- l.finish(left, true) }()
	got := make([]byte, len(want)+len("control"))
	_, err = io.ReadFull(client, got)
	require.NoError(t, err)
	require.Equal(t, string(want)+"control", string(got))
	require.NoError(t, <-done)
	require.NoError(t, <-done)

	left, held, err = l.try([]byte("goes on"))
	require.NoError(t, err)
	require.Empty(t, left)
	require.False(t, held)
	require.NoError(t, server.Close())
	_, held, err = l.try([]byte("x"))
	require.Error(t, err)
	require.False(t, held)
}
