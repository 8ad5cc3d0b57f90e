package history

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

const (
	comparedTenant event.TenantID = "compared"

	seaSettings = `{"timezone":"Asia/Kathmandu","market":"sea","response_window_hours":1}`
	usSettings  = `{"timezone":"America/New_York","market":"us","service_level_seconds":30}`
)

var comparedNow = time.Date(2026, 3, 12, 9, 0, 0, 0, time.UTC)

// eventful is a small desk whose numbers differ by what is a bad rating, by what
// is a response, by the zone and by whether a customer counts once a day.
type eventful struct {
	list []event.Event
	at   time.Time
}

func (e *eventful) say(d event.Data) {
	e.at = e.at.Add(20 * time.Second)
	e.list = append(e.list, event.New(comparedTenant, "test", fmt.Sprintf("e%d", len(e.list)), e.at, d))
}

// configure takes no time: what follows happens when it would have happened without.
func (e *eventful) configure(profile, settings string) {
	e.list = append(e.list, event.New(comparedTenant, "test", fmt.Sprintf("p%d", len(e.list)), e.at, &event.TenantConfigured{Profile: profile, Settings: []byte(settings)}))
}

// comparedEvents are the desk's. profiles are what was in force, one after the other,
// by day; each is a preset and its settings.
func comparedEvents(profiles ...[2]string) []event.Event {
	e := &eventful{at: time.Date(2026, 3, 9, 16, 0, 0, 0, time.UTC)} // around midnight in Asia
	e.configure(profiles[0][0], profiles[0][1])
	e.say(&event.ChannelUpdated{Channel: "wa", Name: "WhatsApp", Kind: "whatsapp"})
	e.say(&event.TeamUpdated{Team: "t1", Name: "First"})
	for _, a := range []event.AgentID{"a1", "a2"} {
		e.say(&event.AgentUpdated{Agent: a, Name: "Agent " + string(a), Teams: []event.TeamID{"t1"}, Channels: []event.ChannelID{"wa"}})
		e.say(&event.AgentPresence{Agent: a, Status: event.Online})
	}
	e.say(&event.CreditAdded{Channel: "wa", Amount: "100", Currency: "USD"})
	for day := range 3 {
		if day < len(profiles) && day > 0 {
			e.configure(profiles[day][0], profiles[day][1])
		}
		for i := range 12 {
			c := event.ConversationID(fmt.Sprintf("c%d-%d", day, i))
			customer := fmt.Sprintf("u%d", i%5) // who comes back on every day
			agent := event.Actor{Kind: event.Agent, ID: fmt.Sprintf("a%d", i%2+1)}
			e.say(&event.ConversationStarted{Conversation: c, Channel: "wa", Customer: event.Profile{ID: event.CustomerID(customer)}})
			e.say(&event.ConversationAssigned{Conversation: c, To: agent, Team: "t1"})
			for turn := range 3 {
				e.say(&event.MessageSent{Conversation: c, Message: event.MessageID(fmt.Sprintf("q%d", turn)), From: event.Actor{Kind: event.Customer, ID: customer}, Text: "where is it?"})
				e.at = e.at.Add(time.Duration(i*turn) * time.Minute) // over the hour's window for some
				e.say(&event.MessageSent{Conversation: c, Message: event.MessageID(fmt.Sprintf("r%d", turn)), From: agent, Text: "soon"})
			}
			e.say(&event.ConversationClassified{Conversation: c, Intent: event.IntentLogistics, Tags: []string{"late", customer}})
			stars := int64(i%5 + 1)
			e.say(&event.SurveySent{Conversation: c, Survey: "s"})
			e.say(&event.SurveyAnswered{Conversation: c, Survey: "s", Stars: &stars, Reasons: []string{"slow"}})
			e.say(&event.ConversationClosed{Conversation: c, By: agent})
			e.say(&event.OrderPaid{Order: event.OrderID("o" + string(c)), Customer: event.CustomerID(customer), Amount: "10.10", Currency: "USD"})
		}
		e.at = e.at.Truncate(24 * time.Hour).Add(40 * time.Hour)
	}
	e.say(&event.AgentPresence{Agent: "a2", Status: event.Offline})
	return e.list
}

func writtenDesk(t *testing.T, events []event.Event) *desk {
	t.Helper()
	d := newDesk(t)
	d.publish(events...)
	d.write()
	return d
}

// asked is the written answer to a question, with its head and its rows as they stand.
func (d *desk) asked(pairs ...string) (answer struct {
	Profile  string                       `json:"profile"`
	Timezone string                       `json:"timezone"`
	From     string                       `json:"from"`
	Seq      uint64                       `json:"as_of_seq"`
	Profiles []metric.AnswerProfile       `json:"profiles"`
	Rows     []map[string]json.RawMessage `json:"rows"`
	text     string
},
) {
	d.t.Helper()
	values := questionOf(pairs...)
	b, err := d.db.MetricsJSON(d.t.Context(), string(comparedTenant), Scope{}, values, comparedNow)
	require.NoError(d.t, err)
	require.NoError(d.t, json.Unmarshal(b, &answer))
	answer.text = string(b)
	// The same question, answered by maps.
	a, err := d.db.Metrics(d.t.Context(), string(comparedTenant), values, comparedNow)
	require.NoError(d.t, err)
	maps, err := json.Marshal(a)
	require.NoError(d.t, err)
	require.JSONEq(d.t, string(maps), answer.text)
	return answer
}

// under are the rows of one label, without it.
func under(t *testing.T, rows []map[string]json.RawMessage, label string) string {
	t.Helper()
	list := []map[string]json.RawMessage{}
	for _, row := range rows {
		if string(row["profile"]) != `"`+label+`"` {
			continue
		}
		without := map[string]json.RawMessage{}
		for name, v := range row {
			if name != "profile" {
				without[name] = v
			}
		}
		list = append(list, without)
	}
	b, err := json.Marshal(list)
	require.NoError(t, err)
	return string(b)
}

// comparedQuestions are asked of both desks.
func comparedQuestions() [][]string {
	span := []string{"from", "2026-03-09", "to", "2026-03-12"}
	var whole, perAgent, byTag []string
	for _, m := range metric.Catalogue() {
		if m.Live {
			continue
		}
		whole = append(whole, m.ID)
		has := m.Dimensions()
		if slices.Contains(has, metric.ByAgent) && slices.Contains(has, metric.ByDay) {
			perAgent = append(perAgent, m.ID)
		}
		if slices.Contains(has, metric.ByTag) && slices.Contains(has, metric.ByHour) {
			byTag = append(byTag, m.ID)
		}
	}
	return [][]string{
		append([]string{"metric", strings.Join(whole, ","), "compare", "previous"}, span...),
		append([]string{"metric", strings.Join(perAgent, ","), "by", "agent,day"}, span...),
		append([]string{"metric", strings.Join(byTag, ","), "by", "tag,hour"}, span...),
		append([]string{"metric", "online_seconds,first_online_at,chats", "by", "team"}, span...),
		append([]string{"metric", "online_seconds", "agent", "a2", "by", "day"}, span...),
		append([]string{"metric", "credit_balance", "by", "channel"}, span...),
		append([]string{"metric", "negative_ratings", "by", "reason"}, "from", "2026-03-10"),
		{"metric", "chats,customers"},
		append([]string{"metric", "chats", "compare", "previous", "by", "intent"}, "from", "2026-03-11", "to", "2026-03-12"),
	}
}

// TestProfilesOverTheSameEvents compares a profile that is not in force with what
// a desk that had it from the beginning answers.
func TestProfilesOverTheSameEvents(t *testing.T) {
	t.Parallel()
	sea, us, wecom := [2]string{"tiktok_shop", seaSettings}, [2]string{"tiktok_shop", usSettings}, [2]string{"wecom", `{}`}
	d := writtenDesk(t, comparedEvents(sea, us, wecom)) // in force: wecom@3, for the last day
	d.db.others.limit = 1000
	for _, c := range []struct {
		label string
		alone [2]string
	}{
		{"tiktok_shop@1", sea},
		{"tiktok_shop@2", us},
		{"klaviyo@0", [2]string{"klaviyo", `{"timezone":"Asia/Shanghai"}`}},
		{"wecom@0", [2]string{"wecom", `{}`}},
	} {
		alone := writtenDesk(t, comparedEvents(c.alone))
		for _, q := range comparedQuestions() {
			want, got := alone.asked(q...), d.asked(append(q, "profile", c.label)...)
			require.Equal(t, c.label, got.Profile)
			require.Equal(t, want.Timezone, got.Timezone)
			require.Equal(t, want.From, got.From)
			require.Len(t, got.Rows, len(want.Rows), "%s %v", c.label, q)
			require.NotEmpty(t, got.Rows)
			b, err := json.Marshal(want.Rows)
			require.NoError(t, err)
			require.JSONEq(t, string(b), under(t, got.Rows, c.label), "%s %v", c.label, q)
		}
	}

	// Two at once: each has its own rows, that of the one in force from the replica.
	q := comparedQuestions()[1]
	both := d.asked(append(q, "profile", "wecom@3,tiktok_shop@1,wecom@3")...)
	require.Equal(t, "wecom@3,tiktok_shop@1", both.Profile)
	require.Equal(t, []metric.AnswerProfile{
		{Profile: "wecom@3", Timezone: "Asia/Shanghai", Unique: "sum_daily"},
		{Profile: "tiktok_shop@1", Timezone: "Asia/Kathmandu", Unique: "range", PercentDecimals: 1},
	}, both.Profiles)
	require.Equal(t, under(t, d.asked(append(q, "profile", "tiktok_shop@1")...).Rows, "tiktok_shop@1"), under(t, both.Rows, "tiktok_shop@1"))
	plainly := d.asked(q...)
	require.Empty(t, plainly.Profiles)
	b, err := json.Marshal(plainly.Rows)
	require.NoError(t, err)
	require.JSONEq(t, string(b), under(t, both.Rows, "wecom@3"))
	require.NotContains(t, plainly.text, `"profile":"wecom@3","agent"`)
	require.Contains(t, both.text, `{"profile":"wecom@3","agent":"`, "the label is the first member")
	require.NotEqual(t, under(t, both.Rows, "wecom@3"), under(t, both.Rows, "tiktok_shop@1"))

	// What may be asked for: the one in force, the earlier ones, the bare presets.
	list, err := d.db.Profiles(t.Context(), string(comparedTenant))
	require.NoError(t, err)
	var labels []string
	for _, p := range list {
		labels = append(labels, p.Label())
	}
	require.Equal(t, []string{"wecom@3", "tiktok_shop@2", "tiktok_shop@1", "default@0", "inbox@0", "klaviyo@0", "tiktok_shop@0", "wecom@0"}, labels)
	require.Equal(t, "first", list[0].ResponseTime)
	d.db.others.limit = 1
	list, err = d.db.Profiles(t.Context(), string(comparedTenant))
	require.NoError(t, err)
	require.Len(t, list, 1, "too many events to be folded under another")
	d.db.others.limit = 1000

	// Neutral is bad only in the region where it is.
	rates := d.asked("metric", "negative_ratings,customers,avg_response", "from", "2026-03-09", "to", "2026-03-12", "profile", "tiktok_shop@1,tiktok_shop@2,wecom")
	require.Equal(t, "tiktok_shop@1,tiktok_shop@2,wecom@0", rates.Profile)
	require.Len(t, rates.Rows, 3)
	require.NotEqual(t, string(rates.Rows[0]["values"]), string(rates.Rows[1]["values"]))
	require.NotEqual(t, string(rates.Rows[1]["values"]), string(rates.Rows[2]["values"]))
}

// TestProfilesThatCannotBeCompared gives faulty questions, and those that must wait.
func TestProfilesThatCannotBeCompared(t *testing.T) {
	t.Parallel()
	d := writtenDesk(t, comparedEvents([2]string{"tiktok_shop", seaSettings}, [2]string{"wecom", `{}`}))
	ask := func(ctx context.Context, pairs ...string) error {
		values := map[string][]string{"metric": {"chats"}}
		for i := 0; i < len(pairs); i += 2 {
			values[pairs[i]] = []string{pairs[i+1]}
		}
		_, err := d.db.MetricsJSON(ctx, string(comparedTenant), Scope{}, values, comparedNow)
		return err
	}
	refused := func(says string, pairs ...string) {
		t.Helper()
		var field *metric.FieldError
		require.ErrorAs(t, ask(t.Context(), pairs...), &field)
		require.Equal(t, "profile", field.Field)
		require.Contains(t, field.Message, says)
	}
	refused("unknown profile wecom@9; there are wecom@2, tiktok_shop@1, default@0, inbox@0", "profile", "wecom@9")
	refused("unknown profile acme@0", "profile", "wecom@2,acme")
	refused("such as wecom@3", "profile", "wecom@x")
	refused("such as wecom@3", "profile", "wecom@-1")
	refused("at most 4", "profile", "a,b,c,d,e")
	require.NoError(t, ask(t.Context(), "profile", ""), "nothing is named")

	ended, end := context.WithCancel(t.Context())
	end()
	require.ErrorIs(t, ask(ended, "profile", "inbox"), context.Canceled)

	folded, err := d.db.others.take(t.Context()) // as a question does whose fold runs
	require.NoError(t, err)
	answers := make(chan error, mostWaiting)
	for range mostWaiting {
		go func() { answers <- ask(t.Context(), "profile", "inbox,wecom@2") }()
	}
	require.Eventually(t, func() bool { return len(d.db.others.waiting) == 1+mostWaiting }, 2*patience, time.Millisecond)
	err = ask(t.Context(), "profile", "inbox,wecom@2")
	require.ErrorIs(t, err, ErrBusy)
	require.ErrorIs(t, err, ErrUnavailable)
	require.NoError(t, ask(t.Context(), "profile", "wecom@2"), "what is in force needs no fold")
	folded()
	for range mostWaiting {
		require.NoError(t, <-answers, "it waited for its turn")
	}
	folded, err = d.db.others.take(t.Context())
	require.NoError(t, err)
	require.NoError(t, ask(t.Context(), "profile", "inbox,wecom@2"), "it is kept")
	gone, leave := context.WithCancel(t.Context())
	go func() { answers <- ask(gone, "profile", "klaviyo") }()
	require.Eventually(t, func() bool { return len(d.db.others.waiting) == 2 }, 2*patience, time.Millisecond)
	leave()
	require.ErrorIs(t, <-answers, context.Canceled, "who waits may leave")
	folded()
	require.Empty(t, d.db.others.waiting)

	for _, label := range []string{"inbox", "wecom", "klaviyo", "default", "tiktok_shop@1", "tiktok_shop"} {
		require.NoError(t, ask(t.Context(), "profile", label))
		require.LessOrEqual(t, len(d.db.others.kept), foldsKept)
		require.Len(t, d.db.others.keys, len(d.db.others.kept))
	}
	d.db.others.limit = 100
	refused("more than 100 events", "profile", "inbox")
	require.NoError(t, ask(t.Context(), "profile", "wecom@2"))

	// A new event is in the next answer.
	d.db.others.limit = 0
	last := d.asked("metric", "chats", "profile", "inbox")
	require.NotZero(t, last.Seq)
	d.publish(event.New(comparedTenant, "test", "more", comparedNow, &event.ConversationStarted{Conversation: "new", Channel: "wa", Customer: event.Profile{ID: "u9"}}),
		event.New(comparedTenant, "test", "more still", comparedNow, &event.MessageSent{Conversation: "new", Message: "m", From: event.Actor{Kind: event.Customer, ID: "u9"}, Text: "hi"}))
	d.write()
	next := d.asked("metric", "chats", "profile", "inbox")
	require.Greater(t, next.Seq, last.Seq)
	require.JSONEq(t, `{"chats":{"value":37}}`, string(next.Rows[0]["values"]))
	require.JSONEq(t, `{"chats":{"value":36}}`, string(last.Rows[0]["values"]))

	_, err = d.db.MetricsJSON(t.Context(), "nobody", Scope{}, map[string][]string{"metric": {"chats"}, "profile": {"wecom"}}, comparedNow)
	require.NoError(t, err, "as without a profile")
}
