package history

import (
	"context"
	"strconv"

	"github.com/jackc/pgx/v5"
)

func placeholder(n int) string { return "$" + strconv.Itoa(n) }

// rowsOf is a query's rows, each read by scan.
func rowsOf[T any](ctx context.Context, tx pgx.Tx, sql string, args []any, scan func(pgx.Rows, *T) error) ([]T, error) {
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := []T{}
	for rows.Next() {
		var v T
		if err := scan(rows, &v); err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}
