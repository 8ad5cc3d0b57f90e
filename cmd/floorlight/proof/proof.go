package proof

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/cmd/floorlight/load"
	"github.com/floorlight/floorlight/hub/event"
)

// Topics are what is compared.
var Topics = []string{"wallboard", "queue", "agents", "floor"}

const (
	// patience is how long history and hub may take to come to rest.
	patience = 2 * time.Minute
	restEach = 50 * time.Millisecond
	// tries is how often server, client and database may be at different sequences.
	tries = 40
)

// Claim is what is to be proven of one server.
type Claim struct {
	URL      string
	Token    func(event.TenantID, load.Role) (string, error)
	Database string // its URL
	Acked    *Acked
	// Clients are followers of some of the tenants.
	Clients map[event.TenantID]*Follower
	// Now is the server's clock; the real one if nil.
	Now func() time.Time
}

// Desk is what was proven of one tenant.
type Desk struct {
	Tenant   event.TenantID
	Acked    int      // ids that the stream has acknowledged
	Stored   int      // events in PostgreSQL, the server's own among them
	Missing  []string // acknowledged and not stored
	Twice    []string // stored more than once
	Seq      uint64   // at which the checksums were made
	Hub      string   // checksum of what the server shows
	Replay   string   // of what the stored events lead to from zero
	Client   string   // of what the client has made; empty without one
	Lives    int      // connections that the client needed
	Compared int      // numbers of the wallboard that were compared with the report
}

func (d *Desk) String() string {
	return fmt.Sprintf("%s: %d acknowledged \\ %d stored = %d, %d twice; at %d hub %.12s, replay %.12s, client %.12s after %d connections; %d numbers equal the report's",
		d.Tenant, d.Acked, d.Stored, len(d.Missing), len(d.Twice), d.Seq, d.Hub, d.Replay, d.Client, d.Lives, d.Compared)
}

// Require proves the claim for every tenant of whom something was acknowledged, and
// fails the test otherwise. It waits for the server to come to rest.
func Require(tb testing.TB, c Claim) []Desk {
	tb.Helper()
	var all []Desk
	tenants := c.Acked.tenants()
	require.NotEmpty(tb, tenants, "nothing was acknowledged, so nothing could be lost")
	for _, tenant := range tenants {
		d, difference, err := c.prove(tb.Context(), tenant)
		tb.Log(d.String())
		require.NoError(tb, err, tenant)
		require.Empty(tb, d.Missing, "acknowledged and not stored")
		require.Empty(tb, d.Twice, "stored more than once")
		require.Equal(tb, d.Replay, d.Hub, "the hub's state is not what the stored events lead to: %s", difference)
		if d.Client != "" {
			require.Equal(tb, d.Hub, d.Client, "the client's state is not the hub's")
		}
		all = append(all, d)
	}
	return all
}

// prove gathers what is to be compared. The text names the first difference.
func (c *Claim) prove(ctx context.Context, tenant event.TenantID) (d Desk, difference string, err error) {
	d.Tenant = tenant
	db, err := pgx.Connect(ctx, c.Database)
	if err != nil {
		return d, "", err
	}
	defer func() { _ = db.Close(context.WithoutCancel(ctx)) }() // it was only read.
	if err := c.rest(ctx, db, &d); err != nil {
		return d, "", err
	}
	// A partition may just be moving: whoever asks then is told to come back.
	var compared *load.Proof
	var failures []string
	for range tries {
		compared, failures, err = load.Verify(ctx, load.Config{URL: c.URL, Token: c.Token, Tenants: []event.TenantID{tenant}})
		if err == nil {
			break
		}
		select {
		case <-ctx.Done():
			return d, "", ctx.Err()
		case <-time.After(4 * restEach):
		}
	}
	if err == nil && len(failures) > 0 {
		err = fmt.Errorf("the server's own comparison: %s", strings.Join(failures, "; "))
	}
	if err != nil {
		return d, "", err
	}
	d.Compared = compared.NumbersCompared
	for range tries {
		if difference, err = c.states(ctx, db, &d); err == nil {
			break
		}
		select {
		case <-ctx.Done():
			return d, "", ctx.Err()
		case <-time.After(4 * restEach):
		}
	}
	return d, difference, err
}

// rest waits until everything that was acknowledged is stored, and the hub has
// read it; what is still missing after patience is missing.
func (c *Claim) rest(ctx context.Context, db *pgx.Conn, d *Desk) error {
	acked := c.Acked.of(d.Tenant)
	d.Acked = len(acked)
	var last error
	for began := time.Now(); time.Since(began) < patience; {
		stored, err := storedIDs(ctx, db, d.Tenant)
		if err != nil {
			return err
		}
		d.account(acked, stored)
		var live struct {
			Seq uint64 `json:"seq"`
		}
		var report struct {
			Seq uint64 `json:"as_of_seq"`
		}
		if last = c.read(ctx, d.Tenant, "/v1/live/wallboard", &live); last == nil {
			last = c.read(ctx, d.Tenant, "/v1/metrics?metric=sessions", &report)
		}
		if last == nil && len(d.Missing) == 0 && live.Seq == report.Seq {
			return nil
		}
		if last == nil {
			last = fmt.Errorf("%d acknowledged ids are not stored; the wallboard is at %d, the reports are at %d", len(d.Missing), live.Seq, report.Seq)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(restEach):
		}
	}
	return fmt.Errorf("not at rest after %s: %w", patience, last)
}

// account compares the ids that were acknowledged with those that are stored, and
// how often each is.
func (d *Desk) account(acked map[string]struct{}, stored map[string]int) {
	d.Stored, d.Missing, d.Twice = 0, nil, nil
	for id, n := range stored {
		d.Stored += n
		if n > 1 {
			d.Twice = append(d.Twice, id)
		}
	}
	for id := range acked {
		if stored[id] == 0 {
			d.Missing = append(d.Missing, id)
		}
	}
	slices.Sort(d.Missing)
	slices.Sort(d.Twice)
}

func storedIDs(ctx context.Context, db *pgx.Conn, tenant event.TenantID) (map[string]int, error) {
	rows, err := db.Query(ctx, `SELECT source || '/' || id FROM events WHERE tenant = $1`, string(tenant))
	if err != nil {
		return nil, err
	}
	found := map[string]int{}
	var id string
	_, err = pgx.ForEachRow(rows, []any{&id}, func() error { found[id]++; return nil })
	return found, err
}

// states makes the three checksums at one sequence.
func (c *Claim) states(ctx context.Context, db *pgx.Conn, d *Desk) (difference string, err error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	hub := map[string]followed{}
	for _, topic := range Topics {
		var answer struct {
			Seq   uint64         `json:"seq"`
			State map[string]any `json:"state"`
		}
		if err := c.read(ctx, d.Tenant, "/v1/live/"+topic, &answer); err != nil {
			return "", err
		}
		hub[topic] = followed{seq: answer.Seq, value: answer.State}
	}
	d.Seq = hub[Topics[0]].seq
	var client map[string]followed
	if f := c.Clients[d.Tenant]; f != nil {
		if client, err = f.compare(ctx); err != nil {
			return "", err
		}
		d.Lives = f.Lives()
	}
	replay, err := c.replay(ctx, db, d.Tenant)
	if err != nil {
		return "", err
	}
	for _, topic := range Topics {
		if hub[topic].seq != d.Seq || replay[topic].seq > d.Seq || client != nil && client[topic].seq > d.Seq {
			return "", fmt.Errorf("%s: the hub is at %d, the database at %d, the client at %d", topic, hub[topic].seq, replay[topic].seq, client[topic].seq)
		}
	}
	if d.Hub, err = checksum(hub); err != nil {
		return "", err
	}
	if d.Replay, err = checksum(replay); err != nil {
		return "", err
	}
	if client != nil {
		if d.Client, err = checksum(client); err != nil {
			return "", err
		}
	}
	difference = differs(hub, replay)
	if difference == "" && client != nil {
		difference = differs(hub, client)
	}
	if difference != "" {
		return difference, fmt.Errorf("at %d: %s", d.Seq, difference)
	}
	return "", nil
}

// lasting is a topic's state without what the server says of itself and what
// counts on with the clock.
func lasting(topic string, state map[string]any) map[string]any {
	if topic != "wallboard" {
		return state
	}
	out := map[string]any{}
	for k, v := range state {
		switch metrics, is := v.(map[string]any); {
		case k == "alerts":
		case k == "metrics" && is:
			kept := map[string]any{}
			for id, value := range metrics {
				if id != "online_seconds" {
					kept[id] = value
				}
			}
			out[k] = kept
		default:
			out[k] = v
		}
	}
	return out
}

func checksum(states map[string]followed) (string, error) {
	all := map[string]any{}
	for _, topic := range Topics {
		all[topic] = lasting(topic, states[topic].value)
	}
	return load.Checksum(all)
}

// differs names the first members in which two sides differ.
func differs(a, b map[string]followed) string {
	var found []string
	for _, topic := range Topics {
		walk(topic, lasting(topic, a[topic].value), lasting(topic, b[topic].value), &found)
	}
	const most = 8
	return strings.Join(found[:min(len(found), most)], "; ")
}

func walk(path string, a, b any, found *[]string) {
	x, isX := a.(map[string]any)
	y, isY := b.(map[string]any)
	if !isX || !isY {
		left, errLeft := json.Marshal(a)
		right, errRight := json.Marshal(b)
		if errLeft != nil || errRight != nil || string(left) != string(right) {
			*found = append(*found, fmt.Sprintf("%s: %.80s and %.80s", path, left, right))
		}
		return
	}
	for k := range x {
		walk(path+"."+k, x[k], y[k], found)
	}
	for k := range y {
		if _, both := x[k]; !both {
			walk(path+"."+k, nil, y[k], found)
		}
	}
}

func (c *Claim) read(ctx context.Context, tenant event.TenantID, path string, into any) error {
	token, err := c.Token(tenant, load.Owner)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.URL+path, nil)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }() // it was read.
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: status %d: %.200s", path, answer.StatusCode, raw)
	}
	return json.Unmarshal(raw, into)
}
