package fold_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
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
		if k, ok := key.(perAgent); ok {
			require.LessOrEqual(t, c[metric.RiskyChats], c[metric.HandledOrRisky], "%+v", key)
			if k.dimension == "" || k.dimension == "agent" { // the team may be another by the time of the reply
				require.LessOrEqual(t, c[metric.HandledChats], c[metric.HandledOrRisky], "%+v", key)
			}
			continue
		}
		require.Equal(t, c[metric.Chats], c[metric.ChatsBotOnly]+c[metric.ChatsHumanOnly]+c[metric.ChatsBotToHuman]+c[metric.ChatsUnhandled], "%+v", key)
		require.LessOrEqual(t, c[metric.RiskyChats], c[metric.Chats], "%+v", key)
		require.LessOrEqual(t, c[metric.Converted], c[metric.Chats], "%+v", key)
		require.LessOrEqual(t, c[metric.AIResolved], c[metric.AIConversations], "%+v", key)
		require.LessOrEqual(t, c[metric.AIConversations], c[metric.Sessions], "%+v", key)
	}
	for k, n := range l.parts {
		require.Positive(t, n, "%+v", k)
		require.LessOrEqual(t, n, l.rows[k.row][k.counter], "a part of no more than the whole: %+v", k)
	}
	for k, c := range l.rows {
		require.Equal(t, c[metric.AIResolved] > 0, k.AIStatus == metric.AIDone && k.Agent == "" && c[metric.Sessions] > 0, "%+v", k)
		if k.AIStatus == metric.AINone {
			require.Zero(t, c[metric.AIConversations], "%+v", k)
		}
		for _, n := range []metric.Counter{metric.AssistUses, metric.AssistAccuracy, metric.AssistAccuracyUses, metric.FlowTriggers} {
			var sum int64
			for p, m := range l.parts {
				if p.row == k && p.counter == n {
					sum += m
				}
			}
			require.Equal(t, c[n], sum, "each use has one tool, each run one flow: %s of %+v", n, k)
		}
	}
}

// folded runs events and gives the state and what is stored of it.
func folded(t require.TestingT, events []event.Event) (*fold.State, *storage) {
	st, db := fold.New("desk"), newStorage()
	for i := range events {
		db.apply(t, st, uint64(i+1), &events[i])
	}
	return st, db
}

// TestEveryChangeIsNamed keeps the sums by what each Change says, and compares
// them with sums from scratch now and then. At the end what the changes
// said to store is the whole state.
func TestEveryChangeIsNamed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		events := newDrawer(t, "").events(rapid.SampledFrom(profiles).Draw(t, "profile"))
		st, db, sums := fold.New("desk"), newStorage(), newLedger()
		for i := range events {
			sums.take(db.apply(t, st, uint64(i+1), &events[i]))
			if i%8 == 7 || i == len(events)-1 { // adding up anew is most of the test's time
				all := scratch(st)
				sums.agrees(t, all)
				holdsTogether(t, all)
			}
		}
		require.Equal(t, residentText(t, st, db), db.text(t))
	})
}

// TestDuplicatesChangeNothing sends everything again, at once and after a
// restart, and then every id with another time.
func TestDuplicatesChangeNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		events := newDrawer(t, "").events(rapid.SampledFrom(profiles).Draw(t, "profile"))
		st, db := folded(t, events)
		before, seq := db.text(t), uint64(len(events))
		applied := map[[2]string]int64{}
		for _, a := range db.applied {
			applied[[2]string{a.source, a.id}] = a.micros
		}
		if rapid.Bool().Draw(t, "restart") {
			st = db.restart(t, "desk", seq, rapid.Bool().Draw(t, "all"))
		}
		for i := range events {
			micros, ok := applied[[2]string{events[i].Source, events[i].ID}]
			if !ok {
				continue // it was refused, and may be again
			}
			seq++
			c := db.apply(t, st, seq, &events[i])
			require.Equal(t, events[i].Time.UnixMicro() == micros, c.Duplicate)
			require.Equal(t, events[i].Time.UnixMicro() != micros, c.Refused != nil)
			other := events[i]
			other.Time = time.UnixMicro(micros + 1).UTC()
			seq++
			c = db.apply(t, st, seq, &other)
			require.NotNil(t, c.Refused)
			require.Equal(t, event.IDReused, c.Refused.Reason)
		}
		require.Equal(t, before, db.text(t))
		require.Equal(t, seq, st.Seq())
	})
}

// TestAnyRestartGivesTheSameState restarts from storage at random points, with
// everything resident or with nothing but the directory.
func TestAnyRestartGivesTheSameState(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		events := newDrawer(t, "").events(rapid.SampledFrom(profiles).Draw(t, "profile"))
		_, want := folded(t, events)
		st, db := fold.New("desk"), newStorage()
		for i := range events {
			if rapid.IntRange(0, 9).Draw(t, "restart") == 0 {
				st = db.restart(t, "desk", uint64(i), rapid.Bool().Draw(t, "all"))
			}
			db.apply(t, st, uint64(i+1), &events[i])
		}
		require.Equal(t, want.text(t), db.text(t))
	})
}

// TestSweepingChangesNothing lets go of all that it may between the events.
func TestSweepingChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		events := newDrawer(t, "").events(rapid.SampledFrom(profiles).Draw(t, "profile"))
		_, want := folded(t, events)
		st, db := fold.New("desk"), newStorage()
		for i := range events {
			seq := uint64(i + 1)
			db.apply(t, st, seq, &events[i])
			st.Sweep(seq, rapid.SampledFrom([]int64{-1, 0, 3_600_000}).Draw(t, "keep"), rapid.Bool().Draw(t, "keep open"))
			st.Forget(seq)
		}
		require.Equal(t, want.text(t), db.text(t))
	})
}

// TestOthersDoNotMatter folds two desks' worth of events that share no id into
// one state, one after the other and mixed at random: every sum is the same.
func TestOthersDoNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		settings := rapid.SampledFrom(profiles).Draw(t, "profile")
		draw := func(prefix string) []event.Event {
			var own []event.Event
			d := newDrawer(t, prefix)
			for range 40 {
				e := d.event()
				switch data := e.Data.(type) { // what names a sequence of the stream is not independent of it
				case *event.ConversationClosed:
					data.After = 0
				case *event.AgentPresence:
					data.After = 0
				}
				own = append(own, e)
			}
			return own
		}
		left, right := draw("l-"), draw("r-")
		one, _ := folded(t, slices.Concat([]event.Event{configured(settings)}, left, right))
		mixed := []event.Event{configured(settings)}
		for len(left) > 0 || len(right) > 0 {
			if len(right) == 0 || len(left) > 0 && rapid.Bool().Draw(t, "left") {
				mixed, left = append(mixed, left[0]), left[1:]
			} else {
				mixed, right = append(mixed, right[0]), right[1:]
			}
		}
		other, _ := folded(t, mixed)
		scratch(one).agrees(t, scratch(other))
		for a := range one.Agents() {
			b, ok := other.Agent(a.ID)
			require.True(t, ok)
			require.Equal(t, a.Days, b.Days)
			require.Equal(t, a.Status, b.Status)
		}
	})
}

// TestMessagesLandInTheirOwnHour counts messages apart from the fold: the first
// of each id in each conversation, in the local day and clock hour of its own time.
func TestMessagesLandInTheirOwnHour(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		settings := rapid.SampledFrom(profiles).Draw(t, "profile")
		d := newDrawer(t, "")
		events := []event.Event{configured(settings)}
		for range 60 {
			events = append(events, d.event())
		}
		st, _ := folded(t, events)
		type key struct {
			day string // and hour
			c   metric.Counter
		}
		want, got, seen := map[key]int64{}, map[key]int64{}, map[string]bool{}
		for i := range events {
			m, ok := events[i].Data.(*event.MessageSent)
			if !ok || m.Conversation == "" || m.To == "agent" || m.From.Kind == event.System {
				continue
			}
			if id := string(m.Conversation) + " " + string(m.Message); !seen[id] {
				seen[id] = true
				day := events[i].Time.In(st.Profile().Location()).Format("2006-01-02 15")
				switch {
				case m.Automatic != "" || m.From.Kind == event.Bot:
					want[key{day, metric.MessagesBot}]++
				case m.From.Kind == event.Agent:
					want[key{day, metric.MessagesAgent}]++
				default:
					want[key{day, metric.MessagesReceived}]++
				}
			}
		}
		for k, c := range scratch(st).rows {
			for _, n := range []metric.Counter{metric.MessagesBot, metric.MessagesAgent, metric.MessagesReceived} {
				if k.Agent == "" && c[n] != 0 {
					got[key{fmt.Sprintf("%s %02d", k.Day, k.Hour), n}] += c[n]
				}
			}
		}
		require.Equal(t, want, got)
	})
}
