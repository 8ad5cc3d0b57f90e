package history

import (
	"context"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/jackc/pgx/v5"
)

// takeOver folds what is left while the writer waits, and puts the new rows in
// force, in one transaction.
func (r *recomputation) takeOver(ctx context.Context) error {
	began := time.Now()
	var before string
	err := pgx.BeginFunc(ctx, r.conn, func(tx pgx.Tx) error {
		c, ok, err := readCursor(ctx, tx, r.d.partitionOf(r.tenant), " FOR UPDATE") // the writer waits here
		if err != nil {
			return err
		}
		if !ok {
			return fmt.Errorf("%w: %s", ErrUnknownTenant, r.tenant)
		}
		if err := r.rest(ctx, tx, &c); err != nil {
			return err
		}
		before, err = r.putInForce(ctx, tx, &c)
		return err
	})
	if err != nil {
		return err
	}
	r.state = stateSwitched
	r.d.log.Info().Str("tenant", string(r.tenant)).Int64("events", r.events).Str("profile", r.folded().Profile().Label()).
		Dur("writer_waited", time.Since(began)).Str("rows", r.rows).Str("before", before).Msg("the numbers that were computed anew are in force")
	return nil
}

// rest folds what is left up to c in one transaction.
func (r *recomputation) rest(ctx context.Context, tx pgx.Tx, c *cursor) error {
	for {
		more, err := r.read(ctx, tx, c)
		if err != nil {
			return err
		}
		if !more {
			break
		}
		if err := r.write(ctx, tx); err != nil {
			return err
		}
		for i := range derived { // they are emptied at the commit, and that is later
			if _, err := tx.Exec(ctx, "TRUNCATE stage_"+derived[i].name); err != nil {
				return err
			}
		}
	}
	// A desk of which nothing but profiles is stored has no row of its own yet.
	t := r.folder.tenants[r.tenant]
	if t.changed || !t.stored {
		t.changed = true
		r.batch.reset()
		if err := r.write(ctx, tx); err != nil {
			return err
		}
	}
	return r.note(ctx, tx)
}

// putInForce makes the new rows the tenant's. It returns under what the old ones stood.
func (r *recomputation) putInForce(ctx context.Context, tx pgx.Tx, c *cursor) (before string, err error) {
	var version int64
	err = tx.QueryRow(ctx, `SELECT t.version, `+storedAs+` FROM tenants t WHERE t.tenant = $1 FOR UPDATE`, string(r.tenant)).Scan(&version, &before)
	if err != nil {
		return "", err
	}
	if version != r.from {
		return "", errProfileMoved
	}
	p := r.folded().Profile()
	settings, err := json.Marshal(p.Settings, json.Deterministic(true))
	if err != nil {
		return "", err
	}
	_, err = tx.Exec(ctx, `UPDATE tenants SET stored_as = $2, name = $3, profile = $4, version = $5, settings = $6, base = $7, base_epoch = $8, base_seq = $9, latest = (SELECT latest FROM refolds WHERE tenant = $1 AND purpose = $10) WHERE tenant = $1`,
		string(r.tenant), r.rows, r.folded().Name(), p.Name, p.Version, settings, r.base, c.epoch, int64(c.seq), string(r.purpose)) //nolint:gosec // as everywhere
	if err != nil {
		return "", err
	}
	if err := abandon(ctx, tx, before); err != nil {
		return "", err
	}
	_, err = tx.Exec(ctx, `UPDATE cursors SET refolds = refolds + 1 WHERE partition = $1`, r.d.partitionOf(r.tenant))
	if err != nil {
		return "", err
	}
	_, err = tx.Exec(ctx, `UPDATE refolds SET state = 'switched', total = events, updated_at = now() WHERE tenant = $1 AND purpose = $2`, string(r.tenant), string(r.purpose))
	return before, err
}

// sweepAbandoned deletes rows that nobody reads any more, a few at a time. Those
// of a recomputation that runs are none of them.
func (d *Database) sweepAbandoned(ctx context.Context) error {
	all, err := d.pool.Query(ctx, `SELECT stored_as FROM abandoned_rows a WHERE NOT EXISTS (SELECT FROM tenants t WHERE `+storedAs+` = a.stored_as)`)
	if err != nil {
		return interpret(err)
	}
	list, err := pgx.CollectRows(all, pgx.RowTo[string])
	if err != nil {
		return interpret(err)
	}
	for _, rows := range list {
		for i := range derived {
			if i == inTenants {
				continue
			}
			name := derived[i].name
			for {
				tag, err := d.pool.Exec(ctx, "DELETE FROM "+name+" WHERE ctid = ANY(ARRAY(SELECT ctid FROM "+name+" WHERE tenant = $1 LIMIT $2))", rows, deleted)
				if err != nil {
					return interpret(err)
				}
				if tag.RowsAffected() == 0 {
					break
				}
			}
		}
		if _, err := d.pool.Exec(ctx, `DELETE FROM abandoned_rows WHERE stored_as = $1`, rows); err != nil {
			return interpret(err)
		}
	}
	return nil
}
