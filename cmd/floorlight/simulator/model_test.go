package simulator

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
	"github.com/floorlight/floorlight/risk"
)

var noon = time.Date(2026, 11, 20, 16, 0, 0, 0, time.UTC)

// day is a run of four desks with a past and some time live.
func day(t *testing.T, c Config, live time.Duration) []Action {
	t.Helper()

	if c.Start.IsZero() {
		c.Start = noon
	}
	if c.Tenants == nil {
		c.Tenants = Desks(4)
	}
	actions := New(c).Until(c.Start.Add(live), 1<<30)
	require.NotEmpty(t, actions)
	return actions
}

func hash(t *testing.T, actions []Action) string {
	t.Helper()

	h := sha256.New()
	for i := range actions {
		raw, err := actions[i].Event.Encode()
		require.NoError(t, err)
		_, err = fmt.Fprintf(h, "%s %t %t %s\n", actions[i].Due.Format(time.RFC3339Nano), actions[i].Check, actions[i].Risky, raw)
		require.NoError(t, err)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// TestSameSeedSameDay holds the model to the byte. The hashes change whenever
// the model or its words do.
func TestSameSeedSameDay(t *testing.T) {
	t.Parallel()

	for seed, want := range map[uint64]string{1: "d13eb7d6887c3360", 2: "743eb4ba71738745"} {
		c := Config{Seed: seed, Past: 2 * time.Hour, Rate: 4, PastEvents: 5000}
		got := hash(t, day(t, c, 10*time.Minute))
		require.Equal(t, got, hash(t, day(t, c, 10*time.Minute)))
		require.Equal(t, want, got, "seed %d", seed)
	}
}

// TestUntilIsTheSameInAnySteps: how often the driver asks changes nothing.
func TestUntilIsTheSameInAnySteps(t *testing.T) {
	t.Parallel()

	c := Config{Seed: 7, Start: noon, Tenants: Desks(2)}
	s := New(c)
	var stepped []Action
	for at := noon; !at.After(noon.Add(2 * time.Minute)); at = at.Add(170 * time.Millisecond) {
		for some := s.Until(at, 3); len(some) > 0; some = s.Until(at, 3) {
			stepped = append(stepped, some...)
		}
	}
	whole := New(c).Until(stepped[len(stepped)-1].Due, 1<<30)
	require.Equal(t, hash(t, whole), hash(t, stepped))
}

// TestWhatADeskNeverDoes walks through a day and holds what any platform does.
func TestWhatADeskNeverDoes(t *testing.T) {
	t.Parallel()

	for _, c := range []Config{
		{Seed: 3, Past: 2 * time.Hour, PastEvents: 10_000, Rate: 8},
		{Seed: 4, Rate: 400, Agents: 8},
		{Seed: 5, Rate: 0.3, Agents: 3, Past: time.Hour},
	} {
		t.Run(fmt.Sprintf("rate %v", c.Rate), func(t *testing.T) {
			t.Parallel()

			live := 8 * time.Minute
			if c.Rate > 100 {
				live = 20 * time.Second
			}
			w := newWatcher(t)
			for _, a := range day(t, c, live) {
				w.see(a)
			}
			require.NotZero(t, w.closed)
		})
	}
}

// watcher knows what of the stream so far bears on what may come next.
type watcher struct {
	t        *testing.T
	at       map[event.TenantID]time.Time
	ids      map[string]bool
	messages map[string]bool
	open     map[string]bool
	was      map[string]bool
	reopened map[string]bool
	blocked  map[string]bool
	handler  map[string]string
	chats    map[string]int
	capacity map[string]int64
	status   map[string]event.Presence
	closed   int
}

func newWatcher(t *testing.T) *watcher {
	t.Helper()

	return &watcher{
		t: t, at: map[event.TenantID]time.Time{}, ids: map[string]bool{}, messages: map[string]bool{}, open: map[string]bool{}, was: map[string]bool{}, reopened: map[string]bool{}, blocked: map[string]bool{},
		handler: map[string]string{}, chats: map[string]int{}, capacity: map[string]int64{}, status: map[string]event.Presence{},
	}
}

func (w *watcher) see(a Action) {
	t, e := w.t, a.Event
	if e.Type == event.TypeDisputeOpened {
		e = a.history()
	}
	raw, err := e.Encode()
	require.NoError(t, err)
	_, err = event.DecodeMessage(e.Subject(), raw, e.Time)
	require.NoError(t, err, "%s", e.Type)
	require.False(t, w.ids[e.MsgID()], "id %s came twice", e.ID)
	w.ids[e.MsgID()] = true
	require.True(t, e.Time.Equal(a.Due))
	require.False(t, e.Time.Before(w.at[e.Tenant]), "time goes back")
	w.at[e.Tenant] = e.Time
	of := func(id string) string { return string(e.Tenant) + "/" + id }

	switch d := e.Data.(type) {
	case *event.AgentUpdated:
		w.capacity[of(string(d.Agent))] = *d.Capacity
	case *event.AgentPresence:
		w.status[of(string(d.Agent))] = d.Status
		if d.Status == event.Offline {
			require.Zero(t, w.chats[of(string(d.Agent))], "went home with customers")
		}
	case *event.ConversationStarted:
		c := of(string(d.Conversation))
		require.False(t, w.was[c], "began twice")
		w.open[c], w.was[c] = true, true
	case *event.ConversationQueued:
		w.must(of(string(d.Conversation)))
		w.release(of(string(d.Conversation)))
	case *event.ConversationAssigned:
		w.must(of(string(d.Conversation)))
		w.release(of(string(d.Conversation)))
		if d.To.Kind == event.Agent {
			who := of(d.To.ID)
			require.Equal(t, event.Online, w.status[who])
			w.handler[of(string(d.Conversation))] = who
			w.chats[who]++
			require.LessOrEqual(t, int64(w.chats[who]), w.capacity[who], "over capacity")
		}
	case *event.ConversationHandoff:
		w.must(of(string(d.Conversation)))
	case *event.MessageSent:
		require.NotEmpty(t, d.Text)
		require.NotContains(t, d.Text, "{")
		require.False(t, w.messages[of(string(d.Message))], "message %s came twice", d.Message)
		w.messages[of(string(d.Message))] = true
		if d.From.Kind == event.Broadcast {
			return
		}
		if c := of(string(d.Conversation)); d.From.Kind == event.Customer && w.was[c] && !w.open[c] {
			require.False(t, w.reopened[c], "came back twice")
			w.reopened[c], w.open[c] = true, true
		}
		w.must(of(string(d.Conversation)))
		require.Equal(t, d.From.Kind == event.Agent, a.Check, "an agent's message goes before the check, and no other")
		if a.Check {
			w.blocked[of(string(d.Message))] = a.Risky
			require.Equal(t, w.handler[of(string(d.Conversation))], of(d.From.ID), "written by somebody else than the handler")
		}
	case *event.ConversationClosed:
		w.must(of(string(d.Conversation)))
		w.release(of(string(d.Conversation)))
		delete(w.open, of(string(d.Conversation)))
		w.closed++
	case *event.DisputeOpened:
		require.True(t, w.blocked[of(string(d.Message))], "disputed what was not blocked")
		require.NotEmpty(t, d.Comment)
	case *event.DisputeDecided:
		require.True(t, w.blocked[of(string(d.Message))], "decided what was not disputed")
		delete(w.blocked, of(string(d.Message)))
	case *event.SurveySent, *event.SurveyAnswered:
		require.True(t, w.was[of(e.Key)])
	}
}

func (w *watcher) must(c string) { require.True(w.t, w.open[c], "%s is not open", c) }

func (w *watcher) release(c string) {
	if who, ok := w.handler[c]; ok {
		w.chats[who]--
		delete(w.handler, c)
	}
}

// TestEverythingEnds: at the end nothing is open that was not closed, and nobody
// is at work.
func TestEverythingEnds(t *testing.T) {
	t.Parallel()

	s := New(Config{Seed: 9, Start: noon, Tenants: Desks(2), Rate: 20})
	w := newWatcher(t)
	for _, a := range s.Until(noon.Add(20*time.Minute), 1<<30) {
		w.see(a)
	}
	require.NotEmpty(t, w.open)
	for _, d := range s.desks {
		for _, a := range d.leave(noon.Add(5 * time.Minute)) {
			w.see(a)
		}
	}
	require.Empty(t, w.open)
	for who, status := range w.status {
		require.Equal(t, event.Offline, status, who)
	}
}

// TestADayLooksLikeOne holds the shares and figures that a screen shows.
func TestADayLooksLikeOne(t *testing.T) {
	t.Parallel()

	const hours, rate = 2, 8.0
	seen := make(map[event.Type]int)
	var messages, risky, agents, queue, longest, waited, transfers int
	waiting := map[string]bool{}
	handler := map[string]string{}
	at := noon.Add(-time.Hour) // the ramp is behind
	for _, a := range day(t, Config{Seed: 11, Rate: rate, Start: at}, hours*time.Hour) {
		seen[a.Event.Type]++
		if a.Check {
			agents++
		}
		if a.Risky {
			risky++
		}
		conversation := string(a.Event.Tenant) + a.Event.Key
		switch d := a.Event.Data.(type) {
		case *event.MessageSent:
			if d.From.Kind != event.Broadcast {
				messages++
			}
		case *event.ConversationQueued:
			waiting[conversation] = true
		case *event.ConversationAssigned:
			delete(waiting, conversation)
			if d.To.Kind == event.Agent {
				if handler[conversation] != "" {
					transfers++
				}
				handler[conversation] = d.To.ID
			}
		case *event.ConversationClosed:
			delete(waiting, conversation)
		}
		queue = len(waiting)
		longest = max(longest, queue)
		if queue > 0 {
			waited++
		}
	}
	started := seen[event.TypeConversationStarted]
	total := 0
	for _, n := range seen {
		total += n
	}
	t.Logf("%d conversations, %.1f messages and %.1f events each, %.2f messages a second, longest queue %d, queued %.0f %% of the time, %.1f %% risky, %d transfers",
		started, float64(messages)/float64(started), float64(total)/float64(started), float64(messages)/3600/hours, longest, 100*float64(waited)/float64(total), 100*float64(risky)/float64(agents), transfers)
	require.InEpsilon(t, messagesEach, float64(messages)/float64(started), 0.1)
	require.InEpsilon(t, eventsEach, float64(total)/float64(started), 0.1)
	require.InEpsilon(t, rate, float64(messages)/3600/hours, 0.35)
	require.Greater(t, longest, 8)
	require.Less(t, longest, 80, "over four desks")
	share := func(part, whole int) float64 { return float64(part) / float64(whole) }
	require.InDelta(t, 0.6, share(seen[event.TypeSurveyAnswered], seen[event.TypeSurveySent]), 0.06)
	require.InDelta(t, 0.015, share(risky, agents), 0.008)
	require.InDelta(t, 0.07, share(transfers, len(handler)), 0.05)
	for _, kind := range []event.Type{
		event.TypeOrderPaid, event.TypeProductClicked, event.TypeAssistUsed, event.TypeConversationHandoff, event.TypeConversationViewed,
		event.TypeConversationLeft, event.TypeTemplateCharged, event.TypeAgentPresence, event.TypeConversationClassified,
		event.TypeServiceInvited, event.TypeServiceJoined, event.TypeCustomerUpdated, event.TypeFlowTriggered, event.TypeCreditAdded,
	} {
		require.NotZero(t, seen[kind], kind)
	}
}

// TestQueuesBuildAndDrain: a desk's queue is at times empty and at times long,
// at any tempo.
func TestQueuesBuildAndDrain(t *testing.T) {
	t.Parallel()

	for _, rate := range []float64{2, 8} {
		s := New(Config{Seed: 12, Rate: rate, Start: noon, Tenants: Desks(1)})
		var lengths []int
		for at := noon; at.Before(noon.Add(2 * time.Hour)); at = at.Add(10 * time.Second) {
			s.Until(at, 1<<30)
			lengths = append(lengths, len(s.desks[0].queue))
		}
		slices.Sort(lengths)
		t.Logf("rate %v: median %d, 90th %d, longest %d", rate, lengths[len(lengths)/2], lengths[len(lengths)*9/10], lengths[len(lengths)-1])
		require.Zero(t, lengths[len(lengths)/10])
		require.GreaterOrEqual(t, lengths[len(lengths)-1], 5)
		require.LessOrEqual(t, lengths[len(lengths)-1], 24)
	}
}

// TestThePastIsAsLargeAsAskedFor: eight hours in about as many events as were
// asked for, and the present at its full rate.
func TestThePastIsAsLargeAsAskedFor(t *testing.T) {
	t.Parallel()

	c := Config{Seed: 13, Start: noon, Past: 8 * time.Hour, PastEvents: 20_000, Rate: 8, Tenants: Desks(4)}
	s := New(c)
	past := s.Until(noon, 1<<30)
	require.InEpsilon(t, 20_000, len(past), 0.4)
	require.Equal(t, noon.Add(-8*time.Hour), past[0].Due.Truncate(time.Second))
	live := s.Until(noon.Add(30*time.Minute), 1<<30)
	require.Greater(t, float64(len(live)), 8*1800*eventsEach/messagesEach/2)
	open := 0
	for _, d := range s.desks {
		open += len(d.open)
	}
	require.Greater(t, open, 40)
}

// TestEarlierDaysDiffer: each of the five weeks before has about the events that
// were asked for, no day like the other, and what a week's report compares. The
// present after them is as without them.
func TestEarlierDaysDiffer(t *testing.T) {
	t.Parallel()

	const days = 35
	c := Config{Seed: 17, Start: noon, Past: 8 * time.Hour, PastEvents: 20_000, Days: days, DayEvents: 3000, Tenants: Desks(4)}
	s := New(c)
	first := noon.Add(-c.Past).AddDate(0, 0, -days)
	perDay := make([]int, days)
	w := newWatcher(t)
	chats := map[string]int{}
	answered := map[event.AgentID]bool{}
	for _, a := range s.Until(noon.Add(-c.Past), 1<<30) {
		w.see(a)
		require.False(t, a.Due.Before(first))
		perDay[min(days-1, int(a.Due.Sub(first)/(24*time.Hour)))]++
		if sent, ok := a.Event.Data.(*event.MessageSent); ok && sent.From.Kind == event.Agent {
			answered[event.AgentID(sent.From.ID)] = true
		}
		if closed, ok := a.Event.Data.(*event.ConversationClosed); ok {
			chats[string(closed.Outcome)]++
		}
	}
	sum := 0
	for _, n := range perDay {
		sum += n
	}
	require.InEpsilon(t, 3000, float64(sum)/days, 0.4)
	slices.Sort(perDay)
	require.Greater(t, perDay[days-2], perDay[1]*4/3, "some days are much busier")
	require.Positive(t, perDay[0])
	require.Len(t, answered, 16, "everybody has worked")
	require.Positive(t, chats[string(event.OutcomeAbandoned)])
	require.Less(t, len(s.Until(noon.Add(-ramp), 1<<30)), 3000, "the past is as thin as they are")
	s.Until(noon, 1<<30)
	require.Greater(t, float64(len(s.Until(noon.Add(30*time.Minute), 1<<30))), 6*1800*eventsEach/messagesEach/2)
}

// started counts the conversations that begin by their hour of the desk's clock
// and by local day.
func started(actions []Action, zone *time.Location) (byHour [24]int, byDay map[string]int) {
	byDay = map[string]int{}
	for _, a := range actions {
		if a.Event.Type == event.TypeConversationStarted {
			local := a.Due.In(zone)
			byHour[local.Hour()]++
			byDay[local.Format(time.DateOnly)]++
		}
	}
	return byHour, byDay
}

// TestThePastHasThePresentsTempo: where it may have as many events as that takes,
// an earlier day has the hours, the chats and the agents of a day that is lived.
func TestThePastHasThePresentsTempo(t *testing.T) {
	t.Parallel()

	const days = 3
	s := New(Config{Seed: 5, Start: noon, Past: 8 * time.Hour, Days: days, DayEvents: 1 << 30, Rate: 0.12, Agents: 5, Tenants: Desks(1)})
	d := s.desks[0]
	require.InDelta(t, 1, d.thinned, 0)
	before, _ := started(s.Until(noon.Add(-24*time.Hour), 1<<30), d.zone)
	s.Until(noon, 1<<30)
	after, _ := started(s.Until(noon.AddDate(0, 0, days), 1<<30), d.zone)
	total := func(hours [24]int) (n int) {
		for _, count := range hours {
			n += count
		}
		return n
	}
	earlier := float64(total(before)) / (days - 1 + 8.0/24)
	require.InEpsilon(t, earlier, float64(total(after))/days, 0.35)
	require.Greater(t, before[11]+before[15], 5*(before[3]+before[4]), "nights are nights")
	require.Greater(t, after[11]+after[15], 5*(after[3]+after[4]))
}

// TestTodaysPastIsLikeItsDays: what lies behind the desks when a visitor comes is
// what the same hours of the days before had, so that a comparison says what one
// knows from a desk.
func TestTodaysPastIsLikeItsDays(t *testing.T) {
	t.Parallel()

	const days = 8
	s := New(Config{Seed: 6, Start: noon.Add(6 * time.Hour), Past: 8 * time.Hour, Days: days, DayEvents: 4000, Rate: 2, Agents: 8, Tenants: Desks(2)})
	for _, d := range s.desks {
		require.Less(t, d.thinned, 0.5)
	}
	today := noon.Add(6*time.Hour - ramp)
	var same []Action
	for _, a := range s.Until(today, 1<<30) {
		local, until := a.Due.In(s.desks[0].zone), today.In(s.desks[0].zone)
		if a.Event.Tenant == s.desks[0].spec.Tenant && local.Hour()*60+local.Minute() < until.Hour()*60+until.Minute() {
			same = append(same, a)
		}
	}
	_, byDay := started(same, s.desks[0].zone)
	last := today.In(s.desks[0].zone).Format(time.DateOnly)
	now, sum := byDay[last], 0
	delete(byDay, last)
	for _, n := range byDay {
		sum += n
	}
	mean := float64(sum) / float64(len(byDay))
	require.Greater(t, mean, 30.0)
	require.InEpsilon(t, mean, float64(now), 0.4)
}

// TestWordsAndRules: what a desk says passes the built-in rules, and what must
// not go out is blocked by them.
func TestWordsAndRules(t *testing.T) {
	t.Parallel()

	for language, v := range vocabularies {
		d := newDesk(Config{Seed: 1, Start: noon, Agents: 4, Rate: 1, Tenants: Desks(1)}, 0, Desk{Tenant: "t", Language: language})
		c := &chat{customer: &customer{name: v.fullName(d.rng)}, product: v.products[0], number: "A1234"}
		judge := func(text, from string, want event.Verdict) {
			for _, product := range v.products {
				c.product = product
				full := d.fill(c, text)
				got := risk.Default().Check(full, risk.Context{From: from})
				require.Equal(t, want, got.Verdict, "%s: %v", full, got.Rules)
			}
		}
		var said []string
		for _, list := range [][]string{v.botMore, v.botPass, v.botTicket, v.more, v.transfer, v.farewell, v.broadcast, v.corrected} {
			said = append(said, list...)
		}
		for _, byIntent := range []map[event.Intent][]string{v.botAnswer, v.answer} {
			require.Len(t, byIntent, len(intents))
			for _, list := range byIntent {
				said = append(said, list...)
			}
		}
		for _, greeting := range v.greeting {
			said = append(said, greeting+v.answer[event.IntentOther][0])
		}
		for _, text := range said {
			judge(text, "agent", event.Allow)
		}
		heard := slices.Concat(v.followUp, v.wantHuman, v.thanks, v.giveUp)
		for _, list := range v.opening {
			heard = append(heard, list...)
		}
		for _, text := range heard {
			judge(text, "customer", event.Allow)
		}
		for _, text := range v.risky {
			judge(text, "agent", event.Block)
		}
	}
}

func TestUnknownNamesLeaveNoHoles(t *testing.T) {
	t.Parallel()

	d := newDesk(Config{Seed: 1, Start: noon, Agents: 2, Rate: 1, Tenants: Desks(1)}, 0, Desk{Tenant: "t", Language: English})
	c := &chat{customer: &customer{anonymous: true}, product: "the lamp", number: "A1"}
	for text, want := range map[string]string{
		"Hello {name}! {product} is here.":    "Hello! The lamp is here.",
		"Hi {name}, I'm with you now. ":       "Hi, I'm with you now. ",
		"Thanks for waiting, {name}. ":        "Thanks for waiting. ",
		"{product} is back, order {order}":    "The lamp is back, order A1",
		"Is {product} back?":                  "Is the lamp back?",
		"Any time. Take care, {name}.":        "Any time. Take care.",
		"Good to hear from you, {name}. Yes.": "Good to hear from you. Yes.",
	} {
		require.Equal(t, want, d.fill(c, text))
	}
}

func TestDesks(t *testing.T) {
	t.Parallel()

	desks := Desks(11)
	require.Len(t, desks, 11)
	seen := map[event.TenantID]bool{}
	presets := map[string]bool{}
	for _, d := range desks {
		require.True(t, event.ValidTenant(string(d.Tenant)))
		require.False(t, seen[d.Tenant])
		seen[d.Tenant], presets[d.Preset] = true, true
		d.Timezone = Daytime(noon, d.Language)
		_, err := metric.NewProfile(d.Preset, 1, d.settings())
		require.NoError(t, err)
	}
	require.Len(t, presets, 4)
	require.Len(t, Desks(0), 1)
}

// TestItIsAlwaysDaytimeSomewhere: whenever a run starts, its desks are awake.
func TestItIsAlwaysDaytimeSomewhere(t *testing.T) {
	t.Parallel()

	for hour := range 24 {
		at := noon.Add(time.Duration(hour) * time.Hour)
		for _, language := range []Language{English, Chinese} {
			loc, err := time.LoadLocation(Daytime(at, language))
			require.NoError(t, err)
			require.GreaterOrEqual(t, at.In(loc).Hour(), 9, "%s at %s", language, at)
			require.LessOrEqual(t, at.In(loc).Hour(), 21, "%s at %s", language, at)
		}
	}
}
