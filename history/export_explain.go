package history

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/floorlight/floorlight/hub/event"
)

var exportedItem = []namedColumn{
	{event.Text{EN: "Conversation", ZH: "会话"}, textCell, 20},
	{event.Text{EN: "Session", ZH: "会话次序"}, numberCell, 12},
	{event.Text{EN: "Day", ZH: "日期"}, dayCell, 12},
	{event.Text{EN: "Hour", ZH: "小时"}, numberCell, 12},
	{event.Text{EN: "Agent", ZH: "员工"}, textCell, 16},
	{event.Text{EN: "Team", ZH: "接待组"}, textCell, 16},
	{event.Text{EN: "Channel", ZH: "渠道"}, textCell, 16},
	{event.Text{EN: "Customer", ZH: "客户"}, textCell, 20},
	{event.Text{EN: "Flow", ZH: "流程"}, textCell, 16},
	{event.Text{EN: "Adds", ZH: "计入"}, numberCell, 12},
	{event.Text{EN: "Amounts", ZH: "金额"}, textCell, 20},
	{event.Text{EN: "At", ZH: "时间"}, timeCell, 20},
	{event.Text{EN: "Events", ZH: "事件"}, textCell, 40},
}

// ExportExplanation writes all items of an explanation to a file. Profiles that were
// asked for by name follow one another. Errors: as of Explain, and the writer's.
func (d *Database) ExportExplanation(ctx context.Context, w io.Writer, tenant, id string, values map[string][]string, e Export) error {
	return e.pages(w, values, mostItems, func(values map[string][]string) (p exportedPage, err error) {
		x, err := d.Explain(ctx, tenant, id, e.Scope, values, e.Now)
		if err != nil {
			return p, err
		}
		zone, err := time.LoadLocation(x.timezone)
		if err != nil {
			return p, err
		}
		p.next, p.columns = x.Next, e.columns(exportedItem)
		if len(x.Profiles) > 0 {
			p.columns = slices.Insert(p.columns, 0, exportColumn{header: e.phrase(profileName), kind: textCell, width: 16})
		}
		for i := range x.Items {
			cells := x.Items[i].cells(zone)
			if len(x.Profiles) > 0 {
				cells = slices.Insert(cells, 0, textField(x.Profile))
			}
			p.rows = append(p.rows, cells)
		}
		return p, nil
	})
}

// cells are the item's values, in the order of exportedItem.
func (it *ExplainItem) cells(zone *time.Location) []field {
	var session, day, hour, at field
	if it.Session > 0 {
		session = numberField(strconv.Itoa(it.Session))
	}
	if it.Day != nil {
		day = dayField(*it.Day)
	}
	if it.Hour != nil {
		hour = numberField(strconv.Itoa(*it.Hour))
	}
	if moment, err := time.Parse(time.RFC3339Nano, it.At); err == nil {
		at = momentField(moment, zone)
	}
	amounts := make([]string, 0, len(it.Amounts))
	for _, currency := range slices.Sorted(maps.Keys(it.Amounts)) {
		amounts = append(amounts, it.Amounts[currency]+" "+currency)
	}
	events := make([]string, len(it.Events))
	for i := range it.Events {
		events[i] = fmt.Sprintf("%d %s", it.Events[i].Seq, it.Events[i].Type)
	}
	return []field{
		textField(it.Conversation), session, day, hour, textField(it.Agent), textField(it.Team), textField(it.Channel), textField(it.Customer), textField(it.Flow),
		valueField(it.N, numberCell), textField(strings.Join(amounts, "; ")), at, textField(strings.Join(events, "; ")),
	}
}
