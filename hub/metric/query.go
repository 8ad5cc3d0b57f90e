package metric

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Dimension is what a report can be broken down by.
type Dimension string

// The dimensions that every row has.
const (
	ByDay      Dimension = "day"
	ByHour     Dimension = "hour" // of the local clock, 00 to 23
	ByChannel  Dimension = "channel"
	ByTeam     Dimension = "team"
	ByAgent    Dimension = "agent"
	ByIntent   Dimension = "intent"
	ByHandling Dimension = "handling"
	ByTag      Dimension = "tag" // a conversation counts once under each of its tags
	ByAIStatus Dimension = "ai_status"
)

// The part dimensions: under a value of one of them stands a part of one
// counter of a row; see Part.
const (
	ByReason   Dimension = "reason"
	ByCategory Dimension = "category"
	ByTool     Dimension = "tool"
	ByFlow     Dimension = "flow"
	ByRule     Dimension = "rule"
)

// Dimensions lists the dimensions that every row has.
var Dimensions = []Dimension{ByDay, ByHour, ByChannel, ByTeam, ByAgent, ByIntent, ByHandling, ByTag, ByAIStatus}

// PartDimensions lists the dimensions that only some counters have.
var PartDimensions = []Dimension{ByReason, ByCategory, ByTool, ByFlow, ByRule}

// IsPart reports whether only parts of some counters stand under the dimension.
func (d Dimension) IsPart() bool { return slices.Contains(PartDimensions, d) }

// AIStatus is what became of a conversation in which a bot took part.
type AIStatus string

// The states, the first that applies. AINone is a session that is no such conversation.
const (
	AINone   AIStatus = ""
	AIRouted AIStatus = "routed"   // handed off to a ticket, or a human became involved
	AIClosed AIStatus = "closed"   // the handoff message was shown
	AIDone   AIStatus = "resolved" // closed as resolved, after a last message of a bot
	AIOpen   AIStatus = "open"
)

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
// the members hold together. An empty member does not narrow; an empty value
// stands for what has none, which is what a breakdown shows it under.
type Filter struct {
	Hour     []string // of the local clock, 00 to 23
	Channel  []string
	Team     []string
	Agent    []string
	Intent   []string
	Handling []string
	Tag      []string
	AIStatus []string

	// These narrow the metrics that have the dimension to the parts under it.
	Reason   []string
	Category []string
	Tool     []string
	Flow     []string
	Rule     []string
}

// Parts are the values that the filter wants of each part dimension that it
// has a word on.
func (f *Filter) Parts() map[Dimension][]string {
	m := make(map[Dimension][]string)
	for i, values := range [][]string{f.Reason, f.Category, f.Tool, f.Flow, f.Rule} {
		if len(values) > 0 {
			m[PartDimensions[i]] = values
		}
	}
	return m
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

// Parameters are those of the URL that ParseQuery reads.
func Parameters() []string {
	return append([]string{"metric", "from", "to", "by", "compare"}, filterMembers...)
}

// ParseQuery reads a question from the parameters of its URL.
func ParseQuery(values map[string][]string, today Day, p *Settings) (Query, error) {
	var q Query
	known := Parameters()
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
		if !slices.Contains(Dimensions, d) && !d.IsPart() {
			return q, &FieldError{Field: "by", Message: fmt.Sprintf("unknown dimension %q; there are %s, and for some metrics %s", by, joined(Dimensions), joined(PartDimensions))}
		}
		for _, m := range q.Metrics {
			if !slices.Contains(m.Dimensions(), d) {
				return q, &FieldError{Field: "by", Message: fmt.Sprintf("%q cannot be broken down by %s; it can by %s", m.ID, by, joined(m.Dimensions()))}
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
	if q.Filter, err = ParseFilter(values); err != nil {
		return q, err
	}
	if len(q.Filter.Hour) > 0 {
		for _, m := range q.Metrics {
			if !slices.Contains(m.Dimensions(), ByHour) {
				return q, &FieldError{Field: "hour", Message: fmt.Sprintf("%q is not kept by hour", m.ID)}
			}
		}
	}
	part := Dimension("")
	for _, d := range PartDimensions {
		_, filtered := q.Filter.Parts()[d]
		if !filtered && !slices.Contains(q.By, d) {
			continue
		}
		for _, m := range q.Metrics {
			if !slices.Contains(m.Dimensions(), d) {
				return q, &FieldError{Field: string(d), Message: fmt.Sprintf("%q does not stand under a %s", m.ID, d)}
			}
		}
		if part != "" {
			return q, &FieldError{Field: string(d), Message: fmt.Sprintf("not together with %s: a number stands under one of them at a time", part)}
		}
		part = d
	}
	return q, nil
}

// filterMembers are the parameters that ParseFilter reads.
var filterMembers = []string{"hour", "none", "channel", "team", "agent", "intent", "handling", "tag", "ai_status", "reason", "category", "tool", "flow", "rule"}

func joined(list []Dimension) string {
	words := make([]string, len(list))
	for i, d := range list {
		words[i] = string(d)
	}
	return strings.Join(words, ", ")
}

// ParseFilter reads the members of a filter. human, in handling, stands for
// human_only and bot_to_human; none lists dimensions of which what has no value
// is let through as well, or alone.
func ParseFilter(values map[string][]string) (Filter, error) {
	f := Filter{
		Channel: list(values["channel"]), Team: list(values["team"]), Agent: list(values["agent"]), Tag: list(values["tag"]),
		Reason: list(values["reason"]), Category: list(values["category"]), Tool: list(values["tool"]), Flow: list(values["flow"]), Rule: list(values["rule"]),
	}
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
	for _, status := range list(values["ai_status"]) {
		if !slices.Contains([]AIStatus{AIOpen, AIDone, AIRouted, AIClosed}, AIStatus(status)) {
			return f, &FieldError{Field: "ai_status", Message: fmt.Sprintf("unknown ai_status %q; there are open, resolved, routed, closed", status)}
		}
		f.AIStatus = append(f.AIStatus, status)
	}
	for _, hour := range list(values["hour"]) {
		h, err := strconv.ParseUint(hour, 10, 8)
		if err != nil || h > 23 {
			return f, &FieldError{Field: "hour", Message: fmt.Sprintf("%q is no hour of a clock; there are 00 to 23", hour)}
		}
		f.Hour = append(f.Hour, fmt.Sprintf("%02d", h))
	}
	return f, f.letNone(list(values["none"]))
}

// letNone lets through what has no value of some dimensions.
func (f *Filter) letNone(dimensions []string) error {
	members := []struct {
		by Dimension
		in *[]string
	}{{ByChannel, &f.Channel}, {ByTeam, &f.Team}, {ByAgent, &f.Agent}, {ByIntent, &f.Intent}, {ByHandling, &f.Handling}, {ByTag, &f.Tag}, {ByAIStatus, &f.AIStatus}}
	for _, d := range dimensions {
		found := false
		for _, m := range members {
			if d == string(m.by) {
				*m.in, found = append(*m.in, ""), true
			}
		}
		if !found {
			return &FieldError{Field: "none", Message: fmt.Sprintf("nothing is without a value of %q; there are channel, team, agent, intent, handling, tag, ai_status", d)}
		}
	}
	return nil
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
