package faults

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history/postgres/postgrestest"
)

// pair is two servers on one NATS and one PostgreSQL outside, and desks at the first.
func pair(t *testing.T) (first, second *server, d *desks) {
	t.Helper()
	n := newNATS(t)
	both := several(t, 2, n.url(), postgrestest.New(t))
	return both[0], both[1], open(both[0], 30, n.url())
}

// several are servers on one NATS and one PostgreSQL outside.
func several(t *testing.T, servers int, natsURL, database string, args ...string) (all []*server) {
	t.Helper()
	secret := strings.Repeat("one-secret-for-all-", 3)
	for range servers {
		dir := postgrestest.Dir(t)
		require.NoError(t, os.WriteFile(filepath.Join(dir, "secret"), []byte(secret), 0o600))
		s := serverIn(t, dir, append([]string{"--nats-url", natsURL, "--database-url", database, "--secret", secret}, args...)...)
		s.database = database
		s.start()
		all = append(all, s)
	}
	return all
}

// cursorOwner reports whether it is that server's turn to write.
func cursorOwner(t *testing.T, database string, s *server) bool {
	t.Helper()
	db, err := pgx.Connect(t.Context(), database)
	require.NoError(t, err)
	defer func() { _ = db.Close(t.Context()) }()
	var name string
	if err := db.QueryRow(t.Context(), `SELECT owner FROM leases`).Scan(&name); err != nil {
		return false
	}
	id, err := os.ReadFile(filepath.Join(s.dir, "server-id"))
	require.NoError(t, err)
	return strings.HasPrefix(name, strings.TrimSpace(string(id))+"@")
}
