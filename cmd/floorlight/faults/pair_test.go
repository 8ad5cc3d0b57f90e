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
	database := postgrestest.New(t)
	common := []string{"--nats-url", n.url(), "--database-url", database, "--secret", strings.Repeat("one-secret-for-both-", 3)}
	var both [2]*server
	for i := range both {
		dir := postgrestest.Dir(t)
		require.NoError(t, os.WriteFile(filepath.Join(dir, "secret"), []byte(common[5]), 0o600))
		both[i] = serverIn(t, dir, common...)
		both[i].database = database
		both[i].start()
	}
	return both[0], both[1], open(both[0], 30, n.url())
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
