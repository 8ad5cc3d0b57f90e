package history

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
)

// idsSpan is how much of event time a state remembers its events' ids for.
const idsSpan = time.Hour

// Tenants lists all tenants of whom something is stored, and the sequence up to
// which that is so.
func (d *Database) Tenants(ctx context.Context) ([]event.TenantID, uint64, error) {
	var list []event.TenantID
	var seq uint64
	err := d.snapshot(ctx, func(tx pgx.Tx) error {
		var lowest int64
		if err := tx.QueryRow(ctx, `SELECT coalesce(min(seq), 0) FROM cursors`).Scan(&lowest); err != nil {
			return err
		}
		seq = uint64(max(0, lowest))
		rows, err := tx.Query(ctx, `SELECT tenant FROM tenants ORDER BY tenant`)
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, pgx.RowTo[event.TenantID])
		return err
	})
	return list, seq, err
}

// Load makes the state of every tenant of a partition as of the sequence that it returns, in one
// view of the database: directory, agents, the conversations that are open, or
// closed less than the grace ago, or were changed in the last while of their tenant's event time, with their
// customers, and what belonged to no conversation on the days of that while. Everything else is known by its id, and answered by Fetch.
// Errors: ErrUnavailable, ErrOldFold (the writer has not yet recomputed),
// ErrNewerFold.
func (d *Database) Load(ctx context.Context, partition int16, while time.Duration) (seq uint64, states map[event.TenantID]*fold.State, err error) {
	err = d.snapshot(ctx, func(tx pgx.Tx) error {
		c, l, err := d.load(ctx, tx, partition, max(while, 0))
		if err != nil {
			return err
		}
		seq, states = c.seq, l.states
		return nil
	})
	if err == nil { // who goes on from here lets go of what is stored
		err = d.flushed(ctx)
	}
	if err != nil {
		return 0, nil, err
	}
	return seq, states, nil
}

// Refolds counts how often numbers of a partition were computed anew. Whoever has
// loaded them at another count holds old ones.
func (d *Database) Refolds(ctx context.Context, partition int16) (int64, error) {
	c, _, err := readCursor(ctx, d.pool, partition, "")
	return c.refolds, interpret(err)
}

// loader makes states out of one view of the database.
type loader struct {
	q      querier
	cursor cursor
	states map[event.TenantID]*fold.State
	byRows map[event.TenantID]*fold.State // the same, by under what their rows stand
	// Of the partition's tenants: ids, and under what their rows stand; nil for all.
	only, onlyRows []string
}

// load reads the states. With a negative while it brings no conversation at all,
// which is what a writer starts with.
func (d *Database) load(ctx context.Context, q querier, partition int16, while time.Duration) (cursor, *loader, error) {
	c, there, err := readCursor(ctx, q, partition, "")
	if err != nil {
		return c, nil, err
	}
	l := &loader{q: q, cursor: c, states: map[event.TenantID]*fold.State{}, byRows: map[event.TenantID]*fold.State{}}
	if !there {
		return c, l, nil
	}
	if err := c.checkVersion(); err != nil {
		return c, nil, err
	}
	if l.only, l.onlyRows, err = d.tenantsOf(ctx, q, partition); err != nil {
		return c, nil, fmt.Errorf("load states: %w", err)
	}
	steps := []func(context.Context) error{l.tenants, l.eventIDs, l.directory, l.entityIDs, l.recentIDs}
	if while >= 0 {
		steps = append(steps,
			func(ctx context.Context) error { return l.conversations(ctx, while) },
			func(ctx context.Context) error { return l.loose(ctx, while) })
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return c, nil, fmt.Errorf("load states: %w", err)
		}
	}
	return c, l, nil
}

func (l *loader) tenants(ctx context.Context) error {
	rows, err := l.q.Query(ctx, `SELECT t.tenant, t.latest, `+storedAs+` FROM tenants t WHERE $1::text[] IS NULL OR t.tenant = ANY($1)`, l.only)
	if err != nil {
		return err
	}
	var tenant, stored event.TenantID
	var latest *time.Time
	_, err = pgx.ForEachRow(rows, []any{&tenant, &latest, &stored}, func() error {
		st := fold.New(tenant)
		var millis int64
		if latest != nil {
			millis = latest.UnixMilli()
		}
		st.Resume(l.cursor.seq, millis)
		l.states[tenant], l.byRows[stored] = st, st
		return nil
	})
	return err
}

// bring hands the entities that a query finds to their states.
func (l *loader) bring(ctx context.Context, sql string, args ...any) error {
	rows, err := l.q.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	var tenant event.TenantID
	var kind int16
	var id string
	var state []byte
	_, err = pgx.ForEachRow(rows, []any{&tenant, &kind, &id, &state}, func() error {
		if st, ok := l.byRows[tenant]; ok {
			return st.Bring(fold.Ref{Kind: fold.Kind(kind), ID: id}, state) //nolint:gosec // kinds are small
		}
		return nil
	})
	return err
}

// directory brings channels, teams, profile and agents, which are always resident.
func (l *loader) directory(ctx context.Context) error {
	return l.bring(ctx, `SELECT tenant, kind, id, state FROM entities WHERE kind = ANY($1) AND ($2::text[] IS NULL OR tenant = ANY($2))`, []int16{int16(fold.KindTenant), int16(fold.KindAgent)}, l.onlyRows)
}

func (l *loader) entityIDs(ctx context.Context) error {
	rows, err := l.q.Query(ctx, `SELECT tenant, kind, id FROM entities WHERE kind <> ALL($1) AND ($2::text[] IS NULL OR tenant = ANY($2))`, []int16{int16(fold.KindTenant), int16(fold.KindAgent)}, l.onlyRows)
	if err != nil {
		return err
	}
	var tenant event.TenantID
	var kind int16
	var id string
	_, err = pgx.ForEachRow(rows, []any{&tenant, &kind, &id}, func() error {
		if st, ok := l.byRows[tenant]; ok {
			st.Know(fold.Ref{Kind: fold.Kind(kind), ID: id}) //nolint:gosec // kinds are small
		}
		return nil
	})
	return err
}

// recentIDs tells the states the events of each tenant's last span. Both ends are
// said, though nothing is later than the latest, which has no microseconds: without
// the second the planner takes a third of all events to be meant, and reads them all.
func (l *loader) recentIDs(ctx context.Context) error {
	rows, err := l.q.Query(ctx, `
		SELECT e.tenant, e.source, e.id, (extract(epoch FROM e.time) * 1000000)::bigint, e.seq
		FROM tenants t JOIN events e ON e.tenant = t.tenant AND e.time BETWEEN t.latest - $1::interval AND t.latest + interval '1 second'
		WHERE $2::text[] IS NULL OR t.tenant = ANY($2)
		ORDER BY e.epoch, e.seq`, idsSpan, l.only)
	if err != nil {
		return err
	}
	var tenant event.TenantID
	var source, id string
	var micros, seq int64
	_, err = pgx.ForEachRow(rows, []any{&tenant, &source, &id, &micros, &seq}, func() error {
		if st, ok := l.states[tenant]; ok {
			st.Remember(source, id, micros, uint64(seq)) //nolint:gosec // stored sequences are positive
		}
		return nil
	})
	return err
}

// conversations brings what is open or was changed lately, and its customers. An
// order of today can count on a conversation that nobody has changed for long:
// what counts lately is brought, too. A day's number holds no time, so a day more
// on either side covers every zone. What was closed was changed then at least.
func (l *loader) conversations(ctx context.Context, while time.Duration) error {
	// Two lists in one question, so that who is meant is found once. As one list, with
	// both kinds in its WHERE, PostgreSQL went through all entities.
	return l.bring(ctx, `
		WITH t AS MATERIALIZED (
			SELECT `+storedAs+` AS tenant, t.latest - greatest($1::interval, make_interval(hours => (t.settings->>'active_grace_hours')::int)) AS since,
				t.latest + interval '1 second' AS until, (t.latest - $1::interval)::date - 1 AS first, t.latest::date + 1 AS last
			FROM tenants t WHERE $2::text[] IS NULL OR t.tenant = ANY($2)
		), chosen AS MATERIALIZED (
			SELECT c.tenant, c.conversation, c.customer FROM t JOIN conversations c ON c.tenant = t.tenant AND c.state <> 'closed'
			UNION
			SELECT c.tenant, c.conversation, c.customer FROM t JOIN conversations c ON c.tenant = t.tenant AND c.updated_at BETWEEN t.since AND t.until
			UNION
			SELECT x.tenant, x.conversation, x.customer FROM t JOIN contributions x ON x.tenant = t.tenant AND x.day BETWEEN t.first AND t.last AND NOT x.per_agent
		)
		SELECT e.tenant, e.kind, e.id, e.state FROM entities e
		WHERE e.kind = $3 AND (e.tenant, e.id) IN (SELECT tenant, conversation FROM chosen)
		UNION ALL
		SELECT e.tenant, e.kind, e.id, e.state FROM entities e
		WHERE e.kind = $4 AND (e.tenant, e.id) IN (SELECT tenant, customer FROM chosen)`,
		while, l.only, int16(fold.KindConversation), int16(fold.KindCustomer))
}

// loose brings what lately belonged to no conversation. A day's number holds no time, so a day more covers every zone.
func (l *loader) loose(ctx context.Context, while time.Duration) error {
	return l.bring(ctx, `
		SELECT e.tenant, e.kind, e.id, e.state FROM entities e JOIN tenants t ON e.tenant = `+storedAs+`
		WHERE e.kind = $2 AND e.id >= to_char(t.latest - $1::interval - interval '2 days', 'YYYY-MM-DD')
			AND ($3::text[] IS NULL OR t.tenant = ANY($3))`, while, int16(fold.KindLoose), l.only)
}
