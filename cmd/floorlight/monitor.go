package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
	"github.com/floorlight/floorlight/live"
)

const (
	// monitorEvery is how often the monitor looks.
	monitorEvery = time.Second
	// fullWarning is the share of FLOOR at which people are told.
	fullWarning = 0.8
	// unheardAfter is how long the stream may be silent before what is shown counts as old.
	unheardAfter = 3 * time.Second
	// lagWarning is how long a part may be behind before it is told.
	lagWarning = 10 * time.Second
)

// monitor watches how far the hub and history are behind the stream, and how
// full that is. What it has seen last is what probes and metrics answer with, so
// that neither waits for a server.
type monitor struct {
	stream  filling
	hub     *hub.Hub
	history func() historyStatus
	log     zerolog.Logger
	// mark stores something that every partition's readers get; nil where there is
	// but one partition, whose readers get everything.
	mark func(ctx context.Context, behind uint64) (uint64, error)
	// tight says that the stream takes no more because its disk has no room; nil
	// where that is not known.
	tight func() bool

	seen   atomic.Pointer[seen]
	warned bool
}

// filling says how far the stream goes and how full it is; *stream.Stream does.
type filling interface {
	State(ctx context.Context) (stream.State, error)
}

// historyStatus is how far history is.
type historyStatus struct {
	cursor uint64
	err    error // why it does not go on; nil if it does
}

type seen struct {
	at       time.Time
	state    stream.State
	err      error
	history  historyStatus
	answered time.Time // when the stream last answered
	// When the hub and history were last level with the stream.
	hubLevel, historyLevel time.Time
}

func newMonitor(s filling, h *hub.Hub, history func() historyStatus, log zerolog.Logger, registry prometheus.Registerer) *monitor {
	m := &monitor{stream: s, hub: h, history: history, log: log}
	now := time.Now()
	m.seen.Store(&seen{err: errors.New("not asked yet"), answered: now, hubLevel: now, historyLevel: now})
	gauge := func(name, help string, f func(*seen) float64) {
		registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "floorlight_" + name, Help: help}, func() float64 { return f(m.seen.Load()) }))
	}
	gauge("stream_full_ratio", "Share of FLOOR's bytes that is used.", func(s *seen) float64 { return s.state.Full() })
	gauge("stream_last_sequence", "Last sequence of FLOOR.", func(s *seen) float64 { return float64(s.state.Last) })
	gauge("hub_lag_events", "Events in FLOOR that the hub has not read.", func(s *seen) float64 { return behind(s.state.Last, h.Position()) })
	gauge("hub_lag_seconds", "Time since the hub was level with FLOOR; 0 while it is.", func(s *seen) float64 {
		return since(s.hubLevel, behind(s.state.Last, h.Position()))
	})
	gauge("tick_seconds", "How often topics change at most, at the desk where that is rarest; it stretches under load.", func(*seen) float64 { return h.Tick().Seconds() })
	return m
}

func behind(last, at uint64) float64 {
	if at >= last {
		return 0
	}
	return float64(last - at)
}

func since(level time.Time, events float64) float64 {
	if events == 0 {
		return 0
	}
	return time.Since(level).Seconds()
}

// run looks once a second until ctx ends.
func (m *monitor) run(ctx context.Context) {
	tick := time.NewTicker(monitorEvery)
	defer tick.Stop()
	for {
		m.look(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (m *monitor) look(ctx context.Context) {
	old := m.seen.Load()
	now := time.Now()
	s := &seen{history: m.history(), answered: now, hubLevel: old.hubLevel, historyLevel: old.historyLevel}
	ctx, cancel := context.WithTimeout(ctx, 5*monitorEvery)
	defer cancel()
	if s.state, s.err = m.stream.State(ctx); s.err != nil {
		s.state, s.answered = old.state, old.answered
	}
	s.at = now
	if now.Sub(s.answered) > unheardAfter {
		m.hub.Unheard(s.answered)
	} else {
		m.hub.Unheard(time.Time{})
	}
	if m.hub.Position() >= s.state.Last {
		s.hubLevel = now
	} else if m.mark != nil && s.err == nil {
		// What stands before the mark is read, or another partition's.
		if _, err := m.mark(ctx, s.state.Last); err != nil {
			m.log.Debug().Err(err).Msg("the stream was not marked")
		}
	}
	if s.history.cursor >= s.state.Last {
		s.historyLevel = now
	}
	m.seen.Store(s)
	m.warn(s)
}

// standing says whether the stream answered when it was last asked, and whether
// the hub is level with it. What was seen before the process stood still says
// nothing.
func (m *monitor) standing() (answers, level bool) {
	s := m.seen.Load()
	return s.err == nil, m.hub.Position() >= s.state.Last && time.Since(s.at) < 3*monitorEvery
}

// warn tells the wallboards, and the log once, what people should know.
func (m *monitor) warn(s *seen) {
	alerts := map[string]event.Text{}
	if full := s.state.Full(); full >= fullWarning {
		why := m.why(s)
		alerts["stream_full"] = event.Text{
			EN: fmt.Sprintf("The event stream is %.0f %% full%s.", 100*full, why.EN),
			ZH: fmt.Sprintf("事件流已占用 %.0f%%%s。", 100*full, why.ZH),
		}
	}
	if s.err != nil && time.Since(s.answered) > lagWarning {
		alerts["stream_down"] = event.Text{EN: "The event stream cannot be reached; what is shown stands still.", ZH: "无法连接事件流，显示的数据已停止更新。"}
	}
	if s.history.err != nil {
		alerts["history_down"] = event.Text{EN: "History does not store; reports are not up to date.", ZH: "历史数据暂停入库，报表不是最新。"}
	}
	if len(alerts) > 0 != m.warned {
		m.warned = len(alerts) > 0
		if m.warned {
			m.log.Warn().Float64("stream_full", s.state.Full()).AnErr("stream", s.err).AnErr("history", s.history.err).Msg("the wallboards show an alert")
		} else {
			m.log.Info().Msg("the alert is over")
		}
	}
	m.hub.Warn(alerts)
}

// why is what fills the stream, as far as it is known here: with several partitions
// it may be another server's history.
func (m *monitor) why(s *seen) event.Text {
	switch {
	case m.tight != nil && m.tight():
		return event.Text{EN: ": its disk has no room", ZH: "：所在磁盘空间不足"}
	case s.history.err != nil, behind(s.state.Last, s.history.cursor) > 0 && time.Since(s.historyLevel) > lagWarning:
		return event.Text{EN: ": history is behind", ZH: "：历史数据入库落后"}
	}
	return event.Text{}
}

// The parts that /readyz asks about.
const (
	partStream  = "stream"
	partHub     = "hub"
	partHistory = "history"
)

// probe says how a part does.
func (m *monitor) probe(_ context.Context, name string, caughtUp func() bool) live.Part {
	s := m.seen.Load()
	switch name {
	case partStream:
		p := part(s.err)
		if full := s.state.Full(); full >= fullWarning {
			p.Warning = fmt.Sprintf("%.0f %% full%s", 100*full, m.why(s).EN)
		}
		return p
	case partHub:
		n := behind(s.state.Last, m.hub.Position())
		switch {
		case !caughtUp():
			return live.Part{Detail: fmt.Sprintf("catching up, %.0f events to go", n)}
		case n > 0 && time.Since(s.hubLevel) > lagWarning:
			return live.Part{OK: true, Warning: fmt.Sprintf("%.0f events behind the stream", n)}
		}
		return live.Part{OK: true}
	}
	// Reports answer 503 while history is away; the floor goes on.
	p := live.Part{OK: true}
	n := behind(s.state.Last, s.history.cursor)
	switch {
	case s.history.err != nil:
		p.Warning = "history does not store: " + oneLine(s.history.err)
	case n > 0 && time.Since(s.historyLevel) > lagWarning:
		p.Warning = fmt.Sprintf("%.0f events behind the stream", n)
	}
	return p
}

func part(err error) live.Part {
	if err != nil {
		return live.Part{Detail: oneLine(err)}
	}
	return live.Part{OK: true}
}

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }
