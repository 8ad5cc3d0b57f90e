package history_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// table answers the table of agents as it goes out.
func (r *reading) table(tb testing.TB, scope history.Scope, pairs ...string) (doc struct {
	Profile string `json:"profile"`
	Seq     uint64 `json:"as_of_seq"`
	Average struct {
		Agents int                       `json:"agents"`
		Values map[string]map[string]any `json:"values"`
	} `json:"team_average"`
	Weighted struct {
		Values map[string]map[string]any `json:"values"`
	} `json:"weighted"`
	Rows []struct {
		Agent   string                    `json:"agent"`
		Name    string                    `json:"name"`
		Teams   []string                  `json:"teams"`
		Status  string                    `json:"status"`
		Pending int                       `json:"pending_replies"`
		Values  map[string]map[string]any `json:"values"`
	} `json:"rows"`
},
) {
	tb.Helper()
	p, err := r.AgentPerformance(context.Background(), "desk", scope, params(pairs...), deskNow)
	require.NoError(tb, err)
	require.NoError(tb, json.Unmarshal(p.JSON(), &doc), "%s", p.JSON())
	return doc
}

// TestAgentPerformance is worked by hand. On foldDesk's day a1 answers c1's turn
// after 10 s and is rated 3 stars there; he answers c4's, which waited for him
// from the moment it was handed over, after another 10 s or as the fold has it; a2 had
// c4 first and answered nothing. a3 did nothing.
func TestAgentPerformance(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	f := foldDesk(t)
	f.say(t, deskNow.Add(-time.Hour), &event.AgentUpdated{Agent: "a3", Name: "Cy", Teams: []event.TeamID{"t2"}})
	off := true
	f.say(t, deskNow.Add(-time.Hour), &event.AgentUpdated{Agent: "a4", Name: "Di", Disabled: &off})
	db.store(t, f)
	db.exec(t, "UPDATE conversations SET awaits = 'a2' WHERE conversation = 'c3'")

	doc := db.table(t, history.Scope{}, "from", "2026-03-10")
	require.Equal(t, "wecom@1", doc.Profile)
	require.Equal(t, f.Seq(), doc.Seq)
	require.Len(t, doc.Rows, 3, "who is disabled and did nothing is left out")
	require.Equal(t, "=Ann", doc.Rows[0].Name)
	require.Equal(t, []string{"t1"}, doc.Rows[0].Teams)
	require.Equal(t, "offline", doc.Rows[2].Status)
	require.Equal(t, 1, doc.Rows[1].Pending)
	ann, bo, cy := doc.Rows[0].Values, doc.Rows[1].Values, doc.Rows[2].Values
	require.InDelta(t, 2, ann["handled_chats"]["value"], 0)
	require.InDelta(t, 0, bo["handled_chats"]["value"], 0)
	require.InDelta(t, 0, cy["handled_chats"]["value"], 0)
	require.Nil(t, cy["avg_first_response"]["value"])
	require.InDelta(t, 2, ann["served_customers"]["value"], 0)
	require.InDelta(t, 1, bo["served_customers"]["value"], 0)

	// The mean counts Ann and Bo, who have data, and not Cy; the weighted rate is
	// over both agents' conversations.
	require.Equal(t, 2, doc.Average.Agents)
	require.InDelta(t, 1, doc.Average.Values["handled_chats"]["value"], 0)
	require.InDelta(t, 1.5, doc.Average.Values["served_customers"]["value"], 0)
	reply := doc.Weighted.Values["reply_rate"]
	require.InDelta(t, ann["reply_rate"]["num"].(float64)+bo["reply_rate"]["num"].(float64), reply["num"], 0)                                         //nolint:forcetypeassert // a rate has parts
	require.InDelta(t, ann["reply_rate"]["den"].(float64)+bo["reply_rate"]["den"].(float64), reply["den"], 0)                                         //nolint:forcetypeassert // as above
	require.InDelta(t, (ann["reply_rate"]["value"].(float64)+bo["reply_rate"]["value"].(float64))/2, doc.Average.Values["reply_rate"]["value"], 1e-9) //nolint:forcetypeassert // as above

	names := func(pairs ...string) []string {
		var list []string
		for _, row := range db.table(t, history.Scope{}, append(pairs, "from", "2026-03-10")...).Rows {
			list = append(list, row.Name)
		}
		return list
	}
	require.Equal(t, []string{"Cy", "Bo", "=Ann"}, names("sort", "-name"))
	require.Equal(t, []string{"=Ann", "Bo", "Cy"}, names("sort", "-handled_chats"))
	require.Equal(t, []string{"Bo", "Cy", "=Ann"}, names("sort", "handled_chats"))
	require.Equal(t, []string{"Bo", "=Ann", "Cy"}, names("sort", "-pending_replies"))
	require.Equal(t, []string{"=Ann"}, names("q", "ANN"))
	require.Equal(t, []string{"Cy"}, names("q", "a3"))
	require.Equal(t, []string{"Bo", "Cy"}, names("team", "t2"))
	require.Len(t, db.table(t, history.Scope{Agent: "a2"}, "from", "2026-03-10").Rows, 1)
	require.Equal(t, 2, db.table(t, history.Scope{}, "from", "2026-03-10", "q", "a3").Average.Agents, "a search does not change the average")
	// What has no value stands last, whichever way.
	require.Equal(t, "Cy", names("sort", "avg_first_response")[2])
	require.Equal(t, "Cy", names("sort", "-avg_first_response")[2])

	for _, c := range []struct {
		field string
		pairs []string
	}{
		{"sort", []string{"sort", "shoe_size"}},
		{"metric", []string{"metric", "nonsense"}},
		{"metric", []string{"metric", "credits_used"}},
		{"by", []string{"by", "day"}},
		{"from", []string{"from", "x"}},
		{"as_of_seq", []string{"as_of_seq", "-1"}},
	} {
		_, err := db.AgentPerformance(context.Background(), "desk", history.Scope{}, params(c.pairs...), deskNow)
		var field *metric.FieldError
		require.ErrorAs(t, err, &field, "%v", c.pairs)
		require.Equal(t, c.field, field.Field, "%v", c.pairs)
	}
}

// TestWrittenAnswers compares the document that is written row by row with the
// one that is made of maps.
func TestWrittenAnswers(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	db.store(t, foldDesk(t))
	db.store(t, foldStar(t))
	for _, c := range []struct {
		tenant string
		now    time.Time
		pairs  []string
	}{
		{"desk", deskNow, []string{"metric", "chats,reply_rate,revenue_after_inquiry,avg_first_response,first_response_p50", "by", "agent,day", "compare", "previous"}},
		{"desk", deskNow, []string{"metric", "online_seconds,first_online_at,customers", "by", "channel"}},
		{"desk", deskNow, []string{"metric", "chats"}},
		{"desk", deskNow, []string{"metric", "negative_ratings", "by", "reason"}},
		{"nobody", deskNow, []string{"metric", "chats,reply_rate", "by", "day"}},
		{"nobody", deskNow, []string{"metric", "chats", "by", "team"}},
		{"star", afterStar, []string{"metric", "chats,satisfaction_rate,revenue_after_inquiry,first_response_p90", "by", "tag,hour", "from", "2020-05-01"}},
		{"star", afterStar, []string{"metric", "turn_response_seconds,assist_accuracy", "by", "day,agent,handling", "from", "2020-05-18", "compare", "previous"}},
	} {
		written, err := db.MetricsJSON(context.Background(), c.tenant, history.Scope{}, params(c.pairs...), c.now)
		require.NoError(t, err)
		made, err := json.Marshal(db.ask(t, c.tenant, c.now, c.pairs...))
		require.NoError(t, err)
		require.JSONEq(t, string(made), string(written))
		require.Greater(t, len(written), 100)
	}
}

func TestReportsAsOfASequence(t *testing.T) {
	t.Parallel()
	db := newReading(t)
	db.store(t, foldDesk(t))
	seq := db.ask(t, "desk", deskNow, "metric", "chats").AsOfSeq
	db.exec(t, "UPDATE cursors SET seq = seq")
	require.Equal(t, seq, db.ask(t, "desk", deskNow, "metric", "chats", "as_of_seq", itoa(int(seq))).AsOfSeq)

	// The writer comes while the question waits.
	done := make(chan error, 1)
	go func() {
		_, err := db.Metrics(context.Background(), "desk", params("metric", "chats", "as_of_seq", itoa(int(seq)+5)), deskNow)
		done <- err
	}()
	db.exec(t, "UPDATE cursors SET seq = seq + 5")
	require.NoError(t, <-done)

	// Nobody waits for ever, and who goes away does not wait.
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := db.Metrics(ctx, "desk", params("metric", "chats", "as_of_seq", "1000000"), deskNow)
	require.ErrorIs(t, err, context.Canceled)
	_, err = db.Metrics(context.Background(), "desk", params("metric", "chats", "as_of_seq", "1000000"), deskNow)
	behind, ok := errors.AsType[*history.BehindError](err)
	require.True(t, ok, "%v", err)
	require.ErrorIs(t, err, history.ErrUnavailable)
	require.Equal(t, uint64(1_000_000), behind.Wanted)
	require.Equal(t, seq+5, behind.Seq)
}

// TestReportsWithoutADatabase: an answer that nobody can give is an error, and
// never empty.
func TestReportsWithoutADatabase(t *testing.T) {
	t.Parallel()
	db, err := history.Open(context.Background(), history.Config{URL: "postgres://127.0.0.1:1/none?connect_timeout=1", Logger: zerolog.Nop()})
	require.NoError(t, err)
	defer db.Close()
	_, err = db.Metrics(context.Background(), "desk", params("metric", "chats"), deskNow)
	require.ErrorIs(t, err, history.ErrUnavailable)
	_, err = db.AgentPerformance(context.Background(), "desk", history.Scope{}, params(), deskNow)
	require.ErrorIs(t, err, history.ErrUnavailable)
}
