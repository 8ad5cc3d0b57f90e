package main

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/stream"
	"github.com/floorlight/floorlight/live"
)

// watched is a monitor of a stream and a history that say what the test wants.
type watched struct {
	*monitor

	state   stream.State
	err     error
	history historyStatus
	log     lockedBuffer
}

func (w *watched) State(context.Context) (stream.State, error) { return w.state, w.err }

func newWatched(t *testing.T) (*watched, *hub.Hub, *prometheus.Registry) {
	t.Helper()
	h := hub.New(hub.Config{Restorer: nowhere{}, Now: time.Now, Tick: 10 * time.Millisecond, Epoch: "t", Logger: zerolog.Nop()})
	t.Cleanup(h.Stop)
	w, registry := &watched{}, prometheus.NewRegistry()
	w.monitor = newMonitor(w, h, func() historyStatus { return w.history }, zerolog.New(&w.log), registry)
	return w, h, registry
}

// alerts are what the wallboards show.
func alerts(t *testing.T, h *hub.Hub) map[string]string {
	t.Helper()
	frame, err := h.Snapshot(t.Context(), hub.Request{Tenant: "a", Topic: hub.TopicWallboard})
	require.NoError(t, err)
	var d struct {
		State struct {
			Alerts map[string]struct{ Text string }
		}
	}
	require.NoError(t, json.Unmarshal(append(frame.Head(), frame.Body()...), &d))
	out := map[string]string{}
	for id, a := range d.State.Alerts {
		out[id] = a.Text
	}
	return out
}

func TestAlertsComeAndGo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, h, _ := newWatched(t)
		shows := func(ids ...string) {
			t.Helper()
			w.look(t.Context())
			require.Eventually(t, func() bool {
				shown := alerts(t, h)
				for _, id := range ids {
					if shown[id] == "" {
						return false
					}
				}
				return len(shown) == len(ids)
			}, 30*time.Second, 10*time.Millisecond, "%v", ids)
		}
		w.state = stream.State{Last: 10, Bytes: 79, MaxBytes: 100}
		shows()
		require.Empty(t, w.log.String())
		w.state.Bytes = 80
		shows("stream_full")
		require.Equal(t, "The event stream is 80 % full.", alerts(t, h)["stream_full"], "why is not known")
		full := false
		w.tight = func() bool { return full }
		w.history.err = errors.New("connection refused")
		shows("stream_full", "history_down")
		says := func(text string) {
			t.Helper()
			require.Eventually(t, func() bool { w.look(t.Context()); return alerts(t, h)["stream_full"] == text }, 30*time.Second, 10*time.Millisecond, text)
		}
		says("The event stream is 80 % full: history is behind.")
		full = true
		says("The event stream is 80 % full: its disk has no room.")
		require.Equal(t, "80 % full: its disk has no room", w.probe(t.Context(), partStream, nil).Warning)
		full = false
		// What was seen last stays while the stream does not answer.
		w.err = errors.New("no responders")
		shows("stream_full", "history_down")
		silent := *w.seen.Load()
		silent.answered = time.Now().Add(-time.Minute)
		w.seen.Store(&silent)
		shows("stream_full", "history_down", "stream_down")
		w.err, w.state.Bytes = nil, 10
		shows("history_down")
		w.history.err = nil
		shows()
		require.Contains(t, w.log.String(), "the wallboards show an alert")
		require.Contains(t, w.log.String(), "the alert is over")
		require.Equal(t, 2, countLines(w.log.String()), "each told once")
	})
}

func countLines(s string) (n int) {
	for _, c := range s {
		if c == '\n' {
			n++
		}
	}
	return n
}

func TestProbesSayWhatIsBehind(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, h, registry := newWatched(t)
		caughtUp := false
		probe := func(name string) live.Part { return w.probe(t.Context(), name, func() bool { return caughtUp }) }
		require.False(t, probe("stream").OK, "not asked yet")
		w.state = stream.State{Last: 7, Bytes: 90, MaxBytes: 100}
		w.look(t.Context())
		require.Equal(t, live.Part{OK: true, Warning: "90 % full"}, probe("stream"))
		require.Equal(t, live.Part{Detail: "catching up, 7 events to go"}, probe("hub"))
		caughtUp = true
		require.Equal(t, live.Part{OK: true}, probe("hub"), "behind, but not for long")
		require.Equal(t, live.Part{OK: true}, probe("history"))

		long := *w.seen.Load()
		long.hubLevel, long.historyLevel = time.Now().Add(-time.Minute), time.Now().Add(-time.Minute)
		w.seen.Store(&long)
		require.Equal(t, live.Part{OK: true, Warning: "7 events behind the stream"}, probe("hub"))
		require.Equal(t, live.Part{OK: true, Warning: "7 events behind the stream"}, probe("history"))
		require.InDelta(t, 7, gauge(t, registry, "floorlight_hub_lag_events"), 0)
		require.InDelta(t, 60, gauge(t, registry, "floorlight_hub_lag_seconds"), 20)

		w.history = historyStatus{cursor: 7, err: errors.New("the disk\nis full")}
		h.Resume(7)
		w.look(t.Context())
		require.Equal(t, live.Part{OK: true}, probe("hub"))
		require.Equal(t, live.Part{OK: true, Warning: "history does not store: the disk is full"}, probe("history"))
		require.Zero(t, gauge(t, registry, "floorlight_hub_lag_seconds"))
		w.err = errors.New("no responders")
		w.look(t.Context())
		require.Equal(t, live.Part{Detail: "no responders"}, live.Part{Detail: probe("stream").Detail})
		require.False(t, probe("stream").OK)
	})
}

func gauge(t *testing.T, registry *prometheus.Registry, name string) float64 {
	t.Helper()
	families, err := registry.Gather()
	require.NoError(t, err)
	for _, f := range families {
		if f.GetName() == name {
			return f.GetMetric()[0].GetGauge().GetValue()
		}
	}
	require.Fail(t, "no such metric", name)
	return 0
}
