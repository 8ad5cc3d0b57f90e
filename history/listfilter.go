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
	"from", "to", "channel", "agent", "team", "intent", "handling", "customer", "q", "state", "rating", "negative", "reason",
	"risky", "tag", "friend", "cursor", "limit",
}

// list is a question for conversations.
type list struct {
	tenant   string
	profile  *metric.Profile
	calendar *metric.Calendar
	from, to metric.Day
	where    condition // on conversations c and customers u
	nothing  bool      // the scope lets nothing through
	limit    int
	after    *pageMark
}

// parseList reads the parameters of a list.
func parseList(tenant string, scope Scope, values map[string][]string, now time.Time, p *metric.Profile) (*list, error) {
	for name := range values {
		if !slices.Contains(listParameters, name) {
			return nil, &metric.FieldError{Field: name, Message: "unknown parameter; there are " + strings.Join(listParameters, ", ")}
		}
	}
	l := &list{tenant: tenant, profile: p, calendar: metric.NewCalendar(p.Location()), limit: defaultPage}
	var err error
	l.from, l.to, err = metric.ParseRange(one(values, "from"), one(values, "to"), l.calendar.Day(now.UnixMilli()), &p.Settings)
	if err != nil {
		return nil, err
	}
	if err := l.parsePaging(values); err != nil {
		return nil, err
	}
	f, err := metric.ParseFilter(values)
	if err != nil {
		return nil, err
	}
	// An agent's filter asks for whoever took part; his scope is what he may see.
	asked := f.Agent
	f.Agent = nil
	f, l.nothing = scope.apply(f)

	w := &l.where
	w.and("c.tenant = ?", tenant)
	w.and("c.start_day BETWEEN ? AND ?", l.from.Time(), l.to.Time())
	// The same for the index, which is by time. The margin is for days that were
	// cut in another time zone.
	const margin = 48 * time.Hour
	w.and("c.started_at >= ?", time.UnixMilli(l.calendar.Start(l.from)).Add(-margin).UTC())
	w.and("c.started_at < ?", time.UnixMilli(l.calendar.Start(l.to+1)).Add(margin).UTC())
	w.in("c.channel", f.Channel)
	w.in("c.team", f.Team)
	w.in("c.intent", f.Intent)
	w.in("c.handling", f.Handling)
	for _, agents := range [][]string{asked, f.Agent} {
		if len(agents) > 0 {
			w.and("c.agents && ?", agents)
		}
	}
	w.in("c.customer", commaList(values["customer"]))
	if err := l.parseMarks(values); err != nil {
		return nil, err
	}
	return l, l.parseSearch(one(values, "q"))
}

func (l *list) parsePaging(values map[string][]string) (err error) {
	if s := one(values, "limit"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > mostPage {
			return &metric.FieldError{Field: "limit", Message: fmt.Sprintf("must be a number from 1 to %d", mostPage)}
		}
		l.limit = n
	}
	if s := one(values, "cursor"); s != "" {
		l.after, err = parsePageMark(s)
	}
	return err
}

// parseMarks reads what narrows by the marks on a conversation.
func (l *list) parseMarks(values map[string][]string) error {
	w := &l.where
	states, err := choices(values, "state", "queued", "bot", "human", "open", "closed")
	if err != nil {
		return err
	}
	w.in("c.state", states)
	ratings, err := choices(values, "rating", "1", "2", "3", "4", "5")
	if err != nil {
		return err
	}
	if len(ratings) > 0 {
		stars := make([]int16, len(ratings))
		for i, r := range ratings {
			stars[i] = int16(r[0] - '0')
		}
		w.and("c.stars = ANY(?)", stars)
	}
	if tags := commaList(values["tag"]); len(tags) > 0 {
		w.and("c.tags && ?", tags)
	}
	if reasons := commaList(values["reason"]); len(reasons) > 0 {
		w.and("c.reasons && ?", reasons)
	}
	negative := 2
	if l.profile.NeutralIsNegative {
		negative = 3
	}
	for _, mark := range []struct{ name, sql string }{
		{"negative", "coalesce(c.stars <= " + strconv.Itoa(negative) + ", false)"},
		{"risky", "c.risky"},
		{"friend", "coalesce(u.friend, false)"},
	} {
		chosen, err := choices(values, mark.name, "true", "false")
		switch {
		case err != nil:
			return err
		case len(chosen) != 1: // none, or both
		case chosen[0] == "true":
			w.and(mark.sql)
		default:
			w.and("NOT " + mark.sql)
		}
	}
	return nil
}

// escapeLike makes a text stand for itself in LIKE.
var escapeLike = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// parseSearch reads q: a text, in any case, within ids, names, addresses or
// messages. It is not cut at commas.
func (l *list) parseSearch(q string) error {
	if len(q) > mostSearch {
		return &metric.FieldError{Field: "q", Message: fmt.Sprintf("must have at most %d bytes", mostSearch)}
	}
	if q = strings.TrimSpace(q); q == "" {
		return nil
	}
	like := "ILIKE " + l.where.arg("%"+escapeLike.Replace(q)+"%")
	fields := []string{"c.conversation", "c.customer", "u.name", "u.email", "u.phone", "c.first_question"}
	for i, f := range fields {
		fields[i] = f + " " + like
	}
	fields = append(fields, `EXISTS (SELECT FROM events e WHERE e.tenant = c.tenant AND e.conversation = c.conversation
		AND e.type IN ('message.sent', 'message.blocked') AND e.body->'data'->>'text' `+like+")")
	l.where.parts = append(l.where.parts, "("+strings.Join(fields, " OR ")+")")
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
