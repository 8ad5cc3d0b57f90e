package history

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// flushing says which of a writer's commits wait until PostgreSQL has them on disk.
// Most do not: the stream keeps what they store, so that a crash of PostgreSQL, which
// takes the last of them back together with the cursor, costs reading it again. The
// disk is the one that the stream syncs before each acknowledgement.
type flushing struct {
	seq uint64    // on disk up to it, by the last commit that waited; 0 before the first
	at  time.Time // when that was
}

// withoutWaiting has a connection's commits not wait.
func withoutWaiting(ctx context.Context, conn *pgx.Conn) error {
	if _, err := conn.Exec(ctx, `SET synchronous_commit = off`); err != nil {
		return fmt.Errorf("have commits not wait for the disk: %w", err)
	}
	return nil
}

// due reports whether the next commit waits: some time after the last that did, so
// that few do while many follow each other, and always at the end of life.
func (f *flushing) due(life context.Context, every time.Duration) bool {
	return life.Err() != nil || time.Since(f.at) >= every
}

// wait has this transaction's commit wait, for its own and for all before it.
func (f *flushing) wait(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, `SET LOCAL synchronous_commit = on`); err != nil {
		return fmt.Errorf("have a commit wait for the disk: %w", err)
	}
	return nil
}

func (f *flushing) done(seq uint64) { f.seq, f.at = seq, time.Now() }

// flushed returns when everything is on disk that was committed before.
func (d *Database) flushed(ctx context.Context) error {
	return interpret(pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		// What wrote nothing would not wait.
		_, err := tx.Exec(ctx, `SET LOCAL synchronous_commit = on; SELECT pg_logical_emit_message(true, 'floorlight', '')`)
		if err != nil {
			return fmt.Errorf("wait for the disk: %w", err)
		}
		return nil
	}))
}
