package hub

import "time"

// Pace chooses the length of a tenant's tick. Under load, when flushing and handing out takes more than a quarter of
// it, the tick stretches at once; as the load goes it comes back by an eighth a tick. It belongs to one goroutine.
type Pace struct {
	shortest, longest, tick time.Duration
}

// The ticks of the contract.
const (
	ShortestTick = 100 * time.Millisecond
	LongestTick  = time.Second
)

// workShare is the part of a tick that may be spent on publishing: one in workShare.
const workShare = 4

// NewPace returns a pace that begins at the shortest tick. Shortest is configurable; longest is never below it.
func NewPace(shortest, longest time.Duration) *Pace {
	if shortest <= 0 {
		shortest = ShortestTick
	}
	return &Pace{shortest: shortest, longest: max(shortest, longest), tick: shortest}
}

// Tick returns the length of the present tick.
func (p *Pace) Tick() time.Duration { return p.tick }

// Next takes how long publishing took in this tick, and returns the length of the next.
func (p *Pace) Next(took time.Duration) time.Duration {
	wanted := min(max(took, 0), p.longest) * workShare
	p.tick = min(max(wanted, p.tick-p.tick/8, p.shortest), p.longest)
	return p.tick
}
