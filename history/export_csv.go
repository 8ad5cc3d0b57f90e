package history

import (
	"encoding/csv"
	"io"
	"time"
)

// byteOrderMark tells Excel that the file is UTF-8; without it Chinese is garbled.
const byteOrderMark = "\ufeff"

// csvTime is how a moment is written, in the tenant's zone.
const csvTime = "2006-01-02 15:04:05"

// csvTable writes UTF-8 with a byte order mark.
type csvTable struct {
	w     *csv.Writer
	out   io.Writer
	cells []string
}

func newCSV(w io.Writer) *csvTable { return &csvTable{w: csv.NewWriter(w), out: w} }

func (t *csvTable) begin(columns []exportColumn) error {
	if _, err := io.WriteString(t.out, byteOrderMark); err != nil {
		return err
	}
	t.cells = make([]string, len(columns))
	for i, c := range columns {
		t.cells[i] = c.header
	}
	return t.w.Write(t.cells)
}

func (t *csvTable) row(cells []field) error {
	for i := range cells {
		c := &cells[i]
		switch c.kind {
		case emptyCell:
			t.cells[i] = ""
		case textCell, numberCell, ratioCell:
			t.cells[i] = c.text
		case dayCell:
			t.cells[i] = c.at.Format(time.DateOnly)
		case timeCell:
			t.cells[i] = c.at.Format(csvTime)
		}
	}
	return t.w.Write(t.cells)
}

func (t *csvTable) end() error {
	t.w.Flush()
	return t.w.Error()
}
