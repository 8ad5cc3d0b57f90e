package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history/postgres/postgrestest"
)

// The benchmark of frames is of processes, so that each one's CPU is its own:
// the server, or one that does nothing but write, and the readers of both. The
// latter two are this test binary, which finds its part in the environment.
const (
	benchPart    = "FLOORLIGHT_BENCH_PART" // read or write
	benchArgs    = "FLOORLIGHT_BENCH_ARGS"
	frameSockets = 1000
	frameRounds  = 40
	// frameEvery is out of step with the tick, and longer.
	frameEvery = 130 * time.Millisecond
)

func init() {
	part := os.Getenv(benchPart)
	if part == "" {
		return
	}
	args := strings.Fields(os.Getenv(benchArgs))
	var err error
	switch part {
	case "read":
		err = readSockets(args[0], args[1], os.Stdin, os.Stdout)
	case "write":
		err = writeSockets(args[0], os.Stdin, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, part, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// readSockets connects so many times, sends what comes by standard input on each
// connection, says so when each has got something back, and reads until its
// parent is gone.
func readSockets(address, times string, in io.Reader, out io.Writer) error {
	request, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	sockets, err := strconv.Atoi(times)
	if err != nil {
		return err
	}
	handshake, frame, _ := bytes.Cut(request, []byte(blankLine))
	var first sync.WaitGroup
	failed := make(chan error, sockets)
	for range sockets {
		conn, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", address)
		if err != nil {
			return err
		}
		if err := shakeHands(conn, handshake); err != nil {
			return err
		}
		if _, err := conn.Write(frame); err != nil {
			return err
		}
		first.Add(1)
		go func() {
			buf := make([]byte, 16<<10)
			for seen := false; ; {
				_, err := conn.Read(buf)
				if err != nil {
					failed <- err
					return
				}
				if !seen {
					seen = true
					first.Done()
				}
			}
		}()
	}
	first.Wait()
	if _, err := fmt.Fprintln(out, "ready"); err != nil {
		return err
	}
	return <-failed
}

const blankLine = "\r\n\r\n"

// shakeHands sends a request's head, if there is one, and reads the answer's.
func shakeHands(conn net.Conn, head []byte) error {
	if len(head) == 0 {
		return nil
	}
	if _, err := conn.Write(append(slices.Clip(head), blankLine...)); err != nil {
		return err
	}
	var got []byte
	for one := make([]byte, 1); !bytes.HasSuffix(got, []byte(blankLine)); got = append(got, one[0]) {
		if _, err := conn.Read(one); err != nil {
			return fmt.Errorf("%w after %q", err, got)
		}
	}
	if !bytes.HasPrefix(got, []byte("HTTP/1.1 101 ")) {
		return fmt.Errorf("no WebSocket: %q", got)
	}
	return nil
}

// writeSockets is the bare writer: it takes so many connections, and for each
// number on standard input writes so many bytes to each, one after the other.
func writeSockets(_ string, in io.Reader, out io.Writer) error {
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(out, listener.Addr()); err != nil {
		return err
	}
	var all []net.Conn
	for range frameSockets {
		conn, err := listener.Accept()
		if err != nil {
			return err
		}
		all = append(all, conn)
	}
	for lines := bufio.NewScanner(in); lines.Scan(); {
		n, err := strconv.Atoi(lines.Text())
		if err != nil {
			return err
		}
		frame := make([]byte, n)
		for _, conn := range all {
			if _, err := conn.Write(frame); err != nil {
				return err
			}
		}
	}
	return nil
}

// benchProcess starts this binary as another part.
func benchProcess(b *testing.B, part, args string) (*exec.Cmd, io.WriteCloser, *bufio.Reader) {
	b.Helper()
	cmd := exec.CommandContext(context.WithoutCancel(b.Context()), os.Args[0])
	cmd.Env = append(os.Environ(), benchPart+"="+part, benchArgs+"="+args)
	in, out := benchStart(b, cmd)
	return cmd, in, out
}

// benchStart starts a process that ends with the benchmark.
func benchStart(b *testing.B, cmd *exec.Cmd) (io.WriteCloser, *bufio.Reader) {
	b.Helper()
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	require.NoError(b, err)
	out, err := cmd.StdoutPipe()
	require.NoError(b, err)
	require.NoError(b, cmd.Start())
	b.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Process.Kill() // it may have ended.
		_ = cmd.Wait()
	})
	return in, bufio.NewReader(out)
}

// benchReader starts a process that reads from so many sockets, once each has got
// something.
func benchReader(b *testing.B, address string, sockets int, request string) *exec.Cmd {
	b.Helper()
	reader, in, out := benchProcess(b, "read", fmt.Sprint(address, " ", sockets))
	_, err := io.WriteString(in, request)
	require.NoError(b, err)
	require.NoError(b, in.Close())
	_, err = out.ReadString('\n')
	require.NoError(b, err)
	return reader
}

// readWallboard is a handshake and a subscription.
func readWallboard(token string) string {
	return upgrade("/v1/live", "Sec-WebSocket-Protocol: floorlight.v1\r\nAuthorization: Bearer "+token+"\r\n", `{"op":"subscribe","id":1,"topic":"wallboard"}`)
}

// upgrade is a WebSocket's handshake and its first frame, of less than 126 bytes.
func upgrade(path, headers, frame string) string {
	return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + headers + "\r\n" +
		string([]byte{0x81, 0x80 | byte(len(frame)), 0, 0, 0, 0}) + frame
}

// cpuOf is the processor time that a process has taken.
func cpuOf(b *testing.B, pid int) time.Duration {
	b.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	require.NoError(b, err)
	fields := strings.Fields(string(raw[strings.LastIndexByte(string(raw), ')')+1:]))
	user, err := strconv.Atoi(fields[11])
	require.NoError(b, err)
	system, err := strconv.Atoi(fields[12])
	require.NoError(b, err)
	const tick = 10 * time.Millisecond
	return time.Duration(user+system) * tick
}

// BenchmarkFrameToSockets measures the CPU that the server takes for each frame
// that it delivers to 1,000 sockets, over what it takes for the same events
// without sockets, beside a process that writes as many bytes to as many
// connections one after the other and does nothing else.
func BenchmarkFrameToSockets(b *testing.B) {
	k, ours := benchPeer(b)
	var whole, bare time.Duration
	var frames, sizes float64
	for b.Loop() {
		without := ours.rounds()
		framesBefore, bytesBefore := sentDeltas(k)
		whole += ours.delivering() - without
		framesAfter, bytesAfter := sentDeltas(k)
		frames += framesAfter - framesBefore
		sizes += bytesAfter - bytesBefore

		writer, in, out := benchProcess(b, "write", "-")
		address, err := out.ReadString('\n')
		require.NoError(b, err)
		_, reading, ready := benchProcess(b, "read", fmt.Sprint(strings.TrimSpace(address), " ", frameSockets))
		require.NoError(b, reading.Close())
		size := int(sizes/frames) + 4 // a WebSocket's header
		write := func() {
			_, err := fmt.Fprintln(in, size)
			require.NoError(b, err)
		}
		write()
		_, err = ready.ReadString('\n')
		require.NoError(b, err)
		began := cpuOf(b, writer.Process.Pid)
		frameRoundsOf(write)
		bare += cpuOf(b, writer.Process.Pid) - began
	}
	per := whole.Seconds() / frames * 1e6
	plain := bare.Seconds() / float64(b.N*frameRounds*frameSockets) * 1e6
	b.ReportMetric(per, "µs/frame")
	b.ReportMetric(plain, "µs/bare-write")
	b.ReportMetric(per/plain, "x-of-bare")
	b.ReportMetric(sizes/frames, "bytes/frame")
	b.ReportMetric(0, "ns/op")
}

// frameRoundsOf does it so many times.
func frameRoundsOf(do func()) {
	pace := time.NewTicker(frameEvery)
	defer pace.Stop()
	for range frameRounds {
		do()
		<-pace.C
	}
}

// benchServer is the program in a process of its own.
func benchServer(b *testing.B) (*served, *exec.Cmd) {
	b.Helper()
	return benchServerOn(b, postgrestest.Dir(b))
}

// benchServerOn is benchServer on a directory that may hold something.
func benchServerOn(b *testing.B, dir string) (*served, *exec.Cmd) {
	b.Helper()
	s := &served{t: b, dir: dir, log: &lockedBuffer{}}
	cmd := exec.CommandContext(context.WithoutCancel(b.Context()), "floorlight", "serve", "--data-dir", s.dir, "--listen", "127.0.0.1:0", "--nats-listen", "127.0.0.1:0")
	cmd.Stderr = s.log
	out, err := cmd.StdoutPipe()
	require.NoError(b, err)
	require.NoError(b, cmd.Start())
	b.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt) // it may have ended.
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(b, err, "%s", s.log)
	s.url = strings.TrimPrefix(strings.TrimSpace(line), "listening on ")
	require.Eventually(b, func() bool {
		status, _ := s.get("/readyz", "")
		return status == http.StatusOK
	}, 10*time.Minute, 20*time.Millisecond, "%s", s.log)
	return s, cmd
}

// sentDeltas is how many deltas the server has written, and their bytes.
func sentDeltas(s *served) (frames, bytes float64) {
	s.t.Helper()
	_, raw := s.get("/metrics", "")
	for line := range strings.Lines(string(raw)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		v, err := strconv.ParseFloat(value, 64)
		switch {
		case err != nil || !strings.Contains(name, `op="delta"`):
		case strings.HasPrefix(name, "floorlight_frames_sent_total"):
			frames += v
		case strings.HasPrefix(name, "floorlight_frames_sent_bytes_total"):
			bytes += v
		}
	}
	return frames, bytes
}
