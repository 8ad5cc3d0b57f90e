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
	for range servers {
		s := oneOfSeveral(t, natsURL, database, args...)
		s.start()
		all = append(all, s)
	}
	return all
}

// oneOfSeveral has not been started.
func oneOfSeveral(t *testing.T, natsURL, database string, args ...string) *server {
	t.Helper()
	dir, secret := postgrestest.Dir(t), strings.Repeat("one-secret-for-all-", 3)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "secret"), []byte(secret), 0o600))
	s := serverIn(t, dir, append([]string{"--nats-url", natsURL, "--database-url", database, "--secret", secret}, args...)...)
	s.database = database
	return s
}

// cursorOwner reports whether it is that server's turn to write.
func cursorOwner(t *testing.T, database string, s *server) bool {
	t.Helper()
	return owns(t, database, s) > 0
}

// owns is how many partitions a server has.
func owns(t *testing.T, database string, s *server) (n int) {
	t.Helper()
	db, err := pgx.Connect(t.Context(), database)
	require.NoError(t, err)
	defer func() { _ = db.Close(t.Context()) }()
	id, err := os.ReadFile(filepath.Join(s.dir, "server-id"))
	require.NoError(t, err)
	if db.QueryRow(t.Context(), `SELECT count(*) FROM leases WHERE starts_with(owner, $1) AND beat > clock_timestamp() - interval '3 s'`, strings.TrimSpace(string(id))+"@").Scan(&n) != nil {
		return 0
	}
	return n
}
