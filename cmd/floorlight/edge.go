package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/floorlight/floorlight/cmd/floorlight/relay"
	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/live"
	"github.com/floorlight/floorlight/web"
)

// startRouter starts what finds a desk, whichever server has it.
func (n *node) startRouter() error {
	n.tally = new(hub.Tally)
	var err error
	if n.router, err = relay.New(relay.Config{Conn: n.conn, Partitions: n.floor.Partitions(), Tally: n.tally, Now: time.Now, Logger: n.log}); err != nil {
		return err
	}
	n.life.onStop("the relay", time.Second, func(context.Context) error { n.router.Stop(); return nil })
	return nil
}

// startEdge starts what answers people and callers, for the tenants of all
// servers. It lasts as long as the server.
func (n *node) startEdge(ctx context.Context) error {
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), n.database.Reporting(), n.owners, &n.renewals,
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "floorlight_partitions_owned", Help: "Partitions whose tenants this server has."}, func() float64 {
			return float64(len(n.owners.cores()))
		}),
	)
	var err error
	if n.live, err = live.New(n.edge(registry)); err != nil {
		return err
	}
	n.router.Decides(n.live.Gate())
	if err := n.live.Start(ctx); err != nil {
		return fmt.Errorf("start the edge: %w", err)
	}
	n.front.show(n.live.Handler())
	return nil
}

// stopEdge lets sockets come back elsewhere, and takes nothing more.
func (n *node) stopEdge() {
	n.front.show(nil)
	ctx, cancel := context.WithTimeout(context.Background(), stopHTTP)
	defer cancel()
	if err := n.live.Stop(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		n.log.Warn().Err(err).Msg("the edge did not stop cleanly")
	}
}

// edge is what the server's edge is made of.
func (n *node) edge(registry *prometheus.Registry) live.Config {
	past := &past{database: n.database, desks: n.router, refolds: n.refolds}
	pages, err := web.Handler()
	if err != nil {
		n.log.Error().Err(err).Msg("the web side cannot be served")
	}
	c := live.Config{
		Secret: n.secret, Version: version,
		Topics: n.router, Present: n.router, Conversations: n.router, Tally: n.tally,
		CaughtUp: n.router.CaughtUp, Elsewhere: n.router,
		Store: n.floor, Tokens: n.floor, Refusal: n.floor, NATS: n.conn,
		Reports: past, Exports: past, Archive: past, Tenants: past, Verifier: past, Refolder: past,
		Documents: past, Directories: n.router, Contests: n.router, Disputes: past, Past: past,
		Rules: n.floor, Changes: n.floor, Pages: pages,
		Origins: texts(n.settings.Origin), Proxies: texts(n.settings.TrustedProxy), Hosts: hosts(n.settings),
		Limits: n.settings.limits(), Door: n.door,
		Probes:      n.owners.probes(),
		Recomputing: n.renewals.list,
		Registry:    registry, Logger: n.log,
	}
	if n.isDemo {
		c.Made = n.demo.made
		c.Demo = func() live.Demo { return live.Demo{Tenants: n.demo.list(), Past: n.demo.made()} }
	}
	return c
}
