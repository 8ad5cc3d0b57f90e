package metric_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/metric"
)

func day(t require.TestingT, s string) metric.Day {
	d, err := metric.ParseDay(s)
	require.NoError(t, err)
	return d
}

func query(t *testing.T, raw string) (metric.Query, error) {
	t.Helper()
	values, err := url.ParseQuery(raw)
	require.NoError(t, err)
	return metric.ParseQuery(values, day(t, "2026-03-10"), settings(t, "inbox", ""))
}

func TestParseQuery(t *testing.T) {
	t.Parallel()
	q, err := query(t, "metric=chats,reply_rate&metric=chats&by=day,agent&from=2026-03-01&to=2026-03-02&compare=previous&channel=w1,w2&channel=w1&intent=other&handling=human,none&team=+T1+")
	require.NoError(t, err)
	require.Len(t, q.Metrics, 2)
	require.Equal(t, "chats", q.Metrics[0].ID)
	require.Equal(t, []metric.Dimension{metric.ByDay, metric.ByAgent}, q.By)
	require.Equal(t, day(t, "2026-03-01"), q.From)
	require.Equal(t, day(t, "2026-03-02"), q.To)
	require.True(t, q.Compare)
	require.True(t, q.PerAgent())
	require.Equal(t, metric.Filter{Channel: []string{"w1", "w2"}, Team: []string{"T1"}, Intent: []string{"other"}, Handling: []string{"human_only", "bot_to_human", "none"}}, q.Filter)

	q, err = query(t, "metric=chats")
	require.NoError(t, err)
	require.Equal(t, day(t, "2026-03-04"), q.From, "seven days, today included")
	require.Equal(t, day(t, "2026-03-10"), q.To)
	require.False(t, q.Compare)
	require.False(t, q.PerAgent())

	q, err = query(t, "metric=chats&agent=a1")
	require.NoError(t, err)
	require.True(t, q.PerAgent())

	q, err = query(t, "metric=chats&hour=7,23&team=t1&none=team,tag")
	require.NoError(t, err)
	require.Equal(t, metric.Filter{Hour: []string{"07", "23"}, Team: []string{"t1", ""}, Tag: []string{""}}, q.Filter)
}

func TestParseQueryFaults(t *testing.T) {
	t.Parallel()
	cases := []struct{ query, field, message string }{
		{"", "metric", "is required"},
		{"metric=", "metric", "is required"},
		{"metric=joy", "metric", `unknown metric "joy"; GET /v1/catalog lists them`},
		{"metric=queue_length", "metric", "live gauge"},
		{"metric=chats&metrics=chats", "metrics", "unknown parameter; there are metric, from, to, by, compare, hour, none, channel, team, agent, intent, handling"},
		{"metric=chats&by=minute", "by", `unknown dimension "minute"; there are day, hour, channel, team, agent, intent, handling, tag, ai_status, and for some metrics reason, category, tool, flow, rule`},
		{"metric=chats&by=reason", "by", `"chats" cannot be broken down by reason`},
		{"metric=negative_ratings,chats&reason=slow", "reason", `"chats" does not stand under a reason`},
		{"metric=blocked_messages&by=rule&category=abuse", "rule", "not together with category"},
		{"metric=chats&ai_status=done", "ai_status", `unknown ai_status "done"; there are open, resolved, routed, closed`},
		{"metric=online_seconds&by=intent", "by", `"online_seconds" cannot be broken down by intent`},
		{"metric=chats&from=2026-02-30", "from", "is not a day such as 2026-11-01"},
		{"metric=chats&to=tomorrow", "to", "is not a day such as 2026-11-01"},
		{"metric=chats&from=2026-03-02&to=2026-03-01", "from", "2026-03-02 is after to (2026-03-01)"},
		{"metric=chats&from=2025-01-01&to=2026-03-01", "from", "the range has 425 days; at most 90"},
		{"metric=chats&compare=last_year", "compare", "must be previous"},
		{"metric=chats&intent=sales", "intent", `unknown intent "sales"; there are pre_purchase, aftersales, logistics, other`},
		{"metric=chats&hour=24", "hour", `"24" is no hour of a clock; there are 00 to 23`},
		{"metric=chats&hour=-1", "hour", "is no hour of a clock"},
		{"metric=chats,online_seconds&hour=7", "hour", `"online_seconds" is not kept by hour`},
		{"metric=chats&none=hour", "none", `nothing is without a value of "hour"; there are channel, team, agent, intent, handling, tag, ai_status`},
		{"metric=chats&handling=robot", "handling", `unknown handling "robot"; there are bot_only, human_only, bot_to_human, unhandled, none, human`},
	}
	for _, tc := range cases {
		t.Run(tc.query, func(t *testing.T) {
			t.Parallel()
			_, err := query(t, tc.query)
			var fault *metric.FieldError
			require.ErrorAs(t, err, &fault)
			require.Equal(t, tc.field, fault.Field)
			require.Contains(t, fault.Message, tc.message)
		})
	}
}

func TestParseRange(t *testing.T) {
	t.Parallel()
	today, free, short := day(t, "2026-03-10"), settings(t, "", ""), settings(t, "inbox", "")
	cases := []struct {
		name, from, to, first, last string
		p                           *metric.Settings
	}{
		{"nothing", "", "", "2026-03-04", "2026-03-10", free},
		{"one day", "2026-03-10", "2026-03-10", "2026-03-10", "2026-03-10", free},
		{"from alone ends today", "2026-01-01", "", "2026-01-01", "2026-03-10", free},
		{"to alone has seven days", "", "2026-01-10", "2026-01-04", "2026-01-10", free},
		{"from in the future is that day", "2026-04-01", "", "2026-04-01", "2026-04-01", free},
		{"as long as it may be", "2025-12-11", "2026-03-10", "2025-12-11", "2026-03-10", short},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			first, last, err := metric.ParseRange(tc.from, tc.to, today, tc.p)
			require.NoError(t, err)
			require.Equal(t, tc.first, first.String())
			require.Equal(t, tc.last, last.String())
		})
	}
	// K4: "Last 7 days on 7 June" is 1 to 7 June, today included.
	first, last, err := metric.ParseRange("", "", day(t, "2026-06-07"), settings(t, "klaviyo", ""))
	require.NoError(t, err)
	require.Equal(t, "2026-06-01 2026-06-07", first.String()+" "+last.String())
	_, _, err = metric.ParseRange("2025-12-10", "2026-03-10", today, short)
	require.ErrorContains(t, err, "from: the range has 91 days; at most 90")
	_, _, err = metric.ParseRange("2000-01-01", "2026-03-10", today, free)
	require.ErrorContains(t, err, "at most 3660")
}

func FuzzParseQuery(f *testing.F) {
	f.Add("metric=chats,reply_rate&by=day&from=2026-03-01&to=2026-03-02&compare=previous&handling=human&channel=w")
	f.Add("metric=online_seconds&by=agent&from=0000-01-01&to=9999-12-31")
	f.Add("metric=%00&intent=&team=,,")
	f.Fuzz(func(t *testing.T, raw string) {
		values, err := url.ParseQuery(raw)
		if err != nil {
			return
		}
		p := settings(t, "", "")
		q, err := metric.ParseQuery(values, day(t, "2026-03-10"), p)
		if err != nil {
			var fault *metric.FieldError
			require.ErrorAs(t, err, &fault)
			require.NotEmpty(t, fault.Message)
			return
		}
		require.NotEmpty(t, q.Metrics)
		require.LessOrEqual(t, q.From, q.To)
		require.LessOrEqual(t, int(q.To-q.From), 3660)
		for _, m := range q.Metrics {
			require.False(t, m.Live)
		}
	})
}
