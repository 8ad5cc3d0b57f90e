package metric_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/floorlight/floorlight/hub/metric"
)

// zones have half hours, quarters, midnights that are skipped or repeated, a
// day that does not exist (Apia), half an hour of summer time (Lord Howe), and
// clocks that are set back across midnight (St Johns, Casey).
var zones = []string{
	"UTC", "America/New_York", "Asia/Shanghai", "Asia/Kathmandu", "America/Sao_Paulo", "Australia/Lord_Howe",
	"Pacific/Apia", "America/St_Johns", "Antarctica/Casey", "Africa/Cairo", "Asia/Beirut", "Pacific/Kiritimati",
}

func location(t require.TestingT, name string) *time.Location {
	loc, err := time.LoadLocation(name)
	require.NoError(t, err)
	return loc
}

func localDay(loc *time.Location, millis int64) metric.Day {
	return metric.DayOf(time.UnixMilli(millis).In(loc).Date())
}

// TestCalendarDay asks one calendar about moments in any order: what it
// remembers must not show.
func TestCalendarDay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		loc := location(t, rapid.SampledFrom(zones).Draw(t, "zone"))
		c := metric.NewCalendar(loc)
		for range 60 {
			at := rapid.Int64Range(946_684_800_000, 2_208_988_800_000).Draw(t, "at") // 2000 to 2040
			for _, m := range []int64{at, at + rapid.Int64Range(-90_000_000, 90_000_000).Draw(t, "near")} {
				local := time.UnixMilli(m).In(loc)
				require.Equal(t, localDay(loc, m), c.Day(m), "%s", local)
				require.Equal(t, metric.Slot{Day: localDay(loc, m), Hour: int8(local.Hour())}, c.Slot(m), "%s", local)
			}
		}
	})
}

// TestCalendarBounds walks years hour by hour and compares each change of day
// with the calendar's starts.
func TestCalendarBounds(t *testing.T) {
	t.Parallel()
	for _, name := range zones {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			loc := location(t, name)
			c, fresh := metric.NewCalendar(loc), metric.NewCalendar(loc)
			first := time.Date(2004, 12, 25, 0, 0, 0, 0, loc)
			last := time.Date(2012, 3, 1, 0, 0, 0, 0, loc)
			if name == "America/Sao_Paulo" || name == "Africa/Cairo" {
				last = time.Date(2025, 1, 1, 0, 0, 0, 0, loc)
			}
			highest := localDay(loc, first.UnixMilli())
			for at := first.UnixMilli(); at < last.UnixMilli(); at += 15 * 60_000 {
				d := localDay(loc, at)
				require.Equal(t, d, c.Day(at))
				for highest < d { // the first quarter of an hour of a new day, or of one after it
					highest++
					start := fresh.Start(highest)
					require.GreaterOrEqual(t, localDay(loc, start), highest)
					require.Less(t, localDay(loc, start-1), highest)
					require.LessOrEqual(t, start, at)
					require.Greater(t, start, at-15*60_000)
				}
			}
		})
	}
}

// TestCalendarNext follows the changes of day: between two of them the day is one.
func TestCalendarNext(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		loc := location(t, rapid.SampledFrom(zones).Draw(t, "zone"))
		c := metric.NewCalendar(loc)
		at := rapid.Int64Range(946_684_800_000, 1_735_689_600_000).Draw(t, "at")
		for range 20 {
			next := c.Next(at)
			require.Greater(t, next, at)
			within := rapid.Int64Range(at, next-1).Draw(t, "within")
			require.Equal(t, localDay(loc, at), localDay(loc, within))
			require.Equal(t, localDay(loc, at), localDay(loc, next-1))
			at = next
		}
	})
}

func TestDaysAreAsLongAsTheyAre(t *testing.T) {
	t.Parallel()
	cases := []struct {
		zone, day string
		hours     float64
	}{
		{"America/New_York", "2026-03-08", 23},
		{"America/New_York", "2026-11-01", 25},
		{"Asia/Shanghai", "2026-03-08", 24},
		{"Asia/Kathmandu", "2026-11-01", 24},
		{"America/Sao_Paulo", "2018-11-04", 23}, // its midnight was skipped
		{"America/Sao_Paulo", "2018-02-17", 25},
		{"Australia/Lord_Howe", "2026-04-05", 24.5},
		{"Australia/Lord_Howe", "2026-10-04", 23.5},
		{"Pacific/Apia", "2011-12-29", 24},
		{"Pacific/Apia", "2011-12-30", 0},
		{"Pacific/Apia", "2011-12-31", 24},
	}
	for _, tc := range cases {
		t.Run(tc.zone+" "+tc.day, func(t *testing.T) {
			t.Parallel()
			c := metric.NewCalendar(location(t, tc.zone))
			d, err := metric.ParseDay(tc.day)
			require.NoError(t, err)
			require.InDelta(t, tc.hours, float64(c.Start(d+1)-c.Start(d))/3_600_000, 0)
		})
	}
}

func TestDayText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := metric.Day(rapid.Int32Range(10957, 2_932_896).Draw(t, "day")) // 2000-01-01 to 9999-12-31
		text, err := d.MarshalText()
		require.NoError(t, err)
		var back metric.Day
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, d, back)
		require.Equal(t, d.String(), d.Time().Format(time.DateOnly))
	})
	for _, bad := range []string{"", "2026-02-30", "2026-13-01", "26-01-01", "2026-1-1", "2026-01-01T00:00:00Z", "yesterday"} {
		_, err := metric.ParseDay(bad)
		require.ErrorContains(t, err, "is not a day such as 2026-11-01", bad)
	}
}
