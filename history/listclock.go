package history

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/floorlight/floorlight/hub/metric"
)

// clocked are the sessions that began within some times.
const clocked = `SELECT c.conversation, c.session FROM unnest($2::timestamptz[], $3::timestamptz[]) h (a, b)
	CROSS JOIN LATERAL (SELECT conversation, session FROM conversations WHERE tenant = $1 AND started_at >= h.a AND started_at < h.b
		ORDER BY started_at DESC LIMIT $4) c LIMIT $4`

// parseClock reads what narrows by the weekday and the hour of the desk's clock at
// which a conversation began, as the reports' hours count it. The hours are made
// here, not by the database: its time zones may be of another year.
func (l *list) parseClock(values map[string][]string) error {
	hours, err := numbers(values, "hour", 0, 23)
	if err != nil {
		return err
	}
	weekdays, err := numbers(values, "weekday", 1, 7)
	if err != nil || len(hours)+len(weekdays) == 0 {
		return err
	}
	var from, to []time.Time
	end := l.calendar.Start(l.to + 1)
	for at := l.calendar.Start(l.from); at < end; {
		slot := l.calendar.Slot(at)
		local := time.UnixMilli(at).In(l.desk.profile.Location())
		left := time.Hour - time.Duration(local.Minute())*time.Minute - time.Duration(local.Second())*time.Second
		next := min(at+left.Milliseconds(), l.calendar.Next(at))
		day := (int(slot.Day.Time().Weekday())+6)%7 + 1
		if (len(hours) == 0 || slices.Contains(hours, int(slot.Hour))) && (len(weekdays) == 0 || slices.Contains(weekdays, day)) {
			begin := time.UnixMilli(at).UTC()
			if n := len(to); n > 0 && to[n-1].Equal(begin) {
				to[n-1] = time.UnixMilli(next).UTC()
			} else {
				from, to = append(from, begin), append(to, time.UnixMilli(next).UTC())
			}
		}
		at = next
	}
	if len(from) == 0 {
		l.nothing = true
		return nil
	}
	var ranges strings.Builder
	for i := range from {
		fmt.Fprintf(&ranges, ",[%s,%s)", from[i].Format(time.RFC3339Nano), to[i].Format(time.RFC3339Nano))
	}
	// A multirange is searched by halves: a year has thousands of hours.
	l.where.and("c.started_at <@ ?::tstzmultirange", "{"+ranges.String()[1:]+"}")
	l.marks = append(l.marks, mark{sql: clocked, values: []any{from, to}})
	return nil
}

// numbers reads whole numbers within bounds, given by comma.
func numbers(values map[string][]string, name string, low, high int) ([]int, error) {
	var out []int
	for _, text := range commaList(values[name]) {
		n, err := strconv.Atoi(text)
		if err != nil || n < low || n > high {
			return nil, &metric.FieldError{Field: name, Message: fmt.Sprintf("%q is no number from %d to %d", text, low, high)}
		}
		out = append(out, n)
	}
	return out, nil
}
