package history

import (
	"maps"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/metric"
)

// TestListsAgreeWithReports counts what a filter lists, on all its pages, and
// compares with the counter of the same name over the same days.
func TestListsAgreeWithReports(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.publish(star(t)...)
	d.write()
	require.NoError(t, d.db.IndexTexts(t.Context()))
	now := time.Date(2020, 5, 25, 12, 0, 0, 0, time.UTC)
	days := map[string][]string{"from": {"2020-05-20"}, "to": {"2020-05-22"}}
	with := func(pairs ...string) map[string][]string {
		v := maps.Clone(days)
		for i := 0; i < len(pairs); i += 2 {
			v[pairs[i]] = []string{pairs[i+1]}
		}
		return v
	}
	listed := func(pairs ...string) int {
		v, n := with(append(pairs, "limit", "97")...), 0
		for {
			p, err := d.db.Conversations(t.Context(), string(starTenant), Scope{}, v, now)
			require.NoError(t, err, pairs)
			if n += len(p.Rows); p.Next == "" {
				require.Equal(t, n, p.Total, pairs)
				return n
			}
			v["cursor"] = []string{p.Next}
		}
	}
	counted := func(id string, pairs ...string) int {
		a, err := d.db.Metrics(t.Context(), string(starTenant), with(append(pairs, "metric", id)...), now)
		require.NoError(t, err)
		n, ok := a.Rows[0].Values[id].Value.Value.(int64)
		require.True(t, ok)
		return int(n)
	}
	for _, c := range []struct {
		metric string
		list   []string
		report []string
	}{
		{"sessions", nil, nil},
		{"chats", []string{"handling", "bot_only,human,unhandled"}, nil},
		{"chats_bot_only", []string{"handling", "bot_only"}, nil},
		{"chats_human_only", []string{"handling", "human_only"}, nil},
		{"chats_bot_to_human", []string{"handling", "bot_to_human"}, nil},
		{"chats", []string{"handling", "bot_only,human,unhandled", "weekday", "3,4,5", "hour", "0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23"}, nil},
		{"chats_unhandled", []string{"handling", "unhandled"}, nil},
		{"risky_chats", []string{"risky", "true", "handling", "bot_only,human,unhandled"}, nil},
		{"sessions", []string{"intent", "logistics"}, []string{"intent", "logistics"}},
		{"sessions", []string{"intent", "pre_purchase,other"}, []string{"intent", "pre_purchase,other"}},
		{"ai_conversations", []string{"ai_status", "open,resolved,routed,closed"}, nil},
		{"ai_resolved", []string{"ai_status", "resolved"}, nil},
		{"rated", []string{"rating", "1,2,3,4,5"}, nil},
		{"satisfied", []string{"rating", "4,5"}, nil},
		{"neutral", []string{"rating", "3"}, nil},
		{"dissatisfied", []string{"rating", "1,2"}, nil},
		{"negative_ratings", []string{"negative", "true"}, nil},
	} {
		require.Equal(t, counted(c.metric, c.report...), listed(c.list...), "%s %v", c.metric, c.list)
	}
	tags := map[string]int{}
	a, err := d.db.Metrics(t.Context(), string(starTenant), with("metric", "sessions", "by", "tag"), now)
	require.NoError(t, err)
	for _, row := range a.Rows {
		n, ok := row.Values["sessions"].Value.Value.(int64)
		require.True(t, ok)
		tags[row.Dimensions["tag"]] = int(n)
	}
	for tag, n := range tags {
		if tag != "" {
			require.Equal(t, n, listed("tag", tag), tag)
		}
	}
	a, err = d.db.Metrics(t.Context(), string(starTenant), with("metric", "chats", "by", "day,hour"), now)
	require.NoError(t, err)
	require.Greater(t, len(a.Rows), 20)
	for i, row := range a.Rows {
		n, ok := row.Values["chats"].Value.Value.(int64)
		if !ok || i%4 > 0 {
			continue
		}
		day, err := metric.ParseDay(row.Dimensions["day"])
		require.NoError(t, err)
		weekday := strconv.Itoa((int(day.Time().Weekday())+6)%7 + 1)
		require.Equal(t, int(n), listed("handling", "bot_only,human,unhandled", "weekday", weekday, "hour", row.Dimensions["hour"]), "%v", row.Dimensions)
	}
	// What is not a filter's is its contrary's.
	require.Equal(t, counted("sessions"), listed("negative", "true")+listed("negative", "false"))
	require.Equal(t, counted("sessions"), listed("risky", "true")+listed("risky", "false"))
}
