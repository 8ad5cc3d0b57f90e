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

// desk folds scripts. A line of a script is an event: a day relative to the
// script's first (+1, absent for the first), a local clock, a verb and what it
// is about. Ids say what they name: u* are customers, a* agents, b* bots, T*
// teams; anon is a customer who is not named.
type desk struct {
	t       testing.TB
	st      *fold.State
	db      *storage
	loc     *time.Location
	first   metric.Day
	seq     uint64
	ids     int
	change  *fold.Change
	restart bool // from storage after every event
}

// scriptDay is the first day of a script that names no other: a Monday.
const scriptDay = "2026-03-02"

func newDesk(tb testing.TB, profile, day string, restart bool) *desk {
	tb.Helper()
	d := &desk{t: tb, st: fold.New("desk"), db: newStorage(), loc: time.UTC, restart: restart}
	if day == "" {
		day = scriptDay
	}
	first, err := metric.ParseDay(day)
	require.NoError(tb, err)
	d.first = first
	if profile != "" {
		preset := metric.DefaultProfile
		if name, rest, ok := strings.Cut(profile, " "); ok {
			preset, profile = name, rest
		}
		d.apply(first.Time().AddDate(0, 0, -30), &event.TenantConfigured{Profile: preset, Settings: []byte(profile)})
		require.Nil(tb, d.change.Refused)
		d.loc = d.st.Profile().Location()
	}
	return d
}

func (d *desk) apply(at time.Time, data event.Data) {
	d.ids++
	d.send(event.New("desk", "test", "e"+strconv.Itoa(d.ids), at, data))
}

func (d *desk) send(e event.Event) {
	d.seq++
	if d.restart {
		d.st = d.db.restart(d.t, "desk", d.seq-1, false)
	}
	d.change = d.db.apply(d.t, d.st, d.seq, &e)
}

// run folds a script.
func (d *desk) run(script string) {
	d.t.Helper()
	for line := range strings.Lines(script) {
		if line = strings.TrimSpace(line); line != "" {
			d.line(line)
		}
	}
}

func (d *desk) line(line string) {
	words := strings.Fields(line)
	day := d.first
	if words[0][0] == '+' || words[0][0] == '-' {
		n, err := strconv.Atoi(words[0])
		require.NoError(d.t, err, line)
		day += metric.Day(n)
		words = words[1:]
	}
	layout := "2006-01-02 15:04:05.999"
	if strings.Count(words[0], ":") == 1 {
		words[0] += ":00"
	}
	at, err := time.ParseInLocation(layout, day.String()+" "+words[0], d.loc)
	require.NoError(d.t, err, line)
	if words[1] == "due" { // what the server publishes then
		d.load()
		for _, e := range dues(d.st, at.UnixMilli()) {
			d.send(e)
		}
		return
	}
	d.apply(at, d.data(line, words[1], words[2:]))
}

func (d *desk) data(line, verb string, args []string) event.Data {
	arg := func(i int) string {
		if i < len(args) {
			return args[i]
		}
		return ""
	}
	c := event.ConversationID(arg(0))
	message := func(i int) event.MessageID {
		if m := arg(i); m != "" {
			return event.MessageID(m)
		}
		return event.MessageID("m" + strconv.Itoa(d.ids))
	}
	stars := func(s string) *int64 {
		n, err := strconv.ParseInt(s, 10, 64)
		require.NoError(d.t, err, line)
		return &n
	}
	after := func(s string) uint64 {
		n, _ := strconv.ParseUint(s, 10, 64)
		return n
	}
	yes, no := true, false
	switch verb {
	case "start":
		channel := event.ChannelID(arg(2))
		if channel == "" {
			channel = "web"
		}
		return &event.ConversationStarted{Conversation: c, Channel: channel, Customer: event.Profile{ID: event.CustomerID(arg(1))}}
	case "queue":
		return &event.ConversationQueued{Conversation: c, Team: event.TeamID(arg(1))}
	case "assign":
		return &event.ConversationAssigned{Conversation: c, To: actor(arg(1)), Team: event.TeamID(arg(2))}
	case "says":
		return &event.MessageSent{Conversation: c, Message: message(2), From: actor(arg(1)), Text: "text"}
	case "auto":
		return &event.MessageSent{Conversation: c, Message: message(2), From: actor(arg(1)), Text: "text", Automatic: "off_work"}
	case "notice":
		return &event.MessageSent{Conversation: c, Message: message(2), From: actor(arg(1)), Text: "text", To: "agent"}
	case "flagged-sent":
		return &event.MessageSent{Conversation: c, Message: message(2), From: actor(arg(1)), Text: "text", Check: &event.Check{Verdict: event.Flag}}
	case "blocked":
		return &event.MessageBlocked{Conversation: c, Message: message(2), From: actor(arg(1)), Text: "text", Violations: []event.Violation{}}
	case "flagged":
		return &event.MessageFlagged{Conversation: c, Message: message(2), From: actor(arg(1)), Violations: []event.Violation{}}
	case "survey":
		return &event.SurveySent{Conversation: c, Survey: event.SurveyID(arg(1))}
	case "answer":
		return &event.SurveyAnswered{Conversation: c, Survey: event.SurveyID(arg(1)), Stars: stars(arg(2)), Level: arg(3)}
	case "level":
		return &event.SurveyAnswered{Conversation: c, Survey: event.SurveyID(arg(1)), Level: arg(2)}
	case "close":
		return &event.ConversationClosed{Conversation: c, By: event.Actor{Kind: event.System}, After: after(arg(1))}
	case "classify":
		return &event.ConversationClassified{Conversation: c, Intent: event.Intent(arg(1))}
	case "tag":
		return &event.ConversationClassified{Conversation: c, Tags: args[1:]}
	case "rate": // with reasons
		return &event.SurveyAnswered{Conversation: c, Survey: event.SurveyID(arg(1)), Stars: stars(arg(2)), Reasons: args[3:]}
	case "handoff":
		return &event.ConversationHandoff{Conversation: c, Kind: arg(1)}
	case "closes": // by whom, with an outcome
		return &event.ConversationClosed{Conversation: c, By: actor(arg(1)), Outcome: event.Outcome(arg(2))}
	case "channel":
		ch := &event.ChannelUpdated{Channel: event.ChannelID(arg(0)), Name: arg(0), Kind: arg(1)}
		if arg(2) != "" {
			ch.Attribution = &event.Attribution{Touch: arg(2), Hours: *stars(arg(3))}
		}
		return ch
	case "click":
		return &event.ProductClicked{Customer: event.CustomerID(arg(0)), Product: "p", Conversation: event.ConversationID(arg(1))}
	case "invite":
		return &event.ServiceInvited{Conversation: c, Agent: event.AgentID(arg(1)), Kind: arg(2), Target: arg(3)}
	case "join":
		return &event.ServiceJoined{Customer: event.CustomerID(arg(0)), Kind: arg(1), Target: arg(2), Conversation: event.ConversationID(arg(3))}
	case "flow":
		f := &event.FlowTriggered{Flow: arg(0), Name: "Flow " + arg(0)}
		if strings.HasPrefix(arg(1), "c") {
			f.Conversation = event.ConversationID(arg(1))
		} else {
			f.Channel = event.ChannelID(arg(1))
		}
		return f
	case "charge":
		return &event.TemplateCharged{Category: arg(0), Amount: arg(1), Currency: arg(2), Channel: event.ChannelID(arg(3))}
	case "credit":
		return &event.CreditAdded{Amount: arg(0), Currency: arg(1), Channel: event.ChannelID(arg(2))}
	case "breaks", "breaks-sent": // rules, each with the category before its dot
		list := []event.Violation{}
		for _, rule := range args[3:] {
			category, _, _ := strings.Cut(rule, ".")
			list = append(list, event.Violation{Rule: rule, Category: category})
		}
		if verb == "breaks" {
			return &event.MessageBlocked{Conversation: c, Message: message(2), From: actor(arg(1)), Text: "text", Violations: list}
		}
		return &event.MessageSent{Conversation: c, Message: message(2), From: actor(arg(1)), Text: "text", Check: &event.Check{Verdict: event.Flag, Violations: list}}
	case "flagged-by": // rules alone
		return &event.MessageSent{Conversation: c, Message: message(2), From: actor(arg(1)), Text: "text", Check: &event.Check{Verdict: event.Flag, Rules: args[3:]}}
	case "uses": // a tool, suggested|sent
		suggested, sent, _ := strings.Cut(strings.Join(args[3:], " "), "|")
		return &event.AssistUsed{Conversation: c, Agent: event.AgentID(arg(1)), Tool: arg(2), Suggested: suggested, Sent: sent}
	case "order":
		return &event.OrderPaid{Order: event.OrderID(arg(0)), Customer: event.CustomerID(arg(1)), Amount: arg(2), Currency: arg(3)}
	case "online", "paused", "offline":
		return &event.AgentPresence{Agent: event.AgentID(arg(0)), Status: event.Presence(verb), After: after(arg(1))}
	case "agent":
		teams := []event.TeamID{}
		for _, g := range args[1:] {
			teams = append(teams, event.TeamID(g))
		}
		return &event.AgentUpdated{Agent: event.AgentID(arg(0)), Name: arg(0), Teams: teams}
	case "disable":
		return &event.AgentUpdated{Agent: event.AgentID(arg(0)), Name: arg(0), Disabled: &yes}
	case "friend", "stranger":
		friend := verb == "friend"
		return &event.CustomerUpdated{Customer: event.CustomerID(arg(0)), Friend: &friend}
	case "enable":
		return &event.AgentUpdated{Agent: event.AgentID(arg(0)), Name: arg(0), Disabled: &no}
	case "broadcast":
		return &event.MessageSent{Message: message(2), From: event.Actor{Kind: event.Broadcast}, Text: "text", Customer: event.CustomerID(arg(0)), Channel: event.ChannelID(arg(1))}
	case "assist":
		suggested, sent, _ := strings.Cut(strings.Join(args[2:], " "), "|")
		return &event.AssistUsed{Conversation: c, Agent: event.AgentID(arg(1)), Tool: "ai_writer", Suggested: suggested, Sent: sent}
	case "translate":
		return &event.AssistUsed{Conversation: c, Agent: event.AgentID(arg(1)), Tool: "ai_writer", Suggested: "a", Sent: "b", Translated: true}
	case "viewed":
		return &event.ConversationViewed{Conversation: c, Agent: event.AgentID(arg(1))}
	case "profile":
		return &event.TenantConfigured{Settings: []byte(strings.Join(args, " "))}
	}
	require.Fail(d.t, "no such verb", line)
	return nil
}

func actor(id string) event.Actor {
	switch {
	case id == "anon":
		return event.Actor{Kind: event.Customer}
	case id == "system":
		return event.Actor{Kind: event.System}
	case strings.HasPrefix(id, "u"):
		return event.Actor{Kind: event.Customer, ID: id}
	case strings.HasPrefix(id, "b"):
		return event.Actor{Kind: event.Bot, ID: id}
	}
	return event.Actor{Kind: event.Agent, ID: id}
}

// load makes every stored entity resident again, so that all can be read.
func (d *desk) load() {
	if d.restart {
		d.st = d.db.restart(d.t, "desk", d.seq, true)
	}
}

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
			return r.Counts[n]
		}
		dimension, value, _ := strings.Cut(part, ":")
		for _, p := range r.Parts {
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
					if r.Counts[by] != 0 && s.Customer != "" {
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
		case name == "affected_agents" && r.Agent != "" && c[metric.BlockedMessages]+c[metric.FlaggedMessages] != 0:
			set[string(r.Agent)] = true
		case string(r.Agent) != agent:
		case name == "served_customers" && c[metric.AssignedSessions] != 0 && customer != "",
			name == "upgraded_customers" && c[metric.SpecialistsAdded]+c[metric.GroupsJoined] != 0:
			set[string(customer)] = true
		case name == "ai_sales":
			sum.AddAll(r.AISales)
		case name == "flows_triggered":
			for _, p := range r.Parts {
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
			for _, p := range l.Row.Parts {
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
		return s.Revenue.Strings()[code]
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
		return strings.Join(s.Tags, ",")
	case "queued":
		return strconv.FormatBool(s.Queued)
	case "queued_since":
		return time.UnixMilli(s.QueuedSince).In(d.loc).Format("15:04")
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

// scenario is a script worked out by hand. It is named after the sentence of
// the specification that it proves.
type scenario struct {
	sentence string
	profile  string // settings, or a preset's name and settings
	day      string
	script   string
	want     string
}

// prove folds each script twice: in one go, and with a restart from storage
// before every event. Both must give what is wanted, and the same state.
func prove(t *testing.T, scenarios []scenario) {
	t.Helper()
	for _, sc := range scenarios {
		t.Run(sc.sentence, func(t *testing.T) {
			t.Parallel()
			var states []map[string]string
			for _, restart := range []bool{false, true} {
				d := newDesk(t, sc.profile, sc.day, restart)
				d.run(sc.script)
				d.load()
				d.expect(sc.want)
				holdsTogether(t, scratch(d.st))
				states = append(states, d.db.text(t))
			}
			require.Equal(t, states[0], states[1])
		})
	}
}
