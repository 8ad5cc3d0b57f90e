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
	t, err := e.table(w)
	if err != nil {
		return err
	}
	if _, err := d.Customer(ctx, tenant, id, e.Scope); err != nil {
		return err
	}
	names, err := d.Directory(ctx, tenant)
	if err != nil {
		return err
	}
	err = d.snapshot(ctx, func(tx pgx.Tx) error {
		desk, err := openDesk(ctx, tx, tenant)
		if err != nil {
			return err
		}
		own := sessionsOf(desk, id, e.Scope)
		rows, err := tx.Query(ctx, "SELECT "+listColumns+" FROM "+listed+" WHERE "+own.sql()+latestFirst, own.args...)
		if err != nil {
			return err
		}
		return e.conversations(rows, desk, names, t)
	})
	if err != nil {
		return listError("customer", err)
	}
	return nil
}
