package history

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/metric"
)

// storedAs is the expression for where a tenant's rows stand, of tenants t.
const storedAs = "coalesce(nullif(t.stored_as, ''), t.tenant)"

// openedDesk is a tenant as one view of the database has it: the profile in
// force, and the name under which its rows stand. Events stand under its id.
type openedDesk struct {
	tenant  string
	rows    string // what stands in the column tenant of all tables but events, tenants and refolds
	profile *metric.Profile
}

// openDesk reads a tenant; an unknown one has the default profile and no rows.
func openDesk(ctx context.Context, tx pgx.Tx, tenant string) (*openedDesk, error) {
	d := &openedDesk{tenant: tenant, rows: tenant}
	name, version, settings := metric.DefaultProfile, int64(0), []byte("{}")
	err := tx.QueryRow(ctx, "SELECT t.profile, t.version, t.settings, "+storedAs+" FROM tenants t WHERE t.tenant = $1", tenant).
		Scan(&name, &version, &settings, &d.rows)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return nil, err
	}
	d.profile, err = storedProfile(name, version, settings)
	return d, err
}

// storedProfile reads the profile in a tenant's row: settings that an earlier program
// did not know are the preset's.
func storedProfile(name string, version int64, settings []byte) (*metric.Profile, error) {
	p, err := metric.NewProfile(name, version, nil)
	if err != nil {
		return nil, fmt.Errorf("stored profile: %w", err)
	}
	if err := json.Unmarshal(settings, &p.Settings); err != nil {
		return nil, fmt.Errorf("stored profile: %w", err)
	}
	return p, nil
}
