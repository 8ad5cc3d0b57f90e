package history

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
)

// querier is a connection, a transaction or the pool.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// wanted are refs of several tenants, as arrays for one query.
type wanted struct {
	tenants, ids, sources []string
	kinds                 []int16
}

// fetch asks for entities and for events by id, one query for each, and gives
// found whatever is there. An event's value is its time in microseconds. Entities
// stand where the tenants' rows are in force, or under rows if that is given.
func fetch(ctx context.Context, q querier, rows string, refs map[event.TenantID]map[fold.Ref]struct{}, found func(event.TenantID, fold.Ref, []byte) error) error {
	var entities, events wanted
	for tenant, set := range refs {
		for r := range set {
			w := &entities
			if r.Kind == fold.KindEvent {
				w = &events
				source, id, ok := strings.Cut(r.ID, "\x00")
				if !ok {
					return fmt.Errorf("fetch event %q: not a source and an id", r.ID)
				}
				w.sources, w.ids = append(w.sources, source), append(w.ids, id)
			} else {
				w.ids = append(w.ids, r.ID)
			}
			w.tenants, w.kinds = append(w.tenants, string(tenant)), append(w.kinds, int16(r.Kind))
		}
	}
	if len(entities.ids) > 0 {
		stored, err := q.Query(ctx, `
			SELECT w.tenant, e.kind, e.id, e.state
			FROM unnest($1::text[], $2::smallint[], $3::text[]) AS w (tenant, kind, id)
			JOIN tenants t ON t.tenant = w.tenant
			JOIN entities e ON e.tenant = coalesce(nullif($4, ''), `+storedAs+`) AND e.kind = w.kind AND e.id = w.id`,
			entities.tenants, entities.kinds, entities.ids, rows)
		if err != nil {
			return fmt.Errorf("fetch entities: %w", err)
		}
		var tenant, id string
		var kind int16
		var state []byte
		_, err = pgx.ForEachRow(stored, []any{&tenant, &kind, &id, &state}, func() error {
			return found(event.TenantID(tenant), fold.Ref{Kind: fold.Kind(kind), ID: id}, state) //nolint:gosec // kinds are small
		})
		if err != nil {
			return fmt.Errorf("fetch entities: %w", err)
		}
	}
	if len(events.ids) > 0 {
		rows, err := q.Query(ctx, `
			SELECT e.tenant, e.source, e.id, (extract(epoch FROM e.time) * 1000000)::bigint
			FROM unnest($1::text[], $2::text[], $3::text[]) AS w (tenant, source, id)
			JOIN events e ON e.tenant = w.tenant AND e.id = w.id AND e.source = w.source`, events.tenants, events.sources, events.ids)
		if err != nil {
			return fmt.Errorf("fetch event ids: %w", err)
		}
		var tenant, source, id string
		var micros int64
		_, err = pgx.ForEachRow(rows, []any{&tenant, &source, &id, &micros}, func() error {
			return found(event.TenantID(tenant), fold.Ref{Kind: fold.KindEvent, ID: source + "\x00" + id}, strconv.AppendInt(nil, micros, 10))
		})
		if err != nil {
			return fmt.Errorf("fetch event ids: %w", err)
		}
	}
	return nil
}

// Fetch reads what a state's Missing asked for, as committed; what is not there
// is absent from the map. It holds as long as the writer is not ahead of the
// state that asks; see WriterConfig.Hold.
func (d *Database) Fetch(ctx context.Context, tenant event.TenantID, refs []fold.Ref) (map[fold.Ref][]byte, error) {
	set := make(map[fold.Ref]struct{}, len(refs))
	for _, r := range refs {
		set[r] = struct{}{}
	}
	out := make(map[fold.Ref][]byte, len(refs))
	err := fetch(ctx, d.pool, "", map[event.TenantID]map[fold.Ref]struct{}{tenant: set}, func(_ event.TenantID, r fold.Ref, stored []byte) error {
		out[r] = append([]byte(nil), stored...)
		return nil
	})
	if err != nil {
		return nil, interpret(err)
	}
	return out, nil
}

// EventAt finds the first message.sent or message.blocked of a message id: the
// event as it came, and its sequence. It answers a check that is asked again.
func (d *Database) EventAt(ctx context.Context, tenant event.TenantID, conversation event.ConversationID, message event.MessageID) (raw []byte, seq uint64, found bool, err error) {
	rows, err := d.pool.Query(ctx, `
		SELECT body, seq FROM events
		WHERE tenant = $1 AND conversation = $2 AND type IN ('message.sent', 'message.blocked') AND body->'data'->>'message' = $3
		ORDER BY epoch, seq LIMIT 1`, string(tenant), string(conversation), string(message))
	if err != nil {
		return nil, 0, false, interpret(err)
	}
	var body []byte
	var at int64
	_, err = pgx.ForEachRow(rows, []any{&body, &at}, func() error {
		raw, seq, found = append([]byte(nil), body...), uint64(at), true //nolint:gosec // stored sequences are positive
		return nil
	})
	if err != nil {
		return nil, 0, false, interpret(err)
	}
	return raw, seq, found, nil
}
