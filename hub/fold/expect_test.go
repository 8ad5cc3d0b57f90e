package fold_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
)

// value reads what an expectation names: a counter of all sessions (chats), of a
// day (chats@1), of an agent (a1:chats), of an agent within a team
// (a1/T1:chats), of the sessions whose first human's team is T1 (/T1:chats),
// what is true of a conversation's current session (c1.handling) or of an
// earlier one (c1#1.handling). @1h13 is an hour of a day; in brackets stands a
// part (negative_ratings[reason:slow]), a currency or a channel.
func (d *desk) value(name string) string {
	name, when, dated := strings.Cut(name, "@")
	day := d.first
	hour := int8(-1)
	if dated {
		when, clock, hourly := strings.Cut(when, "h")
		n, err := strconv.Atoi(when)
		require.NoError(d.t, err, name)
		day += metric.Day(n)
		if hourly {
			n, err := strconv.ParseInt(clock, 10, 8)
			require.NoError(d.t, err, name)
			hour = int8(n)
		}
	}
	name, part, parted := strings.Cut(strings.TrimSuffix(name, "]"), "[")
	who, counter, of := strings.Cut(name, ":")
	if !of {
		who, counter = "", name
	}
	agent, team, teamed := strings.Cut(who, "/")
	if subject, attribute, ok := strings.Cut(name, "."); ok && !of {
		return d.attribute(subject, attribute)
	}
	if counter == "online" || counter == "first" {
		return d.presence(event.AgentID(agent), counter, day)
	}
	if v, ok := d.special(counter, part, agent, dated, day, hour); ok {
		return v
	}
	of1 := func(r *fold.Row) int64 { // the counter, or the part of it
		n := counterNamed(d.t, counter)
		if !parted {
			return r.Counts.At(n)
		}
		dimension, value, _ := strings.Cut(part, ":")
		for _, p := range r.Parts() {
			if string(p.Dimension) == dimension && p.Value == value && p.Counter == n {
				return p.N
			}
		}
		return 0
	}
	var sum int64
	customers := map[event.CustomerID]bool{}
	for c := range d.st.Conversations() {
		for _, s := range c.Sessions {
			for i := range s.Rows {
				r := &s.Rows[i]
				if dated && r.Day != day || hour >= 0 && r.Hour != hour || string(r.Agent) != agent {
					continue
				}
				if rowTeam := r.Team; teamed {
					if r.Agent == "" {
						rowTeam = s.Team
					}
					if string(rowTeam) != team {
						continue
					}
				}
				if by, ok := distinctBy[counter]; ok {
					if r.Counts.At(by) != 0 && s.Customer != "" {
						customers[s.Customer] = true
					}
					continue
				}
				sum += of1(r)
			}
		}
	}
	for l := range d.st.Loose() {
		if _, ok := distinctBy[counter]; !ok && !teamed && agent == "" && (!dated || l.Row.Day == day) && (hour < 0 || l.Row.Hour == hour) {
			sum += of1(&l.Row)
		}
	}
	if _, ok := distinctBy[counter]; ok {
		return strconv.Itoa(len(customers))
	}
	return strconv.FormatInt(sum, 10)
}

var distinctBy = map[string]metric.Counter{"customers": metric.Sessions, "consulting_customers": metric.Chats, "converted_customers": metric.Converted}

func counterNamed(tb testing.TB, name string) metric.Counter {
	tb.Helper()
	c, ok := metric.CounterNamed(name)
	require.True(tb, ok, "no such counter %s", name)
	return c
}

// special reads what is not a counter: sets, money, and what the tenant's entity
// holds. In brackets stands a currency or a channel.
func (d *desk) special(name, part, agent string, dated bool, day metric.Day, hour int8) (string, bool) {
	set, sum := map[string]bool{}, metric.Money{}
	take := func(customer event.CustomerID, r *fold.Row) {
		if dated && r.Day != day || hour >= 0 && r.Hour != hour {
			return
		}
		c := &r.Counts
		switch {
		case name == "affected_agents" && r.Agent != "" && c.At(metric.BlockedMessages)+c.At(metric.FlaggedMessages) != 0:
			set[string(r.Agent)] = true
		case string(r.Agent) != agent:
		case name == "served_customers" && c.At(metric.AssignEvents) != 0 && customer != "",
			name == "upgraded_customers" && c.At(metric.SpecialistsAdded)+c.At(metric.GroupsJoined) != 0:
			set[string(customer)] = true
		case name == "ai_sales":
			sum.AddAll(r.AISales())
		case name == "flows_triggered":
			for _, p := range r.Parts() {
				if p.Dimension == metric.ByFlow && p.N != 0 {
					set[p.Value] = true
				}
			}
		}
	}
	for c := range d.st.Conversations() {
		for _, s := range c.Sessions {
			for i := range s.Rows {
				take(s.Customer, &s.Rows[i])
			}
		}
	}
	for l := range d.st.Loose() {
		take(l.Customer, &l.Row)
		if dated && l.Row.Day != day {
			continue
		}
		category, _, narrowed := strings.Cut(part, ":")
		switch {
		case name != "credits_used":
		case narrowed:
			for _, p := range l.Row.Parts() {
				if p.Dimension == metric.ByCategory && p.Value == category {
					sum.AddAll(p.Money)
				}
			}
		default:
			sum.AddAll(l.Used)
		}
	}
	money := func(m metric.Money, code string) string {
		if amount, ok := m.Strings()[code]; ok {
			return amount
		}
		return "none"
	}
	switch name {
	case "affected_agents", "served_customers", "upgraded_customers", "flows_triggered":
		return strconv.Itoa(len(set)), true
	case "ai_sales":
		return money(sum, part), true
	case "credits_used":
		if _, code, ok := strings.Cut(part, ":"); ok {
			part = code
		}
		return money(sum, part), true
	case "credit_balance":
		return money(d.st.Balance(nil), part), true
	case "contacts":
		if part == "" {
			return strconv.FormatInt(d.st.Contacts(nil), 10), true
		}
		return strconv.FormatInt(d.st.Contacts(func(id event.ChannelID) bool { return string(id) == part }), 10), true
	}
	return "", false
}

func (d *desk) presence(id event.AgentID, what string, day metric.Day) string {
	a, ok := d.st.Agent(id)
	require.True(d.t, ok, id)
	at, ok := a.Days[day]
	switch {
	case !ok:
		return "none"
	case what == "online":
		return (time.Duration(at.Online) * time.Millisecond).String()
	case at.First == 0:
		return "none"
	}
	return time.UnixMilli(at.First).In(d.loc).Format("15:04")
}

func (d *desk) attribute(subject, attribute string) string {
	id, number, numbered := strings.Cut(subject, "#")
	c, ok := d.st.Conversation(event.ConversationID(id))
	require.True(d.t, ok, subject)
	s := c.Current()
	if numbered {
		n, err := strconv.Atoi(number)
		require.NoError(d.t, err)
		s = c.Sessions[n-1]
	}
	if code, ok := strings.CutPrefix(attribute, "revenue."); ok {
		return s.More().Revenue.Strings()[code]
	}
	switch attribute {
	case "agent":
		return string(s.Agent)
	case "team":
		return string(s.Team)
	case "channel":
		return string(s.Channel)
	case "customer":
		return string(s.Customer)
	case "handling":
		return string(s.Handling)
	case "intent":
		return string(s.IntentOrOther())
	case "handler":
		return s.Handler.ID
	case "open":
		return strconv.FormatBool(!s.Closed)
	case "ai_status":
		return string(s.AIStatus)
	case "tags":
		return strings.Join(s.More().Tags, ",")
	case "queued":
		return strconv.FormatBool(s.Queued)
	case "queued_since":
		return time.UnixMilli(s.More().QueuedSince).In(d.loc).Format("15:04")
	case "turn":
		return strconv.FormatBool(s.TurnOpen)
	case "sessions":
		return strconv.Itoa(len(c.Sessions))
	case "start_day":
		return fmt.Sprint(int(s.StartDay - d.first))
	}
	require.Fail(d.t, "no such attribute", attribute)
	return ""
}

// expect compares name=value pairs.
func (d *desk) expect(pairs string) {
	d.t.Helper()
	var wrong []string
	for pair := range strings.FieldsSeq(pairs) {
		name, want, ok := strings.Cut(pair, "=")
		require.True(d.t, ok, pair)
		if got := d.value(name); got != want {
			wrong = append(wrong, fmt.Sprintf("%s: want %s, got %s", name, want, got))
		}
	}
	slices.Sort(wrong)
	require.Empty(d.t, wrong)
}
