package main

import (
	"context"
)

// beginDuties starts what the server does by itself for the desks that it owns: it
// keeps the wallboards' lines, publishes what time has decided, compares
// wallboards with reports, and tells the desks what is wrong with their numbers.
// It ends with ctx.
func (c *core) beginDuties(ctx context.Context, lines *lines, drift *drift) {
	n := c.node
	due := &deadlines{hub: c.hub, store: n.floor, standing: c.watch.standing, log: n.log}
	wrong := &breaches{hub: c.hub, documents: n.database, differing: drift.differing, log: n.log}
	for name, run := range map[string]func(context.Context){
		"the wallboards' lines": lines.run,
		"the deadlines":         due.run,
		"the comparison":        drift.run,
		"the desks' own alerts": wrong.run,
	} {
		c.run(name, func() error { run(ctx); return nil })
	}
}
