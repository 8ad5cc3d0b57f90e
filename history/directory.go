package history

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/jackc/pgx/v5"

	"github.com/floorlight/floorlight/hub/fold"
)

// Directory names what reports are broken down by, each list sorted by id.
type Directory struct {
	AsOfSeq  uint64         `json:"as_of_seq"`
	Channels []NamedChannel `json:"channels"`
	Teams    []NamedTeam    `json:"teams"`
	Agents   []NamedAgent   `json:"agents"`
	Flows    []NamedFlow    `json:"flows"`
}

// NamedFlow is a chat flow that ran at least once, by its latest name.
type NamedFlow struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// NamedChannel is an inbox or service account.
type NamedChannel struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Kind     string `json:"kind"`
	Disabled bool   `json:"disabled"`
}

// NamedTeam is a reception group.
type NamedTeam struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Disabled bool   `json:"disabled"`
}

// NamedAgent is a human agent.
type NamedAgent struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Department string   `json:"department,omitempty"`
	Teams      []string `json:"teams"`
	Channels   []string `json:"channels"`
	Disabled   bool     `json:"disabled"`
}

// Directory lists the tenant's channels, teams, agents and flows; of an unknown tenant
// there are none. Errors: ErrUnavailable.
func (d *Database) Directory(ctx context.Context, tenant string) (Directory, error) {
	var all Directory
	err := d.snapshot(ctx, func(tx pgx.Tx) error {
		var err error
		if all.AsOfSeq, err = d.asOfSeq(ctx, tx, tenant); err != nil {
			return err
		}
		desk, err := openDesk(ctx, tx, tenant)
		if err != nil {
			return err
		}
		all.Channels, err = rowsOf(ctx, tx, "SELECT channel, name, kind, disabled FROM channels WHERE tenant = $1 ORDER BY channel", []any{desk.rows},
			func(rows pgx.Rows, c *NamedChannel) error { return rows.Scan(&c.ID, &c.Name, &c.Kind, &c.Disabled) })
		if err != nil {
			return err
		}
		all.Teams, err = rowsOf(ctx, tx, "SELECT team, name, disabled FROM teams WHERE tenant = $1 ORDER BY team", []any{desk.rows},
			func(rows pgx.Rows, t *NamedTeam) error { return rows.Scan(&t.ID, &t.Name, &t.Disabled) })
		if err != nil {
			return err
		}
		all.Agents, err = rowsOf(ctx, tx, "SELECT agent, name, department, teams, channels, disabled FROM agents WHERE tenant = $1 ORDER BY agent", []any{desk.rows},
			func(rows pgx.Rows, a *NamedAgent) error {
				return rows.Scan(&a.ID, &a.Name, &a.Department, &a.Teams, &a.Channels, &a.Disabled)
			})
		if err != nil {
			return err
		}
		all.Flows, err = namedFlows(ctx, tx, desk)
		return err
	})
	if err != nil {
		return Directory{}, fmt.Errorf("directory: %w", err)
	}
	return all, nil
}

// namedFlows are the desk's flows by id. Their names stand in the tenant's entity.
func namedFlows(ctx context.Context, tx pgx.Tx, desk *openedDesk) ([]NamedFlow, error) {
	stored, err := tenantEntity(ctx, tx, desk)
	if err != nil {
		return nil, err
	}
	var entity struct {
		Flows map[string]string `json:"flows"`
	}
	if stored != nil {
		if err := json.Unmarshal(stored, &entity); err != nil {
			return nil, fmt.Errorf("read the flows: %w", err)
		}
	}
	flows := make([]NamedFlow, 0, len(entity.Flows))
	for _, id := range slices.Sorted(maps.Keys(entity.Flows)) {
		flows = append(flows, NamedFlow{ID: id, Name: cmp.Or(entity.Flows[id], id)})
	}
	return flows, nil
}

// tenantEntity is the stored entity of a tenant as a whole, nil if there is none.
func tenantEntity(ctx context.Context, tx pgx.Tx, desk *openedDesk) ([]byte, error) {
	var stored []byte
	err := tx.QueryRow(ctx, "SELECT state FROM entities WHERE tenant = $1 AND kind = $2 AND id = ''", desk.rows, int16(fold.KindTenant)).Scan(&stored)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return stored, err
}
