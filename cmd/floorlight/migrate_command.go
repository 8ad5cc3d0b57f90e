package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/floorlight/floorlight/history"
	"github.com/floorlight/floorlight/history/postgres"
)

// migrateStopLimit is how long the PostgreSQL that was started for it may take
// to stop.
const migrateStopLimit = time.Minute

type migrateCommand struct{}

// Run brings the schema of the database that the settings name to this
// program's; of one of its own, it starts the PostgreSQL for that long.
func (*migrateCommand) Run(ctx context.Context, env *environment) (err error) {
	address := env.settings.DatabaseURL
	where := "the database that database_url names"
	if address == "" {
		where = env.settings.DataDir
		managed, startErr := postgres.Start(ctx, postgres.Config{
			DataDir: filepath.Join(env.settings.DataDir, "postgres"), Bin: env.settings.PostgresBin, Logger: env.log,
		})
		if _, ok := errors.AsType[*postgres.InUseError](startErr); ok {
			return fmt.Errorf("a server runs on %s, and has migrated at its start (unless --no-migrate): %w", env.settings.DataDir, startErr)
		}
		if startErr != nil {
			return startErr
		}
		defer func() {
			stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), migrateStopLimit)
			defer cancel()
			err = errors.Join(err, managed.Stop(stop))
		}()
		address = managed.URL()
	}
	database, err := history.Open(ctx, history.Config{URL: address, Logger: env.log})
	if err != nil {
		return err
	}
	defer database.Close()
	if err := database.Migrate(ctx); err != nil {
		return err
	}
	if err := database.Renew(ctx); err != nil {
		return err
	}
	_, err = fmt.Fprintf(env.stdout, "the schema of %s is this program's\n", where)
	return err
}
