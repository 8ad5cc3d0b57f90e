package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history/postgres/postgrestest"
)

// TestFilledDesk fills a desk, and asks a server for what is in it.
func TestFilledDesk(t *testing.T) {
	t.Parallel()
	dir := postgrestest.Dir(t)
	fill := func(more ...string) (int, string) {
		s := &served{t: t, dir: dir}
		code, out, errs := s.command(append([]string{
			"simulate", "--fill", "--fill-days", "5", "--fill-until", "2026-03-31", "--fill-conversations", "60", "--fill-messages", "600", "--fill-agents", "10",
		}, more...)...)
		return code, out + errs
	}
	code, out := fill()
	require.Equal(t, exitDone, code, out)
	require.Contains(t, out, "; filled")
	code, out = fill()
	require.Equal(t, exitDone, code, out)
	require.Contains(t, out, "is filled already")
	for _, wrong := range [][]string{{"--fill-days", "0"}, {"--fill-agents", "0"}, {"--fill-timezone", "Mars/Olympus"}, {"--fill-messages", "1"}, {"--fill-until", "x", "--fill-tenant", "y"}} {
		code, out = fill(wrong...)
		require.Equal(t, exitUsage, code, out)
	}

	s := startServed(t, dir)
	token := s.token("fill", "owner")
	var r report
	s.read("/v1/metrics?metric=sessions&by=day&from=2026-03-27&to=2026-03-31", token, &r)
	require.Len(t, r.Rows, 5)
	var sessions float64
	for _, row := range r.Rows {
		n, ok := row.Values["sessions"].Value.(float64)
		require.True(t, ok)
		require.InDelta(t, 12, n, 0)
		sessions += n
	}
	require.InDelta(t, 60, sessions, 0)
	s.must("verify", "--tenant", "fill")

	var table struct {
		Rows []struct {
			Agent  string                 `json:"agent"`
			Values map[string]reportValue `json:"values"`
		} `json:"rows"`
		Average struct {
			Agents int `json:"agents"`
		} `json:"team_average"`
	}
	s.read("/v1/agents/performance?from=2026-03-27&to=2026-03-31&sort=-handled_chats", token, &table)
	require.Len(t, table.Rows, 10)
	require.Positive(t, table.Average.Agents)
	require.NotZero(t, table.Rows[0].Values["handled_chats"].Value)
}
