package history

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/tern/v2/migrate"

	"github.com/floorlight/floorlight/history/migrations"
)

const (
	versionTable  = "public.schema_version"
	migrationLock = 0x666c6f6f72 // any number that nobody else uses
)

// Migrate brings the schema up to this program's. Several programs may call it at
// once; one does the work. Numbers of an older fold stay what they are until Renew.
// Errors: ErrUnavailable, ErrNewerSchema, ErrNewerFold.
func (d *Database) Migrate(ctx context.Context) error {
	conn, err := d.connect(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer hangUp(ctx, conn)
	if err := d.migrate(ctx, conn); err != nil {
		return fmt.Errorf("migrate: %w", interpret(err))
	}
	_, err = oldestFold(ctx, d.pool)
	return interpret(err)
}

func (d *Database) migrate(ctx context.Context, conn *pgx.Conn) error {
	// tern takes its own lock for each step, but finds out about the version
	// outside it. Ours ends with the connection.
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, int64(migrationLock)); err != nil {
		return err
	}
	m, err := migrate.NewMigrator(ctx, conn, versionTable)
	if err != nil {
		return err
	}
	if err := m.LoadMigrations(migrations.FS); err != nil {
		return err
	}
	have, err := m.GetCurrentVersion(ctx)
	if err != nil {
		return err
	}
	if int(have) > len(m.Migrations) {
		return fmt.Errorf("%w: step %d, and this program knows %d", ErrNewerSchema, have, len(m.Migrations))
	}
	if int(have) == len(m.Migrations) {
		return nil
	}
	if err := m.Migrate(ctx); err != nil {
		return err
	}
	d.log.Info().Int32("from", have).Int("to", len(m.Migrations)).Msg("database schema brought up to date")
	return nil
}
