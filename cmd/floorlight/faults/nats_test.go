package faults

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"
)

// natsMain is a NATS that syncs before it acknowledges, until SIGTERM.
func natsMain(dir, address string) int {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, err)
		return 2
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, err)
		return 2
	}
	s, err := natsserver.NewServer(&natsserver.Options{Host: host, Port: n, JetStream: true, StoreDir: dir, NoSigs: true, SyncAlways: true, MaxPayload: 1 << 20})
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, err)
		return 1
	}
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer cancel()
	s.Start()
	<-stop.Done()
	s.Shutdown()
	s.WaitForShutdown()
	return 0
}

// outside is a NATS in a process of its own.
type outside struct {
	t       *testing.T
	dir     string
	address string
	command *exec.Cmd
}

// newNATS starts one; it is ended with the test.
func newNATS(t *testing.T) *outside {
	t.Helper()
	o := &outside{t: t, dir: t.TempDir(), address: freeAddress(t)}
	o.start()
	t.Cleanup(func() { o.end(syscall.SIGKILL) })
	return o
}

func (o *outside) url() string { return "nats://" + o.address }

// start returns when the NATS answers.
func (o *outside) start() {
	o.t.Helper()
	self, err := os.Executable()
	require.NoError(o.t, err)
	o.command = exec.CommandContext(context.WithoutCancel(o.t.Context()), self, o.address)
	o.command.Env = append(os.Environ(), natsVariable+"="+o.dir)
	o.command.Stderr = os.Stderr
	require.NoError(o.t, o.command.Start())
	require.Eventually(o.t, func() bool {
		conn, err := nats.Connect(o.url())
		if err != nil {
			return false
		}
		defer conn.Close()
		js, err := conn.JetStream()
		if err != nil {
			return false
		}
		_, err = js.AccountInfo()
		return err == nil
	}, 30*time.Second, 20*time.Millisecond)
}

// end ends it with that signal and waits; twice is fine.
func (o *outside) end(sig syscall.Signal) {
	if o.command == nil {
		return
	}
	_ = o.command.Process.Signal(sig)
	_ = o.command.Wait() // its code says nothing.
	o.command = nil
}

// copyOf is a copy of a directory beside it.
func copyOf(t *testing.T, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy")
	require.NoError(t, os.CopyFS(to, os.DirFS(dir)))
	return to
}

// putBack makes dir what older is.
func putBack(t *testing.T, dir, older string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		require.NoError(t, os.RemoveAll(filepath.Join(dir, e.Name())))
	}
	entries, err = os.ReadDir(older)
	require.NoError(t, err)
	for _, e := range entries {
		from, to := filepath.Join(older, e.Name()), filepath.Join(dir, e.Name())
		if e.IsDir() {
			require.NoError(t, os.CopyFS(to, os.DirFS(from)))
			continue
		}
		raw, err := os.ReadFile(from)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(to, raw, 0o600))
	}
}
