package history

import (
	"archive/zip"
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/klauspost/compress/flate"
)

// What a worksheet can hold.
const (
	sheetRows     = 1_048_576
	sheetCellText = 32_767 // characters, as UTF-16 counts them
	exactDigits   = 15     // of a number; a longer one is written as text
)

// xlsxTable writes a workbook row by row straight to its destination. A sheet
// that is full is followed by another with the same header. Nothing of it stays
// in memory and nothing goes through a temporary file.
type xlsxTable struct {
	zip     *zip.Writer
	sheet   *bufio.Writer // the open sheet's part
	columns []exportColumn
	refs    []string // the columns' letters
	sheets  int
	rows    int // of the open sheet, its header included
	most    int // of a sheet; sheetRows but in tests
	err     error
}

func newXLSX(w io.Writer) *xlsxTable {
	t := &xlsxTable{zip: zip.NewWriter(w), most: sheetRows}
	t.zip.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	return t
}

// The styles of styles.xml, by position.
const (
	plainStyle = iota
	headerStyle
	dayStyle
	timeStyle
	ratioStyle // without decimals of a percent; those with more follow

	mostDecimals = 4 // of a percent, as profiles allow
)

// ratioFormats are the formats of percentages, and ratioStyles the cells' that have them.
var ratioFormats, ratioStyles = func() (formats, styles string) {
	for n := range mostDecimals + 1 {
		code := "0"
		if n > 0 {
			code += "." + strings.Repeat("0", n)
		}
		formats += fmt.Sprintf(`<numFmt numFmtId="%d" formatCode="%s%%"/>`, 166+n, code)
		styles += fmt.Sprintf(`<xf numFmtId="%d" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`, 166+n)
	}
	return formats, styles
}()

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// xlsxParts are those that do not depend on the rows. A part without an
// override of its own is a worksheet, so that any number of them may follow.
var xlsxParts = []struct{ name, body string }{
	{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
		`<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`},
	{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
	{"xl/styles.xml", `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
		`<numFmts count="7"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="165" formatCode="yyyy\-mm\-dd\ hh:mm:ss"/>` + ratioFormats + `</numFmts>` +
		`<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
		`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
		`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
		`<cellXfs count="9"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
		`<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>` +
		`<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		ratioStyles + `</cellXfs>` +
		`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`},
}

func (t *xlsxTable) begin(columns []exportColumn) error {
	t.columns = columns
	t.refs = make([]string, len(columns))
	for i := range columns {
		t.refs[i] = columnName(i)
	}
	for _, p := range xlsxParts {
		if err := t.part(p.name, xmlHead+p.body); err != nil {
			return err
		}
	}
	return t.openSheet()
}

func (t *xlsxTable) part(name, body string) error {
	w, err := t.zip.Create(name)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, body)
	return err
}

// columnName is A for 0, Z for 25, AA for 26.
func columnName(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}

func (t *xlsxTable) openSheet() error {
	t.sheets++
	t.rows = 0
	w, err := t.zip.Create(fmt.Sprintf("xl/worksheets/sheet%d.xml", t.sheets))
	if err != nil {
		return err
	}
	t.sheet = bufio.NewWriterSize(w, 64<<10)
	t.put(xmlHead, `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`,
		`<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>`)
	for i, c := range t.columns {
		n := strconv.Itoa(i + 1)
		t.put(`<col min="`, n, `" max="`, n, `" width="`, strconv.Itoa(max(c.width, 12)), `" customWidth="1"/>`)
	}
	t.put(`</cols><sheetData>`)
	t.openRow()
	for i := range t.columns {
		t.words(i, t.columns[i].header, headerStyle)
	}
	t.put(`</row>`)
	return t.err
}

func (t *xlsxTable) closeSheet() error {
	t.put(`</sheetData></worksheet>`)
	if t.err == nil {
		t.err = t.sheet.Flush()
	}
	return t.err
}

func (t *xlsxTable) put(parts ...string) {
	for _, p := range parts {
		if t.err == nil {
			_, t.err = t.sheet.WriteString(p)
		}
	}
}

func (t *xlsxTable) openRow() {
	t.rows++
	t.put(`<row r="`, strconv.Itoa(t.rows), `">`)
}

func (t *xlsxTable) row(cells []field) error {
	if t.rows >= t.most {
		if err := t.closeSheet(); err != nil {
			return err
		}
		if err := t.openSheet(); err != nil {
			return err
		}
	}
	t.openRow()
	for i := range cells {
		c := &cells[i]
		switch c.kind {
		case emptyCell:
		case textCell:
			t.words(i, c.text, plainStyle)
		case numberCell:
			t.number(i, c.text, plainStyle)
		case ratioCell:
			t.number(i, c.text, ratioStyle+int(min(max(c.show, 0), mostDecimals)))
		case dayCell:
			t.number(i, serial(c.at), dayStyle)
		case timeCell:
			t.number(i, serial(c.at), timeStyle)
		}
	}
	t.put(`</row>`)
	return t.err
}

// open begins the cell of a column in the open row.
func (t *xlsxTable) open(i, style int, kind string) {
	t.put(`<c r="`, t.refs[i], strconv.Itoa(t.rows), `"`)
	if style != plainStyle {
		t.put(` s="`, strconv.Itoa(style), `"`)
	}
	t.put(kind, `>`)
}

func (t *xlsxTable) number(i int, text string, style int) {
	if digits(text) > exactDigits && !strings.ContainsAny(text, ".eE") {
		t.words(i, text, style) // a spreadsheet's numbers are doubles
		return
	}
	t.open(i, style, "")
	t.put(`<v>`, text, `</v></c>`)
}

func digits(text string) int {
	n := 0
	for i := range len(text) {
		if c := text[i]; c >= '0' && c <= '9' {
			n++
		}
	}
	return n
}

func (t *xlsxTable) words(i int, text string, style int) {
	t.open(i, style, ` t="inlineStr"`)
	t.put(`<is><t xml:space="preserve">`)
	t.escape(text)
	t.put(`</t></is></c>`)
}

// escape writes text as XML 1.0 can hold it, cut at what a cell can hold.
func (t *xlsxTable) escape(text string) {
	units, from := 0, 0
	replace := func(at, size int, with string) {
		t.put(text[from:at], with)
		from = at + size
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if units++; r > 0xffff {
			units++
		}
		if units > sheetCellText {
			text = text[:i]
			break
		}
		switch {
		case r == '<':
			replace(i, size, "&lt;")
		case r == '>':
			replace(i, size, "&gt;")
		case r == '&':
			replace(i, size, "&amp;")
		case r == '\r':
			replace(i, size, "&#13;")
		case r == utf8.RuneError && size == 1, r < ' ' && r != '\t' && r != '\n', r == 0xfffe, r == 0xffff:
			replace(i, size, "\ufffd")
		}
		i += size
	}
	t.put(text[from:])
}

// spreadsheetEpoch is the day 0 of a spreadsheet's dates, for those after February 1900.
var spreadsheetEpoch = time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)

// serial is the moment's date and time of its own zone as a spreadsheet counts: in days.
func serial(at time.Time) string {
	y, m, d := at.Date()
	wall := time.Date(y, m, d, at.Hour(), at.Minute(), at.Second(), 0, time.UTC)
	seconds := int64(wall.Sub(spreadsheetEpoch) / time.Second)
	if seconds%86400 == 0 {
		return strconv.FormatInt(seconds/86400, 10)
	}
	return strconv.FormatFloat(float64(seconds)/86400, 'f', 10, 64)
}

func (t *xlsxTable) end() error {
	if err := t.closeSheet(); err != nil {
		return err
	}
	var book, links strings.Builder
	book.WriteString(xmlHead + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>`)
	links.WriteString(xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`)
	for i := 1; i <= t.sheets; i++ {
		fmt.Fprintf(&book, `<sheet name="Sheet%d" sheetId="%d" r:id="rId%d"/>`, i, i, i)
		fmt.Fprintf(&links, `<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet%d.xml"/>`, i, i)
	}
	book.WriteString(`</sheets></workbook>`)
	fmt.Fprintf(&links, `<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`, t.sheets+1)
	if err := t.part("xl/workbook.xml", book.String()); err != nil {
		return err
	}
	if err := t.part("xl/_rels/workbook.xml.rels", links.String()); err != nil {
		return err
	}
	return t.zip.Close()
}
