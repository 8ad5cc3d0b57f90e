package history

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// placesEvery is how often followers have the places of new events noted.
const placesEvery = 5 * time.Second

const codeLockNotAvailable = "55P03"

// notePlaces has the index by sequence (BRIN) say where the events stand that were
// stored since it was last told, unless that was a moment ago: PostgreSQL tells it with
// each vacuum only, and until then whoever asks for a few sequences reads all that is
// new. After a million events a window of 20,000 took 2 s and read 18,000 pages, of
// which 1,400 were its own.
//
// A vacuum of the table holds the lock and tells the index at its end: it is not
// waited for, since who waits for a second has it cancelled.
func (d *Database) notePlaces(ctx context.Context) error {
	last, now := d.places.Load(), time.Now().UnixNano()
	if now-last < int64(placesEvery) || !d.places.CompareAndSwap(last, now) {
		return nil
	}
	rows, err := d.pool.Query(ctx, `SELECT i.indexrelid::bigint FROM pg_inherits p
		JOIN pg_index i ON i.indrelid = p.inhrelid JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
		WHERE p.inhparent = 'events'::regclass AND a.amname = 'brin'`)
	if err != nil {
		return err
	}
	indexes, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	for _, index := range indexes {
		err := pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, `SET LOCAL lock_timeout = '100ms'`); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `SELECT brin_summarize_new_values($1::bigint::oid::regclass)`, index)
			return err
		})
		if refused, ok := errors.AsType[*pgconn.PgError](err); err != nil && (!ok || refused.Code != codeLockNotAvailable) {
			return err
		}
	}
	return nil
}
