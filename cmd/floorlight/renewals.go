package main

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/floorlight/floorlight/history"
	"github.com/floorlight/floorlight/live"
)

// renewalsEvery is how often it is looked how far recomputations are: /readyz has no
// limit, and must not ask the database each time.
const renewalsEvery = time.Second

// renewals knows how far the numbers are that are computed anew, in any of the
// servers. Use it from any goroutine.
type renewals struct {
	look func(context.Context) ([]history.RecomputeSum, error)
	seen atomic.Pointer[[]live.Recomputing]
}

// run looks until ctx ends. What cannot be looked at is not told.
func (r *renewals) run(ctx context.Context) {
	tick := time.NewTicker(renewalsEvery)
	defer tick.Stop()
	for {
		r.refresh(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (r *renewals) refresh(ctx context.Context) {
	sums, err := r.look(ctx)
	if err != nil {
		r.seen.Store(nil)
		return
	}
	list := make([]live.Recomputing, 0, len(sums))
	for _, s := range sums {
		list = append(list, live.Recomputing{For: s.For, Desks: s.Tenants, Events: s.Events, Total: s.Total, Percent: s.Percent, SecondsLeft: s.SecondsLeft})
	}
	r.seen.Store(&list)
}

// list is what is computed anew, as of the last look.
func (r *renewals) list() []live.Recomputing {
	if list := r.seen.Load(); list != nil {
		return *list
	}
	return nil
}

var (
	renewedDesks = prometheus.NewDesc("floorlight_recomputing_desks", "Desks whose numbers are computed anew, in any of the servers: for another profile, or for a newer fold.", []string{"for"}, nil)
	renewedShare = prometheus.NewDesc("floorlight_recomputing_ratio", "How much of their events is folded anew; 1 if there are none.", []string{"for"}, nil)
)

// Describe gives the metrics' descriptions.
func (r *renewals) Describe(to chan<- *prometheus.Desc) { to <- renewedDesks; to <- renewedShare }

// Collect gives the metrics, as of the last look.
func (r *renewals) Collect(to chan<- prometheus.Metric) {
	list := r.list()
	for _, why := range []string{"profile", "fold"} {
		desks, share := 0, 1.0
		for _, one := range list {
			if one.For == why {
				desks, share = one.Desks, one.Percent/100
			}
		}
		to <- prometheus.MustNewConstMetric(renewedDesks, prometheus.GaugeValue, float64(desks), why)
		to <- prometheus.MustNewConstMetric(renewedShare, prometheus.GaugeValue, share, why)
	}
}
