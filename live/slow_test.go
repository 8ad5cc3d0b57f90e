package live

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// pipes is a listener whose connections are made of memory, and so wait by a test's own clock.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	close(p.done)
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

// slowly writes a byte every so often until the other side has had enough.
func slowly(conn net.Conn, text string, every time.Duration) {
	for i := range len(text) {
		if _, err := conn.Write([]byte(text[i : i+1])); err != nil {
			return
		}
		<-time.After(every)
	}
}

// TestSlowClientsHaveAnEnd: whatever a client does slowly, its connection ends in the time that it has.
func TestSlowClientsHaveAnEnd(t *testing.T) {
	t.Parallel()

	for name, tt := range map[string]struct {
		client func(net.Conn)
		within time.Duration
	}{
		"says nothing":         {func(net.Conn) {}, headerWait},
		"headers byte by byte": {func(c net.Conn) { slowly(c, "GET / HTTP/1.1\r\nHost: x\r\nX: "+strings.Repeat("a", 1000), time.Second) }, headerWait},
		"an upgrade's, too": {func(c net.Conn) {
			slowly(c, "GET /v1/live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX: "+strings.Repeat("a", 1000), time.Second)
		}, headerWait},
		"half a body": {func(c net.Conn) {
			_, _ = io.WriteString(c, "POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc")
		}, requestWait},
		"a body byte by byte": {func(c net.Conn) {
			slowly(c, "POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"+strings.Repeat("a", 900), time.Second)
		}, requestWait},
		"a body that nobody reads": {func(c net.Conn) {
			slowly(c, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"+strings.Repeat("a", 1000), time.Second)
		}, requestWait},
		"chunks without an end": {func(c net.Conn) {
			slowly(c, "POST /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"+strings.Repeat("1\r\na\r\n", 500), time.Second)
		}, requestWait},
		"takes no answer": {func(c net.Conn) { _, _ = io.WriteString(c, "GET /large HTTP/1.1\r\nHost: x\r\n\r\n") }, answerWait},
		"takes it byte by byte": {func(c net.Conn) {
			_, _ = io.WriteString(c, "GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
			for one := make([]byte, 1); ; {
				if _, err := c.Read(one); err != nil {
					return
				}
				<-time.After(time.Second)
			}
		}, answerWait},
		"nothing more": {func(c net.Conn) {
			_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
		}, 2 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				mux := http.NewServeMux()
				mux.HandleFunc("/", func(http.ResponseWriter, *http.Request) {})
				mux.HandleFunc("/read", func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) })
				mux.HandleFunc("/large", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 1<<20)) })
				server := NewHTTPServer(mux, nil)
				ended := make(chan struct{})
				server.ConnState = func(_ net.Conn, s http.ConnState) {
					if s == http.StateClosed {
						close(ended)
					}
				}
				l := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
				go func() { _ = server.Serve(l) }()
				began := time.Now()
				ours, theirs := net.Pipe()
				l.conns <- theirs
				if tt.within != answerWait { // a kernel would take the answer
					go func() { _, _ = io.Copy(io.Discard, ours) }()
				}
				go tt.client(ours)
				<-ended
				took := time.Since(began)
				require.NoError(t, ours.Close())
				<-time.After(2 * time.Second) // for the client to find out
				require.NoError(t, server.Shutdown(context.WithoutCancel(t.Context())))
				require.LessOrEqual(t, took, tt.within+2*time.Second)
			})
		})
	}
}

// TestHalfAFrameHasAnEnd: what a client has begun to send keeps a buffer, and not for ever.
func TestHalfAFrameHasAnEnd(t *testing.T) {
	t.Parallel()

	d := setup(t)
	conn := d.raw("GET /v1/live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
		"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: " + Subprotocol + "\r\nAuthorization: Bearer " + d.token(RoleOwner) + "\r\n\r\n")
	defer func() { _ = conn.Close() }()
	in := bufio.NewReader(conn)
	response, err := http.ReadResponse(in, nil)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusSwitchingProtocols, response.StatusCode)
	// A text frame of 1,000 bytes, masked with nothing, and one byte of it.
	_, err = conn.Write([]byte{0x81, 0x80 | 126, 0x03, 0xe8, 0, 0, 0, 0, '{'})
	require.NoError(t, err)
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(3*frameWait)))
	_, err = io.Copy(io.Discard, in) // beats, until the end
	require.NoError(t, err, "the server ends it")
	require.Eventually(t, func() bool {
		d.sockets.mu.Lock()
		defer d.sockets.mu.Unlock()
		return len(d.sockets.all) == 0
	}, time.Minute, 5*time.Millisecond)
}

// TestPingsAreFrames: a client that sends nothing but pings is no faster than others may be.
func TestPingsAreFrames(t *testing.T) {
	t.Parallel()

	d := setup(t)
	conn := d.raw("GET /v1/live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
		"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: " + Subprotocol + "\r\nAuthorization: Bearer " + d.token(RoleOwner) + "\r\n\r\n")
	defer func() { _ = conn.Close() }()
	ping := strings.Repeat(string([]byte{0x89, 0x80, 0, 0, 0, 0}), 100)
	go func() {
		for range 100 {
			if _, err := io.WriteString(conn, ping); err != nil {
				return
			}
		}
	}()
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(time.Minute)))
	taken, err := io.Copy(io.Discard, conn)
	require.NotErrorIs(t, err, os.ErrDeadlineExceeded, "the server ends it, or resets it for what it had not read")
	require.Less(t, taken, int64(100_000), strconv.FormatInt(taken, 10))
	require.Contains(t, string(d.do(http.MethodGet, "/metrics", "", nil).raw), `floorlight_sockets_refused_total{code="too_many_messages"} 1`)
}
