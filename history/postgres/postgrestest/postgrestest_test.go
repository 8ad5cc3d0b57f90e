package postgrestest_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history/postgres/postgrestest"
)

// Each test has a database of its own on the same server.
func TestNewGivesFreshDatabases(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	first, second := postgrestest.New(t), postgrestest.New(t)
	require.NotEqual(t, first, second)
	a := connect(t, first)
	b := connect(t, second)
	_, err := a.Exec(ctx, `CREATE TABLE one (n int)`)
	require.NoError(t, err)
	var n int
	require.NoError(t, b.QueryRow(ctx, `SELECT count(*) FROM pg_tables WHERE tablename = 'one'`).Scan(&n))
	require.Zero(t, n)
}

// The database is dropped at the end, connections or not.
func TestDatabaseIsDropped(t *testing.T) {
	t.Parallel()
	var gone string
	t.Run("inner", func(t *testing.T) {
		gone = postgrestest.New(t)
		conn, err := pgx.Connect(context.Background(), gone)
		require.NoError(t, err)
		t.Cleanup(func() { _ = conn.Close(context.Background()) })
	})
	_, err := pgx.Connect(context.Background(), gone)
	require.ErrorContains(t, err, "does not exist")
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), url)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}
