package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/rs/zerolog"

	"github.com/floorlight/floorlight/cmd/floorlight/relay"
	"github.com/floorlight/floorlight/history"
	"github.com/floorlight/floorlight/history/postgres"
	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
	"github.com/floorlight/floorlight/live"
)

// How long the parts may take to stop. What hangs longest with all of them is
// within the ten seconds that a stop may take.
const (
	stopHTTP     = 4 * time.Second
	stopNATS     = 2 * time.Second
	stopDatabase = 3 * time.Second
)

// succeededEvery is how often an owner is asked whether he has the new numbers.
const succeededEvery = 50 * time.Millisecond

// pauses between attempts to reach what is away at the start.
const (
	firstPause   = 200 * time.Millisecond
	longestPause = 5 * time.Second
)

// node is everything that `floorlight serve` runs: NATS and PostgreSQL, inside
// or outside, and on them one core at a time.
type node struct {
	env      *environment
	settings settings
	log      zerolog.Logger
	secret   []byte
	id       string // of this server among several; of its data directory
	isDemo   bool
	demo     demoRoles

	life       lifecycle
	front      front
	door       *live.Door
	url        string
	natsInside *natsServer // nil when it is outside
	room       *roomKeeper // of the one inside
	conn       *nats.Conn
	floor      *stream.Stream
	database   *history.Database
	refolds    *history.Recomputing
	renewals   renewals
	owners     *owners
	router     *relay.Router
	live       *live.Server
	tally      *hub.Tally
}

func newNode(env *environment) *node {
	return &node{env: env, settings: env.settings, log: env.log, life: lifecycle{log: env.log}}
}

// start brings up what the core stands on. The port is open first: whoever asks
// learns that the server is starting.
func (n *node) start(ctx context.Context) error {
	if err := makeDataDir(n.settings.DataDir); err != nil {
		return err
	}
	lock, err := lockDir(n.settings.DataDir)
	if err != nil {
		return fmt.Errorf("the data directory cannot be used: %w", err)
	}
	n.life.onStop("the data directory", time.Second, func(context.Context) error { return letGo(lock) })
	if n.secret, err = secret(n.settings); err != nil {
		return err
	}
	if n.id, err = serverID(n.settings); err != nil {
		return err
	}
	n.demo.secret, n.demo.log = n.secret, n.log
	if err := n.listen(ctx); err != nil {
		return err
	}
	if err := n.startNATS(ctx); err != nil {
		return err
	}
	if err := n.startDatabase(ctx); err != nil {
		return err
	}
	if err := n.openStream(ctx); err != nil || ctx.Err() != nil {
		return err
	}
	if err := n.patiently(ctx, "the database", n.spread); err != nil || ctx.Err() != nil {
		return err
	}
	if n.owners, err = newOwners(ctx, n); err != nil {
		return err
	}
	n.life.onStop("the leases", stopDatabase, func(context.Context) error { n.owners.leases.Close(); return nil })
	if err := n.startRouter(); err != nil {
		return err
	}
	return n.startRefolds(ctx)
}

// startRefolds goes on with the recomputations that the last stop interrupted.
func (n *node) startRefolds(ctx context.Context) error {
	n.refolds = n.database.NewRecomputing(history.RecomputingConfig{
		Publish: func(ctx context.Context, e *event.Event) (uint64, error) {
			ack, err := n.floor.Publish(ctx, e)
			return ack.Seq, err
		},
		Switched: n.succeeded,
		Logger:   n.log,
	})
	n.life.onStop("the recomputations", stopDatabase, func(context.Context) error { n.refolds.Stop(); return nil })
	return n.patiently(ctx, "the database", n.refolds.Start)
}

// succeeded returns when whoever owns a desk answers with the numbers in force. The
// leases tell him of them, and this server is made to look at once.
func (n *node) succeeded(ctx context.Context, tenant event.TenantID) error {
	want, err := n.database.Refolds(ctx, int16(stream.PartitionOf(tenant, n.floor.Partitions()))) //nolint:gosec // there are few
	if err != nil {
		return err
	}
	n.owners.poke()
	for {
		if text, err := n.router.Ask(ctx, tenant, askRefolds); err == nil {
			if have, err := strconv.ParseInt(string(text), 10, 64); err == nil && have >= want {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(succeededEvery):
		}
	}
}

// stop ends everything, last in first out. Stopping twice is fine.
func (n *node) stop() error { return n.life.stop() }

// listen opens the port and says where.
func (n *node) listen(ctx context.Context) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", n.settings.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s (setting listen): %w", n.settings.Listen, err)
	}
	scheme := "http"
	if n.settings.TLSCert != "" {
		scheme = "https"
	}
	n.url = scheme + "://" + reachable(listener.Addr().String())
	if n.door, err = live.NewDoor(int(n.settings.LimitConnections), texts(n.settings.TrustedProxy)); err != nil {
		return err
	}
	listener = n.door.Listener(listener)
	server := live.NewHTTPServer(&n.front, newErrorLog(n.log))
	go func() {
		var err error
		if n.settings.TLSCert != "" {
			err = server.ServeTLS(listener, n.settings.TLSCert, n.settings.TLSKey)
		} else {
			err = server.Serve(listener)
		}
		if !errors.Is(err, http.ErrServerClosed) {
			n.log.Error().Err(err).Msg("HTTP is no longer served")
		}
	}()
	n.life.onStop("HTTP", stopHTTP, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, stopHTTP-time.Second)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil {
			return server.Close() // who has not been answered by now is cut off.
		}
		return nil
	})
	file := httpURLFile(n.settings)
	if err := os.WriteFile(file, []byte(n.url+"\n"), 0o600); err != nil {
		return err
	}
	n.life.onStop("the note of the URL", time.Second, func(context.Context) error { return removeIfThere(file) })
	if _, err := fmt.Fprintf(n.env.stdout, "listening on %s\n", n.url); err != nil {
		return err
	}
	return nil
}

func (n *node) startNATS(ctx context.Context) error {
	var err error
	if n.settings.NATSURL != "" {
		n.log.Info().Msg("NATS is outside; whether it syncs before it acknowledges is its own setting (sync_interval: always)")
		n.conn, err = connectExternalNATS(ctx, n.settings, n.log)
	} else {
		if n.natsInside, err = startNATS(n.settings, n.log); err != nil {
			return err
		}
		n.life.onStop("NATS", natsStopLimit, func(context.Context) error { n.natsInside.Stop(); return nil })
		n.conn, err = n.natsInside.Connect(ctx)
	}
	if err != nil {
		return err
	}
	n.life.onStop("the NATS connection", stopNATS, func(context.Context) error { n.conn.Close(); return nil })
	return nil
}

func (n *node) startDatabase(ctx context.Context) error {
	address := n.settings.DatabaseURL
	if address == "" {
		managed, err := postgres.Start(ctx, postgres.Config{DataDir: filepath.Join(n.settings.DataDir, "postgres"), Bin: n.settings.PostgresBin, Logger: n.log})
		if err != nil {
			return err
		}
		n.life.onStop("PostgreSQL", 2*stopDatabase, func(ctx context.Context) error {
			ctx, cancel := context.WithTimeout(ctx, stopDatabase)
			defer cancel()
			return managed.Stop(ctx)
		})
		address = managed.URL()
	}
	var err error
	if n.database, err = history.Open(ctx, history.Config{URL: address, Scratch: n.settings.DataDir, Logger: n.log}); err != nil {
		return err
	}
	n.life.onStop("the database's connections", stopDatabase, func(context.Context) error { n.database.Close(); return nil })
	n.renewals.look = n.database.Recomputing
	if n.settings.NoMigrate {
		return nil
	}
	return n.patiently(ctx, "the database", n.database.Migrate)
}

// patiently tries again while what is needed is away.
func (n *node) patiently(ctx context.Context, what string, try func(context.Context) error) error {
	pause := firstPause
	for {
		err := try(ctx)
		if err == nil || !errors.Is(err, history.ErrUnavailable) && !errors.Is(err, stream.ErrUnavailable) {
			return err
		}
		n.log.Warn().Err(err).Dur("again_in", pause).Msg(what + " cannot be reached")
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
		pause = min(2*pause, longestPause)
	}
}

// streamShare is the part of JetStream's room that FLOOR may take; the rest is
// for what was refused.
const (
	streamShare = 0.8
	streamMost  = 64 << 30
	refusedMost = 1 << 30
)

// floorLimit is how much of JetStream's room FLOOR may take; no more than what is
// set, if that is.
func floorLimit(room int64, set size) int64 {
	limit := min(streamMost, int64(float64(room)*streamShare))
	if set > 0 {
		limit = min(limit, int64(set))
	}
	return limit
}

func (n *node) openStream(ctx context.Context) error {
	config := stream.Config{Partitions: int(n.settings.Partitions), Logger: n.log}
	if config.Partitions == 0 && n.natsInside == nil {
		config.Partitions = outsidePartitions
	}
	if n.natsInside != nil {
		room := n.natsInside.MaxStore()
		config.MaxBytes = floorLimit(room, n.settings.StreamSize)
		config.RefusedMaxBytes = min(refusedMost, room/16)
		config.OneByOne = !n.natsInside.Synced()
	} else if n.settings.StreamSize > 0 {
		config.MaxBytes = int64(n.settings.StreamSize)
		config.RefusedMaxBytes = min(refusedMost, config.MaxBytes/16)
	}
	return n.patiently(ctx, "the stream", func(ctx context.Context) error {
		var err error
		if n.floor, err = stream.Open(ctx, n.conn, config); err != nil {
			return err
		}
		n.life.onStop("the stream", stopNATS, func(context.Context) error { n.floor.Close(); return nil })
		if n.natsInside != nil {
			n.keepRoom(ctx)
		}
		return nil
	})
}

// outsidePartitions is over how many partitions a new stream on an external NATS
// spreads the tenants.
const outsidePartitions = 8

// spread brings the stream's partitions and the history's cursors to what is set.
func (n *node) spread(ctx context.Context) error {
	want := int(n.settings.Partitions)
	have := n.floor.Partitions()
	if want == 0 || want == have {
		return n.database.Spread(ctx, have)
	}
	if err := n.database.Spread(ctx, have); err != nil {
		return err
	}
	last, err := n.floor.Last(ctx)
	if err != nil {
		return err
	}
	if err := n.database.Respreadable(ctx, last); err != nil {
		return fmt.Errorf("the stream has %d partitions, and the setting partitions is %d: %w", have, want, err)
	}
	if err := n.database.IndexTexts(ctx); err != nil {
		return err
	}
	if err := n.floor.Repartition(ctx, want); err != nil {
		return err
	}
	return n.database.Spread(ctx, want)
}

// run serves until ctx ends.
func (n *node) run(ctx context.Context, ready func(context.Context, *node) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if err := n.startEdge(ctx); err != nil {
		return err
	}
	var inside sync.WaitGroup
	defer inside.Wait()
	own, leave := context.WithCancel(context.WithoutCancel(ctx))
	inside.Go(func() {
		if err := n.owners.run(own); err != nil {
			cancel(err)
		}
	})
	inside.Go(func() { n.database.Warm(own) })
	inside.Go(func() { n.database.RunSearchIndex(own) })
	inside.Go(func() { n.renewals.run(own) })
	inside.Go(func() { n.database.RunSeen(own) })
	if ready != nil {
		inside.Go(func() {
			select {
			case <-n.owners.ready:
			case <-ctx.Done():
				return
			}
			if err := ready(ctx, n); err != nil && ctx.Err() == nil {
				cancel(err)
			}
		})
	}
	<-ctx.Done()
	n.stopEdge() //nolint:contextcheck // what stops has its own time.
	leave()
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

// reconcile lets history alone find its way in a stream that has changed, until
// it has stored all of it.
func (n *node) reconcile(ctx context.Context, partition int16) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w := n.database.NewWriter(n.floor.Partition(int(partition)), history.WriterConfig{Partition: partition, StreamKeep: n.settings.StreamKeep, Logger: n.log})
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	marked := uint64(0)
	for {
		select {
		case err := <-done:
			if errors.Is(err, history.ErrFenced) {
				return nil // the next core finds out the same
			}
			return err
		case <-tick.C:
		}
		st := w.Status()
		if st.Running && st.CaughtUp {
			cancel()
			return <-done
		}
		if st.Running && n.floor.Partitions() > 1 && st.Last > marked {
			marked = st.Last
			_, _ = n.floor.Mark(ctx, marked) // it is tried again with the next sequence
		}
	}
}

// texts are a setting's values without empty ones.
func texts(list []string) []string {
	var out []string
	for _, o := range list {
		if o = strings.TrimSpace(o); o != "" {
			out = append(out, o)
		}
	}
	return out
}

// hosts are the names that the server goes by. On an address that only this
// machine reaches, and without a proxy, nobody has a reason for another one than
// localhost, but a page that was made to look at this machine.
func hosts(s settings) []string {
	listed := texts(s.Host)
	host, _, err := net.SplitHostPort(s.Listen)
	address, _ := netip.ParseAddr(host)
	if len(listed) > 0 || err != nil || len(texts(s.TrustedProxy)) > 0 || host != "localhost" && !address.IsLoopback() {
		return listed
	}
	return []string{"localhost"}
}
