package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/floorlight/floorlight/cmd/floorlight/proof"
	"github.com/floorlight/floorlight/history/postgres"
	"github.com/floorlight/floorlight/history/postgres/postgrestest"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/stream"
	"github.com/floorlight/floorlight/live"
)

const fleetSecret = "several servers, one secret several servers, one secret"

// natsCluster is three servers in this process that keep three copies of the
// stream. It returns their URLs.
func natsCluster(t *testing.T) string {
	t.Helper()
	const nodes = 3
	var ports []net.Listener // each server has to know where the others will be
	var routes []string
	for range nodes {
		l := listenAside(t)
		ports, routes = append(ports, l), append(routes, "nats://"+l.Addr().String())
	}
	var urls []string
	var all []*server.Server
	for i := range nodes {
		at, err := net.ResolveTCPAddr("tcp", ports[i].Addr().String())
		require.NoError(t, err)
		require.NoError(t, ports[i].Close())
		s, err := server.NewServer(&server.Options{
			ServerName: fmt.Sprint("n", i), Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, SyncAlways: true,
			Cluster: server.ClusterOpts{Name: "floor", Host: "127.0.0.1", Port: at.Port}, Routes: server.RoutesFromStr(strings.Join(routes, ",")),
		})
		require.NoError(t, err)
		s.Start()
		t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
		all = append(all, s)
	}
	for _, s := range all {
		require.True(t, s.ReadyForConnections(time.Minute))
		urls = append(urls, s.ClientURL())
	}
	require.Eventually(t, func() bool {
		for _, s := range all {
			if !s.JetStreamIsCurrent() {
				return false
			}
		}
		for _, s := range all {
			if s.JetStreamIsLeader() {
				return len(s.JetStreamClusterPeers()) == nodes
			}
		}
		return false
	}, 2*time.Minute, 20*time.Millisecond)
	return strings.Join(urls, ",")
}

// listenAside opens a port of the loopback that the system gives to nobody by itself: it
// is free again for whoever is told of it, even after that one was killed.
func listenAside(t *testing.T) net.Listener {
	t.Helper()
	const first, end = 10_000, 32_000 // below what systems choose from
	for range 1000 {
		l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", fmt.Sprint("127.0.0.1:", first+rand.IntN(end-first)))
		if err == nil {
			return l
		}
	}
	require.FailNow(t, "no port is free")
	return nil
}

// fleet is several servers on one NATS and one PostgreSQL.
type fleet struct {
	t         *testing.T
	more      []string
	servers   []atomic.Pointer[killable]
	dirs      []string
	addresses []string
	urls      []string
	database  string
	db        *pgx.Conn
	tokens    map[string]string // by tenant and role
}

func newFleet(t *testing.T, servers, partitions int, natsURL string) *fleet {
	t.Helper()
	database, err := postgres.Start(t.Context(), postgres.Config{DataDir: filepath.Join(postgrestest.Dir(t), "postgres"), Logger: zerolog.Nop(), NoFsync: true})
	require.NoError(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 20*time.Second)
		defer cancel()
		require.NoError(t, database.Stop(ctx))
	})
	f := &fleet{
		t: t, servers: make([]atomic.Pointer[killable], servers), database: database.URL(), tokens: map[string]string{},
		more: []string{"--nats-url", natsURL, "--database-url", database.URL(), "--secret", fleetSecret, "--partitions", strconv.Itoa(partitions)},
	}
	for i := range servers {
		dir := postgrestest.Dir(t)
		require.NoError(t, os.WriteFile(filepath.Join(dir, "secret"), []byte(fleetSecret+"\n"), 0o600))
		f.dirs = append(f.dirs, dir)
		l := listenAside(t) // it comes back at the same address
		require.NoError(t, l.Close())
		k := launch(t, dir, l.Addr().String(), f.more...)
		k.peers = true
		f.addresses, f.urls = append(f.addresses, strings.TrimPrefix(k.url, "http://")), append(f.urls, k.url)
		f.servers[i].Store(k)
	}
	t.Cleanup(func() {
		for i := range f.servers {
			k := f.servers[i].Load()
			_ = k.command.Process.Signal(os.Interrupt)
			_ = k.command.Wait()
		}
	})
	f.db, err = pgx.Connect(t.Context(), f.database)
	require.NoError(t, err)
	t.Cleanup(func() { _ = f.db.Close(context.WithoutCancel(t.Context())) })
	return f
}

func (f *fleet) token(tenant event.TenantID, role string) string {
	f.t.Helper()
	key := string(tenant) + " " + role
	if f.tokens[key] == "" {
		f.tokens[key] = f.servers[0].Load().token(string(tenant), role)
	}
	return f.tokens[key]
}

// holders are how many partitions each server has.
func (f *fleet) holders() []int {
	f.t.Helper()
	rows, err := f.db.Query(f.t.Context(), `SELECT owner FROM leases WHERE beat > clock_timestamp() - interval '3 s'`)
	require.NoError(f.t, err)
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(f.t, err)
	counts := make([]int, len(f.dirs))
	for _, name := range names {
		if i := f.place(name); i >= 0 {
			counts[i]++
		}
	}
	return counts
}

// place is which server has that name, -1 for none.
func (f *fleet) place(name string) int {
	f.t.Helper()
	for i, dir := range f.dirs {
		id, err := os.ReadFile(filepath.Join(dir, "server-id"))
		require.NoError(f.t, err)
		if strings.HasPrefix(name, strings.TrimSpace(string(id))+"@") {
			return i
		}
	}
	return -1
}

// owner is the server that has a tenant, -1 for none.
func (f *fleet) owner(tenant event.TenantID, partitions int) int {
	f.t.Helper()
	var name string
	err := f.db.QueryRow(f.t.Context(), `SELECT owner FROM leases WHERE partition = $1 AND beat > clock_timestamp() - interval '3 s'`, stream.PartitionOf(tenant, partitions)).Scan(&name)
	if err != nil {
		return -1
	}
	return f.place(name)
}

// cursor is how far a tenant's history is.
func (f *fleet) cursor(tenant event.TenantID, partitions int) (seq int64) {
	f.t.Helper()
	require.NoError(f.t, f.db.QueryRow(f.t.Context(), `SELECT coalesce(max(seq), 0) FROM cursors WHERE partition = $1`, stream.PartitionOf(tenant, partitions)).Scan(&seq))
	return seq
}

// as gives the shared conversations' batches to another tenant.
func as(t *testing.T, tenant event.TenantID, batches []starBatch) []starBatch {
	t.Helper()
	out := make([]starBatch, 0, len(batches))
	for _, b := range batches {
		var raw []json.RawMessage
		var events []event.Event
		for _, e := range b.events {
			e.Tenant = tenant
			text, err := e.Encode()
			require.NoError(t, err)
			raw, events = append(raw, text), append(events, e)
		}
		body, err := json.Marshal(raw)
		require.NoError(t, err)
		out = append(out, starBatch{body, events})
	}
	return out
}

// TestSeveralServers spreads desks over three servers on a NATS cluster of three,
// and kills one server after the other, at random moments, while events come in
// through all of them. The others take its desks over within seconds, and give
// some back when it returns; clients go on at any server. Then every desk is proven
// at every server: what was acknowledged is stored once, and hub, replay from zero
// and client are the same.
func TestSeveralServers(t *testing.T) {
	t.Parallel()

	const servers, partitions = 3, 4
	kills, events := 3, 2400
	if soak := proof.Soak(); soak > 0 {
		kills, events = max(kills, int(soak/(20*time.Second))), 6000
	}
	tenants := []event.TenantID{"star", "moon", "sun", "mars", "pluto"}
	f := newFleet(t, servers, partitions, natsCluster(t))
	require.Eventually(t, func() bool {
		for _, n := range f.holders() {
			if n == 0 || n > 2 {
				return false
			}
		}
		return true
	}, 2*time.Minute, 50*time.Millisecond, "each server has its share")

	var acked proof.Acked
	clients := map[event.TenantID]*proof.Follower{}
	var desks []chan starBatch
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute+time.Duration(kills)*time.Minute)
	defer cancel()
	for _, id := range tenants {
		f.token(id, "service")
		owner := f.token(id, "owner")
		urls := append(append([]string{}, f.urls[len(clients)%servers:]...), f.urls[:len(clients)%servers]...)
		clients[id] = proof.Follow(t.Context(), id, func() (string, error) { return owner, nil }, urls...)
		defer clients[id].Stop()
		desks = append(desks, make(chan starBatch))
	}
	var sent atomic.Int64
	done := make(chan error, len(tenants))
	for i, id := range tenants {
		token := f.token(id, "service")
		go func() {
			for b := range desks[i] {
				for try := i; !posted(ctx, "http://"+f.addresses[try%servers]+"/v1/events", token, b.raw); try++ {
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
	}
	star := starBatches(t, events)
	all := make([][]starBatch, len(tenants))
	for i, id := range tenants {
		all[i] = as(t, id, star)
	}
	given := 0
	give := func(upTo int) { // every desk gets its batches up to a share
		for ; given < upTo; given++ {
			for i := range desks {
				select {
				case desks[i] <- all[i][given]:
				case <-ctx.Done():
					require.NoError(t, ctx.Err())
				}
			}
		}
	}
	var longest time.Duration
	moved := 0 // partitions that a server has handed on
	count := func(k *killable) {
		moved += strings.Count(k.log.String(), "a partition is let go")
		require.NotContains(t, k.log.String(), "the stream is not the one that was read")
	}
	for n := range kills {
		from := len(star) * n / (kills + 1)
		to := len(star) * (n + 1) / (kills + 1)
		give(from + 1 + rand.IntN(to-from))
		victim := rand.IntN(servers)
		var orphan event.TenantID
		for _, id := range tenants {
			if f.owner(id, partitions) == victim {
				orphan = id
			}
		}
		f.servers[victim].Load().kill()
		began := time.Now()
		count(f.servers[victim].Load())
		if orphan != "" {
			stood := f.cursor(orphan, partitions)
			require.Eventually(t, func() bool { return f.cursor(orphan, partitions) > stood }, 2*time.Minute, 20*time.Millisecond, "somebody goes on with %s", orphan)
			longest = max(longest, time.Since(began))
		}
		give(to)
		k := launch(t, f.dirs[victim], f.addresses[victim], f.more...)
		k.peers = true
		f.servers[victim].Store(k)
		require.Eventually(t, func() bool { return f.holders()[victim] > 0 }, 2*time.Minute, 50*time.Millisecond, "it gets its share back")
	}
	give(len(star))
	for i := range desks {
		close(desks[i])
	}
	for range desks {
		require.NoError(t, <-done)
	}
	t.Logf("%d desks, %d partitions on %d servers: %d kills, at most %s until somebody went on", len(tenants), partitions, servers, kills, longest.Round(time.Millisecond))
	hubs := map[event.TenantID]map[string]bool{}
	for i := range f.servers {
		k := f.servers[i].Load()
		claim := k.claim(f.database, &acked, nil)
		if i == 0 {
			claim.Clients = clients
		}
		for _, d := range proof.Require(t, claim) {
			require.Equal(t, events, d.Stored)
			if hubs[d.Tenant] == nil {
				hubs[d.Tenant] = map[string]bool{}
			}
			hubs[d.Tenant][d.Hub] = true
		}
	}
	for id, sums := range hubs {
		require.Len(t, sums, 1, "all servers show the same of %s", id)
	}
	require.Len(t, hubs, len(tenants))
	for i := range f.servers {
		count(f.servers[i].Load())
	}
	require.Positive(t, moved, "servers that come get their share")
	t.Logf("%d partitions moved by themselves", moved)
}

// TestAnyServerAnswers asks every server for the same desk: what is shown, what is
// checked and what is known of it come from its owner.
func TestAnyServerAnswers(t *testing.T) {
	t.Parallel()

	const servers, partitions = 2, 2
	natsURL := outsideNATS(t)
	f := newFleet(t, servers, partitions, natsURL)
	conn, err := nats.Connect(natsURL, nats.Timeout(time.Minute))
	require.NoError(t, err)
	defer conn.Close()
	require.Eventually(t, func() bool { return f.holders()[0] == 1 && f.holders()[1] == 1 }, 2*time.Minute, 20*time.Millisecond)
	for _, id := range []event.TenantID{"star", "moon", "sun"} {
		owner, service := f.token(id, "owner"), f.token(id, "service")
		for _, b := range as(t, id, starBatches(t, 300)) {
			require.True(t, posted(t.Context(), f.urls[0]+"/v1/events", service, b.raw))
		}
		shown := map[string]any{}
		for i := range servers {
			k := f.servers[i].Load()
			k.settle(string(id), owner)
			for _, path := range []string{
				"/v1/directory", "/v1/tenant", "/v1/live/queue", "/v1/live/wallboard/series?metric=queue_length",
			} {
				var got map[string]any
				k.read(path, owner, &got)
				require.NotEmpty(t, got, path)
				for _, member := range []string{"at", "epoch", "seq", "version"} {
					delete(got, member)
				}
				if shown[path] == nil {
					shown[path] = got
				}
				require.Equal(t, shown[path], got, "%s of %s", path, id)
			}
		}
		for i := range servers {
			k := f.servers[i].Load()
			require.Contains(t, k.must("tenant", "list"), string(id))
			var verdict struct {
				Verdict string `json:"verdict"`
				Seq     uint64 `json:"seq"`
			}
			message := map[string]any{"conversation": "checked", "message": fmt.Sprint("m", i), "from": map[string]any{"kind": "bot", "id": "b"}, "text": "hello"}
			k.post("/v1/messages", service, "application/json", message, &verdict)
			require.Equal(t, "allow", verdict.Verdict)
			was := verdict.Seq
			f.servers[1-i].Load().post("/v1/messages", service, "application/json", message, &verdict)
			require.Equal(t, was, verdict.Seq, "the other server knows it")
			k.settle(string(id), owner)
			k.must("verify", "--tenant", string(id))
			k.sameNow(owner)
			f.resumes(id, i)
			for n := range 8 { // servers share these, and all ask the owner
				_, answer := k.patiently(func() (int, []byte) {
					answer, err := conn.Request("floorsvc."+string(id)+".message.check", fmt.Appendf(nil,
						`{"conversation":"checked","message":"nats%d-%d","from":{"kind":"bot","id":"b"},"text":"hello"}`, i, n), time.Minute)
					require.NoError(t, err)
					return http.StatusOK, answer.Data
				})
				require.NoError(t, json.Unmarshal(answer, &verdict), "%s", answer)
				require.Equal(t, "allow", verdict.Verdict, "%s", answer)
			}
			for _, path := range []string{"/v1/live/nonsense", "/v1/live/conversation/none"} {
				status, body := k.patiently(func() (int, []byte) { return k.get(path, owner) })
				require.Equal(t, http.StatusNotFound, status, "%s: %s", path, body)
			}
		}
	}
}

// liveFrame is a frame of a socket.
type liveFrame struct {
	Op      string         `json:"op"`
	Code    string         `json:"code"`
	Epoch   string         `json:"epoch"`
	Version uint64         `json:"version"`
	From    uint64         `json:"from"`
	State   map[string]any `json:"state"`
	Patch   map[string]any `json:"patch"`
}

// socket follows the wallboard at a server, from a position if that has an epoch.
// next gives the frames that are of the topic, false once there is no desk to follow: its
// owner has changed.
func (f *fleet) socket(tenant event.TenantID, server int, since liveFrame) (next func() (liveFrame, bool), end func()) {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(f.t.Context(), 2*time.Minute)
	c, answer, err := websocket.Dial(ctx, "ws://"+f.addresses[server]+"/v1/live", &websocket.DialOptions{
		Subprotocols: []string{"floorlight.v1"}, HTTPHeader: http.Header{"Authorization": {"Bearer " + f.token(tenant, "owner")}},
	})
	require.NoError(f.t, err)
	if answer.Body != nil {
		_ = answer.Body.Close()
	}
	c.SetReadLimit(1 << 20)
	request := map[string]any{"op": "subscribe", "id": 1, "topic": "wallboard"}
	if since.Epoch != "" {
		request["since"] = map[string]any{"epoch": since.Epoch, "version": since.Version}
	}
	require.NoError(f.t, wsjson.Write(ctx, c, request))
	return func() (liveFrame, bool) {
			f.t.Helper()
			for {
				var frame liveFrame
				require.NoError(f.t, wsjson.Read(ctx, c, &frame))
				switch {
				case frame.Op == "snapshot" || frame.Op == "delta":
					return frame, true
				case frame.Op == "error" && frame.Code == string(live.CodeNotReady):
					return frame, false
				}
				require.NotEqual(f.t, "error", frame.Op, "%v", frame)
			}
		}, func() {
			_ = c.CloseNow()
			cancel()
		}
}

// resumes lets a client go from one server to the other: there it gets the deltas
// that it lacks, and no snapshot. Should the desk's owner change meanwhile, another
// client tries.
func (f *fleet) resumes(tenant event.TenantID, from int) {
	f.t.Helper()
	for attempt := range 5 {
		if f.resumed(tenant, from, attempt) {
			return
		}
		f.t.Logf("%s has another owner", tenant)
	}
	require.Fail(f.t, "the owner changes all the time", tenant)
}

func (f *fleet) resumed(tenant event.TenantID, from, attempt int) bool {
	f.t.Helper()
	next, end := f.socket(tenant, from, liveFrame{})
	at, there := next()
	if !there {
		end()
		return false
	}
	require.Equal(f.t, "snapshot", at.Op)
	say := func(i int) uint64 {
		var answer struct {
			Seq uint64 `json:"seq"`
		}
		e := event.New(tenant, "test", fmt.Sprintf("%s%d/%d/%d", f.t.Name(), from, attempt, i), time.Now(), &event.ConversationStarted{
			Conversation: event.ConversationID(fmt.Sprintf("resumed%d-%d-%d", from, attempt, i)), Channel: "web", Customer: event.Profile{ID: "u1"},
		})
		raw, err := e.Encode()
		require.NoError(f.t, err)
		f.servers[0].Load().post("/v1/events", f.token(tenant, "service"), "application/cloudevents+json", json.RawMessage(raw), &answer)
		return answer.Seq
	}
	say(0)
	epoch := at.Epoch
	for there && at.Op == "snapshot" {
		at, there = next()
	}
	end()
	moved := !there || at.Epoch != epoch
	for i := 1; i < 4; i++ { // while it is nowhere; each in a tick of its own
		say(i)
		require.Eventually(f.t, func() bool {
			var shown liveFrame
			f.servers[from].Load().read("/v1/live/wallboard", f.token(tenant, "owner"), &shown)
			moved = moved || shown.Epoch != epoch
			return moved || shown.Version >= at.Version+uint64(i)
		}, time.Minute, 10*time.Millisecond)
	}
	if moved {
		return false
	}
	next, end = f.socket(tenant, (from+1)%len(f.servers), at)
	defer end()
	for range 3 {
		frame, there := next()
		if !there || frame.Epoch != epoch {
			return false
		}
		require.Equal(f.t, "delta", frame.Op)
		require.Equal(f.t, at.Version, frame.From)
		at = frame
	}
	return true
}
