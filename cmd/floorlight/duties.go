package main

import (
	"context"
)

// beginDuties starts what the server does by itself for the desks that it owns: it
// keeps the wallboards' lines, publishes what time has decided, compares
// wallboards with reports, and tells the desks what is wrong with their numbers.
func (c *core) beginDuties(lines *lines, drift *drift) {
	n := c.node
	due := &deadlines{hub: c.hub, store: n.floor, standing: c.watch.standing, log: n.log}
	wrong := &breaches{hub: c.hub, documents: n.database, differing: drift.differing, log: n.log}
	for name, run := range map[string]func(context.Context){
		"the wallboards' lines": lines.run,
		"the deadlines":         due.run,
		"the comparison":        drift.run,
		"the desks' own alerts": wrong.run,
	} {
		c.run(&c.working, name, func(ctx context.Context) error { run(ctx); return nil })
	}
}
