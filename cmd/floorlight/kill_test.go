package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

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

// databaseURL is found where the server has said that PostgreSQL listens.
func (k *killable) databaseURL() string {
	k.t.Helper()
	for line := range strings.Lines(k.log.String()) {
		var l struct {
			Socket string `json:"socket_dir"`
		}
		if json.Unmarshal([]byte(line), &l) == nil && l.Socket != "" {
			return fmt.Sprintf("host=%s user=floorlight dbname=floorlight", l.Socket)
		}
	}
	require.Fail(k.t, "no line tells where PostgreSQL listens", "%s", k.log)
	return ""
}

// TestKilledAtRandomMoments kills a server while events come in over HTTP, again
// and again. Every event that was acknowledged is stored, none twice, and the
// wallboard, the reports and a replay from zero agree.
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

	batches, ids := starBatches(t, events)
	var sent atomic.Int64
	done := make(chan error, 1)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	go func() {
		for _, b := range batches {
			body, err := json.Marshal(b)
			if err != nil {
				done <- err
				return
			}
			for !posted(ctx, "http://"+address+"/v1/events", service, body) {
				if ctx.Err() != nil {
					done <- ctx.Err()
					return
				}
			}
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
	k = current.Load()
	k.settle("star", owner)

	db, err := pgx.Connect(t.Context(), k.databaseURL())
	require.NoError(t, err)
	defer func() { _ = db.Close(context.WithoutCancel(t.Context())) }()
	rows, err := db.Query(t.Context(), `SELECT id FROM events WHERE tenant = 'star'`)
	require.NoError(t, err)
	stored, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.ElementsMatch(t, ids, stored)
	t.Logf("%d acknowledged, %d stored, %d kills", len(ids), len(stored), kills)
	k.must("verify", "--tenant", "star")
	k.sameNow(owner)
}

// starBatches are the first events of the shared conversations, fifty together,
// and their ids.
func starBatches(t *testing.T, events int) (batches [][]json.RawMessage, ids []string) {
	t.Helper()
	f, err := os.Open(starFile)
	require.NoError(t, err)
	defer func() { _ = f.Close() }()
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	for n := 0; lines.Scan() && n < events; n++ {
		var line struct {
			Event json.RawMessage `json:"event"`
		}
		require.NoError(t, json.Unmarshal(lines.Bytes(), &line))
		e, err := event.Decode(line.Event)
		require.NoError(t, err)
		ids = append(ids, e.ID)
		if n%50 == 0 {
			batches = append(batches, nil)
		}
		batches[len(batches)-1] = append(batches[len(batches)-1], append(json.RawMessage(nil), line.Event...))
	}
	return batches, ids
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
