package main

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history/postgres"
	"github.com/floorlight/floorlight/history/postgres/postgrestest"
)

// TestPartitionsAreSet changes over how many partitions the desks are spread: from
// one to three and to two, with what is stored and what comes after. While another
// server works on them the start is refused, and says why.
func TestPartitionsAreSet(t *testing.T) {
	t.Parallel()

	database, err := postgres.Start(t.Context(), postgres.Config{DataDir: filepath.Join(postgrestest.Dir(t), "postgres"), Logger: zerolog.Nop(), NoFsync: true})
	require.NoError(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 20*time.Second)
		defer cancel()
		require.NoError(t, database.Stop(ctx))
	})
	db, err := pgx.Connect(t.Context(), database.URL())
	require.NoError(t, err)
	defer func() { _ = db.Close(t.Context()) }()
	natsURL, dir := outsideNATS(t), postgrestest.Dir(t)
	serve := func(dir string, more ...string) *served {
		return startServed(t, dir, append([]string{"--nats-url", natsURL, "--database-url", database.URL()}, more...)...)
	}
	desks := []string{"star", "moon", "sun"}
	n := 0
	more := func(s *served) {
		n++
		for _, id := range desks {
			chat(t, natsURL, id, n)
			s.settle(id, s.token(id, "owner"))
			s.sameNow(s.token(id, "owner"))
			s.must("verify", "--tenant", id)
		}
	}
	for _, partitions := range []string{"1", "3", "2"} {
		s := serve(dir, "--partitions", partitions)
		more(s)
		other := &served{t: t, dir: postgrestest.Dir(t), log: &lockedBuffer{}}
		code, _, stderr := other.command("serve", "--listen", "127.0.0.1:0", "--nats-url", natsURL, "--database-url", database.URL(), "--partitions", "7")
		require.Equal(t, 1, code)
		require.Contains(t, stderr, "the setting partitions is 7")
		require.Contains(t, stderr, "stop every server first")
		require.Eventually(t, func() bool { // where one partition has more than another, a change is refused
			var level bool
			require.NoError(t, db.QueryRow(t.Context(), `SELECT min(seq) = max(seq) FROM cursors`).Scan(&level))
			return level
		}, time.Minute, 50*time.Millisecond)
		s.stop()
	}
	s := serve(dir)
	more(s)
}
