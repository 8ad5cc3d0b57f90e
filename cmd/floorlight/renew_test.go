package main

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history/postgres/postgrestest"
	"github.com/floorlight/floorlight/hub/fold"
)

// TestOldNumbersAreAnsweredUntilTheNewOnesAreWhole starts a server on numbers of an
// older version, and keeps it from computing them anew for a while: reports are
// answered, and say of which version they are; what cannot be answered from them is
// refused for now.
func TestOldNumbersAreAnsweredUntilTheNewOnesAreWhole(t *testing.T) {
	t.Parallel()

	dir, database := t.TempDir(), postgrestest.New(t)
	s := startServed(t, dir, "--database-url", database)
	token := s.token("shop", "owner")
	chat(t, s.must("nats-url"), "shop", 1)
	s.settle("shop", token)
	s.stop()

	ctx := context.WithoutCancel(t.Context())
	conn, err := pgx.Connect(ctx, database)
	require.NoError(t, err)
	defer func() { _ = conn.Close(ctx) }()
	for _, sql := range []string{
		`UPDATE contributions SET sessions = 7 WHERE sessions > 0`, `UPDATE cursors SET fold_version = 1, refolds = refolds + 1`,
		`SELECT pg_advisory_lock(x'72656e6577'::bigint)`, // as another program that computes them has
	} {
		_, err := conn.Exec(ctx, sql)
		require.NoError(t, err)
	}
	s = beginCommand(t, "serve", dir, "--database-url", database)
	asked := func() (n any, version float64) {
		var answer struct {
			FoldVersion float64 `json:"fold_version"`
			Rows        []struct{ Values map[string]reportValue }
		}
		status, body := s.get("/v1/metrics?metric=sessions", token)
		if status != http.StatusOK {
			return nil, 0
		}
		require.NoError(t, json.Unmarshal(body, &answer))
		return answer.Rows[0].Values["sessions"].Value, answer.FoldVersion
	}
	require.Eventually(t, func() bool { n, version := asked(); return n == 7.0 && version == 1 }, 60*time.Second, 20*time.Millisecond, "%s", s.log)
	var table struct {
		FoldVersion int `json:"fold_version"`
	}
	s.read("/v1/agents/performance", token, &table)
	require.Equal(t, 1, table.FoldVersion)
	s.read("/v1/conversations", token, &table)
	require.Equal(t, 1, table.FoldVersion)
	for _, path := range []string{"/v1/metrics/sessions/explain", "/v1/metrics?metric=sessions&profile=klaviyo", "/v1/live/wallboard", "/readyz"} {
		status, body := s.get(path, token)
		require.Equal(t, http.StatusServiceUnavailable, status, "%s: %s", path, body)
	}

	_, err = conn.Exec(ctx, `SELECT pg_advisory_unlock_all()`)
	require.NoError(t, err)
	s.ready()
	n, version := asked()
	require.InDelta(t, 1, n, 0)
	require.InDelta(t, fold.Version, version, 0)
	s.settle("shop", token)
	s.must("verify", "--tenant", "shop")
	require.Contains(t, s.must("refold", "--tenant", "shop", "--status"), "100 %")
}
