package main

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/cmd/floorlight/proof"
	"github.com/floorlight/floorlight/history/postgres"
	"github.com/floorlight/floorlight/history/postgres/postgrestest"
	"github.com/floorlight/floorlight/hub/event"
)

// TestSeveralServers runs three servers on one NATS and one PostgreSQL, and kills
// one after the other, the one that writes among them, while events come in
// through all. Another takes over within seconds; what was acknowledged is stored
// once; all three wallboards are the same, and are what the reports say.
func TestSeveralServers(t *testing.T) {
	t.Parallel()

	const events, kills, servers = 6000, 4, 3
	database, err := postgres.Start(t.Context(), postgres.Config{DataDir: filepath.Join(postgrestest.Dir(t), "postgres"), Logger: zerolog.Nop(), NoFsync: true})
	require.NoError(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 20*time.Second)
		defer cancel()
		require.NoError(t, database.Stop(ctx))
	})
	outside := []string{"--nats-url", outsideNATS(t), "--database-url", database.URL(), "--secret", strings.Repeat("several servers, one secret ", 2)}
	var all [servers]atomic.Pointer[killable]
	var dirs, addresses [servers]string
	for i := range all {
		dirs[i] = postgrestest.Dir(t)
		require.NoError(t, os.WriteFile(filepath.Join(dirs[i], "secret"), []byte(strings.Repeat("several servers, one secret ", 2)+"\n"), 0o600))
		k := launch(t, dirs[i], "127.0.0.1:0", outside...)
		addresses[i] = strings.TrimPrefix(k.url, "http://")
		all[i].Store(k)
	}
	t.Cleanup(func() {
		for i := range all {
			k := all[i].Load()
			_ = k.command.Process.Signal(os.Interrupt)
			_ = k.command.Wait()
		}
	})
	first := all[0].Load()
	service, owner := first.token("star", "service"), first.token("star", "owner")
	db, err := pgx.Connect(t.Context(), database.URL())
	require.NoError(t, err)
	defer func() { _ = db.Close(context.WithoutCancel(t.Context())) }()
	cursor := func() (seq int64) {
		require.NoError(t, db.QueryRow(t.Context(), `SELECT coalesce(max(seq), 0) FROM cursors`).Scan(&seq))
		return seq
	}
	// writer is the place of the server whose turn it is.
	writer := func() int {
		var name string
		require.NoError(t, db.QueryRow(t.Context(), `SELECT owner FROM leases`).Scan(&name))
		for i, dir := range dirs {
			id, err := os.ReadFile(filepath.Join(dir, "server-id"))
			require.NoError(t, err)
			if strings.HasPrefix(name, strings.TrimSpace(string(id))+"@") {
				return i
			}
		}
		require.Fail(t, "nobody's turn", name)
		return 0
	}

	batches := starBatches(t, events)
	var acked proof.Acked
	var urls []string
	for _, address := range addresses {
		urls = append(urls, "http://"+address)
	}
	follower := proof.Follow(t.Context(), "star", func() (string, error) { return owner, nil }, urls...)
	defer follower.Stop()
	var sent, allowed atomic.Int64 // batches; so that some remain for every round
	more := make(chan struct{}, kills+1)
	done := make(chan error, 1)
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	go func() {
		for n, b := range batches {
			for int64(n) >= allowed.Load() {
				select {
				case <-more:
				case <-ctx.Done():
					done <- ctx.Err()
					return
				}
			}
			for try := n; !posted(ctx, "http://"+addresses[try%servers]+"/v1/events", service, b.raw); try++ {
				if ctx.Err() != nil {
					done <- ctx.Err()
					return
				}
			}
			b.acked(&acked)
			sent.Add(1)
		}
		done <- nil
	}()
	var longest time.Duration
	allow := func(n int) {
		allowed.Store(int64(len(batches) * n / (kills + 1)))
		more <- struct{}{}
	}
	for n := range kills {
		allow(n + 1)
		share := int64(len(batches)*n/(kills+1) + 5)
		require.Eventually(t, func() bool { return sent.Load() >= share }, time.Minute, time.Millisecond)
		victim := writer()
		if n%2 == 1 {
			victim = (victim + 1 + rand.IntN(servers-1)) % servers // one that stands by
		}
		all[victim].Load().kill()
		stood, began := cursor(), time.Now()
		require.Eventually(t, func() bool { return cursor() > stood }, 20*time.Second, 20*time.Millisecond, "somebody goes on")
		longest = max(longest, time.Since(began))
		all[victim].Store(launch(t, dirs[victim], addresses[victim], outside...))
	}
	allow(kills + 1)
	require.NoError(t, <-done)
	t.Logf("%d kills, at most %s until somebody went on", kills, longest.Round(time.Millisecond))
	hubs := map[string]bool{}
	for i := range all {
		k := all[i].Load()
		desks := proof.Require(t, k.claim(database.URL(), &acked, map[event.TenantID]*proof.Follower{"star": follower}))
		require.Equal(t, events, desks[0].Stored)
		hubs[desks[0].Hub] = true
		require.NotContains(t, k.log.String(), "begins anew from what is stored", "a server was not waited for")
	}
	require.Len(t, hubs, 1, "all servers show the same")
}
