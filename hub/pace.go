package hub

import "time"

// Pace chooses the length of a tenant's tick. Under load, when making the frames takes more than a quarter of it, or
// handing them to the connections' writers more than half, the tick stretches at once; as the load goes it comes back
// by an eighth a tick. It belongs to one goroutine.
type Pace struct {
	shortest, longest, tick time.Duration
	handed                  time.Duration // what handing out took last
}

// The ticks of the contract.
const (
	ShortestTick = 100 * time.Millisecond
	LongestTick  = time.Second
)

// workShare is the part of a tick that may be spent on publishing: one in workShare. handShare is the same for the time
// until the last writer has begun, in which the processors are as busy with other tenants' frames as with this one's.
const (
	workShare = 4
	handShare = 2
)

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
	wanted := max(min(max(took, 0), p.longest)*workShare, p.handed*handShare)
	p.tick = min(max(wanted, p.tick-p.tick/8, p.shortest), p.longest)
	return p.tick
}

// Handed takes how long it took until the last writer had begun to write what a tick gave it, or that it takes so long
// already.
func (p *Pace) Handed(took time.Duration) {
	p.handed = min(max(took, 0), p.longest)
	p.tick = max(p.tick, min(p.handed*handShare, p.longest))
}
