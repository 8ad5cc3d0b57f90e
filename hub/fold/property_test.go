package fold_test

import (
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/metric"
)

// ratios are the rates of the catalogue that are made from counters.
var ratios = []struct{ num, den metric.Counter }{
	{metric.RespondedInWindow, metric.ResponseRequired},
	{metric.RespondedInServiceLevel, metric.ResponseRequired},
	{metric.AbandonedChats, metric.ResponseRequired},
	{metric.HumanReplied, metric.HumanInbound},
	{metric.SurveysSentAnswered, metric.SurveysSent},
	{metric.Satisfied, metric.Rated},
	{metric.Neutral, metric.Rated},
	{metric.Dissatisfied, metric.Rated},
	{metric.NegativeRatings, metric.Rated},
	{metric.Chats, metric.Sessions},
	{metric.Consultations, metric.Chats},
	{metric.HumanSegments, metric.Segments},
	{metric.AssistAccuracyUses, metric.AssistUses},
}

// holdsTogether checks what must be true of any sum of rows: the parts add up,
// no rate passes 100 %, nothing is negative. It looks at every single row, which
// is finer than any sum that a report makes, but for the rates of agents, whose
// denominator may stand on another row.
func holdsTogether(t require.TestingT, l *ledger) {
	groups := map[any]*metric.Counts{}
	into := func(key any, c *metric.Counts) {
		if groups[key] == nil {
			groups[key] = &metric.Counts{}
		}
		groups[key].Add(c)
	}
	type whole struct {
		dimension string
		day       metric.Day
		value     any
	}
	type perAgent struct {
		dimension string
		day       metric.Day
		value     any
	}
	for k, c := range l.rows {
		for n, v := range c {
			require.GreaterOrEqual(t, v, int64(0), "%s of %+v", metric.Counter(n), k)
		}
		if k.Agent == "" {
			for dimension, value := range map[string]any{"": "", "channel": k.Channel, "team": k.Team, "agent": k.First, "intent": k.Intent, "handling": k.Handling, "all": [5]any{k.Channel, k.Team, k.First, k.Intent, k.Handling}} {
				into(whole{dimension, k.Day, value}, c)
			}
			continue
		}
		for dimension, value := range map[string]any{"": "", "channel": k.Channel, "team": k.Team, "agent": k.Agent, "intent": k.Intent, "handling": k.Handling, "all": [5]any{k.Channel, k.Team, k.Agent, k.Intent, k.Handling}} {
			into(perAgent{dimension, k.Day, value}, c)
		}
	}
	for key, c := range groups {
		for _, r := range ratios {
			require.LessOrEqual(t, c[r.num], c[r.den], "%s over %s of %+v", r.num, r.den, key)
		}
		require.Equal(t, c[metric.Rated], c[metric.Satisfied]+c[metric.Neutral]+c[metric.Dissatisfied], "%+v", key)
		if _, ok := key.(perAgent); ok {
			require.LessOrEqual(t, c[metric.RiskyChats], c[metric.HandledOrRisky], "%+v", key)
			require.LessOrEqual(t, c[metric.HandledChats], c[metric.HandledOrRisky], "%+v", key)
			continue
		}
		require.Equal(t, c[metric.Chats], c[metric.ChatsBotOnly]+c[metric.ChatsHumanOnly]+c[metric.ChatsBotToHuman]+c[metric.ChatsUnhandled], "%+v", key)
		require.LessOrEqual(t, c[metric.RiskyChats], c[metric.Chats], "%+v", key)
		require.LessOrEqual(t, c[metric.Converted], c[metric.Chats], "%+v", key)
	}
}
