package history

import (
	"io"
	"strconv"
	"strings"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

var exportedMetric = []namedColumn{
	{event.Text{EN: "Metric", ZH: "指标"}, textCell, 28},
	{event.Text{EN: "Name", ZH: "名称"}, textCell, 28},
	{event.Text{EN: "Definition", ZH: "定义"}, textCell, 80},
	{event.Text{EN: "Unit", ZH: "单位"}, textCell, 12},
	{event.Text{EN: "Better", ZH: "趋优方向"}, textCell, 12},
	{event.Text{EN: "Live", ZH: "实时"}, textCell, 12},
	{event.Text{EN: "Per agent", ZH: "按员工"}, textCell, 12},
	{event.Text{EN: "Dimensions", ZH: "维度"}, textCell, 60},
}

// ExportCatalogue writes every metric with its definition to a file. It asks no
// database. Errors: a parameter or format that is none, and the writer's.
func ExportCatalogue(w io.Writer, values map[string][]string, e Export) error {
	if err := e.onlyLanguage(values); err != nil {
		return err
	}
	t, err := e.table(w)
	if err != nil {
		return err
	}
	if err := t.begin(e.columns(exportedMetric)); err != nil {
		return err
	}
	for _, m := range metric.Catalogue() {
		dimensions := make([]string, 0, len(m.Dimensions()))
		for _, d := range m.Dimensions() {
			dimensions = append(dimensions, string(d))
		}
		if err := t.row([]field{
			textField(m.ID), textField(e.phrase(m.Name)), textField(e.phrase(m.Formula)), textField(string(m.Unit)), textField(string(m.Better)),
			textField(strconv.FormatBool(m.Live)), textField(strconv.FormatBool(m.PerAgent)), textField(strings.Join(dimensions, "; ")),
		}); err != nil {
			return err
		}
	}
	return t.end()
}
