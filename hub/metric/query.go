package metric

import (
	"fmt"
	"slices"
	"strings"
)

// Dimension is what a report can be broken down by.
type Dimension string

// The dimensions.
const (
	ByDay      Dimension = "day"
	ByChannel  Dimension = "channel"
	ByTeam     Dimension = "team"
	ByAgent    Dimension = "agent"
	ByIntent   Dimension = "intent"
	ByHandling Dimension = "handling"
)

// Dimensions lists all dimensions.
var Dimensions = []Dimension{ByDay, ByChannel, ByTeam, ByAgent, ByIntent, ByHandling}

// Handling is by whom a chat was handled.
type Handling string

// The kinds of handling. HandlingNone is a session without a customer message.
const (
	HandlingNone       Handling = "none"
	HandlingBotOnly    Handling = "bot_only"
	HandlingHumanOnly  Handling = "human_only"
	HandlingBotToHuman Handling = "bot_to_human"
	HandlingUnhandled  Handling = "unhandled"
)

// Filter narrows what is counted; values of one member are alternatives, and
// the members hold together. An empty member does not narrow.
type Filter struct {
	Channel  []string
	Team     []string
	Agent    []string
	Intent   []string
	Handling []string
}

// Query is a question to the reports. From and To are inclusive local days.
type Query struct {
	Metrics []*Metric
	From    Day
	To      Day
	By      []Dimension
	Filter  Filter
	Compare bool // also the range of the same length just before
}

// PerAgent says whether metrics with a form per agent answer by it.
func (q *Query) PerAgent() bool { return len(q.Filter.Agent) > 0 || slices.Contains(q.By, ByAgent) }

// FieldError is a faulty parameter of a request.
type FieldError struct {
	Field   string
	Message string
}

func (e *FieldError) Error() string { return e.Field + ": " + e.Message }

// DefaultRangeDays is the length of a range that the caller does not give.
const DefaultRangeDays = 7

// longestRange bounds a range where the profile does not.
const longestRange = 3660

// ParseRange reads from and to; both are inclusive, today is the default end.
func ParseRange(from, to string, today Day, p *Settings) (first, last Day, err error) {
	last = today
	if to != "" {
		if last, err = ParseDay(to); err != nil {
			return 0, 0, &FieldError{Field: "to", Message: err.Error()}
		}
	}
	first = last - (DefaultRangeDays - 1)
	if from != "" {
		if first, err = ParseDay(from); err != nil {
			return 0, 0, &FieldError{Field: "from", Message: err.Error()}
		}
		if to == "" && first > last {
			last = first
		}
	}
	most := Day(longestRange)
	if p.MaxRangeDays > 0 {
		most = Day(p.MaxRangeDays) //nolint:gosec // at most 3660, by the profile's validation.
	}
	switch {
	case first > last:
		return 0, 0, &FieldError{Field: "from", Message: fmt.Sprintf("%s is after to (%s)", first, last)}
	case last-first+1 > most:
		return 0, 0, &FieldError{Field: "from", Message: fmt.Sprintf("the range has %d days; at most %d", last-first+1, most)}
	}
	return first, last, nil
}

// ParseQuery reads a question from the parameters of its URL.
func ParseQuery(values map[string][]string, today Day, p *Settings) (Query, error) {
	var q Query
	known := []string{"metric", "from", "to", "by", "compare", "channel", "team", "agent", "intent", "handling"}
	for name := range values {
		if !slices.Contains(known, name) {
			return q, &FieldError{Field: name, Message: "unknown parameter; there are " + strings.Join(known, ", ")}
		}
	}
	ids := list(values["metric"])
	if len(ids) == 0 {
		return q, &FieldError{Field: "metric", Message: "is required: one or more ids of the catalogue, by comma"}
	}
	for _, id := range ids {
		m, ok := Lookup(id)
		switch {
		case !ok:
			return q, &FieldError{Field: "metric", Message: fmt.Sprintf("unknown metric %q; GET /v1/catalog lists them", id)}
		case m.Live:
			return q, &FieldError{Field: "metric", Message: fmt.Sprintf("%q is a live gauge and has no range; the wallboard topic has it", id)}
		case !slices.Contains(q.Metrics, m):
			q.Metrics = append(q.Metrics, m)
		}
	}
	for _, by := range list(values["by"]) {
		d := Dimension(by)
		if !slices.Contains(Dimensions, d) {
			return q, &FieldError{Field: "by", Message: fmt.Sprintf("unknown dimension %q; there are day, channel, team, agent, intent, handling", by)}
		}
		for _, m := range q.Metrics {
			if !slices.Contains(m.Dimensions(), d) {
				return q, &FieldError{Field: "by", Message: fmt.Sprintf("%q cannot be broken down by %s", m.ID, by)}
			}
		}
		if !slices.Contains(q.By, d) {
			q.By = append(q.By, d)
		}
	}
	var err error
	if q.From, q.To, err = ParseRange(one(values["from"]), one(values["to"]), today, p); err != nil {
		return q, err
	}
	switch c := one(values["compare"]); c {
	case "":
	case "previous":
		q.Compare = true
	default:
		return q, &FieldError{Field: "compare", Message: "must be previous"}
	}
	q.Filter, err = ParseFilter(values)
	return q, err
}

// ParseFilter reads the members of a filter. human, in handling, stands for
// human_only and bot_to_human.
func ParseFilter(values map[string][]string) (Filter, error) {
	f := Filter{Channel: list(values["channel"]), Team: list(values["team"]), Agent: list(values["agent"])}
	for _, i := range list(values["intent"]) {
		if !slices.Contains([]string{"pre_purchase", "aftersales", "logistics", "other"}, i) {
			return f, &FieldError{Field: "intent", Message: fmt.Sprintf("unknown intent %q; there are pre_purchase, aftersales, logistics, other", i)}
		}
		f.Intent = append(f.Intent, i)
	}
	for _, h := range list(values["handling"]) {
		switch Handling(h) {
		case "human":
			f.Handling = append(f.Handling, string(HandlingHumanOnly), string(HandlingBotToHuman))
		case HandlingNone, HandlingBotOnly, HandlingHumanOnly, HandlingBotToHuman, HandlingUnhandled:
			f.Handling = append(f.Handling, h)
		default:
			return f, &FieldError{Field: "handling", Message: fmt.Sprintf("unknown handling %q; there are bot_only, human_only, bot_to_human, unhandled, none, human", h)}
		}
	}
	return f, nil
}

// list reads values given by comma, by repetition or both; empty ones are nothing.
func list(values []string) []string {
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

func one(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}
