package history

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// defaultLease is how long an owner may be silent before another takes over.
const defaultLease = 3 * time.Second

// Leases say which server owns a partition, by the database's clock. They spare
// servers work: that no two write is the cursor's doing.
type Leases struct {
	pool  *pgxpool.Pool // of its own: whoever asks for long must not cost a partition
	owner string
	life  time.Duration
}

// leaseConnections are enough for one that keeps and one that hands on.
const leaseConnections = 2

// Leases are those of a server that has this name among all, and may be silent
// for as long as life; 3 s if that is 0. Close ends them.
func (d *Database) Leases(ctx context.Context, owner string, life time.Duration) (*Leases, error) {
	if life <= 0 {
		life = defaultLease
	}
	cfg := d.pool.Config()
	cfg.MaxConns, cfg.MinConns = leaseConnections, 0
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("open the database for leases: %w", interpret(err))
	}
	return &Leases{pool: pool, owner: owner, life: life}, nil
}

// Close lets go of the connections, not of what is owned.
func (l *Leases) Close() { l.pool.Close() }

// Life is how long an owner may be silent.
func (l *Leases) Life() time.Duration { return l.life }

// Held is a partition that somebody owns.
type Held struct {
	Partition int16
	Owner     string
	Wanted    bool // another server has asked for it lately
}

// All lists the partitions that somebody owns now.
func (l *Leases) All(ctx context.Context) ([]Held, error) {
	rows, err := l.pool.Query(ctx, `SELECT partition, owner, wanted <> '' AND wanted_at > clock_timestamp() - make_interval(secs => $1)
		FROM leases WHERE beat > clock_timestamp() - make_interval(secs => $1) ORDER BY partition`, l.life.Seconds())
	if err != nil {
		return nil, interpret(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Held])
	return list, interpret(err)
}

// Take makes the server the partition's owner, if nobody else is.
func (l *Leases) Take(ctx context.Context, partition int16) (bool, error) {
	tag, err := l.pool.Exec(ctx, `INSERT INTO leases (partition, owner, beat) VALUES ($1, $2, clock_timestamp())
		ON CONFLICT (partition) DO UPDATE SET owner = excluded.owner, beat = excluded.beat, wanted = ''
		WHERE leases.owner = excluded.owner OR leases.beat < clock_timestamp() - make_interval(secs => $3)`,
		partition, l.owner, l.life.Seconds())
	if err != nil {
		return false, interpret(err)
	}
	return tag.RowsAffected() == 1, nil
}

// Want asks the partition's owner to let it go.
func (l *Leases) Want(ctx context.Context, partition int16) error {
	_, err := l.pool.Exec(ctx, `UPDATE leases SET wanted = $2, wanted_at = clock_timestamp()
		WHERE partition = $1 AND owner <> $2 AND (wanted = '' OR wanted = $2 OR wanted_at < clock_timestamp() - make_interval(secs => $3))`,
		partition, l.owner, l.life.Seconds())
	return interpret(err)
}

// Kept is a partition that is the server's own.
type Kept struct {
	Wanted  string // by whom; "" for nobody
	Refolds int64  // raised when its stored numbers were computed anew
}

// Keep says that the owner lives, and returns which of the partitions are its own
// now. While the database does not answer nobody else can take one.
func (l *Leases) Keep(ctx context.Context, partitions []int16) (map[int16]Kept, error) {
	rows, err := l.pool.Query(ctx, `UPDATE leases l SET beat = clock_timestamp() WHERE owner = $1 AND partition = ANY($2)
		RETURNING partition, CASE WHEN wanted_at > clock_timestamp() - make_interval(secs => $3) THEN wanted ELSE '' END,
			coalesce((SELECT refolds FROM cursors c WHERE c.partition = l.partition), 0)`, l.owner, partitions, l.life.Seconds())
	if err != nil {
		return nil, interpret(err)
	}
	kept := map[int16]Kept{}
	var partition int16
	var k Kept
	_, err = pgx.ForEachRow(rows, []any{&partition, &k.Wanted, &k.Refolds}, func() error {
		kept[partition] = k
		return nil
	})
	return kept, interpret(err)
}

// Give hands a partition on: to another server, or with "" to whoever comes first.
func (l *Leases) Give(ctx context.Context, partition int16, to string) error {
	_, err := l.pool.Exec(ctx, `UPDATE leases SET owner = CASE WHEN $3 = '' THEN owner ELSE $3 END, wanted = '',
			beat = CASE WHEN $3 = '' THEN '-infinity' ELSE clock_timestamp() END
		WHERE partition = $1 AND owner = $2`, partition, l.owner, to)
	return interpret(err)
}
