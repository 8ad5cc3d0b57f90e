package faults

import (
	"bufio"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestFaultLogNobodyReads lets the reader of the log stop, go on, and go away. The
// server minds none of it, and says how many lines are missing.
func TestFaultLogNobodyReads(t *testing.T) {
	t.Parallel()

	out, in, err := os.Pipe()
	require.NoError(t, err)
	s := newServer(t, "--log", "debug")
	s.stderr = in
	s.start()
	require.NoError(t, in.Close())
	d := open(s, 60, "")
	for range long(20_000, 4000) { // each of which says more than one line
		conn, err := net.Dial("tcp", s.nats)
		require.NoError(t, err)
		require.NoError(t, conn.Close())
	}
	d.more(100)
	var reading sync.WaitGroup
	missing := make(chan struct{})
	reading.Go(func() {
		told := false
		for lines := bufio.NewScanner(out); lines.Scan(); {
			_, _ = s.log.Write(append(lines.Bytes(), '\n'))
			if !told && strings.Contains(lines.Text(), "lines of the log are missing here") {
				told = true
				close(missing)
			}
		}
	})
	select {
	case <-missing:
	case <-time.After(time.Minute):
		require.Fail(t, "nobody was told that lines are missing")
	}
	require.NoError(t, out.Close())
	reading.Wait()
	d.more(200)
	s.prove(d)
	code, _ := s.terminate()
	require.Zero(t, code)
}
