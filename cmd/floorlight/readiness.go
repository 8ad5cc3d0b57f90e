package main

import (
	"context"
	"fmt"

	"github.com/floorlight/floorlight/live"
)

// probes are the parts that /readyz asks about: those of every partition that is
// this server's, as if they were one. That nobody has a partition keeps a server
// from becoming ready; later it is a warning, since another takes it over.
func (o *owners) probes() map[string]live.Probe {
	all := map[string]live.Probe{}
	for _, name := range []string{partStream, partHub, partHistory} {
		all[name] = func(ctx context.Context) live.Part { return o.probe(ctx, name) }
	}
	return all
}

func (o *owners) probe(ctx context.Context, name string) live.Part {
	out := live.Part{OK: true}
	loaded := 0
	for _, t := range o.list() {
		c := t.core.Load()
		if c == nil {
			if name == partHub && !t.leaving.Load() {
				for _, r := range o.n.renewals.list() {
					if r.For == "fold" {
						return live.Part{Detail: fmt.Sprintf("the numbers are computed anew for a newer version, %.0f %% of %d events; what is live waits for it", r.Percent, r.Total)}
					}
				}
				return live.Part{Detail: fmt.Sprintf("partition %d is being loaded", t.partition)}
			}
			continue
		}
		loaded++
		p := c.watch.probe(ctx, name, c.caughtUp)
		if !p.OK {
			return p
		}
		if out.Warning == "" {
			out.Warning = p.Warning
		}
	}
	if name != partHub {
		return out
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	partitions := o.n.floor.Partitions()
	switch missing := partitions - len(o.mine) - len(o.elsewhere); {
	case !o.settled:
		return live.Part{Detail: fmt.Sprintf("%d of %d partitions have an owner", len(o.mine)+len(o.elsewhere), partitions)}
	case missing > 0 && out.Warning == "":
		out.Warning = fmt.Sprintf("%d of %d partitions have no owner now", missing, partitions)
	}
	return out
}
