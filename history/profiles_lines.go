package history

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/floorlight/floorlight/hub/metric"
)

// foldedLine is a row of contributions that stands in no table: what an explanation
// lists under a profile that is not in force.
type foldedLine struct {
	day      metric.Day
	perAgent bool
	document []byte // its columns by name, as JSON, without counters that are 0
}

// mostLines bounds what PostgreSQL is given of them for one question, in bytes.
const mostLines = 100 << 20

// line keeps a row, if lines are wanted.
func (f *foldedDesk) line(wanted bool, x *contribution) error {
	if !wanted {
		return nil
	}
	r := x.row
	columns := map[string]any{
		"tenant": x.tenant, "conversation": x.conversation, "session": x.session, "position": x.position, "day": r.Day.String(), "hour": r.Hour,
		"per_agent": r.Agent != "", "channel": x.channel, "team": x.team, "agent": x.agent, "intent": x.intent, "handling": x.handling,
		"ai_status": x.aiStatus, "tags": append([]string{}, x.tags...), "customer": x.customer,
	}
	for name, amounts := range map[string]metric.Money{"revenue": x.revenue, "ai_sales": r.AISales()} {
		if len(amounts) > 0 {
			columns[name] = amounts.Strings()
		}
	}
	if len(x.credits) > 0 {
		columns["credits"] = x.credits
	}
	if len(r.Parts()) > 0 {
		columns["parts"] = storedParts(r.Parts())
	}
	for c, n := range r.Counts.All() {
		columns[c.String()] = n
	}
	document, err := json.Marshal(columns, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("keep a row: %w", err)
	}
	f.lines = append(f.lines, foldedLine{day: r.Day, perAgent: r.Agent != "", document: document})
	return nil
}

// nothingCounted is a row whose counters are 0.
var nothingCounted = func() string {
	zeros := make(map[string]int, metric.NumCounters)
	for _, c := range metric.Counters() {
		zeros[c.String()] = 0
	}
	document, err := json.Marshal(zeros, json.Deterministic(true))
	if err != nil {
		panic(err) // cannot be: names and zeros
	}
	return string(document)
}()

// source is the rows of some days as a FROM, so that they are asked as those in
// the table are. Those that have none of columns are left out.
func (f *foldedDesk) source(w *condition, rows string, from, to metric.Day, perAgent bool, columns []string) (string, error) {
	var list strings.Builder
	list.WriteByte('[')
	for i := range f.lines {
		l := &f.lines[i]
		if l.perAgent != perAgent || l.day < from || l.day > to || !l.hasAny(columns) {
			continue
		}
		if list.Len() > 1 {
			list.WriteByte(',')
		}
		list.Write(l.document)
		if list.Len() > mostLines {
			return "", &metric.FieldError{Field: "from", Message: "too much was counted in this range to be listed under a profile that is not in force; ask for fewer days"}
		}
	}
	list.WriteByte(']')
	return " FROM (SELECT " + w.arg(rows) + "::text AS tenant, " + strings.Join(slices.Concat(contributionColumns[1:], counterColumns()), ", ") +
		" FROM jsonb_populate_recordset(jsonb_populate_record(NULL::contributions, " + w.arg(nothingCounted) + "::jsonb), " + w.arg(list.String()) + "::jsonb)) k WHERE ", nil
}

func (l *foldedLine) hasAny(columns []string) bool {
	return slices.ContainsFunc(columns, func(name string) bool { return strings.Contains(string(l.document), `"`+name+`":`) })
}
