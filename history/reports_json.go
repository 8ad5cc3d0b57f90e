package history

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/floorlight/floorlight/hub/metric"
)

// reportsJSON is the reports as the document of GET /v1/metrics.
func reportsJSON(all []*report) ([]byte, error) {
	var b []byte
	head := headOf(all)
	b = appendHead(b, &head)
	if len(head.Profiles) > 0 {
		b = append(b, `,"profiles":[`...)
		for i := range head.Profiles {
			b = append(appendProfile(comma(b, i), &head.Profiles[i]), '}')
		}
		b = append(b, ']')
	}
	b = append(b, `,"rows":[`...)
	for _, r := range all {
		var err error
		if b, err = r.appendRows(b); err != nil {
			return nil, err
		}
	}
	return append(b, "]}"...), nil
}

// appendRows appends the report's rows to those that stand there.
func (r *report) appendRows(b []byte) ([]byte, error) {
	lines, err := r.lines()
	if err != nil {
		return nil, err
	}
	b = slices.Grow(b, 512+len(lines)*(32*len(r.query.By)+64*len(r.query.Metrics)))
	var label []byte
	if r.label != "" {
		label = append(quoted([]byte(`"profile":`), r.label), ',')
	}
	names := make([][]string, len(r.query.By)) // quoted values by number, made when they are met
	members := make([][]byte, len(r.query.By))
	for i, d := range r.query.By {
		names[i] = make([]string, len(r.table.Values(i)))
		members[i] = append(quoted(nil, string(d)), ':')
	}
	ids := make([][]byte, len(r.query.Metrics))
	for i, m := range r.query.Metrics {
		ids[i] = append(quoted(nil, m.ID), ':')
	}
	values := make([]metric.Value, len(r.query.Metrics))
	for k := range lines {
		l := &lines[k]
		if k > 0 || b[len(b)-1] == '}' {
			b = append(b, ',')
		}
		b = append(append(b, '{'), label...)
		for i, n := range l.numbers {
			if names[i][n] == "" {
				names[i][n] = string(quoted(nil, r.table.Values(i)[n]))
			}
			b = append(append(b, members[i]...), names[i][n]...)
			b = append(b, ',')
		}
		b = append(b, `"values":{`...)
		r.fill(l.cell, false)
		for i, m := range r.query.Metrics {
			values[i] = r.eval(m)
		}
		if r.query.Compare {
			r.fill(l.cell, true)
		}
		for i, m := range r.query.Metrics {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(append(b, ids[i]...), '{')
			b = appendValue(b, values[i])
			if r.query.Compare {
				b = append(b, `,"previous":{`...)
				b = append(appendValue(b, r.eval(m)), '}')
			}
			b = append(b, '}')
		}
		b = append(b, "}}"...)
	}
	return b, nil
}

// appendHead begins a document with what every answer says of itself.
func appendHead(b []byte, a *metric.Answer) []byte {
	b = fmt.Appendf(b, `{"from":"%s","to":"%s","timezone":`, a.From, a.To)
	b = quoted(b, a.Timezone)
	b = quoted(append(b, `,"profile":`...), a.Profile)
	b = quoted(append(b, `,"unique":`...), a.Unique)
	return fmt.Appendf(b, `,"at":"%s","as_of_seq":%d,"fold_version":%d`, a.At.Format(time.RFC3339Nano), a.AsOfSeq, a.FoldVersion)
}

// appendProfile begins an object with what an answer says of one of its profiles.
func appendProfile(b []byte, p *metric.AnswerProfile) []byte {
	b = quoted(append(b, `{"profile":`...), p.Profile)
	b = quoted(append(b, `,"timezone":`...), p.Timezone)
	b = quoted(append(b, `,"unique":`...), p.Unique)
	return strconv.AppendInt(append(b, `,"percent_decimals":`...), p.PercentDecimals, 10)
}

// quoted appends a JSON string.
func quoted(b []byte, s string) []byte {
	out, err := jsontext.AppendQuote(b, s)
	if err != nil {
		return append(b, `""`...) // cannot be: what is stored is valid UTF-8
	}
	return out
}

// appendValue appends a value's members.
func appendValue(b []byte, v metric.Value) []byte {
	b = appendScalar(append(b, `"value":`...), v.Value)
	if v.Num != nil {
		b = appendScalar(append(b, `,"num":`...), v.Num)
		b = appendScalar(append(b, `,"den":`...), v.Den)
	}
	return b
}

func appendScalar(b []byte, v any) []byte {
	switch v := v.(type) {
	case int64:
		return strconv.AppendInt(b, v, 10)
	case float64:
		return appendFloat(b, v)
	case string:
		return quoted(b, v)
	case map[string]string:
		b = append(b, '{')
		for i, currency := range slices.Sorted(maps.Keys(v)) {
			if i > 0 {
				b = append(b, ',')
			}
			b = quoted(append(quoted(b, currency), ':'), v[currency])
		}
		return append(b, '}')
	}
	return append(b, "null"...)
}

// appendFloat writes the shortest text that reads back as the same double.
func appendFloat(b []byte, f float64) []byte {
	if size := math.Abs(f); size != 0 && (size < 1e-6 || size >= 1e21) {
		return strconv.AppendFloat(b, f, 'e', -1, 64)
	}
	return strconv.AppendFloat(b, f, 'f', -1, 64)
}
