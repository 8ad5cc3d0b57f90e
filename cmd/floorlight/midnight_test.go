package main

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history"
	"github.com/floorlight/floorlight/history/postgres/postgrestest"
	"github.com/floorlight/floorlight/hub"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
	"github.com/floorlight/floorlight/hub/stream"
)

// clocked is a desk's hub and history on a real stream and database, by a clock of
// the test's.
type clocked struct {
	t     *testing.T
	zone  *time.Location
	now   atomic.Int64 // milliseconds
	hub   *hub.Hub
	floor *stream.Stream
	drift *drift
	past  *history.Database
	sent  int
	days  []metric.Day // that the wallboard has shown, one after the other
	by    map[string]int
}

func (c *clocked) time() time.Time { return time.UnixMilli(c.now.Load()) }

func newClocked(t *testing.T, zone string, at time.Time) *clocked {
	t.Helper()
	location, err := time.LoadLocation(zone)
	require.NoError(t, err)
	c := &clocked{t: t, zone: location, by: map[string]int{}}
	c.now.Store(at.UnixMilli())
	n := startTestNATS(t, natsSettings(t))
	c.floor, err = stream.Open(t.Context(), connectInside(t, n), stream.Config{MaxBytes: 64 << 20, AckWait: time.Minute, Logger: zerolog.Nop()})
	require.NoError(t, err)
	c.past, err = history.Open(t.Context(), history.Config{URL: postgrestest.New(t), Logger: zerolog.Nop()})
	require.NoError(t, err)
	t.Cleanup(c.past.Close)
	require.NoError(t, c.past.Migrate(t.Context()))
	c.hub = hub.New(hub.Config{Restorer: nowhere{}, Now: c.time, Tick: time.Millisecond, Epoch: "t", Logger: zerolog.Nop()})
	t.Cleanup(c.hub.Stop)
	c.drift = newDrift(c.hub, c.past, c.time, zerolog.Nop(), prometheus.NewRegistry())
	c.drift.wait, c.drift.cellWait = time.Minute, time.Minute
	writer := c.past.NewWriter(c.floor, history.WriterConfig{Hold: c.hub.WaitApplied, OnCommit: c.hub.Committed, Logger: zerolog.Nop()})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 2)
	go func() { done <- writer.Run(ctx) }()
	go func() { done <- (&feed{hub: c.hub}).run(ctx, c.floor, 0) }()
	t.Cleanup(func() {
		cancel()
		for range 2 {
			if err := <-done; err != nil {
				require.ErrorIs(t, err, context.Canceled)
			}
		}
	})
	c.publish(&event.TenantConfigured{Profile: "inbox", Settings: fmt.Appendf(nil, `{"timezone":%q}`, zone)})
	return c
}

func (c *clocked) publish(data event.Data) {
	c.t.Helper()
	c.sent++
	e := event.New("a", "s", fmt.Sprint(c.sent), c.time(), data)
	ack, err := c.floor.Publish(c.t.Context(), &e)
	require.NoError(c.t, err)
	require.NoError(c.t, c.hub.WaitApplied(c.t.Context(), ack.Seq))
}

// write is a customer's message, now.
func (c *clocked) write() {
	c.t.Helper()
	c.publish(&event.MessageSent{Conversation: "c", Message: event.MessageID(fmt.Sprint("m", c.sent)), From: event.Actor{Kind: event.Customer, ID: "u"}, Text: "hello"})
	c.by[c.time().In(c.zone).Format(time.DateOnly)]++
}

// set moves the clock and waits until the wallboard shows that day.
func (c *clocked) set(at time.Time, day string) {
	c.t.Helper()
	c.now.Store(at.UnixMilli())
	require.Eventually(c.t, func() bool {
		shown, _, _, err := c.hub.Today(c.t.Context(), "a")
		require.NoError(c.t, err)
		if len(c.days) == 0 || c.days[len(c.days)-1] != shown {
			c.days = append(c.days, shown)
		}
		return shown.String() == day
	}, 30*time.Second, time.Millisecond, "%s is on %s", at, day)
}

// requireEqual holds the wallboard against the report of today.
func (c *clocked) requireEqual() {
	c.t.Helper()
	found, err := c.drift.compare(c.t.Context(), "a", compared...)
	require.NoError(c.t, err)
	require.True(c.t, found.Compared, found.Why)
	require.Empty(c.t, found.Differences)
}

// requireDays holds each day's report against the events' local days.
func (c *clocked) requireDays() {
	c.t.Helper()
	_, _, seq, err := c.hub.Today(c.t.Context(), "a")
	require.NoError(c.t, err)
	total := 0
	for day, want := range c.by {
		answer, err := c.past.Metrics(c.t.Context(), "a", url.Values{"metric": {"messages_received"}, "from": {day}, "to": {day}, "as_of_seq": {fmt.Sprint(seq)}}, c.time())
		require.NoError(c.t, err)
		require.Len(c.t, answer.Rows, 1)
		require.EqualValues(c.t, want, answer.Rows[0].Values["messages_received"].Value.Value, day)
		total += want
	}
	require.Equal(c.t, c.sent-1, total, "each message on one day")
}

// TestDayChangesOnce walks a desk's clock over midnights: plain ones, those of days
// with 23 and 25 hours, and those where midnight itself is missing or comes twice.
// The hub is history throughout, the day changes once, and each message counts on
// one day.
func TestDayChangesOnce(t *testing.T) {
	t.Parallel()

	for _, tt := range []struct{ name, zone, around string }{
		{"plain", "Asia/Shanghai", "2026-03-01T16:00:00Z"},
		{"spring", "America/New_York", "2026-03-08T07:00:00Z"},
		{"autumn", "America/New_York", "2025-11-02T06:00:00Z"},
		{"no midnight", "America/Santiago", "2025-09-07T04:00:00Z"},
		{"an hour before midnight twice", "America/Santiago", "2026-04-05T03:00:00Z"},
		{"the hour after midnight twice", "America/Havana", "2025-11-02T05:00:00Z"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			around, err := time.Parse(time.RFC3339, tt.around)
			require.NoError(t, err)
			const each = 13*time.Minute + 7*time.Second
			from := around.Add(-100 * each)
			c := newClocked(t, tt.zone, from)
			for n := range 200 {
				at := from.Add(time.Duration(n) * each)
				c.set(at, at.In(c.zone).Format(time.DateOnly))
				c.write()
				if n%40 == 39 {
					c.requireEqual()
				}
			}
			c.requireDays()
			require.True(t, slices.IsSorted(c.days), "%v", c.days)
			require.Len(t, c.days, len(c.by), "one day after the other, each once")
		})
	}
}

// TestClockThatJumps puts the clock forward by more than a day, back by seconds
// around midnight, as clocks are corrected, and back by a day, as a wrong one is.
func TestClockThatJumps(t *testing.T) {
	t.Parallel()

	midnight := time.Date(2026, 3, 2, 0, 0, 0, 0, time.FixedZone("", 5*3600+45*60))
	c := newClocked(t, "Asia/Kathmandu", midnight.Add(-time.Hour))
	c.set(midnight.Add(-time.Hour), "2026-03-01")
	c.write()
	c.requireEqual()
	c.set(midnight.Add(time.Second), "2026-03-02")
	c.write()
	c.requireEqual()
	c.now.Store(midnight.Add(-30 * time.Second).UnixMilli())
	c.write() // it counts on the day of its own time
	require.Never(t, func() bool {
		day, _, _, err := c.hub.Today(t.Context(), "a")
		return err != nil || day.String() != "2026-03-02"
	}, 1200*time.Millisecond, 5*time.Millisecond, "corrected by half a minute, it is still the new day")
	c.set(midnight.Add(time.Minute), "2026-03-02")
	require.Len(t, c.days, 2)
	c.requireEqual()
	c.set(midnight.Add(26*time.Hour), "2026-03-03")
	c.requireEqual()
	c.write()
	c.requireEqual()
	c.set(midnight.Add(2*time.Hour), "2026-03-02")
	c.write()
	c.requireEqual()
	c.set(midnight.Add(27*time.Hour), "2026-03-03")
	c.write()
	c.requireEqual()
	c.requireDays()
}
