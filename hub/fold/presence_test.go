package fold_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
)

func TestPresence(t *testing.T) {
	t.Parallel()
	prove(t, []scenario{
		{
			sentence: "online_seconds: time with status online; first_online_at: first moment online that day",
			script: `09:00 online a1
				10:00 paused a1
				11:00 online a1
				12:30 offline a1
				13:00 paused a1`,
			want: "a1:online=2h30m0s a1:first=09:00",
		},
		{
			sentence: "The same status again confirms the lease and changes nothing else",
			script: `09:00 online a1
				09:30 online a1
				10:00 offline a1
				10:30 offline a1`,
			want: "a1:online=1h0m0s a1:first=09:00",
		},
		{
			sentence: "cut at local midnight; an agent online at local midnight has first_online_at 00:00",
			script: `22:00 online a1
				+2 01:00 offline a1
				+2 09:00 online a1
				+2 10:00 offline a1`,
			want: "a1:online@0=2h0m0s a1:first@0=22:00 a1:online@1=24h0m0s a1:first@1=00:00 a1:online@2=2h0m0s a1:first@2=00:00",
		},
		{
			sentence: "an agent offline at midnight sharp was not online on the day that begins",
			script: `22:00 online a1
				+1 00:00 offline a1`,
			want: "a1:online@0=2h0m0s a1:online@1=none",
		},
		{
			sentence: "A presence event older than the last one applied to that agent is taken at that one's time",
			script: `09:00 online a1
				08:00 online a1
				08:30 paused a1
				08:45 online a1
				10:00 offline a1`,
			want: "a1:online=1h0m0s a1:first=09:00",
		},
		{
			sentence: "disabled ends the spell; his chats stay his and his counters remain",
			script: `09:00 start c1 u1
				09:00 assign c1 a1
				09:00 online a1
				10:00 disable a1
				11:00 online a1
				12:00 enable a1
				13:00 online a1
				13:30 offline a1`,
			want: "a1:online=1h30m0s c1.handler=a1 a1:assign_events=1",
		},
		{
			sentence: "what arrives late after an agent is enabled again does not overlap the spell that disabling ended",
			script: `09:00 online a1
				10:00 disable a1
				10:00 enable a1
				09:30 online a1
				11:00 offline a1`,
			want: "a1:online=2h0m0s",
		},
		{
			sentence: "a lapse whose cause is no longer the last confirmation is ignored",
			script: `09:00 online a1
				09:05 online a1
				09:10 offline a1 1
				10:00 offline a1`,
			want: "a1:online=1h0m0s",
		},
		{
			sentence: "a lapse whose cause is the last confirmation ends the spell when it was due",
			script: `09:00 online a1
				09:05 online a1
				09:10 offline a1 2
				10:00 offline a1`,
			want: "a1:online=10m0s",
		},
		{
			sentence: "a day of 23 hours has 23 hours online",
			profile:  `{"timezone":"America/New_York"}`,
			day:      "2026-03-08",
			script: `-1 12:00 online a1
				+1 12:00 offline a1`,
			want: "a1:online@-1=12h0m0s a1:online@0=23h0m0s a1:online@1=12h0m0s a1:first@0=00:00",
		},
		{
			sentence: "a day of 25 hours has 25 hours online",
			profile:  `{"timezone":"America/New_York"}`,
			day:      "2026-11-01",
			script: `-1 12:00 online a1
				+1 12:00 offline a1`,
			want: "a1:online@-1=12h0m0s a1:online@0=25h0m0s a1:online@1=12h0m0s",
		},
		{
			sentence: "a day whose midnight was skipped begins at its first moment",
			profile:  `{"timezone":"America/Sao_Paulo"}`,
			day:      "2018-11-04",
			script: `-1 23:00 online a1
				02:00 offline a1`,
			want: "a1:online@-1=1h0m0s a1:online@0=1h0m0s a1:first@0=01:00",
		},
	})
}

func TestAutomaticClosing(t *testing.T) {
	t.Parallel()
	prove(t, []scenario{
		{
			sentence: "the fold ignores a closing whose cause is no longer the last message",
			script: `09:00 start c1 u1
				09:01 says c1 u1
				09:02 says c1 b1
				+2 09:01 close c1 2`,
			want: "c1.open=true",
		},
		{
			sentence: "a closing whose cause is the last message closes",
			script: `09:00 start c1 u1
				09:01 says c1 u1
				+2 09:01 close c1 2`,
			want: "c1.open=false",
		},
	})
}

// TestSpellsAreWhole cuts random spells: no moment is lost or counted twice, and
// each is on its own local day.
func TestSpellsAreWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		loc, err := time.LoadLocation(rapid.SampledFrom([]string{
			"UTC", "America/New_York", "Asia/Shanghai", "Asia/Kathmandu", "America/Sao_Paulo", "Australia/Lord_Howe",
			"Pacific/Apia", "America/St_Johns", "Antarctica/Casey", "Asia/Gaza",
		}).Draw(t, "zone"))
		require.NoError(t, err)
		start := rapid.Int64Range(946_684_800_000, 1_735_689_600_000).Draw(t, "start")
		if rapid.Bool().Draw(t, "near a change") {
			if _, change := time.UnixMilli(start).In(loc).ZoneBounds(); !change.IsZero() {
				start = change.UnixMilli() - rapid.Int64Range(0, 90_000_000).Draw(t, "before")
			}
		}
		end := start + rapid.Int64Range(0, 4*86_400_000).Draw(t, "length")
		at := start
		fold.SplitSpell(metric.NewCalendar(loc), start, end, func(d metric.Day, from, to int64) {
			require.Equal(t, at, from)
			require.GreaterOrEqual(t, to, from)
			for _, m := range []int64{from, from + (to-from)/2, max(from, to-1)} {
				require.Equal(t, metric.DayOf(time.UnixMilli(m).In(loc).Date()), d, "%s", time.UnixMilli(m).In(loc))
			}
			at = to
		})
		require.Equal(t, end, at)
	})
}

// TestSweepKeepsWhatIsNotStored drops an agent's old days only once the event
// that last changed them is stored.
func TestSweepKeepsWhatIsNotStored(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "", "", false)
	d.run(`09:00 online a1
		+5 10:00 disable a1`)
	a, ok := d.st.Agent("a1")
	require.True(t, ok)
	require.Len(t, a.Days, 6)
	d.st.Sweep(1, 0, true)
	require.Len(t, a.Days, 6)
	d.st.Sweep(2, 0, true)
	require.Contains(t, a.Days, d.first+5)
	require.NotContains(t, a.Days, d.first)
}

// TestNames creates what an event names before it was announced.
func TestNames(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "", "", false)
	d.apply(d.first.Time(), &event.FlowTriggered{Flow: "f", Name: "f", Channel: "w1"})
	require.True(t, d.change.Directory)
	d.apply(d.first.Time(), &event.TemplateCharged{Category: "other", Amount: "1", Currency: "USD", Channel: "w2"})
	d.apply(d.first.Time(), &event.CreditAdded{Amount: "1", Currency: "USD", Channel: "w3"})
	d.apply(d.first.Time(), &event.ServiceJoined{Customer: "u1", Kind: "group", Target: "g", Agent: "a1"})
	d.run(`09:00 queue c1 T1
		09:01 assign c1 a2 T2
		09:02 says c1 a3
		09:03 blocked c1 a4 m1
		09:04 agent a5 T3
		09:05 online a6`)
	for _, id := range []event.ChannelID{"w1", "w2", "w3", "unknown"} {
		c, ok := d.st.Channel(id)
		require.True(t, ok, id)
		require.Equal(t, string(id), c.Name)
	}
	for _, id := range []event.AgentID{"a1", "a2", "a3", "a4", "a5", "a6"} {
		a, ok := d.st.Agent(id)
		require.True(t, ok, id)
		require.Equal(t, string(id), a.Name)
	}
	for _, id := range []event.TeamID{"T1", "T2", "T3"} {
		_, ok := d.st.Team(id)
		require.True(t, ok, id)
	}
}

// TestRefusedProfile leaves no trace: the corrected event may bear the same id.
func TestRefusedProfile(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "", "", false)
	at := d.first.Time()
	d.send(event.New("desk", "floorlight", "p1", at.AddDate(0, 0, 9), &event.TenantConfigured{Settings: []byte(`{"timezone":"Mars/Olympus"}`)}))
	require.NotNil(t, d.change.Refused)
	require.Equal(t, event.InvalidField, d.change.Refused.Reason)
	require.Contains(t, d.change.Refused.Detail, "timezone")
	require.Zero(t, d.st.Latest())
	d.send(event.New("desk", "floorlight", "p1", at, &event.TenantConfigured{Settings: []byte(`{"timezone":"Asia/Shanghai"}`)}))
	require.Nil(t, d.change.Refused)
	require.True(t, d.change.Profile)
	require.Equal(t, "Asia/Shanghai", d.st.Profile().Timezone)
}
