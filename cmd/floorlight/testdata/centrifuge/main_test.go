package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestFramesAreAsLongAsAskedFor subscribes as the benchmark's readers do.
func TestFramesAreAsLongAsAskedFor(t *testing.T) {
	asked, ask := io.Pipe()
	told, tell := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- run(asked, tell) }()
	address, err := bufio.NewReader(told).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", strings.TrimSpace(address))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	_, err = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
	if err != nil {
		t.Fatal(err)
	}
	from := bufio.NewReader(conn)
	response, err := http.ReadResponse(from, nil)
	if err != nil || response.StatusCode != http.StatusSwitchingProtocols {
		t.Fatal(response, err)
	}
	const commands = `{"id":1,"connect":{}}` + "\n" + `{"id":2,"subscribe":{"channel":"board"}}`
	if _, err := io.WriteString(conn, string([]byte{0x81, 0x80 | byte(len(commands)), 0, 0, 0, 0})+commands); err != nil {
		t.Fatal(err)
	}
	for got := ""; !strings.Contains(got, `"id":2,"subscribe"`); {
		got += string(frame(t, from))
	}
	for _, size := range []int{186, 4000} {
		if _, err := fmt.Fprintln(ask, size); err != nil {
			t.Fatal(err)
		}
		if got := frame(t, from); len(got) != size {
			t.Errorf("%d bytes of %d: %s", len(got), size, got)
		}
	}
	if err := ask.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// frame reads a WebSocket's frame of less than 64 KiB.
func frame(t *testing.T, from *bufio.Reader) []byte {
	t.Helper()
	head := make([]byte, 2)
	if _, err := io.ReadFull(from, head); err != nil {
		t.Fatal(err)
	}
	size := int(head[1])
	if size == 126 {
		if _, err := io.ReadFull(from, head); err != nil {
			t.Fatal(err)
		}
		size = int(binary.BigEndian.Uint16(head))
	}
	payload := make([]byte, size)
	if _, err := io.ReadFull(from, payload); err != nil {
		t.Fatal(err)
	}
	return payload
}
