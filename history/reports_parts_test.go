package history_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// ask answers a report whose question is not faulty.
func (r *reading) ask(tb testing.TB, tenant string, now time.Time, pairs ...string) metric.Answer {
	tb.Helper()
	a, err := r.Metrics(context.Background(), tenant, params(pairs...), now)
	require.NoError(tb, err)
	return a
}

// rowsJSON is an answer's rows as they go out.
func rowsJSON(tb testing.TB, a metric.Answer) string {
	tb.Helper()
	b, err := json.Marshal(a.Rows)
	require.NoError(tb, err)
	return string(b)
}

func TestMetricsOfTheDesk(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	f := foldDesk(t)
	db.store(t, f)
	const day = `"day":"2026-03-10"`
	for _, c := range []struct {
		name  string
		pairs []string
		want  string
	}{
		{
			"one row without by",
			[]string{"metric", "chats,reply_rate,revenue_after_inquiry"},
			`[{"values":{"chats":{"value":4},"reply_rate":{"value":0.6666666666666666,"num":2,"den":3},"revenue_after_inquiry":{"value":{"USD":"10.10"}}}}]`,
		},
		{
			"an empty range has one row too",
			[]string{"metric", "chats,reply_rate,revenue_after_inquiry", "to", "2026-03-01"},
			`[{"values":{"chats":{"value":0},"reply_rate":{"value":null,"num":0,"den":0},"revenue_after_inquiry":{"value":{}}}}]`,
		},
		{
			"by day every day has a row",
			[]string{"metric", "chats", "from", "2026-03-09", "to", "2026-03-11", "by", "day"},
			`[{"day":"2026-03-09","values":{"chats":{"value":0}}},{` + day + `,"values":{"chats":{"value":4}}},{"day":"2026-03-11","values":{"chats":{"value":0}}}]`,
		},
		{
			"by intent only what has data",
			[]string{"metric", "chats", "by", "intent"},
			`[{"intent":"logistics","values":{"chats":{"value":1}}},{"intent":"other","values":{"chats":{"value":3}}}]`,
		},
		{
			"only what has data of that metric",
			[]string{"metric", "blocked_messages", "by", "intent"},
			`[{"intent":"logistics","values":{"blocked_messages":{"value":1}}}]`,
		},
		{
			"by channel and day in the order asked",
			[]string{"metric", "chats", "from", "2026-03-09", "to", "2026-03-10", "by", "channel,day"},
			`[{"channel":"wa","day":"2026-03-09","values":{"chats":{"value":0}}},{"channel":"wa",` + day + `,"values":{"chats":{"value":2}}},
			{"channel":"web","day":"2026-03-09","values":{"chats":{"value":0}}},{"channel":"web",` + day + `,"values":{"chats":{"value":2}}}]`,
		},
		{
			"by day and channel",
			[]string{"metric", "chats", "from", "2026-03-10", "by", "day,channel"},
			`[{` + day + `,"channel":"wa","values":{"chats":{"value":2}}},{` + day + `,"channel":"web","values":{"chats":{"value":2}}}]`,
		},
		{
			"chats by first human",
			[]string{"metric", "chats", "by", "agent"},
			`[{"agent":"","values":{"chats":{"value":2}}},{"agent":"a1","values":{"chats":{"value":1}}},{"agent":"a2","values":{"chats":{"value":1}}}]`,
		},
		{
			"messages by author",
			[]string{"metric", "messages_agent", "by", "agent"},
			`[{"agent":"a1","values":{"messages_agent":{"value":2}}}]`,
		},
		{
			"an agent's own rate",
			[]string{"metric", "violation_rate,response_required", "agent", "a1"},
			`[{"values":{"violation_rate":{"value":0.5,"num":1,"den":2},"response_required":{"value":2}}}]`,
		},
		{"filter by handling", []string{"metric", "chats", "handling", "bot_only"}, `[{"values":{"chats":{"value":1}}}]`},
		{"filters combined", []string{"metric", "chats", "channel", "wa", "team", "t1", "intent", "logistics,other"}, `[{"values":{"chats":{"value":1}}}]`},
		{
			"distinct customers",
			[]string{"metric", "customers,consulting_customers,converted_customers,conversion_rate"},
			`[{"values":{"customers":{"value":3},"consulting_customers":{"value":3},"converted_customers":{"value":1},"conversion_rate":{"value":0.3333333333333333,"num":1,"den":3}}}]`,
		},
		{
			"distinct by channel",
			[]string{"metric", "customers,converted_customers", "by", "channel"},
			`[{"channel":"wa","values":{"customers":{"value":1},"converted_customers":{"value":1}}},{"channel":"web","values":{"customers":{"value":2},"converted_customers":{"value":0}}}]`,
		},
		{
			"broadcasts",
			[]string{"metric", "messages_broadcast", "by", "day,channel", "from", "2026-03-10"},
			`[{` + day + `,"channel":"wa","values":{"messages_broadcast":{"value":1}}}]`,
		},
		{
			"broadcasts belong to no team",
			[]string{"metric", "messages_broadcast", "by", "team"},
			`[{"team":"","values":{"messages_broadcast":{"value":1}}}]`,
		},
		{"broadcasts are of no intent", []string{"metric", "messages_broadcast", "intent", "other"}, `[{"values":{"messages_broadcast":{"value":0}}}]`},
		{"nor of an agent", []string{"metric", "messages_broadcast", "channel", "wa", "agent", "a1"}, `[{"values":{"messages_broadcast":{"value":0}}}]`},
		{"another channel's", []string{"metric", "messages_broadcast", "channel", "web"}, `[{"values":{"messages_broadcast":{"value":0}}}]`},
		{
			"compared",
			[]string{"metric", "chats", "from", "2026-03-10", "by", "day", "compare", "previous"},
			`[{` + day + `,"values":{"chats":{"value":4,"previous":{"value":0}}}}]`,
		},
		{
			"compared, the other way round",
			[]string{"metric", "chats,avg_first_response", "from", "2026-03-11", "to", "2026-03-11", "by", "day", "compare", "previous"},
			`[{"day":"2026-03-11","values":{"chats":{"value":0,"previous":{"value":4}},"avg_first_response":{"value":null,"num":0,"den":0,"previous":{"value":15,"num":30,"den":2}}}}]`,
		},
		{
			"compared, each row with its own",
			[]string{"metric", "chats", "from", "2026-03-09", "to", "2026-03-10", "by", "day", "compare", "previous"},
			`[{"day":"2026-03-09","values":{"chats":{"value":0,"previous":{"value":0}}}},{` + day + `,"values":{"chats":{"value":4,"previous":{"value":0}}}}]`,
		},
		{
			"compared money",
			[]string{"metric", "revenue_after_inquiry", "from", "2026-03-11", "to", "2026-03-11", "compare", "previous"},
			`[{"values":{"revenue_after_inquiry":{"value":{},"previous":{"value":{"USD":"10.10"}}}}}]`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.JSONEq(t, c.want, rowsJSON(t, db.ask(t, "desk", deskNow, c.pairs...)))
		})
	}
	a := db.ask(t, "desk", deskNow, "metric", "chats")
	require.Equal(t, "2026-03-04 2026-03-10 Asia/Shanghai wecom@1 sum_daily", fmt.Sprint(a.From, " ", a.To, " ", a.Timezone, " ", a.Profile, " ", a.Unique))
	require.Equal(t, f.Seq(), a.AsOfSeq)
	require.True(t, deskNow.Equal(a.At))
}

func TestMetricsOfAnUnknownTenant(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	db.store(t, foldDesk(t))
	a := db.ask(t, "nobody", deskNow, "metric", "chats,online_seconds", "by", "day", "from", "2026-03-10")
	require.Equal(t, "UTC", a.Timezone)
	require.Equal(t, "default@0", a.Profile)
	require.JSONEq(t, `[{"day":"2026-03-10","values":{"chats":{"value":0},"online_seconds":{"value":0}}}]`, rowsJSON(t, a))
	require.JSONEq(t, `[]`, rowsJSON(t, db.ask(t, "nobody", deskNow, "metric", "chats", "by", "agent")))
	require.JSONEq(t, `[]`, rowsJSON(t, db.ask(t, "nobody", deskNow, "metric", "chats", "by", "agent,day")))
}

func TestMetricsWithin(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	db.store(t, foldDesk(t))
	for _, c := range []struct {
		scope history.Scope
		pairs []string
		want  string
	}{
		{history.Scope{Teams: []string{"t1"}}, nil, `[{"values":{"chats":{"value":1}}}]`},
		{history.Scope{Teams: []string{"t1"}}, []string{"team", "t2"}, `[{"values":{"chats":{"value":0}}}]`},
		{history.Scope{Teams: []string{"t1"}, Channels: []string{"wa", "web"}}, []string{"channel", "wa"}, `[{"values":{"chats":{"value":1}}}]`},
		{history.Scope{Agent: "a2"}, []string{"agent", "a1,a2"}, `[{"values":{"chats":{"value":1}}}]`},
		{history.Scope{Agent: "a2"}, []string{"agent", "a1"}, `[{"values":{"chats":{"value":0}}}]`},
	} {
		a, err := db.MetricsWithin(context.Background(), "desk", c.scope, params(append(c.pairs, "metric", "chats")...), deskNow)
		require.NoError(t, err)
		require.JSONEq(t, c.want, rowsJSON(t, a), "%v %v", c.scope, c.pairs)
	}
}

func TestMetricsFaults(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	for _, c := range []struct {
		field string
		pairs []string
	}{
		{"metric", nil},
		{"metric", []string{"metric", "nonsense"}},
		{"metric", []string{"metric", "queue_length"}},
		{"by", []string{"metric", "online_seconds", "by", "intent"}},
		{"colour", []string{"metric", "chats", "colour", "red"}},
		{"channel", []string{"metric", "chats", "channel", "a\x00"}},
		{"team", []string{"metric", "chats", "team", "\xff"}},
		{"compare", []string{"metric", "chats", "compare", "next"}},
		{"from", []string{"metric", "chats", "from", "2026-13-01"}},
	} {
		_, err := db.Metrics(context.Background(), "desk", params(c.pairs...), deskNow)
		var field *metric.FieldError
		require.ErrorAs(t, err, &field, "%v", c.pairs)
		require.Equal(t, c.field, field.Field)
	}
}

// TestMetricsTooLarge has sums that pass 63 bits and answers that pass all bounds.
func TestMetricsTooLarge(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	db.exec(t, `INSERT INTO contributions (tenant, conversation, session, position, day, per_agent, channel, team, agent, intent, handling, customer, assist_accuracy, assist_accuracy_uses, chats)
		SELECT 'desk', 'c' || i, 1, 0, '2026-03-10', false, 'ch' || i, '', 'a' || (i % 100), 'other', 'none', '', 9000000000000000000, 9000000, 1 FROM generate_series(1, 2000) i`)
	_, err := db.Metrics(context.Background(), "desk", params("metric", "assist_accuracy"), deskNow)
	var field *metric.FieldError
	require.ErrorAs(t, err, &field)
	require.Contains(t, field.Message, "shorter range")
	require.JSONEq(t, `[{"values":{"chats":{"value":2000}}}]`, rowsJSON(t, db.ask(t, "desk", deskNow, "metric", "chats")))
	_, err = db.Metrics(context.Background(), "desk", params("metric", "chats", "by", "channel,day", "from", "2026-01-01"), deskNow)
	require.ErrorAs(t, err, &field)
	require.Equal(t, "by", field.Field)
	require.Contains(t, field.Message, "138000 rows")
}

// TestBreakdownsAddUp compares the sum over every breakdown with the total, for
// every additive counter of the real conversations.
func TestBreakdownsAddUp(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	db.store(t, foldStar(t))
	var all string
	additive := map[string]bool{}
	for _, m := range metric.Catalogue() {
		if !m.Live && m.Unit == metric.UnitCount && m.Needs == metric.NeedCounts {
			all += m.ID + ","
			additive[m.ID] = true
		}
	}
	require.Greater(t, len(additive), 30)
	total := func(a metric.Answer) map[string]int64 {
		sum := map[string]int64{}
		for _, row := range a.Rows {
			for id := range additive {
				n, ok := row.Values[id].Value.Value.(int64)
				require.True(t, ok)
				sum[id] += n
			}
		}
		return sum
	}
	span := []string{"metric", all, "from", "2020-05-01", "to", "2020-05-25"}
	whole := total(db.ask(t, "star", afterStar, span...))
	ofAgents := total(db.ask(t, "star", afterStar, append(span, "by", "agent")...))
	var nonzero int
	for _, n := range whole {
		if n > 0 {
			nonzero++
		}
	}
	require.Greater(t, nonzero, 25)
	r := rand.New(rand.NewPCG(1, 2))
	for range 25 {
		var by string
		byAgent := false
		for _, i := range r.Perm(len(metric.Dimensions))[:1+r.IntN(3)] {
			if metric.Dimensions[i] == metric.ByTag { // a conversation counts under each of its tags
				continue
			}
			by += string(metric.Dimensions[i]) + ","
			byAgent = byAgent || metric.Dimensions[i] == metric.ByAgent
		}
		if by == "" {
			continue
		}
		want := whole
		if byAgent {
			want = ofAgents
		}
		require.Equal(t, want, total(db.ask(t, "star", afterStar, append(span, "by", by)...)), by)
	}
}

// TestDistinctCustomers has a customer on two days, once in the range and once
// on each of its days.
func TestDistinctCustomers(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	for tenant, unique := range map[event.TenantID]string{"range": "range", "daily": "sum_daily"} {
		f := newFolding(tenant)
		at := time.Date(2026, 3, 8, 9, 0, 0, 0, time.UTC)
		f.say(t, at, &event.TenantConfigured{Settings: []byte(`{"unique":"` + unique + `"}`)})
		for i, who := range []event.CustomerID{"u1", "u1", "u2", "u1"} {
			id := event.ConversationID(fmt.Sprint("c", i))
			begin := at.Add(time.Duration(i/2) * 24 * time.Hour).Add(time.Duration(i) * time.Minute)
			f.say(t, begin, &event.ConversationStarted{Conversation: id, Channel: "wa", Customer: event.Profile{ID: who}})
			if i < 3 {
				f.say(t, begin, &event.MessageSent{Conversation: id, Message: "m", From: event.Actor{Kind: event.Customer, ID: string(who)}, Text: "x"})
			}
		}
		db.store(t, f)
	}
	ask := func(tenant string, more ...string) string {
		return rowsJSON(t, db.ask(t, tenant, deskNow, append(more, "metric", "customers,chatting_customers", "from", "2026-03-08", "to", "2026-03-09")...))
	}
	require.JSONEq(t, `[{"values":{"customers":{"value":2},"chatting_customers":{"value":2}}}]`, ask("range"))
	require.JSONEq(t, `[{"values":{"customers":{"value":3},"chatting_customers":{"value":2}}}]`, ask("daily"))
	daily := `[{"day":"2026-03-08","values":{"customers":{"value":1},"chatting_customers":{"value":1}}},{"day":"2026-03-09","values":{"customers":{"value":2},"chatting_customers":{"value":1}}}]`
	require.JSONEq(t, daily, ask("range", "by", "day"))
	require.JSONEq(t, daily, ask("daily", "by", "day"))
	require.JSONEq(t, `[{"channel":"wa","values":{"customers":{"value":3},"chatting_customers":{"value":2}}}]`, ask("daily", "by", "channel"))
}

// TestPresenceReport has spells over midnight, over the hour that a clock
// skips, and one that still runs.
func TestPresenceReport(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	f := newFolding("ny")
	zone, err := time.LoadLocation("America/New_York")
	require.NoError(t, err)
	local := func(day, hour, minute int) time.Time { return time.Date(2026, 3, day, hour, minute, 0, 0, zone) }
	f.say(t, local(1, 0, 0), &event.TenantConfigured{Settings: []byte(`{"timezone":"America/New_York"}`)})
	f.say(t, local(1, 0, 0), &event.AgentUpdated{Agent: "a1", Name: "A", Teams: []event.TeamID{"t1", "t2"}, Channels: []event.ChannelID{"wa"}})
	f.say(t, local(1, 0, 0), &event.AgentUpdated{Agent: "a2", Name: "B", Teams: []event.TeamID{"t1"}})
	f.say(t, local(1, 0, 0), &event.AgentUpdated{Agent: "a3", Name: "C"})
	f.say(t, local(7, 22, 0), &event.AgentPresence{Agent: "a1", Status: event.Online})
	f.say(t, local(8, 4, 0), &event.AgentPresence{Agent: "a1", Status: event.Offline}) // 2 to 3 does not exist: 3 h after midnight
	f.say(t, local(8, 9, 0), &event.AgentPresence{Agent: "a2", Status: event.Online})
	f.say(t, local(8, 10, 0), &event.AgentPresence{Agent: "a2", Status: event.Paused})
	f.say(t, local(8, 23, 0), &event.AgentPresence{Agent: "a2", Status: event.Online}) // runs on
	db.store(t, f)
	now := local(10, 1, 30)

	ask := func(pairs ...string) string {
		return rowsJSON(t, db.ask(t, "ny", now, append(pairs, "metric", "online_seconds", "from", "2026-03-07", "to", "2026-03-10")...))
	}
	one := func(day string, n int) string {
		return fmt.Sprintf(`{"day":"2026-03-%s","values":{"online_seconds":{"value":%d}}}`, day, n)
	}
	const hour = 3600
	require.JSONEq(t, "["+one("07", 2*hour)+","+one("08", 3*hour+hour+hour)+","+one("09", 24*hour)+","+one("10", hour+hour/2)+"]", ask("by", "day"))
	require.JSONEq(t, `[{"values":{"online_seconds":{"value":117000}}}]`, ask())
	require.JSONEq(t, `[{"team":"t1","values":{"online_seconds":{"value":117000}}},{"team":"t2","values":{"online_seconds":{"value":18000}}}]`, ask("by", "team"),
		"an agent of two teams is in both rows, and once in the total")
	require.JSONEq(t, `[{"team":"t2","values":{"online_seconds":{"value":18000}}}]`, ask("by", "team", "team", "t2"))
	require.JSONEq(t, `[{"values":{"online_seconds":{"value":117000}}}]`, ask("team", "t1,t2"))
	require.JSONEq(t, `[{"channel":"","values":{"online_seconds":{"value":99000}}},{"channel":"wa","values":{"online_seconds":{"value":18000}}}]`, ask("by", "channel"))
	require.JSONEq(t, `[{"agent":"a1","values":{"online_seconds":{"value":18000}}},{"agent":"a2","values":{"online_seconds":{"value":99000}}}]`, ask("by", "agent"),
		"who was never online has no row")
	require.JSONEq(t, `[{"values":{"online_seconds":{"value":18000}}}]`, ask("agent", "a1", "intent", "other"))

	first := func(pairs ...string) string {
		return rowsJSON(t, db.ask(t, "ny", now, append(pairs, "metric", "first_online_at")...))
	}
	require.JSONEq(t, `[{"day":"2026-03-08","values":{"first_online_at":{"value":"2026-03-08T13:00:00.000Z"}}},
		{"day":"2026-03-09","values":{"first_online_at":{"value":"2026-03-09T04:00:00.000Z"}}},
		{"day":"2026-03-10","values":{"first_online_at":{"value":"2026-03-10T04:00:00.000Z"}}}]`,
		first("agent", "a2", "from", "2026-03-08", "to", "2026-03-10", "by", "day"))
	require.JSONEq(t, `[{"values":{"first_online_at":{"value":null}}}]`, first("agent", "a3"))
	require.JSONEq(t, `[{"day":"2026-03-11","values":{"online_seconds":{"value":0},"first_online_at":{"value":null}}}]`,
		rowsJSON(t, db.ask(t, "ny", now, "metric", "online_seconds,first_online_at", "agent", "a2", "by", "day", "from", "2026-03-11", "to", "2026-03-11")), "tomorrow")
	require.JSONEq(t, `[{"values":{"online_seconds":{"value":7200}}}]`,
		rowsJSON(t, db.ask(t, "ny", now, "metric", "online_seconds", "agent", "a2", "from", "2026-03-08", "to", "2026-03-08")), "the spell that runs counts to the range's end")
	// A question from before the spell's start, by a clock that is behind.
	early := db.ask(t, "ny", local(8, 9, 30), "metric", "online_seconds", "agent", "a2", "from", "2026-03-08", "to", "2026-03-08")
	require.JSONEq(t, `[{"values":{"online_seconds":{"value":3600}}}]`, rowsJSON(t, early))
}

// TestReportsUseTheIndex looks at how PostgreSQL finds a week among a year.
func TestReportsUseTheIndex(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	fill(t, db, "desk", 20_000, 365)
	ctx := context.Background()
	rows, err := db.conn.Query(ctx, `EXPLAIN SELECT (day - DATE '1970-01-01'), intent, coalesce(sum(chats), 0)::bigint FROM contributions
		WHERE tenant = $1 AND day BETWEEN $2 AND $3 AND NOT per_agent GROUP BY 1, 2`, "desk", time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 3, 7, 0, 0, 0, 0, time.UTC))
	require.NoError(t, err)
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Contains(t, fmt.Sprint(lines), "contributions_by_day")
}

// fill makes sessions on each of the days before 2026-03-11.
func fill(tb testing.TB, db *reading, tenant string, n, days int) {
	tb.Helper()
	db.exec(tb, `INSERT INTO contributions (tenant, conversation, session, position, day, per_agent, channel, team, agent, intent, handling, customer,
			sessions, chats, messages_received, response_required, responded_in_window, first_response_millis, first_responses, revenue)
		SELECT $1, 'c' || i, 1, 0, DATE '2026-03-10' - i % $3::int, i % 4 = 0, 'ch' || i % 5, 't' || i % 7, 'a' || i % 60,
			(ARRAY['other', 'logistics', 'aftersales', 'pre_purchase'])[1 + i % 4], 'human_only', 'u' || i % 20000,
			1, 1, 7, 1, 1, 12345, 1, CASE WHEN i % 10 = 0 THEN '{"USD": "12.34"}'::jsonb END
		FROM generate_series(1, $2::int) i`, tenant, n, days)
	db.exec(tb, "ANALYZE contributions")
}

// BenchmarkMetrics answers a report of 90 days by two dimensions over 200,000 rows.
func BenchmarkMetrics(b *testing.B) {
	db := newReading(b)
	fill(b, db, "desk", 200_000, 90)
	for _, c := range []struct{ name, metrics string }{
		{"counters", "chats,response_rate,avg_first_response"},
		{"all", "chats,response_rate,avg_first_response,avg_response,satisfaction_rate,messages_received,consulting_customers,conversion_rate,revenue_after_inquiry,online_seconds"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				a := db.ask(b, "desk", deskNow, "metric", c.metrics, "from", "2025-12-11", "to", "2026-03-10", "by", "day,channel")
				require.Len(b, a.Rows, 450)
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/report")
		})
	}
}

// TestRevenueIsExact adds amounts that doubles cannot hold, of several
// currencies and two tenants.
func TestRevenueIsExact(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	for i, row := range []struct{ tenant, channel, revenue string }{
		{"desk", "wa", `{"USD": "0.10", "JPY": "100"}`},
		{"desk", "wa", `{"USD": "0.20", "KWD": "1.005"}`},
		{"desk", "web", `{"USD": "90071992547409.93"}`},
		{"desk", "app", `{"USD": "5.00"}`},
		{"desk", "app", `{"USD": "-5.00"}`},
		{"other", "wa", `{"USD": "7.00"}`},
	} {
		db.exec(t, `INSERT INTO contributions (tenant, conversation, session, position, day, per_agent, channel, team, agent, intent, handling, customer, revenue)
			VALUES ($1, $2, 1, 0, '2026-03-10', false, $3, '', '', 'other', 'none', '', $4::jsonb)`, row.tenant, fmt.Sprint("c", i), row.channel, row.revenue)
	}
	ask := func(tenant string, more ...string) string {
		return rowsJSON(t, db.ask(t, tenant, deskNow, append(more, "metric", "revenue_after_inquiry")...))
	}
	require.JSONEq(t, `[{"values":{"revenue_after_inquiry":{"value":{"USD":"90071992547410.23","JPY":"100","KWD":"1.005"}}}}]`, ask("desk"))
	require.JSONEq(t, `[{"values":{"revenue_after_inquiry":{"value":{"USD":"7.00"}}}}]`, ask("other"))
	require.JSONEq(t, `[{"channel":"wa","values":{"revenue_after_inquiry":{"value":{"USD":"0.30","JPY":"100","KWD":"1.005"}}}},
		{"channel":"web","values":{"revenue_after_inquiry":{"value":{"USD":"90071992547409.93"}}}}]`, ask("desk", "by", "channel"))
}

// TestFarRanges asks about the ends of the calendar.
func TestFarRanges(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	db.store(t, foldDesk(t))
	for _, day := range []string{"0001-01-01", "9999-12-31"} {
		a := db.ask(t, "desk", deskNow, "metric", "chats,online_seconds,revenue_after_inquiry,customers,messages_broadcast", "by", "day", "from", day, "to", day, "compare", "previous")
		require.Len(t, a.Rows, 1)
		require.Equal(t, day, a.Rows[0].Dimensions[metric.ByDay])
		p, err := db.Conversations(context.Background(), "desk", history.Scope{}, params("from", day, "to", day), deskNow)
		require.NoError(t, err)
		require.Empty(t, p.Rows)
	}
}
