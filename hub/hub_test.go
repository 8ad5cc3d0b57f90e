package hub_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
)

// nothing is a restorer over an empty history.
type nothing struct{}

func (nothing) Fetch(context.Context, event.TenantID, []fold.Ref) (map[fold.Ref][]byte, error) {
	return nil, nil
}

func newHub(tb testing.TB, now time.Time) *hub.Hub {
	tb.Helper()
	h := hub.New(hub.Config{Restorer: nothing{}, Now: func() time.Time { return now }, Tick: 10 * time.Millisecond, Epoch: "t", Logger: zerolog.Nop()})
	tb.Cleanup(h.Stop)
	return h
}

// sender delivers one event after the other to the desk a, and waits for each.
func sender(tb testing.TB, h *hub.Hub, now time.Time) func(event.Data) {
	tb.Helper()
	seq := uint64(0)
	return func(data event.Data) {
		tb.Helper()
		seq++
		e := event.New("a", "test", fmt.Sprint("e", seq), now, data)
		require.NoError(tb, h.Deliver(tb.Context(), []hub.Delivery{{Seq: seq, Event: &e}}))
		require.NoError(tb, h.WaitApplied(tb.Context(), seq))
	}
}

func star(tb testing.TB) []hub.Delivery {
	tb.Helper()
	f, err := os.Open("../../shared/data/star.ndjson.gz")
	require.NoError(tb, err)
	defer func() { _ = f.Close() }()
	z, err := gzip.NewReader(f)
	require.NoError(tb, err)
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	profile := event.New("star", event.ServerSource, "profile/1", time.Date(2020, 5, 1, 0, 0, 0, 0, time.UTC), &event.TenantConfigured{
		Profile: "tiktok_shop", Settings: []byte(`{"timezone":"America/New_York","market":"us"}`),
	})
	out := []hub.Delivery{{Seq: 1, Event: &profile}}
	for lines.Scan() {
		var line struct {
			Event json.RawMessage `json:"event"`
		}
		require.NoError(tb, json.Unmarshal(lines.Bytes(), &line))
		e, err := event.Decode(line.Event)
		require.NoError(tb, err)
		out = append(out, hub.Delivery{Seq: uint64(len(out) + 1), Arrived: e.Time, Event: &e})
	}
	require.NoError(tb, lines.Err())
	return out
}

func deliver(tb testing.TB, h *hub.Hub, all []hub.Delivery) {
	tb.Helper()
	for len(all) > 0 {
		n := min(1000, len(all))
		require.NoError(tb, h.Deliver(tb.Context(), all[:n]))
		all = all[n:]
	}
	require.NoError(tb, h.WaitApplied(tb.Context(), h.Position()))
}

type document struct {
	Topic   string `json:"topic"`
	Version uint64 `json:"version"`
	Seq     uint64 `json:"seq"`
	State   struct {
		Day     string `json:"day"`
		Metrics map[string]struct {
			Value json.RawMessage `json:"value"`
			Num   *float64        `json:"num"`
			Den   *float64        `json:"den"`
			Rate  int64           `json:"rate"`
		} `json:"metrics"`
	} `json:"state"`
}

func snapshot(tb testing.TB, h *hub.Hub, r hub.Request) document {
	tb.Helper()
	frame, err := h.Snapshot(tb.Context(), r)
	require.NoError(tb, err)
	var d document
	require.NoError(tb, json.Unmarshal(append(append([]byte(nil), frame.Head()...), frame.Body()...), &d), "%s%s", frame.Head(), frame.Body())
	return d
}

// TestWallboardIsTheExpectedDay compares a day's wallboard with the results
// that were computed independently.
func TestWallboardIsTheExpectedDay(t *testing.T) {
	t.Parallel()

	b, err := os.ReadFile("../../shared/data/star.expected.json")
	require.NoError(t, err)
	var expected struct {
		Total map[string]map[string]float64 `json:"total"`
	}
	require.NoError(t, json.Unmarshal(b, &expected))
	events := star(t)
	for day, want := range expected.Total {
		t.Run(day, func(t *testing.T) {
			t.Parallel()

			noon, err := time.Parse(time.DateOnly, day)
			require.NoError(t, err)
			h := newHub(t, noon.Add(20*time.Hour))
			deliver(t, h, events)
			var d document
			require.Eventually(t, func() bool {
				d = snapshot(t, h, hub.Request{Tenant: "star", Topic: hub.TopicWallboard})
				return d.Seq == uint64(len(events)) && d.State.Day == day
			}, 2*time.Minute, 10*time.Millisecond)
			for id, n := range want {
				switch id {
				case "revenue_cents":
					var money map[string]string
					require.NoError(t, json.Unmarshal(d.State.Metrics["revenue_after_inquiry"].Value, &money))
					var f float64
					require.NoError(t, json.Unmarshal([]byte(money["USD"]), &f))
					require.InDelta(t, n, f*100, 1e-6, id)
				case "assist_accuracy_sum":
					require.InDelta(t, n, *d.State.Metrics["assist_accuracy"].Num, 1e-6)
				case "assist_accuracy_n":
					require.InDelta(t, n, *d.State.Metrics["assist_accuracy"].Den, 1e-6)
				default:
					var f float64
					require.NoError(t, json.Unmarshal(d.State.Metrics[id].Value, &f), id)
					require.InDelta(t, n, f, 1e-6, id)
				}
			}
		})
	}
}
