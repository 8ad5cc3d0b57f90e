package main

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
)

// peer is a server that gives frames to sockets.
type peer struct {
	b       *testing.B
	pid     int
	address string
	request string // which a socket begins with
	publish func() // what gives each a frame
}

// benchPeer is the program, with a desk whose wallboard each message changes.
func benchPeer(b *testing.B) (*served, *peer) {
	b.Helper()
	k, server := benchServer(b)
	js, err := jetstream.New(k.natsClient())
	require.NoError(b, err)
	n := 0
	publish := func() {
		n++
		e := event.New("bench", "bench", fmt.Sprint("e", n), time.Now(), &event.MessageSent{
			Conversation: "c1", Message: event.MessageID(fmt.Sprint("m", n)), From: event.Actor{Kind: event.Customer, ID: "u1"}, Text: "hello",
		})
		raw, err := e.Encode()
		require.NoError(b, err)
		_, err = js.Publish(b.Context(), e.Subject(), raw)
		require.NoError(b, err)
	}
	return k, &peer{
		b: b, pid: server.Process.Pid, address: strings.TrimPrefix(k.url, "http://"),
		request: readWallboard(k.token("bench", "wallboard")), publish: publish,
	}
}

// idle is how many bytes more are resident for each socket that does nothing.
func (p *peer) idle() float64 {
	p.b.Helper()
	before := residentOf(p.b, p.pid)
	reader := benchReader(p.b, p.address, idleSockets, p.request)
	<-time.After(3 * time.Second)
	after := residentOf(p.b, p.pid)
	p.end(reader)
	return (after - before) / idleSockets
}

// rounds is the CPU that publishing so many times takes, whoever reads.
func (p *peer) rounds() time.Duration {
	p.b.Helper()
	began := cpuOf(p.b, p.pid)
	frameRoundsOf(p.publish)
	return cpuOf(p.b, p.pid) - began
}

// delivering is the same with sockets that read.
func (p *peer) delivering() time.Duration {
	p.b.Helper()
	reader := benchReader(p.b, p.address, frameSockets, p.request)
	<-time.After(2 * time.Second) // the snapshots are out, and the garbage of the handshakes
	took := p.rounds()
	p.end(reader)
	return took
}

// end closes a reader's sockets, and waits until the server has let go of them.
func (p *peer) end(reader *exec.Cmd) {
	p.b.Helper()
	require.NoError(p.b, reader.Process.Kill())
	<-time.After(2 * time.Second)
}

// residentOf is how many bytes of memory a process has.
func residentOf(b *testing.B, pid int) float64 {
	b.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	require.NoError(b, err)
	pages, err := strconv.Atoi(strings.Fields(string(raw))[1])
	require.NoError(b, err)
	return float64(pages * os.Getpagesize())
}
