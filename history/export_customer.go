package history

import (
	"context"
	"io"

	"github.com/jackc/pgx/v5"
)

// ExportCustomer writes the conversations of a customer to a file, the latest
// first: all that the caller may see, where Customer lists a hundred. Errors: as of
// Customer, and the writer's.
func (d *Database) ExportCustomer(ctx context.Context, w io.Writer, tenant, id string, values map[string][]string, e Export) error {
	if err := e.onlyLanguage(values); err != nil {
		return err
	}
	return d.exportList(ctx, w, tenant, &e, "customer", func(tx pgx.Tx, desk *openedDesk) (string, []any, error) {
		c := Customer{ID: id}
		own, err := c.find(ctx, tx, desk, e.Scope)
		if err != nil {
			return "", nil, err
		}
		return "SELECT " + listColumns + " FROM " + listed + " WHERE " + own.sql() + latestFirst, own.args, nil
	})
}
