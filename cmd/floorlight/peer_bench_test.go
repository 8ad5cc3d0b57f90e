package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
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

// benchCollect has the program give back the memory that it does not need when it
// gets a SIGUSR1. How much of a heap is garbage at a moment depends on how large it
// was before, and says nothing of a socket.
const benchCollect = "FLOORLIGHT_BENCH_COLLECT"

func init() {
	if os.Getenv(benchCollect) == "" {
		return
	}
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGUSR1)
	go func() {
		for range asked {
			debug.FreeOSMemory()
		}
	}()
}

// benchPeer is the program, with a desk whose wallboard each message changes.
func benchPeer(b *testing.B) (*served, *peer) {
	b.Helper()
	b.Setenv(benchCollect, "1")
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

// idle is how many bytes more are resident for each socket that does nothing: as the
// handshakes left them, and when their garbage was collected. As many sockets are
// there before, or what a server needs only at its start would be taken off theirs.
func (p *peer) idle() (left, collected float64) {
	p.b.Helper()
	first := benchReader(p.b, p.address, idleSockets, p.request)
	before := p.collected()
	second := benchReader(p.b, p.address, idleSockets, p.request)
	<-time.After(3 * time.Second)
	left = residentOf(p.b, p.pid)
	collected = p.collected()
	p.end(first)
	p.end(second)
	return (left - before) / idleSockets, (collected - before) / idleSockets
}

// collected is how many bytes of memory the peer has without its garbage.
func (p *peer) collected() float64 {
	p.b.Helper()
	require.NoError(p.b, syscall.Kill(p.pid, syscall.SIGUSR1))
	<-time.After(3 * time.Second) // a collection takes a tenth of one
	return residentOf(p.b, p.pid)
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
