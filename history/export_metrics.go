package history

import (
	"context"
	"io"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// ExportMetrics writes the answer of Metrics to a file: headers from the
// catalogue with their units, ids of channels, teams, agents and flows beside
// their names, rates as fractions beside their parts, one column for each currency,
// moments in the tenant's zone, the profile before all else where profiles were
// asked for by name. Nothing is written before the answer is there,
// so that an error can still be answered as one. Errors: as of Metrics, and the
// writer's.
func (d *Database) ExportMetrics(ctx context.Context, w io.Writer, tenant string, values map[string][]string, e Export) error {
	values, err := e.takeLanguage(values)
	if err != nil {
		return err
	}
	t, err := e.table(w)
	if err != nil {
		return err
	}
	a, err := d.MetricsWithin(ctx, tenant, e.Scope, values, e.Now)
	if err != nil {
		return err
	}
	by := make([]metric.Dimension, 0, 4)
	for _, name := range commaList(values["by"]) {
		by = append(by, metric.Dimension(name))
	}
	var metrics []*metric.Metric
	for _, id := range commaList(values["metric"]) {
		if m, ok := metric.Lookup(id); ok {
			metrics = append(metrics, m)
		}
	}
	return d.exportAnswer(ctx, t, tenant, &a, by, metrics, one(values, "compare") != "", &e)
}

// exportAnswer writes an answer's rows, laid out by the dimensions and metrics
// in the order in which they were asked for.
func (d *Database) exportAnswer(ctx context.Context, t tableWriter, tenant string, a *metric.Answer, by []metric.Dimension, metrics []*metric.Metric, compare bool, e *Export) error {
	names, err := d.Directory(ctx, tenant)
	if err != nil {
		return err
	}
	s := answerSheet{answer: a, export: e, names: names.labels()}
	if err := s.manners(); err != nil {
		return err
	}
	s.profile()
	for _, dimension := range by {
		s.dimension(dimension)
	}
	for _, m := range metrics {
		s.metric(m, "", func(r *metric.AnswerRow) metric.Value { return r.Values[m.ID].Value })
		if compare {
			s.metric(m, e.phrase(previousSuffix), func(r *metric.AnswerRow) metric.Value {
				if p := r.Values[m.ID].Previous; p != nil {
					return *p
				}
				return metric.Value{}
			})
		}
	}
	return s.write(t)
}

// write writes the answer's rows.
func (s *answerSheet) write(t tableWriter) error {
	if err := t.begin(s.columns); err != nil {
		return err
	}
	cells := make([]field, len(s.cells))
	for i := range s.answer.Rows {
		for j, cell := range s.cells {
			cells[j] = cell(&s.answer.Rows[i])
		}
		if err := t.row(cells); err != nil {
			return err
		}
	}
	return t.end()
}

// answerSheet turns the rows of an answer into cells.
type answerSheet struct {
	answer  *metric.Answer
	export  *Export
	names   map[metric.Dimension]map[string]string
	zones   map[string]*time.Location // by profile; of "" where none was asked for by name
	shows   map[string]int64          // decimals of a percent, likewise
	columns []exportColumn
	cells   []func(*metric.AnswerRow) field
}

func (s *answerSheet) column(c exportColumn, cell func(*metric.AnswerRow) field) {
	s.columns, s.cells = append(s.columns, c), append(s.cells, cell)
}

// manners finds out how rows are shown: in which zone their days are counted, and
// with how many decimals of a percent.
func (s *answerSheet) manners() error {
	all := append([]metric.AnswerProfile{{Timezone: s.answer.Timezone, PercentDecimals: s.answer.PercentDecimals}}, s.answer.Profiles...)
	s.zones, s.shows = make(map[string]*time.Location, len(all)), make(map[string]int64, len(all))
	for _, p := range all {
		zone, err := time.LoadLocation(p.Timezone)
		if err != nil {
			return err
		}
		s.zones[p.Profile], s.shows[p.Profile] = zone, p.PercentDecimals
	}
	return nil
}

var profileName = event.Text{EN: "Profile", ZH: "配置"}

// profile lays out the column of the profile, if rows say theirs.
func (s *answerSheet) profile() {
	if len(s.answer.Profiles) > 0 {
		s.column(exportColumn{header: s.export.phrase(profileName), kind: textCell, width: 16}, func(r *metric.AnswerRow) field { return textField(r.Profile) })
	}
}

var dimensionNames = map[metric.Dimension]event.Text{
	"day":       {EN: "Day", ZH: "日期"},
	"hour":      {EN: "Hour", ZH: "小时"},
	"channel":   {EN: "Channel", ZH: "渠道"},
	"team":      {EN: "Team", ZH: "接待组"},
	"agent":     {EN: "Agent", ZH: "员工"},
	"intent":    {EN: "Intent", ZH: "咨询意图"},
	"handling":  {EN: "Handling", ZH: "接待方式"},
	"tag":       {EN: "Tag", ZH: "标签"},
	"ai_status": {EN: "AI status", ZH: "智能接待状态"},
	"reason":    {EN: "Reason", ZH: "评价原因"},
	"category":  {EN: "Category", ZH: "类别"},
	"tool":      {EN: "Tool", ZH: "工具"},
	"flow":      {EN: "Flow", ZH: "流程"},
	"rule":      {EN: "Rule", ZH: "规则"},
}

var (
	nameSuffix     = event.Text{EN: " name", ZH: "名称"}
	previousSuffix = event.Text{EN: " (previous)", ZH: "（上期）"}
	numSuffix      = event.Text{EN: " (numerator)", ZH: "（分子）"}
	denSuffix      = event.Text{EN: " (denominator)", ZH: "（分母）"}
	secondsSuffix  = event.Text{EN: " (s)", ZH: "（秒）"}
)

func (s *answerSheet) dimension(d metric.Dimension) {
	words, ok := dimensionNames[d]
	if !ok {
		words = event.Text{EN: string(d), ZH: string(d)}
	}
	name := s.export.phrase(words)
	if d == metric.ByDay {
		s.column(exportColumn{header: name, kind: dayCell, width: 12}, func(r *metric.AnswerRow) field {
			if day, err := metric.ParseDay(r.Dimensions[d]); err == nil {
				return dayField(day)
			}
			return textField(r.Dimensions[d])
		})
		return
	}
	s.column(exportColumn{header: name, kind: textCell, width: 16}, func(r *metric.AnswerRow) field { return textField(r.Dimensions[d]) })
	if names, ok := s.names[d]; ok {
		s.column(exportColumn{header: name + s.export.phrase(nameSuffix), kind: textCell, width: 24}, func(r *metric.AnswerRow) field {
			return textField(names[r.Dimensions[d]])
		})
	}
}

// metric lays out the columns of one metric, of the range or of the one before.
func (s *answerSheet) metric(m *metric.Metric, suffix string, value func(*metric.AnswerRow) metric.Value) {
	name := s.export.phrase(m.Name)
	kind := numberCell
	switch m.Unit {
	case metric.UnitMoney:
		for _, currency := range s.currencies(value) {
			s.column(exportColumn{header: name + " " + currency + suffix, kind: numberCell}, func(r *metric.AnswerRow) field {
				if amounts, ok := value(r).Value.(map[string]string); ok && amounts[currency] != "" {
					return numberField(amounts[currency])
				}
				return field{}
			})
		}
		return
	case metric.UnitTime:
		s.column(exportColumn{header: name + suffix, kind: timeCell, width: 20}, func(r *metric.AnswerRow) field {
			if text, ok := value(r).Value.(string); ok {
				if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
					return momentField(at, s.zones[r.Profile])
				}
			}
			return field{}
		})
		return
	case metric.UnitRatio:
		kind = ratioCell
	case metric.UnitSeconds:
		name += s.export.phrase(secondsSuffix)
	case metric.UnitCount:
	}
	s.column(exportColumn{header: name + suffix, kind: kind}, func(r *metric.AnswerRow) field {
		f := valueField(value(r).Value, kind)
		f.show = s.shows[r.Profile]
		return f
	})
	if !slices.ContainsFunc(s.answer.Rows, func(r metric.AnswerRow) bool { return value(&r).Num != nil }) {
		return
	}
	name = s.export.phrase(m.Name)
	s.column(exportColumn{header: name + s.export.phrase(numSuffix) + suffix, kind: numberCell}, func(r *metric.AnswerRow) field {
		return valueField(value(r).Num, numberCell)
	})
	s.column(exportColumn{header: name + s.export.phrase(denSuffix) + suffix, kind: numberCell}, func(r *metric.AnswerRow) field {
		return valueField(value(r).Den, numberCell)
	})
}

// valueField is a number of an answer; what is undefined is empty.
func valueField(v any, kind cellKind) field {
	switch v := v.(type) {
	case int64:
		return field{kind: kind, text: strconv.FormatInt(v, 10)}
	case float64:
		return field{kind: kind, text: strconv.FormatFloat(v, 'f', -1, 64)}
	case string:
		return textField(v)
	}
	return field{}
}

// currencies are all that a metric has in the answer, sorted.
func (s *answerSheet) currencies(value func(*metric.AnswerRow) metric.Value) []string {
	all := map[string]struct{}{}
	for i := range s.answer.Rows {
		if amounts, ok := value(&s.answer.Rows[i]).Value.(map[string]string); ok {
			for currency := range amounts {
				all[currency] = struct{}{}
			}
		}
	}
	return slices.Sorted(maps.Keys(all))
}
