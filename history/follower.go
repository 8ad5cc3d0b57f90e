package history

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// follower takes up what the writer has stored, behind its cursor and a window of
// sequences at a time, each in a transaction that moves its own cursor.
type follower struct {
	name    string // for people
	cursors string // the table of how far it has come, by partition
	lock    int64  // any number that nobody else uses: one of several servers does the work
	window  int64  // sequences
	whole   bool   // leaves what does not yet fill a window
	take    func(ctx context.Context, tx pgx.Tx, w window) error
}

// window is a stretch of the stream, from exclusive and to inclusive.
type window struct {
	tenants  []string // whose events are meant; nil: all
	epoch    int32
	from, to int64
}

// keepFollowing follows until ctx ends. What fails is logged and tried again.
func (d *Database) keepFollowing(ctx context.Context, f *follower, every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	quiet := false
	for {
		err := d.follow(ctx, f)
		switch {
		case ctx.Err() != nil:
			return
		case err == nil:
			quiet = false
		case !quiet:
			quiet = true
			d.log.Warn().Err(err).Msg("the " + f.name + " does not follow the writer")
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// follow takes up everything that is stored. It returns at once where somebody
// else does so. Errors: ErrUnavailable.
func (d *Database) follow(ctx context.Context, f *follower) error {
	for _, partition := range d.every() {
		for more := true; more; {
			more = false
			err := pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
				var mine bool
				if err := tx.QueryRow(ctx, `SELECT pg_try_advisory_xact_lock($1)`, f.lock).Scan(&mine); err != nil || !mine {
					return err
				}
				var err error
				more, err = d.step(ctx, tx, f, partition)
				return err
			})
			if err == nil && more {
				err = d.notePlaces(ctx)
			}
			if err != nil {
				return interpret(fmt.Errorf("%s: %w", f.name, err))
			}
		}
	}
	return nil
}

// step takes up one window of a partition's part of the stream.
func (d *Database) step(ctx context.Context, tx pgx.Tx, f *follower, partition int16) (more bool, err error) {
	c, ok, err := readCursor(ctx, tx, partition, "")
	if err != nil || !ok {
		return false, err
	}
	w := window{epoch: 1}
	err = tx.QueryRow(ctx, `SELECT epoch, seq FROM `+f.cursors+` WHERE partition = $1`, partition).Scan(&w.epoch, &w.from)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return false, err
	}
	if w.tenants, _, err = d.tenantsOf(ctx, tx, partition); err != nil {
		return false, err
	}
	last := int64(c.seq) //nolint:gosec // JetStream's sequences stay far below 2^63
	w.to = min(last, w.from+f.window)
	switch {
	case w.epoch > c.epoch || w.epoch == c.epoch && (w.from >= last || f.whole && last-w.from < f.window):
		return false, nil
	case w.epoch < c.epoch:
		// What an earlier epoch still holds behind this place, a window at a time.
		var next *int64
		if err := tx.QueryRow(ctx, `SELECT min(seq) FROM events WHERE epoch = $1 AND seq > $2 AND ($3::text[] IS NULL OR tenant = ANY($3))`, w.epoch, w.from, w.tenants).Scan(&next); err != nil {
			return false, err
		}
		if next == nil {
			return true, f.keep(ctx, tx, partition, w.epoch+1, 0)
		}
		w.from, w.to = *next-1, *next-1+f.window
	}
	if err := f.take(ctx, tx, w); err != nil {
		return false, err
	}
	return true, f.keep(ctx, tx, partition, w.epoch, w.to)
}

func (f *follower) keep(ctx context.Context, tx pgx.Tx, partition int16, epoch int32, seq int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO `+f.cursors+` (partition, epoch, seq) VALUES ($1, $2, $3)
		ON CONFLICT (partition) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq, updated_at = now()`, partition, epoch, seq)
	return err
}
