package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/floorlight/floorlight/history"
	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/stream"
	"github.com/floorlight/floorlight/live"
	"github.com/floorlight/floorlight/web"
)

// residentFor is how long, in event time, closed conversations are loaded for.
const residentFor = 48 * time.Hour

// core is what depends on the stream being the one that was read: the hub and
// its feed, the history writer, and the edge.
type core struct {
	node   *node
	hub    *hub.Hub
	live   *live.Server
	writer *history.Writer
	others *peers
	cancel context.CancelFunc
	wg     sync.WaitGroup
	failed chan error
}

// startCore loads what history has committed and goes on from there. It returns
// nil if ctx ended before the database could be reached.
func (n *node) startCore(ctx context.Context) (*core, error) {
	var seq uint64
	var states map[event.TenantID]*fold.State
	switches := n.switches.Load()
	others, err := meet(ctx, n.conn, n.id, n.log)
	if ctx.Err() != nil {
		return nil, nil //nolint:nilerr,nilnil // the end that was asked for
	}
	if err != nil {
		return nil, err
	}
	err = n.patiently(ctx, "the database", func(ctx context.Context) error {
		var err error
		seq, states, err = n.database.LoadAll(ctx, residentFor)
		return err
	})
	if err != nil || ctx.Err() != nil {
		others.leave()
		return nil, err
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), n.database.Reporting())
	tally := new(hub.Tally)
	inner, cancel := context.WithCancel(context.WithoutCancel(ctx))
	c := &core{node: n, others: others, cancel: cancel, failed: make(chan error, 4)}
	h := hub.New(hub.Config{
		Restorer: &careful{database: n.database, position: func() uint64 { return c.hub.Position() }, ahead: func() { c.end(errAhead) }}, Threads: said{n.database}, Now: time.Now, Tick: n.settings.Tick, Tally: tally, Logger: n.log,
		Epoch: strconv.FormatInt(time.Now().UnixNano(), 36),
	})
	c.hub = h
	h.Resume(seq)
	for _, st := range states {
		h.Restore(st, seq)
	}
	minutes := newLines(h, n.database, n.log)
	minutes.recall(ctx)
	writer := n.database.NewWriter(n.floor, history.WriterConfig{
		StreamKeep: n.settings.StreamKeep, Owner: n.id, Hold: c.hold, OnCommit: c.committed, OnSwitch: c.refolded, OnLost: c.lost, Registerer: registry, Logger: n.log,
	})
	c.writer = writer
	watch := newMonitor(n.floor, h, func() historyStatus {
		st := writer.Status()
		return historyStatus{cursor: st.Cursor, err: st.Err}
	}, n.log, registry)
	drift := newDrift(h, n.database, time.Now, n.log, registry)
	end, err := n.floor.Last(ctx)
	if err != nil {
		cancel()
		others.leave()
		h.Stop()
		return nil, fmt.Errorf("ask how far the stream goes: %w", err)
	}
	if c.live, err = live.New(n.edge(h, tally, watch, drift, registry, end)); err != nil {
		cancel()
		others.leave()
		h.Stop()
		return nil, err
	}
	others.loaded(h, seq, func() bool { return writer.Status().Running })
	c.run("the other servers", func() error { others.run(inner); return nil })
	c.run("the history writer", func() error { return writer.Run(inner) })
	c.run("the reports' memory", func() error { n.database.Warm(inner); return nil })
	c.run("the hub's feed", func() error { return (&feed{hub: h}).run(inner, n.floor, seq) })
	c.beginDuties(inner, minutes, drift, watch)
	c.run("the search index", func() error { n.database.RunSearchIndex(inner); return nil })
	c.run("the monitor", func() error { watch.run(inner); return nil })
	if err := c.live.Start(ctx); err != nil {
		c.stop() //nolint:contextcheck // what stops has its own time.
		return nil, err
	}
	n.core.Store(c)
	if n.switches.Load() != switches {
		c.refolded() // while it was loaded
	}
	n.front.show(c.live.Handler())
	n.log.Info().Str("url", n.url).Uint64("from", seq).Uint64("stream", end).Int("tenants", len(states)).Msg("serving")
	return c, nil
}

// edge is what the server's edge is made of.
func (n *node) edge(h *hub.Hub, tally *hub.Tally, watch *monitor, drift *drift, registry *prometheus.Registry, end uint64) live.Config {
	past := &past{database: n.database, hub: h, refolds: n.refolds, drift: drift}
	pages, err := web.Handler()
	if err != nil {
		n.log.Error().Err(err).Msg("the web side cannot be served")
	}
	c := live.Config{
		Secret: n.secret, Version: version,
		Topics: h, Present: h, Conversations: h, Tally: tally,
		CaughtUp: func() bool { return h.Position() >= end },
		Store:    n.floor, Tokens: n.floor, Refusal: n.floor, Scanner: n.floor, NATS: n.conn,
		Reports: past, Exports: past, Archive: past, Tenants: past, Verifier: past, Refolder: past,
		Documents: past, Directories: h, Contests: h, Disputes: past, Past: past,
		Rules: n.floor, Changes: n.floor, Pages: pages,
		Origins: texts(n.settings.Origin), Proxies: texts(n.settings.TrustedProxy), Hosts: hosts(n.settings),
		Limits: n.settings.limits(), Door: n.door,
		Probes:   watch.probes(func() bool { return h.Position() >= end }),
		Registry: registry, Logger: n.log,
	}
	if n.isDemo {
		c.Demo = func() live.Demo { return live.Demo{Tenants: n.demo.list(), Past: n.demo.made()} }
	}
	return c
}

func (c *core) run(name string, f func() error) {
	c.wg.Go(func() {
		if err := f(); err != nil && !errors.Is(err, context.Canceled) {
			c.failed <- fmt.Errorf("%s: %w", name, err)
		}
	})
}

// errRefolded ends a core whose hub holds the numbers from before a refold.
var errRefolded = errors.New("the stored numbers were computed anew")

// refolded lets the next core begin from numbers that were computed anew.
func (c *core) refolded() { c.end(errRefolded) }

// lost ends a core that goes on where the stream was when it still held other
// events; its own reader cannot see it, if the stream has outgrown that place since.
func (c *core) lost(cursor, last uint64) { c.end(&stream.LostTailError{Position: cursor, Last: last}) }

// end makes the core end with that error.
func (c *core) end(err error) {
	select {
	case c.failed <- err:
	default: // it ends already
	}
}

// hold returns when what is about to be stored has been applied by this server's
// hub and by the others'.
func (c *core) hold(ctx context.Context, seq uint64) error {
	if err := c.hub.WaitApplied(ctx, seq); err != nil {
		return err
	}
	return c.others.hold(ctx, seq)
}

// committed hears of what is stored, by this server or another.
func (c *core) committed(seq uint64) {
	c.others.committed()
	c.hub.Committed(seq)
}

// wait returns when ctx ends or a part cannot go on.
func (c *core) wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case err := <-c.failed:
		return err
	}
}

// streamChanged reports whether an error says that the stream is not the one
// that was read.
func (c *core) streamChanged(err error) bool {
	var lost *stream.LostTailError
	var gap *stream.GapError
	return errors.As(err, &lost) || errors.As(err, &gap)
}

// stop ends the core: sockets first, so that they come back elsewhere, then the
// writer with its open batch, then the hub.
func (c *core) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), stopHTTP)
	defer cancel()
	if err := c.live.Stop(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		c.node.log.Warn().Err(err).Msg("the edge did not stop cleanly")
	}
	c.others.leave()
	c.cancel()
	c.wg.Wait()
	c.hub.Stop()
}
