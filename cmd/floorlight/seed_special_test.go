package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/floorlight/floorlight/hub/event"
)

// defined holds the catalogue's words: each metric has a name and a definition in
// both languages.
func defined(d *seedDesk) {
	d.t.Helper()
	var c struct {
		Metrics []struct {
			ID            string
			Name, Formula event.Text
			Dimensions    []string
			Live          bool
		}
	}
	d.s.read("/v1/catalog", d.owner, &c)
	require.Greater(d.t, len(c.Metrics), 90)
	for _, m := range c.Metrics {
		for _, text := range []string{m.Name.EN, m.Name.ZH, m.Formula.EN, m.Formula.ZH} {
			require.NotEmpty(d.t, text, m.ID)
		}
		require.Equal(d.t, m.Live, len(m.Dimensions) == 0, m.ID)
	}
}

// better says which direction of a metric is the better one.
func better(id, want string) seedQuestion {
	return func(d *seedDesk) {
		d.t.Helper()
		var c struct{ Metrics []struct{ ID, Better string } }
		d.s.read("/v1/catalog", d.owner, &c)
		for _, m := range c.Metrics {
			if m.ID == id {
				require.Equal(d.t, want, m.Better)
				return
			}
		}
		require.Fail(d.t, "no such metric", id)
	}
}

// profileHas holds a setting of the profile in force.
func profileHas(key string, want any) seedQuestion {
	return func(d *seedDesk) {
		d.t.Helper()
		require.EqualValues(d.t, want, at(d.json("/v1/tenant"), "settings", key), key)
	}
}

// sumOf holds a number against the sum of two others.
func sumOf(sum string, parts ...string) seedQuestion {
	return func(d *seedDesk) {
		d.t.Helper()
		var r report
		d.s.read("/v1/metrics?metric="+sum+","+strings.Join(parts, ",")+"&"+d.asked(""), d.owner, &r)
		require.Len(d.t, r.Rows, 1)
		total := 0.0
		for _, id := range parts {
			total += number(d.t, r.Rows[0].Values, id)
		}
		require.InDelta(d.t, total, number(d.t, r.Rows[0].Values, sum), 1e-9)
	}
}

// shownAs holds how a spreadsheet shows a number, in a column of that name.
func shownAs(id, column, more, pattern string) seedQuestion {
	return func(d *seedDesk) {
		d.t.Helper()
		status, body := d.s.get("/v1/metrics.xlsx?lang=en&metric="+id+"&"+d.asked(more), d.owner)
		require.Equal(d.t, http.StatusOK, status)
		book, err := excelize.OpenReader(bytes.NewReader(body))
		require.NoError(d.t, err)
		table, err := book.GetRows(book.GetSheetName(0))
		require.NoError(d.t, err)
		require.Greater(d.t, len(table), 1)
		in := slices.Index(table[0], column)
		require.GreaterOrEqual(d.t, in, 0, "%v", table[0])
		require.True(d.t, slices.ContainsFunc(table[1:], func(row []string) bool { return len(row) > in && row[in] != "" }), "%v", table)
		for _, row := range table[1:] {
			if len(row) > in && row[in] != "" {
				require.Regexp(d.t, pattern, row[in])
			}
		}
	}
}

// undefined wants no value, and not 0.
func undefined(id, more string) seedQuestion {
	return func(d *seedDesk) {
		d.t.Helper()
		var r report
		d.s.read("/v1/metrics?metric="+id+"&by=day&"+d.asked(more), d.owner, &r)
		require.Len(d.t, r.Rows, 1)
		require.Nil(d.t, r.Rows[0].Values[id].Value)
	}
}

// unique holds a count of customers over two days, on which the same customers came,
// against its days: their sum, or each customer once, as the profile says.
func unique(id string) seedQuestion {
	return func(d *seedDesk) {
		d.t.Helper()
		asked := "/v1/metrics?metric=" + id + "&from=" + d.back(1) + "&to=" + d.today
		var whole, days report
		d.s.read(asked, d.owner, &whole)
		d.s.read(asked+"&by=day", d.owner, &days)
		require.Len(d.t, whole.Rows, 1)
		require.Len(d.t, days.Rows, 2)
		total := number(d.t, whole.Rows[0].Values, id)
		sum := number(d.t, days.Rows[0].Values, id) + number(d.t, days.Rows[1].Values, id)
		if d.preset == "wecom" {
			require.InDelta(d.t, sum, total, 0)
		} else {
			require.Less(d.t, total, sum)
		}
	}
}

// onlySees asks as a supervisor of a part of the desk.
func onlySees(scope string) seedQuestion {
	return func(d *seedDesk) {
		d.t.Helper()
		by, value, _ := strings.Cut(scope, "=")
		token := d.s.token(d.tenant, "supervisor", "--"+by, value)
		var page struct{ Rows []struct{ Channel string } }
		d.s.read("/v1/conversations?"+d.asked(""), token, &page)
		require.NotEmpty(d.t, page.Rows)
		for _, row := range page.Rows {
			require.Equal(d.t, value, row.Channel)
		}
		var mine, all report
		d.s.read("/v1/metrics?metric=sessions&"+d.asked(""), token, &mine)
		d.s.read("/v1/metrics?metric=sessions&"+d.asked(""), d.owner, &all)
		require.Less(d.t, number(d.t, mine.Rows[0].Values, "sessions"), number(d.t, all.Rows[0].Values, "sessions"))
		status, _ := d.s.get("/v1/live/wallboard?channel=sms", token)
		require.Equal(d.t, http.StatusForbidden, status)
	}
}

// lacks wants a topic to be without members.
func lacks(topic string, paths ...string) seedQuestion {
	return func(d *seedDesk) {
		d.t.Helper()
		state := d.json("/v1/live/" + topic)["state"]
		for _, path := range paths {
			require.Nil(d.t, at(state, strings.Split(path, "/")...), "%s of %s", path, topic)
		}
	}
}

// hasDirectory wants people, teams and channels, by name.
func hasDirectory(d *seedDesk) {
	d.t.Helper()
	var all struct {
		Channels []struct{ ID, Name, Kind string }
		Teams    []struct{ ID, Name string }
		Agents   []struct {
			ID, Name, Department, Role string
			Teams                      []string
			Capacity                   *int
		}
	}
	d.s.read("/v1/directory", d.owner, &all)
	require.Len(d.t, all.Channels, 3)
	require.Len(d.t, all.Teams, 2)
	require.Len(d.t, all.Agents, 3)
	require.Equal(d.t, "lead", all.Agents[0].Role)
	require.Equal(d.t, []string{"t1"}, all.Agents[0].Teams)
	require.Equal(d.t, 4, *all.Agents[0].Capacity)
}

// notified wants the agent whose message was blocked to be told what to do.
func notified(d *seedDesk) {
	d.t.Helper()
	var topic struct {
		State struct {
			Items map[string]struct {
				Kind, Text string
				Violations []struct {
					Rule        string
					Explanation event.Text
				}
			}
		}
	}
	d.s.read("/v1/live/notifications", d.s.token(d.tenant, "agent", "--agent", "a1"), &topic)
	require.Len(d.t, topic.State.Items, 1)
	for _, item := range topic.State.Items {
		require.Equal(d.t, "message_blocked", item.Kind)
		require.Contains(d.t, item.Text, "lily_88")
		require.NotEmpty(d.t, item.Violations)
		require.NotEmpty(d.t, item.Violations[0].Explanation.ZH)
	}
}

// isToday holds the wallboard's day against the tenant's clock.
func isToday(d *seedDesk) {
	d.t.Helper()
	state := d.json("/v1/live/wallboard")["state"]
	require.Equal(d.t, d.zone.String(), at(state, "timezone"))
	require.Contains(d.t, []string{d.today, time.Now().In(d.zone).Format(time.DateOnly)}, at(state, "day"))
}

// switchedOff turns the AI agent off: what was counted stays.
func switchedOff(d *seedDesk) {
	d.t.Helper()
	var before, after report
	path := "/v1/metrics?metric=ai_conversations&" + d.asked("")
	d.s.read(path, d.owner, &before)
	e := event.New(event.TenantID(d.tenant), "seed", "off", time.Now().UTC().Truncate(time.Millisecond), &event.ChannelUpdated{Channel: "web", Name: "Website", Kind: "web", AI: "off"})
	raw, err := e.Encode()
	require.NoError(d.t, err)
	var answer struct{ Accepted int }
	d.s.post("/v1/events", d.owner, "application/cloudevents-batch+json", []json.RawMessage{raw}, &answer)
	require.Equal(d.t, 1, answer.Accepted)
	require.Eventually(d.t, func() bool { return at(d.json("/v1/live/channels")["state"], "channels", "web", "ai") == "off" }, 30*time.Second, 20*time.Millisecond)
	d.s.read(path, d.owner, &after)
	require.Positive(d.t, number(d.t, before.Rows[0].Values, "ai_conversations"))
	require.Equal(d.t, before.Rows[0].Values, after.Rows[0].Values)
}

// lastWeek holds that seven days are seven rows, today's the last.
func lastWeek(d *seedDesk) {
	d.t.Helper()
	var r report
	d.s.read("/v1/metrics?metric=ai_conversations&by=day&from="+d.back(6)+"&to="+d.today, d.owner, &r)
	require.Len(d.t, r.Rows, 7)
	require.Equal(d.t, d.back(6), r.Rows[0].Day)
	require.Equal(d.t, d.today, r.Rows[6].Day)
	require.Positive(d.t, number(d.t, r.Rows[6].Values, "ai_conversations"))
}

// closesByItself waits for the server to close what has been silent for two days
// after a bot's last word: it is resolved then.
func closesByItself(d *seedDesk) {
	d.t.Helper()
	require.Eventually(d.t, func() bool {
		for _, row := range d.conversations("ai_status=resolved&from=" + d.back(6)) {
			if row["id"] == "c12" && row["state"] == "closed" {
				return true
			}
		}
		return false
	}, 60*time.Second, 50*time.Millisecond)
}

// graced holds that closed sessions are active for the grace.
func graced(d *seedDesk) {
	d.t.Helper()
	require.Positive(d.t, at(d.json("/v1/live/wallboard")["state"], "metrics", "active_sessions", "resolved"))
}

// flowsNamed wants the flows by name.
func flowsNamed(d *seedDesk) {
	d.t.Helper()
	var all struct{ Flows []struct{ ID, Name string } }
	d.s.read("/v1/directory", d.owner, &all)
	require.Len(d.t, all.Flows, 2)
	require.Equal(d.t, "Welcome", all.Flows[0].Name)
}

// tooLong asks for more days than the profile lets.
func tooLong(days int) seedQuestion {
	return func(d *seedDesk) {
		d.t.Helper()
		status, body := d.s.get("/v1/metrics?metric=sessions&from="+d.back(days-1), d.owner)
		require.Equal(d.t, http.StatusBadRequest, status)
		require.Contains(d.t, string(body), "at most 90")
	}
}
