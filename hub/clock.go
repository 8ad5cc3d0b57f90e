package hub

import (
	"github.com/floorlight/floorlight/hub/fold"
)

// clock is the moment up to which a tenant's views have counted what changes
// with time alone. Only the tenant moves it, and takes back meanwhile what ends.
type clock struct {
	at int64 // milliseconds
}

func newClock() *clock { return &clock{} }

// set begins anew, before the views are counted.
func (c *clock) set(_ *fold.State, now int64) { c.at = now }
