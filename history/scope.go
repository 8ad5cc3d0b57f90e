package history

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/floorlight/floorlight/hub/metric"
)

// Scope is what the caller may see, whatever he asks for: his token's channels
// and teams, and for an agent his own conversations. An empty member does not
// narrow.
type Scope struct {
	Channels []string
	Teams    []string
	Agent    string
}

// narrowed reports whether there is something that the scope leaves out.
func (s *Scope) narrowed() bool { return len(s.Channels)+len(s.Teams) > 0 || s.Agent != "" }

// narrow cuts a filter's values down to those within the scope. Where nothing
// remains it reports that nothing can be seen.
func narrow(asked, within []string) (values []string, nothing bool) {
	switch {
	case len(within) == 0:
		return asked, false
	case len(asked) == 0:
		return within, false
	}
	for _, v := range asked {
		if slices.Contains(within, v) {
			values = append(values, v)
		}
	}
	return values, len(values) == 0
}

// apply narrows a filter to the scope.
func (s *Scope) apply(f metric.Filter) (narrowed metric.Filter, nothing bool) {
	var noChannel, noTeam, noAgent bool
	f.Channel, noChannel = narrow(f.Channel, s.Channels)
	f.Team, noTeam = narrow(f.Team, s.Teams)
	if s.Agent != "" {
		f.Agent, noAgent = narrow(f.Agent, []string{s.Agent})
	}
	return f, noChannel || noTeam || noAgent
}

// checkText refuses what PostgreSQL cannot hold, before it is asked.
func checkText(values map[string][]string) error {
	for name, list := range values {
		for _, v := range list {
			if !utf8.ValidString(v) || strings.IndexByte(v, 0) >= 0 {
				return &metric.FieldError{Field: name, Message: "must be UTF-8 without NUL"}
			}
		}
	}
	return nil
}

// condition collects the conditions of a WHERE and their arguments.
type condition struct {
	parts []string
	args  []any
}

// arg adds an argument and returns its placeholder.
func (c *condition) arg(v any) string {
	c.args = append(c.args, v)
	return placeholder(len(c.args))
}

// and adds a condition; each ? in it stands for the next of args.
func (c *condition) and(sql string, args ...any) {
	var b strings.Builder
	for _, r := range sql {
		if r == '?' && len(args) > 0 {
			b.WriteString(c.arg(args[0]))
			args = args[1:]
			continue
		}
		b.WriteRune(r)
	}
	c.parts = append(c.parts, b.String())
}

// in narrows a column to some values; none do not narrow.
func (c *condition) in(column string, values []string) {
	if len(values) > 0 {
		c.and(column+" = ANY(?)", values)
	}
}

// overlaps narrows a column of lists to those with any of some values; the empty
// value stands for an empty list.
func (c *condition) overlaps(column string, values []string) {
	switch {
	case slices.Contains(values, ""):
		c.and("("+column+" && ? OR "+column+" = '{}')", values)
	case len(values) > 0:
		c.and(column+" && ?", values)
	}
}

func (c *condition) sql() string { return strings.Join(c.parts, " AND ") }
