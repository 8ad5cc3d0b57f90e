package filler

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
)

var small = Config{
	Seed: 1, Tenant: "fill", Name: "Filled", Preset: "tiktok_shop", Timezone: "America/New_York",
	End: time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC), Days: 40, Conversations: 1200, Messages: 12_000, Agents: 25,
}

func all(t *testing.T, c Config, skip int64) []event.Event {
	t.Helper()
	f, err := New(c)
	require.NoError(t, err)
	f.Skip(skip)
	var list []event.Event
	for {
		e, ok := f.Next()
		if !ok {
			return list
		}
		list = append(list, e)
	}
}

// TestFillingIsWhole folds a filling: nothing is refused or there twice, times
// ascend, and what the reports count is there.
func TestFillingIsWhole(t *testing.T) {
	t.Parallel()
	events := all(t, small, 0)
	f, err := New(small)
	require.NoError(t, err)
	require.InEpsilon(t, f.Total(), len(events), 0.15)
	st := fold.New("fill")
	var last time.Time
	for i := range events {
		raw, err := events[i].Encode()
		require.NoError(t, err)
		e, err := event.Decode(raw)
		require.NoError(t, err)
		require.False(t, e.Time.Before(last))
		last = e.Time
		for _, r := range st.Missing(&e, nil) {
			require.NoError(t, st.Bring(r, nil))
		}
		c := st.Apply(uint64(i+1), &e)
		require.Nil(t, c.Refused)
		require.False(t, c.Duplicate)
	}
	var sums metric.Counts
	days, sessions := map[metric.Day]bool{}, 0
	for c := range st.Conversations() {
		require.False(t, c.Open())
		for _, s := range c.Sessions {
			sessions++
			days[s.StartDay] = true
			for i := range s.Rows {
				if s.Rows[i].Agent == "" {
					sums.AddFew(&s.Rows[i].Counts, 1)
				}
			}
		}
	}
	require.Equal(t, small.Conversations, sessions)
	require.Len(t, days, small.Days)
	require.InEpsilon(t, small.Messages, sums[metric.MessagesReceived]+sums[metric.MessagesAgent]+sums[metric.MessagesBot], 0.25)
	for _, c := range []metric.Counter{
		metric.ChatsBotOnly, metric.ChatsHumanOnly, metric.ChatsBotToHuman, metric.AbandonedChats, metric.NegativeRatings, metric.BlockedMessages,
		metric.OrdersAfterInquiry, metric.AssistUses, metric.FlowTriggers, metric.SpecialistsAdded, metric.AIResolved, metric.TurnResponses,
	} {
		require.Positive(t, sums[c], c)
	}
}

// TestFillingGoesOn: the same Config makes the same events, from any place on.
func TestFillingGoesOn(t *testing.T) {
	t.Parallel()
	whole := all(t, small, 0)
	require.Equal(t, whole, all(t, small, 0))
	for _, skip := range []int64{1, 5000, int64(len(whole) - 1), int64(len(whole)), int64(len(whole) + 10)} {
		rest := all(t, small, skip)
		require.Equal(t, whole[min(int(skip), len(whole)):], append([]event.Event{}, rest...), skip)
	}
	other := small
	other.Seed++
	require.NotEqual(t, whole[100:200], all(t, other, 100)[:100])
}

func TestFillingRefusesNonsense(t *testing.T) {
	t.Parallel()
	for _, spoil := range []func(*Config){
		func(c *Config) { c.Days = 0 },
		func(c *Config) { c.Agents = 0 },
		func(c *Config) { c.Conversations = -1 },
		func(c *Config) { c.Timezone = "Mars/Olympus" },
	} {
		c := small
		spoil(&c)
		_, err := New(c)
		require.Error(t, err)
	}
}

func BenchmarkFiller(b *testing.B) {
	c := small
	c.Days, c.Conversations, c.Messages = 365, 1_000_000, 10_000_000
	f, err := New(c)
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		_, ok := f.Next()
		require.True(b, ok)
	}
}
