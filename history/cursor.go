package history

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
)

// cursor is how far a partition has been read, and by what it is recognised.
type cursor struct {
	partition   int16
	seq         uint64
	stream      string // identity of the stream, "" before the first commit
	epoch       int32
	tenant      event.TenantID // of the message at seq, as far as it could be read
	source      string
	id          string
	arrived     int64 // of the message at seq, nanoseconds since 1970
	refolds     int64
	foldVersion int32
}

const selectCursor = `
	SELECT seq, stream, epoch, last_tenant, last_source, last_event_id, last_arrived, refolds, fold_version
	FROM cursors WHERE partition = $1`

// readCursor is the partition's cursor, or ok = false if nothing was read yet.
func readCursor(ctx context.Context, q querier, partition int16, clause string) (c cursor, ok bool, err error) {
	c.partition = partition
	rows, err := q.Query(ctx, selectCursor+clause, partition)
	if err != nil {
		return c, false, fmt.Errorf("read the cursor: %w", err)
	}
	var seq int64
	var tenant string
	_, err = pgx.ForEachRow(rows, []any{&seq, &c.stream, &c.epoch, &tenant, &c.source, &c.id, &c.arrived, &c.refolds, &c.foldVersion}, func() error {
		c.seq, c.tenant, ok = uint64(seq), event.TenantID(tenant), true //nolint:gosec // stored sequences are positive
		return nil
	})
	if err != nil {
		return c, false, fmt.Errorf("read the cursor: %w", err)
	}
	return c, ok, nil
}

// checkVersion says whether the stored numbers are this program's.
func (c *cursor) checkVersion() error {
	switch {
	case c.foldVersion > fold.Version:
		return fmt.Errorf("%w: %d, this program's is %d", ErrNewerFold, c.foldVersion, fold.Version)
	case c.foldVersion < fold.Version:
		return fmt.Errorf("%w: %d, this program's is %d", ErrOldFold, c.foldVersion, fold.Version)
	}
	return nil
}

// makeCursors makes the cursors of a stream of which nothing is stored yet.
func makeCursors(ctx context.Context, tx pgx.Tx, partitions int) error {
	_, err := tx.Exec(ctx, `INSERT INTO cursors (partition, seq, stream, fold_version) SELECT p, 0, '', $2 FROM generate_series(0, $1::int - 1) p`, partitions, fold.Version)
	return err
}

// settleCursor makes the partition's cursor if there is none. It waits for a
// transaction that holds it: that of a writer who was cut off in the middle of
// his commit, who may have been this one.
func settleCursor(ctx context.Context, conn *pgx.Conn, partition int16) error {
	_, err := conn.Exec(ctx, `INSERT INTO cursors (partition, seq, stream, fold_version) VALUES ($1, 0, '', $2) ON CONFLICT DO NOTHING`, partition, fold.Version)
	if err != nil {
		return fmt.Errorf("make the cursor: %w", err)
	}
	if _, _, err := readCursor(ctx, conn, partition, " FOR UPDATE"); err != nil {
		return err
	}
	return nil
}

// move writes the cursor's new place, if it still stands where from says: the
// fence between writers. It must be the first statement of its transaction.
func (c *cursor) move(ctx context.Context, tx pgx.Tx, from *cursor) error {
	tag, err := tx.Exec(ctx, `
		UPDATE cursors SET seq = $1, stream = $2, epoch = $3, last_tenant = $4, last_source = $5, last_event_id = $6, last_arrived = $7, updated_at = now()
		WHERE partition = $8 AND seq = $9 AND epoch = $10 AND refolds = $11 AND fold_version = $12`,
		int64(c.seq), c.stream, c.epoch, string(c.tenant), c.source, c.id, c.arrived, //nolint:gosec // JetStream's sequences stay far below 2^63
		c.partition, int64(from.seq), from.epoch, from.refolds, from.foldVersion) //nolint:gosec // as above
	if err != nil {
		return fmt.Errorf("move the cursor: %w", err)
	}
	if tag.RowsAffected() == 1 {
		return nil
	}
	now, ok, err := readCursor(ctx, tx, c.partition, "")
	switch {
	case err != nil:
		return err
	case ok && now.seq == from.seq && now.epoch == from.epoch && now.foldVersion == from.foldVersion:
		return errStale
	}
	return fmt.Errorf("%w: its cursor is at %d, expected at %d", ErrFenced, now.seq, from.seq)
}

// name keeps which event stands at the cursor, as far as that could be read: it
// may have been refused.
func (c *cursor) name(e *event.Event) {
	c.tenant, c.source, c.id = event.TenantID(clean(string(e.Tenant))), clean(e.Source), clean(e.ID)
}

// clean cuts an id that was refused to what PostgreSQL stores.
func clean(id string) string {
	id = strings.ToValidUTF8(id[:min(len(id), event.MaxEnvID)], "")
	before, _, _ := strings.Cut(id, "\x00")
	return before
}

// fenced reports whether a writer has to stop.
func fenced(err error) bool {
	return errors.Is(err, ErrFenced) || errors.Is(err, ErrNewerFold) || errors.Is(err, ErrNewerSchema)
}
