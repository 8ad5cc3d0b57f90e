package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/cmd/floorlight/load"
	"github.com/floorlight/floorlight/cmd/floorlight/proof"
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
	k := spawn(t, dir, listen, more...)
	k.ready()
	return k
}

// spawn starts the program as a process and waits until its port is open.
func spawn(t *testing.T, dir, listen string, more ...string) *killable {
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
