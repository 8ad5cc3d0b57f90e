package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/rs/zerolog"

	"github.com/floorlight/floorlight/hub/stream"
)

const (
	// natsMaxPayload lets an event of 64 KiB and one that is far too long reach
	// the place where it is refused with a reason.
	natsMaxPayload = 1 << 20
	// natsMaxMemory bounds memory streams, of which there are none of ours.
	natsMaxMemory = 64 << 20
	// natsMaxBatches bounds the batches that have begun and not ended, which lie on the
	// disk, and natsBatchLimit how long they may stand still.
	natsMaxBatches = 8
	natsBatchLimit = 5 * time.Second
	// natsStopLimit is how long a stop waits for JetStream to close its files.
	natsStopLimit = 8 * time.Second
	// natsReadyLimit is how long a start waits after the streams are recovered.
	natsReadyLimit = 10 * time.Second
	// natsOwnInbox is where our own connections get their answers: whoever has the
	// owner's credentials and listens to _INBOX shall not take every event twice.
	natsOwnInbox = "_FLOORLIGHT"
)

var errNATSStopped = errors.New("the NATS inside the process is stopped")

// natsServer is the NATS inside the process: JetStream in files below the data
// directory, synced before every ack. Connections of our own stay inside the
// process and survive a Restart; others come in by the client port.
type natsServer struct {
	// immutable
	log    zerolog.Logger
	listen string // the setting, for messages
	record string // file that says where the client port is
	auth   *natsAuth
	room   func(dir string) (int64, error) // what JetStream's files may take

	mu      sync.Mutex
	opts    *server.Options // the port, once picked, stays
	current *server.Server  // nil once stopped
	said    *natsLog        // its log
	space   int64           // what room said at the start
	lock    *os.File        // nil once stopped for good
}

// startNATS starts the server for these settings. It returns when the streams
// are recovered and the client port, if there is one, is open.
func startNATS(s settings, log zerolog.Logger) (*natsServer, error) {
	return startNATSWith(s, log, true)
}

// startNATSWith is startNATS; without synced, a message is acknowledged before it
// is on disk.
func startNATSWith(s settings, log zerolog.Logger, synced bool) (*natsServer, error) {
	auth, err := newNATSAuth(s)
	if err != nil {
		return nil, err
	}
	store := filepath.Join(s.DataDir, "nats")
	if err := os.MkdirAll(store, 0o700); err != nil {
		return nil, err
	}
	lock, err := lockDir(store)
	if err != nil {
		return nil, err
	}
	n := &natsServer{log: log, listen: s.NATSListen, record: natsAddressFile(s), auth: auth, room: storeRoom, lock: lock}
	n.opts = &server.Options{
		ServerName: "floorlight",
		MaxPayload: natsMaxPayload,
		JetStream:  true,
		StoreDir:   store,
		SyncAlways: synced,
		// What a batch has before its end counts towards no stream's size.
		JetStreamLimits: server.JSLimitOpts{
			MaxBatchInflightPerStream: natsMaxBatches, MaxBatchSize: stream.MostBatched, MaxBatchTimeout: natsBatchLimit,
		},
		JetStreamMaxMemory:     natsMaxMemory,
		DisableJetStreamBanner: true,
		NoSigs:                 true,
		DontListen:             s.NATSListen == natsListenOff,
	}
	if n.opts.DontListen {
		// A killed server may have left the address of another setting.
		err = removeIfThere(n.record)
	} else {
		n.opts.Host, n.opts.Port, err = splitListen(s.NATSListen)
	}
	if err == nil {
		err = n.start()
	}
	if err != nil {
		return nil, errors.Join(err, letGo(lock))
	}
	return n, nil
}

// start needs mu, or a server that nobody else has yet.
func (n *natsServer) start() error {
	room, err := n.room(n.opts.StoreDir)
	if err != nil {
		return fmt.Errorf("free space of %s: %w", n.opts.StoreDir, err)
	}
	n.space = room
	opts := *n.opts
	// The streams have their limits, made of what is free now. The server's own
	// counts what they were given on an emptier disk, and would not even let
	// them be lowered.
	opts.JetStreamMaxStore = math.MaxInt64
	door := &natsDoor{auth: n.auth, log: n.log, accounts: map[string]*server.Account{}}
	opts.CustomClientAuthentication = door
	srv, err := server.NewServer(&opts)
	if err != nil {
		return fmt.Errorf("NATS inside the process: %w", err)
	}
	if err := door.open(srv); err != nil {
		srv.Shutdown()
		return fmt.Errorf("NATS inside the process: %w", err)
	}
	log := &natsLog{log: n.log}
	srv.SetLoggerV2(log, n.log.GetLevel() <= zerolog.DebugLevel, false, false)
	srv.Start()
	if !log.failed() && srv.ReadyForConnections(natsReadyLimit) {
		n.current, n.said = srv, log
		return n.listening(srv)
	}
	srv.Shutdown()
	if text := log.fatal(); strings.HasPrefix(text, "Error listening") {
		return fmt.Errorf("nothing can listen on %s, the setting nats_listen (--nats-listen, FLOORLIGHT_NATS_LISTEN); choose another port, or off: %s", n.listen, text)
	} else if text != "" {
		return fmt.Errorf("NATS inside the process: %s", text)
	}
	return fmt.Errorf("NATS inside the process is not ready after %s", natsReadyLimit)
}

// listening keeps the picked port for the next start and writes it down for
// floorlight nats-url.
func (n *natsServer) listening(srv *server.Server) error {
	addr, ok := srv.Addr().(*net.TCPAddr)
	if !ok || n.opts.DontListen {
		return nil
	}
	n.opts.Port = addr.Port
	err := os.WriteFile(n.record, []byte(net.JoinHostPort(n.opts.Host, strconv.Itoa(addr.Port))+"\n"), 0o600)
	if err != nil {
		n.stopCurrent()
		return fmt.Errorf("write down where NATS listens: %w", err)
	}
	return nil
}

// Connect returns a connection of our own, which may do everything. It does not
// use the network, outlives restarts of the server inside, and tries to come
// back until it is closed, which its user does before Stop.
func (n *natsServer) Connect(ctx context.Context) (*nats.Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return nats.Connect("nats://inside", append(
		natsOptions(n.log),
		nats.InProcessServer(n),
		nats.UserInfo(natsOwner, n.auth.ownerPassword),
		nats.CustomInboxPrefix(natsOwnInbox),
		nats.ReconnectWait(100*time.Millisecond),
		nats.ReconnectJitter(20*time.Millisecond, 20*time.Millisecond),
	)...)
}

// InProcessConn is a pipe to the server of the moment; nats.go asks for one at
// each attempt to connect.
func (n *natsServer) InProcessConn() (net.Conn, error) {
	n.mu.Lock()
	defer n.mu.Unlock()

	if n.current == nil {
		return nil, errNATSStopped
	}
	return n.current.InProcessConn()
}

// ClientURL is what any NATS client connects with, credentials included; with a
// tenant, one that is limited to that tenant's subjects. It is empty when there
// is no client port.
func (n *natsServer) ClientURL(tenant string) string {
	n.mu.Lock()
	defer n.mu.Unlock()

	if n.opts.DontListen {
		return ""
	}
	return n.auth.url(net.JoinHostPort(n.opts.Host, strconv.Itoa(n.opts.Port)), tenant)
}

// MaxStore is how many bytes JetStream may keep in files: what it keeps already
// and three quarters of what was free at the start.
func (n *natsServer) MaxStore() int64 {
	n.mu.Lock()
	defer n.mu.Unlock()

	if n.current == nil {
		return 0
	}
	return n.space
}

// Restart stops the server and starts it on the same port and files, which is
// how JetStream comes back after it has shut itself off. When the new one does
// not start, the server is stopped.
func (n *natsServer) Restart() error {
	n.mu.Lock()
	defer n.mu.Unlock()

	if n.current == nil {
		return errNATSStopped
	}
	n.stopCurrent()
	return n.start()
}

// revive is Restart for a server that has failed, or has not started again since.
func (n *natsServer) revive() error {
	n.mu.Lock()
	defer n.mu.Unlock()

	if n.lock == nil {
		return errNATSStopped
	}
	n.stopCurrent()
	return n.start()
}

// broken reports whether JetStream has given up: it is off, a stream has met an error
// of the disk and takes nothing any more, or a restart has failed.
func (n *natsServer) broken() bool {
	n.mu.Lock()
	defer n.mu.Unlock()

	return n.lock != nil && (n.current == nil || !n.current.JetStreamEnabled() || n.said.gaveUp.Load())
}

// Synced reports whether a message is on disk before it is acknowledged.
func (n *natsServer) Synced() bool { return n.opts.SyncAlways }

// storeDir is where JetStream's files are.
func (n *natsServer) storeDir() string { return n.opts.StoreDir }

// measure is MaxStore as of now.
func (n *natsServer) measure() (int64, error) { return n.room(n.opts.StoreDir) }

// Stop ends the server within [natsStopLimit]. Stop twice is fine.
func (n *natsServer) Stop() {
	n.mu.Lock()
	defer n.mu.Unlock()

	n.stopCurrent()
	if n.lock == nil {
		return
	}
	if err := errors.Join(removeIfThere(n.record), letGo(n.lock)); err != nil {
		n.log.Warn().Err(err).Msg("nats server left something behind")
	}
	n.lock = nil
}

func (n *natsServer) stopCurrent() {
	if n.current == nil {
		return
	}
	srv := n.current
	n.current = nil
	stopped := make(chan struct{})
	go func() {
		srv.Shutdown()
		srv.WaitForShutdown()
		close(stopped)
	}()
	select {
	case <-stopped:
	case <-time.After(natsStopLimit):
		n.log.Error().Dur("limit", natsStopLimit).Msg("nats server did not stop in time")
	}
}

// splitListen takes host:port apart; port 0 becomes the one that makes the
// server pick.
func splitListen(listen string) (host string, port int, err error) {
	host, text, err := net.SplitHostPort(listen)
	if err != nil {
		return "", 0, err
	}
	if host == "" {
		host = "0.0.0.0"
	}
	if port, err = strconv.Atoi(text); err != nil {
		return "", 0, err
	}
	if port == 0 {
		port = server.RANDOM_PORT
	}
	return host, port, nil
}

// natsAddressFile says where the client port of a running server is.
func natsAddressFile(s settings) string { return filepath.Join(s.DataDir, "nats-address") }

// reachable turns an address to listen on into one to connect to.
func reachable(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	if ip := net.ParseIP(host); host == "" || (ip != nil && ip.IsUnspecified()) {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

func natsURL(address, user, password string) string {
	u := url.URL{Scheme: "nats", User: url.UserPassword(user, password), Host: reachable(address)}
	return u.String()
}

func removeIfThere(path string) error {
	if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
