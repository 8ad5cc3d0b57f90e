package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/history/postgres/postgrestest"
	"github.com/floorlight/floorlight/hub/fold"
	"github.com/floorlight/floorlight/live"
)

// gates lets a test stop a server in the middle of a recomputation: whatever does
// to a table what the gate names waits there, within its transaction, while the test
// holds a lock.
type gates struct {
	t        *testing.T
	database string
	asks     *pgx.Conn
	holds    *pgx.Conn
}

const gateLock = 4711

func newGates(t *testing.T, database string) *gates {
	t.Helper()
	g := &gates{t: t, database: database}
	ctx := context.WithoutCancel(t.Context())
	for _, conn := range []**pgx.Conn{&g.asks, &g.holds} {
		var err error
		*conn, err = pgx.Connect(ctx, database)
		require.NoError(t, err)
		t.Cleanup(func() { _ = (*conn).Close(ctx) })
	}
	g.exec(`CREATE TABLE gate (place text, events bigint)`)
	g.exec(`CREATE FUNCTION pass_gate() RETURNS trigger LANGUAGE plpgsql AS $$
		DECLARE row jsonb := to_jsonb(NEW);
		BEGIN
			PERFORM pg_advisory_xact_lock_shared(4711) FROM gate WHERE events < coalesce((row->>'events')::bigint, 1)
				AND place = TG_TABLE_NAME || ' ' || TG_OP || coalesce(' ' || (row->>'state'), '');
			RETURN coalesce(NEW, OLD);
		END $$`)
	for _, on := range []string{
		`INSERT OR UPDATE ON refolds FOR EACH ROW`, `UPDATE OF stored_as ON tenants FOR EACH ROW`,
		`UPDATE OF refolds ON cursors FOR EACH ROW`, `DELETE ON contributions FOR EACH STATEMENT`,
	} {
		g.exec(`CREATE TRIGGER pass_gate BEFORE ` + on + ` EXECUTE FUNCTION pass_gate()`)
	}
	return g
}

func (g *gates) exec(sql string, args ...any) {
	g.t.Helper()
	_, err := g.asks.Exec(g.t.Context(), sql, args...)
	require.NoError(g.t, err)
}

// aStep is the place where a step is noted.
const aStep = "refolds UPDATE running"

// shut closes a gate; the end of a step for the second one after these events.
func (g *gates) shut(place string, events int64) {
	g.t.Helper()
	if place == aStep {
		events += 5000 // one is let pass
	} else {
		events = -1
	}
	_, err := g.holds.Exec(g.t.Context(), `SELECT pg_advisory_lock($1)`, gateLock)
	require.NoError(g.t, err)
	g.exec(`DELETE FROM gate`)
	g.exec(`INSERT INTO gate VALUES ($1, $2)`, place, events)
}

// reached waits until somebody stands before the gate.
func (g *gates) reached(log fmt.Stringer) {
	g.t.Helper()
	g.waiting(true, log)
}

// open lets pass whoever waits. What was killed there finds nobody to tell, and ends.
func (g *gates) open(log fmt.Stringer) {
	g.t.Helper()
	g.exec(`DELETE FROM gate`)
	_, err := g.holds.Exec(g.t.Context(), `SELECT pg_advisory_unlock_all()`)
	require.NoError(g.t, err)
	g.waiting(false, log)
}

func (g *gates) waiting(want bool, log fmt.Stringer) {
	g.t.Helper()
	require.Eventually(g.t, func() bool {
		var waits bool
		err := g.asks.QueryRow(g.t.Context(), `SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND NOT granted
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))`, gateLock).Scan(&waits)
		return err == nil && waits == want
	}, 60*time.Second, 5*time.Millisecond, "%s", log)
}

// refolded is what is noted of a recomputation.
type refolded struct {
	rows, state          string
	events, total, began int64
	resumed              int
}

func (g *gates) noted(purpose string) (r refolded) {
	g.t.Helper()
	err := g.asks.QueryRow(g.t.Context(), `SELECT stored_as, state, events, total, resumed_from, resumed FROM refolds WHERE tenant = 'fill' AND purpose = $1`, purpose).
		Scan(&r.rows, &r.state, &r.events, &r.total, &r.began, &r.resumed)
	if err != nil {
		require.ErrorIs(g.t, err, pgx.ErrNoRows)
	}
	return r
}

// filled is a desk with some days of a past, and its data directory.
func filled(t *testing.T, database string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	s := &served{t: t, dir: dir}
	s.must("simulate", "--fill", "--database-url", database, "--fill-days", "6", "--fill-until", "2026-03-31",
		"--fill-conversations", "1200", "--fill-messages", "12000", "--fill-agents", "12", "--fill-timezone", "Asia/Shanghai")
	return dir
}

// said are some of the desk's numbers as a report has them, and the version of the
// fold that has made them.
func (s *served) said(token string) (rows string, version int) {
	s.t.Helper()
	var answer struct {
		FoldVersion int             `json:"fold_version"`
		Rows        json.RawMessage `json:"rows"`
	}
	require.Eventually(s.t, func() bool { // until the edge stands
		status, body := s.get("/v1/metrics?metric=chats,messages_received,avg_response,customers&by=day,agent&from=2026-03-25&to=2026-04-01", token)
		return status == http.StatusOK && json.Unmarshal(body, &answer) == nil
	}, 60*time.Second, 10*time.Millisecond, "%s", s.log)
	return string(answer.Rows), answer.FoldVersion
}

// recomputing is what /readyz says is computed anew.
func (s *served) recomputing() (status int, list []live.Recomputing) {
	s.t.Helper()
	status, body := s.get("/readyz", "")
	var r live.Readiness
	require.NoError(s.t, json.Unmarshal(body, &r), "%s", body)
	return status, r.Recomputing
}

// TestRenewalIsKilledAnywhere kills a server again and again while it computes the
// numbers of an older version anew. Each that follows goes on from the last step that
// was stored; the old numbers are answered until the switch and the new ones from
// then on, and in the end they are what the stored events give.
func TestRenewalIsKilledAnywhere(t *testing.T) {
	t.Parallel()

	database := postgrestest.New(t)
	dir := filled(t, database)
	k := launch(t, dir, "127.0.0.1:0", "--database-url", database)
	token := k.token("fill", "owner")
	renewed, _ := k.said(token)
	k.kill()
	g := newGates(t, database)
	g.exec(`UPDATE contributions SET chats = chats + 1 WHERE chats > 0`)
	g.exec(`UPDATE cursors SET fold_version = 1, refolds = refolds + 1`)

	old, switched := "", false
	var before refolded
	for i, place := range []string{
		"refolds INSERT running", // nothing is noted yet
		aStep, aStep, aStep,      // in the steps
		"tenants UPDATE", "refolds UPDATE done", "cursors UPDATE", // in the switch
		"contributions DELETE", // behind it, where the old rows go
	} {
		g.shut(place, before.events)
		k = spawn(t, dir, "127.0.0.1:0", "--database-url", database)
		g.reached(k.log)
		now := g.noted("fold")
		if place == "contributions DELETE" {
			switched = true
			k.ready()
		}
		rows, version := k.said(token)
		if old == "" {
			old = rows
		}
		if switched {
			require.JSONEq(t, renewed, rows)
			require.Equal(t, fold.Version, version)
		} else {
			require.JSONEq(t, old, rows, "the old numbers are answered while %s waits", place)
			require.Equal(t, 1, version)
			require.GreaterOrEqual(t, now.events, before.events)
			if now.events > 0 {
				require.Eventually(t, func() bool {
					status, list := k.recomputing()
					return status == http.StatusServiceUnavailable && len(list) == 1 && list[0].For == "fold" && list[0].Desks == 1 &&
						list[0].Events == now.events && list[0].Total == now.total && list[0].Percent > 0 && list[0].Percent <= 100
				}, 30*time.Second, 20*time.Millisecond)
				_, metrics := k.get("/metrics", "")
				require.Contains(t, string(metrics), `floorlight_recomputing_desks{for="fold"} 1`)
			}
		}
		if place == aStep {
			require.Greater(t, now.events, before.events)
		}
		if before.events > 0 && before.events < before.total { // it went on, and did not begin anew
			require.Equal(t, before.rows, now.rows)
			require.Equal(t, before.events, now.began)
			require.Equal(t, before.resumed+1, now.resumed)
		}
		k.kill()
		g.open(k.log)
		before = g.noted("fold")
		require.Equal(t, now.events, before.events, "place %d: a step that was cut off is not noted", i)
		if before.events > 0 && !switched {
			require.Equal(t, "running", before.state)
		}
	}
	require.NotEqual(t, old, renewed)

	k = launch(t, dir, "127.0.0.1:0", "--database-url", database)
	defer k.kill()
	rows, version := k.said(token)
	require.JSONEq(t, renewed, rows)
	require.Equal(t, fold.Version, version)
	k.must("verify", "--tenant", "fill")
	g.sweptUp(k)
}

// sweptUp waits until no rows are left but those in force.
func (g *gates) sweptUp(k *killable) {
	g.t.Helper()
	require.Eventually(g.t, func() bool {
		var n int
		err := g.asks.QueryRow(g.t.Context(), `SELECT (SELECT count(*) FROM abandoned_rows) + (SELECT count(*) FROM contributions x WHERE NOT EXISTS
			(SELECT FROM tenants t WHERE coalesce(nullif(t.stored_as, ''), t.tenant) = x.tenant))`).Scan(&n)
		return err == nil && n == 0
	}, 60*time.Second, 20*time.Millisecond, "%s", k.log)
	_, list := k.recomputing()
	require.Empty(g.t, list)
}

// TestRefoldIsKilledAnywhere does the same where another profile is to be in force,
// and then once more under it: the server is ready all the while, and what comes in
// meanwhile counts.
func TestRefoldIsKilledAnywhere(t *testing.T) {
	t.Parallel()

	database := postgrestest.New(t)
	dir := filled(t, database)
	g := newGates(t, database)
	k := launch(t, dir, "127.0.0.1:0", "--database-url", database)
	defer func() { _ = k.command.Process.Kill() }() // it may be dead
	token := k.token("fill", "owner")
	old, _ := k.said(token)
	chats := 0
	for _, change := range [][]string{
		{"tenant", "set", "fill", "--set", "timezone=America/Sao_Paulo", "--no-wait"},
		{"refold", "--tenant", "fill", "--no-wait"},
	} {
		var before refolded
		begun := false
		for _, place := range []string{
			aStep, aStep, aStep,
			"tenants UPDATE", "cursors UPDATE", "refolds UPDATE switched",
			"refolds UPDATE done", "contributions DELETE",
		} {
			g.shut(place, before.events)
			if begun {
				k = spawn(t, dir, "127.0.0.1:0", "--database-url", database)
			} else {
				k.must(change...)
				begun = true
			}
			g.reached(k.log)
			now := g.noted("profile")
			switch place {
			case aStep:
				k.ready()
				chats++
				chat(t, k.must("nats-url"), "fill", chats) // which is stored while the step stands still
				k.settle("fill", token)
				rows, _ := k.said(token)
				require.JSONEq(t, old, rows)
				require.Eventually(t, func() bool {
					status, list := k.recomputing()
					return status == http.StatusOK && len(list) == 1 && list[0].For == "profile" && list[0].Events == now.events
				}, 30*time.Second, 20*time.Millisecond)
				require.Greater(t, now.events, before.events)
				if before.events > 0 {
					require.Equal(t, before.rows, now.rows)
					require.Equal(t, before.events, now.began)
					require.Equal(t, before.resumed+1, now.resumed)
				}
			case "tenants UPDATE", "cursors UPDATE", "refolds UPDATE switched":
				require.Equal(t, "running", now.state)
				rows, _ := k.said(token)
				require.JSONEq(t, old, rows)
			case "refolds UPDATE done":
				require.Equal(t, "switched", now.state)
			default:
				require.Equal(t, "done", now.state)
			}
			k.kill()
			g.open(k.log)
			before = g.noted("profile")
			require.Equal(t, now.events, before.events)
			if place == "refolds UPDATE done" { // PostgreSQL may end the statement of who has died
				require.Contains(t, []string{"switched", "done"}, before.state)
			} else {
				require.Equal(t, now.state, before.state)
			}
		}
		k = launch(t, dir, "127.0.0.1:0", "--database-url", database)
		k.settle("fill", token)
		k.must("verify", "--tenant", "fill")
		g.sweptUp(k)
		k.sameNow(token)
		if begun := old; change[0] == "tenant" {
			old, _ = k.said(token)
			require.NotEqual(t, begun, old, "the days are others in another zone")
		}
		rows, _ := k.said(token)
		require.JSONEq(t, old, rows)
	}
}
