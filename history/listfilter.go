package history

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/floorlight/floorlight/hub/metric"
)

// mostSearch bounds a search text, in bytes.
const mostSearch = 200

// listParameters are what a list of conversations can be asked by.
var listParameters = []string{
	"from", "to", "channel", "agent", "team", "intent", "handling", "customer", "name", "q", "state", "rating", "negative", "reason",
	"risky", "ai_status", "tag", "friend", "hour", "weekday", "category", "rule", "conversation", "message", "sort", "cursor", "limit",
}

// margin is for days that were cut in another time zone.
const margin = 48 * time.Hour

// list is a question for conversations.
type list struct {
	desk     *openedDesk
	calendar *metric.Calendar
	from, to metric.Day
	// begin and end are the range's in time, with a margin: a text that ends before
	// is of no session of the range.
	begin, end time.Time

	fence   []string  // conditions on the range, for the index
	where   condition // the others, on conversations c and customers u; its arguments are those of fence, too
	nothing bool      // the scope, or a search, lets nothing through
	few     bool      // an index other than that of the range finds the rows
	marks   []mark    // what may turn out to be rare
	walk    bool      // each row's text is looked at
	words   string    // what is searched for, as a tsquery
	name    string    // the same in customers' names
	sort    *listSort
	limit   int
	after   *pageMark
}

// parseList reads the parameters of a list.
func parseList(desk *openedDesk, scope Scope, values map[string][]string, now time.Time) (*list, error) {
	for name := range values {
		if !slices.Contains(listParameters, name) {
			return nil, &metric.FieldError{Field: name, Message: "unknown parameter; there are " + strings.Join(listParameters, ", ")}
		}
	}
	p := desk.profile
	l := &list{desk: desk, calendar: metric.NewCalendar(p.Location())}
	var err error
	l.from, l.to, err = metric.ParseRange(one(values, "from"), one(values, "to"), l.calendar.Day(now.UnixMilli()), &p.Settings)
	if err != nil {
		return nil, err
	}
	if err := l.parsePaging(values); err != nil {
		return nil, err
	}
	f, err := metric.ParseFilter(filtersOf(values))
	if err != nil {
		return nil, err
	}
	// An agent's filter asks for whoever took part; his scope is what he may see.
	asked := f.Agent
	f.Agent = nil
	f, l.nothing = scope.apply(f)

	w := &l.where
	w.and("c.tenant = ?", desk.rows)
	w.and("c.start_day BETWEEN ? AND ?", l.from.Time(), l.to.Time())
	// The same for the index, which is by time.
	l.begin = time.UnixMilli(l.calendar.Start(l.from)).Add(-margin).UTC()
	l.end = time.UnixMilli(l.calendar.Start(l.to + 1)).Add(margin).UTC()
	w.and("c.started_at >= ?", l.begin)
	w.and("c.started_at < ?", l.end)
	l.fence, w.parts = w.parts, nil
	w.in("c.channel", f.Channel)
	w.in("c.team", f.Team)
	w.in("c.intent", f.Intent)
	w.in("c.handling", f.Handling)
	for _, agents := range [][]string{asked, f.Agent} {
		l.marked("agents", agents)
	}
	for _, by := range []struct{ name, column string }{{"customer", "c.customer"}, {"conversation", "c.conversation"}} {
		if ids := commaList(values[by.name]); len(ids) > 0 {
			l.few = true
			w.and(by.column+" = ANY(?)", ids)
		}
	}
	if err := l.parseMarks(values); err != nil {
		return nil, err
	}
	if err := l.parseParts(values); err != nil {
		return nil, err
	}
	if err := l.parseClock(values); err != nil {
		return nil, err
	}
	return l, l.parseSearch(values)
}

// filtersOf are the parameters that reports have as well, with the same values.
func filtersOf(values map[string][]string) map[string][]string {
	out := map[string][]string{}
	for _, name := range []string{"channel", "team", "agent", "intent", "handling"} {
		if v, ok := values[name]; ok {
			out[name] = v
		}
	}
	return out
}

func (l *list) parsePaging(values map[string][]string) (err error) {
	if l.limit, err = pageLimit(values); err != nil {
		return err
	}
	if l.sort, err = parseSort(one(values, "sort")); err != nil {
		return err
	}
	if s := one(values, "cursor"); s != "" {
		l.after, err = parsePageMark(s, l.sort)
	}
	return err
}

// pageLimit is how many rows of a list are asked for.
func pageLimit(values map[string][]string) (int, error) {
	s := one(values, "limit")
	if s == "" {
		return defaultPage, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > mostPage {
		return 0, &metric.FieldError{Field: "limit", Message: fmt.Sprintf("must be a number from 1 to %d", mostPage)}
	}
	return n, nil
}

// parseMarks reads what narrows by the marks on a conversation.
func (l *list) parseMarks(values map[string][]string) error {
	w := &l.where
	states, err := choices(values, "state", "queued", "bot", "human", "open", "closed")
	if err != nil {
		return err
	}
	w.in("c.state", states)
	statuses, err := choices(values, "ai_status", "open", "resolved", "routed", "closed")
	if err != nil {
		return err
	}
	w.in("c.ai_status", statuses)
	ratings, err := choices(values, "rating", "1", "2", "3", "4", "5")
	if err != nil {
		return err
	}
	if len(ratings) > 0 {
		stars := make([]string, len(ratings))
		for i, r := range ratings {
			stars[i] = "c.stars = " + r // a constant, for the index of the unhappy
		}
		w.and("(" + strings.Join(stars, " OR ") + ")")
	}
	l.marked("tags", commaList(values["tag"]))
	l.marked("reasons", commaList(values["reason"]))
	negative := "2"
	if l.desk.profile.NeutralIsNegative {
		negative = "3"
	}
	for _, mark := range []struct{ name, yes, no string }{
		{"negative", "c.stars <= " + negative, "coalesce(c.stars > " + negative + ", true)"},
		{"risky", "c.risky", "NOT c.risky"},
		{"friend", "coalesce(u.friend, false)", "NOT coalesce(u.friend, false)"},
	} {
		chosen, err := choices(values, mark.name, "true", "false")
		switch {
		case err != nil:
			return err
		case len(chosen) != 1: // none, or both
		case chosen[0] == "true":
			w.and(mark.yes)
		default:
			w.and(mark.no)
		}
		if mark.name == "friend" && len(chosen) == 1 && chosen[0] == "true" {
			l.marks = append(l.marks, friends)
		}
	}
	return nil
}

// parseParts reads what narrows by what was blocked or flagged in a
// conversation, and by a message's id.
func (l *list) parseParts(values map[string][]string) error {
	for _, name := range []string{"category", "rule"} {
		asked := commaList(values[name])
		if len(asked) == 0 {
			continue
		}
		if err := l.violated(name, asked); err != nil {
			return err
		}
	}
	if ids := commaList(values["message"]); len(ids) > 0 {
		if !l.few { // an index of all messages would make every event a third dearer to write
			return &metric.FieldError{Field: "message", Message: "is looked for within some conversations, or a customer's; name those with conversation or customer, or search for the message's words with q"}
		}
		l.where.and(`EXISTS (SELECT FROM events e WHERE e.tenant = ? AND e.conversation = c.conversation
			AND e.type IN ('message.sent', 'message.blocked') AND e.body->'data'->>'message' = ANY(?))`, l.desk.tenant, ids)
	}
	return nil
}

// parseSearch reads q, words within ids, names, addresses or messages, and name,
// words of the customer's name or address. They are not cut at commas.
func (l *list) parseSearch(values map[string][]string) error {
	mark := tenantMark(l.desk.tenant)
	for _, p := range []struct {
		name string
		to   *string
	}{{"q", &l.words}, {"name", &l.name}} {
		text := strings.TrimSpace(one(values, p.name))
		switch {
		case len(text) > mostSearch:
			return &metric.FieldError{Field: p.name, Message: fmt.Sprintf("must have at most %d bytes", mostSearch)}
		case text == "":
			continue
		}
		if *p.to = searchFor(mark, text); *p.to == "" {
			l.nothing = true // signs alone: no text has them
		}
	}
	return nil
}

// choices reads values of a parameter that has only some.
func choices(values map[string][]string, name string, allowed ...string) ([]string, error) {
	list := commaList(values[name])
	for _, v := range list {
		if !slices.Contains(allowed, v) {
			return nil, &metric.FieldError{Field: name, Message: fmt.Sprintf("unknown value %q; there are %s", v, strings.Join(allowed, ", "))}
		}
	}
	return list, nil
}

// commaList reads values given by comma, by repetition or both.
func commaList(values []string) []string {
	var out []string
	for _, v := range values {
		for s := range strings.SplitSeq(v, ",") {
			if s = strings.TrimSpace(s); s != "" && !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	return out
}

func one(values map[string][]string, name string) string {
	if len(values[name]) == 0 {
		return ""
	}
	return values[name][0]
}
