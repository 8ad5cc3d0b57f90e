package history_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history"
	"github.com/floorlight/floorlight/hub/event"
)

func TestMinutesAreKeptForAWhile(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	noon := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	minute := func(n int, value float64) history.Minute {
		return history.Minute{At: noon.Add(time.Duration(n) * time.Minute), Numbers: map[string]float64{"sessions": value, "reply_rate": 1.0 / 3}}
	}
	ctx := t.Context()
	since := func(whole, views time.Time) history.MinutesKept {
		return history.MinutesKept{Whole: whole, Views: views}
	}
	hourAgo := since(noon.Add(-time.Hour), noon.Add(-time.Hour))
	const wa = `{"channel":["wa"]}`
	require.NoError(t, db.KeepMinutes(ctx, "a", "", []history.Minute{minute(0, 1), minute(1, 2)}, hourAgo))
	require.NoError(t, db.KeepMinutes(ctx, "a", "", []history.Minute{minute(1, 99), minute(2, 3)}, hourAgo), "what is stored stays")
	require.NoError(t, db.KeepMinutes(ctx, "a", wa, []history.Minute{minute(1, 50), minute(2, 51)}, hourAgo), "a view's are its own")
	require.NoError(t, db.KeepMinutes(ctx, "b", "", []history.Minute{minute(0, 7)}, hourAgo))
	require.NoError(t, db.KeepMinutes(ctx, "b", "", nil, hourAgo))
	all, err := db.Minutes(ctx, since(noon, noon))
	require.NoError(t, err)
	require.Equal(t, map[event.TenantID]map[string][]history.Minute{
		"a": {"": {minute(0, 1), minute(1, 2), minute(2, 3)}, wa: {minute(1, 50), minute(2, 51)}},
		"b": {"": {minute(0, 7)}},
	}, all)
	all, err = db.Minutes(ctx, since(noon, noon.Add(2*time.Minute)))
	require.NoError(t, err)
	require.Equal(t, []history.Minute{minute(2, 51)}, all["a"][wa])
	require.NoError(t, db.KeepMinutes(ctx, "a", "", nil, since(noon.Add(time.Minute), noon.Add(2*time.Minute))))
	all, err = db.Minutes(ctx, hourAgo)
	require.NoError(t, err)
	require.Equal(t, map[string][]history.Minute{"": {minute(1, 2), minute(2, 3)}, wa: {minute(2, 51)}}, all["a"])
	require.Len(t, all["b"][""], 1)
}

func TestLastMessages(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	f := newFolding("desk")
	at := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	say := func(c event.ConversationID, m event.MessageID, text string) event.Event {
		at = at.Add(time.Second)
		return event.New("desk", "s", string(c+"/")+string(m), at, &event.MessageSent{
			Conversation: c, Message: m, From: event.Actor{Kind: event.Customer, ID: "u1"}, Text: text,
		})
	}
	f.take(t, say("c1", "m1", "one"), say("c2", "m1", "elsewhere"), say("c1", "m2", "two"),
		event.New("desk", "s", "closed", at, &event.ConversationClosed{Conversation: "c1", By: event.Actor{Kind: event.System}}),
		say("c1", "m3", "three"))
	db.store(t, f)
	texts := func(upTo uint64, most int) (all []string) {
		list, err := db.LastMessages(t.Context(), "desk", "c1", upTo, most)
		require.NoError(t, err)
		last := uint64(0)
		for _, one := range list {
			require.Greater(t, one.Seq, last)
			last = one.Seq
			e, err := event.Decode(one.Raw)
			require.NoError(t, err)
			said, ok := e.Data.(*event.MessageSent)
			require.True(t, ok)
			all = append(all, said.Text)
		}
		return all
	}
	require.Equal(t, []string{"one", "two", "three"}, texts(5, 10))
	require.Equal(t, []string{"one", "two"}, texts(4, 10))
	require.Equal(t, []string{"two", "three"}, texts(5, 2))
	require.Empty(t, texts(0, 10))
}
