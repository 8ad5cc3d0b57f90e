package fold_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
)

const starTenant event.TenantID = "star"

// starEvents reads the shared real conversations.
func starEvents(tb testing.TB) []event.Event {
	tb.Helper()
	f, err := os.Open("../../../shared/data/star.ndjson.gz")
	require.NoError(tb, err)
	defer func() { require.NoError(tb, f.Close()) }()
	z, err := gzip.NewReader(f)
	require.NoError(tb, err)
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	var events []event.Event
	for lines.Scan() {
		var line struct {
			Event json.RawMessage `json:"event"`
		}
		require.NoError(tb, json.Unmarshal(lines.Bytes(), &line))
		e, err := event.Decode(line.Event)
		require.NoError(tb, err)
		events = append(events, e)
	}
	require.NoError(tb, lines.Err())
	return events
}

// starProfile is the profile under which the expected numbers hold.
func starProfile() event.Event {
	return event.New(starTenant, event.ServerSource, "profile/1", time.Date(2020, 5, 1, 0, 0, 0, 0, time.UTC), &event.TenantConfigured{
		Profile: "tiktok_shop", Settings: []byte(`{"timezone":"America/New_York","market":"us"}`),
	})
}

type starExpected struct {
	Total map[string]map[string]float64            `json:"total"`
	Agent map[string]map[string]map[string]float64 `json:"agent"`
}

func readStarExpected(tb testing.TB) starExpected {
	tb.Helper()
	b, err := os.ReadFile("../../../shared/data/star.expected.json")
	require.NoError(tb, err)
	var x starExpected
	require.NoError(tb, json.Unmarshal(b, &x))
	return x
}

// TestRealConversations compares every number that is given for the shared
// conversations, by day and by agent.
func TestRealConversations(t *testing.T) {
	t.Parallel()

	st := fold.New(starTenant)
	events := append([]event.Event{starProfile()}, starEvents(t)...)
	for i := range events {
		for _, ref := range st.Missing(&events[i], nil) { // nothing is stored: each is a false alarm
			require.NoError(t, st.Bring(ref, nil))
		}
		c := st.Apply(uint64(i+1), &events[i])
		require.Nil(t, c.Refused)
		require.False(t, c.Duplicate)
	}
	total, agents := map[string]*dayTotal{}, map[string]map[string]*dayTotal{}
	at := func(m map[string]*dayTotal, d metric.Day) *dayTotal {
		if m[d.String()] == nil {
			m[d.String()] = &dayTotal{customers: map[event.CustomerID]bool{}, consulting: map[event.CustomerID]bool{}, converted: map[event.CustomerID]bool{}, revenue: metric.Money{}}
		}
		return m[d.String()]
	}
	for c := range st.Conversations() {
		for _, s := range c.Sessions {
			for i := range s.Rows {
				r := &s.Rows[i]
				if r.Agent != "" {
					if agents[string(r.Agent)] == nil {
						agents[string(r.Agent)] = map[string]*dayTotal{}
					}
					at(agents[string(r.Agent)], r.Day).counts.AddFew(&r.Counts, 1)
					continue
				}
				d := at(total, r.Day)
				d.counts.AddFew(&r.Counts, 1)
				mark(d.customers, s.Customer, r.Counts.At(metric.Sessions))
				mark(d.consulting, s.Customer, r.Counts.At(metric.Chats))
				mark(d.converted, s.Customer, r.Counts.At(metric.Converted))
			}
			at(total, s.StartDay).revenue.AddAll(s.More().Revenue)
		}
	}
	for a := range st.Agents() {
		require.NotEqual(t, event.Online, a.Status)
		for d, day := range a.Days {
			if agents[string(a.ID)] == nil {
				agents[string(a.ID)] = map[string]*dayTotal{}
			}
			at(agents[string(a.ID)], d).online = day.Online
		}
	}
	expected := readStarExpected(t)
	n := 0
	for day, numbers := range expected.Total {
		require.Contains(t, total, day)
		for id, want := range numbers {
			if g := total[day].number(t, id); g-want > 1e-6 || want-g > 1e-6 {
				t.Errorf("%s %s want %v got %v", day, id, want, g)
			}
			n++
		}
	}
	for agent, days := range expected.Agent {
		for day, numbers := range days {
			for id, want := range numbers {
				if g := agents[agent][day].number(t, id); g-want > 1e-6 || want-g > 1e-6 {
					t.Errorf("%s %s %s want %v got %v", agent, day, id, want, g)
				}
				n++
			}
		}
	}
	require.Greater(t, n, 800)
}

func mark(set map[event.CustomerID]bool, c event.CustomerID, n int64) {
	if n != 0 {
		set[c] = true
	}
}

// dayTotal adds up rows as the specification says, apart from the code that the
// product answers with.
type dayTotal struct {
	counts                           metric.Counts
	customers, consulting, converted map[event.CustomerID]bool
	revenue                          metric.Money
	online                           int64
}

func (d *dayTotal) number(t *testing.T, id string) float64 {
	t.Helper()
	switch id {
	case "customers":
		return float64(len(d.customers))
	case "consulting_customers":
		return float64(len(d.consulting))
	case "converted_customers":
		return float64(len(d.converted))
	case "revenue_cents":
		f, _ := d.revenue["USD"].Shift(2).Float64()
		return f
	case "online_seconds":
		return float64(d.online) / 1000
	case "first_response_seconds":
		return float64(d.counts[metric.FirstResponseMillis]) / 1000
	case "turn_response_seconds":
		return float64(d.counts[metric.TurnResponseMillis]) / 1000
	case "assist_accuracy_sum":
		return float64(d.counts[metric.AssistAccuracy]) / 1e12
	case "assist_accuracy_n":
		return float64(d.counts[metric.AssistAccuracyUses])
	}
	for _, c := range metric.Counters() {
		if c.String() == id {
			return float64(d.counts[c])
		}
	}
	require.Fail(t, "no such number", id)
	return 0
}
