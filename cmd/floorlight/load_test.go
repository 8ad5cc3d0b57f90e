package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/cmd/floorlight/load"
	"github.com/floorlight/floorlight/history/postgres/postgrestest"
)

// TestLoad puts a server under every kind of load for some seconds, by both ways
// in, and proves what it claims: that nothing was lost, counted twice or shown
// differently.
func TestLoad(t *testing.T) {
	t.Parallel()

	s := startServed(t, postgrestest.Dir(t))
	for _, via := range []string{"nats", "http"} {
		file := filepath.Join(t.TempDir(), "summary.json")
		out := s.must("load", "--via", via, "--prefix", via, "--tenants", "2", "--rate", "60", "--checks", "10", "--sockets", "24",
			"--topics", "wallboard,queue,agents,floor", "--filtered", "0.2", "--slow", "0.2", "--silent", "0.2", "--reconnecting", "0.3", "--stay", "1s",
			"--duration", "4s", "--warmup", "0s", "--json", file)
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		var sum load.Summary
		require.NoError(t, json.Unmarshal(raw, &sum))
		require.True(t, sum.OK, "%s", out)
		p := sum.Proof
		require.Equal(t, 24, p.ClientsEqual, "%s", out)
		require.True(t, p.IDsCompared)
		require.GreaterOrEqual(t, p.IDs, 240)
		require.Equal(t, p.IDs, p.IDsStored)
		require.Equal(t, uint64(40), sum.Checks.Asked)
		require.Equal(t, int(sum.Checks.Answered), p.Messages)
		require.Equal(t, p.Messages, p.MessagesStored)
		require.Equal(t, 2, p.TenantsVerified)
		require.Equal(t, 2, p.WallboardsEqual)
		require.GreaterOrEqual(t, int(p.EventsRefolded), p.IDs+p.Messages)
		require.Positive(t, sum.Frames.Latency.Count)
		require.Positive(t, sum.Checks.Latency.Count, "%s", out)
		require.Positive(t, sum.Server.RSSEnd)
		require.Contains(t, out, "publish to frame")
	}
}

func TestLoadRefusesWhatMakesNoSense(t *testing.T) {
	t.Parallel()

	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "http-url"), []byte("http://127.0.0.1:1"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "secret"), []byte("0123456789abcdef0123456789abcdef"), 0o600))
	s := &served{t: t, dir: dir}
	code, _, errs := s.command("load", "--sockets=-1", "--slow", "2", "--topics", "inbox")
	require.Equal(t, exitUsage, code)
	for _, part := range []string{"sockets -1", "a share", `"inbox"`} {
		require.Contains(t, errs, part)
	}
	code, _, errs = s.command("load", "--prefix", "Ü")
	require.Equal(t, exitUsage, code)
	require.Contains(t, errs, "--prefix")
}
