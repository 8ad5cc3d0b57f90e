package faults

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// openFiles is how many files a process has open.
func (s *server) openFiles() int {
	s.t.Helper()
	list, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", s.command.Process.Pid))
	require.NoError(s.t, err)
	return len(list)
}

// mayOpen is how many a process may have open from now on, and returns what undoes it.
func (s *server) mayOpen(files int) (undo func()) {
	s.t.Helper()
	pid := s.command.Process.Pid
	var was unix.Rlimit
	require.NoError(s.t, unix.Prlimit(pid, unix.RLIMIT_NOFILE, nil, &was))
	require.NoError(s.t, unix.Prlimit(pid, unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: uint64(files), Max: was.Max}, nil))
	return func() { require.NoError(s.t, unix.Prlimit(pid, unix.RLIMIT_NOFILE, &was, nil)) }
}

// TestFaultTooManyOpenFiles lets clients take every file that the server may have
// open. It lets nobody in, says so a few times and not as fast as it can, goes on
// with who is in, and lets everybody in again once there are files.
func TestFaultTooManyOpenFiles(t *testing.T) {
	t.Parallel()

	const warning = "too many open files"
	s := started(t)
	d := open(s, 40, "")
	d.more(50)
	for range long(5, 1) {
		before := strings.Count(s.log.String(), warning)
		most := s.openFiles() + 40
		undo := s.mayOpen(most)
		var idle []net.Conn
		require.Eventually(t, func() bool {
			c, err := net.Dial("tcp", s.listen)
			require.NoError(t, err)
			idle = append(idle, c)
			return strings.Count(s.log.String(), warning) > before
		}, time.Minute, 5*time.Millisecond, "%d of %d files are open", s.openFiles(), most)
		began := time.Now()
		client := d.clients["lumen"]
		at, lives := client.Seq(), client.Lives()
		d.more(20) // over NATS, whose connections are there
		require.Eventually(t, func() bool { return client.Seq() > at }, time.Minute, 20*time.Millisecond, "who is in goes on")
		require.Equal(t, lives, client.Lives())
		<-time.After(long(20*time.Second, 3*time.Second))
		lines := strings.Count(s.log.String(), warning) - before
		require.Less(t, lines, 50+int(10*time.Since(began).Seconds()), "it says so as fast as it can")

		for _, c := range idle {
			require.NoError(t, c.Close())
		}
		undo()
		require.Eventually(t, func() bool {
			status, _, _ := s.ask(http.MethodGet, "/readyz", "", "", 5*time.Second)
			return status == http.StatusOK
		}, time.Minute, 50*time.Millisecond, "%s", s.readyz())
		d.more(50)
	}
	s.prove(d)
}
