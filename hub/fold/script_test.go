package fold_test

import (
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
