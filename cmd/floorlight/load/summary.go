package load

import (
	"runtime"
	"time"
)

// Summary is what a run found. Times are UTC, bytes are bytes, rates are a second.
type Summary struct {
	OK       bool     `json:"ok"`
	Failures []string `json:"failures"` // the first of them
	Failed   int      `json:"failed"`

	Started  time.Time `json:"started"`
	Duration float64   `json:"duration_s"` // of the load
	Warmup   float64   `json:"warmup_s"`
	Seed     uint64    `json:"seed"`
	CPUs     int       `json:"cpus"`
	Platform string    `json:"platform"`

	Tenants int     `json:"tenants"`
	Agents  int     `json:"agents"`
	Rate    float64 `json:"asked_events_per_s"`
	Sockets int     `json:"sockets"`
	Open    int     `json:"sockets_open_at_end"`

	Events struct {
		Sent   uint64  `json:"sent"`
		Stored uint64  `json:"stored"`
		Rate   float64 `json:"per_s"`
		Ack    Latency `json:"publish_to_ack"`
	} `json:"events"`
	Checks struct {
		Asked    uint64  `json:"asked"`
		Answered uint64  `json:"answered"`
		Failed   uint64  `json:"failed"` // no verdict: the platform must not deliver, and may ask again
		Refusal  string  `json:"refusal,omitzero"`
		Latency  Latency `json:"latency"`
	} `json:"checks"`
	Frames struct {
		Received uint64  `json:"received"`
		Rate     float64 `json:"per_s"`
		Bytes    uint64  `json:"bytes"`
		Beats    uint64  `json:"beats"`
		Forward  uint64  `json:"skipped_forward"`
		Latency  Latency `json:"publish_to_frame"`
	} `json:"frames"`
	CatchUp Latency        `json:"catch_up_after_reconnect"`
	Closes  map[string]int `json:"closed_by_server"` // by manner and close code

	Server ServerSummary `json:"server"`
	Proof  *Proof        `json:"proof,omitempty"`
}

// ServerSummary is what the server took.
type ServerSummary struct {
	Before Usage `json:"-"` // before the sockets
	// CPU of the process and of those below it, as shares of one core during the load.
	CPU      float64 `json:"cpu_cores"`
	ChildCPU float64 `json:"children_cpu_cores"`
	// PerFrame is the process's CPU for each frame that a client got.
	PerFrame float64 `json:"cpu_us_per_frame"`

	RSSBefore float64 `json:"rss_before_sockets"`
	RSSIdle   float64 `json:"rss_with_idle_sockets"`
	RSSMost   float64 `json:"rss_most"`
	RSSEnd    float64 `json:"rss_end"`
	HeapIdle  float64 `json:"heap_and_stacks_with_idle_sockets"`
	HeapEnd   float64 `json:"heap_and_stacks_end"`
	// PerSocket is what the process grew by with the sockets open and idle.
	PerSocket     float64 `json:"rss_per_idle_socket"`
	HeapPerSocket float64 `json:"heap_and_stacks_per_idle_socket"`

	TickMost       float64 `json:"tick_most_s"`
	TickEnd        float64 `json:"tick_end_s"`
	HubLagMost     float64 `json:"hub_lag_most_events"`
	HistoryLagMost float64 `json:"history_lag_most_events"`
	HistoryAgeMost float64 `json:"history_lag_most_s"`
}

func newSummary(c *Config) *Summary {
	return &Summary{
		Failures: []string{}, Started: time.Now().UTC(), Warmup: c.Warmup.Seconds(), Seed: c.Seed, CPUs: runtime.NumCPU(),
		Platform: runtime.GOOS + "/" + runtime.GOARCH + " " + runtime.Version(),
		Tenants:  len(c.Tenants), Agents: c.Agents, Rate: c.Rate, Sockets: c.Sockets,
	}
}

// Moment is how a run does, for whoever watches.
type Moment struct {
	Phase   string        // connect, load, compare
	Elapsed time.Duration // of the load
	Events  float64       // a second, since the last moment
	Late    time.Duration // how late the last event was sent
	Ack     Latency
	Frames  float64 // a second
	Frame   Latency
	Check   Latency
	Sockets int64
	CPU     float64 // cores
	Server  Usage
	Failed  int
}
