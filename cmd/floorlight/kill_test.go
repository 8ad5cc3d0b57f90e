package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/cmd/floorlight/load"
	"github.com/floorlight/floorlight/cmd/floorlight/proof"
	"github.com/floorlight/floorlight/history/postgres/postgrestest"
	"github.com/floorlight/floorlight/hub/event"
)

// killable is a server in a process of its own, which can be killed.
type killable struct {
	*served
	command *exec.Cmd
}

// launch starts the program as a process and waits until it is ready.
func launch(t *testing.T, dir, listen string, more ...string) *killable {
	t.Helper()
	k := &killable{served: &served{t: t, dir: dir, log: &lockedBuffer{}}}
	k.command = exec.CommandContext(context.WithoutCancel(t.Context()), "floorlight",
		append([]string{"serve", "--data-dir", dir, "--listen", listen, "--nats-listen", "127.0.0.1:0"}, more...)...)
	k.command.Stderr = k.log
	out, err := k.command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, k.command.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err, "%s", k.log)
	k.url = strings.TrimSpace(strings.TrimPrefix(line, "listening on "))
	require.Eventually(t, func() bool {
		answer, err := http.Get(k.url + "/readyz")
		if err != nil {
			return false
		}
		_ = answer.Body.Close()
		return answer.StatusCode == http.StatusOK
	}, 60*time.Second, 20*time.Millisecond, "%s", k.log)
	return k
}

func (k *killable) kill() {
	k.t.Helper()
	require.NoError(k.t, k.command.Process.Kill())
	_ = k.command.Wait()
}

// claim is what is to be proven of the server once everything is quiet.
func (s *served) claim(database string, acked *proof.Acked, clients map[event.TenantID]*proof.Follower) proof.Claim {
	tokens := map[string]string{}
	return proof.Claim{URL: s.url, Database: database, Acked: acked, Clients: clients, Token: func(tenant event.TenantID, role load.Role) (string, error) {
		key := string(tenant) + " " + string(role)
		if tokens[key] == "" {
			tokens[key] = s.token(string(tenant), string(role))
		}
		return tokens[key], nil
	}}
}

// TestKilledAtRandomMoments kills a server while events come in over HTTP, again
// and again, and proves that nothing was lost or counted twice.
func TestKilledAtRandomMoments(t *testing.T) {
	t.Parallel()

	const events, kills = 6000, 5
	dir := postgrestest.Dir(t)
	k := launch(t, dir, "127.0.0.1:0")
	address := strings.TrimPrefix(k.url, "http://")
	var current atomic.Pointer[killable]
	current.Store(k)
	t.Cleanup(func() {
		k := current.Load()
		_ = k.command.Process.Signal(os.Interrupt)
		_ = k.command.Wait()
	})
	service, owner := k.token("star", "service"), k.token("star", "owner")

	follower := proof.Follow(t.Context(), "star", func() (string, error) { return owner, nil }, k.url)
	defer follower.Stop()
	batches := starBatches(t, events)
	var acked proof.Acked
	var sent atomic.Int64
	done := make(chan error, 1)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	go func() {
		for _, b := range batches {
			for !posted(ctx, "http://"+address+"/v1/events", service, b.raw) {
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
	for i := range kills {
		// At a random moment behind a share of what is to be sent.
		share := int64(len(batches) * (i + 1) / (kills + 2))
		require.Eventually(t, func() bool { return sent.Load() >= share }, time.Minute, time.Millisecond)
		select {
		case <-time.After(time.Duration(rand.IntN(200)) * time.Millisecond):
		case <-ctx.Done():
		}
		current.Load().kill()
		current.Store(launch(t, dir, address))
	}
	require.NoError(t, <-done)
	desks := proof.Require(t, current.Load().claim(load.DatabaseIn(dir), &acked, map[event.TenantID]*proof.Follower{"star": follower}))
	require.Equal(t, events, desks[0].Stored)
}

// starBatch is some events, and how they are posted together.
type starBatch struct {
	raw    []byte
	events []event.Event
}

func (b *starBatch) acked(a *proof.Acked) {
	for i := range b.events {
		a.Add(b.events[i].Tenant, b.events[i].Source, b.events[i].ID)
	}
}

// starBatches are the first events of the shared conversations, fifty together.
func starBatches(t *testing.T, events int) (batches []starBatch) {
	t.Helper()
	f, err := os.Open(starFile)
	require.NoError(t, err)
	defer func() { _ = f.Close() }()
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	var raw []json.RawMessage
	var batch []event.Event
	for n := 0; n < events && lines.Scan(); n++ {
		var line struct {
			Event json.RawMessage `json:"event"`
		}
		require.NoError(t, json.Unmarshal(lines.Bytes(), &line))
		e, err := event.Decode(line.Event)
		require.NoError(t, err)
		raw, batch = append(raw, bytes.Clone(line.Event)), append(batch, e)
		if len(batch) == 50 || n == events-1 {
			body, err := json.Marshal(raw)
			require.NoError(t, err)
			batches = append(batches, starBatch{body, batch})
			raw, batch = nil, nil
		}
	}
	return batches
}

// posted sends a batch and reports whether every event of it is stored.
func posted(ctx context.Context, url, token string, body []byte) bool {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return false
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/cloudevents-batch+json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	defer func() { _ = answer.Body.Close() }()
	var result struct {
		Accepted  int `json:"accepted"`
		Duplicate int `json:"duplicate"`
		Refused   int `json:"refused"`
		NotStored int `json:"not_stored"`
	}
	return answer.StatusCode == http.StatusOK && json.NewDecoder(answer.Body).Decode(&result) == nil &&
		result.Accepted+result.Duplicate > 0 && result.Refused+result.NotStored == 0
}
