package history

import (
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// Format is a file format of exports.
type Format string

// The formats.
const (
	CSV  Format = "csv"
	XLSX Format = "xlsx"
)

// Export says how a report or a list is written to a file: in which format, in
// which language, and what its caller may see.
type Export struct {
	Format  Format
	Chinese bool // headers; English otherwise
	Scope   Scope
	Now     time.Time
}

// cellKind is what a cell holds.
type cellKind uint8

const (
	emptyCell  cellKind = iota
	textCell            // somebody's words: never a formula
	numberCell          // a decimal number, as it is written
	ratioCell           // a number from 0 to 1, shown as a percentage where there are formats
	dayCell             // a local day
	timeCell            // a moment, in the tenant's zone
)

// field is one value of a table. The zero value is empty.
type field struct {
	kind cellKind
	text string    // of a text or a number
	show int64     // of a ratio: decimals of a percent
	at   time.Time // of a day (at midnight UTC) or a moment (in its zone)
}

// exportColumn is one column of a table.
type exportColumn struct {
	header string
	kind   cellKind
	width  int // in characters, where a format has widths
}

// namedColumn is a column of an export, in both languages.
type namedColumn struct {
	name  event.Text
	kind  cellKind
	width int
}

// columns are the columns in the export's language.
func (e *Export) columns(list []namedColumn) []exportColumn {
	columns := make([]exportColumn, len(list))
	for i, c := range list {
		columns[i] = exportColumn{header: e.phrase(c.name), kind: c.kind, width: c.width}
	}
	return columns
}

// tableWriter writes rows to a file as they come: a table of any length takes
// the same memory.
type tableWriter interface {
	begin(columns []exportColumn) error
	row(cells []field) error
	end() error
}

// table makes the writer of a format.
func (e *Export) table(w io.Writer) (tableWriter, error) {
	switch e.Format {
	case CSV:
		return newCSV(w), nil
	case XLSX:
		return newXLSX(w), nil
	}
	return nil, &metric.FieldError{Field: "format", Message: "must be csv or xlsx"}
}

// exportedPage is a part of a list as an export has it. next is the cursor of the part
// that follows, empty on the last one.
type exportedPage struct {
	columns []exportColumn
	rows    [][]field
	next    string
}

// pages writes a list that is read page by page: memory does not grow with its length,
// and each page is of the database as it is then. Nothing is written before the first
// page is there. read is given the parameters of a page, and asked once e has its language.
func (e *Export) pages(w io.Writer, values map[string][]string, limit int, read func(values map[string][]string) (exportedPage, error)) error {
	values, err := e.takeLanguage(values)
	if err != nil {
		return err
	}
	if err := wholeLists(values); err != nil {
		return err
	}
	t, err := e.table(w)
	if err != nil {
		return err
	}
	if values == nil {
		values = map[string][]string{}
	}
	values["limit"] = []string{strconv.Itoa(limit)}
	for first := true; ; first = false {
		page, err := read(maps.Clone(values))
		if err != nil {
			return err
		}
		if first {
			if err := t.begin(page.columns); err != nil {
				return err
			}
		}
		for _, cells := range page.rows {
			if err := t.row(cells); err != nil {
				return err
			}
		}
		if page.next == "" {
			return t.end()
		}
		values["cursor"] = []string{page.next}
	}
}

// phrase is a header in the export's language.
func (e *Export) phrase(t event.Text) string {
	if e.Chinese {
		return t.ZH
	}
	return t.EN
}

// takeLanguage lets the parameter lang (en, zh) hold over the caller's language.
func (e *Export) takeLanguage(values map[string][]string) (rest map[string][]string, err error) {
	switch one(values, "lang") {
	case "":
	case "en":
		e.Chinese = false
	case "zh":
		e.Chinese = true
	default:
		return nil, &metric.FieldError{Field: "lang", Message: "must be en or zh"}
	}
	rest = maps.Clone(values)
	delete(rest, "lang")
	return rest, nil
}

// onlyLanguage is takeLanguage for what has no other parameter.
func (e *Export) onlyLanguage(values map[string][]string) error {
	rest, err := e.takeLanguage(values)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(rest)) {
		return &metric.FieldError{Field: name, Message: "unknown parameter; there is lang"}
	}
	return nil
}

func textField(s string) field {
	if s == "" {
		return field{}
	}
	return field{kind: textCell, text: safeText(s)}
}

func numberField(s string) field { return field{kind: numberCell, text: s} }

func momentField(t time.Time, zone *time.Location) field {
	return field{kind: timeCell, at: t.In(zone)}
}

func dayField(d metric.Day) field { return field{kind: dayCell, at: d.Time()} }

// dangerous are the characters with which a spreadsheet begins a formula, the
// wide forms too, and those after which it may look for one.
func dangerous(r rune) bool {
	switch r {
	case '=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠':
		return true
	}
	return false
}

// safeText keeps a spreadsheet from taking somebody's words for a formula, at
// their beginning or, when a file is cut at line ends, on any of their lines.
func safeText(s string) string {
	if !strings.ContainsFunc(s, dangerous) {
		return s
	}
	var b strings.Builder
	start := true
	for i, r := range s {
		if start && dangerous(r) {
			b.WriteByte('\'')
		}
		// The line feed of a CR LF begins no line, and is none of its own.
		start = r == '\n' || r == '\r' && (i+1 == len(s) || s[i+1] != '\n')
		if r == utf8.RuneError {
			b.WriteRune(utf8.RuneError)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// labels are the names by dimension and id.
func (d *Directory) labels() map[metric.Dimension]map[string]string {
	all := make(map[metric.Dimension]map[string]string, 4)
	for _, d := range []metric.Dimension{metric.ByChannel, metric.ByTeam, metric.ByAgent, metric.ByFlow} {
		all[d] = map[string]string{}
	}
	for _, c := range d.Channels {
		all[metric.ByChannel][c.ID] = c.Name
	}
	for _, t := range d.Teams {
		all[metric.ByTeam][t.ID] = t.Name
	}
	for _, a := range d.Agents {
		all[metric.ByAgent][a.ID] = a.Name
	}
	for _, f := range d.Flows {
		all[metric.ByFlow][f.ID] = f.Name
	}
	return all
}

// wholeLists refuses what would make an export hold a part of a list.
func wholeLists(values map[string][]string) error {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if name == "cursor" || name == "limit" {
			return &metric.FieldError{Field: name, Message: "is not for exports: they hold the whole list"}
		}
	}
	return nil
}
