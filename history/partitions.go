package history

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

const partitionLock = 0x6d6f6e7468 // any number that nobody else uses

// month counts months since January of the year 0.
type month int

func monthOf(t time.Time) month {
	t = t.UTC()
	return month(t.Year()*12 + int(t.Month()) - 1)
}

// start is the month's first moment; the next month's is its end.
func (m month) start() time.Time {
	return time.Date(int(m)/12, time.Month(int(m)%12+1), 1, 0, 0, 0, 0, time.UTC)
}

// partition is the name of the month's table.
func (m month) partition() string { return m.start().Format("events_2006_01") }

// ensureMonth makes the partition of a month, in a transaction of its own. It is
// made as a table and then attached, since CREATE … PARTITION OF would wait for
// every reader of events and make all others wait behind it.
func ensureMonth(ctx context.Context, conn *pgx.Conn, m month) error {
	err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(partitionLock)); err != nil {
			return err
		}
		var there bool
		err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_inherits WHERE inhparent = 'events'::regclass AND inhrelid = to_regclass($1))`, m.partition()).Scan(&there)
		if err != nil || there {
			return err
		}
		name := pgx.Identifier{m.partition()}.Sanitize()
		const bound = "2006-01-02 15:04:05+00"
		for _, sql := range []string{
			"CREATE TABLE " + name + " (LIKE events INCLUDING DEFAULTS)",
			fmt.Sprintf("ALTER TABLE events ATTACH PARTITION %s FOR VALUES FROM ('%s') TO ('%s')",
				name, m.start().Format(bound), (m + 1).start().Format(bound)),
		} {
			if _, err := tx.Exec(ctx, sql); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("make the partition %s: %w", m.partition(), err)
	}
	return nil
}
