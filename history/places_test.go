package history

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// TestNewEventsAreFoundByTheirPlaces lets a follower read what was never vacuumed, and
// sees that the index then knows where it stands; a table that is being vacuumed is
// passed by.
func TestNewEventsAreFoundByTheirPlaces(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ctx := t.Context()
	d.publish(say("desk", 0))
	d.write()
	_, err := d.db.pool.Exec(ctx, `ALTER TABLE `+monthOf(noon).partition()+` SET (autovacuum_enabled = off)`) // PostgreSQL's own would come at any moment
	require.NoError(t, err)
	d.publish(says("desk", 1, 6000)...) // more than the first 128 pages
	d.write()
	const unknown = `SELECT coalesce(sum(brin_summarize_new_values(i.indexrelid)), 0) FROM pg_inherits p JOIN pg_index i ON i.indrelid = p.inhrelid
		JOIN pg_class c ON c.oid = i.indexrelid WHERE p.inhparent = 'events'::regclass AND c.relam = (SELECT oid FROM pg_am WHERE amname = 'brin')`
	follow := func() {
		t.Helper()
		f := follower{name: "nobody", cursors: "seen_cursors", lock: 1, window: 1000, take: func(context.Context, pgx.Tx, window) error { return nil }}
		_, err := d.db.pool.Exec(ctx, `DELETE FROM seen_cursors`)
		require.NoError(t, err)
		require.NoError(t, d.db.follow(ctx, &f))
	}
	d.db.places.Store(time.Now().Add(time.Hour).UnixNano()) // not due, however long this takes
	follow()
	tx, err := d.db.pool.Begin(ctx)
	require.NoError(t, err)
	var n int
	require.NoError(t, tx.QueryRow(ctx, unknown).Scan(&n))
	require.NoError(t, tx.Rollback(ctx))
	require.Positive(t, n, "or the test shows nothing")

	_, err = d.db.pool.Exec(ctx, `SELECT brin_desummarize_range(i.indexrelid, 0) FROM pg_inherits p JOIN pg_index i ON i.indrelid = p.inhrelid
		JOIN pg_class c ON c.oid = i.indexrelid WHERE p.inhparent = 'events'::regclass AND c.relam = (SELECT oid FROM pg_am WHERE amname = 'brin')`)
	require.NoError(t, err)
	tx, err = d.db.pool.Begin(ctx)
	require.NoError(t, err)
	_, err = tx.Exec(ctx, `LOCK TABLE events IN SHARE UPDATE EXCLUSIVE MODE`) // as a vacuum does
	require.NoError(t, err)
	d.db.places.Store(0)
	follow()
	require.NoError(t, tx.Rollback(ctx))
	require.Positive(t, d.count(unknown))
	_, err = d.db.pool.Exec(ctx, `SELECT brin_desummarize_range(i.indexrelid, 0) FROM pg_inherits p JOIN pg_index i ON i.indrelid = p.inhrelid
		JOIN pg_class c ON c.oid = i.indexrelid WHERE p.inhparent = 'events'::regclass AND c.relam = (SELECT oid FROM pg_am WHERE amname = 'brin')`)
	require.NoError(t, err)
	d.db.places.Store(0)
	follow()
	require.Zero(t, d.count(unknown))
}
