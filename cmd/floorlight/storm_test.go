package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/cmd/floorlight/load"
	"github.com/floorlight/floorlight/cmd/floorlight/proof"
	"github.com/floorlight/floorlight/history/postgres/postgrestest"
)

// looker is a client that keeps what comes and makes the state of it at the end:
// thousands of them have to share the test's processor with the server.
type looker struct {
	conn    net.Conn
	in      *bufio.Reader
	epoch   string
	version uint64
	state   json.RawMessage
	patches []json.RawMessage
	at      []uint64 // the version after each patch
	resumes int      // answered by a snapshot
}

type lookedAt struct {
	Op      string          `json:"op"`
	Epoch   string          `json:"epoch"`
	Version uint64          `json:"version"`
	From    uint64          `json:"from"`
	State   json.RawMessage `json:"state"`
	Patch   json.RawMessage `json:"patch"`
	Sum     string          `json:"sum"`
	Code    string          `json:"code"`
}

// come connects, and subscribes from where the looker is.
func (l *looker) come(address, token string) error {
	conn, err := net.DialTimeout("tcp", address, 30*time.Second)
	if err != nil {
		return err
	}
	l.conn, l.in = conn, bufio.NewReaderSize(conn, 1024)
	if _, err := fmt.Fprintf(conn, "GET /v1/live HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: floorlight.v1\r\nAuthorization: Bearer %s\r\n\r\n", address, token); err != nil {
		return err
	}
	answer, err := http.ReadResponse(l.in, nil)
	if err != nil {
		return err
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusSwitchingProtocols {
		return fmt.Errorf("status %d", answer.StatusCode)
	}
	since := ""
	if l.epoch != "" {
		since = fmt.Sprintf(`,"since":{"epoch":%q,"version":%d}`, l.epoch, l.version)
	}
	return l.say(`{"op":"subscribe","id":1,"topic":"wallboard"` + since + `}`)
}

// say sends a text frame, masked with nothing.
func (l *looker) say(text string) error {
	frame := binary.BigEndian.AppendUint16([]byte{0x81, 0x80 | 126}, uint16(len(text)))
	_, err := l.conn.Write(append(append(frame, 0, 0, 0, 0), text...))
	return err
}

// hear reads one message.
func (l *looker) hear() (m lookedAt, err error) {
	if err := l.conn.SetReadDeadline(time.Now().Add(90 * time.Second)); err != nil {
		return m, err
	}
	var head [2]byte
	if _, err := io.ReadFull(l.in, head[:]); err != nil {
		return m, err
	}
	n := uint64(head[1])
	var more [8]byte
	switch n {
	case 126:
		_, err = io.ReadFull(l.in, more[:2])
		n = uint64(binary.BigEndian.Uint16(more[:2]))
	case 127:
		_, err = io.ReadFull(l.in, more[:])
		n = binary.BigEndian.Uint64(more[:])
	}
	if err != nil {
		return m, err
	}
	raw := make([]byte, n)
	if _, err := io.ReadFull(l.in, raw); err != nil {
		return m, err
	}
	if head[0] != 0x81 {
		return m, fmt.Errorf("a frame %x: %q", head[0], raw)
	}
	return m, json.Unmarshal(raw, &m)
}

// until reads on to the first frame with that op, and keeps what comes.
func (l *looker) until(op string) (lookedAt, error) {
	for {
		m, err := l.hear()
		if err != nil {
			return m, err
		}
		switch m.Op {
		case "snapshot":
			if l.epoch != "" {
				l.resumes++
			}
			l.epoch, l.version, l.state, l.patches, l.at = m.Epoch, m.Version, m.State, nil, nil
		case "delta":
			if m.Epoch != l.epoch || m.From != l.version {
				return m, fmt.Errorf("a delta from %s:%d, the client is at %s:%d", m.Epoch, m.From, l.epoch, l.version)
			}
			l.version, l.patches, l.at = m.Version, append(l.patches, m.Patch), append(l.at, m.Version)
		case "error":
			return m, fmt.Errorf("the server answers %s", m.Code)
		}
		if m.Op == op {
			return m, nil
		}
	}
}

// checksum is that of the state which the client has made.
func (l *looker) checksum() (string, error) {
	var state any
	if err := json.Unmarshal(l.state, &state); err != nil {
		return "", err
	}
	for _, raw := range l.patches {
		var patch any
		if err := json.Unmarshal(raw, &patch); err != nil {
			return "", err
		}
		state = merged(state, patch)
	}
	return load.Checksum(state)
}

// merged is RFC 7396.
func merged(target, patch any) any {
	members, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	object, ok := target.(map[string]any)
	if !ok {
		object = map[string]any{}
	}
	for name, value := range members {
		if value == nil {
			delete(object, name)
		} else {
			object[name] = merged(object[name], value)
		}
	}
	return object
}

// vanish ends the connection with a reset, as a network that fails for all.
func (l *looker) vanish() {
	if tcp, ok := l.conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // it is closed either way.
	}
	_ = l.conn.Close()
}

// gauge is a number of the server's /metrics; those of a name are added up.
func (s *served) gauge(name string) (sum float64) {
	s.t.Helper()
	_, body := s.get("/metrics", "")
	for _, found := range regexp.MustCompile(`(?m)^`+name+`(?:\{[^}]*\})? (\S+)$`).FindAllStringSubmatch(string(body), -1) {
		v, err := strconv.ParseFloat(found[1], 64)
		require.NoError(s.t, err)
		sum += v
	}
	return sum
}

// TestFaultOfEveryConnection: all clients lose their connections in one moment and
// come back together. Each goes on where it was, misses nothing, and the server has
// afterwards what it had before.
func TestFaultOfEveryConnection(t *testing.T) {
	t.Parallel()

	clients := 500
	if proof.Soak() > 0 {
		clients = 2000
	}
	dir := postgrestest.Dir(t)
	k := launch(t, dir, "127.0.0.1:0")
	t.Cleanup(func() {
		_ = k.command.Process.Signal(os.Interrupt)
		_ = k.command.Wait()
	})
	address := strings.TrimPrefix(k.url, "http://")
	service := k.token("star", "service")
	var tokens []string
	for range 1 + clients/500 {
		tokens = append(tokens, k.token("star", "owner"))
	}
	batches := starBatches(t, 1500)
	var acked proof.Acked
	publish := func(part []starBatch) {
		for _, b := range part {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			require.True(t, posted(ctx, k.url+"/v1/events", service, b.raw))
			cancel()
			b.acked(&acked)
		}
	}
	publish(batches[:10])
	all := make([]*looker, clients)
	for i := range all {
		all[i] = &looker{}
	}
	// each does something for every client, many at a time.
	each := func(what string, f func(i int, l *looker) error) {
		t.Helper()
		var wg sync.WaitGroup
		var mu sync.Mutex
		var failed []string
		room := make(chan struct{}, 200)
		for i, l := range all {
			room <- struct{}{}
			wg.Go(func() {
				defer func() { <-room }()
				if err := f(i, l); err != nil {
					mu.Lock()
					defer mu.Unlock()
					failed = append(failed, err.Error())
				}
			})
		}
		wg.Wait()
		require.Empty(t, failed[:min(len(failed), 5)], "%s: %d of %d", what, len(failed), clients)
	}
	quiet := func() {
		require.Eventually(t, func() bool { return k.gauge("floorlight_sockets") == 0 }, time.Minute, 50*time.Millisecond)
	}
	before := k.gauge("go_goroutines")
	each("come", func(i int, l *looker) error {
		if err := l.come(address, tokens[i%len(tokens)]); err != nil {
			return err
		}
		_, err := l.until("snapshot")
		return err
	})
	during := k.gauge("go_goroutines")
	heap := k.gauge("go_memstats_heap_inuse_bytes")
	publish(batches[10:20])
	each("read", func(_ int, l *looker) error {
		if err := l.say(`{"op":"check","id":2,"sub":1}`); err != nil {
			return err
		}
		_, err := l.until("sum")
		return err
	})
	publish(batches[20:22])
	for _, l := range all {
		l.vanish()
	}
	publish(batches[22:26]) // which nobody hears
	quiet()
	require.Eventually(t, func() bool { return k.gauge("go_goroutines") < before+25 }, time.Minute, 50*time.Millisecond, "goroutines of clients that are gone")
	each("come back", func(i int, l *looker) error { return l.come(address, tokens[i%len(tokens)]) })
	publish(batches[26:])
	k.settle("star", tokens[0])
	each("compare", func(_ int, l *looker) error {
		if err := l.say(`{"op":"check","id":3,"sub":1}`); err != nil {
			return err
		}
		m, err := l.until("sum")
		if err != nil {
			return err
		}
		sum, err := l.checksum()
		if err == nil && (sum != m.Sum || l.version != m.Version) {
			return fmt.Errorf("the client's state at %d is not the server's at %d", l.version, m.Version)
		}
		return err
	})
	fresh := 0
	for _, l := range all {
		fresh += l.resumes
	}
	require.Zero(t, fresh, "whoever comes back within two minutes goes on with deltas")
	for _, l := range all {
		l.vanish()
	}
	quiet()
	require.Eventually(t, func() bool { return k.gauge("go_goroutines") < before+25 }, time.Minute, 50*time.Millisecond)
	// The heap is what the collector has left; it runs every two minutes at the latest.
	limit := heap + 32<<20
	require.Eventually(t, func() bool { return k.gauge("go_memstats_heap_inuse_bytes") < limit }, 4*time.Minute, 500*time.Millisecond, "memory of clients that are gone")
	desks := proof.Require(t, k.claim(load.DatabaseIn(dir), &acked, nil))
	require.Equal(t, len(batches)*50, desks[0].Stored)
	t.Logf("%d clients dropped at once and came back without a snapshot; goroutines %.0f, with them %.0f, after them %.0f; heap %.1f MiB with them, %.1f after",
		clients, before, during, k.gauge("go_goroutines"), heap/(1<<20), k.gauge("go_memstats_heap_inuse_bytes")/(1<<20))
}
