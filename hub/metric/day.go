package metric

import (
	"fmt"
	"time"
	_ "time/tzdata" // compiled in, so that every machine cuts days alike
)

// Day is a local calendar day, counted from 1970-01-01.
type Day int32

// DayOf is the calendar day of a date.
func DayOf(year int, month time.Month, day int) Day {
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// ParseDay reads YYYY-MM-DD.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("%q is not a day such as 2026-11-01", s)
	}
	return DayOf(t.Date()), nil
}

// Time is midnight UTC of the same date, for databases and formatting.
func (d Day) Time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// String is YYYY-MM-DD.
func (d Day) String() string { return d.Time().Format(time.DateOnly) }

// MarshalText writes YYYY-MM-DD.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads YYYY-MM-DD.
func (d *Day) UnmarshalText(b []byte) error {
	parsed, err := ParseDay(string(b))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// Calendar cuts time into the local days of one time zone. It remembers the day
// that it found last, since nearly every question is about the same one. It is
// for one goroutine.
type Calendar struct {
	loc        *time.Location
	day        Day
	start, end int64 // of day, in milliseconds; end exclusive
}

// NewCalendar makes a calendar of a time zone.
func NewCalendar(loc *time.Location) *Calendar { return &Calendar{loc: loc} }

// Day is the local day of a moment in milliseconds since 1970.
func (c *Calendar) Day(millis int64) Day {
	if millis < c.start || millis >= c.end {
		c.day = DayOf(time.UnixMilli(millis).In(c.loc).Date())
		c.start, c.end = c.bounds(c.day)
		if millis < c.start || millis >= c.end {
			// Only a zone that skips its midnight by a whole day gets here
			// (Pacific/Apia 2011-12-30); the day found stands, uncached.
			c.start, c.end = 0, 0
		}
	}
	return c.day
}

// Start is the first millisecond of a local day.
func (c *Calendar) Start(d Day) int64 {
	start, _ := c.bounds(d)
	return start
}

// bounds finds the first moments of d and of the day after. A midnight that a
// clock skips begins at the first moment that exists; one that a clock repeats,
// at its first.
func (c *Calendar) bounds(d Day) (start, end int64) {
	return firstMoment(c.loc, d), firstMoment(c.loc, d+1)
}

func firstMoment(loc *time.Location, d Day) int64 {
	y, m, day := d.Time().Date()
	guess := time.Date(y, m, day, 0, 0, 0, 0, loc)
	low, high := guess.Add(-26*time.Hour).UnixMilli(), guess.Add(26*time.Hour).UnixMilli()
	for low < high { // the first millisecond whose date is not before d
		mid := low + (high-low)/2
		if DayOf(time.UnixMilli(mid).In(loc).Date()) < d {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}
