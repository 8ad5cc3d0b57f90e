package metric

import (
	"fmt"
	"math"
	"time"
	_ "time/tzdata" // compiled in, so that every machine cuts days alike
)

// Day is a local calendar day, counted from 1970-01-01.
type Day int32

// DayOf is the calendar day of a date.
func DayOf(year int, month time.Month, day int) Day {
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400) //nolint:gosec // years 0 to 9999.
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

// Calendar cuts time into the local days of one time zone. It remembers the
// stretch of constant offset that it used last, since nearly every question is
// about the same one. It is for one goroutine.
type Calendar struct {
	loc        *time.Location
	start, end int64 // of the stretch, in milliseconds; end exclusive
	offset     int64 // local less UTC within it, in milliseconds
}

// NewCalendar makes a calendar of a time zone.
func NewCalendar(loc *time.Location) *Calendar { return &Calendar{loc: loc} }

const dayMillis = 24 * 60 * 60 * 1000

// Day is the local day of a moment in milliseconds since 1970.
func (c *Calendar) Day(millis int64) Day {
	c.seek(millis)
	local := millis + c.offset
	d := local / dayMillis
	if local%dayMillis < 0 {
		d--
	}
	return Day(d) //nolint:gosec // years 0 to 9999.
}

// Slot is a local day and an hour of its clock. The hour that a clock repeats is
// one slot.
type Slot struct {
	Day  Day
	Hour int8 // 0 to 23
}

// Slot is the local day and clock hour of a moment in milliseconds since 1970.
func (c *Calendar) Slot(millis int64) Slot {
	d := c.Day(millis)
	return Slot{Day: d, Hour: int8((millis + c.offset - int64(d)*dayMillis) / hourMillis)} //nolint:gosec // 0 to 23.
}

const hourMillis = 60 * 60 * 1000

// Start is the first millisecond of a local day. Where a clock skips midnight it
// is the first moment after it that exists; where a clock repeats it, the first.
func (c *Calendar) Start(d Day) int64 {
	midnight := int64(d) * dayMillis
	for from := midnight - 26*60*60*1000; ; from = c.end { // no offset is that far from UTC
		c.seek(from)
		if at := max(from, midnight-c.offset); at < c.end {
			return at
		}
	}
}

// Next is the first moment after millis at which the local day or the offset
// changes.
func (c *Calendar) Next(millis int64) int64 {
	midnight := (int64(c.Day(millis))+1)*dayMillis - c.offset
	return min(c.end, midnight)
}

// seek makes the stretch the one that millis is in.
func (c *Calendar) seek(millis int64) {
	if millis >= c.start && millis < c.end {
		return
	}
	t := time.UnixMilli(millis).In(c.loc)
	_, offset := t.Zone()
	start, end := t.ZoneBounds()
	c.start, c.end, c.offset = math.MinInt64, math.MaxInt64, int64(offset)*1000
	if !start.IsZero() {
		c.start = start.UnixMilli()
	}
	if !end.IsZero() {
		c.end = end.UnixMilli()
	}
}
