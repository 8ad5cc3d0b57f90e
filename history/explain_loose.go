package history

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// looseTypes are the events that count on rows which belong to no conversation.
var looseTypes = map[metric.Counter]event.Type{ //nolint:exhaustive // the others belong to conversations.
	metric.MessagesBroadcast: event.TypeMessageSent, metric.FlowTriggers: event.TypeFlowTriggered,
	metric.SpecialistsAdded: event.TypeServiceJoined, metric.GroupsJoined: event.TypeServiceJoined,
}

// looseEvents finds the events of a row that belongs to no conversation: those of
// its kind in its hour, of its customer if it has one, or else in its channel.
func (x *explaining) looseEvents(ctx context.Context, r *countedRow, by *sought) error {
	kinds := []string{string(event.TypeTemplateCharged)}
	for i, c := range by.counters {
		if i == 0 {
			kinds = nil
		}
		if kind, ok := looseTypes[c]; ok {
			kinds = append(kinds, string(kind))
		}
	}
	w := &condition{}
	w.and("tenant = ?", x.desk.tenant)
	w.and("time >= ?", time.UnixMilli(x.calendar.Start(r.slot.Day)))
	w.and("time < ?", time.UnixMilli(x.calendar.Start(r.slot.Day+1)))
	w.and("type = ANY(?)", kinds)
	if r.customer != "" {
		w.and("body->'data'->>'customer' = ?", r.customer)
	} else {
		w.and("conversation IS NULL AND coalesce(body->'data'->>'channel', '') = ?", r.channel)
	}
	if by.part == metric.ByFlow || by.part == metric.ByCategory {
		w.and("body->'data'->>'"+string(by.part)+"' = ANY(?)", by.values)
	}
	rows, err := x.session.Tx.Query(ctx, "SELECT seq, id, type, time FROM events WHERE "+w.sql()+" ORDER BY epoch, seq LIMIT 2000", w.args...)
	if err != nil {
		return err
	}
	it := &x.out.Items[r.item]
	var e ExplainEvent
	_, err = pgx.ForEachRow(rows, []any{&e.Seq, &e.ID, &e.Type, &e.At}, func() error {
		if x.calendar.Slot(e.At.UnixMilli()) == r.slot && len(it.Events) < mostItemEvents {
			e.At = e.At.UTC()
			it.Events = append(it.Events, e)
		}
		return nil
	})
	return err
}

// plainEvents finds events of some types within the range, or within an item's day,
// that name what the item is about. A spell online or a balance also comes from
// what was before; that is not listed.
func (x *explaining) plainEvents(ctx context.Context, types []event.Type, member string, of func(*ExplainItem) string) error {
	items := map[string][]int{}
	var ids []string
	first, last := x.query.To, x.query.From
	for i := range x.out.Items {
		it := &x.out.Items[i]
		id := of(it)
		items[id], ids = append(items[id], i), append(ids, id)
		if it.Day == nil {
			first, last = x.query.From, x.query.To
			continue
		}
		first, last = min(first, *it.Day), max(last, *it.Day)
	}
	w := &condition{}
	w.and("tenant = ?", x.desk.tenant)
	w.and("time >= ?", time.UnixMilli(x.calendar.Start(first)))
	w.and("time < ?", time.UnixMilli(x.calendar.Start(last+1)))
	w.and("type = ANY(?)", types)
	w.and("coalesce(body->'data'->>'"+member+"', '') = ANY(?)", ids)
	rows, err := x.session.Tx.Query(ctx, "SELECT seq, id, type, time, coalesce(body->'data'->>'"+member+"', '') FROM events WHERE "+w.sql()+" ORDER BY epoch, seq LIMIT 10000", w.args...)
	if err != nil {
		return err
	}
	var e ExplainEvent
	var id string
	_, err = pgx.ForEachRow(rows, []any{&e.Seq, &e.ID, &e.Type, &e.At, &id}, func() error {
		e.At = e.At.UTC()
		for _, i := range items[id] {
			it := &x.out.Items[i]
			if len(it.Events) < mostItemEvents && (it.Day == nil || x.calendar.Day(e.At.UnixMilli()) == *it.Day) {
				it.Events = append(it.Events, e)
			}
		}
		return nil
	})
	return err
}
