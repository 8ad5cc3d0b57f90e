package metric_test

import (
	"math/big"
	"strings"
	"testing"
	"unicode"

	"github.com/go-json-experiment/json"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/floorlight/floorlight/hub/metric"
)

func settings(t require.TestingT, preset, changes string) *metric.Settings {
	p, err := metric.NewProfile(preset, 1, []byte(changes))
	require.NoError(t, err)
	return &p.Settings
}

func eval(t require.TestingT, id string, s *metric.Sums, p *metric.Settings) metric.Value {
	m, ok := metric.Lookup(id)
	require.True(t, ok, id)
	return m.Eval(s, p)
}

func TestCatalogue(t *testing.T) {
	t.Parallel()
	seen, names := map[string]bool{}, map[string]string{}
	for _, m := range metric.Catalogue() {
		require.False(t, seen[m.ID], m.ID)
		seen[m.ID] = true
		require.Regexp(t, `^[a-z][a-z0-9_]+$`, m.ID)
		for _, text := range []string{m.Name.EN, m.Name.ZH, m.Formula.EN, m.Formula.ZH} {
			require.NotEmpty(t, strings.TrimSpace(text), m.ID)
		}
		hasHan := func(s string) bool {
			return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
		}
		require.True(t, hasHan(m.Name.ZH), m.ID)
		require.True(t, hasHan(m.Formula.ZH), m.ID)
		require.False(t, hasHan(m.Name.EN), m.ID)
		require.False(t, hasHan(m.Formula.EN), m.ID)
		require.Empty(t, names[m.Name.EN], "%s is called as %s", m.ID, names[m.Name.EN])
		names[m.Name.EN] = m.ID
		require.Contains(t, []metric.Unit{metric.UnitCount, metric.UnitSeconds, metric.UnitRatio, metric.UnitMoney, metric.UnitTime}, m.Unit)
		require.Contains(t, []metric.Better{metric.BetterUp, metric.BetterDown, metric.BetterNone}, m.Better)
		require.NotEmpty(t, m.Serves, m.ID)
		require.Equal(t, m.Live, m.Needs == 0, m.ID)
		require.Equal(t, m.Live, len(m.Dimensions()) == 0, m.ID)
		found, ok := metric.Lookup(m.ID)
		require.True(t, ok)
		require.Same(t, m, found)
	}
	_, ok := metric.Lookup("nothing")
	require.False(t, ok)
}

// TestFormPerAgent holds the rows that the specification marks with A.
func TestFormPerAgent(t *testing.T) {
	t.Parallel()
	marked := strings.Fields(`active_chats pending_replies capacity occupancy active_sessions
		first_response_p50 first_response_p90 served_customers
		response_required responded_in_window response_rate human_inbound human_replied reply_rate
		first_response_seconds first_responses avg_first_response turn_response_seconds turn_responses avg_turn_response avg_response
		surveys_sent surveys_sent_answered survey_response_rate rated satisfied neutral dissatisfied
		satisfaction_rate neutral_rate dissatisfaction_rate negative_ratings
		risky_chats violation_rate blocked_messages flagged_messages disputed_messages overturned_blocks false_block_rate messages_received messages_agent
		online_seconds first_online_at assigned_sessions assign_events handled_chats`)
	var got []string
	for _, m := range metric.Catalogue() {
		if m.PerAgent {
			got = append(got, m.ID)
		}
	}
	require.ElementsMatch(t, marked, got)
}

// TestNothingCounted evaluates every metric over nothing: a ratio or mean whose
// denominator is 0 is undefined and never 0, a counter is 0.
func TestNothingCounted(t *testing.T) {
	t.Parallel()
	for _, m := range metric.Catalogue() {
		for _, perAgent := range []bool{false, true} {
			v := m.Eval(&metric.Sums{PerAgent: perAgent}, settings(t, "", ""))
			switch {
			case m.Live, m.Unit == metric.UnitRatio, m.Unit == metric.UnitTime, m.Needs == metric.NeedHistogram, strings.HasPrefix(m.ID, "avg_"):
				require.Nil(t, v.Value, m.ID)
			case m.Unit == metric.UnitMoney:
				require.Equal(t, map[string]string{}, v.Value)
			default:
				require.Equal(t, int64(0), v.Value, m.ID)
				require.Nil(t, v.Num, m.ID)
			}
			b, err := json.Marshal(v)
			require.NoError(t, err)
			require.Equal(t, v.Value == nil, strings.HasPrefix(string(b), `{"value":null`), "%s %s", m.ID, b)
			_, has := v.Object()["value"]
			require.Equal(t, v.Value != nil, has, m.ID)
		}
	}
}

// TestQuotients compares rates and means with a division in 300 binary digits.
func TestQuotients(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		num, den := rapid.Int64Range(0, 1<<40).Draw(t, "num"), rapid.Int64Range(1, 1<<30).Draw(t, "den")
		s := &metric.Sums{}
		s.Counts[metric.HumanReplied], s.Counts[metric.HumanInbound] = num, den
		s.Counts[metric.FirstResponseMillis], s.Counts[metric.FirstResponses] = num, den
		exact := func(den *big.Float) float64 {
			f, _ := new(big.Float).SetPrec(300).Quo(new(big.Float).SetPrec(300).SetInt64(num), den).Float64()
			return f
		}
		p := settings(t, "", `{"response_time":"first"}`)
		rate := eval(t, "reply_rate", s, p)
		require.InDelta(t, exact(big.NewFloat(float64(den))), number(t, rate.Value), 0)
		require.Equal(t, num, rate.Num)
		require.Equal(t, den, rate.Den)
		thousand := new(big.Float).SetPrec(300).Mul(big.NewFloat(float64(den)), big.NewFloat(1000))
		for _, id := range []string{"avg_first_response", "avg_response"} {
			require.InDelta(t, exact(thousand), number(t, eval(t, id, s, p).Value), 0, id)
		}
	})
	s := &metric.Sums{}
	s.Counts[metric.Satisfied], s.Counts[metric.Rated] = 1, 3
	require.Equal(t, metric.Value{Value: 1.0 / 3, Num: int64(1), Den: int64(3)}, eval(t, "satisfaction_rate", s, settings(t, "", "")))
	s.Counts[metric.Satisfied] = 3
	require.Equal(t, metric.Value{Value: int64(1), Num: int64(3), Den: int64(3)}, eval(t, "satisfaction_rate", s, settings(t, "", "")))
}

func number(t require.TestingT, v any) float64 {
	switch v := v.(type) {
	case int64:
		return float64(v)
	case float64:
		return v
	}
	require.Failf(t, "no number", "%T", v)
	return 0
}

func TestAvgResponse(t *testing.T) {
	t.Parallel()
	plus, first := settings(t, "", ""), settings(t, "wecom", "")
	s := &metric.Sums{}
	s.Counts[metric.TurnResponseMillis], s.Counts[metric.TurnResponses] = 5000, 2
	require.Nil(t, eval(t, "avg_response", s, plus).Value, "without a first response there is no mean")
	s.Counts[metric.FirstResponseMillis], s.Counts[metric.FirstResponses] = 10_000, 3
	require.Equal(t, metric.Value{Value: 35.0 / 6, Num: int64(35), Den: int64(6)}, eval(t, "avg_response", s, plus)) // 10/3 + 5/2
	require.Equal(t, metric.Value{Value: 10.0 / 3, Num: int64(10), Den: int64(3)}, eval(t, "avg_response", s, first))
	s.Counts[metric.TurnResponseMillis], s.Counts[metric.TurnResponses] = 0, 0
	require.Equal(t, metric.Value{Value: 10.0 / 3, Num: int64(10), Den: int64(3)}, eval(t, "avg_response", s, plus), "0 if there is no later turn")
	require.Equal(t, metric.Value{Value: int64(10)}, eval(t, "first_response_seconds", s, plus))
	s.Counts[metric.FirstResponseMillis] = 10_001
	require.Equal(t, metric.Value{Value: 10.001}, eval(t, "first_response_seconds", s, plus))
}

func TestOtherMetrics(t *testing.T) {
	t.Parallel()
	p := settings(t, "", "")
	s := &metric.Sums{Customers: 5, ConsultingCustomers: 4, ConvertedCustomers: 1, OnlineMillis: 90_500, FirstOnline: 1_772_442_000_000}
	s.Counts[metric.RiskyChats], s.Counts[metric.Chats], s.Counts[metric.HandledOrRisky] = 1, 4, 2
	s.Counts[metric.AssistAccuracy], s.Counts[metric.AssistAccuracyUses] = 1_500_000_000_000, 2
	require.Equal(t, metric.Value{Value: 0.25, Num: int64(1), Den: int64(4)}, eval(t, "conversion_rate", s, p))
	require.Equal(t, metric.Value{Value: int64(4)}, eval(t, "chatting_customers", s, p))
	require.Equal(t, metric.Value{Value: int64(4)}, eval(t, "consulting_customers", s, p))
	require.Equal(t, metric.Value{Value: int64(5)}, eval(t, "customers", s, p))
	require.Equal(t, metric.Value{Value: 90.5}, eval(t, "online_seconds", s, p))
	require.Equal(t, metric.Value{Value: "2026-03-02T09:00:00.000Z"}, eval(t, "first_online_at", s, p))
	require.Equal(t, metric.Value{Value: 0.75, Num: 1.5, Den: int64(2)}, eval(t, "assist_accuracy", s, p))
	require.Equal(t, metric.Value{Value: 0.25, Num: int64(1), Den: int64(4)}, eval(t, "violation_rate", s, p))
	s.PerAgent = true
	require.Equal(t, metric.Value{Value: 0.5, Num: int64(1), Den: int64(2)}, eval(t, "violation_rate", s, p))
}

func TestCounters(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, c := range metric.Counters() {
		require.Regexp(t, `^[a-z][a-z_]+$`, c.String())
		require.False(t, seen[c.String()], c)
		seen[c.String()] = true
	}
	require.Len(t, seen, metric.NumCounters)
	var a, b metric.Counts
	a[metric.Chats], b[metric.Chats], b[metric.Rated] = 2, 3, 1
	a.Add(&b)
	require.Equal(t, int64(5), a[metric.Chats])
	require.False(t, a.IsZero())
}

func TestAmounts(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ code, amount, want string }{
		{"USD", "22", "22.00"},
		{"USD", "22.5", "22.50"},
		{"USD", "22.005", "22.005"},
		{"JPY", "22", "22"},
		{"JPY", "22.00", "22"},
		{"JPY", "22.5", "22.5"},
		{"KWD", "1.2", "1.200"},
		{"CNY", "0", "0.00"},
		{"QQQ", "1", "1.00"},
		{"USD", "123456789012345.123456789", "123456789012345.123456789"},
	} {
		d, err := metric.ParseAmount(tc.amount)
		require.NoError(t, err)
		require.Equal(t, tc.want, metric.FormatAmount(tc.code, d))
	}
	_, err := metric.ParseAmount("12,5")
	require.ErrorContains(t, err, "12,5")
}

// TestMoneyComesBack adds and takes back random amounts: nothing is left.
func TestMoneyComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m, all := metric.Money{}, []metric.Money{}
		for range rapid.IntRange(0, 20).Draw(t, "n") {
			one := metric.Money{}
			one.Add(rapid.SampledFrom([]string{"USD", "JPY", "KWD"}).Draw(t, "code"), decimal.New(rapid.Int64().Draw(t, "amount"), -rapid.Int32Range(0, 9).Draw(t, "digits")))
			all = append(all, one)
			m.AddAll(one)
		}
		for _, one := range rapid.Permutation(all).Draw(t, "order") {
			m.SubAll(one)
		}
		require.Empty(t, m)
		require.Empty(t, m.Strings())
	})
}

func TestAnswerText(t *testing.T) {
	t.Parallel()
	row := metric.AnswerRow{
		Dimensions: map[metric.Dimension]string{ //nolint:exhaustive // those that were asked for.
			metric.ByDay: "2026-03-02", metric.ByAgent: "a1",
		},
		Values: map[string]metric.ComparedValue{
			"chats":      {Value: metric.Value{Value: int64(3)}, Previous: &metric.Value{Value: int64(2)}},
			"reply_rate": {Value: metric.Value{Num: int64(0), Den: int64(0)}},
		},
	}
	b, err := json.Marshal(row)
	require.NoError(t, err)
	require.JSONEq(t, `{"day":"2026-03-02","agent":"a1","values":{"chats":{"value":3,"previous":{"value":2}},"reply_rate":{"value":null,"num":0,"den":0}}}`, string(b))
}
