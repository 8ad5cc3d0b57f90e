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
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/rs/zerolog"

	"github.com/floorlight/floorlight/history"
	"github.com/floorlight/floorlight/history/postgres"
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
	conn       *nats.Conn
	floor      *stream.Stream
	database   *history.Database
	refolds    *history.Recomputing
	core       atomic.Pointer[core] // the latest
	switches   atomic.Int64         // how often numbers that were computed anew were put in force
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
	n.life.onStop("the data directory", time.Second, func(context.Context) error { return lock.Close() })
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
	return n.startRefolds(ctx)
}

// startRefolds goes on with the recomputations that the last stop interrupted.
func (n *node) startRefolds(ctx context.Context) error {
	n.refolds = n.database.NewRecomputing(history.RecomputingConfig{
		Publish: func(ctx context.Context, e *event.Event) (uint64, error) {
			ack, err := n.floor.Publish(ctx, e)
			return ack.Seq, err
		},
		Switched: func(event.TenantID) {
			n.switches.Add(1)
			if c := n.core.Load(); c != nil {
				c.refolded()
			}
		},
		Logger: n.log,
	})
	n.life.onStop("the recomputations", stopDatabase, func(context.Context) error { n.refolds.Stop(); return nil })
	return n.patiently(ctx, "the database", n.refolds.Start)
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
	if n.database, err = history.Open(ctx, history.Config{URL: address, Logger: n.log}); err != nil {
		return err
	}
	n.life.onStop("the database's connections", stopDatabase, func(context.Context) error { n.database.Close(); return nil })
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

// floorLimit is how much of JetStream's room FLOOR may take.
func floorLimit(room int64) int64 { return min(streamMost, int64(float64(room)*streamShare)) }

func (n *node) openStream(ctx context.Context) error {
	config := stream.Config{Logger: n.log}
	if n.natsInside != nil {
		room := n.natsInside.MaxStore()
		config.MaxBytes = floorLimit(room)
		config.RefusedMaxBytes = min(refusedMost, room/16)
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

// run runs cores until ctx ends: another one whenever the stream turns out not
// to be the one that was read.
func (n *node) run(ctx context.Context, ready func(context.Context, *node) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	var inside sync.WaitGroup // what was started when the server was ready
	defer inside.Wait()
	defer cancel(nil)
	started := false
	for ctx.Err() == nil {
		c, err := n.startCore(ctx)
		if err != nil {
			return err
		}
		if c == nil {
			return nil // ctx ended while something was away
		}
		if ready != nil && !started {
			started = true
			inside.Go(func() {
				if err := ready(ctx, n); err != nil && ctx.Err() == nil {
					cancel(err)
				}
			})
		}
		err = c.wait(ctx)
		n.front.show(nil)
		c.stop() //nolint:contextcheck // what stops has its own time.
		switch {
		case ctx.Err() != nil:
		case errors.Is(err, errAhead):
			n.log.Warn().Msg("this server was not waited for, and begins anew from what is stored")
		case errors.Is(err, errRefolded):
			n.log.Info().Msg("stored numbers were computed anew; the hub begins from them")
		case err != nil && c.streamChanged(err):
			n.log.Error().Err(err).Msg("the stream is not the one that was read; history finds the last common event, then the hub begins anew")
			if err := n.reconcile(ctx); err != nil {
				return err
			}
		case err != nil:
			return err
		}
	}
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

// reconcile lets history alone find its way in a stream that has changed, until
// it has stored all of it.
func (n *node) reconcile(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w := n.database.NewWriter(n.floor, history.WriterConfig{StreamKeep: n.settings.StreamKeep, Owner: n.id, Logger: n.log})
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-done:
			return err
		case <-tick.C:
			if st := w.Status(); (st.Running || st.Standby) && st.CaughtUp {
				cancel()
				return <-done
			}
		}
	}
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
