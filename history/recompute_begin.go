package history

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/hub/metric"
)

// order is what a recomputation is to put in force.
type order struct {
	tenant   event.TenantID
	profile  *metric.Profile // nil: the one that is in force
	name     string          // of the tenant; "" leaves it
	announce *event.Event    // what says so in the stream; nil: nothing
}

// beginRecompute notes a recomputation in the database, instead of one that may
// run. Errors: ErrUnknownTenant, ErrUnavailable.
func (d *Database) beginRecompute(ctx context.Context, o *order) error {
	err := pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		var stored []byte
		var rows string
		var version int64
		err := tx.QueryRow(ctx, `SELECT t.version, `+storedAs+`, e.state FROM tenants t
			JOIN entities e ON e.tenant = `+storedAs+` AND e.kind = $2 AND e.id = ''
			WHERE t.tenant = $1 FOR UPDATE OF t`, string(o.tenant), int16(fold.KindTenant)).Scan(&version, &rows, &stored)
		if errors.Is(err, pgx.ErrNoRows) {
			return fmt.Errorf("%w: %s", ErrUnknownTenant, o.tenant)
		}
		if err != nil {
			return err
		}
		base, label, err := o.base(stored)
		if err != nil {
			return err
		}
		var announce []byte
		if o.announce != nil {
			if announce, err = o.announce.Encode(); err != nil {
				return err
			}
		}
		next, err := supersede(ctx, tx, o.tenant, forProfile, rows)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO refolds (tenant, state, stored_as, fold_version, profile, version_from, base, announce, total)
			VALUES ($1, 'running', $2, $3, $4, $5, $6, $7, (SELECT count(*) FROM events WHERE tenant = $1))`,
			string(o.tenant), next, fold.Version, label, version, base, announce)
		return err
	})
	return interpret(err)
}

func abandon(ctx context.Context, tx pgx.Tx, rows string) error {
	_, err := tx.Exec(ctx, `INSERT INTO abandoned_rows VALUES ($1) ON CONFLICT DO NOTHING`, rows)
	return err
}

// supersede makes room for a recomputation: whatever ran before for the same has made
// rows that nobody will read, unless they are in force. It returns a name for new ones.
func supersede(ctx context.Context, tx pgx.Tx, tenant event.TenantID, why purpose, inForce string) (string, error) {
	next, err := unusedRows(ctx, tx, tenant)
	if err != nil {
		return "", err
	}
	var before string
	err = tx.QueryRow(ctx, `DELETE FROM refolds WHERE tenant = $1 AND purpose = $2 RETURNING stored_as`, string(tenant), string(why)).Scan(&before)
	switch {
	case errors.Is(err, pgx.ErrNoRows), err == nil && before == inForce:
		return next, nil
	case err != nil:
		return "", err
	}
	return next, abandon(ctx, tx, before)
}

// unusedRows is a name for a tenant's rows that no row has: a tenant's id has no @.
func unusedRows(ctx context.Context, tx pgx.Tx, tenant event.TenantID) (string, error) {
	rows, err := tx.Query(ctx, `
		SELECT stored_as FROM refolds WHERE tenant = $1
		UNION SELECT stored_as FROM tenants WHERE tenant = $1
		UNION SELECT stored_as FROM abandoned_rows WHERE starts_with(stored_as, $1 || '@')`, string(tenant))
	if err != nil {
		return "", err
	}
	n := 1
	var used string
	_, err = pgx.ForEachRow(rows, []any{&used}, func() error {
		if _, suffix, ok := strings.Cut(used, "@"); ok {
			if i, err := strconv.Atoi(suffix); err == nil {
				n = max(n, i)
			}
		}
		return nil
	})
	return string(tenant) + "@" + strconv.Itoa(n+1), err
}

// base is the tenant's entity from which everything is folded: its profile and
// name. Channels, teams and whatever is counted come from the events again.
func (o *order) base(stored []byte) (base []byte, label string, err error) {
	var entity map[string]jsontext.Value
	if err := json.Unmarshal(stored, &entity); err != nil {
		return nil, "", fmt.Errorf("read the profile of tenant %s: %w", o.tenant, err)
	}
	for member := range entity {
		if !slices.Contains([]string{"name", "profile", "version", "changes"}, member) {
			delete(entity, member)
		}
	}
	if o.name != "" {
		if entity["name"], err = json.Marshal(o.name); err != nil {
			return nil, "", err
		}
	}
	if base, err = json.Marshal(entity, json.Deterministic(true)); err != nil {
		return nil, "", fmt.Errorf("keep the profile of tenant %s: %w", o.tenant, err)
	}
	if o.profile != nil {
		if base, err = underProfile(base, o.profile); err != nil {
			return nil, "", err
		}
	}
	st := fold.New(o.tenant)
	if err := st.Bring(fold.Ref{Kind: fold.KindTenant}, base); err != nil {
		return nil, "", err
	}
	return base, st.Profile().Label(), nil
}

// underProfile is a tenant's entity with another profile in it.
func underProfile(stored []byte, p *metric.Profile) ([]byte, error) {
	var entity map[string]jsontext.Value
	if err := json.Unmarshal(stored, &entity); err != nil {
		return nil, fmt.Errorf("read a tenant's entity: %w", err)
	}
	for name, v := range map[string]any{"profile": p.Name, "version": p.Version, "changes": p.Changes} {
		var err error
		if entity[name], err = json.Marshal(v, json.Deterministic(true)); err != nil {
			return nil, err
		}
	}
	return json.Marshal(entity, json.Deterministic(true))
}
