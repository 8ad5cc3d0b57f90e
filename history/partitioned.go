package history

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
)

// ErrSpread says that the tenants cannot be spread over another number of
// partitions now.
var ErrSpread = errors.New("the number of partitions cannot be changed now")

// spreadLock is any number that nobody else uses.
const spreadLock = 0x737072656164

// partitionOf is the partition that a tenant's events are read by.
func (d *Database) partitionOf(tenant event.TenantID) int16 {
	return int16(stream.PartitionOf(tenant, int(d.partitions.Load()))) //nolint:gosec // there are few
}

// every lists the partitions.
func (d *Database) every() []int16 {
	list := make([]int16, max(1, d.partitions.Load()))
	for i := range list {
		list[i] = int16(i)
	}
	return list
}

// tenantsOf lists the tenants of a partition of whom something is stored, and
// under what their rows stand. Both are nil if there is one partition only: all.
func (d *Database) tenantsOf(ctx context.Context, q querier, partition int16) (tenants, rows []string, err error) {
	if d.partitions.Load() <= 1 {
		return nil, nil, nil
	}
	tenants, rows = []string{}, []string{}
	all, err := q.Query(ctx, `SELECT t.tenant, `+storedAs+` FROM tenants t ORDER BY t.tenant`)
	if err != nil {
		return nil, nil, err
	}
	var tenant, stored string
	_, err = pgx.ForEachRow(all, []any{&tenant, &stored}, func() error {
		if d.partitionOf(event.TenantID(tenant)) == partition {
			tenants, rows = append(tenants, tenant), append(rows, stored)
		}
		return nil
	})
	return tenants, rows, err
}

// Spread says over how many partitions the stream spreads the tenants, before
// anything else is asked. A number that has changed gets its cursors: each new
// partition goes on where all of before have stood. The first number gets its cursors
// all at once, so that a server that stops before its writers begin leaves none out.
// Errors: ErrSpread if they did not stand at one place, ErrUnavailable.
func (d *Database) Spread(ctx context.Context, n int) error {
	err := pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(spreadLock)); err != nil {
			return err
		}
		var rows, most int
		var low, high int64
		if err := tx.QueryRow(ctx, `SELECT count(*), coalesce(max(partition), -1) + 1, coalesce(min(seq), 0), coalesce(max(seq), 0) FROM cursors`).Scan(&rows, &most, &low, &high); err != nil {
			return err
		}
		if rows == n && most == n {
			return nil
		}
		if rows == 0 {
			return makeCursors(ctx, tx, n)
		}
		if low != high {
			return fmt.Errorf("%w: the cursors of %d partitions stand at sequences %d to %d, and the stream has %d partitions", ErrSpread, rows, low, high, n)
		}
		for _, sql := range []string{
			`INSERT INTO cursors (partition, seq, stream, epoch, last_tenant, last_source, last_event_id, last_arrived, refolds, fold_version)
				SELECT p, seq, stream, epoch, last_tenant, last_source, last_event_id, last_arrived, refolds, fold_version
				FROM generate_series(0, $1::int - 1) p, (SELECT * FROM cursors ORDER BY epoch DESC, partition LIMIT 1) c ON CONFLICT DO NOTHING`,
			spreadFollower("search_cursors"),
			spreadFollower("seen_cursors"),
			`DELETE FROM cursors WHERE partition >= $1::int`,
			`DELETE FROM search_cursors WHERE partition >= $1::int`,
			`DELETE FROM seen_cursors WHERE partition >= $1::int`,
			`DELETE FROM leases WHERE partition >= $1::int`,
		} {
			if _, err := tx.Exec(ctx, sql, n); err != nil {
				return err
			}
		}
		d.log.Info().Int("partitions", n).Int("before", rows).Int64("seq", low).Msg("the tenants are spread anew")
		return nil
	})
	if err != nil {
		return interpret(err)
	}
	d.partitions.Store(int32(n)) //nolint:gosec // there are few
	return nil
}

// Respreadable says whether the stream, whose last sequence is given, may be
// spread over another number of partitions: no server reads it, and either there
// is one partition, or all of them have stored everything. Errors: ErrSpread,
// ErrUnavailable.
func (d *Database) Respreadable(ctx context.Context, last uint64) error {
	var owners, rows int
	var low int64
	err := d.pool.QueryRow(ctx, `SELECT (SELECT count(*) FROM leases WHERE beat > clock_timestamp() - make_interval(secs => $1)), count(*), coalesce(min(seq), 0) FROM cursors`,
		defaultLease.Seconds()).Scan(&owners, &rows, &low)
	switch {
	case err != nil:
		return interpret(err)
	case owners > 0:
		return fmt.Errorf("%w: a server works on it; stop every server first", ErrSpread)
	case rows > 1 && uint64(max(0, low)) < last:
		return fmt.Errorf("%w: history has stored up to sequence %d of %d; let a server with the present number store the rest first", ErrSpread, low, last)
	}
	return nil
}

// spreadFollower lets each new partition's follower go on where the last of all
// has come.
func spreadFollower(cursors string) string {
	return `INSERT INTO ` + cursors + ` (partition, epoch, seq)
		SELECT p, epoch, seq FROM generate_series(0, $1::int - 1) p, (SELECT * FROM ` + cursors + ` ORDER BY epoch, seq LIMIT 1) c ON CONFLICT DO NOTHING`
}
