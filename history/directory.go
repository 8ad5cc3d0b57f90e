package history

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Directory names what reports are broken down by, each list sorted by id.
type Directory struct {
	AsOfSeq  uint64         `json:"as_of_seq"`
	Channels []NamedChannel `json:"channels"`
	Teams    []NamedTeam    `json:"teams"`
	Agents   []NamedAgent   `json:"agents"`
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

// Directory lists the tenant's channels, teams and agents; of an unknown tenant
// there are none. Errors: ErrUnavailable.
func (d *Database) Directory(ctx context.Context, tenant string) (Directory, error) {
	var all Directory
	err := d.snapshot(ctx, func(tx pgx.Tx) error {
		var err error
		if all.AsOfSeq, err = asOf(ctx, tx); err != nil {
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
		return err
	})
	if err != nil {
		return Directory{}, fmt.Errorf("directory: %w", err)
	}
	return all, nil
}
