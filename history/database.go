package history

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/floorlight/floorlight/history/cube"
	"github.com/floorlight/floorlight/hub/event"
)

const (
	defaultConnections = 8
	connectTimeout     = 5 * time.Second
)

// Config says where the database is.
type Config struct {
	// URL is a connection string as of pgx and psql.
	URL string
	// MaxConnections bounds the pool of the readers; 8 by default. A writer
	// holds two connections of its own.
	MaxConnections int
	// Scratch is a directory for what does not fit in memory, for as long as it is
	// needed; by default that of temporary files.
	Scratch string
	// ReportBytes bounds the memory in which the reports keep rows; a GiB by default.
	ReportBytes int64
	Logger      zerolog.Logger
}

// Database is the history in PostgreSQL. Use it from any goroutine.
type Database struct {
	pool *pgxpool.Pool
	cube *cube.Cube // of the reports
	log  zerolog.Logger

	pulse *pulse

	others otherProfiles // that reports were asked for

	verifying  chan struct{} // full while a desk is verified
	scratch    string
	restsEvery int   // of a verification; see there
	firstLook  int64 // of a replay, sequences; firstWindow, but in tests
	rare       int   // mostRare, but in tests

	places     atomic.Int64 // when notePlaces last did its work, in nanoseconds
	partitions atomic.Int32 // over which the tenants are spread; 0 is 1
}

// Open checks the URL and makes a pool. It does not wait for a connection: a database
// that is down, or hangs, is met by whoever asks, as ErrUnavailable.
func Open(ctx context.Context, c Config) (*Database, error) {
	cfg, err := pgxpool.ParseConfig(c.URL)
	if err != nil {
		return nil, fmt.Errorf("read the database's URL: %w", err)
	}
	cfg.MaxConns = defaultConnections
	if c.MaxConnections > 0 {
		cfg.MaxConns = int32(min(c.MaxConnections, 1000))
	}
	if cfg.ConnConfig.ConnectTimeout == 0 {
		cfg.ConnConfig.ConnectTimeout = connectTimeout
	}
	if cfg.ConnConfig.RuntimeParams["application_name"] == "" {
		cfg.ConnConfig.RuntimeParams["application_name"] = "floorlight"
	}
	cfg.ConnConfig.RuntimeParams["timezone"] = "UTC"
	pulse := feel(ctx, cfg.ConnConfig, c.Logger)
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		pulse.stop()
		return nil, fmt.Errorf("open the database: %w", interpret(err))
	}
	d := &Database{pool: pool, pulse: pulse, log: c.Logger, others: newOtherProfiles(), verifying: make(chan struct{}, 1), scratch: c.Scratch, restsEvery: restsEvery, firstLook: firstWindow, rare: mostRare}
	d.cube = cube.New(cube.Config{Bytes: c.ReportBytes, Partition: func(tenant string) int16 { return d.partitionOf(event.TenantID(tenant)) }, Logger: c.Logger})
	return d, nil
}

// Warm reads the last quarter of every tenant into the reports' memory and keeps
// it up to date, so that a first question does not wait. It returns when ctx ends.
func (d *Database) Warm(ctx context.Context) { d.cube.Warm(ctx, d.pool) }

// Reporting tells how the reports' memory does.
func (d *Database) Reporting() prometheus.Collector { return d.cube }

// Close waits for the connections in use and closes all. End writers first.
func (d *Database) Close() {
	d.pool.Close()
	d.pulse.stop()
}

// Ping asks PostgreSQL for an answer.
func (d *Database) Ping(ctx context.Context) error { return interpret(d.pool.Ping(ctx)) }

// connect opens a connection outside the pool, for one that keeps what belongs
// to a session: temporary tables, locks, a long transaction.
func (d *Database) connect(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, d.pool.Config().ConnConfig)
	if err != nil {
		return nil, interpret(err)
	}
	return conn, nil
}

// hangUp closes a connection of connect's, whatever has become of ctx.
func hangUp(ctx context.Context, conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	_ = conn.Close(ctx) // it is closed in any case
}

// snapshot runs f in one read-only view of the database.
func (d *Database) snapshot(ctx context.Context, f func(pgx.Tx) error) error {
	return interpret(pgx.BeginTxFunc(ctx, d.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, f))
}
