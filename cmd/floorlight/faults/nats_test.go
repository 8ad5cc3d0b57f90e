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
	"strings"
	"syscall"
	"testing"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"
)

// natsMain is a NATS that syncs before it acknowledges, until SIGTERM; one of a
// cluster if it is told where it and the others of that are.
func natsMain(dir, address, cluster string) int {
	options := &natsserver.Options{JetStream: true, StoreDir: dir, NoSigs: true, SyncAlways: true, MaxPayload: 1 << 20}
	var err error
	if options.Host, options.Port, err = hostPort(address); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, err)
		return 2
	}
	if own, others, is := strings.Cut(cluster, " "); is {
		options.ServerName = own
		options.Cluster.Name = "floor"
		if options.Cluster.Host, options.Cluster.Port, err = hostPort(own); err != nil {
			_, _ = fmt.Fprintln(os.Stderr, err)
			return 2
		}
		options.Routes = natsserver.RoutesFromStr(others)
	}
	s, err := natsserver.NewServer(options)
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

func hostPort(address string) (host string, port int, err error) {
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		return "", 0, err
	}
	port, err = strconv.Atoi(text)
	return host, port, err
}

// outside is a NATS in a process of its own.
type outside struct {
	t       *testing.T
	dir     string
	address string
	cluster string // where it is to the others of its cluster, and where those are
	command *exec.Cmd
}

// onNATS starts a server on a NATS outside, and desks on it.
func onNATS(t *testing.T, rate float64) (*outside, *server, *desks) {
	t.Helper()
	n := newNATS(t)
	s := started(t, "--nats-url", n.url())
	return n, s, open(s, rate, n.url())
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
	o.spawn()
	o.answers()
}

func (o *outside) spawn() {
	o.t.Helper()
	self, err := os.Executable()
	require.NoError(o.t, err)
	o.command = exec.CommandContext(context.WithoutCancel(o.t.Context()), self, o.address)
	o.command.Env = append(os.Environ(), natsVariable+"="+o.dir, clusterVariable+"="+o.cluster)
	o.command.Stderr = os.Stderr
	require.NoError(o.t, o.command.Start())
}

// answers waits until JetStream does.
func (o *outside) answers() {
	o.t.Helper()
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

func (o *outside) signal(sig syscall.Signal) { _ = o.command.Process.Signal(sig) }

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
